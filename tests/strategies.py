"""Hypothesis strategies for whole articles: every kind of node, text from the nastiest characters.

    articles()  blocks()  inlines()      well-formed trees of any content
    articles(exact=True) …               those that Markdown holds exactly: read(write(a)) == a

What every tree here promises is what readers promise (`readers.canonical`): adjacent `Text` is one,
nothing is empty, white space is single and never at the edge of a block, of emphasis or of a break,
emphasis does not stand in emphasis of its own kind, and a soft break does not stand between two
wide characters.

What `exact` promises beyond that, because Markdown has no way to say otherwise:

* a picture alone in a paragraph is a `Figure`, a formula alone on a line a `MathBlock`;
* headings, cells and captions stand on one line, so they hold no soft break;
* a tight list has items of one paragraph, or one paragraph and a list; a loose one has an item that
  begins with a paragraph and goes on (cmark counts no blank line after a rule, a heading or code);
* one header row of plain cells makes a table, and it says something if there are more rows; anything else
  is HTML or has a blank header row, read back by other rules;
* no heading has an `id`, addresses are ASCII as RFC 3986 wants them;
* code with a title has a language, no line of code is only spaces, code inside a line has no blank edges;
* the title of `details` holds no note and no formula;
* white space of other kinds (U+3000) is not at the edge of a block, where some parsers strip it;
* of `Styled` there are the kinds that are elements, of callouts those without a label.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from article_convert.model import (
    Article,
    Author,
    Block,
    BlockQuote,
    Blocks,
    Callout,
    Cell,
    Code,
    CodeBlock,
    Embed,
    Emphasis,
    Figure,
    Group,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    List,
    ListItem,
    Math,
    MathBlock,
    Metadata,
    Note,
    Notice,
    Paragraph,
    RawBlock,
    RawInline,
    Row,
    SoftBreak,
    Stats,
    Strikethrough,
    Strong,
    Styled,
    Table,
    Text,
    ThematicBreak,
)
from article_convert.readers.canonical import merged, soft_breaks_resolved, trimmed

__all__ = ["addresses", "articles", "blocks", "inlines", "metadata", "pictures", "texts"]

ALPHABET = "abz09 中文字，。：（）“”《》！*_~`[]()<>!#&$|\\{}%:\"'=+-.^/;😀＋￥é"
FRAGMENTS = (
    "提示：", "**", "****", "***", "1. ", "12) ", "- ", "+ ", "* ", "# ", "### ", "> ", "===", "---", "- - -", "~~~",
    "```", "http://a.com/b", "https://例子.中国", "www.a.com", "a_b_c", "_a_", "[x] ", "[ ] ", "[^1]", "[^1]: ",
    "[a]: b", "](u)", "![", "[!NOTE]", "&amp;", "&#42;", "&copy", "{% hint %}", "{{ x }}", "{#id}",
    "$$", "$", "<b>", "</b>",
    "<!-- a -->", "<T>", "1<2", "AT&T", "~~", "3~5", "|", "| a | b |", "\\", "\\*", "5 * 3", "a*b*c", "C#", " #",
    ":-- | --:", "<http://a.b>", "全\u3000角", "零\u200b宽",
)  # fmt: skip


def texts(max_size: int = 8) -> SearchStrategy[str]:
    """A line of text: any characters of the alphabet, and pieces that look like markup."""
    piece = st.text(ALPHABET, min_size=1, max_size=max_size) | st.sampled_from(FRAGMENTS)
    return st.lists(piece, min_size=1, max_size=3).map(lambda pieces: _single_spaced("".join(pieces)))


def _single_spaced(text: str) -> str:
    while "  " in text:
        text = text.replace("  ", " ")
    return text


def addresses() -> SearchStrategy[str]:
    """Addresses as readers give them: plain, percent-encoded, relative, and full of punctuation."""
    return st.sampled_from(
        (
            "u", "#a", "guide/a.md", "https://a.com/b_c_d?x=1&y=(2)#z", "https://a.com/%E4%B8%AD", "http://a.b/*c*",
            "a%20b.pdf", "mailto:a@b.c", "/a;b=c", "x!y,z", "https://a.com/?a=1&copy;=2", "a)b",
        )
    )  # fmt: skip


def pictures() -> SearchStrategy[str]:
    """Addresses of pictures. No link has one of these: readers take a picture out of a link to itself."""
    return st.sampled_from(("p.png", "a%20b.png?x=(1)", "https://a.com/p_q_.jpg", "p)q.gif", "http://a.b/*.webp"))


# --------------------------------------------------------------------------- inlines


def inlines(exact: bool = False, *, notes: bool = True, formulas: bool = True, one_line: bool = False) -> Any:
    """Inline content of a block, not empty."""
    return _raw_inlines(exact, notes, formulas, one_line).map(lambda content: tidy(content) or (Text("字"),))


def _raw_inlines(exact: bool, notes: bool, formulas: bool, one_line: bool) -> SearchStrategy[Inlines]:
    leaves = [
        texts().map(Text),
        texts().map(Text),
        _codes().map(Code),
        st.builds(Image, pictures(), _labels(), _labels()),
        st.just(LineBreak()),
    ]
    if not one_line:
        leaves.append(st.just(SoftBreak()))
    if formulas:
        leaves.append(st.sampled_from(("x^2", "a_1 + b_2", "\\frac{1}{2}", "a*b*c", "\\%")).map(Math))
    if notes:
        note = st.lists(
            texts().map(lambda text: Paragraph(tidy((Text(text),)) or (Text("注"),))), min_size=1, max_size=2
        )
        leaves.append(note.map(lambda content: Note(tuple(content))))
    if not exact:
        leaves.append(st.builds(Image, pictures(), _labels(), st.just(""), st.sampled_from(("375", "50%"))))
        leaves.append(st.builds(RawInline, st.just("html"), texts()))
    return st.recursive(st.lists(st.one_of(leaves), min_size=1, max_size=4).map(tuple), _wrapped, max_leaves=6)


def _wrapped(children: SearchStrategy[Inlines]) -> SearchStrategy[Inlines]:
    kinds = ("mark", "sub", "sup", "u", "kbd")
    node = st.one_of(
        children.map(Emphasis),
        children.map(Strong),
        children.map(Strong),
        children.map(Strikethrough),
        st.builds(Link, children, addresses(), _labels()),
        st.builds(Styled, st.sampled_from(kinds), children),
    )
    return st.lists(st.one_of(node.map(lambda one: (one,)), children), min_size=1, max_size=4).map(
        lambda parts: tuple(each for part in parts for each in part)
    )


def _codes() -> SearchStrategy[str]:
    return texts().map(lambda text: text.replace("\\|", "/").strip() or "x")


def _labels() -> SearchStrategy[str]:
    """Alternative texts and titles."""
    return st.just("") | texts(4).map(str.strip)


def tidy(content: Inlines) -> Inlines:
    """`content` as readers give it; see the module."""
    tidied = trimmed(soft_breaks_resolved(merged(_spaced(_unnested(content)))))
    return tidied if tidied == content else tidy(tidied)


def _unnested(content: Inlines, inside: frozenset[type] = frozenset()) -> list[Inline]:
    result: list[Inline] = []
    for node in content:
        if isinstance(node, (Emphasis, Strong, Strikethrough, Link, Styled)):
            kind = type(node)
            inner = tuple(_unnested(node.content, inside | {kind}))
            if kind in inside:
                result.extend(inner)
                continue
            inner = trimmed(soft_breaks_resolved(merged(_spaced(inner))))
            if inner:
                result.append(replace(node, content=inner))
        elif isinstance(node, Note) and Link in inside:
            continue
        else:
            result.append(node)
    return result


_BREAKS = (SoftBreak, LineBreak)


def _spaced(content: Any) -> list[Inline]:
    """No two white spaces in a row, none beside a break, and no soft break beside another break."""
    result: list[Inline] = []
    for node in merged(content):
        last = result[-1] if result else None
        if isinstance(node, Text):
            text = _single_spaced(node.text)
            if isinstance(last, _BREAKS):
                text = text.lstrip(" ")
            if text:
                result.append(Text(text))
            continue
        if isinstance(node, _BREAKS):
            if isinstance(last, Text):
                stripped = last.text.rstrip(" ")
                result[-1:] = [Text(stripped)] if stripped else []
                last = result[-1] if result else None
            if isinstance(last, (*_BREAKS, Math)) and (isinstance(node, SoftBreak) or isinstance(last, SoftBreak)):
                continue
        elif isinstance(node, Math) and isinstance(last, SoftBreak):
            result.pop()
        result.append(node)
    return result


# --------------------------------------------------------------------------- blocks


def blocks(exact: bool = False, *, notes: bool = True, formulas: bool = True, constructs: bool = True) -> Any:
    """A sequence of blocks, not empty. `constructs` adds callouts and `details`, which strict parsers do not know."""
    content = inlines(exact, notes=notes, formulas=formulas)
    line = inlines(exact, notes=notes, formulas=formulas, one_line=True)
    leaves: list[SearchStrategy[Block]] = [
        content.filter(_is_running_text).map(Paragraph),
        content.filter(_is_running_text).map(Paragraph),
        st.builds(Heading, st.integers(1, 6), line.filter(_is_running_text)),
        st.builds(CodeBlock, _listings(), st.sampled_from(("", "python", "c++")), st.just("")),
        st.builds(CodeBlock, _listings(), st.sampled_from(("js", "text")), st.sampled_from(("a b.py", "说明.txt"))),
        st.just(ThematicBreak()),
        st.builds(Figure, st.builds(Image, pictures(), _labels(), _labels())),
        _tables(line),
    ]
    if formulas:
        leaves.append(st.sampled_from(("x^2", "a_1 \\\\\nb * c")).map(MathBlock))
    if not exact:
        leaves += _inexact_leaves(line)

    def containers(children: SearchStrategy[Any]) -> SearchStrategy[Any]:
        nodes = [children.map(BlockQuote), _lists(content, children)]
        if constructs:
            kinds = st.sampled_from(("info", "success", "warning", "danger"))
            title = inlines(exact, notes=False, formulas=False, one_line=True)
            nodes.append(st.builds(Group, st.just("details"), children, title))
            if not exact:
                nodes.append(st.builds(Callout, kinds, children, st.just(()) | line))
                nodes.append(_groups(line, children))
        return st.lists(st.one_of(*nodes, *leaves[:3]), min_size=1, max_size=3).map(tuple)

    flat = st.lists(st.one_of(leaves), min_size=1, max_size=4).map(tuple)
    tree = st.recursive(flat, containers, max_leaves=5)
    if exact and constructs:
        kinds = st.sampled_from(("info", "success", "warning", "danger"))
        callout = st.builds(Callout, kinds, tree)
        return st.lists(tree | callout.map(lambda one: (one,)), min_size=1, max_size=2).map(
            lambda parts: tuple(block for part in parts for block in part)
        )
    return tree


def _inexact_leaves(line: SearchStrategy[Inlines]) -> list[SearchStrategy[Any]]:
    cell = st.builds(Cell, line.map(lambda one: (Paragraph(one),)), st.booleans(), st.integers(1, 2), st.integers(1, 2))
    rows = st.lists(st.lists(cell, min_size=1, max_size=3).map(lambda cells: Row(tuple(cells))), min_size=1, max_size=3)
    return [
        st.builds(Figure, st.builds(Image, pictures(), _labels(), _labels(), st.sampled_from(("", "375"))), line),
        st.builds(Embed, st.sampled_from(("video", "file", "page", "link")), addresses(), st.just(()) | line),
        st.builds(RawBlock, st.just("html"), _listings()),
        st.builds(Table, rows.map(tuple), st.just(()), st.just(()) | line),
    ]


def _groups(line: SearchStrategy[Inlines], children: SearchStrategy[Blocks]) -> SearchStrategy[Group]:
    kinds = (("tabs", "tab"), ("steps", "step"), ("columns", "column"), ("cards", "card"), ("updates", "update"))

    def group(names: tuple[str, str], parts: list[tuple[Inlines, Blocks]]) -> Group:
        return Group(names[0], tuple(Group(names[1], content, label) for label, content in parts))

    parts = st.lists(st.tuples(st.just(()) | line, children), min_size=1, max_size=2)
    return st.builds(group, st.sampled_from(kinds), parts)


def _is_running_text(content: Inlines) -> bool:
    return not (len(content) == 1 and isinstance(content[0], (Image, Math)))


def _listings() -> SearchStrategy[str]:
    line = st.just("") | texts() | st.sampled_from(("```", "~~~~", "    indented", "> x", "{% hint %}"))
    return st.lists(line.map(lambda text: text.rstrip(" ")), min_size=0, max_size=3).map("\n".join)


def _lists(content: SearchStrategy[Inlines], children: SearchStrategy[Blocks]) -> SearchStrategy[List]:
    paragraph = content.filter(_is_running_text).map(Paragraph)
    leaf = st.builds(ListItem, paragraph.map(lambda one: (one,)), st.sampled_from((None, None, True, False)))
    inner = st.lists(leaf, min_size=1, max_size=2).map(lambda items: List(tuple(items)))
    nested = st.builds(lambda first, last: ListItem((first, last)), paragraph, inner)
    tight = st.lists(leaf | nested, min_size=1, max_size=3)
    opening = st.builds(lambda first, rest: ListItem((first, *rest)), paragraph, children)
    loose = st.builds(lambda first, rest: [first, *rest], opening, st.lists(children.map(ListItem), max_size=2))
    starts = st.sampled_from((1, 1, 0, 7, 123))

    def made(items: list[ListItem], is_tight: bool, ordered: bool, start: int) -> List:
        return List(tuple(items), ordered, start if ordered else 1, is_tight)

    return st.one_of(
        st.builds(made, tight, st.just(True), st.booleans(), starts),
        st.builds(made, loose, st.just(False), st.booleans(), starts),
    )


@st.composite
def _tables(draw: Any, line: SearchStrategy[Inlines]) -> Table:
    width = draw(st.integers(1, 3))
    cell = st.just(()) | line.map(lambda content: (Paragraph(content),))

    def row(header: bool) -> Row:
        return Row(tuple(Cell(draw(cell), header) for _ in range(width)))

    align = draw(st.just(()) | st.tuples(*[st.sampled_from(("left", "center", "right"))] * width))
    head, body = row(True), tuple(row(False) for _ in range(draw(st.integers(0, 2))))
    if body and not any(each.content for each in head.cells):
        head = Row((Cell((Paragraph((Text("字"),)),), True), *head.cells[1:]))
    return Table((head, *body), align)


# --------------------------------------------------------------------------- articles


def metadata() -> SearchStrategy[Metadata]:
    """What is known about an article, every field filled or not."""
    line = texts().map(lambda text: " ".join(text.split()) or "字")
    some = st.just("") | line
    days = st.just(None) | st.dates(date(1990, 1, 1), date(2100, 1, 1))
    times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(
        lambda when: when.replace(microsecond=0)
    )
    counts = st.just(None) | st.integers(0, 10**6)
    return st.builds(
        Metadata,
        title=some,
        description=some,
        authors=st.lists(st.builds(Author, line, st.just("") | st.just("https://a.b/c"), st.just("")), max_size=2).map(
            tuple
        ),
        published=days | times,
        modified=days,
        language=st.sampled_from(("", "zh-CN", "en", "no")),
        source_url=st.sampled_from(("", "https://a.com/1.html")),
        site=some,
        publisher=some,
        category=some,
        tags=st.lists(line, max_size=3).map(tuple),
        summary=some,
        lead_image=st.sampled_from(("", "a.png")),
        stats=st.builds(Stats, counts, counts, counts, counts, counts),
        notices=st.lists(st.builds(Notice, st.sampled_from(("licence", "cover")), line), max_size=2).map(tuple),
        extra=st.sampled_from(((), (("icon", "book"), ("part", "true")))),
    )


def articles(exact: bool = False) -> SearchStrategy[Article]:
    """A whole article with metadata; one title at most, so that it reads back as that."""
    return st.builds(Article, blocks(exact), st.just(Metadata()) | metadata())
