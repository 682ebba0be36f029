"""What the command line says about a document beside its content: what it is called, and how far it is."""

from __future__ import annotations

import argparse
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from article_convert.assets.documents import with_loader
from article_convert.cli.console import Progress
from article_convert.errors import OptionError
from article_convert.files import read_input
from article_convert.languages import named_language
from article_convert.model import Article, Author, Book, Chapter, Metadata, Resource
from article_convert.pictures.sniff import media_type
from article_convert.tree import walk_entries

__all__ = ["chapters_of", "check_overrides", "overridden", "with_progress"]

D = TypeVar("D", bound=Article | Book)


def check_overrides(args: argparse.Namespace) -> None:
    """Refuse, before anything else is read, a cover that is no picture, and what names no language."""
    if args.language and not named_language(args.language):
        raise OptionError(f"--language {args.language!r} is not a language tag such as zh-CN or en")
    if args.cover:
        _cover(Path(args.cover))


def overridden(document: D, args: argparse.Namespace) -> D:
    """`document` with the title, authors, language and cover that the command line gives, once they are checked."""
    metadata: Metadata = document.metadata
    resources: tuple[Resource, ...] = document.resources
    if args.title:
        metadata = replace(metadata, title=args.title)
    if args.author:
        metadata = replace(metadata, authors=tuple(Author(name) for name in args.author))
    if args.language:
        metadata = replace(metadata, language=named_language(args.language))
    if args.cover:
        cover = _cover(Path(args.cover))
        metadata = replace(metadata, lead_image=cover.url)
        resources = (cover, *resources)
    return replace(document, metadata=metadata, resources=resources)


def _cover(path: Path) -> Resource:
    data = read_input(path)
    kind = media_type(data[:512])
    if kind not in ("image/jpeg", "image/png"):
        raise OptionError(f"{path} is no JPEG or PNG picture; the cover must be one")
    return Resource(f"cover/{path.name}", kind, sha256(data).hexdigest(), data)


def chapters_of(book: Book) -> int:
    """How many chapters a book has, one listed twice counted once."""
    return len({entry.chapter.path for entry, _ in walk_entries(book.entries) if entry.chapter})


def with_progress(book: Book, progress: Progress) -> Book:
    """`book` with chapters that tell `progress` when they are loaded."""
    begun: dict[str, None] = {}

    def load(chapter: Chapter) -> Article:
        begun[chapter.path] = None
        progress.at(len(begun), chapter.path)
        return chapter.load()

    return with_loader(book, load)
