"""The command `article-convert`: arguments, files, messages and the exit status.

    one input, a file or `-` as output      one article
    a GitBook's folder, a file as output    one book in the order of its SUMMARY.md
    several inputs, a file as output        one book, a chapter for each input
    anything, a folder as output            a batch: one output for each article
    --check and EPUBs                       what would hurt on which device; status 1 if something breaks

Exit status: 0 done; 1 an input failed or, with `--strict`, something was lost; 2 wrong usage; 130
interrupted. The article goes to the output, everything said about it to standard error; `--explain`
is asked for, so it goes to standard output unless the article does.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import Any, NoReturn, TextIO

from article_convert import __version__
from article_convert.cli.verdict import BUG, Terminated, verdict
from article_convert.errors import OptionError

__all__ = ["Terminated", "main"]


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        message = message.replace("expected one argument", "a value has to follow it")
        unknown = re.match(r"unrecognized arguments: --([\w-]+)(?:=(\S+))?", message)
        hint = self._meant(unknown[1].replace("-", "_"), unknown[2] or "VALUE") if unknown else ""
        raise OptionError(f"{message} ({hint or 'see article-convert --help'})")

    def _meant(self, name: str, value: str) -> str:
        """What somebody who gives the option `name` may have meant; `""` if nothing is like it."""
        from article_convert import formats, options

        for kind, flag, find in (("writers", "-O", formats.writer), ("readers", "-R", formats.reader)):
            for each in formats.READERS if kind == "readers" else formats.WRITERS:
                if name in {option.name for option in options.describe(find(each).options)}:
                    return f"it is an option of {each}: {flag} {name}={value}"
        long = [text for action in self._actions for text in action.option_strings if text.startswith("--")]
        near = get_close_matches(f"--{name.replace('_', '-')}", [each for each in long if each != "--explain-page"], 1)
        return f"did you mean {near[0]}?" if near else ""


_EXAMPLES = """\
examples:
  article-convert a.md -o a.epub                 one article
  article-convert my-gitbook/ -o book.epub       a whole GitBook
  article-convert a.md b.html -o both.epub       several articles as one book
  article-convert articles/ -o out/ -t pdf       every article below a folder
  article-convert - -f html -o - -t markdown     standard input and output
  article-convert a.html --explain               what would be cut, and why
  article-convert a.html --explain=why.html      the same, struck through
  article-convert a.html -f site.toml -o a.epub  a site that you describe
  article-convert --check a.epub --for kindle    what would hurt there, and why
"""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="article-convert",
        usage="article-convert INPUT... -o OUTPUT [options]",
        description="Saved articles and GitBook pages as EPUB, PDF, clean HTML or plain Markdown.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    add = parser.add_argument_group("what to convert, and into what").add_argument
    add("inputs", nargs="*", metavar="INPUT", help="a file, a folder, or - for standard input")
    add("-o", "--output", metavar="OUTPUT", help="a file, a folder (ends with /), or - for standard output")
    add(
        "-f", "--from", dest="reader", default="", metavar="READER", help="how to read; guessed from INPUT if not given"
    )
    add(
        "-t", "--to", dest="target", default="", metavar="WRITER", help="what to write; guessed from the name of OUTPUT"
    )
    add("-O", "--option", action="append", default=[], metavar="KEY=VALUE", help="an option of the writer")
    add("-R", "--reader-option", action="append", default=[], metavar="KEY=VALUE", help="an option of the reader")
    updating = parser.add_argument_group("updating, instead of -o")
    add = updating.add_argument
    add("--update", default="", metavar="BOOK.epub", help="renew what has changed in this book, add what is new")
    add("--drop-gone", action="store_true", help="and take out what is no longer among the inputs")
    about = parser.add_argument_group("about the book or article, instead of what the files say")
    add = about.add_argument
    add("--title", default="", metavar="TEXT", help="its title")
    add("--author", action="append", default=[], metavar="NAME", help="its author; give it again for a second one")
    add("--language", default="", metavar="TAG", help="its language, such as zh-CN or en")
    add("--cover", default="", metavar="FILE", help="its cover, a JPEG or PNG picture")
    cleaning = parser.add_argument_group("cleaning")
    add = cleaning.add_argument
    add("--explain", action="store_true", help="say what is cut and why; --explain=FILE.html shows it on a page")
    add("--explain-page", default="", metavar="FILE", help=argparse.SUPPRESS)  # what --explain=FILE becomes
    add("--keep", action="append", default=[], metavar="RULE", help="do not cut what this rule finds")
    add("--drop", action="append", default=[], metavar="CSS|/REGEX/", help="cut elements of a page, or blocks of text")
    add("--rules", metavar="FILE.toml", help="a file with rules of your own, and what to keep and drop")
    add("--no-clean", action="store_true", help="cut nothing, change nothing")
    _add_pictures(parser)
    running = parser.add_argument_group("running")
    add = running.add_argument
    add("--report", metavar="FILE.json", help="write everything that happened as JSON")
    add("--strict", action="store_true", help="exit status 1 if anything was lost")
    add("--jobs", type=_at_least_one, metavar="N", help="articles converted at once (default: one for each processor)")
    add("--resume", action="store_true", help="skip outputs that are not older than their input")
    add("--force", action="store_true", help="write EPUB or PDF to a terminal all the same")
    add("-q", "--quiet", action="store_true", help="say nothing but errors")
    add("-v", "--verbose", action="store_true", help="say everything, notes too")
    asking = parser.add_argument_group("asking")
    add = asking.add_argument
    add("--check", action="store_true", help="say what would go wrong with an EPUB, and on which device")
    add("--for", dest="devices", action="append", default=[], metavar="DEVICE", help="check for this device only")
    add("--list-formats", action="store_true", help="list the readers and writers")
    add("--check-site", metavar="SITE", help="whether pages still look as SITE (woshipm, or mysite.toml) says")
    add("--doctor", action="store_true", help="check the installation")
    add("-V", "--version", action="store_true", help="show the version")
    add("-h", "--help", nargs="?", const="", metavar="FORMAT", help="this text, or the options of a format")
    return parser


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    pictures = parser.add_argument_group("pictures (fetched from the web for EPUB and PDF)")
    add = pictures.add_argument
    add("--offline", action="store_true", help="use no network; only pictures at hand and in the cache")
    add(
        "--images",
        choices=("embed", "folder", "link", "drop"),
        help="where pictures go: inside, beside, as links, or nowhere",
    )
    add("--image-max-width", type=_at_least_one, metavar="N", help="make wider pictures N pixels wide")
    add("--image-quality", type=_at_least_one, metavar="N", help="compress photographs again, 1 to 95")
    add("--grayscale", action="store_true", help="make pictures grey")
    add("--max-size", type=_size, metavar="SIZE", help="make pictures smaller until the output fits, such as 20MB")
    add("--cache", metavar="FOLDER", help="where fetched pictures are kept (default: the user's cache)")
    add(
        "--allow-host", action="append", default=[], metavar="HOST", help="fetch from this host inside your network too"
    )


def _size(text: str) -> int:
    from article_convert.cli.pictures import size

    return size(text)


def _at_least_one(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 up")
    return number


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status. `arguments` are those of the process unless given."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # a terminal that cannot show Chinese must not end the run
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    with _unwinding_on_sigterm():
        return _guarded(sys.argv[1:] if arguments is None else arguments)


def _guarded(arguments: Sequence[str]) -> int:
    """`_run`, with everything that can go wrong as one line and a status instead of a traceback."""
    try:
        status = _run(arguments)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        _silence(sys.stdout)
        return 1
    except (Exception, KeyboardInterrupt) as error:
        from article_convert.cli.console import plain

        message, status = verdict(error)
        if message.startswith(BUG) and {"-v", "--verbose"} & set(arguments):
            traceback.print_exception(error)
        with suppress(OSError):
            print("article-convert: " + "\n".join(map(plain, message.splitlines())), file=sys.stderr)
        return status


def _silence(stream: TextIO) -> None:
    """Nobody reads `stream` any more; what Python still holds for it must not raise at exit."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _terminate(number: int, frame: object) -> NoReturn:
    raise Terminated


class _unwinding_on_sigterm:  # noqa: N801 - reads as a phrase in a `with` statement
    """SIGTERM ends the program as Ctrl-C does: it says how far it has come, and no temporary file stays behind."""

    previous: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self.previous = signal.signal(signal.SIGTERM, _terminate)

    def __exit__(self, *raised: object) -> None:
        if self.previous is not None:
            signal.signal(signal.SIGTERM, self.previous)


def _run(arguments: Sequence[str]) -> int:
    parser = _parser()
    if len(arguments) == 1 and arguments[0] in ("-help", "-?", "/?"):  # customs of other systems
        arguments = ["--help"]
    args = parser.parse_intermixed_args([_with_page(each) for each in arguments])
    args.inputs = _expanded(args.inputs)
    answer = _question(args, parser)
    if answer is not None:
        return answer()
    from article_convert.cli.runs import carry_out

    return carry_out(args)


def _expanded(inputs: list[str]) -> list[str]:
    """The files that `*.md` stands for, where shells leave that to programs; a name that fits none stays."""
    if sys.platform != "win32":
        return inputs
    from glob import glob

    found = ((sorted(glob(name)) if set(name) & set("*?") else []) or [name] for name in inputs)  # noqa: PTH207
    return [name for names in found for name in names]


def _with_page(argument: str) -> str:
    """`--explain=FILE` as an option of its own: a flag takes no value, and an optional one would take an input."""
    flag = "--explain="
    return f"--explain-page={argument.removeprefix(flag)}" if argument.startswith(flag) else argument


def _question(args: argparse.Namespace, parser: argparse.ArgumentParser) -> Callable[[], int] | None:
    """What answers a command line that asks for information only."""
    if args.version:
        return lambda: _print([f"article-convert {__version__}"])
    if args.help is not None:
        return lambda: _help(args.help, parser)
    if args.list_formats:
        return _list_formats
    if args.check_site:
        return lambda: _check_site(args)
    if args.check or args.devices:
        return lambda: _check(args)
    return _doctor if args.doctor else None


def _print(lines: Iterable[str]) -> int:
    for line in lines:
        print(line)
    return 0


def _help(name: str, parser: argparse.ArgumentParser) -> int:
    if not name:
        return _print([parser.format_help().rstrip()])
    from article_convert.cli.console import format_help

    return _print(format_help(name))


def _list_formats() -> int:
    from article_convert.cli.console import format_list

    return _print(format_list())


def _check_site(args: argparse.Namespace) -> int:
    from article_convert.cli.check_site import check_site

    return check_site(args.check_site, args.inputs)


def _check(args: argparse.Namespace) -> int:
    from article_convert.cli.checking import check_epubs

    return check_epubs(args)


def _doctor() -> int:
    from article_convert.cli import doctor

    status = 0
    for finding in doctor.examine():
        print(finding, flush=True)
        status = status or int(bool(finding.remedy))
    return _print(["", doctor.LICENCES]) or status
