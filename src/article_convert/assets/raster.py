"""Drawings (SVG) as PNG, for devices that show no drawings, or none with words.

resvg draws them. It reads neither the network nor fonts of the system, and gives the same bytes
everywhere. Files that a drawing names it would read, and a bomb ends its process: so it is given
nothing that is not sanitised, and works in a process of its own with limits.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from importlib.util import find_spec
from math import isfinite, sqrt
from pathlib import Path
from typing import Any

from article_convert.assets.images import Unready, Unusable
from article_convert.pictures.svg import SVG, svg_problem

__all__ = ["FONT_PACKAGES", "MAX_PIXELS", "has_words", "rasterised"]

MAX_PIXELS = 8_000_000
"""Of the canvas, 32 MB: five screens of the largest reader."""
_MAX_SIDE = 10_000
_SHARP = 1_600
"""Drawings narrower than this are drawn up to twice as large as they say, so that lines and words stay sharp."""
_OWN_FAULTS = {int(getattr(signal, name, 0)) for name in ("SIGABRT", "SIGSEGV", "SIGBUS", "SIGILL", "SIGXCPU")}
"""The signals by which a drawing ends its process at its limits; any other came from elsewhere."""
_PATIENCE = 60
"""Seconds to wait; the limit of processor time comes first unless the machine is very busy."""

_FONTS = (
    ("manimgx_fonts", "", "NotoSans[[]wght].ttf"),
    ("justmytype_intl_cjk", "fonts/ofl", "notosanssc/*.ttf"),
    ("justmytype_intl_cjk", "fonts/ofl", "notosanskr/*.ttf"),
    ("fontpkg_source_code_pro", "files", "SourceCodePro[[]wght].ttf"),
    ("manimgx_fonts", "", "Noto*.ttf"),
)
"""Package, folder in it, files: the first font that has a character is taken."""
FONT_PACKAGES = tuple(dict.fromkeys(package for package, _, _ in _FONTS))


def rasterised(svg: bytes, max_width: int) -> bytes:
    """The drawing as PNG, transparent where it is: as large as it says, twice that if it is small, and no
    wider than `max_width` pixels (0: any).

    Raises `Unusable` for what cannot be drawn within the limits, and for drawings with an `svg_problem`;
    `Unready` if a package is missing, the machine was too busy, or somebody ended the process that draws.
    """
    if problem := svg_problem(svg):
        raise Unusable(problem)
    if find_spec("resvg_py") is None or find_spec("PIL") is None:
        raise Unready(
            "drawings (SVG) are made into PNG with resvg_py and Pillow; pip install 'article_convert[images]'"
        )
    root = _parsed(svg)
    fonts = _fonts() if _words(root) else []
    if fonts is None:
        raise Unready("words in drawings (SVG) need the fonts of the PDFs; pip install 'article_convert[pdf]'")
    return _drawn(_sized(root, max_width), fonts)


def has_words(svg: bytes) -> bool:
    """Whether text stands in a drawing, as text."""
    return _words(_parsed(svg))


def _words(root: Any) -> bool:
    return any("".join(text.itertext()).strip() for text in root.iter(f"{SVG}text"))


def _parsed(svg: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _drawn(svg: bytes, fonts: list[str]) -> bytes:
    program = str(Path(__file__).with_name("raster_process.py"))
    # -P: a module that lies in the folder of an article is not imported.
    command = [sys.executable, "-P", program]
    try:
        ended = subprocess.run(
            command,
            check=False,
            input=json.dumps({"fonts": fonts}).encode() + b"\n" + svg,
            capture_output=True,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unready(f"the drawing (SVG) could not be made into PNG: {error}") from None
    if ended.returncode == 0 and ended.stdout.startswith(b"\x89PNG"):
        return ended.stdout
    if ended.returncode < 0 and -ended.returncode not in _OWN_FAULTS:
        raise Unready(f"the process that draws SVG was ended by signal {-ended.returncode}; try again")
    if ended.returncode == 3:
        raise Unready(f"the drawing (SVG) could not be made into PNG: {_said(ended)}")
    said = _said(ended) if ended.returncode == 2 else ""
    raise Unusable(f"the drawing (SVG) cannot be made into PNG: {said or 'it takes too much memory or time'}")


def _said(ended: subprocess.CompletedProcess[bytes]) -> str:
    return ended.stderr.decode("utf-8", "replace").strip()


def _fonts() -> list[str] | None:
    """The font files, or nothing if one of the packages is missing."""
    found: dict[str, None] = {}
    for package, folder, pattern in _FONTS:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            return None
        files = sorted(Path(spec.submodule_search_locations[0], folder).glob(pattern))
        found.update(dict.fromkeys(str(file) for file in files if "Italic" not in file.name))
    return list(found)


# ------------------------------------------------------------------ size


def _sized(root: Any, max_width: int) -> bytes:
    """The drawing with its size in pixels written on it."""
    from lxml import etree

    width, height = _natural(root)
    if not root.get("viewBox"):
        root.set("viewBox", f"0 0 {width:g} {height:g}")
    across, down = _canvas(width, height, max_width)
    root.set("width", str(across))
    root.set("height", str(down))
    return etree.tostring(root, encoding="utf-8", with_tail=False)


def _canvas(width: float, height: float, max_width: int) -> tuple[int, int]:
    """How many pixels a drawing of that size gets."""
    wide = max(width, min(2 * width, _SHARP))
    scale = min(wide, max_width or wide) / width
    scale = min(scale, sqrt(MAX_PIXELS / width / height), _MAX_SIDE / width, _MAX_SIDE / height)
    return max(1, int(width * scale)), max(1, int(height * scale))


_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "em": 16.0}
_LENGTH = re.compile(r"\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)\s*([a-z]*)\s*", re.IGNORECASE)


def _natural(root: Any) -> tuple[float, float]:
    """Width and height in CSS pixels, as browsers find them: what the root says, else the view box, else 300 by 150."""
    width, height, box = _length(root.get("width")), _length(root.get("height")), _box(root.get("viewBox"))
    if box is None:
        return width or 300.0, height or 150.0
    across, down = box
    if width and height:
        return width, height
    if width or height:
        return (width, width * down / across) if width else (height * across / down, height)
    return across, down


def _length(text: str | None) -> float:
    """A length in pixels; 0 for none, for a percentage and for nonsense."""
    found = _LENGTH.fullmatch(text or "")
    return _sane(float(found[1]) * _PIXELS.get(found[2].lower(), 0.0)) if found else 0.0


def _box(text: str | None) -> tuple[float, float] | None:
    try:
        numbers = [float(each) for each in re.split(r"[\s,]+", (text or "").strip())]
    except ValueError:
        return None
    width, height = (_sane(each) for each in numbers[2:]) if len(numbers) == 4 else (0.0, 0.0)
    return (width, height) if width and height else None


def _sane(number: float) -> float:
    return min(max(number, 1e-3), 1e9) if isfinite(number) and number > 0 else 0.0
