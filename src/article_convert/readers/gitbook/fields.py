"""Front matter fields as metadata."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from typing import Any

from article_convert.model import Author, Metadata, Notice, Stats
from article_convert.report import Report

__all__ = ["metadata_of"]

_NAMES = {
    "title": ("title",),
    "description": ("description", "subtitle"),
    "language": ("language", "lang"),
    "source_url": ("source_url", "source", "url", "original", "canonical"),
    "site": ("site",),
    "publisher": ("publisher",),
    "category": ("category",),
    "summary": ("summary", "abstract", "excerpt"),
    "lead_image": ("lead_image", "cover", "image"),
}
_DATES = {"published": ("published", "date"), "modified": ("modified", "updated", "lastmod")}


_NO_LABELS: Mapping[str, str] = {}


def metadata_of(found: dict[str, Any], report: Report, labels: Mapping[str, str] = _NO_LABELS) -> Metadata:
    """The typed values among front matter fields; everything else is kept in `extra`.

    `labels` are the names of tags by their short names. A date that cannot be understood is kept in
    `extra` too and reported as `metadata.bad-date`.
    """
    values: dict[str, Any] = {}
    used: set[str] = set()
    for name, keys in _NAMES.items():
        for key in keys:
            if name not in values and isinstance(found.get(key), (str, int, float)) and found[key] != "":
                values[name] = str(found[key])
                used.add(key)
    for name, keys in _DATES.items():
        for key in keys:
            if name not in values and found.get(key) is not None:
                when = _date(found[key])
                if when is None:
                    report.add("metadata.bad-date", f"{key}: {found[key]!r} is no date")
                else:
                    values[name] = when
                    used.add(key)
    for name, key, build in (
        ("authors", "authors", _authors),
        ("authors", "author", _authors),
        ("tags", "tags", _tags),
    ):
        if name not in values and found.get(key):
            values[name] = build(found[key])
            used.add(key)
    if "tags" in values:
        values["tags"] = tuple(labels.get(tag, tag) for tag in values["tags"])
    if isinstance(found.get("stats"), dict):
        known = {f.name for f in dataclass_fields(Stats)}
        values["stats"] = Stats(**{k: v for k, v in found["stats"].items() if k in known and isinstance(v, int)})
        used.add("stats")
    if isinstance(found.get("notices"), list):
        values["notices"] = tuple(
            Notice(str(each.get("kind", "")), str(each.get("text", "")))
            for each in found["notices"]
            if isinstance(each, dict)
        )
        used.add("notices")
    extra = tuple((key, _plain(value)) for key, value in found.items() if key not in used)
    extra += tuple(("primary_tag", str(tag)) for tag in _primary(found.get("tags")))
    origins = tuple((name, "front matter") for name in sorted(values))
    return Metadata(**values, extra=extra, origins=origins)


def _date(value: Any) -> date | datetime | None:
    if isinstance(value, date):
        return value
    try:
        text = str(value).strip()
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _authors(value: Any) -> tuple[Author, ...]:
    entries = value if isinstance(value, list) else [value]
    return tuple(
        Author(str(each.get("name", "")), str(each.get("url", "")), str(each.get("avatar", "")))
        if isinstance(each, dict)
        else Author(str(each))
        for each in entries
    )


def _tags(value: Any) -> tuple[str, ...]:
    entries: Iterable[Any] = value if isinstance(value, list) else str(value).split(",")
    return tuple(str(each.get("tag", "") if isinstance(each, dict) else each).strip() for each in entries)


def _primary(value: Any) -> list[Any]:
    """The tag that GitBook shows in the table of contents (`- tag: beta`, `primary: true`)."""
    entries = value if isinstance(value, list) else []
    return [each["tag"] for each in entries if isinstance(each, dict) and each.get("primary") and each.get("tag")][:1]


def _plain(value: Any) -> str:
    """A value of `extra` as text: nested data as compact JSON, everything else as YAML shows it."""
    if isinstance(value, (dict, list)):
        import json

        return json.dumps(value, ensure_ascii=False, default=str)
    if value is None:
        return ""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
