"""How time and memory grow with the number of chapters of a book.

    python benchmarks/books.py FOLDER [--chapters 40,240,800] [--to epub]

Each size is converted in a process of its own, from the first chapters of the GitBook in FOLDER.
Printed are CPU seconds, milliseconds for each chapter, peak memory and the size of the output:
milliseconds should stay, memory should hardly grow.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import article_convert as ac
from article_convert.model import Book, Entry


def flat(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """Every entry with a chapter, without the tree."""
    for entry in entries:
        if entry.chapter is not None:
            yield replace(entry, children=())
        yield from flat(entry.children)


def measure(folder: Path, chapters: int, target: str) -> dict[str, float]:
    """One conversion in this process."""
    started = time.process_time()
    book = ac.read_book(folder)
    some = Book(tuple(flat(book.entries))[:chapters], book.metadata)
    with tempfile.TemporaryDirectory() as place:
        size = ac.write_file(some, Path(place, "book"), target)
    spent = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"chapters": len(some.entries), "seconds": spent, "peak": peak, "size": size}


def main() -> None:
    """Measure each size in a fresh process and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chapters", default="40,240,800")
    parser.add_argument("--to", default="epub")
    parser.add_argument("--one", type=int, default=0, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        print(json.dumps(measure(args.folder, args.one, args.to)))
        return
    print(f"{'chapters':>8} {'seconds':>8} {'ms each':>8} {'peak MB':>8} {'KB':>8}")
    for number in args.chapters.split(","):
        command = [sys.executable, __file__, str(args.folder), "--to", args.to, "--one", number]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        each = 1000 * found["seconds"] / max(1, found["chapters"])
        print(
            f"{found['chapters']:>8} {found['seconds']:>8.2f} {each:>8.1f} {found['peak']:>8.0f} "
            f"{found['size'] / 1024:>8.0f}"
        )


if __name__ == "__main__":
    main()
