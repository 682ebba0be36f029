"""A book fitted to the device that it is made for: its text before printing, its style and contents after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from article_convert.files import size_text
from article_convert.model import (
    Article,
    Block,
    Heading,
    Image,
    Inlines,
    Node,
    Note,
    Paragraph,
    Styled,
    Table,
    Text,
    ThematicBreak,
)
from article_convert.profiles import PROFILES, Profile
from article_convert.report import Report
from article_convert.stylesheets import fitted, parsed, self_contained, unfit
from article_convert.tree import rewrite, text_of, walk
from article_convert.writers.epub.parts import NavPoint
from article_convert.writers.epub.tables import Strategy, fitted_table
from article_convert.writers.labels import label

__all__ = ["Device", "DeviceName", "Notes", "flattened"]

DeviceName: TypeAlias = Literal["generic", "kindle", "kobo", "apple", "weread"]
Notes: TypeAlias = Literal["auto", "popup", "inline"]

_SHORT_NOTE = 60
"""Characters up to which a note may stand in the text without breaking the thread."""


@dataclass(frozen=True, slots=True)
class Device:
    """The profile that a book is written for, with what its options decide otherwise."""

    profile: Profile
    tables: Strategy = "auto"
    notes: Notes = "auto"

    @classmethod
    def named(cls, name: DeviceName, tables: Strategy, notes: Notes) -> Device:
        return cls(PROFILES[name], tables, notes)

    def fitted(self, article: Article, language: str, report: Report) -> Article:
        """`article` with its tables, notes and sizes of pictures as the device shows them best."""
        if self.profile.name == "generic" and self.tables == self.notes == "auto":
            return article
        notes = self.profile.notes if self.notes == "auto" else self.notes
        if notes == "inline":
            article = _with_notes_in_place(article, language)

        def step(node: Node) -> Node | tuple[Node, ...]:
            if isinstance(node, Table):
                return fitted_table(node, self.tables, self.profile.tables, language, report)
            if isinstance(node, Image) and node.width.endswith("%") and not self.profile.inline_styles:
                return replace(node, width="")
            return node

        return rewrite(article, step)

    def style(self, built_in: str, own: str, report: Report) -> str:
        """The style sheet: the built-in one as far as the device understands it, then `own`.

        Reports `style.unfit` for what the device does not take of `own`: an explicit wish is obeyed. What would
        load a file is taken out and reported too: nothing but the sheet itself is in the book, and a book that
        asks the network for something is none.
        """
        if self.profile.name != "generic":
            built_in = fitted(built_in, self.profile.css)
        if not own:
            return built_in
        kept, gone = self_contained(own)
        for each in gone:
            hint = "; embed a font with -O font=FILE" if each.text.startswith("@font-face") else ""
            why = "what it loads is not in the book" if each.kind == "address" else "nobody knows what is in it"
            report.add("style.unfit", f"taken out, as {why}: {each.text} (line {each.line}){hint}")
        for each in unfit(parsed(own), self.profile.css) if kept else ():
            if f"css-{each.kind}" in self.profile.rules:
                report.add("style.unfit", f"{self.profile.title}: {each.text} (line {each.line}, {each.kind})")
        return f"{built_in}\n{kept}"

    def check_size(self, size: int, report: Report) -> None:
        """Report `epub.too-large` for a file that the way to the device may not take."""
        if self.profile.book_wanted and size > self.profile.book_wanted:
            why = self.profile.rules["book-large"].reason
            report.add("epub.too-large", f"{size_text(size)} for {self.profile.title}: {why}")


# ------------------------------------------------------------------ notes


def _with_notes_in_place(article: Article, language: str) -> Article:
    """Short notes in brackets where their mark stood; long ones numbered, at the end, without links.

    A note of a heading is never put into it, as it would stand in the table of contents.
    """
    article = rewrite(article, lambda node: _without_inner_notes(node, language) if isinstance(node, Note) else node)
    in_heading = {
        id(note)
        for heading in walk(article)
        if isinstance(heading, Heading)
        for note in walk(heading)
        if isinstance(note, Note)
    }
    long = [node for node in walk(article) if isinstance(node, Note) and (id(node) in in_heading or not _short(node))]
    numbers = {id(note): number for number, note in enumerate(long, 1)}

    def step(node: Node) -> Node | tuple[Node, ...]:
        if not isinstance(node, Note):
            return node
        number = numbers.get(id(node))
        return Styled("sup", (Text(f"[{number}]"),)) if number is not None else _bracketed(node, language)

    behind = [block for number, note in enumerate(long, 1) for block in _numbered(note, number)]
    end = (ThematicBreak(), *behind) if behind else ()
    changed = rewrite(article, step)
    return replace(changed, content=(*changed.content, *end)) if end else changed


def _short(note: Note) -> bool:
    """Whether a note is one short line of plain words."""
    if len(note.content) != 1 or not isinstance(note.content[0], Paragraph):
        return False
    return len(text_of(note).strip()) <= _SHORT_NOTE and not any(isinstance(node, Image) for node in walk(note))


def _bracketed(note: Note, language: str) -> Styled:
    """`（注：…）`, small."""
    said: Inlines = note.content[0].content if isinstance(note.content[0], Paragraph) else ()
    word = label(language, "note")
    before, after = (f"（{word}：", "）") if language[:2] in {"zh", "ja"} else (f" ({word}: ", ")")
    return Styled("small", (Text(before), *said, Text(after)))


def _without_inner_notes(note: Note, language: str) -> Note:
    """A note whose own notes stand in it as text."""

    def step(node: Node) -> Node | tuple[Node, ...]:
        if not isinstance(node, Note):
            return node
        return _bracketed(node, language) if _short(node) else (Text(f" ({text_of(node).strip()})"),)

    content = tuple(rewrite(block, step) for block in note.content)
    return note if content == note.content else replace(note, content=content)


def _numbered(note: Note, number: int) -> Iterator[Block]:
    mark = Text(f"[{number}] ")
    first = note.content[0] if note.content else Paragraph(())
    if isinstance(first, Paragraph):
        yield replace(first, content=(mark, *first.content))
        yield from note.content[1:]
    else:
        yield Paragraph((mark,))
        yield from note.content


# ------------------------------------------------------------------ contents


def flattened(points: Iterable[NavPoint], levels: int) -> list[NavPoint]:
    """A table of contents of at most `levels` levels (0: any); deeper lines move up behind their parent."""
    if not levels:
        return list(points)
    flat: list[NavPoint] = []
    for point in points:
        if levels > 1:
            flat.append(replace(point, children=tuple(flattened(point.children, levels - 1))))
            continue
        if point.href:
            flat.append(replace(point, children=()))
        flat += flattened(point.children, 1)
    return flat
