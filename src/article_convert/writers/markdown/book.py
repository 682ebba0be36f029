"""A book as one Markdown file: its contents, its chapters in order, and links that stay inside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from article_convert.model import Article, Book, Chapter, Entry, Heading, Link, Resource, Text
from article_convert.report import shown
from article_convert.tree import is_title, text_of, walk, walk_entries
from article_convert.writers.links import Chapters, from_top, is_page
from article_convert.writers.markdown.blocks import blocks, print_notes
from article_convert.writers.markdown.escape import destination
from article_convert.writers.markdown.front import facts, statements
from article_convert.writers.markdown.inline import inline
from article_convert.writers.markdown.state import MarkdownState
from article_convert.writers.markup.addresses import scheme, web_address

__all__ = ["book_parts"]

Pictures = Callable[[tuple[Resource, ...]], Callable[[str], str | None]]


@dataclass(slots=True)
class _Place:
    """Where a chapter stands in the file: its anchor, and those ids of its headings that links lead to."""

    chapter: Chapter
    anchor: str
    ids: frozenset[str] = frozenset()
    wanted: set[str] = field(default_factory=set)


def book_parts(book: Book, state: MarkdownState, contents: bool, pictures: Pictures) -> Iterator[str]:
    """The list of contents, then each chapter. Chapters are read twice, so that none stays in memory."""
    places = _places(book)
    for place in places.by_path.values():
        _look(place, places)
    for entry, _ in walk_entries(book.entries):
        places.want(entry.url, "")
    if contents:
        yield "\n".join(_contents(book.entries, places, state, ""))
    printed: set[str] = set()
    for entry, depth in walk_entries(book.entries):
        level = min(depth + 1, 6)
        if entry.chapter is None:
            if is_title(entry):
                yield f"{'#' * level} {_line(entry.title, state)}"
        elif entry.chapter.path not in printed:
            printed.add(entry.chapter.path)
            yield from _chapter(entry, places, level, state, pictures, book.resources)


class _Places:
    """The chapters of the book by their paths, and what addresses in them mean."""

    def __init__(self) -> None:
        self.by_path: dict[str, _Place] = {}
        self.chapters = Chapters()

    def find(self, url: str, base: str) -> tuple[_Place, str] | None:
        """The chapter that `url` means in the chapter `base`, and the anchor in it."""
        found = self.chapters.find(url, base)
        return (self.by_path[found[0]], unquote(found[1])) if found else None

    def want(self, url: str, base: str) -> None:
        """Note the anchor that `url` leads to from the chapter `base`, so that it is printed."""
        if (found := self.find(url, base)) and found[1]:
            found[0].wanted.add(found[1])

    def address(self, url: str, base: str) -> str:
        """The anchor in this file of what `url` means; `""` if that is no chapter."""
        found = self.find(url, base)
        if found is None:
            return ""
        place, name = found
        return f"#{place.anchor}-{name}" if name in place.ids else f"#{place.anchor}"


def _places(book: Book) -> _Places:
    places = _Places()
    for entry, _ in walk_entries(book.entries):
        if entry.chapter is not None and entry.chapter.path not in places.by_path:
            path, number = entry.chapter.path, len(places.by_path) + 1
            places.by_path[path] = _Place(entry.chapter, f"chapter-{number}")
            places.chapters.add(path, path, entry.chapter.source_url)
    return places


def _look(place: _Place, places: _Places) -> None:
    """Note the ids of a chapter, and those of any chapter that its links lead to."""
    article = place.chapter.load()
    place.ids = frozenset(node.id for node in walk(article) if isinstance(node, Heading) and node.id)
    for node in walk(article):
        if isinstance(node, Link):
            places.want(node.url, place.chapter.path)
            places.want(web_address(node.url, article.metadata.source_url), "")


def _chapter(
    entry: Entry, places: _Places, level: int, state: MarkdownState, pictures: Pictures, shared: tuple[Resource, ...]
) -> Iterator[str]:
    assert entry.chapter is not None
    article = entry.chapter.load()
    place = places.by_path[entry.chapter.path]
    title, content = _title(entry, article)
    yield f'{"#" * level} {_line(title, state)} <a id="{place.anchor}"></a>'
    yield from facts(article.metadata, state)
    before = state.link, state.picture, state.anchor, state.shift
    picture = pictures((*article.resources, *shared))
    path = place.chapter.path
    state.link = lambda url: _followed(url, article, path, places, state)
    state.picture = lambda url: from_top(url, path) if (put := picture(url)) is None and not scheme(url) else put
    state.anchor = lambda name: f"{place.anchor}-{name}" if name in place.wanted else ""
    state.shift = level - 1
    outer, state.report.source = state.report.source, path
    text = blocks(content.content, state)
    print_notes(state)
    state.report.source = outer
    yield text
    yield from statements(article.metadata, state)
    state.link, state.picture, state.anchor, state.shift = before


def _title(entry: Entry, article: Article) -> tuple[str, Article]:
    """The title of a chapter, and its text without a first heading that says the same."""
    title = article.metadata.title or entry.title
    first = article.content[0] if article.content else None
    if isinstance(first, Heading) and first.level == 1:
        title = text_of(first).strip() or title
        article = replace(article, content=article.content[1:])
    return title, article


def _line(text: str, state: MarkdownState) -> str:
    return inline((Text(text),), state, one_line=True)


def _contents(entries: tuple[Entry, ...], places: _Places, state: MarkdownState, indent: str) -> Iterator[str]:
    for entry in entries:
        title = inline((Text(entry.title),), state, one_line=True, in_label=True)
        target = _target(entry, places, state)
        yield f"{indent}- [{title}]({destination(target)})" if target else f"{indent}- {title}"
        yield from _contents(entry.children, places, state, indent + "  ")


def _target(entry: Entry, places: _Places, state: MarkdownState) -> str:
    if entry.chapter is not None:
        return f"#{places.by_path[entry.chapter.path].anchor}"
    return places.address(entry.url, "") or (state.href(entry.url) if scheme(entry.url) else entry.url)


# --------------------------------------------------------------------------- links


def _followed(url: str, article: Article, path: str, places: _Places, state: MarkdownState) -> str:
    """The address to print for a link of the chapter at `path`: an anchor of this file if it leads inside the book."""
    whole = web_address(url, article.metadata.source_url)
    if found := places.address(url, path) or places.address(whole, ""):
        return found
    if whole or scheme(url) or url.startswith("//"):
        return whole or url
    if is_page(url):
        state.report.add("link.unresolved", f"{shown(url)} leads to no chapter of the book")
        return ""
    return url.lstrip("/") if url.startswith("/") else from_top(url, path)
