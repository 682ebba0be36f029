"""Block rules of the GitBook dialect, as a `mistune.BlockParser`.

Added to CommonMark: pipe tables whose rows may be ragged (GFM 4.10; mistune alone turns such a
table into a paragraph), and `$$` formulas on lines of their own, whose content is not Markdown.
Every token notes where it began, so that nodes know their line.
"""

from __future__ import annotations

import re
from re import Match
from string import whitespace
from typing import Any

import mistune
from mistune.core import BlockState

__all__ = ["BlockLines", "GitBookBlocks"]

MAX_BLOCK_DEPTH = 20

_TABLE = r"^(?P<table_head> {0,3}(?![ \t])[^\n]+)\n(?P<table_delimiters> {0,3}[|:-][ \t|:-]*)(?:\n|$)"
_DELIMITER = re.compile(r":?-+:?")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_ROW_ENDS = re.compile(r"[ \t]*$|[ \t]{0,3}(?:>|#{1,6}[ \t]|`{3}|~{3}|(?:[-*_][ \t]*){3,}$|[-*+][ \t]|1[.)][ \t]|<!--)")


class BlockLines(BlockState):
    """Block state whose tokens know where in the source they began (`start`, an offset)."""

    def add_paragraph(self, text: str) -> None:
        count = len(self.tokens)
        super().add_paragraph(text)
        if len(self.tokens) > count:
            self.tokens[-1]["start"] = self.cursor


class GitBookBlocks(mistune.BlockParser):
    """mistune's block parser with the dialect's rules. One instance serves any number of pages."""

    state_cls = BlockLines

    def __init__(self) -> None:
        super().__init__(max_nested_level=MAX_BLOCK_DEPTH)
        self.register("formula_block", r"^ {0,3}\$\$", _parse_formula, before="list")
        # Last, for a rule that matches and then declines makes its line a paragraph.
        self.register("table", _TABLE, _parse_table)
        for rules in (self.list_rules, self.block_quote_rules):
            self.insert_rule(rules, "formula_block", before="list")
            self.insert_rule(rules, "table")

    def parse(self, state: BlockState, rules: list[str] | None = None) -> None:
        """Parse the blocks of `state`, as the method of mistune does, looking at the beginnings of lines only.

        mistune searches for the next block at every character, which costs more than all the rules.
        """
        starts = self.compile_sc(rules if rules is not None else self.rules)
        m = starts.match(state.src, state.cursor)
        while state.cursor < state.cursor_max:
            end = self.parse_method(m, state) if m else None
            if end:
                state.cursor = end
                m = starts.match(state.src, end)
                continue
            end = state.find_line_end()
            m = starts.match(state.src, end) if end < state.cursor_max else None
            while m is None and end < state.cursor_max:
                end = state.find_line_end_at(end)
                m = starts.match(state.src, end) if end < state.cursor_max else None
            state.add_paragraph(state.get_text(end))
            state.cursor = end

    def parse_atx_heading(self, m: Match[str], state: BlockState) -> int:
        """A heading, as mistune has it, in time that is linear in its blanks: the signs that close it follow one."""
        text = m["atx_2"].strip(whitespace)
        closed = text.rstrip()
        bare = closed.rstrip("#")
        if bare != closed and (not bare or bare[-1].isspace()):
            text = bare.rstrip()
        state.append_token({"type": "heading", "text": text, "attrs": {"level": len(m["atx_1"])}, "style": "atx"})
        return m.end() + 1

    def parse_ref_link(self, m: Match[str], state: BlockState) -> int | None:
        """A definition whose label holds a blank line is none (CommonMark 4.7); mistune takes it for one."""
        return None if _BLANK_LINE.search(m["reflink_1"]) else super().parse_ref_link(m, state)

    def parse_method(self, m: Match[str], state: BlockState) -> int | None:
        count = len(state.tokens)
        end = super().parse_method(m, state)
        for token in state.tokens[count:]:
            token.setdefault("start", m.start())
        return end


def _parse_formula(block: mistune.BlockParser, m: Match[str], state: BlockState) -> int | None:
    end = state.src.find("$$", m.end())
    if end < 0:
        return None
    line_end = state.find_line_end_at(end)
    if state.src[end + 2 : line_end].strip():
        return None
    state.append_token({"type": "formula_block", "raw": state.src[m.end() : end].strip()})
    return line_end


def _parse_table(block: mistune.BlockParser, m: Match[str], state: BlockState) -> int | None:
    head = cells_of(m["table_head"])
    delimiters = cells_of(m["table_delimiters"])
    if "|" not in m["table_head"] + m["table_delimiters"] or not all(map(_DELIMITER.fullmatch, delimiters)):
        return None
    if len(head) != len(delimiters) or (len(head) == 1 and not m["table_delimiters"].lstrip().startswith(("|", ":"))):
        return None
    rows, position = [head], m.end()
    while position < state.cursor_max:
        line = state.get_line(position)
        if _ROW_ENDS.match(line):
            break
        rows.append(cells_of(line))
        position += len(line)
    token: dict[str, Any] = {"type": "table", "align": [_alignment(cell) for cell in delimiters], "rows": rows}
    state.append_token(token)
    return position


def cells_of(line: str) -> list[str]:
    """The cells of a pipe table's row; `\\|` is a pipe, inside code too (GFM 4.10)."""
    line = line.strip()
    if line.startswith("|"):
        line = line[1:]
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    cells, cell, position = [], "", 0
    while position < len(line):
        bar = line.find("|", position)
        if bar < 0:
            break
        if bar and line[bar - 1] == "\\":
            cell += line[position : bar - 1] + "|"
        else:
            cells.append((cell + line[position:bar]).strip())
            cell = ""
        position = bar + 1
    cells.append((cell + line[position:]).strip())
    return cells


def _alignment(delimiter: str) -> str:
    left, right = delimiter.startswith(":"), delimiter.endswith(":")
    return "center" if left and right else "left" if left else "right" if right else ""
