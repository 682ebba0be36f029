"""Files: read an input, replace an output in one step, tell sizes and sort names as people do, and where caches are."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from typing import BinaryIO

from article_convert.errors import InputError

__all__ = [
    "EXTENSIONS",
    "MAX_BYTES",
    "articles_below",
    "cache_folder",
    "can_write",
    "is_book_file",
    "natural_key",
    "read_css",
    "read_input",
    "replace_file",
    "replacing",
    "scratch_folder",
    "size_text",
]

EXTENSIONS = (".md", ".markdown", ".html", ".htm", ".xhtml", ".json")
"""What counts as an article in a folder; `.json` only if this library wrote it."""

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


def read_css(path: Path) -> str:
    """The text of a style sheet, which is UTF-8. Raises `InputError` for anything else, as `read_input` does."""
    try:
        return read_input(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"the style sheet {path} is not UTF-8 (byte {error.start + 1:,} cannot be read); save it as that"
        ) from error


def replace_file(path: Path, data: bytes) -> None:
    """Write `data` so that `path` holds either its old content or all of the new one; see `replacing`."""
    with replacing(path) as file:
        file.write(data)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file to write into, which becomes `path` when the block ends without an error.

    `path` holds either its old content or all of the new one, never a part. What is written goes to
    a temporary file `.NAME.XXXXXXXX.tmp` beside `path`, reaches the disk, and takes its name in one
    step. A link stays a link: the file that it leads to is replaced. What is no ordinary file
    (`/dev/stdout`, a pipe) gets everything at the end. Raises `OSError` as the system reports it, with
    `path` as its file; the temporary file is gone then.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with tempfile.TemporaryFile() as spooled:
            yield spooled
            spooled.seek(0)
            with path.open("wb") as device:
                shutil.copyfileobj(spooled, device)
        return
    target = Path(os.path.realpath(path))
    with _naming(path):
        mode = target.stat().st_mode & 0o777 if target.exists() else None
        handle, temporary = _beside(target, 0o666 if mode is None else mode)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with _naming(path):
            if mode is not None:
                temporary.chmod(mode)
            temporary.replace(target)
    except BaseException:
        try:
            with suppress(OSError):
                temporary.unlink()
        finally:  # a signal may come up in the middle of the first attempt
            with suppress(OSError):
                temporary.unlink()
        raise


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Errors inside the block name `path`: nobody knows the temporary file."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


def _beside(target: Path, mode: int) -> tuple[int, Path]:
    """A new file beside `target`, open, with the rights of `mode` that the user gives to new files."""
    while True:
        place = target.with_name(f".{target.name[:40]}.{os.urandom(4).hex()}.tmp")
        with suppress(FileExistsError):
            return os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), place


def cache_folder() -> Path:
    """Where this user's programs keep what they can make again, by the custom of the system.

    The only place of the library that looks at the environment. A user without a home, as in some
    containers, gets a folder that cannot exist: what asks for it then works without keeping anything.
    """
    try:
        if sys.platform == "win32":
            base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        else:
            base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        base = Path(os.devnull)
    return base / "article_convert"


def can_write(folder: Path) -> bool:
    """Whether something can be put into a folder, which need not be there yet. Nothing is made for the answer."""
    for place in (folder, *folder.absolute().parents):
        if place.exists():
            return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return False


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder that is gone at the end of the block."""
    folder = tempfile.mkdtemp(prefix="article_convert-")
    try:
        yield Path(folder)
    finally:
        try:
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)  # a signal may come up in the middle of the first attempt


def size_text(size: int) -> str:
    """A number of bytes as messages say it; a thousand of one make the next, as in `--max-size`.

    >>> size_text(1), size_text(20_000_000)
    ('1 KB', '20.0 MB')
    """
    return f"{size / 1_000_000:,.1f} MB" if size >= 1_000_000 else f"{-(-size // 1000)} KB"


def articles_below(folder: Path, apart_from: Path | None = None) -> list[Path]:
    """Every article in `folder` and the folders in it, sorted by path.

    Left out: hidden files and folders, `NAME_files` beside a saved page, links to folders, and
    `apart_from` (the outputs of an earlier run).
    """
    skipped = os.path.realpath(apart_from) if apart_from is not None else ""
    found: list[Path] = []
    for place, folders, files in os.walk(folder):
        pages = {Path(name).stem for name in files if name.lower().endswith((".html", ".htm", ".xhtml"))}
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".")
            and not (name.endswith("_files") and name.removesuffix("_files") in pages)
            and os.path.realpath(os.path.join(place, name)) != skipped  # noqa: PTH118 - a str is a str
        ]
        found.extend(Path(place, name) for name in files if _is_article(Path(place, name)))
    return sorted(found)


_OF_OURS = re.compile(rb'"article_convert":\s*\d')
"""A document has a number there, a report the version of the program."""


def _is_article(path: Path) -> bool:
    if path.name.startswith(".") or path.suffix.lower() not in EXTENSIONS or not path.is_file():
        return False
    if path.suffix.lower() != ".json":
        return True
    with suppress(OSError), path.open("rb") as file:
        return _OF_OURS.search(file.read(200)) is not None
    return False


def natural_key(path: str) -> list[tuple[bool, bool, list[tuple[bool, int, str]]]]:
    """Sorts paths as people do: `2.md` before `10.md`, a README before other pages, pages before folders."""
    *folders, name = path.lower().split("/")
    key = [(True, True, _numbers(folder)) for folder in folders]
    return [*key, (False, not name.startswith("readme."), _numbers(name))]


def _numbers(name: str) -> list[tuple[bool, int, str]]:
    parts = re.split(r"(\d+)", name)
    return [(False, int(part), "") if part.isdecimal() else (True, 0, part) for part in parts if part]


_BOOK_FILES = frozenset({"summary.md", "book.json", ".gitbook.yaml", "docs.yaml", "langs.md"})


def is_book_file(path: PurePath) -> bool:
    """Whether a file stands for the whole GitBook that it belongs to, as a SUMMARY.md does."""
    return path.name.lower() in _BOOK_FILES
