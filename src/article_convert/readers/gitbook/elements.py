"""What GitBook means by the HTML elements that it writes: see `html`, which hands these handlers on.

A handler gives the nodes for one element, or `None` where the element means what it means on any
page. What a file cannot show (buttons of the site, icons, expressions about the visitor) is left
out; its text is in the removals of the report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from article_convert.model import (
    Attributes,
    Block,
    Callout,
    Code,
    Embed,
    Figure,
    Group,
    Image,
    Inline,
    Link,
    Note,
    Paragraph,
    Styled,
    Text,
)
from article_convert.readers.canonical import address, unlinked
from article_convert.readers.gitbook.context import Context
from article_convert.readers.gitbook.expressions import value_of
from article_convert.readers.gitbook.icons import character_of, is_placeholder, name_of
from article_convert.readers.gitbook.names import STYLES
from article_convert.readers.gitbook.tables import table
from article_convert.readers.html import elements as html_elements
from article_convert.readers.html.code import code_block
from article_convert.readers.html.flow import Flow, Handler, blocks, converted, flow, inlines, span_of, wrapped
from article_convert.readers.html.media import image_of
from article_convert.readers.html.parse import Element
from article_convert.report import Removal
from article_convert.tree import text_of, walk

__all__ = ["handlers"]

Shared = html_elements.Context
Nodes = Sequence[Block | Inline] | None

_LINE_HEIGHT = "20"
"""CSS pixels of a picture with `data-size="line"`, which is as high as the text around it."""
_ANCHOR_PREFIX = re.compile(r"^user-?content-?")
_COLOUR = re.compile(r"(?:^|;)\s*(background-)?color:\s*\$?([A-Za-z]+)\s*(?=;|$)")
_USER = re.compile(r"https?://app\.gitbook\.com/u/")
_CONTROLS = frozenset({"ask", "search"})


def handlers(context: Context) -> dict[str, Handler]:
    """The handlers by element name, for the page that `context` belongs to."""

    def code(element: Element, shared: Shared) -> Nodes:
        return _expression(element, shared, context) if element.get("class") == "expression" else _code(element, shared)

    return {**_HANDLERS, "code": code}


# --------------------------------------------------------------------------- inlines


def _expression(element: Element, shared: Shared, context: Context) -> Nodes:
    source = text_of(tuple(inlines(element, shared)))
    value = value_of(source, context.surroundings.variables)
    _remove("expression", "only GitBook's site can show its value", source, element, shared)
    if value is None:
        message = f"the expression {source[:80]!r} has no value here; it was left out"
        shared.report.add("gitbook.expression", message, span_of(element, shared))
        return []
    return [Text(value)] if value else []


def _code(element: Element, shared: Shared) -> Nodes:
    """Code in a line: runs of Markdown inside the tags count as their text."""
    if not any(child.tag == "markdown-run" for child in element):
        return None
    content = inlines(element, shared)
    if any(isinstance(node, (Image, Note)) for node in walk(Paragraph(content))):
        return content
    text = " ".join(text_of(content).split())
    return [Code(text)] if text else []


def _icon(element: Element, shared: Shared) -> Nodes:
    """`<i class="fa-check">:check:</i>`; any other `i` is italic."""
    name = name_of(element.get("class") or "")
    if not name:
        return None
    text = "".join(element.itertext()).strip()
    if len(element) or not is_placeholder(text, name):
        return flow(element, shared)
    _remove("icon", "the name of an icon, not a word of the text", text, element, shared)
    character = character_of(name)
    return [Text(character)] if character else []


def _anchor(element: Element, shared: Shared) -> Nodes:
    """A link, a link target (`<a href="#x" id="x"></a>`), or the mention of a page or a person."""
    href = (element.get("href") or "").strip()
    name = element.get("id") or element.get("name") or ""
    is_empty = not len(element) and not (element.text or "").strip()
    if name and is_empty:
        return [Styled("anchor", (), (("id", _ANCHOR_PREFIX.sub("", name)),))]
    if href and is_empty:
        _remove("empty-link", "a link without a text shows nothing", href, element, shared)
        return []
    if element.get("data-mention") is None and element.get("title") != "mention":
        return _expressionless(element, href, shared) if element.find("code[@class='expression']") is not None else None
    nodes = flow(element, shared)
    if _USER.match(href):
        _remove("mention", "only members of the site can follow it", href, element, shared)
        return nodes
    return wrapped(unlinked(nodes), lambda content: Link(content, address(href), "mention")) if href else nodes


def _expressionless(element: Element, href: str, shared: Shared) -> Nodes:
    """A link whose text is an expression: its address stands for a value that is not known."""
    nodes = flow(element, shared)
    text = unlinked(nodes) or [Text(href)]
    return wrapped(text, lambda content: Link(content, address(href))) if href else nodes


def _mark(element: Element, shared: Shared) -> Nodes:
    """Coloured text. Colours are GitBook's names (`red`, `primary`), never values."""
    nodes = flow(element, shared)
    attributes: Attributes = tuple(
        ("background" if background else "color", name.lower())
        for background, name in _COLOUR.findall(element.get("style") or "")
        if name.lower() != "default"
    )
    return wrapped(nodes, lambda content: Styled("mark", content, attributes)) if nodes else []


def _button(element: Element, shared: Shared) -> Nodes:
    """A button that opens the site's search or assistant means nothing in a file."""
    action = element.get("data-action") or ""
    if action not in _CONTROLS:
        return None
    text = " ".join("".join(element.itertext()).split())
    query = element.get("data-query") or ""
    _remove("control", f"a button that opens the site's {action}", f"{text} {query}".strip(), element, shared)
    message = f"a button for the site's {action} was dropped: {text[:60]}"
    shared.report.add("gitbook.dropped-control", message, span_of(element, shared))
    return []


def _image(element: Element, shared: Shared) -> Nodes:
    """A drawing stands by itself under its caption; a picture of line height is that small."""
    if "gitbook-drawing" in (element.get("class") or ""):
        image = image_of(element, shared)
        caption = (Text(image.alt),) if image.alt else ()
        return [Figure(replace(image, alt=""), caption, span=span_of(element, shared))]
    if element.get("data-size") == "line" and not element.get("width") and not element.get("height"):
        return [replace(image_of(element, shared), height=_LINE_HEIGHT)]
    return None


def _remove(rule: str, reason: str, text: str, element: Element, shared: Shared) -> None:
    if text:
        removal = Removal(f"gitbook.{rule}", reason, text, span_of(element, shared), shared.report.source)
        shared.report.removals.append(removal)


# --------------------------------------------------------------------------- blocks


def _pre(element: Element, shared: Shared) -> Nodes:
    """Code whose lines GitBook marks with `<strong>`; the marks are no part of the code."""
    runs = list(element.iter("markdown-run"))
    for run in runs:  # a blank line in code that stands in another HTML block
        run.text = text_of(tuple(converted(run, shared)))  # type: ignore[arg-type]
    block = code_block(element, shared, element.get("data-title") or "")
    return [replace(block, text=re.sub(r"\n{2,}", "\n", block.text).strip("\n")) if runs else block]


_CUSTOM = {name: name for name in ("tabs", "tab", "step", "columns", "column", "update")} | {"stepper": "steps"}
_EMBEDS = {"content-ref": "page", "embed": "link", "file": "file"}


def _box(element: Element, shared: Shared) -> Nodes:
    """`<div>`: a block of GitBook's as HTML (in lists of old pages), a gallery, or any box."""
    name = element.get("data-tag") or ""
    if element.get("data-gb-custom-block") is None:
        return _gallery(element, shared)
    url, title = element.get("data-url") or element.get("data-src"), element.get("data-title") or ""
    if name == "hint":
        kind = STYLES.get(element.get("data-style") or "", "info")
        return [Callout(kind, blocks(element, shared), span=span_of(element, shared))]
    if name in _EMBEDS and url:
        caption = inlines(element, shared) if name != "content-ref" else ()
        if name == "content-ref":
            _remove("pointer", "GitBook shows the title of the page instead", _everything(element), element, shared)
        return [Embed(_EMBEDS[name], address(url), caption, span=span_of(element, shared))]
    if name in _CUSTOM:
        label = (Text(title),) if title else ()
        return [Group(_CUSTOM[name], blocks(element, shared), label, span=span_of(element, shared))]
    return None


def _everything(element: Element) -> str:
    return " ".join([*element.itertext(), *(link.get("href", "") for link in element.iter("a"))])


def _gallery(element: Element, shared: Shared) -> Nodes:
    """`<div>` around several figures."""
    figures = [child for child in element if child.tag == "figure"]
    if len(figures) < 2 or len(figures) != len(element):
        return None
    if any((each.tail or "").strip() for each in figures) or (element.text or "").strip():
        return None
    nodes: Flow = [node for each in figures for node in converted(each, shared)]
    pictures = tuple(Figure(node) if isinstance(node, Image) else node for node in nodes)
    if not all(isinstance(node, Figure) for node in pictures):
        return None
    return [Group("gallery", pictures, span=span_of(element, shared))]  # type: ignore[arg-type]


def _summary(element: Element, shared: Shared) -> Nodes:
    """A summary without `<details>` around it: its text on a line of its own."""
    return blocks(element, shared)


_HANDLERS: dict[str, Handler] = {
    "i": _icon,
    "a": _anchor,
    "mark": _mark,
    "button": _button,
    "img": _image,
    "pre": _pre,
    "div": _box,
    "summary": _summary,
    "table": table,
}
