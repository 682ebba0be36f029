"""Boxes that call out a note or a warning, as Sphinx, MkDocs, Docusaurus, VuePress and GitHub write them."""

from __future__ import annotations

import re

from article_convert.model import Callout, CalloutKind, Inlines
from article_convert.readers.html.flow import Context, blocks, inlines, span_of
from article_convert.readers.html.parse import Element, drop, words

__all__ = ["callout_of"]

_BOXES = words("admonition admonitionblock markdown-alert theme-admonition callout custom-block alert hint notice")
_KINDS: dict[str, CalloutKind] = {
    **dict.fromkeys(words("note info seealso abstract summary question example quote primary secondary"), "info"),
    **dict.fromkeys(words("tip hint success check done"), "success"),
    **dict.fromkeys(words("important warning caution attention"), "warning"),
    **dict.fromkeys(words("danger error bug failure fail"), "danger"),
}
_NAMED = re.compile(r"(?:markdown-alert-|theme-admonition-|alert--?|callout-|admonition-|hint-|notice-|is-)?([a-z]+)")
_TITLE = re.compile(r"title|heading|header", re.I)


def callout_of(element: Element, context: Context) -> Callout | None:
    """The callout that a box is, by its class names: one for the box and one for the kind; `None` if it is none."""
    names = (element.get("class") or "").split()
    if _BOXES.isdisjoint(names):
        return None
    kinds = (match[1] for name in names if name not in _BOXES and (match := _NAMED.fullmatch(name.lower())))
    kind = next((_KINDS[each] for each in kinds if each in _KINDS), None)
    if kind is None:
        return None
    label: Inlines = ()
    title = next((child for child in element if _TITLE.search(child.get("class") or "")), None)
    if title is not None and not (element.text or "").strip() and element[0] is title:
        label = inlines(title, context)
        drop(title)
    return Callout(kind, blocks(element, context), label, span=span_of(element, context))
