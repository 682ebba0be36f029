"""A book as separate files that link to each other: a page for each chapter, and a page of contents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from posixpath import dirname, relpath
from urllib.parse import quote, unquote

from article_convert.model import Article, Book, Embed, Entry, Image, Link, List, ListItem, Node, Paragraph, Text
from article_convert.tree import rewrite

__all__ = ["pages_of"]


def pages_of(book: Book, extension: str) -> Iterator[tuple[str, Article]]:
    """The file name of each page, relative to the folder of the book, and its article; the contents come first.

    A chapter `guide/setup.md` becomes `guide/setup` with `extension`; links between chapters lead to
    those files, pictures stay where they are in the book. A chapter is loaded when it is asked for.
    """
    names = {entry.chapter.path: _name(entry.chapter.path, extension) for entry in _all(book.entries) if entry.chapter}
    taken = {name.lower() for name in names.values()}
    contents = next(stem + extension for stem in _CONTENTS if (stem + extension).lower() not in taken)
    yield contents, Article((_contents(book.entries, names),), book.metadata, book.resources)
    written: set[str] = set()
    for entry in _all(book.entries):
        if entry.chapter and entry.chapter.path not in written:
            written.add(entry.chapter.path)
            name = names[entry.chapter.path]
            yield name, _linked(entry.chapter.load(), name, names)


_CONTENTS = ("index", "contents", "table-of-contents")


def _name(path: str, extension: str) -> str:
    stem, _, _ = path.rpartition(".")
    return (stem or path) + extension


def _all(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    for entry in entries:
        yield entry
        yield from _all(entry.children)


def _contents(entries: tuple[Entry, ...], names: dict[str, str]) -> List:
    items = []
    for entry in entries:
        path, mark, anchor = entry.url.partition("#")
        target = names.get(entry.chapter.path if entry.chapter else path, "")
        url = quote(target) + mark + anchor if target else entry.url
        content = (Link((Text(entry.title),), url),) if url and entry.title else (Text(entry.title or "·"),)
        below = (_contents(entry.children, names),) if entry.children else ()
        items.append(ListItem((Paragraph(content), *below)))
    return List(tuple(items))


def _linked(article: Article, name: str, names: dict[str, str]) -> Article:
    folder = dirname(name) or "."
    pictures = {resource.url for resource in article.resources}

    def step(node: Node) -> Node:
        if isinstance(node, (Link, Embed)) and node.url.startswith("/"):
            path, mark, anchor = node.url.partition("#")
            target = names.get(unquote(path.lstrip("/")))
            if target:
                return replace(node, url=quote(relpath(target, folder)) + mark + anchor)
        if isinstance(node, Image) and node.url in pictures and not node.url.startswith("data:"):
            return replace(node, url=quote(relpath(unquote(node.url), folder)))
        return node

    moved = tuple(
        resource
        if resource.url.startswith("data:")
        else replace(resource, url=quote(relpath(unquote(resource.url), folder)))
        for resource in article.resources
    )
    lead = article.metadata.lead_image
    metadata = article.metadata
    if lead in pictures and not lead.startswith("data:"):
        metadata = replace(metadata, lead_image=quote(relpath(unquote(lead), folder)))
    return rewrite(replace(article, metadata=metadata, resources=moved), step)
