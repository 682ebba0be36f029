"""Pictures that stand by themselves, and what is said below them."""

from __future__ import annotations

import re
from dataclasses import replace

from article_convert.model import Figure, Image, Span, Text

__all__ = ["figure_of"]

_SAYS_NOTHING = re.compile(
    r"(?:alt(?: text)?|image|img|picture|screenshot)?(?:[ _-]?\d+)?|[^ ]+\.(?:png|jpe?g|gif|svg|webp)", re.IGNORECASE
)
"""Words that tools put into the brackets; nobody wants to read them."""


def figure_of(image: Image, span: Span, captions: bool) -> Figure:
    """A picture alone in its paragraph. In a GitBook, and with its own assets, the bracket text is the caption."""
    if image.alt and (captions or ".gitbook/assets" in image.url) and not _SAYS_NOTHING.fullmatch(image.alt):
        return Figure(replace(image, alt=""), (Text(image.alt),), span=span)
    return Figure(image, span=span)
