"""A book as separate files that link to each other: a page for each chapter, and a page of contents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import dirname, relpath
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
    Strong,
    Styled,
    Text,
)
from article_convert.tree import anchor_name, rewrite, walk_entries

__all__ = ["pages_of"]

_CONTENTS = ("index", "contents", "table-of-contents")


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


def pages_of(book: Book, extension: str, ways: bool = False) -> Iterator[tuple[str, Article]]:
    """The file name of each page, relative to the folder of the book, and its article; the contents come first.

    A chapter `guide/setup.md` becomes `guide/setup` with `extension`; links between chapters lead to
    those files, pictures and other files stay where they are in the book. With `ways`, each page
    ends in links to the page before, the contents and the page after. A chapter is loaded when it is
    asked for.
    """
    chapters: dict[str, tuple[Chapter, str]] = {}
    for entry, _ in walk_entries(book.entries):
        if entry.chapter is not None:
            chapters.setdefault(entry.chapter.path, (entry.chapter, entry.title))
    folder = _folder(list(chapters), extension)
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


def _folder(paths: list[str], extension: str) -> _Folder:
    names: dict[str, str] = {}
    taken: set[str] = set()
    for path in paths:
        stem = path.rpartition(".")[0] or path
        # `a.md` and `a.markdown` are two pages, and some file systems do not tell `A` from `a`.
        name = stem if (stem + extension).lower() not in taken else path
        names[path] = name + extension
        taken.add(names[path].lower())
    contents = next(stem + extension for stem in _CONTENTS if (stem + extension).lower() not in taken)
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
