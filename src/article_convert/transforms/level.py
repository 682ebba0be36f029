"""The blocks that stand side by side, what they say, and which of them a rule has found."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from article_convert.model import Block, Blocks, Paragraph
from article_convert.rules import Rule
from article_convert.rules.marks import is_marked, mark_blocks
from article_convert.transforms.signature import block_signature

__all__ = ["Level"]


class Level:
    """One level of an article while rules look through it.

    A block is *open* until a rule has found it. A mark, and a paragraph in which everything is marked,
    are open to no rule.
    """

    def __init__(self, blocks: Blocks) -> None:
        self.blocks: list[Block] = list(blocks)
        self.signatures = [block_signature(block) for block in blocks]
        self._given = blocks
        self._runs: list[tuple[Rule, int] | None] = [None] * len(blocks)
        self._count = 0
        self._open = [index for index in range(len(blocks)) if self._is_open(index)]

    def open(self) -> list[int]:
        """The places of the blocks that no rule has found yet."""
        return self._open.copy()

    def above(self, index: int) -> int | None:
        """The place of the nearest open block above the one at `index`."""
        return next((place for place in reversed(self._open) if place < index), None)

    def _is_open(self, index: int) -> bool:
        block = self.blocks[index]
        if self._runs[index] is not None or is_marked(block):
            return False
        return bool(self.signatures[index]) or not isinstance(block, Paragraph)

    def put(self, index: int, block: Block) -> None:
        """Put `block`, in which something is marked now, in the place of an open one."""
        self.blocks[index] = block
        self.signatures[index] = block_signature(block)
        if not self._is_open(index):
            self._open.remove(index)

    def mark(self, indices: Sequence[int], rule: Rule) -> None:
        """Note that `rule` found these blocks; neighbours become one mark."""
        self._count += 1
        for index in indices:
            self._runs[index] = (rule, self._count)
            self._open.remove(index)

    def marked(self) -> Blocks:
        """The blocks with every run that was found in a mark."""
        made: list[Block] = []
        start = 0
        while start < len(self.blocks):
            run, end = self._runs[start], start + 1
            while run is not None and end < len(self.blocks) and self._runs[end] == run:
                end += 1
            piece = tuple(self.blocks[start:end])
            made.extend((mark_blocks(run[0], piece, piece[0].span),) if run is not None else piece)
            start = end
        same = len(made) == len(self._given) and all(a is b for a, b in zip(made, self._given, strict=True))
        return self._given if same else tuple(made)

    def covered(self, indices: Sequence[int], rule: Rule) -> tuple[Sequence[int], re.Match[str]] | None:
        """Those of the first `indices` that the rule covers exactly, and the match."""
        signatures = [self.signatures[index] for index in indices]
        said = "\n".join(signatures)
        m = rule.pattern.match(said)
        if m is None:
            return None
        end = -1
        for count, signature in enumerate(signatures, 1):
            end += len(signature) + 1
            if end >= m.end():
                return (indices[:count], m) if not said[m.end() : end].strip() else None
        return None

    def closing(self, rule: Rule, most: int) -> tuple[Sequence[int], re.Match[str]] | None:
        """The blocks at the end, at most so many, that the rule covers exactly, and the match."""
        indices = self.open()[-most:]
        m = rule.pattern.search("\n".join(self.signatures[index] for index in indices))
        if m is None:
            return None
        position = 0
        for start, index in enumerate(indices):  # nothing that begins above the first match is one
            found = self.covered(indices[start:], rule) if position >= m.start() else None
            if found is not None and len(found[0]) == len(indices) - start:
                return found
            position += len(self.signatures[index]) + 1
        return None

    def runs(self, pattern: re.Pattern[str]) -> Iterator[Sequence[int]]:
        """The runs of open blocks that `pattern` covers exactly."""
        starts: dict[int, int] = {}
        ends: dict[int, int] = {}
        position = 0
        for index, signature in enumerate(self.signatures):
            starts[position] = index
            position += len(signature)
            ends[position] = index + 1
            position += 1
        said = "\n".join(self.signatures)
        begin = 0
        while begin <= len(said) and (m := pattern.search(said, begin)):  # what is empty is found at the end for ever
            first, last = starts.get(m.start()), ends.get(m.end())
            if first is None or last is None or not all(self._is_open(index) for index in range(first, last)):
                begin = m.start() + 1
                continue
            yield range(first, last)
            begin = m.end() + 1
