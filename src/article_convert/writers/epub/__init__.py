"""EPUB 3 from an article or a book: valid, small enough for old devices, the same bytes every time.

What the file promises: epubcheck finds nothing; names and ids are ASCII; the table of contents
stands in it twice, for new devices and for old ones; no link inside it leads nowhere; nothing is
loaded from the network; the pictures at hand are in it once each. Chapters of a book are read,
printed and let go one by one; until all link targets are known they wait in a temporary file, so
that memory hardly grows with the length of a book.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import BinaryIO, Literal

from article_convert.errors import ArticleConvertError, OptionError
from article_convert.files import read_input
from article_convert.formats import Writer
from article_convert.model import Article, Book, Chapter, Document, Entry, Heading, Metadata, Resource
from article_convert.options import option, told
from article_convert.pictures.sniff import HEAD_BYTES, media_type
from article_convert.report import Report
from article_convert.tree import walk
from article_convert.writers.epub.chapters import STYLESHEET, Printed, Printer, xhtml
from article_convert.writers.epub.container import Container
from article_convert.writers.epub.contents import contents_page, first_places, navigation, title_page
from article_convert.writers.epub.cover import Words, draw_cover
from article_convert.writers.epub.device import Device, DeviceName, Notes, flattened
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
from article_convert.writers.epub.parts import File, Landmark, NavPoint
from article_convert.writers.epub.pictures import Pictures
from article_convert.writers.epub.previous import Previous, shown_pictures
from article_convert.writers.epub.sources import PLACE, PROGRAM, Sources, Written, core, dump, fingerprint, pictures_of
from article_convert.writers.epub.tables import Strategy
from article_convert.writers.epub.typeface import Font, typeface_of
from article_convert.writers.epub.waiting import Waiting
from article_convert.writers.labels import date_text, label
from article_convert.writers.markup.escape import quoted

__all__ = ["WRITER", "EpubOptions", "update_epub_to", "write_epub", "write_epub_to"]

_XHTML = "application/xhtml+xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class EpubOptions:
    """What the file looks like, and what it is called by reading systems."""

    profile: DeviceName = option("generic", "the device that the book is for: its style, tables, notes and pictures")
    cover: Literal["auto", "drawn", "none"] | Path = option(
        "auto", "auto: the lead picture if it is at hand, else drawn from title and author; or a picture file"
    )
    paragraphs: Literal["spacing", "indent"] = option(
        "spacing", "set paragraphs apart by space, or by a first line indent"
    )
    font: Font = option("none", "a Chinese font to embed, cut to the characters of the book; or a font file of yours")
    tables: Strategy = option(
        "auto", "as they are, without merged cells, or row by row as cards; auto: what the device shows best"
    )
    notes: Notes = option(
        "auto", "as links that open in place, or in brackets in the text; auto: what the device knows"
    )
    toc_depth: int | None = option(None, "levels of the table of contents, chapters always; else 3, or 2 for a Kindle")
    split: int | None = option(None, "kilobytes of text above which a chapter is split at its headings; else 250")
    language: str = option("", "language of the whole file, such as zh-CN, whatever the article says")
    identifier: str = option("", "identifier of the file, such as urn:isbn:…, instead of one made from its source")
    series: str = option("", "the series that the book belongs to")
    series_index: float = option(1.0, "its place in the series")
    provenance: bool = option(True, "keep a map of the sources in the file, which --update needs")
    css: Path | None = option(None, "a style sheet of your own, applied last")


@dataclass(slots=True)
class _Edition:
    """A book on its way: its parts, the documents that wait for their links, and the reading order."""

    options: EpubOptions
    report: Report
    container: Container
    device: Device
    pictures: Pictures
    links: Links
    printer: Printer
    waiting: Waiting
    previous: Previous | None = None
    kept: frozenset[str] = frozenset()
    written: dict[str, Written] = field(default_factory=dict)
    characters: set[str] = field(default_factory=set)
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
    with Container(file) as container, Waiting() as waiting:
        edition = _edition(container, waiting, options, report)
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
    _check(options)
    with Container(file) as container, Waiting() as waiting:
        edition = _edition(container, waiting, options, report)
        edition.previous, edition.kept = previous, frozenset(kept)
        edition.contents.newest = previous.modified + timedelta(seconds=1)  # a new edition has a later date
        _book(book, edition)
    edition.device.check_size(file.seek(0, io.SEEK_END), report)


def _check(options: EpubOptions) -> None:
    if (options.split is not None and options.split < 1) or (options.toc_depth is not None and options.toc_depth < 0):
        raise OptionError("split must be at least 1 and toc_depth at least 0")
    if options.language and language_of(Metadata(language=options.language)) != options.language:
        raise OptionError(f"language {options.language!r} is not a language tag such as zh-CN or en")


def _edition(container: Container, waiting: Waiting, options: EpubOptions, report: Report) -> _Edition:
    device = Device.named(options.profile, options.tables, options.notes)
    pictures, links = Pictures(container, report, device.profile), Links(report)
    limit = (options.split or device.profile.chapter) * 1000
    printer = Printer(pictures, links, report, device, limit, f"paragraphs-{options.paragraphs}")
    return _Edition(options, report, container, device, pictures, links, printer, waiting, language=options.language)


def _toc_depth(edition: _Edition) -> int:
    depth = edition.options.toc_depth
    return edition.device.profile.toc_depth if depth is None else depth


def _add_style(edition: _Edition) -> None:
    """The style sheet, and the font if one is to be embedded: only now it is known which characters it needs."""
    css, previous = edition.options.css, edition.previous
    typeface = typeface_of(edition.options.font, edition.language)
    if typeface is not None:
        edition.container.add(typeface.cut(edition.characters))
    if css is None and previous is not None and "css" in previous.sources.files:
        sheet = previous.read(STYLESHEET)
    else:
        built_in = files("article_convert.writers").joinpath("style/epub.css").read_text(encoding="utf-8")
        own = read_input(css).decode("utf-8", "replace") if css is not None else ""
        styled = edition.device.style(built_in, own, edition.report)
        sheet = ((typeface.style() if typeface is not None else "") + styled).encode("utf-8")
    edition.container.add(File(STYLESHEET, "text/css", sheet))


# ------------------------------------------------------------------ an article


def _article(article: Article, edition: _Edition) -> None:
    language = edition.language or language_of(article.metadata, article)
    title = title_of(article) or label(language, "untitled")
    edition.language = language
    edition.identity.add(article)
    edition.links.add_chapter("", "article.xhtml")
    cover = _cover_picture(article.metadata, article.resources, edition)
    printed = edition.printer.print(article, "article", "", language, title, _toc_depth(edition))
    _wait(printed.documents, edition)
    edition.written[""] = _record(article, printed, language)
    front = _front(article.metadata, title, cover, edition)
    points = [NavPoint(title, "article.xhtml"), *printed.headings]
    landmarks = [Landmark("text", label(language, "start"), "article.xhtml")]
    book = Book((Entry(title, Chapter("", lambda: article)),), article.metadata)
    _finish(book, title, front, points, landmarks, edition)


# ------------------------------------------------------------------ a book


def _book(book: Book, edition: _Edition) -> None:
    names = _file_names(book, edition)
    for path, name in names.items():
        edition.links.add_chapter(path, f"{name}.xhtml")
    for written in edition.previous.sources.chapters.values() if edition.previous is not None else ():
        edition.links.add_parts(written.files, written.metadata.source_url)
    cover = _cover_picture(book.metadata, book.resources, edition)
    headings = {
        chapter.path: _chapter(chapter, entry, book, names[chapter.path], depth, edition)
        for chapter, entry, depth in first_places(book.entries)
    }
    language = edition.language = edition.language or language_of(book.metadata)
    title = one_line(book.metadata.title) or label(language, "untitled")
    points = list(navigation(book.entries, headings, edition.links, language))
    body = edition.spine
    edition.spine = []
    front = _front(book.metadata, title, cover, edition)
    _wait([("title.xhtml", title_page(book.metadata, title, language, edition.report))], edition)
    _wait([("contents.xhtml", contents_page(book.entries, title, edition.links, language))], edition)
    edition.spine += body
    landmarks = [Landmark("toc", label(language, "contents"), "contents.xhtml")]
    landmarks += [Landmark("text", label(language, "start"), name) for name in body[:1]]
    _finish(book, title, front, points or [NavPoint(title, "title.xhtml")], landmarks, edition)


def _file_names(book: Book, edition: _Edition) -> dict[str, str]:
    """What the files of each chapter are called: as they were called before, else by the next number."""
    previous = edition.previous
    numbers = count(1 if previous is None else previous.last_number() + 1)
    names: dict[str, str] = {}
    for chapter, _, _ in first_places(book.entries):
        known = previous.stem(chapter.path) if previous is not None else ""
        names[chapter.path] = known or f"chapter-{next(numbers):04}"
    return names


def _chapter(
    chapter: Chapter, entry: Entry, book: Book, stem: str, depth: int, edition: _Edition
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
    levels = _toc_depth(edition) - depth
    language = edition.options.language or own
    printed = edition.printer.print(article, stem, chapter.path, language, title, levels)
    _wait(printed.documents, edition)
    edition.written[chapter.path] = _record(loaded, printed, language)
    edition.report.source = outer
    return printed.headings


def _kept_chapter(path: str, previous: Previous, book: Book, edition: _Edition) -> tuple[NavPoint, ...]:
    """Take over one chapter from the earlier edition."""
    written = previous.sources.chapters[path]
    for name in written.files:
        text = previous.read(name).decode("utf-8")
        for picture, alt in shown_pictures(text):
            edition.pictures.keep(picture, alt, previous.picture)
        _wait([(name, text)], edition, kept=True)
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


# ------------------------------------------------------------------ both


def _wait(documents: Iterable[tuple[str, str]], edition: _Edition, kept: bool = False) -> None:
    """Put documents into the reading order; they are written when every link target is known."""
    for name, text in documents:
        edition.contents.formulas = edition.contents.formulas or "<math" in text
        edition.spine.append(name)
        edition.characters.update(text)
        edition.waiting.put(name, text, kept)


def _cover_picture(metadata: Metadata, resources: tuple[Resource, ...], edition: _Edition) -> str:
    """The name of the picture on the cover; empty if it is to be drawn, or if there is to be none."""
    cover = edition.options.cover
    if isinstance(cover, Path):
        data = read_input(cover)
        kind = media_type(data[:HEAD_BYTES])
        if not kind:
            raise OptionError(f"cover {cover} is no JPEG, PNG, GIF, WebP or SVG picture")
        name = edition.pictures.embed(Resource(str(cover), kind, f"cover {cover}", data), ("cover-image",))
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
        picture = _earlier_cover(metadata, edition)
    if not picture:
        people = "、" if edition.language[:2] in {"zh", "ja"} else ", "
        below = [people.join(one_line(author.name) for author in metadata.authors if author.name)]
        date = date_text(edition.language, metadata.published) if metadata.published is not None else ""
        below.append(" · ".join(filter(None, (one_line(metadata.site or metadata.publisher), date))))
        media_type, data = draw_cover(Words(title, tuple(filter(None, below)), edition.language))
        if media_type not in edition.device.profile.pictures.cover_types:
            device = edition.device.profile.title
            edition.report.add("image.unfit", f"the drawn cover is left out: {device} takes no {media_type}")
            return []
        picture = "cover.svg" if media_type == "image/svg+xml" else "cover.png"
        edition.container.add(File(picture, media_type, data, ("cover-image",)))
    name = label(edition.language, "cover-page")
    image = f'<img src="{picture}" alt="{quoted(title)}" role="doc-cover"/>'
    page = xhtml(title, edition.language, f'<div class="cover">{image}</div>', kind="cover")
    edition.container.add(File("cover.xhtml", _XHTML, page.encode()))
    return [Landmark("cover", name, "cover.xhtml")]


def _earlier_cover(metadata: Metadata, edition: _Edition) -> str:
    """The name of the cover of the earlier edition, taken over, if it says still the same."""
    previous = edition.previous
    if previous is None or not previous.cover or edition.options.cover == "drawn":
        return ""
    if _on_cover(previous.sources.book.metadata) != _on_cover(metadata):
        return ""
    if previous.cover not in edition.container:
        edition.container.add(previous.picture(previous.cover, ("cover-image",)))
    return previous.cover


def _on_cover(metadata: Metadata) -> tuple[object, ...]:
    place = metadata.site or metadata.publisher
    return metadata.title, metadata.authors, place, metadata.published, metadata.lead_image, metadata.language


def _finish(
    book: Book,
    title: str,
    front: list[Landmark],
    points: list[NavPoint],
    landmarks: list[Landmark],
    edition: _Edition,
) -> None:
    links, options, previous = edition.links, edition.options, edition.previous
    for name, text, kept in edition.waiting.take():
        settled = links.refreshed(text) if kept else links.settled(text)
        edition.container.add(File(name, _XHTML, settled.encode("utf-8")))
    _add_style(edition)
    contents, pictures = edition.contents, edition.pictures
    contents.pictures, contents.described = pictures.count, pictures.described
    contents.animated = pictures.animated
    earlier = previous.identifier if previous is not None else ""
    identifier = options.identifier or earlier or edition.identity.identifier(book.metadata)
    series = Series(options.series, options.series_index)
    if options.provenance:
        edition.container.add_beside(PLACE, dump(_sources(book, edition)))
    package = describe(book.metadata, title, edition.language, identifier, contents, STYLESHEET, series)
    spine = [mark.href for mark in front] + edition.spine
    levels = edition.device.profile.toc_levels if options.toc_depth is None else 0
    edition.container.finish(package, spine, flattened(points, levels), front + landmarks)


def _sources(book: Book, edition: _Edition) -> Sources:
    return Sources(PROGRAM, *told(edition.options), book, edition.written)


WRITER = Writer(
    name="epub",
    extensions=(".epub",),
    options=EpubOptions,
    write=write_epub,
    write_to=write_epub_to,
    pictures=("image/png", "image/jpeg", "image/gif", "image/svg+xml"),
    plain_pictures=True,
    help="an electronic book for phones, tablets and e-readers",
)
