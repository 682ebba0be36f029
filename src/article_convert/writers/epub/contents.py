"""The table of contents of a book: its lines, its pages, and its chapters in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from article_convert.model import Chapter, Entry, Metadata
from article_convert.report import Report
from article_convert.writers import markup
from article_convert.writers.epub.chapters import with_whole_addresses, xhtml
from article_convert.writers.epub.links import Links
from article_convert.writers.epub.metadata import one_line
from article_convert.writers.epub.parts import NavPoint
from article_convert.writers.labels import label
from article_convert.writers.markup.addresses import safe_address, scheme
from article_convert.writers.markup.escape import escaped, quoted
from article_convert.writers.markup.page import Page

__all__ = ["contents_page", "first_places", "navigation", "title_page"]


def first_places(entries: Iterable[Entry]) -> Iterator[tuple[Chapter, Entry, int]]:
    """Every chapter with its entry and its depth, where it stands first; a book may list one more than once."""
    seen: set[str] = set()
    for entry, depth in _flat(entries):
        if entry.chapter is not None and entry.chapter.path not in seen:
            seen.add(entry.chapter.path)
            yield entry.chapter, entry, depth


def _flat(entries: Iterable[Entry], depth: int = 1) -> Iterator[tuple[Entry, int]]:
    for entry in entries:
        yield entry, depth
        yield from _flat(entry.children, depth + 1)


def navigation(
    entries: Iterable[Entry], headings: Mapping[str, tuple[NavPoint, ...]], links: Links, language: str
) -> Iterator[NavPoint]:
    """The entries that lead into the book, with the headings of chapters; a navigation document may not lead out."""
    yield from _navigation(entries, dict(headings), links, language)


def _navigation(
    entries: Iterable[Entry], headings: dict[str, tuple[NavPoint, ...]], links: Links, language: str
) -> Iterator[NavPoint]:
    for entry in entries:
        href = _href(entry, links)
        own = headings.pop(entry.chapter.path, ()) if entry.chapter is not None else ()
        if any(child.url and child.chapter is None and not scheme(child.url) for child in entry.children):
            own = ()  # the entry lists places on its page itself
        title = one_line(entry.title) or label(language, "untitled")
        children = (*own, *_navigation(entry.children, headings, links, language))
        if href or children:
            yield NavPoint(title, href, children)


def _href(entry: Entry, links: Links) -> str:
    url = quote(entry.chapter.path) if entry.chapter is not None else entry.url
    return links.target(url) if url and not scheme(url) else ""


def title_page(metadata: Metadata, title: str, language: str, report: Report) -> str:
    """A page with the title, the people and the statements of the book."""
    page = Page(language, "epub", report, picture=lambda image: "")
    shown = replace(with_whole_addresses(metadata), title=metadata.title or title)
    parts = [markup.title_block(shown, page), markup.notices(shown, page)]
    content = "\n".join(filter(None, parts))
    return xhtml(title, language, f'<section class="book-title">\n{content}\n</section>', kind="frontmatter")


def contents_page(entries: Iterable[Entry], title: str, links: Links, language: str) -> str:
    """All entries as a page to read: also those that lead out of the book or nowhere."""
    heading = label(language, "contents")
    lines = _lines(entries, links, language)
    content = f'<section class="contents">\n<h1>{escaped(heading)}</h1>\n{lines}</section>'
    return xhtml(f"{heading} · {title}", language, content, kind="frontmatter")


def _lines(entries: Iterable[Entry], links: Links, language: str) -> str:
    items = []
    for entry in entries:
        href = _href(entry, links) or (safe_address(entry.url) if scheme(entry.url) else "")
        name = escaped(one_line(entry.title) or entry.url or label(language, "untitled"))
        line = f'<a href="{quoted(href)}">{name}</a>' if href else f"<span>{name}</span>"
        part = ' class="part"' if entry.part else ""
        items.append(f"<li{part}>{line}{_lines(entry.children, links, language)}</li>\n")
    return f"<ol>\n{''.join(items)}</ol>\n" if items else ""
