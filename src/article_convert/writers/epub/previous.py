"""An EPUB of ours, opened to take over from it what has not changed."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any

from article_convert.errors import InputError
from article_convert.files import MAX_BYTES
from article_convert.writers.epub.container import FOLDER, PACKAGE
from article_convert.writers.epub.parts import File
from article_convert.writers.epub.sources import PLACE, Sources, load

__all__ = ["Previous", "open_previous", "shown_pictures"]

_PICTURE = re.compile(r"<img\b[^<>]*>")
_ATTRIBUTE = re.compile(r'\s(src|alt)="([^"]*)"')
_NAMES = {"o": "http://www.idpf.org/2007/opf", "dc": "http://purl.org/dc/elements/1.1/"}
_STEM = re.compile(r"chapter-(\d+)")


@dataclass(frozen=True, slots=True)
class Previous:
    """The book as it was: its source map, what it is called by, when it changed last, and its files."""

    archive: zipfile.ZipFile
    sources: Sources
    identifier: str
    modified: datetime
    media_types: dict[str, str]
    cover: str

    def read(self, name: str) -> bytes:
        """The bytes of a file of the package. Raises `InputError` if it is not there or damaged."""
        return _read(self.archive, f"{FOLDER}/{name}")

    def document(self, name: str) -> str:
        """The text of a document of the package. Raises `InputError` as `read` does, and if it is no UTF-8."""
        try:
            return self.read(name).decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{name} in {self.archive.filename} is damaged: {error}") from error

    def picture(self, name: str, properties: tuple[str, ...] = ()) -> File:
        """A picture, ready for another container."""
        return File(name, self.media_types.get(name, ""), self.read(name), properties)

    def stem(self, path: str) -> str:
        """What the files of a chapter are called; `""` for a new one."""
        written = self.sources.chapters.get(path)
        return written.files[0].removesuffix(".xhtml") if written is not None else ""

    def last_number(self) -> int:
        """The highest number of a chapter: new ones go on after it, so that no name ever changes its meaning."""
        found = (_STEM.match(name) for each in self.sources.chapters.values() for name in each.files)
        return max((int(match[1]) for match in found if match), default=0)


@contextmanager
def open_previous(path: Path) -> Iterator[Previous]:
    """The EPUB at `path`. Raises `InputError` for one that cannot be updated, saying why."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        raise InputError(f"cannot read {path} as an EPUB: {error}") from error
    with archive:
        if PLACE not in archive.namelist():
            raise InputError(
                f"{path} has no source map, so nobody knows what it was made from; "
                "only files written by this program, with provenance=yes, can be updated: make it anew with -o"
            )
        yield _previous(archive, load(_read(archive, PLACE), str(path)))


def _previous(archive: zipfile.ZipFile, sources: Sources) -> Previous:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        package: Any = etree.fromstring(_read(archive, PACKAGE), parser)
        identifier = package.xpath("//dc:identifier/text()", namespaces=_NAMES)[0]
        date = package.xpath("//o:meta[@property='dcterms:modified']/text()", namespaces=_NAMES)[0]
        modified = datetime.fromisoformat(date.rstrip("Z")).replace(tzinfo=None)
    except (etree.XMLSyntaxError, IndexError, ValueError) as error:
        raise InputError(f"the package document of {archive.filename} is damaged: {error}") from error
    items = package.xpath("//o:item", namespaces=_NAMES)
    covers = [item.get("href") for item in items if "cover-image" in item.get("properties", "").split()]
    media_types = {item.get("href"): item.get("media-type") for item in items}
    return Previous(archive, sources, identifier, modified, media_types, covers[0] if covers else "")


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        info = archive.getinfo(name)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others unpack without a bound
            raise InputError(f"{name} in {archive.filename} is packed by a method that no EPUB may use")
        if info.file_size > MAX_BYTES:
            raise InputError(f"{name} in {archive.filename} is larger than {MAX_BYTES >> 20} MB")
        return archive.read(name)
    except (KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise InputError(f"cannot read {name} in {archive.filename}: {error}") from error


def shown_pictures(xhtml: str) -> Iterator[tuple[str, str]]:
    """The name and the alternative text of every picture in a document of ours."""
    for tag in _PICTURE.findall(xhtml):
        attributes = {name: unescape(value) for name, value in _ATTRIBUTE.findall(tag)}
        yield attributes.get("src", ""), attributes.get("alt", "")
