"""Mark the statements that end an article: the run of lines, from the last one upwards, that each state something.

A run needs one firm statement, of those that nobody writes as a sentence of his own. In it, also what may
be such a sentence (`作者：…`) is a statement. A block may hold several lines; each has its own rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from article_convert.model import (
    Block,
    Code,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Math,
    Metadata,
    Notice,
    Paragraph,
    SoftBreak,
    ThematicBreak,
)
from article_convert.rules import Rule
from article_convert.rules.marks import mark_inlines
from article_convert.transforms.level import Level
from article_convert.tree import text_of, walk

__all__ = ["mark_ending", "stated"]

_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff]")
_HEADING = "statement-columnist"
_BELOW_HEADING = "statement-about"
_WHERE_FROM = "statement-attribution"
_VOTE = "vote"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a block: its nodes, what it says, and the rule that finds it."""

    content: Inlines
    text: str
    rule: Rule | None


def mark_ending(level: Level, metadata: Metadata, rules: Sequence[Rule]) -> Metadata:
    """Mark the run of statements at the end of `level` and give the metadata with what they say."""
    endings = [rule for rule in rules if rule.place == "ending"]
    run: list[tuple[int, list[_Line]]] = []
    indices = level.open()
    while indices:
        index = indices.pop()
        block = level.blocks[index]
        if isinstance(block, ThematicBreak) or not level.signatures[index]:
            continue
        lines = (
            _lines(block, endings)
            or _note_below(level, index, indices, endings)
            or _address_below(level, index, indices, endings)
            or _heading_above(block, run)
        )
        stating = _stating_end(lines)
        if not stating:
            break
        run.append((index, lines))
        if stating < len(lines):
            break
    if not any(line.rule.firm for _, lines in run for line in lines[-_stating_end(lines) :] if line.rule):
        return metadata
    return _marked(level, run, metadata)


def _marked(level: Level, run: list[tuple[int, list[_Line]]], metadata: Metadata) -> Metadata:
    notices: list[Notice] = []
    for index, lines in reversed(run):
        first = len(lines) - _stating_end(lines)
        rules = {line.rule.id for line in lines[first:] if line.rule is not None}
        notices.extend(_notice(line) for line in lines[first:] if _is_notice(line))
        if first == 0 and len(rules) == 1 and lines[0].rule is not None:
            level.mark([index], lines[0].rule)
        else:
            level.blocks[index] = _with_lines_marked(level.blocks[index], lines, first)
    known = set(metadata.notices)
    fresh = tuple(notice for notice in dict.fromkeys(notices) if notice not in known)
    return replace(metadata, notices=(*metadata.notices, *fresh)) if fresh else metadata


def _with_lines_marked(block: Block, lines: list[_Line], first: int) -> Block:
    """`block` with each line from number `first` on in a mark of its own."""
    content: list[Inline] = []
    for number, line in enumerate(lines):
        if number:
            content.append(LineBreak())
        if number >= first and line.rule is not None:
            content.append(mark_inlines(line.rule, line.content, block.span))
        else:
            content.extend(line.content)
    assert isinstance(block, (Paragraph, Heading))
    return replace(block, content=tuple(content))


def _is_notice(line: _Line) -> bool:
    return line.rule is not None and bool(line.rule.notice) and line.rule.id != _HEADING


def _notice(line: _Line) -> Notice:
    assert line.rule is not None
    return Notice(line.rule.notice, line.text)


# --------------------------------------------------------------------------- lines


def _stating_end(lines: list[_Line]) -> int:
    """How many lines at the end state something."""
    count = 0
    for line in reversed(lines):
        if line.rule is None:
            break
        count += 1
    return count


def _lines(block: Block, rules: Sequence[Rule]) -> list[_Line]:
    """The lines of a block, if the last of them is a statement."""
    if not isinstance(block, (Paragraph, Heading)):
        return []
    found: list[_Line] = []
    for content in _split(block.content):
        text = _UNSEEN.sub("", " ".join(text_of(content).split()))
        if text:
            odd = any(isinstance(node, (Code, Image, Math)) for each in content for node in walk(each))
            found.append(_Line(content, text, None if odd else stated(text, rules)))
    return found if found and found[-1].rule is not None else []


def _split(content: Inlines) -> list[Inlines]:
    """The lines of inline content; one, if a line ends inside emphasis."""
    lines: list[list[Inline]] = [[]]
    for node in content:
        if isinstance(node, (LineBreak, SoftBreak)):
            lines.append([])
        else:
            lines[-1].append(node)
    return [tuple(line) for line in lines]


def stated(text: str, rules: Sequence[Rule]) -> Rule | None:
    """The rule that a line follows, or `None`."""
    for rule in rules:
        if (not rule.limit or len(text) <= rule.limit) and rule.pattern.match(text):
            return rule
    return None


def _note_below(level: Level, index: int, above: Sequence[int], rules: Sequence[Rule]) -> list[_Line]:
    """A paragraph that says nothing of the site but stands below the heading of the note about the author."""
    block = level.blocks[index]
    heading = [rule for rule in rules if rule.id == _HEADING]
    note = next((rule for rule in rules if rule.id == _BELOW_HEADING), None)
    if note is None or not above or not isinstance(block, Paragraph):
        return []
    text = " ".join(text_of(block).split())
    before = _UNSEEN.sub("", text_of(level.blocks[above[-1]]).strip())
    if len(text) > note.limit or stated(before, heading) is None:
        return []
    return [_Line(block.content, text, note)]


def _address_below(level: Level, index: int, above: Sequence[int], rules: Sequence[Rule]) -> list[_Line]:
    """A paragraph that is an address and stands below a line that announces one (`原文链接：`)."""
    block = level.blocks[index]
    where_from = [rule for rule in rules if rule.id == _WHERE_FROM]
    if not above or not isinstance(block, Paragraph):
        return []
    text = text_of(block).strip()
    before = _UNSEEN.sub("", text_of(level.blocks[above[-1]]).strip())
    if not re.fullmatch(r"https?://\S+", text) or not before.endswith(("：", ":")):
        return []
    rule = stated(before, where_from)
    return [_Line(block.content, text, rule)] if rule else []


def _heading_above(block: Block, run: list[tuple[int, list[_Line]]]) -> list[_Line]:
    """A heading of the author's own, if nothing stands below it but a request for votes."""
    rule = run[-1][1][0].rule if run else None
    if rule is None or rule.id != _VOTE or not isinstance(block, Heading):
        return []
    return [_Line(block.content, text_of(block).strip(), rule)]
