"""One `{% … %}` tag: its name and attributes.

    tag   := "{%" ["-"] name (separator attribute)* ["-"] "%}"
    value := '"' … '"' | "'" … "'" | word

Line ends are legal inside quoted values only, so that a tag whose `%}` was forgotten does not
swallow the text up to the next one. Curly quotes are taken for straight ones, `\\"` stands for a
quote, quotes inside a value may stand bare, and HTML entities in values are resolved, as GitBook's
own serialiser needs it. What `if` is told is one expression, whatever is in it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

__all__ = ["Tag", "holds_block", "parse_tag"]

_OPEN = re.compile(r"\{%-?[ \t]*(?P<name>@?[A-Za-z][A-Za-z0-9._/-]*)(?=[\s%}=-]|$)")
_CLOSE = re.compile(r"[ \t,]*-?%\}")
_ATTRIBUTE = re.compile(
    r"""[ \t,]*(?:(?P<key>[A-Za-z_][\w.:-]*)[ \t]*=[ \t]*)?
        (?: "(?P<mixed>[^"“”\n]*)”(?=[ \t,]*(?:-?%\}|[A-Za-z_][\w.:-]*[ \t]*=))
          | "(?P<double>(?:[^"\\]|\\.)*)"
          | '(?P<single>(?:[^'\\]|\\.)*)'
          | [“”](?P<curly>[^“”"\n{]*)[“”"]
          | (?P<word>(?!\{%)(?:(?!-?%\})[^\s"'“”,])+) )""",
    re.VERBOSE | re.DOTALL,
)
_LONGEST = 200_000
_LONGEST_QUOTED = 400
_MOST_ATTRIBUTES = 32
_QUOTE_ESCAPE = re.compile(r"\\([\"'])")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as written: `{% hint style="info" %}` has the name `hint`.

    `values` are the attributes without a name, in order: `{% include "x.md" %}`.
    """

    name: str
    attributes: dict[str, str]
    values: tuple[str, ...]
    start: int
    end: int

    @property
    def closes(self) -> str:
        """The name of the block that this tag ends, or `""` if it begins one."""
        if not self.name.startswith("end") or len(self.name) == 3:
            return ""
        name = self.name[3:]
        return f"@{name}" if "/" in name and name[0] != "@" else name

    def get(self, *names: str) -> str:
        """The value of the first of these attributes that is there, or `""`."""
        return next((self.attributes[name] for name in names if name in self.attributes), "")


def parse_tag(source: str, start: int) -> Tag | None:
    """The tag at `source[start:]`, or `None` if what stands there is not one."""
    m = _OPEN.match(source, start)
    if m is None:
        return None
    name, position = m.group("name").rstrip("-"), m.end()
    if name in ("if", "elif", "elseif", "for"):
        return _condition(source, name, m)
    attributes: dict[str, str] = {}
    values: list[str] = []
    while position < start + _LONGEST and len(attributes) + len(values) < _MOST_ATTRIBUTES:
        closing = _CLOSE.match(source, position)
        if closing:
            return Tag(name, attributes, tuple(values), start, closing.end())
        if name.startswith("@") and (raw := _whole_value(source, position)) is not None:
            attributes[raw[0]], position = raw[1], raw[2]
            continue
        found = _ATTRIBUTE.match(source, position)
        if found is None:
            return None
        value, position = _value(found), found.end()
        if found.group("key"):
            if found["double"] is not None and (longer := _with_bare_quotes(source, found)) is not None:
                value, position = longer
            attributes.setdefault(found.group("key"), value)
        else:
            values.append(value)
    return None


_FOLLOWS = re.compile(r"[\s,]*(?:-?%\}|[A-Za-z_][\w.:-]*[ \t]*=|[\"'“”])|[\s,]+(?!\S*\")")
_CLOSING = re.compile(r"\"(?=[ \t,]*(?:-?%\}|[A-Za-z_][\w.:-]*[ \t]*=[ \t]*[\"'“”\w]))")


def _with_bare_quotes(source: str, m: re.Match[str]) -> tuple[str, int] | None:
    """A value that holds quotes as they are (`summary="Clear all "New" flags"`), and where it ends.

    It does if neither another attribute nor the end of the tag follows its first quote.
    """
    if _FOLLOWS.match(source, m.end()):
        return None
    line_end = source.find("\n", m.end(), m.end() + _LONGEST_QUOTED)
    end = _CLOSING.search(source, m.end(), line_end if line_end >= 0 else m.end() + _LONGEST_QUOTED)
    return (unescape(source[m.start("double") : end.start()]), end.end()) if end else None


def _condition(source: str, name: str, m: re.Match[str]) -> Tag | None:
    """A tag whose whole inside is one expression, its only value."""
    found = _EXPRESSION.match(source, m.end(), m.end() + _LONGEST_QUOTED)
    if found is None:
        return None
    expression = found["expression"].strip()
    return Tag(name, {}, (expression,) if expression else (), m.start(), found.end())


_EXPRESSION = re.compile(
    r"""(?P<expression>(?>(?:[^"'`\n%-]++|"[^"\n]*+"|'[^'\n]*+'|`[^`]*+`|[%-](?!\}|%\}))*))-?%\}"""
)


def _value(m: re.Match[str]) -> str:
    raw = next(text for text in (m["mixed"], m["double"], m["single"], m["curly"], m["word"]) if text is not None)
    return unescape(_QUOTE_ESCAPE.sub(r"\1", raw))


_CONTENT = re.compile(r"[ \t]*(content)[ \t]*=[ \t]*\"")
_CONTENT_END = re.compile(r"\"[ \t]*-?%\}")


def _whole_value(source: str, position: int) -> tuple[str, str, int] | None:
    """The `content` of a diagram block up to the last quote before `%}`: it may hold bare quotes."""
    m = _CONTENT.match(source, position)
    if m is None:
        return None
    end = _CONTENT_END.search(source, m.end(), m.end() + _LONGEST // 4)
    if end is None:
        return None
    return m.group(1), unescape(source[m.end() : end.start()].replace('\\"', '"')), end.start() + 1


_WHOLE = re.compile(r"\{%-?[ \t]*([A-Za-z][\w-]*)\b((?>(?:[^{}%]|%(?!\}))*))%\}")
_ADDRESS = re.compile(r"\b(?:url|src)=[\"'][^\"'<>\s]")


def holds_block(line: str) -> bool:
    """Whether a line of text, such as a cell of a table, holds a block: a tag and its end, or one with an address.

    A tag alone is the name of a block, which somebody writes about.
    """
    tags = _WHOLE.findall(line)
    names = {name for name, _ in tags}
    return any(f"end{name}" in names or _ADDRESS.search(rest) for name, rest in tags)
