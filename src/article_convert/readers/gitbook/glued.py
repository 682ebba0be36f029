"""Markdown that stands in an HTML block only because no blank line parts it from a tag.

    <details>                            <figure>…</figure>
    <summary>A **title**</summary>       A sentence with *emphasis*.
    - first
    </details>

In such a block `Level.pieces` tells the markup from the Markdown. Everywhere else, as in
`<div>*text*</div>`, CommonMark's rule holds and text is not Markdown.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import dedent
from typing import Literal

from article_convert.model import Span
from article_convert.readers.gitbook.emphasis import Token
from article_convert.readers.html.parse import words
from article_convert.report import Report

__all__ = ["Level", "Piece"]

_BLOCKS = words(
    "details summary figure figcaption table thead tbody tfoot tr td th caption div p ul ol li dl dt dd h1 h2 h3 h4 h5"
    " h6 blockquote section article aside header footer main nav center form fieldset"
)
_OPAQUE = words("pre script style textarea")
_PHRASES = words("a abbr b big code del em font i ins kbd mark q s samp small span strike strong sub sup tt u var")
_PHRASE = re.compile(rf"<(/?)({'|'.join(sorted(_PHRASES))})(?=[\s>])[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<!--|<(/?)([A-Za-z][A-Za-z0-9-]*+)(?=[\s/>])(?>(?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*)>")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an HTML block: `line` counts from its first line, which is 0."""

    kind: Literal["html", "markdown", "inline"]
    text: str
    line: int


class Level:
    """The HTML blocks of one level, in order: which elements are open from one to the next."""

    def __init__(self, blocks: Iterable[str]) -> None:
        self._open: list[str] = []
        self._counts: Counter[str] = Counter()
        self._closed = ""
        self._missing = 0
        self._ends: Counter[str] = Counter()
        for raw in blocks:
            self._missing += raw.count("<details") - raw.count("</details")
            self._ends.update(m[2].lower() for m in _PHRASE.finditer(raw) if m[1])

    def is_ended_by(self, token: Token) -> bool:
        """Whether `token` ends `<details>` that have no end tag: a heading of level 1 or 2 does."""
        heading = token["type"] == "heading" and token["attrs"]["level"] <= 2
        return heading and self._missing > 0 and self._counts["details"] > 0

    def end(self, report: Report, span: Span) -> str:
        """End tags for the open `<details>`."""
        report.add("gitbook.unclosed-tag", "<details> has no end tag; it ends at the next heading", span)
        count = self._counts["details"]
        self._open.clear()
        self._counts.clear()
        self._missing -= count
        return "</details>" * count

    def closing(self, raw: str) -> str:
        """End tags for the words of one HTML block (`<p><code>a`) that no later block closes.

        A browser would set the rest of the page as code; the author forgot a tag.
        """
        still_open: list[str] = []
        for m in _PHRASE.finditer(raw):
            name = m[2].lower()
            if not m[1]:
                still_open.append(name)
                continue
            self._ends[name] -= 1
            if name in still_open:
                del still_open[len(still_open) - 1 - still_open[::-1].index(name)]
        return "".join(f"</{name}>" for name in reversed(still_open) if not self._ends[name])

    def pieces(self, raw: str) -> Iterator[Piece]:
        """The parts of one HTML block."""
        if "<details" not in raw and "</figure" not in raw and not self._counts["details"]:
            yield Piece("html", raw, 0)
            return
        start = position = line = 0
        last_summary = raw.rfind("</summary")
        while True:
            m = _next_block_tag(raw, position)
            at = m.start() if m else len(raw)
            if self._is_markdown() and raw[start:at].strip():
                yield Piece("markdown", _unindented(raw[start:at]), line)
            else:
                yield Piece("html", raw[start:at], line)
            if m is None:
                return
            line += raw.count("\n", start, at)
            yield Piece("html", m.group(0), line)
            line += m.group(0).count("\n")
            start = position = m.end()
            if m.group(2).lower() == "summary" and not m.group(1) and position <= last_summary:
                end = raw.find("</summary", position)
                yield Piece("inline", raw[position:end].strip(), line)
                line += raw.count("\n", position, end)
                start = position = end
            self._note(m)

    def _is_markdown(self) -> bool:
        if self._open:
            return self._open[-1] == "details"
        return self._closed in ("details", "figure")

    def _note(self, tag: re.Match[str]) -> None:
        name = tag.group(2).lower()
        if not tag.group(1):
            self._open.append(name)
            self._counts[name] += 1
        elif self._counts[name]:
            ended = ""
            while ended != name:
                ended = self._open.pop()
                self._counts[ended] -= 1
            self._closed = name


def _next_block_tag(raw: str, position: int) -> re.Match[str] | None:
    """The next tag of a block element; comments and code are skipped."""
    while m := _TAG.search(raw, position):
        name = (m.group(2) or "").lower()
        if name in _BLOCKS:
            return m
        position = m.end()
        end = "-->" if not name else f"</{name}" if name in _OPAQUE and not m.group(1) else ""
        if end:
            position = raw.find(end, position)
            if position < 0:
                return None
            position += len(end)
    return None


def _unindented(text: str) -> str:
    """`text` without the indentation that shows how its element is nested."""
    first, line_end, rest = text.partition("\n")
    return first.lstrip(" \t") + line_end + dedent(rest)
