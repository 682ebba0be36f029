"""Count what must be zero in converted GitBooks: leaked syntax, lost blocks, missing summary lines.

    python scripts/check_books.py FOLDER...

For each folder, every chapter is read and its text is searched, outside code, for the dialect's own
syntax; the nodes of each kind are counted against the opening tags in the sources; and the lines of
the summary are compared with the entries of the book. Exit status 1 if anything leaked.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from article_convert.books import read_book
from article_convert.model import Article, Book, Callout, Embed, Entry, Group, Image, Link, Node, Text
from article_convert.report import Report
from article_convert.tree import text_of, walk

LEAKS = {
    "{%": re.compile(r"\{%"),
    "{{": re.compile(r"\{\{"),
    "&#x20;": re.compile(r"&#x20;"),
    "&#xNAN;": re.compile(r"&#xNAN;"),
    ":icon:": re.compile(r"(?<![\w:/])(?::fa-[a-z-]+:|:[a-z]+(?:-[a-z]+)+:)"),
    "broken-reference": re.compile(r"broken-reference"),
    "app.gitbook.com": re.compile(r"app\.gitbook\.com/(?:s|o)/"),
}
PAIRS = {
    "hint": lambda node: isinstance(node, Callout),
    "tabs": lambda node: isinstance(node, Group) and node.kind == "tabs",
    "tab": lambda node: isinstance(node, Group) and node.kind == "tab",
    "stepper": lambda node: isinstance(node, Group) and node.kind == "steps",
    "step": lambda node: isinstance(node, Group) and node.kind == "step",
    "columns": lambda node: isinstance(node, Group) and node.kind == "columns",
    "column": lambda node: isinstance(node, Group) and node.kind == "column",
    "update": lambda node: isinstance(node, Group) and node.kind == "update",
    "prompt": lambda node: isinstance(node, Group) and node.kind == "prompt",
    "if": lambda node: isinstance(node, Group) and node.kind == "if",
    "embed": lambda node: isinstance(node, Embed) and node.kind in ("link", "video"),
    "file": lambda node: isinstance(node, Embed) and node.kind == "file",
    "content-ref": lambda node: isinstance(node, Embed) and node.kind == "page",
}
_ALIASES = {"page-ref": "content-ref", "code-tabs": "tabs", "code-tabs-item": "tab"}
_FENCE = re.compile(r"^[ \t>]*(?:[-*+] +|\d+[.)] +)*(`{3,}|~{3,}).*?(?:^[ \t>]*\1[`~]*[ \t]*$|\Z)", re.M | re.S)
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|<pre.*?</pre>", re.S)


def chapters(book: Book) -> Iterator[tuple[str, Article]]:
    """Every chapter once, in order."""
    seen: set[str] = set()
    for entry in entries(book.entries):
        if entry.chapter and entry.chapter.path not in seen:
            seen.add(entry.chapter.path)
            yield entry.chapter.path, entry.chapter.load()


def entries(found: tuple[Entry, ...]) -> Iterator[Entry]:
    """Every line of the contents."""
    for entry in found:
        yield entry
        yield from entries(entry.children)


def leaks(article: Article) -> Counter[str]:
    """How often each kind of syntax stands in the text, code left out, and file names as link texts."""
    found: Counter[str] = Counter()
    texts = [node.text for node in walk(article) if isinstance(node, Text)]
    for name, pattern in LEAKS.items():
        found[name] += sum(len(pattern.findall(text)) for text in texts)
    for node in walk(article):
        if isinstance(node, Link) and _is_file_name(node):
            found["file name as text"] += 1
        if isinstance(node, Embed) and node.kind == "page" and re.fullmatch(r"[\w.-]+\.md", text_of(node.caption)):
            found["file name as text"] += 1
    return +found


def _is_file_name(node: Link) -> bool:
    pictures = any(isinstance(child, Image) for child in walk(node))
    return node.title == "mention" or (text_of(node.content) in ("", ".md") and not pictures)


def tags(source: str) -> Counter[str]:
    """The opening tags of a page outside code."""
    bare = _CODE.sub("", _FENCE.sub("", source))
    found = Counter(_ALIASES.get(name, name) for name in re.findall(r"(?<!\\)\{%-?\s*([\w@/-]+)", bare))
    found["hint"] += len(re.findall(r"^[ \t]*> ?\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]", bare, re.M))
    return found


def nodes(article: Article) -> Counter[str]:
    """The nodes of each kind that a tag opens."""
    found: Counter[str] = Counter()
    node: Node
    for node in walk(article):
        for name, belongs in PAIRS.items():
            found[name] += belongs(node)
    return found


def check(folder: Path) -> bool:
    """Print the counts for one book; true if nothing leaked."""
    report = Report()
    book = read_book(folder, report=report)
    leaked: Counter[str] = Counter()
    written: Counter[str] = Counter()
    made: Counter[str] = Counter()
    where: dict[str, str] = {}
    count = 0
    for path, article in chapters(book):
        count += 1
        for name, number in leaks(article).items():
            leaked[name] += number
            where.setdefault(name, path)
        source = next((each for each in folder.rglob(Path(path).name) if each.as_posix().endswith(path)), None)
        if source is not None:
            own = tags(source.read_text("utf-8", "replace"))
            got = nodes(article)
            written += own
            made += got
    print(f"{folder.name}: {count} chapters, {sum(1 for _ in entries(book.entries))} lines of contents")
    print("  leaks:", {name: (number, where[name]) for name, number in leaked.items()} or "none")
    differing = {name: (written[name], made[name]) for name in PAIRS if written[name] != made[name]}
    print("  tags, nodes where they differ:", differing or "none")
    print("  diagnostics:", dict(sorted(report.counts.items())))
    return not leaked


if __name__ == "__main__":
    results = [check(Path(name)) for name in sys.argv[1:]]
    sys.exit(0 if results and all(results) else 1)
