"""Readers and writers by name, extension or content; nothing is imported before it is used.

Built-in formats stand in `READERS` and `WRITERS`. Other packages add theirs with entry points in
the groups `article_convert.readers` and `article_convert.writers`, each naming a `Reader` or a
`Writer`. A built-in name cannot be taken over; two packages with one name are an error.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any, Literal, TypeAlias

from article_convert.contract import Reader, Writer
from article_convert.errors import OptionError, UnknownFormat
from article_convert.files import read_input

__all__ = [
    "Kind",
    "guess_reader",
    "guess_writer",
    "names",
    "reader",
    "writer",
]


READERS = {
    "gitbook": "article_convert.readers.gitbook:READER",
    "woshipm": "article_convert.readers.woshipm:READER",
    "html": "article_convert.readers.html:READER",
    "json": "article_convert.readers.json:READER",
}
WRITERS = {
    "epub": "article_convert.writers.epub:WRITER",
    "pdf": "article_convert.writers.pdf:WRITER",
    "html": "article_convert.writers.html:WRITER",
    "markdown": "article_convert.writers.markdown:WRITER",
    "json": "article_convert.writers.json:WRITER",
}

_READER_EXTENSIONS = {
    ".md": ("gitbook",),
    ".markdown": ("gitbook",),
    ".html": ("woshipm", "html"),
    ".htm": ("woshipm", "html"),
    ".xhtml": ("woshipm", "html"),
    ".json": ("woshipm", "json"),
}
_WRITER_EXTENSIONS = {
    ".epub": "epub",
    ".pdf": "pdf",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
}


def reader(name: str) -> Reader:
    """The reader of that name; a name that ends in `.toml` is a file that describes a site.

    Raises `UnknownFormat`, listing the names there are, `InputError` for a file that is not there,
    and `OptionError` for one that describes no site.
    """
    if name.lower().endswith(".toml"):
        return _site_reader(name)
    found = _load("readers", name, READERS)
    if not isinstance(found, Reader):
        raise UnknownFormat(f"{name!r} is declared as a reader but is a {type(found).__name__}")
    return found


def writer(name: str) -> Writer:
    """The writer of that name. Raises `UnknownFormat`, listing the names there are."""
    found = _load("writers", name, WRITERS)
    if not isinstance(found, Writer):
        raise UnknownFormat(f"{name!r} is declared as a writer but is a {type(found).__name__}")
    return found


Kind: TypeAlias = Literal["readers", "writers"]
"""The two sides of a conversion."""


def names(kind: Kind) -> list[str]:
    """All names of `"readers"` or `"writers"`, built-in first, without importing any of them."""
    builtin = READERS if kind == "readers" else WRITERS
    return [*builtin, *sorted({point.name for point in _entry_points(kind)} - set(builtin))]


_CONTROLS = dict.fromkeys({*range(0x20), 0x7F, 0xFFFD} - {9, 10, 13})
_NO_TEXT = {
    b"PK\x03\x04": "a ZIP archive, such as an EPUB or a Word file",
    b"%PDF-": "a PDF",
    b"\x89PNG\r\n": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF89a": "a picture",
}


def guess_reader(name: str, data: bytes) -> Reader:
    """The reader for an input: of those for the extension of its `name`, or of all, the one surest of its content.

    Readers of other packages are asked as the built-in ones are; one that cannot be loaded is not (`--doctor`
    tells why).
    """
    suffix = PurePath(name).suffix.lower()
    for start, what in _NO_TEXT.items():
        if data.startswith(start):
            raise UnknownFormat(f"{name or 'the input'} is {what}, which cannot be read; give saved pages or Markdown")
    declared = _declared_readers()
    built_in = _READER_EXTENSIONS.get(suffix, ())
    candidates = [*map(reader, built_in), *(each for each in declared if suffix in each.extensions)]
    if len(candidates) == 1:
        return candidates[0]
    shown = data[:65536].decode("utf-8", "replace")
    head = shown.replace("\0", "")  # so UTF-16 shows the tags and keys by which readers know what they read
    best = max(candidates or [*map(reader, READERS), *declared], key=lambda each: each.recognises(head))
    if best.recognises(head) == 0:
        if candidates:
            # The most general reader for files of that name says what is wrong with them.
            return reader(built_in[-1]) if built_in else candidates[0]
        if len(shown.translate(_CONTROLS)) * 30 < len(shown) * 29:
            raise UnknownFormat(f"{name or 'the input'} is not text; give saved pages or Markdown")
        raise UnknownFormat(f"{name or 'the input'} is not recognised; name its reader: {', '.join(names('readers'))}")
    return best


def guess_writer(name: str) -> Writer:
    """The writer for an output file, from the extension of its `name`."""
    suffix = PurePath(name).suffix.lower()
    if suffix in _WRITER_EXTENSIONS:
        return writer(_WRITER_EXTENSIONS[suffix])
    for other in names("writers"):
        if other not in WRITERS and suffix and suffix in writer(other).extensions:
            return writer(other)
    raise UnknownFormat(
        f"no writer for {repr(suffix) if suffix else 'a name without extension'}; "
        f"name one: {', '.join(names('writers'))}"
    )


def _site_reader(name: str) -> Reader:
    try:
        text = read_input(Path(name)).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise OptionError(f"{name} is not in UTF-8, as TOML has to be") from error
    made: Reader = import_module("article_convert.readers.site").site_reader(text, name)
    return made


def _load(kind: Kind, name: str, builtin: dict[str, str]) -> object:
    if name in builtin:
        module, _, attribute = builtin[name].partition(":")
        return getattr(import_module(module), attribute)
    found = [point for point in _entry_points(kind) if point.name == name]
    if len(found) > 1:
        places = ", ".join(point.value for point in found)
        raise UnknownFormat(f"two packages declare the format {name!r} ({places}); remove one of them")
    if not found:
        known = _WRITER_EXTENSIONS if kind == "writers" else {end: all_[-1] for end, all_ in _READER_EXTENSIONS.items()}
        meant = name.lower() if name.lower() in builtin else known.get(f".{name.lower().lstrip('.')}", "")
        hint = f" (did you mean {meant!r}?)" if meant else ""
        raise UnknownFormat(f"unknown {kind[:-1]} {name!r}{hint}; available: {', '.join(names(kind))}")
    return found[0].load()


@cache
def _declared_readers() -> tuple[Reader, ...]:
    found: list[Reader] = []
    for name in names("readers"):
        with suppress(ImportError, AttributeError, UnknownFormat):
            found += [reader(name)] if name not in READERS else []
    return tuple(found)


@cache
def _entry_points(kind: Kind) -> tuple[Any, ...]:
    """What other packages declare. A look at all of them takes 15 ms; nothing is installed while a program runs."""
    from importlib.metadata import entry_points

    return tuple(entry_points(group=f"article_convert.{kind}"))
