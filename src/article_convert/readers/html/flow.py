"""Walk over HTML elements and gather their nodes; what each element means stands in tables of handlers.

Elements mix blocks and inlines freely, so everything here gives a *flow*: nodes of both kinds in
reading order. `blocks` wraps what is inline into paragraphs, `inlines` joins what is block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias, get_args

from article_convert import model
from article_convert.model import (
    Block,
    Blocks,
    CodeBlock,
    Embed,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Math,
    MathBlock,
    Paragraph,
    RawBlock,
    RawInline,
    Span,
    Styled,
    Text,
)
from article_convert.readers.html.parse import Element, words
from article_convert.readers.html.space import INVISIBLE, is_blank, settled, text_nodes
from article_convert.report import Removal, Report
from article_convert.rules import HIDDEN, Rule
from article_convert.rules.marks import mark_blocks, mark_inlines
from article_convert.tree import text_of, walk

__all__ = [
    "BLOCK_KINDS",
    "Context",
    "Flow",
    "Handler",
    "blocks",
    "converted",
    "first_image",
    "flow",
    "inlines",
    "joined",
    "paragraphs",
    "shows_something",
    "span_of",
    "wrapped",
]

Flow: TypeAlias = "list[Block | Inline]"
BLOCK_KINDS = frozenset(get_args(model.Block))

MAX_NODE_DEPTH = 75
"""Elements that make nodes nest at most this deep; the tree allows 100, lists and cells take more than one each."""


def _same(address: str) -> str:
    return address


@dataclass(slots=True)
class Context:
    """What a conversion knows: where to report, how to read single elements, how to read addresses.

    `defaults` says what every element means (`elements.BUILT_IN`). One of `handlers` is asked before the
    default of the same tag and gives the nodes for the element (not its tail), or `None` to leave it to
    that. `line` is the number of the first line of the source. `link` and `image` turn an address as
    written into the one to keep; an empty link address unlinks. `targets` are the ids that links of the
    page lead to. `sizes` says whether the pixel sizes of pictures are kept, `depth` how many nodes stand
    around the content. `gaps` keeps paragraphs that hold nothing but no-break and zero-width
    spaces, which editors make for distance. `marks` are the elements that a rule takes for furniture. `hidden` marks
    what the page does not show; without it that is left out and reported. `laid_out`: tables without head and border
    may only lay out the page, and line ends in a row, or before an indented line, part paragraphs.
    """

    report: Report
    defaults: Mapping[str, Handler]
    line: int = 1
    handlers: Mapping[str, Handler] = field(default_factory=dict)
    link: Callable[[str], str] = _same
    image: Callable[[str], str] = _same
    targets: frozenset[str] = frozenset()
    sizes: bool = True
    depth: int = 0
    gaps: bool = False
    marks: Mapping[Element, Rule] = field(default_factory=dict)
    hidden: Rule | None = None
    laid_out: bool = False

    def hide(self, element: Element) -> None:
        """Record that an element that the page does not show was left out."""
        text = self._left_out(element, HIDDEN.id, HIDDEN.reason)
        if text:
            self.report.add("html.hidden", f"hidden text was removed: {text[:60]}", span_of(element, self))

    def discard(self, element: Element) -> None:
        """Record that an element that is not for reading was left out."""
        self.report.add("html.discarded", f"<{element.tag!s}> was discarded", span_of(element, self))
        if element.tag not in {"script", "style"}:
            self._left_out(element, "discarded", "not for reading")

    def _left_out(self, element: Element, rule: str, reason: str) -> str:
        text = " ".join("".join(element.itertext()).split())
        if text:
            self.report.removals.append(Removal(rule, reason, text, span_of(element, self), self.report.source))
        return text


Handler: TypeAlias = "Callable[[Element, Context], Sequence[Block | Inline] | None]"


def span_of(element: Element, context: Context) -> Span | None:
    """The line on which `element` starts in the source."""
    line = element.sourceline
    return Span(line + context.line - 1) if line else None


def flow(element: Element, context: Context) -> Flow:
    """The nodes for the content of `element`, blocks and inlines mixed, white space not yet settled."""
    nodes: Flow = []
    if element.text:
        nodes.extend(text_nodes(element.text))
    for child in element:
        nodes.extend(converted(child, context))
        if child.tail:
            nodes.extend(text_nodes(child.tail))
    return nodes


def converted(element: Element, context: Context) -> Sequence[Block | Inline]:
    """The nodes for `element` itself, without the text after it."""
    if context.marks and element in context.marks:
        return _marked(_converted(element, context), context.marks[element], span_of(element, context))
    return _converted(element, context)


def _marked(nodes: Sequence[Block | Inline], rule: Rule, span: Span | None) -> Sequence[Block | Inline]:
    """`nodes` in a mark, blocks in one and a part of a line in the other."""
    if BLOCK_KINDS.isdisjoint(map(type, nodes)):
        return [] if is_blank(nodes) else [mark_inlines(rule, tuple(nodes))]  # type: ignore[arg-type]
    return [mark_blocks(rule, paragraphs(nodes, span), span)]


def _converted(element: Element, context: Context) -> Sequence[Block | Inline]:
    tag = element.tag
    if not isinstance(tag, str):  # a comment or processing instruction, if the parser kept it
        return ()
    if element.attrib:
        if is_hidden(element):
            if context.hidden is not None:
                return _marked(_read(element, tag, context), context.hidden, span_of(element, context))
            context.hide(element)
            return ()
        if context.targets and tag not in _KEEPS_ID and element.get("id", "") in context.targets:
            return _anchored(element.get("id", ""), _read(element, tag, context))
    return _read(element, tag, context)


def _anchored(name: str, nodes: Sequence[Block | Inline]) -> Flow:
    """`nodes` as the target of links: a heading that begins them takes the name, as it can show it."""
    first = next((at for at, node in enumerate(nodes) if type(node) in BLOCK_KINDS or not is_blank((node,))), None)  # type: ignore[arg-type]
    heading = nodes[first] if first is not None else None
    if first is not None and isinstance(heading, Heading) and heading.id in ("", name):
        return [*nodes[:first], replace(heading, id=name), *nodes[first + 1 :]]
    return [Styled("anchor", (), (("id", name),)), *nodes]


_NODELESS = words("div section article main center span font p header footer aside figcaption label form body")
_KEEPS_ID = words("a h1 h2 h3 h4 h5 h6")


def _read(element: Element, tag: str, context: Context) -> Sequence[Block | Inline]:
    own, default = context.handlers.get(tag), context.defaults.get(tag)
    if own is None and default is None:
        message = f"<{tag}> is not known; its content was kept"
        context.report.add("html.unknown-element", message, span_of(element, context))
        return flow(element, context)
    if tag in _NODELESS and own is None and default is not None:
        return default(element, context) or ()
    if context.depth >= MAX_NODE_DEPTH and len(element):
        message = f"<{tag}> stands too deep; its content was kept"
        context.report.add("nesting.too-deep", message, span_of(element, context))
        return [LineBreak(), *flow(element, context), LineBreak()]
    context.depth += 1
    try:
        found = own(element, context) if own is not None else None
        if found is None:
            found = default(element, context) if default is not None else None
    finally:
        context.depth -= 1
    return flow(element, context) if found is None else found


_HIDDEN_STYLES = ("display:none", "visibility:hidden", "visibility:collapse", "mso-hide:all")
# A word of a class name that begins or ends with "tab", but no table.
_SHOWN_ON_DEMAND = re.compile(r"(?<![a-z])tab(?!le)|tabs?(?![a-z])|panel|accordion|collapse|toggle|spoiler")


def is_hidden(element: Element) -> bool:
    """Whether the page shows nothing of `element`, by `hidden` or by its own style.

    Panels that open on a click count as shown.
    """
    style = element.get("style")
    hidden = element.get("hidden") is not None
    if style and not hidden:
        style = style.lower().replace(" ", "")
        hidden = any(each in style for each in _HIDDEN_STYLES)
        if not hidden and len(element) == 0:
            hidden = any(f"{each};" in f"{style};" for each in ("font-size:0", "font-size:0px", "opacity:0"))
    if not hidden:
        return False
    role = f"{element.get('role', '')} {element.get('class', '')}".lower()
    return not _SHOWN_ON_DEMAND.search(role)


def blocks(element: Element, context: Context) -> Blocks:
    """The content of `element` as blocks; runs of inline content become paragraphs."""
    parted = context.laid_out and element.tag not in _KEEPS_LINES
    return paragraphs(flow(element, context), span_of(element, context), context.gaps, parted)


_KEEPS_LINES = words("li td th dt dd caption figcaption summary")


def paragraphs(
    nodes: Iterable[Block | Inline], span: Span | None = None, gaps: bool = False, parted: bool = False
) -> Blocks:
    """`nodes` with each run of inline nodes as a canonical paragraph; runs that show nothing are left out.

    `parted`: several line ends in a row, or one before an indented line, end a paragraph.
    """
    result: list[Block] = []
    run: list[Inline] = []
    for node in nodes:
        if type(node) in BLOCK_KINDS:
            for part in (_parted(run) if parted else [run]) if run else ():
                _close(part, result, span, gaps)
            run = []
            result.append(node)  # type: ignore[arg-type]
        else:
            run.append(node)  # type: ignore[arg-type]
    for part in (_parted(run) if parted else [run]) if run else ():
        _close(part, result, span, gaps)
    return tuple(result)


_INDENTED = ("\u3000\u3000", "\u00a0\u00a0", "\u2003\u2003")


def _parted(run: list[Inline]) -> list[list[Inline]]:
    """The paragraphs of a run whose author had only line ends to part them."""
    if LineBreak() not in run:
        return [run]
    parts: list[list[Inline]] = [[]]
    breaks = 0
    for node in run:
        if isinstance(node, LineBreak):
            breaks += 1
        elif breaks and is_blank((node,)) and not isinstance(node, (Styled, Math)):
            continue  # white space between line ends
        elif breaks > 1 or (breaks and isinstance(node, Text) and node.text.startswith(_INDENTED)):
            parts.append([node])
            breaks = 0
        else:
            parts[-1].extend([LineBreak()] * breaks)
            parts[-1].append(node)
            breaks = 0
    return [part for part in parts if part]


def _close(run: list[Inline], result: list[Block], span: Span | None, gaps: bool) -> None:
    if gaps or not is_blank(run):
        content = settled(run)
        if content:
            result.append(_paragraph(content, span))


def _paragraph(content: Inlines, span: Span | None) -> Block:
    """A paragraph, or the figure or formula that stands alone in it."""
    if len(content) == 1:
        only = content[0]
        if isinstance(only, Image):
            return model.Figure(only, span=span)
        if isinstance(only, model.Math):
            return MathBlock(only.text, span=span)
    return Paragraph(content, span=span)


def inlines(element: Element, context: Context) -> Inlines:
    """The content of `element` as canonical inlines; a visible line end stands where a block ended."""
    return joined(flow(element, context), context.gaps)


def joined(nodes: Iterable[Block | Inline], gaps: bool = False) -> Inlines:
    """`nodes` as canonical inlines, blocks opened up, a `LineBreak` between what stood on lines of its own."""
    run: list[Inline] = []
    block_before = False
    for node in nodes:
        block = type(node) in BLOCK_KINDS
        if run and (block or block_before) and not isinstance(run[-1], LineBreak):
            run.append(LineBreak())
        block_before = block
        run.extend(_opened(node) if block else (node,))  # type: ignore[arg-type]
    return () if not gaps and is_blank(run) else settled(run)


def _opened(node: Block | Inline | model.Node) -> list[Inline]:
    """The inline content of a block, its own blocks separated by line breaks."""
    parts: list[list[Inline]] = []
    match node:
        case Paragraph() | Heading():
            return list(node.content)
        case CodeBlock():
            return [model.Code(node.text)]
        case MathBlock():
            return [model.Math(node.text)]
        case RawBlock():
            return [model.RawInline(node.format, node.text)]
        case model.Figure():
            parts.append([node.image])
        case model.Embed():
            is_linked = any(isinstance(part, model.Link) for part in walk(Paragraph(node.caption)))
            parts.append([model.Link((Text(node.url),) if is_linked else node.caption or (Text(node.url),), node.url)])
            parts.append(list(node.caption) if is_linked else [])
    for name in ("label", "caption"):
        if getattr(node, name, ()) and not isinstance(node, model.Embed):
            parts.append(list(getattr(node, name)))
    for name in ("content", "items", "rows", "cells"):
        parts.extend(_opened(child) for child in getattr(node, name, ()))
    run: list[Inline] = []
    for part in filter(None, parts):
        if run:
            run.append(LineBreak())
        run.extend(part)
    return run


def wrapped(nodes: Flow, wrap: Callable[[Inlines], Inline]) -> Flow:
    """`nodes` with each run of inlines put into `wrap`, also the runs inside blocks (`<b><p>…</p></b>`)."""
    if BLOCK_KINDS.isdisjoint(map(type, nodes)):
        return [wrap(tuple(nodes))]  # type: ignore[arg-type]
    result: Flow = []
    run: list[Inline] = []
    for node in nodes:
        if type(node) in BLOCK_KINDS:
            if run:
                result.append(wrap(tuple(run)))
                run = []
            result.append(_wrapped_block(node, wrap))  # type: ignore[arg-type]
        else:
            run.append(node)  # type: ignore[arg-type]
    if run:
        result.append(wrap(tuple(run)))
    return result


def _wrapped_block(node: Block, wrap: Callable[[Inlines], Inline]) -> Block:
    if isinstance(node, (Paragraph, Heading)):
        return replace(node, content=settled((wrap(node.content),)))
    if isinstance(node, model.Figure):
        made = wrap((node.image,))
        if not isinstance(made, model.Link):
            return node
        caption = (LineBreak(), *node.caption) if node.caption else ()
        return Paragraph((made, *caption), span=node.span)
    if isinstance(node, (model.BlockQuote, model.Group, model.Callout)):
        return replace(node, content=tuple(_wrapped_block(child, wrap) for child in node.content))
    if isinstance(node, model.List):
        items = tuple(
            replace(item, content=tuple(_wrapped_block(child, wrap) for child in item.content)) for item in node.items
        )
        return replace(node, items=items)
    return node


def shows_something(content: Blocks) -> bool:
    """Whether a person sees anything of `content`: letters, signs, a line, a picture, a formula, something embedded."""
    seen = (Image, Math, MathBlock, RawInline, RawBlock, Embed, model.ThematicBreak)
    if any(isinstance(node, seen) for block in content for node in walk(block)):
        return True
    return any(text_of(block).strip(INVISIBLE) for block in content)


def first_image(nodes: Iterable[Block | Inline]) -> Image | None:
    """The only picture of `nodes`, if there is nothing else to see in them."""
    images: list[Image] = []
    for node in nodes:
        if isinstance(node, Image):
            images.append(node)
        elif isinstance(node, model.Figure) and not node.caption:
            images.append(node.image)
        elif type(node) in BLOCK_KINDS or not is_blank((node,)):  # type: ignore[arg-type]
            return None
    return images[0] if len(images) == 1 else None
