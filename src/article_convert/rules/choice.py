"""The rules of one conversion: those of the library, what a user keeps, drops and adds."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

from article_convert.errors import InputError, OptionError
from article_convert.rules.built_in import LEFTOVER, RULES
from article_convert.rules.record import Rule
from article_convert.rules.toml import RuleFile, drop_rule, parse_rules

__all__ = ["Chosen", "RuleSet", "as_rules", "choose_rules"]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Rules in the order of use, and the ids of those whose finds stay in the text.

    `everything` makes the readers of pages take in all that stands around the article, marked like
    the rest; without it they take in only what is kept.
    """

    rules: tuple[Rule, ...] = RULES
    keep: frozenset[str] = frozenset()
    everything: bool = False

    @property
    def drops(self) -> tuple[Rule, ...]:
        """The rules that only this user has asked for with `drop`."""
        return tuple(rule for rule in self.rules if rule.id == "drop")


Chosen: TypeAlias = "RuleSet | str | os.PathLike[str] | None"
"""The rules of a conversion: what `choose_rules` gives, the name of a file of rules, or nothing special."""


def as_rules(chosen: Chosen) -> RuleSet:
    """The rules that `chosen` stands for."""
    return chosen if isinstance(chosen, RuleSet) else choose_rules(file=chosen)


def choose_rules(
    keep: Iterable[str] = (),
    drop: Iterable[str] = (),
    file: str | os.PathLike[str] | None = None,
    also: Iterable[Rule] = (),
) -> RuleSet:
    """The rules of the library with the wishes of a user.

    `keep` are ids of rules whose finds stay. `drop` are CSS selectors (for pages of HTML) and regular
    expressions between slashes (for the text of a block in any input). `file` is a TOML file with
    both, and with rules of its own. `keep` may also name the rules in `also`, which somebody else uses: those
    of a reader. What is kept by one rule is never dropped by another. Raises
    `OptionError` for an id, a selector or an expression that means nothing, and `InputError` if the
    file cannot be read.
    """
    given = _read(Path(file)) if file is not None else RuleFile()
    more = (*given.rules, *given.drop, *map(drop_rule, drop))
    rules = (*(rule for rule in RULES if rule is not LEFTOVER), *more, LEFTOVER)
    known = dict.fromkeys(rule.id for rule in (*also, *rules) if rule.id != "drop")
    kept = [(each, f"{os.fspath(file or '')}: keep: ") for each in given.keep] + [(each, "") for each in keep]
    for name, where in kept:
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f" (did you mean {near[0]!r}?)" if near else ""
            raise OptionError(f"{where}no rule {name!r}{meant}; available: {', '.join(known)}")
    return RuleSet(rules, frozenset(name for name, _ in kept))


def _read(path: Path) -> RuleFile:
    try:
        return parse_rules(path.read_text("utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise InputError(f"the rules in {path} cannot be read: {problem}") from error
