"""A cover from words: the title set large, the author and the place of publication below.

Most reading systems show only pixels on their shelves, so the cover is drawn with Pillow and the
serif font of the extra `pdf` if both are installed and the font has the letters; the colour follows
from the title, so that neighbours on a shelf differ. Otherwise the same layout is written as SVG,
which reading systems draw with fonts of their own. The same words give the same bytes as long as
the same Pillow is installed.
"""

from __future__ import annotations

import hashlib
import io
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.util import find_spec
from itertools import accumulate, pairwise, takewhile
from pathlib import Path
from typing import Any

__all__ = ["Words", "draw_cover"]

_WIDTH, _HEIGHT, _MARGIN = 1200, 1600, 120
_LINE = _WIDTH - 2 * _MARGIN
_SIZES = (150, 132, 116, 100, 88, 76, 66)
_SMALL = 50
_MAX_LINES = 8
_PAPER = "#f7f4ee"
_INK = "#22262b"
_FAINT = "#5c6166"
_ACCENTS = ("#8c3b2e", "#2f5d62", "#3d4f7d", "#6b4a78", "#7a6122", "#3f6b3a")

_INSIDE = 0.15
"""What it costs to end a line between two Chinese characters, in parts of an empty line."""

_NO_START = frozenset("，。、；：？！）》」』】〕〉”’…—·,.;:?!)]}%")
_NO_END = frozenset("（《「『【〔〈“‘([{")

_MOST_SHOWN = 1000
"""Characters of a title beyond what any cover has room for: 8 lines of the narrowest letters at the smallest size."""

Measure = Callable[[str, int], float]


@dataclass(frozen=True, slots=True)
class Words:
    """What stands on a cover. `below` are lines such as the author and the site."""

    title: str
    below: tuple[str, ...] = ()
    language: str = ""


def draw_cover(words: Words) -> tuple[str, bytes]:
    """The media type (`image/png`, or `image/svg+xml`) and the bytes of a cover, 3 by 4."""
    words = Words(_visible(words.title), tuple(map(_visible, words.below)), words.language)
    font = _serif_font()
    if font is not None:
        drawn = _raster(words, font)
        if drawn is not None:
            return "image/png", drawn
    return "image/svg+xml", _vector(words)


def _visible(text: str) -> str:
    """As much of `text` as can be seen, before lines are measured: that takes long for a whole page."""
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SHOWN else f"{line[:_MOST_SHOWN]}…"


def _accent(title: str) -> str:
    return _ACCENTS[hashlib.sha256(title.encode("utf-8", "replace")).digest()[0] % len(_ACCENTS)]


# ------------------------------------------------------------------ layout


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _pieces(text: str) -> list[str]:
    """Parts that stay together: words with the space before them, single East Asian characters."""
    pieces: list[str] = []
    for character in " ".join(text.split()):
        joined = pieces and not pieces[-1].isspace() and not _is_wide(character) and not _is_wide(pieces[-1][-1])
        sticks = pieces and (character in _NO_START or pieces[-1][-1] in _NO_END)
        if sticks or (joined and character != " " and pieces[-1][-1] != " "):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _wrapped(text: str, size: int, measure: Measure) -> list[str]:
    lines = [""]
    for piece in _pieces(text):
        for part in [piece] if measure(piece, size) <= _LINE else list(piece):
            if lines[-1].strip() and measure(lines[-1] + part, size) > _LINE:
                lines.append("")
            lines[-1] += part if lines[-1] else part.lstrip()
    return [line.rstrip() for line in lines if line.strip()]


def _balanced(text: str, size: int, measure: Measure, count: int) -> list[str]:
    """`text` in `count` lines of about the same length, which end between words or after punctuation if they can."""
    pieces = _pieces(text)
    edges = [0.0, *accumulate(measure(piece, size) for piece in pieces)]

    def cost(start: int, end: int) -> float:
        slack = 1 - (edges[end] - edges[start]) / _LINE
        inside = end < len(pieces) and pieces[end][0] != " " and pieces[end - 1][-1] not in _NO_START | {" "}
        return slack * slack + inside * _INSIDE if slack >= 0 else math.inf

    @cache
    def best(start: int, lines: int) -> tuple[float, tuple[int, ...]]:
        if lines == 1:
            return cost(start, len(pieces)), ()
        ends = takewhile(lambda end: edges[end] - edges[start] <= _LINE, range(start + 1, len(pieces) - lines + 2))
        found = ((cost(start, end) + best(end, lines - 1)[0], (end, *best(end, lines - 1)[1])) for end in ends)
        return min(found, default=(math.inf, ()))

    total, breaks = best(0, count)
    if total == math.inf:
        return _wrapped(text, size, measure)
    return ["".join(pieces[start:end]).strip() for start, end in pairwise((0, *breaks, len(pieces)))]


def _fitted(title: str, measure: Measure) -> tuple[int, list[str]]:
    """The largest size at which the title takes few lines, and those lines; a huge title is cut short."""
    for size in _SIZES:
        lines = _wrapped(title, size, measure)
        if len(lines) * size <= 4.2 * _SIZES[0]:
            return size, _balanced(title, size, measure, max(1, len(lines)))
    shown = lines[:_MAX_LINES]
    if len(lines) > _MAX_LINES:
        shown[-1] = shown[-1][:-1] + "…"
    return _SIZES[-1], shown


def _below(words: Words, measure: Measure) -> list[str]:
    lines = [line for text in words.below for line in _wrapped(text, _SMALL, measure)[:2]]
    return lines[:4]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of text: where it stands, its size and its colour."""

    text: str
    baseline: float
    size: int
    colour: str


def _layout(words: Words, measure: Measure) -> list[_Line]:
    size, title = _fitted(words.title, measure)
    lines = [_Line(text, 330 + size * (0.85 + index * 1.35), size, _INK) for index, text in enumerate(title)]
    below = _below(words, measure)
    last = _HEIGHT - 165
    return lines + [
        _Line(text, last - (len(below) - 1 - index) * _SMALL * 1.5, _SMALL, _FAINT) for index, text in enumerate(below)
    ]


# ------------------------------------------------------------------ pixels


def _serif_font() -> Path | None:
    """The font file, if it and Pillow are installed: both come with the extra `pdf`."""
    if find_spec("PIL") is None:
        return None
    package = find_spec("pylopdf_fonts_zh_cn")
    if package is None or not package.submodule_search_locations:
        return None
    path = Path(package.submodule_search_locations[0], "NotoSerifSC-Regular.otf")
    return path if path.is_file() else None


def _raster(words: Words, path: Path) -> bytes | None:
    """The cover as PNG, or nothing if the font lacks a letter of it."""
    from PIL import Image, ImageColor, ImageDraw, ImageFont

    @cache
    def font(size: int) -> Any:
        return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)

    shown = [_drawable(text, font(_SMALL)) for text in (words.title, *words.below)]
    texts = [text for text in shown if text is not None]
    if len(texts) < len(shown) or not texts[0].strip():
        return None
    words = Words(texts[0], tuple(texts[1:]))
    # Grey levels of one ink on one paper: a palette of 17 colours, ten times faster to pack than RGB.
    letters = Image.new("L", (_WIDTH, _HEIGHT))
    draw = ImageDraw.Draw(letters)
    for line in _layout(words, lambda text, size: font(size).getlength(text)):
        strength = 255 if line.colour == _INK else 190
        draw.text((_MARGIN, line.baseline), line.text, fill=strength, font=font(line.size), anchor="ls")
    page = Image.frombytes("P", letters.size, letters.point([level >> 4 for level in range(256)]).tobytes())
    page.putpalette(
        [*_ramp(ImageColor.getrgb(_PAPER), ImageColor.getrgb(_INK)), *ImageColor.getrgb(_accent(words.title))]
    )
    for bar in ((0, 0, _WIDTH, 36), (_MARGIN, 236, _MARGIN + 150, 246)):
        page.paste(16, bar)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _ramp(light: tuple[int, ...], dark: tuple[int, ...]) -> list[int]:
    """16 colours from `light` to `dark`, as a flat list."""
    return [round(one + (two - one) * step / 15) for step in range(16) for one, two in zip(light, dark, strict=True)]


def _drawable(text: str, font: Any) -> str | None:
    """`text` without the pictographs that the font lacks; nothing if it lacks a letter or a digit."""
    absent = bytes(font.getmask("\U0010ffff"))
    kept = []
    for character in text:
        if character == " " or bytes(font.getmask(character)) != absent:
            kept.append(character)
        elif unicodedata.category(character)[0] in "LNM":
            return None
    return "".join(kept)


# ------------------------------------------------------------------ SVG


def _vector(words: Words) -> bytes:
    def measure(text: str, size: int) -> float:
        return sum(size if _is_wide(each) else size * 0.58 for each in text)

    accent = _accent(words.title)
    lines = "".join(
        f'<text x="{_MARGIN}" y="{line.baseline:.0f}" font-size="{line.size}" fill="{line.colour}">'
        f"{escape(line.text)}</text>\n"
        for line in _layout(words, measure)
    )
    language = f' xml:lang="{escape(words.language)}"' if words.language else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1"{language} width="{_WIDTH}" height="{_HEIGHT}"'
        f' viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="serif">\n'
        f"<title>{escape(words.title)}</title>\n"
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{_PAPER}"/>\n'
        f'<rect width="{_WIDTH}" height="36" fill="{accent}"/>\n'
        f'<rect x="{_MARGIN}" y="236" width="150" height="10" fill="{accent}"/>\n'
        f"{lines}</svg>\n"
    ).encode()
