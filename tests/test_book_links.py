"""Links lead to the same places in every format."""

from __future__ import annotations

import io
import re
import zipfile
from html import unescape

import pytest

import article_convert as ac
from article_convert.model import (
    Article,
    Author,
    Book,
    Chapter,
    Code,
    Entry,
    Heading,
    Inline,
    Link,
    Metadata,
    Paragraph,
    Resource,
    Text,
)
from article_convert.report import Report
from article_convert.writers.pdf.pages import draft_article, draft_book


def chapter(path: str, *content: Inline, source: str = "") -> Entry:
    heading = Heading(2, (Text("place"),), "h")
    article = Article((Paragraph((Text(f"in {path}"), *content)), heading), Metadata(path, source_url=source))
    return Entry(path, Chapter(path, lambda: article, source_url=source))


def printed(document: Article | Book, target: str, report: Report) -> str:
    """Everything that is printed, as HTML or Markdown."""
    if target == "pdf":
        draft = draft_article if isinstance(document, Article) else draft_book
        return "".join(draft(document, True, report).parts)  # type: ignore[operator]
    output = ac.write(document, writer=target, report=report)
    if target != "epub":
        return output.decode()
    with zipfile.ZipFile(io.BytesIO(output)) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml"))


def address(text: str, label: str) -> str:
    """Where the link with that text leads, `""` if there is none."""
    found = re.search(rf'<a [^<>]*href="([^"]*)"[^<>]*>{re.escape(label)}</a>|\[{re.escape(label)}\]\(([^)]*)\)', text)
    return unescape(found[1] or found[2]) if found else ""


FORMATS = ("html", "markdown", "pdf", "epub")
INSIDE = {
    "b.md": "guide/b.md",
    "b.html": "guide/b.md",
    "b": "guide/b.md",
    "../guide/b.md?x=1": "guide/b.md",
    "/guide/b.md": "guide/b.md",
    "./": "guide/README.md",
    "/guide/": "guide/README.md",
    "../guide.md": "guide.md",
    "/": "index.html",
    "c%20d%3F.md": "guide/c d?.md",
}
BOOK_OF = ("index.html", "guide/a.md", "guide/b.md", "guide/README.md", "guide.md", "guide/c d?.md")


@pytest.mark.parametrize("target", FORMATS)
def test_every_way_to_write_a_link_leads_to_its_chapter(target: str) -> None:
    report = Report()
    links = [Link((Text(f"«{url}»"),), url) for url in INSIDE]
    entries = tuple(chapter(path, *(links if path == "guide/a.md" else ())) for path in BOOK_OF)
    text = printed(Book(entries, Metadata("B", language="en")), target, report)
    contents = {path: address(text, path) for path in BOOK_OF}
    assert len(set(contents.values())) == len(BOOK_OF), "each chapter is there, and has a place of its own"
    assert {url: address(text, f"«{url}»") for url in INSIDE} == {url: contents[path] for url, path in INSIDE.items()}
    assert not report.counts["link.unresolved"]


@pytest.mark.parametrize("target", FORMATS)
def test_what_is_no_chapter_leads_to_the_web_or_nowhere(target: str) -> None:
    report = Report()
    gone = [Link((Text(f"«{url}»"),), url) for url in ("gone.html", "/gone", "?p=1", "gone/")]
    entries = (chapter("a.md", *gone), chapter("b.html", *gone, source="https://example.org/x/b.html"))
    first, second = (printed(Book((entry,), Metadata("B")), target, report) for entry in entries)
    assert [address(first, f"«{link.url}»") for link in gone] == [""] * 4
    assert report.counts["link.unresolved"] == 4
    assert [address(second, f"«{link.url}»") for link in gone] == [
        "https://example.org/x/gone.html",
        "https://example.org/gone",
        "https://example.org/x/b.html?p=1",
        "https://example.org/x/gone/",
    ]


@pytest.mark.parametrize("target", FORMATS)
def test_text_that_looks_like_a_link_stays_text(target: str) -> None:
    report = Report()
    text = Text(' id="c1-none" and <a href="#c1-intro">'), Code('<a href="#c1-intro">')
    printed_text = printed(Book((chapter("a.md", *text),), Metadata("B")), target, report)
    assert unescape(printed_text).replace("\\", "").count('<a href="#c1-intro">') == 2
    assert not report.counts["link.unresolved"]


def test_an_id_in_text_is_no_place() -> None:
    report = Report()
    entries = (chapter("a.md", Link((Text("x"),), "b.md#none")), chapter("b.md", Text(' id="c2-none"')))
    assert address(printed(Book(entries, Metadata("B")), "pdf", report), "x") == "#c2"
    assert report.counts["link.unresolved"] == 1


ADDRESSES = {
    "other.html": "https://example.org/x/other.html",
    "/": "https://example.org/",
    "?page=2": "https://example.org/x/a.html?page=2",
    "//example.com/y": "https://example.com/y",
    "#h": "#h",
    "mailto:a@example.org": "mailto:a@example.org",
    "data.csv": "data.csv",
}


@pytest.mark.parametrize("target", FORMATS)
def test_an_article_of_the_web_keeps_its_relative_links(target: str) -> None:
    file = Resource("data.csv", "application/octet-stream", "0" * 64, b"1,2")
    links = [Link((Text(f"«{url}»"),), url) for url in ADDRESSES]
    metadata = Metadata("T", authors=(Author("A", "/u/1"),), source_url="https://example.org/x/a.html")
    article = Article((Paragraph((*links,)), Heading(2, (Text("place"),), "h")), metadata, (file,))
    text = printed(article, target, Report())
    found = {url: address(text, f"«{url}»") for url in ADDRESSES}
    if target in ("pdf", "epub"):  # there are no files beside them
        assert found.pop("data.csv") == "https://example.org/x/data.csv"
    assert found == {url: ADDRESSES[url] for url in found}
    assert target == "markdown" or address(text, "A") == "https://example.org/u/1"


def test_an_article_from_nowhere_keeps_its_links_to_what_lies_beside_it() -> None:
    article = Article((Paragraph((Link((Text("x"),), "data.csv"), Link((Text("y"),), "/z"))),))
    for target in ("html", "markdown"):
        text = printed(article, target, Report())
        assert (address(text, "x"), address(text, "y")) == ("data.csv", "/z")


@pytest.mark.parametrize("target", FORMATS)
def test_a_link_to_an_article_of_the_web_that_is_in_the_book_stays_inside(target: str) -> None:
    report = Report()
    urls = [
        "https://www.example.org/x/2.html?utm_source=a",
        "2.html",
        "//example.org/x/2.html#h",
        "https://example.org/3",
    ]
    links = [Link((Text(f"«{url}»"),), url) for url in urls]
    entries = (
        chapter("saved/one.html", *links, source="https://example.org/x/1.html"),
        chapter("saved/two.html", source="http://example.org/x/2.html"),
    )
    text = printed(Book(entries, Metadata("B")), target, report)
    inside = address(text, "saved/two.html")
    first, second, third, fourth = (address(text, f"«{url}»") for url in urls)
    assert inside
    assert first == second == inside
    assert third.startswith(("#", inside))
    assert third != inside, "it names a place in that article"
    assert fourth == urls[3]
    assert not report.counts["link.unresolved"]
