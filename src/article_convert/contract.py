"""What a reader and a writer are: the two records that a format consists of, built-in or of another package."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from article_convert.model import Article, Document
from article_convert.report import Report
from article_convert.rules import Rule

__all__ = ["BROWSER_PICTURES", "Reader", "Writer"]


@dataclass(frozen=True, slots=True)
class Reader:
    """A way to read an article, and how to find it.

    `read(data, options, report)` returns the faithful tree of one article and never raises for
    malformed content, but `InputError` for bytes that are no text at all. `options` is a frozen
    dataclass whose fields all have defaults. `recognises(head)` gets the first 64 KiB as text and says
    how sure it is, 0 to 100. `rules` find the furniture of what it reads, beside the rules of the library.
    """

    name: str
    extensions: tuple[str, ...]
    options: type
    read: Callable[[bytes, Any, Report], Article]
    recognises: Callable[[str], int]
    help: str = ""
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """A way to print an article or a book, and how to find it.

    `write(document, options, report)` returns the finished bytes: the same for the same document
    and options, on any machine and day. A writer whose output may be too large for memory also has
    `write_to(document, file, options, report)`, which puts the same bytes into an empty file that can seek.

    `pictures` are the media types that its output can show; pictures of other types become PNG or JPEG
    before they come to it. With `plain_pictures` they are made upright and sRGB too, for readers that
    know neither EXIF nor colour profiles. Without types, pictures come as they are. A writer that
    `embeds_pictures` holds them in its one file, always: so they are fetched unless that is forbidden, and
    cannot lie in a folder beside it. One that `links_pictures` may print their addresses instead of holding
    them, as its option `images` says. `device_option` names the option that says for which device an output
    is, one of `profiles.PROFILES`: pictures get the form that it shows.

    The `linked_pages` of a book, one for each chapter, may lie in a folder and lead to one another; those that
    are `paged` end in links to the page before and the page after.
    """

    name: str
    extensions: tuple[str, ...]
    options: type
    write: Callable[[Document, Any, Report], bytes]
    help: str = ""
    write_to: Callable[[Document, BinaryIO, Any, Report], None] | None = None
    pictures: tuple[str, ...] = ()
    plain_pictures: bool = False
    embeds_pictures: bool = False
    links_pictures: bool = False
    device_option: str = ""
    linked_pages: bool = False
    paged: bool = False


BROWSER_PICTURES = (
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "image/bmp",
    "image/svg+xml",
)
"""What every browser of today shows."""
