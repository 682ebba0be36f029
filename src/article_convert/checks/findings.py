"""What a place and a finding are, and what is collected while a book is read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from article_convert.profiles import Because

__all__ = ["MAX_LOOKED_AT", "MAX_PLACES", "Finding", "Place", "Problems"]

MAX_PLACES = 500
"""Places that are kept of one rule; more of the same tells nobody anything."""
MAX_LOOKED_AT = 10_000
"""Places that a rule is asked for on each device."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was found: a file in the book (empty: the book itself), a line (0: unknown), the thing."""

    file: str
    line: int = 0
    detail: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.detail}" if where and self.detail else where or self.detail


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a book breaks: on which devices, why on each of them, and where.

    `breaks`: on one of the devices the book, or a part of it, cannot be read. `places` holds the first 500;
    `count` is how many were found, where looking ends at 10,000 for each device; what shows while the book is
    read is counted to its end.
    """

    rule: str
    what: str
    remedy: str
    breaks: bool
    devices: dict[str, Because]
    places: tuple[Place, ...]
    count: int


@dataclass(slots=True)
class Problems:
    """What was found while the book was read, by rule: the first places, and how many there are."""

    found: dict[str, list[Place]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, rule: str, file: str, line: int = 0, detail: str = "") -> None:
        self.counts[rule] += 1
        if self.counts[rule] <= MAX_PLACES:
            self.found.setdefault(rule, []).append(Place(file, line, detail))
