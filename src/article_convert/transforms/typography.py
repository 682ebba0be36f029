"""Characters that nobody sees, and blocks that hold nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from operator import is_

from article_convert.model import (
    Article,
    BlockQuote,
    Figure,
    Heading,
    Image,
    LineBreak,
    Node,
    Paragraph,
    SoftBreak,
    Text,
)
from article_convert.report import Report
from article_convert.tree import rebuilt, text_of

__all__ = ["clean_characters", "settled"]

# Scripts that join letters, and emoji: there the zero-width joiners mean something.
_JOINING = "\u0600-\u08ff\u0900-\u0dff\u2190-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
_INVISIBLE = re.compile(
    "[\u200b\u2060\ufeff\u00ad\u007f]"  # zero-width space, word joiner, byte order mark, soft hyphen, delete
    f"|(?<![{_JOINING}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING}])"
)
_LINE_SEPARATORS = re.compile("[\u2028\u2029\u0085]+")
_SUSPECTS = re.compile("[\u007f\u0085\u00a0\u00ad\u2002\u2003\u200b-\u200d\u2028\u2029\u2060\u3000\ufeff]")
"""Every character that this module may touch: text without one needs no second look."""
_SPACES = " \t\n\u00a0\u2002\u2003\u3000"


def clean_characters(article: Article, report: Report) -> Article:
    """Drop invisible characters from text, indentation typed as spaces, and paragraphs left empty.

    Code keeps every character. Joiners stay inside emoji and in scripts that need them. What holds no such
    character stays as it is.
    """
    if not _SUSPECTS.search(text_of(article)):
        return article
    return rebuilt(article, _cleaned)


def _cleaned(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    made: list[Node] = []
    for node in nodes:
        found = _clean(node)
        made.extend(found if isinstance(found, tuple) else (found,))
    return nodes if len(made) == len(nodes) and all(map(is_, made, nodes)) else tuple(made)


def _clean(node: Node) -> Node | tuple[Node, ...]:
    if isinstance(node, Text):
        if not _SUSPECTS.search(node.text):
            return node
        text = _LINE_SEPARATORS.sub(" ", _INVISIBLE.sub("", node.text))
        if text == node.text:
            return node
        return replace(node, text=text) if text else ()
    if isinstance(node, (Paragraph, Heading)):
        return settled(rebuilt(node, _cleaned)) if _SUSPECTS.search(text_of(node)) else node
    made = rebuilt(node, _cleaned)
    return () if isinstance(made, BlockQuote) and made is not node and not made.content else made


def settled(node: Paragraph | Heading) -> Node | tuple[Node, ...]:
    """`node`, in which something changed, without white space at its ends: a figure if only a picture is left in it.

    `()` if nothing is.
    """
    made = _without_edges(node)
    if isinstance(made, Paragraph) and len(made.content) == 1 and isinstance(made.content[0], Image):
        return Figure(made.content[0], span=made.span)
    return made


def _without_edges(node: Paragraph | Heading) -> Node | tuple[Node, ...]:
    """`node` without white space and line ends at its two ends, or `()` if nothing else is in it."""
    content = list(node.content)
    while content and _is_blank(content[0]):
        content.pop(0)
    while content and _is_blank(content[-1]):
        content.pop()
    if not content:
        return ()
    first, last = content[0], content[-1]
    if isinstance(first, Text):
        content[0] = replace(first, text=first.text.lstrip(_SPACES))
    if isinstance(last, Text):
        content[-1] = replace(last, text=content[-1].text.rstrip(_SPACES))  # type: ignore[union-attr]
    return node if tuple(content) == node.content else replace(node, content=tuple(content))


def _is_blank(node: Node) -> bool:
    if isinstance(node, (SoftBreak, LineBreak)):
        return True
    return isinstance(node, Text) and not node.text.strip(_SPACES)
