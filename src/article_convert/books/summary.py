"""SUMMARY.md: the table of contents of a GitBook, as lines with their depth.

Grammar (GitBook's documentation and HonKit's parser): nested lists of links, read with the dialect's
own Markdown, so that escapes and code in titles and targets mean what they mean everywhere; headings
after the first of level 1 and rules open parts; a link's title in quotes is its label; a line without a link, or
with an empty one, is a title without a page; lines of links without a marker are lines too. An item
is one level deeper than the last one that is indented less, however much that is: the older tools did
not ask for CommonMark's widths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from article_convert.model import (
    Block,
    CodeBlock,
    Heading,
    Inline,
    LineBreak,
    Link,
    List,
    ListItem,
    Paragraph,
    SoftBreak,
    ThematicBreak,
)
from article_convert.readers.decode import decode
from article_convert.readers.gitbook import Surroundings, read_page
from article_convert.report import Report
from article_convert.tree import text_of, walk

__all__ = ["Line", "Summary", "read_summary"]

_ITEM = re.compile(r"(?:[*+-]|\d{1,9}[.)]) +(?! )")
_RULE = re.compile(r"(?:[*_-] *){3,}")
_FENCE = re.compile(r"`{3,}|~{3,}")
_GENERIC_TITLES = frozenset(
    "summary|table of contents|contents|index|目录|目錄|目次|もくじ|목차|оглавление|содержание|зміст|índice|indice"
    "|sumário|sommaire|table des matières|inhaltsverzeichnis|inhalt|inhoudsopgave|spis treści|mục lục|içindekiler"
    .split("|")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its title, its target as an address (`""` for none), what stands under it, whether it opens a part."""

    title: str
    target: str = ""
    children: tuple[Line, ...] = ()
    part: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole table of contents; `title` is its own heading if that says more than "Summary"."""

    lines: tuple[Line, ...]
    title: str = ""


def read_summary(data: bytes, report: Report) -> Summary:
    """The lines of a SUMMARY.md, parts with their lines as children."""
    article = read_page(_regular(decode(data, report, markup=False)), Surroundings(), report)
    title = ""
    lines: list[Line] = []
    part: tuple[str, list[Line]] | None = None
    for block in article.content:
        if isinstance(block, Heading) and block.level == 1 and not lines and part is None:
            text = _plain(block)
            title = "" if text.lower() in _GENERIC_TITLES else text
        elif isinstance(block, (Heading, ThematicBreak)):
            _close(part, lines)
            part = (_plain(block), [])
        elif isinstance(block, List):
            (part[1] if part else lines).extend(_lines(block))
        elif isinstance(block, Paragraph) and all(isinstance(node, (Link, SoftBreak)) for node in block.content):
            (part[1] if part else lines).extend(_line_of(piece) for piece in _pieces(block))
    _close(part, lines)
    return Summary(tuple(lines), title)


def _regular(text: str) -> str:
    """The same lists, each level indented by two blanks; what belongs to an item moves with it."""
    lines: list[str] = []
    columns: list[int] = []  # of the markers of the items that are open
    fence = ""
    for written in text.splitlines():
        line = written.expandtabs(4)
        bare = line.lstrip(" ")
        column = len(line) - len(bare)
        item = None if fence or _RULE.fullmatch(bare) else _ITEM.match(bare)
        if item is not None:
            while columns and columns[-1] >= column:
                columns.pop()
            bare = bare[item.end() :]
            lines.append(f"{'  ' * len(columns)}* {bare}")
            columns.append(column)
        elif columns and column > columns[-1]:
            lines.append(" " * (2 * len(columns) + max(0, column - columns[-1] - 2)) + bare)
        else:
            lines.append(written)
            if bare and not fence:
                columns.clear()
        if mark := _FENCE.match(bare):
            fence = "" if fence and mark[0].startswith(fence) else fence or mark[0]
    return "\n".join(lines)


def _close(part: tuple[str, list[Line]] | None, lines: list[Line]) -> None:
    """Add a finished part; one without a title only separates, so its lines stand by themselves."""
    if part is not None:
        title, children = part
        if title:
            lines.append(Line(title, children=tuple(children), part=True))
        else:
            lines.extend(children)


def _lines(block: List) -> list[Line]:
    return [line for item in block.items for line in _item(item)]


def _item(item: ListItem) -> list[Line]:
    """The line of an item; links below it on lines of their own, without a marker, are lines too."""
    children = [line for block in item.content if isinstance(block, List) for line in _lines(block)]
    first = item.content[0] if item.content else None
    if first is None or isinstance(first, List):
        return [Line("", children=tuple(children))] if children else []
    if isinstance(first, CodeBlock):
        # `type: builtin:openapi` and the like: pages that GitBook makes itself and the repository lacks.
        return []
    lines = [_line_of(piece) for piece in _pieces(first)]
    return [*lines[:-1], replace(lines[-1], children=tuple(children))]


def _pieces(block: Block) -> list[Block]:
    """A paragraph as one for each of its lines, if more than one of them holds a link."""
    if not isinstance(block, Paragraph):
        return [block]
    pieces: list[list[Inline]] = [[]]
    for node in block.content:
        if isinstance(node, (SoftBreak, LineBreak)):
            pieces.append([])
        else:
            pieces[-1].append(node)
    linked = [piece for piece in pieces if any(isinstance(node, Link) for node in walk(Paragraph(tuple(piece))))]
    return [Paragraph(tuple(piece)) for piece in pieces if piece] if len(linked) > 1 else [block]


def _line_of(block: Block) -> Line:
    link = next((node for node in walk(block) if isinstance(node, Link)), None)
    if link is None:
        return Line(_plain(block))
    return Line(link.title or _plain(block), re.sub(r"%5[Cc]|\\", "/", link.url).strip())


def _plain(block: Block) -> str:
    text = text_of(block) if isinstance(block, (Paragraph, Heading)) else ""
    return " ".join(text.replace("\u200b", "").split())
