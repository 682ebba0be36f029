"""Footnotes of a page: the number in the text and the note at its end become one `Note`.

Known by what GitHub, Pandoc, Hugo, kramdown, Sphinx and Markdown-it write: a link marked as a reference
that leads to an item, or a box, of a place marked as footnotes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from article_convert.model import Block, Inline, Note, Span
from article_convert.readers.html.flow import Context, Handler, blocks
from article_convert.readers.html.parse import Element, drop, words
from article_convert.readers.html.select import select, text_in
from article_convert.report import Removal, Report

__all__ = ["note_handlers"]

_PLACES = (
    "section.footnotes, div.footnotes, section[data-footnotes], [role=doc-endnotes], ol.footnotes, ol.footnotes-list,"
    " aside.footnote-list, dl.footnote"
)
_REFERENCES = words("footnote-ref footnote-reference footnote noteref")
_BACK = words("footnote-backref footnote-back reversefootnote fn-backref backlink")


def note_handlers(body: Element, report: Report) -> dict[str, Handler]:
    """Handlers that give a `Note` for each reference in `body` that leads to one.

    The notes are taken out of the page, and their place with them if nothing else is in it.
    """
    places = select(body, _PLACES)
    notes = {item.get("id", ""): item for place in places for item in select(place, "li[id], aside[id]")}
    used = {link: notes[_target(link)] for link in select(body, "a[href^='#']") if _is_reference(link, notes)}
    for note in dict.fromkeys(used.values()):
        for extra in select(note, "a[href^='#'], span.label"):
            if extra.tag == "span" or extra.get("role") == "doc-backlink" or not _BACK.isdisjoint(_marks(extra)):
                drop(extra)
        drop(note)
    for place in places if used else ():
        if next(place.iter("li", "aside", "p"), None) is None:
            _leave(place, report)
    return {"sup": _inside(used), "a": _itself(used)} if used else {}


def _leave(place: Element, report: Report) -> None:
    """Take a place without notes off the page, with the rule and the heading that only stood above them."""
    said = text_in(place)
    if said:
        span = Span(place.sourceline) if place.sourceline else None
        report.removals.append(Removal("discarded", "heading of the footnotes", said, span, report.source))
    drop(place)


def _marks(link: Element) -> frozenset[str]:
    names = words(link.get("class") or "")
    return names | {"footnote-backref"} if link.get("data-footnote-backref") is not None else names


def _target(link: Element) -> str:
    return (link.get("href") or "")[1:]


def _is_reference(link: Element, notes: Mapping[str, Element]) -> bool:
    """Whether a link leads from the text to a note: by its marks, not by its look; notes do not hold notes."""
    if _target(link) not in notes or not set(notes.values()).isdisjoint(link.iterancestors()):
        return False
    marked = link.get("data-footnote-ref") is not None or link.get("role") == "doc-noteref"
    return marked or not _REFERENCES.isdisjoint(_marks(link))


def _itself(used: Mapping[Element, Element]) -> Handler:
    def handler(element: Element, context: Context) -> Sequence[Block | Inline] | None:
        note = used.get(element)
        return None if note is None else [Note(blocks(note, context))]

    return handler


def _inside(used: Mapping[Element, Element]) -> Handler:
    """A reference stands in a `sup` of its own."""

    def handler(element: Element, context: Context) -> Sequence[Block | Inline] | None:
        only = element[0] if len(element) == 1 else None
        if only is None or only not in used or "".join([element.text or "", only.tail or ""]).strip(" \n[]"):
            return None
        return [Note(blocks(used[only], context))]

    return handler
