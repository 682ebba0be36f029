"""Named groups of blocks as XHTML: each is a labelled box, a list or a disclosure.

A group prints its frame; what is inside is printed by the function handed in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from article_convert.model import Block, Blocks, Group, Heading, Image, Paragraph
from article_convert.tree import walk
from article_convert.writers.labels import date_text
from article_convert.writers.markup.escape import attribute, escaped, quoted
from article_convert.writers.markup.inlines import data_attributes, image, inlines
from article_convert.writers.markup.page import Page

__all__ = ["group"]

Printer: TypeAlias = Callable[[Blocks, Page, list[str]], None]

_LISTS = {"steps": ("ol", "step"), "cards": ("ul", "card")}
_CLASS = re.compile(r"[^a-z0-9_-]+")
_WIDTH = re.compile(r"((?:100|[1-9]?\d)(?:\.\d{1,20})?)%")


def group(node: Group, page: Page, out: list[str], blocks: Printer) -> None:
    """Append a group to `out`."""
    if node.kind in _LISTS:
        _list(node, page, out, blocks)
    elif node.kind == "details":
        _details(node, page, out, blocks)
    elif node.kind == "definitions" and _is_definition_list(node):
        _definitions(node, page, out, blocks)
    else:
        _box("div", node, page, out, blocks)


def _frame(node: Group, more: str = "") -> str:
    """The attributes that say what a group is: `class` for style sheets, `data-kind` for readers."""
    kind = _CLASS.sub("-", node.kind.lower()).strip("-")
    names = f"group {kind}".strip()
    return f' class="{names}"{attribute("data-kind", node.kind)}{more}{data_attributes(node.attributes)}'


def _box(tag: str, node: Group, page: Page, out: list[str], blocks: Printer) -> None:
    attributes = dict(node.attributes)
    out.append(f"<{tag}{_frame(node, _share(node, attributes, page))}>\n")
    if node.kind == "card" and attributes.get("cover"):
        out.append('<p class="card-cover">')
        image(Image(attributes["cover"], attributes.get("cover-alt", "")), page, out)
        out.append("</p>\n")
    if node.kind == "update":
        _update_line(attributes, page, out)
    _label(node, page, out)
    blocks(node.content, page, out)
    if node.kind == "card":
        _card_link(node, attributes, page, out)
    out.append(f"</{tag}>\n")


def _share(node: Group, attributes: dict[str, str], page: Page) -> str:
    """The part of the line that a column takes. Books for small screens set columns one below the other."""
    width = _WIDTH.fullmatch(attributes.get("width", ""))
    return f' style="flex-grow:{width[1]}"' if width and node.kind == "column" and page.target != "epub" else ""


def _label(node: Group, page: Page, out: list[str]) -> None:
    if node.label:
        out.append('<p class="group-label">')
        inlines(node.label, page, out)
        out.append("</p>\n")


def _list(node: Group, page: Page, out: list[str], blocks: Printer) -> None:
    tag, kind = _LISTS[node.kind]
    _label(node, page, out)
    if not node.content:
        return
    out.append(f"<{tag}{_frame(node)}>\n")
    for child in node.content:
        if isinstance(child, Group) and child.kind == kind:
            _box("li", child, page, out, blocks)
        else:
            out.append("<li>\n")
            blocks((child,), page, out)
            out.append("</li>\n")
    out.append(f"</{tag}>\n")


def _details(node: Group, page: Page, out: list[str], blocks: Printer) -> None:
    """Folded away on pages; open, with its label in bold, where nothing can be unfolded."""
    if page.target != "html":
        out.append(f'<div{_frame(node)}>\n<p class="group-label"><strong>')
    else:
        opened = ' open="open"' if any(name == "open" for name, _ in node.attributes) else ""
        rest = tuple(pair for pair in node.attributes if pair[0] != "open")
        out.append(f"<details{_frame(replace(node, attributes=rest), opened)}>\n<summary>")
    if node.label:
        inlines(node.label, page, out)
    else:
        out.append(f'<span class="generic">{page.word("details")}</span>')
    out.append("</summary>\n" if page.target == "html" else "</strong></p>\n")
    blocks(node.content, page, out)
    out.append("</details>\n" if page.target == "html" else "</div>\n")


def _update_line(attributes: dict[str, str], page: Page, out: list[str]) -> None:
    """The date and tags of an entry in a list of changes."""
    said: list[str] = []
    if day := attributes.get("date", ""):
        try:
            shown = date_text(page.language, date.fromisoformat(day))
            said.append(f'<time datetime="{quoted(day)}">{shown}</time>')
        except ValueError:
            said.append(escaped(day))
    tags = [tag.strip() for tag in attributes.get("tags", "").split(",")]
    said += [f'<span class="tag">{escaped(tag)}</span>' for tag in tags if tag]
    if said:
        out.append(f'<p class="update-line">{" ".join(said)}</p>\n')


def _card_link(node: Group, attributes: dict[str, str], page: Page, out: list[str]) -> None:
    url = attributes.get("url") or attributes.get("target") or attributes.get("href", "")
    href = page.href(url, node.span) if url else ""
    if href:
        out.append(f'<p class="card-link"><a href="{quoted(href)}">{page.word("open")}</a></p>\n')


def _is_definition_list(node: Group) -> bool:
    """Whether HTML can hold it: terms, each run of them followed by definitions, no headings in terms."""
    kinds = [child.kind if isinstance(child, Group) else "" for child in node.content]
    if not kinds or set(kinds) != {"term", "definition"} or kinds[0] != "term" or kinds[-1] != "definition":
        return False
    terms = (child for child, kind in zip(node.content, kinds, strict=True) if kind == "term")
    return not any(_has_sections(child) for child in terms)


def _has_sections(block: Block) -> bool:
    return any(isinstance(node, Heading) or (isinstance(node, Group) and node is not block) for node in walk(block))


def _definitions(node: Group, page: Page, out: list[str], blocks: Printer) -> None:
    _label(node, page, out)
    out.append(f"<dl{_frame(node)}>\n")
    for child in node.content:
        assert isinstance(child, Group)
        tag = "dt" if child.kind == "term" else "dd"
        out.append(f"<{tag}{data_attributes(child.attributes)}>")
        _label(child, page, out)
        if len(child.content) == 1 and isinstance(child.content[0], Paragraph):
            inlines(child.content[0].content, page, out)
        else:
            blocks(child.content, page, out)
        out.append(f"</{tag}>\n")
    out.append("</dl>\n")
