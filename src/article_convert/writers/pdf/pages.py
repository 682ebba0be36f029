"""What is to be laid out: an article, or a book with title page, contents, parts and chapters, as XHTML.

A book is one document, so every id gets the number of its chapter as prefix, links between
chapters become links to those ids, and a chapter's tree is let go as soon as it is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from urllib.parse import unquote

from article_convert.errors import ArticleConvertError
from article_convert.model import (
    Article,
    Book,
    Chapter,
    Entry,
    Figure,
    Heading,
    Image,
    LineBreak,
    Link,
    Metadata,
    Node,
    Resource,
    Styled,
    Text,
)
from article_convert.report import Report, shown
from article_convert.tree import is_title, rewrite, text_of, walk_entries
from article_convert.writers import markup
from article_convert.writers.labels import date_text, label
from article_convert.writers.links import Chapters
from article_convert.writers.markup.addresses import safe_address, scheme, web_address
from article_convert.writers.markup.escape import attribute, escaped
from article_convert.writers.markup.page import anchor_name
from article_convert.writers.pdf.formulas import Formulas
from article_convert.writers.pdf.layout import ASSET

__all__ = ["Draft", "draft_article", "draft_book"]

# `<` is escaped in text and in attributes, so these find real elements and links only.
_ID = re.compile(r'<[a-z][^<>]*? id="([^"]+)"')
_CHAPTER_LINK = re.compile(r'(<a (?:[^<>]*? )?href=")#(c[0-9]+)-([^"]+)"')
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")


@dataclass(slots=True)
class Draft:
    """The body of the document as it grows, and what goes with it.

    `depth` is the deepest level of the outline at which an article begins.
    """

    metadata: Metadata
    language: str
    report: Report
    parts: list[str] = field(default_factory=list)
    resources: dict[str, Resource] = field(default_factory=dict)
    formulas: Formulas = field(default_factory=Formulas)
    depth: int = 1

    def print(self, article: Article, link: Callable[[str], str], prefix: str = "", toc: bool = False) -> str:
        """An article as XHTML; the pictures it shows are taken along."""
        article = self.formulas.drawn(fitted(article, label(self.language, "picture")))
        at_hand = {resource.url: resource for resource in article.resources}

        def picture(image: Image) -> str:
            resource = at_hand.get(image.url)
            if resource is None or not resource.media_type.startswith("image/"):
                return ""
            self.resources[resource.digest] = resource
            if not image.url.startswith("formula:"):
                self.report.asset(image.url, "embedded")
            return ASSET + resource.digest

        page = markup.Page(
            language=language_of(article) or self.language,
            target="pdf",
            report=self.report,
            picture=picture,
            link=link,
            prefix=prefix,
        )
        title = markup.title_block(article.metadata, page)
        body = markup.body(article.content, page)
        contents = _contents_of_article(page) if toc else ""
        return "\n".join((title, contents, body, markup.footnotes(page), markup.notices(article.metadata, page)))


def draft_article(article: Article, toc: bool, report: Report) -> Draft:
    """One article; with `toc`, a list of its headings stands under the title."""
    language = language_of(article) or "en"
    draft = Draft(article.metadata, language, report)
    draft.parts.append(draft.print(article, outside_link(article.metadata.source_url, report), toc=toc))
    return draft


def _contents_of_article(page: markup.Page) -> str:
    """The headings of the two upper levels, as a list of links."""
    upper = sorted({level for level, _, _ in page.headings})[:2]
    lines = [
        f'<li class="level-{upper.index(level) + 1}"><a href="#{name}">{escaped(_line(text_of(content)))}</a></li>'
        for level, name, content in page.headings
        if level in upper
    ]
    return f'<nav class="contents brief"><ol>{"".join(lines)}</ol></nav>' if lines else ""


def draft_book(book: Book, toc: bool, report: Report) -> Draft:
    """A book: title page, contents, and every entry in order."""
    chapters = Chapters()
    for number, (entry, _) in enumerate(walk_entries(book.entries), 1):
        if entry.chapter is not None:  # listed twice, it stands at its first place
            chapters.add(entry.chapter.path, f"c{number}", entry.chapter.source_url)
    titles = " ".join((book.metadata.title, *(entry.title for entry, _ in walk_entries(book.entries))))
    draft = Draft(book.metadata, book.metadata.language or _language_of_script(titles) or "en", report)
    draft.resources.update((each.digest, each) for each in book.resources)
    draft.parts.append(_title_page(book, draft.language))
    if toc:
        heading = escaped(label(draft.language, "contents"))
        lines = _contents(book.entries, count(1), chapters)
        draft.parts.append(f'<nav class="contents" id="contents"><h1>{heading}</h1>\n{lines}</nav>')
    for number, (entry, depth) in enumerate(walk_entries(book.entries), 1):
        draft.depth = max(draft.depth, depth)
        draft.parts.append(_entry(draft, entry, f"c{number}", depth, chapters))
    draft.parts = [_with_targets("\n".join(draft.parts), report)]
    return draft


def _line(text: str) -> str:
    return " ".join(text.split())


def language_of(article: Article) -> str:
    """The language that the metadata name, or the one whose script most of the text is in; else empty."""
    return article.metadata.language or _language_of_script(text_of(article)[:4000])


def _language_of_script(text: str) -> str:
    if len(_KANA.findall(text)) * 20 > len(text):
        return "ja"
    if len(_HANGUL.findall(text)) * 10 > len(text):
        return "ko"
    return "zh-CN" if len(_HAN.findall(text)) * 10 > len(text) else ""


def outside_link(base: str, report: Report) -> Callable[[str], str]:
    """How links of an article are printed: a relative address counts from the page it was saved from.

    Without that page a relative address would make readers look on their own disk, so it is cut.
    """

    def link(url: str) -> str:
        if scheme(url) or url.startswith("#"):
            return url
        if whole := web_address(url, base):
            return whole
        report.add("link.unresolved", f"{shown(url)} is relative, and where the article comes from is not known")
        return ""

    return link


def fitted(article: Article, picture: str) -> Article:
    """The article as paper needs it: what PDF/UA asks for, and Latin apostrophes as such.

    PDF/UA 7.4.2 wants heading levels without gaps, 7.3 an alternative text for every picture: where
    the author gave none, the caption or the word `picture` is taken. Chinese fonts draw U+2019 as a
    full-width closing quote, which tears `don’t` apart; between Latin letters it is marked as English.
    """
    open_levels: list[int] = []
    at_hand = {resource.url for resource in article.resources}

    def fit(node: Node) -> Node | tuple[Node, ...]:
        if isinstance(node, Heading):
            while open_levels and open_levels[-1] >= node.level:
                open_levels.pop()
            open_levels.append(node.level)
            level = min(len(open_levels) + 1, 6)
            return node if level == node.level else replace(node, level=level)
        if isinstance(node, Text) and "’" in node.text:
            return _with_apostrophes(node)
        if isinstance(node, Image) and not node.alt and node.url in at_hand:
            return replace(node, alt=picture)
        if isinstance(node, Link) and any(isinstance(child, Image) and child.url in at_hand for child in node.content):
            return _beside_pictures(node)
        if isinstance(node, Figure) and node.image.alt == picture and node.caption:
            return replace(node, image=replace(node.image, alt=_line(text_of(node.caption))))
        return node

    return rewrite(article, fit)


def _beside_pictures(link: Link) -> tuple[Node, ...]:
    """A linked picture as the picture and a link after it: only links around mere text are tagged as links.

    A picture that links to itself is just the picture.
    """
    pictures = tuple(child for child in link.content if isinstance(child, Image))
    rest = tuple(child for child in link.content if not isinstance(child, Image))
    if text_of(rest).strip():
        return (*pictures, replace(link, content=rest))
    if all(picture.url == link.url for picture in pictures):
        return pictures
    address = link.url.partition("://")[2] or link.url
    return (*pictures, LineBreak(), replace(link, content=(Text(address),)))


_APOSTROPHE = re.compile("(?<=[A-Za-z])(’)(?=[A-Za-z])")


def _with_apostrophes(text: Text) -> tuple[Node, ...]:
    return tuple(
        Styled("span", (Text(part),), (("lang", "en"),)) if part == "’" else replace(text, text=part)
        for part in _APOSTROPHE.split(text.text)
        if part
    )


# ------------------------------------------------------------------------------ books


def _title_page(book: Book, language: str) -> str:
    metadata = book.metadata
    cover = next((each for each in book.resources if each.url == metadata.lead_image), None)
    lines = [f"<h1>{escaped(metadata.title or label(language, 'untitled'))}</h1>"]
    if cover is not None:
        lines.append(
            f'<p class="cover"><img src="{ASSET}{cover.digest}" alt="{escaped(label(language, "cover"))}"/></p>'
        )
    names = ("、" if language[:2] in {"zh", "ja"} else ", ").join(author.name for author in metadata.authors)
    day = date_text(language, metadata.published) if metadata.published else ""
    for kind, text in (("description", metadata.description), ("author", names), ("date", day)):
        if text:
            lines.append(f'<p class="{kind}">{escaped(text)}</p>')
    return f'<section class="title-page">{"".join(lines)}</section>'


def _contents(entries: tuple[Entry, ...], numbers: Iterator[int], chapters: Chapters) -> str:
    """The lines of the table of contents, nested as the entries are."""
    lines: list[str] = []
    for entry in entries:
        address = _entry_address(entry, f"c{next(numbers)}", chapters)
        kind = ' class="part"' if entry.part else ""
        name = escaped(entry.title)
        inner = f'<a href="{address}">{name}</a>' if address else f"<span>{name}</span>"
        below = _contents(entry.children, numbers, chapters) if entry.children else ""
        lines.append(f"<li{kind}>{inner}{below}</li>")
    return f"<ol>{''.join(lines)}</ol>"


def _entry_address(entry: Entry, name: str, chapters: Chapters) -> str:
    """Where a line of the contents leads: to its own page, into a chapter, or out of the book."""
    if entry.chapter is not None:
        return f"#{chapters.names[entry.chapter.path]}"
    if entry.url:
        return _inside(entry.url, "", chapters) or (escaped(safe_address(entry.url)) if scheme(entry.url) else "")
    return f"#{name}" if is_title(entry) else ""


def _entry(draft: Draft, entry: Entry, name: str, depth: int, chapters: Chapters) -> str:
    """A chapter, or the title above chapters; everything else stands in the contents only."""
    title = attribute("data-title", entry.title)
    if is_title(entry):
        kind = "book-part" if depth == 1 else "book-group"
        return f'<section class="{kind} depth-{depth}" id="{name}"{title}><h1>{escaped(entry.title)}</h1></section>'
    if entry.chapter is None or chapters.names[entry.chapter.path] != name:
        return ""
    article = _loaded(entry.chapter, draft.report)
    if not article.metadata.title:
        article = replace(article, metadata=replace(article.metadata, title=entry.title))
    path = entry.chapter.path
    base = article.metadata.source_url
    outside = outside_link(base, draft.report)

    def link(url: str) -> str:
        return _inside(url, path, chapters) or _inside(web_address(url, base), "", chapters) or outside(url)

    outer, draft.report.source = draft.report.source, path
    printed = draft.print(article, link, f"{name}-")
    draft.report.source = outer
    language = attribute("lang", language_of(article) or draft.language)
    return f'<section class="book-chapter depth-{depth}" id="{name}"{title}{language}>\n{printed}\n</section>'


def _loaded(chapter: Chapter, report: Report) -> Article:
    """The article of a chapter; one that cannot be read is reported and leaves an empty page."""
    try:
        return chapter.load()
    except (ArticleConvertError, OSError) as error:
        report.add("book.page-failed", f"{chapter.path}: {error}")
        return Article()


def _inside(url: str, path: str, chapters: Chapters) -> str:
    """The link to another chapter for an address written in the chapter `path`; empty if it is none."""
    found = chapters.find(url, path)
    if found is None:
        return ""
    name, anchor = found
    return f"#{name}-{anchor_name(unquote(anchor))}" if anchor else f"#{name}"


def _with_targets(printed: str, report: Report) -> str:
    """Links to an anchor that its chapter does not have lead to the chapter instead."""
    ids = set(_ID.findall(printed))

    def aimed(found: re.Match[str]) -> str:
        if f"{found[2]}-{found[3]}" in ids:
            return found[0]
        report.add("link.unresolved", f"no heading or anchor is called {found[3]!r}; the link leads to its chapter")
        return f'{found[1]}#{found[2]}"'

    return _CHAPTER_LINK.sub(aimed, printed)
