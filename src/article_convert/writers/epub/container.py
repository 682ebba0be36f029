"""The EPUB container: finished files, metadata and a table of contents in, one EPUB 3 file out.

This is the only module that knows ebooklib. ebooklib writes what describes a book: the package
document and the navigation document. It never sees the book itself: its own way with documents
parses and reindents them, which puts visible spaces between Chinese words and breaks SVG, and it
keeps every file in memory. So it is given empty stand-ins, its two documents are completed here, and
the finished files go into the archive untouched, one at a time.
"""

from __future__ import annotations

import io
import posixpath
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import import_module
from typing import Any, BinaryIO

from article_convert.errors import MissingDependency
from article_convert.writers.epub.ncx import NCX, ncx
from article_convert.writers.epub.parts import XHTML, File, Landmark, NavPoint, Package, flat

__all__ = ["FOLDER", "PACKAGE", "Container"]

FOLDER = "EPUB"
_CONTAINER = "META-INF/container.xml"
PACKAGE = f"{FOLDER}/content.opf"
_NAVIGATION = "nav.xhtml"
_DATE = (1980, 1, 1, 0, 0, 0)
_COMPRESSED = {"image/jpeg", "image/png", "image/gif", "image/webp"}

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:/[A-Za-z0-9][A-Za-z0-9_-]*)*\.[a-z0-9]+")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_MARKS = {"svg": "{http://www.w3.org/2000/svg}svg", "mathml": "{http://www.w3.org/1998/Math/MathML}math"}
_OPF = "{http://www.idpf.org/2007/opf}"
_XHTML_TAG = "{http://www.w3.org/1999/xhtml}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is remembered of a file that is already in the archive; `ids` are numbered in reading order."""

    media_type: str
    properties: tuple[str, ...]
    ids: Mapping[str, int] = field(default_factory=dict)
    targets: frozenset[str] = frozenset()


class Container:
    """An EPUB file that grows, to be used with `with`: `add` its files one by one, then `finish` it once.

    It grows in `file`, which must be empty and able to seek. The bytes depend on nothing but what was
    given: every entry has the date 1980-01-01 and the same permissions, and stands in the order of
    `add`. Raises `MissingDependency` at once if ebooklib is absent, and `ValueError` for a file or a
    link that would make the book invalid: that is a mistake of the writer, never of an article.
    """

    def __init__(self, file: BinaryIO) -> None:
        _ebooklib()
        self._files: dict[str, _Known] = {}
        self._taken = {_NAVIGATION, NCX, "content.opf"}
        self._archive = zipfile.ZipFile(file, "w")
        self._write("mimetype", [b"application/epub+zip"], zipfile.ZIP_STORED)

    def __enter__(self) -> Container:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def add(self, file: File) -> None:
        """Put a file into the archive as it is; its bytes are not kept."""
        if not _NAME.fullmatch(file.name):
            raise ValueError(f"the name {file.name!r} is not portable")
        folded = file.name.lower()
        if folded in self._taken:
            raise ValueError(f"two files are called {file.name!r}")
        self._taken.add(file.name if folded == file.name else folded)  # one string is enough for both
        self._files[file.name] = _known(file)
        packed = zipfile.ZIP_STORED if file.media_type in _COMPRESSED else zipfile.ZIP_DEFLATED
        self._write(f"{FOLDER}/{file.name}", [file.data], packed)

    def add_beside(self, name: str, pieces: Iterable[bytes]) -> None:
        """Put a file into the archive that is no part of the book, such as `META-INF/name.json`, piece by piece."""
        self._write(name, pieces, zipfile.ZIP_DEFLATED)

    def finish(
        self,
        package: Package,
        spine: Iterable[str],
        navigation: Iterable[NavPoint],
        landmarks: Iterable[Landmark] = (),
    ) -> None:
        """Check that everything fits together, describe the book, and complete the file.

        `spine` names the documents in reading order. Titles in `navigation` and in `package` must
        be free of control characters, and at least one line must stand in the table of contents.
        A line that leads back to what stands before its predecessor is left out, or loses its link
        if it has children: a table of contents follows the reading order (epubcheck NAV-011).
        """
        spine, navigation, landmarks = list(spine), list(navigation), list(landmarks)
        self._check(spine, navigation, landmarks)
        navigation = self._in_reading_order(spine, navigation)
        for name, pieces in _described(self._files, package, spine, navigation, landmarks):
            self._write(name, pieces, zipfile.ZIP_DEFLATED)
        self._archive.close()

    def _write(self, name: str, pieces: Iterable[bytes], packed: int) -> None:
        entry = zipfile.ZipInfo(name, _DATE)
        entry.create_system = 3  # Unix, so that the permissions count, on every machine
        entry.external_attr = 0o100644 << 16
        entry.compress_type = packed
        with self._archive.open(entry, "w") as file:
            for piece in pieces:
                file.write(piece)

    def _in_reading_order(self, spine: list[str], navigation: list[NavPoint]) -> list[NavPoint]:
        places = {name: index for index, name in enumerate(spine)}
        last = (-1, -1)

        def ordered(points: Iterable[NavPoint]) -> Iterator[NavPoint]:
            nonlocal last
            for point in points:
                href = point.href
                if href:
                    name, _, anchor = href.partition("#")
                    place = (places.get(name, -1), self._files[name].ids.get(anchor, 0))
                    last, href = (place, href) if place >= last else (last, "")
                if children := tuple(ordered(point.children)):
                    yield replace(point, href=href, children=children)
                elif href:
                    yield replace(point, href=href, children=())

        return list(ordered(navigation))

    def _check(self, spine: list[str], navigation: list[NavPoint], landmarks: list[Landmark]) -> None:
        """Raise `ValueError` for what ebooklib lets pass: each would make the book invalid."""
        if not navigation:
            raise ValueError("the table of contents is empty")
        for name in spine:
            if name not in self._files or self._files[name].media_type != XHTML:
                raise ValueError(f"the spine names {name!r}, which is not a document of the book")
        if len(set(spine)) != len(spine):
            raise ValueError("a document stands in the spine twice")
        for point in flat(navigation):
            if not point.title.strip():
                raise ValueError(f"a line of the table of contents has no title: {point.href!r}")
            if not point.href and not point.children:
                raise ValueError(f"a line of the table of contents leads nowhere: {point.title!r}")
        for href in [point.href for point in flat(navigation) if point.href] + [mark.href for mark in landmarks]:
            self._check_target(href, "the table of contents")
        for name, known in self._files.items():
            for target in known.targets:
                self._check_target(target if target[0] != "#" else name + target, name)

    def _check_target(self, href: str, place: str) -> None:
        name, _, anchor = href.partition("#")
        if name == _NAVIGATION:
            return
        if name not in self._files:
            raise ValueError(f"{place} leads to {name!r}, which is not in the book")
        if anchor and anchor not in self._files[name].ids:
            raise ValueError(f"{place} leads to {href!r}, but that document has no such id")


def _known(file: File) -> _Known:
    """Parse a document, which also proves that it is well-formed, and note its ids and its links."""
    from lxml import etree

    if file.media_type != XHTML:
        return _Known(file.media_type, file.properties)
    try:
        root = etree.fromstring(file.data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as error:
        raise ValueError(f"{file.name} is not well-formed: {error}") from error
    # Plain strings: lxml's own ones remember their element, and with it keep the whole document.
    ids: Counter[str] = Counter(root.xpath("//@id", smart_strings=False))
    if twice := [each for each, count in ids.items() if count > 1]:
        raise ValueError(f"{file.name} has an id twice: {', '.join(twice[:5])}")
    links = root.xpath("//@href | //@src", smart_strings=False)
    targets = frozenset(sys.intern(each) for each in links if each and not _SCHEME.match(each))
    found = {tag for tag in ("svg", "mathml") if next(root.iter(_MARKS[tag]), None) is not None}
    numbered = {each: index for index, each in enumerate(ids, 1)}
    return _Known(file.media_type, tuple(sorted(found.union(file.properties))), numbered, targets)


# ------------------------------------------------------------------ ebooklib


def _ebooklib() -> Any:
    try:
        return import_module("ebooklib.epub")
    except ImportError as error:
        raise MissingDependency(
            f"EPUB needs the package ebooklib ({error}); install it with: pip install 'article_convert[epub]'"
        ) from error


def _described(
    files: dict[str, _Known],
    package: Package,
    spine: list[str],
    navigation: list[NavPoint],
    landmarks: list[Landmark],
) -> Iterator[tuple[str, Iterable[bytes]]]:
    """The documents that describe the book, with their names in the archive, each made when it is asked for."""
    nav = f"{FOLDER}/{_NAVIGATION}"
    with zipfile.ZipFile(_by_ebooklib(files, package, spine, navigation, landmarks)) as archive:
        yield _CONTAINER, [archive.read(_CONTAINER)]
        yield nav, [_completed_navigation(archive.read(nav))]
        yield f"{FOLDER}/{NCX}", ncx(package, navigation)
        yield PACKAGE, [_completed_package(archive.read(PACKAGE), package)]


def _by_ebooklib(
    files: dict[str, _Known],
    package: Package,
    spine: list[str],
    navigation: list[NavPoint],
    landmarks: list[Landmark],
) -> BinaryIO:
    """The book as ebooklib describes it, without the files that it describes."""
    epub = _ebooklib()
    book = epub.EpubBook()
    book.metadata.clear()  # its version in every book would change the bytes with each update of ebooklib
    book.set_identifier(package.identifier)
    book.set_title(package.title)
    book.set_language(package.language)
    book.set_direction(package.direction or None)
    for name, text, attributes in package.properties:
        namespace, _, local = name.rpartition(":")
        book.add_metadata(namespace.upper() or None, local, text, dict(attributes))
    stand_ins = {name: _stand_in(epub, name, known) for name, known in files.items()}
    for item in stand_ins.values():
        book.add_item(item)
        if "cover-image" in item.properties:
            book.add_metadata(None, "meta", "", {"name": "cover", "content": item.id})
    contents = epub.EpubNav(file_name=_NAVIGATION, title=package.contents_title)
    if package.stylesheet:
        contents.add_link(href=package.stylesheet, rel="stylesheet", type="text/css")
    book.add_item(contents)
    book.add_item(epub.EpubItem(uid="ncx", file_name=NCX, media_type="application/x-dtbncx+xml"))
    book.spine = [stand_ins[name] for name in spine]
    numbers = iter(range(1, 1_000_000))
    book.toc = [_toc_line(epub, point, numbers) for point in navigation]
    book.guide = [{"type": mark.kind, "title": mark.title, "href": mark.href} for mark in landmarks]
    written = io.BytesIO()
    options = {"raise_exceptions": True, "epub3_pages": False, "landmark_title": package.landmarks_title}
    writer = _writer_of(epub, contents)(written, book, options | {"mtime": datetime(2000, 1, 1)})
    writer.process()
    writer.write()
    return written


def _writer_of(epub: Any, contents: Any) -> Any:
    """ebooklib's writer without the files, of which nothing but `contents` is written by it."""

    class Describing(epub.EpubWriter):  # type: ignore[misc]
        def _write_items(self) -> None:
            self.book.items = [contents]  # thousands of empty stand-ins would take memory once more
            super()._write_items()

    return Describing


def _stand_in(epub: Any, name: str, known: _Known) -> Any:
    """An empty item that makes ebooklib describe a file which it does not hold."""
    uid = re.sub(r"[^a-z0-9]+", "-", posixpath.splitext(name)[0].lower())
    item = epub.EpubItem(uid=f"{name.rpartition('.')[2]}-{uid}", file_name=name, media_type=known.media_type)
    item.properties = list(known.properties)
    return item


def _toc_line(epub: Any, point: NavPoint, numbers: Iterator[int]) -> Any:
    line = epub.Link(point.href, point.title, f"nav-{next(numbers)}") if point.href else epub.Section(point.title)
    return (line, [_toc_line(epub, child, numbers) for child in point.children]) if point.children else line


def _completed_package(data: bytes, package: Package) -> bytes:
    """The package document with its language, and with the date that was asked for."""
    root = _parsed(data)
    root.set(_LANG, package.language)
    for meta in root.iter(f"{_OPF}meta"):
        if meta.get("property") == "dcterms:modified":
            # Not by strftime: it pads the year differently on different systems.
            meta.text = f"{package.modified.isoformat(timespec='seconds')}Z"
    return _printed(root)


def _completed_navigation(data: bytes) -> bytes:
    """The navigation document with its landmarks out of sight: they are for machines."""
    root = _parsed(data)
    for nav in root.iter(f"{_XHTML_TAG}nav"):
        if nav.get(_TYPE) == "landmarks":
            nav.set("hidden", "hidden")
    return _printed(root)


def _parsed(data: bytes) -> Any:
    from lxml import etree

    # Offline, as everywhere. Blank text goes, so that what was inserted is indented like the rest.
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(data, parser)


def _printed(root: Any) -> bytes:
    from lxml import etree

    return etree.tostring(root.getroottree(), pretty_print=True, encoding="utf-8", xml_declaration=True)
