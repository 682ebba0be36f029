"""Find the `{% … %}` blocks of a page before Markdown is parsed.

A Markdown parser that meets the tags first destroys them: `{% endhint %}` after a list becomes part
of the last item. So one pass over the lines, with the state of code fences, takes every block out
and leaves a placeholder line at the same indentation; the placeholder is an HTML comment, which
Markdown neither merges into a paragraph nor changes. Code wins over tags: nothing inside a fence,
an indented block, a code span, `<pre>` or `{% raw %}` is a tag.

Footnote definitions are taken out in the same pass, since they belong to the page wherever they
stand. Malformed input is repaired as follows, each time with a diagnostic: an unclosed block ends
with its parent or the page, a stray end tag is dropped, an end tag closes the blocks left open
inside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from article_convert.model import Span
from article_convert.readers.gitbook.lines import (
    FENCE,
    code_follows,
    in_details,
    is_indented_code,
    opens_fence,
    placeholder_word,
    unindented,
    without_markers,
)
from article_convert.readers.gitbook.names import LINE, OPTIONAL_BODY, PAIRED, SEPARATORS, SIBLINGS, VOID
from article_convert.readers.gitbook.nested_code import nested_code
from article_convert.readers.gitbook.tags import Tag, parse_tag
from article_convert.report import Report

__all__ = ["CODE", "Block", "Page", "Source", "scan"]

CODE = "```"
"""The name of blocks that are no tag but fenced code."""

_NOTABLE = re.compile(r"\{%|```|~~~|<pre|\[\^")
_FAMILY = re.compile(
    r"\{%-?[ \t]*(?:tabs|stepper|columns|updates|code-tabs)\b[^{}]*%\}"
    r"\s*\{%-?[ \t]*(?:tab|step|column|update|code-)"
)
"""A family and its first member. Nobody writes these names side by side in a sentence."""
_NAMES = PAIRED | VOID | OPTIONAL_BODY | LINE
_HEADING_SIGNS = "# \t\n"
"""What is left of a heading that holds nothing but a tag."""
_MAX_NESTING = 16
_MAX_OPTIONAL = 8
_MAX_REWINDS = 50

_END = r"\{%-?[ \t]*end"
_END_RAW = re.compile(r"\{%-?[ \t]*endraw[ \t]*-?%\}")
_PREFIX = re.compile(r"(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*")
_TICKS_OR_TAG = re.compile(r"`+|\{%")
_FOOTNOTE = re.compile(r" {0,3}\[\^(?P<label>[^\]\s]{1,100})\]:[ \t]?(?P<text>.*)", re.DOTALL)
_BLOCK_START = re.compile(r" {0,3}(?:\[\^|#|\{%|```|~~~|[>*+|-]|\d+[.)])")
_ENDS = re.compile(r"\{%-?[ \t]*end([A-Za-z@][\w./-]*)")
_BROKEN = re.compile(r"\{%[ \t]*([A-Za-z][\w-]*)((?:[ \t]+\w+=\"[^\"\n]*\")*)[ \t]*\}[ \t]*$")


@dataclass(slots=True)
class Source:
    """Markdown in pieces of whole lines, each with the number of its first line in the page."""

    pieces: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(self, piece: str, number: int) -> None:
        self.pieces.append(piece)
        self.numbers.append(number)

    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(slots=True)
class Block:
    """A `{% … %}` block: its tag, and the Markdown between it and its end."""

    tag: Tag
    line: int
    body: Source = field(default_factory=Source)
    indent: int = 0
    quoted: bool = False
    start: int = 0
    optional: list[tuple[Block, int]] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """A page after the scan: its own Markdown, the blocks by placeholder, and the footnotes by label."""

    body: Source
    blocks: dict[str, Block]
    footnotes: dict[str, Source]


def scan(text: str, report: Report, first_line: int = 1) -> Page:
    """Take the blocks and footnotes out of `text`, whose first line has the number `first_line`."""
    return _Scan(text, report, first_line).run()


class _Scan:
    """The state of one pass. Used once."""

    def __init__(self, text: str, report: Report, first_line: int) -> None:
        self.text = text if text.endswith("\n") else text + "\n"
        self.report = report
        self.first = first_line
        self.offset = 0
        self.number = first_line
        root = Block(Tag("", {}, (), 0, 0), first_line)
        self.stack = [root]
        self.page = Page(root.body, {}, {})
        self.marker = placeholder_word(text)
        self.rewinds = 0
        self.ends = {f"@{name}" if "/" in name and name[0] != "@" else name for name in _ENDS.findall(text)}

    def run(self) -> Page:
        while self.offset < len(self.text):
            m = _NOTABLE.search(self.text, self.offset)
            if m is None:
                self._keep(self.text[self.offset :])
                self.offset = len(self.text)
                self._close_at_end()
                continue
            start = self.text.rfind("\n", self.offset, m.start()) + 1 or self.offset
            self._keep(self.text[self.offset : start])
            self.offset = self._line_end(start)
            self._line(self.text[start : self.offset], start)
            if self.offset >= len(self.text):
                self._close_at_end()
        return self.page

    def _close_at_end(self) -> None:
        """Close what is still open at the end; an indented block ended where its indentation did."""
        while len(self.stack) > 1:
            block = self.stack.pop()
            self._report_unclosed(block)
            m = re.compile(rf"^(?![ \t]{{{block.indent}}})[ \t]*\S", re.M).search(self.text, block.start)
            plain = block.indent and not block.quoted and self.marker not in block.body.text()
            if m and plain and self.rewinds < _MAX_REWINDS:
                self.rewinds += 1
                inside = self.text[block.start : m.start()]
                block.body.pieces[:], block.body.numbers[:] = (
                    [unindented(inside, block.indent, block.quoted)],
                    [block.line + 1],
                )
                self.offset, self.number = m.start(), block.line + 1 + inside.count("\n")
                self.stack[-1].body.add("\n", self.number)
                return

    def _line(self, line: str, start: int) -> None:
        number = self.number
        code_end = self._code_end(line, start)
        if code_end:
            self._keep_code(line, start, code_end)
            self.offset = code_end
        elif "[^" in line and (m := _FOOTNOTE.match(line)):
            self._footnote(m)
        elif "{%" not in line or not self._tags(line):
            self._keep(line)
        self.number = number + self.text.count("\n", start, self.offset)

    def _keep(self, piece: str) -> None:
        if piece:
            piece = piece if piece.endswith("\n") else piece + "\n"
            self.stack[-1].body.add(unindented(piece, self.stack[-1].indent, self.stack[-1].quoted), self.number)
            self.number += piece.count("\n")

    # ------------------------------------------------------------------ code

    def _keep_code(self, line: str, start: int, end: int) -> None:
        found = None
        if line[0] not in "`~<" and not is_indented_code(self.text, start, line, self.stack[-1].indent):
            found = nested_code(self.text[start:end])
        if found is None:
            if line[0] in "`~" and in_details(self.text, start):
                self.stack[-1].body.add("\n", self.number)
            self._keep(self.text[start:end])
            return
        block = self._placed(Tag(CODE, {"info": found.info}, (), 0, 0), found.prefix)
        block.body.add(found.code, self.number + 1)

    def _code_end(self, line: str, start: int) -> int:
        """Where the code ends that begins with this line, or 0 if the line is not code."""
        m = FENCE.match(line)
        if m and opens_fence(m):
            run = rf"^[ \t>]*{m['fence'][0]}{{{len(m['fence'])},}}[ \t]*"
            closing = re.compile(rf"{run}(?:$|(?={_END}(?P<name>[\w@./-]+)))", re.MULTILINE)
            return self._fence_end(closing, self.offset)
        if "<pre" in line and line.rfind("</pre>") < line.rfind("<pre") and "{%" not in line[: line.find("<pre")]:
            end = self.text.find("</pre>", self.offset)
            if end < 0:
                return len(self.text)
            after = self._line_end(end)
            return end + len("</pre>") if "{%" in self.text[end:after] else after
        return self.offset if is_indented_code(self.text, start, line, self.stack[-1].indent) else 0

    def _fence_end(self, closing: re.Pattern[str], position: int) -> int:
        """Where a fence ends: after its closing line, or before the end tag of an open block that is glued to it."""
        for found in closing.finditer(self.text, position):
            if not found["name"]:
                return self._line_end(found.start())
            if found["name"] in self._open_names():
                return found.end()
        return len(self.text)

    # ------------------------------------------------------------------ footnotes

    def _footnote(self, m: re.Match[str]) -> None:
        """Take a definition: its line, lines indented below it, and lazy lines up to a blank one."""
        source = Source()
        source.add(m["text"], self.number)
        number = self.number
        lazy = True
        while self.offset < len(self.text):
            end = self._line_end(self.offset)
            line = self.text[self.offset : end]
            indented = line.startswith(("    ", "\t", "  "))
            if line.strip() and not indented and (not lazy or _BLOCK_START.match(line)):
                break
            lazy = bool(line.strip()) and lazy
            number += 1
            source.add(re.sub(r"^(?: {1,4}|\t)", "", line), number)
            self.offset = end
        self.page.footnotes.setdefault(m["label"].casefold(), source)

    # ------------------------------------------------------------------ tags

    def _tags(self, line: str) -> bool:
        """Take the tags of a line out of it; false if it holds none, so that it stays as it is.

        A line begins with a tag, or ends a block after some text. A tag after some text begins a
        block only where no writer means its name (`_counts`), and never in table rows; what a heading embeds
        stands below it.
        """
        start = self.offset - len(line)
        prefix = _PREFIX.match(line)
        opening = prefix.group(0) if prefix else ""
        pieces = self._pieces(start + len(opening))
        leads = bool(pieces) and isinstance(pieces[0], Tag)
        taken, pending, indent, brackets = False, "", opening, 0
        for piece in pieces:
            if isinstance(piece, str):
                pending += piece
                brackets += piece.count("[") - piece.count("]")
            elif (leads or self._counts(piece, line, brackets > 0)) and self._takes(piece):
                indent = self._flush(pending, indent)
                self._take(piece, indent)
                leads, taken, pending, indent = True, True, "", without_markers(opening)
                if piece.name == "raw":
                    return True
                if code_follows(self.text, piece.end):
                    self.offset = piece.end
                    return True
                self.offset = max(self.offset, self._line_end(piece.end))
            else:
                pending += self.text[piece.start : piece.end]
        if not taken and opening + pending == line:
            return False
        self._flush(pending, indent)
        return True

    def _counts(self, tag: Tag, line: str, in_link: bool) -> bool:
        """Whether a tag after some text on its line is one, and not the name of one in prose."""
        if tag.closes:
            return tag.closes in self._open_names() | {block.tag.name for block, _ in self.stack[-1].optional}
        head = line[:200].lstrip()
        if in_link or head.startswith("|"):
            return False
        if head.startswith("#"):
            return tag.name in OPTIONAL_BODY and "/" in tag.get("url", "src")
        if _FAMILY.match(self.text, tag.start):
            return True
        if tag.name in SEPARATORS and tag.attributes:
            return SEPARATORS[tag.name] in self._open_names()
        if tag.name in VOID | OPTIONAL_BODY or tag.name.startswith("@"):
            return bool(tag.attributes or tag.values)
        if tag.name not in PAIRED | LINE:  # asked first: a page of unknown names would be searched to its end for each
            return False
        following = re.compile(rf"\{{%-?[ \t]*(end)?{re.escape(tag.name)}\b").search(self.text, tag.end)
        if following is None or not following[1]:
            return False
        return bool(tag.attributes or tag.name in LINE) or following.start() >= self._line_end(tag.end)

    def _pieces(self, position: int) -> list[str | Tag]:
        """The line from `position` on as text and tags; a tag with line ends in a value prolongs it."""
        pieces: list[str | Tag] = []
        end = self._line_end(position)
        protected, unclosed = "raw" in self.ends, set[int]()
        while position < end:
            tag = self._tag_at(position) if self.text.startswith("{%", position) else None
            if tag is not None:
                raw = _END_RAW.search(self.text, tag.end, end) if tag.name == "raw" and protected else None
                protected = protected and (tag.name != "raw" or raw is not None)
                pieces.append(self.text[tag.end : raw.start()] if raw else tag)
                position = raw.end() if raw else tag.end
                if position > end:
                    end, unclosed = self._line_end(position - 1), set()
                continue
            following = self._next_tag(position + 2 * self.text.startswith("{%", position), end, unclosed)
            pieces.append(self.text[position:following])
            position = following
        return pieces

    def _line_end(self, position: int) -> int:
        return self.text.index("\n", position) + 1

    def _next_tag(self, position: int, end: int, unclosed: set[int]) -> int:
        """Where the next tag outside a code span begins before `end`, or `end`.

        `unclosed` are the lengths of runs of backticks that nothing closes on the rest of the line.
        """
        while m := _TICKS_OR_TAG.search(self.text, position, end):
            position = m.end()
            if self.text[m.start() - 1] == "\\":
                position = m.start() + 1
            elif m[0] == "{%":
                return m.start()
            elif len(m[0]) not in unclosed:
                closing = re.compile(rf"(?<!`)`{{{len(m[0])}}}(?!`)").search(self.text, position, end)
                if closing is None:
                    unclosed.add(len(m[0]))
                else:
                    position = closing.end()
        return end

    def _tag_at(self, position: int) -> Tag | None:
        tag = parse_tag(self.text, position)
        if tag is None:
            m = _BROKEN.match(self.text, position, self._line_end(position) - 1)
            if m and m.group(1) in self.ends:
                attributes = dict(re.findall(r'(\w+)="([^"]*)"', m.group(2)))
                return Tag(m.group(1), attributes, (), position, m.end())
        return tag

    def _takes(self, tag: Tag) -> bool:
        """Whether a tag is one, rather than text that looks like it (`{%W %M %Y}` in SQL manuals)."""
        if tag.name in SEPARATORS:
            return SEPARATORS[tag.name] in self._open_names()
        if tag.closes:
            return self._known(tag.closes) or tag.closes in self._open_names()
        if len(self.stack) > _MAX_NESTING:
            self.report.add("nesting.too-deep", f"{{% {tag.name} %}} was kept as text", Span(self.number))
            return False
        return self._known(tag.name) or bool(tag.attributes)

    def _take(self, tag: Tag, prefix: str) -> None:
        if tag.closes:
            self._close(tag)
        elif tag.name == "raw":
            self._raw(tag)
        else:
            if tag.name in SEPARATORS:
                self._close_down_to(SEPARATORS[tag.name])
            elif tag.name in SIBLINGS:
                self._close_sibling(tag.name)
            self._open(tag, prefix)

    def _raw(self, tag: Tag) -> None:
        """Keep everything up to `{% endraw %}` as it stands."""
        m = _END_RAW.search(self.text, tag.end)
        stop = m.start() if m else len(self.text)
        number = self.number
        for line in self.text[tag.end : stop].strip("\n").splitlines(keepends=True):
            self.stack[-1].body.add(line if line.endswith("\n") else line + "\n", number)
            number += 1
        self.offset = m.end() if m else len(self.text)
        if m and not self.text[m.end() : self._line_end(m.end())].strip():
            self.offset = self._line_end(m.end())

    def _flush(self, pending: str, indent: str) -> str:
        """Keep text between tags, indented like its line, and give the indentation of what follows it."""
        if not pending.strip(_HEADING_SIGNS):
            return indent
        block = self.stack[-1]
        block.body.add(unindented(f"{indent}{pending.strip()}\n", block.indent, block.quoted), self.number)
        return without_markers(indent)

    def _open_names(self) -> set[str]:
        return {block.tag.name for block in self.stack[1:]}

    def _known(self, name: str) -> bool:
        return name in _NAMES or name in self.ends or name.startswith("@")

    def _placed(self, tag: Tag, prefix: str) -> Block:
        """A new block, whose placeholder stands in the block around it."""
        block = Block(tag, self.number, indent=len(prefix.expandtabs(4)), quoted=">" in prefix)
        parent = self.stack[-1]
        key = f"<!--{self.marker}{len(self.page.blocks)}-->"
        self.page.blocks[key] = block
        parent.body.add(unindented(prefix + key + "\n", parent.indent, parent.quoted), self.number)
        return block

    def _open(self, tag: Tag, prefix: str) -> None:
        block = self._placed(tag, prefix)
        block.start = self._line_end(tag.end)
        parent = self.stack[-1]
        if tag.name in OPTIONAL_BODY or (tag.name.startswith("@") and tag.name in self.ends):
            parent.optional.append((block, len(parent.body.pieces)))
        elif tag.name not in VOID and (tag.name in self.ends or tag.name in PAIRED or tag.name in SEPARATORS):
            self.stack.append(block)

    def _close(self, tag: Tag) -> None:
        name = tag.closes
        for index in range(len(self.stack[-1].optional) - 1, -1, -1):
            block, position = self.stack[-1].optional[index]
            if block.tag.name == name:
                body = self.stack[-1].body
                block.body = Source(body.pieces[position:], body.numbers[position:])
                del body.pieces[position:], body.numbers[position:], self.stack[-1].optional[index:]
                del self.stack[-1].optional[:-_MAX_OPTIONAL]
                return
        if name not in self._open_names():
            self.report.add("gitbook.stray-end", f"{{% {tag.name} %}} has no beginning", Span(self.number))
            return
        while self.stack[-1].tag.name != name:
            inner = self.stack.pop()
            if inner.tag.name not in SEPARATORS:
                self._report_unclosed(inner)
        self.stack.pop()

    def _close_down_to(self, name: str) -> None:
        while self.stack[-1].tag.name != name:
            inner = self.stack.pop()
            if inner.tag.name not in SEPARATORS:
                self._report_unclosed(inner)

    def _close_sibling(self, name: str) -> None:
        for block in reversed(self.stack[1:]):
            if block.tag.name in SIBLINGS[name]:
                return
            if block.tag.name == name:
                self._close_down_to(name)
                self._report_unclosed(self.stack.pop())
                return

    def _report_unclosed(self, block: Block) -> None:
        self.report.add("gitbook.unclosed-tag", f"{{% {block.tag.name} %}} has no end tag", Span(block.line))
