"""One step for every article of a document: at once for an article, for chapters when they are loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar, cast

from article_convert.errors import ArticleConvertError
from article_convert.model import Article, Book, Chapter, Entry
from article_convert.report import Report

__all__ = ["readable", "with_articles", "with_loader"]

D = TypeVar("D", bound=Article | Book)
Step = Callable[[Article, Report], Article]


def with_articles(document: D, step: Step, report: Report) -> D:
    """`document` with `step` taken for it, or for each of its chapters whenever that is loaded.

    What a step reports about a chapter is reported the first time only. The lead image and the
    resources of a book itself go through the step at once, in an article that holds nothing else.
    """
    if isinstance(document, Article):
        return cast(D, step(document, report))
    book: Book = document
    told: set[str] = set()

    def load(chapter: Chapter) -> Article:
        article = chapter.load()
        if chapter.path in told:
            return step(article, Report())
        told.add(chapter.path)
        outer, report.source = report.source, chapter.path
        try:
            return step(article, report)
        finally:
            report.source = outer

    front = step(Article(metadata=book.metadata, resources=book.resources), report)
    return cast(D, replace(with_loader(book, load), metadata=front.metadata, resources=front.resources))


def readable(document: D, report: Report) -> D:
    """`document` with an empty chapter for each that cannot be read, reported as `book.page-failed`.

    So one page that is damaged or locked takes no others along, whatever the format.
    """
    if isinstance(document, Article):
        return document
    failed: set[str] = set()

    def load(chapter: Chapter) -> Article:
        try:
            return chapter.load()
        except (ArticleConvertError, OSError) as error:
            if chapter.path not in failed:
                failed.add(chapter.path)
                outer, report.source = report.source, chapter.path
                said = str(error)
                report.add("book.page-failed", said if chapter.path in said else f"{chapter.path}: {said}")
                report.source = outer
            return Article()

    return cast(D, with_loader(document, load))


def with_loader(book: Book, load: Callable[[Chapter], Article]) -> Book:
    """`book` with chapters that `load` loads; it is handed the chapter as it was."""

    def entered(entry: Entry) -> Entry:
        chapter = entry.chapter
        if chapter is not None:
            chapter = replace(chapter, load=partial(load, chapter))
        return replace(entry, chapter=chapter, children=tuple(map(entered, entry.children)))

    return replace(book, entries=tuple(map(entered, book.entries)))
