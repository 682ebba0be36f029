"""What each HTML element means in the tree: shared by every reader that meets HTML.

`blocks(element, Context(report, BUILT_IN))` and `inlines` convert the content of an element. A reader
overrides single elements with the `handlers` of its context. Every visible letter is kept; what is
not for reading (scripts, styles, form controls) is discarded and reported.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from article_convert.model import (
    Block,
    BlockQuote,
    Code,
    Emphasis,
    Group,
    Heading,
    Inline,
    Inlines,
    LineBreak,
    Link,
    List,
    ListItem,
    Paragraph,
    Strikethrough,
    Strong,
    Styled,
    Text,
    ThematicBreak,
)
from article_convert.readers.canonical import address, collapsed, opened, unlinked
from article_convert.readers.html import code as html_code
from article_convert.readers.html import math as html_math
from article_convert.readers.html import media as html_media
from article_convert.readers.html import tables as html_tables
from article_convert.readers.html.callouts import callout_of
from article_convert.readers.html.flow import (
    BLOCK_KINDS,
    Context,
    Flow,
    Handler,
    blocks,
    converted,
    first_image,
    flow,
    inlines,
    paragraphs,
    span_of,
    wrapped,
)
from article_convert.readers.html.parse import ELEMENTS, Element, parse_fragment, parse_page, words
from article_convert.readers.html.space import settled, text_nodes

__all__ = [
    "BLOCK_KINDS",
    "BUILT_IN",
    "Context",
    "Element",
    "Flow",
    "Handler",
    "blocks",
    "converted",
    "flow",
    "inlines",
    "list_start",
    "paragraphs",
    "parse_fragment",
    "parse_page",
    "span_of",
]


# --------------------------------------------------------------------------- boxes


def _box(element: Element, context: Context) -> Sequence[Block | Inline]:
    """`div`, `section` and the like: their content, on lines of its own."""
    if element.get("class"):
        formula = html_math.formula_of(element)
        if formula is not None:
            return formula
        made = html_code.box_code(element, context) or callout_of(element, context)
        if made is not None:
            return [made]
    return blocks(element, context)


def _heading(element: Element, context: Context) -> Flow:
    level = int(str(element.tag)[1])
    nodes = inlines(element, context)
    if not nodes:
        return []
    name = _anchor_of(element)
    if name and not element.get("id"):
        nodes = settled(tuple(node for node in nodes if not _is_anchor(node, name)))
    return [Heading(level, nodes, name, span=span_of(element, context))] if nodes else []


def _is_anchor(node: Inline, name: str) -> bool:
    """Whether `node` is only the anchor whose name the heading around it takes."""
    return isinstance(node, Styled) and node.kind == "anchor" and dict(node.attributes).get("id") == name


def _anchor_of(element: Element) -> str:
    """The id of a heading, its own or that of an empty anchor inside it."""
    own = element.get("id")
    if own:
        return own
    for anchor in element.iter("a"):
        if not anchor.get("href") and not anchor.text and not len(anchor):
            return anchor.get("id") or anchor.get("name") or ""
    return ""


def _quote(element: Element, context: Context) -> Flow:
    content = blocks(element, context)
    return [BlockQuote(content, span=span_of(element, context))] if content else []


def _rule(element: Element, context: Context) -> Flow:
    return [ThematicBreak(span=span_of(element, context))]


def _details(element: Element, context: Context) -> Flow:
    label: Inlines = ()
    nodes: Flow = list(text_nodes(element.text or ""))
    summary = element.find("summary")
    for child in element:
        if child is summary:
            label = inlines(child, context)
        else:
            nodes.extend(converted(child, context))
        nodes.extend(text_nodes(child.tail or ""))
    attributes = (("open", ""),) if element.get("open") is not None else ()
    return [Group("details", paragraphs(nodes), label, attributes, span=span_of(element, context))]


def _definitions(element: Element, context: Context) -> Flow:
    """`dl`: a group of terms and definitions; a `div` around some of them is looked through."""
    context.depth += 1
    parts = _definition_parts(element, context)
    context.depth -= 1
    return [Group("definitions", tuple(parts), span=span_of(element, context))] if parts else []


def _definition_parts(element: Element, context: Context) -> list[Block]:
    parts: list[Block] = []
    strays: Flow = list(text_nodes(element.text or ""))
    for child in element:
        if child.tag in {"dt", "dd", "div"}:
            parts.extend(_stray_definition(strays))
            strays = []
        if child.tag == "div":
            parts.extend(_definition_parts(child, context))
        elif child.tag in {"dt", "dd"}:
            kind = "term" if child.tag == "dt" else "definition"
            parts.append(Group(kind, blocks(child, context), span=span_of(child, context)))
        else:
            strays.extend(converted(child, context))
        strays.extend(text_nodes(child.tail or ""))
    return parts + _stray_definition(strays)


def _stray_definition(strays: Flow) -> list[Block]:
    content = paragraphs(strays)
    return [Group("definition", content)] if content else []


# --------------------------------------------------------------------------- lists


def _list(element: Element, context: Context) -> Flow:
    if element.get("class") and html_code.is_gutter(element):
        return []
    items: list[ListItem] = []
    tight = True
    context.depth += 1
    strays: Flow = list(text_nodes(element.text or ""))
    for child in element:
        if child.tag == "li":
            _add_strays(items, strays)
            strays = []
            tight = tight and child.find("p") is None
            items.append(_item(child, context))
        else:
            strays.extend(converted(child, context))
        strays.extend(text_nodes(child.tail or ""))
    _add_strays(items, strays)
    context.depth -= 1
    if not items:
        return []
    ordered = element.tag == "ol"
    return [List(tuple(items), ordered, list_start(element) if ordered else 1, tight, span=span_of(element, context))]


def _add_strays(items: list[ListItem], strays: Flow) -> None:
    """Add what stands in a list but in no item, such as a list inside a list, to the item before it."""
    content = paragraphs(strays)
    if content:
        previous = items.pop() if items else ListItem(())
        items.append(replace(previous, content=previous.content + content))


def _item(element: Element, context: Context) -> ListItem:
    box = next((each for each in element.iter("input") if each.get("type", "").lower() == "checkbox"), None)
    checked = None
    if box is not None and _is_first(box, element):
        checked = box.get("checked") is not None
    return ListItem(blocks(element, context), checked, span=span_of(element, context))


def _is_first(box: Element, item: Element) -> bool:
    """Whether a check box stands before everything else in its item."""
    node: Element | None = box
    while node is not None and node is not item:
        parent = node.getparent()
        if node.getprevious() is not None or (parent is not None and parent.text and parent.text.strip()):
            return False
        node = parent
    return True


def list_start(element: Element) -> int:
    """The number that a list begins with; 1 if its attribute is none."""
    match = re.fullmatch(r"\s*(\d{1,9})\s*", element.get("start") or "1")
    return int(match[1]) if match else 1


# --------------------------------------------------------------------------- inlines


def _marked(kind: type[Strong] | type[Emphasis] | type[Strikethrough], element: Element, context: Context) -> Flow:
    return wrapped(flow(element, context), partial(_made, kind))


def _made(kind: type[Strong] | type[Emphasis] | type[Strikethrough], content: Inlines) -> Inline:
    """`content` as emphasis; emphasis of the same kind directly inside it adds nothing and goes."""
    inner = opened(kind, content)
    return kind(inner) if inner else Text("")


def _styled(element: Element, context: Context) -> Flow:
    tag = str(element.tag)
    kept = {"abbr": "title", "acronym": "title", "time": "datetime"}.get(tag, "")
    value = element.get(kept) if kept else None
    attributes = ((kept, value),) if value else ()
    kind = _STYLED[tag]
    nodes = flow(element, context)
    return wrapped(nodes, lambda content: Styled(kind, content, attributes)) if nodes else []


def _ruby_parenthesis(element: Element, context: Context) -> Flow:
    """`rp` is for programs that cannot show ruby; nobody sees it. One that holds words is only not closed."""
    said = "".join(element.itertext())
    return flow(element, context) if any(map(str.isalnum, said)) else []


_STYLED = {
    **{name: name for name in sorted(words("mark sub sup u kbd small abbr cite dfn ins q samp time var ruby rt"))},
    "acronym": "abbr",
}

_BOLD = re.compile(r"font-weight:\s*(?:bold|[6-9]00)")
_ITALIC = re.compile(r"font-style:\s*(?:italic|oblique)")
_STRUCK = re.compile(r"text-decoration(?:-line)?:[^;]*line-through")


def _span(element: Element, context: Context) -> Sequence[Block | Inline]:
    """`span` and `font`: formulas, and emphasis that a paste left in the style."""
    if element.get("class"):
        formula = html_math.formula_of(element)
        if formula is not None:
            return formula
    nodes = flow(element, context)
    style = element.get("style")
    if style and nodes:
        style = style.lower()
        if _STRUCK.search(style):
            nodes = wrapped(nodes, partial(_made, Strikethrough))
        if _ITALIC.search(style):
            nodes = wrapped(nodes, partial(_made, Emphasis))
        if _BOLD.search(style):
            nodes = wrapped(nodes, partial(_made, Strong))
    return nodes


def _code(element: Element, context: Context) -> Flow:
    text = html_code.code_text(element) if len(element) else element.text or ""
    if element.find(".//img") is not None:
        return flow(element, context)
    text = re.sub(r"[ \t]*\n[ \t]*", " ", text).replace("\t", " ")
    return [Code(text)] if text.strip() else [Text(text)] if text else []


_OWN_LINKS = words(
    "headerlink header-anchor heading-anchor heading-link hash-link anchor anchorjs-link anchor-link permalink"
    " direct-link octicon-link headinglink"
)
_HEADINGS = words("h1 h2 h3 h4 h5 h6")
_SIGNS_OF_LINKS = "¶#§🔗⚓⛓∞\u200b\ufe0f \n\t"


def _is_own_link(element: Element) -> bool:
    """Whether a link only leads to the heading or the definition that it stands in, and shows a sign for that."""
    href = element.get("href") or ""
    if "#" not in href or "".join(element.itertext()).strip(_SIGNS_OF_LINKS):
        return False
    parent = element.getparent()
    in_heading = parent is not None and parent.tag in _HEADINGS and href.startswith("#")
    return in_heading or not _OWN_LINKS.isdisjoint((element.get("class") or "").split())


def _link(element: Element, context: Context) -> Flow:
    if _is_own_link(element) and element.find(".//img") is None:
        target = element.get("id") or element.get("name") or ""
        return [Styled("anchor", (), (("id", target),))] if target in context.targets else []
    nodes = flow(element, context)
    anchor: Flow = []
    name = element.get("id") or element.get("name")
    href = (element.get("href") or "").strip()
    if name and (not href or name in context.targets):
        anchor = [Styled("anchor", (), (("id", name),))]
    if not href:
        return anchor + nodes
    if href.lower().startswith("javascript:"):
        context.report.add("link.unsafe", f"a link that runs code was unlinked: {href[:60]}", span_of(element, context))
        return anchor + nodes
    image = first_image(nodes)
    if image is not None and _is_itself(href, element):
        return [*anchor, replace(image, url=address(context.image(href)))]
    url = address(context.link(href))
    if not url or not nodes:
        return anchor + nodes
    title = collapsed(element.get("title") or "").strip(" ")
    if len(element):
        nodes = unlinked(nodes)  # browsers do not nest links, but broken pages do
    return anchor + wrapped(nodes, lambda content: Link(content, url, title))


_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|bmp|avif)(?:[?!].*)?\Z", re.I)
_SIZE_MARK = re.compile(r"\Ahttps?:|-\d{2,4}x\d{2,4}(?=\.\w+\Z)|[?!].*\Z")


def _is_itself(href: str, element: Element) -> bool:
    """Whether a linked picture only leads to itself in full size."""
    if "highslide" in (element.get("class") or "") and _PICTURE_FILE.search(href):
        return True
    names = ("src", "data-original", "data-src")
    sources = (img.get(name) for img in element.iter("img") for name in names)
    bare = _SIZE_MARK.sub("", href)
    return any(_SIZE_MARK.sub("", source.strip()) == bare for source in sources if source)


def _break(element: Element, context: Context) -> Flow:
    return [LineBreak()]


def _nothing(element: Element, context: Context) -> Flow:
    return []


def _discarded(element: Element, context: Context) -> Flow:
    context.discard(element)
    return []


def _template(element: Element, context: Context) -> Flow:
    """Content for scripts, except where a saved page keeps the shown content of a component in it."""
    if element.get("shadowrootmode") or element.get("shadowmode") or element.get("shadowroot"):
        return list(blocks(element, context))
    context.discard(element)
    return []


def _preformatted(element: Element, context: Context) -> Flow:
    """`textarea`: its text, each line for itself."""
    lines = "".join(element.itertext()).strip("\n").split("\n")
    nodes: Flow = []
    for index, line in enumerate(lines):
        nodes.extend([LineBreak()] if index else [])
        nodes.extend([Text(line)] if line else [])
    content = paragraphs(nodes)
    return list(content) if content and isinstance(content[0], Paragraph) else []


_BOXES = words(
    "address article aside body center dialog div fieldset figcaption footer form header hgroup html legend li main nav"
    " noembed noframes optgroup p search section summary option dt dd"
)

BUILT_IN: dict[str, Handler] = {
    **dict.fromkeys(ELEMENTS, flow),  # what has no meaning of its own: the content alone
    **dict.fromkeys(_BOXES, _box),
    **dict.fromkeys(_STYLED, _styled),
    **dict.fromkeys(("b", "strong"), partial(_marked, Strong)),
    **dict.fromkeys(("i", "em"), partial(_marked, Emphasis)),
    **dict.fromkeys(("s", "strike", "del"), partial(_marked, Strikethrough)),
    **dict.fromkeys(("code", "tt"), _code),
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _list),
    **dict.fromkeys(words("head link meta base title param input area basefont isindex frame"), _nothing),
    **dict.fromkeys(("style", "select", "datalist"), _discarded),
    "rp": _ruby_parenthesis,
    "span": _span,
    "font": _span,
    "a": _link,
    "br": _break,
    "hr": _rule,
    "blockquote": _quote,
    "details": _details,
    "dl": _definitions,
    "template": _template,
    "textarea": _preformatted,
    **html_code.HANDLERS,
    **html_tables.HANDLERS,
    **html_math.HANDLERS,
    **html_media.HANDLERS,
}
