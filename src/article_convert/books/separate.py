"""A book as separate files that link to each other: a page for each chapter, and a page of contents."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, count
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote, unquote

from article_convert.model import (
    Article,
    Book,
    Chapter,
    Embed,
    Entry,
    Group,
    Heading,
    Inlines,
    Link,
    List,
    ListItem,
    Node,
    Paragraph,
    Resource,
    Strong,
    Styled,
    Text,
)
from article_convert.tree import anchor_name, rewrite, walk_entries

__all__ = ["files_of", "names_of", "pages_of"]

_CONTENTS = ("index", "contents", "table-of-contents")
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


@dataclass(frozen=True, slots=True)
class _Folder:
    """What the pages are called: by the path of their chapter, in order; and the page of contents."""

    names: dict[str, str]
    contents: str
    is_html: bool

    def address(self, path: str, anchor: str, here: str) -> str:
        """The address of a page or a file of the book, and of a place in it, from a page in the folder `here`."""
        mark = f"#{anchor_name(unquote(anchor)) if self.is_html else anchor}" if anchor else ""
        return quote(relpath(self.names.get(path, path), here or ".")) + mark


def files_of(book: Book) -> dict[str, Resource]:
    """The pictures and other files that the pages of a book show or link to, by their paths in the book.

    Every chapter is loaded for the answer.
    """
    found: dict[str, Resource] = {}
    for path, resources in ((".", book.resources), *((each.path, each.load().resources) for each in _chapters(book))):
        for resource in resources:
            if not _ELSEWHERE.match(resource.url):
                place = join("/", dirname(path), unquote(resource.url))
                found.setdefault(normpath(place).lstrip("/"), resource)
    return found


def names_of(book: Book, extension: str, taken: Container[str] = ()) -> list[str]:
    """The file names of the pages that `pages_of` gives, in its order; nothing is loaded."""
    folder = _folder([chapter.path for chapter in _chapters(book)], extension, taken)
    return [folder.contents, *folder.names.values()]


def pages_of(
    book: Book, extension: str, ways: bool = False, taken: Container[str] = ()
) -> Iterator[tuple[str, Article]]:
    """The file name of each page, relative to the folder of the book, and its article; the contents come first.

    A chapter `guide/setup.md` becomes `guide/setup` with `extension`; links between chapters lead to
    those files, pictures and other files stay where they are in the book. A name in `taken` is that of
    another file of the book: no page gets it. With `ways`, each page ends in links to the page before, the
    contents and the page after. A chapter is loaded when it is asked for.
    """
    chapters: dict[str, tuple[Chapter, str]] = {}
    for entry, _ in walk_entries(book.entries):
        if entry.chapter is not None:
            chapters.setdefault(entry.chapter.path, (entry.chapter, entry.title))
    folder = _folder(list(chapters), extension, taken)
    yield folder.contents, Article((_contents(book.entries, folder),), book.metadata, book.resources)
    listed = [*chapters.values()]
    for number, (chapter, _) in enumerate(listed):
        article = _linked(chapter.load(), chapter.path, folder)
        language = article.metadata.language or book.metadata.language
        article = replace(article, metadata=replace(article.metadata, language=language))
        if ways:
            before = listed[number - 1] if number else None
            after = listed[number + 1] if number + 1 < len(listed) else None
            pager = _pager(chapter.path, before, book.metadata.title, after, folder)
            article = replace(article, content=(*article.content, pager))
        yield folder.names[chapter.path], article


def _chapters(book: Book) -> list[Chapter]:
    """The chapters of a book in their order, one that is listed twice at its first place."""
    found: dict[str, Chapter] = {}
    for entry, _ in walk_entries(book.entries):
        if entry.chapter is not None:
            found.setdefault(entry.chapter.path, entry.chapter)
    return list(found.values())


def _folder(paths: list[str], extension: str, others: Container[str]) -> _Folder:
    names: dict[str, str] = {}
    given: set[str] = set()

    def free(stems: Iterable[str]) -> str:
        name = next(stem + extension for stem in stems if not is_taken(stem + extension))
        given.add(name.lower())
        return name

    def is_taken(name: str) -> bool:
        return name.lower() in given or name in others

    for path in paths:
        # `a.md` and `a.markdown` are two pages, and some file systems do not tell `A` from `a`.
        stem = path.rpartition(".")[0] or path
        names[path] = free(chain((stem, path), (f"{path}-{number}" for number in count(2))))
    contents = free(chain(_CONTENTS, (f"{_CONTENTS[0]}-{number}" for number in count(2))))
    return _Folder(names, contents, extension.startswith(".htm"))


def _contents(entries: tuple[Entry, ...], folder: _Folder) -> List:
    items = []
    for entry in entries:
        path, _, anchor = entry.url.partition("#")
        if entry.chapter is not None:
            path = entry.chapter.path
        url = folder.address(path, anchor, "") if path in folder.names else entry.url
        title = (Text(entry.title or "·"),)
        content: Inlines = (Link(title, url),) if url else (Strong(title),)
        below = (_contents(entry.children, folder),) if entry.children else ()
        items.append(ListItem((Paragraph(content), *below)))
    return List(tuple(items))


def _pager(
    path: str, before: tuple[Chapter, str] | None, contents: str, after: tuple[Chapter, str] | None, folder: _Folder
) -> Group:
    """Where a reader goes from here: back, to the contents, and on."""
    here = dirname(folder.names[path]) or "."

    def line(name: str, text: str) -> Paragraph:
        return Paragraph((Link((Text(text),), quote(relpath(name, here))),))

    return Group(
        "pager",
        (
            *((line(folder.names[before[0].path], f"← {before[1]}"),) if before else ()),
            line(folder.contents, contents or "↑"),
            *((line(folder.names[after[0].path], f"{after[1]} →"),) if after else ()),
        ),
    )


def _linked(article: Article, path: str, folder: _Folder) -> Article:
    """The article with every link into the book as it is written from the folder of its page."""
    here = dirname(folder.names[path])

    def moved(url: str) -> str:
        place, _, anchor = url.partition("#")
        return folder.address(unquote(place).lstrip("/"), anchor, here)

    def step(node: Node) -> Node:
        if isinstance(node, (Link, Embed)) and node.url.startswith("/") and not node.url.startswith("//"):
            return replace(node, url=moved(node.url))
        if isinstance(node, Heading) and node.id and not folder.is_html:
            # In Markdown only the ids that its own page links to are printed, but for anchors.
            anchor = Styled("anchor", (), (("id", node.id),))
            return replace(node, id="", content=(*node.content, anchor))
        return node

    resources = tuple(
        replace(resource, url=moved(resource.url)) if resource.url.startswith("/") else resource
        for resource in article.resources
    )
    return rewrite(replace(article, resources=resources), step)
