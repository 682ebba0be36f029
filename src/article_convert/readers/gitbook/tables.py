"""GitBook's tables: columns with types, hidden columns, and tables that are shown as cards.

The head of such a table describes its columns (`data-type`, `data-hidden`, the options of a
`<select>`). The cells are brought into the form of any HTML table first, which the shared
conversion then reads. Texts that GitBook never shows go to the removals of the report.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from article_convert.model import (
    Block,
    Blocks,
    Embed,
    Figure,
    Group,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Paragraph,
    Strong,
    Text,
)
from article_convert.readers.canonical import address
from article_convert.readers.html import elements as html_elements
from article_convert.readers.html.flow import blocks, span_of
from article_convert.readers.html.parse import Element, drop
from article_convert.report import Removal
from article_convert.tree import text_of, walk

__all__ = ["table"]

Shared = html_elements.Context

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PICTURE = re.compile(r"\.(?:avif|bmp|gif|jpe?g|png|svg|webp)(?:[?#].*)?\Z", re.IGNORECASE)
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")
_DEAD = re.compile(r"/?broken/|broken-reference|broken:")
_MAX_STARS = 10
_LONGEST_TITLE = 80


@dataclass(slots=True)
class _Column:
    """What the head says of a column."""

    head: Element
    kind: str
    hidden: bool
    align: str

    @property
    def is_target(self) -> bool:
        return self.head.get("data-card-target") is not None

    @property
    def cover(self) -> str:
        """`light` or `dark` for the picture of a card."""
        dark = self.head.get("data-card-cover-dark") is not None
        return "dark" if dark else "light" if self.head.get("data-card-cover") is not None else ""


def table(element: Element, shared: Shared) -> Sequence[Block | Inline] | None:
    """A table as GitBook shows it: `None` leaves the element, put in order, to the shared conversion."""
    rows = [row for row in element.iter("tr") if _table_of(row) is element]
    head = next((row for row in rows if _is_in_head(row) and _is_regular(row)), None)
    for cell in element.iter("td", "th"):
        _unhead(cell)
    if head is None:
        return None
    removed: list[str] = []
    columns = [_column(cell, removed) for cell in _cells(head)]
    body = [row for row in rows if row is not head]
    for column in columns:
        _align(column, column.head)
    for row in body:
        for column, cell in zip(columns, _cells(row), strict=False):
            _align(column, cell)
            _typed(column, cell, removed)
    if element.get("data-view") == "cards":
        made = _cards(element, columns, body, removed, shared)
    else:
        made = None
        _without_hidden(element, columns, [head, *body], removed, shared)
        _show_head(element, head, removed)
    text = "\n".join(filter(None, removed))
    if text:
        reason = "GitBook keeps it in the table and does not show it"
        shared.report.removals.append(
            Removal("gitbook.table", reason, text, span_of(element, shared), shared.report.source)
        )
    return made


def _table_of(row: Element) -> Element | None:
    return next(row.iterancestors("table"), None)


def _is_in_head(row: Element) -> bool:
    parent = row.getparent()
    return parent is not None and parent.tag == "thead"


def _is_regular(row: Element) -> bool:
    """Whether the cells of `row` are its columns, one each."""
    return all(cell.get("colspan") in (None, "1") for cell in _cells(row))


def _cells(row: Element) -> list[Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _everything(element: Element) -> str:
    """The text of `element` and the addresses in it."""
    links = [link.get("href", "") for link in element.iter("a")]
    pictures = [f"{picture.get('alt', '')} {picture.get('src', '')}" for picture in element.iter("img")]
    return " ".join([_text(element), *links, *pictures]).strip()


def _column(cell: Element, removed: list[str]) -> _Column:
    kind = cell.get("data-type") or ""
    for select in list(cell.iter("select")):
        kind = kind or "select"
        removed.extend(label for option in select.iter("option") if (label := option.get("label", "")))
        drop(select)
    return _Column(cell, kind, cell.get("data-hidden") is not None, cell.get("align") or "")


def _unhead(cell: Element) -> None:
    """Turn headings in a cell into bold paragraphs: they are no part of the page's outline."""
    for heading in cell.iter(*_HEADINGS):
        if _text(heading) or len(heading):
            bold = heading.makeelement("strong", {})
            bold.text, heading.text = heading.text, None
            bold.extend(list(heading))
            heading.append(bold)
        heading.tag = "p"


# --------------------------------------------------------------------------- types of columns


def _align(column: _Column, cell: Element) -> None:
    align = column.align or ("right" if column.kind == "number" else "")
    if align and not cell.get("align"):
        cell.set("align", align)


def _typed(column: _Column, cell: Element, removed: list[str]) -> None:
    """Put the value of a cell into the form that people read."""
    text = _text(cell)
    match column.kind:
        case "checkbox" if text in ("true", "false"):
            removed.append(text)
            _set_text(cell, "☑" if text == "true" else "☐")
        case "rating" if text.isascii() and text.isdecimal():
            removed.append(text)
            _set_text(cell, _stars(int(text[:3]), column.head.get("data-max") or ""))
        case "select":
            for option in list(cell.iter("span"))[:-1]:
                if option.get("data-option") is not None and not (option.tail or "").strip():
                    option.tail = ", "
        case "content-ref":
            for link in cell.iter("a"):
                if not _REMOTE.match(link.get("href", "")):
                    link.set("data-mention", "")
        case "image" | "files" if not column.cover:
            for link in list(cell.iter("a")):
                if column.kind == "image" or _PICTURE.search(link.get("href", "")):
                    _picture(link, removed)


def _set_text(cell: Element, text: str) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.text = text


def _stars(count: int, most: str) -> str:
    if not count:
        return ""
    whole = min(int(most[:3]) if most.isascii() and most.isdecimal() else 5, _MAX_STARS)
    count = min(count, whole)
    return "★" * count + "☆" * (whole - count)


def _picture(link: Element, removed: list[str]) -> None:
    """Turn a link to a picture into the picture; a name that says no more than the address goes."""
    source, name = link.get("href", ""), _text(link)
    link.tag = "img"
    link.attrib.clear()
    link.set("src", source)
    if name and name != posixpath.basename(unquote(source)):
        link.set("alt", name)
    else:
        removed.append(name)
    for child in list(link):
        link.remove(child)
    link.text = None


# --------------------------------------------------------------------------- tables


def _without_hidden(
    element: Element, columns: list[_Column], rows: list[Element], removed: list[str], shared: Shared
) -> None:
    hidden = [number for number, column in enumerate(columns) if column.hidden]
    texts: list[str] = []
    for row in rows:
        cells = _cells(row)
        if len(cells) <= len(columns) and _is_regular(row):
            for cell in (cells[number] for number in hidden if number < len(cells)):
                texts.append(_everything(cell))
                row.remove(cell)
    texts = [text for text in texts if text]
    if texts:
        message = f"hidden columns of a table were removed: {texts[0][:60]}"
        shared.report.add("html.hidden", message, span_of(element, shared))
        removed.extend(texts)


def _show_head(element: Element, head: Element, removed: list[str]) -> None:
    """Take out a head that is not shown: one that says nothing, or that the table hides."""
    says = [text for cell in _cells(head) if (text := _everything(cell))]
    blank = not says and head.find(".//img") is None
    parent = head.getparent()
    if parent is not None and (blank or element.get("data-header-hidden") is not None):
        removed.extend(says)
        parent.remove(head)


# --------------------------------------------------------------------------- cards


def _cards(
    element: Element, columns: list[_Column], rows: list[Element], removed: list[str], shared: Shared
) -> list[Block]:
    shared.depth += 2
    titles = element.get("data-header-hidden") is None
    cards = [_card(columns, row, titles, removed, shared) for row in rows]
    shared.depth -= 2
    removed.extend(text for column in columns if (text := _text(column.head)))
    full = tuple(card for card in cards if card.content or card.label)
    return [Group("cards", full, span=span_of(element, shared))] if full else []


def _card(columns: list[_Column], row: Element, titles: bool, removed: list[str], shared: Shared) -> Group:
    """A card: its picture, its fields one below the other, and where it leads."""
    label: Inlines = ()
    content: list[Block] = []
    target, light, dark = "", "", ""
    for column, cell in zip(columns, _cells(row), strict=False):
        if column.cover or column.is_target:
            removed.append(_everything(cell))
            found = _address_in(cell)
            if column.is_target:
                target = target or found
            elif column.cover == "light":
                light = light or found
            else:
                dark = dark or found
        elif column.hidden:
            removed.append(_everything(cell))
        else:
            field = blocks(cell, shared)
            if field and not label and not content:
                label, field = _title(field)
            content.extend(_named(_text(column.head), field) if titles else field)
    if light or dark:
        content.insert(0, Figure(Image(address(light or dark), dark_url=address(dark) if light and dark else "")))
    label, ending = _aimed(label, target)
    return Group("card", (*content, *ending), label, span=span_of(row, shared))


def _address_in(cell: Element) -> str:
    for each in cell.iter("a", "img"):
        if found := (each.get("href") or each.get("src") or "").strip():
            return found
    return ""


def _title(field: Blocks) -> tuple[Inlines, Blocks]:
    """The first field of a card as its title, if it is one line; the rest of the field."""
    first = field[0]
    if not isinstance(first, Paragraph) or any(isinstance(node, (Image, LineBreak)) for node in walk(first)):
        return (), field
    if len(first.content) == 1 and isinstance(first.content[0], Strong):
        return first.content[0].content, field[1:]
    return (first.content, ()) if len(field) == 1 and len(text_of(first)) <= _LONGEST_TITLE else ((), field)


def _named(name: str, field: Blocks) -> Iterator[Block]:
    """A field under the name of its column, which GitBook shows unless the table hides it."""
    if not name or not field:
        yield from field
        return
    bold = Strong((Text(name),))
    if isinstance(field[0], Paragraph):
        yield Paragraph((bold, LineBreak(), *field[0].content), span=field[0].span)
        yield from field[1:]
    else:
        yield Paragraph((bold,))
        yield from field


def _aimed(label: Inlines, target: str) -> tuple[Inlines, Blocks]:
    """The title as a link to where the whole card leads; without a title, a link of its own."""
    url = address(target)
    if not url or _DEAD.match(url):
        return label, ()
    if label and not any(isinstance(node, Link) for node in walk(Paragraph(label))):
        return (Link(label, url),), ()
    if label and any(isinstance(node, Link) and node.url == url for node in walk(Paragraph(label))):
        return label, ()
    return label, (Embed("link" if _REMOTE.match(url) else "page", url),)
