"""The one shape of inline content that every reader gives.

Adjacent `Text` is merged, empty nodes are gone, blocks neither begin nor end with white space, and
a line end between two East Asian wide characters reads as nothing (CSS Text 3, 4.1.3; GitBook's
own pages agree). Equal content is then an equal tree, whichever reader it came through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import TypeVar
from unicodedata import east_asian_width
from urllib.parse import quote

from article_convert.model import (
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Node,
    SoftBreak,
    Strikethrough,
    Strong,
    Styled,
    Text,
)
from article_convert.tree import rewrite

__all__ = [
    "BLANKS",
    "address",
    "collapsed",
    "emphasised",
    "is_wide",
    "merged",
    "opened",
    "soft_breaks_resolved",
    "trimmed",
    "unlinked",
]

N = TypeVar("N", bound=Node)

BLANKS = " \t\n\r\f\v"
"""White space that collapses and may be trimmed; no-break and ideographic spaces are content."""

_WIDE_EXTRA = frozenset("“”‘’…—·")
_CONTAINERS = (Emphasis, Strong, Strikethrough, Link, Styled)


def is_wide(char: str) -> bool:
    """Whether `char` is set in the width of a Chinese character.

    East Asian Width W, F or H (Unicode UAX 11), except Hangul, which separates words with spaces,
    or one of the ambiguous marks `“ ” ‘ ’ … — ·` that Chinese shares with Latin text.
    """
    if char < "\u2010":
        return char == "·"
    return (char in _WIDE_EXTRA) or (east_asian_width(char) in "WFH" and not _is_hangul(char))


def _is_hangul(char: str) -> bool:
    return "\uac00" <= char <= "\ud7a3" or "\u1100" <= char <= "\u11ff" or "\u3130" <= char <= "\u318f"


def merged(content: Iterable[Inline]) -> Inlines:
    """`content` with adjacent `Text` joined, adjacent emphasis of one kind joined, and both left out if empty.

    Editors and scrapers split one bold passage into several (`**一、****开始**`); it reads as one.
    """
    result: list[Inline] = []
    run: list[Inline] = []  # what has come to be one node: the last of `result`
    for node in content:
        kind = type(node)
        if kind in _MERGING:
            if not (node.text if kind is Text else node.content):  # type: ignore[union-attr]
                continue
            if run and kind is type(run[0]):
                run.append(node)
                continue
        if len(run) > 1:
            result[-1] = _as_one(run)
        result.append(node)
        run = [node]
    if len(run) > 1:
        result[-1] = _as_one(run)
    return tuple(result)


def _as_one(run: Sequence[Inline]) -> Inline:
    """Nodes of one kind as one: joined at once, as a passage in a thousand pieces would take a million steps."""
    kind = type(run[0])
    if kind is Text:
        return Text("".join(node.text for node in run))  # type: ignore[union-attr]
    return kind(merged(chain.from_iterable(node.content for node in run)))  # type: ignore


def emphasised(kind: type[Emphasis] | type[Strong] | type[Strikethrough], content: Inlines) -> Inlines:
    """`content` as emphasis of that kind, blanks at its ends beside it instead of inside.

    Emphasis of the same kind directly inside it adds nothing and goes.
    """
    inner = list(opened(kind, content))
    before, after = _taken(inner, 0), _taken(inner, -1)
    return (*before, *((kind(tuple(inner)),) if inner else ()), *after)


def opened(kind: type[Emphasis] | type[Strong] | type[Strikethrough], content: Inlines) -> Inlines:
    """`content` with emphasis of that kind, where it stands directly in it, replaced by what is inside."""
    flat: list[Inline] = []
    for node in content:
        if type(node) is kind:
            flat.extend(node.content)
        else:
            flat.append(node)
    return merged(flat)


def _taken(content: list[Inline], edge: int) -> tuple[Text, ...]:
    """The blanks at one end of `content`, taken out of it."""
    if not content or not isinstance(content[edge], Text):
        return ()
    text = content[edge].text  # type: ignore[union-attr]
    rest = text.rstrip(BLANKS) if edge else text.lstrip(BLANKS)
    if rest == text:
        return ()
    blanks = text[len(rest) :] if edge else text[: len(text) - len(rest)]
    content[edge : edge + 1 or None] = [Text(rest)] if rest else []
    return (Text(blanks),)


def address(url: str) -> str:
    """`url` without outer white space, and with what an address cannot hold percent-encoded.

    The characters of RFC 3986 stay, escapes that are already there stay, the rest becomes UTF-8 escapes.
    """
    url = url.strip(_URL_BLANKS)
    return url if _PLAIN_URL(url) else quote(url.replace("\n", "").replace("\t", ""), safe=_URL_SAFE)


_URL_BLANKS = "".join(map(chr, range(33)))
_URL_SAFE = ":/?#@!$&()*+,;=%"
_PLAIN_URL = re.compile(r"[A-Za-z0-9._~:/?#@!$&()*+,;=%-]*").fullmatch
_EMPHASES = frozenset({Emphasis, Strong, Strikethrough})
_MERGING = _EMPHASES | {Text}


def unlinked(nodes: Iterable[N]) -> list[N]:
    """`nodes` with the text of links in place of the links, for the inside of a link: none holds another one."""
    result: list[Node] = []
    for node in nodes:
        made = _text_of_link(node if isinstance(node, Text) else rewrite(node, _text_of_link))
        result.extend(made if isinstance(made, tuple) else (made,))
    return result  # type: ignore[return-value]


def _text_of_link(node: Node) -> Node | tuple[Node, ...]:
    if isinstance(node, Link):
        return node.content
    return replace(node, content=merged(node.content)) if isinstance(node, _CONTAINERS) else node


def trimmed(content: Sequence[Inline]) -> Inlines:
    """`content` without white space and breaks at its two ends, also inside emphasis and links there."""
    nodes = list(content)
    while nodes:
        node = _stripped(nodes[0], left=True)
        if node is not None:
            nodes[0] = node
            break
        nodes.pop(0)
    while nodes:
        node = _stripped(nodes[-1], left=False)
        if node is not None:
            nodes[-1] = node
            break
        nodes.pop()
    return tuple(nodes)


def _stripped(node: Inline, left: bool) -> Inline | None:
    """`node` without white space at one end, or `None` if nothing is left of it."""
    if isinstance(node, (SoftBreak, LineBreak)):
        return None
    if isinstance(node, Text):
        text = node.text.lstrip(BLANKS) if left else node.text.rstrip(BLANKS)
        if text == node.text:
            return node
        return replace(node, text=text) if text else None
    if isinstance(node, _CONTAINERS) and node.content and not isinstance(node, Styled):
        content = list(node.content)
        edge = 0 if left else -1
        inner = _stripped(content[edge], left)
        if inner is content[edge]:
            return node
        if inner is not None:
            content[edge] = inner
            return replace(node, content=tuple(content))
        content.pop(edge)
        if not content:
            return None if not isinstance(node, Link) else replace(node, content=())
        return _stripped(replace(node, content=tuple(content)), left)
    return node


def soft_breaks_resolved(content: Sequence[Inline]) -> Inlines:
    """`content` with each `SoftBreak` between two wide characters left out, and `Text` merged.

    The neighbours are looked for through emphasis and links; a break beside anything that is not
    text stays.
    """
    if not any(isinstance(node, SoftBreak) for node in content):
        return tuple(content)
    kept: list[Inline] = []
    for index, node in enumerate(content):
        if isinstance(node, SoftBreak) and index and index + 1 < len(content):
            before, after = _edge(content[index - 1], -1), _edge(content[index + 1], 0)
            if before and after and is_wide(before) and is_wide(after):
                continue
        kept.append(node)
    return merged(kept)


def _edge(node: Inline, index: int) -> str:
    """The first (`index` 0) or last (-1) character that a person reads in `node`, or `""`."""
    while isinstance(node, _CONTAINERS):
        if not node.content:
            return ""
        node = node.content[index]
    return node.text[index] if isinstance(node, Text) and node.text else ""


_RUN = re.compile(r"[ \t\n\r\f\v]+")


def collapsed(text: str) -> str:
    """`text` with every run of white space as one space, as a browser shows it."""
    return _RUN.sub(" ", text)
