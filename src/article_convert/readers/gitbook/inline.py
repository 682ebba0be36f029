"""Inline rules of the GitBook dialect, as a `mistune.InlineParser`.

Added to CommonMark: emphasis beside Chinese (`emphasis`), bare addresses that end where Chinese
begins, `$$…$$` formulas, `~~…~~`, and footnote references. The result is mistune's list of tokens;
`nodes` turns it into the tree.
"""

from __future__ import annotations

import re
from re import Match
from typing import Any

import mistune
from mistune.core import InlineState

from article_convert.readers.canonical import is_wide
from article_convert.readers.gitbook.emphasis import Token, matched, runs_of

__all__ = ["GitBookInline"]

MAX_INLINE_DEPTH = 20

_SCHEME = re.compile(r"(?:^|(?<![A-Za-z0-9+.-]))https?$", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:\\[!-/:-@\[-`{-~]|[^\s<>\\\"`])+")
_TRAILING = re.compile(r"(?:[?!.,:*_~'\"；;]|&[A-Za-z0-9]+;)+$")
_LONGEST_TRAIL = 64
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LABEL_END = re.compile(r"[^\n]{0,1000}?\](?=[(\[])")
"""An address before this stands in the label of a link, which cannot hold another. Nobody writes a longer one."""
_MAIL_NAME = re.compile(r"(?<![A-Za-z0-9.+_/:-])[A-Za-z0-9.+_-]+\Z")
_DOMAIN = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.[A-Za-z0-9-]*[A-Za-z0-9](?![A-Za-z0-9_@-])")
_WWW = re.compile(r"www\.[A-Za-z0-9]", re.IGNORECASE)


class GitBookInline(mistune.InlineParser):
    """mistune's inline parser with the dialect's rules. One instance serves any number of pages."""

    def __init__(self) -> None:
        super().__init__(max_nested_level=MAX_INLINE_DEPTH)
        self.register("emphasis", r"[*_~]+", _parse_runs, start_chars=list("*_~"))
        self.register("address", r"://|www\.", _parse_address, before="link", start_chars=list(":w"))
        self.register("mail", r"@", _parse_mail, before="link", start_chars="@")
        self.register("formula", r"\$\$", _parse_formula, before="codespan", start_chars="$")
        self.register("note_reference", r"\[\^[^\]\s\\]{1,100}\]", _parse_note, before="link", start_chars="[")

    def process_text(self, text: str, state: InlineState, parse_emphasis: bool = True) -> None:
        """Add text; `parse_emphasis` is false for text from an escape, whose entities stay as typed."""
        token: Token = {"type": "text", "raw": text}
        if not parse_emphasis:
            token["literal"] = True
        state.append_token(token)

    def finalize_tokens(self, tokens: list[Token], depth: int) -> list[Token]:
        """Match the delimiter runs among `tokens`, which make one link label or a whole text."""
        return matched(tokens, self.max_nested_level - depth)


def _parse_runs(inline: mistune.InlineParser, m: Match[str], state: InlineState) -> int:
    for token in runs_of(state.src, m.start(), m.end()):
        state.append_token(token)
    return m.end()


def _parse_formula(inline: mistune.InlineParser, m: Match[str], state: InlineState) -> int | None:
    end = state.src.find("$$", m.end())
    if end < 0:
        return None
    text = state.src[m.end() : end].strip()
    if text:
        state.append_token({"type": "formula", "raw": text})
    return end + 2


def _parse_note(inline: mistune.InlineParser, m: Match[str], state: InlineState) -> int | None:
    label = m.group(0)[2:-1].casefold()
    if label not in state.env.get("footnotes", {}):
        return None
    state.append_token({"type": "note", "label": label, "raw": m.group(0)})
    return m.end()


def _parse_address(inline: mistune.InlineParser, m: Match[str], state: InlineState) -> int | None:
    """A bare address (GFM 6.9), found at its `://` or `www.`; it ends at white space or at Chinese."""
    if state.in_link or (state.brackets and _LABEL_END.match(state.src, m.end())):
        return None
    scheme = ""
    if m.group(0) == "://":
        scheme = _scheme_before(state)
        if not scheme:
            return None
    elif not _WWW.match(state.src, m.start()) or _joined(state.src, m.start()):
        return None
    raw = _address_text(state.src, m.start(), bool(state.brackets))
    if len(raw) <= len(m.group(0)) or (scheme and not raw[3:4].isalnum()):
        return None
    if scheme:
        last = state.tokens[-1]
        last["raw"] = last["raw"][: -len(scheme)]
    text = _ESCAPE.sub(r"\1", scheme + raw)
    url = text if scheme else "http://" + text
    token: Token = {"type": "link", "children": [{"type": "text", "raw": text, "literal": True}], "attrs": {"url": url}}
    token["_autolink"] = text
    state.append_token(token)
    return m.start() + len(raw)


def _parse_mail(inline: mistune.InlineParser, m: Match[str], state: InlineState) -> int | None:
    """A bare address of mail (GFM 6.9), found at its `@`."""
    if state.in_link or (state.brackets and _LABEL_END.match(state.src, m.end())):
        return None
    domain = _DOMAIN.match(state.src, m.end())
    name = _MAIL_NAME.search(state.src[max(0, m.start() - 64) : m.start()])
    if domain is None or name is None or not _taken_back(state.tokens, len(name[0])):
        return None
    text = f"{name[0]}@{domain[0]}"
    token: Token = {"type": "link", "children": [{"type": "text", "raw": text, "literal": True}]}
    token["attrs"] = {"url": f"mailto:{text}"}
    state.append_token(token)
    return domain.end()


def _taken_back(tokens: list[Token], length: int) -> bool:
    """Take the last `length` characters out of the tokens read so far, if they are text and runs of `_`."""
    count, taken = 0, 0
    for token in reversed(tokens):
        if taken >= length:
            break
        if token["type"] == "run" and token["char"] == "_":
            taken += token["length"]
        elif token["type"] == "text" and not token.get("literal"):
            taken += len(token["raw"])
        else:
            return False
        count += 1
    first = tokens[-count]
    if taken < length or (taken > length and first["type"] == "run"):
        return False
    del tokens[len(tokens) - count :]
    if taken > length:
        tokens.append({"type": "text", "raw": first["raw"][: taken - length]})
    return True


def _scheme_before(state: InlineState) -> str:
    """`http` or `https` at the end of the text read so far, if it begins a word."""
    last = state.tokens[-1] if state.tokens else None
    if last is None or last["type"] != "text" or last.get("literal"):
        return ""
    found = _SCHEME.search(last["raw"][-6:])
    return found.group(0) if found else ""


def _joined(source: str, position: int) -> bool:
    before = source[position - 1] if position else ""
    return before.isascii() and (before.isalnum() or before in "/.-_@")


def _address_text(source: str, start: int, in_brackets: bool) -> str:
    m = _ADDRESS.match(source, start)
    text = m.group(0) if m else ""
    for index, char in enumerate(text):
        if is_wide(char) or (in_brackets and char in "[]"):
            text = text[:index]
            break
    return _without_trailing(text)


def _without_trailing(text: str) -> str:
    """`text` without the punctuation at its end that belongs to the sentence, closing parentheses of it included."""
    unopened = text.count(")") - text.count("(")
    end = len(text)
    while True:
        before = end
        m = _TRAILING.search(text[max(0, end - _LONGEST_TRAIL) : end])
        if m is not None:
            end = end - len(m[0])
        if unopened > 0 and text[end - 1 : end] == ")":
            end, unopened = end - 1, unopened - 1
        if end and text[end - 1] == "\\":
            return text[:end].rstrip("\\")
        if end == before:
            return text[:end]


def plain(tokens: list[dict[str, Any]]) -> str:
    """The text of `tokens` without markup, for alternative texts."""
    parts: list[str] = []
    for token in tokens:
        if "children" in token:
            parts.append(plain(token["children"]))
        elif token["type"] in ("softbreak", "linebreak"):
            parts.append(" ")
        elif token["type"] != "inline_html":
            parts.append(token.get("raw", ""))
    return "".join(parts)
