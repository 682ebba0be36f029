"""The source map of an EPUB: what each chapter was made from, so that the file can be updated.

It is one JSON file beside the container's own, which reading systems leave alone. A chapter is told
by its path in the book and by the address it was saved from; a digest of its article, as it was read
and cleaned, tells whether it is still the same. Nothing in it comes from the machine or the day.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from article_convert import __version__, codec
from article_convert.errors import InputError
from article_convert.model import Article, Book, Chapter, Entry, Metadata
from article_convert.writers.epub.parts import NavPoint

__all__ = ["PLACE", "PROGRAM", "Sources", "Written", "core", "dump", "fingerprint", "load", "pictures_of"]

PROGRAM = f"article_convert {__version__}"
"""What printed the chapters: another version may print the same article in another way."""

PLACE = "META-INF/article_convert.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Written:
    """A chapter as it was written: `digest` of its article, its `files`, and what leads into them.

    `pictures` are the addresses of the pictures that were at hand, each with the digest of its bytes.
    `metadata` are those that the whole book follows from: authors, dates, language, site, address.
    """

    digest: str
    language: str
    files: tuple[str, ...]
    anchors: Mapping[str, str]
    headings: tuple[NavPoint, ...]
    pictures: Mapping[str, str]
    metadata: Metadata


@dataclass(frozen=True, slots=True)
class Sources:
    """What a book was made of. `options` are those of the writer as `name=value`, without the `files` among them.

    `css` is the text of the user's style sheet, if `files` names one, so that the built-in one can change
    beside it. `made` says how articles were read and cleaned and what was asked of pictures, in words. The
    chapters of `book` hold no text: their articles are empty but for a few metadata.
    """

    program: str
    options: tuple[str, ...]
    files: tuple[str, ...]
    book: Book
    chapters: Mapping[str, Written]
    css: str = ""
    made: tuple[str, ...] = ()


def fingerprint(article: Article) -> str:
    """A digest of text and metadata; positions in the source and the bytes of pictures do not count."""
    return sha256(codec.dumps(article, spans=False, resources=False)).hexdigest()[:32]


def pictures_of(article: Article) -> dict[str, str]:
    """The digests of the pictures at hand by their address; those inside an address are part of the text."""
    return {each.url: each.digest[:32] for each in article.resources if not each.url.startswith("data:")}


def core(metadata: Metadata) -> Metadata:
    """The metadata of a chapter that those of the book follow from."""
    return Metadata(
        authors=metadata.authors,
        published=metadata.published,
        modified=metadata.modified,
        language=metadata.language,
        source_url=metadata.source_url,
        site=metadata.site,
    )


# ------------------------------------------------------------------ as JSON


def dump(sources: Sources) -> Iterator[bytes]:
    """The map as the bytes of its file, in pieces; the same sources give the same bytes."""

    def bare(entry: Entry) -> Entry:
        chapter = entry.chapter
        if chapter is not None:
            article = Article(metadata=sources.chapters[chapter.path].metadata)
            chapter = Chapter(chapter.path, lambda: article)
        return replace(entry, chapter=chapter, children=tuple(map(bare, entry.children)))

    book = Book(tuple(map(bare, sources.book.entries)), replace(sources.book.metadata, origins=()))
    head = {
        "format": _FORMAT,
        "program": sources.program,
        "options": sources.options,
        "files": sources.files,
    }
    head |= {"css": sources.css} if "css" in sources.files else {}
    head |= {"made": sources.made} if sources.made else {}
    yield _json(head)[:-1] + b',"chapters":{'
    for index, (path, written) in enumerate(sources.chapters.items()):
        yield b"," * bool(index) + _json(path) + b":" + _json(_written_data(written))
    yield b'},"book":' + _json(codec.to_data(book)) + b"}\n"


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace")


def _written_data(written: Written) -> dict[str, Any]:
    data = {
        "digest": written.digest,
        "language": written.language,
        "files": written.files,
        "anchors": dict(written.anchors),
        "headings": [_point_data(point) for point in written.headings],
        "pictures": dict(written.pictures),
    }
    return {name: value for name, value in data.items() if value}


def _point_data(point: NavPoint) -> list[Any]:
    return [point.title, point.href, *map(_point_data, point.children)]


def load(data: bytes, name: str) -> Sources:
    """The map that `dump` wrote. Raises `InputError`, naming the EPUB `name`, for anything else."""
    try:
        found = json.loads(data)
        if found["format"] != _FORMAT:
            raise InputError(f"{name} was written by another version ({found['program']}); make it anew")
        book = codec.from_data(found["book"])
        if not isinstance(book, Book):
            raise TypeError("no book")
        known = dict(_metadata_of(book.entries))
        chapters = {path: _written(each, known[path]) for path, each in found["chapters"].items()}
        return Sources(
            str(found["program"]),
            tuple(map(str, found["options"])),
            tuple(map(str, found["files"])),
            book,
            chapters,
            str(found["css"]) if "css" in found["files"] else "",
            tuple(map(str, found.get("made", ()))),
        )
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise InputError(f"the source map in {name} is damaged ({error!r}); make the book anew") from error


def _metadata_of(entries: tuple[Entry, ...]) -> Iterator[tuple[str, Metadata]]:
    for entry in entries:
        if entry.chapter is not None:
            yield entry.chapter.path, entry.chapter.load().metadata
        yield from _metadata_of(entry.children)


def _written(data: dict[str, Any], metadata: Metadata) -> Written:
    if not data["files"]:
        raise ValueError("a chapter without files")
    return Written(
        digest=str(data["digest"]),
        language=str(data["language"]),
        files=tuple(map(str, data["files"])),
        anchors=_texts(data.get("anchors", {})),
        headings=tuple(map(_point, data.get("headings", []))),
        pictures=_texts(data.get("pictures", {})),
        metadata=metadata,
    )


def _texts(data: dict[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in data.items()}


def _point(data: list[Any]) -> NavPoint:
    return NavPoint(str(data[0]), str(data[1]), tuple(map(_point, data[2:])))
