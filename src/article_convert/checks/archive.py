"""An EPUB as an archive: opened without trust, read without unpacking to disk, in bounded time and memory.

Nothing that the archive says of itself is believed: not its sizes, not its names. Each entry is
unpacked up to a limit, all of them together up to another, so that a bomb ends as a finding.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from article_convert.checks.findings import Problems

__all__ = ["Archive", "TooMuch"]

MB = 1_000_000
MAX_FILE = 4_000 * MB
MAX_DIRECTORY = 16 * MB
"""Bytes of the directory at the end of the archive: about 150,000 entries."""
MAX_ENTRIES = 50_000
MAX_ENTRY = 64 * MB
MAX_TOTAL = 2_000 * MB
_PIECE = 1 << 16
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How an EPUB may pack its files (EPUB 3.3, 4.2.2). Of others `zipfile` unpacks all at once, however much that is."""

_END = b"PK\x05\x06"
_LOCATOR = b"PK\x06\x07"
_UNSAFE = re.compile(r"(?:^|[/\\])\.\.?(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|\\|[\x00-\x1f\x7f\":*?<>|]|//")
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")


class TooMuch(Exception):
    """More was to be unpacked than any book holds."""


class Archive:
    """The entries of an EPUB, in their order. `names` are those that can be trusted to be names.

    Opening never raises: what is wrong goes into `problems`, and an archive that cannot be opened has no names.
    """

    def __init__(self, path: Path, problems: Problems) -> None:
        self.size = path.stat().st_size
        self._problems = problems
        self._left = MAX_TOTAL
        self._zip: zipfile.ZipFile | None = None
        self._file: BinaryIO = path.open("rb")
        self._infos: dict[str, zipfile.ZipInfo] = {}
        self._open()

    def close(self) -> None:
        if self._zip is not None:
            self._zip.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    def read(self, name: str, limit: int = MAX_ENTRY) -> bytes | None:
        """The bytes of an entry; `None`, and a problem, if it cannot be unpacked or is longer than `limit`.

        Raises `TooMuch` when all that was read together is more than a book can be.
        """
        info = self._infos[name]
        if info.flag_bits & 1:
            self._problems.add("encrypted", name, detail="the entry is locked with a password")
            return None
        if info.compress_type not in _METHODS:
            self._problems.add(
                "no-epub", name, detail=f"packed by a method that no EPUB may use ({info.compress_type})"
            )
            return None
        parts: list[bytes] = []
        length = 0
        try:
            assert self._zip is not None
            with self._zip.open(info) as entry:
                while piece := entry.read(_PIECE):
                    parts.append(piece)
                    length += len(piece)
                    self._left -= len(piece)
                    if self._left < 0:
                        self._problems.add("too-much", name, detail=f"more than {MAX_TOTAL // MB:,} MB in all")
                        raise TooMuch
                    if length > limit:
                        self._problems.add("too-much", name, detail=f"unpacks to more than {limit // MB:,} MB")
                        return None
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, RuntimeError) as error:
            self._problems.add("no-epub", name, detail=f"the entry cannot be unpacked: {error}")
            return None
        return b"".join(parts)

    # ------------------------------------------------------------------ opening

    def _open(self) -> None:
        if self.size > MAX_FILE:
            self._problems.add("too-much", "", detail=f"the file is larger than {MAX_FILE // MB:,} MB")
            return
        directory = _directory_size(self._file, self.size)
        if directory is None:
            self._problems.add("no-epub", "", detail=_what_it_is(self._file))
            return
        if directory > MAX_DIRECTORY:
            self._problems.add("too-much", "", detail=f"its list of files alone takes {directory // MB:,} MB")
            return
        try:
            self._zip = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
            self._problems.add("no-epub", "", detail=f"the archive cannot be opened: {error}")
            return
        infos = self._zip.infolist()
        if len(infos) > MAX_ENTRIES:
            self._problems.add("too-much", "", detail=f"it lists {len(infos):,} files")
            return
        self._check_names(infos)
        self._check_mimetype(infos)

    def _check_names(self, infos: list[zipfile.ZipInfo]) -> None:
        exact = Counter(info.filename for info in infos)
        folded = Counter(name.casefold() for name in exact)
        for info in infos:
            name = info.filename
            if _UNSAFE.search(name) or not name:
                self._problems.add("file-name-unsafe", "", detail=repr(name[:200]))
                continue
            if name.endswith("/"):
                continue
            if exact[name] > 1 or folded[name.casefold()] > 1:
                self._problems.add("file-name-twice", name)
            if not _PLAIN.fullmatch(name):
                self._problems.add("file-name-plain", name)
            self._infos.setdefault(name, info)

    def _check_mimetype(self, infos: list[zipfile.ZipInfo]) -> None:
        """The rules of OCF for the first entry (EPUB 3.3, 4.2.4)."""
        for problem in _mimetype_problems(infos, self._file):
            self._problems.add("mimetype-entry", "mimetype", detail=problem)
            return
        if "mimetype" in self._infos and self.read("mimetype", 1000) != b"application/epub+zip":
            self._problems.add("mimetype-entry", "mimetype", detail="it does not say application/epub+zip")


def _mimetype_problems(infos: list[zipfile.ZipInfo], file: BinaryIO) -> Iterator[str]:
    first = min(infos, key=lambda info: info.header_offset, default=None)
    if not any(info.filename == "mimetype" for info in infos):
        yield "there is none"
    elif first is None or first.filename != "mimetype" or first.header_offset != 0:
        yield "it is not the first entry"
    elif first.compress_type != zipfile.ZIP_STORED:
        yield "it is compressed"
    else:
        file.seek(28)
        if file.read(2) != b"\0\0":
            yield "it has an extra field"


def _directory_size(file: BinaryIO, size: int) -> int | None:
    """How many bytes the list of entries takes, as the end of the archive says; `None` if it is no archive."""
    tail = min(size, 66_000)
    file.seek(size - tail)
    data = file.read(tail)
    at = data.rfind(_END)
    if at < 0 or len(data) < at + 22:
        return None
    length: int = struct.unpack_from("<L", data, at + 12)[0]
    if length != 0xFFFFFFFF:
        return length
    if data[at - 20 : at - 16] != _LOCATOR:
        return None
    file.seek(min(struct.unpack_from("<Q", data, at - 12)[0], size))
    end = file.read(56)
    found: int = struct.unpack_from("<Q", end, 40)[0] if len(end) == 56 else 0
    return found


def _what_it_is(file: BinaryIO) -> str:
    """A guess at what somebody took for an EPUB."""
    file.seek(0)
    head = file.read(80)
    if not head:
        return "the file is empty"
    if head.startswith(b"%PDF"):
        return "it is a PDF"
    if head[60:68] in (b"BOOKMOBI", b"TEXtREAd"):
        return "it is a MOBI or AZW book"
    if head.startswith(b"PK"):
        return "it is an archive that ends too early"
    return "it is no ZIP archive"
