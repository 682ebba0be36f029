"""Articles and books as JSON data and back: complete, readable, and strict when it reads.

    {"article_convert": 1, "type": "Article",
     "content": [{"type": "Paragraph", "content": [{"type": "Text", "text": "Hi"}], "span": [1, 1, 2, 1]}]}

The class of a node is its `type`; every other value is told by its place. A field at its default is
left out. Positions are four numbers, attributes are pairs, dates are ISO 8601 (a date and time has a
`T`). Pictures at hand carry their bytes in base64, so that a file needs nothing beside it; a chapter
of a book carries its article.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from article_convert import model
from article_convert.errors import InputError, MisplacedNode
from article_convert.model import Article, Book, Chapter, Document, Node, Resource, Span
from article_convert.tree import MAX_DEPTH, check

__all__ = ["VERSION", "dumps", "from_data", "loads", "to_data"]

VERSION = 1
"""Changes only when data written before can no longer be read."""

_SHOWN_ERRORS = 20


# --------------------------------------------------------------------------- writing


def to_data(document: Document, spans: bool = True, resources: bool = True) -> dict[str, Any]:
    """`document` as dicts, lists, strings and numbers; `from_data` gives an equal document back.

    `spans=False` leaves out where nodes stood in their source (half of the size), `resources=False`
    the pictures. Raises `InputError` if the file of a picture can no longer be read.
    """
    left_out = frozenset(name for name, kept in (("span", spans), ("resources", resources)) if not kept)
    head = {"article_convert": VERSION, "type": type(document).__name__}
    return head | _fields_of(document, left_out)


def dumps(document: Document, spans: bool = True, resources: bool = True, indent: int = 0) -> bytes:
    """`to_data` as UTF-8 JSON with a final line end; `indent` 0 puts everything on one line.

    Half of a surrogate pair, which is no character, becomes U+FFFD, so that `loads` takes what this writes.
    """
    data = to_data(document, spans, resources)
    separators = None if indent else (",", ":")
    text = json.dumps(data, ensure_ascii=False, indent=indent or None, separators=separators)
    return (_SURROGATE.sub("\ufffd", text) + "\n").encode()


def _data(value: Any, left_out: frozenset[str]) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple:
        return [_data(item, left_out) for item in value]
    if kind in _OWN_FORM:
        return _OWN_FORM[kind](value, left_out)
    data = _fields_of(value, left_out)
    return {"type": kind.__name__} | data if isinstance(value, Node) else data


_PLAIN = frozenset({str, int, bool, NoneType})


def _fields_of(value: Any, left_out: frozenset[str]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for name, default in _defaults(value.__class__):
        item = getattr(value, name)
        if item is default or item == default or name in left_out:
            continue
        data[name] = _data(item, left_out)
    return data


@cache
def _defaults(kind: type) -> tuple[tuple[str, object], ...]:
    """The fields of a class with their defaults, those without one first, positions last."""
    found = sorted(fields(kind), key=lambda field: field.name == "span")
    return tuple((field.name, field.default) for field in found)


def _span_data(span: Span, left_out: frozenset[str]) -> list[int]:
    return [span.line, span.column, span.end_line, span.end_column]


def _date_data(day: date | datetime, left_out: frozenset[str]) -> str:
    return day.isoformat()


def _chapter_data(chapter: Chapter, left_out: frozenset[str]) -> dict[str, Any]:
    return {"path": chapter.path, "article": _fields_of(chapter.load(), left_out)}


def _resource_data(resource: Resource, left_out: frozenset[str]) -> dict[str, Any]:
    place = resource.location
    try:
        content = place.read_bytes() if isinstance(place, Path) else place
    except OSError as error:
        raise InputError(f"cannot read the picture {place!s}: {error.strerror or error}") from error
    return _fields_of(resource, _LOCATION) | {"data": b64encode(content).decode("ascii")}


_LOCATION = frozenset({"location", "address"})

_OWN_FORM: dict[type, Callable[[Any, frozenset[str]], Any]] = {
    Span: _span_data,
    date: _date_data,
    datetime: _date_data,
    Resource: _resource_data,
    Chapter: _chapter_data,
}


# --------------------------------------------------------------------------- reading


def loads(data: bytes | str) -> Document:
    """The document that `dumps` wrote. Raises `InputError` as `from_data` does, and for what is no JSON."""
    try:
        return from_data(json.loads(data))
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}; write the JSON again in UTF-8") from error
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}") from error
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"not JSON that can be read: {error}") from error
    except RecursionError as error:
        raise InputError(f"nodes nest deeper than {MAX_DEPTH}") from error


def from_data(data: object) -> Document:
    """The article or book that `data` describes, checked node by node.

    Raises one `InputError` that names every fault with its path (the first 20 of them in full):
    fields that do not exist or are missing, values of a wrong type, nodes where they cannot stand,
    pictures whose bytes do not fit their digest. Nothing is guessed or repaired.
    """
    kind = _root_kind(data)
    errors: list[str] = []
    body = {name: value for name, value in data.items() if name not in ("article_convert", "type")}  # type: ignore[attr-defined]
    try:
        document: Document = _record(kind)(body, (None, "$"), errors)
    except RecursionError as error:
        raise InputError(f"nodes nest deeper than {MAX_DEPTH}") from error
    if errors:
        raise InputError(_summary(errors))
    try:
        for article in [document] if isinstance(document, Article) else _articles(document.entries):
            check(article)
    except MisplacedNode as error:
        raise InputError(str(error)) from error
    return document


def _root_kind(data: object) -> type:
    if not isinstance(data, dict) or "article_convert" not in data:
        raise InputError('no article in this JSON: it has no "article_convert" key; write it with `-t json`')
    version = data["article_convert"]
    if version != VERSION or isinstance(version, bool):
        raise InputError(f"version {version!r} of the JSON is not known, only {VERSION}; update article_convert")
    if data.get("type") not in ("Article", "Book"):
        raise InputError(f"$: the type is {data.get('type')!r}, not 'Article' or 'Book'")
    return Article if data["type"] == "Article" else Book


def _summary(errors: list[str]) -> str:
    if len(errors) == 1:
        return errors[0]
    shown = [f"{len(errors)} faults in the JSON:", *errors[:_SHOWN_ERRORS]]
    if len(errors) > _SHOWN_ERRORS:
        shown.append(f"… and {len(errors) - _SHOWN_ERRORS} more")
    return "\n  ".join(shown)


def _articles(entries: tuple[model.Entry, ...]) -> list[Article]:
    found: list[Article] = []
    for entry in entries:
        if entry.chapter is not None:
            found.append(entry.chapter.load())
        found.extend(_articles(entry.children))
    return found


# A decoder turns JSON data into a value. On a fault it appends to `errors` and returns what it has:
# the document is thrown away then. A place is a linked list, rendered only when there is a fault.
_Place: TypeAlias = "tuple[_Place | None, str | int]"
_Decoder: TypeAlias = Callable[[Any, _Place, list[str]], Any]


def _fault(place: _Place, message: str, errors: list[str]) -> None:
    steps: list[str] = []
    at: _Place | None = place
    while at is not None:
        parent, step = at
        steps.append(f"[{step}]" if isinstance(step, int) else step if parent is None else f".{step}")
        at = parent
    errors.append(f"{''.join(reversed(steps))}: {message}")


@cache
def _record(kind: type) -> _Decoder:
    """The decoder of one dataclass, told by its place or by its tag."""
    if kind in _SPECIAL:
        return _SPECIAL[kind]
    hints = get_type_hints(kind, vars(model))
    required = [field.name for field in fields(kind) if field.default is MISSING]
    decoders: dict[str, _Decoder] | None = None

    def decode(data: Any, place: _Place, errors: list[str]) -> Any:
        nonlocal decoders
        known = decoders
        if known is None:  # on first use, since kinds contain one another; another thread may read at the same time
            known = decoders = {field.name: _decoder(hints[field.name]) for field in fields(kind)}
        values = {}
        for name, value in data.items():
            if name in known:
                values[name] = known[name](value, (place, name), errors)
            elif name != "type" or not issubclass(kind, Node):
                _fault(place, f"{kind.__name__} has no field {name!r}", errors)
        for name in required:
            if name not in values:
                _fault(place, f"{kind.__name__} needs the field {name!r}", errors)
                values[name] = None
        return kind(**values)

    return _of_type(dict, decode)


@cache
def _decoder(hint: Any) -> _Decoder:
    """The decoder of one type hint of `model`."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return _choice(arguments)
    if origin is tuple:
        return _pair if arguments == (str, str) else _list_of(_decoder(arguments[0]))
    if origin in (Union, UnionType):
        kinds = tuple(kind for kind in arguments if kind is not NoneType)
        inner = _one_of(kinds)
        return inner if len(kinds) == len(arguments) else _optional(inner)
    return _one_of((hint,))


def _one_of(kinds: tuple[Any, ...]) -> _Decoder:
    if kinds == (date, datetime):
        return _date
    if all(issubclass(kind, Node) for kind in kinds):
        return _node({kind.__name__: kind for kind in kinds})
    (kind,) = kinds
    return _SCALARS.get(kind) or _record(kind)


def _node(allowed: Mapping[str, type]) -> _Decoder:
    decoders: dict[str, _Decoder] = {}

    def decode(data: Any, place: _Place, errors: list[str]) -> Any:
        kind = data.get("type")
        found = decoders.get(kind) if isinstance(kind, str) else None
        if found is None:
            if not isinstance(kind, str) or kind not in allowed:
                return _fault(place, _misplaced(kind, allowed), errors)
            found = decoders[kind] = _record(allowed[kind])
        return found(data, place, errors)

    return _of_type(dict, decode)


def _misplaced(kind: object, allowed: Mapping[str, type]) -> str:
    if kind is None:
        return "the node has no type"
    known = isinstance(getattr(model, str(kind), None), type)
    choice = ", ".join(allowed)
    return f"{kind} cannot stand here; it takes {choice}" if known else f"no node is called {kind!r}"


def _of_type(kind: type, decode: _Decoder) -> _Decoder:
    def checked(data: Any, place: _Place, errors: list[str]) -> Any:
        if type(data) is not kind:
            return _fault(place, f"{_shown(data)} is not {_KIND_NAMES[kind]}", errors)
        return decode(data, place, errors)

    return checked


_KIND_NAMES = {dict: "an object", list: "a list", str: "a text", int: "a whole number", bool: "true or false"}


def _shown(data: object) -> str:
    text = json.dumps(data, ensure_ascii=False, default=repr)
    return text if len(text) <= 40 else text[:39] + "…"


def _list_of(inner: _Decoder) -> _Decoder:
    def decode(data: Any, place: _Place, errors: list[str]) -> Any:
        return tuple([inner(item, (place, index), errors) for index, item in enumerate(data)])

    return _of_type(list, decode)


def _optional(inner: _Decoder) -> _Decoder:
    return lambda data, place, errors: None if data is None else inner(data, place, errors)


def _choice(values: tuple[Any, ...]) -> _Decoder:
    def decode(data: Any, place: _Place, errors: list[str]) -> Any:
        if data not in values:
            _fault(place, f"{_shown(data)} is none of {', '.join(map(repr, values))}", errors)
        return data

    return _of_type(str, decode)


_SURROGATE = re.compile("[\ud800-\udfff]")


def _text(data: Any, place: _Place, errors: list[str]) -> Any:
    if not data.isascii() and _SURROGATE.search(data):
        _fault(place, "half of a surrogate pair is not a character", errors)
    return data


def _same(data: Any, place: _Place, errors: list[str]) -> Any:
    return data


_SCALARS: dict[type, _Decoder] = {
    str: _of_type(str, _text),
    int: _of_type(int, _same),
    bool: _of_type(bool, _same),
}


def _pair(data: Any, place: _Place, errors: list[str]) -> Any:
    if type(data) is not list or len(data) != 2:
        return _fault(place, f"{_shown(data)} is not a pair of texts", errors)
    return tuple(_SCALARS[str](item, (place, index), errors) for index, item in enumerate(data))


def _span(data: Any, place: _Place, errors: list[str]) -> Any:
    if type(data) is not list or len(data) != 4 or any(type(item) is not int for item in data):
        return _fault(place, f"{_shown(data)} is not [line, column, end line, end column]", errors)
    return Span(*data)


def _date(data: Any, place: _Place, errors: list[str]) -> Any:
    try:
        return datetime.fromisoformat(data) if "T" in data else date.fromisoformat(data)
    except (TypeError, ValueError):
        return _fault(place, f"{_shown(data)} is not a date such as 2024-10-27 or 2024-10-27T08:00:00+08:00", errors)


def _resource(data: Any, place: _Place, errors: list[str]) -> Any:
    if type(data) is not dict or set(data) != {"url", "media_type", "digest", "data"}:
        return _fault(place, "a resource has the fields url, media_type, digest and data", errors)
    for name, value in data.items():
        _SCALARS[str](value, (place, name), errors)
    try:
        content = b64decode(data["data"], validate=True)
    except (TypeError, ValueError):
        return _fault((place, "data"), "not base64", errors)
    if sha256(content).hexdigest() != data["digest"]:
        _fault((place, "digest"), "not the SHA-256 of the data", errors)
    return Resource(data["url"], data["media_type"], data["digest"], content)


def _chapter(data: Any, place: _Place, errors: list[str]) -> Any:
    if type(data) is not dict or set(data) != {"path", "article"}:
        return _fault(place, "a chapter has the fields path and article", errors)
    path = _SCALARS[str](data["path"], (place, "path"), errors)
    article = _record(Article)(data["article"], (place, "article"), errors)
    return Chapter(path, lambda: article)


_SPECIAL: dict[type, _Decoder] = {Span: _span, Resource: _resource, Chapter: _chapter}
