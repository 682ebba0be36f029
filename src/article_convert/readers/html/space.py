"""White space as a browser shows it: collapsed over element borders, gone at the ends of a block."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from article_convert.model import (
    Emphasis,
    Inline,
    Inlines,
    LineBreak,
    Link,
    SoftBreak,
    Strikethrough,
    Strong,
    Styled,
    Text,
)
from article_convert.readers.canonical import BLANKS, merged, soft_breaks_resolved, trimmed

__all__ = ["INVISIBLE", "is_blank", "settled", "text_nodes"]

_UNEVEN = re.compile(r"[\t\n\r\f\v]|  ")
_RUN = re.compile(r"[ \t\n\r\f\v]+")
INVISIBLE = BLANKS + "\u00a0\u200b\u200c\u200d\u2060\ufeff\u00ad"
# White space at the edge of these moves out, as no plain format can hold `** bold**`.
_EDGED = (Strong, Emphasis, Strikethrough, Link)


# What stands between two elements is nearly always one of these.
_LINE_END: tuple[Inline, ...] = (SoftBreak(),)
_GAP: tuple[Inline, ...] = (Text(" "),)


def text_nodes(text: str) -> Sequence[Inline]:
    """The nodes for a piece of character data: runs of white space as one space or one `SoftBreak`."""
    if text.isspace() and text.strip(BLANKS) == "":
        return _LINE_END if "\n" in text else _GAP
    if not _UNEVEN.search(text):
        return [Text(text)]
    nodes: list[Inline] = []
    start = 0
    for match in _RUN.finditer(text):
        if "\n" in match[0]:
            if match.start() > start:
                nodes.append(Text(_RUN.sub(" ", text[start : match.start()])))
            nodes.append(SoftBreak())
            start = match.end()
    if start < len(text):
        nodes.append(Text(_RUN.sub(" ", text[start:])))
    return nodes


def is_blank(content: Sequence[Inline]) -> bool:
    """Whether a block of `content` would only be a gap: nothing but spaces, also no-break and zero-width ones."""
    for node in content:
        kind = type(node)
        if kind is Text:
            if node.text.strip(INVISIBLE):  # type: ignore[union-attr]
                return False
        elif isinstance(node, (*_EDGED, Styled)):
            if isinstance(node, Styled) and node.attributes:
                return False
            if not is_blank(node.content):
                return False
        elif kind is not SoftBreak and kind is not LineBreak:
            return False
    return True


def settled(content: Sequence[Inline]) -> Inlines:
    """The canonical content of a block made of `content`: nothing at its ends, no space twice."""
    if len(content) == 1 and type(content[0]) is Text:
        text = content[0].text.strip(BLANKS)
        return (Text(text),) if text else ()
    if _is_even(content):
        return _ends_trimmed(content)
    hoisted = list(chain.from_iterable(map(_hoisted, content)))
    return trimmed(_resolved(_squeezed(merged(hoisted))))


def _is_even(content: Sequence[Inline]) -> bool:
    """Whether nothing in `content` has to be moved, merged or squeezed: true of nearly all running text."""
    before: type | None = None
    for node in content:
        kind = type(node)
        if kind is SoftBreak or kind is LineBreak or (kind is before and kind in _MERGING):
            return False
        if kind in _HOLDING:
            inner: Inlines = node.content  # type: ignore[union-attr,assignment]
            if inner and not (_starts_clean(inner[0]) and _starts_clean(inner[-1]) and _is_even(inner)):
                return False
            if not inner and kind is not Styled and kind is not Link:
                return False
        elif kind is Text and not node.text:  # type: ignore[union-attr]
            return False
        before = kind
    return True


_MERGING = frozenset({Text, Strong, Emphasis, Strikethrough})
_HOLDING = frozenset({*_EDGED, Styled})


def _starts_clean(node: Inline) -> bool:
    """Whether a node at the edge of another has no white space at its own edges."""
    if type(node) is not Text:
        return True
    text = node.text
    return bool(text) and text[0] not in BLANKS and text[-1] not in BLANKS


def _ends_trimmed(content: Sequence[Inline]) -> Inlines:
    nodes = list(content)
    for edge in (0, -1):
        node = nodes[edge] if nodes else None
        if type(node) is Text:
            text = node.text.strip(BLANKS) if len(nodes) == 1 else _stripped(node.text, edge)
            if not text:
                nodes.pop(edge)
            elif text != node.text:
                nodes[edge] = Text(text)
    return tuple(nodes)


def _stripped(text: str, edge: int) -> str:
    return text.rstrip(BLANKS) if edge else text.lstrip(BLANKS)


def _resolved(content: Inlines) -> Inlines:
    """`soft_breaks_resolved`, inside emphasis and links too."""
    nodes = [
        replace(node, content=_resolved(node.content)) if isinstance(node, (*_EDGED, Styled)) else node
        for node in content
    ]
    return soft_breaks_resolved(merged(nodes))


def _hoisted(node: Inline) -> list[Inline]:
    """`node` with the white space at its two ends beside it instead of inside."""
    if not isinstance(node, (*_EDGED, Styled)):
        return [node]
    content = list(merged(chain.from_iterable(map(_hoisted, node.content))))
    if isinstance(node, Styled):
        return [replace(node, content=tuple(content))]
    before = _taken(content, 0)
    after = _taken(content, -1)
    if not content:
        return [*before, *after]
    return [*before, replace(node, content=tuple(content)), *after]


def _taken(content: list[Inline], edge: int) -> list[Inline]:
    """The white space and breaks at one end of `content`, removed from it."""
    taken: list[Inline] = []
    while content:
        node = content[edge]
        if isinstance(node, (SoftBreak, LineBreak)):
            taken.append(content.pop(edge))
            continue
        if isinstance(node, Text):
            text = node.text.strip(BLANKS) if not edge else node.text.rstrip(BLANKS)
            text = node.text.lstrip(BLANKS) if not edge else text
            if text != node.text:
                taken.append(Text(" "))
                content.pop(edge)
                if not text:
                    continue
                content.insert(0 if not edge else len(content), Text(text))
        break
    return taken if not edge else taken[::-1]


def _squeezed(content: Inlines) -> Inlines:
    """`content` with one space or break where several meet, and none beside a visible line end."""
    nodes: list[Inline] = []
    for node in content:
        last = nodes[-1] if nodes else None
        if isinstance(node, (SoftBreak, LineBreak)):
            if isinstance(last, Text) and last.text.endswith(" "):
                nodes[-1] = Text(last.text.rstrip(BLANKS))
                if not nodes[-1].text:  # type: ignore[union-attr]
                    nodes.pop()
                last = nodes[-1] if nodes else None
            if isinstance(node, SoftBreak) and isinstance(last, (SoftBreak, LineBreak)):
                continue
            if isinstance(node, LineBreak) and isinstance(last, SoftBreak):
                nodes.pop()
            nodes.append(node)
        elif isinstance(node, Text):
            text = _RUN.sub(" ", node.text) if "  " in node.text else node.text
            if text.startswith(" ") and (isinstance(last, (SoftBreak, LineBreak)) or _ends_in_space(last)):
                text = text.lstrip(BLANKS)
            if text:
                nodes.append(Text(text))
        elif isinstance(node, (*_EDGED, Styled)):
            nodes.append(replace(node, content=_squeezed(node.content)))
        else:
            nodes.append(node)
    return merged(nodes)


def _ends_in_space(node: Inline | None) -> bool:
    while isinstance(node, (*_EDGED, Styled)):
        if not node.content:
            return False
        node = node.content[-1]
    return isinstance(node, Text) and node.text.endswith(" ")
