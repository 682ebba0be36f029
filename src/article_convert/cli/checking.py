"""`article-convert --check`: EPUBs held against devices, the findings in plain words, as JSON, as exit status."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from article_convert import __version__
from article_convert.checks import Finding, check
from article_convert.cli.console import as_json, plain, print_bytes
from article_convert.cli.places import check_place
from article_convert.errors import InputError, OptionError
from article_convert.files import replace_file
from article_convert.profiles import PROFILES

__all__ = ["check_epubs", "lines"]

_SHOWN = 3
_LAST = "This looks for what hurts on devices and for frequent errors; it does not replace epubcheck."


def check_epubs(args: argparse.Namespace) -> int:
    """Check every input and return the exit status: 1 if something breaks a book, or cannot be read."""
    _refuse(args)
    devices = [name.strip() for each in args.devices for name in each.split(",") if name.strip()]
    status = 0
    entries: list[dict[str, object]] = []
    for name in args.inputs:
        try:
            findings = check(name, devices)
        except InputError as error:
            print(f"article-convert: {plain(str(error))}", file=sys.stderr)
            entries.append({"file": name, "error": str(error)})
            status = 1
            continue
        status = status or int(any(finding.breaks for finding in findings))
        entries.append({"file": name, "findings": [asdict(finding) for finding in findings]})
        if args.report != "-":
            for line in lines(name, findings, devices or list(PROFILES), args.verbose, args.quiet):
                print(line)
    if args.report:
        _report(args.report, devices, entries)
    elif not args.quiet and any("findings" in entry for entry in entries):
        print(f"\n{_LAST}")
    return status


def _refuse(args: argparse.Namespace) -> None:
    if not args.check:
        raise OptionError("--for goes with --check; to make a book for a device, use -O profile=NAME")
    if not args.inputs:
        raise OptionError("nothing to check; for example: article-convert --check book.epub --for kindle")
    if "-" in args.inputs:
        raise OptionError("--check cannot read standard input, as an EPUB is read from its end; name a file")
    if args.output is not None:
        raise OptionError("--check writes no output; with --report FILE.json it writes what it found")
    if args.report and args.report != "-":
        check_place(args.report, "report")


def lines(name: str, findings: list[Finding], devices: list[str], verbose: bool, quiet: bool) -> Iterator[str]:
    """What is said about one book: a summary, then each finding with its places, reasons and remedy."""
    breaking = sum(finding.breaks for finding in findings)
    hurting = len(findings) - breaking
    said = [f"{n} {what}" for n, what in ((breaking, "that break it"), (hurting, "that hurt")) if n]
    yield plain(f"{name}: {' and '.join(said) or 'nothing found'} ({', '.join(devices)})")
    for finding in [] if quiet else findings:
        yield ""
        yield from map(plain, _finding(finding, verbose))


def _finding(finding: Finding, verbose: bool) -> Iterator[str]:
    yield f"{'BREAKS' if finding.breaks else 'hurts '}  {finding.what} [{finding.rule}]"
    shown = finding.places if verbose else finding.places[:_SHOWN]
    for place in shown:
        yield f"          {place}" if str(place) else "          the book"
    if finding.count > len(shown):
        hint = "" if verbose else " (--verbose shows them)"
        yield f"          … and {finding.count - len(shown):,} more{hint}"
    reasons: dict[tuple[str, str], list[str]] = {}
    for device, because in finding.devices.items():
        breaks = " (breaks)" if because.breaks and not all(each.breaks for each in finding.devices.values()) else ""
        reasons.setdefault((because.reason, because.source), []).append(f"{device}{breaks}")
    for (reason, source), names in reasons.items():
        yield f"        {', '.join(names)}: {reason}"
        yield f"          {source}"
    yield f"      → {finding.remedy}"


def _report(path: str, devices: list[str], entries: list[dict[str, object]]) -> None:
    data = {"article_convert": __version__, "devices": devices or list(PROFILES), "checked": entries}
    if path == "-":
        print_bytes(as_json(data))
    else:
        replace_file(Path(path), as_json(data))
