"""What the command does with its arguments: one article, a book, a batch, or an explanation."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from article_convert import batch, formats, pipeline
from article_convert.assets.remote import fetch_pictures
from article_convert.batch import Outcome, Settings
from article_convert.cli import console
from article_convert.cli.account import Account
from article_convert.cli.asked import (
    check_all,
    check_single,
    is_book,
    is_folder,
    pages_only,
    reading,
    settings_of,
)
from article_convert.cli.book_folder import book_as_folder
from article_convert.cli.cleaning import page_settings, rules_of, write_page
from article_convert.cli.overrides import chapters_of, overridden, with_progress
from article_convert.cli.places import check_folder, check_sources
from article_convert.errors import ArticleConvertError, OptionError
from article_convert.files import MAX_BYTES, articles_below, is_book_file
from article_convert.model import Book, Document
from article_convert.report import Report

__all__ = ["carry_out"]

_STANDARD_INPUT = "standard input"


def carry_out(args: argparse.Namespace) -> int:
    """Do what the parsed arguments ask for and return the exit status."""
    check_all(args)
    account = Account(args, rules_of(args))
    try:
        _work(args, account)
    except BaseException:
        account.give_up()
        raise
    account.finish()
    return account.status()


def _work(args: argparse.Namespace, account: Account) -> None:
    page = _page_settings(args) if args.explain_page else None
    if args.update:
        from article_convert.cli.updating import carry_out_update

        carry_out_update(args, settings_of(args, "book.epub"), account)
    elif args.output is None:
        if args.explain:
            _explain(args, account)
    elif is_folder(args):
        _batch(args, account)
    else:
        _single(args, account)
    if page is not None:
        _explain_page(args, page, account)


# --------------------------------------------------------------------------- one output


def _single(args: argparse.Namespace, account: Account) -> None:
    """One article, or several as a book, into one file or to standard output."""
    settings = settings_of(args, "" if args.output == "-" else args.output)
    check_single(args, settings)
    _check_terminal(args, settings)
    report = Report()
    with account.recording(_called(args), args.output, report):
        document = _document(args, settings, report)
    if isinstance(document, Book):
        check_sources(document, args.inputs, [args.output, args.report], "choose a name outside of its folder")
    with account.recording(_called(args), args.output, report):
        document = overridden(document, args)
        if settings.fetch is not None:
            account.progress = console.Progress(sys.stderr, 2, not args.quiet)
            document = fetch_pictures(document, settings.fetch, report=report)
        if isinstance(document, Book):
            account.progress = console.Progress(sys.stderr, chapters_of(document), not args.quiet)
            document = with_progress(document, account.progress)
        size = _delivered(args, document, settings, report)
    account.one(Outcome(_called(args), args.output, report), size)


def _document(args: argparse.Namespace, settings: Settings, report: Report) -> Document:
    if len(args.inputs) > 1:
        title = "" if args.output == "-" else Path(args.output).stem.removesuffix(".kepub")
        return _bundle([Path(name) for name in args.inputs], title, args, settings, report)
    name = args.inputs[0]
    if is_book(name):
        from article_convert.bundle import book_of

        if loose := pages_only(Path(name)):
            return _bundle(loose, Path(name).resolve().name, args, settings, report)
        book = book_of(Path(name), settings, report)
        report.source = name
        return book
    return _article(args, settings, report)


def _called(args: argparse.Namespace) -> str:
    if args.inputs == ["-"]:
        return _STANDARD_INPUT
    return args.inputs[0] if len(args.inputs) == 1 else f"{len(args.inputs)} inputs"


def _article(args: argparse.Namespace, settings: Settings, report: Report) -> Document:
    source: Path | bytes = Path(args.inputs[0])
    name = ""
    if args.inputs[0] == "-":
        source, name = sys.stdin.buffer.read(MAX_BYTES + 1), _STANDARD_INPUT
    options, rules = settings.reader_options, settings.rules
    article = pipeline.read(source, settings.reader, options=options, rules=rules, report=report, name=name)
    return pipeline.clean(article, settings.transforms, report=report)


def _bundle(
    paths: Sequence[Path], title: str, args: argparse.Namespace, settings: Settings, report: Report
) -> Document:
    from article_convert.bundle import bundle

    book = bundle(paths, settings, report, args.title or title)
    report.source = args.output  # what the writer reports concerns the whole book
    return book


def _delivered(args: argparse.Namespace, document: Document, settings: Settings, report: Report) -> int:
    """Write the document to where it was asked for; how many bytes it took."""
    how = {"options": settings.options, "images": settings.images, "report": report}
    if args.output == "-":
        output = pipeline.write(document, None, settings.target, **how)
        _print(output, args.force)
        return len(output)
    try:
        return pipeline.write_file(document, args.output, settings.target, **how)
    except OSError as error:
        if error.filename not in (None, args.output):
            raise  # an input that cannot be read
        raise OSError(error.errno, f"cannot write: {error.strerror}", args.output) from error


def _print(output: bytes, force: bool) -> None:
    if sys.stdout.isatty() and not force and _is_binary(output):
        raise OptionError(_NO_TEXT)
    console.print_bytes(output)


_NO_TEXT = "the output is not text and would upset the terminal; name a file, or add --force"


def _check_terminal(args: argparse.Namespace, settings: Settings) -> None:
    """Refuse what is no text for a terminal; of formats of other packages only their output shows it."""
    if args.output == "-" and not args.force and settings.target in ("epub", "pdf") and sys.stdout.isatty():
        raise OptionError(_NO_TEXT)


def _is_binary(output: bytes) -> bool:
    try:
        return "\0" in output.decode("utf-8")
    except UnicodeDecodeError:
        return True


# --------------------------------------------------------------------------- many outputs


def _batch(args: argparse.Namespace, account: Account) -> None:
    """Every article by itself into a folder."""
    if "-" in args.inputs:
        raise OptionError("standard input has no name for a file in a folder; name the output file")
    processes = args.jobs or _processors()
    settings = settings_of(args, "", processes)
    check_folder(args.output)
    if formats.writer(settings.target).linked_pages and _has_contents(args.inputs):
        book_as_folder(args, settings, account)
        return
    for flag in ("title", "author", "language", "cover"):
        if getattr(args, flag):
            raise OptionError(f"--{flag} is about one article or book; name one output file with -o, or leave it out")
    jobs = batch.plan(args.inputs, Path(args.output), settings.target)
    if args.report and os.path.realpath(args.report) in {os.path.realpath(job.output) for job in jobs}:
        raise OptionError(f"{args.report} is an output too; choose another name for the report")
    account.told_apart(jobs)
    account.progress = console.Progress(sys.stderr, len(jobs), not args.quiet)
    try:
        with closing(batch.run(jobs, settings, processes, args.resume)) as outcomes:
            for number, outcome in enumerate(outcomes, 1):
                account.of_many(outcome)
                account.progress.at(number, outcome.source)
                if outcome.hopeless:
                    account.left = len(jobs) - number
                    break
    except KeyboardInterrupt as interruption:
        account.progress.clear()
        done = f"{account.written:,} of {len(jobs):,} written"
        raise type(interruption)(f"interrupted, {done}; --resume goes on from there") from None


def _has_contents(inputs: Sequence[str]) -> bool:
    """Whether the inputs are one book with a table of contents."""
    from article_convert.books import has_contents

    return len(inputs) == 1 and (is_book_file(Path(inputs[0])) or has_contents(Path(inputs[0])))


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows do not tell which processors are ours
        return os.cpu_count() or 1


def _explain(args: argparse.Namespace, account: Account) -> None:
    """Read and clean only, to show what would be cut."""
    settings = reading(args)
    for source in _explained(args.inputs):
        report = Report()
        arguments = argparse.Namespace(inputs=[source])
        try:
            _article(arguments, settings, report)
        except ArticleConvertError as error:
            account.failure(Outcome(_called(arguments), "", report, str(error)))
        else:
            account.one(Outcome(_called(arguments), "", report), 0)


def _page_settings(args: argparse.Namespace) -> Settings:
    settings = page_settings(args, reading(args))
    taken = [*args.inputs, args.output or "", args.report or ""]
    if os.path.realpath(args.explain_page) in {os.path.realpath(name) for name in taken if name not in ("", "-")}:
        raise OptionError(f"{args.explain_page} would be replaced by the explanation; choose another name for it")
    if args.inputs == ["-"] and args.output is not None:
        raise OptionError("standard input can be read once; explain it and convert it one after the other")
    return settings


def _explain_page(args: argparse.Namespace, settings: Settings, account: Account) -> None:
    """The article as a page on which what would be cut is struck through."""
    report = Report()
    with account.recording(_called(args), args.explain_page, report):
        document = _article(args, settings, report)
        write_page(document, args.explain_page, settings)
    account.explained(args.explain_page, document)


def _explained(inputs: Sequence[str]) -> Iterator[str]:
    """The names of the articles that the inputs are or hold."""
    for name in inputs:
        yield from map(str, articles_below(Path(name))) if Path(name).is_dir() else (name,)
