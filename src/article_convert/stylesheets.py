"""Style sheets held against what a device understands: what does not fit, and the sheet without it.

The EPUB writer fits its style sheet with `fitted`, `--check` lists with `unfit` what is in anybody's.
Both judge each declaration by the same function. Parsed with tinycss2, which follows CSS Syntax 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, TypeAlias

from article_convert.errors import MissingDependency
from article_convert.profiles import Css

__all__ = [
    "MAX_BYTES",
    "Declaration",
    "Kind",
    "Sheet",
    "Unfit",
    "fitted",
    "one_line",
    "parsed",
    "self_contained",
    "unfit",
]

Kind: TypeAlias = Literal["syntax", "function", "unit", "property", "at-rule", "selector", "empty", "address"]

MAX_BYTES = 500_000
"""Longer sheets are not parsed: ten times the longest of any book seen."""

_DEEPEST = 60
_HIDDEN_FROM_ALL = "the sheet"


@dataclass(frozen=True, slots=True)
class Unfit:
    """Something in a style sheet that a device does not take: what kind of thing, its text cut short, its line."""

    kind: Kind
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Declaration:
    """One declaration: where it stands (`selector` as a whole and one by one, the at-rules around it) and its value.

    `text` is the whole value, however long; the value taken apart is in the sets.
    """

    selector: str
    selectors: tuple[str, ...]
    around: tuple[str, ...]
    name: str
    text: str
    functions: frozenset[str]
    units: frozenset[str]
    words: frozenset[str]
    line: int
    important: bool = False
    rule: int = 0
    """The number of the rule in its sheet: declarations of one rule share it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A parsed style sheet: its declarations in order, its at-rules, its addresses, what could not be read."""

    declarations: tuple[Declaration, ...] = ()
    at_rules: tuple[tuple[str, str, int, bool], ...] = ()
    """The name of each at-rule, what stands behind the name, its line, and whether it is an empty block."""
    addresses: tuple[tuple[str, int], ...] = ()
    problems: tuple[tuple[str, int], ...] = ()


def parsed(text: str, *, inline: bool = False, line: int = 1) -> Sheet:
    """The sheet `text`, or the value of a `style` attribute if `inline`, that begins in `line` of its file.

    Never raises for malformed styles. Raises `MissingDependency` without tinycss2.
    """
    if len(text) > MAX_BYTES or _depth(text) > _DEEPEST:
        return Sheet(problems=((f"{_HIDDEN_FROM_ALL} is too long or too deeply nested to be read", line),))
    css = _tinycss2()
    collector = _Collector(css, line - 1)
    if inline:
        collector.block(css.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True), (), ())
    else:
        collector.rules(css.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), ())
    return Sheet(
        tuple(collector.declarations), tuple(collector.at_rules), tuple(collector.addresses), tuple(collector.problems)
    )


def unfit(sheet: Sheet, css: Css) -> Iterator[Unfit]:
    """What of `sheet` a device with `css` does not take, in the order of the sheet."""
    found = [Unfit("syntax", text, line) for text, line in sheet.problems]
    for name, prelude, line, empty in sheet.at_rules:
        text = one_line(f"@{name} {prelude}")
        if not _takes_at_rule(name, prelude, css):
            found.append(Unfit("at-rule", text, line))
        if empty:
            found.append(Unfit("empty", text, line))
    seen: set[int] = set()
    for each in sheet.declarations:
        if any(not _takes_at_rule(*_split(rule), css) or rule.split()[0] in css.hides for rule in each.around):
            continue
        strange = [part for part in each.selectors if not _takes_selector(part, css)]
        if strange and each.rule not in seen:
            seen.add(each.rule)
            found += [Unfit("selector", one_line(part), each.line) for part in strange]
        if (not strange or len(strange) < len(each.selectors)) and (kind := _problem(each, css)):
            found.append(Unfit(kind, one_line(f"{each.name}: {each.text}"), each.line))
    yield from sorted(found, key=lambda each: each.line)


def fitted(text: str, css: Css) -> str:
    """`text` without comments and without what a device with `css` does not take.

    A selector in a list goes by itself; a rule without declarations goes whole. What the device never
    sees (`css.hides`) stays as it is.
    """
    out: list[str] = []
    rules = _tinycss2().parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    _fit(rules, css, out)
    return "\n".join(out) + "\n" if out else ""


def one_line(text: str) -> str:
    """A piece of a style sheet as messages quote it: on one line, and cut at 200 characters."""
    line = " ".join(text.split())
    return line if len(line) <= 200 else f"{line[:199]}…"


# ------------------------------------------------------------------ judging


def _problem(each: Declaration, css: Css) -> Kind | Literal[""]:
    """Why a device does not take a declaration; `""` if it does."""
    if each.functions & css.functions or (each.name.startswith("--") and "var" in css.functions):
        return "function"
    if each.units & css.units:
        return "unit"
    if css.properties is not None and each.name not in css.properties:
        return "property"
    dead = {each.name, *(f"{each.name}:{word}" for word in each.words | each.units)}
    return "property" if dead & css.dead else ""


def _takes_at_rule(name: str, prelude: str, css: Css) -> bool:
    """Media queries for Kindle alone (`amzn-…`) are known to be stepped over by all others."""
    if css.at_rules is None or name in css.at_rules:
        return True
    return name == "media" and "amzn-" in prelude


def _split(rule: str) -> tuple[str, str]:
    name, _, prelude = rule.partition(" ")
    return name, prelude


_ATTRIBUTE = re.compile(r"""\[(?:"[^"]*"|'[^']*'|[^\]"'])*\]""")
_OLD_PSEUDO = re.compile(r"::?(?:before|after|link|visited)(?![\w-])")
_FLAT = re.compile(r"[A-Za-z][A-Za-z0-9]*|\.[\w-]+")


def _takes_selector(selector: str, css: Css) -> bool:
    if css.selectors == "any":
        return True
    if css.selectors == "flat":
        return _FLAT.fullmatch(selector) is not None
    return not set("+~:") & set(_OLD_PSEUDO.sub("", _ATTRIBUTE.sub("", selector)))


# ------------------------------------------------------------------ reading


def _tinycss2() -> Any:
    try:
        return import_module("tinycss2")
    except ImportError as error:
        raise MissingDependency(
            f"style sheets need the package tinycss2 ({error}); install it with: pip install 'article_convert[epub]'"
        ) from error


def _depth(text: str) -> int:
    """How deep brackets nest at most, strings and comments not looked at."""
    depth = most = 0
    for character in text:
        if character in "{[(":
            depth += 1
            most = max(most, depth)
        elif character in "}])":
            depth = max(0, depth - 1)
    return most


class _Collector:
    """Walks parsed rules and notes what is in them."""

    def __init__(self, css: Any, offset: int) -> None:
        self._css = css
        self._offset = offset
        self._number = 0
        self.declarations: list[Declaration] = []
        self.at_rules: list[tuple[str, str, int, bool]] = []
        self.addresses: list[tuple[str, int]] = []
        self.problems: list[tuple[str, int]] = []

    def rules(self, rules: Iterable[Any], around: tuple[str, ...]) -> None:
        for rule in rules:
            line = rule.source_line + self._offset
            if rule.type == "qualified-rule":
                inside = self._css.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
                self.block(inside, rule.prelude, around)
            elif rule.type == "at-rule":
                self._at_rule(rule, line, around)
            elif rule.type == "error":
                self.problems.append((rule.message, line))

    def block(self, content: Iterable[Any], prelude: Sequence[Any], around: tuple[str, ...]) -> None:
        self._number += 1
        selector, selectors = _written(prelude), tuple(_selectors(prelude))
        for each in content:
            line = each.source_line + self._offset
            if each.type == "declaration":
                self._declaration(each, selector, selectors, around, line)
            elif each.type == "at-rule":
                self._at_rule(each, line, around)
            elif each.type == "qualified-rule":
                self.rules([each], around)
            elif each.type == "error":
                self.problems.append((each.message, line))

    def _at_rule(self, rule: Any, line: int, around: tuple[str, ...]) -> None:
        name, prelude = rule.lower_at_keyword, _written(rule.prelude)
        content = [] if rule.content is None else [each for each in rule.content if each.type not in _NOTHING]
        self.at_rules.append((name, prelude, line, rule.content is not None and not content))
        if name == "import":
            self._addresses(rule.prelude, line, strings=True)
        if rule.content is None:
            return
        inside = (*around, f"{name} {prelude}".strip())
        if name in _OF_RULES:
            rules = self._css.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            self.rules(rules, inside)
        else:
            found = self._css.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
            self.block(found, (), inside)

    def _declaration(
        self, each: Any, selector: str, selectors: tuple[str, ...], around: tuple[str, ...], line: int
    ) -> None:
        functions: set[str] = set()
        units: set[str] = set()
        words: set[str] = set()
        _value(each.value, functions, units, words)
        self._addresses(each.value, line)
        name = each.name if each.name.startswith("--") else each.lower_name
        self.declarations.append(
            Declaration(
                selector,
                selectors,
                around,
                name,
                _written(each.value),
                frozenset(functions),
                frozenset(units),
                frozenset(words),
                line,
                each.important,
                self._number,
            )
        )

    def _addresses(self, tokens: Iterable[Any], line: int, strings: bool = False) -> None:
        self.addresses += [(address, line) for address in _addresses(tokens, strings)]


_NOTHING = {"whitespace", "comment"}
_OF_RULES = {"media", "supports", "document", "layer", "container", "scope", "starting-style"}


def _all(tokens: Iterable[Any]) -> Iterator[Any]:
    """Every token, also those inside functions and brackets."""
    stack = list(tokens)
    while stack:
        token = stack.pop()
        yield token
        stack += getattr(token, "arguments", None) or getattr(token, "content", None) or []


def _value(tokens: Iterable[Any], functions: set[str], units: set[str], words: set[str]) -> None:
    for token in _all(tokens):
        if token.type == "function":
            functions.add(token.lower_name)
        elif token.type == "dimension":
            units.add(token.lower_unit)
        elif token.type == "ident":
            words.add(token.lower_value)


_LOADING = {"url", "src", "image", "image-set", "-webkit-image-set"}
"""Functions whose strings are addresses."""


def _addresses(tokens: Iterable[Any], strings: bool = False) -> Iterator[str]:
    """The addresses in a value; `strings`: a string is one, as in `@import`."""
    for token in _all(tokens):
        if token.type == "url" or (strings and token.type == "string"):
            yield token.value
        elif token.type == "function" and token.lower_name in _LOADING:
            yield from (each.value for each in token.arguments if each.type == "string")


def _written(tokens: Sequence[Any]) -> str:
    """Tokens as they are written into a sheet: on one line, but for what stands inside of brackets."""
    pieces = _between(tokens, lambda token: token.type == "whitespace")
    return " ".join(filter(None, map(_tinycss2().serialize, pieces)))


def _selectors(prelude: Sequence[Any]) -> Iterator[str]:
    """The selectors of a list one by one; a comma inside of brackets, quotes or functions ends none."""
    if prelude:
        yield from map(_written, _between(prelude, lambda token: token == ","))


def _between(tokens: Iterable[Any], ends: Callable[[Any], bool]) -> list[list[Any]]:
    runs: list[list[Any]] = [[]]
    for token in tokens:
        if ends(token):
            runs.append([])
        else:
            runs[-1].append(token)
    return runs


# ------------------------------------------------------------------ fitting


def _fit(rules: Iterable[Any], css: Css, out: list[str]) -> None:
    tiny = _tinycss2()
    for rule in rules:
        if rule.type == "qualified-rule":
            kept = _fitted_rule(rule, css)
        elif rule.type == "at-rule":
            kept = _fitted_at_rule(rule, css, tiny)
        else:
            continue
        if kept:
            out.append(kept)


def _fitted_at_rule(rule: Any, css: Css, tiny: Any) -> str:
    prelude = _written(rule.prelude)
    if not _takes_at_rule(rule.lower_at_keyword, prelude, css):
        return ""
    if rule.content is None or rule.lower_at_keyword in css.hides or rule.lower_at_keyword not in _OF_RULES:
        return str(rule.serialize())
    inside: list[str] = []
    _fit(tiny.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True), css, inside)
    text = "\n".join(inside)
    return f"@{rule.at_keyword} {prelude} {{\n{text}\n}}" if inside else ""


def _fitted_rule(rule: Any, css: Css) -> str:
    tiny = _tinycss2()
    selectors = [each for each in _selectors(rule.prelude) if _takes_selector(each, css)]
    collector = _Collector(tiny, 0)
    collector.block(tiny.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True), (), ())
    kept = [
        f"{each.name}: {each.text}{' !important' * each.important};"
        for each in collector.declarations
        if not _problem(each, css)
    ]
    return f"{', '.join(selectors)} {{ {' '.join(kept)} }}" if selectors and kept else ""


# ------------------------------------------------------------------ addresses


def self_contained(text: str) -> tuple[str, list[Unfit]]:
    """`text` without what loads another file, and what was taken out of it.

    A declaration goes by itself; `@import`, and `@font-face` whose font is elsewhere, go whole. Data inside
    the sheet and places in the same document (`data:`, `#…`) stay. A sheet that loads nothing stays as it is;
    one that is too long or too deeply nested to be read goes whole, as nobody knows what is in it.
    """
    sheet = parsed(text)
    for problem, line in sheet.problems:
        if problem.startswith(_HIDDEN_FROM_ALL):
            return "", [Unfit("syntax", problem, line)]
    if not any(map(_is_elsewhere, (address for address, _ in sheet.addresses))):
        return text, []
    out: list[Unfit] = []
    return _without_loads(_tinycss2().parse_stylesheet(text), out), out


def _is_elsewhere(address: str) -> bool:
    return not address.strip().lower().startswith(("data:", "#")) and bool(address.strip())


def _loads(tokens: Iterable[Any], strings: bool = False) -> bool:
    return any(map(_is_elsewhere, _addresses(tokens, strings)))


def _without_loads(nodes: Iterable[Any], out: list[Unfit]) -> str:
    """Rules and declarations as text, but for those that load something, which are put into `out`."""
    return "".join(_kept(node, out) for node in nodes)


def _kept(node: Any, out: list[Unfit]) -> str:
    """One of them as text, `""` if it goes; so does what is no CSS, as no one knows where it ends."""
    if node.type == "error":
        return ""
    whole, name, content = str(node.serialize()), getattr(node, "lower_at_keyword", ""), getattr(node, "content", None)
    if node.type == "declaration":
        whole += ";"
        gone = _loads(node.value)
    elif content is None:
        gone = name == "import" and _loads(node.prelude, strings=True)
    else:
        gone = _loads(content)
        if gone and (not name or name in _OF_RULES):
            tiny = _tinycss2()
            head = f"@{name}" if name else ""
            return f"{head}{tiny.serialize(node.prelude)}{{{_without_loads(tiny.parse_blocks_contents(content), out)}}}"
    if gone:
        out.append(Unfit("address", one_line(whole), node.source_line))
    return "" if gone else whole
