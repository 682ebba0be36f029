"""What the conversion of one page carries along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from article_convert.model import Blocks, Inlines, Span
from article_convert.readers.gitbook.emphasis import Token
from article_convert.readers.gitbook.scanner import Page
from article_convert.readers.gitbook.surroundings import Surroundings
from article_convert.report import Report

__all__ = ["Context", "Locate"]

_NOTE_ROOM = 4_000_000
"""Characters that the footnotes of a page may take where they are referred to, repeated ones counted each time."""
_INCLUDE_ROOM = 2_000_000
"""Characters that included content may add to a page, counted in the same way."""


@dataclass(slots=True)
class Context:
    """What the conversion of one page needs: the scanned page, the report, the book around it, and how deep it is."""

    page: Page
    report: Report
    block: Callable[[Any, Context], Blocks]
    html_blocks: Callable[[Sequence[Token], Context, Locate], Blocks]
    html_inlines: Callable[[Sequence[Token], Context], Inlines]
    surroundings: Surroundings = field(default_factory=Surroundings)
    including: tuple[str, ...] = ()
    env: dict[str, Any] = field(default_factory=lambda: {"ref_links": {}})
    depth: int = 0
    line: int = 1
    open_notes: tuple[str, ...] = ()
    used_notes: set[str] = field(default_factory=set)
    note_room: list[int] = field(default_factory=lambda: [_NOTE_ROOM])
    include_room: list[int] = field(default_factory=lambda: [_INCLUDE_ROOM])


Locate = Callable[[Token], Span]
