"""How time and memory grow with the number of chapters of a book.

    python benchmarks/books.py FOLDER [--chapters 40,240,800] [--to epub,html,markdown] [--all-pages]

Each size is converted in a process of its own, from the first chapters of the GitBook in FOLDER; with
`--all-pages` from every Markdown file in it, whatever its summary says. Printed are the CPU seconds for
the whole table of contents, those for the chapters, milliseconds for each chapter, peak memory and the
size of the output: milliseconds should stay; the memory of EPUBs should hardly grow, while the other
formats hold their output.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import article_convert as ac
from article_convert.model import Book, Entry
from article_convert.tree import walk_entries


def chapters_of(book: Book) -> list[Entry]:
    """Every entry with a chapter, without the tree, each chapter once."""
    found = {
        entry.chapter.path: replace(entry, children=()) for entry, _ in walk_entries(book.entries) if entry.chapter
    }
    return list(found.values())


def measure(folder: Path, chapters: int, target: str) -> dict[str, float]:
    """One conversion in this process."""
    started = time.process_time()
    book = ac.read_book(folder)
    read = time.process_time()
    some = Book(tuple(chapters_of(book)[:chapters]), book.metadata)
    with tempfile.TemporaryDirectory() as place:
        size = ac.write_file(some, Path(place, "book"), target)
    written = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "chapters": len(some.entries),
        "contents": read - started,
        "seconds": written - read,
        "peak": peak,
        "size": size,
    }


def without_summary(folder: Path, place: str) -> Path:
    """A copy of the pages of a book as a plain folder."""
    return Path(shutil.copytree(folder, Path(place, "pages"), ignore=shutil.ignore_patterns("SUMMARY.md", ".*")))


def line(folder: Path, number: str, target: str) -> str:
    """The figures of one conversion in a fresh process."""
    command = [sys.executable, __file__, str(folder), "--to", target, "--one", number]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    each = 1000 * found["seconds"] / max(1, found["chapters"])
    return (
        f"{target:>8} {found['chapters']:>8} {found['contents']:>8.2f} {found['seconds']:>8.2f} {each:>8.1f} "
        f"{found['peak']:>8.0f} {found['size'] / 1024:>8.0f}"
    )


def main() -> None:
    """Measure each size and format, and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chapters", default="40,240,800")
    parser.add_argument("--to", default="epub")
    parser.add_argument("--all-pages", action="store_true", help="every Markdown file of the folder is a chapter")
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(args.folder, args.one, args.to)))
        return
    print(f"{'format':>8} {'chapters':>8} {'contents':>8} {'seconds':>8} {'ms each':>8} {'peak MB':>8} {'KB':>8}")
    with tempfile.TemporaryDirectory() as place:
        folder = without_summary(args.folder, place) if args.all_pages else args.folder
        for target in args.to.split(","):
            for number in args.chapters.split(","):
                print(line(folder, number, target), flush=True)


if __name__ == "__main__":
    main()
