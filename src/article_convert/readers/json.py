"""The library's own JSON (see `codec`): an article comes back exactly as it was written."""

from __future__ import annotations

from dataclasses import dataclass

from article_convert.codec import loads
from article_convert.contract import Reader
from article_convert.errors import InputError
from article_convert.model import Article
from article_convert.report import Report

__all__ = ["READER", "JsonReaderOptions", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonReaderOptions:
    """Nothing can be set: the data says everything."""


def read(data: bytes, options: JsonReaderOptions, report: Report) -> Article:
    """The article in `data`. Raises `InputError`, with the path of every fault, if it is not exactly that.

    JSON is written by programs: unlike Markdown and HTML it is never repaired.
    """
    try:
        document = loads(data.removeprefix(b"\xef\xbb\xbf"))
    except InputError as error:
        raise InputError(f"{report.source}: {error}" if report.source else str(error)) from error
    if not isinstance(document, Article):
        raise InputError("the JSON holds a book, not one article; read it with article_convert.codec.loads")
    return document


def recognises(head: str) -> int:
    """100 for an object whose first key is `article_convert`, 0 for everything else."""
    start = head.lstrip("\ufeff \t\r\n")
    return 100 if start.startswith("{") and start[1:200].lstrip().startswith('"article_convert"') else 0


READER = Reader(
    name="json",
    extensions=(".json",),
    options=JsonReaderOptions,
    read=read,
    recognises=recognises,
    help="an article as this program wrote it with -t json",
)
