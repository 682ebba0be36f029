"""A font inside an EPUB, cut to the characters of the book: for devices whose own has no Chinese, or an ugly one.

The licence of a font must allow this. Those that come with the library are under the SIL Open Font
License; a file of the user's is refused if it says of itself that it may not be embedded or cut. The
licence stands in the font, which keeps those names, and in the style sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from article_convert.errors import InputError, OptionError
from article_convert.writers import fonts
from article_convert.writers.epub.parts import File

__all__ = ["Font", "Typeface", "typeface_of"]

Font: TypeAlias = Literal["none", "serif", "sans"] | Path

_RESTRICTED = 0x0002
_NO_SUBSETTING = 0x0100
_COPYRIGHT, _LICENCE, _LICENCE_URL = 0, 13, 14


@dataclass(frozen=True, slots=True)
class Typeface:
    """A font to embed: its file, the weight that a variable one is set to, and what its names say."""

    path: Path
    axes: tuple[tuple[str, float], ...]
    family: str
    licence: str

    @property
    def name(self) -> str:
        """The name of the font in the book."""
        return f"fonts/text.{'otf' if self.path.suffix.lower() == '.otf' else 'ttf'}"

    def style(self) -> str:
        """What to put before the style sheet. Headings and code keep the fonts of the device."""
        return (
            f"/* The text is set in {self.family}, of which this file holds the characters that it needs.\n"
            f"   {self.licence} */\n"
            f'@font-face {{ font-family: "Book Text"; font-weight: normal; src: url({self.name}); }}\n'
            'body { font-family: "Book Text", serif; }\n\n'
        )

    def cut(self, characters: Iterable[str]) -> File:
        """The font with those characters of `characters` that it has; the same characters give the same bytes."""
        data = fonts.subset(self.path, self.axes, characters, (_COPYRIGHT, _LICENCE, _LICENCE_URL))
        return File(self.name, f"font/{self.name[-3:]}", data)


def typeface_of(font: Font, language: str) -> Typeface | None:
    """The font to embed for text of that language; nothing for `none`.

    Raises `MissingDependency` without the packages of the extra `pdf`, `InputError` for what is no
    font, and `OptionError` for a font that may not be embedded or does not suit the language.
    """
    if font == "none":
        return None
    if isinstance(font, Path):
        return _described(font, ())
    face = fonts.text_face(font, language)
    if face is None:
        raise OptionError(f"there is no {font} font for {language}; use font=sans, or a font file")
    return _described(*face)


def _described(path: Path, axes: tuple[tuple[str, float], ...]) -> Typeface:
    if path.suffix.lower() not in (".otf", ".ttf"):
        raise InputError(f"{path} is no .otf or .ttf file; EPUB readers show no other fonts")
    family, names, rights = fonts.names_of(path, (_COPYRIGHT, _LICENCE, _LICENCE_URL))
    if rights & _RESTRICTED or rights & _NO_SUBSETTING:
        raise OptionError(f"the font {path} says that it may not be embedded in part; use another one")
    licence = " ".join(re.sub(r"\*/|[\x00-\x1f]", " ", " ".join(names)).split())
    return Typeface(path, axes, family, licence)
