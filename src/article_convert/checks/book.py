"""A whole EPUB as its rules see it: the package, its documents, style sheets and pictures."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from article_convert.checks.archive import Archive, TooMuch
from article_convert.checks.findings import Problems
from article_convert.checks.scan import ScannedDocument, ScannedLink, scan
from article_convert.checks.xml import MAX_BYTES, events
from article_convert.pictures.header import Look, look
from article_convert.pictures.sniff import HEAD_BYTES, media_type
from article_convert.stylesheets import Sheet, Unfit, parsed

__all__ = ["NCX", "XHTML", "Item", "OpenedBook", "Package", "Shown", "all_links", "open_book", "resolved"]

XHTML = "application/xhtml+xml"
NCX = "application/x-dtbncx+xml"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CONTAINER = "META-INF/container.xml"

MAX_TEXT = 400_000_000
MAX_REMEMBERED = 1_500_000
MAX_LINES = 200_000
"""Of the package: several for each of the most files that an archive may have."""
MAX_STYLES = 8_000_000
MAX_ATTRIBUTES = 5_000


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the manifest: the id, the name in the archive (empty: outside), the type, the properties."""

    id: str
    name: str
    media_type: str
    properties: frozenset[str]
    line: int
    href: str = ""


@dataclass(slots=True)
class Package:
    """What the package document says."""

    name: str
    version: str = ""
    items: dict[str, Item] = field(default_factory=dict)
    by_name: dict[str, Item] = field(default_factory=dict)
    spine: list[tuple[str, int]] = field(default_factory=list)
    titles: int = 0
    identifiers: set[str] = field(default_factory=set)
    unique: str = ""
    languages: list[str] = field(default_factory=list)
    modified: bool = False
    cover: str = ""
    ncx: str = ""

    @property
    def weight(self) -> int:
        """How many things are remembered."""
        return len(self.items) + len(self.spine) + len(self.identifiers) + len(self.languages)

    def with_property(self, word: str) -> Item | None:
        return next((item for item in self.items.values() if word in item.properties), None)

    def cover_item(self) -> Item | None:
        """The picture on the shelf: by the property of EPUB 3, or the `meta` of EPUB 2."""
        return self.with_property("cover-image") or self.items.get(self.cover)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the book: what it is by its bytes, and what its header says."""

    name: str
    declared: str
    found: str
    size: int
    look: Look | None


@dataclass(slots=True)
class OpenedBook:
    """Everything that was read of an EPUB. `package` is missing if it could not be found or read."""

    name: str
    size: int
    problems: Problems
    package: Package | None = None
    documents: dict[str, ScannedDocument] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    pictures: list[Shown] = field(default_factory=list)
    contents: tuple[int, bool] = (0, False)
    """How deep the table of contents nests, and whether there is one."""
    names: frozenset[str] = frozenset()
    unfit: dict[str, list[tuple[str, Unfit]]] = field(default_factory=dict)
    """What a device does not take of the styles, by its name: found once, asked for by many rules."""

    def all_sheets(self) -> list[tuple[str, Sheet]]:
        """Every style sheet with the file that it stands in, those of documents and of attributes too."""
        inside = [(document.name, sheet) for document in self.documents.values() for sheet in document.sheets]
        return [*self.sheets.items(), *inside, *self.attributes]

    attributes: list[tuple[str, Sheet]] = field(default_factory=list)
    """Style attributes, each wording once."""


def open_book(path: Path) -> OpenedBook:
    """Read an EPUB. Whatever is wrong with it goes into the problems of the book; nothing is unpacked to disk.

    Raises `OSError` if the file cannot be read at all.
    """
    problems = Problems()
    archive = Archive(path, problems)
    book = OpenedBook(path.name, archive.size, problems, names=frozenset(archive.names))
    try:
        _read(archive, book)
    except TooMuch:
        pass  # it is among the problems
    finally:
        archive.close()
    return book


def _read(archive: Archive, book: OpenedBook) -> None:
    if not archive.names:
        if not book.problems.found:
            book.problems.add("no-epub", "", detail="the archive is empty")
        return
    _encryption(archive, book)
    name = _package_name(archive, book)
    if not name:
        return
    book.package = _package(archive, name, book.problems)
    if book.package is not None:
        _contents(archive, book)


_FONTS_ONLY = {"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"}
"""The two ways to make a font useless outside its book; everything else locks what people read."""


def _encryption(archive: Archive, book: OpenedBook) -> None:
    """Locked by a shop: rights and licences, or encryption of more than fonts."""
    for name in ("META-INF/rights.xml", "META-INF/sinf.xml", "META-INF/license.lcpl"):
        if name in archive:
            book.problems.add("encrypted", name)
    name = "META-INF/encryption.xml"
    data = archive.read(name, MAX_BYTES) if name in archive else None
    for event, element in events(data, name, book.problems) if data is not None else ():
        if event == "start" and element.tag.endswith("}EncryptionMethod"):
            method = element.get("Algorithm", "")
            if method not in _FONTS_ONLY:
                book.problems.add("encrypted", name, element.sourceline or 0, method[:100])
                return


def _package_name(archive: Archive, book: OpenedBook) -> str:
    if _CONTAINER not in archive:
        book.problems.add("container-missing", _CONTAINER)
        return ""
    data = archive.read(_CONTAINER, MAX_BYTES)
    for event, element in events(data, _CONTAINER, book.problems) if data is not None else ():
        if event == "start" and element.tag.endswith("}rootfile"):
            name = unquote(element.get("full-path", ""))
            if name in archive:
                return name
            book.problems.add("package-broken", _CONTAINER, element.sourceline or 0, f"{name[:100]} is not in the book")
            return ""
    book.problems.add("container-missing", _CONTAINER, detail="it names no package document")
    return ""


# ------------------------------------------------------------------ the package document


def _package(archive: Archive, name: str, problems: Problems) -> Package | None:
    data = archive.read(name, MAX_BYTES)
    if data is None:
        return None
    package = Package(name)
    before = problems.counts["not-well-formed"] + problems.counts["entities"] + problems.counts["encoding"]
    for event, element in events(data, name, problems):
        _package_element(event, element, package, problems)
        if package.weight > MAX_LINES:
            problems.add("too-much", name, detail=f"the package lists more than {MAX_LINES:,} things")
            raise TooMuch
    after = problems.counts["not-well-formed"] + problems.counts["entities"] + problems.counts["encoding"]
    if not package.items and not package.spine:
        problems.add("package-broken", name, detail="it cannot be read" if after > before else "it lists nothing")
        return None
    return package


def _package_element(event: str, element: Any, package: Package, problems: Problems) -> None:
    tag, line = element.tag, element.sourceline or 0
    if event == "start":
        if tag == f"{_OPF}package":
            package.version, package.unique = element.get("version", ""), element.get("unique-identifier", "")
        elif tag == f"{_OPF}item":
            _item(element, package, problems, line)
        elif tag == f"{_OPF}spine":
            package.ncx = element.get("toc", "")
        elif tag == f"{_OPF}itemref":
            package.spine.append((element.get("idref", ""), line))
        elif tag == f"{_OPF}meta" and element.get("name") == "cover":
            package.cover = element.get("content", "")
        return
    text = (element.text or "").strip()
    if tag == f"{_DC}title" and text:
        package.titles += 1
    elif tag == f"{_DC}identifier" and text:
        package.identifiers.add(element.get("id", ""))
    elif tag == f"{_DC}language" and text:
        package.languages.append(text)
    elif tag == f"{_OPF}meta" and element.get("property") == "dcterms:modified" and text:
        package.modified = True


def _item(element: Any, package: Package, problems: Problems, line: int) -> None:
    key, href = element.get("id", ""), element.get("href", "")
    name = resolved(package.name, href)
    if key in package.items or name in package.by_name:
        problems.add("manifest-twice", package.name, line, href[:200])
    properties = frozenset(element.get("properties", "").split())
    item = Item(key, name, element.get("media-type", ""), properties, line, href)
    package.items.setdefault(key, item)
    if name:
        package.by_name.setdefault(name, item)


def resolved(base: str, url: str) -> str:
    """The name in the archive that `url` means in the file `base`; `""` if it leads out of the book."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or url.startswith("/"):
        return ""
    path = unquote(parts.path)
    if not path:
        return base
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(base), path))
    return "" if joined.startswith("..") else joined


# ------------------------------------------------------------------ what the package lists


def _contents(archive: Archive, book: OpenedBook) -> None:
    assert book.package is not None
    text, styles, room = MAX_TEXT, MAX_STYLES, MAX_REMEMBERED
    for item in list(book.package.items.values()):
        if item.name not in archive:
            continue
        if item.media_type == XHTML:
            data = archive.read(item.name, MAX_BYTES)
            if data is not None and (text := text - len(data)) > 0 and room > 0:
                document = book.documents[item.name] = scan(data, item.name, book.problems, room)
                room -= document.weight
            elif data is not None:
                book.problems.add("too-much", item.name, detail="the rest of the text was not looked at")
                raise TooMuch
        elif item.media_type == "text/css":
            data = archive.read(item.name)
            if data is not None and (styles := styles - len(data)) > 0:
                book.sheets[item.name] = parsed(data.decode("utf-8-sig", "replace"))
        elif item.media_type.startswith("image/"):
            _picture(archive, item, book)
    _attributes(book)
    _depth(archive, book)


def _attributes(book: OpenedBook) -> None:
    seen: set[str] = set()
    for document in book.documents.values():
        for style, line in document.inline:
            if style not in seen and len(seen) < MAX_ATTRIBUTES:
                seen.add(style)
                book.attributes.append((document.name, parsed(style, inline=True, line=line)))


def _picture(archive: Archive, item: Item, book: OpenedBook) -> None:
    data = archive.read(item.name)
    if data is not None:
        found = media_type(data[:HEAD_BYTES])
        book.pictures.append(Shown(item.name, item.media_type, found, len(data), look(data, found or item.media_type)))


def _depth(archive: Archive, book: OpenedBook) -> None:
    """How deep the contents nest: of the navigation document, else of the NCX."""
    package = book.package
    assert package is not None
    nav = package.with_property("nav")
    ncx = package.items.get(package.ncx)
    source = nav or ncx
    if source is None or source.name not in archive or (data := archive.read(source.name, MAX_BYTES)) is None:
        return
    inside, deep, most = nav is None, 0, 0
    tag_of_level = "}ol" if nav is not None else "}navPoint"
    for event, element in events(data, source.name, Problems()):  # its problems are noted already
        step = 1 if event == "start" else -1
        if element.tag.endswith("}nav") and "toc" in (element.get("{http://www.idpf.org/2007/ops}type") or "").split():
            inside = event == "start"
        elif inside and element.tag.endswith(tag_of_level):
            deep += step
            most = max(most, deep)
    book.contents = (most, most > 0)


def all_links(book: OpenedBook) -> Iterator[tuple[ScannedDocument, ScannedLink]]:
    """Every address in every document."""
    for document in book.documents.values():
        for link in document.links:
            yield document, link
