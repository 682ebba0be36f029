"""Fenced code inside list items and quotations, taken out before Markdown is parsed.

mistune writes spaces for the tabs of every line there and empties lines of blanks, which changes
code. So a fence that holds such lines is read here and leaves a placeholder behind, as the
`{% … %}` blocks do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["NestedCode", "nested_code"]

_FENCE = re.compile(
    r"(?P<prefix>(?:[ \t]*(?:>|(?:[-*+]|\d{1,9}[.)])(?=[ \t])))*[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)\n"
)
_FRAGILE = re.compile(r"\t|\n[> \t]*[ \t]\n")
_QUOTE = re.compile(r"[ \t]*> ?")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True, slots=True)
class NestedCode:
    """A fence: what stands before it on its line, its info string, and its code."""

    prefix: str
    info: str
    code: str


def nested_code(source: str) -> NestedCode | None:
    """The code of `source`, which begins with the line of a fence and ends with its last line.

    `None` if the fence begins its line, holds nothing that a parser could spoil, is not closed, or
    leaves the item or quotation before it is.
    """
    m = _FENCE.match(source)
    if m is None or not m["prefix"] or not _FRAGILE.search(source, m.end()):
        return None
    quotes = m["prefix"].count(">")
    column = _width(m["prefix"].rpartition(">")[2].removeprefix(" " if quotes else ""))
    lines = [_inside(line, quotes, column) for line in source[m.end() :].removesuffix("\n").split("\n")]
    if not (lines[-1] or "").strip(" \t").startswith(m["fence"]) or None in lines:
        return None
    code = "\n".join(line for line in lines[:-1] if line is not None)
    return NestedCode(m["prefix"], _ESCAPE.sub(r"\1", m["info"].strip(" \t")), code)


def _width(text: str) -> int:
    return len(text.expandtabs(4))


def _inside(line: str, quotes: int, column: int) -> str | None:
    """`line` without what its containers put before it, or `None` if it is not in them."""
    for _ in range(quotes):
        m = _QUOTE.match(line)
        if m is None:
            return None
        line = line[m.end() :]
    blanks = len(line) - len(line.lstrip(" \t"))
    if blanks < len(line) and _width(line[:blanks]) < column:
        return None
    return _from_column(line, column)


def _from_column(line: str, column: int) -> str:
    """`line` without the indentation up to `column`; a tab across it leaves spaces."""
    width = 0
    for index, char in enumerate(line):
        if width >= column:
            return " " * (width - column) + line[index:]
        width += 1 if char == " " else 4 - width % 4
    return " " * (width - column)
