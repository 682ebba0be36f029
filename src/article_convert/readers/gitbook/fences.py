"""What the info string of fenced code says: ``` js title="app.js" ```."""

from __future__ import annotations

import re
from html import unescape

from article_convert.model import CodeBlock, Span

__all__ = ["code_of"]

_INFO_WORD = re.compile(r"[^\s{,:]+")


def code_of(info: str, text: str, span: Span) -> CodeBlock:
    """Fenced code with that info string: its first word is the language, and `title="…"` a title."""
    m = _INFO_WORD.match(info)
    lines = text.split("\n")
    if len(lines) > 2 and lines[0].strip() == "{% raw %}" and lines[-1].strip() == "{% endraw %}":
        # From 2022 to 2024 GitBook protected code that holds tags like this, inside the fence.
        text = "\n".join(lines[1:-1])
    return CodeBlock(text, unescape(m.group(0)) if m else "", _title_in(info), span=span)


def _title_in(info: str) -> str:
    m = re.search(r"""\b(?:title|filename)=(?:"([^"]*)"|'([^']*)'|(\S+))""", info)
    return next((group for group in m.groups() if group), "") if m else ""
