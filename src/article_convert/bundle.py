"""Several articles as one book: each a chapter, in the order given."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path

from article_convert import pipeline
from article_convert.batch import Settings
from article_convert.books import loose_pages, read_book
from article_convert.errors import ArticleConvertError, InputError
from article_convert.model import Article, Book, Chapter, Entry, Metadata
from article_convert.report import Report

__all__ = ["book_of", "bundle", "folder_of", "shared"]

_MOST_AUTHORS = 3


def bundle(paths: Sequence[Path], settings: Settings, report: Report, title: str = "") -> Book:
    """A book with one chapter for each article, cleaned as `settings` say.

    Every article is read once here, for its title and for the report, and again when the writer comes
    to it, so that a book of any length fits into memory. One that cannot be read is left out and
    reported as `book.page-failed`; if none can be read, `InputError` is raised. One that is given twice
    is taken once and reported as `input.repeated`. Language and site are those that the chapters
    share, the authors are named up to three.
    """
    entries, read, failures = _chapters(_each_once(paths, report), folder_of(paths), settings, report)
    if len(failures) == 1 and not entries:
        raise InputError(failures[0])
    if not entries:
        raise InputError(f"none of the {len(failures)} inputs can be read; the first: {failures[0]}")
    return Book(tuple(entries), shared(read, title))


def book_of(path: Path, settings: Settings, report: Report) -> Book:
    """The book that a folder is, or one of the files that stand for it: see `read_book`.

    Articles that lie beside the GitBooks of a folder, or saved pages beside its Markdown, are chapters too.
    """
    beside, _, _ = _chapters(loose_pages(path), Path(os.path.realpath(path)), settings, report)
    return read_book(path, transforms=settings.transforms, beside=beside, report=report)


def _each_once(paths: Sequence[Path], report: Report) -> list[Path]:
    """`paths` without those that lead to a file that another one has led to."""
    found: dict[str, Path] = {}
    for path in paths:
        first = found.setdefault(os.path.realpath(path), path)
        if first is not path:
            same = "" if path == first else f", as {first}"
            report.add("input.repeated", f"{path} was given before{same}; it is one chapter")
    return list(found.values())


def _chapters(
    paths: Iterable[Path], folder: Path, settings: Settings, report: Report
) -> tuple[list[Entry], list[Metadata], list[str]]:
    """The chapters that can be read, called by their paths in `folder`; their metadata; and why others cannot."""
    entries: list[Entry] = []
    read: list[Metadata] = []
    failures: list[str] = []
    for path in paths:
        try:
            metadata = _article(path, settings, report).metadata
        except ArticleConvertError as error:
            failures.append(str(error))
            report.source = str(path)
            report.add("book.page-failed", str(error))
            continue
        name = Path(os.path.realpath(path)).relative_to(folder).as_posix()
        chapter = Chapter(name, partial(_article, path, settings, None), path, metadata.source_url)
        entries.append(Entry(metadata.title or path.stem, chapter))
        read.append(metadata)
    return entries, read, failures


def folder_of(paths: Sequence[Path]) -> Path:
    """The folder that all articles lie below: chapters are called by their paths in it."""
    return Path(os.path.commonpath([os.path.realpath(path.parent) for path in paths]))


def _article(path: Path, settings: Settings, report: Report | None) -> Article:
    # A second reading finds again what is in the report already.
    report = report if report is not None else Report()
    options, rules = settings.reader_options, settings.rules
    article = pipeline.read(path, settings.reader, options=options, rules=rules, report=report)
    return pipeline.clean(article, settings.transforms, report=report)


def shared(chapters: Sequence[Metadata], title: str) -> Metadata:
    """The metadata of a book called `title` that its chapters agree on; authors are named up to three."""
    authors = tuple(dict.fromkeys(author for chapter in chapters for author in chapter.authors))
    return Metadata(
        title=title,
        authors=authors if len(authors) <= _MOST_AUTHORS else (),
        language=_common([chapter.language for chapter in chapters]),
        site=_common([chapter.site for chapter in chapters]),
    )


def _common(values: list[str]) -> str:
    """The value that all chapters have which have one, or `""`."""
    found = {value for value in values if value}
    return found.pop() if len(found) == 1 else ""
