"""One article as the finished documents of an EPUB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from article_convert.model import Article, Block, Blocks, Heading, Image, Metadata, Notice, Resource
from article_convert.report import Report
from article_convert.tree import walk
from article_convert.writers import markup
from article_convert.writers.epub.device import Device
from article_convert.writers.epub.links import Links
from article_convert.writers.epub.metadata import heading_text, is_right_to_left
from article_convert.writers.epub.parts import NavPoint
from article_convert.writers.epub.pictures import Pictures
from article_convert.writers.markup.addresses import scheme, web_address
from article_convert.writers.markup.escape import escaped, scrubbed
from article_convert.writers.markup.page import Page, anchor_name, anchors_of

__all__ = ["STYLESHEET", "Printed", "Printer", "with_whole_addresses", "xhtml"]

STYLESHEET = "style.css"

_NODE_BYTES = 24
"""What the markup of a node weighs on average, beside its text."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The documents of one article in reading order, its headings as a table of contents, and its anchors."""

    documents: tuple[tuple[str, str], ...]
    headings: tuple[NavPoint, ...]
    anchors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Printer:
    """Turns articles into documents. `limit` is the size in bytes above which one is split at its headings."""

    pictures: Pictures
    links: Links
    report: Report
    device: Device
    limit: int
    body_class: str

    def print(self, article: Article, stem: str, path: str, language: str, title: str, depth: int) -> Printed:
        """`article` in files `STEM.xhtml`, `STEM-2.xhtml` …, with `depth` levels of headings in its contents.

        `path` is how other chapters call it. Pictures go into the book as they are met.
        """
        article = self.device.fitted(article, language, self.report)
        groups = list(_groups(article.content, self.limit)) or [()]
        names = [f"{stem}.xhtml" if number == 1 else f"{stem}-{number}.xhtml" for number in range(1, len(groups) + 1)]
        anchors = _anchors(names, groups)
        self.links.add_anchors(names[0], anchors)
        self.links.add_source(article.metadata.source_url, names[0])
        resources = {resource.url: resource for resource in reversed(article.resources)}
        page = Page(
            language,
            "epub",
            self.report,
            picture=partial(self._picture, resources),
            link=partial(self.links.follow, path=path, base=article.metadata.source_url),
            anchors=anchors,
            math=self.device.profile.mathml,
        )
        metadata = with_whole_addresses(article.metadata)
        documents: list[tuple[str, str]] = []
        headings: list[tuple[int, str, str]] = []
        for number, (name, group) in enumerate(zip(names, groups, strict=True), 1):
            before = len(page.headings)
            parts = [markup.title_block(metadata, page)] if number == 1 else []
            parts += [markup.body(group, page), markup.footnotes(page)]
            if number == len(groups):
                parts.append(markup.notices(metadata, page))
            documents.append((name, self._document("\n".join(filter(None, parts)), title, language, number == 1)))
            headings += [
                (level, f"{name}#{key}", heading_text(content)) for level, key, content in page.headings[before:]
            ]
        return Printed(tuple(documents), _nested([each for each in headings if each[2]], depth), anchors)

    def _picture(self, resources: dict[str, Resource], image: Image) -> str:
        return self.pictures.source(image, resources)

    def _document(self, content: str, title: str, language: str, first: bool) -> str:
        role = ' epub:type="chapter" role="doc-chapter"' if first else ""
        return xhtml(title, language, f"<section{role}>\n{content}\n</section>", self.body_class)


def with_whole_addresses(metadata: Metadata) -> Metadata:
    """`metadata` whose links work outside the saved page: a relative address is none in a book."""
    base = metadata.source_url
    authors = (replace(each, url=web_address(each.url, base)) if each.url else each for each in metadata.authors)
    metadata = replace(metadata, authors=tuple(authors))
    if not base or scheme(base):
        return metadata
    return replace(metadata, source_url="", notices=(*metadata.notices, Notice("source", base)))


def xhtml(title: str, language: str, content: str, body_class: str = "", kind: str = "bodymatter") -> str:
    """A whole document around `content`."""
    direction = ' dir="rtl"' if is_right_to_left(language) else ""
    body = f' class="{body_class}"' if body_class else ""
    return scrubbed(
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
        f' lang="{language}" xml:lang="{language}"{direction}>\n'
        f'<head>\n<meta charset="utf-8"/>\n<title>{escaped(title)}</title>\n'
        f'<link rel="stylesheet" type="text/css" href="{STYLESHEET}"/>\n</head>\n'
        f'<body{body} epub:type="{kind}">\n{content}\n</body>\n</html>\n'
    )


def _weight(block: Block) -> int:
    """About how many bytes a block takes when printed."""
    return sum(len(getattr(node, "text", "").encode("utf-8", "replace")) + _NODE_BYTES for node in walk(block))


def _groups(content: Blocks, limit: int) -> Iterator[Blocks]:
    """`content` cut into runs of at most about `limit` bytes, each beginning at a heading where there is one.

    Old devices lay out a whole file before they show its first page.
    """
    group: list[Block] = []
    size = 0
    for section, weight in _sections(content, limit):
        if group and size + weight > limit:
            yield tuple(group)
            group, size = [], 0
        group += section
        size += weight
    if group:
        yield tuple(group)


def _sections(content: Blocks, limit: int) -> Iterator[tuple[list[Block], int]]:
    """A heading with what follows it; a section that alone is too long comes in pieces."""
    section: list[Block] = []
    size = 0
    for block in content:
        weight = _weight(block)
        follows_heading = section and isinstance(section[-1], Heading)
        if section and not follows_heading and (isinstance(block, Heading) or size + weight > limit):
            yield section, size
            section, size = [], 0
        section.append(block)
        size += weight
    if section:
        yield section, size


def _anchors(names: list[str], groups: list[Blocks]) -> dict[str, str]:
    """The `href` of every anchor of the article, as it is written from any of its files."""
    found: dict[str, str] = {}
    for name, group in zip(names, groups, strict=True):
        place = name if len(names) > 1 else ""
        for anchor in anchors_of(group):
            found.setdefault(anchor, f"{place}#{anchor_name(anchor)}")
    return found


def _nested(headings: list[tuple[int, str, str]], depth: int) -> tuple[NavPoint, ...]:
    """Headings as a tree: each holds those of a higher level after it, down to `depth` levels."""
    points: list[NavPoint] = []
    while headings and depth > 0:
        (level, href, title), rest = headings[0], headings[1:]
        end = next((index for index, each in enumerate(rest) if each[0] <= level), len(rest))
        points.append(NavPoint(title, href, _nested(rest[:end], depth - 1)))
        headings = rest[end:]
    return tuple(points)
