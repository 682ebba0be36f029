"""A book as one Markdown file: its contents, its chapters in order, and links that stay inside it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from article_convert.model import Article, Book, Chapter, Entry, Heading, Link, Resource, Text
from article_convert.tree import is_title, text_of, walk, walk_entries
from article_convert.writers.markdown.blocks import blocks, print_notes
from article_convert.writers.markdown.escape import destination
from article_convert.writers.markdown.front import facts, statements
from article_convert.writers.markdown.inline import inline
from article_convert.writers.markdown.sheet import Sheet
from article_convert.writers.markup.addresses import scheme

__all__ = ["book_parts"]

Pictures = Callable[[tuple[Resource, ...]], Callable[[str], str]]

_PAGE = re.compile(r"(?:^|/)(?:readme|index)(?:\.md|\.html?)?$|\.(?:md|markdown|html?)$", re.IGNORECASE)


@dataclass(slots=True)
class _Place:
    """Where a chapter stands in the file: its anchor, and those ids of its headings that links lead to."""

    chapter: Chapter
    anchor: str
    ids: frozenset[str] = frozenset()
    wanted: set[str] = field(default_factory=set)


def book_parts(book: Book, sheet: Sheet, contents: bool, pictures: Pictures) -> Iterator[str]:
    """The list of contents, then each chapter. Chapters are read twice, so that none stays in memory."""
    places = _places(book)
    for place in places.values():
        _look(place, places)
    for entry, _ in walk_entries(book.entries):
        _want(entry.url, "", places)
    if contents:
        yield "\n".join(_contents(book.entries, places, sheet, ""))
    printed: set[str] = set()
    for entry, depth in walk_entries(book.entries):
        level = min(depth + 1, 6)
        if entry.chapter is None:
            if is_title(entry):
                yield f"{'#' * level} {_line(entry.title, sheet)}"
        elif _key(entry.chapter.path) not in printed:
            printed.add(_key(entry.chapter.path))
            yield from _chapter(entry, places, level, sheet, pictures, book.resources)


def _places(book: Book) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    for entry, _ in walk_entries(book.entries):
        if entry.chapter is not None and _key(entry.chapter.path) not in places:
            places[_key(entry.chapter.path)] = _Place(entry.chapter, f"chapter-{len(places) + 1}")
    return places


def _look(place: _Place, places: dict[str, _Place]) -> None:
    """Note the ids of a chapter, and those of any chapter that its links lead to."""
    article = place.chapter.load()
    place.ids = frozenset(node.id for node in walk(article) if isinstance(node, Heading) and node.id)
    for node in walk(article):
        if isinstance(node, Link):
            _want(node.url, place.chapter.path, places)


def _want(url: str, base: str, places: dict[str, _Place]) -> None:
    """Note the anchor that `url` leads to from the chapter `base`, so that it is printed."""
    path, mark, anchor = url.partition("#")
    target = places.get(_resolved(base, path)) if mark and not scheme(url) else None
    if target is not None:
        target.wanted.add(unquote(anchor))


def _chapter(
    entry: Entry, places: dict[str, _Place], level: int, sheet: Sheet, pictures: Pictures, shared: tuple[Resource, ...]
) -> Iterator[str]:
    assert entry.chapter is not None
    article = entry.chapter.load()
    place = places[_key(entry.chapter.path)]
    title, content = _title(entry, article)
    yield f'{"#" * level} {_line(title, sheet)} <a id="{place.anchor}"></a>'
    yield from facts(article.metadata, sheet)
    before = sheet.link, sheet.picture, sheet.anchor, sheet.shift
    picture = pictures((*article.resources, *shared))
    sheet.link = lambda url: _followed(url, entry.chapter, places, sheet)  # type: ignore[arg-type]
    sheet.picture = lambda url: _moved(picture(url), url, place.chapter.path)
    sheet.anchor = lambda name: f"{place.anchor}-{name}" if name in place.wanted else ""
    sheet.shift = level - 1
    yield blocks(content.content, sheet)
    yield from statements(article.metadata, sheet)
    print_notes(sheet)
    sheet.link, sheet.picture, sheet.anchor, sheet.shift = before


def _title(entry: Entry, article: Article) -> tuple[str, Article]:
    """The title of a chapter, and its text without a first heading that says the same."""
    title = article.metadata.title or entry.title
    first = article.content[0] if article.content else None
    if isinstance(first, Heading) and first.level == 1:
        title = text_of(first).strip() or title
        article = replace(article, content=article.content[1:])
    return title, article


def _line(text: str, sheet: Sheet) -> str:
    return inline((Text(text),), sheet, one_line=True)


def _contents(entries: tuple[Entry, ...], places: dict[str, _Place], sheet: Sheet, indent: str) -> Iterator[str]:
    for entry in entries:
        title = inline((Text(entry.title),), sheet, one_line=True, in_label=True)
        target = _target(entry, places, sheet)
        yield f"{indent}- [{title}]({destination(target)})" if target else f"{indent}- {title}"
        yield from _contents(entry.children, places, sheet, indent + "  ")


def _target(entry: Entry, places: dict[str, _Place], sheet: Sheet) -> str:
    if entry.chapter is not None:
        return f"#{places[_key(entry.chapter.path)].anchor}"
    if not entry.url or scheme(entry.url):
        return sheet.href(entry.url) if entry.url else ""
    return _inside(*entry.url.partition("#")[::2], "", places) or entry.url


# --------------------------------------------------------------------------- links


def _followed(url: str, chapter: Chapter, places: dict[str, _Place], sheet: Sheet) -> str:
    """The address to print for a link of a chapter: an anchor of this file if it leads inside the book."""
    if scheme(url) or url.startswith("//"):
        return url
    path, _, anchor = url.partition("#")
    found = _inside(path, anchor, chapter.path, places)
    if found:
        return found
    if _PAGE.search(path) or not path:
        sheet.report.add("link.unresolved", f"{url} leads to no chapter of the book")
        return ""
    return url.lstrip("/") if url.startswith("/") else _moved(url, url, chapter.path)


def _inside(path: str, anchor: str, base: str, places: dict[str, _Place]) -> str:
    place = places.get(_resolved(base, path))
    if place is None:
        return ""
    name = unquote(anchor)
    return f"#{place.anchor}-{name}" if name in place.ids else f"#{place.anchor}"


def _resolved(base: str, path: str) -> str:
    """The key of the chapter that `path` means in the chapter `base`."""
    if not path:
        return _key(base)
    return _key(posixpath.join(posixpath.dirname(base), unquote(path.partition("?")[0])))


def _key(path: str) -> str:
    """The same for `guide/`, `guide/README.md` and `/guide/index.html`."""
    return _PAGE.sub("", posixpath.normpath("/" + path.strip("/"))).strip("/")


def _moved(address: str, url: str, base: str) -> str:
    """A relative address of a chapter as it is written at the top of the book."""
    if address != url or not url or scheme(url) or url.startswith(("/", "#")):
        return address
    path, rest = re.match(r"([^?#]*)(.*)", url, re.DOTALL).groups()  # type: ignore[union-attr]
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), path)) + rest
