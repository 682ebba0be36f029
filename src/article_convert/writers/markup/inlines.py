"""Running text as XHTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from article_convert.languages import language_tag
from article_convert.model import (
    Attributes,
    Blocks,
    Code,
    Emphasis,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    List,
    Math,
    Note,
    Paragraph,
    RawInline,
    SoftBreak,
    Strikethrough,
    Strong,
    Styled,
    Text,
)
from article_convert.report import shown
from article_convert.tree import text_of, walk
from article_convert.writers.labels import labelled
from article_convert.writers.markup.addresses import safe_address, scheme
from article_convert.writers.markup.escape import attribute, escaped, quoted
from article_convert.writers.markup.mathml import mathml, written_mathml
from article_convert.writers.markup.page import Page, anchor_name

__all__ = ["data_attributes", "image", "inlines", "is_linkable", "missing_image"]


def inlines(content: Inlines, page: Page, out: list[str]) -> None:
    """Append `content` to `out`."""
    for node in content:
        match node:
            case Text():
                out.append(escaped(node.text))
            case Strong():
                _wrapped("strong", node.content, page, out)
            case Link():
                _link(node, page, out)
            case SoftBreak():
                out.append("\n")
            case Code():
                out.append(f"<code>{escaped(node.text)}</code>")
            case LineBreak():
                out.append("<br/>\n")
            case Emphasis():
                _wrapped("em", node.content, page, out)
            case Image():
                image(node, page, out)
            case Strikethrough():
                _wrapped("del", node.content, page, out)
            case Styled():
                _styled(node, page, out)
            case Note():
                _note(node, page, out)
            case Math():
                out.append(_math(node, page))
            case RawInline(format="mathml") if formula := written_mathml(node.text, page=page):
                out.append(formula)
            case RawInline():
                page.report.add("raw.shown-as-code", f"{node.format} is shown as code", node.span)
                out.append(f'<code class="raw"{attribute("data-format", node.format)}>{escaped(node.text)}</code>')
            case _:
                assert_never(node)


def _wrapped(tag: str, content: Inlines, page: Page, out: list[str]) -> None:
    out.append(f"<{tag}>")
    inlines(content, page, out)
    out.append(f"</{tag}>")


def _math(node: Math, page: Page) -> str:
    formula = mathml(node.text, display=False, page=page)
    if formula:
        return formula
    page.report.add("math.as-code", f"a formula is shown as TeX: {node.text[:60]}", node.span)
    return f'<code class="math">{escaped(node.text)}</code>'


# ------------------------------------------------------------------------------- links


def _link(node: Link, page: Page, out: list[str]) -> None:
    href = page.href(node.url, node.span) if page.waiting is None else ""
    if not href:
        inlines(node.content, page, out)
    elif page.target == "pdf":
        for piece in _spread(node.content, replace(node, url=href)):
            _printed_spread(piece, href, page, out)
    else:
        _anchor(node, href, page, out)


def _anchor(node: Link, href: str, page: Page, out: list[str]) -> None:
    """A link around its content; the marks of footnotes in it stand after it."""
    start = len(out)
    out.append("")
    page.waiting = []
    inlines(node.content, page, out)
    name = ""
    if not _has_name(node.content):  # a link that says nothing cannot be followed by ear
        if any(type(child) is Image for child in node.content):
            name = attribute("aria-label", node.title or node.url)
        else:
            out.append(escaped(node.url))
    elif not _is_read_out(node.content):  # screen readers do not name a link after a formula in it
        name = attribute("aria-label", text_of(node.content))
    out[start] = f'<a href="{quoted(href)}"{attribute("title", node.title)}{name}>'
    out.append("</a>")
    out += page.waiting
    page.waiting = None


def _has_name(content: Inlines) -> bool:
    first = content[0] if content else None
    if isinstance(first, Text) and first.text.strip():  # nearly always
        return True
    return bool(text_of(content).strip()) or any(isinstance(node, Image) and node.alt for node in content)


def _is_read_out(content: Inlines) -> bool:
    """Whether there is anything in a link but formulas."""
    if isinstance(content[0], Text) and content[0].text.strip():
        return True
    nodes = [node for each in content for node in walk(each)]
    shown = (
        node.alt if isinstance(node, Image) else getattr(node, "text", "") for node in nodes if type(node) is not Math
    )
    return any(each.strip() for each in shown) or all(type(node) is not Math for node in nodes)


def _spread(content: Inlines, link: Link) -> Iterator[Inline]:
    """`content` with `link` moved inwards, around each piece of text.

    WeasyPrint tags a link for screen readers only if nothing but text stands in it.
    """
    for node in content:
        match node:
            case Strong() | Emphasis() | Strikethrough():
                yield replace(node, content=tuple(_spread(node.content, link)))
            case SoftBreak() | LineBreak() | Note():
                yield node
            case _:
                yield replace(link, content=(node,))


def _printed_spread(node: Inline, href: str, page: Page, out: list[str]) -> None:
    match node:
        case Strong() | Emphasis() | Strikethrough():
            tag = {Strong: "strong", Emphasis: "em", Strikethrough: "del"}[type(node)]
            out.append(f"<{tag}>")
            for piece in node.content:
                _printed_spread(piece, href, page, out)
            out.append(f"</{tag}>")
        case Link(content=(Code(text=text),)):
            out.append(f'<code><a href="{quoted(href)}">{escaped(text)}</a></code>')
        case Link():
            _anchor(node, href, page, out)
        case _:
            inlines((node,), page, out)


def is_linkable(content: Inlines) -> bool:
    """Whether `content` may stand inside a link: it says something and holds no link of its own."""
    return _has_name(content) and not any(_holds_link(node) for node in content)


def _holds_link(node: Inline) -> bool:
    if isinstance(node, (Link, Note)) or (isinstance(node, Styled) and node.kind == "button"):
        return True
    content = getattr(node, "content", ())
    return any(_holds_link(child) for child in content)


# ---------------------------------------------------------------------------- pictures

_PIXELS = re.compile(r"[1-9]\d{0,4}")
_PERCENT = re.compile(r"(?:100|[1-9]?\d)(?:\.\d{1,6})?%")


def image(node: Image, page: Page, out: list[str]) -> None:
    """A picture, with its variant for dark screens if that is at hand, or what stands for it."""
    src = page.picture(node)
    if not src:
        out.append(missing_image(node, page))
        return
    came_from = attribute("data-src", node.url) if src.startswith("data:") else ""
    said = f'alt="{quoted(node.alt)}"{attribute("title", node.title)}'
    printed = f'<img src="{quoted(src)}" {said}{_size(node)}{came_from}/>'
    if node.dark_url and page.target == "html" and (dark := page.picture(replace(node, url=node.dark_url))):
        source = f'<source media="(prefers-color-scheme: dark)" srcset="{quoted(dark)}"/>'
        printed = f"<picture>{source}{printed}</picture>"
    out.append(printed)


def _size(node: Image) -> str:
    printed = ""
    if _PIXELS.fullmatch(node.width):
        printed = f' width="{node.width}"'
    elif _PERCENT.fullmatch(node.width):
        printed = f' style="width:{node.width}"'
    if _PIXELS.fullmatch(node.height):
        printed += f' height="{node.height}"'
    return printed


def missing_image(node: Image, page: Page) -> str:
    """The alternative text and address of a picture that is not at hand; reports `image.missing`."""
    if not page.report.is_explained(node.url):
        page.report.add("image.missing", f"picture {shown(node.url)!r}: it is not at hand", node.span)
    said = labelled(page.language, "picture", node.alt)
    held = (
        f"{attribute('data-alt', node.alt)}{attribute('title', node.title)}"
        f"{attribute('data-width', node.width)}{attribute('data-height', node.height)}"
    )
    href = safe_address(node.url)
    # A picture with a relative address was looked for where that leads, and is not there.
    if page.waiting is not None or not scheme(href):
        return f'<span class="missing-image"{attribute("data-src", href)}{held}>{escaped(said)}</span>'
    return f'<a class="missing-image" href="{quoted(href)}"{held}>{escaped(said)}</a>'


# ------------------------------------------------------------------------------- notes


def _note(node: Note, page: Page, out: list[str]) -> None:
    if page.target == "pdf":
        out.append('<span class="footnote">')
        _in_place(node.content, page, out)
        out.append("</span>")
        return
    page.notes.append(node)
    number = len(page.notes)
    own = f' id="{page.new_id(f"ref-{number}")}"'
    link = f'href="#{page.prefix}note-{number}" role="doc-noteref"'
    # In a book the link itself is what the note leads back to: Kindle asks for links in both directions.
    mark = (
        f'<sup class="noteref"><a{own} {link} epub:type="noteref">{number}</a></sup>'
        if page.target == "epub"
        else f'<sup class="noteref"{own}><a {link}>{number}</a></sup>'
    )
    (out if page.waiting is None else page.waiting).append(mark)


def _in_place(content: Blocks, page: Page, out: list[str]) -> None:
    """Blocks inside a line of text: each is a `span`, as HTML allows no blocks there."""
    for block in content:
        out.append('<span class="note-line">')
        match block:
            case Paragraph():
                inlines(block.content, page, out)
            case List():
                for number, item in enumerate(block.items, block.start):
                    out.append(f"{number}. " if block.ordered else "• ")
                    _in_place(item.content, page, out)
            case _:
                out.append(escaped(text_of(block).strip()))
        out.append("</span>")


# ------------------------------------------------------------------------ named styles

_TAGS = frozenset(
    {"mark", "sub", "sup", "u", "kbd", "small", "abbr", "cite", "ins", "q", "samp", "var", "bdi"}
)  # fmt: skip
_DIRECTIONS = {("dir", "ltr"), ("dir", "rtl"), ("dir", "auto")}
_DATE = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|1\d|2[0-8]))?")
_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_CLASS = re.compile(r"[^a-z0-9_-]+")


def _styled(node: Styled, page: Page, out: list[str]) -> None:
    attributes = dict(node.attributes)
    match node.kind:
        case kind if kind in _TAGS:
            out.append(f"<{kind}{data_attributes(node.attributes)}>")
            inlines(node.content, page, out)
            out.append(f"</{kind}>")
        case "anchor":
            name = attributes.get("id", "")
            if name:
                out.append(f'<span class="anchor" id="{page.new_id(anchor_name(name))}"{named(name, page)}></span>')
            inlines(node.content, page, out)
        case "ruby" if _is_ruby(node.content):
            _ruby(node, page, out)
        case "time" if _DATE.fullmatch(attributes.get("datetime", "")):
            out.append(f'<time datetime="{attributes["datetime"]}">')
            inlines(node.content, page, out)
            out.append("</time>")
        case "button" if page.waiting is None and (url := attributes.get("url") or attributes.get("href", "")):
            _button(node, url, page, out)
        case _:
            _span(node, page, out)


def named(name: str, page: Page) -> str:
    """The name of a link target as its author wrote it, where a reader of HTML may want it back."""
    return attribute("data-id", name) if page.target == "html" and anchor_name(name) != name else ""


def _span(node: Styled, page: Page, out: list[str]) -> None:
    kind = _CLASS.sub("-", node.kind.lower()).strip("-")
    hidden = ' aria-hidden="true"' if kind == "icon" and not node.content else ""
    named_class = "" if kind == "span" else f"{attribute('class', kind)}{attribute('data-kind', node.kind)}"
    out.append(f"<span{named_class}{hidden}{data_attributes(node.attributes)}>")
    inlines(node.content, page, out)
    out.append("</span>")


def _button(node: Styled, url: str, page: Page, out: list[str]) -> None:
    href = page.href(url, node.span)
    if not href or not is_linkable(node.content):
        _span(node, page, out)
        return
    rest = tuple(pair for pair in node.attributes if pair[0] not in {"url", "href"})
    out.append(f'<a class="button" href="{quoted(href)}"{data_attributes(rest)}>')
    inlines(node.content, page, out)
    out.append("</a>")


def data_attributes(attributes: Attributes) -> str:
    """Attributes that nothing acts on, as `data-…`; `lang`, `dir` and `title` as themselves.

    A name that HTML cannot hold is left out: attributes are never part of the text.
    """
    printed: dict[str, str] = {}
    for name, value in attributes:
        lower = name.lower()
        if lower == "lang" and (tag := language_tag(value)):
            printed.setdefault(lower, tag)
        elif lower == "title" or (lower, value) in _DIRECTIONS:
            printed.setdefault(lower, value)
        elif _NAME.fullmatch(lower) and lower != "kind":
            printed.setdefault(f"data-{lower}", value)
    return "".join(f' {name}="{quoted(value)}"' for name, value in printed.items())


def _is_ruby(content: Inlines) -> bool:
    """Whether HTML can hold it: text first, then readings, and no ruby inside ruby."""
    kinds = [node.kind if isinstance(node, Styled) else "" for node in content]
    if not kinds or kinds[0] in {"rt", "rp"} or "rt" not in kinds or kinds[-1] not in {"rt", "rp"}:
        return False
    bases = [node for node, kind in zip(content, kinds, strict=True) if kind not in {"rt", "rp"}]
    return not any(_holds_ruby(node) for node in (*bases, *_insides(content)))


def _insides(content: Inlines) -> Iterator[Inline]:
    for node in content:
        if isinstance(node, Styled) and node.kind in {"rt", "rp"}:
            yield from node.content


def _holds_ruby(node: Inline) -> bool:
    if isinstance(node, Styled) and node.kind in {"ruby", "rt", "rp"}:
        return True
    content = getattr(node, "content", ())
    return any(_holds_ruby(child) for child in content)


def _ruby(node: Styled, page: Page, out: list[str]) -> None:
    """Base and reading; parentheses are only printed around a reading that stands alone."""
    out.append("<ruby>")
    for child in node.content:
        if isinstance(child, Styled) and child.kind == "rt":
            out.append("<rp>(</rp><rt>")
            inlines(child.content, page, out)
            out.append("</rt><rp>)</rp>")
        elif not (isinstance(child, Styled) and child.kind == "rp"):
            inlines((child,), page, out)
    out.append("</ruby>")
