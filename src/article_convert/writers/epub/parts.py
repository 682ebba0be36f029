"""What the container of an EPUB is given: finished files, the table of contents, and what describes the book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

__all__ = ["XHTML", "File", "Landmark", "NavPoint", "Package", "Property", "depth", "flat"]

XHTML = "application/xhtml+xml"

Property: TypeAlias = tuple[str, str, tuple[tuple[str, str], ...]]
"""One metadata element: its name (`dc:creator`, `meta`), its text and its attributes."""


@dataclass(frozen=True, slots=True)
class File:
    """A finished file: its ASCII name inside the package folder, its type, its bytes.

    `properties` are those of the manifest (`cover-image`); `svg` and `mathml` are found by looking.
    """

    name: str
    media_type: str
    data: bytes
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavPoint:
    """A line of the table of contents. `href` is empty for a title that only groups its children."""

    title: str
    href: str = ""
    children: tuple[NavPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place that reading systems offer by name."""

    kind: Literal["cover", "toc", "text"]
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Package:
    """What the package document says about the book; `modified` is in UTC and has no time zone.

    `direction` is `rtl` for books whose pages turn to the right, else empty. `contents_title` and
    `landmarks_title` are the headings of the navigation document, `stylesheet` its style.
    """

    identifier: str
    title: str
    language: str
    modified: datetime
    properties: tuple[Property, ...] = ()
    direction: str = ""
    contents_title: str = "Contents"
    landmarks_title: str = "Guide"
    stylesheet: str = ""


def flat(points: Iterable[NavPoint]) -> Iterator[NavPoint]:
    """All lines of a table of contents, each before its children."""
    for point in points:
        yield point
        yield from flat(point.children)


def depth(points: Iterable[NavPoint]) -> int:
    """The number of levels of a table of contents."""
    return max((1 + depth(point.children) for point in points), default=0)
