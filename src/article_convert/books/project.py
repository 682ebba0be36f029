"""Where a GitBook's content lies and what its project files say.

Read are `.gitbook.yaml` (Git Sync, since 2018), `.gitbook/vars.yaml` and `.gitbook/tags.yaml`,
`book.json` (GitBook 1 to 3 and HonKit), `docs.yaml` (several spaces in one repository, 2026) and
`LANGS.md` (one book for each language). Everything is optional, and a file that cannot be
understood counts as absent and is reported: a book never fails because of its configuration.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from article_convert.books.summary import read_summary
from article_convert.errors import InputError
from article_convert.files import articles_below, is_book_file, natural_key
from article_convert.languages import language_tag
from article_convert.model import Author, Metadata
from article_convert.readers.gitbook import Value, is_small, read_yaml, text_from, value_from
from article_convert.report import Report

__all__ = ["Project", "find_projects", "has_contents", "loose_pages", "shared_metadata"]

_HIDDEN = frozenset({"node_modules", "_book", ".git", "__pycache__"})
_ABOUT = frozenset(
    f"{name}.md"
    for name in (
        "readme", "changelog", "contributing", "license", "licence", "code_of_conduct", "security", "langs", "glossary",
        "agents", "claude",
    )
)  # fmt: skip
"""Files that repositories keep by convention, about themselves."""


_NOTHING = Metadata()


@dataclass(frozen=True, slots=True)
class Project:
    """One book's content: `root` is its folder, `summary` its table of contents if it has one.

    `redirects` lead from old addresses to pages, `variables` are the values of expressions by their
    full names, `tags` the labels of tags by their short names, `legacy` says that pages use the
    templating of GitBook 1 to 3, `synced` that the site wrote or reads them (Git Sync).
    """

    root: Path
    summary: Path | None = None
    readme: str = "README.md"
    metadata: Metadata = _NOTHING
    redirects: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, Value] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    legacy: bool = False
    synced: bool = False


def find_projects(path: Path, report: Report) -> list[Project]:
    """The books at `path`: a folder, or one of the files that name a book.

    One for most folders; several for `docs.yaml`, `LANGS.md`, or summaries in several folders
    below. A folder of Markdown without any of these is one book without a summary. Raises
    `InputError` if there is no Markdown at all.
    """
    if path.is_file():
        if not is_book_file(path):
            raise InputError(f"{path} is no book; name a folder, or its SUMMARY.md")
        if path.name.lower() == "summary.md":
            return [_project(path.parent, report, summary=path)]
        path = path.parent
    for find in (_spaces, _languages):
        found = find(path, report)
        if found:
            return found
    whole = _project(path, report)
    if whole.summary is None:
        below = [_project(summary.parent, report, summary=summary) for summary in _summaries(path)]
        if below:
            for page in _pages(path):
                if page.name.lower() in _ABOUT and not any(page.is_relative_to(each.root) for each in below):
                    report.add("book.unlisted-page", f"{page.relative_to(path)} is in none of the books of the folder")
            return below
    if whole.summary is None and next(_pages(path), None) is None:
        raise InputError(
            f"{path} holds no page; a book needs a SUMMARY.md, or at least one .md file "
            "(article-convert also makes a book of a folder of saved .html pages)"
        )
    return [whole]


def has_contents(path: Path) -> bool:
    """Whether a folder is a book with a table of contents, or holds such books and fewer articles beside them."""
    if not path.is_dir():
        return False
    if any(map(is_book_file, path.iterdir())):
        return True
    summaries = _summaries(path)
    pages = articles_below(path) if summaries else []
    return 2 * len(_loose(path, pages, summaries)) < len(pages)


def loose_pages(path: Path) -> list[Path]:
    """The articles of a folder that are in none of the books of it, in natural order.

    Those are what lies beside the books of a folder, but for a README and other files that tell of
    the repository; in a folder without a table of contents, which is a book of its Markdown, the saved
    pages. There are none if the folder is a book itself.
    """
    if not path.is_dir() or any(map(is_book_file, path.iterdir())):
        return []
    found = _loose(path, articles_below(path), _summaries(path))
    return sorted(found, key=lambda page: natural_key(page.relative_to(path).as_posix()))


def _loose(path: Path, pages: list[Path], summaries: list[Path]) -> list[Path]:
    """Those of the `pages` of a folder that are in no book with one of the `summaries`; see `loose_pages`."""
    books = [summary.parent for summary in summaries]
    return [
        page
        for page in pages
        if not any(page.is_relative_to(book) for book in books)
        and (not books or page.name.lower() not in _ABOUT)
        and (books or page.suffix.lower() not in (".md", ".markdown"))
        and not _HIDDEN & set(page.relative_to(path).parts)
    ]


def shared_metadata(folder: Path) -> Metadata:
    """What `book.json` or the site of `docs.yaml` in `folder` say about all the books in it together."""
    silent = Report()  # what cannot be understood in them is reported when the books are found
    metadata = _metadata(_json(folder / "book.json", silent))
    site = _mapping(_yaml(folder / "docs.yaml", silent).get("site"))
    return metadata if metadata.title else replace(metadata, title=str(site.get("title") or ""))


def _project(folder: Path, report: Report, summary: Path | None = None) -> Project:
    config = _yaml(folder / ".gitbook.yaml", report)
    legacy = _json(folder / "book.json", report)
    root = _root(folder, config.get("root") or legacy.get("root") or ".")
    structure = {**_mapping(legacy.get("structure")), **_mapping(config.get("structure"))}
    if summary is None:
        summary = _existing(root, str(structure.get("summary") or "SUMMARY.md"))
    plain = {key: value for key, value in legacy.items() if isinstance(value, (str, int, float))}
    variables: dict[str, Value] = {f"book.{key}": value_from(value) for key, value in plain.items()}
    variables |= dict(_flat("book", _mapping(legacy.get("variables"))))
    for name, value in _yaml(root / ".gitbook" / "vars.yaml", report).items():
        variables[f"space.vars.{name}"] = text_from(value)
    redirects = {str(old).strip("/"): str(new) for old, new in _mapping(config.get("redirects")).items()}
    synced = (folder / ".gitbook.yaml").is_file() or (root / ".gitbook").is_dir()
    return Project(
        root,
        summary,
        str(structure.get("readme") or "README.md").removeprefix("./"),
        _metadata(legacy),
        redirects,
        variables,
        _tags(root, report),
        not synced and (bool(legacy) or (root / "GLOSSARY.md").is_file()),
        synced,
    )


def _flat(prefix: str, values: Mapping[str, Any], depth: int = 8) -> Iterator[tuple[str, Value]]:
    """The values below `prefix` by their full names: `book.team.name`."""
    for key, value in values.items():
        yield f"{prefix}.{key}", value_from(value)
        if isinstance(value, dict) and depth:
            yield from _flat(f"{prefix}.{key}", _mapping(value), depth - 1)


def _tags(root: Path, report: Report) -> Mapping[str, str]:
    """The labels in `.gitbook/tags.yaml`, a list of `tag: beta` with `label: Beta`."""
    found = _read_yaml(root / ".gitbook" / "tags.yaml", report)
    entries = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return {str(each["tag"]): str(each["label"]) for each in entries if each.get("tag") and each.get("label")}


def _root(folder: Path, named: str) -> Path:
    """The content root; some repositories name it from their own top instead of from the file's folder."""
    root = folder / named
    return root if root.is_dir() and _is_inside(root, folder) else folder


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _existing(root: Path, name: str) -> Path | None:
    """The file of that name below `root`, whatever its capitals; nothing that `..` or a link leads to outside."""
    path = root / name
    if path.is_file() and _is_inside(path, root):
        return path
    lower = Path(name).name.lower()
    beside = sorted(path.parent.glob("*.md")) if _is_inside(path.parent, root) else []
    return next((each for each in beside if each.name.lower() == lower and _is_inside(each, root)), None)


def _metadata(config: Mapping[str, Any]) -> Metadata:
    author = config.get("author")
    return Metadata(
        title=str(config.get("title") or ""),
        description=str(config.get("description") or ""),
        authors=(Author(str(author)),) if author else (),
        language=language_tag(str(config.get("language") or "")),
    )


def _spaces(folder: Path, report: Report) -> list[Project]:
    """The spaces of a `docs.yaml`, in its order."""
    site = _mapping(_yaml(folder / "docs.yaml", report).get("site"))
    return [
        _with_title(_project(folder / directory, report), title)
        for title, directory in _directories(site.get("structure"))
        if (folder / directory).is_dir() and _is_inside(folder / directory, folder)
    ]


def _directories(structure: object) -> Iterator[tuple[str, str]]:
    for part in structure if isinstance(structure, list) else ():
        if isinstance(part, dict):
            content = part.get("content")
            if isinstance(content, dict) and content.get("directory"):
                yield str(part.get("title") or ""), str(content["directory"])
            for name in ("structure", "sections", "spaces", "children"):
                yield from _directories(part.get(name))


def _with_title(project: Project, title: str) -> Project:
    return replace(project, metadata=replace(project.metadata, title=title)) if title else project


def _languages(folder: Path, report: Report) -> list[Project]:
    """The books of a `LANGS.md`; each inherits what `book.json` above it says."""
    path = _existing(folder, "LANGS.md")
    if path is None:
        return []
    shared = _project(folder, report)
    found: list[Project] = []
    for entry in read_summary(path.read_bytes(), report).lines:
        target = unquote(entry.target.partition("#")[0]).strip("/")
        place = folder / target
        if target and place.is_dir() and _is_inside(place, folder):
            own = _project(place, report)
            language = target.rsplit("/", 1)[-1]
            metadata = replace(
                own.metadata, title=entry.title, language=own.metadata.language or language_tag(language)
            )
            variables = {**shared.variables, "book.language": language, **own.variables}
            found.append(replace(own, metadata=metadata, variables=variables, legacy=True))
    return found


def _summaries(folder: Path) -> list[Path]:
    """The summaries below a folder that has none itself, those inside another book left out."""
    found: list[Path] = []
    for path in sorted(each for each in folder.rglob("*.md") if each.name.lower() == "summary.md"):
        parts = path.relative_to(folder).parts
        hidden = _HIDDEN & set(parts) or not _is_inside(path, folder)
        if not hidden and not any(path.is_relative_to(other.parent) for other in found) and _is_contents(path):
            found.append(path)
    return found


def _is_contents(path: Path) -> bool:
    """Whether a file is a table of contents: in small letters, `summary.md` may be an article."""
    return path.name == "SUMMARY.md" or any(line.target for line in read_summary(path.read_bytes(), Report()).lines)


def _pages(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix.lower() in (".md", ".markdown") and not _HIDDEN & set(path.relative_to(folder).parts):
            yield path


def _yaml(path: Path, report: Report) -> Mapping[str, Any]:
    return _mapping(_read_yaml(path, report))


def _read_yaml(path: Path, report: Report) -> object:
    return _read(path, read_yaml, report)


def _json(path: Path, report: Report) -> Mapping[str, Any]:
    return _mapping(_read(path, json.loads, report))


def _read(path: Path, parse: Callable[[bytes], object], report: Report) -> object:
    """The values of a configuration file; nothing, reported, if it is broken, multiplies or lies elsewhere."""
    if not path.is_file():
        return {}
    try:
        if _is_inside(path, path.parent) and is_small(found := parse(path.read_bytes()[:1_000_000])):
            return found
    except (ValueError, OSError, RecursionError):
        pass
    report.add("book.bad-config", f"{path.name} cannot be understood and was left aside")
    return {}


def _mapping(value: object) -> Mapping[str, Any]:
    return {str(key): each for key, each in value.items()} if isinstance(value, dict) else {}
