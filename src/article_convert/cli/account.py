"""The account of a run: what is said while it goes, the summary, the report file, the exit status."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from article_convert import __version__
from article_convert.batch import Job, Outcome
from article_convert.cli import console
from article_convert.cli.cleaning import unmatched
from article_convert.cli.verdict import verdict
from article_convert.errors import InputError, OptionError, UnknownFormat
from article_convert.files import replace_file, size_text
from article_convert.model import Article, Document
from article_convert.report import CODES, Report
from article_convert.rules import RuleSet
from article_convert.tree import walk

__all__ = ["Account"]


@dataclass(slots=True)
class Account:
    """What has happened so far, said as it happens; the report file and the exit status at the end."""

    args: argparse.Namespace
    rules: RuleSet
    progress: console.Progress = field(default_factory=lambda: console.Progress(sys.stderr, 0, False))
    written: int = 0
    failed: int = 0
    skipped: int = 0
    with_warnings: int = 0
    left: int = 0
    batch: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    entries: list[dict[str, object]] = field(default_factory=list)
    failed_pictures: Counter[str] = field(default_factory=Counter)
    """How many pictures could not be had, by host; `""` stands for those that no host has."""
    reasons: set[str] = field(default_factory=set)
    """Why anything was cut, to tell what was to be dropped and was nowhere."""

    def one(self, outcome: Outcome, size: int) -> None:
        """Say everything about the only output."""
        self._count(outcome)
        if not self.args.quiet:
            for line in console.warnings(outcome.report, self.args.verbose):
                self._say(line)
            if outcome.output not in ("", "-"):
                self._say(_sentence(outcome, size))

    def of_many(self, outcome: Outcome) -> None:
        """Say what is wrong with one of many outputs; its warnings are only counted unless `--verbose`."""
        self.batch = True
        if outcome.error:
            self.failure(outcome)
            return
        self._count(outcome)
        if self.args.verbose and not self.args.quiet:
            for line in console.warnings(outcome.report, verbose=True):
                self._say(line)

    def told_apart(self, jobs: Sequence[Job]) -> None:
        """Say which outputs of a batch have longer names, since their sources differ in the extension alone."""
        names = [job.output for job in jobs if job.output.stem == job.source.name != job.source.stem]
        if names and not self.args.quiet:
            self._say(f"{len(names):,} inputs differ in their extensions alone, so their outputs keep them: {names[0]}")

    def failure(self, outcome: Outcome) -> None:
        """Say why an input has no output."""
        self._count(outcome)
        named = outcome.source in outcome.error
        self._say(f"article-convert: {outcome.error if named else f'{outcome.source}: {outcome.error}'}")
        if outcome.details and self.args.verbose:
            self._say(outcome.details)

    @contextmanager
    def recording(self, source: str, output: str, report: Report) -> Iterator[None]:
        """Work on the only output: if that fails, the report file has it, and the error goes on its way.

        What only shows while an input is read is no wrong use of the command.
        """
        try:
            yield
        except BaseException as error:
            message, _ = verdict(error)
            self._count(Outcome(source, output, report, message))
            if isinstance(error, (OptionError, UnknownFormat)):
                raise InputError(message) from error
            raise
        finally:
            self.progress.clear()

    def explained(self, page: str, document: Document) -> None:
        """Say that the page of `--explain=FILE` is written."""
        marks = walk(document) if isinstance(document, Article) else ()
        self.reasons.update(dict(getattr(mark, "attributes", ())).get("reason", "") for mark in marks)
        if not self.args.quiet:
            self._say(f"wrote {page}")

    def finish(self) -> None:
        """The summary of a batch, and the report file."""
        self.progress.clear()
        if self.batch and not self.args.quiet:
            for line in console.tally(self.counts, self.failed_pictures):
                self._say(line)
            self._say(self._summary())
        for line in unmatched(self.rules, self.reasons):
            self._say(line)
        if self.args.strict and self._lost():
            self._say("article-convert: something was lost, and --strict forbids that")
        self._write_report()

    def give_up(self) -> None:
        """The report file of a run that an error ends: what has happened until then, if anything has."""
        self.progress.clear()
        if self.entries:
            with suppress(OSError):  # the first error says more
                self._write_report()

    def _write_report(self) -> None:
        if not self.args.report:
            return
        data = console.as_json({"article_convert": __version__, "articles": self.entries})
        if self.args.report == "-":
            console.print_bytes(data)
            return
        try:
            replace_file(Path(self.args.report), data)
        except OSError as error:
            raise OSError(error.errno, f"cannot write the report: {error.strerror}", self.args.report) from error

    def status(self) -> int:
        """0, or 1 if an input failed or `--strict` finds a loss."""
        severities = {CODES[code][0] for code in self.counts}
        return int(bool(self.failed or self.left) or "error" in severities or (self.args.strict and self._lost()))

    def _lost(self) -> bool:
        return any(CODES[code][0] != "note" for code in self.counts)

    def _count(self, outcome: Outcome) -> None:
        self.counts.update(outcome.report.counts)
        failed = (asset.url for asset in outcome.report.assets if asset.fate == "failed")
        self.failed_pictures.update(console.host_of(url) for url in failed)
        self.reasons.update(removal.reason for removal in outcome.report.removals)
        self.failed += bool(outcome.error)
        self.skipped += outcome.skipped
        self.written += not outcome.error and not outcome.skipped
        self.with_warnings += not outcome.error and outcome.report.worst() in ("warning", "error")
        if self.args.report:
            self.entries.append(_entry(outcome))
        if self.args.explain and not outcome.error and not outcome.skipped:
            self.progress.clear()
            stream = sys.stderr if "-" in (self.args.output, self.args.report) else sys.stdout
            for line in console.explanation(outcome.source, outcome.report, stream.isatty()):
                print(line, file=stream)

    def _say(self, text: str) -> None:
        self.progress.clear()
        for line in text.splitlines():
            print(console.plain(line), file=sys.stderr)

    def _summary(self) -> str:
        parts = [f"{self.written:,} written", f"{self.failed:,} failed", f"{self.with_warnings:,} with warnings"]
        if self.skipped:
            parts.append(f"{self.skipped:,} there already")
        if self.left:
            parts.append(f"{self.left:,} not tried, as they would fail too; mend it, then go on with --resume")
        return ", ".join(parts)


def _sentence(outcome: Outcome, size: int) -> str:
    number = len(outcome.report.removals)
    cut = f"; cut or moved {number} piece{'s' * (number != 1)} (--explain shows them)" if number else ""
    return f"wrote {outcome.output}, {size_text(size)}{cut}"


def _entry(outcome: Outcome) -> dict[str, object]:
    status = "failed" if outcome.error else "skipped" if outcome.skipped else "written"
    head = {"source": outcome.source, "output": outcome.output, "status": status, "error": outcome.error}
    return head | outcome.report.to_dict()
