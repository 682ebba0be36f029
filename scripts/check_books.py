"""Count what must be zero in converted GitBooks: leaked syntax, lost blocks, missing lines of contents.

    python scripts/check_books.py FOLDER... [--formats epub,html,pages,markdown,pdf] [--pdf-chapters 60] [--links]

Each folder is converted to every format (to PDF only if it has few chapters), and the finished bytes
are read again: outside code there may be no syntax of the dialect, no address of GitBook's editor, no
link that leads nowhere and no file name where a title was meant, and each line of the summary must
stand in each table of contents once and in order. The blocks of each kind are counted against the
opening tags in the sources. `--links` lists the links that lost their address, with the reason.
Exit status 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from difflib import ndiff
from pathlib import Path
from urllib.parse import unquote

from book_outputs import SEEN, Seen

from article_convert.books import read_book
from article_convert.books.links import leads_out
from article_convert.books.project import find_projects
from article_convert.model import Article, Book, Callout, Chapter, Embed, Entry, Group, Node, Table
from article_convert.readers.decode import decode
from article_convert.readers.gitbook import Surroundings, read_page
from article_convert.report import Report
from article_convert.tree import rewrite, walk, walk_entries

LEAKS = {
    "{%": re.compile(r"\{%"),
    "{{": re.compile(r"\{\{"),
    "&#x20;": re.compile(r"&#x20;"),
    "&#xNAN;": re.compile(r"&#xNAN;"),
    ":icon:": re.compile(r"(?<![\w:/]):(?:fa|[a-z]+)(?:-[a-z]+)+:"),
    "broken-reference": re.compile(r"broken-reference"),
    "app.gitbook.com": re.compile(r"app\.gitbook\.com/(?:s|o|u|spaces)/"),
}
_ALIASES = {"page-ref": "content-ref", "code-tabs": "tabs", "code-tabs-item": "tab"}
_KINDS: dict[str, Callable[[Node], bool]] = {
    "hint": lambda node: isinstance(node, Callout),
    "embed": lambda node: isinstance(node, Embed) and node.kind in ("link", "video"),
    "file": lambda node: isinstance(node, Embed) and node.kind == "file",
    "content-ref": lambda node: isinstance(node, Embed) and node.kind == "page",
}
_GROUPS = {"stepper": "steps"} | {
    name: name for name in ("tabs", "tab", "step", "columns", "column", "update", "prompt", "if")
}
_FENCE = re.compile(r"^[ \t>]*(?:[-*+] +|\d+[.)] +)*(`{3,}|~{3,}).*?(?:^[ \t>]*\1[`~]*[ \t]*$|\Z)", re.M | re.S)
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|<pre.*?</pre>", re.S)
_FILE_NAME = re.compile(r"[\w./-]+\.md")
_MEANT = re.compile(r"\[`?([\w./-]+\.md)`?\]\([^)\s]*\)")
"""A link whose text is a file name because its author wrote it: mentions have a title."""


def entries(book: Book) -> list[Entry]:
    """Every line of the contents, in order."""
    return [entry for entry, _ in walk_entries(book.entries)]


def kept(book: Book) -> Book:
    """The book with its chapters in memory: each is read once for all formats."""
    articles: dict[str, Article] = {}

    def load(chapter: Chapter) -> Article:
        if chapter.path not in articles:
            articles[chapter.path] = chapter.load()
        return articles[chapter.path]

    def held(entry: Entry) -> Entry:
        chapter = entry.chapter and Chapter(entry.chapter.path, lambda: load(entry.chapter))  # type: ignore[arg-type]
        return replace(entry, chapter=chapter, children=tuple(map(held, entry.children)))

    return replace(book, entries=tuple(map(held, book.entries)))


def sources(book: Book, folder: Path) -> Iterator[tuple[str, bool]]:
    """The text of every page in the book as it stands in its file, and whether it is in the legacy dialect."""
    projects = find_projects(folder, Report())
    for path in dict.fromkeys(entry.chapter.path for entry in entries(book) if entry.chapter):
        places = [(root / path, project.legacy) for project in projects for root in (folder, project.root)]
        file, legacy = next(place for place in places if place[0].is_file())
        yield decode(file.read_bytes(), Report(), markup=False), legacy


def leaks(seen: Seen, meant: set[str], folder: Path) -> Iterator[tuple[str, int, str]]:
    """What leaked into an output, how often, and an example."""
    for name, pattern in LEAKS.items():
        # In a description, which is plain text, backticks still say that something is code.
        places = [*pattern.finditer(re.sub(r"`[^`]{1,200}`", "", seen.text))]
        if places:
            start = places[0].start()
            yield name, len(places), " ".join(seen.text[max(0, start - 40) : start + 40].split())
    editor = [href for href, _ in seen.links if LEAKS["app.gitbook.com"].search(href)]
    named = [text for _, text in seen.links if _FILE_NAME.fullmatch(text) and text not in meant]
    # Pictures and files of a book in one Markdown file are named as they lie in its folder.
    dangling = [f"{text} ({href})" for href, text in seen.dangling() if not (folder / unquote(href)).is_file()]
    for name, found in (("editor link", editor), ("file name as title", named), ("dangling link", dangling)):
        if found:
            yield name, len(found), found[0]


def lines_amiss(seen: Seen, book: Book) -> Iterator[str]:
    """The lines of each table of contents that are missing, too many or out of order."""
    for name, found in seen.contents.items():
        expected = entries(book) if name == "contents" else [*_places(book.entries)]
        back = {_title(each) for each in _leading_back(book)} if name != "contents" else set()
        for line in ndiff([_title(each) for each in expected], found):
            # epubcheck (NAV-011) lets no line of a navigation document lead back to an earlier place.
            if line[0] == "+" or (line[0] == "-" and line[2:] not in back):
                yield f"{name}: {line}"


def _title(entry: Entry) -> str:
    return " ".join(entry.title.split())


def _places(found: tuple[Entry, ...]) -> Iterator[Entry]:
    """The lines that lead to a place in the book, or stand above such lines."""
    for entry in found:
        below = [*_places(entry.children)]
        if entry.chapter or below or (entry.url and not leads_out(entry.url)):
            yield entry
        yield from below


def _leading_back(book: Book) -> Iterator[Entry]:
    """The lines that lead to a chapter for the second time, or to a place in one."""
    seen: set[str] = set()
    for entry in entries(book):
        if entry.url or (entry.chapter and entry.chapter.path in seen):
            yield entry
        seen |= {entry.chapter.path} if entry.chapter else set()


def tags(source: str) -> Counter[str]:
    """The opening tags of a page outside code."""
    bare = _CODE.sub("", _FENCE.sub("", source))
    found = Counter(_ALIASES.get(name, name) for name in re.findall(r"(?<!\\)\{%-?\s*([\w@/-]+)", bare))
    found.update(re.findall(r"<div data-gb-custom-block data-tag=[\"']([\w-]+)", bare))
    found["hint"] += len(re.findall(r"^[ \t]*> ?\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]", bare, re.M))
    return found


def nodes(article: Article) -> Counter[str]:
    """The nodes of each kind that a tag opens; cells of tables hold none."""
    found: Counter[str] = Counter()
    without_tables = rewrite(article, lambda node: () if _is_table(node) else node)
    for node in walk(without_tables):
        if isinstance(node, Group):
            found[node.kind] += 1
        found.update(name for name, belongs in _KINDS.items() if belongs(node))
    return found


def _is_table(node: Node) -> bool:
    return isinstance(node, Table) or (isinstance(node, Group) and node.kind == "cards")


def blocks(pages: Iterable[tuple[str, bool]]) -> dict[str, tuple[int, int]]:
    """How many blocks of each kind the pages open and the reader makes of them."""
    written: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for source, legacy in pages:
        opened, read = tags(source), nodes(read_page(source, Surroundings(legacy=legacy), Report()))
        if legacy:  # where the variables of the book decide, one branch stands for the whole condition, or none
            del opened["if"], read["if"]
        written += opened
        made += read
    return {name: (written[name], made[_GROUPS.get(name, name)]) for name in (*_KINDS, *_GROUPS)}


def check(folder: Path, formats: list[str], links: bool) -> bool:
    """Convert one book, print what is wrong with it, and say whether nothing is."""
    report = Report()
    book = kept(read_book(folder, report=report))
    pages = [*sources(book, folder)]
    meant = {name for source, _ in pages for name in _MEANT.findall(source)}
    print(f"{folder.name}: {len(pages)} chapters, {len(entries(book))} lines of contents")
    wrong = 0
    for name in formats:
        seen = SEEN[name](book, report if name == formats[0] else Report())
        found = [f"{kind} {number} ({example})" for kind, number, example in leaks(seen, meant, folder)]
        found += lines_amiss(seen, book)
        wrong += len(found)
        print(f"  {name}:", "\n    ".join(found) or "nothing leaked, contents complete")
    counted = blocks(pages)
    lost = {name: pair for name, pair in counted.items() if pair[0] != pair[1]}
    print(
        "  blocks:", sum(made for _, made in counted.values()), f"of {len(counted)} kinds;", lost or "as many as tags"
    )
    print("  report:", dict(sorted(report.counts.items())))
    if links:
        for each in report.diagnostics:
            if each.code in ("link.unresolved", "book.missing-page"):
                print(f"    {each}")
    return not wrong and not lost


def main() -> int:
    """Check every folder and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--formats", default="epub,html,pages,markdown,pdf")
    parser.add_argument("--pdf-chapters", type=int, default=60, help="no PDF of a book with more chapters")
    parser.add_argument("--links", action="store_true", help="list the links that lost their address")
    args = parser.parse_args()
    results = []
    for folder in args.folders:
        chapters = sum(entry.chapter is not None for entry in entries(read_book(folder)))
        chosen = [name for name in args.formats.split(",") if name != "pdf" or chapters <= args.pdf_chapters]
        results.append(check(folder, chosen, args.links))
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
