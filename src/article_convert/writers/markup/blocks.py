"""Blocks as XHTML."""

from __future__ import annotations

import re
from typing import assert_never

from article_convert.model import (
    Block,
    BlockQuote,
    Blocks,
    Callout,
    Cell,
    CodeBlock,
    Embed,
    Figure,
    Group,
    Heading,
    Image,
    Inlines,
    Link,
    List,
    ListItem,
    MathBlock,
    Paragraph,
    RawBlock,
    Table,
    ThematicBreak,
)
from article_convert.writers.labels import Word
from article_convert.writers.markup.escape import attribute, escaped, quoted
from article_convert.writers.markup.groups import group
from article_convert.writers.markup.inlines import image, inlines, is_linkable, named
from article_convert.writers.markup.mathml import mathml
from article_convert.writers.markup.page import Page, anchor_name
from article_convert.writers.markup.tables import Placed, grid

__all__ = ["blocks"]


def blocks(content: Blocks, page: Page, out: list[str]) -> None:
    """Append `content` to `out`, each block on lines of its own."""
    for block in content:
        _block(block, page, out)


def _block(block: Block, page: Page, out: list[str]) -> None:
    match block:
        case Paragraph():
            out.append('<p class="picture">' if page.target == "pdf" and _is_picture(block) else "<p>")
            inlines(block.content, page, out)
            out.append("</p>\n")
        case Heading():
            _heading(block, page, out)
        case Figure():
            _figure(block, page, out)
        case List():
            _list(block, page, out)
        case BlockQuote():
            out.append("<blockquote>\n")
            blocks(block.content, page, out)
            out.append("</blockquote>\n")
        case CodeBlock():
            _code(block, page, out)
        case Table():
            _table(block, page, out)
        case Callout():
            _callout(block, page, out)
        case ThematicBreak():
            out.append("<hr/>\n")
        case Group():
            group(block, page, out, blocks)
        case Embed():
            _embed(block, page, out)
        case MathBlock():
            _math(block, page, out)
        case RawBlock():
            page.report.add("raw.shown-as-code", f"{block.format} is shown as code", block.span)
            out.append(f'<pre class="raw"{attribute("data-format", block.format)}><code>{escaped(block.text)}')
            out.append("</code></pre>\n")
        case _:
            assert_never(block)


def _is_picture(block: Paragraph) -> bool:
    """Whether nothing but a picture stands there, so that it may be centred; a style sheet cannot see text."""
    return len(block.content) == 1 and isinstance(block.content[0], Image)


def _heading(node: Heading, page: Page, out: list[str]) -> None:
    """A heading with an id: its own, or `h-1`, `h-2` … in the order of the article.

    A heading without content would be an empty stop for a screen reader: only its id is kept.
    """
    if not node.content:
        if node.id:
            out.append(f'<p class="anchor" id="{page.new_id(anchor_name(node.id))}"{named(node.id, page)}></p>\n')
        return
    level = page.heading_level(node.level)
    moved = page.target == "html" and not page.prefix and level != node.level
    made = page.new_id(anchor_name(node.id) if node.id else f"h-{len(page.headings) + 1}")
    page.headings.append((level, made, node.content))
    kept = (named(node.id, page) if node.id else "") + (f' data-level="{node.level}"' if moved else "")
    out.append(f'<h{level} id="{made}"{kept}>')
    inlines(node.content, page, out)
    out.append(f"</h{level}>\n")


def _figure(node: Figure, page: Page, out: list[str]) -> None:
    out.append("<figure>")
    image(node.image, page, out)
    _caption("figcaption", node.caption, page, out)
    out.append("</figure>\n")


def _caption(tag: str, caption: Inlines, page: Page, out: list[str]) -> None:
    if caption:
        out.append(f"<{tag}>")
        inlines(caption, page, out)
        out.append(f"</{tag}>")


_LANGUAGE = re.compile(r"[^\s\x00-\x20]+")


def _code(node: CodeBlock, page: Page, out: list[str]) -> None:
    language = attribute("class", f"language-{node.language}") if _LANGUAGE.fullmatch(node.language) else ""
    # The line end before the end tag is not part of the text; every browser leaves it out of sight.
    printed = f"<pre{_reachable(page)}><code{language}>{escaped(node.text)}\n</code></pre>"
    if node.title:
        printed = f'<figure class="code"><figcaption>{escaped(node.title)}</figcaption>{printed}</figure>'
    out.append(printed + "\n")


def _reachable(page: Page) -> str:
    """On a page, what scrolls sideways must be reachable with the keyboard."""
    return ' tabindex="0"' if page.target == "html" else ""


def _math(node: MathBlock, page: Page, out: list[str]) -> None:
    formula = mathml(node.text, display=True, page=page)
    if formula:
        out.append(f'<div class="math">{formula}</div>\n')
        return
    page.report.add("math.as-code", f"a formula is shown as TeX: {node.text[:60]}", node.span)
    out.append(f'<pre class="math"><code>{escaped(node.text)}\n</code></pre>\n')


def _callout(node: Callout, page: Page, out: list[str]) -> None:
    out.append(f'<aside class="callout callout-{node.kind}" role="note">\n')
    if node.label:
        out.append('<p class="callout-label">')
        inlines(node.label, page, out)
    else:
        out.append(f'<p class="callout-label callout-kind">{page.word(node.kind)}')
    out.append("</p>\n")
    blocks(node.content, page, out)
    out.append("</aside>\n")


_EMBEDS: dict[str, Word] = {"video": "video", "audio": "audio", "file": "file", "page": "page"}


def _embed(node: Embed, page: Page, out: list[str]) -> None:
    """A line with the kind and a link; the caption is the text of the link where it may be."""
    kind = page.word(_EMBEDS.get(node.kind, "link"))
    href = page.href(node.url, node.span)
    out.append(f'<p class="embed"{attribute("data-kind", node.kind)}><span class="embed-kind">{kind}</span> ')
    if not href and not node.caption:
        out.append(f'<span class="address">{escaped(node.url)}</span>')
    elif not href:
        inlines(node.caption, page, out)
    elif is_linkable(node.caption):
        inlines((Link(node.caption, node.url),), page, out)
    else:
        out.append(f'<a class="address" href="{quoted(href)}">{escaped(node.url)}</a>')
        if node.caption:
            out.append(' <span class="caption">')
            inlines(node.caption, page, out)
            out.append("</span>")
    out.append("</p>\n")


# ------------------------------------------------------------------------------- lists


def _list(node: List, page: Page, out: list[str]) -> None:
    if not node.items:
        return
    tag = "ol" if node.ordered else "ul"
    names = [name for name, holds in (("loose", not node.tight), ("tasks", _has_tasks(node))) if holds]
    start = f' start="{node.start}"' if node.ordered and node.start != 1 else ""
    out.append(f"<{tag}{attribute('class', ' '.join(names))}{start}>\n")
    for item in node.items:
        _item(item, node.tight, page, out)
    out.append(f"</{tag}>\n")


def _has_tasks(node: List) -> bool:
    return any(item.checked is not None for item in node.items)


def _item(item: ListItem, tight: bool, page: Page, out: list[str]) -> None:
    out.append("<li>" if item.checked is None else f'<li class="task{" done" if item.checked else ""}">')
    box = "" if item.checked is None else f'<span class="box">{"☑" if item.checked else "☐"}</span> '
    first = item.content[0] if item.content else None
    if isinstance(first, Paragraph):
        before, after = ("", "\n" if len(item.content) > 1 else "") if tight else ("<p>", "</p>\n")
        out.append(before + box)
        inlines(first.content, page, out)
        out.append(after)
        blocks(item.content[1:], page, out)
    else:
        out.append(box)
        blocks(item.content, page, out)
    out.append("</li>\n")


# ------------------------------------------------------------------------------ tables


def _table(node: Table, page: Page, out: list[str]) -> None:
    """A table; on pages it stands in a box that scrolls sideways, which the keyboard can reach."""
    head, body = grid(node.rows)
    if not head and not body:
        if node.caption:
            blocks((Paragraph(node.caption),), page, out)
        return
    boxed = page.target == "html"
    if boxed:
        out.append(f'<div class="table-box" role="group" aria-label="{page.word("table")}" tabindex="0">')
    out.append("<table>")
    _caption("caption", node.caption, page, out)
    for tag, rows in (("thead", head), ("tbody", body)):
        if rows:
            out.append(f"\n<{tag}>\n")
            for row in rows:
                _row(row, tag == "thead", node, page, out)
            out.append(f"</{tag}>")
    out.append("\n</table>" + ("</div>\n" if boxed else "\n"))


def _row(row: list[Placed], in_head: bool, table: Table, page: Page, out: list[str]) -> None:
    column_headers = in_head or all(each.cell is None or each.cell.header for each in row)
    out.append("<tr>")
    for each in row:
        spans = f' colspan="{each.columns}"' if each.columns > 1 else ""
        if each.cell is None:
            out.append(f'<td class="filler"{spans}></td>')
            continue
        spans += f' rowspan="{each.rows}"' if each.rows > 1 else ""
        align = table.align[each.column] if each.column < len(table.align) else ""
        _cell(each.cell, attribute("class", align), spans, "col" if column_headers else "row", page, out)
    out.append("</tr>\n")


def _cell(cell: Cell, align: str, spans: str, scope: str, page: Page, out: list[str]) -> None:
    if cell.header and cell.content:
        tag = "th"
        out.append(f'<th scope="{scope}"{align}{spans}>')
    else:
        tag = "td"
        # A header that says nothing would be read out with every cell below it.
        out.append(f"<td{attribute('data-header', scope if cell.header else '')}{align}{spans}>")
    if len(cell.content) == 1 and isinstance(cell.content[0], Paragraph):
        inlines(cell.content[0].content, page, out)
    else:
        blocks(cell.content, page, out)
    out.append(f"</{tag}>")
