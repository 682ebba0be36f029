"""The laws of `laws.py` on articles that nobody wrote (hypothesis) and on articles that many people wrote (corpus)."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import article_convert as ac
import laws
import strategies
from article_convert.model import Article
from article_convert.report import Report

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
