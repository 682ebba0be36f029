"""A whole book on one page: its contents and every chapter, with links between them inside the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import unquote

from article_convert.model import Article, Book, Entry
from article_convert.report import Report, shown
from article_convert.tree import is_title, walk_entries
from article_convert.writers.labels import label
from article_convert.writers.links import Chapters, from_top, is_page
from article_convert.writers.markup import anchor_name
from article_convert.writers.markup.addresses import safe_address, scheme, web_address
from article_convert.writers.markup.escape import attribute, escaped, quoted, scrubbed

__all__ = ["print_book"]

ChapterPrinter: TypeAlias = Callable[[Article, str, Callable[[str], str]], tuple[str, set[str]]]
"""Prints an article with a prefix for its ids and what turns its addresses into links; also gives its ids."""

# Text has every `<` escaped, so this finds links only. The id of a place in a chapter begins with the chapter's.
_INSIDE_LINK = re.compile(r'(<a (?:[^<>]*? )?href=")#((c\d+)-[^"]*)"')


def print_book(book: Book, print_chapter: ChapterPrinter, report: Report) -> str:
    """The contents and the chapters in order; each is loaded, printed and let go.

    A link to a place that a chapter does not have leads to its beginning; one to a page or a file that
    is not in the book keeps its text only. Both are reported as `link.unresolved`.
    """
    chapters = _chapters(book.entries)
    parts: list[str] = []
    ids: set[str] = set()
    for entry, _ in walk_entries(book.entries):
        chapter = entry.chapter
        if chapter is None:
            parts.append(f'<h2 class="part">{escaped(entry.title)}</h2>\n' if is_title(entry) else "")
        elif (name := chapters.names[chapter.path]) not in ids:  # listed twice, it is printed at its first place
            article = _titled(chapter.load(), entry.title)
            link = _linker(chapter.path, article.metadata.source_url, chapters, report)
            outer, report.source = report.source, chapter.path
            printed, inside = print_chapter(article, f"{name}-", link)
            report.source = outer
            parts.append(f'<article class="chapter" id="{name}">\n{printed}</article>\n')
            ids |= inside | {name}
    text = _contents(book, chapters) + scrubbed("".join(parts), report)
    return _INSIDE_LINK.sub(lambda link: _checked(link, ids, report), text)


def _titled(article: Article, title: str) -> Article:
    known = article.metadata
    return article if known.title else replace(article, metadata=replace(known, title=title))


def _checked(link: re.Match[str], ids: set[str], report: Report) -> str:
    if link[2] in ids:
        return link[0]
    name = link[2].removeprefix(f"{link[3]}-")
    report.add("link.unresolved", f"no heading or anchor is called {name!r}; the link leads to its chapter")
    return f'{link[1]}#{link[3]}"'


def _chapters(entries: tuple[Entry, ...]) -> Chapters:
    """The chapters by the ids that they get."""
    chapters = Chapters()
    for entry, _ in walk_entries(entries):
        if entry.chapter is not None:
            chapters.add(entry.chapter.path, f"c{len(chapters.names) + 1}", entry.chapter.source_url)
    return chapters


def _linker(path: str, base: str, chapters: Chapters, report: Report) -> Callable[[str], str]:
    """What turns an address in the chapter at `path`, saved from the page `base`, into the `href` to print."""

    def link(url: str) -> str:
        whole = web_address(url, base)
        if found := chapters.find(url, path) or chapters.find(whole):
            return _place(*found)
        if whole or scheme(url) or url.startswith("//"):
            return whole or url
        if url.startswith("/") or is_page(url):
            report.add("link.unresolved", f"{shown(url)} is not in the book")
            return ""
        return from_top(url, path)

    return link


def _place(name: str, anchor: str) -> str:
    return f"#{name}-{anchor_name(unquote(anchor))}" if anchor else f"#{name}"


def _contents(book: Book, chapters: Chapters) -> str:
    """The entries as nested lists of links."""
    out: list[str] = []
    _entries(book.entries, chapters, out)
    if not out:
        return ""
    title = label(book.metadata.language, "contents")
    return scrubbed(f'<nav class="contents" aria-label="{title}">\n<h2>{title}</h2>\n{"".join(out)}</nav>\n')


def _entries(entries: tuple[Entry, ...], chapters: Chapters, out: list[str]) -> None:
    if not entries:
        return
    out.append("<ol>\n")
    for entry in entries:
        href = _href(entry, chapters)
        title = escaped(entry.title)
        inside = f'<a href="{quoted(href)}">{title}</a>' if href else f"<span>{title}</span>"
        out.append(f"<li{attribute('class', 'part' if entry.part else '')}>{inside}\n")
        _entries(entry.children, chapters, out)
        out.append("</li>\n")
    out.append("</ol>\n")


def _href(entry: Entry, chapters: Chapters) -> str:
    if entry.chapter is not None:
        return f"#{chapters.names[entry.chapter.path]}"
    found = chapters.find(entry.url)
    return _place(*found) if found else safe_address(entry.url)
