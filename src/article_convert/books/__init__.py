"""Whole GitBooks: a folder, its SUMMARY.md and its pages as one `Book`.

    folder ─ project (configuration) ─ summary (contents) ─ pages (files) ─▶ Book of lazy chapters

A chapter is read when a writer asks for it and let go afterwards; `links` resolves what leads from
one page to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from posixpath import dirname, normpath
from typing import Any
from urllib.parse import quote, unquote

from article_convert.assets.local import attach_local
from article_convert.books.chapters import Shelf, wanted_anchors
from article_convert.books.glossary import NO_TERMS, Glossary, glossary_of
from article_convert.books.links import Neighbour, is_editor, leads_out
from article_convert.books.pages import Pages
from article_convert.books.project import Project, find_projects, has_contents, loose_pages, shared_metadata
from article_convert.books.summary import Line, Summary, read_summary
from article_convert.errors import InputError
from article_convert.files import natural_key
from article_convert.model import Article, Book, Chapter, Entry, Metadata
from article_convert.readers.decode import decode
from article_convert.readers.gitbook import Surroundings, read_page
from article_convert.report import Report
from article_convert.transforms import STANDARD, Transform
from article_convert.transforms.metadata import language_of
from article_convert.tree import walk_entries

__all__ = ["has_contents", "loose_pages", "read_book", "summaries_of"]

_COVERS = ("cover.jpg", "cover.jpeg", "cover.png")
_NOT_CHAPTERS = frozenset({"summary.md", "langs.md", "glossary.md"})
_OTHER_CONTENTS = ("/SUMMARY.md", "/LANGS.md", "/GLOSSARY.md")


def read_book(
    path: str | Path,
    *,
    transforms: Iterable[Transform] = STANDARD,
    beside: Iterable[Entry] | None = None,
    report: Report | None = None,
) -> Book:
    """A GitBook as one book: its contents in the order of SUMMARY.md, chapters loaded when needed.

    `path` is a folder or its SUMMARY.md, `.gitbook.yaml`, `book.json`, `docs.yaml` or `LANGS.md`; a
    repository of several spaces or languages becomes one book with a part for each. A plain folder
    becomes a book in the natural order of its names. Each chapter is cleaned by `transforms`, its
    links inside the book are resolved and its pictures attached; nothing outside the folder is read.
    `beside` are chapters for what `loose_pages` finds: in a plain folder they stand where their names put
    them, else behind the books.

    Reported: `book.missing-page` for lines of the summary without a file, `book.unlisted-page` for
    pages in no line, `book.loose-page` for what lies beside the books if there is no `beside`,
    `link.unresolved` and all that reading a chapter reports, when it is loaded.
    Raises `InputError` if there is no Markdown at `path`.
    """
    report = report if report is not None else Report()
    place = Path(path)
    if not place.exists():
        raise InputError(f"{place} does not exist")
    report.source = str(place)
    steps = tuple(transforms)
    projects = find_projects(place, report)
    neighbours: list[Neighbour] = []
    books = [_book(project, steps, report, neighbours) for project in projects]
    for page in loose_pages(place) if beside is None else ():
        report.add("book.loose-page", f"{page.relative_to(place)} lies beside the book and was left out")
    more = tuple(beside or ())
    if len(books) == 1 and (not more or projects[0].root.resolve() == place.resolve()):
        return replace(books[0], entries=_in_order((*books[0].entries, *more))) if more else books[0]
    folder = place if place.is_dir() else place.parent
    joined = _joined(books, [project.root for project in projects], folder, shared_metadata(folder))
    return replace(joined, entries=(*joined.entries, *more))


def summaries_of(path: Path) -> list[Path]:
    """The tables of contents of the books at `path`, whatever they are called; none if there is no book."""
    try:
        return [project.summary for project in find_projects(path, Report()) if project.summary is not None]
    except InputError:
        return []


def _in_order(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries of a plain folder by the names of their files, a folder where its first page stands."""

    def key(entry: Entry) -> Any:
        first = next((each.chapter.path for each, _ in walk_entries((entry,)) if each.chapter is not None), "")
        return natural_key(first)

    return tuple(sorted(entries, key=key))


def _book(project: Project, transforms: tuple[Transform, ...], report: Report, neighbours: list[Neighbour]) -> Book:
    """One book; it is added to its `neighbours`, which its chapters look at when they are loaded."""
    pages = Pages(project.root, project.readme, project.redirects)
    if project.summary is not None:
        summary = read_summary(project.summary.read_bytes(), report)
    else:
        summary = Summary(tuple(_folder_lines(pages)))
    summary = replace(summary, lines=tuple(_whole(summary.lines, project.readme)))
    glossary = _glossary(project, pages)
    summary = _with_glossary(_with_readme(summary, pages, project), pages, glossary)
    titles: dict[str, str] = {}
    _collect_titles(summary.lines, pages, titles)
    anchors = wanted_anchors(pages, titles, _all(summary.lines))
    anchors.setdefault(glossary.path, set()).update(glossary.anchors)
    neighbours.append(Neighbour(pages, titles))
    shelf = Shelf(project, pages, titles, anchors, transforms, report, glossary, neighbours=neighbours)
    entries = tuple(_entries(summary.lines, shelf))
    if project.summary is not None:
        _report_unlisted(pages, titles, project, report)
    return _with_cover(Book(entries, _metadata(project, summary, pages, titles)), project, report)


def _whole(lines: Iterable[Line], readme: str) -> Iterator[Line]:
    """The lines with their pages: one that names only an anchor means the first page."""
    for line in lines:
        target = f"/{readme}{line.target}" if line.target.startswith("#") else line.target
        yield replace(line, target=target, children=tuple(_whole(line.children, readme)))


def _with_readme(summary: Summary, pages: Pages, project: Project) -> Summary:
    """Legacy tools put a README that no line names first, as "Introduction"."""
    readme = pages.find(project.readme)
    listed = {pages.find(line.target) for line in _all(summary.lines) if line.target}
    if not readme or readme in listed or not project.legacy:
        return summary
    return replace(summary, lines=(Line(pages.title(readme) or "Introduction", quote(readme)), *summary.lines))


def _with_glossary(summary: Summary, pages: Pages, glossary: Glossary) -> Summary:
    """A GLOSSARY.md that no line names stands at the end, as an appendix."""
    path = pages.find("/GLOSSARY.md")
    if not path or path in {pages.find(line.target) for line in _all(summary.lines) if line.target}:
        return summary
    title = glossary.title if glossary.path else pages.title(path)
    return replace(summary, lines=(*summary.lines, Line(title or "Glossary", quote(path))))


def _glossary(project: Project, pages: Pages) -> Glossary:
    """The terms that a legacy book explains; later books have pages of that name and mean nothing by it."""
    path = pages.find("/GLOSSARY.md") if project.legacy else ""
    if not path:
        return NO_TERMS
    try:
        text = decode(pages.read(path), Report(), markup=False)
    except InputError:  # told when the page is loaded
        return NO_TERMS
    return glossary_of(read_page(text, Surroundings(), Report()), path)


def _all(lines: Iterable[Line]) -> Iterator[Line]:
    for line in lines:
        yield line
        yield from _all(line.children)


def _collect_titles(lines: Iterable[Line], pages: Pages, titles: dict[str, str]) -> None:
    for line in _all(lines):
        if line.target and not leads_out(line.target):
            found = pages.find(pages.split(line.target)[0])
            if found:
                titles.setdefault(found, line.title or pages.title(found))


def _entries(lines: Iterable[Line], shelf: Shelf) -> Iterator[Entry]:
    for line in lines:
        children = tuple(_entries(line.children, shelf))
        if not line.target or leads_out(line.target):
            url = "" if is_editor(line.target) else line.target
            if line.target and not url:
                shelf.report.add("link.unresolved", f"{line.target} in the summary leads nowhere that others can open")
            yield Entry(line.title, url=url, children=children, part=line.part)
            continue
        target, anchor = shelf.pages.split(line.target)
        found = shelf.pages.find(target)
        if not found:
            why = (
                f"could be {' or '.join(shelf.pages.meant(target))}" if shelf.pages.meant(target) else "does not exist"
            )
            shelf.report.add("book.missing-page", f"{unquote(line.target)} is named in the summary and {why}")
            yield Entry(line.title, children=children, part=line.part)
            continue
        title = line.title or shelf.titles[found]
        chapter = Chapter(found, partial(shelf.load, found, title, children), shelf.pages.root / found)
        if anchor:
            yield Entry(title, url=f"{found}#{anchor}", children=children)
        else:
            yield Entry(title, chapter, children=children)


def _folder_lines(pages: Pages, folder: str = "") -> list[Line]:
    """The lines of a folder without a summary: its pages, and each folder below with its README as parent."""
    lines: list[Line] = []
    seen: set[str] = set()
    for path in pages.markdown():
        rest = path.removeprefix(f"{folder}/" if folder else "")
        if (folder and rest == path) or path.lower() in _NOT_CHAPTERS or path.startswith((".", "_")):
            continue
        head, slash, _ = rest.partition("/")
        if not slash:
            if folder and path == _readme_of(folder, pages):
                continue
            lines.append(Line(pages.title(path) or path.rsplit("/", 1)[-1].rsplit(".", 1)[0], f"/{quote(path)}"))
        elif head not in seen and not head.startswith("."):
            seen.add(head)
            below = f"{folder}/{head}" if folder else head
            readme = _readme_of(below, pages)
            title = pages.title(readme) if readme else ""
            target = f"/{quote(readme)}" if readme else ""
            lines.append(Line(title or head, target, tuple(_folder_lines(pages, below))))
    return lines


def _readme_of(folder: str, pages: Pages) -> str:
    found = pages.find(f"/{quote(folder)}/README.md")
    return found if dirname(found) == folder else ""


def _report_unlisted(pages: Pages, titles: dict[str, str], project: Project, report: Report) -> None:
    for path in pages.markdown():
        known = path.lower() in _NOT_CHAPTERS or path.endswith(_OTHER_CONTENTS)
        if path not in titles and not known and not path.startswith((".", "_")):
            report.add("book.unlisted-page", f"{path} is in no line of the summary")


def _metadata(project: Project, summary: Summary, pages: Pages, titles: dict[str, str]) -> Metadata:
    metadata = project.metadata
    readme = pages.find(project.readme)
    title = metadata.title or summary.title or (pages.title(readme) if readme else "") or project.root.resolve().name
    sample = "".join(titles.values())[:2000]
    return replace(metadata, title=title, language=metadata.language or language_of(sample))


def _with_cover(book: Book, project: Project, report: Report) -> Book:
    """The cover that the project carries, as GitBook 1 to 3 looked for it."""
    if book.metadata.lead_image:
        return book
    for name in _COVERS:
        if (project.root / name).is_file():
            lead = Article(metadata=Metadata(lead_image=name))
            found = attach_local(lead, project.root, report)
            if found.resources:
                return replace(book, metadata=replace(book.metadata, lead_image=name), resources=found.resources)
    return book


def _joined(books: list[Book], roots: list[Path], folder: Path, shared: Metadata) -> Book:
    """Several books as the parts of one; the paths of their chapters begin with their folders.

    `shared` is what is said about all of them together.
    """
    entries = []
    for book, root in zip(books, roots, strict=True):
        prefix = root.resolve().relative_to(folder.resolve()).as_posix() if root.resolve() != folder.resolve() else ""
        inner = tuple(_moved(entry, prefix) for entry in book.entries)
        entries.append(Entry(book.metadata.title or prefix, children=inner, part=True))
    languages = {book.metadata.language for book in books}
    language = languages.pop() if len(languages) == 1 else books[0].metadata.language
    title = shared.title or folder.resolve().name
    return Book(tuple(entries), replace(shared, title=title, language=shared.language or language))


def _moved(entry: Entry, prefix: str) -> Entry:
    children = tuple(_moved(child, prefix) for child in entry.children)
    chapter = entry.chapter
    if chapter is not None and prefix:
        chapter = replace(chapter, path=f"{prefix}/{chapter.path}", load=partial(_load_moved, chapter, prefix))
    url = entry.url
    if url and prefix and not leads_out(url):
        url = f"{prefix}/{url}"
    return replace(entry, chapter=chapter, url=url, children=children)


def _load_moved(chapter: Chapter, prefix: str) -> Article:
    """A chapter whose links to other chapters and files begin with the folder of its book."""
    from article_convert.model import Embed, Link, Node
    from article_convert.tree import rewrite

    def moved(url: str) -> str:
        if not url.startswith("/") or url.startswith("//"):
            return url
        path, mark, anchor = f"/{prefix}{url}".partition("#")
        return (normpath(path) if url.startswith("/../") else path) + mark + anchor  # `..` is into a neighbour

    def step(node: Node) -> Node:
        return replace(node, url=moved(node.url)) if isinstance(node, (Link, Embed)) else node

    article = chapter.load()
    resources = tuple(replace(each, url=moved(each.url)) for each in article.resources)
    return rewrite(replace(article, resources=resources), step)
