"""What stands before the text: YAML front matter, or a title with the facts about the article below it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date, datetime
from typing import cast, get_args

from article_convert.model import Author, Inlines, Link, Metadata, Notice, Stats, Text
from article_convert.writers.labels import Word, date_text, label, labelled
from article_convert.writers.markdown.escape import at_line_starts
from article_convert.writers.markdown.inline import inline
from article_convert.writers.markdown.state import MarkdownState

__all__ = ["facts", "front_matter", "statements"]

_PLAIN = re.compile(r"[^\W\d_](?:[\w ./()（），。、：；！？“”‘’《》…—+-]*[\w）。！？”’》…])?").fullmatch
_URL = re.compile(r"https?://[!-~]*[\w/]").fullmatch
_NOT_TEXT = frozenset({"true", "false", "yes", "no", "on", "off", "null", "nan", "inf", "y", "n"})
_UNPRINTABLE = re.compile("[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def front_matter(metadata: Metadata) -> str:
    """Everything that is known about an article as YAML between two `---` lines; `""` if that is only its title.

    The fields have the names of `Metadata`, in its order; `extra` stands beside them under its own
    names. The GitBook reader gives the same metadata back.
    """
    lines: list[str] = []
    for item in fields(Metadata):
        value = getattr(metadata, item.name)
        if value and item.name not in ("origins", "extra"):
            lines += _field(item.name, value)
    names = {item.name for item in fields(Metadata)}
    for name, value in metadata.extra:
        if name not in names:
            names.add(name)
            lines.append(f"{_scalar(name)}: {_scalar(value)}")
    if not lines or (len(lines) == 1 and metadata.title):
        return ""
    return "\n".join(["---", *lines, "---"])


def _field(name: str, value: object) -> Iterator[str]:
    match value:
        case str():
            yield f"{name}: {_scalar(value)}"
        case date():
            yield f"{name}: {value.isoformat()}"
        case Stats():
            counts = _filled(value)
            if counts:
                yield f"{name}:"
                yield from (f"  {key}: {count}" for key, count in counts)
        case tuple():
            yield f"{name}:"
            for entry in value:
                yield from _entry(entry)


def _entry(entry: str | Author | Notice) -> Iterator[str]:
    if isinstance(entry, str):
        yield f"  - {_scalar(entry)}"
        return
    lead = "  - "
    for key, value in _filled(entry):
        yield f"{lead}{key}: {_scalar(value)}"
        lead = "    "


def _filled(record: Author | Notice | Stats) -> list[tuple[str, str]]:
    """The fields that are set, the first in any case."""
    values = [(item.name, getattr(record, item.name)) for item in fields(record)]
    if isinstance(record, Stats):
        return [(name, str(value)) for name, value in values if value is not None]
    return [(name, value) for name, value in values if value or name in ("name", "kind")]


def _scalar(text: str) -> str:
    """A string as YAML: bare where that is unmistakable, else in double quotes, which YAML shares with JSON."""
    if (_PLAIN(text) and text.lower() not in _NOT_TEXT) or _URL(text):
        return text
    return _UNPRINTABLE.sub(lambda m: f"\\u{ord(m[0]):04x}", json.dumps(text, ensure_ascii=False))


# --------------------------------------------------------------------------- facts in the text


def facts(metadata: Metadata, state: MarkdownState) -> list[str]:
    """The facts as a reader of the page sees them: author, day and source on a line, summary, tags."""
    parts = [_byline(metadata, state)]
    if metadata.summary and metadata.description.strip() not in ("", metadata.summary.strip()):
        parts.append(_text(metadata.description, state))
    abstract = metadata.summary or metadata.description
    if abstract:
        lines = [_text(line, state) for line in abstract.splitlines() if line.strip()]
        parts.append("\n>\n".join(f"> {line}" for line in lines))
    if metadata.tags:
        tags = _text("、".join(metadata.tags) if state.language.startswith("zh") else ", ".join(metadata.tags), state)
        parts.append(f"{label(state.language, 'tags')}: {tags}")
    return [part for part in parts if part]


def statements(metadata: Metadata, state: MarkdownState) -> list[str]:
    """What is said about the article and its rights, a paragraph for each notice; they stand at its end."""
    said = []
    for notice in metadata.notices:
        known = notice.kind in get_args(Word)
        text = labelled(state.language, cast(Word, notice.kind), notice.text) if known else notice.text
        said.append(_text(" ".join(text.split()), state))
    return [line for line in said if line]


def _byline(metadata: Metadata, state: MarkdownState) -> str:
    said: list[Inlines] = []
    for author in metadata.authors:
        said.append(_linked(author.name, author.url))
    if isinstance(metadata.published, datetime | date):
        said.append((Text(date_text(state.language, metadata.published)),))
    if metadata.category:
        said.append((Text(metadata.category),))
    if metadata.source_url:
        said.append(_linked(metadata.site or label(state.language, "source"), metadata.source_url))
    return at_line_starts(inline(_joined(said, " · "), state))


def _linked(name: str, url: str) -> Inlines:
    return (Link((Text(name),), url),) if url else (Text(name),)


def _joined(parts: Iterable[Inlines], separator: str) -> Inlines:
    result: list[Inlines] = []
    for part in parts:
        result += [(Text(separator),), part] if result else [part]
    return tuple(node for part in result for node in part)


def _text(text: str, state: MarkdownState) -> str:
    return at_line_starts(inline((Text(text.strip()),), state))
