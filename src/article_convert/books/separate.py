"""A book as separate files that link to each other: a page for each chapter, and a page of contents."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, count
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote, unquote

from article_convert.books.links import leads_out
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
from article_convert.report import Report, shown
from article_convert.tree import anchor_name, rewrite, walk, walk_entries

__all__ = ["Survey", "names_of", "pages_of", "survey"]

_CONTENTS = ("index", "contents", "table-of-contents")


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a book before its pages are made.

    `files` are the pictures and other files that its chapters show or link to, by their paths in the
    book; `anchors` the link targets in each chapter, by the paths of the chapters.
    """

    files: dict[str, Resource]
    anchors: dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Folder:
    """What the pages are called: by the path of their chapter, in order; and the page of contents."""

    names: dict[str, str]
    contents: str
    is_html: bool
    anchors: Mapping[str, frozenset[str]]
    report: Report

    def address(self, path: str, anchor: str, here: str) -> str:
        """The address of a page or a file of the book, and of a place in it, from a page in the folder `here`.

        A place that the page does not have is reported; the address is that of the page then.
        """
        if anchor and path in self.anchors and not {anchor, unquote(anchor)} & self.anchors[path]:
            told = f"no heading or anchor is called {shown(unquote(anchor))}; the link leads to its chapter"
            self.report.add("link.unresolved", told)
            anchor = ""
        mark = f"#{anchor_name(unquote(anchor)) if self.is_html else anchor}" if anchor else ""
        return quote(relpath(self.names.get(path, path), here or ".")) + mark


def survey(book: Book) -> Survey:
    """What the chapters of a book hold. Every chapter is loaded for the answer."""
    files: dict[str, Resource] = {}
    anchors: dict[str, frozenset[str]] = {}

    def note(resources: tuple[Resource, ...], path: str) -> None:
        for resource in resources:
            if not leads_out(resource.url):
                place = normpath(join("/", dirname(path), unquote(resource.url))).lstrip("/")
                if place not in files or files[place].media_type.startswith("image/"):  # a link asks for the file
                    files[place] = resource

    note(book.resources, "")
    for chapter in _chapters(book):
        article = chapter.load()
        note(article.resources, chapter.path)
        anchors[chapter.path] = frozenset(_anchors(article))
    return Survey(files, anchors)


def _anchors(article: Article) -> Iterator[str]:
    for node in walk(article):
        if isinstance(node, Heading) and node.id:
            yield node.id
        elif isinstance(node, Styled) and node.kind == "anchor":
            yield dict(node.attributes).get("id", "")


def names_of(book: Book, extension: str, taken: Container[str] = ()) -> list[str]:
    """The file names of the pages that `pages_of` gives, in its order; nothing is loaded."""
    contents, names = _names([chapter.path for chapter in _chapters(book)], extension, taken)
    return [contents, *names.values()]


def pages_of(
    book: Book, extension: str, ways: bool = False, known: Survey | None = None, report: Report | None = None
) -> Iterator[tuple[str, Article]]:
    """The file name of each page, relative to the folder of the book, and its article; the contents come first.

    A chapter `guide/setup.md` becomes `guide/setup` with `extension`; links between chapters lead to
    those files, pictures and other files stay where they are in the book. With `ways`, each page ends in
    links to the page before, the contents and the page after. A chapter is loaded when it is asked for.

    With what is `known`, no page takes the name of a file of the book, and a link to a place that its
    chapter does not have is reported (`link.unresolved`) and leads to the beginning of the chapter.
    """
    chapters: dict[str, tuple[Chapter, str]] = {}
    for entry, _ in walk_entries(book.entries):
        if entry.chapter is not None:
            chapters.setdefault(entry.chapter.path, (entry.chapter, entry.title))
    known = known or Survey({}, {})
    report = report if report is not None else Report()
    contents, names = _names(list(chapters), extension, known.files)
    folder = _Folder(names, contents, extension.startswith(".htm"), known.anchors, report)
    listed = Group("contents", (_contents(book.entries, folder),))
    yield contents, Article((listed,), book.metadata, book.resources)
    order = [*chapters.values()]
    for number, (chapter, _) in enumerate(order):
        report.source = chapter.path
        article = _linked(chapter.load(), chapter.path, folder)
        language = article.metadata.language or book.metadata.language
        article = replace(article, metadata=replace(article.metadata, language=language))
        if ways:
            before = order[number - 1] if number else None
            after = order[number + 1] if number + 1 < len(order) else None
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


def _names(paths: list[str], extension: str, others: Container[str]) -> tuple[str, dict[str, str]]:
    """What the page of contents and the pages of the chapters are called."""
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
    return contents, names


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
