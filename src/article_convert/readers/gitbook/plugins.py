"""What the block tags of common GitBook 1 to 3 plugins become in the tree."""

from __future__ import annotations

import re
from collections.abc import Callable

from article_convert import model
from article_convert.model import (
    Blocks,
    Callout,
    CalloutKind,
    Code,
    CodeBlock,
    Embed,
    Group,
    Inlines,
    MathBlock,
    Paragraph,
    Span,
    Text,
)
from article_convert.readers.canonical import address
from article_convert.readers.gitbook.context import Context
from article_convert.readers.gitbook.nodes import blocks_of, inlines_of
from article_convert.readers.gitbook.scanner import Block
from article_convert.report import Removal
from article_convert.tree import text_of

__all__ = ["PLUGIN_BUILDERS"]

_PANEL_KINDS: dict[str, CalloutKind] = {"success": "success", "warning": "warning", "danger": "danger"}


def _section(block: Block, context: Context) -> Blocks:
    """sectionx and accordion: an expandable with a title; one without a title only groups."""
    content = blocks_of(block.body, context)
    title = block.tag.get("title")
    if not title:
        return content
    kind = "section" if block.tag.get("collapse") == "false" else "details"
    return (Group(kind, content, inlines_of(title, context)),)


def _method(block: Block, context: Context) -> Blocks:
    """api-language-sample: text, then the same code in several languages, as tabs."""
    content = blocks_of(block.body, context)
    return _tabbed(content)


def _tabbed(content: Blocks) -> Blocks:
    """`content` with each run of adjacent tabs put into a group of tabs."""
    result: list[model.Block] = []
    run: list[Group] = []
    for node in content:
        if isinstance(node, Group) and node.kind == "tab":
            run.append(node)
            continue
        if run:
            result.append(Group("tabs", tuple(run)))
            run = []
        result.append(node)
    if run:
        result.append(Group("tabs", tuple(run)))
    return tuple(result)


def _sample(block: Block, context: Context) -> Blocks:
    label: Inlines = (Text(block.tag.get("lang")),) if block.tag.get("lang") else ()
    return (Group("tab", blocks_of(block.body, context), label),)


def _codetabs(block: Block, context: Context) -> Blocks:
    """codetabs: bodies are code without fences; the opening tag is the first tab."""
    source = block.body.text()
    inner = [key for key in context.page.blocks if key in source]
    first = min((source.index(key) for key in inner), default=len(source))
    own = CodeBlock(source[:first].strip("\n"), block.tag.get("type"))
    tabs: list[Group] = [Group("tab", (own,), _name(block))]
    for key in sorted(inner, key=source.index):
        other = context.page.blocks[key]
        code = CodeBlock(other.body.text().strip("\n"), other.tag.get("type"))
        tabs.append(Group("tab", (code,), _name(other)))
    return (Group("tabs", tuple(tabs)),)


def _name(block: Block) -> Inlines:
    name = block.tag.get("name", "type")
    return (Text(name),) if name else ()


def _video(block: Block, context: Context) -> Blocks:
    url = block.tag.get("src", "url") or block.body.text().strip() or next(iter(block.tag.values), "")
    return (Embed("video", address(url)),)


def _diagram(block: Block, context: Context) -> Blocks:
    return (CodeBlock(block.body.text().strip("\n"), block.tag.name),)


def _editor(block: Block, context: Context) -> Blocks:
    """ace: code that could be edited on the page."""
    return (CodeBlock(block.body.text().strip("\n"), block.tag.get("lang")),)


def _answer(block: Block, context: Context) -> Blocks:
    """exercises: the code that a reader begins with, and behind a cover the one to end with."""
    code = CodeBlock(block.body.text().strip("\n"))
    if not code.text:
        return ()
    return (Group("details", (code,), (Text(block.tag.name),)),) if block.tag.name == "solution" else (code,)


def _trial(block: Block, context: Context) -> Blocks:
    """exercises: code that the site ran to check an answer."""
    text = block.body.text().strip()
    if text:
        reason = "the site ran it to check the answer"
        removal = Removal("gitbook.exercise", reason, text, Span(block.line), context.report.source)
        context.report.removals.append(removal)
    return ()


def _formula(block: Block, context: Context) -> Blocks:
    text = block.body.text().strip()
    return (MathBlock(text),) if text else ()


def _panel(block: Block, context: Context) -> Blocks:
    title = block.tag.get("title")
    label = inlines_of(title, context) if title else ()
    kind = _PANEL_KINDS.get(block.tag.get("style"), "info")
    return (Callout(kind, blocks_of(block.body, context), label),)


def _content(block: Block, context: Context) -> Blocks:
    return blocks_of(block.body, context)


def _file_name(block: Block, context: Context) -> Blocks:
    """codeblock-label: the title of the code that follows; `families.titled` joins them."""
    text, unresolved = _UNRESOLVED.subn("", "".join(map(text_of, _content(block, context))))
    text = text.strip()
    if unresolved:
        message = "a variable in the name of code has no value here; it was left out"
        context.report.add("gitbook.expression", message, Span(block.line))
    return (Group("filename", (Paragraph((Code(text),)),)),) if text else ()


_UNRESOLVED = re.compile(r"\{\{.*?\}\}")


def _nothing(block: Block, context: Context) -> Blocks:
    return ()


PLUGIN_BUILDERS: dict[str, Callable[[Block, Context], Blocks]] = {
    "ace": _editor,
    "exercise": _content,
    "initial": _answer,
    "solution": _answer,
    "validation": _trial,
    "context": _trial,
    "section": _section,
    "method": _method,
    "sample": _sample,
    "common": _content,
    "codetabs": _codetabs,
    "youtube": _video,
    "mermaid": _diagram,
    "sequence": _diagram,
    "flow": _diagram,
    "plantuml": _diagram,
    "uml": _diagram,
    "graph": _diagram,
    "math": _formula,
    "panel": _panel,
    "filename": _file_name,
    "block": _content,
    "references": _content,
    "set": _nothing,
    "extends": _nothing,
}
