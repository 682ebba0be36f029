"""Hand labels: what is the author's own in an article, decided by a person who read its source.

The articles belong to others, so `tests/labels.json` holds no word of them. A label names an article
by its number and says of it, in counts and digests:

    seen      the lines of the file that are the author's own: "28-150 not 52-60"
    kinds     why it was chosen: "two cards", "votes", "references" …
    first     digest of the first line of text, `last` of the last
    lines     how many lines of text there are, `letters` letters and digits, `pictures` pictures
    stays     digests of lines that look like furniture and are not
    goes      digests of lines that are furniture
    note      what was hard to decide

A line is a paragraph, heading, item, caption or cell; a line break begins another. The abstract is no
part of the text: it belongs to the metadata. A digest is the beginning of the SHA-256 of the letters
and digits of a line, so marks, spaces, addresses and numbers of list items do not count.

`scripts/label.py` makes a label from the lines that a person names. It reads Markdown by itself, as
simply as the scraper wrote it, so that a label does not depend on what it judges.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from article_convert.model import Article, Image
from article_convert.tree import text_of, walk

LABELS = Path(__file__).parents[2] / "tests" / "labels.json"
SHORTEST = 6
"""Furniture with fewer letters than this is too common a word to be told from text by its digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    seen: str
    kinds: tuple[str, ...]
    first: str
    last: str
    lines: int
    letters: int
    pictures: int
    stays: tuple[str, ...] = ()
    goes: tuple[str, ...] = ()
    note: str = ""


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def digest(text: str) -> str:
    return sha256(letters(text).encode()).hexdigest()[:12]


# --------------------------------------------------------------------------- judging


def lost(label: Label, article: Article) -> str:
    """What the author wrote and the article does not hold, or nothing."""
    lines = lines_of(article)
    known = set(map(digest, lines))
    wrong = [name for name in ("first", "last") if getattr(label, name) not in known]
    wrong += [f"line {each}" for each in label.stays if each not in known]
    for name, value in counts(article, lines).items():
        if value < getattr(label, name):
            wrong.append(f"{getattr(label, name) - value} {name}")
    return f"lost {', '.join(wrong)}" if wrong else ""


def left(label: Label, article: Article) -> str:
    """What is furniture and stands in the article, or nothing."""
    lines = lines_of(article)
    by_digest = {digest(line): line for line in lines}
    wrong = [repr(by_digest[each][:60]) for each in label.goes if each in by_digest]
    for name, place in (("first", 0), ("last", -1)):
        if lines and digest(lines[place]) != getattr(label, name):
            wrong.append(f"{name} is {lines[place][:60]!r}")
    for name, value in counts(article, lines).items():
        if value > getattr(label, name):
            wrong.append(f"{value - getattr(label, name)} {name} too many")
    return "; ".join(wrong)


def lines_of(article: Article) -> list[str]:
    return [line.strip() for line in text_of(article).split("\n") if letters(line)]


def counts(article: Article, lines: Sequence[str]) -> dict[str, int]:
    return {
        "lines": len(lines),
        "letters": sum(len(letters(line)) for line in lines),
        "pictures": sum(isinstance(node, Image) for node in walk(article)),
    }


# --------------------------------------------------------------------------- making and keeping


def make(source: str, seen: str, stays: Iterable[int] = (), kinds: Iterable[str] = (), note: str = "") -> Label:
    """The label that says that the lines `seen` of a dumped page are its text, and all others furniture."""
    lines = source.split("\n")
    whose = author_lines(seen)
    own = [lines[number - 1] for number in whose]
    text = [line for line in map(visible, own) if letters(line)]
    known = set(map(digest, text))
    others = [visible(line) for number, line in enumerate(lines, 1) if number not in whose and number > _body(lines)]
    goes = [digest(line) for line in others if len(letters(line)) >= SHORTEST]
    return Label(
        seen=seen,
        kinds=tuple(kinds),
        first=digest(text[0]),
        last=digest(text[-1]),
        lines=len(text),
        letters=sum(len(letters(line)) for line in text),
        pictures=sum(line.count("![") for line in own),
        stays=tuple(digest(visible(lines[number - 1])) for number in stays),
        goes=tuple(dict.fromkeys(each for each in goes if each not in known)),
        note=note,
    )


def author_lines(seen: str) -> list[int]:
    """The line numbers of a text like "28-150 not 52-60 68-76"."""
    first, *others = re.findall(r"(\d+)-(\d+)", seen)
    cut = {number for start, end in others for number in range(int(start), int(end) + 1)}
    return [number for number in range(int(first[0]), int(first[1]) + 1) if number not in cut]


def _body(lines: Sequence[str]) -> int:
    """The number of the rule that ends the fields of a dumped page."""
    return lines.index("---") + 1


def visible(line: str) -> str:
    """What a person sees of a line of the scraper's Markdown."""
    line = re.sub(r"^[ >]*(?:(?:\*|-|\d+\.) {2,3})*(?:#+ )?", "", line)
    line = re.sub(r"!\[[^\]]*\]\([^)]*\)", "", line)
    line = re.sub(r"\[((?:\\.|[^\]\\])*)\]\(\S*?\)", r"\1", line)
    return re.sub(r"\\(?=[^\w\s])", "", line)


def load() -> dict[str, Label]:
    held = json.loads(LABELS.read_text(encoding="utf-8")) if LABELS.exists() else {}
    return {
        number: Label(**{name: _frozen(value) for name, value in fields.items()}) for number, fields in held.items()
    }


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def save(labels: dict[str, Label]) -> None:
    """Write all labels, one article to a line."""
    rows = []
    for number in sorted(labels, key=int):
        fields = {name: value for name, value in asdict(labels[number]).items() if value not in ((), "")}
        rows.append(f"{json.dumps(number)}: {json.dumps(fields, ensure_ascii=False)}")
    LABELS.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
