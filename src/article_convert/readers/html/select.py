"""Find elements by CSS selectors."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

from article_convert.readers.html.parse import Element
from article_convert.rules.selectors import alternatives, step_to_xpath, to_xpath

__all__ = ["Index", "first", "select", "text_in"]


class Index:
    """The classes of a page, looked up once, for readers that ask many questions about it.

    Elements that are taken out of the page later are still found.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.of_class: dict[str, list[Element]] = {}
        for element in root.iterfind(".//*[@class]"):
            for name in (element.get("class") or "").split():
                self.of_class.setdefault(name, []).append(element)

    def select(self, selector: str) -> list[Element]:
        """`select` below the root, for one alternative."""
        match = _CLASS_FIRST.fullmatch(selector.strip())
        if match is None:
            return select(self.root, selector)
        tag, name, conditions, rest = match.groups()
        starts = [each for each in self.of_class.get(name, ()) if not tag or each.tag == tag]
        if conditions and starts:
            starts = [each for each in starts if _matches(f"*{conditions}")(each)]
        if not rest:
            return starts
        return list(dict.fromkeys(found for start in starts for found in select(start, rest)))


_CLASS_FIRST = re.compile(r"([\w-]*)\.([\w-]+)((?:\.[\w-]+|\[[^\]\s]*\])*)(?:\s+(?![>+~])(.+))?")


def select(place: Element | Index, selectors: str) -> list[Element]:
    """The elements below `place` that match, in order of the page. Raises `ValueError` for what is no selector."""
    if isinstance(place, Index):
        return [element for selector in alternatives(selectors) for element in place.select(selector)]
    found = _compiled(selectors)(place)
    return [element for element in found if isinstance(element, etree._Element)] if isinstance(found, list) else []


def first(place: Element | Index, selectors: str) -> Element | None:
    """The first match of the first alternative that has one: alternatives are tried in order."""
    for selector in alternatives(selectors):
        found = select(place, selector)
        if found:
            return found[0]
    return None


def text_in(element: Element | None) -> str:
    """What stands in `element`, on one line."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


@lru_cache(maxsize=256)
def _compiled(selectors: str) -> etree.XPath:
    return etree.XPath(to_xpath(selectors))


@lru_cache(maxsize=64)
def _matches(step: str) -> etree.XPath:
    return etree.XPath(f"boolean({step_to_xpath(step)})")
