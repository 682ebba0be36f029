"""Articles that a scraper saved: read, cleaned, and held against their source, their label and their page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import article_convert as ac
import laws
from article_convert.model import Article, Author, Block, BlockQuote, Paragraph, Text
from article_convert.report import Report
from article_convert.tree import text_of, walk
from quality import furniture, labels, metadata
from quality.findings import Findings
from woshipm_pages import THEMES, page

DIALECTS = ("library", "flat", "first")
"""The newest dialect first: the others and the pages are compared with it."""

LONG = 24
"""Nobody writes so many letters twice by chance: a line that stands in two articles belongs to neither."""
LIFTED = {"title", "title-again", "fields", "summary", "summary-again"}
"""Cuts that are no furniture: what they take out is in the metadata."""


def articles(folder: Path) -> dict[str, Path]:
    """The articles of a dialect by their number; `operate-5966602.md` and `5966602.md` are the same one."""
    pages = ((re.search(r"\d+$", page.stem), page) for page in sorted(folder.rglob("*.md")))
    return {number[0]: page for number, page in pages if number}


def saved_article(path: Path) -> Findings:
    dialect = next(name for name in DIALECTS if f"/{name}/" in str(path))
    found = Findings(str(path), dialect)
    source, report = path.read_text(encoding="utf-8"), Report()
    article = ac.read(source.encode(), "gitbook", report=report, name=path.name)
    found.law("read_conserves", laws.conserved_by_reading, source, "gitbook", article, report)
    cleaned = ac.clean(article, report=report)
    found.law("clean_conserves", laws.conserved_by_cleaning, article, cleaned, report)
    found.law("idempotent", laws.transforms_are_idempotent, cleaned)
    found.law("markdown_round_trip", laws.survives_markdown, cleaned)
    stars = sum(node.text.count("**") for node in walk(cleaned) if isinstance(node, Text))
    found.note("no_stars", f"{stars} literal **" if stars > source.count("\\*") // 2 else "")
    found.note("no_furniture", furniture.left_over(cleaned))
    label = LABELS.get(re.findall(r"\d+$", path.stem)[0])
    cuts = (removal.text for removal in report.removals if removal.rule not in LIFTED)
    found.note("furniture_noticed", furniture.unnoticed(cut for cut in cuts if not _decided(cut, label)))
    found.note("metadata_complete", " ".join(metadata.missing(cleaned, source)))
    found.warnings = sum(diagnostic.severity != "note" for diagnostic in report.diagnostics)
    found.body = re.sub(r"\s", "", text_of(cleaned))
    found.letters = labels.letters(found.body)
    found.tree = sha256(repr(cleaned.content).encode()).hexdigest()
    if dialect == DIALECTS[0]:
        lines = (line for line in labels.lines_of(cleaned) if len(labels.letters(line)) >= LONG)
        found.long_lines = {labels.digest(line): line[:40] for line in lines}
        if label:
            found.judged |= {"labelled_kept", "labelled_clean"}
            found.note("labelled_kept", labels.lost(label, cleaned))
            found.note("labelled_clean", labels.left(label, cleaned))
        found.note("same_on_pages", "; ".join(_on_pages(cleaned)))
    return found


def _decided(cut: str, label: labels.Label | None) -> bool:
    """Whether a person said that this goes, or it is too short for anybody to say."""
    return len(labels.letters(cut)) < labels.SHORTEST or (label is not None and labels.digest(cut) in label.goes)


LABELS = labels.load()


# --------------------------------------------------------------------------- the same article as a page


def _on_pages(cleaned: Article) -> Iterator[str]:
    """How the article differs when it comes from a page of the site: the newest theme, and one other."""
    others = [theme for theme in THEMES if theme != "g4"]
    turn = int(labels.digest(cleaned.metadata.source_url), 16) % len(others)
    for theme in ("g4", others[turn]):
        again = ac.clean(ac.read(page(_as_published(cleaned), theme), "woshipm", name=f"{theme}.html"))
        if again.content != cleaned.content:
            yield f"{theme}: {difference(text_of(cleaned), text_of(again)) or 'other nodes'}"
        elif theme == "g4" and _told(again, cleaned) != _told(cleaned, cleaned):
            yield f"{theme}: other metadata"


def _as_published(cleaned: Article) -> Article:
    """The article with its abstract at the head, where the site prints it."""
    paragraphs: tuple[Block, ...] = tuple(
        Paragraph((Text(line),)) for line in cleaned.metadata.summary.split("\n") if line.strip()
    )
    return replace(cleaned, content=(BlockQuote(paragraphs), *cleaned.content)) if paragraphs else cleaned


def _told(article: Article, published: Article) -> object:
    """The metadata without what depends on the way the page was saved."""
    known = article.metadata
    authors = tuple(Author(author.name, author.url) for author in known.authors)
    # An article that states nothing is printed with statements that were made up.
    notices = known.notices if published.metadata.notices else ()
    return replace(known, authors=authors, notices=notices, origins=())


# --------------------------------------------------------------------------- one article beside another


def compared(found: dict[str, dict[str, Findings]]) -> Iterator[tuple[str, Findings, str]]:
    """What only shows beside another article: figure, article, and the evidence against it, if there is any."""
    newest = found[DIALECTS[0]]
    often = Counter(line for one in newest.values() for line in one.long_lines)
    for one in newest.values():
        yield "no_shared_line", one, next((said for line, said in one.long_lines.items() if often[line] > 1), "")
    for number, other in found["flat"].items():
        if number in newest:
            one = newest[number]
            yield "same_body_flat", other, difference(one.body, other.body)
            yield "same_tree_flat", other, "" if one.tree == other.tree else "other nodes"
    for number, other in found["first"].items():
        if number in newest:
            # The first dialect has no marks at all: the abstract runs into the text, which must be whole.
            whole = other.letters.endswith(newest[number].letters)
            yield "same_body_first", other, "" if whole else difference(newest[number].letters, other.letters)


def difference(a: str, b: str) -> str:
    """Where two texts part, or nothing if they do not."""
    if a == b:
        return ""
    index = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    start = max(0, index - 12)
    return f"at {index}: {a[start : index + 20]!r} / {b[start : index + 20]!r}"
