"""Emphasis: which runs of `*`, `_` and `~` open and close, and which belong together.

CommonMark 0.31.2, section 6.2, with one change. There, `**提示：**内容` is not bold: the closing run
stands after punctuation and before a letter, so it may not close (commonmark-spec issue 650; 38 %
of 6,000 Chinese articles print stars because of it). Here a run of `*` beside an East Asian wide
character may open unless white space follows and may close unless white space precedes. Nothing
changes beside other characters, so every example of the specification keeps its result.

Scrapers and serialisers leave more marks, mended after the matching: pairs with white space inside
(`** 重点**`; elsewhere than in Chinese only `**Note: **text`, where the closing run touches a word), and,
beside wide characters or inside strong text (`**3****0+**`), runs of four or eight that enclose
nothing. An asterisk that an author typed arrives escaped in these dialects, so a bare pair is markup.

Matching is linear in the length of the text: pairs are recorded, and built in one pass. Only what is mended is spliced.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, TypeAlias

from article_convert.readers.canonical import is_wide

__all__ = ["Token", "matched", "runs_of"]

Token: TypeAlias = dict[str, Any]

_KINDS = {("*", 1): "emphasis", ("_", 1): "emphasis", ("*", 2): "strong", ("_", 2): "strong", ("~", 2): "strikethrough"}


@dataclass(slots=True)
class _Run:
    """A run of one delimiter character, and the pairs it has been given to."""

    char: str
    length: int
    order: int
    left: int
    can_open: bool
    can_close: bool
    token: Token
    closes: list[int] = field(default_factory=list)
    opens: list[int] = field(default_factory=list)
    before: _Run | None = None
    after: _Run | None = None


@cache
def _class(char: str) -> str:
    """`s`pace, `p`unctuation or `o`ther, as section 2.1 of the specification defines them."""
    if char == "" or char in "\t\n\f\r":
        return "s"
    category = unicodedata.category(char)
    if category == "Zs":
        return "s"
    return "p" if category[0] in "PS" else "o"


@cache
def _wide(char: str) -> bool:
    return char != "" and is_wide(char)


def runs_of(source: str, start: int, end: int) -> list[Token]:
    """The delimiter runs in `source[start:end]` as tokens of type `run`, with their flanking."""
    tokens: list[Token] = []
    while start < end:
        char = source[start]
        stop = start
        while stop < end and source[stop] == char:
            stop += 1
        before = source[start - 1] if start else ""
        after = source[stop] if stop < len(source) else ""
        can_open, can_close = _flanking(char, before, after)
        if char == "~" and stop - start != 2:
            can_open = can_close = False
        elif char == "*" and stop - start == 2 and _beside_wide_and_space(before, after):
            can_open = can_close = True
        token: Token = {"type": "run", "char": char, "length": stop - start}
        token.update(can_open=can_open, can_close=can_close, late=_class(before) == "s" and after.isalnum())
        token["alone"] = before.isspace() and after.isspace()
        tokens.append(token)
        start = stop
    return tokens


@lru_cache(maxsize=4096)
def _flanking(char: str, before: str, after: str) -> tuple[bool, bool]:
    """Whether a run of `char` between these two characters may open and may close."""
    previous, following = _class(before), _class(after)
    left = following != "s" and (following != "p" or previous != "o")
    right = previous != "s" and (previous != "p" or following != "o")
    if char == "*" and (_wide(before) or _wide(after)):
        return following != "s", previous != "s"
    if char == "_":
        return left and (not right or previous == "p"), right and (not left or following == "p")
    return left, right


def _beside_wide_and_space(before: str, after: str) -> bool:
    """Whether `**` stands between Chinese and a blank: an editor's slip, `是** 重点**` or `**重点 **。`."""
    return (_wide(before) and after in " \u00a0" and after != "") or (
        _wide(after) and before in " \u00a0" and before != ""
    )


def matched(tokens: list[Token], max_depth: int) -> list[Token]:
    """`tokens` with runs turned into `strong`, `emphasis` and `strikethrough`, the rest into text.

    Pairs nested deeper than `max_depth` stay literal.
    """
    if not any(token["type"] == "run" for token in tokens):
        return tokens
    runs = _linked(tokens)
    _match(runs)
    return _built(tokens, runs, max_depth)


def _linked(tokens: Iterable[Token]) -> dict[int, _Run]:
    runs: dict[int, _Run] = {}
    last: _Run | None = None
    for token in tokens:
        if token["type"] == "run":
            length = token["length"]
            run = _Run(token["char"], length, len(runs), length, token["can_open"], token["can_close"], token)
            runs[id(token)] = run
            run.before = last
            if last is not None:
                last.after = run
            last = run
    return runs


def _match(runs: dict[int, _Run]) -> None:
    """The procedure "process emphasis" of the specification's appendix."""
    bottoms: dict[tuple[str, bool, int], int] = {}
    closer = next(iter(runs.values()), None)
    pairs = 0
    while closer is not None:
        if not closer.can_close or not closer.left:
            closer = closer.after
            continue
        key = (closer.char, closer.can_open, closer.length % 3)
        opener = _opener_for(closer, bottoms.get(key, -1))
        if opener is None:
            bottoms[key] = closer.order - 1
            following = closer.after
            if not closer.can_open:
                _unlink(closer)
            closer = following
            continue
        size = 2 if opener.left >= 2 and closer.left >= 2 else 1
        pairs += 1
        opener.opens.append(pairs if size == 2 else -pairs)
        closer.closes.append(pairs if size == 2 else -pairs)
        opener.left -= size
        closer.left -= size
        opener.after, closer.before = closer, opener
        if not opener.left:
            _unlink(opener)
        if not closer.left:
            following = closer.after
            _unlink(closer)
            closer = following


def _opener_for(closer: _Run, bottom: int) -> _Run | None:
    opener = closer.before
    while opener is not None and opener.order > bottom:
        if opener.char == closer.char and opener.can_open and opener.left and _compatible(opener, closer):
            return opener
        opener = opener.before
    return None


def _compatible(opener: _Run, closer: _Run) -> bool:
    """Rules 9 and 10: a run that can do both pairs only if the lengths do not sum to a multiple of three."""
    if closer.char == "~":
        return opener.left == 2
    if opener.can_close or closer.can_open:
        return (opener.length + closer.length) % 3 != 0 or (opener.length % 3 == 0 and closer.length % 3 == 0)
    return True


def _unlink(run: _Run) -> None:
    if run.before is not None:
        run.before.after = run.after
    if run.after is not None:
        run.after.before = run.before


def _built(tokens: list[Token], runs: dict[int, _Run], max_depth: int) -> list[Token]:
    """One pass over the tokens that opens and closes the recorded pairs."""
    top: list[Token] = []
    stack: list[tuple[list[Token], bool]] = [(top, True)]
    depth = 0
    for token in tokens:
        if token["type"] != "run":
            stack[-1][0].append(token)
            continue
        run = runs[id(token)]
        for pair in run.closes:
            siblings, nests = stack.pop()
            if nests:
                depth -= 1
                _mend(siblings, in_strong=stack[-1][0][-1]["type"] == "strong")
            else:
                siblings.append(_literal(run.char * _size(pair)))
        if run.left:
            rest = _literal(run.char * run.left)
            if run.left == run.length:
                rest["run"] = token
            stack[-1][0].append(rest)
        for pair in reversed(run.opens):
            siblings = stack[-1][0]
            if depth >= max_depth:
                siblings.append(_literal(run.char * _size(pair)))
                stack.append((siblings, False))
            else:
                depth += 1
                inner: list[Token] = []
                siblings.append({"type": _KINDS[run.char, _size(pair)], "children": inner})
                stack.append((inner, True))
    _mend(top)
    return top


def _touches_link(siblings: list[Token], index: int) -> bool:
    """Whether the run at `index` directly touches a link, which bold text around it has lost."""
    return any(
        0 <= place < len(siblings) and siblings[place]["type"] in ("link", "image") for place in (index - 1, index + 1)
    )


def _size(pair: int) -> int:
    return 2 if pair > 0 else 1


def _literal(text: str) -> Token:
    return {"type": "text", "raw": text, "literal": True}


def _mend(siblings: list[Token], in_strong: bool = False) -> None:
    """Pair the `**` left over among `siblings`, and drop runs that enclose nothing; see the module."""
    marks = [index for index, token in enumerate(siblings) if "run" in token and len(token["raw"]) % 2 == 0]
    if not marks:
        return
    wide = any(_wide(char) for token in siblings if token["type"] == "text" for char in token["raw"])
    doubles: list[int] = []
    for index in marks:
        raw = siblings[index]["raw"]
        if raw == "**" and not siblings[index]["run"]["alone"]:
            doubles.append(index)
        elif raw[0] == "*" and len(raw) % 4 == 0 and (wide or in_strong or _touches_link(siblings, index)):
            siblings[index] = {"type": "text", "raw": ""}
    for first, second in reversed(list(zip(doubles[::2], doubles[1::2], strict=False))):
        meant = wide or (siblings[first]["run"]["can_open"] and siblings[second]["run"]["late"])
        if meant and second - first > 1:
            siblings[first : second + 1] = [{"type": "strong", "children": siblings[first + 1 : second]}]
