"""Mark page furniture: find by rules what is not the article, lift what it says, and leave it where it stands.

Pieces are looked for in this order: links and runs of blocks anywhere, the head (repeated title, byline,
adverts, repeated abstract), the tail (share bar), the ending (statements), and last what a user drops.
What one rule found, no later one looks at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate
from operator import is_
from typing import get_args

from article_convert.model import (
    Article,
    Block,
    BlockQuote,
    Callout,
    Group,
    Heading,
    Link,
    List,
    Metadata,
    Node,
    Paragraph,
    Table,
)
from article_convert.report import Report
from article_convert.rules import RULES, Rule
from article_convert.rules.marks import is_marked, mark_blocks, mark_inlines
from article_convert.rules.record import NOTHING
from article_convert.transforms.ending import mark_ending
from article_convert.transforms.flat import is_flat, mark_flat
from article_convert.transforms.level import Level
from article_convert.transforms.metadata import (
    same_text,
    signs_of,
    summary_text,
    with_match,
    without_prefix,
    without_summary,
)
from article_convert.transforms.signature import block_signature, inline_signature
from article_convert.tree import rebuilt, text_of

__all__ = ["mark_furniture", "marker"]

_HEAD = 7
_TAIL = 40
_BLOCKS = frozenset(get_args(Block))
_HOLDERS = frozenset({BlockQuote, Callout, Group, List, Table})
_LEAVES = _BLOCKS - _HOLDERS


def mark_furniture(article: Article, report: Report, rules: Sequence[Rule] = RULES) -> Article:
    """Mark everything that the rules find; `cut_furniture` takes it out.

    What a piece says about the article is lifted into the metadata, and what an article says about its
    licence, its cover picture and its author becomes `Metadata.notices`. An article about share buttons
    or copyright lines keeps its sentences: a rule needs the structure around the words.
    """
    if is_flat(article):
        return _dropped(mark_flat(article, rules), rules)
    level = Level(article.content)
    _mark_anywhere(level, rules)
    metadata = _mark_head(level, article.metadata, rules)
    metadata = _mark_tail(level, metadata, rules)
    metadata = mark_ending(level, metadata, rules)
    marked = level.marked()
    if marked is article.content and metadata is article.metadata:
        return _dropped(article, rules)
    return _dropped(replace(article, content=marked, metadata=metadata), rules)


def marker(rules: Sequence[Rule]) -> Callable[[Article, Report], Article]:
    """`mark_furniture` with other rules than those of the library."""
    return partial(mark_furniture, rules=tuple(rules))


# --------------------------------------------------------------------------- anywhere


def _mark_anywhere(level: Level, rules: Sequence[Rule]) -> None:
    """Mark links and runs of blocks, at every depth.

    One search over the whole article tells which rules can find anything; mostly few can.
    """
    said = "\n".join(level.signatures)
    live = [rule for rule in rules if rule.place in ("link", "blocks") and rule.pattern is not NOTHING]
    live = [rule for rule in live if rule.pattern.search(said)]
    links = [rule for rule in live if rule.place == "link"]
    for index, signature in enumerate(level.signatures):
        found = [rule for rule in links if rule.pattern.search(signature)]
        if found:
            level.put(index, rebuilt(level.blocks[index], partial(_links_marked, rules=found)))
    _mark_runs(level, [rule for rule in live if rule.place == "blocks"])


def _links_marked(nodes: tuple[Node, ...], rules: Sequence[Rule]) -> tuple[Node, ...]:
    return tuple(_link_marked(node, rules) for node in nodes)


def _link_marked(node: Node, rules: Sequence[Rule]) -> Node:
    if is_marked(node):
        return node
    if isinstance(node, Link):
        signature = inline_signature((node,))
        for rule in rules:
            if rule.pattern.fullmatch(signature):
                return mark_inlines(rule, (node,))
    return rebuilt(node, partial(_links_marked, rules=rules))


def _mark_runs(level: Level, rules: Sequence[Rule]) -> None:
    for rule in rules:
        for indices in level.runs(rule.pattern):
            level.mark(indices, rule)
    for index in level.open() if rules else ():
        if type(level.blocks[index]) in _HOLDERS:
            inside = [rule for rule in rules if rule.pattern.search(level.signatures[index])]
            if inside:
                level.put(index, rebuilt(level.blocks[index], partial(_runs_inside, rules=inside)))


def _runs_inside(nodes: tuple[Node, ...], rules: Sequence[Rule]) -> tuple[Node, ...]:
    """The content of a block that holds blocks, items or rows, with the runs marked in it."""
    if nodes and type(nodes[0]) in _BLOCKS:
        level = Level(nodes)  # type: ignore[arg-type]
        _mark_runs(level, rules)
        return level.marked()
    made = tuple(rebuilt(node, partial(_runs_inside, rules=rules)) for node in nodes)
    return nodes if all(map(is_, made, nodes)) else made


# --------------------------------------------------------------------------- head


def _mark_head(level: Level, metadata: Metadata, rules: Sequence[Rule]) -> Metadata:
    """Mark repeated title, byline, adverts and repeated abstract at the beginning, in any order."""
    known = {rule.id: rule for rule in rules if rule.id in ("title-again", "summary-again")}
    patterns = [rule for rule in rules if rule.place == "head"]
    is_repeated = False
    while indices := level.open()[:_HEAD]:
        first = level.blocks[indices[0]]
        if "title-again" in known and _is_title(first, level.signatures[indices[0]], metadata.title):
            level.mark(indices[:1], known["title-again"])
        elif "summary-again" in known and isinstance(first, BlockQuote) and _repeats(first, metadata.summary):
            level.mark(indices[:1], known["summary-again"])
            is_repeated = True
            if len(summary_text(first)) > len(metadata.summary):
                metadata = replace(metadata, summary=summary_text(first))
        else:
            for rule in patterns:
                found = level.covered(indices, rule)
                if found is not None:
                    metadata = with_match(metadata, found[1], rule.id)
                    level.mark(found[0], rule)
                    break
            else:
                break
    return without_summary(metadata) if not is_repeated and _is_quoted(level, metadata) else metadata


def _is_quoted(level: Level, metadata: Metadata) -> bool:
    """Whether what a scraper called the abstract is a quotation of the text.

    Scrapers take the first quotation of a page, which is the abstract if the page has one. What an author quotes
    stays where it is, and says nothing about the article.
    """
    if not metadata.summary or dict(metadata.origins).get("summary") != "header":
        return False
    spellings = _spellings(metadata.summary)
    left = (level.blocks[index] for index in level.open())
    return any(isinstance(block, BlockQuote) and _begins_with(summary_text(block), spellings) for block in left)


def _is_title(block: Block, signature: str, title: str) -> bool:
    """Whether a line, a heading or not, says the title and nothing else."""
    if not isinstance(block, (Heading, Paragraph)) or len(signature) > 2 * len(title) + 20:
        return False
    said = text_of(block)
    return same_text(said, title) and (isinstance(block, Heading) or signature == said.strip())


def _repeats(block: BlockQuote, summary: str) -> bool:
    """Whether a quote is the abstract, or begins with it and goes on."""
    return _begins_with(summary_text(block), _spellings(summary))


def _spellings(summary: str) -> dict[str, int]:
    """What an abstract says, with and without the word before it, as `signs_of` gives it; and how long it is typed."""
    return {signs_of(each): len(each) for each in (summary, without_prefix(summary)) if signs_of(each)}


def _begins_with(quote: str, spellings: Mapping[str, int]) -> bool:
    """Whether a quotation, or the first lines or characters of it, is what is spelt so."""
    said = signs_of(quote)
    ends = set(accumulate(len(signs_of(line)) for line in quote.split("\n")))
    return any(
        (len(signs) in ends and said.startswith(signs)) or signs_of(quote[:length]) == signs
        for signs, length in spellings.items()
    )


# --------------------------------------------------------------------------- tail


def _mark_tail(level: Level, metadata: Metadata, rules: Sequence[Rule]) -> Metadata:
    for rule in rules:
        if rule.place == "tail":
            found = level.closing(rule, _TAIL)
            if found is not None:
                metadata = with_match(metadata, found[1], rule.id)
                level.mark(found[0], rule)
    return metadata


# --------------------------------------------------------------------------- what a user drops


def _dropped(article: Article, rules: Sequence[Rule]) -> Article:
    """`article` with the blocks marked in which a `line` rule finds something."""
    lines = [rule for rule in rules if rule.place == "line"]
    return rebuilt(article, partial(_lines_marked, rules=lines)) if lines else article


def _lines_marked(nodes: tuple[Node, ...], rules: Iterable[Rule]) -> tuple[Node, ...]:
    made: list[Node] = []
    for node in nodes:
        if type(node) in _LEAVES:
            rule = _rule_for_line(node, rules)  # type: ignore[arg-type]
            if rule is not None:
                made.append(mark_blocks(rule, (node,), node.span))  # type: ignore[arg-type]
                continue
        made.append(node if is_marked(node) else rebuilt(node, partial(_lines_marked, rules=rules)))
    return nodes if all(map(is_, made, nodes)) else tuple(made)


def _rule_for_line(block: Block, rules: Iterable[Rule]) -> Rule | None:
    """The first rule that finds something in a block that holds no other blocks."""
    said, signature = text_of(block).strip(), block_signature(block)
    for rule in rules:
        if rule.pattern.search(said) or rule.pattern.search(signature):
            return rule
    return None
