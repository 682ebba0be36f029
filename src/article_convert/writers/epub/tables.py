"""Tables for small screens: without merged cells, or each row as a card of `header: value` lines.

A card holds every cell of its row: one that spans rows is said again in each of them, so that a card
can be read by itself. What must be in a book once only, footnotes and targets of links, is left out of
what is said again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast

from article_convert.model import (
    Block,
    Blocks,
    Callout,
    Cell,
    Embed,
    Group,
    Heading,
    Image,
    Inlines,
    Node,
    Note,
    Paragraph,
    Row,
    Strong,
    Styled,
    Table,
    Text,
)
from article_convert.profiles import Tables, ems
from article_convert.report import Report
from article_convert.tree import rewrite, text_of, walk
from article_convert.writers.markup.tables import Placed, grid

__all__ = ["Strategy", "fitted_table"]

Strategy: TypeAlias = Literal["auto", "table", "simplified", "cards"]


def fitted_table(table: Table, strategy: Strategy, fits: Tables, language: str, report: Report) -> Blocks:
    """`table` as a device shows it best; `strategy` decides unless it is `auto`.

    Reports `table.as-cards` for a table that is a table no more.
    """
    if strategy == "table":
        return (table,)
    if not fits.nested:
        table = rewrite(table, lambda node: _cards(node, language) if isinstance(node, Table) else node)
    chosen = strategy if strategy != "auto" else fits.strategy if _fits(table, fits) else "cards"
    if chosen == "simplified":
        return (_simplified(table),)
    if chosen == "cards":
        cards = _cards(table, language)
        if cards != (table,):
            report.add("table.as-cards", f"a table of {_width(table)} columns is shown row by row", table.span)
        return cards
    return (table,)


def _fits(table: Table, fits: Tables) -> bool:
    cells = sum(len(row.cells) for row in table.rows)
    return not fits.are_too_wide(_widths(table)) and not fits.are_too_large(cells, len(text_of(table)))


def _widths(table: Table) -> list[float]:
    """How wide the texts of each column are; cells that span columns say nothing of one."""
    head, body = grid(table.rows)
    widths = [0.0] * _width(table)
    for row in (*head, *body):
        for each in row:
            if each.cell is not None and each.columns == 1:
                widths[each.column] = max(widths[each.column], _shown(each.cell))
    return widths


def _shown(cell: Cell) -> float:
    """At most how wide a cell is set, all in one line, with what stands for pictures and other things elsewhere."""
    width = ems(" ".join(text_of(cell).split()))
    for node in walk(cell):
        if isinstance(node, Image):
            width += _WORD + ems(node.alt)
        elif isinstance(node, Embed):
            width += ems(node.url)
        elif isinstance(node, (Callout, Group, Note)):
            width += _WORD
    return width


_WORD = 4.0
"""How wide a label is that the writer adds, such as 图片."""


def _width(table: Table) -> int:
    head, body = grid(table.rows)
    return max((each.column + each.columns for row in (*head, *body) for each in row), default=0)


# ------------------------------------------------------------------ without merged cells


def _simplified(table: Table) -> Table:
    """Each cell at the first place that it took; the other places are empty."""
    if all(cell.column_span == 1 and cell.row_span == 1 for row in table.rows for cell in row.cells):
        return table
    head, body = grid(table.rows)
    width = _width(table)
    rows = [_row(places, width, header) for group, header in ((head, True), (body, False)) for places in group]
    return replace(table, rows=tuple(rows))


def _row(places: list[Placed], width: int, header: bool) -> Row:
    cells = [Cell((), header)] * width
    for each in places:
        if each.cell is not None:
            cells[each.column] = replace(each.cell, column_span=1, row_span=1)
    return Row(tuple(cells))


# ------------------------------------------------------------------ cards


_Name: TypeAlias = tuple[Inlines, ...]
"""The headers above a column, from the top down."""


@dataclass(frozen=True, slots=True)
class _Value:
    """A cell in one row of the table; `again` if it was said in a row above."""

    cell: Cell
    column: int
    columns: int
    again: bool = False


def _cards(table: Table, language: str) -> Blocks:
    """One group for each row; a table of one column, or of nothing but headers, stays."""
    head, body = grid(table.rows)
    if not body or _width(table) < 2:
        return (table,)
    names = _names(head, _width(table))
    colon = "：" if language[:2] in {"zh", "ja"} else ": "
    blocks: list[Block] = [Paragraph((Strong(table.caption),))] if table.caption else []
    for number, values in enumerate(_rows(body)):
        card = tuple(_lines(values, names, colon, first=number == 0))
        if card:
            blocks.append(Group("record", card))
    return tuple(blocks)


def _names(head: list[list[Placed]], width: int) -> list[_Name]:
    """What stands above each column, from the top down."""
    names: list[_Name] = [()] * width
    for row in head:
        for each in row:
            said = _inline(each.cell)
            for column in range(each.column, min(each.column + each.columns, width)) if said else ():
                names[column] = (*names[column], said if column == each.column else _again(said))
    return names


def _rows(body: list[list[Placed]]) -> Iterator[list[_Value]]:
    """The values of each row from left to right, those that reach down from above among them."""
    reaching: list[tuple[int, _Value]] = []
    for row in body:
        values = [value for _, value in reaching]
        reaching = [(left - 1, value) for left, value in reaching if left > 1]
        for each in row:
            if each.cell is not None:
                value = _Value(each.cell, each.column, each.columns)
                values.append(value)
                if each.rows > 1:
                    reaching.append((each.rows - 1, replace(value, again=True)))
        yield sorted(values, key=lambda value: value.column)


def _lines(values: list[_Value], names: list[_Name], colon: str, first: bool) -> Iterator[Block]:
    """The lines of a card: the first in bold, as it says what the card is about."""
    for index, value in enumerate(values):
        name = _joined(names[value.column : value.column + value.columns], whole=first)
        content = tuple(_echo(block) for block in value.cell.content) if value.again else value.cell.content
        if not first:
            name = _again(name)
            if not content:
                continue
        label: Inlines = (*name, Text(colon if ems(text_of(name)[-1:]) > 0.5 else ": ")) if name else ()
        bold = value.cell.header or index == 0
        yield from _line(label, content, bold)


def _line(label: Inlines, content: Blocks, bold: bool) -> Iterator[Block]:
    only = content[0] if len(content) == 1 and isinstance(content[0], Paragraph) else None
    said = only.content if only is not None else ()
    if only is None and content:
        if label:
            yield Paragraph((Strong(label),))
        yield from content
    elif bold and (label or said):
        yield Paragraph((Strong((*label, *_unbold(said))),))
    elif label or said:
        yield Paragraph((Strong(label), *said) if label else said)


def _joined(names: list[_Name], whole: bool) -> Inlines:
    """The names of the columns that a cell takes: what they have in common, or, if `whole`, all of them."""
    same = [texts[0] for texts in zip(*names, strict=False) if len({text_of(text) for text in texts}) == 1]
    if same and not whole:
        return _separated(same, " · ")
    return _separated([_separated(name, " · ") for name in names if name], " / ")


def _separated(parts: Iterable[Inlines], mark: str) -> Inlines:
    joined: Inlines = ()
    for part in parts:
        joined = (*joined, Text(mark), *part) if joined else part
    return joined


def _inline(cell: Cell | None) -> Inlines:
    """A header on one line: its paragraphs one after the other, anything else as its text."""
    said: Inlines = ()
    for block in cell.content if cell is not None else ():
        piece = _unbold(block.content) if isinstance(block, Paragraph) else (Text(" ".join(text_of(block).split())),)
        said = (*said, Text(" "), *piece) if said else piece
    return said


def _unbold(content: Inlines) -> Inlines:
    return rewrite(Paragraph(content), lambda node: node.content if isinstance(node, Strong) else node).content


def _again(content: Inlines) -> Inlines:
    """`content` without what must stand in a book once only."""
    return rewrite(Paragraph(content), _once).content


def _echo(block: Block) -> Block:
    return cast(Block, _once(rewrite(block, _once)))  # notes and anchors are no blocks: none of these goes


def _once(node: Node) -> Node | tuple[Node, ...]:
    match node:
        case Note():
            return ()
        case Styled(kind="anchor"):
            return node.content
        case Heading():
            return Paragraph((Strong(_unbold(node.content)),))  # a heading would stand in the contents again
        case _:
            return node
