"""HTML among the Markdown of a page.

An element may open in one HTML block, hold Markdown and close in another (`<details>` does). So the
tokens of a level are put together as one fragment, in which a placeholder element stands for each
run of Markdown, and the shared HTML conversion makes nodes of it; where it meets a placeholder it
takes the nodes of that run. The same is done for tags inside a line of text.

CommonMark ends an HTML block at a blank line only. What stands right after `</figure>`, or in
`<details>` without blank lines, would be HTML; GitBook and its authors mean Markdown (`glued`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from html import escape

from article_convert.model import Block, Blocks, Figure, Image, Inline, Inlines, Paragraph, Text
from article_convert.readers.gitbook.context import Context, Locate
from article_convert.readers.gitbook.elements import handlers
from article_convert.readers.gitbook.emphasis import Token
from article_convert.readers.gitbook.families import adopted, titled
from article_convert.readers.gitbook.glued import Level, Piece
from article_convert.readers.gitbook.nodes import blocks_of, convert_inlines, convert_tokens, direct_address, inlines_of
from article_convert.readers.gitbook.scanner import Source
from article_convert.readers.html import elements as html_elements
from article_convert.readers.html.parse import Element, parse_fragment

__all__ = ["html_blocks", "html_inlines"]

_PLACEHOLDER = "markdown-run"
_FORGED = re.compile(rf"<(?=/?{_PLACEHOLDER})", re.IGNORECASE)
_TAG_BLOCK = re.compile(r"<!--block\d+-\d+-->")


@dataclass(slots=True)
class _Fragment:
    """HTML with a placeholder for each run of nodes."""

    parts: list[str] = field(default_factory=list)
    runs: list[Blocks | Inlines] = field(default_factory=list)
    line: int = 1
    has_elements: bool = False

    def add_run(self, run: Blocks | Inlines) -> None:
        if run:
            self.parts.append(f'<{_PLACEHOLDER} n="{len(self.runs)}"></{_PLACEHOLDER}>')
            self.runs.append(run)

    def add_html(self, raw: str, line: int) -> None:
        """Add markup; line ends in between give the parser the line numbers of the page."""
        self.has_elements = True
        self.parts.append("\n" * (line - self.line))
        self.parts.append(_FORGED.sub("&lt;", raw))
        self.line = max(self.line, line) + raw.count("\n")

    def parsed(self, context: Context, line: int = 1) -> tuple[Element, html_elements.Context]:
        """The fragment as elements, and the conversion that knows its runs."""

        def markdown_run(element: Element, shared: html_elements.Context) -> Sequence[Block | Inline]:
            return self.runs[int(element.get("n", "0"))]

        known = {_PLACEHOLDER: markdown_run, **handlers(context)}
        shared = html_elements.Context(context.report, html_elements.BUILT_IN, line, known, depth=context.depth)
        shared.link = partial(direct_address, context=context)
        return parse_fragment("".join(self.parts), context.report), shared


def html_blocks(tokens: Sequence[Token], context: Context, locate: Locate) -> Blocks:
    """Block tokens among which there is HTML, a comment, or the placeholder of a `{% … %}` block."""
    fragment = _Fragment()
    markdown: list[Token] = []
    level = Level(token["raw"] for token in tokens if token["type"] == "block_html")

    def close_run() -> None:
        if markdown:
            fragment.add_run(convert_tokens(markdown, context, locate))
            markdown.clear()

    for token in tokens:
        if token["type"] != "block_html":
            if level.is_ended_by(token):
                close_run()
                fragment.add_html(level.end(context.report, locate(token)), locate(token).line)
            markdown.append(token)
            continue
        close_run()
        raw = token["raw"].strip()
        if raw in context.page.blocks:
            fragment.add_run(context.block(context.page.blocks[raw], context))
        elif raw and not _is_comment(raw):
            line = locate(token).line
            for piece in level.pieces(token["raw"]):
                _add_piece(piece, line + piece.line, fragment, context)
            if closing := level.closing(token["raw"]):
                fragment.parts.append(closing)
    close_run()
    if not fragment.has_elements:
        return adopted(titled(tuple(block for run in fragment.runs for block in run)))  # type: ignore[misc]
    element, shared = fragment.parsed(context)
    return adopted(titled(tuple(map(_figure, html_elements.blocks(element, shared)))))


def _add_piece(piece: Piece, line: int, fragment: _Fragment, context: Context) -> None:
    match piece.kind:
        case "markdown":
            fragment.add_run(blocks_of(Source([piece.text], [line]), context))
        case "inline":
            fragment.add_run(inlines_of(piece.text, context))
        case _:
            start = 0
            for m in _TAG_BLOCK.finditer(piece.text):
                if m.group(0) in context.page.blocks:
                    fragment.add_html(piece.text[start : m.start()], line)
                    fragment.add_run(context.block(context.page.blocks[m.group(0)], context))
                    start = m.end()
            fragment.add_html(piece.text[start:], line)


def _figure(block: Block) -> Block:
    """A picture alone in its paragraph stands by itself, as in Markdown."""
    if isinstance(block, Paragraph) and len(block.content) == 1 and isinstance(block.content[0], Image):
        return Figure(block.content[0], span=block.span)
    return block


def html_inlines(tokens: Sequence[Token], context: Context) -> Inlines:
    """Inline tokens among which there are HTML tags."""
    fragment = _Fragment()
    markdown: list[Token] = []

    def close_run() -> None:
        if not markdown:
            return
        run = convert_inlines(markdown, context)
        markdown.clear()
        if len(run) == 1 and isinstance(run[0], Text) and "  " not in run[0].text:
            # As character data, handlers see it: `<i class="fa-bolt">:bolt:</i>`.
            fragment.parts.append(escape(run[0].text, quote=False))
        else:
            fragment.add_run(run)

    for token in tokens:
        if token["type"] != "inline_html":
            markdown.append(token)
            continue
        close_run()
        if token["raw"] in context.page.blocks:
            fragment.add_run(context.block(context.page.blocks[token["raw"]], context))
        elif not _is_comment(token["raw"]):
            fragment.has_elements = True
            fragment.parts.append(_FORGED.sub("&lt;", token["raw"]))
    if not fragment.has_elements and not fragment.parts:
        return convert_inlines(markdown, context)
    close_run()
    element, shared = fragment.parsed(context, context.line)
    return html_elements.inlines(element, shared)


def _is_comment(raw: str) -> bool:
    return raw.startswith("<!--") and raw.endswith("-->") and "-->" not in raw[:-3]
