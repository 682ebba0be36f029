"""Show what is marked instead of cutting it: as a list of pieces, or struck through where it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from itertools import groupby

from article_convert.model import (
    Article,
    Block,
    Code,
    Figure,
    Group,
    Heading,
    Image,
    Inlines,
    Link,
    Node,
    Paragraph,
    Span,
    Strikethrough,
    Strong,
    Styled,
    Text,
)
from article_convert.report import Piece, Report
from article_convert.rules.marks import is_marked, rule_of
from article_convert.transforms.cut import inner_marks, place_of, shown_in, without
from article_convert.tree import rebuilt, text_of

__all__ = ["strike_marks", "striker", "tell_pieces", "teller"]


def tell_pieces(article: Article, report: Report, keep: Collection[str] = ()) -> Article:
    """Put what stays and what goes into `report.pieces`, in the order of the article, which stays as it is."""
    for block in article.content:
        report.pieces.extend(_pieces(block, keep))
    return article


def teller(keep: Collection[str]) -> Callable[[Article, Report], Article]:
    """`tell_pieces` that knows which rules are kept."""
    return partial(tell_pieces, keep=frozenset(keep))


def _pieces(node: Block | Group | Styled, keep: Collection[str], place: Span | None = None) -> Iterator[Piece]:
    place = place_of(node) or place
    inner = tuple(inner_marks(node.content if is_marked(node) else (node,)))
    said = text_of(rebuilt(node, partial(without, marks=inner)) if inner else node).strip()
    rule, reason = rule_of(node) if is_marked(node) else ("", "")
    if said or not inner:
        yield Piece(not rule or rule in keep, rule, reason, said or shown_in(node), place)
    for mark in inner:
        yield from _pieces(mark, keep, place)


def strike_marks(article: Article, report: Report, keep: Collection[str] = ()) -> Article:
    """Print each mark as a box with rule and reason, what goes struck through; what is kept keeps its looks.

    Headings that go become bold lines, so that the outline is that of the article.
    """
    return rebuilt(article, partial(_shown, keep=keep))


def striker(keep: Collection[str]) -> Callable[[Article, Report], Article]:
    """`strike_marks` that knows which rules are kept."""
    return partial(strike_marks, keep=frozenset(keep))


def _shown(nodes: tuple[Node, ...], keep: Collection[str]) -> tuple[Node, ...]:
    return tuple(
        _shown_mark(node, keep) if is_marked(node) else rebuilt(node, partial(_shown, keep=keep)) for node in nodes
    )


def _shown_mark(mark: Group | Styled, keep: Collection[str]) -> Node:
    rule, reason = rule_of(mark)
    is_kept = rule in keep
    content: tuple[Node, ...] = (
        _shown(mark.content, keep) if is_kept else tuple(_struck(node, keep) for node in mark.content)
    )
    label: Inlines = (Code(rule), Text(f" {'kept: ' if is_kept else ''}{reason}"))
    kind = "kept" if is_kept else mark.kind
    if isinstance(mark, Group):
        return replace(mark, kind=kind, content=content, label=label)  # type: ignore[arg-type]
    if not is_kept:
        content = _struck_line(mark.content, keep)
    return replace(mark, kind=kind, content=(*content, Styled("small", (Text(" "), *label))))  # type: ignore[arg-type]


def _struck_line(content: Inlines, keep: Collection[str]) -> Inlines:
    """`content` struck through, but the marks in it, which say for themselves what becomes of them."""
    made: list[Node] = []
    for marked, run in groupby(content, is_marked):
        nodes = tuple(run)
        made.extend(
            [_shown_mark(node, keep) for node in nodes if is_marked(node)] if marked else [Strikethrough(nodes)]
        )
    return tuple(made)  # type: ignore[arg-type]


def _struck(node: Node, keep: Collection[str]) -> Node:
    """`node` with all text in it struck through."""
    if is_marked(node):
        return _shown_mark(node, keep)
    if isinstance(node, Heading):
        return Paragraph((Strikethrough((Strong(node.content),)),), span=node.span)
    if isinstance(node, Paragraph):
        return replace(node, content=_struck_line(node.content, keep))
    if isinstance(node, Figure):
        return replace(node, caption=(Strikethrough(node.caption),)) if node.caption else node
    if isinstance(node, (Link, Image)):
        return node
    return rebuilt(node, lambda nodes: tuple(_struck(each, keep) for each in nodes))
