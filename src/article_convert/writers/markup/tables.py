"""The grid of a table, made regular: what HTML asks of rows, columns and cells that span them."""

from __future__ import annotations

from dataclasses import dataclass

from article_convert.model import Cell, Row

__all__ = ["Placed", "grid", "head_length"]

_MOST_COLUMNS = 1000  # what browsers take for `colspan`


@dataclass(slots=True)
class Placed:
    """A cell at its place in the grid; without a `cell` it fills a hole."""

    cell: Cell | None
    column: int
    columns: int
    rows: int


def head_length(rows: tuple[Row, ...]) -> int:
    """How many rows belong to the head: those at the top whose cells are all headers.

    None do if a header cell reaches below them: row groups cannot be crossed.
    """
    length = 0
    for row in rows:
        if not row.cells or not all(cell.header for cell in row.cells):
            break
        length += 1
    reach = max((n + cell.row_span for n, row in enumerate(rows[:length]) for cell in row.cells), default=0)
    return length if reach <= length else 0


def grid(rows: tuple[Row, ...]) -> tuple[list[list[Placed]], list[list[Placed]]]:
    """The rows of head and body. Every column and every row has a cell that begins in it, no cell
    overlaps another or leaves its group, and short rows are filled up."""
    head = head_length(rows)
    if _is_regular(rows):
        placed = [[Placed(cell, column, 1, 1) for column, cell in enumerate(row.cells)] for row in rows]
        return placed[:head], placed[head:]
    groups = _placed(rows[:head]), _placed(rows[head:])
    width = max((each.column + each.columns for group in groups for row in group for each in row), default=0)
    for group in groups:
        _fill(group, width)
    _drop_columns(groups)
    return _without_empty_rows(groups[0]), _without_empty_rows(groups[1])


def _is_regular(rows: tuple[Row, ...]) -> bool:
    width = len(rows[0].cells) if rows else 0
    return width > 0 and all(
        len(row.cells) == width and all(cell.column_span == 1 and cell.row_span == 1 for cell in row.cells)
        for row in rows
    )


def _placed(rows: tuple[Row, ...]) -> list[list[Placed]]:
    """Each cell at the first free column of its row; `busy` is how many more rows a column is taken."""
    result: list[list[Placed]] = []
    busy: dict[int, int] = {}
    for number, row in enumerate(rows):
        placed: list[Placed] = []
        new: dict[int, int] = {}
        column = 0
        for cell in row.cells:
            while busy.get(column, 0):
                column += 1
            if column >= _MOST_COLUMNS:  # nothing real is as wide; the text goes on in the last cell
                column = _MOST_COLUMNS
            columns = 1
            while columns < min(cell.column_span, _MOST_COLUMNS - column) and not busy.get(column + columns, 0):
                columns += 1
            span = min(cell.row_span, len(rows) - number)
            placed.append(Placed(cell, column, columns, span))
            new |= dict.fromkeys(range(column, column + columns), span)
            column += columns
        busy = {c: left - 1 for c, left in busy.items() if left > 1} | {c: s - 1 for c, s in new.items() if s > 1}
        result.append(placed)
    return result


def _fill(group: list[list[Placed]], width: int) -> None:
    """Put one empty cell into every hole of the rows that have cells at all."""
    covered: list[set[int]] = [set() for _ in group]
    for number, row in enumerate(group):
        for each in row:
            for below in range(number, number + each.rows):
                covered[below].update(range(each.column, each.column + each.columns))
    for row, taken in zip(group, covered, strict=True):
        column = 0 if row else width
        while column < width:
            start = column
            while column < width and column not in taken:
                column += 1
            if column > start:
                row.append(Placed(None, start, column - start, 1))
            column += 1
        row.sort(key=lambda each: each.column)


def _drop_columns(groups: tuple[list[list[Placed]], list[list[Placed]]]) -> None:
    """Take away columns in which no cell begins; cells that span them get narrower."""
    starts = sorted({each.column for group in groups for row in group for each in row})
    for group in groups:
        for row in group:
            for each in row:
                each.columns = sum(each.column <= start < each.column + each.columns for start in starts)


def _without_empty_rows(group: list[list[Placed]]) -> list[list[Placed]]:
    """Take away rows in which no cell begins; cells that span them get shorter."""
    for number, row in enumerate(group):
        for each in row:
            each.rows = sum(1 for other in group[number : number + each.rows] if other)
    return [row for row in group if row]
