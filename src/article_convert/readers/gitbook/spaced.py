"""Addresses with blanks in them, as GitBook 1 to 3 and many editors let authors write: `[Two Sum](1.Two Sum.md)`.

CommonMark takes them for text. What is meant is clear where such an address ends like a file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict

__all__ = ["with_whole_addresses"]

_LONGEST = 300
_CANDIDATE = re.compile(rf"\]\((?=[^)\n<\"]{{1,{_LONGEST}}}?[ ])")
_PARENTHESIS = re.compile(r"[()\n]")
_TITLE = re.compile(r"[ ]+(?:\"[^\"\n]*\"|'[^'\n]*')[ ]*\Z")
_FILE = re.compile(r"(?=[^#]*[ ])[^<>\[\]\"#]*\.[A-Za-z][A-Za-z0-9]{1,4}(?:#[^<>]*)?\Z|[^ #]*\.md#[^<>]* [^<>]*\Z")
_TICKS = re.compile(r"`+")


def with_whole_addresses(text: str) -> str:
    """`text`, the inside of one block, with such addresses between angle brackets; code is left alone."""
    if "](" not in text or _CANDIDATE.search(text) is None:
        return text
    code = _code_spans(text)
    parts: list[str] = []
    position = 0
    for m in _CANDIDATE.finditer(text):
        end = _closing(text, m.end())
        if end < 0 or m.start() < position or _is_inside(m.start(), code):
            continue
        title = _TITLE.search(text, m.end(), end)
        address = text[m.end() : title.start() if title else end].strip(" ")
        if _FILE.match(address):
            parts.append(f"{text[position : m.end()]}<{address}>{title[0] if title else ''}")
            position = end
    return "".join([*parts, text[position:]])


def _closing(text: str, position: int) -> int:
    """Where the parenthesis closes that is open at `position`, or -1."""
    depth = 1
    for m in _PARENTHESIS.finditer(text, position, position + 2 * _LONGEST):
        depth += {"(": 1, ")": -1, "\n": -1000}[m[0]]
        if depth <= 0:
            return m.start() if depth == 0 else -1
    return -1


def _code_spans(text: str) -> list[tuple[int, int]]:
    """Where code spans begin and end, in order."""
    runs = [m for m in _TICKS.finditer(text) if text[m.start() - 1 : m.start()] != "\\"]
    starts: defaultdict[int, list[int]] = defaultdict(list)
    for m in runs:
        starts[len(m[0])].append(m.start())
    spans: list[tuple[int, int]] = []
    for m in runs:
        if spans and m.start() < spans[-1][1]:
            continue
        same = starts[len(m[0])]
        index = bisect_right(same, m.start())
        if index < len(same):
            spans.append((m.start(), same[index] + len(m[0])))
    return spans


def _is_inside(position: int, spans: list[tuple[int, int]]) -> bool:
    index = bisect_right(spans, (position, position)) - 1
    return index >= 0 and position < spans[index][1]
