"""The pipeline, top to bottom: read, clean, fetch, write, and the convenience functions for scripts.

    bytes ─ reader ─▶ Article ─ transforms ─▶ Article ─ pictures ─▶ Article ─ writer ─▶ bytes

Everything here takes `report=` (a fresh one if not given), and what reads a source takes `name=` (how it is
called in diagnostics). Nothing is printed, and no network is used without a `Fetcher`.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias, TypedDict, Unpack

from article_convert import formats
from article_convert.assets.output import write_into
from article_convert.assets.policy import ImageOptions
from article_convert.errors import InputError, OptionError
from article_convert.files import MAX_BYTES, read_input, replace_file, replacing
from article_convert.model import Article, Book, Document
from article_convert.options import checked
from article_convert.report import Report
from article_convert.rules import Chosen, as_rules
from article_convert.transforms import STANDARD, Transform, standard
from article_convert.transforms.furniture import marker
from article_convert.tree import check

if TYPE_CHECKING:
    from article_convert.assets.fetch import Fetcher

__all__ = [
    "Result",
    "Source",
    "chosen_steps",
    "clean",
    "convert",
    "read",
    "to_epub",
    "to_html",
    "to_markdown",
    "to_pdf",
    "write",
    "write_file",
]

Source: TypeAlias = "str | os.PathLike[str] | bytes | BinaryIO | Article | Book"


@dataclass(frozen=True, slots=True)
class Result:
    """What `convert` gives: the bytes written, the document that they show, and the report.

    `article` is that document, also where it is a `Book`; `document` is the same.
    """

    output: bytes
    article: Document
    report: Report

    @property
    def document(self) -> Document:
        """The article or book that was written: another name for `article`."""
        return self.article


def read(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    reader: str = "",
    *,
    options: Any = None,
    rules: Chosen = None,
    report: Report | None = None,
    name: str = "",
) -> Article:
    """The faithful tree of one article: nothing is cut, nothing is moved.

    `rules`, as `choose_rules` gives them or as the name of a file, concern readers of pages: elements
    that a rule selects are marked, and what is kept of the page around the article is taken in.

    `source` is a path, the bytes themselves or an open binary file. Without `reader` the format is
    guessed from the extension, then from the content. Pictures that stand beside the file, in its
    folder or below, are taken along as resources. `reader` may be a TOML file that describes a site:
    what its rules find is marked, and `clean` cuts it. Raises `InputError` if there is nothing to read
    and `UnknownFormat` if no reader recognises it; malformed content is reported, never raised.
    """
    report = report if report is not None else Report()
    data, found_name, folder = _bytes_of(source)
    report.source = name or found_name
    if len(data) > MAX_BYTES:
        raise InputError(f"{report.source or 'the input'} is larger than {MAX_BYTES >> 20} MB; split it first")
    if not data.strip():
        raise InputError(f"{report.source or 'the input'} is empty")
    chosen = formats.reader(reader) if reader else formats.guess_reader(found_name or name, data)
    article = chosen.read(data, _with_rules(checked(options, chosen.options, chosen.name), rules), report)
    if chosen.rules:
        article = marker(chosen.rules)(article, report)
    if folder is not None:
        from article_convert.assets.local import attach_local

        article = attach_local(article, folder, report)
    if chosen.name not in formats.READERS:
        check(article)  # what our own readers give is proven by the tests
    return article


def _with_rules(options: Any, rules: Chosen) -> Any:
    """The options of a reader with the rules in them, if it looks at rules."""
    if rules is None or "rules" not in getattr(options, "__dataclass_fields__", ()):
        return options
    return replace(options, rules=as_rules(rules))


def clean(article: Article, transforms: Iterable[Transform] = STANDARD, *, report: Report | None = None) -> Article:
    """Run transforms in order, `STANDARD` unless told otherwise; what they cut is in the report."""
    report = report if report is not None else Report()
    for transform in transforms:
        article = transform(article, report)
        if transform not in STANDARD:
            check(article)
    return article


def write(
    document: Document,
    path: str | os.PathLike[str] | None = None,
    writer: str = "",
    *,
    options: Any = None,
    images: ImageOptions | None = None,
    report: Report | None = None,
) -> bytes:
    """The finished bytes of one format, and the file if `path` is given.

    Without `writer` the format follows from the extension of `path`. Pictures that the format cannot
    show become PNG or JPEG; `images` says what else becomes of them. An existing file is replaced in
    one step; a conversion that fails leaves it as it was.
    """
    if not writer and path is None:
        raise InputError("nothing says which format to write; give a path or the name of a writer")
    chosen = formats.writer(writer) if writer else formats.guess_writer(os.fspath(path or ""))
    place = Path(path) if path is not None else None
    report = report if report is not None else Report()
    if isinstance(document, Article):
        check(document)
    buffer = io.BytesIO()
    write_into(buffer, document, chosen, options, images or ImageOptions(), place, report)
    output = buffer.getvalue()
    if place is not None:
        replace_file(place, output)
    return output


def write_file(
    document: Document,
    path: str | os.PathLike[str],
    writer: str = "",
    *,
    options: Any = None,
    images: ImageOptions | None = None,
    report: Report | None = None,
) -> int:
    """Like `write` to a `path`, for outputs that should not lie in memory; returns how many bytes were written.

    The bytes are those of `write`. A book of any length becomes an EPUB in about the memory of its
    largest chapter and its largest picture.
    """
    chosen = formats.writer(writer) if writer else formats.guess_writer(os.fspath(path))
    report = report if report is not None else Report()
    if isinstance(document, Article):
        check(document)
    with replacing(Path(path)) as file:
        return write_into(file, document, chosen, options, images or ImageOptions(), Path(path), report)


def convert(
    source: Source,
    output: str | os.PathLike[str] | None = None,
    *,
    reader: str = "",
    target: str = "",
    transforms: Iterable[Transform] | None = None,
    rules: Chosen = None,
    reader_options: Any = None,
    options: Any = None,
    fetch: Fetcher | None = None,
    images: ImageOptions | None = None,
    report: Report | None = None,
    name: str = "",
) -> Result:
    """Read, clean and write in one call; also writes the file if `output` is given.

    `rules` are what `choose_rules` gives, or the name of a file of rules; without them the library's own
    hold. `transforms` replace the standard ones; `transforms=()` cuts nothing. An `Article` or `Book` as
    `source` is written as it is; what says how to read or to clean raises `OptionError` then. With `fetch` the
    pictures of the article that lie on the web are fetched; without it no network is used.

    >>> convert(b"# Title\\n\\nText", reader="gitbook", target="markdown").output
    b'# Title\\n\\nText\\n'
    """
    report = report if report is not None else Report()
    if fetch is not None:
        from article_convert.assets.remote import check_fetcher

        check_fetcher(fetch)
    if isinstance(source, (Article, Book)):
        if reader or reader_options is not None or transforms is not None or rules is not None:
            raise OptionError("a document is written as it is: leave out reader, reader_options, transforms and rules")
        document: Document = source
    else:
        rules = as_rules(rules) if rules is not None else None
        article = read(source, reader, options=reader_options, rules=rules, report=report, name=name)
        document = clean(article, chosen_steps(transforms, rules), report=report)
    if fetch is not None:
        from article_convert.assets.remote import fetch_pictures

        document = fetch_pictures(document, fetch, report=report)
    written = write(document, output, target, options=options, images=images, report=report)
    return Result(written, document, report)


def chosen_steps(transforms: Iterable[Transform] | None, rules: Chosen) -> tuple[Transform, ...]:
    """The transforms to run: those given, else the standard ones with `rules`."""
    if transforms is not None:
        return tuple(transforms)
    return STANDARD if rules is None else standard(rules=rules)


class Arguments(TypedDict, total=False):
    """What the functions below take beside their source: as `convert`, which explains it."""

    reader: str
    transforms: Iterable[Transform] | None
    rules: Chosen
    reader_options: Any
    options: Any
    fetch: Fetcher | None
    images: ImageOptions | None
    report: Report | None
    name: str


def _converted(source: Source, target: str, arguments: Arguments) -> bytes:
    if "output" in arguments:
        raise OptionError(f"to_{target} gives what it makes and writes no file; call convert(source, output)")
    return convert(source, target=target, **arguments).output


def to_markdown(source: Source, **arguments: Unpack[Arguments]) -> str:
    """`convert` to plain Markdown, as text."""
    return _converted(source, "markdown", arguments).decode("utf-8")


def to_html(source: Source, **arguments: Unpack[Arguments]) -> str:
    """`convert` to one clean HTML page, as text."""
    return _converted(source, "html", arguments).decode("utf-8")


def to_epub(source: Source, **arguments: Unpack[Arguments]) -> bytes:
    """`convert` to an EPUB 3 file, as bytes."""
    return _converted(source, "epub", arguments)


def to_pdf(source: Source, **arguments: Unpack[Arguments]) -> bytes:
    """`convert` to a PDF file, as bytes. Needs the extra `pdf`; see `article-convert --doctor`."""
    return _converted(source, "pdf", arguments)


def _bytes_of(source: str | os.PathLike[str] | bytes | BinaryIO) -> tuple[bytes, str, Path | None]:
    """The bytes, how the source is called, and the folder whose pictures belong to it."""
    if isinstance(source, bytes):
        return source, "", None
    if isinstance(source, (str, os.PathLike)):
        if isinstance(source, str) and "\n" in source:
            raise InputError("this is a text and no name of a file; hand in its bytes: text.encode()")
        path = Path(source)
        if path.is_dir():
            raise InputError(f"{path} is a folder; read_book reads it as one book, convert_many each article in it")
        return read_input(path), os.fspath(path), path.parent
    data = source.read(MAX_BYTES + 1)
    if not isinstance(data, bytes):
        raise InputError("the file is open as text; open it with mode 'rb'")
    return data, str(getattr(source, "name", "")), None
