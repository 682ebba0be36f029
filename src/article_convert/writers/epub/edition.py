"""A book on its way into an EPUB: what its parts share, the documents that wait for their links, and the last steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.resources import files

from article_convert.files import read_css
from article_convert.model import Book, Metadata
from article_convert.options import assignments
from article_convert.report import Report
from article_convert.writers.epub.chapters import STYLESHEET, Printer
from article_convert.writers.epub.container import Container
from article_convert.writers.epub.device import Device, flattened
from article_convert.writers.epub.links import Links
from article_convert.writers.epub.metadata import Contents, Identity, Series, describe
from article_convert.writers.epub.options import EpubOptions
from article_convert.writers.epub.parts import XHTML, File, Landmark, NavPoint
from article_convert.writers.epub.pictures import Pictures
from article_convert.writers.epub.previous import Previous
from article_convert.writers.epub.sources import PLACE, PROGRAM, Sources, Written, dump
from article_convert.writers.epub.typeface import typeface_of
from article_convert.writers.epub.waiting import Waiting

__all__ = ["Edition", "edition_in"]


@dataclass(slots=True)
class Edition:
    """What the parts of a book share while it is written, and the reading order so far.

    `previous` is the edition that this one renews, and `kept` names the chapters that come from it.
    `written` says what the source map will say, chapter by chapter; `characters` are those that a font
    needs; `language` is that of the whole book, empty until it is known.
    """

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

    @property
    def toc_depth(self) -> int:
        depth = self.options.toc_depth
        return self.device.profile.toc_depth if depth is None else depth

    def wait(self, documents: Iterable[tuple[str, str]], kept: bool = False) -> None:
        """Put documents into the reading order; they are written when every link target is known."""
        for name, text in documents:
            self.contents.formulas = self.contents.formulas or "<math" in text
            self.spine.append(name)
            self.characters.update(text)
            self.waiting.put(name, text, kept)

    def finish(
        self, book: Book, title: str, front: list[Landmark], points: list[NavPoint], landmarks: list[Landmark]
    ) -> None:
        """Write what has waited, the style sheet, the source map and what describes the book."""
        for name, text, kept in self.waiting.take():
            settled = self.links.refreshed(text) if kept else self.links.settled(text)
            self.container.add(File(name, XHTML, settled.encode("utf-8")))
        _add_style(self)
        contents, pictures = self.contents, self.pictures
        contents.pictures, contents.described = pictures.count, pictures.described
        contents.animated = pictures.animated
        options, earlier = self.options, self.previous.identifier if self.previous is not None else ""
        identifier = options.identifier or earlier or self.identity.identifier(book.metadata)
        series = Series(options.series, options.series_index)
        if options.provenance:
            self.container.add_beside(PLACE, dump(self._sources(book)))
        package = describe(book.metadata, title, self.language, identifier, contents, STYLESHEET, series)
        spine = [mark.href for mark in front] + self.spine
        levels = self.device.profile.toc_levels if options.toc_depth is None else 0
        self.container.finish(package, spine, flattened(points, levels), front + landmarks)

    def holds_cover(self, metadata: Metadata) -> bool:
        """Whether the user's cover file is in the earlier edition, and nobody has named another picture since."""
        previous = self.previous
        if previous is None or "cover" not in previous.sources.files or self.options.cover != "auto":
            return False
        return bool(previous.cover) and metadata.lead_image == previous.sources.book.metadata.lead_image

    def own_css(self) -> str:
        """The user's style sheet: the one that is named, or else that of the earlier edition."""
        if self.options.css is not None:
            return read_css(self.options.css)
        return self.previous.sources.css if self.previous is not None else ""

    def _sources(self, book: Book) -> Sources:
        """The source map. Files of the user's that are taken over stay remembered, however often the book grows."""
        texts, files = assignments(self.options)
        css = self.own_css()
        taken = {"cover": self.holds_cover(book.metadata), "css": bool(css)}
        files += tuple(name for name, is_taken in taken.items() if is_taken and name not in files)
        return Sources(PROGRAM, texts, files, book, self.written, css, self.options.made)


def edition_in(container: Container, waiting: Waiting, options: EpubOptions, report: Report) -> Edition:
    """A new edition, still empty, for the device and in the language that `options` say."""
    device = Device.named(options.profile, options.tables, options.notes)
    pictures, links = Pictures(container, report, device.profile), Links(report)
    limit = (options.split or device.profile.chapter) * 1000
    printer = Printer(pictures, links, report, device, limit, f"paragraphs-{options.paragraphs}")
    return Edition(options, report, container, device, pictures, links, printer, waiting, language=options.language)


def _add_style(edition: Edition) -> None:
    """The style sheet, and the font if one is to be embedded: only now it is known which characters it needs."""
    typeface = typeface_of(edition.options.font, edition.language)
    if typeface is not None:
        edition.container.add(typeface.cut(edition.characters))
    built_in = files("article_convert.writers").joinpath("style/epub.css").read_text(encoding="utf-8")
    styled = edition.device.style(built_in, edition.own_css(), edition.report)
    sheet = (typeface.style() if typeface is not None else "") + styled
    edition.container.add(File(STYLESHEET, "text/css", sheet.encode("utf-8")))
