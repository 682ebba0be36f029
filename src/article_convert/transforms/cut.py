"""Cut what is marked: the one place where something leaves an article."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from article_convert.model import (
    Article,
    Block,
    Cell,
    Group,
    Heading,
    Inline,
    Link,
    Node,
    Paragraph,
    Row,
    Span,
    Styled,
    Text,
)
from article_convert.report import Report
from article_convert.rules import RuleSet
from article_convert.rules.marks import is_marked, rule_of
from article_convert.transforms.anchors import with_names_of_title
from article_convert.transforms.signature import block_signature, inline_signature
from article_convert.transforms.typography import settled
from article_convert.tree import rebuilt, text_of, walk

__all__ = ["cut_furniture", "cutter", "inner_marks", "place_of", "shown_in", "without"]


def cut_furniture(article: Article, report: Report, rules: RuleSet = RuleSet()) -> Article:  # noqa: B008
    """Cut every mark; each is a removal in the report with rule, reason and text, in the order of the article.

    What a rule marked that is kept stays, and is an ordinary part of the article from then on, also
    where it stands inside something else that goes. Blocks that are left empty go too. A name that the
    title had and that a link of the page uses stays as an anchor. What a user drops and nobody found is
    reported as `furniture.unmatched`.
    """
    whole, article = article, rebuilt(article, _Cutter(report, rules.keep).nodes)
    if article is not whole:
        links = [node.url for node in walk(article) if isinstance(node, Link)]
        article = with_names_of_title(article, whole, (url[1:] for url in links if url.startswith("#")))
    found = {removal.reason for removal in report.removals if removal.source == report.source} if rules.drops else ()
    for rule in rules.drops:
        if rule.reason not in found:
            report.add("furniture.unmatched", f"{rule.reason} found nothing")
    return article


def cutter(rules: RuleSet) -> Callable[[Article, Report], Article]:
    """`cut_furniture` with the wishes of a user."""
    return partial(cut_furniture, rules=rules)


class _Cutter:
    """One article on its way under the knife."""

    def __init__(self, report: Report, keep: frozenset[str]) -> None:
        self.report = report
        self.keep = keep
        self.place: Span | None = None

    def nodes(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """`nodes` without what goes; the same tuple if everything stays."""
        made: list[Node] = []
        changed = False
        for node in nodes:
            if is_marked(node):
                made.extend(self.mark(node))
                changed = True
            else:
                kept = self.inside(node)
                changed = changed or kept is not node
                made.extend(kept if isinstance(kept, tuple) else (kept,))
        return _seamless(made) if changed else nodes

    def mark(self, mark: Group | Styled) -> Iterable[Node]:
        rule, reason = rule_of(mark)
        if rule in self.keep:
            return self.nodes(mark.content)
        inner = tuple(inner_marks(mark.content)) if _holds_marks(mark) else ()
        gone = rebuilt(mark, partial(without, marks=inner)) if inner else mark
        said = text_of(gone).strip() or shown_in(gone)
        if said or not inner:
            self.report.cut(rule, reason, said, place_of(mark) or self.place)
        return [each for found in inner for each in _standing_in(mark, self.mark(found))]

    def inside(self, node: Node) -> Node | tuple[Node, ...]:
        self.place = node.span or self.place
        made = rebuilt(node, self.nodes)
        if made is node:
            return node
        if isinstance(made, (Paragraph, Heading)):
            return settled(made)
        return () if _is_empty(made) and not isinstance(made, Cell) else made


def _is_empty(node: Node) -> bool:
    if isinstance(node, Row):
        return not any(cell.content for cell in node.cells)
    return not any(getattr(node, name, ()) for name in ("content", "items", "rows", "image", "label", "caption"))


def _seamless(nodes: list[Node]) -> tuple[Node, ...]:
    """`nodes` with texts that met as one, and with one space where two met."""
    made: list[Node] = []
    for node in nodes:
        last = made[-1] if made else None
        if isinstance(node, Text) and isinstance(last, Text):
            text = node.text.lstrip(" ") if last.text.endswith(" ") else node.text
            made[-1] = replace(last, text=last.text + text)
        else:
            made.append(node)
    return tuple(made)


def _holds_marks(mark: Group | Styled) -> bool:
    """Whether there are marks in a mark, which is rare: a look without going by the levels."""
    return sum(map(is_marked, walk(mark))) > 1


def inner_marks(nodes: Iterable[Node]) -> Iterator[Group | Styled]:
    """The outermost marks among `nodes`, at any depth."""
    for node in nodes:
        if is_marked(node):
            yield node
        else:
            for name in ("label", "caption", "content", "items", "rows", "cells"):
                yield from inner_marks(getattr(node, name, ()))


def without(nodes: tuple[Node, ...], marks: tuple[Node, ...]) -> tuple[Node, ...]:
    """`nodes` without some of the marks in them."""
    left = [rebuilt(node, partial(without, marks=marks)) for node in nodes if not any(node is each for each in marks)]
    return tuple(left)


def _standing_in(mark: Group | Styled, nodes: Iterable[Node]) -> Iterator[Node]:
    """What is kept of a block, as blocks."""
    for node in nodes:
        is_inline = isinstance(node, Inline)
        yield Paragraph((node,)) if is_inline and isinstance(mark, Group) else node  # type: ignore[arg-type]


def shown_in(node: Block | Group | Styled) -> str:
    """What a node shows that has no text: its pictures and links."""
    if isinstance(node, Styled):
        return inline_signature(node.content).strip()
    if is_marked(node):
        return "\n".join(map(block_signature, node.content)).strip()  # type: ignore[arg-type]
    return block_signature(node)


def place_of(node: Block | Group | Styled) -> Span | None:
    """Where a node stood in the source, or the first node in it."""
    content = node.content if is_marked(node) else ()
    return node.span or next((child.span for child in content if child.span), None)
