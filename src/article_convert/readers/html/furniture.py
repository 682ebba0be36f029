"""Furniture that its place in a page gives away: elements that rules select, in the text and around it.

Nothing in the text is left out here: it is marked, and a transform cuts it. What stands around the text
is no part of the article. It is named and reported, and taken in, marked, only where a user keeps it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from article_convert.model import Block, Blocks, Paragraph, Span, Text
from article_convert.readers.html.container import pieces_around, visible_text
from article_convert.readers.html.flow import Context, converted, paragraphs
from article_convert.readers.html.parse import Element
from article_convert.readers.html.select import Index
from article_convert.report import Report
from article_convert.rules import HIDDEN, LEFTOVER, Rule, RuleSet
from article_convert.rules.marks import mark_blocks
from article_convert.rules.selectors import alternatives

__all__ = ["Surroundings", "around", "hidden_as", "rules_for", "selected"]

# Their content is read by the element around them, so the mark goes inside.
_READ_BY_PARENT = frozenset({"li", "td", "th", "dt", "dd", "caption"})


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a user keeps of the page around an article, marked."""

    before: Blocks = ()
    after: Blocks = ()


def rules_for(site: str, chosen: RuleSet) -> tuple[Rule, ...]:
    """The rules with selectors that hold for pages of `site`, a reader."""
    return tuple(rule for rule in chosen.rules if rule.select and rule.site in ("", site))


def hidden_as(chosen: RuleSet) -> Rule | None:
    """The rule that marks what a page hides, if somebody keeps that or wants to see it."""
    return HIDDEN if chosen.everything or HIDDEN.id in chosen.keep else None


def selected(index: Index, body: Element, rules: Sequence[Rule]) -> Mapping[Element, Rule]:
    """The elements in `body` that a rule selects as furniture of the text, with the first rule that does."""
    marks: dict[Element, Rule] = {}
    for rule in rules:
        if rule.place == "blocks":
            for element in _within(index, rule.select, body):
                for each in _readable(element):
                    marks.setdefault(each, rule)
    return marks


def _within(index: Index, selectors: str, body: Element) -> list[Element]:
    found = [element for selector in alternatives(selectors) for element in index.select(selector)]
    return [element for element in found if body in element.iterancestors()]


def _readable(element: Element) -> list[Element]:
    """`element`, or what stands for it where its parent reads its content."""
    if element.tag == "tr":
        return [_wrapped(cell) for cell in element if cell.tag in ("td", "th")]
    return [_wrapped(element) if element.tag in _READ_BY_PARENT else element]


def _wrapped(element: Element) -> Element:
    """A `div` around the content of `element`."""
    box = etree.Element("div")
    box.text, element.text = element.text, None
    box.extend(list(element))
    element.append(box)
    return box


def around(index: Index, body: Element, rules: Sequence[Rule], chosen: RuleSet, context: Context) -> Surroundings:
    """Report every piece of the page around `body` in the order of the page, and give what a user keeps of it."""
    pieces = pieces_around(index.root, body)
    names = _names(index, rules, {piece for piece, _, _ in pieces if piece is not None})
    unnamed = next((rule for rule in reversed(chosen.rules) if rule.place == "around"), LEFTOVER)
    kept: tuple[list[Block], list[Block]] = ([], [])
    for piece, text, is_after in pieces:
        found = names.get(piece, []) if piece is not None else []
        rule = next((each for each, _ in found if each.id not in chosen.keep), unnamed)
        if chosen.everything or (not found and rule.id in chosen.keep):
            kept[is_after].extend(_whole(piece, text, found, unnamed, context))
            continue
        context.marks = {}
        taken = _outermost([each for each in found if each[0].id in chosen.keep])
        for each, element in taken:
            kept[is_after].extend(_marked(element, each, context))
        rest = visible_text(piece, {each for _, each in taken}) if taken and piece is not None else text
        if rest:
            context.report.cut(rule.id, rule.reason, rest, _line(piece))
    return Surroundings(tuple(kept[0]), tuple(kept[1]))


def _whole(
    piece: Element | None, text: str, found: Sequence[tuple[Rule, Element]], unnamed: Rule, context: Context
) -> Blocks:
    """A piece with a mark for itself and one for everything in it that has another name."""
    if piece is None:
        return (mark_blocks(unnamed, (Paragraph((Text(text),)),)),)
    own = found[0][0] if found else unnamed
    context.marks = {element: rule for rule, element in reversed(found) if rule.id != own.id}
    report, context.report = context.report, Report(context.report.source)
    made = _marked(piece, own, context)  # what a menu does to a link is nobody's concern; what it hides, is
    report.removals.extend(context.report.removals)
    context.report = report
    return made


def _names(
    index: Index, rules: Sequence[Rule], pieces: Collection[Element]
) -> dict[Element, list[tuple[Rule, Element]]]:
    """For each piece the rules that select it or something in it, with what they select, in the order of the rules."""
    names: dict[Element, list[tuple[Rule, Element]]] = {}
    for rule in rules:
        if rule.select == "*":
            continue
        for selector in alternatives(rule.select):
            for element in index.select(selector):
                for each in (element, *element.iterancestors()):
                    if each in pieces:
                        names.setdefault(each, []).append((rule, element))
    return names


def _outermost(found: Sequence[tuple[Rule, Element]]) -> list[tuple[Rule, Element]]:
    """Those that stand in no other of them, each once, in the order of the page."""
    elements = {element for _, element in found}
    made: dict[Element, Rule] = {}
    for rule, element in found:
        if elements.isdisjoint(element.iterancestors()):
            made.setdefault(element, rule)
    return [(rule, element) for element, rule in made.items()]


def _marked(element: Element, rule: Rule, context: Context) -> Blocks:
    content = paragraphs(converted(element, context), _line(element))
    return (mark_blocks(rule, content, _line(element)),) if content else ()


def _line(element: Element | None) -> Span | None:
    return Span(element.sourceline) if element is not None and element.sourceline else None
