"""Text, code and addresses as Markdown that every parser reads back to the same characters.

The rules are those of CommonMark 0.31.2 and GFM 0.29, with two additions of GitBook: `$$` begins a
formula and `{%` a tag. A backslash is written only where a parser would otherwise see markup, so
that plain Chinese and English text comes out as it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = [
    "CONTROLS",
    "WORTH_A_LOOK",
    "at_line_starts",
    "can_close",
    "can_open",
    "code_span",
    "delimiter_run",
    "destination",
    "escaped",
    "fence",
    "html_code",
    "link_title",
]

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no text format should hold: C0 and C1 controls, lone surrogates, noncharacters."""

WORTH_A_LOOK = re.compile(r"[\\`*_~\[\]<&$!{(:|^]|[wW]\.")
"""Text in which this finds nothing needs no escapes inside a line."""

_ENTITY = r"&(?=(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
_SPECIAL = re.compile(
    r"""
    (?P<run>\*+|_+|~+)
  | (?P<address>:(?=//|:)|(?<=[wW]{3})\.(?=[A-Za-z0-9]))
  | \$(?=\$) | (?<=\$)\$
  | (?P<bracket>[\[\]])
  | (?P<edge>[!<${]\Z|\A[(:$^])
  | \\(?=[!-/:-@\[-`{-~]|\Z)
  | `
  | <(?=[A-Za-z/!?])
  | \{(?=[%{]) | (?<=\{)\#
  | (?P<entity>"""
    + _ENTITY
    + ")",
    re.VERBOSE,
)
_SCHEME_BEFORE = re.compile(r"(?:https?|ftp)\Z", re.IGNORECASE)


def escaped(text: str, before: str, after: str, delimiters: str, in_label: bool = False) -> str:
    """`text` inside a line, between the characters `before` and `after` (empty at the edges of a block).

    `delimiters` are those of `*_~` that could find a partner in this block: elsewhere they are
    harmless. `in_label` is the text of a link or the alternative text of an image.
    """
    if not WORTH_A_LOOK.search(text):
        return text

    def replace(m: re.Match[str]) -> str:
        char, kind = m[0], m.lastgroup
        start, end = m.span()
        if kind == "run":
            previous = text[start - 1] if start else before
            following = text[end] if end < len(text) else after
            return _run(char, previous, following, delimiters)
        if kind == "address" and text[end : end + 1] == ":":
            # `Info::` at the beginning of a heading names a callout.
            return "\\" + char if not before and text[:start].isalpha() else char
        if kind == "address":
            known = char == "." or _SCHEME_BEFORE.search(text, max(0, start - 5), start)
            fills_label = in_label and before == "[" and after == "]"
            return "\\" + char if (known and not fills_label) or (start == 0 and before == "]") else char
        if kind == "bracket":
            return "\\" + char if in_label or _is_risky_bracket(text, start, before, after) else char
        if kind == "edge":
            risky = (start == 0 and _is_risky_start(char, before)) or (end == len(text) and _is_risky_end(char, after))
            return "\\" + char if risky else char
        return "&amp;" if kind == "entity" and in_label else "\\" + char

    return _SPECIAL.sub(replace, text)


def _run(run: str, previous: str, following: str, delimiters: str) -> str:
    """A run of `*`, `_` or `~` that stands in the text itself."""
    sides = _class(previous) + _class(following)
    harmless = run[0] not in delimiters or sides == "ss" or (run[0] == "_" and sides == "oo")
    if len(run) > 3 and run[0] == "*":
        # Readers of GitBook drop `****`, which its serialiser left behind, wherever it stands.
        harmless = False
    return run if harmless else "".join("\\" + char for char in run)


def _is_risky_bracket(text: str, position: int, before: str, after: str) -> bool:
    """`[` before `^`, `!` or the name of a callout (note, alert), and `]` before `(` or before markup with `[`."""
    following = text[position + 1 : position + 2] or after
    if text[position] == "[":
        if _NAMED(text, position):
            return True
        return following in ("^", "!") or (position == 0 and before == "]")
    return following == "(" or (position + 1 == len(text) and following == "[")


_NAMED = re.compile(r"\[(?:info|warning|danger|success|_?toc_?)\]", re.IGNORECASE).match
"""What readers of GitBook take for the beginning of a callout, or for a table of contents."""


def _is_risky_start(char: str, before: str) -> bool:
    """A first character that would continue the markup before it: a note, a formula, an opening bracket."""
    return (char in "(:" and before == "]") or (char == "$" and before == "$") or (char == "^" and before == "[")


def _is_risky_end(char: str, after: str) -> bool:
    """A last character that would begin markup together with what follows."""
    if char in "!$":
        return after == ("[" if char == "!" else "$")
    return char in "<{" and after not in ("", " ", "\n")


# --------------------------------------------------------------------------- delimiter runs


def delimiter_run(char: str) -> re.Pattern[str]:
    """Finds the runs of one delimiter character."""
    return _RUNS[char]


_RUNS = {char: re.compile(re.escape(char) + "+") for char in "*_~"}


@lru_cache(maxsize=4096)
def _class(char: str) -> str:
    """White space `s`, punctuation `p`, other `o`; `?` for a symbol, which became punctuation in CommonMark 0.31."""
    if char == "" or char in "\t\n\f\r":
        return "s"
    category = unicodedata.category(char)
    if category == "Zs":
        return "s"
    if category[0] == "P" or (category[0] == "S" and char < "\x80"):
        return "p"
    return "?" if category[0] == "S" else "o"


@lru_cache(maxsize=4096)
def can_open(delimiter: str, before: str, after: str) -> bool:
    """Whether emphasis may open between two characters, in the newest and in older CommonMark alike."""
    previous, following = _class(before), _class(after)
    if following == "s" or (following != "o" and previous not in "sp"):
        return False
    # `_` must not be able to close as well, unless punctuation stands before it.
    return delimiter[0] != "_" or previous in "sp"


@lru_cache(maxsize=4096)
def can_close(delimiter: str, before: str, after: str) -> bool:
    """Whether emphasis may close between two characters, in the newest and in older CommonMark alike."""
    return can_open(delimiter, after, before)


# --------------------------------------------------------------------------- starts of lines

_LINE_START = re.compile(
    r"""^(?:
    (?P<number>[0-9]{1,9})(?=[.)](?:[ \t\n]|\Z))
  | (?= \#{1,6}(?:[ \t\n]|\Z)
      | >
      | [-+*](?:[ \t\n]|\Z)
      | -+[ \t]*$
      | (?P<rule>[-*_])[ \t]*(?:(?P=rule)[ \t]*){2,}$
      | ~~~
      | [|:\- \t]*[-|][|:\- \t]*$
      | \[[ xX]\](?:[ \t\n]|\Z)
      | \[(?:[^\[\]\\]|\\.)*(?:\]:|\Z)
    )
  | (?<=\n)(?==+[ \t]*$)
    )""",
    re.VERBOSE | re.MULTILINE,
)
_TAG_ALONE = re.compile(r"</?[A-Za-z][^<>]*>[ \t]*\n")


def at_line_starts(text: str) -> str:
    """A paragraph in which no line begins like another kind of block."""
    if "\n" not in text:
        return _LINE_START.sub(r"\g<number>\\", text, count=1) if _LINE_START.match(text) else text
    if _TAG_ALONE.match(text):
        # A tag alone on the first line would begin a block of HTML.
        text = text.replace("\n", " ", 1)
    return _LINE_START.sub(r"\g<number>\\", text)


# --------------------------------------------------------------------------- code

_BACKTICKS = re.compile("`+")
_PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")


def code_span(text: str) -> str:
    """`text` between as many backticks as it takes; its line ends become spaces."""
    text = text.replace("\n", " ")
    runs = {len(run) for run in _BACKTICKS.findall(text)}
    ticks = "`" * next(n for n in range(1, len(runs) + 2) if n not in runs)
    blank = not text.strip(" ")
    padded = text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " " and not blank)
    return f"{ticks} {text} {ticks}" if padded else f"{ticks}{text}{ticks}"


def html_code(text: str) -> str:
    """Code as an element, for the place right after other code, where backticks would run together."""
    return "<code>" + _PUNCTUATION.sub(r"\\\g<0>", text.replace("\n", " ")) + "</code>"


def fence(text: str, info: str) -> str:
    """`text` as a fenced block; the fence is longer than any run of its character inside."""
    char = "~" if "`" in info else "`"
    longest = max((len(run) for run in re.findall(char + "{3,}", text)), default=2)
    fence = char * (longest + 1)
    info = _without_entities(re.sub(r"\\(?=[!-/:-@\[-`{-~])", r"\\\\", info))
    return f"{fence}{info}\n{text}\n{fence}" if text else f"{fence}{info}\n{fence}"


# --------------------------------------------------------------------------- addresses

_PLAIN_DESTINATION = re.compile(r"[^\s<>()\\&`\x00-\x20\x7f]+").fullmatch
_QUERY = re.compile(r"[^\s<>()\\`\x00-\x20\x7f;]+").fullmatch
_LIKE_ENTITY = re.compile(_ENTITY, re.VERBOSE)


def destination(url: str) -> str:
    """`url` as the destination of a link: plain if that is exact, else between angle brackets."""
    if _PLAIN_DESTINATION(url) or _QUERY(url):
        return url
    if not url:
        return "<>"
    url = url.replace("\n", "%0A").replace("\r", "%0D")
    return "<" + _without_entities(re.sub(r"[<>\\]", r"\\\g<0>", url)) + ">"


def link_title(title: str) -> str:
    """` "title"`, with the space before it; nothing if there is none."""
    if not title:
        return ""
    text = " ".join(title.splitlines())
    escaped = _without_entities(re.sub(r"[\\\"]", r"\\\g<0>", text))
    if escaped.endswith("\\"):
        # cmark-gfm takes even an escaped backslash before the closing quote for the escape of the quote.
        escaped = escaped[:-2] + "&#92;"
    return f' "{escaped}"'


def _without_entities(text: str) -> str:
    """`text` for an address, a title or an info string, where cmark resolves an entity behind a backslash too."""
    return _LIKE_ENTITY.sub("&amp;", text) if "&" in text else text
