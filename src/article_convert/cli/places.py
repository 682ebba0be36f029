"""Whether what a run is to write can be written, asked before any work is done."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from article_convert.errors import InputError, OptionError
from article_convert.files import can_write, is_book_file
from article_convert.model import Book, Resource
from article_convert.tree import walk_entries

__all__ = ["check_folder", "check_place", "check_replaced", "check_sources"]


def check_place(name: str, what: str) -> None:
    """Refuse a file for `what` that has nowhere to go: it is a folder, or in one that is not there or locked."""
    place = Path(os.path.realpath(name))
    if place.is_dir():
        raise OptionError(f"{name} is a folder; name a file for the {what}")
    if place.exists() and not place.is_file():
        return  # a device or a pipe
    folder = Path(name).parent
    if not place.parent.is_dir():
        raise InputError(f"there is no folder {folder}; make it first, or choose another place for the {what}")
    if not can_write(place.parent):
        raise InputError(f"nothing can be written into the folder {folder}; choose another place for the {what}")


def check_folder(name: str) -> None:
    """Refuse a folder for many outputs that is no folder, or cannot be made or written."""
    place = Path(name)
    if place.exists() and not place.is_dir():
        raise OptionError(f"{name.rstrip('/')} is a file and cannot be a folder for outputs; choose another name")
    if not can_write(place):
        raise InputError(f"nothing can be written into the folder {name}; choose another one")


def check_replaced(args: argparse.Namespace) -> None:
    """Refuse an output that would replace an input or the report."""
    taken = [("an input", name) for name in args.inputs if name != "-"]
    if args.report and args.report != "-":
        taken.append(("the report", args.report))
    if args.cover:
        taken.append(("the cover", args.cover))
    for what, name in taken:
        if os.path.realpath(name) == os.path.realpath(args.output):
            raise OptionError(f"{args.output} is {what} too and would be replaced; choose another name")


def check_sources(
    book: Book, inputs: Sequence[str], outputs: Iterable[str | Path | None], advice: str, files: Iterable[Resource] = ()
) -> None:
    """Refuse outputs that would replace a chapter of a book, one of its `files`, or what describes it."""
    chapters = (entry.chapter.source for entry, _ in walk_entries(book.entries) if entry.chapter is not None)
    pictures = (each.location for each in files if isinstance(each.location, Path))
    sources = {os.path.realpath(path) for path in (*chapters, *pictures, *_described(inputs)) if path is not None}
    for output in outputs:
        if output and output != "-" and os.path.realpath(output) in sources:
            raise OptionError(f"{output} is a file of the book and would be replaced; {advice}")


def _described(inputs: Sequence[str]) -> Iterable[Path]:
    """The files that say what the books are made of: a SUMMARY.md and its like, whatever they are called."""
    from article_convert.books import summaries_of

    for path in map(Path, inputs):
        folder = path if path.is_dir() else path.parent
        yield from filter(is_book_file, folder.iterdir())
        yield from summaries_of(path)
