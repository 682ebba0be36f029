"""Values of GitBook's expressions, as far as a file can know them.

An expression is JavaScript over the variables of a space and the claims of a visitor. Literals,
known variables, `+`, comparisons, `&&`, `||`, `??`, `!` and `a ? b : c` are evaluated; anything else
(a claim, a method call) has no value here. The conditions of GitBook 1 to 3 are Nunjucks, which is the
same with `and`, `or` and `not` as words, `not` looser than a comparison.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from article_convert.readers.gitbook.values import Value, shown_value

__all__ = ["UnknownValue", "evaluated", "value_of"]

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w.])
      | (?P<string>"(?>(?:[^"\\]|\\.)*)" | '(?>(?:[^'\\]|\\.)*)' | `(?>(?:[^`\\$]|\\.)*)`)
      | (?P<path>[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*)
      | (?P<sign>===|!==|==|!=|&&|\|\||\?\?|[+?:!()]))""",
    re.VERBOSE | re.DOTALL,
)
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None, "undefined": None}
_LONGEST = 2000


_TEMPLATE_WORDS = {"and": "&&", "or": "||", "not": "not"}


def value_of(source: str, variables: Mapping[str, Value]) -> str | None:
    """The text that the expression shows, or `None` if that cannot be known.

    >>> value_of('"v" + space.vars.major', {"space.vars.major": "3"}), value_of("visitor.claims.plan", {})
    ('v3', None)
    """
    try:
        return shown_value(evaluated(source, variables))
    except UnknownValue:
        return None


def evaluated(source: str, variables: Mapping[str, Value], template: bool = False) -> Value:
    """The value of an expression, or of a condition of Nunjucks. Raises `UnknownValue` if that cannot be known."""
    try:
        return _Parser(_tokens(source, template), variables).whole()
    except RecursionError as error:
        raise UnknownValue from error


class UnknownValue(Exception):
    """The expression needs what is not at hand."""


def _tokens(source: str, template: bool) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    source, position = source.strip(), 0
    if len(source) > _LONGEST:
        raise UnknownValue
    while position < len(source):
        m = _TOKEN.match(source, position)
        if m is None:
            raise UnknownValue
        kind, text = m.lastgroup or "", m[m.lastgroup or 0]
        if template and text in _TEMPLATE_WORDS:
            kind, text = "sign", _TEMPLATE_WORDS[text]
        tokens.append((kind, "null" if template and text == "none" else text))
        position = m.end()
    return tokens


class _Parser:
    """Recursive descent over the tokens of one expression, from the loosest operator to the tightest."""

    def __init__(self, tokens: list[tuple[str, str]], variables: Mapping[str, Value]) -> None:
        self._tokens = tokens[::-1]
        self._variables = variables

    def whole(self) -> Value:
        value = self._choice()
        if self._tokens:
            raise UnknownValue
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
            raise UnknownValue
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
        value = self._negation()
        while self._takes("&&"):
            other = self._negation()
            value = other if value else value
        return value

    def _negation(self) -> Value:
        return not self._negation() if self._takes("not") else self._comparison()

    def _comparison(self) -> Value:
        value = self._sum()
        while sign := self._takes("===", "!==", "==", "!="):
            other = self._sum()
            same = type(value) is type(other) and value == other if len(sign) == 3 else _alike(value, other)
            value = same == (sign[0] == "=")
        return value

    def _sum(self) -> Value:
        value = self._single()
        while self._takes("+"):
            other = self._single()
            if isinstance(value, str) or isinstance(other, str):
                value = shown_value(value) + shown_value(other)
            elif isinstance(value, float) and isinstance(other, float):
                value += other
            else:
                raise UnknownValue
        return value

    def _single(self) -> Value:
        if self._takes("!"):
            return not self._single()
        if self._takes("("):
            value = self._choice()
            if not self._takes(")"):
                raise UnknownValue
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
        raise UnknownValue


def _alike(one: Value, other: Value) -> bool:
    """`==` of JavaScript, which takes texts and truth values for numbers beside anything but their like."""
    if type(one) is type(other) or one is None or other is None:
        return one == other
    try:
        return float(one or 0) == float(other or 0)
    except ValueError:
        return False
