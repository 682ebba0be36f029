"""CSS selectors as XPath, as far as rules and readers need them, without another dependency."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["UNDERSTOOD", "step_to_xpath", "to_xpath"]

UNDERSTOOD = "tag, .class, #id, [attribute], [attribute=value] (also ~= ^= $= *=), a space, > and ,"

_PART = re.compile(
    r"(?P<tag>[\w-]+|\*)|\.(?P<cls>[\w-]+)|#(?P<id>[\w-]+)"
    r"|\[(?P<attr>[\w:-]+)(?:(?P<op>[~^*$]?=)[\"']?(?P<value>[^\"'\]]*)[\"']?)?\]"
)


@lru_cache(maxsize=512)
def to_xpath(selectors: str) -> str:
    """The XPath that finds below its context what `selectors` match.

    Raises `ValueError`, naming the part that is not understood and what is.
    """
    return " | ".join(_path(selector.strip(), selectors) for selector in selectors.split(","))


def _path(selector: str, whole: str) -> str:
    path = "."
    axis = "//"
    for step in re.sub(r"\s*>\s*", " > ", selector).split():
        if step == ">":
            axis = "/"
            continue
        path += axis + step_to_xpath(step)
        axis = "//"
    if path == "." or axis == "/":
        raise ValueError(f"nothing stands at one end of a selector in {whole!r}")
    return path


def step_to_xpath(step: str) -> str:
    """The XPath of one step, such as `div.note[id]`, without its axis."""
    tag, conditions, position = "*", [], 0
    while position < len(step):
        match = _PART.match(step, position)
        if match is None or (match["tag"] and position):
            raise ValueError(f"selector {step!r} is not understood; what is: {UNDERSTOOD}")
        position = match.end()
        if match["tag"]:
            tag = match["tag"]
        elif match["cls"]:
            conditions.append(f"@class and contains(concat(' ', normalize-space(@class), ' '), ' {match['cls']} ')")
        elif match["id"]:
            conditions.append(f"@id = '{match['id']}'")
        else:
            conditions.append(_attribute(match["attr"], match["op"] or "", match["value"] or ""))
    return tag + "".join(f"[{condition}]" for condition in conditions)


def _attribute(name: str, operator: str, value: str) -> str:
    quoted = f"'{value}'"
    match operator:
        case "":
            return f"@{name}"
        case "=":
            return f"@{name} = {quoted}"
        case "^=":
            return f"starts-with(@{name}, {quoted})"
        case "*=":
            return f"contains(@{name}, {quoted})"
        case "$=":
            return f"substring(@{name}, string-length(@{name}) - {len(value) - 1}) = {quoted}"
        case _:
            return f"contains(concat(' ', normalize-space(@{name}), ' '), ' {value} ')"
