"""Blocks as Markdown: `blocks` prints a sequence of them, one blank line between two."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import assert_never

from article_convert.model import (
    BlockQuote,
    Blocks,
    Callout,
    Cell,
    Code,
    CodeBlock,
    Figure,
    Group,
    Heading,
    Image,
    List,
    ListItem,
    MathBlock,
    Paragraph,
    RawInline,
    Row,
    Table,
    ThematicBreak,
)
from article_convert.report import Report
from article_convert.tree import walk
from article_convert.writers.labels import label
from article_convert.writers.markdown.escape import at_line_starts, fence
from article_convert.writers.markdown.groups import PlainBlock, bold, plain_blocks
from article_convert.writers.markdown.html import figure_element, summary_line, table_element
from article_convert.writers.markdown.inline import inline
from article_convert.writers.markdown.state import MarkdownState
from article_convert.writers.markup.escape import quoted

__all__ = ["blocks", "print_notes"]

_ALERTS = {"info": "NOTE", "success": "TIP", "warning": "WARNING", "danger": "CAUTION"}
_LAST_NUMBER = 999_999_999
"""CommonMark numbers have at most nine digits."""


def blocks(content: Blocks, state: MarkdownState, nested: bool = False, tight: bool = False, outer: str = "") -> str:
    """`content` as Markdown without a final line end.

    `nested` if it stands in a list, a quotation or a note. `tight` leaves out each blank line that
    no parser needs, `outer` is the marker of the list item that begins with this content.
    """
    printed: list[str] = []
    last: PlainBlock | None = None
    beside = outer
    for block in plain_blocks(content, state, nested):
        marker = _marker(block, beside) if isinstance(block, List) else ""
        text = _block(block, state, marker, nested)
        if not text:
            continue
        if last is not None:
            printed.append("\n" if tight and _may_touch(last, block, text) else "\n\n")
        printed.append(text)
        last, beside = block, marker
    return "".join(printed)


def print_notes(state: MarkdownState) -> None:
    """Print the notes collected so far, and the notes in them, while their addresses can still be resolved."""
    while len(state.printed_notes) < len(state.notes):
        number = len(state.printed_notes)
        content = blocks(state.notes[number], state, nested=True)
        state.printed_notes.append(f"[^{number + 1}]: {_indented(content, 4)}".rstrip(" "))


def _block(block: PlainBlock, state: MarkdownState, marker: str, nested: bool) -> str:
    match block:
        case Paragraph():
            return _paragraph(block, state)
        case Heading():
            return _heading(block, state)
        case BlockQuote():
            return _quoted(blocks(block.content, state, nested=True))
        case List():
            return _list(block, state, marker)
        case CodeBlock():
            return _code(block)
        case ThematicBreak():
            # Three dashes would be front matter on the first line and a heading below a line of text.
            return "***"
        case Figure():
            return _figure(block, state)
        case Table():
            return _table(block, state)
        case Callout():
            return _callout(block, state)
        case MathBlock():
            return _math(block, state)
        case Group():
            return _details(block, state, nested)
        case _:
            assert_never(block)


_FILLED_ITEM = re.compile(r"\S+ \S")


def _may_touch(last: PlainBlock, block: PlainBlock, text: str) -> bool:
    """Whether `block` may follow `last` without a blank line and still begin a block of its own."""
    if isinstance(last, (Heading, CodeBlock, ThematicBreak)):
        return True
    if isinstance(last, (Table, Group)) or (isinstance(last, Figure) and not _is_plain(last)):
        return False
    if isinstance(block, List):
        # An empty item cannot end a paragraph, nor can a list that begins at another number than 1.
        return _FILLED_ITEM.match(text) is not None and (not block.ordered or block.start == 1)
    if isinstance(block, BlockQuote):
        return not isinstance(last, BlockQuote)
    return isinstance(block, (Heading, CodeBlock, ThematicBreak)) or text.startswith(("<table", "<figure", "<details"))


# --------------------------------------------------------------------------- leaves


def _paragraph(node: Paragraph, state: MarkdownState) -> str:
    if len(node.content) == 1 and isinstance(node.content[0], Image):
        return _figure(Figure(node.content[0]), state)
    return at_line_starts(inline(node.content, state))


_CLOSING_MARKS = re.compile(r"(?:(?<=[ \t])|\A)(?=#+\Z)")


def _heading(node: Heading, state: MarkdownState) -> str:
    level = node.level + state.shift
    if level > 6:
        state.report.add("heading.too-deep", f"a heading of level {level} became one of level 6", node.span)
    text = inline(node.content, state, one_line=True)
    if text.endswith("#"):
        text = _CLOSING_MARKS.sub(r"\\", text)
    name = quoted(state.anchor(node.id)) if node.id else ""
    if name:
        text = f'{text} <a href="#{name}" id="{name}"></a>'
    return f"{'#' * min(level, 6)} {text}".rstrip(" ")


def _code(node: CodeBlock) -> str:
    language = "".join(node.language.split())
    title = " ".join(node.title.splitlines())
    info = language
    if title:
        quote = "'" if '"' in title else '"'
        # The first word of the line is the language, so there must be one.
        info = f"{language or 'text'} title={quote}{title}{quote}"
    return fence(node.text.replace("\r\n", "\n").replace("\r", "\n"), info)


def _figure(node: Figure, state: MarkdownState) -> str:
    if _is_plain(node):
        return at_line_starts(inline((node.image,), state))
    return figure_element(node, state)


def _is_plain(node: Figure) -> bool:
    """Whether a figure is exactly a Markdown image.

    In GitBook's own folder the text of an image is its caption, so one that has both needs an element.
    """
    image = node.image
    is_caption = bool(image.alt) and ".gitbook/assets" in image.url
    return not (node.caption or image.width or image.height or image.dark_url or is_caption)


def _math(node: MathBlock, state: MarkdownState) -> str:
    text = node.text.strip()
    if "$$" in text:
        state.report.add("math.as-code", "a formula that holds $$ is shown as code", node.span)
        return fence(text, "math")
    return f"$$\n{text}\n$$" if text else ""


# --------------------------------------------------------------------------- containers


def _quoted(text: str) -> str:
    return "\n".join(["> " + line if line else ">" for line in text.split("\n")])


def _indented(text: str, width: int) -> str:
    """`text` with every line but the first and the blank ones moved to the right."""
    return re.sub(r"\n(?!\n|\Z)", "\n" + " " * width, text)


def _callout(node: Callout, state: MarkdownState) -> str:
    content: Blocks = (bold(node.label), *node.content) if node.label else node.content
    text = blocks(content, state, nested=True)
    first = next(plain_blocks(content, replace(state, report=Report()), nested=True), None)
    beside = isinstance(first, Paragraph) and not text.startswith(("|", "<", "!"))
    return _quoted(f"[!{_ALERTS[node.kind]}]" + ("\n" if beside else "\n\n" if text else "") + text)


def _details(node: Group, state: MarkdownState, nested: bool) -> str:
    name = summary_line(node.label, state) or label(state.language, "details")
    opened = " open" if any(attribute == "open" for attribute, _ in node.attributes) else ""
    content = blocks(node.content, state, nested)
    return "\n\n".join(
        [f"<details{opened}>", f"<summary>{name}</summary>", *([content] if content else []), "</details>"]
    )


def _marker(node: List, beside: str) -> str:
    """`-` or `.`, unless a list with that marker stands right beside: then another, or the two would be one."""
    if node.ordered:
        return ")" if beside == "." else "."
    return "+" if beside == "-" else "-"


def _list(node: List, state: MarkdownState, marker: str) -> str:
    items: list[str] = []
    start = max(0, min(node.start, _LAST_NUMBER - len(node.items)))
    for number, item in enumerate(node.items, start):
        lead = f"{number}{marker} " if node.ordered else f"{marker} "
        items.append((lead + _indented(_item(item, node.tight, marker, state), len(lead))).rstrip(" "))
    return ("\n" if node.tight else "\n\n").join(items)


def _item(item: ListItem, tight: bool, marker: str, state: MarkdownState) -> str:
    # `- - -` would be a rule, so a list that begins an item takes the other marker.
    text = blocks(item.content, state, nested=True, tight=tight, outer=marker if marker in "-+" else "")
    if item.checked is None:
        return text
    box = "[x]" if item.checked else "[ ]"
    first = item.content[0] if item.content else None
    return f"{box} {text}" if isinstance(first, Paragraph) else f"{box}\n\n{text}".rstrip("\n")


# --------------------------------------------------------------------------- tables

_RULES = {"": "---", "left": ":---", "center": ":---:", "right": "---:"}


def _table(node: Table, state: MarkdownState) -> str:
    if not any(row.cells for row in node.rows):
        return ""
    if not _is_pipe_table(node):
        state.report.add("table.as-html", "a table that Markdown cannot hold is HTML", node.span)
        return table_element(node, state)
    rows = [_pipe_row([_pipe_cell(cell, state) for cell in row.cells]) for row in node.rows]
    width = len(node.rows[0].cells)
    if not _has_head(node):
        rows.insert(0, _pipe_row([""] * width))  # a pipe table cannot do without; a blank one reads as none
    rules = _pipe_row([_RULES[align] for align in node.align or ("",) * width])
    return "\n".join([rows[0], rules, *rows[1:]])


def _pipe_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _pipe_cell(cell: Cell, state: MarkdownState) -> str:
    if not cell.content:
        return ""
    assert isinstance(cell.content[0], Paragraph)
    return inline(cell.content[0].content, state, one_line=True).replace("|", "\\|")


def _is_pipe_table(node: Table) -> bool:
    """Whether the table has at most one row of headers, no spans, no caption and a line of text in each cell."""
    width, head = len(node.rows[0].cells), _has_head(node)
    return (
        not node.caption
        and len(node.align) in (0, width)
        and all(
            len(row.cells) == width and all(_is_pipe_cell(cell, head and number == 0) for cell in row.cells)
            for number, row in enumerate(node.rows)
        )
    )


def _has_head(node: Table) -> bool:
    return bool(node.rows[0].cells) and all(cell.header for cell in node.rows[0].cells)


def _is_pipe_cell(cell: Cell, header: bool) -> bool:
    if cell.header is not header or cell.column_span != 1 or cell.row_span != 1 or len(cell.content) > 1:
        return False
    if not cell.content:
        return True
    # In a pipe cell a backslash before a pipe is always an escape, even in code.
    return isinstance(cell.content[0], Paragraph) and not any(
        isinstance(node, (Code, RawInline)) and "\\|" in node.text for node in walk(Row((cell,)))
    )
