"""What a reader sees of a converted book, taken from the finished bytes by the parsers of others.

Code is left out everywhere, so that what looks like the dialect's syntax can only be a leak.
"""

from __future__ import annotations

import posixpath
import re
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lxml import etree, html

import article_convert as ac
from article_convert.books.separate import pages_of
from article_convert.model import Book
from article_convert.report import Report

__all__ = ["SEEN", "Seen"]

_CODE = frozenset({"pre", "code", "script", "style", "math", "svg"})
_PAPER = "pre, code { display: none } .book-chapter * { bookmark-level: none !important }"


@dataclass
class Seen:
    """The text of an output outside code, its links, what they may lead to, and its tables of contents.

    Links are pairs of address and text; a table of contents holds the titles in order. `loose` says
    that a link to a place which its page lacks does no harm.
    """

    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    targets: set[str] = field(default_factory=set)
    contents: dict[str, list[str]] = field(default_factory=dict)
    loose: bool = False

    def dangling(self) -> Iterator[tuple[str, str]]:
        """The links inside the output that lead to nothing in it."""
        for href, text in self.links:
            target = unquote(href.partition("#")[0] if self.loose and not href.startswith("#") else href)
            if not re.match(r"[a-z]+:|//", href, re.IGNORECASE) and target not in self.targets:
                yield href, text


def see_epub(book: Book, report: Report) -> Seen:
    """The documents of the spine, the navigation document and the NCX, with chapters only in the last two."""
    data = ac.write(book, writer="epub", options=ac.EpubOptions(toc_depth=0), report=report)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        files = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    package = etree.fromstring(next(data for name, data in files.items() if name.endswith(".opf")))
    hrefs = {item.get("id"): item.get("href", "") for item in package.iterfind(".//{*}manifest/{*}item")}
    seen = Seen()
    for item in package.iterfind(".//{*}spine/{*}itemref"):
        _look(etree.fromstring(files[hrefs[item.get("idref")]]), seen, hrefs[item.get("idref")])
    nav = etree.fromstring(next(data for name, data in files.items() if name.startswith("nav")))
    ncx = etree.fromstring(next(data for name, data in files.items() if name.endswith(".ncx")))
    toc = next(each for each in nav.iterfind(".//{*}nav") if "toc" in each.values())
    seen.contents["contents"] = _items(etree.fromstring(files["contents.xhtml"]))
    seen.contents["navigation document"] = _items(toc)
    seen.contents["NCX"] = [_line(each) for each in ncx.iterfind(".//{*}navPoint/{*}navLabel")]
    return seen


def see_html(book: Book, report: Report) -> Seen:
    """The single page, whose first `nav` is the table of contents."""
    root = html.document_fromstring(ac.write(book, writer="html", report=report).decode())
    seen = Seen(contents={"contents": _items(next(root.iterfind(".//nav")))})
    _look(root, seen, "")
    return seen


def see_pages(book: Book, report: Report) -> Seen:
    """The folder of linked HTML pages; the first is the table of contents."""
    seen = Seen(loose=True)
    for name, article in pages_of(book, ".html", ways=True):
        root = html.document_fromstring(ac.write(article, writer="html", report=report).decode())
        if not seen.contents:
            seen.contents["contents"] = _items(next(root.iterfind(".//article")))
        _look(root, seen, name)
        seen.targets |= {unquote(_joined(name, resource.url)) for resource in article.resources}
    return seen


def see_markdown(book: Book, report: Report) -> Seen:
    """The single file as a strict parser shows it; its first list is the table of contents."""
    from markdown_it import MarkdownIt

    options = ac.MarkdownOptions(front_matter=False)
    source = ac.write(book, writer="markdown", options=options, report=report).decode()
    # Without its rule for entities the parser shows `&#x20;` as it stands.
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("entity")
    root = html.document_fromstring(parser.render(source))
    seen = Seen(contents={"contents": _items(next(root.iterfind(".//ul")))})
    _look(root, seen, "")
    return seen


def see_pdf(book: Book, report: Report) -> Seen:
    """Text and outline as poppler finds them; printed without code, which a PDF does not mark as such."""
    with tempfile.TemporaryDirectory() as folder:
        file, style = Path(folder, "book.pdf"), Path(folder, "style.css")
        style.write_text(_PAPER)
        ac.write(book, file, options=ac.PdfOptions(css=style), report=report)
        text = _output("pdftotext", "-enc", "UTF-8", file, "-").decode()
        structure = _output("pdftohtml", "-xml", "-i", "-stdout", file)
    marks = [_line(each) for each in etree.fromstring(structure, etree.XMLParser(recover=True)).iter("item")]
    return Seen(text, contents={"outline": marks[1:]})  # the first is the table of contents itself


SEEN: dict[str, Callable[[Book, Report], Seen]] = {
    "epub": see_epub,
    "html": see_html,
    "pages": see_pages,
    "markdown": see_markdown,
    "pdf": see_pdf,
}
"""How a book is converted and looked at, by the name of the format; `pages` are linked HTML pages."""


def _output(*command: str | Path) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


def _look(root: Any, seen: Seen, name: str) -> None:
    """Add the text, the links and the ids of one document, called `name` in the output."""
    seen.targets |= {name, f"{name}#"} | {f"{name}#{key}" for key in root.xpath("//@id")}
    for element in list(root.iter(etree.Element)):
        if _tag(element) in _CODE:
            tail = element.tail
            element.clear()
            element.tail = tail
        elif _tag(element) == "a" and (href := element.get("href")) is not None:
            seen.links.append((_joined(name, href), element))
    seen.links = [(href, _line(a) if not isinstance(a, str) else a) for href, a in seen.links]
    seen.text += "".join(next(root.iter("{*}body")).itertext())


def _joined(name: str, href: str) -> str:
    if href.startswith("#"):
        return name + href
    path, mark, anchor = href.partition("#")
    return href if ":" in href else posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) + mark + anchor


def _items(contents: Any) -> list[str]:
    """The title of each item of nested lists, without what stands below it."""
    lines = []
    for item in contents.iter("{*}li"):
        named = next((child for child in item if _tag(child) in ("a", "span", "strong")), None)
        lines.append(_line(named) if named is not None else " ".join((item.text or "").split()))
    return lines


def _tag(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _line(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
