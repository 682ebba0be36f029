"""Style sheets: what a device does not understand, and what makes text unreadable."""

from __future__ import annotations

import re
from collections.abc import Iterator

from article_convert.checks.book import OpenedBook
from article_convert.checks.findings import Place
from article_convert.checks.rules import Check, Find
from article_convert.profiles import Profile
from article_convert.stylesheets import Declaration, Kind, one_line, unfit

__all__ = ["RULES"]


def _unfit(kind: Kind) -> Find:
    def find(book: OpenedBook, profile: Profile) -> Iterator[Place]:
        if profile.name not in book.unfit:
            sheets = book.all_sheets()
            book.unfit[profile.name] = [(name, each) for name, sheet in sheets for each in unfit(sheet, profile.css)]
        for name, each in book.unfit[profile.name]:
            if each.kind == kind:
                yield Place(name, each.line, each.text)

    return find


def _properties(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    """Where each property stands first that the device does not know: the list is of properties, not of places."""
    seen: set[tuple[str, str]] = set()
    for place in _unfit("property")(book, profile):
        key = place.file, place.detail.partition(":")[0]
        if key not in seen:
            seen.add(key)
            yield place


_BODY = re.compile(r"(?:html|body|p|div|section|article)\b(?:[.:\[][^\s>+~]*)?|\*")
_UNSET = {"inherit", "initial", "transparent", "currentcolor", "unset", "none", "revert"}


def _colour(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    """Colours of all text, or of the page behind it; colours of single things are a matter of taste."""
    for name, sheet in book.all_sheets():
        for each in sheet.declarations:
            if each.name in {"color", "background-color", "background"} and _is_everywhere(each):
                yield Place(name, each.line, one_line(f"{each.selector[:80]} {{ {each.name}: {each.text} }}"))


def _is_everywhere(each: Declaration) -> bool:
    if each.around or (each.words & _UNSET) or each.text.strip() in {"0", ""}:
        return False
    return any(_BODY.fullmatch(part) for part in each.selectors)


_NEGATIVE = re.compile(r"(?<![\w.])-\.?\d")


def _negative(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for name, sheet in book.all_sheets():
        for each in sheet.declarations:
            if each.name.startswith("margin") and _NEGATIVE.search(each.text):
                yield Place(name, each.line, one_line(f"{each.name}: {each.text}"))


RULES = (
    Check("css-syntax", "A style sheet cannot be read in places.", "Mend or remove what stands there.",
          _unfit("syntax")),
    Check("css-function", "Styles are calculated: var(), calc(), min() and the like.",
          "Write a plain value; a fallback before it does not help.", _unfit("function")),
    Check("css-unit", "Styles use units that the device does not know or mistakes.",
          "Use em or %.", _unfit("unit")),
    Check("css-property", "Styles say things that the device does not know.",
          "Make sure that the book looks right without them.", _properties),
    Check("css-at-rule", "A style sheet holds rules with @ that the device does not take.",
          "Move what must hold everywhere out of them, and delete the rest.", _unfit("at-rule")),
    Check("css-selector", "Styles are for elements that the device does not match.",
          "Give the elements a class, and write the style for that class alone.", _unfit("selector")),
    Check("css-empty", "A block of @media or @supports is empty.", "Delete it.", _unfit("empty")),
    Check("css-colour", "A style sheet sets the colour of all text or of the page.",
          "Leave both to the reader; give a colour only to what needs one.", _colour),
    Check("css-negative", "Margins are negative.", "Use text-indent with a padding of the same size.", _negative),
)  # fmt: skip
