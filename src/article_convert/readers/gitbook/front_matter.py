"""YAML front matter: what stands between two `---` lines at the head of a page."""

from __future__ import annotations

import re
from typing import Any

from article_convert.readers.gitbook.values import is_small, read_yaml
from article_convert.report import Report

__all__ = ["split_front_matter"]

_FRONT = re.compile(r"\A\+?---[ \t]*\n(?P<yaml>.*?)(?:\n|(?<=\n))(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"^([A-Za-z_][\w-]*):[ \t]*(.*)$", re.MULTILINE)


def split_front_matter(text: str, report: Report) -> tuple[dict[str, Any], str, int]:
    """The fields, the text after them, and the number of its first line.

    A page may begin with a rule that is no front matter: without a closing line, or without a
    `key:`, the text is returned whole. YAML that cannot be parsed, or whose aliases multiply, is read line by
    line and reported as `gitbook.bad-front-matter` (GitBook itself drops such fields without a word).
    """
    m = _FRONT.match(text)
    if m is None or not _PAIR.search(m["yaml"]):
        return {}, text, 1
    line = text.count("\n", 0, m.end()) + 1
    return _fields(m["yaml"], report), text[m.end() :], line


def _fields(source: str, report: Report) -> dict[str, Any]:
    try:
        found = read_yaml(source)
        if not is_small(found):
            raise ValueError("its aliases or its numbers stand for more than anybody writes")
    except ValueError as error:
        report.add("gitbook.bad-front-matter", f"front matter is not valid YAML: {error}")
        found = None
    if isinstance(found, dict):
        return {str(key): value for key, value in found.items()}
    return {key: value.strip().strip("\"'") for key, value in _PAIR.findall(source)}
