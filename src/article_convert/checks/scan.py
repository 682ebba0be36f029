"""One pass over a document of a book: what its rules need to know, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from article_convert.checks.findings import Problems
from article_convert.checks.xml import encoding_of, events, forget
from article_convert.profiles import ems
from article_convert.stylesheets import Sheet, parsed

__all__ = ["Picture", "ScannedDocument", "ScannedLink", "ScannedNote", "ScannedTable", "Seen", "scan"]

XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
MATH = "{http://www.w3.org/1998/Math/MathML}"
_TYPE = "{http://www.idpf.org/2007/ops}type"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_ID = "id"


@dataclass(frozen=True, slots=True)
class ScannedLink:
    """An address: `loads` if the reader fetches it to show the document, else it is followed by a tap."""

    url: str
    line: int
    loads: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An `img`: its address, and the name of another attribute that ends in `src`, if there is one."""

    url: str
    line: int
    second: str = ""


@dataclass(frozen=True, slots=True)
class ScannedTable:
    """A table: how wide the texts of its columns are, how much it holds, whether it holds another one."""

    line: int
    widths: tuple[float, ...]
    cells: int
    characters: int
    nested: bool


@dataclass(frozen=True, slots=True)
class ScannedNote:
    """A footnote by its markup: `target` is the id of its text, or of what its mark leads to."""

    line: int
    mark: bool
    target: str
    leads_back: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """Something that only needs to be counted: a script, a formula, a film."""

    kind: str
    line: int
    detail: str = ""


@dataclass(slots=True)
class ScannedDocument:
    """What is known of one document. `size` is in bytes; `encoding` is what it declares."""

    name: str
    size: int = 0
    encoding: str = ""
    ids: dict[str, int] = field(default_factory=dict)
    links: list[ScannedLink] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    tables: list[ScannedTable] = field(default_factory=list)
    notes: list[ScannedNote] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    sheets: list[Sheet] = field(default_factory=list)
    inline: list[tuple[str, int]] = field(default_factory=list)

    @property
    def weight(self) -> int:
        """How many things are remembered."""
        lists = (self.ids, self.links, self.pictures, self.tables, self.notes, self.seen, self.inline)
        return sum(map(len, lists)) + sum(len(sheet.declarations) for sheet in self.sheets)

    def has(self, kind: str) -> Iterator[Seen]:
        return (each for each in self.seen if each.kind == kind)


_LOADED = {
    "img": "src", "iframe": "src", "embed": "src", "audio": "src", "video": "src", "source": "src", "track": "src",
    "script": "src", "object": "data", "input": "src",
}  # fmt: skip
_KINDS = {"script": "script", "audio": "media", "video": "media", "form": "form"}
_FOOTNOTES = {"footnote", "endnote", "rearnote", "doc-footnote", "doc-endnote"}


_LOOK_EVERY = 10_000


def scan(data: bytes, name: str, problems: Problems, room: int) -> ScannedDocument:
    """What `data` holds. What is wrong with it goes into `problems`: entities, ids twice, bad XML.

    Stops, with a problem, when the document holds more than `room` things to remember.
    """
    document = ScannedDocument(name, len(data), encoding_of(data))
    twice: set[str] = set()
    tables = notes = number = 0
    for event, element in events(data, name, problems, keep=True):
        is_table, is_note = element.tag == f"{XHTML}table", _note_type(element) in _FOOTNOTES
        if event == "start":
            tables, notes, number = tables + is_table, notes + is_note, number + 1
            _start(element, document, twice, problems)
            if number % _LOOK_EVERY == 0 and document.weight > room:
                problems.add("too-much", name, detail=f"more than {room:,} links, ids and styles")
                break
            continue
        tables, notes = tables - is_table, notes - is_note
        if element.tag == f"{XHTML}style":
            document.sheets.append(parsed(element.text or "", line=element.sourceline or 1))
        elif is_table and not tables:  # a table in a table is part of the outer one
            document.tables.append(_table(element))
        elif is_note and not notes:
            document.notes.append(_footnote(element))
        if not tables and not notes:
            forget(element)
    return document


def _footnote(element: Any) -> ScannedNote:
    back = any("#" in link.get("href", "") for link in element.iter(f"{XHTML}a"))
    return ScannedNote(element.sourceline or 0, False, element.get(_ID, ""), back)


def _start(element: Any, document: ScannedDocument, twice: set[str], problems: Problems) -> None:
    line = element.sourceline or 0
    attributes = element.attrib
    if (key := attributes.get(_ID)) is not None:
        if key in document.ids and key not in twice:
            twice.add(key)
            problems.add("id-twice", document.name, line, key[:100])
        document.ids.setdefault(key, line)
    if (style := attributes.get("style")) is not None:
        document.inline.append((style, line))
    namespace, _, tag = element.tag.rpartition("}")
    if namespace == XHTML[:-1]:
        _html(tag, element, document, line)
    elif namespace == SVG[:-1]:
        _svg(tag, attributes, document, line)
    elif tag == "math" and namespace == MATH[:-1]:
        document.seen.append(Seen("math", line, (attributes.get("alttext") or "")[:80]))
    for attribute in attributes:
        if isinstance(attribute, str) and attribute.startswith("on") and namespace == XHTML[:-1]:
            document.seen.append(Seen("script", line, f"{attribute}=…"))
            break


def _html(tag: str, element: Any, document: ScannedDocument, line: int) -> None:
    attributes = element.attrib
    if tag == "img":
        second = next((each for each in attributes if each != "src" and each.endswith("src")), "")
        document.pictures.append(Picture(attributes.get("src", ""), line, second))
    elif tag in ("a", "area") and (href := attributes.get("href")) is not None:
        document.links.append(ScannedLink(href, line))
        if _note_type(element) in {"noteref", "doc-noteref"}:
            document.notes.append(ScannedNote(line, True, href.partition("#")[2]))
    elif tag == "link" and "stylesheet" in attributes.get("rel", "").lower():
        document.links.append(ScannedLink(attributes.get("href", ""), line, loads=True))
    if (url := attributes.get(_LOADED.get(tag, "-"))) is not None:
        document.links.append(ScannedLink(url, line, loads=True))
    if kind := _KINDS.get(tag, ""):
        document.seen.append(Seen(kind, line, f"<{tag}>"))


def _svg(tag: str, attributes: Any, document: ScannedDocument, line: int) -> None:
    if tag == "svg":
        document.seen.append(Seen("svg", line))
    elif tag == "text":
        document.seen.append(Seen("svg-text", line))
    elif tag == "script":
        document.seen.append(Seen("script", line, "<script> in SVG"))
    if (url := attributes.get(_XLINK) or attributes.get("href")) is not None:
        document.links.append(ScannedLink(url, line, loads=tag != "a"))


def _note_type(element: Any) -> str:
    """The one word of `epub:type` or `role` that makes something a footnote or its mark."""
    words = f"{element.get(_TYPE, '')} {element.get('role', '')}".split()
    return next((word for word in words if word in _FOOTNOTES or word in {"noteref", "doc-noteref"}), "")


def _table(element: Any) -> ScannedTable:
    """The size of a table, its own rows and cells only."""
    widths: list[float] = []
    rows = cells = 0
    nested = False
    taken: dict[int, int] = {}  # for each column the row that the cell which reaches down in it ends before
    for each in element.iter(f"{XHTML}tr", f"{XHTML}table"):
        if each.tag == f"{XHTML}table":
            nested = nested or each is not element
            continue
        rows += 1
        column = 0
        for cell in each.iterchildren(f"{XHTML}td", f"{XHTML}th"):
            cells += 1
            while taken.get(column, 0) > rows:
                column += 1
            span, deep = _number(cell.get("colspan")), _number(cell.get("rowspan"))
            widths += [0.0] * (column + span - len(widths))
            if span == 1:
                widths[column] = max(widths[column], ems("".join(cell.itertext()).strip()))
            if deep > 1:
                taken.update(dict.fromkeys(range(column, column + span), rows + deep))
            column += span
    characters = sum(len(text.strip()) for text in element.itertext())
    return ScannedTable(element.sourceline or 0, tuple(widths), cells, characters, nested)


def _number(text: str | None) -> int:
    return min(int(text), 1000) if text and text.isascii() and text.isdecimal() and len(text) < 6 and text != "0" else 1
