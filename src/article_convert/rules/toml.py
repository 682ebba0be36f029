"""Rules in a TOML file: what to keep, what to drop, and rules of one's own.

    keep = ["share-bar"]                  # ids of rules that must cut nothing
    drop = [".newsletter", "/^广告：/"]    # a CSS selector, or a regular expression between slashes

    [[rule]]
    id = "subscribe"
    select = ".subscribe, #letter"
    reason = "asks for an e-mail address"

Every error names the file, the key and what would be right.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from article_convert.errors import OptionError
from article_convert.rules.built_in import RULES
from article_convert.rules.record import NOTHING, PLACES, Place, Rule
from article_convert.rules.selectors import to_xpath

__all__ = ["RuleFile", "compiled", "drop_rule", "parse_rules", "parse_toml", "rules_in", "selector", "texts"]

_KEYS = {
    "id": str,
    "reason": str,
    "place": str,
    "select": str,
    "pattern": str,
    "notice": str,
    "firm": bool,
    "limit": int,
    "source": str,
}
_TAKEN = {"drop"} | {rule.id for rule in RULES}
"""Ids that a report and `keep` could not tell from those of the library; `drop` is what `--drop` is called."""
_TYPES = {str: "text in quotes", bool: "true or false", int: "a whole number"}


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What a file of rules says."""

    keep: tuple[str, ...] = ()
    drop: tuple[Rule, ...] = ()
    rules: tuple[Rule, ...] = ()


def parse_rules(text: str, name: str) -> RuleFile:
    """The rules in `text`, a file called `name`. Raises `OptionError`, naming file and key."""
    data = parse_toml(text, name)
    for key in data:
        if key not in ("keep", "drop", "rule"):
            raise OptionError(f"{name}: no key {key!r} here; available: keep, drop, and [[rule]] tables")
    drop = tuple(drop_rule(each, f"{name}: drop") for each in texts(data, "drop", name))
    return RuleFile(texts(data, "keep", name), drop, rules_in(data, name))


def parse_toml(text: str, name: str) -> dict[str, Any]:
    """The data in `text`. Raises `OptionError` with the place of the mistake."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OptionError(f"{name} is no TOML: {error}") from error


def rules_in(data: Mapping[str, Any], name: str) -> tuple[Rule, ...]:
    """The `[[rule]]` tables of a parsed file."""
    tables = data.get("rule", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise OptionError(f"{name}: rule takes tables; begin each rule with a line [[rule]]")
    return tuple(_rule(table, f"{name}: [[rule]] {number}") for number, table in enumerate(tables, 1))


def drop_rule(text: str, place: str = "drop") -> Rule:
    """What `--drop` takes: a CSS selector, or a regular expression between slashes.

    `place` is how errors call it.
    """
    if len(text) > 1 and text.startswith("/") and text.endswith("/"):
        return Rule(id="drop", reason=f"drop {text}", place="line", pattern=compiled(text[1:-1], place))
    return Rule(id="drop", reason=f"drop {text}", select=selector(text, place))


def texts(data: Mapping[str, Any], key: str, name: str) -> tuple[str, ...]:
    """The value of `key`, a list of texts; empty if it is not there."""
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise OptionError(f'{name}: {key} takes a list of texts, such as {key} = ["…", "…"]')
    return tuple(value)


def _rule(table: Mapping[str, Any], where: str) -> Rule:
    for key, value in table.items():
        if key not in _KEYS:
            raise OptionError(f"{where}: no key {key!r} in a rule; available: {', '.join(_KEYS)}")
        if type(value) is not _KEYS[key]:
            raise OptionError(f"{where}: {key} takes {_TYPES[_KEYS[key]]}, not {value!r}")
    identity = table.get("id", "")
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", identity):
        raise OptionError(f"{where}: id takes a name of small letters, digits and hyphens, not {identity!r}")
    where = f"{where} ({identity})"
    if identity in _TAKEN:
        raise OptionError(
            f"{where}: the library has a rule of that name, which yours does not replace; name it otherwise"
        )
    place = table.get("place", "blocks")
    if place not in PLACES:
        raise OptionError(f"{where}: place takes one of {', '.join(PLACES)}, not {place!r}")
    _check_means(table, place, where)
    pattern = table.get("pattern", "")
    return Rule(
        id=identity,
        reason=table.get("reason", f"a rule of {where.partition(':')[0]}"),
        place=cast(Place, place),
        select=selector(table["select"], f"{where}: select") if table.get("select") else "",
        pattern=compiled(pattern, f"{where}: pattern") if pattern else NOTHING,
        notice=table.get("notice", ""),
        firm=table.get("firm", True),
        limit=table.get("limit", 0),
        source=table.get("source", ""),
    )


def _check_means(table: Mapping[str, Any], place: str, where: str) -> None:
    """A rule finds something, by the means that its place allows."""
    if place == "around" and not table.get("select"):
        raise OptionError(f"{where}: what stands around an article is found by select, which is missing")
    if place not in ("around", "blocks") and table.get("select"):
        raise OptionError(f"{where}: select goes with place blocks or around, not with {place}")
    if not table.get("select") and not table.get("pattern"):
        raise OptionError(f"{where}: it finds nothing; add select (CSS, for pages) or pattern (a regular expression)")


def compiled(pattern: str, where: str) -> re.Pattern[str]:
    """A regular expression that matches something. Raises `OptionError`, naming `where`."""
    try:
        made = re.compile(pattern)
    except re.error as error:
        raise OptionError(f"{where}: {pattern!r} is no regular expression: {error}") from error
    if made.search("") is not None and made.fullmatch("") is not None:
        raise OptionError(f"{where}: {pattern!r} matches anything; say what it has to find")
    return made


def selector(text: str, where: str) -> str:
    """A CSS selector that is understood. Raises `OptionError`, naming `where`."""
    try:
        to_xpath(text)
    except ValueError as error:
        raise OptionError(f"{where}: {error}; a regular expression stands between slashes: /…/") from error
    return text
