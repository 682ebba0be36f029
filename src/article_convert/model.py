"""The article tree: every node, what it means and what its fields hold.

This is the first file to read. Bytes become this tree in a reader, transforms turn one tree
into another, and a writer prints it; nothing else travels between them.

Rules that hold for every node:

* Nodes are frozen and compared by value. `span` says where a node stood in its source and is
  not part of the value.
* A sequence of children is a tuple of nodes, so list items, rows and cells are nodes too.
* A field name means one thing everywhere: `content` is children, `text` is verbatim text,
  `url`, `alt` and `title` are plain strings, `kind` is a small word, `label` and `caption` are
  inline children that name a block, `attributes` are pairs of strings in source order.
* The tree says what something is, never how it was typed: no fence lengths, no bullet characters.
* Nodes have no behaviour. Walking and rebuilding live in `tree`, printing in `writers`.

`Block` and `Inline` are closed unions. Code that handles every kind ends its `match` with
`assert_never`, so that the type checker names each place that a new kind makes incomplete.
What no kind describes climbs a ladder instead of vanishing: its own node; a `Group` or `Styled`
with the name kept and the children parsed; a `RawBlock` or `RawInline`; a reported removal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal, TypeAlias

__all__ = [
    "Alignment",
    "Article",
    "Attributes",
    "Author",
    "Block",
    "BlockQuote",
    "Blocks",
    "Book",
    "Callout",
    "CalloutKind",
    "Cell",
    "Chapter",
    "Code",
    "CodeBlock",
    "Document",
    "Embed",
    "Emphasis",
    "Entry",
    "Figure",
    "Group",
    "Heading",
    "Image",
    "Inline",
    "Inlines",
    "LineBreak",
    "Link",
    "List",
    "ListItem",
    "Math",
    "MathBlock",
    "Metadata",
    "Node",
    "Note",
    "Notice",
    "Paragraph",
    "RawBlock",
    "RawInline",
    "Resource",
    "Row",
    "SoftBreak",
    "Span",
    "Stats",
    "Strikethrough",
    "Strong",
    "Styled",
    "Table",
    "Text",
    "ThematicBreak",
]

Attributes: TypeAlias = tuple[tuple[str, str], ...]
Alignment: TypeAlias = Literal["", "left", "center", "right"]
CalloutKind: TypeAlias = Literal["info", "success", "warning", "danger"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where a node stood in its source: 1-based lines and columns, the end exclusive.

    A reader that knows only lines gives whole lines (`column` 1, `end_column` 1 of the line after), and one that
    knows only where a node begins gives no end (`end_line` and `end_column` 0).
    """

    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Anything that stands in an article."""

    span: Span | None = field(default=None, compare=False, repr=False)


# --------------------------------------------------------------------------- inlines


@dataclass(frozen=True, slots=True)
class Text(Node):
    """Characters as a person reads them: entities and escapes are already resolved."""

    text: str


@dataclass(frozen=True, slots=True)
class Emphasis(Node):
    """Stressed text. Chinese has no italics: writers show it by other means there."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Strong(Node):
    """Important text, usually bold."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Strikethrough(Node):
    """Text marked as no longer valid."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Code(Node):
    """A short piece of code inside a line."""

    text: str


@dataclass(frozen=True, slots=True)
class Link(Node):
    """A link. `title` is the tooltip.

    `url` is an address as RFC 3986 has it: what cannot stand in one, such as a blank or a Chinese
    character, is percent-encoded, in every node that has a `url`.
    """

    content: Inlines
    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Image(Node):
    """A picture, named by `url`; its bytes are in `Article.resources` if they are at hand.

    `width` and `height` are CSS pixels as digits (`"375"`) or a percentage (`"50%"`), empty if
    unknown. `dark_url` is the variant for dark screens, if the source has one.
    """

    url: str
    alt: str = ""
    title: str = ""
    width: str = ""
    height: str = ""
    dark_url: str = ""


@dataclass(frozen=True, slots=True)
class SoftBreak(Node):
    """A line end in the source that reads as a space.

    Between two East Asian wide characters a line end reads as nothing; readers leave it out there.
    """


@dataclass(frozen=True, slots=True)
class LineBreak(Node):
    """A line end that the author wants to see."""


@dataclass(frozen=True, slots=True)
class Math(Node):
    """A formula inside a line, in TeX without delimiters."""

    text: str


@dataclass(frozen=True, slots=True)
class Note(Node):
    """A footnote. It holds its text, so it cannot dangle; writers number it."""

    content: Blocks


@dataclass(frozen=True, slots=True)
class Styled(Node):
    """Inline content with a meaning named by `kind`.

    Known kinds: `mark`, `sub`, `sup`, `u`, `kbd`, `small`, `ruby`, `rt`, `rp`, `abbr`, `cite`,
    `dfn`, `ins`, `q`, `samp`, `time`, `var`, `span`, `button`, `icon`, `anchor` (an empty link
    target whose name is the attribute `id`), `furniture` (found by a rule and not cut yet; see
    `Group`). An unknown kind keeps its name and its content.
    """

    kind: str
    content: Inlines
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True)
class RawInline(Node):
    """Source text that no reader understood, in the language named by `format` (`html`)."""

    format: str
    text: str


# --------------------------------------------------------------------------- blocks


@dataclass(frozen=True, slots=True)
class Paragraph(Node):
    """Running text."""

    content: Inlines


@dataclass(frozen=True, slots=True)
class Heading(Node):
    """A heading of level 1 to 6. `id` is its link target, empty until it is given one."""

    level: int
    content: Inlines
    id: str = ""


@dataclass(frozen=True, slots=True)
class BlockQuote(Node):
    """Quoted blocks."""

    content: Blocks


@dataclass(frozen=True, slots=True)
class ListItem(Node):
    """One item of a list. `checked` is `None` unless the item is a task."""

    content: Blocks
    checked: bool | None = None


@dataclass(frozen=True, slots=True)
class List(Node):
    """A list. `start` counts only in an ordered list; `tight` items stand without space between."""

    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1
    tight: bool = True


@dataclass(frozen=True, slots=True)
class CodeBlock(Node):
    """Lines of code without a final line end. `language` is a word, `title` often a file name."""

    text: str
    language: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ThematicBreak(Node):
    """A change of subject, usually shown as a rule."""


@dataclass(frozen=True, slots=True)
class Figure(Node):
    """A picture that stands by itself, with its caption."""

    image: Image
    caption: Inlines = ()


@dataclass(frozen=True, slots=True)
class Cell(Node):
    """A table cell. It holds blocks; a cell of plain text holds one paragraph."""

    content: Blocks
    header: bool = False
    column_span: int = 1
    row_span: int = 1


@dataclass(frozen=True, slots=True)
class Row(Node):
    """A table row. A row whose cells are all headers belongs to the head of the table."""

    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table(Node):
    """A table. `align` has one entry for each column, or none at all."""

    rows: tuple[Row, ...]
    align: tuple[Alignment, ...] = ()
    caption: Inlines = ()


@dataclass(frozen=True, slots=True)
class Callout(Node):
    """Blocks set apart: a hint, a warning. `label` is the author's own heading for it.

    Without a label writers print the name of the kind in the language of the article.
    """

    kind: CalloutKind
    content: Blocks
    label: Inlines = ()


@dataclass(frozen=True, slots=True)
class MathBlock(Node):
    """A formula on lines of its own, in TeX without delimiters."""

    text: str


@dataclass(frozen=True, slots=True)
class Embed(Node):
    """Something that lives elsewhere: `kind` is `video`, `audio`, `file`, `page` or `link`."""

    kind: str
    url: str
    caption: Inlines = ()


@dataclass(frozen=True, slots=True)
class Group(Node):
    """Blocks that belong together for a reason named by `kind`.

    Known kinds: `tabs` of `tab`, `steps` of `step`, `columns` of `column`, `updates` of `update`,
    `cards` of `card`, `details`, `gallery`, `if`, `prompt`, `definitions` of `term` and
    `definition`, `section`, `div`, `api` (a call of an API) with `api-parameters`, `api-response` and
    `api-schema`, `include` (content of another page), `pager` (ways to other pages), `kept` (in an
    explanation, what a rule found and a user keeps), `furniture` (found by the rule and for the reason that its
    attributes name, and not cut yet). An unknown kind keeps its name; writers that do not know it
    print the label and the content as if they stood alone.
    """

    kind: str
    content: Blocks
    label: Inlines = ()
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True)
class RawBlock(Node):
    """Source text that no reader understood, in the language named by `format`.

    The writer of that format may print it as it is; all others show it as code and report it.
    """

    format: str
    text: str


Inline: TypeAlias = (
    Text
    | Emphasis
    | Strong
    | Strikethrough
    | Code
    | Link
    | Image
    | SoftBreak
    | LineBreak
    | Math
    | Note
    | Styled
    | RawInline
)
Block: TypeAlias = (
    Paragraph
    | Heading
    | BlockQuote
    | List
    | CodeBlock
    | ThematicBreak
    | Figure
    | Table
    | Callout
    | MathBlock
    | Embed
    | Group
    | RawBlock
)
Inlines: TypeAlias = tuple[Inline, ...]
Blocks: TypeAlias = tuple[Block, ...]


# --------------------------------------------------------------------------- metadata


@dataclass(frozen=True, slots=True)
class Author:
    """A person or a publication that wrote the article."""

    name: str
    url: str = ""
    avatar: str = ""


@dataclass(frozen=True, slots=True)
class Stats:
    """Counters as the site printed them when the page was saved; `None` if it did not."""

    views: int | None = None
    comments: int | None = None
    collects: int | None = None
    likes: int | None = None
    reading_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A statement about the article that is not part of its text.

    `kind` is `licence` (who published it, who may copy it), `cover` (where the lead picture comes
    from), `disclaimer`, `attribution` (original author, translator, source) or `about` (the author).
    """

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article or a book. Every value is optional and plain.

    `summary` is the abstract, paragraphs separated by a line end. `origins` says for each filled
    field where its value was found (`("title", "heading")`) and is not part of the value.
    """

    title: str = ""
    description: str = ""
    authors: tuple[Author, ...] = ()
    published: date | datetime | None = None
    modified: date | datetime | None = None
    language: str = ""
    source_url: str = ""
    site: str = ""
    publisher: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    summary: str = ""
    lead_image: str = ""
    stats: Stats = Stats()
    notices: tuple[Notice, ...] = ()
    extra: Attributes = ()
    origins: Attributes = field(default=(), compare=False)


# --------------------------------------------------------------------------- documents


@dataclass(frozen=True, slots=True)
class Resource:
    """Bytes that an article refers to by `url`, at hand on this machine.

    `location` is a file or the bytes themselves and is not part of the value; `digest` is the
    SHA-256 of the bytes in hexadecimal, `media_type` was found by looking at them. `address` is where
    readers of the output find the bytes if they are put beside it, as it is to be printed.
    """

    url: str
    media_type: str
    digest: str
    location: Path | bytes = field(compare=False, repr=False)
    address: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its blocks, what is known about it, and the pictures at hand."""

    content: Blocks = ()
    metadata: Metadata = Metadata()
    resources: tuple[Resource, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """An article of a book, read when a writer asks for it and let go afterwards.

    `path` names it inside the book (`guide/setup.md`): links between chapters are written against
    it. Two calls of `load` give equal articles. Not part of the value are `source`, the file that it is
    read from, so that nothing is written over it, and `source_url`, the address that it was saved from,
    so that links to it stay in the book; both only if they are known without loading it.
    """

    path: str
    load: Callable[[], Article] = field(compare=False, repr=False)
    source: Path | None = field(default=None, compare=False, repr=False)
    source_url: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a book's table of contents: a chapter, a link, or only a title with children.

    `url` is an outside address, or the path of a chapter with an anchor. `part` marks a title
    that opens a part of the book.
    """

    title: str
    chapter: Chapter | None = None
    url: str = ""
    children: tuple[Entry, ...] = ()
    part: bool = False


@dataclass(frozen=True, slots=True)
class Book:
    """Many articles as one work, in the order of `entries`."""

    entries: tuple[Entry, ...]
    metadata: Metadata = Metadata()
    resources: tuple[Resource, ...] = ()


Document: TypeAlias = Article | Book
