"""What one rule of the check is, and the finder of those whose places are noted while the book is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from article_convert.checks.book import OpenedBook
from article_convert.checks.findings import Place
from article_convert.profiles import Profile

__all__ = ["Check", "Find", "noted"]

Find: TypeAlias = Callable[[OpenedBook, Profile], Iterable[Place]]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that hurts: what it is, what to do about it, and how it is found.

    It holds on the devices whose profile has a reason for it; `find` sees the limits of the profile.
    """

    id: str
    what: str
    remedy: str
    find: Find


def noted(rule: str) -> Find:
    """The finder of a rule whose places were found while the book was read."""

    def find(book: OpenedBook, profile: Profile) -> Iterator[Place]:
        yield from book.problems.found.get(rule, ())

    return find
