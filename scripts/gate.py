"""Measure the quality of reading and cleaning over a corpus, and hold it.

    scripts/gate.py [--update] [CORPUS]

Prints one line for each figure. `tests/gate.json` holds the best value that was ever accepted; a
figure that is worse fails the run, and `--update` writes the ones that are better. The patterns here
owe nothing to the rules of the library: they look for what a reader would complain about.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import article_convert as ac  # noqa: E402
import laws  # noqa: E402
from article_convert.model import Article, BlockQuote, Heading, Image, Link, Text  # noqa: E402
from article_convert.report import Report  # noqa: E402
from article_convert.tree import text_of, walk  # noqa: E402

FLOORS = ROOT / "tests" / "gate.json"
DIALECTS = ("library", "flat", "first")

FURNITURE_TEXT = re.compile(
    r"点赞已赞|微信扫一扫|查看详情 >|更多精彩内容，请关注|分享到微博|平台仅提供信息存储空间|发布于人人都是产品经理"
    r"|[，。]\s*(?:禁止|不得)转载|题图来自\s*(?:Un|Pe|Pi)|\d+ 评论 \d+ 浏览|关注\s*\d{4}-\d\d-\d\d"
)
FURNITURE_ADDRESS = re.compile(
    r"ke\.qidianla\.com|api\.pwmqr\.com|service\.weibo\.com/share|static\.woshipm\.com/tag/|imageView2/1/w/72"
)


@dataclass
class Findings:
    """What is wrong with one page, as names of figures, and what to compare it by."""

    page: str
    wrong: dict[str, str] = field(default_factory=dict)
    warnings: int = 0
    body: str = ""
    letters: str = ""


def saved_article(page: Path) -> Findings:
    found = Findings(str(page))
    source, report = page.read_text(encoding="utf-8"), Report()
    article = ac.read(source.encode(), "gitbook", report=report, name=page.name)
    holds(found, "read_conserves", laws.conserved_by_reading, source, "gitbook", article, report)
    cleaned = ac.clean(article, report=report)
    holds(found, "clean_conserves", laws.conserved_by_cleaning, article, cleaned, report)
    holds(found, "idempotent", laws.transforms_are_idempotent, cleaned)
    holds(found, "markdown_round_trip", laws.survives_markdown, cleaned)
    stars = sum(node.text.count("**") for node in walk(cleaned) if isinstance(node, Text))
    if stars > source.count("\\*") // 2:
        found.wrong["no_stars"] = f"{stars} literal **"
    furniture = left_over(cleaned)
    if furniture:
        found.wrong["no_furniture"] = furniture
    missing = missing_metadata(cleaned, source)
    if missing:
        found.wrong["metadata_complete"] = " ".join(missing)
    found.warnings = sum(diagnostic.severity != "note" for diagnostic in report.diagnostics)
    found.body = re.sub(r"\s", "", text_of(cleaned))
    found.letters = "".join(filter(str.isalnum, found.body))
    return found


def book_page(page: Path) -> Findings:
    found = Findings(str(page))
    source, report = page.read_text(encoding="utf-8", errors="replace"), Report()
    article = ac.read(page.read_bytes(), "gitbook", report=report, name=page.name)
    holds(found, "book_read_conserves", laws.conserved_by_reading, source, "gitbook", article, report)
    holds(found, "book_markdown_stable", laws.survives_markdown, article, exact=False)
    for node in walk(article):
        if isinstance(node, Text) and re.search(r"\{% *(?:end)?[a-z-]+.*%\}", node.text) and "raw" not in source:
            found.wrong["book_no_tags"] = node.text[:80]
    found.warnings = sum(diagnostic.severity != "note" for diagnostic in report.diagnostics)
    return found


def holds(found: Findings, figure: str, law: object, *arguments: object, **options: object) -> None:
    try:
        law(*arguments, **options)  # type: ignore[operator]
    except AssertionError as failure:
        found.wrong[figure] = str(failure)[:300]


def left_over(article: Article) -> str:
    for node in walk(article):
        if isinstance(node, (Link, Image)) and FURNITURE_ADDRESS.search(node.url):
            return node.url
    text = FURNITURE_TEXT.search(text_of(article))
    if text:
        return text[0]
    for block in article.content[:3]:
        said = re.sub(r"\s", "", text_of(block))
        if isinstance(block, Heading) and said == re.sub(r"\s", "", article.metadata.title):
            return "second title"
        if isinstance(block, BlockQuote) and said and said == re.sub(r"\s", "", article.metadata.summary):
            return "second abstract"
    return ""


def missing_metadata(article: Article, source: str) -> list[str]:
    """Names of the fields that the page holds and the metadata does not."""
    metadata = article.metadata
    expected = {
        "title": bool(metadata.title),
        "author": bool(metadata.authors and metadata.authors[0].name),
        "published": metadata.published is not None,
        "source_url": "woshipm.com" in metadata.source_url,
        "views": metadata.stats.views is not None,
        "comments": metadata.stats.comments is not None,
        "collects": metadata.stats.collects is not None,
        "reading_minutes": metadata.stats.reading_minutes is not None,
        "summary": bool(metadata.summary)
        or "**Tags:**" not in source
        or bool(re.search(r"^> No \w+ available", source, re.M)),
        "tags": bool(metadata.tags) or not re.search(r"^\*\*Tags:\*\* (?!None)", source, re.M),
        "category": bool(metadata.category) or "**Category:**" not in source,
        "author_url": "/u/" not in source or bool(metadata.authors and metadata.authors[0].url),
        "lead_image": "&pic=http" not in source or bool(metadata.lead_image),
    }
    likes = re.search(r"点赞已赞(\d+)", source)
    expected["likes"] = not likes or metadata.stats.likes == int(likes[1])
    date = re.search(r"\*\*Published:\*\* (\d{4}-\d\d-\d\d)", source)
    expected["date"] = not date or str(metadata.published)[:10] == date[1]
    return [name for name, held in expected.items() if not held]


def guarded(task: tuple[str, Path]) -> Findings:
    kind, page = task
    try:
        return saved_article(page) if kind == "saved" else book_page(page)
    except Exception:
        return Findings(str(page), {"no_crash": traceback.format_exc(limit=-2)})


def measure(corpus: Path) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Every figure as a share of pages that are right (1 is best), and examples of pages that are not."""
    saved = {name: articles(corpus / "woshipm" / name) for name in DIALECTS}
    books = [page for page in sorted((corpus / "gitbook").rglob("*.md")) if page.name != "SUMMARY.md"]
    tasks = [("saved", page) for pages in saved.values() for page in pages.values()]
    tasks += [("book", page) for page in books if page.stat().st_size and page.is_file()]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = {each.page: each for each in pool.map(guarded, tasks, chunksize=8)}
    wrong: dict[str, list[str]] = defaultdict(list)
    for each in results.values():
        for figure, evidence in each.wrong.items():
            wrong[figure].append(f"{each.page}: {evidence}")
    counts = Counter(kind for kind, _ in tasks)
    figures = {
        name: 1 - len(wrong[name]) / max(1, counts["book" if name.startswith("book_") else "saved"])
        for name in (
            "read_conserves", "clean_conserves", "idempotent", "markdown_round_trip", "no_stars", "no_furniture",
            "metadata_complete", "book_read_conserves", "book_markdown_stable", "book_no_tags",
        )
    }  # fmt: skip
    figures["no_crash"] = 1 - len(wrong["no_crash"]) / max(1, len(tasks))
    same = {
        "flat": lambda newest, other: newest.body == other.body,
        # The first dialect has no marks at all: the abstract runs into the text, which must be whole.
        "first": lambda newest, other: other.letters.endswith(newest.letters),
    }
    for dialect, equal in same.items():
        pairs = [
            (results[str(saved["library"][name])], results[str(page)])
            for name, page in saved[dialect].items()
            if name in saved["library"]
        ]
        figure = f"same_body_{dialect}"
        wrong[figure] = [f"{b.page}: {difference(a.body, b.body)}" for a, b in pairs if not equal(a, b)]
        figures[figure] = 1 - len(wrong[figure]) / max(1, len(pairs))
    warnings = sum(each.warnings for each in results.values())
    figures["pages_per_warning"] = len(tasks) / max(1, warnings)
    return figures, wrong


def articles(folder: Path) -> dict[str, Path]:
    """The articles of a dialect by their number; `operate-5966602.md` and `5966602.md` are the same one."""
    pages = [page for page in sorted(folder.rglob("*.md")) if re.search(r"\d+$", page.stem)]
    return {re.search(r"\d+$", page.stem)[0]: page for page in pages}  # type: ignore[index]


def difference(a: str, b: str) -> str:
    for index, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            start = max(0, index - 12)
            return f"at {index}: {a[start : index + 20]!r} / {b[start : index + 20]!r}"
    return f"one ends early: {a[len(b) :][:30]!r} / {b[len(a) :][:30]!r}"


def compare(figures: dict[str, float], floors: dict[str, float]) -> Iterable[tuple[str, float, float, str]]:
    for name, value in figures.items():
        floor = floors.get(name, 0.0)
        verdict = "worse" if round(value, 4) < floor else "better" if round(value, 4) > floor else ""
        yield name, value, floor, verdict


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=os.environ.get("ARTICLE_CONVERT_CORPUS") or None)
    parser.add_argument("--update", action="store_true", help="write the figures that are better")
    parser.add_argument("--examples", type=int, default=3, help="how many pages to name for each figure")
    arguments = parser.parse_args()
    if not arguments.corpus or not Path(arguments.corpus).is_dir():
        parser.error("no corpus; name a folder, or set ARTICLE_CONVERT_CORPUS")
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    figures, wrong = measure(Path(arguments.corpus))
    failed = False
    for name, value, floor, verdict in compare(figures, floors):
        print(f"{name:<22}{value:>9.4f}   held {floor:.4f}   {verdict}")
        for page in wrong.get(name, [])[: arguments.examples]:
            print(f"    {page}")
        failed |= verdict == "worse"
    if arguments.update:
        better = {name: round(max(value, floors.get(name, 0.0)), 4) for name, value in figures.items()}
        FLOORS.write_text(json.dumps(better, indent=2) + "\n", encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
