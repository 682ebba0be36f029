"""What the head of a page says about it: meta elements, OpenGraph, JSON-LD, and who saved it from where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from typing import Any

from article_convert.model import Metadata, Stats
from article_convert.readers.html.parse import Element
from article_convert.readers.html.select import select, text_in

__all__ = ["Fields", "Head", "date_in", "head_of", "names_in", "number", "words_in"]

_ARTICLE_TYPES = frozenset({"Article", "NewsArticle", "BlogPosting", "TechArticle", "Report", "ScholarlyArticle"})
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{4}\)(\S+)\s*-->|Page saved with SingleFile\s+url:\s*(\S+)", re.I)
_NUMBER = re.compile(r"([\d,]+(?:\.\d+)?)\s*([kKwW千万]?)")
_DATE = re.compile(
    r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})日?"
    r"(?:[T\s]+(?P<H>\d{1,2}):(?P<M>\d\d)(?::(?P<S>\d\d)(?:\.\d+)?)?\s*(?P<zone>Z|[+-]\d\d:?\d\d)?)?"
)


@dataclass(slots=True)
class Head:
    """The facts of a page's head. `meta` has the first value of each name or property, lower case."""

    title: str = ""
    language: str = ""
    canonical: str = ""
    base: str = ""
    saved_from: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    metas: list[tuple[str, str]] = field(default_factory=list)
    json_ld: dict[str, Any] = field(default_factory=dict)


def head_of(root: Element, text: str) -> Head:
    """The head of the page `root`; `text` is its source, for the comments that browsers leave when saving."""
    head = Head(language=(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip())
    titles = [title for title in root.iter("title") if _in_html(title)]
    head.title = text_in(titles[0]) if titles else ""
    for meta in root.iter("meta"):
        name = (
            meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        ).lower()
        value = (meta.get("content") or "").strip()
        if name and value:
            head.metas.append((name, value))
            head.meta.setdefault(name, value)
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and not head.canonical:
            head.canonical = (link.get("href") or "").strip()
    base = root.find(".//base[@href]")
    head.base = (base.get("href") or "").strip() if base is not None else ""
    saved = _SAVED_FROM.search(text, 0, 8192)
    head.saved_from = (saved[1] or saved[2]) if saved else ""
    head.json_ld = next(_articles(root), {})
    return head


def _in_html(title: Element) -> bool:
    parent = title.getparent()
    return parent is None or parent.tag in {"head", "html", "body"}


def _articles(root: Element) -> Iterator[dict[str, Any]]:
    """The articles that JSON-LD describes, alone, in a list or in a graph."""
    for script in select(root, "script[type*='ld+json']"):
        try:
            found = json.loads("".join(script.itertext()), strict=False)
        except (ValueError, RecursionError):
            continue
        waiting = [found]
        while waiting:
            thing = waiting.pop(0)
            if isinstance(thing, list):
                waiting.extend(thing[:100])
            elif isinstance(thing, dict):
                kinds = thing.get("@type", "")
                kinds = kinds if isinstance(kinds, list) else [kinds]
                if any(kind in _ARTICLE_TYPES for kind in kinds if isinstance(kind, str)):
                    yield thing
                waiting.append(thing.get("@graph"))


def names_in(value: Any) -> list[tuple[str, str]]:
    """Names with addresses, as JSON-LD writes persons: a text, an object, or a list of either."""
    if isinstance(value, str):
        return [(value.strip(), "")] if value.strip() else []
    if isinstance(value, dict):
        name, url = value.get("name"), value.get("url")
        if isinstance(name, str) and name.strip():
            return [(" ".join(name.split()), url if isinstance(url, str) else "")]
        return []
    return [pair for each in value[:50] for pair in names_in(each)] if isinstance(value, list) else []


def date_in(text: str, *, zone: timezone | None = None) -> date | datetime | None:
    """The first date in `text`: `2024-10-27`, `2018/03/15`, `2024年1月2日`, ISO 8601, or as in mail headers.

    A time without a zone is taken to be in `zone`, if one is given.
    """
    match = _DATE.search(text)
    if match is None:
        try:
            return parsedate_to_datetime(text) if re.match(r"\s*[A-Za-z]{3},? ", text) else None
        except (ValueError, TypeError):
            return None
    try:
        day = date(int(match["y"]), int(match["m"]), int(match["d"]))
        if not match["H"]:
            return day
        moment = datetime(day.year, day.month, day.day, int(match["H"]), int(match["M"]), int(match["S"] or 0))
    except ValueError:
        return None
    return moment.replace(tzinfo=_zone(match["zone"]) or zone)


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes >= 24 * 60:
        return None
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def words_in(value: Any) -> tuple[str, ...]:
    """The words of a list, or of a text that separates them by commas; each once."""
    parts = re.split(r"[,，、;；]", value) if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(dict.fromkeys(part.strip() for part in parts if isinstance(part, str) and part.strip()))


def number(text: str) -> int | None:
    """A counter as Chinese sites print it: `3681`, `1.2万`, `6.5k`.

    >>> number("1.2万"), number("6.5k"), number("3,681 浏览"), number("很多")
    (12000, 6500, 3681, None)
    """
    match = _NUMBER.search(text)
    if match is None or not re.search(r"\d", match[1]) or len(match[1]) > 15:
        return None
    factor = {"k": 1000, "千": 1000, "w": 10_000, "万": 10_000}.get(match[2].lower(), 1)
    return round(float(match[1].replace(",", "")) * factor)


@dataclass(slots=True)
class Fields:
    """Metadata in the making: the first value that a field gets stays, and its origin with it."""

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, value: Any, origin: str) -> None:
        """Set a field (or counter) unless the value is empty or the field is filled."""
        if value not in ("", (), None) and name not in self.values:
            self.values[name] = value
            self.origins[name] = origin

    def metadata(self) -> Metadata:
        counters = {name: self.values[name] for name in Stats.__dataclass_fields__ if name in self.values}
        plain = {name: value for name, value in self.values.items() if name not in counters}
        return Metadata(**plain, stats=Stats(**counters), origins=tuple(sorted(self.origins.items())))
