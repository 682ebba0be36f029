"""A GitBook as a folder of linked pages."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from article_convert import formats, pipeline
from article_convert.assets.documents import readable
from article_convert.assets.remote import fetch_pictures
from article_convert.batch import Outcome, Settings
from article_convert.cli.account import Account
from article_convert.cli.asked import check_reader_of_book
from article_convert.cli.console import Progress
from article_convert.cli.overrides import chapters_of, overridden, with_progress
from article_convert.cli.places import check_sources
from article_convert.errors import OptionError
from article_convert.files import replace_file
from article_convert.model import Resource
from article_convert.report import Report

__all__ = ["book_as_folder"]


def book_as_folder(args: argparse.Namespace, settings: Settings, account: Account) -> None:
    """Write the contents, a file for each chapter, and what they show or link to.

    The chapters are read twice: before anything is written it is known what will be, so that no file of
    the book is replaced and nothing is put outside of the folder.
    """
    from article_convert.books.separate import names_of, pages_of, survey
    from article_convert.bundle import book_of

    _check_options(args)
    report = Report()
    with account.recording(args.inputs[0], args.output, report):
        book = overridden(book_of(Path(args.inputs[0]), settings, report), args)
        if settings.fetch is not None:
            book = fetch_pictures(book, settings.fetch, report=report)
        book = readable(book, report)
    account.progress = Progress(sys.stderr, 2 * chapters_of(book) + 1, not args.quiet)
    folder = Path(args.output)
    writer = formats.writer(settings.target)
    extension = writer.extensions[0]
    # Pages that link to their pictures lie to one another as their sources do: so do the pictures, with their names.
    copies = writer.links_pictures and not args.images
    images = replace(settings.images, place="link") if settings.images and copies else settings.images
    known = survey(with_progress(book, account.progress))
    files = _copied(known.files, pictures=copies)
    names = names_of(book, extension, known.files)
    outputs = [folder / name for name in (*names, *files)]
    advice = f"name another folder, such as {_beside(args.inputs[0], settings.target)}"
    check_sources(book, args.inputs, [*outputs, args.report], advice, files.values())
    _check_inside(outputs, folder)
    size = 0
    with account.recording(args.inputs[0], args.output, report):
        pages = pages_of(book, extension, ways=writer.paged, known=known, report=report)
        for number, (name, article) in enumerate(pages, chapters_of(book)):
            report.source = name
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            size += pipeline.write_file(
                article, target, settings.target, options=settings.options, images=images, report=report
            )
            account.progress.at(number, name)
        _copy(files, folder)
    report.source = args.inputs[0]
    account.one(Outcome(args.inputs[0], args.output, report), size)


def _check_options(args: argparse.Namespace) -> None:
    """Refuse options that would do nothing for a book."""
    for flag in ("resume", "jobs"):
        if getattr(args, flag):
            raise OptionError(f"--{flag} is for articles one by one, and {args.inputs[0]} is one book; leave it out")
    check_reader_of_book(args)


def _beside(name: str, target: str) -> str:
    """A folder beside the book that its pages could be put into."""
    path = Path(name) if Path(name).is_dir() else Path(name).parent
    return f"{path.parent / (path.resolve().name + '-' + target)}/"


def _copied(files: Mapping[str, Resource], pictures: bool) -> dict[str, Resource]:
    """The files that the pages look for beside them; pictures only if they are not inside the pages."""
    return {name: file for name, file in files.items() if pictures or not file.media_type.startswith("image/")}


def _check_inside(outputs: Iterable[Path], folder: Path) -> None:
    """Refuse what links of the file system, or a name with `..` in it, would put outside of the folder."""
    top = Path(os.path.realpath(folder))
    for output in outputs:
        if not Path(os.path.realpath(output)).is_relative_to(top):
            raise OptionError(f"{output} leads out of {folder}; name a folder without such links")


def _copy(files: Mapping[str, Resource], folder: Path) -> None:
    for name, file in files.items():
        place = folder / name
        data = file.location if isinstance(file.location, bytes) else file.location.read_bytes()
        place.parent.mkdir(parents=True, exist_ok=True)
        replace_file(place, data)
