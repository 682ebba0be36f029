"""EPUB 3 from an article or a book: valid, small enough for old devices, the same bytes every time.

What the file promises: epubcheck finds nothing; names and ids are ASCII; the table of contents
stands in it twice, for new devices and for old ones; no link inside it leads nowhere; nothing is
loaded from the network; the pictures at hand are in it once each. Chapters of a book are read,
printed and let go one by one; until all link targets are known they wait in a temporary file, so
that memory hardly grows with the length of a book.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import BinaryIO

from article_convert.contract import Writer
from article_convert.errors import ArticleConvertError
from article_convert.model import Article, Book, Chapter, Document, Entry, Heading
from article_convert.report import Report
from article_convert.tree import walk
from article_convert.writers.epub.chapters import Printed
from article_convert.writers.epub.container import Container
from article_convert.writers.epub.contents import contents_page, first_places, navigation, title_page
from article_convert.writers.epub.edition import Edition, edition_in
from article_convert.writers.epub.front import cover_picture, front_of
from article_convert.writers.epub.metadata import language_of, one_line, title_of
from article_convert.writers.epub.options import EpubOptions, check_options
from article_convert.writers.epub.parts import Landmark, NavPoint
from article_convert.writers.epub.previous import Previous, shown_pictures
from article_convert.writers.epub.sources import Written, core, fingerprint, pictures_of
from article_convert.writers.epub.waiting import Waiting
from article_convert.writers.labels import label

__all__ = ["WRITER", "EpubOptions", "update_epub_to", "write_epub", "write_epub_to"]


def write_epub(document: Document, options: EpubOptions, report: Report) -> bytes:
    """`document` as an EPUB 3 file; see `write_epub_to`."""
    file = io.BytesIO()
    write_epub_to(document, file, options, report)
    return file.getvalue()


def write_epub_to(document: Document, file: BinaryIO, options: EpubOptions, report: Report) -> None:
    """`document` as an EPUB 3 file in `file`, which must be empty and able to seek.

    Reported: pictures that are not at hand or of a type that EPUB has not, links that lead nowhere,
    pages of a book that cannot be read, and what the printed markup reports. The fate of every
    picture is in the assets of the report. Raises `MissingDependency` without ebooklib, `OptionError`
    for an option that cannot be, `InputError` for a cover or style sheet that cannot be read.
    """
    check_options(options)
    with Container(file) as container, Waiting() as waiting:
        edition = edition_in(container, waiting, options, report)
        if isinstance(document, Article):
            _article(document, edition)
        else:
            _book(document, edition)
    edition.device.check_size(file.seek(0, io.SEEK_END), report)


def update_epub_to(
    book: Book, previous: Previous, kept: Collection[str], file: BinaryIO, options: EpubOptions, report: Report
) -> None:
    """`book` as the next edition of an EPUB, in `file`: under the same identifier, chapters in files of the same names.

    The chapters whose paths are in `kept` are not loaded. Their documents are taken from `previous` as
    they are, but for links to what is no longer in the book or has come into it; so are their
    pictures, and the cover if nothing says another. Reported and raised is what `write_epub_to` does,
    and `InputError` if the earlier file turns out to be damaged.
    """
    check_options(options)
    with Container(file) as container, Waiting() as waiting:
        edition = edition_in(container, waiting, options, report)
        edition.previous, edition.kept = previous, frozenset(kept)
        edition.contents.newest = previous.modified + timedelta(seconds=1)  # a new edition has a later date
        _book(book, edition)
    edition.device.check_size(file.seek(0, io.SEEK_END), report)


# ------------------------------------------------------------------ an article


def _article(article: Article, edition: Edition) -> None:
    language = edition.language or language_of(article.metadata, article)
    title = title_of(article) or label(language, "untitled")
    edition.language = language
    edition.identity.add(article)
    cover = cover_picture(article.metadata, article.resources, edition)
    printed = edition.printer.print(article, "article", "", language, title, edition.toc_depth)
    edition.wait(printed.documents)
    edition.written[""] = _record(article, printed, language)
    front = front_of(article.metadata, title, cover, edition)
    points = [NavPoint(title, "article.xhtml"), *printed.headings]
    landmarks = [Landmark("text", label(language, "start"), "article.xhtml")]
    book = Book((Entry(title, Chapter("", lambda: article)),), article.metadata)
    edition.finish(book, title, front, points, landmarks)


# ------------------------------------------------------------------ a book


def _book(book: Book, edition: Edition) -> None:
    names = _file_names(book, edition)
    for path, name in names.items():
        edition.links.add_chapter(path, f"{name}.xhtml")
    for written in edition.previous.sources.chapters.values() if edition.previous is not None else ():
        edition.links.add_parts(written.files, written.metadata.source_url)
    cover = cover_picture(book.metadata, book.resources, edition)
    headings = {
        chapter.path: _chapter(chapter, entry, book, names[chapter.path], depth, edition)
        for chapter, entry, depth in first_places(book.entries)
    }
    language = edition.language = edition.language or language_of(book.metadata)
    title = one_line(book.metadata.title) or label(language, "untitled")
    points = list(navigation(book.entries, headings, edition.links, language))
    body = edition.spine
    edition.spine = []
    front = front_of(book.metadata, title, cover, edition)
    edition.wait([("title.xhtml", title_page(book.metadata, title, language, edition.report))])
    edition.wait([("contents.xhtml", contents_page(book.entries, title, edition.links, language))])
    edition.spine += body
    landmarks = [Landmark("toc", label(language, "contents"), "contents.xhtml")]
    landmarks += [Landmark("text", label(language, "start"), name) for name in body[:1]]
    edition.finish(book, title, front, points or [NavPoint(title, "title.xhtml")], landmarks)


def _file_names(book: Book, edition: Edition) -> dict[str, str]:
    """What the files of each chapter are called: as they were called before, else by the next number."""
    previous = edition.previous
    numbers = count(1 if previous is None else previous.last_number() + 1)
    names: dict[str, str] = {}
    for chapter, _, _ in first_places(book.entries):
        known = previous.stem(chapter.path) if previous is not None else ""
        names[chapter.path] = known or f"chapter-{next(numbers):04}"
    return names


def _chapter(
    chapter: Chapter, entry: Entry, book: Book, stem: str, depth: int, edition: Edition
) -> tuple[NavPoint, ...]:
    """Read, print and let go one chapter; its headings are what is left of it."""
    if edition.previous is not None and chapter.path in edition.kept:
        return _kept_chapter(chapter.path, edition.previous, book, edition)
    outer, edition.report.source = edition.report.source, chapter.path
    try:
        article = chapter.load()
    except ArticleConvertError as error:
        edition.report.add("book.page-failed", f"{chapter.path}: {error}")
        article = Article()
    loaded, metadata = article, article.metadata
    if not metadata.title and not any(isinstance(node, Heading) and node.level == 1 for node in walk(article)):
        article = replace(article, metadata=replace(metadata, title=entry.title))
    article = replace(article, resources=article.resources + book.resources)
    edition.identity.add(article)
    edition.contents.add_date(metadata)
    own = language_of(metadata if metadata.language else replace(metadata, language=book.metadata.language), article)
    edition.language = edition.language or (language_of(book.metadata) if book.metadata.language else own)
    title = title_of(article) or one_line(entry.title) or label(own, "untitled")
    levels = edition.toc_depth - depth
    language = edition.options.language or own
    printed = edition.printer.print(article, stem, chapter.path, language, title, levels)
    edition.wait(printed.documents)
    edition.written[chapter.path] = _record(loaded, printed, language)
    edition.report.source = outer
    return printed.headings


def _kept_chapter(path: str, previous: Previous, book: Book, edition: Edition) -> tuple[NavPoint, ...]:
    """Take over one chapter from the earlier edition."""
    written = previous.sources.chapters[path]
    for name in written.files:
        text = previous.document(name)
        for picture, alt in shown_pictures(text):
            edition.pictures.keep(picture, alt, previous.picture)
        edition.wait([(name, text)], kept=True)
    edition.links.add_anchors(written.files[0], written.anchors)
    edition.links.add_source(written.metadata.source_url, written.files[0])
    edition.contents.add_date(written.metadata)
    edition.language = edition.language or language_of(book.metadata if book.metadata.language else written.metadata)
    edition.written[path] = written
    return written.headings


def _record(article: Article, printed: Printed, language: str) -> Written:
    """What the source map says about a chapter; `article` is as it was loaded."""
    return Written(
        fingerprint(article),
        language,
        tuple(name for name, _ in printed.documents),
        printed.anchors,
        printed.headings,
        pictures_of(article),
        core(article.metadata),
    )


WRITER = Writer(
    name="epub",
    extensions=(".epub",),
    options=EpubOptions,
    write=write_epub,
    write_to=write_epub_to,
    pictures=("image/png", "image/jpeg", "image/gif", "image/svg+xml"),
    plain_pictures=True,
    embeds_pictures=True,
    device_option="profile",
    help="an electronic book for phones, tablets and e-readers",
)
