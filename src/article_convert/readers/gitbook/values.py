"""Values out of YAML and JSON files that anybody may have written: how large they are, and what a page shows of them.

An alias of YAML costs its file three characters and stands for a whole structure, which may hold
further aliases: 300 bytes can mean millions of values. So nobody prints or walks a structure before `is_small`
has looked at it.
"""

from __future__ import annotations

from typing import Any, TypeAlias

__all__ = ["Value", "is_small", "read_yaml", "shown_value", "text_from", "value_from"]

Value: TypeAlias = "str | float | bool | None"
"""What a variable can be. A list or a mapping is the text that it shows: nothing more is asked of it."""

_MOST_PARTS = 20_000
_MOST_CHARACTERS = 2_000_000
_LONGEST_NUMBER = 4096
"""Bits of a whole number; Python refuses to print those above 4,300 digits."""
_WHOLE = 2**53
"""Above this a float is no longer exact, and a number is only shown, never compared."""


def read_yaml(source: str | bytes) -> object:
    """What a YAML file says. Raises `ValueError` with the reason if it is none."""
    import yaml

    try:
        return yaml.load(source, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, RecursionError, ValueError, *_SLIPS) as error:
        raise ValueError((str(error) or type(error).__name__).splitlines()[0]) from error


_SLIPS = (AttributeError, IndexError, KeyError, OverflowError, TypeError)
"""What PyYAML lets through for values that do not fit their tag (`!!int ""`)."""


def is_small(value: object, most_parts: int = _MOST_PARTS, most_characters: int = _MOST_CHARACTERS) -> bool:
    """Whether `value` is of a size that somebody wrote, aliases counted as often as they stand."""
    waiting: list[tuple[Any, int]] = [(value, 0)]
    characters = 0
    for count, (each, depth) in enumerate(waiting):
        if isinstance(each, (str, bytes)):
            characters += len(each)
        if count > most_parts or depth > 50 or characters > most_characters:
            return False
        if isinstance(each, int) and each.bit_length() > _LONGEST_NUMBER:
            return False
        if isinstance(each, dict):
            waiting.extend((part, depth + 1) for pair in each.items() for part in pair)
        elif isinstance(each, (list, tuple, set)):
            waiting.extend((part, depth + 1) for part in each)
    return True


def value_from(value: object) -> Value:
    """A value of a configuration file as a variable of the book."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int) and abs(value) > _WHOLE:
        return str(value)
    return float(value) if isinstance(value, (int, float)) else str(value)


def text_from(value: object) -> str:
    """A value of a YAML file as a variable of GitBook's site, which knows texts only: `2.0` stays what it is."""
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)


def shown_value(value: Value) -> str:
    """A variable as a page shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return "" if value is None else value
