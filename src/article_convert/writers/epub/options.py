"""What can be asked of an EPUB."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from article_convert.errors import OptionError
from article_convert.languages import named_language
from article_convert.options import option, setting
from article_convert.writers.epub.device import DeviceName, Notes
from article_convert.writers.epub.tables import Strategy
from article_convert.writers.epub.typeface import Font

__all__ = ["EpubOptions", "check_options"]


_MOST_IN_SERIES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EpubOptions:
    """What the file looks like, and what it is called by reading systems."""

    profile: DeviceName = option("generic", "the device that the book is for: its style, tables, notes and pictures")
    cover: Literal["auto", "drawn", "none"] | Path = option(
        "auto", "auto: the lead picture if it is at hand, else drawn from title and author; or a picture file"
    )
    paragraphs: Literal["spacing", "indent"] = option(
        "spacing", "set paragraphs apart by space, or by a first line indent"
    )
    font: Font = option("none", "a Chinese font to embed, cut to the characters of the book; or a font file of yours")
    tables: Strategy = option(
        "auto", "as they are, without merged cells, or row by row as cards; auto: what the device shows best"
    )
    notes: Notes = option(
        "auto", "as links that open in place, or in brackets in the text; auto: what the device knows"
    )
    toc_depth: int | None = option(None, "levels of the table of contents, chapters always; else 3, or 2 for a Kindle")
    split: int | None = option(None, "kilobytes of text above which a chapter is split at its headings; else 250")
    language: str = option("", "language of the whole file, such as zh-CN, whatever the article says")
    identifier: str = option("", "identifier of the file, such as urn:isbn:…, instead of one made from its source")
    series: str = option("", "the series that the book belongs to")
    series_index: float = option(1.0, "its place in the series")
    provenance: bool = option(True, "keep a map of the sources in the file, which --update needs")
    css: Path | None = option(None, "a style sheet of your own, applied last")
    made: tuple[str, ...] = setting(())
    """How the articles were read, cleaned and illustrated, in words that an update is held against."""


def check_options(options: EpubOptions) -> None:
    """Raise `OptionError` for a value that no book can have."""
    if (options.split is not None and options.split < 1) or (options.toc_depth is not None and options.toc_depth < 0):
        raise OptionError("split must be at least 1 and toc_depth at least 0")
    if named_language(options.language) != options.language:
        raise OptionError(f"language {options.language!r} is not a language tag such as zh-CN or en")
    if not 0 <= options.series_index < _MOST_IN_SERIES:
        raise OptionError(f"series_index is a number from 0 to {_MOST_IN_SERIES:,}, not {options.series_index}")
