"""The library's own JSON (see `codec`): the whole tree, for other programs and for later."""

from __future__ import annotations

from dataclasses import dataclass

from article_convert.codec import dumps
from article_convert.contract import Writer
from article_convert.model import Document
from article_convert.options import option
from article_convert.report import Report

__all__ = ["WRITER", "JsonOptions", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonOptions:
    """How much is written, and how it is laid out."""

    spans: bool = option(True, "where each node stood in its source")
    resources: bool = option(True, "the bytes of the pictures at hand, in base64")
    indent: int = option(0, "spaces for each level; 0 puts everything on one line")


def write(document: Document, options: JsonOptions, report: Report) -> bytes:
    """`document` as UTF-8 JSON. Nothing is lost, so nothing is reported."""
    return dumps(document, options.spans, options.resources, options.indent)


WRITER = Writer(
    name="json",
    extensions=(".json",),
    options=JsonOptions,
    write=write,
    help="the article tree as data, read back by the reader of the same name",
)
