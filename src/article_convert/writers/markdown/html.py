"""Content as HTML inside Markdown, for what Markdown has no form of its own for.

Tables with spans or blocks in their cells, and captions. The result holds no line end, so a block of
it ends where its tag ends and Markdown looks at nothing inside. There are no footnotes in it: a note
stands in parentheses where it is referred to.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import assert_never

from article_convert.model import (
    Block,
    BlockQuote,
    Blocks,
    Callout,
    Cell,
    Code,
    CodeBlock,
    Embed,
    Emphasis,
    Figure,
    Group,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    List,
    ListItem,
    Math,
    MathBlock,
    Note,
    Paragraph,
    RawBlock,
    RawInline,
    Row,
    SoftBreak,
    Strikethrough,
    Strong,
    Styled,
    Table,
    Text,
    ThematicBreak,
)
from article_convert.tree import text_of
from article_convert.writers.labels import label
from article_convert.writers.markdown.state import STYLES, MarkdownState, image_element, style_tag
from article_convert.writers.markup.escape import attribute, quoted
from article_convert.writers.markup.escape import escaped as html_escaped

__all__ = ["figure_element", "summary_line", "table_element"]

_TAGS: dict[type, str] = {Emphasis: "em", Strong: "strong", Strikethrough: "del"}
_SPACES = re.compile(r"[ \t\r\n]+")


def html_inline(content: Inlines, state: MarkdownState) -> str:
    """The inline content of a block as HTML on one line, without outer white space."""
    return _inlines(content, state).strip(" ")


def _inlines(content: Inlines, state: MarkdownState) -> str:
    return "".join([_inline(node, state) for node in content])


_MARKDOWN = re.compile(r"[\\`*_~\[\]$|{!^]|:(?=//)|(?<=[wW])\.")
_BETWEEN_TAGS = re.compile(r"(?:\A|(?<=>))[^<>]+")


def summary_line(content: Inlines, state: MarkdownState) -> str:
    """The inside of a `<summary>`. Some readers take it for Markdown, so what could be markup is an entity."""
    return _BETWEEN_TAGS.sub(lambda text: _MARKDOWN.sub(_entity, text[0]), html_inline(content, state))


def _entity(m: re.Match[str]) -> str:
    return f"&#{ord(m[0])};"


def _text(text: str) -> str:
    # A GitBook reader would take `{%` for a tag even here.
    return html_escaped(_SPACES.sub(" ", text)).replace("{%", "&#123;%")


def _inline(node: Inline, state: MarkdownState) -> str:
    match node:
        case Text():
            return _text(node.text)
        case Emphasis() | Strong() | Strikethrough():
            tag = _TAGS[type(node)]
            return f"<{tag}>{_inlines(node.content, state)}</{tag}>"
        case Code():
            return f"<code>{_verbatim(node.text)}</code>"
        case Link():
            return _link(node, state)
        case Image():
            src = state.src(node.url, node.span)
            return image_element(node, src, state) if src else _text(node.alt)
        case SoftBreak():
            return " "
        case LineBreak():
            return "<br>"
        case Math():
            return f"$${html_escaped(_SPACES.sub(' ', node.text))}$$"
        case Note():
            return f"({_text(text_of(Table((Row((Cell(node.content),)),))).strip())})"
        case Styled():
            return _styled(node, state)
        case RawInline():
            state.report.add("raw.shown-as-code", f"{node.format} is shown as code", node.span)
            return f"<code>{_verbatim(node.text)}</code>"
        case _:
            assert_never(node)


def _verbatim(text: str) -> str:
    """Code without line ends, which Markdown would look at."""
    escaped = html_escaped(text).replace("{%", "&#123;%")
    if text.endswith("\n"):
        escaped += "\n"  # readers of HTML take one line end off
    return escaped.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "&#10;")


def _link(node: Link, state: MarkdownState) -> str:
    href = state.href(node.url, node.span)
    inner = _inlines(node.content, state)
    title = attribute("title", _SPACES.sub(" ", node.title)).replace("{%", "&#123;%")
    return f'<a href="{quoted(href)}"{title}>{inner}</a>' if href else inner


def _styled(node: Styled, state: MarkdownState) -> str:
    inner = _inlines(node.content, state)
    if node.kind == "anchor" and (name := dict(node.attributes).get("id", "")):
        return f'<a id="{quoted(name)}"></a>{inner}'
    return f"{style_tag(node)}{inner}</{node.kind}>" if node.kind in STYLES else inner


# --------------------------------------------------------------------------- blocks


def _blocks(content: Blocks, state: MarkdownState) -> str:
    return "".join([_block(block, state) for block in content])


def _block(block: Block, state: MarkdownState) -> str:
    match block:
        case Paragraph():
            return f"<p>{html_inline(block.content, state)}</p>"
        case Heading():
            level = min(block.level + state.shift, 6)
            return f"<h{level}>{html_inline(block.content, state)}</h{level}>"
        case BlockQuote():
            return f"<blockquote>{_blocks(block.content, state)}</blockquote>"
        case List():
            return _list(block, state)
        case CodeBlock():
            language = attribute("class", f"language-{block.language}" if block.language else "")
            title = attribute("data-title", block.title)
            return f"<pre{title}><code{language}>{_verbatim(block.text)}</code></pre>"
        case ThematicBreak():
            return "<hr>"
        case Figure():
            return figure_element(block, state)
        case Table():
            return _table(block, state, "")
        case Callout():
            name = html_inline(block.label, state) or label(state.language, block.kind)
            return f"<blockquote><p><strong>{name}</strong></p>{_blocks(block.content, state)}</blockquote>"
        case MathBlock():
            return f"<p>$${html_escaped(_SPACES.sub(' ', block.text))}$$</p>"
        case Embed():
            name = html_inline(block.caption, state) or _text(block.url)
            href = state.href(block.url, block.span)
            return f'<p><a href="{quoted(href)}">{name}</a></p>' if href else f"<p>{name}</p>"
        case Group():
            return _group(block, state)
        case RawBlock():
            state.report.add("raw.shown-as-code", f"{block.format} is shown as code", block.span)
            return f"<pre><code{attribute('class', f'language-{block.format}')}>{_verbatim(block.text)}</code></pre>"
        case _:
            assert_never(block)


def _list(node: List, state: MarkdownState) -> str:
    tag = "ol" if node.ordered else "ul"
    start = f' start="{node.start}"' if node.ordered and node.start != 1 else ""
    return f"<{tag}{start}>{''.join([_item(item, node.tight, state) for item in node.items])}</{tag}>"


def _item(item: ListItem, tight: bool, state: MarkdownState) -> str:
    box = ""
    if item.checked is not None:
        box = f'<input type="checkbox"{" checked" if item.checked else ""} disabled> '
    first = item.content[0] if item.content else None
    if isinstance(first, Paragraph) and (tight or box):
        return f"<li>{box}{html_inline(first.content, state)}{_blocks(item.content[1:], state)}</li>"
    return f"<li>{box}{_blocks(item.content, state)}</li>"


def _group(node: Group, state: MarkdownState) -> str:
    name = html_inline(node.label, state)
    content = _blocks(node.content, state)
    if node.kind == "details":
        name = summary_line(node.label, state) or label(state.language, "details")
        return f"<details><summary>{name}</summary>{content}</details>"
    return f"<p><strong>{name}</strong></p>{content}" if name else content


def figure_element(node: Figure, state: MarkdownState) -> str:
    """A picture with its caption as `<figure>`; the caption alone if the picture is left out."""
    src = state.src(node.image.url, node.image.span)
    caption = html_inline(node.caption, state)
    if not src:
        return "".join(f"<p>{text}</p>" for text in (_text(node.image.alt), caption) if text)
    closing = f"<figcaption><p>{caption}</p></figcaption>" if caption else ""
    return f"<figure>{image_element(node.image, src, state)}{closing}</figure>"


# --------------------------------------------------------------------------- tables


def table_element(node: Table, state: MarkdownState) -> str:
    """A table as HTML, one row on a line."""
    return _table(node, state, "\n")


def _table(node: Table, state: MarkdownState, end: str) -> str:
    head = list(takewhile(lambda row: bool(row.cells) and all(cell.header for cell in row.cells), node.rows))
    parts = ["<table>"]
    if node.caption:
        parts.append(f"<caption>{html_inline(node.caption, state)}</caption>")
    for tag, rows in (("thead", head), ("tbody", node.rows[len(head) :])):
        if rows:
            printed = [_row(row, node, state) for row in rows]
            parts += [f"<{tag}>", *printed, f"</{tag}>"]
    return end.join([*parts, "</table>"])


def _row(row: Row, table: Table, state: MarkdownState) -> str:
    cells: list[str] = []
    column = 0
    for cell in row.cells:
        align = table.align[column] if column < len(table.align) else ""
        column += cell.column_span
        tag = "th" if cell.header else "td"
        spans = "".join(
            f' {name}="{count}"'
            for name, count in (("colspan", cell.column_span), ("rowspan", cell.row_span))
            if count != 1
        )
        cells.append(f"<{tag}{spans}{attribute('align', align)}>{_cell(cell, state)}</{tag}>")
    return f"<tr>{''.join(cells)}</tr>"


def _cell(cell: Cell, state: MarkdownState) -> str:
    if len(cell.content) == 1 and isinstance(cell.content[0], Paragraph):
        return html_inline(cell.content[0].content, state)
    return _blocks(cell.content, state)
