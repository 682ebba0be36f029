"""Mark the statements that end an article: the run of lines, from the last one upwards, that each state something.

A run needs one firm statement, of those that nobody writes as a sentence of his own. In it, also what may
be such a sentence (`作者：…`) is a statement. A block may hold several lines; each has its own rule. A short line
that no rule knows ends the run, unless a firm statement stands above it: then it stays, and the run goes on. What
an author only shows, below a line that ends with a colon, is no statement.
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
from article_convert.transforms.lines import bare, is_credit, names_in
from article_convert.tree import text_of, walk

__all__ = ["mark_ending", "stated"]

_UNSEEN = re.compile("[\u200b-\u200d\u2060\ufeff]")
_GAP = 40
_SHORT = 200
"""No line longer than this is a statement only in its bare form."""
_STOPS = ("。", "！", "？", "!", "?", "…", "：", ":", "，", "、")
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
    run = _run(level, endings)
    while run and _is_doubtful(level, run, metadata):
        run.pop()
    if not any(line.rule.firm for line in _stated_in(run) if line.rule):
        return metadata
    return _marked(level, run, metadata)


_Run = list[tuple[int, list[_Line]]]


def _run(level: Level, endings: Sequence[Rule]) -> _Run:
    """The blocks that state something, from the last one upwards."""
    run: _Run = []
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
        if not stating and _is_gap(level, index, indices, endings):
            continue
        if not stating:
            break
        run.append((index, lines))
        if stating < len(lines):
            break
    return run


def _is_gap(level: Level, index: int, above: Sequence[int], endings: Sequence[Rule]) -> bool:
    """Whether a line that no rule knows, and that is no sentence, stands below a firm statement."""
    said = text_of(level.blocks[index]).strip()
    if not above or not isinstance(level.blocks[index], Paragraph) or len(said) > _GAP or said.endswith(_STOPS):
        return False
    lines = _lines(level.blocks[above[-1]], endings)
    return bool(lines) and lines[-1].rule is not None and lines[-1].rule.firm


def _stated_in(run: _Run) -> list[_Line]:
    return [line for _, lines in run for line in lines[len(lines) - _stating_end(lines) :]]


def _is_doubtful(level: Level, run: _Run, metadata: Metadata) -> bool:
    """Whether the uppermost line of the run only looks like a statement: nothing speaks for it but its shape."""
    index, lines = run[-1]
    rule = lines[0].rule
    if rule is None:
        return False
    if rule.id == _WHERE_FROM and len(lines) == 1:
        below = [line.text for line in _stated_in(run[:-1])]
        known = {author.name for author in metadata.authors if len(author.name) > 1} | names_in(below)
        return not is_credit(lines[0].text, known, below)
    place = level.above(index)
    if rule.id == _WHERE_FROM or place is None or not level.signatures[place].rstrip().endswith((":", "：")):
        return False
    if rule.firm:  # what is shown below a colon, if the article has a statement of its own
        return len(lines) == 1 and any(line.rule is not None and line.rule.firm for line in _stated_in(run[:-1]))
    return True


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
            rule = None if odd else stated(text, rules)
            sure = rule is not None and (rule.firm or not isinstance(block, Heading))
            found.append(_Line(content, text, rule if sure else None))
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
    """The rule that a line follows as it is, or in its bare form: a firm one before others."""
    found = _stated_as(text, rules)
    if found is not None or len(text) > _SHORT or (said := bare(text)) == text:
        return found
    return _stated_as(said, rules)


def _stated_as(said: str, rules: Sequence[Rule]) -> Rule | None:
    found: Rule | None = None
    for rule in rules:
        if (found is None or rule.firm) and (not rule.limit or len(said) <= rule.limit) and rule.pattern.match(said):
            if rule.firm:
                return rule
            found = rule
    return found


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
