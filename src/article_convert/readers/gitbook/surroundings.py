"""What a page takes from the book around it: other files, variables, and which era's rules hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from article_convert.readers.gitbook.values import Value

__all__ = ["Included", "Surroundings"]


@dataclass(frozen=True, slots=True)
class Included:
    """A piece of the book to stand inside a page: its Markdown, and its path relative to that page."""

    text: str
    path: str


def _no_file(path: str) -> bytes | None:
    return None


def _no_include(target: str) -> Included | None:
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How the rest of the book answers a page. A page read by itself has none of it.

    `include` gives the reusable content that `{% include "…" %}` names, `file` the bytes of a file
    named relative to the page (an API description, a code sample), each `None` if it is not at
    hand. `variables` are the values of expressions by their full names (`space.vars.version`,
    `book.version`), `tags` the labels of tags by their short names. `legacy` turns on the templating
    of GitBook 1 to 3 and HonKit, `captions` the rule of GitBook's site that what stands in the brackets
    of a picture alone in its paragraph is its caption.
    """

    include: Callable[[str], Included | None] = _no_include
    file: Callable[[str], bytes | None] = _no_file
    variables: Mapping[str, Value] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    legacy: bool = False
    captions: bool = False
