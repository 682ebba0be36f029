"""Plain Markdown: CommonMark with GFM tables, tasks, strikethrough, footnotes and alerts.

Promised: every strict parser reads back the structure that was written, and so does the GitBook
reader of this library; reading and writing again gives the same bytes. Lines are never wrapped,
one blank line stands between blocks, and a backslash stands only where it is needed.
What Markdown cannot hold is said with what it can: see `groups` and `html`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from article_convert.contract import BROWSER_PICTURES, Writer
from article_convert.model import Article, Document, Heading, Link, Metadata, Resource, Text
from article_convert.options import option
from article_convert.report import Report
from article_convert.tree import text_of, walk
from article_convert.writers.links import whole_links
from article_convert.writers.markdown.blocks import blocks, print_notes
from article_convert.writers.markdown.book import book_parts
from article_convert.writers.markdown.escape import CONTROLS
from article_convert.writers.markdown.front import facts, front_matter
from article_convert.writers.markdown.inline import inline
from article_convert.writers.markdown.state import MarkdownState

__all__ = ["WRITER", "MarkdownOptions", "write_markdown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownOptions:
    """How much is written around the text, and in which flavour."""

    front_matter: bool = option(True, "YAML with all that is known about the article; a title alone needs none")
    header: Literal["title", "full", "none"] = option(
        "title", "begin with the title as a heading; full adds author, date, source, summary and tags"
    )
    alerts: bool = option(True, "callouts as GitHub alerts (> [!NOTE]); otherwise as quotations with a bold label")
    cjk_emphasis: Literal["html", "stars"] = option(
        "html", "emphasis that strict parsers overlook: as <strong>, or as ** for tools that know Chinese"
    )
    images: Literal["link", "embed", "drop"] = option(
        "link", "pictures by address, with their bytes inside the file if at hand, or as their alternative text"
    )
    contents: bool = option(True, "a book begins with a list of its chapters")


def write_markdown(document: Document, options: MarkdownOptions, report: Report) -> bytes:
    """One Markdown file in UTF-8 that ends in one line end.

    A book becomes one file: its title, a list of contents, the chapters in order with their headings
    moved below it, the footnotes numbered throughout. Reported: `table.as-html`, `math.as-code`,
    `raw.shown-as-code`, `heading.too-deep`, `link.unsafe`, `link.unresolved`, `text.control`.
    """
    state = MarkdownState(
        report,
        document.metadata.language,
        stars=options.cjk_emphasis == "stars",
        alerts=options.alerts,
        picture=_pictures(document.resources, options.images),
    )
    parts = [front_matter(_with_lead(document))] if options.front_matter else []
    if isinstance(document, Article):
        parts += _header(document, options, state)
        state.anchor, state.link = _anchors(document), whole_links(document)
        parts.append(blocks(document.content, state))
    else:
        parts += _title(document.metadata, options, state)
        parts += book_parts(document, state, options.contents, lambda resources: _pictures(resources, options.images))
    print_notes(state)
    parts += state.printed_notes
    text = "\n\n".join(part for part in parts if part)
    if CONTROLS.search(text):
        text, count = CONTROLS.subn("", text)
        report.add("text.control", f"removed {count} control characters")
    return f"{text}\n".encode() if text else b""


def _with_lead(document: Document) -> Metadata:
    """The metadata, with the lead picture where its file was put."""
    metadata = document.metadata
    put = next((each.address for each in document.resources if each.url == metadata.lead_image), "")
    return replace(metadata, lead_image=put) if put else metadata


def _header(article: Article, options: MarkdownOptions, state: MarkdownState) -> list[str]:
    """The title, unless the text itself begins with it."""
    first = article.content[0] if article.content else None
    if isinstance(first, Heading) and first.level == 1 and text_of(first).strip() == article.metadata.title.strip():
        return []
    return _title(article.metadata, options, state)


def _title(metadata: Metadata, options: MarkdownOptions, state: MarkdownState) -> list[str]:
    if options.header == "none":
        return []
    title = f"# {inline((Text(metadata.title),), state, one_line=True)}" if metadata.title else ""
    return [title, *facts(metadata, state)] if options.header == "full" else [title]


def _anchors(article: Article) -> Callable[[str], str]:
    """The anchor for the id of a heading: its name if a link of the page leads to it, else none."""

    @cache
    def targets() -> frozenset[str]:
        urls = (node.url for node in walk(article) if isinstance(node, Link))
        return frozenset(unquote(url[1:]) for url in urls if url.startswith("#"))

    return lambda name: name if name in targets() else ""


def _pictures(resources: tuple[Resource, ...], images: Literal["link", "embed", "drop"]) -> Callable[[str], str | None]:
    if images == "drop":
        return lambda url: ""
    at_hand = {resource.url: resource for resource in resources if images == "embed" or resource.address}
    return lambda url: _data_address(at_hand[url]) if url in at_hand else None


def _data_address(resource: Resource) -> str:
    if resource.address:
        return resource.address
    location = resource.location
    data = location.read_bytes() if isinstance(location, Path) else location
    return f"data:{resource.media_type};base64,{b64encode(data).decode()}"


WRITER = Writer(
    name="markdown",
    extensions=(".md", ".markdown"),
    options=MarkdownOptions,
    pictures=BROWSER_PICTURES,
    links_pictures=True,
    linked_pages=True,
    write=write_markdown,
    help="plain Markdown (CommonMark and GFM) that every parser reads alike",
)
