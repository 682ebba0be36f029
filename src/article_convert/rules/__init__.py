"""What is cut from articles, as data: one list of rules for every reader and every user.

record      `Rule`: what it finds, where, and why that goes
built_in    the rules of this library
statements  those of them for the lines that end an article
toml        rules, `keep` and `drop` in a file of the user
choice      `RuleSet`: the rules of one conversion
selectors   CSS selectors, as far as rules use them
marks       furniture in a tree, found and not yet cut
"""

from __future__ import annotations

from article_convert.rules.built_in import FLAT_RULES, HIDDEN, LEFTOVER, RULES
from article_convert.rules.choice import Chosen, RuleSet, as_rules, choose_rules
from article_convert.rules.record import PLACES, Place, Rule
from article_convert.rules.toml import RuleFile, parse_rules, rules_in

__all__ = [
    "FLAT_RULES",
    "HIDDEN",
    "LEFTOVER",
    "PLACES",
    "RULES",
    "Chosen",
    "Place",
    "Rule",
    "RuleFile",
    "RuleSet",
    "as_rules",
    "choose_rules",
    "parse_rules",
    "rules_in",
]
