"""HTML among the Markdown of a page.

An element may open in one HTML block, hold Markdown and close in another (`<details>` does). So the
tokens of a level are put together as one fragment, in which a placeholder element stands for each
run of Markdown, and the shared HTML conversion makes nodes of it; where it meets a placeholder it
takes the nodes of that run. The same is done for tags inside a line of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from article_convert.model import Block, Blocks, Inline, Inlines
from article_convert.readers import html_elements
from article_convert.readers.gitbook.emphasis import Token
from article_convert.readers.gitbook.nodes import Context, Locate, convert_inlines, convert_tokens
from article_convert.readers.html_parse import Element, parse_fragment

__all__ = ["html_blocks", "html_inlines"]

_PLACEHOLDER = "markdown-run"


def html_blocks(tokens: Sequence[Token], context: Context, locate: Locate) -> Blocks:
    """Block tokens among which there is HTML, a comment, or the placeholder of a `{% … %}` block."""
    runs: list[Blocks] = []
    fragment: list[str] = []
    markdown: list[Token] = []
    has_elements = False
    line = 1

    def close_run() -> None:
        if markdown:
            add_run(convert_tokens(markdown, context, locate))
            markdown.clear()

    def add_run(run: Blocks) -> None:
        fragment.append(_placeholder(len(runs)))
        runs.append(run)

    for token in tokens:
        if token["type"] != "block_html":
            markdown.append(token)
            continue
        close_run()
        raw = token["raw"].strip()
        if raw in context.page.blocks:
            add_run(context.block(context.page.blocks[raw], context))
        elif raw and not _is_comment(raw):
            has_elements = True
            # Line ends in between give the parser the line numbers of the page.
            start = locate(token).line
            fragment.append("\n" * (start - line))
            fragment.append(token["raw"])
            line = max(line, start) + token["raw"].count("\n")
    close_run()
    if not has_elements:
        return tuple(block for run in runs for block in run)
    shared = _html_context(context, runs)
    return html_elements.blocks(parse_fragment("".join(fragment), context.report), shared)


def html_inlines(tokens: Sequence[Token], context: Context) -> Inlines:
    """Inline tokens among which there are HTML tags."""
    runs: list[Inlines] = []
    fragment: list[str] = []
    markdown: list[Token] = []

    def close_run() -> None:
        if markdown:
            fragment.append(_placeholder(len(runs)))
            runs.append(convert_inlines(markdown, context))
            markdown.clear()

    for token in tokens:
        if token["type"] != "inline_html":
            markdown.append(token)
            continue
        close_run()
        if token["raw"] in context.page.blocks:
            fragment.append(escape(token["raw"]))
        elif not _is_comment(token["raw"]):
            fragment.append(token["raw"])
    close_run()
    if len(fragment) == len(runs):
        return tuple(node for run in runs for node in run)
    return html_elements.inlines(parse_fragment("".join(fragment), context.report), _html_context(context, runs))


def _html_context(context: Context, runs: Sequence[Blocks | Inlines]) -> html_elements.Context:
    def markdown_run(element: Element, shared: html_elements.Context) -> Sequence[Block | Inline]:
        return runs[int(element.get("n", "0"))]

    return html_elements.Context(context.report, handlers={_PLACEHOLDER: markdown_run})


def _placeholder(number: int) -> str:
    return f'<{_PLACEHOLDER} n="{number}"></{_PLACEHOLDER}>'


def _is_comment(raw: str) -> bool:
    return raw.startswith("<!--") and raw.endswith("-->") and "-->" not in raw[:-3]
