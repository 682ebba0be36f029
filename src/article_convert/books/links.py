"""Links of a chapter, resolved against the book.

After this a link into the book is `/path/of/page.md#anchor` from the root, exactly as the chapter is
called, and a link to another file of the book begins at the root too; an address on the web is left
alone; a dead one has lost its link and kept its text, with a diagnostic. Mentions and page cards show
the title of their target, as GitBook shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from posixpath import basename, dirname, join, normpath, relpath
from urllib.parse import quote, unquote

from article_convert.books.pages import Pages
from article_convert.model import Article, Embed, Image, Inline, Link, Node, Paragraph, Text
from article_convert.report import Report, shown
from article_convert.tree import rewrite, text_of

__all__ = ["Neighbour", "Place", "is_editor", "leads_out", "resolve_links"]

_OUTSIDE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_BROKEN = re.compile(r"^(?:broken-reference|broken://|/?broken/|.*/broken-reference$)")
_EDITOR = re.compile(r"^https?://app\.gitbook\.com/(?:s|o|u|spaces)/")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another book of the same repository: a space or a language, which becomes a part beside this one."""

    pages: Pages
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a chapter stands: its path, the pages around it, and the titles of those in the book.

    `neighbours` are the books beside it; a link into one begins with the way there from the root of this.
    """

    path: str
    pages: Pages
    titles: Mapping[str, str]
    neighbours: Sequence[Neighbour] = ()


def resolve_links(article: Article, place: Place, report: Report) -> Article:
    """`article` with the links of its chapter resolved; `link.unresolved` for each that is dead.

    Addresses of pictures count from the folder of the chapter, percent-encoded.
    """

    def step(node: Node) -> Node | tuple[Node, ...]:
        if isinstance(node, Link):
            return _link(node, place, report)
        if isinstance(node, Embed):
            return _embed(node, place, report)
        if isinstance(node, Image):
            return _image(node, place)
        return node

    article = rewrite(article, step)
    lead = _picture(article.metadata.lead_image, place)
    if lead == article.metadata.lead_image:
        return article
    return replace(article, metadata=replace(article.metadata, lead_image=lead))


def _link(node: Link, place: Place, report: Report) -> Node | tuple[Inline, ...]:
    url, trouble = _target(node.url, place)
    if trouble:
        report.add("link.unresolved", f"{shown(node.url)} {trouble}".strip(), node.span)
        return node.content or _file_name(node.url)
    if node.title == "mention":
        return Link((Text(_title(node.url, url, place) or text_of(node.content)),), url)
    content = node.content or (Text(_title(node.url, url, place) or unquote(basename(url)) or url),)
    return node if url == node.url and node.content else replace(node, url=url, content=content)


def _embed(node: Embed, place: Place, report: Report) -> Node | tuple[Node, ...]:
    url, trouble = _target(node.url, place)
    if trouble:
        report.add("link.unresolved", f"{shown(node.url)} {trouble}".strip(), node.span)
        text = node.caption or (_file_name(node.url) if node.kind == "file" else ())
        return (Paragraph(text, span=node.span),) if text else ()
    caption = node.caption
    if node.kind == "page" and not caption:
        title = _title(node.url, url, place)
        caption = (Text(title),) if title else ()
    return node if url == node.url and caption == node.caption else replace(node, url=url, caption=caption)


def _image(node: Image, place: Place) -> Image:
    url, dark = _picture(node.url, place), _picture(node.dark_url, place)
    return node if (url, dark) == (node.url, node.dark_url) else replace(node, url=url, dark_url=dark)


def _picture(url: str, place: Place) -> str:
    if not url or leads_out(url):
        return url
    found = place.pages.find(url, place.path) or (unquote(url).lstrip("/") if url.startswith("/") else "")
    return quote(relpath(found, dirname(place.path) or ".")) if found else url


def _target(url: str, place: Place) -> tuple[str, str]:
    """What a link means: a page of the book as `/path#anchor`, or an address; or why it is dead."""
    if not url:
        return "", "a link names no address"
    if _BROKEN.match(url):
        return "", "was marked as broken by GitBook when its page went"
    if is_editor(url):
        return "", "is a page of GitBook's editor, which asks for a login"
    if leads_out(url) or url.startswith("#"):
        return url, ""
    address, anchor = place.pages.split(url, place.path)
    mark = "#" if anchor or url.endswith("#") else ""
    found = place.pages.find(address, place.path)
    if found == place.path and mark:
        return f"#{anchor}", ""
    if found in place.titles:
        return f"/{quote(found)}{mark}{anchor}", ""
    if len(several := place.pages.meant(address, place.path)) > 1:
        return "", f"could be {' or '.join(several)}"
    if not found and (beyond := _beyond(address, place)):
        return f"/{quote(beyond)}{mark}{anchor}", ""
    if found.lower().endswith((".md", ".markdown")):
        return "", "is a page that stands in no line of the summary"
    return (f"/{quote(found)}", "") if found else ("", "is no file of the book")


def _beyond(address: str, place: Place) -> str:
    """The page of a neighbour that an address means, as it is reached from the root: `../zh/intro.md`."""
    root = place.pages.root.resolve()
    folder = "" if address.startswith("/") else dirname(place.path)
    target = normpath(join(root.as_posix(), folder, unquote(address.partition("?")[0]).lstrip("/")))
    for neighbour in place.neighbours:
        other = neighbour.pages.root.resolve()
        if other != root and Path(target).is_relative_to(other):
            found = neighbour.pages.find("/" + Path(target).relative_to(other).as_posix().removeprefix("."))
            if found in neighbour.titles:
                return join(relpath(other, root), found)
    return ""


def leads_out(url: str) -> bool:
    """Whether an address names its scheme or its host (`mailto:`, `//example.org`), and so no file of the book."""
    return _OUTSIDE.match(url) is not None


def is_editor(url: str) -> bool:
    """Whether an address leads to the site where GitBook's authors write: others cannot open it."""
    return _EDITOR.match(url) is not None


def _title(written: str, url: str, place: Place) -> str:
    """What a reader sees for a link to that page: the heading of its anchor, or the title of the page."""
    path, _, anchor = url.partition("#")
    path = unquote(path.strip("/")) or place.path
    if path.startswith("../"):
        return _title_beyond(path, place)
    if anchor and path in place.titles:
        return place.pages.heading(path, anchor) or place.titles[path]
    return place.titles.get(path, "")


def _title_beyond(path: str, place: Place) -> str:
    target = Path(normpath(place.pages.root.resolve() / path))
    for neighbour in place.neighbours:
        root = neighbour.pages.root.resolve()
        if target.is_relative_to(root) and (title := neighbour.titles.get(target.relative_to(root).as_posix())):
            return title
    return ""


def _file_name(url: str) -> tuple[Inline, ...]:
    name = unquote(basename(url.partition("#")[0].rstrip("/")))
    return (Text(name),) if name and not _BROKEN.match(url) else ()
