"""A whole book on one page: its contents and every chapter, with links between them inside the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from posixpath import dirname, join, normpath
from typing import TypeAlias
from urllib.parse import unquote

from article_convert.model import Article, Book, Entry
from article_convert.report import Report
from article_convert.tree import is_title, walk_entries
from article_convert.writers.labels import label
from article_convert.writers.markup import anchor_name
from article_convert.writers.markup.addresses import safe_address, scheme
from article_convert.writers.markup.escape import attribute, escaped, quoted, scrubbed

__all__ = ["print_book"]

ChapterPrinter: TypeAlias = Callable[[Article, str, Callable[[str], str]], tuple[str, set[str]]]
"""Prints an article with a prefix for its ids and what turns its addresses into links; also gives its ids."""

Names: TypeAlias = dict[str, str]
"""The id of each chapter by its path."""

# Text has every `<` escaped, so this finds links only. The id of a place in a chapter begins with the chapter's.
_INSIDE_LINK = re.compile(r'(<a (?:[^<>]*? )?href=")#((c\d+)-[^"]*)"')


def print_book(book: Book, print_chapter: ChapterPrinter, report: Report) -> str:
    """The contents and the chapters in order; each is loaded, printed and let go.

    A link to a place that a chapter does not have leads to its beginning; one to a page or a file that
    is not in the book keeps its text only. Both are reported as `link.unresolved`.
    """
    names = _names(book.entries)
    parts: list[str] = []
    ids: set[str] = set()
    for entry, _ in walk_entries(book.entries):
        chapter = entry.chapter
        if chapter is None:
            parts.append(f'<h2 class="part">{escaped(entry.title)}</h2>\n' if is_title(entry) else "")
        elif (name := names[chapter.path]) not in ids:  # listed twice, it is printed at its first place
            article = _titled(chapter.load(), entry.title)
            printed, inside = print_chapter(article, f"{name}-", _linker(chapter.path, names, report))
            parts.append(f'<article class="chapter" id="{name}">\n{printed}</article>\n')
            ids |= inside | {name}
    text = _contents(book, names) + scrubbed("".join(parts), report)
    return _INSIDE_LINK.sub(lambda link: _checked(link, ids, report), text)


def _titled(article: Article, title: str) -> Article:
    known = article.metadata
    return article if known.title else replace(article, metadata=replace(known, title=title))


def _checked(link: re.Match[str], ids: set[str], report: Report) -> str:
    if link[2] in ids:
        return link[0]
    report.add("link.unresolved", f"no heading or anchor is called {link[2]!r}; the link leads to its chapter")
    return f'{link[1]}#{link[3]}"'


def _names(entries: tuple[Entry, ...]) -> Names:
    names: Names = {}
    for entry, _ in walk_entries(entries):
        if entry.chapter is not None:
            names.setdefault(entry.chapter.path, f"c{len(names) + 1}")
    return names


def _linker(path: str, names: Names, report: Report) -> Callable[[str], str]:
    """What turns an address in the chapter at `path` into the `href` to print."""

    def link(url: str) -> str:
        if scheme(url) or url.startswith("//"):
            return url
        target, _, fragment = unquote(url).partition("#")
        name = _found(target.partition("?")[0], path, names)
        if name:
            return f"#{name}-{anchor_name(fragment)}" if fragment else f"#{name}"
        if target.startswith("/") or target.lower().endswith((".md", "/")):
            report.add("link.unresolved", f"{url[:120]!r} is not in the book")
            return ""
        return url

    return link


def _found(target: str, path: str, names: Names) -> str:
    """The chapter that `target` names, seen from the chapter at `path` or from the root of the book."""
    for base in ("" if target.startswith("/") else dirname(path), ""):
        place = normpath(join(base, target.lstrip("/"))) if target else path
        for candidate in (place, join(place, "README.md"), join(place, "index.md"), f"{place}.md"):
            if normpath(candidate) in names:
                return names[normpath(candidate)]
    return ""


def _contents(book: Book, names: Names) -> str:
    """The entries as nested lists of links."""
    out: list[str] = []
    _entries(book.entries, names, out)
    if not out:
        return ""
    title = label(book.metadata.language, "contents")
    return scrubbed(f'<nav class="contents" aria-label="{title}">\n<h2>{title}</h2>\n{"".join(out)}</nav>\n')


def _entries(entries: tuple[Entry, ...], names: Names, out: list[str]) -> None:
    if not entries:
        return
    out.append("<ol>\n")
    for entry in entries:
        href = _href(entry, names)
        title = escaped(entry.title)
        inside = f'<a href="{quoted(href)}">{title}</a>' if href else f"<span>{title}</span>"
        out.append(f"<li{attribute('class', 'part' if entry.part else '')}>{inside}\n")
        _entries(entry.children, names, out)
        out.append("</li>\n")
    out.append("</ol>\n")


def _href(entry: Entry, names: Names) -> str:
    if entry.chapter is not None:
        return f"#{names[entry.chapter.path]}"
    target, _, fragment = entry.url.partition("#")
    if target in names:
        return f"#{names[target]}-{anchor_name(fragment)}" if fragment else f"#{names[target]}"
    return safe_address(entry.url)
