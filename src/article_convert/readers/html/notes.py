"""Footnotes of a page: the number in the text and the note at its end become one `Note`.

Known by what GitHub, Pandoc, Hugo, kramdown, Sphinx and Markdown-it write: a link marked as a reference
that leads to an item, or a box, of a place marked as footnotes; and by what HonKit and Zhihu write: a raised
link to an item or a quotation that leads back to it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

from article_convert.model import Block, Blocks, Inline, Note, Span
from article_convert.readers.html.flow import Context, Handler, blocks
from article_convert.readers.html.parse import Element, drop, words
from article_convert.readers.html.select import select, text_in
from article_convert.report import Removal, Report

__all__ = ["note_handlers", "note_reader"]

_PLACES = (
    "section.footnotes, div.footnotes, section[data-footnotes], [role=doc-endnotes], ol.footnotes, ol.footnotes-list,"
    " aside.footnote-list, dl.footnote"
)
_REFERENCES = words("footnote-ref footnote-reference footnote noteref")
_BACK = words("footnote-backref footnote-back reversefootnote fn-backref backlink")


_NoteReader: TypeAlias = Callable[[Element, Context], "Note | None"]


def note_reader() -> _NoteReader:
    """What gives the `Note` for the element that holds it. Each is converted once and shared by all references.

    Inside a note, the answer for a note that was read before is `None`: notes that refer to themselves, or each
    twice to the next one, would have no end.
    """
    known: dict[Element, tuple[int, Blocks]] = {}
    reading: list[Element] = []

    def note_in(element: Element, context: Context) -> Note | None:
        depth, content = known.get(element, (-1, ()))
        if element in reading or (reading and element in known):
            return None
        if depth < context.depth:  # what was read at a smaller depth may be too deep here
            reading.append(element)
            try:
                content = blocks(element, context)
            finally:
                reading.pop()
            known[element] = (context.depth, content)
        return Note(content)

    return note_in


def note_handlers(body: Element, report: Report) -> dict[str, Handler]:
    """Handlers that give a `Note` for each reference in `body` that leads to one.

    The notes are taken out of the page, and their place with them if nothing else is in it.
    """
    places = select(body, _PLACES)
    notes = {item.get("id", ""): item for place in places for item in select(place, "li[id], aside[id]")}
    notes |= _mutual(body)
    backs = {name: {_target(back) for back in select(item, "a[href^='#']")} for name, item in notes.items()}
    items = frozenset(notes.values())
    used = {
        link: notes[_target(link)]
        for link in select(body, "a[href^='#']")
        if _target(link) in notes and items.isdisjoint(link.iterancestors()) and _is_reference(link, backs)
    }
    names = {link.get("id", "") for link in used} - {""}
    for note in dict.fromkeys(used.values()):
        number = note[0] if note.tag == "blockquote" and len(note) and note[0].tag == "sup" else None
        if number is not None and text_in(number).isdecimal():  # HonKit prints `1. ` itself
            number.tail = (number.tail or "").removeprefix(".").lstrip()
            drop(number)
        for extra in select(note, "a[href^='#'], span.label"):
            if (
                extra.tag == "span"
                or _target(extra) in names
                or extra.get("role") == "doc-backlink"
                or not _BACK.isdisjoint(_marks(extra))
            ):
                drop(extra)
        drop(note)
    for place in [*places, *select(body, "ol.ReferenceList")] if used else ():
        if next(place.iter("li", "aside", "p"), None) is None:
            _leave(place, report)
    told = note_reader()
    return {"sup": _inside(used, told), "a": _itself(used, told)} if used else {}


def _mutual(body: Element) -> dict[str, Element]:
    """Items and quotations that a raised link leads to, and that lead back to it."""
    items = {item.get("id", ""): item for item in select(body, "blockquote[id], ol.ReferenceList > li[id]")}
    links = select(body, "sup > a[id][href^='#']") if items else []
    found: dict[str, Element] = {}
    for link in links:
        note = items.get(_target(link))
        if note is not None and any(_target(back) == link.get("id") for back in select(note, "a[href^='#']")):
            found[_target(link)] = note
    return found


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


def _is_reference(link: Element, backs: Mapping[str, Collection[str]]) -> bool:
    """Whether a link to a note is the number of it: by its marks, or as the note leads back to it."""
    marked = link.get("data-footnote-ref") is not None or link.get("role") == "doc-noteref"
    if not marked and link.get("id"):
        marked = link.get("id") in backs[_target(link)]
    return marked or not _REFERENCES.isdisjoint(_marks(link))


def _itself(used: Mapping[Element, Element], told: _NoteReader) -> Handler:
    def handler(element: Element, context: Context) -> Sequence[Block | Inline] | None:
        note = told(used[element], context) if element in used else None
        return None if note is None else [note]

    return handler


def _inside(used: Mapping[Element, Element], told: _NoteReader) -> Handler:
    """A reference stands in a `sup` of its own."""

    def handler(element: Element, context: Context) -> Sequence[Block | Inline] | None:
        only = element[0] if len(element) == 1 else None
        if only is None or only not in used or "".join([element.text or "", only.tail or ""]).strip(" \n[]"):
            return None
        note = told(used[only], context)
        return None if note is None else [note]

    return handler
