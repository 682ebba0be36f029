"""Mark furniture in a page that was saved as a single line of text, where words are all there is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from article_convert.model import Article, Inline, Metadata, Notice, Paragraph, SoftBreak, Text
from article_convert.rules import FLAT_RULES, Rule
from article_convert.rules.marks import mark_inlines, unmarked
from article_convert.transforms.ending import stated
from article_convert.transforms.metadata import with_match
from article_convert.tree import text_of

__all__ = ["is_flat", "mark_flat"]

_Piece = tuple[str, Rule | None]
_LONGEST = 500


def is_flat(article: Article) -> bool:
    """Whether the whole page is one paragraph of nothing but words that begins with its own title and byline."""
    content = unmarked(article.content)
    if len(content) != 1 or not isinstance(content[0], Paragraph):
        return False
    if not all(isinstance(node, (Text, SoftBreak)) for node in content[0].content):
        return False
    rest = _after_title(text_of(content[0]).strip(), article.metadata.title)
    return any(rule.id == "byline" and rule.pattern.match(rest) is not None for rule in FLAT_RULES)


def _after_title(text: str, title: str) -> str:
    """`text` without the title that it begins with, or `""` if it does not."""
    words = r"\s+".join(map(re.escape, title.split()))
    m = re.match(words + r"\s+", text) if words else None
    return text[m.end() :] if m else ""


def mark_flat(article: Article, rules: Sequence[Rule]) -> Article:
    """`article`, a page for which `is_flat` holds, with its line cut into pieces and the furniture marked."""
    block, metadata = unmarked(article.content)[0], article.metadata
    whole = text_of(block).strip()
    text = _after_title(whole, metadata.title)
    again = next((rule for rule in rules if rule.id == "title-again"), None)
    pieces: list[_Piece] = [(whole[: len(whole) - len(text)], again), (text, None)]
    for rule in FLAT_RULES:
        pieces, metadata = _found(pieces, rule, metadata)
    pieces, metadata = _statements(pieces, rules, metadata)
    content: list[Inline] = []
    for said, found in pieces:
        if said:
            content.append(Text(said) if found is None else mark_inlines(found, (Text(said),), block.span))
    made = Paragraph(tuple(content), span=block.span)
    whole_page = tuple(made if each is block else each for each in article.content)
    return replace(article, content=whole_page, metadata=metadata)


def _found(pieces: list[_Piece], rule: Rule, metadata: Metadata) -> tuple[list[_Piece], Metadata]:
    """`pieces` with what `rule` finds in the open ones; a rule for the head looks at the first of them only."""
    made: list[_Piece] = []
    at_head = True
    for said, owner in pieces:
        text = said
        while owner is None and (at_head or rule.place != "head"):
            m = rule.pattern.match(text) if rule.place == "head" else rule.pattern.search(text)
            if m is None:
                break
            metadata = with_match(metadata, m, rule.id)
            made += [(text[: m.start()], None), (m.group(), rule)]
            text = text[m.end() :]
        at_head = at_head and (owner is not None or not text)
        made.append((text, owner))
    return [piece for piece in made if piece[0]], metadata


def _statements(pieces: list[_Piece], rules: Sequence[Rule], metadata: Metadata) -> tuple[list[_Piece], Metadata]:
    """`pieces` with the statements marked that end the last open one, where each begins after a space."""
    endings = [rule for rule in rules if rule.place == "ending"]
    place = max((index for index, piece in enumerate(pieces) if piece[1] is None), default=-1)
    if place < 0:
        return pieces, metadata
    text = pieces[place][0]
    found: list[tuple[str, Rule]] = []
    while last := _last_statement(text.rstrip(), endings, bool(found)):
        found.append((text[last[0] :], last[1]))
        text = text[: last[0]]
    notices = tuple(Notice(rule.notice, said.strip()) for said, rule in reversed(found) if rule.notice)
    metadata = replace(metadata, notices=(*metadata.notices, *notices))
    return [*pieces[:place], (text, None), *reversed(found), *pieces[place + 1 :]], metadata


def _last_statement(text: str, rules: Sequence[Rule], below: bool) -> tuple[int, Rule] | None:
    """Where the last statement of a line begins: the shortest end that is one, or the `本文` before it."""
    offset = max(0, len(text) - _LONGEST)
    starts = [offset + m.start() for m in re.finditer(r"(?<= )\S", text[offset:])]
    for start in reversed(starts):
        rule = stated(text[start:], rules)
        if rule is not None and (rule.firm or below):
            begun = rule.notice != "licence" or text.startswith("本文", start)
            earlier = 0 if begun else text.rfind(" 本文", max(0, start - 120), start) + 1
            same = earlier and stated(text[earlier:], rules) is rule
            return (earlier if same else start), rule
    return None
