"""Headings as an outline: the title above them is level 1, so they begin at 2 and skip nothing."""

from __future__ import annotations

from dataclasses import replace
from operator import is_

from article_convert.model import (
    Article,
    BlockQuote,
    Callout,
    Cell,
    Figure,
    Group,
    Heading,
    Image,
    List,
    ListItem,
    Node,
    Row,
    Table,
)
from article_convert.report import Report
from article_convert.tree import rebuilt, rewrite, walk_blocks

__all__ = ["repair_headings"]

_HOLDERS = (BlockQuote, Callout, Cell, Group, List, ListItem, Row, Table)


def repair_headings(article: Article, report: Report) -> Article:
    """Renumber the levels of headings, keeping which one stands under which.

    Of 6,000 articles 33 skip a level or begin with the wrong one; readers of EPUB and PDF need an
    outline without gaps (WCAG 1.3.1, PDF/UA-1 7.4.2). A heading deeper than 6 stays at 6 and is
    reported. A heading that holds nothing but a picture becomes a figure. Headings in footnotes stand in no outline.
    """
    outline = [node for node in walk_blocks(article) if isinstance(node, Heading)]
    written = [node.level for node in outline]
    if _levels(written) == written and not any(_picture(node) is not node for node in outline):
        return article
    if any(_picture(node) is not node for node in outline):
        article = rewrite(article, _picture)
        written = [node.level for node in walk_blocks(article) if isinstance(node, Heading)]
    levels = _levels(written)
    if levels == written:
        return article
    deepest = max(levels)
    if deepest > 6:
        report.add("heading.too-deep", f"headings of level 7 to {deepest} became level 6")
    following = iter(levels)

    def renumbered(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        made = tuple(map(renumber, nodes))
        return nodes if all(map(is_, made, nodes)) else made

    def renumber(node: Node) -> Node:
        if isinstance(node, Heading):
            level = min(6, next(following))
            return node if node.level == level else replace(node, level=level)
        return rebuilt(node, renumbered) if isinstance(node, _HOLDERS) else node

    return rebuilt(article, renumbered)


def _picture(node: Node) -> Node:
    if isinstance(node, Heading) and len(node.content) == 1 and isinstance(node.content[0], Image):
        return Figure(node.content[0], span=node.span)
    return node


def _levels(written: list[int]) -> list[int]:
    """The level of each heading in an outline that begins at 2 and skips nothing."""
    open_levels: list[int] = []
    result: list[int] = []
    for level in written:
        while open_levels and open_levels[-1] >= level:
            open_levels.pop()
        open_levels.append(level)
        result.append(len(open_levels) + 1)
    return result
