"""EPUB 3 from an article or a book: valid, small enough for old devices, the same bytes every time.

What the file promises: epubcheck finds nothing; names and ids are ASCII; the table of contents
stands in it twice, for new devices and for old ones; no link inside it leads nowhere; nothing is
loaded from the network; the pictures at hand are in it once each. Chapters of a book are read,
printed and let go one by one; until all link targets are known they wait in a temporary file, so
that memory hardly grows with the length of a book.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Literal

from article_convert.errors import ArticleConvertError, OptionError
from article_convert.files import read_input
from article_convert.formats import Writer
from article_convert.model import Article, Book, Chapter, Document, Entry, Heading, Metadata, Resource
from article_convert.options import option
from article_convert.report import Report
from article_convert.tree import walk
from article_convert.writers import markup
from article_convert.writers.epub.chapters import STYLESHEET, Printer, with_whole_addresses, xhtml
from article_convert.writers.epub.container import Container, File, Landmark, NavPoint
from article_convert.writers.epub.cover import Words, draw_cover
from article_convert.writers.epub.links import Links
from article_convert.writers.epub.metadata import (
    Contents,
    Identity,
    Series,
    describe,
    language_of,
    one_line,
    title_of,
)
from article_convert.writers.epub.pictures import Pictures, media_type_of
from article_convert.writers.labels import date_text, label
from article_convert.writers.markup.addresses import safe_address, scheme
from article_convert.writers.markup.escape import escaped, quoted
from article_convert.writers.markup.page import Page

__all__ = ["WRITER", "EpubOptions", "write_epub", "write_epub_to"]

_XHTML = "application/xhtml+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class EpubOptions:
    """What the file looks like, and what it is called by reading systems."""

    cover: Literal["auto", "drawn", "none"] | Path = option(
        "auto", "auto: the lead picture if it is at hand, else drawn from title and author; or a picture file"
    )
    paragraphs: Literal["spacing", "indent"] = option(
        "spacing", "set paragraphs apart by space, or by a first line indent"
    )
    toc_depth: int = option(3, "levels of the table of contents; chapters are always in it")
    split: int = option(250, "kilobytes of text above which a chapter is split at its headings")
    language: str = option("", "language of the whole file, such as zh-CN, whatever the article says")
    identifier: str = option("", "identifier of the file, such as urn:isbn:…, instead of one made from its source")
    series: str = option("", "the series that the book belongs to")
    series_index: float = option(1.0, "its place in the series")
    css: Path | None = option(None, "a style sheet of your own, applied last")


_SMALL = 4_000_000
"""Up to this many bytes documents wait in memory: opening a file takes longer than a short article."""


class _Waiting:
    """Documents that wait in a file until all link targets are known."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._sizes: list[tuple[str, int]] = []

    def put(self, name: str, text: str) -> None:
        """Add a document at the end."""
        data = text.encode("utf-8")
        self._file.write(data)
        self._sizes.append((name, len(data)))

    def take(self) -> Iterator[tuple[str, str]]:
        """All documents in the order in which they came."""
        self._file.seek(0)
        for name, size in self._sizes:
            yield name, self._file.read(size).decode("utf-8")


@dataclass(slots=True)
class _Edition:
    """A book on its way: its parts, the documents that wait for their links, and the reading order."""

    options: EpubOptions
    report: Report
    container: Container
    pictures: Pictures
    links: Links
    printer: Printer
    waiting: _Waiting
    identity: Identity = field(default_factory=Identity)
    contents: Contents = field(default_factory=Contents)
    spine: list[str] = field(default_factory=list)
    language: str = ""


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
    _check(options)
    with Container(file) as container, SpooledTemporaryFile(_SMALL) as waiting:
        edition = _edition(container, _Waiting(waiting), options, report)
        container.add(File(STYLESHEET, "text/css", _stylesheet(options)))
        if isinstance(document, Article):
            _article(document, edition)
        else:
            _book(document, edition)


def _check(options: EpubOptions) -> None:
    if options.split < 1 or options.toc_depth < 0:
        raise OptionError("split must be at least 1 and toc_depth at least 0")
    if options.language and language_of(Metadata(language=options.language)) != options.language:
        raise OptionError(f"language {options.language!r} is not a language tag such as zh-CN or en")


def _edition(container: Container, waiting: _Waiting, options: EpubOptions, report: Report) -> _Edition:
    pictures, links = Pictures(container, report), Links(report)
    printer = Printer(pictures, links, report, options.split * 1000, f"paragraphs-{options.paragraphs}")
    return _Edition(options, report, container, pictures, links, printer, waiting, language=options.language)


def _stylesheet(options: EpubOptions) -> bytes:
    built_in = files("article_convert.writers").joinpath("style/epub.css").read_bytes()
    return built_in + b"\n" + read_input(options.css) if options.css is not None else built_in


# ------------------------------------------------------------------ an article


def _article(article: Article, edition: _Edition) -> None:
    language = edition.language or language_of(article.metadata, article)
    title = title_of(article) or label(language, "untitled")
    edition.language = language
    edition.identity.add(article)
    edition.links.add_chapter("", "article.xhtml")
    cover = _cover_picture(article.metadata, article.resources, edition)
    printed = edition.printer.print(article, "article", "", language, title, edition.options.toc_depth)
    _wait(printed.documents, edition)
    front = _front(article.metadata, title, cover, edition)
    points = [NavPoint(title, "article.xhtml"), *printed.headings]
    _finish(
        article.metadata, title, front, points, [Landmark("text", label(language, "start"), "article.xhtml")], edition
    )


# ------------------------------------------------------------------ a book


def _book(book: Book, edition: _Edition) -> None:
    names = {chapter.path: f"chapter-{number:04}" for number, chapter in enumerate(_chapters(book.entries), 1)}
    for path, name in names.items():
        edition.links.add_chapter(path, f"{name}.xhtml")
    cover = _cover_picture(book.metadata, book.resources, edition)
    headings = {
        chapter.path: _chapter(chapter, entry, book, names[chapter.path], depth, edition)
        for chapter, entry, depth in _first_places(book.entries)
    }
    language = edition.language = edition.language or language_of(book.metadata)
    title = one_line(book.metadata.title) or label(language, "untitled")
    points = list(_navigation(book.entries, headings, edition))
    body = edition.spine
    edition.spine = []
    front = _front(book.metadata, title, cover, edition)
    _wait([("title.xhtml", _title_page(book.metadata, title, edition))], edition)
    _wait([("contents.xhtml", _contents_page(book.entries, title, edition))], edition)
    edition.spine += body
    landmarks = [Landmark("toc", label(language, "contents"), "contents.xhtml")]
    landmarks += [Landmark("text", label(language, "start"), name) for name in body[:1]]
    _finish(book.metadata, title, front, points or [NavPoint(title, "title.xhtml")], landmarks, edition)


def _flat(entries: Iterable[Entry], depth: int = 1) -> Iterator[tuple[Entry, int]]:
    for entry in entries:
        yield entry, depth
        yield from _flat(entry.children, depth + 1)


def _first_places(entries: Iterable[Entry]) -> Iterator[tuple[Chapter, Entry, int]]:
    """Every chapter where it stands first; a table of contents may name one more than once."""
    seen: set[str] = set()
    for entry, depth in _flat(entries):
        if entry.chapter is not None and entry.chapter.path not in seen:
            seen.add(entry.chapter.path)
            yield entry.chapter, entry, depth


def _chapters(entries: Iterable[Entry]) -> Iterator[Chapter]:
    return (chapter for chapter, _, _ in _first_places(entries))


def _chapter(
    chapter: Chapter, entry: Entry, book: Book, stem: str, depth: int, edition: _Edition
) -> tuple[NavPoint, ...]:
    """Read, print and let go one chapter; its headings are what is left of it."""
    outer, edition.report.source = edition.report.source, chapter.path
    try:
        article = chapter.load()
    except ArticleConvertError as error:
        edition.report.add("book.page-failed", f"{chapter.path}: {error}")
        article = Article()
    metadata = article.metadata
    if not metadata.title and not any(isinstance(node, Heading) and node.level == 1 for node in walk(article)):
        article = replace(article, metadata=replace(metadata, title=entry.title))
    article = replace(article, resources=article.resources + book.resources)
    edition.identity.add(article)
    edition.contents.add_date(metadata)
    own = language_of(metadata if metadata.language else replace(metadata, language=book.metadata.language), article)
    edition.language = edition.language or (language_of(book.metadata) if book.metadata.language else own)
    title = title_of(article) or one_line(entry.title) or label(own, "untitled")
    levels = edition.options.toc_depth - depth
    printed = edition.printer.print(article, stem, chapter.path, edition.options.language or own, title, levels)
    _wait(printed.documents, edition)
    edition.report.source = outer
    return printed.headings


def _navigation(
    entries: Iterable[Entry], headings: dict[str, tuple[NavPoint, ...]], edition: _Edition
) -> Iterator[NavPoint]:
    """The entries that lead into the book; a navigation document may not lead out of it."""
    for entry in entries:
        href = _entry_href(entry, edition)
        own = headings.pop(entry.chapter.path, ()) if entry.chapter is not None else ()
        if any(child.url and child.chapter is None and not scheme(child.url) for child in entry.children):
            own = ()  # the entry lists places on its page itself
        title = one_line(entry.title) or label(edition.language, "untitled")
        children = (*own, *_navigation(entry.children, headings, edition))
        if href or children:
            yield NavPoint(title, href, children)


def _entry_href(entry: Entry, edition: _Edition) -> str:
    url = entry.chapter.path if entry.chapter is not None else entry.url
    return edition.links.target(url) if url and not scheme(url) else ""


def _title_page(metadata: Metadata, title: str, edition: _Edition) -> str:
    language = edition.language
    page = Page(language, "epub", edition.report, picture=lambda image: "")
    shown = replace(with_whole_addresses(metadata), title=metadata.title or title)
    parts = [markup.title_block(shown, page), markup.notices(shown, page)]
    content = "\n".join(filter(None, parts))
    return xhtml(title, language, f'<section class="book-title">\n{content}\n</section>', kind="frontmatter")


def _contents_page(entries: Iterable[Entry], title: str, edition: _Edition) -> str:
    """All entries as a page to read: also those that lead out of the book or nowhere."""
    heading = label(edition.language, "contents")
    lines = _contents_lines(entries, edition)
    content = f'<section class="contents">\n<h1>{escaped(heading)}</h1>\n{lines}</section>'
    return xhtml(f"{heading} · {title}", edition.language, content, kind="frontmatter")


def _contents_lines(entries: Iterable[Entry], edition: _Edition) -> str:
    items = []
    for entry in entries:
        href = _entry_href(entry, edition) or (safe_address(entry.url) if scheme(entry.url) else "")
        name = escaped(one_line(entry.title) or entry.url or label(edition.language, "untitled"))
        line = f'<a href="{quoted(href)}">{name}</a>' if href else f"<span>{name}</span>"
        part = ' class="part"' if entry.part else ""
        items.append(f"<li{part}>{line}{_contents_lines(entry.children, edition)}</li>\n")
    return f"<ol>\n{''.join(items)}</ol>\n" if items else ""


# ------------------------------------------------------------------ both


def _wait(documents: Iterable[tuple[str, str]], edition: _Edition) -> None:
    """Put documents into the reading order; they are written when every link target is known."""
    for name, text in documents:
        edition.contents.formulas = edition.contents.formulas or "<math" in text
        edition.spine.append(name)
        edition.waiting.put(name, text)


def _cover_picture(metadata: Metadata, resources: tuple[Resource, ...], edition: _Edition) -> str:
    """The name of the picture on the cover; empty if it is to be drawn, or if there is to be none."""
    cover = edition.options.cover
    if isinstance(cover, Path):
        data = read_input(cover)
        media_type = media_type_of(data)
        if not media_type:
            raise OptionError(f"cover {cover} is no JPEG, PNG, GIF, WebP or SVG picture")
        name = edition.pictures.embed(Resource(str(cover), media_type, f"cover {cover}", data), ("cover-image",))
        if not name:
            raise OptionError(f"cover {cover} cannot stand in an EPUB: {edition.report.assets[-1].detail}")
        return name
    if cover == "auto" and metadata.lead_image:
        for resource in resources:
            if resource.url == metadata.lead_image:
                return edition.pictures.embed(resource, ("cover-image",))
    return ""


def _front(metadata: Metadata, title: str, picture: str, edition: _Edition) -> list[Landmark]:
    """The cover and its page, drawn if there is no picture for it."""
    if not picture:
        if edition.options.cover == "none":
            return []
        people = "、" if edition.language[:2] in {"zh", "ja"} else ", "
        below = [people.join(one_line(author.name) for author in metadata.authors if author.name)]
        date = date_text(edition.language, metadata.published) if metadata.published is not None else ""
        below.append(" · ".join(filter(None, (one_line(metadata.site or metadata.publisher), date))))
        media_type, data = draw_cover(Words(title, tuple(filter(None, below)), edition.language))
        picture = "cover.svg" if media_type == "image/svg+xml" else "cover.png"
        edition.container.add(File(picture, media_type, data, ("cover-image",)))
    name = label(edition.language, "cover-page")
    image = f'<img src="{picture}" alt="{quoted(title)}" role="doc-cover"/>'
    page = xhtml(title, edition.language, f'<div class="cover">{image}</div>', kind="cover")
    edition.container.add(File("cover.xhtml", _XHTML, page.encode()))
    return [Landmark("cover", name, "cover.xhtml")]


def _finish(
    metadata: Metadata,
    title: str,
    front: list[Landmark],
    points: list[NavPoint],
    landmarks: list[Landmark],
    edition: _Edition,
) -> None:
    for name, text in edition.waiting.take():
        edition.container.add(File(name, _XHTML, edition.links.settled(text).encode("utf-8")))
    contents, pictures = edition.contents, edition.pictures
    contents.pictures, contents.described = pictures.count, pictures.described
    contents.animated = pictures.animated
    identifier = edition.options.identifier or edition.identity.identifier(metadata)
    series = Series(edition.options.series, edition.options.series_index)
    package = describe(metadata, title, edition.language, identifier, contents, STYLESHEET, series)
    spine = [mark.href for mark in front] + edition.spine
    edition.container.finish(package, spine, points, front + landmarks)


WRITER = Writer(
    name="epub",
    extensions=(".epub",),
    options=EpubOptions,
    write=write_epub,
    write_to=write_epub_to,
    help="an electronic book for phones, tablets and e-readers",
)
