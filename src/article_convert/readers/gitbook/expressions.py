"""Values of GitBook's expressions, as far as a file can know them.

An expression is JavaScript over the variables of a space and the claims of a visitor. Literals,
known variables, `+`, comparisons, `&&`, `||`, `??`, `!` and `a ? b : c` are evaluated; anything else
(a claim, a method call) has no value here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeAlias

__all__ = ["value_of"]

Value: TypeAlias = "str | float | bool | None"

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])
      | (?P<string>"(?>(?:[^"\\]|\\.)*)" | '(?>(?:[^'\\]|\\.)*)' | `(?>(?:[^`\\$]|\\.)*)`)
      | (?P<path>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)
      | (?P<sign>===|!==|==|!=|&&|\|\||\?\?|[+?:!()]))""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None, "undefined": None}
_LONGEST = 2000


def value_of(source: str, variables: Mapping[str, str]) -> str | None:
    """The text that the expression shows, or `None` if that cannot be known.

    >>> value_of('"v" + space.vars.major', {"space.vars.major": "3"}), value_of("visitor.claims.plan", {})
    ('v3', None)
    """
    try:
        return _shown(_Parser(_tokens(source), variables).whole())
    except (_Unknown, RecursionError):
        return None


class _Unknown(Exception):
    """The expression needs what is not at hand."""


def _tokens(source: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    source, position = source.strip()[:_LONGEST], 0
    while position < len(source):
        m = _TOKEN.match(source, position)
        if m is None:
            raise _Unknown
        tokens.append((m.lastgroup or "", m[m.lastgroup or 0]))
        position = m.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens of one expression, from the loosest operator to the tightest."""

    def __init__(self, tokens: list[tuple[str, str]], variables: Mapping[str, str]) -> None:
        self._tokens = tokens[::-1]
        self._variables = variables

    def whole(self) -> Value:
        value = self._choice()
        if self._tokens:
            raise _Unknown
        return value

    def _takes(self, *signs: str) -> str:
        if self._tokens and self._tokens[-1][0] == "sign" and self._tokens[-1][1] in signs:
            return self._tokens.pop()[1]
        return ""

    def _choice(self) -> Value:
        condition = self._either()
        if not self._takes("?"):
            return condition
        first = self._choice()
        if not self._takes(":"):
            raise _Unknown
        second = self._choice()
        return first if condition else second

    def _either(self) -> Value:
        value = self._both()
        while sign := self._takes("||", "??"):
            other = self._both()
            lacks = value is None if sign == "??" else not value
            value = other if lacks else value
        return value

    def _both(self) -> Value:
        value = self._comparison()
        while self._takes("&&"):
            other = self._comparison()
            value = other if value else value
        return value

    def _comparison(self) -> Value:
        value = self._sum()
        while sign := self._takes("===", "!==", "==", "!="):
            value = (value == self._sum()) == (sign[0] == "=")
        return value

    def _sum(self) -> Value:
        value = self._single()
        while self._takes("+"):
            other = self._single()
            if isinstance(value, str) or isinstance(other, str):
                value = _shown(value) + _shown(other)
            elif isinstance(value, float) and isinstance(other, float):
                value += other
            else:
                raise _Unknown
        return value

    def _single(self) -> Value:
        if self._takes("!"):
            return not self._single()
        if self._takes("("):
            value = self._choice()
            if not self._takes(")"):
                raise _Unknown
            return value
        kind, text = self._tokens.pop() if self._tokens else ("", "")
        if kind == "number":
            return float(text)
        if kind == "string":
            return re.sub(r"\\(.)", r"\1", text[1:-1])
        if kind == "path" and text in _WORDS:
            return _WORDS[text]
        if kind == "path" and text in self._variables:
            return self._variables[text]
        raise _Unknown


def _shown(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return "" if value is None else value
