"""The shape of a profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from unicodedata import east_asian_width

__all__ = ["Because", "Css", "Pictures", "Profile", "Tables", "ems"]

KB, MB, GB = 1000, 1000**2, 1000**3


@dataclass(frozen=True, slots=True)
class Because:
    """Why a rule holds on a device: what happens there, in one sentence, and where that is written.

    `breaks`: the book, or a part of it, cannot be read; otherwise it only looks worse.
    """

    reason: str
    source: str
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Pictures:
    """Which pictures a device shows. `types` are the media types that it shows at all, `wanted` those that
    it shows best and that others are made into; a limit of 0 is none.

    `width` is what its largest screen can show across, in pixels: more is only weight. `pixels` and
    `size` (bytes) are limits of a single picture. `still`: a picture that moves is not shown as one.
    """

    types: frozenset[str]
    cover_types: frozenset[str]
    wanted: frozenset[str]
    width: int = 0
    pixels: int = 0
    size: int = 0
    still: bool = False


@dataclass(frozen=True, slots=True)
class Css:
    """What of a style sheet a device understands.

    `properties` are all that it knows; `None` means that it steps over unknown ones. `dead` lists what
    does nothing or harm there: a property, or `property:value` with a word or a unit (`font-size:px`).
    `functions` and `units` are those that spoil more than their own declaration. `at_rules` are those it
    takes, `None` means any; `hides` are at-rules whose content it never sees. `selectors`: `any`; `plain`
    is without `+`, `~` and pseudo-classes; `flat` is a single element or class.
    """

    properties: frozenset[str] | None = None
    dead: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    at_rules: frozenset[str] | None = None
    hides: frozenset[str] = frozenset()
    selectors: Literal["any", "plain", "flat"] = "any"


@dataclass(frozen=True, slots=True)
class Tables:
    """How tables are shown. `strategy` is for tables that fit; the rows of those that do not become cards.

    `table`: as they are. `simplified`: without merged cells. A table fits if it has at most so many
    `columns`, or if the texts of its columns fit side by side into `room`, in widths of a Chinese
    character; and if it has at most so many `cells` and `characters`. 0 is no limit. `nested` says
    whether a table may stand in a cell.
    """

    strategy: Literal["table", "simplified"] = "table"
    columns: int = 0
    room: int = 0
    cells: int = 0
    characters: int = 0
    nested: bool = True

    def are_too_wide(self, widths: Sequence[float]) -> bool:
        """Whether columns with texts of these widths (of `ems`) are too many for the screen."""
        if not self.columns or len(widths) <= self.columns:
            return False
        return sum(_SMALLER * width + _PADDING for width in widths) > self.room

    def are_too_large(self, cells: int, characters: int) -> bool:
        return bool((self.cells and cells > self.cells) or (self.characters and characters > self.characters))


_SMALLER = 0.88
"""Tables are set smaller than the text (`style/epub.css`)."""
_PADDING = 1.0


def ems(text: str) -> float:
    """How wide the longest line of `text` is set, in widths of a Chinese character.

    >>> ems("六英寸"), ems("180 g")
    (3.0, 2.5)
    """
    return max(
        (sum(1.0 if east_asian_width(c) in "WF" else 0.5 for c in line) for line in text.splitlines()), default=0
    )


@dataclass(frozen=True, slots=True)
class Profile:
    """One device, or a family of devices that take the same books.

    `chapter` is where chapters are split, in kilobytes of text, and `document` what one file of the
    book may weigh, in bytes. `book` is the largest file that the way to the device takes, `book_wanted`
    the largest that is known to arrive; bytes, 0 is no limit. `toc_depth` is how many levels of headings
    are wanted in the contents, `toc_levels` how deep they may nest (0: as deep as they are). `notes`:
    `popup` is a link to an `aside`, which many devices show in place; `inline` puts short notes into
    the text in brackets, and long ones behind it without links. `mathml`: whether formulas may stay
    MathML; otherwise their TeX is printed. `hint` says what to call the file. `rules`
    are the rules of `--check` that hold on the device, each with its reason.
    """

    name: str
    title: str
    pictures: Pictures
    css: Css
    tables: Tables
    rules: Mapping[str, Because]
    chapter: int = 250
    document: int = 0
    book: int = 0
    book_wanted: int = 0
    toc_depth: int = 3
    toc_levels: int = 0
    notes: Literal["popup", "inline"] = "popup"
    inline_styles: bool = True
    mathml: bool = True
    hint: str = ""
    sources: tuple[str, ...] = field(default=())
