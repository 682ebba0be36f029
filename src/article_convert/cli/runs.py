"""What the command does with its arguments: one article, a book, a batch, or an explanation."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from article_convert import batch, formats, options, pipeline
from article_convert.assets.remote import fetch_pictures
from article_convert.batch import Job, Outcome, Settings
from article_convert.cli import console
from article_convert.cli.account import Account
from article_convert.cli.book_folder import book_as_folder
from article_convert.cli.cleaning import page_settings, rules_of, transforms_of, write_page
from article_convert.cli.overrides import chapters_of, overridden, with_progress
from article_convert.cli.pictures import fetcher_of, images_of
from article_convert.cli.places import check_folder, check_place, check_replaced, check_sources
from article_convert.errors import OptionError, UnknownFormat
from article_convert.files import MAX_BYTES, articles_below, natural_key
from article_convert.model import Article, Book, Document
from article_convert.report import Report

__all__ = ["carry_out"]

_STANDARD_INPUT = "standard input"


def carry_out(args: argparse.Namespace) -> int:
    """Do what the parsed arguments ask for and return the exit status."""
    _check_inputs(args)
    account = Account(args, rules_of(args))
    if args.explain_page:
        _explain_page(args, account)
    if args.update:
        from article_convert.cli.updating import carry_out_update

        carry_out_update(args, _settings(args, "book.epub"), account)
    elif args.output is None:
        if not (args.explain or args.explain_page):
            raise OptionError(_where_to_write(args))
        if args.explain:
            _explain(args, account)
    elif _is_folder(args):
        _batch(args, account)
    else:
        _single(args, account)
    account.finish()
    return account.status()


# --------------------------------------------------------------------------- what is asked for


def _check_inputs(args: argparse.Namespace) -> None:
    if not args.inputs and args.update:
        raise OptionError(
            f"say with what: article-convert --update {shlex.quote(args.update)} new.md, or the folder of the book"
        )
    if not args.inputs:
        raise OptionError("nothing to convert; for example: article-convert a.md -o a.epub (or see --help)")
    if "" in args.inputs or args.output == "":
        what = "an input" if "" in args.inputs else "the output"
        raise OptionError(f"{what} has an empty name; perhaps a variable of the shell is not set")
    for name in args.inputs:
        if "://" in name:
            raise OptionError(f"{name} is an address; save the page and convert the file")
    if "-" in args.inputs and len(args.inputs) > 1:
        raise OptionError("standard input can only be converted by itself")
    if args.drop_gone and not args.update:
        raise OptionError("--drop-gone goes with --update, which says in which book")
    if args.resume and args.output is not None and not _is_folder(args):
        raise OptionError("--resume is for many outputs; name a folder with -o")
    if args.reader_option and not args.reader:
        raise OptionError("-R sets an option of a reader; say with -f which one")
    if args.report and os.path.realpath(args.report) in {os.path.realpath(name) for name in args.inputs}:
        raise OptionError(f"{args.report} is an input and would be replaced by the report")
    if args.report == args.output == "-":
        raise OptionError("standard output gets the article; name a file for the report")
    if args.report and args.report != "-":
        check_place(args.report, "report")


def _where_to_write(args: argparse.Namespace) -> str:
    *others, last = args.inputs
    missing = [name for name in others if name != "-" and not Path(name).exists()]
    if others and not missing and not Path(last).exists():
        with suppress(UnknownFormat):
            formats.guess_writer(last)
            meant = shlex.join([*others, "-o", last])
            return f"there is no {last}; to write it, put -o before it: article-convert {meant}"
    if missing:
        return f"there is no {missing[0]}; the inputs are files and folders, and -o says where to write"
    first = Path("article.md" if args.inputs[0] == "-" else args.inputs[0])
    extension = formats.writer(args.target).extensions[0] if args.target else ".epub"
    if first.is_dir():
        folder, book = shlex.quote(str(first)), shlex.quote(first.resolve().name + extension)
        return (
            f"say where to write: article-convert {folder} -o {book} for one book, "
            f"or article-convert {folder} -o out/ -t {args.target or 'epub'} for its articles one by one"
        )
    name = "book" if len(args.inputs) > 1 else first.stem + ("-new" if extension == first.suffix else "")
    inputs = shlex.join(args.inputs if len(args.inputs) <= 3 else [*args.inputs[:2], "…"])
    return f"say where to write: article-convert {inputs} -o {shlex.quote(name + extension)}"


def _is_folder(args: argparse.Namespace) -> bool:
    """Whether the output is a folder: it ends like one, is one, or can be nothing else."""
    output = args.output
    if output == "-":
        return False
    if output.endswith(("/", os.sep)) or Path(output).is_dir():
        return True
    return not Path(output).suffix and any(Path(name).is_dir() for name in args.inputs)


def _settings(args: argparse.Namespace, to_name: str, processes: int = 1) -> Settings:
    """How to convert, every name and option checked before anything is read."""
    if not args.target and not to_name:
        place = "standard output" if args.output == "-" else "a folder"
        raise OptionError(f"{place} does not say the format; add -t with one of: {', '.join(formats.names('writers'))}")
    writer = formats.writer(args.target) if args.target else formats.guess_writer(to_name)
    settings = _reading(args)
    return replace(
        settings,
        target=writer.name,
        options=_parsed(writer.options, args.option, writer.name),
        fetch=fetcher_of(args, writer.name, processes),
        images=images_of(args, None if to_name or args.output == "-" else Path(args.output) / "images"),
    )


def _check_name(name: str, writer: formats.Writer) -> None:
    """Refuse an output that is called like another format: whoever opens it would be told that it is broken."""
    suffix = Path(name).suffix.lower()
    if suffix not in writer.extensions:
        with suppress(UnknownFormat):
            other = formats.guess_writer(name).name
            right = Path(name).with_suffix(writer.extensions[0])
            raise OptionError(
                f"{name} is named as {other}, and -t says {writer.name}; call it {right}, or leave out -t"
            )


def _reading(args: argparse.Namespace) -> Settings:
    """How to read and clean."""
    reader = formats.reader(args.reader) if args.reader else None
    reader_options = _parsed(reader.options, args.reader_option, reader.name) if reader else None
    rules = rules_of(args)
    return Settings("", args.reader, transforms_of(args, rules), reader_options, None, rules)


def _parsed(kind: type, assignments: Sequence[str], name: str) -> Any:
    try:
        return options.parse(kind, assignments)
    except OptionError as error:
        raise OptionError(f"{name}: {error} (article-convert --help {name} explains them)") from error


# --------------------------------------------------------------------------- one output


def _single(args: argparse.Namespace, account: Account) -> None:
    """One article, or several as a book, into one file or to standard output."""
    settings = _settings(args, "" if args.output == "-" else args.output)
    for name in args.inputs if len(args.inputs) > 1 else ():
        if Path(name).is_dir():
            raise OptionError(_about_folder(name, settings.target))
    if args.output != "-":
        check_replaced(args)
        _check_name(args.output, formats.writer(settings.target))
        check_place(args.output, "output")
    report = Report()
    document = _document(args, settings, report)
    if args.cover and settings.target == "pdf" and isinstance(document, Article):
        raise OptionError("the PDF of one article has no page for a cover; leave out --cover")
    if isinstance(document, Book):
        check_sources(document, args.inputs, [args.output, args.report], "choose a name outside of its folder")
    document = overridden(document, args)
    if settings.fetch is not None:
        account.progress = console.Progress(sys.stderr, 2, not args.quiet)
        document = fetch_pictures(document, settings.fetch, report=report)
    if isinstance(document, Book):
        account.progress = console.Progress(sys.stderr, chapters_of(document), not args.quiet)
        document = with_progress(document, account.progress)
    size = _delivered(args, document, settings, report)
    account.progress.clear()
    account.one(Outcome(_called(args), args.output, report), size)


def _document(args: argparse.Namespace, settings: Settings, report: Report) -> Document:
    if len(args.inputs) > 1:
        title = "" if args.output == "-" else Path(args.output).stem.removesuffix(".kepub")
        return _bundle([Path(name) for name in args.inputs], title, args, settings, report)
    name = args.inputs[0]
    if name != "-" and (Path(name).is_dir() or formats.is_book_file(Path(name))):
        from article_convert.bundle import book_of

        if loose := _pages_only(Path(name)):
            return _bundle(loose, Path(name).resolve().name, args, settings, report)
        book = book_of(Path(name), settings, report)
        report.source = name
        return book
    return _article(args, settings, report)


def _pages_only(path: Path) -> list[Path]:
    """The articles of a folder that holds no Markdown, in natural order: saved pages are a book too."""
    articles = articles_below(path) if path.is_dir() else []
    if any(each.suffix.lower() in (".md", ".markdown") for each in articles):
        return []
    return sorted(articles, key=lambda each: natural_key(each.relative_to(path).as_posix()))


def _about_folder(name: str, target: str) -> str:
    folder = shlex.quote(name.rstrip("/") + "/")
    return (
        f"{name} is a folder among several inputs; name it alone to make it a book, or name its files in their order "
        f"(article-convert {folder}*.md -o book{formats.writer(target).extensions[0]}), "
        f"or convert each by itself (article-convert {folder} -o out/ -t {target})"
    )


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
        raise OptionError("the output is not text and would upset the terminal; name a file, or add --force")
    console.print_bytes(output)


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
    settings = _settings(args, "", processes)
    check_folder(args.output)
    if settings.target in ("html", "markdown") and _has_contents(args.inputs):
        book_as_folder(args, settings, account)
        return
    for flag in ("title", "author", "language", "cover"):
        if getattr(args, flag):
            raise OptionError(f"--{flag} is about one article or book; name one output file with -o, or leave it out")
    jobs = batch.plan(args.inputs, Path(args.output), settings.target)
    if args.report and os.path.realpath(args.report) in {os.path.realpath(job.output) for job in jobs}:
        raise OptionError(f"{args.report} is an output too; choose another name for the report")
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

    return len(inputs) == 1 and (formats.is_book_file(Path(inputs[0])) or has_contents(Path(inputs[0])))


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS and Windows do not tell which processors are ours
        return os.cpu_count() or 1


def _explain(args: argparse.Namespace, account: Account) -> None:
    """Read and clean only, to show what would be cut."""
    settings = _reading(args)
    for job in _jobs_to_explain(args.inputs):
        report = Report()
        arguments = argparse.Namespace(inputs=[str(job.source)])
        _article(arguments, settings, report)
        account.one(Outcome(_called(arguments), "", report), 0)


def _explain_page(args: argparse.Namespace, account: Account) -> None:
    """The article as a page on which what would be cut is struck through."""
    settings = page_settings(args, _reading(args))
    taken = [*args.inputs, args.output or "", args.report or ""]
    if os.path.realpath(args.explain_page) in {os.path.realpath(name) for name in taken if name not in ("", "-")}:
        raise OptionError(f"{args.explain_page} would be replaced by the explanation; choose another name for it")
    if args.inputs == ["-"] and args.output is not None:
        raise OptionError("standard input can be read once; explain it and convert it one after the other")
    report = Report()
    document = _article(args, settings, report)
    write_page(document, args.explain_page, settings)
    account.explained(args.explain_page, document)


def _jobs_to_explain(inputs: Sequence[str]) -> list[Job]:
    found: list[Job] = []
    for name in inputs:
        path = Path(name)
        sources = articles_below(path) if path.is_dir() else [path]
        found.extend(Job(source, Path()) for source in sources)
    return found
