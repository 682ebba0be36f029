"""Renew an EPUB of several articles: what has changed is printed again, everything else stays byte for byte.

The EPUB says itself what its chapters were made from (`writers.epub.sources`). Chapters keep the names
of their files and the book keeps its identifier, so that reading positions and notes survive.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from article_convert import formats, pipeline
from article_convert import options as option_texts
from article_convert.assets.policy import ImageOptions, check_images, form_for, placed
from article_convert.assets.prepare import prepared, store_at
from article_convert.assets.remote import fetch_pictures
from article_convert.assets.store import Store
from article_convert.batch import Settings
from article_convert.bundle import book_of, bundle, folder_of, shared
from article_convert.errors import ArticleConvertError, InputError, OptionError
from article_convert.files import is_book_file, replacing
from article_convert.model import Article, Book, Chapter, Entry, Metadata
from article_convert.report import Report
from article_convert.rules import Chosen, as_rules
from article_convert.transforms import Transform
from article_convert.writers.epub import EpubOptions, update_epub_to
from article_convert.writers.epub.contents import first_places
from article_convert.writers.epub.previous import Previous, open_previous
from article_convert.writers.epub.sources import PROGRAM, Written, core, fingerprint, pictures_of
from article_convert.writers.links import canonical

if TYPE_CHECKING:
    from article_convert.assets.fetch import Fetcher

__all__ = ["Changes", "update_epub"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What an update found: the paths of chapters that are new, changed, or gone.

    Gone are those that a GitBook no longer has; for loose articles, those that were not given when
    what is gone is to be dropped. `dropped` says that they were taken out, `anew` that all chapters at
    hand were printed again, as options or the version of the program have changed, `written` that
    the file was replaced.
    """

    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    dropped: bool = False
    anew: bool = False
    written: bool = False

    def __str__(self) -> str:
        fate = " and dropped" if self.dropped else " and kept"
        again = "; all that is at hand was printed again, as options or version differ" if self.anew else ""
        counts = f"{len(self.new):,} new, {len(self.changed):,} changed, {len(self.gone):,} gone"
        return counts + (fate if self.gone else "") + again


@dataclass(slots=True)
class _Plan:
    """The next edition on its way: what is known of each chapter that the sources give."""

    previous: Previous
    as_before: bool
    with_pictures: Callable[[Book], Book]
    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    metadata: dict[str, Metadata] = field(default_factory=dict)

    def add(self, path: str, article: Article | None) -> None:
        """Compare the chapter `path` with what was written; `article` is nothing if it cannot be read now."""
        self.given.add(path)
        written = self.previous.sources.chapters.get(path)
        if article is not None:
            self.metadata[path] = core(article.metadata)
        if written is None:
            self.new.append(path)
        elif article is None:
            self.kept.add(path)
        elif _is_unchanged(article, written):
            if self.as_before:
                self.kept.add(path)
        else:
            self.changed.append(path)


def update_epub(
    path: str | os.PathLike[str],
    sources: Iterable[str | os.PathLike[str]],
    *,
    reader: str = "",
    transforms: Iterable[Transform] | None = None,
    rules: Chosen = None,
    reader_options: Any = None,
    options: Iterable[str] = (),
    fetch: Fetcher | None = None,
    images: ImageOptions | None = None,
    made: Iterable[str] | None = None,
    drop_gone: bool = False,
    adapt: Callable[[Book], Book] = lambda book: book,
    report: Report | None = None,
) -> Changes:
    """Bring the EPUB at `path` up to date with `sources`, and say what has changed.

    `sources` are articles, or one GitBook folder. An article is the chapter that was saved from the
    same address, or else from a file of the same path. Changed chapters are printed again, new ones
    appended (those of a GitBook where its summary puts them), and the others are not touched, but for
    links to what has come into the book or left it. What is no longer among the sources stays, unless
    `drop_gone`. With nothing to change the file is left alone.

    `reader`, `transforms`, `rules`, `fetch` and `images` are as `convert` takes them; give those that the
    book was made with, as an article that is read, cleaned or illustrated in another way has changed. `made`
    are texts that say which those are; if they are not those in the book, `update.otherwise` is reported.
    Pictures that the book has already stay in it if they cannot be had now. `options` are texts such as
    `toc_depth=2`, on top of those that the book was written with. Title, authors, cover and style sheet stay
    as they are; `adapt` gets the new book and may change its metadata. Raises `InputError` for a file that
    cannot be updated and if no source can be read; the old file stays.
    """
    report = report if report is not None else Report()
    place, paths = Path(path), [Path(each) for each in sources]
    rules = as_rules(rules) if rules is not None else None
    steps = pipeline.chosen_steps(transforms, rules)
    with store_at(images.cache if images else None) as store, open_previous(place) as previous:
        if "" in previous.sources.chapters:
            raise InputError(f"{place} holds one article and is no book that grows; write it anew with -o")
        chosen = _chosen(previous, options)
        settings = Settings("epub", reader, steps, reader_options, chosen, rules, fetch, images)
        pictures = partial(_with_pictures, settings=settings, store=store, report=report)
        plan = _Plan(previous, _is_made_as_before(previous, chosen), pictures)
        edition = _from_folder if _is_gitbook(paths) else _from_articles
        book = adapt(edition(paths, settings, plan, drop_gone, report))
        report.source = str(place)
        chosen = replace(chosen, made=_made(previous, made, report))
        gone = tuple(path for path in previous.sources.chapters if path not in plan.given)
        if not drop_gone:
            plan.kept.update(gone)
        known_gone = gone if drop_gone or _is_gitbook(paths) else ()  # loose articles need not be given again
        changes = Changes(tuple(plan.new), tuple(plan.changed), known_gone, drop_gone, not plan.as_before)
        if plan.as_before and not (plan.new or plan.changed or _differs(book, previous, chosen)):
            return changes
        with replacing(place) as file:
            update_epub_to(book, previous, plan.kept, file, chosen, report)
            previous.archive.close()  # some systems replace no file that is open
    return replace(changes, written=True)


def _chosen(previous: Previous, options: Iterable[str]) -> EpubOptions:
    """The options that the book was written with, and those that are given on top of them.

    The style sheet and the cover are in the book; a font is there only in part, so its file is needed again.
    """
    chosen = option_texts.parse(EpubOptions, [*previous.sources.options, *options])
    if "font" in previous.sources.files and chosen.font == "none":
        raise OptionError("the book was written with a font of yours; name it again with -O font=FILE")
    return chosen


def _made(previous: Previous, made: Iterable[str] | None, report: Report) -> tuple[str, ...]:
    """How the next edition is made, in words; what is not as it was is reported."""
    before = previous.sources.made
    if made is None:
        return before
    now = tuple(made)
    without = [each for each in before if each not in now]
    added = [each for each in now if each not in before]
    said = [f"it was made with {', '.join(without)}, which you do not say now"] if without else []
    said += [f"it was made without {', '.join(added)}, which you say now"] if added else []
    if said:
        told = "; ".join(said)
        report.add("update.otherwise", f"{told}; the articles that you name are made as you say now, all others stay")
    return now


def _is_made_as_before(previous: Previous, chosen: EpubOptions) -> bool:
    remembered = option_texts.assignments(chosen) == (previous.sources.options, ())
    return remembered and previous.sources.program == PROGRAM


def _is_unchanged(article: Article, written: Written) -> bool:
    """Whether an article says and shows what it did; a picture that is not at hand now is in the book already."""
    at_hand = pictures_of(article)
    return fingerprint(article) == written.digest and all(
        written.pictures.get(url) == digest for url, digest in at_hand.items()
    )


def _differs(book: Book, previous: Previous, chosen: EpubOptions) -> bool:
    """Whether a book is another one although its chapters are the same."""
    before = previous.sources.book
    if book.entries != before.entries or book.metadata != before.metadata:
        return True
    if chosen.cover != "auto" or "cover" in previous.sources.files:
        return False
    cover = next((each for each in book.resources if each.url == book.metadata.lead_image), None)
    return cover is not None and cover.digest[:16] not in previous.cover


def _is_gitbook(paths: list[Path]) -> bool:
    """Whether the sources are a GitBook, which says itself what belongs to it."""
    return len(paths) == 1 and (paths[0].is_dir() or is_book_file(paths[0]))


def _with_pictures(book: Book, settings: Settings, store: Store, report: Report) -> Book:
    """The book as it is written: with the pictures of the web, in the form that EPUB shows."""
    images, writer = settings.images or ImageOptions(), formats.writer("epub")
    if settings.fetch is not None:
        book = fetch_pictures(book, settings.fetch, report=report)
    check_images(images, writer, settings.options, has_file=False)
    return placed(prepared(book, form_for(writer, settings.options, images), store, report), images, None, report)


def _loaded(chapter: Chapter, report: Report) -> Article | None:
    try:
        return chapter.load()
    except ArticleConvertError as error:
        report.add("book.page-failed", f"{chapter.path}: {error}")
        return None


# ------------------------------------------------------------------ a GitBook


def _from_folder(paths: list[Path], settings: Settings, plan: _Plan, drop_gone: bool, report: Report) -> Book:
    """The book of a folder, in the order of its summary; what is gone from it stands at the end."""
    book = plan.with_pictures(book_of(paths[0], settings, report))
    listed = [chapter for chapter, _, _ in first_places(book.entries)]
    for chapter in listed:
        plan.add(chapter.path, _loaded(chapter, report))
    before = plan.previous.sources.book
    gone = [] if drop_gone else [
        Entry(entry.title, _absent(chapter.path))
        for chapter, entry, _ in first_places(before.entries)
        if chapter.path not in plan.given
    ]  # fmt: skip
    return Book((*book.entries, *gone), before.metadata, book.resources)


def _absent(path: str) -> Chapter:
    def load() -> Article:
        raise InputError(f"{path} is no longer among the sources")

    return Chapter(path, load)


# ------------------------------------------------------------------ loose articles


def _from_articles(paths: list[Path], settings: Settings, plan: _Plan, drop_gone: bool, report: Report) -> Book:
    """The old book with the articles put in their places, and the new ones at its end."""
    folder = folder_of(paths)
    before = plan.previous.sources.book
    given: dict[str, Entry] = {}
    for entry in plan.with_pictures(bundle(paths, settings, report)).entries:
        assert entry.chapter is not None
        article = _loaded(entry.chapter, report)
        place = _place(article, folder / entry.chapter.path, plan.previous.sources.chapters, given)
        place = place or _free(entry.chapter.path, {*plan.previous.sources.chapters, *given})
        plan.add(place, article)
        given[place] = replace(entry, chapter=Chapter(place, entry.chapter.load))
    entries = tuple(_renewed(before.entries, given, drop_gone))
    added = tuple(given[path] for path in plan.new)
    return Book((*entries, *added), _metadata(before, (*entries, *added), plan))


def _place(article: Article | None, file: Path, known: Mapping[str, Written], taken: dict[str, Entry]) -> str:
    """The path of the chapter that an article is; `""` for a new one."""
    address = canonical(article.metadata.source_url) if article is not None and article.metadata.source_url else ""
    free = {path: written.metadata.source_url for path, written in known.items() if path not in taken}
    named_alike = [path for path in free if f"/{file.as_posix()}".endswith(f"/{path}")]
    same_address = [path for path, other in free.items() if address and other and canonical(other) == address]
    fitting = [path for path in named_alike if path in same_address]
    fitting = fitting or same_address or [path for path in named_alike if not (address and free[path])]
    return max(fitting, key=len, default="")


def _free(path: str, taken: set[str]) -> str:
    """`path`, or one like it that no other chapter has."""
    stem, dot, extension = path.rpartition(".")
    number = 1
    while path in taken:
        number += 1
        path = f"{stem}-{number}{dot}{extension}"
    return path


def _renewed(entries: Iterable[Entry], given: dict[str, Entry], drop_gone: bool) -> Iterator[Entry]:
    for entry in entries:
        children = tuple(_renewed(entry.children, given, drop_gone))
        if entry.chapter is None:
            yield replace(entry, children=children)
        elif entry.chapter.path in given:
            yield replace(given[entry.chapter.path], children=children)
        elif drop_gone:
            yield from children
        else:
            yield replace(entry, chapter=_absent(entry.chapter.path), children=children)


def _metadata(before: Book, entries: Sequence[Entry], plan: _Plan) -> Metadata:
    """What the book was called; what its chapters share, unless somebody said otherwise when it was made."""
    chapters = plan.previous.sources.chapters
    if before.metadata != shared([written.metadata for written in chapters.values()], before.metadata.title):
        return before.metadata
    found = [chapter.path for chapter, _, _ in first_places(entries)]
    known = (
        plan.metadata.get(path) or chapters[path].metadata
        for path in found
        if path in plan.metadata or path in chapters
    )
    return shared(list(known), before.metadata.title)
