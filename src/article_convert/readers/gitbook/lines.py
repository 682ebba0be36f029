"""Lines of Markdown as the scanner sees them: fences, list markers, indentation."""

from __future__ import annotations

import re

from article_convert.readers.canonical import BLANKS

__all__ = [
    "FENCE",
    "code_follows",
    "in_details",
    "opens_fence",
    "placeholder_word",
    "unindented",
    "without_last_break",
    "without_markers",
]

FENCE = re.compile(r"(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])(?=[ \t]))*[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)")
_MARKER = re.compile(r"[-*+]|\d+[.)]")

_LOOK_BACK = 2000


def opens_fence(m: re.Match[str]) -> bool:
    """Whether a match of `FENCE` begins code: backticks in the info string make it a code span."""
    return m["fence"][0] == "~" or "`" not in m["info"]


def code_follows(text: str, position: int) -> bool:
    """Whether a fence or `<pre>` begins on the rest of a line, glued to a tag."""
    m = FENCE.match(text, position)
    return (m is not None and opens_fence(m)) or text.startswith("<pre", position)


def in_details(text: str, position: int) -> bool:
    """Whether the line at `position` would be HTML only because no blank line parts it from `<details>` or a figure.

    GitBook reads Markdown there, and code with blank lines would be torn apart.
    """
    above = text[max(0, position - _LOOK_BACK) : position].rpartition("\n\n")[2]
    return any(tag in above for tag in ("<details", "</summary>", "</figure>"))


def without_markers(prefix: str) -> str:
    """The beginning of a line with blanks for its list markers: as wide, and in the same item."""
    return _MARKER.sub(lambda m: " " * len(m[0]), prefix)


def placeholder_word(text: str) -> str:
    """A word for placeholders that the page itself does not hold."""
    number = 0
    while f"<!--block{number}-" in text:
        number += 1
    return f"block{number}-"


def unindented(piece: str, indent: int, quoted: bool) -> str:
    """`piece` without the indentation, or the quotation marks, that its block's tag had."""
    if quoted:
        return re.sub(r"^(?:[ \t]*>[ \t]?)+", "", piece, flags=re.MULTILINE)
    if indent:
        return re.sub(rf"^[ \t]{{1,{indent}}}", "", piece, flags=re.MULTILINE)
    return piece


def without_last_break(text: str) -> str:
    """`text` without the line ends that GitBook's serialiser leaves before a block; a path (`C:\\a\\`) stays."""
    while text.endswith("\\") and "\\" not in text[:-1].rpartition(" ")[2].rpartition("\n")[2]:
        text = text[:-1].rstrip(BLANKS)
    return text
