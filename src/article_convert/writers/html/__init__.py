"""Write one clean, self-contained HTML page.

The page needs nothing else: pictures at hand and the style sheet are inside it, it runs no scripts, and a
content security policy forbids whatever an error might let through. It reads well on a telephone and on
paper, in the light and in the dark. How each node is printed is told in `markup`.

A book is one page too: its contents, then every chapter, with links between chapters turned into links
within the page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Literal

from article_convert.contract import BROWSER_PICTURES, Writer
from article_convert.files import read_css
from article_convert.model import Article, Book, Document, Heading, Image, Resource
from article_convert.options import option
from article_convert.report import Report
from article_convert.tree import walk
from article_convert.writers.html.book import print_book
from article_convert.writers.html.head import page_head
from article_convert.writers.html.pictures import pictures
from article_convert.writers.links import whole_links
from article_convert.writers.markup import Page, body, footnotes, notices, plain_text, title_block
from article_convert.writers.markup.escape import escaped, quoted, scrubbed

__all__ = ["WRITER", "HtmlOptions", "write_html"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlOptions:
    """How a page is written."""

    header: bool = option(True, "print title, author, date, tags and source above the text, statements below it")
    contents: bool = option(False, "print the headings as a list of links; a book always lists its chapters")
    images: Literal["embed", "link"] = option(
        "embed", "pictures that are not at hand: their text and address (embed), or loaded from the web (link)"
    )
    math: Literal["mathml", "tex"] = option("mathml", "formulas as MathML (needs latex2mathml), or as TeX")
    css: Path | None = option(None, "a style sheet of your own, applied last")
    fragment: bool = option(False, "only the article, without a page around it, for a page of your own")


def write_html(document: Document, options: HtmlOptions, report: Report) -> bytes:
    """The page as UTF-8: valid HTML whose body is well-formed XML too.

    Reports `image.missing` for pictures that are not at hand, and all that `markup` reports. Raises
    `InputError` if the style sheet cannot be read.
    """
    if isinstance(document, Book):
        kind, printed = "Book", _book(document, options, report)
    else:
        kind, printed = "Article", _single(document, options, report)
    if options.fragment:
        return printed.encode()
    head = page_head(document.metadata, kind, _style(options.css))
    return f"{scrubbed(head, report)}<body>\n<main>\n{printed}</main>\n</body>\n</html>\n".encode()


def _single(article: Article, options: HtmlOptions, report: Report) -> str:
    page = _page(article, (), options, report)
    page.link = whole_links(article)
    if not (options.header and article.metadata.title):  # then the first headings are the titles of the page
        page.shift = 1 - min((block.level for block in article.content if isinstance(block, Heading)), default=1)
    printed = _printed(article, page, options)
    return f'<article class="article">\n{printed}</article>\n'


def _book(book: Book, options: HtmlOptions, report: Report) -> str:
    def print_chapter(article: Article, prefix: str, link: Callable[[str], str]) -> tuple[str, set[str]]:
        page = _page(article, book.resources, options, report)
        page.prefix, page.link, page.shift = prefix, link, 1
        return _printed(article, page, options), page.ids

    chapters = print_book(book, print_chapter, report)
    page = _page(Article(metadata=book.metadata), book.resources, options, report)
    before = title_block(book.metadata, page) + _lead_picture(book, page) if options.header else ""
    after = notices(book.metadata, page) if options.header else ""
    return f"{before}{chapters}{after}"


def _page(article: Article, more: tuple[Resource, ...], options: HtmlOptions, report: Report) -> Page:
    picture = pictures((*more, *article.resources), options.images == "link", report)
    return Page(article.metadata.language, "html", report, picture, math=options.math == "mathml")


def _printed(article: Article, page: Page, options: HtmlOptions) -> str:
    """What stands inside the `<article>` element."""
    metadata = article.metadata
    text = body(article.content, page)
    parts = [
        title_block(metadata, page) + _lead_picture(article, page) if options.header else "",
        _contents(page) if options.contents and not page.prefix else "",
        text,
        footnotes(page),
        notices(metadata, page) if options.header else "",
    ]
    return "".join(parts)


def _lead_picture(document: Document, page: Page) -> str:
    """The lead picture, if its bytes are at hand and the text does not show it anyway."""
    url = document.metadata.lead_image
    if not url or all(resource.url != url for resource in document.resources):
        return ""
    if isinstance(document, Article) and any(isinstance(node, Image) and node.url == url for node in walk(document)):
        return ""
    src = page.picture(Image(url))
    return f'<figure class="lead"><img src="{quoted(src)}" alt=""/></figure>\n' if src else ""


def _contents(page: Page) -> str:
    """The headings of an article; the level is a class, so that a missing level does no harm."""
    lines = "".join(
        f'<li class="level-{level}"><a href="#{name}">{escaped(plain_text(content))}</a></li>\n'
        for level, name, content in page.headings
    )
    if not lines:
        return ""
    title = page.word("contents")
    return scrubbed(f'<nav class="contents" aria-label="{title}">\n<p>{title}</p>\n<ol>\n{lines}</ol>\n</nav>\n')


def _style(css: Path | None) -> str:
    return _built_in_style() if css is None else f"{_built_in_style()}\n{read_css(css)}\n"


@cache
def _built_in_style() -> str:
    folder = files("article_convert.writers") / "style"
    return "".join((folder / name).read_text("utf-8") for name in ("base.css", "article.css"))


WRITER = Writer(
    name="html",
    extensions=(".html", ".htm"),
    options=HtmlOptions,
    write=write_html,
    help="one clean, self-contained page",
    pictures=BROWSER_PICTURES,
    linked_pages=True,
    paged=True,
)
