"""Lines of Markdown as the scanner sees them: fences, list markers, indentation."""

from __future__ import annotations

import re

from article_convert.readers.canonical import BLANKS

__all__ = [
    "FENCE",
    "code_follows",
    "in_details",
    "is_indented_code",
    "opens_fence",
    "placeholder_word",
    "unindented",
    "without_last_break",
    "without_markers",
]

FENCE = re.compile(r"(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])(?=[ \t]))*[ \t]*(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)")
_MARKER = re.compile(r"[-*+]|\d+[.)]")

_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+")
_LOOK_BACK = 2000
_LAST_WORD = re.compile(r"[^ \t\n]*\Z")


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


def is_indented_code(text: str, start: int, line: str, around: int) -> bool:
    """Whether the line at `start` is indented code: four columns right of the text that it stands below.

    `around` is the indentation of the block that it is in.
    """
    indent = len(line) - len(line.lstrip(" \t"))
    if indent < 4 or text[:start].rstrip(" \t")[-2:] not in ("\n\n", "\n", ""):
        return False
    end = start - 1
    for _ in range(200):
        begin = text.rfind("\n", 0, end) + 1
        above = text[begin:end]
        width = len(above) - len(above.lstrip(" \t"))
        if above.strip() and width < indent:
            marker = _ITEM.match(above)
            if marker:
                return indent - marker.end() >= 4
            if width <= around:
                break
        if begin == 0:
            break
        end = begin - 1
    return indent - around >= 4


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
    end = len(text)
    while end and text[end - 1] == "\\" and "\\" not in _LAST_WORD.search(text, max(0, end - 200), end - 1)[0]:  # type: ignore[index]
        end -= 1
        while end and text[end - 1] in BLANKS:
            end -= 1
    return text[:end]
