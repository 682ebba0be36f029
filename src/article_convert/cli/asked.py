"""What the command line asks for, judged before anything is read: status 2 means that nothing was."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from article_convert import formats, options
from article_convert.assets.policy import check_images
from article_convert.batch import Settings
from article_convert.cli.cleaning import rules_of, transforms_of
from article_convert.cli.made import made_with
from article_convert.cli.overrides import check_overrides
from article_convert.cli.pictures import fetcher_of, images_of
from article_convert.cli.places import check_place, check_replaced
from article_convert.contract import Writer
from article_convert.errors import InputError, OptionError, UnknownFormat
from article_convert.files import articles_below, is_book_file, natural_key

__all__ = [
    "check_all",
    "check_reader_of_book",
    "check_single",
    "is_book",
    "is_folder",
    "pages_only",
    "reading",
    "settings_of",
]


def check_all(args: argparse.Namespace) -> None:
    """Refuse what cannot be meant, whatever is to be done: no inputs, names that clash, options without effect."""
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
    _check_home(args)
    if "-" in args.inputs and len(args.inputs) > 1:
        raise OptionError("standard input can only be converted by itself")
    if args.drop_gone and not args.update:
        raise OptionError("--drop-gone goes with --update, which says in which book")
    if not (args.output and is_folder(args)):
        for flag in ("resume", "jobs"):
            if getattr(args, flag):
                raise OptionError(f"--{flag} is for many outputs; name a folder with -o, or leave it out")
    if args.reader_option and not args.reader:
        raise OptionError("-R sets an option of a reader; say with -f which one")
    if args.report and os.path.realpath(args.report) in {os.path.realpath(name) for name in args.inputs}:
        raise OptionError(f"{args.report} is an input and would be replaced by the report")
    if args.report == args.output == "-":
        raise OptionError("standard output gets the article; name a file for the report")
    if args.report and args.report != "-":
        check_place(args.report, "report")
        _check_report(args)
    check_overrides(args)
    if args.output is None and not (args.update or args.explain or args.explain_page):
        raise OptionError(_where_to_write(args))


def _check_home(args: argparse.Namespace) -> None:
    """Refuse a `~` that a shell has left as it is: it is no folder."""
    values = [each.partition("=")[2] for each in (*args.option, *args.reader_option)]
    for name in (*args.inputs, args.output, args.report, args.cover, args.rules, args.update, args.cache, *values):
        if name and name.startswith(("~/", "~\\")) and not Path("~").exists():
            raise OptionError(f"{name} has a ~ that the shell did not replace; write out the path of your home folder")


def _check_report(args: argparse.Namespace) -> None:
    """Refuse a report in the place of an article of a folder: a run that fails writes its report too."""
    place = Path(os.path.realpath(args.report))
    folders = [Path(os.path.realpath(name)) for name in args.inputs if is_book(name)]
    for folder in [each if each.is_dir() else each.parent for each in folders]:
        if place.is_relative_to(folder) and place in articles_below(folder):
            raise OptionError(f"{args.report} is an input and would be replaced by the report")


def _where_to_write(args: argparse.Namespace) -> str:
    *others, last = args.inputs
    missing = [name for name in args.inputs if name != "-" and not Path(name).exists()]
    if others and missing == [last]:
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


def is_folder(args: argparse.Namespace) -> bool:
    """Whether the output is a folder: it ends like one, is one, or can be nothing else."""
    output = args.output
    if output == "-":
        return False
    if output.endswith(("/", os.sep)) or Path(output).is_dir():
        return True
    return not Path(output).suffix and any(Path(name).is_dir() for name in args.inputs)


def check_single(args: argparse.Namespace, settings: Settings) -> None:
    """Refuse one output that cannot be written, or that would not hold what is asked for."""
    _check_order(args)
    for name in args.inputs if len(args.inputs) > 1 else ():
        if Path(name).is_dir():
            raise OptionError(_about_folder(name, settings.target))
    if args.output != "-":
        check_replaced(args)
        _check_name(args.output, formats.writer(settings.target))
        check_place(args.output, "output")
    book = len(args.inputs) > 1 or is_book(args.inputs[0])
    if args.cover and settings.target == "pdf" and not book:
        raise OptionError("the PDF of one article has no page for a cover; leave out --cover")
    if len(args.inputs) == 1 and book and not pages_only(Path(args.inputs[0])):
        check_reader_of_book(args)


def _check_order(args: argparse.Namespace) -> None:
    """Refuse a new book as the input and an article as the output: they are the wrong way round."""
    (name, *others), output = args.inputs, args.output
    if (
        not others
        and Path(name).suffix.lower() in (".epub", ".pdf")
        and not Path(name).exists()
        and Path(output).exists()
    ):
        meant = shlex.join([output, "-o", name])
        raise OptionError(f"there is no {name}; to write it, name it behind -o: article-convert {meant}")


def is_book(name: str) -> bool:
    """Whether an input by itself is a book: a folder, or a file that stands for one."""
    return name != "-" and (Path(name).is_dir() or is_book_file(Path(name)))


def check_reader_of_book(args: argparse.Namespace) -> None:
    """Refuse the name of a reader for a GitBook: its pages have their own, and nothing lies beside them."""
    from article_convert.books import loose_pages

    (name,) = args.inputs
    if args.reader not in ("", "gitbook") and not loose_pages(Path(name)):
        raise OptionError(f"the pages of {name} are read as those of a GitBook; leave out -f {args.reader}")


def pages_only(path: Path) -> list[Path]:
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


def _check_name(name: str, writer: Writer) -> None:
    """Refuse an output that is called like another format: whoever opens it would be told that it is broken."""
    suffix = Path(name).suffix.lower()
    if suffix not in writer.extensions:
        with suppress(UnknownFormat):
            other = formats.guess_writer(name).name
            right = Path(name).with_suffix(writer.extensions[0])
            raise OptionError(
                f"{name} is named as {other}, and -t says {writer.name}; call it {right}, or leave out -t"
            )


# --------------------------------------------------------------------------- settings


def settings_of(args: argparse.Namespace, to_name: str, processes: int = 1) -> Settings:
    """How to convert, every name and option checked. `to_name` is the file that is to be written, if it is one."""
    if not args.target and not to_name:
        place, other = (
            ("standard output", "") if args.output == "-" else ("a folder", f", or name a file: {_a_file(args)}")
        )
        names = ", ".join(formats.names("writers"))
        raise OptionError(f"{place} does not say the format; add -t with one of: {names}{other}")
    writer = formats.writer(args.target) if args.target else _writer_of(to_name)
    settings = reading(args)
    chosen = _parsed(writer.options, args.option, writer.name)
    _check_files(chosen, writer.name)
    images = images_of(args, None if to_name or args.output == "-" else Path(args.output) / "images")
    check_images(images, writer, chosen, has_file=args.output != "-")
    return replace(
        settings,
        target=writer.name,
        options=replace(chosen, made=made_with(args)) if writer.name == "epub" else chosen,
        fetch=fetcher_of(args, writer, processes),
        images=images,
    )


def _a_file(args: argparse.Namespace) -> str:
    """A file that the output could be instead of a folder, as the shell takes it."""
    first = Path(args.inputs[0])
    stem = "book" if len(args.inputs) > 1 else first.resolve().name if first.is_dir() else first.stem
    return shlex.quote(f"{stem}.epub")


_INSTEAD = {
    ".mobi": "write EPUB, which Kindles take too (-O profile=kindle)",
    ".azw3": "write EPUB, which Kindles take too (-O profile=kindle)",
    ".kfx": "write EPUB, which Kindles take too (-O profile=kindle)",
    ".docx": "write HTML, which Word opens",
    ".doc": "write HTML, which Word opens",
    ".txt": "write Markdown, which is plain text",
}
"""What to write for somebody who asks for what there is no writer for."""


def _writer_of(name: str) -> Writer:
    path = Path(name)
    if not path.suffix and path.name.startswith("."):
        with suppress(UnknownFormat):
            formats.guess_writer(f"book{path.name}")
            raise OptionError(f"{name} is an extension without a name; call it {path.with_name('book' + path.name)}")
    try:
        return formats.guess_writer(name)
    except UnknownFormat as error:
        if instead := _INSTEAD.get(path.suffix.lower()):
            raise UnknownFormat(f"{error} ({instead})") from error
        raise


def _check_files(chosen: Any, name: str) -> None:
    """Refuse an option that names a file to use which is not there: a batch would say so for each article."""
    for option in ("css", "font", "cover"):
        path = getattr(chosen, option, None)
        if isinstance(path, Path) and not path.exists():
            raise InputError(f"{name}: there is no file {path} for the option {option!r}")


def reading(args: argparse.Namespace) -> Settings:
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
