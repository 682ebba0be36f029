"""Text as XHTML: escaping, and the characters that neither XML 1.0 nor HTML can hold.

Escaping works on single characters, so removing forbidden characters may wait until a whole page
is joined: one search over the page instead of one over every piece of text.
"""

from __future__ import annotations

import re

from article_convert.report import Report

__all__ = ["attribute", "escaped", "quoted", "scrubbed"]

# C0 and C1 controls but tab and line ends, surrogates, and the noncharacters of Unicode 23.7. Those
# beyond the first plane stand apart: one of them in the class makes the search ten times slower.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_FAR = tuple(chr(plane + low) for plane in range(0x10000, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF))


def escaped(text: str) -> str:
    """`text` as element content."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quoted(text: str) -> str:
    """`text` as the inside of a double-quoted attribute."""
    return escaped(text).replace('"', "&quot;")


def attribute(name: str, value: str) -> str:
    """` name="value"`, with the space before it; nothing if there is no value."""
    return f' {name}="{quoted(value)}"' if value else ""


def scrubbed(text: str, report: Report | None = None) -> str:
    """`text` without the characters that no output can hold; CR LF and CR become line ends.

    Reports `text.control` once if something was removed.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    clean = _FORBIDDEN.sub("", text) if _FORBIDDEN.search(text) else text
    if not clean.isascii():
        for char in _FAR:
            if char in clean:
                clean = clean.replace(char, "")
    if report is not None and len(clean) < len(text):
        report.add("text.control", f"removed {len(text) - len(clean)} characters that no output can hold")
    return clean
