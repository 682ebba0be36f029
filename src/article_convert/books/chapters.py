"""One page of a GitBook as a chapter: read, cleaned, its links resolved, its pictures attached."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import file_digest
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote, unquote

from article_convert.assets.local import attach_local
from article_convert.books.glossary import NO_TERMS, Glossary, with_terms, with_title
from article_convert.books.links import Neighbour, Place, leads_out, resolve_links
from article_convert.books.pages import Pages
from article_convert.books.project import Project
from article_convert.books.summary import Line
from article_convert.errors import InputError
from article_convert.model import (
    Article,
    Embed,
    Entry,
    Heading,
    Image,
    Link,
    List,
    ListItem,
    Node,
    Paragraph,
    Resource,
    Text,
)
from article_convert.readers.decode import decode
from article_convert.readers.gitbook import Included, Surroundings, read_page
from article_convert.report import Report
from article_convert.transforms import Transform
from article_convert.transforms.anchors import with_anchors, with_names_of_title
from article_convert.transforms.metadata import lifted
from article_convert.tree import check, rewrite, walk

__all__ = ["Shelf", "wanted_anchors"]

_ANCHOR_LINK = re.compile(r"(?:\]\(<?|href=[\"']|url=\")([^)\]\s>\"'#]*(?:\](?!\()[^)\]\s>\"'#]*)*)#([^)\s>\"']+)")


@dataclass(slots=True)
class Shelf:
    """Everything that loading a chapter of one project needs. `told` are the chapters already reported on."""

    project: Project
    pages: Pages
    titles: Mapping[str, str]
    anchors: Mapping[str, Iterable[str]]
    transforms: tuple[Transform, ...]
    report: Report
    glossary: Glossary = NO_TERMS
    told: set[str] = field(default_factory=set)
    neighbours: Sequence[Neighbour] = ()

    def load(self, path: str, title: str, children: tuple[Entry, ...]) -> Article:
        """The article of a page. What happens to it is reported when it is loaded for the first time.

        Raises `MisplacedNode` if a transform put a node where it cannot stand.
        """
        report = Report()
        report.source = path
        article = self._read(path, title, report)
        if not article.content and children:
            article = replace(article, content=(_contents(children),))
        if not article.metadata.language and self.project.metadata.language:
            language = self.project.metadata.language
            article = replace(article, metadata=lifted(article.metadata, "book", language=language))
        check(article)
        if path not in self.told:
            self.told.add(path)
            self.report.merge(report)
        return article

    def _read(self, path: str, title: str, report: Report) -> Article:
        text = decode(self.pages.read(path), report, markup=False)
        article = read_page(text, self._surroundings(path), report)
        if path == self.glossary.path and not self.glossary.title:
            article = with_title(article, title)
        if not any(isinstance(block, Heading) and block.level == 1 for block in article.content):
            article = replace(article, metadata=lifted(article.metadata, "summary", title=title))
        whole = article
        for transform in self.transforms:
            article = transform(article, report)
        article = with_names_of_title(article, whole, self.anchors.get(path, ()))
        if path != self.glossary.path:
            article = with_terms(article, self.glossary)
        article = with_anchors(article, sorted(self.anchors.get(path, ())))
        article = resolve_links(article, Place(path, self.pages, self.titles, self.neighbours), report)
        root = self.project.root
        article = attach_local(_with_files(article, self.pages), (root / path).parent, report, root)
        return _by_place(article, path, self.pages)

    def _surroundings(self, path: str) -> Surroundings:
        def include(target: str) -> Included | None:
            found = "" if leads_out(target) else self.pages.find(target, path)
            if not found:
                return None
            try:
                text = decode(self.pages.read(found), Report(), markup=False)
            except InputError:
                return None
            return Included(text, _relative(found, dirname(path)))

        def file(target: str) -> bytes | None:
            found = "" if leads_out(target) else self.pages.find(target, path)
            return self.pages.read(found) if found else None

        project = self.project
        return Surroundings(include, file, project.variables, project.tags, project.legacy, project.synced)


def wanted_anchors(pages: Pages, paths: Iterable[str], lines: Iterable[Line]) -> dict[str, set[str]]:
    """The anchors that links in the book and lines of its summary use, by the page that they lead to.

    Found in the text of the pages without parsing them: a mistaken find does no harm, since only
    headings that match an anchor get it as their id.
    """
    wanted: dict[str, set[str]] = {}
    for line in lines:
        address, anchor = pages.split(line.target)
        if anchor and (target := pages.find(address)):
            wanted.setdefault(target, set()).add(unquote(anchor))
    for path in paths:
        try:
            text = pages.read(path).decode("utf-8", "replace")
        except OSError:
            continue
        for m in _ANCHOR_LINK.finditer(text):
            address = m.group(1).replace("\\", "")
            target = "" if leads_out(address) else pages.find(address, path)
            if target:
                wanted.setdefault(target, set()).add(unquote(m.group(2).replace("\\", "")))
    return wanted


def _with_files(article: Article, pages: Pages) -> Article:
    """`article` with the files of the book that it links to and that are no pages, as resources."""
    urls = [node.url.partition("#")[0] for node in walk(article) if isinstance(node, (Link, Embed))]
    found: list[Resource] = []
    for url in dict.fromkeys(each for each in urls if each.startswith("/") and not each.startswith("//")):
        path = pages.file(unquote(url[1:]))
        if path is not None and not url.lower().endswith((".md", ".markdown")):
            with path.open("rb") as file:
                digest = file_digest(file, "sha256").hexdigest()
            found.append(Resource(url, "application/octet-stream", digest, path))
    return replace(article, resources=(*article.resources, *found)) if found else article


def _by_place(article: Article, path: str, pages: Pages) -> Article:
    """`article` with pictures called by where they lie in the book, if only the system knew what their address means.

    Through links between folders, `l/../../a.png` may lie in the book, and seem to lie outside of it.
    """
    root = pages.root.resolve()
    names: dict[str, str] = {}
    for each in article.resources:
        place = each.location
        if isinstance(place, Path) and place.is_relative_to(root) and not pages.find(each.url, path):
            names[each.url] = quote(relpath(place.relative_to(root).as_posix(), dirname(path) or "."))

    def step(node: Node) -> Node:
        if isinstance(node, Image) and (node.url in names or node.dark_url in names):
            return replace(node, url=names.get(node.url, node.url), dark_url=names.get(node.dark_url, node.dark_url))
        return node

    if not names:
        return article
    resources = tuple(replace(each, url=names.get(each.url, each.url)) for each in article.resources)
    lead = names.get(article.metadata.lead_image, article.metadata.lead_image)
    metadata = replace(article.metadata, lead_image=lead)
    return rewrite(replace(article, resources=resources, metadata=metadata), step)


def _relative(path: str, folder: str) -> str:
    """`path` below the root as it is written from `folder`."""
    ups = "/".join(".." for _ in folder.split("/")) if folder else ""
    return normpath(join(ups, path)) if ups else path


def _contents(children: tuple[Entry, ...]) -> List:
    """What GitBook shows on an empty page: the list of the pages below it."""
    items = []
    for child in children:
        url = f"/{quote(child.chapter.path)}" if child.chapter else child.url
        if not child.chapter and url and not leads_out(url):
            path, _, anchor = url.rpartition("#")
            url = f"/{quote(path)}#{anchor}"
        content = (Link((Text(child.title),), url),) if url else (Text(child.title),)
        items.append(ListItem((Paragraph(content),)))
    return List(tuple(items))
