"""What a rule, a place and a finding are, and what is collected on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from article_convert.profiles import Because, Profile

if TYPE_CHECKING:
    from article_convert.checks.book import Book

__all__ = ["Find", "Finding", "Place", "Problems", "Rule", "noted"]

MAX_PLACES = 500
"""Places that are kept of one rule; more of the same tells nobody anything."""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something was found: a file in the book (empty: the book itself), a line (0: unknown), the thing."""

    file: str
    line: int = 0
    detail: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.detail}" if where and self.detail else where or self.detail


Find: TypeAlias = "Callable[[Book, Profile], Iterable[Place]]"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that hurts: what it is, what to do about it, and how it is found.

    It holds on the devices whose profile has a reason for it; `find` sees the limits of the profile.
    """

    id: str
    what: str
    remedy: str
    find: Find


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that a book breaks: on which devices, why on each of them, and where.

    `breaks`: on one of the devices the book, or a part of it, cannot be read. `count` is how many places
    there are; `places` holds the first 500.
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


def noted(rule: str) -> Find:
    """The finder of a rule whose places were found while the book was read."""

    def find(book: Book, profile: Profile) -> Iterator[Place]:
        yield from book.problems.found.get(rule, ())

    return find
