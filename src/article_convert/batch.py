"""Many articles into one folder: plan the outputs, convert, and tell how each of them went.

The folder itself is the journal. Outputs appear whole or not at all, so a run that was killed is
taken up again by leaving out what is there and not older than its source (`resume`).
"""

from __future__ import annotations

import errno
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from article_convert import formats, pipeline
from article_convert.assets.policy import ImageOptions
from article_convert.errors import ArticleConvertError, InputError, OptionError
from article_convert.files import EXTENSIONS, articles_below, is_book_file
from article_convert.report import Report
from article_convert.rules import Chosen, as_rules
from article_convert.transforms import STANDARD, Transform
from article_convert.workers import can_fork, in_processes

if TYPE_CHECKING:
    from article_convert.assets.fetch import Fetcher

__all__ = ["Job", "Outcome", "Settings", "convert_many", "convert_one", "plan", "run"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How every article of a run is converted; names and options as `convert` takes them."""

    target: str
    reader: str = ""
    transforms: tuple[Transform, ...] = STANDARD
    reader_options: Any = None
    options: Any = None
    rules: Chosen = None
    fetch: Fetcher | None = None
    images: ImageOptions | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One article to convert, and the file it becomes."""

    source: Path
    output: Path


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one conversion went.

    `error` is empty if `output` was written (or `skipped`, since it was there already). `details` is
    the traceback of an error that should not happen. `hopeless` means that the next one would fail
    in the same way: the disk is full or cannot be written.
    """

    source: str
    output: str
    report: Report = field(default_factory=Report)
    error: str = ""
    details: str = ""
    skipped: bool = False
    hopeless: bool = False


def convert_many(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    folder: str | os.PathLike[str],
    target: str,
    *,
    reader: str = "",
    transforms: Iterable[Transform] | None = None,
    rules: Chosen = None,
    reader_options: Any = None,
    options: Any = None,
    fetch: Fetcher | None = None,
    images: ImageOptions | None = None,
    jobs: int = 0,
    resume: bool = False,
) -> Iterator[Outcome]:
    """Convert articles into `folder`, yielding an `Outcome` for each in the order of `paths`.

    `paths` may be a single one. A folder among them stands for all articles below it and keeps its
    shape; a file becomes `folder/name.extension`, or `folder/name.md.extension` where another one would be
    called the same (an `a.md` beside an `a.html`). `transforms` and `rules` are as `convert` takes them.
    `jobs` processes work at once; 0 works in this process. `resume` leaves out what is there already
    and not older than its source. One failure never stops the others.
    `fetch` and `images` are those of `convert`; pictures put into a folder share `folder/images`.
    Raises `InputError` before anything is written if two articles would become one file, or an
    output would replace an input.
    """
    paths = [paths] if isinstance(paths, (str, os.PathLike)) else paths
    rules = as_rules(rules) if rules is not None else None
    images = images or ImageOptions()
    if fetch is not None:
        from article_convert.assets.remote import check_fetcher

        check_fetcher(fetch)
    if images.place in ("auto", "folder") and images.folder is None:
        images = replace(images, folder=Path(folder) / "images")
    steps = pipeline.chosen_steps(transforms, rules)
    settings = Settings(target, reader, steps, reader_options, options, rules, fetch, images)
    return run(plan(paths, Path(folder), target), settings, jobs, resume)


# --------------------------------------------------------------------------- planning


def plan(paths: Iterable[str | os.PathLike[str]], folder: Path, target: str) -> list[Job]:
    """What will be read and written, in order, each source once. Raises `InputError` as `convert_many` does.

    A SUMMARY.md and its like are no articles: they stand for the folder that they are in.
    """
    extension = formats.writer(target).extensions[0]
    jobs: dict[str, Job] = {}
    for path in map(Path, paths):
        if is_book_file(path) and path.is_file():
            path = path.parent  # noqa: PLW2901 - it stands for the folder
        if path.is_dir():
            below = [each for each in articles_below(path, apart_from=folder) if not is_book_file(each)]
            if not below:
                raise InputError(f"no articles in {path}; looked for {', '.join(EXTENSIONS)}")
            found = [(source, source.relative_to(path)) for source in below]
        else:
            found = [(path, Path(path.name))]
        for source, relative in found:
            jobs.setdefault(os.path.realpath(source), Job(source, folder / relative.with_suffix(extension)))
    jobs = _told_apart(jobs, extension)
    _refuse_clashes(jobs)
    return list(jobs.values())


def _told_apart(jobs: dict[str, Job], extension: str) -> dict[str, Job]:
    """The jobs, those with one output under the whole names of their sources: `a.md.epub` and `a.html.epub`.

    None of them keeps the short name, as that may be there already, made of another one by an earlier run.
    """
    whole = {
        source: replace(job, output=job.output.with_name(job.source.name + extension)) for source, job in jobs.items()
    }
    short_names = Counter(_as_file_system_sees(job.output) for job in jobs.values())
    whole_names = Counter(_as_file_system_sees(job.output) for job in whole.values())

    def clashes(source: str) -> bool:
        job, longer = jobs[source], whole[source]
        return short_names[_as_file_system_sees(job.output)] > 1 == whole_names[_as_file_system_sees(longer.output)]

    return {source: whole[source] if clashes(source) else job for source, job in jobs.items()}


def _refuse_clashes(jobs: dict[str, Job]) -> None:
    taken: dict[str, Job] = {}
    for job in jobs.values():
        other = taken.setdefault(_as_file_system_sees(job.output), job)
        if other is not job:
            raise InputError(
                f"{other.source} and {job.source} would both become {job.output}; "
                "convert them into different folders, or name one of them differently"
            )
    for job in jobs.values():
        if os.path.realpath(job.output) in jobs:
            raise InputError(f"{job.output} is an input and would be replaced; choose another folder")


def _as_file_system_sees(path: Path) -> str:
    """Two paths with one result are one file: macOS and Windows ignore capitals and forms of accents."""
    if sys.platform not in ("darwin", "win32"):
        return os.path.normpath(path)
    return normalize("NFC", os.path.normpath(path)).casefold()


# --------------------------------------------------------------------------- working


def run(
    jobs: list[Job], settings: Settings, processes: int = 0, resume: bool = False
) -> Generator[Outcome, None, None]:
    """Convert what is planned; see `convert_many`."""
    todo = [job for job in jobs if not (resume and _is_done(job))]
    outcomes = _outcomes(todo, settings, processes)
    _sweep(todo)
    pending = {job.output for job in todo}
    for job in jobs:
        if job.output in pending:
            yield next(outcomes)
        else:
            yield Outcome(str(job.source), str(job.output), skipped=True)


def _outcomes(todo: list[Job], settings: Settings, processes: int) -> Iterator[Outcome]:
    work = partial(convert_one, settings)
    if processes == 0 or len(todo) < 2:
        return map(work, todo)
    if not can_fork():
        _refuse_what_cannot_travel(settings)
    return in_processes(work, todo, min(processes, len(todo)), _lost)


def _refuse_what_cannot_travel(settings: Settings) -> None:
    import pickle

    try:
        pickle.dumps(settings)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise OptionError(
            f"these transforms or options cannot be sent to other processes ({error}); "
            "make them functions of a module, or work in this process with jobs=0"
        ) from error


def _lost(job: Job, reason: str) -> Outcome:
    return Outcome(str(job.source), str(job.output), error=reason)


def _is_done(job: Job) -> bool:
    try:
        return job.output.stat().st_mtime_ns >= job.source.stat().st_mtime_ns
    except OSError:
        return False


def convert_one(settings: Settings, job: Job) -> Outcome:
    """Convert one article; whatever goes wrong is in the outcome, never raised."""
    report = Report()
    error = details = ""
    hopeless = False
    try:
        job.output.parent.mkdir(parents=True, exist_ok=True)
        pipeline.convert(
            job.source,
            job.output,
            reader=settings.reader,
            target=settings.target,
            transforms=settings.transforms,
            rules=settings.rules,
            reader_options=settings.reader_options,
            options=settings.options,
            fetch=settings.fetch,
            images=settings.images,
            report=report,
        )
    except ArticleConvertError as problem:
        error = str(problem)
    except OSError as problem:
        error = f"cannot write {job.output}: {problem.strerror or problem}"
        hopeless = problem.errno in _HOPELESS
    except MemoryError:
        error = "not enough memory"
    except Exception as problem:  # a bug, perhaps in a plugin: it must not take the others along
        import traceback

        error, details = f"internal error: {problem!r}", traceback.format_exc()
    return Outcome(str(job.source), str(job.output), report, error, details, hopeless=hopeless)


_HOPELESS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}


# --------------------------------------------------------------------------- leftovers

_A_DAY = 86_400
_LEFTOVER = re.compile(r"\.(?P<name>.+)\.[a-z0-9_]{8}\.tmp")


def _sweep(jobs: list[Job]) -> None:
    """Clear the folders of a run of what a killed one left behind more than a day ago.

    What is younger may be the output that another run is writing at this moment.
    """
    names: dict[Path, set[str]] = {}
    for job in jobs:
        names.setdefault(job.output.parent, set()).add(job.output.name[:40])
    for folder, expected in names.items():
        with suppress(OSError):
            left = [path for path in folder.iterdir() if _is_leftover(path.name, expected)]
            if not left:
                continue
            with tempfile.NamedTemporaryFile(dir=folder) as probe:
                now = Path(probe.name).stat().st_mtime  # of the same clock as the dates of the files
            for path in left:
                if now - path.stat().st_mtime > _A_DAY:
                    path.unlink()


def _is_leftover(name: str, expected: set[str]) -> bool:
    match = _LEFTOVER.fullmatch(name)
    return match is not None and match["name"] in expected
