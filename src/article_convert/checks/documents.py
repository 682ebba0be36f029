"""The documents: whether they can be read, where their links lead, and what in them a device cannot show."""

from __future__ import annotations

from collections.abc import Iterator

from article_convert.checks.book import OpenedBook, all_links, resolved
from article_convert.checks.findings import Place
from article_convert.checks.rules import Check, Find, noted
from article_convert.profiles import Profile

__all__ = ["RULES"]


def _encoding_unsaid(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document in book.documents.values():
        if not document.encoding:
            yield Place(document.name, 1)


def _link_dangling(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document, link in all_links(book):
        if _is_outside(link.url):
            continue
        name = resolved(document.name, link.url)
        if not name or name not in book.names:
            yield Place(document.name, link.line, link.url[:200] or "an empty address")


def _link_anchor(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document, link in all_links(book):
        anchor = link.url.partition("#")[2]
        if not anchor or _is_outside(link.url):
            continue
        target = book.documents.get(resolved(document.name, link.url))
        if target is not None and anchor not in target.ids and "(" not in anchor:
            yield Place(document.name, link.line, link.url[:200])


def _remote_resource(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document, link in all_links(book):
        if link.loads and (_is_remote(link.url) or link.url.lower().startswith("file:")):
            yield Place(document.name, link.line, link.url[:200])
    for name, sheet in book.sheets.items():
        for url, line in sheet.addresses:
            if _is_remote(url):
                yield Place(name, line, url[:200])
    for item in book.package.items.values() if book.package is not None else ():
        if _is_remote(item.href) and book.package is not None:
            yield Place(book.package.name, item.line, item.href[:200])


def _is_remote(url: str) -> bool:
    return url.lstrip().lower().startswith(("http:", "https:", "//", "ftp:"))


def _is_outside(url: str) -> bool:
    """Whether an address leads out of the book on purpose, or carries its data itself."""
    head = url.partition("/")[0].partition("?")[0].partition("#")[0]
    return ":" in head or url.startswith("//")


def _seen(kind: str) -> Find:
    def find(book: OpenedBook, profile: Profile) -> Iterator[Place]:
        for document in book.documents.values():
            for each in document.has(kind):
                yield Place(document.name, each.line, each.detail)

    return find


def _svg_text(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    yield from _seen("svg-text")(book, profile)
    for picture in book.pictures:
        if picture.look is not None and picture.look.words:
            yield Place(picture.name)


def _math(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if not profile.mathml:
        yield from _seen("math")(book, profile)


def _table_wide(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document in book.documents.values():
        for table in document.tables:
            if profile.tables.are_too_wide(table.widths):
                yield Place(document.name, table.line, f"{len(table.widths)} columns")


def _table_large(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document in book.documents.values():
        for table in document.tables:
            if profile.tables.are_too_large(table.cells, table.characters):
                yield Place(document.name, table.line, f"{table.cells:,} cells, {table.characters:,} characters")


def _table_nested(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document in book.documents.values():
        for table in document.tables:
            if table.nested and not profile.tables.nested:
                yield Place(document.name, table.line)


def _note_no_way_back(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document in book.documents.values():
        for note in document.notes:
            if not note.mark and not note.leads_back:
                yield Place(document.name, note.line, note.target[:60])


def _note_not_aside(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    """Marks whose text is in a document of the book, but is no footnote by its markup."""
    texts = {(doc.name, note.target) for doc in book.documents.values() for note in doc.notes if not note.mark}
    for document in book.documents.values():
        for note in document.notes:
            if note.mark and note.target in document.ids and (document.name, note.target) not in texts:
                yield Place(document.name, note.line, f"#{note.target[:60]}")


def _note_dead(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if profile.notes != "inline":
        return
    for document in book.documents.values():
        for note in document.notes:
            if note.mark:
                yield Place(document.name, note.line, f"#{note.target[:60]}")


def _inline_style(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if profile.inline_styles:
        return
    for document in book.documents.values():
        for style, line in document.inline:
            yield Place(document.name, line, style[:100])


RULES = (
    Check("not-well-formed", "A file is no well-formed XML.",
          "Close every element, write & as &amp;, keep `--` out of comments.", noted("not-well-formed")),
    Check("entities", "A file declares entities of its own.",
          "Write the characters themselves, and take the declarations out.", noted("entities")),
    Check("encoding", "A file is neither in UTF-8 nor in UTF-16.", "Save it as UTF-8.", noted("encoding")),
    Check("encoding-unsaid", "A document does not say in which encoding it is.",
          'Begin it with <?xml version="1.0" encoding="utf-8"?>.', _encoding_unsaid),
    Check("id-twice", "An id stands in a document twice.", "Give one of them another name.", noted("id-twice")),
    Check("link-dangling", "Links or pictures lead to files that are not in the book.",
          "Put the file in, or mend or remove the link.", _link_dangling),
    Check("link-anchor", "Links lead to places that their document has not.",
          "Give the place that id, or let the link lead to the document.", _link_anchor),
    Check("remote-resource", "The book wants to load something from the network.",
          "Put the file into the book; a link that is only followed may stay.", _remote_resource),
    Check("script", "The book holds scripts.", "Make sure that everything can be read without them.", _seen("script")),
    Check("media", "The book holds sound or film.",
          "Say in the text what they show, and give a link to them.", _seen("media")),
    Check("svg-text", "Drawings (SVG) hold words.", "Put a PNG in place of the drawing.", _svg_text),
    Check("math", "Formulas are MathML.", "Put pictures with alternative text, or plain text, in their place.", _math),
    Check("table-wide", "Tables have more columns than the screen has room for.",
          "Turn rows into short lists (-O tables=cards), or split the table.", _table_wide),
    Check("table-large", "Tables are larger than the device takes.",
          "Split the table, or turn rows into short lists (-O tables=cards).", _table_large),
    Check("table-nested", "Tables stand inside tables.", "Take the inner table out, or write it as a list.",
          _table_nested),
    Check("note-no-way-back", "Footnotes hold no link back to their mark.",
          "Begin the note with a link to the id of its mark.", _note_no_way_back),
    Check("note-not-aside", "Marks of footnotes lead to text that is not marked as a footnote.",
          'Put the note into <aside epub:type="footnote">.', _note_not_aside),
    Check("note-dead", "Footnotes are links, which do nothing on this device.",
          "Put short notes into the text in brackets (-O notes=inline).", _note_dead),
    Check("inline-style", "Elements have a style of their own, which the device takes off.",
          "Give the element a class, and the class the style.", _inline_style),
)  # fmt: skip
