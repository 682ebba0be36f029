"""Steps from `Article` to `Article`, and `STANDARD`, the list that `clean` runs.

A transform is a function of an article and a report. It never fails on content, reports what it
cuts, and is idempotent unless its docstring says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TypeAlias

from article_convert.errors import OptionError
from article_convert.model import Article
from article_convert.report import Report
from article_convert.rules import Chosen, RuleSet, choose_rules
from article_convert.transforms.anchors import link_anchors
from article_convert.transforms.cut import cut_furniture, cutter
from article_convert.transforms.explain import striker, teller
from article_convert.transforms.furniture import mark_furniture, marker
from article_convert.transforms.headings import repair_headings
from article_convert.transforms.metadata import find_lead_image, guess_language, lift_metadata
from article_convert.transforms.typography import clean_characters

__all__ = [
    "STANDARD",
    "Transform",
    "clean_characters",
    "cut_furniture",
    "explaining",
    "find_lead_image",
    "guess_language",
    "lift_metadata",
    "link_anchors",
    "mark_furniture",
    "repair_headings",
    "standard",
]

Transform: TypeAlias = Callable[[Article, Report], Article]

STANDARD: tuple[Transform, ...] = (
    lift_metadata,
    mark_furniture,
    cut_furniture,
    clean_characters,
    repair_headings,
    link_anchors,
    find_lead_image,
    guess_language,
)
"""The one blessed order: furniture is known by metadata, and an outline is made of what is left."""


def standard(
    keep: Collection[str] = (), drop: Collection[str] = (), rules: Chosen = None, *, told: bool = False
) -> tuple[Transform, ...]:
    """`STANDARD` with the wishes of a user.

    `keep`, `drop` and the name of a file as `rules` are what `choose_rules` takes. `rules` may also be a
    `RuleSet` from `choose_rules`; then leave `keep` and `drop` empty. `told`: the report tells in `pieces` what
    stays, too.
    """
    if not isinstance(rules, RuleSet):
        rules = choose_rules(keep, drop, rules)
    elif keep or drop:
        raise OptionError("give keep and drop to choose_rules, or leave rules out")
    cut = (teller(rules.keep), cutter(rules)) if told else (cutter(rules),)
    changed = {mark_furniture: (marker(rules.rules),), cut_furniture: cut}
    return tuple(each for step in STANDARD for each in changed.get(step, (step,)))


def explaining(rules: RuleSet) -> tuple[Transform, ...]:
    """The standard steps, but what would be cut stays, struck through, with the rule and the reason beside it.

    Read a page with `RuleSet.everything` to see what stands around the article, too.
    """
    changed = {mark_furniture: marker(rules.rules), cut_furniture: striker(rules.keep)}
    return tuple(changed.get(step, step) for step in STANDARD)
