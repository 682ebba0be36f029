"""Read back the HTML that this project writes: every node finds its way home (see the table in `writers.markup`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, get_args

from article_convert.model import (
    Article,
    Attributes,
    Author,
    Block,
    Blocks,
    Callout,
    CalloutKind,
    CodeBlock,
    Embed,
    Figure,
    Group,
    Heading,
    Image,
    Inline,
    Inlines,
    List,
    ListItem,
    Math,
    MathBlock,
    Metadata,
    Notice,
    RawBlock,
    RawInline,
    Span,
    Stats,
    Styled,
)
from article_convert.readers.html.code import code_text
from article_convert.readers.html.container import pieces_around
from article_convert.readers.html.elements import (
    BUILT_IN,
    Context,
    Element,
    Handler,
    blocks,
    converted,
    flow,
    inlines,
    list_start,
    span_of,
)
from article_convert.readers.html.flow import first_image, wrapped
from article_convert.readers.html.head import Head
from article_convert.readers.html.media import image_of
from article_convert.readers.html.notes import note_reader
from article_convert.readers.html.parse import drop
from article_convert.readers.html.select import first, select, text_in
from article_convert.report import Report

__all__ = ["OWN_PAGE", "read_own"]

OWN_PAGE = re.compile(
    r"<meta name=\"generator\" content=\"article_convert|\A\s*<article class=\"article\">"
    r"|<meta name=\"referrer\" content=\"no-referrer\"/>\s*<meta name=\"color-scheme\" content=\"light dark\"/>"
)
_AROUND = "header.title-block, figure.lead, nav.contents, section.footnotes, footer.notices"
_MADE_ID = re.compile(r"h-\d+\Z")

Nodes = Sequence[Block | Inline]


def read_own(root: Element, head: Head, report: Report) -> Article | None:
    """The article of a page that this project wrote, or `None` for a book, whose chapters are many articles."""
    articles = select(root, "article.article")
    if len(articles) != 1:
        return None
    page = articles[0]
    for piece, said, _ in pieces_around(root, page):
        line = piece.sourceline if piece is not None else None
        report.cut("page", "part of the page around the article", said, Span(line) if line else None)
    names = {each.get("id", ""): each.get("data-id", "") for each in select(page, "*[data-id]")}
    notes = {note.get("id", ""): note for note in select(page, "section.footnotes li[id]")}
    for back in select(page, "a.backlink"):
        drop(back)
    metadata = _metadata(page, head)
    for around in select(page, _AROUND):
        if around.getparent() is page and not _holds_text(around):
            drop(around)

    def link(url: str) -> str:
        name = names.get(url[1:], "") if url.startswith("#") else ""
        return f"#{name}" if name else url

    return Article(blocks(page, Context(report, BUILT_IN, handlers=_handlers(notes), link=link, gaps=True)), metadata)


def _holds_text(around: Element) -> bool:
    """Whether blocks of the article stand in what surrounds it: somebody changed the page, and nothing may go."""
    return "footnotes" not in _classes(around) and next(around.iter(*_NEVER_AROUND), None) is not None


_NEVER_AROUND = "blockquote pre table h3 h4 h5 h6".split()


def _handlers(notes: Mapping[str, Element]) -> dict[str, Handler]:
    told = note_reader()

    def superscript(element: Element, context: Context) -> Nodes | None:
        if element.get("class") == "noteref":
            link = first(element, "a[role=doc-noteref]")
            item = notes.get((link.get("href") or "")[1:]) if link is not None else None
            note = told(item, context) if item is not None else None
            if note is not None:
                return [note]
        return _styled(element, context)

    return {**_HANDLERS, "sup": superscript}


def _attributes(element: Element) -> Attributes:
    """The attributes of a node, which the writer printed as `data-…`."""
    kept: list[tuple[str, str]] = []
    for name, value in element.items():
        if name in {"lang", "dir", "title"}:
            kept.append((str(name), str(value)))
        elif str(name).startswith("data-") and name not in {"data-kind", "data-id"}:
            kept.append((str(name)[5:], str(value)))
    return tuple(kept)


def _classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


# --------------------------------------------------------------------------- blocks


_LEVELS = ("1", "2", "3", "4", "5", "6")


def _heading(element: Element, context: Context) -> Nodes:
    made = element.get("id") or ""
    name = element.get("data-id") or ("" if _MADE_ID.match(made) else made)
    given = element.get("data-level") or ""
    level = int(given if given in _LEVELS else str(element.tag)[1])
    return [Heading(level, inlines(element, context), name, span=span_of(element, context))]


def _paragraph(element: Element, context: Context) -> Nodes | None:
    if "embed" in _classes(element):
        return _embed(element, context)
    return None


def _embed(element: Element, context: Context) -> Nodes | None:
    """The link holds the caption, or the address if its class says so; without either it is a paragraph."""
    holder = first(element, "a, span.address")
    if holder is None:
        holder = next(reversed(select(element, "span")), None)
    if holder is None:
        return None
    url = context.link((holder.get("href") or text_in(holder)).strip())
    apart = first(element, "span.caption")
    caption: Inlines = inlines(apart, context) if apart is not None else ()
    if "address" not in _classes(holder):
        caption = inlines(holder, context)
    return [Embed(element.get("data-kind") or "link", url, caption, span=span_of(element, context))]


def _figure(element: Element, context: Context) -> Nodes | None:
    caption = element.find("figcaption")
    if "code" in _classes(element):
        pre = element.find("pre")
        if pre is None:
            return None
        block = _code_block(pre)
        return [replace(block, title="".join(caption.itertext()) if caption is not None else "")]
    held = [child for child in element if child is not caption]
    image = first_image([node for child in held for node in converted(child, context)])
    if image is None:
        return None
    return [Figure(image, inlines(caption, context) if caption is not None else (), span=span_of(element, context))]


def _pre(element: Element, context: Context) -> Nodes:
    classes = _classes(element)
    if "raw" in classes:
        return [RawBlock(element.get("data-format") or "", "".join(element.itertext()))]
    if "math" in classes:
        return [MathBlock(code_text(element))]
    return [replace(_code_block(element), span=span_of(element, context))]


def _code_block(element: Element) -> CodeBlock:
    code = element.find("code")
    language = (code.get("class") or "").removeprefix("language-") if code is not None else ""
    return CodeBlock(code_text(element), language)


def _list(element: Element, context: Context) -> Nodes:
    if element.get("data-kind"):
        return [_group(element, context)]
    items: list[ListItem] = []
    for child in element:
        classes = _classes(child)
        checked = "done" in classes if "task" in classes else None
        context.depth += 1
        items.append(ListItem(blocks(child, context), checked, span=span_of(child, context)))
        context.depth -= 1
    start = list_start(element)
    tight = "loose" not in _classes(element)
    return [List(tuple(items), element.tag == "ol", start, tight, span=span_of(element, context))]


def _callout(element: Element, context: Context) -> Nodes | None:
    kinds = [name.removeprefix("callout-") for name in _classes(element) if name.startswith("callout-")]
    kind: CalloutKind | None = next((each for each in get_args(CalloutKind) if each in kinds), None)
    if kind is None:
        return None
    line = element.find("p")
    label: Inlines = ()
    if line is not None and "callout-label" in _classes(line):
        label = () if "callout-kind" in _classes(line) else inlines(line, context)
        drop(line)
    return [Callout(kind, blocks(element, context), label, span=span_of(element, context))]


def _box(element: Element, context: Context) -> Nodes | None:
    if "group" in _classes(element):
        return [_group(element, context)]
    if "math" in _classes(element):
        math = element.find("math")
        if math is None:
            math = element.find("{http://www.w3.org/1998/Math/MathML}math")
        return [MathBlock(math.get("alttext") or "")] if math is not None else None
    return None


_REPEATED = frozenset({"update-line", "card-cover", "card-link"})


def _group(element: Element, context: Context) -> Group:
    label: Inlines = ()
    previous = element.getprevious()
    if element.tag in {"ol", "ul", "dl"} and previous is not None and "group-label" in _classes(previous):
        label = inlines(previous, context)
    for child in list(element):
        classes = _classes(child)
        if child.tag == "p" and "group-label" in classes:
            label = inlines(child, context)
            drop(child)
        elif child.tag == "summary":
            label = () if first(child, "span.generic") is not None else inlines(child, context)
            drop(child)
        elif not _REPEATED.isdisjoint(classes):
            drop(child)
    kind = element.get("data-kind") or "div"
    attributes = _attributes(element)
    if element.tag == "details" and element.get("open") is not None:
        attributes = (("open", ""), *attributes)
    return Group(kind, _group_content(element, context), label, attributes, span=span_of(element, context))


def _group_content(element: Element, context: Context) -> Blocks:
    """The blocks of a group; what stands in a plain item of a list is one block of it."""
    if element.tag not in {"ol", "ul", "dl"}:
        return blocks(element, context)
    parts: list[Block] = []
    for child in element:
        if child.tag in {"dt", "dd"}:
            kind = "term" if child.tag == "dt" else "definition"
            parts.append(replace(_group(child, context), kind=kind))
        elif "group" in _classes(child):
            parts.append(_group(child, context))
        else:
            parts.extend(blocks(child, context))
    return tuple(parts)


def _details(element: Element, context: Context) -> Nodes:
    return [_group(element, context)]


def _label_before(element: Element) -> bool:
    following = element.getnext()
    return following is not None and following.tag in {"ol", "ul", "dl"} and bool(following.get("data-kind"))


def _labelled_paragraph(element: Element, context: Context) -> Nodes | None:
    if "group-label" in _classes(element) and _label_before(element):
        return ()  # read by the list that follows
    return _paragraph(element, context)


# --------------------------------------------------------------------------- inlines


def _link(element: Element, context: Context) -> Nodes | None:
    classes = _classes(element)
    if "missing-image" in classes and not len(element):
        return [_missing_image(element, context)]
    if "button" in classes:
        attributes = (("url", context.link(element.get("href") or "")), *_attributes(element))
        return wrapped(flow(element, context), lambda content: Styled("button", content, attributes))
    return None


def _missing_image(element: Element, context: Context) -> Image:
    url = element.get("href") or element.get("data-src") or ""
    said = ("data-alt", "title", "data-width", "data-height")
    alt, title, width, height = (element.get(name) or "" for name in said)
    return Image(context.image(url), alt, title, width, height)


def _picture(element: Element, context: Context) -> Nodes | None:
    """A picture inside the page has its own address beside its bytes."""
    address = element.get("data-src")
    return [image_of(element, context, address)] if address else None


def _span(element: Element, context: Context) -> Nodes:
    classes = _classes(element)
    if "box" in classes and "task" in _classes(_parent(element)):
        return ()
    if "missing-image" in classes:
        return [_missing_image(element, context)]
    if "anchor" in classes and not element.get("data-kind"):
        name = element.get("data-id") or element.get("id") or ""
        return [Styled("anchor", (), (("id", name),))]
    return _named(element.get("data-kind") or "span", element, context)


def _parent(element: Element) -> Element:
    """The list item around the box of a task, which may stand in a paragraph of its own."""
    parent = element.getparent()
    while parent is not None and parent.tag in {"p", "span"}:
        parent = parent.getparent()
    return parent if parent is not None else element


def _styled(element: Element, context: Context) -> Nodes:
    return _named(str(element.tag), element, context)


def _named(kind: str, element: Element, context: Context) -> Nodes:
    attributes = _attributes(element)
    if kind == "time" and element.get("datetime"):
        attributes = (("datetime", element.get("datetime") or ""), *attributes)
    nodes = flow(element, context)
    if not nodes:
        return [Styled(kind, (), attributes)]
    return wrapped(nodes, lambda content: Styled(kind, content, attributes))


def _code(element: Element, context: Context) -> Nodes | None:
    text = "".join(element.itertext())
    if "raw" in _classes(element):
        return [RawInline(element.get("data-format") or "", text)]
    if "math" in _classes(element):
        return [Math(text)]
    return None


_HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), _heading),
    **dict.fromkeys(("ul", "ol"), _list),
    **dict.fromkeys(("mark", "sub", "u", "kbd", "small", "abbr", "cite", "ins", "q", "samp", "var", "bdi"), _styled),
    **dict.fromkeys(("time", "ruby", "rt"), _styled),
    "p": _labelled_paragraph,
    "figure": _figure,
    "pre": _pre,
    "aside": _callout,
    "div": _box,
    "dl": _details,
    "details": _details,
    "a": _link,
    "img": _picture,
    "span": _span,
    "code": _code,
}


# --------------------------------------------------------------------------- metadata


def _metadata(page: Element, head: Head) -> Metadata:
    """JSON-LD has nearly everything; counters and statements stand only in the page."""
    data: dict[str, Any] = head.json_ld
    authors = tuple(
        Author(_said(person, "name"), _said(person, "url"))
        for person in _listed(data, "author")
        if isinstance(person, dict)
    )
    return Metadata(
        title=_said(data, "headline"),
        description=_said(data, "description"),
        authors=authors,
        published=_moment(_said(data, "datePublished")),
        modified=_moment(_said(data, "dateModified")),
        language=_said(data, "inLanguage"),
        source_url=_said(data, "url"),
        site=_said(data.get("isPartOf") or {}, "name"),
        publisher=_said(data.get("publisher") or {}, "name"),
        category=_said(data, "articleSection"),
        tags=tuple(tag for tag in _listed(data, "keywords") if isinstance(tag, str)),
        summary=_said(data, "abstract"),
        lead_image=_said(data, "image"),
        stats=_stats(page),
        notices=tuple(_notice(line) for line in select(page, "footer.notices p[data-kind]")),
        origins=(("", "page written by article_convert"),),
    )


def _said(data: Any, name: str) -> str:
    value = data.get(name, "") if isinstance(data, dict) else ""
    return value if isinstance(value, str) else ""


def _listed(data: dict[str, Any], name: str) -> list[Any]:
    value = data.get(name)
    return value if isinstance(value, list) else []


def _moment(text: str) -> date | datetime | None:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None


_MOST_DIGITS = 15


def _stats(page: Element) -> Stats:
    counted: dict[str, int] = {}
    for each in select(page, "p.stats span[data-stat]"):
        digits = re.sub(r"\D", "", re.match(r"[\d\s,.\u202f]*", text_in(each))[0])  # type: ignore[index]
        name = each.get("data-stat") or ""
        if 0 < len(digits) <= _MOST_DIGITS and name in Stats.__dataclass_fields__:
            counted[name] = int(digits)
    return Stats(**counted)


def _notice(line: Element) -> Notice:
    kind = first(line, "span.notice-kind")
    if kind is not None:
        drop(kind)
    return Notice(line.get("data-kind") or "", "".join(line.itertext()).strip())
