"""mistune's tokens, and the `{% … %}` blocks between them, as nodes of the tree."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from html import unescape
from itertools import accumulate
from typing import Any

from article_convert.model import (
    Alignment,
    Block,
    BlockQuote,
    Blocks,
    Callout,
    Cell,
    Code,
    Emphasis,
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
    Row,
    SoftBreak,
    Span,
    Strikethrough,
    Strong,
    Styled,
    Table,
    Text,
    ThematicBreak,
)
from article_convert.readers import canonical
from article_convert.readers.canonical import BLANKS, address, emphasised, merged, soft_breaks_resolved, trimmed
from article_convert.readers.gitbook.blocks import BlockLines, GitBookBlocks
from article_convert.readers.gitbook.callouts import callout_in
from article_convert.readers.gitbook.context import Context, Locate
from article_convert.readers.gitbook.emphasis import Token
from article_convert.readers.gitbook.fences import code_of
from article_convert.readers.gitbook.inline import GitBookInline, plain
from article_convert.readers.gitbook.lines import without_last_break
from article_convert.readers.gitbook.pictures import figure_of
from article_convert.readers.gitbook.scanner import Page, Source, scan
from article_convert.readers.gitbook.spaced import with_whole_addresses
from article_convert.readers.gitbook.tags import holds_block
from article_convert.readers.html.addresses import direct, leads_on
from article_convert.report import Removal
from article_convert.tree import text_of, walk

__all__ = ["MAX_DEPTH", "blocks_of", "direct_address", "inlines_of", "unused_notes"]

_BLOCK_RULES = GitBookBlocks()
_INLINE_RULES = GitBookInline()
MAX_DEPTH = 60
"""Containers deeper than this become text; inline content adds up to 20 levels, `tree.MAX_DEPTH` is 100."""
_MOST_PADDED = 100_000
"""Cells of a table up to which short rows are filled up; a long row and many short ones mean any number of them."""
_NOTE_COST = 200
"""What a footnote takes of the room for notes beside its characters."""

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_LINE_END = re.compile("\n")
_MARKUP = re.compile(r"[\\`*_~\[\]<&$\n:w@]")
_MARKUP_OR_ADDRESS = re.compile(r"[\\`*_~\[\]<&$\n]|://|www\.|\w@\w")
"""What plain text does not hold; text without it needs no parser. The first is quick and not quite exact."""
_TASK = re.compile(r"\[([ xX])\][ \t\n]+")
_TOC = re.compile(r"\[\[?(?:_?TOC_?)\]\]?", re.IGNORECASE)
_LONGEST_TOC = 16
_USER = "https://app.gitbook.com/u/"
_TRAILING_ID = re.compile(r"(?<![ \t])[ \t]*\{#([\w.:-]+)\}[ \t]*$")


def blocks_of(source: Source, context: Context) -> Blocks:
    """The blocks of some Markdown of the page, its `{% … %}` blocks included."""
    text = source.text()
    state = BlockLines()
    context.env.setdefault("footnotes", context.page.footnotes)
    state.env = context.env
    state.process(text if text.endswith("\n") else text + "\n")
    _BLOCK_RULES.parse(state)
    starts = [0, *accumulate(map(len, source.pieces))]

    line_ends = [m.start() for m in _LINE_END.finditer(text)]

    def locate(token: Token) -> Span:
        offset = token.get("start", 0)
        index = min(bisect_right(starts, offset), len(source.pieces)) - 1
        if index < 0:
            return Span(1)
        return Span(source.numbers[index] + bisect_left(line_ends, offset) - bisect_left(line_ends, starts[index]))

    return _blocks(state.tokens, context, locate)


def _blocks(tokens: Sequence[Token], context: Context, locate: Locate) -> Blocks:
    if any(token["type"] == "block_html" for token in tokens):
        return context.html_blocks(tokens, context, locate)
    return convert_tokens(tokens, context, locate)


def convert_tokens(tokens: Sequence[Token], context: Context, locate: Locate) -> Blocks:
    """Tokens among which there is no HTML, as blocks."""
    result: list[Block] = []
    for token in tokens:
        kind = token["type"]
        if kind != "blank_line":
            _CONVERTERS[kind](token, context, locate, result)
    return tuple(result)


def _paragraph(token: Token, context: Context, locate: Locate, result: list[Block]) -> None:
    span = locate(token)
    context.line = span.line
    if len(token["text"]) < _LONGEST_TOC and _TOC.fullmatch(token["text"].strip()):
        _remove("toc", "tools put a table of contents there", token["text"].strip(), context)
        return
    content = inlines_of(token["text"], context)
    if not content:
        return
    if len(content) == 1 and isinstance(content[0], Image):
        result.append(figure_of(content[0], span, context.surroundings.captions))
    else:
        result.append(Paragraph(content, span=span))


def _heading(token: Token, context: Context, locate: Locate, result: list[Block]) -> None:
    text, name = token["text"], ""
    m = _TRAILING_ID.search(text)
    if m:
        text, name = text[: m.start()], m.group(1)
    span = locate(token)
    context.line = span.line
    content, anchor = _without_anchor(inlines_of(text, context))
    result.append(Heading(token["attrs"]["level"], trimmed(content), name or anchor, span=span))


def _without_anchor(content: Inlines) -> tuple[Inlines, str]:
    """A heading's text and the name of the empty anchor that GitBook puts into it."""
    for node in content:
        if isinstance(node, Styled) and node.kind == "anchor" and not node.content:
            name = dict(node.attributes).get("id", "")
            return merged(each for each in content if each is not node), name
    return content, ""


def _quote(token: Token, context: Context, locate: Locate, result: list[Block]) -> None:
    span = locate(token)
    children = token["children"]
    callout, label = callout_in(children)
    inner = _nested(children, context, lambda _: span, 1)
    if callout:
        result.append(Callout(callout, inner, inlines_of(label, context), span=span))
    elif inner:
        result.append(BlockQuote(inner, span=span))


def _list(token: Token, context: Context, locate: Locate, result: list[Block]) -> None:
    span = locate(token)
    attributes = token["attrs"]
    items = [_item(child, context, span) for child in token["children"]]
    if context.depth + 2 > MAX_DEPTH:
        for item in items:
            result.extend(item.content)
        return
    result.append(List(tuple(items), attributes["ordered"], attributes.get("start", 1), token["tight"], span=span))


def _item(token: Token, context: Context, span: Span) -> ListItem:
    children = token["children"]
    checked = None
    if children and children[0]["type"] in ("paragraph", "block_text"):
        m = _TASK.match(children[0]["text"])
        if m:
            checked = m.group(1) != " "
            children[0]["text"] = children[0]["text"][m.end() :]
    return ListItem(_nested(children, context, lambda _: span, 2), checked, span=span)


def _nested(children: Sequence[Token], context: Context, locate: Locate, levels: int) -> Blocks:
    if context.depth + levels > MAX_DEPTH:
        text = " ".join(_raw_text(children).split())
        context.report.add("nesting.too-deep", "deeply nested blocks were kept as text", locate({}))
        return (Paragraph((Text(text),)),) if text else ()
    context.depth += levels
    try:
        return _blocks(children, context, locate)
    finally:
        context.depth -= levels


def _raw_text(tokens: Sequence[Token]) -> str:
    parts = []
    for token in tokens:
        parts.append(token.get("text") or token.get("raw") or "")
        parts.append(_raw_text(token.get("children", ())))
    return " ".join(parts)


def _code(token: Token, context: Context, locate: Locate, result: list[Block]) -> None:
    info = token.get("attrs", {}).get("info", "")
    result.append(code_of(info, token["raw"].removesuffix("\n"), locate(token)))


def _table(token: Token, context: Context, locate: Locate, result: list[Block]) -> None:
    context.line = locate(token).line
    width = max(len(row) for row in token["rows"])
    align: list[Alignment] = [*token["align"]]
    align.extend("" for _ in range(width - len(align)))
    if width * len(token["rows"]) > _MOST_PADDED:
        width = 0
    rows = tuple(_row(cells, width, index == 0, context) for index, cells in enumerate(token["rows"]))
    if len(rows) > 1 and not any(cell.content for cell in rows[0].cells):
        rows = rows[1:]  # GitBook shows no head that says nothing
    result.append(Table(rows, tuple(align) if any(align) else (), span=locate(token)))


def _row(cells: list[str], width: int, header: bool, context: Context) -> Row:
    made = [Cell(_cell_blocks(cell, context), header) for cell in cells]
    made.extend(Cell((), header) for _ in range(width - len(cells)))
    return Row(tuple(made))


def _cell_blocks(text: str, context: Context) -> Blocks:
    """A pipe cell. GitBook writes block HTML into them on one line: `<p>a</p><p>b<br>c</p>`; authors write blocks."""
    if "{%" in text and holds_block(text):
        page = scan(text, context.report, context.line)
        if page.blocks:
            return blocks_of(page.body, replace(context, page=Page(page.body, page.blocks, context.page.footnotes)))
    if text[:1] == "<" and re.match(r"<(?:p|ul|ol|pre|h[1-6]|div|figure|table)\b", text):
        tokens = [{"type": "block_html", "raw": text}]
        return context.html_blocks(tokens, context, lambda _: Span(context.line))
    content = inlines_of(text, context)
    return (Paragraph(content),) if content else ()


def _rule(token: Token, context: Context, locate: Locate, result: list[Block]) -> None:
    result.append(ThematicBreak(span=locate(token)))


def _formula(token: Token, context: Context, locate: Locate, result: list[Block]) -> None:
    if token["raw"]:
        result.append(MathBlock(token["raw"], span=locate(token)))


_CONVERTERS: dict[str, Callable[[Token, Context, Locate, list[Block]], None]] = {
    "paragraph": _paragraph,
    "block_text": _paragraph,
    "heading": _heading,
    "block_quote": _quote,
    "list": _list,
    "block_code": _code,
    "table": _table,
    "thematic_break": _rule,
    "formula_block": _formula,
}


# --------------------------------------------------------------------------- inlines


def inlines_of(text: str, context: Context) -> Inlines:
    """The inline content of some Markdown, in canonical form."""
    text = text.strip(BLANKS)
    if text.endswith("\\"):
        text = without_last_break(text)
    if not _MARKUP.search(text) or not _MARKUP_OR_ADDRESS.search(text):
        return (Text(text),) if text else ()
    return _trimmed(_inlines(_INLINE_RULES(with_whole_addresses(text), context.env), context))


def _trimmed(content: Inlines) -> Inlines:
    """`trimmed`, but only where an entity or an escape left white space at an edge."""
    if not content:
        return content
    for node in (content[0], content[-1]):
        if not isinstance(node, Text) or node.text[0] in BLANKS or node.text[-1] in BLANKS:
            return trimmed(content)
    return content


def _inlines(tokens: Sequence[Token], context: Context) -> Inlines:
    for token in tokens:
        if token["type"] == "inline_html":
            return context.html_inlines(tokens, context)
    return convert_inlines(tokens, context)


def convert_inlines(tokens: Sequence[Token], context: Context) -> Inlines:
    """Tokens among which there is no HTML, as inline content."""
    result: list[Inline] = []
    pending = ""
    for token in tokens:
        kind = token["type"]
        if kind == "text" and "literal" not in token:
            pending += token["raw"]
            continue
        if pending:
            result.append(_text(pending))
            pending = ""
        if kind == "text":
            result.append(Text(token["raw"]))
            continue
        made = _INLINE_CONVERTERS[kind](token, context)
        if isinstance(made, tuple):
            result.extend(made)
        else:
            result.append(made)
    if pending:
        result.append(_text(pending))
    return soft_breaks_resolved(merged(result))


def _text(raw: str) -> Text:
    return Text(_ENTITY.sub(_resolved, raw) if "&" in raw else raw)


def _resolved(m: re.Match[str]) -> str:
    return unescape(m.group(0))


def _link(token: Token, context: Context) -> Inline | Inlines:
    attributes = token["attrs"]
    content = _inlines(token["children"], context)
    if attributes.get("title") == "mention" and attributes["url"].startswith(_USER):
        # A person in the editor, whose page asks for a login.
        _remove("mention", "only members of the site can follow it", f"{attributes['url']} mention", context)
        return content
    leaked = _LEAKED_NOTE.fullmatch(attributes["url"])
    if leaked:
        said = f"{text_of(content)} {attributes['url']}"
        _remove("note-link", "an anchor of the footnotes of a rendered page", said, context)
        label = leaked[2].casefold()
        if leaked[1]:
            return ()
        return _note({"label": label, "raw": ""}, context) if label in context.page.footnotes else content
    inside = content if all(isinstance(node, Text) for node in content) else _unlinked(content, context)
    return Link(inside, direct_address(address(attributes["url"]), context), _title(attributes))


def _unlinked(content: Inlines, context: Context) -> Inlines:
    """The inside of a link; HTML in its brackets may be a link too, or something to play that becomes one."""
    for node in walk(Paragraph(content)):
        if isinstance(node, Link) and node.url != text_of(node):
            _remove("inner-link", "a link cannot stand inside another link", node.url, context)
    return merged(canonical.unlinked(content))


_LEAKED_NOTE = re.compile(r"#user-content-fn(ref)?-([^\s]+)")
"""Footnotes of GitHub's that came back from a copy of the rendered page."""


def direct_address(url: str, context: Context) -> str:
    """Where a link leads in the end: pages that only lead on are passed by, and reported as removed."""
    if not leads_on(url):
        return url
    further = direct(url)
    if further == url:
        return url
    _remove("redirector", "a page that only leads on", url, context)
    return address(further)


def _remove(rule: str, reason: str, text: str, context: Context) -> None:
    report = context.report
    report.removals.append(Removal(f"gitbook.{rule}", reason, text, Span(context.line), report.source))


def _image(token: Token, context: Context) -> Inline:
    attributes = token["attrs"]
    alt = " ".join(_ENTITY.sub(_resolved, plain(token["children"])).split(" "))
    return Image(address(attributes["url"]), alt.strip(BLANKS), _title(attributes))


def _title(attributes: dict[str, Any]) -> str:
    return _ENTITY.sub(_resolved, attributes.get("title") or "")


def _note(token: Token, context: Context) -> Inline | Inlines:
    label = token["label"]
    source = context.page.footnotes[label]
    if label in context.open_notes or context.depth + 4 > MAX_DEPTH:
        return Text(token["raw"])
    if context.note_room[0] <= 0:
        message = "footnotes refer to footnotes too often; further references were kept as text"
        context.report.add("nesting.too-deep", message, Span(context.line))
        return Text(token["raw"])
    context.note_room[0] -= _NOTE_COST + sum(map(len, source.pieces))
    context.used_notes.add(label)
    context.open_notes += (label,)
    context.depth += 4
    content = blocks_of(source, context)
    context.depth -= 4
    context.open_notes = context.open_notes[:-1]
    return Note(content) if content else ()


def unused_notes(context: Context) -> Blocks:
    """The footnotes of the page that nothing refers to, each as a note that stands by itself."""
    found = []
    for label, source in context.page.footnotes.items():
        if label not in context.used_notes:
            content = blocks_of(source, context)
            if content:
                found.append(Paragraph((Note(content),), span=Span(source.numbers[0])))
    return tuple(found)


def _wrapped(kind: type[Emphasis] | type[Strong] | type[Strikethrough]) -> Callable[[Token, Context], Inlines]:
    def convert(token: Token, context: Context) -> Inlines:
        return emphasised(kind, _inlines(token["children"], context))

    return convert


_INLINE_CONVERTERS: dict[str, Callable[[Token, Context], Inline | Inlines]] = {
    "strong": _wrapped(Strong),
    "emphasis": _wrapped(Emphasis),
    "strikethrough": _wrapped(Strikethrough),
    "codespan": lambda token, context: Code(token["raw"]),
    "link": _link,
    "image": _image,
    "softbreak": lambda token, context: SoftBreak(),
    "linebreak": lambda token, context: LineBreak(),
    "formula": lambda token, context: Math(token["raw"]),
    "note": _note,
}
