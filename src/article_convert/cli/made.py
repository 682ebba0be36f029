"""What the command line says about how articles become what they are in a book, in words that the book remembers."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

__all__ = ["made_with"]


def made_with(args: argparse.Namespace) -> tuple[str, ...]:
    """The options that decide what of an article and its pictures gets into a book, as they were given.

    Files are told by their name: where they lie is nobody's business who gets the book.
    """
    return tuple(_given(args))


def _given(args: argparse.Namespace) -> Iterator[str]:
    if args.reader:
        yield f"-f {Path(args.reader).name}"
    yield from (f"-R {each}" for each in args.reader_option)
    yield from (f"--keep {each}" for each in args.keep)
    yield from (f"--drop {each}" for each in args.drop)
    if args.rules:
        yield f"--rules {Path(args.rules).name}"
    if args.no_clean:
        yield "--no-clean"
    if args.images in ("link", "drop"):
        yield f"--images {args.images}"
    for flag in ("image_max_width", "image_quality", "max_size"):
        if value := getattr(args, flag):
            yield f"--{flag.replace('_', '-')} {value}"
    if args.grayscale:
        yield "--grayscale"
