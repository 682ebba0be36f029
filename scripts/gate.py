"""Measure the quality of reading and cleaning over a corpus, and hold it.

    scripts/gate.py [--update] [--only FIGURE]... [CORPUS]

Prints one line for each figure: the share of pages that are right, 1 is best. `tests/gate.json` holds
the best value that was ever accepted; a figure that is worse fails the run, and `--update` writes the
ones that are better. The checks are in `quality/`; they owe nothing to the rules of the library.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from quality.books import book_page
from quality.findings import Findings
from quality.saved import DIALECTS, articles, compared, saved_article

FLOORS = Path(__file__).parent.parent / "tests" / "gate.json"

SAVED = (
    "read_conserves", "clean_conserves", "idempotent", "markdown_round_trip", "no_stars", "no_furniture",
    "furniture_noticed", "metadata_complete",
)  # fmt: skip
NEWEST = ("same_on_pages",)
BOOKS = ("book_read_conserves", "book_markdown_stable", "book_no_tags")

Wrong = dict[str, list[str]]


def guarded(task: tuple[str, Path]) -> Findings:
    kind, page = task
    try:
        return book_page(page) if kind == "book" else saved_article(page)
    except Exception:
        return Findings(str(page), kind, {"no_crash": traceback.format_exc(limit=-2)})


def measure(corpus: Path) -> tuple[dict[str, float], Wrong]:
    """Every figure, and for each the pages that are wrong, with the evidence."""
    saved = {name: articles(corpus / "woshipm" / name) for name in DIALECTS}
    tasks = [(name, page) for name, pages in saved.items() for page in pages.values()]
    tasks += [("book", page) for page in book_pages(corpus / "gitbook")]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = {each.page: each for each in pool.map(guarded, tasks, chunksize=16)}
    judged, wrong = tally(results.values())
    found = {name: {number: results[str(page)] for number, page in pages.items()} for name, pages in saved.items()}
    for figure, other, differs in compared(found):
        judged[figure] += 1
        if differs:
            wrong[figure].append(f"{other.page}: {differs}")
    figures = {figure: 1 - len(wrong[figure]) / count for figure, count in judged.items() if count}
    figures["pages_per_warning"] = len(tasks) / max(1, sum(each.warnings for each in results.values()))
    return figures, wrong


def book_pages(folder: Path) -> list[Path]:
    pages = (page for page in sorted(folder.rglob("*.md")) if page.name != "SUMMARY.md")
    return [page for page in pages if page.is_file() and page.stat().st_size]


def tally(results: Iterable[Findings]) -> tuple[Counter[str], Wrong]:
    """How many pages each figure looked at, and which of them are wrong."""
    judged: Counter[str] = Counter()
    wrong: Wrong = defaultdict(list)
    for each in results:
        of_kind = BOOKS if each.kind == "book" else (*SAVED, *NEWEST) if each.kind == DIALECTS[0] else SAVED
        judged.update((*of_kind, *sorted(each.judged), "no_crash"))
        for figure, evidence in each.wrong.items():
            wrong[figure].append(f"{each.page}: {evidence}")
    return judged, wrong


def verdict(value: float, floor: float) -> str:
    return "worse" if round(value, 4) < floor else "better" if round(value, 4) > floor else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=os.environ.get("ARTICLE_CONVERT_CORPUS") or None)
    parser.add_argument("--update", action="store_true", help="write the figures that are better")
    parser.add_argument(
        "--only", metavar="FIGURE", action="append", default=[], help="print this figure only; give it again for more"
    )
    parser.add_argument("--examples", type=int, default=3, help="how many pages to name for each figure")
    arguments = parser.parse_args()
    if not arguments.corpus or not Path(arguments.corpus).is_dir():
        parser.error("no corpus; name a folder, or set ARTICLE_CONVERT_CORPUS")
    floors: dict[str, float] = json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    figures, wrong = measure(Path(arguments.corpus))
    for name in floors.keys() - figures.keys():
        parser.error(f"nothing in {arguments.corpus} to measure {name} by")
    failed = False
    for name, value in figures.items():
        word = verdict(value, floors.get(name, 0.0))
        failed |= word == "worse"
        if not arguments.only or name in arguments.only:
            print(f"{name:<22}{value:>9.4f}   held {floors.get(name, 0.0):.4f}   {word}")
            for page in wrong[name][: arguments.examples]:
                print(f"    {page}")
    if arguments.update:
        better = {name: round(max(value, floors.get(name, 0.0)), 4) for name, value in figures.items()}
        FLOORS.write_text(json.dumps(better, indent=2) + "\n", encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
