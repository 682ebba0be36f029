"""Icons of GitBook pages: `<i class="fa-check">:check:</i>`, a Font Awesome name and a placeholder.

A file has no icon font, so the few icons that say something by themselves become characters, and
the others, which decorate a text beside them, are left out.
"""

from __future__ import annotations

import re

__all__ = ["character_of", "is_placeholder", "name_of"]

_CHARACTERS = {
    "arrow-down": "↓",
    "arrow-left": "←",
    "arrow-right": "→",
    "arrow-right-arrow-left": "⇄",
    "arrow-up": "↑",
    "arrow-up-right-from-square": "↗",
    "arrows-left-right": "↔",
    "ban": "⊘",
    "check": "✓",
    "circle-check": "✓",
    "circle-exclamation": "⚠",
    "circle-xmark": "✗",
    "heart": "♥",
    "minus": "−",
    "plus": "+",
    "square": "☐",
    "square-check": "☑",
    "star": "★",
    "times": "✗",
    "triangle-exclamation": "⚠",
    "warning": "⚠",
    "xmark": "✗",
}
_PLACEHOLDER = re.compile(r":[a-z0-9][a-z0-9_-]*:")
_NAME = re.compile(r"\bfa-([a-z0-9][a-z0-9-]*)")
_STYLES = frozenset({"solid", "regular", "light", "thin", "duotone", "brands", "sharp", "fw", "lg", "xl", "2x", "3x"})


def name_of(classes: str) -> str:
    """The name of the icon that an element of these classes shows, or `""`."""
    return next((name for name in _NAME.findall(classes) if name not in _STYLES), "")


def is_placeholder(text: str, name: str) -> bool:
    """Whether `text` only stands for the icon `name`; authors also write real text into the element."""
    return not text or text == name or _PLACEHOLDER.fullmatch(text) is not None


def character_of(name: str) -> str:
    """The character that says what the icon says, or `""`.

    >>> character_of("xmark"), character_of("rocket")
    ('✗', '')
    """
    return _CHARACTERS.get(name, "")
