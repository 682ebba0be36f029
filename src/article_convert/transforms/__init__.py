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
from article_convert.transforms.anchors import link_anchors
from article_convert.transforms.furniture import RULE_IDS, cut_furniture, furniture_cutter
from article_convert.transforms.headings import repair_headings
from article_convert.transforms.metadata import find_lead_image, guess_language, lift_metadata
from article_convert.transforms.typography import clean_characters

__all__ = [
    "RULE_IDS",
    "STANDARD",
    "Transform",
    "clean_characters",
    "cut_furniture",
    "find_lead_image",
    "guess_language",
    "lift_metadata",
    "link_anchors",
    "repair_headings",
    "standard",
]

Transform: TypeAlias = Callable[[Article, Report], Article]

STANDARD: tuple[Transform, ...] = (
    lift_metadata,
    cut_furniture,
    clean_characters,
    repair_headings,
    link_anchors,
    find_lead_image,
    guess_language,
)
"""The one blessed order: furniture is known by metadata, and an outline is made of what is left."""


def standard(keep: Collection[str] = ()) -> tuple[Transform, ...]:
    """`STANDARD`, but nothing is cut by the furniture rules named in `keep` (each one of `RULE_IDS`)."""
    unknown = sorted(set(keep) - set(RULE_IDS))
    if unknown:
        raise OptionError(f"no rule {unknown[0]!r}; there is: {', '.join(RULE_IDS)}")
    cutter = furniture_cutter(frozenset(keep))
    return tuple(cutter if step is cut_furniture else step for step in STANDARD)
