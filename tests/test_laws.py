"""The laws of `laws.py` on articles that nobody wrote (hypothesis) and on articles that many people wrote (corpus)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import article_convert as ac
import laws
import strategies
from article_convert.model import Article, Block, Metadata, Node
from article_convert.report import Report
from article_convert.rules import Rule, RuleSet
from article_convert.rules.marks import is_marked, mark_blocks
from article_convert.transforms import cut_furniture
from article_convert.tree import check, rewrite, text_of, walk

BOUNDED = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
SAMPLE = 40


@BOUNDED
@given(strategies.articles())
def test_generated_articles_keep_the_laws(article: Article) -> None:
    laws.hold_for(article, exact=False)


@BOUNDED
@given(strategies.articles(exact=True))
def test_articles_that_markdown_can_hold_come_back_the_same(article: Article) -> None:
    laws.survives_markdown(article)


RULE = Rule(id="drop", reason="drop it")


@BOUNDED
@given(strategies.articles(), st.sets(st.integers(0, 40)))
def test_marks_change_nothing_until_they_are_cut(article: Article, places: set[int]) -> None:
    """Any block at any depth may be marked, and blocks inside marks again."""
    count = iter(range(1000))

    def mark(node: Node) -> Node:
        is_wanted = isinstance(node, Block) and next(count) in places
        return mark_blocks(RULE, (node,)) if is_wanted else node  # type: ignore[arg-type]

    article = replace(article, metadata=Metadata())
    marked = rewrite(article, mark)
    laws.survives_json(marked)
    assert text_of(marked) == text_of(article)
    report = Report()
    cut = cut_furniture(marked, report)
    check(cut)
    assert not [node for node in walk(cut) if is_marked(node)]
    assert cut_furniture(cut, report) is cut
    laws.conserved_by_cleaning(marked, cut, report)
    laws.conserved_by_writing(marked, "markdown")
    kept = cut_furniture(marked, Report(), RuleSet(keep=frozenset({"drop"})))
    assert text_of(kept) == text_of(article)
    assert not [node for node in walk(kept) if is_marked(node)]


def sampled(folder: Path, count: int = SAMPLE) -> list[Path]:
    """About `count` pages, evenly spread, the same ones every time."""
    pages = sorted(page for page in folder.rglob("*.md") if page.name != "SUMMARY.md" and page.stat().st_size > 200)
    return pages[:: max(1, len(pages) // count)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["woshipm/library", "woshipm/flat", "woshipm/first"])
def test_saved_articles_keep_the_laws(corpus: Path, name: str) -> None:
    for page in sampled(corpus / name, 20):
        source, report = page.read_text(encoding="utf-8"), Report()
        article = ac.read(source.encode(), "gitbook", report=report, name=page.name)
        try:
            laws.conserved_by_reading(source, "gitbook", article, report)
            cleaned = ac.clean(article, report=report)
            laws.conserved_by_cleaning(article, cleaned, report)
            laws.hold_for(cleaned, writers=("html", "markdown"))
        except AssertionError as failure:
            failure.add_note(f"in {page}")
            raise


@pytest.mark.slow
def test_gitbook_pages_keep_the_laws(corpus: Path) -> None:
    for page in sampled(corpus / "gitbook"):
        report = Report()
        try:
            article = ac.read(page.read_bytes(), "gitbook", report=report, name=page.name)
            laws.conserved_by_reading(page.read_text(encoding="utf-8"), "gitbook", article, report)
            laws.hold_for(article, exact=False, writers=("html", "markdown"))
        except AssertionError as failure:
            failure.add_note(f"in {page}")
            raise
