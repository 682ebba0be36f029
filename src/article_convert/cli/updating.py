"""The command with `--update`: bring an EPUB up to date instead of writing a new one."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from article_convert.batch import Outcome, Settings
from article_convert.cli import console
from article_convert.cli.account import Account
from article_convert.cli.asked import check_reader_of_book, is_book
from article_convert.cli.made import made_with
from article_convert.cli.overrides import chapters_of, overridden, with_progress
from article_convert.errors import InputError, OptionError
from article_convert.model import Book
from article_convert.report import Report
from article_convert.update import Changes, update_epub

__all__ = ["carry_out_update"]


def carry_out_update(args: argparse.Namespace, settings: Settings, account: Account) -> None:
    """Update the book and say what has changed."""
    _check(args)
    report = Report()
    with account.recording(args.update, "", report):
        changes = _updated(args, settings, account, report)
    account.one(Outcome(args.update, "", report), 0)
    if not args.quiet:
        fate = "updated" if changes.written else "left as it was"
        print(console.plain(f"{args.update}: {changes} ({fate})"), file=sys.stderr)


def _updated(args: argparse.Namespace, settings: Settings, account: Account, report: Report) -> Changes:
    try:
        return update_epub(
            args.update,
            args.inputs,
            reader=settings.reader,
            transforms=settings.transforms,
            rules=settings.rules,
            reader_options=settings.reader_options,
            options=args.option,
            fetch=settings.fetch,
            images=settings.images,
            made=made_with(args),
            drop_gone=args.drop_gone,
            adapt=partial(_adapted, args=args, account=account),
            report=report,
        )
    except OSError as error:
        if error.filename not in (None, args.update):
            raise
        raise OSError(error.errno, f"cannot write: {error.strerror}", args.update) from error


def _check(args: argparse.Namespace) -> None:
    if args.output is not None:
        raise OptionError("--update writes into the book that it names; leave out -o, or copy the book first")
    if args.target not in ("", "epub"):
        raise OptionError(f"--update is for EPUBs; leave out -t {args.target}")
    if args.max_size or args.images in ("folder", "link", "drop"):
        asked = "--max-size" if args.max_size else f"--images {args.images}"
        raise OptionError(
            f"--update leaves the pictures of old chapters as they are, so it cannot keep to {asked}; "
            "leave that out, or make the book anew with -o"
        )
    if "-" in args.inputs:
        raise OptionError("--update compares files; standard input has no name by which it could be known again")
    if len(args.inputs) > 1 and any(Path(name).is_dir() for name in args.inputs):
        raise OptionError("--update takes one GitBook folder, or files; name the files of the folder one by one")
    if len(args.inputs) == 1 and is_book(args.inputs[0]):
        check_reader_of_book(args)
    if not Path(args.update).is_file():
        raise InputError(f"there is no book {args.update}; make it first, with -o {args.update}")


def _adapted(book: Book, args: argparse.Namespace, account: Account) -> Book:
    book = overridden(book, args)
    account.progress = console.Progress(sys.stderr, chapters_of(book), not args.quiet)
    return with_progress(book, account.progress)
