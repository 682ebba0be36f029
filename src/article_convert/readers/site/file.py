"""A site in a TOML file: where its articles stand, what its pages say about them, and what is furniture.

    name = "Little Kitchen"
    hosts = ["kitchen.example"]
    body = ["div.story", "article"]          # CSS selectors, tried in this order

    [fields]
    title = ["h1.headline", "meta:og:title"]
    published = [".byline time@datetime"]

    [[rule]]
    id = "newsletter"
    select = ".newsletter"

Every error names the file, the key and what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, timezone
from difflib import get_close_matches
from typing import Any

from article_convert.errors import OptionError
from article_convert.rules import Rule, rules_in
from article_convert.rules.selectors import to_xpath
from article_convert.rules.toml import parse_toml

__all__ = ["FIELDS", "Site", "Source", "site_in"]

FIELDS = (
    *("title", "authors", "published", "modified", "summary", "description", "category", "tags", "language"),
    *("lead_image", "source_url", "publisher", "views", "comments", "collects", "likes", "reading_minutes"),
)
"""The fields that a site file can fill: those of the metadata, and the counters."""

_KEYS = ("name", "hosts", "body", "zone", "fields", "rule")
_SOURCE = re.compile(r"(?P<kind>meta|json-ld):(?P<key>[\w:.-]+)|(?P<select>[^@]+?)(?:@(?P<attribute>[\w:-]+))?")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_ZONE = re.compile(r"([+-])(\d\d):(\d\d)")


@dataclass(frozen=True, slots=True)
class Source:
    """One place where the value of a field may stand.

    `kind` is `select` (elements that `key`, a CSS selector, finds; their text or their `attribute`),
    `meta` (the meta element called `key`) or `json-ld` (what JSON-LD says under `key`). `written` is
    how the file writes it.
    """

    written: str
    kind: str
    key: str
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """What a site file says. `file` is how the file is called, `zone` that of times without one."""

    file: str
    name: str
    hosts: tuple[str, ...]
    body: tuple[str, ...]
    fields: Mapping[str, tuple[Source, ...]]
    rules: tuple[Rule, ...]
    zone: timezone | None = None


def site_in(text: str, name: str) -> Site:
    """The site that `text` describes, a file called `name`. Raises `OptionError`, naming file and key."""
    data = parse_toml(text, name)
    for key in data:
        if key not in _KEYS:
            raise OptionError(f"{name}: no key {key!r} here{_near(key, _KEYS)}; available: {', '.join(_KEYS)}")
    body = _texts(data, "body", name)
    if not body:
        raise OptionError(f'{name}: body is missing; it takes CSS selectors, such as body = ["div.post", "article"]')
    for selector in body:
        _check_selector(selector, f"{name}: body")
    hosts = _texts(data, "hosts", name)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise OptionError(f'{name}: hosts takes names such as "www.example.org", not {host!r}')
    title = data.get("name", "")
    if not isinstance(title, str):
        raise OptionError(f'{name}: name takes the name of the site as text, such as name = "The Gate"')
    return Site(name, title, hosts, body, _fields(data, name), rules_in(data, name), _zone(data, name))


def _near(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key, known, 1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _texts(data: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """One text or a list of texts."""
    value = data.get(key, [])
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() for each in value):
        raise OptionError(f'{where}: {key} takes a text or a list of texts, such as {key} = ["…", "…"]')
    return tuple(each.strip() for each in value)


def _check_selector(selector: str, where: str) -> None:
    try:
        to_xpath(selector)
    except ValueError as error:
        raise OptionError(f"{where}: {error}") from error


def _fields(data: Mapping[str, Any], name: str) -> dict[str, tuple[Source, ...]]:
    table = data.get("fields", {})
    if not isinstance(table, dict):
        raise OptionError(f"{name}: fields is a table; begin it with a line [fields]")
    for key in table:
        if key not in FIELDS:
            raise OptionError(f"{name}: no field {key!r}{_near(key, FIELDS)}; available: {', '.join(FIELDS)}")
    return {key: tuple(_source(each, f"{name}: {key}") for each in _texts(table, key, name)) for key in table}


def _source(written: str, where: str) -> Source:
    match = _SOURCE.fullmatch(written)
    if match is None:
        raise OptionError(f"{where}: {written!r} is no source; write .css, .css@attribute, meta:NAME or json-ld:KEY")
    if match["kind"]:
        return Source(written, match["kind"], match["key"])
    _check_selector(match["select"], where)
    return Source(written, "select", match["select"], match["attribute"] or "")


def _zone(data: Mapping[str, Any], name: str) -> timezone | None:
    value = data.get("zone")
    if value is None:
        return None
    match = _ZONE.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match[2]) > 14 or int(match[3]) > 59:
        raise OptionError(f'{name}: zone takes hours and minutes from UTC, such as zone = "+08:00", not {value!r}')
    offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return timezone(-offset if match[1] == "-" else offset)
