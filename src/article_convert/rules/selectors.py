"""CSS selectors as XPath.

The parser is cssselect, loaded when the first selector is asked for. It knows the selectors of CSS 3 and a
few of CSS 4 (`:not`, `:is`, `:where`, `:has`), so what the tools of a browser copy works here.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["alternatives", "step_to_xpath", "to_xpath"]

_HOLDS_COMMAS = re.compile(r"[(\"'\\\[]")
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.S)
_NAMESPACE = re.compile(r"\|(?!=)")
_PLACE = re.compile(r" at (\d+)>\Z")
_UNQUOTED = re.compile(r"\[[\w-]+[~^*$|]?=[^\"'\]\s]*\Z")


@lru_cache(maxsize=512)
def to_xpath(selectors: str) -> str:
    """The XPath that finds below its context what `selectors` match.

    Raises `ValueError`, naming the selector and what is wrong with it.
    """
    return _translated(selectors, "descendant::")


@lru_cache(maxsize=64)
def step_to_xpath(step: str) -> str:
    """The XPath that finds its context, if one compound selector, such as `div.note[id]`, matches it."""
    return _translated(step, "self::")


@lru_cache(maxsize=512)
def alternatives(selectors: str) -> tuple[str, ...]:
    """The selectors between the commas, in order. Raises `ValueError` as `to_xpath` does."""
    if not _HOLDS_COMMAS.search(selectors):
        return tuple(each.strip() for each in selectors.split(","))
    from cssselect import SelectorError, parse

    try:
        return tuple(each.canonical() for each in parse(selectors))
    except SelectorError as error:
        raise ValueError(_wrong(selectors, str(error))) from error


def _translated(selectors: str, axis: str) -> str:
    from cssselect import HTMLTranslator, SelectorError, parse

    if _NAMESPACE.search(_QUOTED.sub("", selectors)):
        raise ValueError(_wrong(selectors, "pages of HTML have no namespaces"))
    try:
        trees = parse(selectors)
        for tree in trees:
            if tree.pseudo_element is not None:
                raise ValueError(_wrong(selectors, f"::{tree.pseudo_element} is no element of a page"))
        translator = HTMLTranslator()
        return " | ".join(translator.selector_to_xpath(tree, axis) for tree in trees)
    except SelectorError as error:
        raise ValueError(_wrong(selectors, str(error))) from error


def _wrong(selectors: str, problem: str) -> str:
    """What is said about a selector; what cssselect says of tokens becomes the place where it got stuck."""
    place = _PLACE.search(problem)
    if place is None:
        return f"selector {selectors!r} is not understood: {problem[:1].lower()}{problem[1:]}"
    rest = selectors[int(place[1]) :]
    if not rest.strip():
        return f"selector {selectors!r} is not understood: something is missing at its end"
    value = _UNQUOTED.search(selectors, 0, int(place[1]))
    hint = "; put the value into quotation marks" if value else ""
    return f"selector {selectors!r} is not understood from {rest!r} on{hint}"
