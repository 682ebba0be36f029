"""Marks: furniture in a tree, wrapped in a `Group` or `Styled` that names its rule and reason.

Readers and transforms mark, one transform cuts. Until then a marked piece is part of the article, and
writers print what is in it as if it stood alone.
"""

from __future__ import annotations

from typing import TypeGuard

from article_convert.model import Blocks, Group, Inlines, Node, Span, Styled
from article_convert.rules.record import Rule

__all__ = ["FURNITURE", "is_marked", "mark_blocks", "mark_inlines", "rule_of", "unmarked"]

FURNITURE = "furniture"
"""The `kind` of a mark."""


def mark_blocks(rule: Rule, content: Blocks, span: Span | None = None) -> Group:
    """Blocks that `rule` found."""
    return Group(FURNITURE, content, attributes=(("rule", rule.id), ("reason", rule.reason)), span=span)


def mark_inlines(rule: Rule, content: Inlines, span: Span | None = None) -> Styled:
    """A part of a line that `rule` found."""
    return Styled(FURNITURE, content, (("rule", rule.id), ("reason", rule.reason)), span=span)


def is_marked(node: Node) -> TypeGuard[Group | Styled]:
    """Whether `node` is a mark."""
    kind = type(node)
    return (kind is Group or kind is Styled) and node.kind == FURNITURE  # type: ignore[attr-defined]


def rule_of(mark: Group | Styled) -> tuple[str, str]:
    """The rule and the reason of a mark."""
    attributes = dict(mark.attributes)
    return attributes.get("rule", ""), attributes.get("reason", "")


def unmarked(blocks: Blocks) -> Blocks:
    """`blocks` without those that are marks: what is taken for the article itself."""
    return tuple(block for block in blocks if not is_marked(block))
