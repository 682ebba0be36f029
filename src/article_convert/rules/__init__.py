"""What is cut from articles, as data: one list of rules for every reader and every user.

record      `Rule`: what it finds, where, and why that goes
built_in    the rules of this library
toml        rules, `keep` and `drop` in a file of the user
selectors   CSS selectors, as far as rules use them
"""

from __future__ import annotations

from article_convert.rules.record import PLACES, Place, Rule
from article_convert.rules.toml import RuleFile, parse_rules, rules_in

__all__ = ["PLACES", "Place", "Rule", "RuleFile", "parse_rules", "rules_in"]
