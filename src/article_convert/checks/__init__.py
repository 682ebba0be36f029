"""What in an EPUB, anybody's, would hurt on which device: `check("book.epub", ["kindle"])`.

A rule is one record in the module of its family: what hurts, what to do, and the function that finds
it. On which devices it holds, and why, stands in their profiles. This is no substitute for epubcheck:
of the format itself only the errors are looked for that are frequent and bite.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from article_convert.checks import css, documents, package, pictures, size
from article_convert.checks.book import OpenedBook, open_book
from article_convert.checks.findings import MAX_LOOKED_AT, MAX_PLACES, Finding, Place
from article_convert.checks.rules import Check
from article_convert.errors import InputError, OptionError
from article_convert.profiles import PROFILES, Profile

__all__ = ["RULES", "Finding", "Place", "check"]

RULES: tuple[Check, ...] = (
    *package.RULES,
    *documents.RULES,
    *css.RULES,
    *pictures.RULES,
    *size.RULES,
)


def check(path: str | Path, devices: Iterable[str] = ()) -> list[Finding]:
    """What would hurt in the EPUB at `path`, what breaks it first; `devices` are all profiles if not given.

    The file may be anything: broken, locked, a bomb. It is read with bounds on memory and time, and
    nothing is unpacked to disk. Raises `InputError` if it cannot be read, `OptionError` for a device
    that is not known, `MissingDependency` without tinycss2.
    """
    profiles = _profiles(devices)
    path = Path(path)
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder; name an EPUB in it")
        if not path.is_file() and path.exists():
            raise InputError(f"{path} is not an ordinary file")
        book = open_book(path)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    found = [finding for rule in RULES if (finding := _finding(rule, book, profiles)) is not None]
    return sorted(found, key=lambda finding: not finding.breaks)


def _profiles(devices: Iterable[str]) -> list[Profile]:
    names = list(dict.fromkeys(devices)) or list(PROFILES)
    if unknown := [name for name in names if name not in PROFILES]:
        raise OptionError(f"no device {unknown[0]!r}; available: {', '.join(PROFILES)}")
    return [PROFILES[name] for name in names]


def _finding(rule: Check, book: OpenedBook, profiles: list[Profile]) -> Finding | None:
    """What `rule` finds on any of the devices on which it holds."""
    devices = {}
    places: dict[Place, None] = {}
    for profile in profiles:
        if rule.id not in profile.rules:
            continue
        found = dict.fromkeys(islice(rule.find(book, profile), MAX_LOOKED_AT))
        if found:
            devices[profile.name] = profile.rules[rule.id]
            places |= found
    if not devices:
        return None
    count = max(len(places), book.problems.counts[rule.id])
    breaks = any(because.breaks for because in devices.values())
    return Finding(rule.id, rule.what, rule.remedy, breaks, devices, tuple(islice(places, MAX_PLACES)), count)
