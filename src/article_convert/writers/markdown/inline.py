"""Inline content as Markdown: `inline` prints what stands inside one block.

The content is laid out as a flat row of pieces first. Every piece then knows the characters beside
it, so that emphasis gets delimiters only where every CommonMark parser recognises them. In
`**提示：**内容` none does: the closing stars stand between punctuation and a letter. There the words
stand between `<strong>` and `</strong>`, which reads well and means the same everywhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise, product
from typing import assert_never

from article_convert.model import (
    Code,
    Emphasis,
    Image,
    Inlines,
    LineBreak,
    Link,
    Math,
    Note,
    RawInline,
    SoftBreak,
    Strikethrough,
    Strong,
    Styled,
    Text,
)
from article_convert.writers.markdown.escape import (
    CONTROLS,
    WORTH_A_LOOK,
    can_close,
    can_open,
    code_span,
    delimiter_run,
    destination,
    escaped,
    html_code,
    link_title,
)
from article_convert.writers.markdown.state import STYLES, MarkdownState, image_element, style_tag
from article_convert.writers.markup.escape import quoted

__all__ = ["inline"]

TEXT, MARKUP, OPEN, CLOSE, SOFT, HARD = range(6)
_BREAKS = (SOFT, HARD)


@dataclass(slots=True, eq=False)
class _Mark:
    """One stretch of emphasis: its HTML element, what it stands in, and the delimiter chosen for it."""

    tag: str
    parent: _Mark | None
    delimiter: str = ""


@dataclass(slots=True, eq=False)
class _Piece:
    """A stretch of a line. The text of an `OPEN` or `CLOSE` is `*` until its delimiter is chosen."""

    kind: int
    text: str
    mark: _Mark | None = None
    in_label: bool = False


_Row = list[_Piece]

_TAGS: dict[type, str] = {Emphasis: "em", Strong: "strong", Strikethrough: "del"}
_SPACES = re.compile(r"[ \t\r\n]+")
_DELIMITERS = {"strong": ("**",), "del": ("~~",), "em": ("*", "_")}
_BLANK_LINES = re.compile(r"[ \t]*\n[ \t\n]*")


def inline(content: Inlines, state: MarkdownState, one_line: bool = False, in_label: bool = False) -> str:
    """`content` as Markdown without outer white space; `one_line` for headings and table cells.

    What stands at the start of a line is not looked at; `escape.at_line_starts` does that.
    """
    if len(content) == 1 and type(content[0]) is Text:
        text = content[0].text
        if text.isprintable() and not WORTH_A_LOOK.search(text):
            return text.strip(" \t")
    row = _Layout(state).row(content, None, in_label)
    _settle_breaks(row, one_line)
    _choose_delimiters(row, state.stars)
    printed = _printed(row).strip(" \t\n")
    return _BLANK_LINES.sub("\n", printed) if "\n" in printed else printed


class _Layout:
    """Turns inline nodes into a row of pieces, with white space moved out of emphasis."""

    def __init__(self, state: MarkdownState) -> None:
        self.state = state

    def row(self, content: Inlines, parent: _Mark | None, in_label: bool) -> _Row:
        row: _Row = []
        for node in content:
            match node:
                case Text():
                    _append_text(row, _clean(node.text, self.state), in_label)
                case Emphasis() | Strong() | Strikethrough():
                    _extend_emphasis(row, self._emphasis(node, parent, in_label))
                case Code():
                    _append_code(row, node.text, in_label)
                case Link():
                    _extend(row, self._link(node, parent, in_label))
                case Image():
                    _extend(row, self._image(node, in_label))
                case SoftBreak():
                    row.append(_Piece(SOFT, "\n"))
                case LineBreak():
                    row.append(_Piece(HARD, "\\\n"))
                case Math():
                    row.append(_Piece(MARKUP, self._math(node)))
                case Note():
                    row.append(_Piece(MARKUP, self.state.note(node.content)))
                case Styled():
                    _extend(row, self._styled(node, parent, in_label))
                case RawInline():
                    _append_code(row, node.text, in_label)
                    self.state.report.add("raw.shown-as-code", f"{node.format} is shown as code", node.span)
                case _:
                    assert_never(node)
        return row

    def _emphasis(self, node: Emphasis | Strong | Strikethrough, parent: _Mark | None, in_label: bool) -> _Row:
        mark = _Mark(_TAGS[type(node)], parent)
        head, core, tail = _split_blanks(self.row(node.content, mark, in_label))
        if not core:
            return head + tail
        return [*head, _Piece(OPEN, "*", mark), *core, _Piece(CLOSE, "*", mark), *tail]

    def _link(self, node: Link, parent: _Mark | None, in_label: bool) -> _Row:
        url = "" if in_label else self.state.href(node.url, node.span)
        if not url and (in_label or node.url):
            return self.row(node.content, parent, in_label)
        if not node.title and len(node.content) == 1 and type(node.content[0]) is Text:
            text = node.content[0].text
            if (text == url and _AUTOLINK(url)) or (f"mailto:{text}" == url and _MAIL(text)):
                return [_Piece(MARKUP, f"<{text}>")]
        target = destination(url) if url or node.title else ""
        return [
            _Piece(MARKUP, "["),
            *self.row(node.content, parent, in_label=True),
            _Piece(MARKUP, f"]({target}{link_title(node.title)})"),
        ]

    def _image(self, node: Image, in_label: bool) -> _Row:
        src = self.state.src(node.url, node.span)
        if not src:
            return [_Piece(TEXT, node.alt, in_label=in_label)] if node.alt else []
        if node.width or node.height or node.dark_url:
            return [_Piece(MARKUP, image_element(node, src, self.state))]
        alt = escaped(" ".join(node.alt.split("\n")), "[", "]", "*_~", in_label=True)
        return [_Piece(MARKUP, f"![{alt}]({destination(src)}{link_title(node.title)})")]

    def _math(self, node: Math) -> str:
        text = _SPACES.sub(" ", node.text).strip(" ")
        if "$$" in text or text.endswith("\\") or not text:
            self.state.report.add("math.as-code", "a formula that holds $$ is shown as code", node.span)
            return code_span(text) if text else ""
        return f"$${text}$$"

    def _styled(self, node: Styled, parent: _Mark | None, in_label: bool) -> _Row:
        inner = self.row(node.content, parent, in_label)
        if node.kind == "anchor":
            name = dict(node.attributes).get("id", "")
            return [_Piece(MARKUP, f'<a id="{quoted(name)}"></a>'), *inner] if name else inner
        if node.kind not in STYLES:
            return inner
        return [_Piece(MARKUP, style_tag(node)), *inner, _Piece(MARKUP, f"</{node.kind}>")]


_AUTOLINK = re.compile(r"https?://[!-$&-:=?-\[\]^-~]+").fullmatch
_MAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+").fullmatch
# --------------------------------------------------------------------------- rows of pieces


def _clean(text: str, state: MarkdownState) -> str:
    """Text without characters that no format can hold, on one line."""
    if text.isprintable():
        return text
    if CONTROLS.search(text):
        text, count = CONTROLS.subn("", text)
        state.report.add("text.control", f"removed {count} control characters")
    return re.sub(r"\r\n?|\n", " ", text)


def _append_text(row: _Row, text: str, in_label: bool) -> None:
    if not text:
        return
    if row and row[-1].kind == TEXT:
        row[-1].text += text
    else:
        row.append(_Piece(TEXT, text, in_label=in_label))


def _append_code(row: _Row, text: str, in_label: bool) -> None:
    if text:
        beside_code = bool(row) and row[-1].kind == MARKUP and row[-1].text[-1:] == "`"
        # `[`a]: b`](u)` at the start of a paragraph would define a reference.
        like_definition = in_label and "]:" in text
        row.append(_Piece(MARKUP, html_code(text) if beside_code or like_definition else code_span(text)))


def _extend_emphasis(row: _Row, more: _Row) -> None:
    """Append emphasis; emphasis of the same kind right before it takes it in, as readers do anyway."""
    last, first = row[-1] if row else None, more[0] if more else None
    if last is None or first is None or last.mark is None or first.mark is None:
        _extend(row, more)
    elif last.kind == CLOSE and first.kind == OPEN and last.mark.tag == first.mark.tag:
        row.pop()
        opening = next(piece for piece in reversed(row) if piece.mark is last.mark)
        opening.mark = last.mark.parent = first.mark
        _extend(row, more[1:])
    else:
        _extend(row, more)


def _extend(row: _Row, more: _Row) -> None:
    """Append pieces, with text joined and code kept apart where the two rows meet."""
    if more and more[0].kind == TEXT:
        _append_text(row, more[0].text, more[0].in_label)
        row.extend(more[1:])
    else:
        row.extend(more)


def _split_blanks(row: _Row) -> tuple[_Row, _Row, _Row]:
    """Spaces and breaks at the start, what is between, spaces and breaks at the end."""
    head: _Row = []
    tail: _Row = []
    row = list(row)
    while row and (blank := _blank_edge(row, 0)):
        head.append(blank)
    while row and (blank := _blank_edge(row, -1)):
        tail.insert(0, blank)
    return head, row, tail


def _blank_edge(row: _Row, index: int) -> _Piece | None:
    """Take the white space or break at one end of `row` out of it."""
    piece = row[index]
    if piece.kind in _BREAKS:
        return row.pop(index)
    if piece.kind != TEXT:
        return None
    text = piece.text.lstrip(" \t") if index == 0 else piece.text.rstrip(" \t")
    if text == piece.text:
        return None
    if text:
        piece.text = text
    else:
        row.pop(index)
    return _Piece(TEXT, " ", in_label=piece.in_label)


def _settle_breaks(row: _Row, one_line: bool) -> None:
    """Give every break its text; it is `<br>` where a line cannot end, and nothing at the ends of a block."""
    if not any(piece.kind in _BREAKS for piece in row):
        return
    for piece, following in pairwise(row):
        if piece.kind == TEXT and following.kind in _BREAKS:
            piece.text = piece.text.rstrip(" \t")
        elif piece.kind in _BREAKS and following.kind == TEXT:
            following.text = following.text.lstrip(" \t")
    settled: _Row = []
    for index, piece in enumerate(row):
        last = settled[-1].kind if settled else SOFT
        # A formula alone on its line would be a block.
        in_line = one_line or any(map(_is_formula, row[max(0, index - 1) : index + 2]))
        if not piece.text or (piece.kind == SOFT and last in _BREAKS) or (piece.kind == HARD and not settled):
            continue
        if piece.kind == SOFT:
            piece.text = " " if in_line else "\n"
        elif piece.kind == HARD:
            if last == SOFT:
                settled.pop()
            piece.text = "<br>" if in_line or last == HARD else "\\\n"
        settled.append(piece)
    while settled and settled[-1].kind in _BREAKS:
        settled.pop()
    row[:] = settled


def _is_formula(piece: _Piece) -> bool:
    return piece.kind == MARKUP and piece.text.startswith("$$")


# --------------------------------------------------------------------------- emphasis


def _choose_delimiters(row: _Row, stars: bool) -> None:
    """Choose for each stretch of emphasis the first delimiter that every parser recognises, or an element."""
    places: dict[_Mark, list[int]] = {}
    for index, piece in enumerate(row):
        if piece.mark is not None:
            places.setdefault(piece.mark, []).append(index)
    for tag in ("del", "strong", "em"):
        for mark, (start, end) in places.items():
            if mark.tag == tag:
                _choose(row, mark, start, end, stars)


def _choose(row: _Row, mark: _Mark, start: int, end: int, stars: bool) -> None:
    for delimiter in _DELIMITERS[mark.tag]:
        if (
            not _stands_in(mark.parent, delimiter)
            and not any(_touches(row, index, delimiter) for index in (start, end))
            and _flanks(row, start, end, delimiter, stars)
        ):
            mark.delimiter = row[start].text = row[end].text = delimiter
            return
    row[start].text, row[end].text = f"<{mark.tag}>", f"</{mark.tag}>"


def _stands_in(mark: _Mark | None, delimiter: str) -> bool:
    while mark is not None:
        if mark.delimiter == delimiter:
            return True
        mark = mark.parent
    return False


def _touches(row: _Row, index: int, delimiter: str) -> bool:
    """Whether a delimiter at `index` would run together with another one."""
    for other in (index - 1, index + 1):
        if 0 <= other < len(row):
            mark = row[other].mark
            if mark is not None and mark.delimiter[:1] == delimiter[0]:
                return True
    return False


def _flanks(row: _Row, start: int, end: int, delimiter: str, stars: bool) -> bool:
    outside, inside = _before(row, start), _after(row, start)
    inside_end, outside_end = _before(row, end), _after(row, end)
    if stars and delimiter != "_":
        return not inside.isspace() and not inside_end.isspace()
    if not (can_open(delimiter, outside, inside) and can_close(delimiter, inside_end, outside_end)):
        return False
    if "~" not in (outside, inside, inside_end, outside_end) or delimiter == "~~":
        return True
    # cmark-gfm looks for the neighbours beyond a tilde, other parsers do not; an escaped one counts.
    openings = product((outside, _before(row, start, "~")), (inside, _after(row, start, "~")))
    closings = product((inside_end, _before(row, end, "~")), (outside_end, _after(row, end, "~")))
    return all(can_open(delimiter, *beside) for beside in openings) and all(
        can_close(delimiter, *beside) for beside in closings
    )


def _before(row: _Row, index: int, skipped: str = "") -> str:
    """The character before a piece, `""` at the start of the block."""
    while index:
        index -= 1
        text = row[index].text.rstrip(skipped) if skipped else row[index].text
        if text:
            return text[-1]
    return ""


def _after(row: _Row, index: int, skipped: str = "") -> str:
    """The character after a piece, `""` at the end of the block."""
    while index + 1 < len(row):
        index += 1
        text = row[index].text.lstrip(skipped) if skipped else row[index].text
        if text:
            return text[0]
    return ""


# --------------------------------------------------------------------------- printing


def _printed(row: _Row) -> str:
    delimiters = _risky_delimiters(row)
    parts: list[str] = []
    for index, piece in enumerate(row):
        if piece.kind == TEXT:
            before, after = _before(row, index), _after(row, index)
            parts.append(escaped(piece.text, before, after, delimiters, piece.in_label))
        else:
            parts.append(piece.text)
    return "".join(parts)


def _risky_delimiters(row: _Row) -> str:
    """Those of `*_~` that a character in the text could pair with."""
    used = {piece.mark.delimiter[:1] for piece in row if piece.mark is not None}
    risky = ""
    for char in "*_~":
        runs = 0
        for piece in row:
            if piece.kind == TEXT and char in piece.text:
                runs += len(delimiter_run(char).findall(piece.text))
        if runs > 1 or (runs and char in used):
            risky += char
    return risky
