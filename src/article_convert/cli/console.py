"""What the command says: lists, help, explanations, warnings and progress, as lines of text.

Texts of articles are shown with their control characters made visible: they come from strangers, and
a terminal obeys such characters.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import TextIO
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from article_convert import formats
from article_convert.errors import UnknownFormat
from article_convert.options import describe
from article_convert.report import CODES, Piece, Report

__all__ = [
    "Progress",
    "as_json",
    "explanation",
    "format_help",
    "format_list",
    "host_of",
    "plain",
    "print_bytes",
    "tally",
    "warnings",
]

_SHOWN_PER_CODE = 5
_QUOTED_WIDTH = 300
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """`text` with its control characters written out (`\\x1b`), so that it stays on one line."""
    return _UNSAFE.sub(lambda match: ascii(match.group())[1:-1], text)


def as_json(data: object) -> bytes:
    """A report file: JSON in UTF-8, whatever the locale, as JSON has to be."""
    text = json.dumps(data, ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "backslashreplace")  # a name of a file may hold bytes that are no text


def print_bytes(output: bytes) -> None:
    """Put bytes on standard output as they are, behind what was printed before."""
    sys.stdout.flush()
    rest = memoryview(output)
    while rest:  # unbuffered (python -u), a write may take only a part
        rest = rest[sys.stdout.buffer.write(rest) :]
    sys.stdout.buffer.flush()


# --------------------------------------------------------------------------- formats


_KINDS: tuple[tuple[formats.Kind, str], ...] = (("readers", "-R"), ("writers", "-O"))


def format_list() -> Iterator[str]:
    """`--list-formats`: every reader and writer with its extensions and what it is for."""
    for kind, _ in _KINDS:
        yield f"{kind.capitalize()} ({'-f' if kind == 'readers' else '-t'} NAME)"
        for name in formats.names(kind):
            found = formats.reader(name) if kind == "readers" else formats.writer(name)
            yield f"  {name:<10} {' '.join(found.extensions):<24} {found.help}".rstrip()
        yield ""
    yield "`article-convert --help NAME` shows the options of a format."


def format_help(name: str) -> Iterator[str]:
    """`--help FORMAT`: its options as reader (`-R`) and as writer (`-O`). Raises `UnknownFormat`."""
    found = False
    for kind, flag in _KINDS:
        if name not in formats.names(kind):
            continue
        record = formats.reader(name) if kind == "readers" else formats.writer(name)
        if found:
            yield ""
        found = True
        yield from textwrap.wrap(f"{kind[:-1].capitalize()} {name}: {record.help}".rstrip(": "), 80)
        yield from _option_lines(record.options, flag)
    if not found:
        names = dict.fromkeys([*formats.names("readers"), *formats.names("writers")])
        raise UnknownFormat(f"no format {name!r}; available: {', '.join(names)}")


def _option_lines(options: type, flag: str) -> Iterator[str]:
    described = describe(options)
    if not described:
        yield "  It has no options."
    for each in described:
        default = f" (default: {each.default})" if each.default else ""
        yield f"  {flag} {each.name}={each.values}"
        yield from textwrap.wrap(each.help + default, 78, initial_indent=" " * 8, subsequent_indent=" " * 8)


# --------------------------------------------------------------------------- reports


def warnings(report: Report, verbose: bool) -> Iterator[str]:
    """One line for each warning and error, the first five of a code; `verbose`: all, and the notes too.

    Pictures of a host that cannot be reached are one line for all of them, unless `verbose`.
    """
    shown: Counter[str] = Counter()
    folded: Counter[str] = Counter()
    unreachable = {} if verbose else _unreachable(report)
    for diagnostic in report.diagnostics:
        cause = next((each for each in unreachable if diagnostic.message.endswith(f": {each}")), "")
        if cause:
            number, unreachable[cause] = unreachable[cause], 0
            folded[diagnostic.code] += number
            if number:
                yield plain(f"{diagnostic.severity}: {number:,} pictures are not at hand: {cause} [{diagnostic.code}]")
        elif verbose or (diagnostic.severity != "note" and shown[diagnostic.code] < _SHOWN_PER_CODE):
            shown[diagnostic.code] += 1
            yield plain(str(diagnostic))
    for code, count in report.counts.items():
        if 0 < shown[code] + folded[code] < count:
            hint = "" if verbose else "; --verbose shows more, --report FILE lists them"
            yield f"… and {count - shown[code] - folded[code]} more [{code}]{hint}"


def _unreachable(report: Report) -> dict[str, int]:
    """Why several pictures of one host were not fetched, where the reason lies with the host, and how many."""
    failed = [asset for asset in report.assets if asset.fate == "failed" and "//" in asset.url]
    causes = Counter(asset.detail for asset in failed if (urlsplit(asset.url).hostname or "?") in asset.detail)
    return {cause: number for cause, number in causes.items() if number > 1}


def host_of(url: str) -> str:
    """The host of a picture on the web, `""` for one beside its article or inside it."""
    try:
        return (urlsplit(url.strip()).hostname or "") if "//" in url[:8] else ""
    except ValueError:
        return ""


def tally(counts: Counter[str], failed: Counter[str]) -> Iterator[str]:
    """What happened in many articles: one line for each code that is a warning or an error, most frequent first.

    `failed` counts the pictures that could not be had by their hosts; the worst of them are named.
    """
    for code, count in counts.most_common():
        severity, meaning = CODES[code]
        if severity != "note":
            yield f"{severity}: {count:,} × {meaning} [{code}]"
        if code == "image.missing" and any(failed):
            named = failed.most_common(_SHOWN_PER_CODE)
            rest = len(failed) - len(named)
            said = [f"{host or 'beside the articles'} {number:,}" for host, number in named]
            yield plain(f"  where: {', '.join(said)}{f', and {rest:,} more hosts' * bool(rest)}")


def explanation(source: str, report: Report, dim: bool = False) -> Iterator[str]:
    """`--explain`: what was cut from one article and what stays, in order, with the rule and the reason.

    What no rule found is one line for each run of it, faint if the terminal can (`dim`).
    """
    pieces = [*_left_out(report), *report.pieces]
    cut = sum(not piece.stays for piece in pieces)
    stay = sum(piece.stays for piece in pieces)
    amount = f"{cut} piece{'s' * (cut != 1)}" if cut else "nothing"
    yield f"{plain(source)}: {amount} cut or moved" + (f", {stay} kept" if stay else "")
    number = 0
    for is_plain, run in groupby(pieces, lambda piece: piece.stays and not piece.rule):
        if is_plain:
            line = _stays(list(run))
            yield f"\x1b[2m{line}\x1b[0m" if dim else line
            continue
        for piece in run:
            number += not piece.stays
            yield from _found(piece, f"{number:>4}." if not piece.stays else " kept")


def _left_out(report: Report) -> list[Piece]:
    """What left without a mark: what a page hides, and in reports of other readers all that they cut."""
    in_pieces = {(piece.rule, piece.text) for piece in report.pieces}
    return [
        Piece(False, each.rule, each.reason, each.text, each.span)
        for each in report.removals
        if not report.pieces or (each.rule, each.text) not in in_pieces
    ]


def _stays(run: list[Piece]) -> str:
    """One line for blocks that stay: how many, where, and how they begin."""
    lines = [piece.span.line for piece in run if piece.span]
    place = f", line{'s' * (lines[0] != lines[-1])} {lines[0]}" if lines else ""
    place += f" to {lines[-1]}" if lines and lines[0] != lines[-1] else ""
    begins = plain(" ".join(run[0].text.split()))
    shown = next(_folded(begins, 44), "")
    return f"      {len(run)} block{'s' * (len(run) != 1)} kept{place}: {shown}{'…' * (shown != begins)}"


def _found(piece: Piece, number: str) -> Iterator[str]:
    place = f", line {piece.span.line}" if piece.span else ""
    yield f"{number} {piece.rule}{place}: {plain(piece.reason)}"
    text = plain(" ".join(piece.text.split()))
    shown = f"{text[:_QUOTED_WIDTH]}{'…' if len(text) > _QUOTED_WIDTH else ''}"
    lines = list(_folded(shown, 88)) or [""]
    for index, line in enumerate(lines):
        yield f"      {'“' if not index else ' '}{line}{'”' if index == len(lines) - 1 else ''}"


def _folded(text: str, width: int) -> Iterator[str]:
    """`text` in lines of at most `width` columns; Chinese characters take two and may end a line."""
    line, columns, blank = "", 0, 0
    for char in text:
        line += char
        columns += 2 if east_asian_width(char) in "WF" else 1
        if char == " " or east_asian_width(char) in "WF":
            blank = len(line)
        if columns >= width:
            cut = blank or len(line)
            yield line[:cut].rstrip()
            line = line[cut:]
            columns, blank = sum(2 if east_asian_width(c) in "WF" else 1 for c in line), 0
    if line:
        yield line


# --------------------------------------------------------------------------- progress


class Progress:
    """One line on a terminal that says how far a long run has come; nothing anywhere else."""

    def __init__(self, stream: TextIO, total: int, wanted: bool) -> None:
        self.stream = stream
        self.total = total
        self.shown = wanted and total > 1 and stream.isatty()

    def at(self, number: int, name: str) -> None:
        """Show that `number` of all are done, the last of them `name`."""
        if self.shown:
            self.stream.write(f"\r\x1b[K{number:,}/{self.total:,} {plain(name)[-60:]}")
            self.stream.flush()

    def clear(self) -> None:
        """Make room for another line."""
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
