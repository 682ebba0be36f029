"""What an EPUB says about itself: title, people, dates, subjects, rights, and what its readers need to see or hear."""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import islice

from article_convert.languages import named_language
from article_convert.model import Article, Author, Heading, Inlines, Metadata, Note, Paragraph, Text
from article_convert.tree import rewrite, text_of, walk
from article_convert.writers.epub.names import sort_name
from article_convert.writers.epub.parts import Package, Property
from article_convert.writers.labels import label
from article_convert.writers.markup.escape import scrubbed

__all__ = [
    "Contents",
    "Identity",
    "Series",
    "describe",
    "heading_text",
    "is_right_to_left",
    "language_of",
    "one_line",
    "title_of",
]

_HAN = re.compile(r"[\u3400-\u9fff]")
_KANA = re.compile(r"[\u3041-\u30ff]")
_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv"})

_DESCRIBED = {
    "zh": "可重排的文字，带目录和标题层级。图片均有替代文字。",
    "ja": "リフロー型の本文で、目次と見出しがあります。画像にはすべて代替テキストがあります。",
    "en": "Reflowable text with a table of contents and headings. Every picture has a text that stands for it.",
}
_UNDESCRIBED = {
    "zh": "可重排的文字，带目录和标题层级。部分图片没有替代文字。",
    "ja": "リフロー型の本文で、目次と見出しがあります。代替テキストのない画像があります。",
    "en": "Reflowable text with a table of contents and headings. Some pictures have no text that stands for them.",
}
_NO_PICTURES = {
    "zh": "可重排的文字，带目录和标题层级，没有图片。",
    "ja": "リフロー型の本文で、目次と見出しがあります。画像はありません。",
    "en": "Reflowable text with a table of contents and headings, without pictures.",
}


@dataclass(slots=True)
class Contents:
    """What a book turned out to hold: pictures, how many of them have alternative text, formulas, its newest change."""

    pictures: int = 0
    described: int = 0
    animated: bool = False
    formulas: bool = False
    newest: datetime | None = None

    def add_date(self, metadata: Metadata) -> None:
        """Note when a chapter last changed; the book changed with its newest."""
        self.newest = _latest(self.newest, _modified(metadata))


@dataclass(frozen=True, slots=True)
class Series:
    """The series that a book belongs to, and its place in it; no name, no series."""

    name: str = ""
    position: float = 1


_NO_SERIES = Series()


class Identity:
    """A name for a book that has no address: a digest of its text, chapter by chapter."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, article: Article) -> None:
        for part in (article.metadata.title, text_of(article)):
            self._digest.update(part.encode("utf-8", "replace") + b"\0")

    def identifier(self, metadata: Metadata) -> str:
        """A `urn:uuid:` that depends on the source address, or else on all that was added."""
        name = metadata.source_url or f"sha256:{self._digest.hexdigest()}"
        return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, scrubbed(name))}"


def one_line(text: str) -> str:
    """`text` without characters that XML cannot hold and without line ends."""
    return " ".join(scrubbed(text).split())


def heading_text(content: Inlines) -> str:
    """What a heading says in a table of contents: one line, without the text of its footnotes."""
    return one_line(text_of(rewrite(Paragraph(content), lambda node: () if isinstance(node, Note) else node)))


def title_of(article: Article) -> str:
    """The title; without one the first heading, else the first words; empty if there is no text at all."""
    if title := one_line(article.metadata.title):
        return title
    headings = (heading_text(node.content) for node in walk(article) if isinstance(node, Heading))
    text = next((found for found in headings if found), "") or one_line(text_of(article))
    return text if len(text) <= 60 else text[:59].rstrip() + "…"


def language_of(metadata: Metadata, article: Article | None = None) -> str:
    """A BCP 47 tag: what the metadata say, else what the script of the text suggests, else English.

    Reading systems choose voices, fonts and line breaks by this value, so it is never left open.
    """
    if tag := named_language(metadata.language):
        return tag
    sample = metadata.title
    if article is not None:
        texts = (node.text for node in walk(article) if isinstance(node, Text))
        sample += "".join(islice(texts, 200))[:4000]
    if len(_KANA.findall(sample)) > 5:
        return "ja"
    return "zh" if len(_HAN.findall(sample)) * 5 > len(sample) else "en"


def is_right_to_left(language: str) -> bool:
    """Whether a book in that language turns its pages from left to right, as Arabic and Hebrew do."""
    return language.lower().partition("-")[0] in _RIGHT_TO_LEFT


def describe(
    metadata: Metadata,
    title: str,
    language: str,
    identifier: str,
    contents: Contents,
    stylesheet: str,
    series: Series = _NO_SERIES,
) -> Package:
    """The package document's words for a book with these metadata and contents."""
    properties: list[Property] = []
    for index, author in enumerate(metadata.authors, 1):
        properties += _creator(author, f"creator-{index}", language)
    for name, text in _plain(metadata):
        if text := one_line(text):
            properties.append((name, text, ()))
    properties += _series(series) + _accessibility(contents, language)
    return Package(
        identifier=one_line(identifier),
        title=title,
        language=language,
        modified=_latest(_modified(metadata), contents.newest) or datetime(1970, 1, 1),
        properties=tuple(properties),
        direction="rtl" if is_right_to_left(language) else "",
        contents_title=label(language, "contents"),
        landmarks_title=label(language, "sections"),
        stylesheet=stylesheet,
    )


def _creator(author: Author, key: str, language: str) -> list[Property]:
    name = one_line(author.name)
    if not name:
        return []
    refines = ("refines", f"#{key}")
    return [
        ("dc:creator", name, (("id", key),)),
        ("meta", "aut", (refines, ("property", "role"), ("scheme", "marc:relators"))),
        ("meta", sort_name(name, language), (refines, ("property", "file-as"))),
    ]


def _plain(metadata: Metadata) -> list[tuple[str, str]]:
    subjects = dict.fromkeys(each for each in (metadata.category, *metadata.tags) if each)
    rights = [notice.text for notice in metadata.notices if notice.kind == "licence"]
    return [
        ("dc:publisher", metadata.publisher or metadata.site),
        ("dc:date", _date_text(metadata.published)),
        ("dc:source", metadata.source_url),
        ("dc:description", metadata.description or metadata.summary),
        *(("dc:subject", subject) for subject in subjects),
        ("dc:rights", " ".join(rights)),
    ]


def _date_text(value: date | datetime | None) -> str:
    """A date as W3C writes them: a time of day only where its zone is known."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds") if value.tzinfo else value.date().isoformat()
    return value.isoformat() if value is not None else ""


def _modified(metadata: Metadata) -> datetime | None:
    """When an article last changed, in UTC; never the time of writing, which would differ each time."""
    value = metadata.modified or metadata.published
    if value is None:
        return None
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    try:
        return (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None, microsecond=0)
    except OverflowError:  # the first or last day of the calendar, moved out of it by its zone
        return value.replace(tzinfo=None, microsecond=0)


def _latest(*values: datetime | None) -> datetime | None:
    return max((value for value in values if value is not None), default=None)


def _series(series: Series) -> list[Property]:
    """As EPUB 3 says it, and as calibre and the devices that follow it read it."""
    name, position = one_line(series.name), f"{series.position:.6f}".rstrip("0").rstrip(".")
    if not name:
        return []
    refines = ("refines", "#series")
    return [
        ("meta", name, (("property", "belongs-to-collection"), ("id", "series"))),
        ("meta", "series", (refines, ("property", "collection-type"))),
        ("meta", position, (refines, ("property", "group-position"))),
        ("meta", "", (("name", "calibre:series"), ("content", name))),
        ("meta", "", (("name", "calibre:series_index"), ("content", position))),
    ]


def _accessibility(contents: Contents, language: str) -> list[Property]:
    """The metadata of EPUB Accessibility 1.1: what is true of the content, no claim of conformance."""
    described = contents.described == contents.pictures
    features = ["tableOfContents", "structuralNavigation", "readingOrder", "displayTransformability"]
    if contents.pictures and described:
        features.append("alternativeText")
    if contents.formulas:
        features.append("MathML")
    values = [("accessMode", "textual")]
    if contents.pictures:
        values += [("accessMode", "visual"), ("accessModeSufficient", "textual,visual")]
    if described:
        values.append(("accessModeSufficient", "textual"))
    values += [("accessibilityFeature", feature) for feature in features]
    values.append(("accessibilityHazard", "unknown" if contents.animated else "none"))
    summaries = _NO_PICTURES if not contents.pictures else _DESCRIBED if described else _UNDESCRIBED
    values.append(("accessibilitySummary", summaries.get(language[:2].lower(), summaries["en"])))
    return [("meta", value, (("property", f"schema:{name}"),)) for name, value in values]
