"""Options: one frozen dataclass for each format, and `"width=60"` -> a checked instance of it.

A format declares its options as fields made by `option`, all keyword-only with a default and one
line of help. The command line and `--help FORMAT` read the same fields, so there is no second list.
Types understood from text: `str`, `int`, `float`, `bool`, `date`, `datetime`, `Path`, `Literal`,
`tuple[str, ...]` (separated by commas), and any of them `| None`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from article_convert.errors import OptionError

__all__ = ["OptionHelp", "assignments", "checked", "describe", "option", "parse", "setting"]

T = TypeVar("T")
O = TypeVar("O")  # noqa: E741 - an options dataclass


def option(default: T, help: str) -> T:
    """A field of an options dataclass: its default and one line that says what it does."""
    made: T = field(default=default, metadata={"help": help})
    return made


def setting(default: T) -> T:
    """A field of an options dataclass that only Python sets: no text can say its value."""
    made: T = field(default=default, metadata={"help": None})
    return made


@dataclass(frozen=True, slots=True)
class OptionHelp:
    """One option as `--help FORMAT` prints it."""

    name: str
    values: str
    default: str
    help: str


def parse(options: type[O], assignments: Iterable[str]) -> O:
    """An instance of `options` from texts like `"split=h1"`; the last of two assignments wins.

    `-` in a name is the same as `_`. Raises `OptionError`, naming what would be right, for an
    unknown name, a missing `=` or a value of the wrong type.
    """
    hints = get_type_hints(options)
    known = [f.name for f in _said(options)]
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        name = name.strip().replace("-", "_")
        if name not in known:
            choice = ", ".join(known) or "none at all"
            raise OptionError(f"no option {name!r} here; available: {choice}")
        if not equals:
            raise OptionError(f"option {name!r} needs a value: {name}={_values(hints[name])}")
        values[name] = _parsed(name, text.strip(), hints[name])
    return options(**values)


def checked(given: object, options: type[O], owner: str) -> O:
    """`given`, which somebody hands in from Python as options of the format `owner`; the defaults for `None`.

    Raises `OptionError` for anything but an instance of `options`, and for a text that an option does not take.
    """
    if given is None:
        return options()
    if not isinstance(given, options):
        raise OptionError(f"the options of {owner} are {options.__name__}(…), not {type(given).__name__}")
    hints = get_type_hints(options)
    for each in fields(given):  # type: ignore[arg-type]
        value, variants = getattr(given, each.name), _variants(hints[each.name])
        texts = [text for variant in variants if get_origin(variant) is Literal for text in get_args(variant)]
        closed = all(get_origin(variant) is Literal or variant is NoneType for variant in variants)
        wrong = value not in texts and (isinstance(value, str) or (closed and value is not None))
        if wrong and str not in variants and Any not in variants:
            said = _values(hints[each.name]).replace("FILE", "a pathlib.Path")
            raise OptionError(f"{owner}: option {each.name!r} does not take {value!r}; it takes {said}")
    return given


def assignments(options: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The options that differ from their defaults, as text for `parse`, and the names of those that are files.

    A file stays where it is, so its path says nothing in another place.
    """
    values = {f.name: (getattr(options, f.name), f.default) for f in _said(type(options))}
    changed = {name: value for name, (value, default) in values.items() if value != default}
    paths = tuple(name for name, value in changed.items() if isinstance(value, Path))
    return tuple(f"{name}={_shown(value)}" for name, value in changed.items() if name not in paths), paths


def describe(options: type) -> list[OptionHelp]:
    """What `options` can be set to, in the order of its fields."""
    hints = get_type_hints(options)
    return [
        OptionHelp(
            f.name,
            _values(hints[f.name]),
            "" if f.default in (MISSING, None) else _shown(f.default),
            f.metadata.get("help", ""),
        )
        for f in _said(options)
    ]


def _said(options: type) -> list[Field[Any]]:
    """The fields that can be set by text."""
    return [f for f in fields(options) if f.metadata.get("help", "") is not None]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value)


def _variants(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _values(hint: Any) -> str:
    names: list[str] = []
    for variant in _variants(hint):
        if get_origin(variant) is Literal:
            names.extend(str(value) for value in get_args(variant))
        elif variant is bool:
            names.append("yes|no")
        elif variant is date:
            names.append("YYYY-MM-DD")
        elif variant is datetime:
            names.append("YYYY-MM-DDTHH:MM")
        elif get_origin(variant) is tuple:
            names.append("A,B,…")
        elif variant is not NoneType:
            names.append({str: "TEXT", int: "N", float: "X", Path: "FILE"}.get(variant, str(variant)))
    return "|".join(names)


def _parsed(name: str, text: str, hint: Any) -> Any:
    variants = _variants(hint)
    if NoneType in variants and text.lower() in {"", "none"}:
        return None
    for variant in variants:
        if variant is NoneType:
            continue
        try:
            return _converted(text, variant)
        except ValueError:
            continue
    raise OptionError(f"option {name!r} does not take {text!r}; it takes {_values(hint)}")


_BOOLEANS = {
    "yes": True,
    "true": True,
    "on": True,
    "1": True,
    "no": False,
    "false": False,
    "off": False,
    "0": False,
}


def _converted(text: str, variant: Any) -> Any:
    if get_origin(variant) is Literal:
        if text in get_args(variant):
            return text
        raise ValueError(text)
    if get_origin(variant) is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if variant is bool:
        if text.lower() not in _BOOLEANS:
            raise ValueError(text)
        return _BOOLEANS[text.lower()]
    if variant in (date, datetime):
        return variant.fromisoformat(text)
    return variant(text)
