"""Tables on a page, as they are: spans kept, no head invented, nothing between the cells lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import get_args

from article_convert.model import Alignment, Blocks, Cell, Inlines, Paragraph, Row, Table
from article_convert.readers.html.code import box_code
from article_convert.readers.html.container import is_layout
from article_convert.readers.html.flow import (
    BLOCK_KINDS,
    Context,
    Flow,
    blocks,
    converted,
    flow,
    inlines,
    joined,
    paragraphs,
    span_of,
)
from article_convert.readers.html.parse import Element, words
from article_convert.readers.html.space import text_nodes

__all__ = ["HANDLERS"]

_ALIGN = re.compile(r"text-align:\s*(left|center|right)")
_SECTIONS = words("thead tbody tfoot")
_MAX_SPAN = 1000  # what HTML allows for columns


def _table(element: Element, context: Context) -> Flow:
    code = box_code(element, context)
    if code is not None:
        return [code]
    if element.get("role") in {"presentation", "none"} or (context.laid_out and is_layout(element)):
        return list(_laid_out(element, context))
    context.depth += 2
    _cells_in_rows(element)
    rows = tuple(_row(row, in_head, context) for row, in_head in _rows(element))
    strays = _strays(element, context)
    context.depth -= 2
    rows = tuple(row for row in rows if row.cells)
    caption = _caption(element, context)
    if not rows:
        return [*strays, *([Paragraph(caption, span=span_of(element, context))] if caption else [])]
    table = Table(rows, _alignment(element, rows), caption, span=span_of(element, context))
    return [*strays, table]


def _laid_out(table: Element, context: Context) -> Blocks:
    """What stands in the cells of a table that only lays out a page, cell by cell."""
    _cells_in_rows(table)
    nodes: Flow = [*_strays(table, context), *map(_as_paragraph, filter(None, [_caption(table, context)]))]
    for row, _ in _rows(table):
        for cell in row:
            nodes.extend(paragraphs(flow(cell, context), span_of(cell, context), parted=context.laid_out))
    return paragraphs(nodes)


def _as_paragraph(content: Inlines) -> Paragraph:
    return Paragraph(content)


def _rows(table: Element) -> Iterator[tuple[Element, bool]]:
    """The rows of `table` itself, those of its foot last, each with whether it stands in the head."""
    later: list[Element] = []
    yield from _rows_in(table, False, later)
    for row in later:
        yield row, False


def _rows_in(place: Element, in_head: bool, later: list[Element]) -> Iterator[tuple[Element, bool]]:
    for child in place:
        if child.tag == "tr" and place.tag == "tfoot":
            later.append(child)
        elif child.tag == "tr":
            yield child, in_head
        elif child.tag in _SECTIONS:
            yield from _rows_in(child, in_head or child.tag == "thead", later)


def _cells_in_rows(table: Element) -> None:
    """Put cells that stand in no row into one, as browsers do."""
    for place in [table, *(part for part in table.iter(*_SECTIONS) if _table_of(part) is table)]:
        row: Element | None = None
        for child in list(place):
            if child.tag not in {"td", "th"}:
                row = None
                continue
            if row is None:
                row = child.makeelement("tr")
                child.addprevious(row)
            row.append(child)


def _row(element: Element, in_head: bool, context: Context) -> Row:
    cells = [_cell(cell, in_head, context) for cell in element if cell.tag in {"td", "th"} and not _fills(cell)]
    return Row(tuple(cells), span=span_of(element, context))


def _cell_content(element: Element, context: Context) -> Blocks:
    """Blocks; a picture or formula alone in a cell stays a paragraph."""
    nodes = flow(element, context)
    if nodes and BLOCK_KINDS.isdisjoint(map(type, nodes)):
        content = joined(nodes, context.gaps)
        return (Paragraph(content, span=span_of(element, context)),) if content else ()
    return paragraphs(nodes, span_of(element, context), context.gaps)


def _fills(cell: Element) -> bool:
    """Whether a cell only fills a hole, in a table that this project wrote."""
    return cell.get("class") == "filler" and not len(cell) and not (cell.text or "").strip()


def _cell(element: Element, in_head: bool, context: Context) -> Cell:
    return Cell(
        _cell_content(element, context),
        header=in_head or element.tag == "th" or element.get("data-header") is not None,
        column_span=_span(element.get("colspan")),
        row_span=_span(element.get("rowspan")),
        span=span_of(element, context),
    )


def _span(value: str | None) -> int:
    digits = re.match(r"\s*(\d{1,6})", value or "")
    return min(max(int(digits[1]), 1), _MAX_SPAN) if digits else 1


def _strays(table: Element, context: Context) -> Flow:
    """What stands in `table` but in no cell: browsers show it before the table."""
    nodes: Flow = []
    caption = table.find("caption")
    for place in [table, *(part for part in table.iter("tr", "thead", "tbody", "tfoot") if _table_of(part) is table)]:
        nodes.extend(text_nodes(place.text or ""))
        for child in place:
            if child.tag not in _PARTS or (child.tag == "caption" and child is not caption):
                nodes.extend(converted(child, context))
            nodes.extend(text_nodes(child.tail or ""))
    return list(paragraphs(nodes))


_PARTS = _SECTIONS | words("tr td th caption colgroup col")


def _table_of(row: Element) -> Element | None:
    parent = row.getparent()
    while parent is not None and parent.tag != "table":
        parent = parent.getparent()
    return parent


def _caption(table: Element, context: Context) -> Inlines:
    caption = table.find("caption")
    return inlines(caption, context) if caption is not None else ()


def _alignment(table: Element, rows: tuple[Row, ...]) -> tuple[Alignment, ...]:
    """One alignment for each column if any column has one that all its cells share."""
    columns = max(sum(cell.column_span for cell in row.cells) for row in rows)
    found: list[set[str]] = [set() for _ in range(columns)]
    named = [_align_of(col) for col in table.iter("col")][:columns]
    for row, _ in _rows(table):
        at = 0
        for cell in row:
            if cell.tag in {"td", "th"}:
                span = _span(cell.get("colspan"))
                if span == 1 and at < columns:
                    found[at].add(_align_of(cell) or (named[at] if at < len(named) else ""))
                at += span
    align = [next(iter(each)) if len(each) == 1 else "" for each in found]
    return tuple(_known(each) for each in align) if any(align) else ()


def _known(text: str) -> Alignment:
    for each in get_args(Alignment):
        if each == text:
            return each  # type: ignore[no-any-return]
    return ""


def _align_of(element: Element) -> str:
    style = _ALIGN.search(element.get("style", ""))
    if style:
        return style[1]
    classes = words(element.get("class", "")) & {"left", "center", "right"}
    return min(classes) if classes else element.get("align", "").lower()


def _loose_part(element: Element, context: Context) -> Flow:
    """A row or a cell without a table around it: its content, on lines of its own."""
    return list(blocks(element, context))


HANDLERS = {
    "table": _table,
    **dict.fromkeys(("thead", "tbody", "tfoot", "tr", "td", "th", "caption"), _loose_part),
}
