"""Blocks as one line of text that shows their links and pictures, for patterns to match.

    [![](https://…/a.png)](https://…/u/1) 关注

Furniture is recognised by structure first (which links, which pictures, in which order) and by
words second. In this notation one regular expression says both, and it is the same whether the
tree came from Markdown or from HTML. What is marked already does not show in it.
"""

from __future__ import annotations

from collections.abc import Iterable

from article_convert.model import (
    Block,
    BlockQuote,
    Callout,
    Cell,
    Code,
    Embed,
    Figure,
    Group,
    Image,
    Inline,
    LineBreak,
    Link,
    List,
    ListItem,
    Node,
    Paragraph,
    Row,
    SoftBreak,
    Table,
    Text,
)
from article_convert.rules.marks import is_marked

__all__ = ["block_signature", "inline_signature"]

_HOLDS_BLOCKS = (BlockQuote, Callout, Cell, Group, List, ListItem, Row, Table)


def inline_signature(content: Iterable[Inline]) -> str:
    """Inline content: links as `[text](url)`, pictures as `![alt](url)`, line ends kept, marks dropped."""
    parts: list[str] = []
    for node in content:
        _add(node, parts)
    return "".join(parts)


def block_signature(block: Block) -> str:
    """A block with everything in it, one line for each block inside."""
    parts: list[str] = []
    _add(block, parts)
    return "".join(parts).strip("\n")


def _add(node: Node, parts: list[str]) -> None:
    kind = type(node)
    if kind is Text or kind is Code:
        parts.append(node.text)  # type: ignore[attr-defined]
    elif kind is Paragraph:
        for child in node.content:  # type: ignore[attr-defined]
            _add(child, parts)
    elif kind is SoftBreak or kind is LineBreak:
        parts.append("\n")
    elif isinstance(node, Image):
        parts.append(f"![{node.alt}]({node.url})")
    elif isinstance(node, Link):
        parts.append("[")
        for child in node.content:
            _add(child, parts)
        parts.append(f"]({node.url})")
    elif isinstance(node, Embed):
        parts.append("[")
        for child in node.caption:
            _add(child, parts)
        parts.append(f"]({node.url})")
    elif isinstance(node, Figure):
        _add(node.image, parts)
        parts.append("\n")
        for child in node.caption:
            _add(child, parts)
    elif not is_marked(node):
        parts.append(getattr(node, "text", ""))
        for name in ("label", "caption", "content", "items", "rows", "cells"):
            for child in getattr(node, name, ()):
                _add(child, parts)
                if name not in ("label", "caption") and isinstance(node, _HOLDS_BLOCKS):
                    parts.append("\n")
