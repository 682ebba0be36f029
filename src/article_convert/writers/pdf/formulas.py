"""Formulas for paper: TeX drawn as SVG pictures, which is all that the layout engine can show.

The optional package ziamath draws, in pure Python. Where it is missing, cannot read a formula or has
no letters for it (it knows no Chinese), the formula stays and is printed as its TeX source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from typing import Any

from article_convert.model import Article, Image, Math, MathBlock, Node, Paragraph, Resource
from article_convert.tree import rewrite
from article_convert.writers.tex import for_libraries

__all__ = ["Formulas"]

_SIZE = 16.0
_VIEW_BOX = re.compile(r'viewBox="(\S+) (\S+) (\S+) (\S+)"')
_WIDE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")


@dataclass(slots=True)
class Formulas:
    """Draws the formulas of articles and keeps the style rules that place them on their lines."""

    rules: dict[str, str] = field(default_factory=dict)

    def drawn(self, article: Article) -> Article:
        """The article with pictures, whose alternative text is the TeX, in place of formulas."""
        latex = _latex()
        if latex is None:
            return article
        made: dict[str, Resource] = {}

        def draw(node: Node) -> Node:
            if not isinstance(node, (Math, MathBlock)):
                return node
            display = isinstance(node, MathBlock)
            resource = self._resource(node.text, display, latex)
            if resource is None:
                return node
            made[resource.url] = resource
            image = Image(resource.url, alt=node.text, span=node.span)
            return Paragraph((image,), span=node.span) if display else image

        article = rewrite(article, draw)
        return replace(article, resources=(*article.resources, *made.values())) if made else article

    def css(self) -> str:
        """The rules for all formulas drawn so far: their size and how far they reach below the line."""
        return "\n".join(self.rules.values())

    def _resource(self, tex: str, display: bool, latex: Callable[..., Any]) -> Resource | None:
        if _WIDE.search(tex):
            return None
        try:
            svg: str = latex(for_libraries(tex), size=_SIZE, inline=not display).svg()
        except Exception:  # ziamath raises whatever it stumbles over; the caller then prints the source
            return None
        found = _VIEW_BOX.search(svg)
        if found is None:
            return None
        data = svg.encode()
        digest = sha256(data).hexdigest()
        _, top, width, height = (float(number) / _SIZE for number in found.groups())
        size = f"width:{width:.3f}em;height:{height:.3f}em;max-width:100%;vertical-align:{-(top + height):.3f}em"
        self.rules[digest] = f'img[src$="{digest}"]{{{size}}}'
        return Resource(f"formula:{digest}", "image/svg+xml", digest, data)


@lru_cache(maxsize=1)
def _latex() -> Callable[..., Any] | None:
    try:
        found: Callable[..., Any] = import_module("ziamath").Latex
    except ImportError:
        return None
    return found
