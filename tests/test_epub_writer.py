"""The EPUB writer: what is in the file, where links lead, and that the bytes never change by themselves."""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import article_convert as ac
from article_convert.errors import InputError, MissingDependency, OptionError
from article_convert.model import (
    Article,
    Author,
    Block,
    Book,
    Callout,
    Chapter,
    Emphasis,
    Entry,
    Figure,
    Heading,
    Image,
    Link,
    Metadata,
    Note,
    Notice,
    Paragraph,
    RawBlock,
    Resource,
    Text,
)
from article_convert.pictures.svg import svg_problem
from article_convert.report import Report
from article_convert.writers.epub import EpubOptions, write_epub
from article_convert.writers.epub.container import Container
from article_convert.writers.epub.cover import Words, _fitted, draw_cover
from article_convert.writers.epub.parts import File, Landmark, NavPoint, Package

NAMES = {
    "x": "http://www.w3.org/1999/xhtml",
    "o": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "n": "http://www.daisy.org/z3986/2005/ncx/",
    "epub": "http://www.idpf.org/2007/ops",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'


# ------------------------------------------------------------------ helpers


def paragraph(text: str) -> Paragraph:
    return Paragraph((Text(text),))


def heading(level: int, text: str, key: str = "") -> Heading:
    return Heading(level, (Text(text),), key)


def link(text: str, url: str) -> Paragraph:
    return Paragraph((Link((Text(text),), url),))


def png(red: int = 120) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + bytes([red, 90, 60]) * 12) * 8
    head = struct.pack(">IIBBBBB", 12, 8, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


GIF = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"


def resource(url: str, data: bytes, media_type: str = "image/png") -> Resource:
    return Resource(url, media_type, hashlib.sha256(data).hexdigest(), data)


def article(*content: Block, resources: tuple[Resource, ...] = (), **metadata: Any) -> Article:
    return Article(content, Metadata(**{"title": "晨间散步笔记", "language": "zh-CN"} | metadata), resources)


def chapter(path: str, *content: Block, **metadata: Any) -> Chapter:
    return Chapter(path, lambda: article(*content, **metadata))


class Opened:
    """An EPUB file taken apart; every XML file in it is parsed on opening."""

    def __init__(self, data: bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(data))
        self.names = self.archive.namelist()
        xml = (".xhtml", ".opf", ".ncx", ".xml", ".svg")
        self.roots = {name: etree.fromstring(self.archive.read(name)) for name in self.names if name.endswith(xml)}

    def find(self, name: str, path: str) -> list[Any]:
        return list(self.roots[f"EPUB/{name}"].xpath(path, namespaces=NAMES))

    def package(self, path: str) -> list[Any]:
        return self.find("content.opf", path)

    def spine(self) -> list[str]:
        files = {item.get("id"): item.get("href") for item in self.package("//o:item")}
        return [files[each] for each in self.package("//o:itemref/@idref")]

    def contents(self) -> list[tuple[str, str]]:
        return [(each.text, each.get("href", "")) for each in self.find("nav.xhtml", "//x:nav[1]//x:li/*[1]")]


def opened(document: Article | Book, report: Report | None = None, **options: Any) -> Opened:
    return Opened(write_epub(document, EpubOptions(**options), report or Report()))


def everything() -> Article:
    """An article with one of much that an EPUB treats in its own way."""
    note = Note((paragraph("露水在七点前后干透。"),))
    return article(
        Paragraph((Text("清晨的河边"), Emphasis((Text("很安静"),)), note, Text("。"))),
        heading(2, "一、出门", "出门"),
        link("回到开头", "#出门"),
        heading(3, "带什么"),
        Callout("warning", (paragraph("路面湿滑。"),)),
        Figure(Image("walk.png", "河边的小路"), (Text("图一"),)),
        RawBlock("html", "<x onclick='1'>"),
        heading(2, "Two", "two"),
        paragraph("Plain English at the end."),
        resources=(resource("walk.png", png()),),
        authors=(Author("林小满", "/u/7"), Author("Ada Lovelace")),
        published=datetime(2024, 5, 6, 8, 30, tzinfo=timezone(timedelta(hours=8))),
        source_url="https://www.example.com/walks/1.html",
        site="河边",
        tags=("散步", "清晨"),
        category="生活",
        summary="早起的理由。",
        notices=(Notice("licence", "可以自由转载。"),),
    )


def manual() -> Book:
    """A small book: parts, nested chapters, a link out, a place on a page, and a page that cannot be read."""

    def broken() -> Article:
        raise InputError("no such file")

    first = chapter(
        "README.md",
        link("安装", "guide/setup.md"),
        link("步骤", "guide/setup.md#步骤"),
        link("没有", "guide/setup.md#没有"),
        link("死链", "guide/none.md"),
        link("原址", "http://m.example.com/walks/9.html?utm_source=a#步骤"),
        link("外面", "https://example.org/a?b=1&c=2"),
        title="前言",
    )
    setup = chapter(
        "guide/setup.md",
        heading(2, "步骤", "步骤"),
        link("前言", "../README.md"),
        title="安装",
        source_url="https://www.example.com/walks/9.html",
    )
    guide = chapter("guide/README.md", heading(2, "概览", "o"), heading(3, "细节"), title="指南")
    part = Entry(
        "第一部分",
        part=True,
        children=(
            Entry(
                "指南", guide, children=(Entry("安装", setup, children=(Entry("步骤", url="guide/setup.md#步骤"),)),)
            ),
            Entry("官网", url="https://example.org/home"),
        ),
    )
    entries = (Entry("前言", first), part, Entry("坏页", Chapter("bad.md", broken)), Entry("再读前言", first))
    return Book(entries, Metadata(title="河边手册", language="zh-CN", authors=(Author("林小满"),)))


# ------------------------------------------------------------------ the container


PACKAGE = Package("urn:uuid:00000000-0000-5000-8000-000000000000", "T", "en", datetime(2020, 1, 2, 3, 4, 5))


def page(body: str, name: str = "a.xhtml") -> File:
    text = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>{body}</body></html>'
    return File(name, "application/xhtml+xml", text.encode())


def test_container_writes_mimetype_first_and_leaves_no_trace_of_the_day() -> None:
    with Container(out := io.BytesIO()) as container:
        container.add(page("<p> 粗<b>体</b> </p>"))
        container.finish(PACKAGE, ["a.xhtml"], [NavPoint("A", "a.xhtml")])
        data = out.getvalue()
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
        assert entries[0].filename == "mimetype" and entries[0].compress_type == zipfile.ZIP_STORED
        assert data[38:58] == b"application/epub+zip"
        assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr for entry in entries} == {0o100644 << 16}
        assert archive.read("EPUB/a.xhtml") == page("<p> 粗<b>体</b> </p>").data


def test_container_gives_nav_and_ncx_the_same_lines() -> None:
    with Container(out := io.BytesIO()) as container:
        container.add(page('<p id="x">1</p>'))
        tree = [
            NavPoint(
                "部", children=(NavPoint("内", children=(NavPoint("甲", "a.xhtml"), NavPoint("乙", "a.xhtml#x"))),)
            )
        ]
        container.finish(PACKAGE, ["a.xhtml"], tree)
        book = Opened(out.getvalue())
        assert book.contents() == [("部", ""), ("内", ""), ("甲", "a.xhtml"), ("乙", "a.xhtml#x")]
        assert book.find("toc.ncx", "//n:navLabel/n:text/text()") == ["部", "内", "甲", "乙"]
        assert book.find("toc.ncx", "//n:content/@src") == ["a.xhtml", "a.xhtml", "a.xhtml", "a.xhtml#x"]
        assert book.find("toc.ncx", "//n:meta[@name='dtb:depth']/@content") == ["3"]


def test_a_grouping_title_of_the_ncx_leads_to_the_first_line_below_it() -> None:
    with Container(out := io.BytesIO()) as container:
        for name in "abc":
            container.add(page('<p id="x">1</p>', f"{name}.xhtml"))
        inner = NavPoint("甲", "a.xhtml", (NavPoint("乙", "a.xhtml#x"),))
        tree = [NavPoint("部", children=(inner, NavPoint("丙", "b.xhtml"))), NavPoint("丁", "c.xhtml")]
        container.finish(PACKAGE, ["a.xhtml", "b.xhtml", "c.xhtml"], tree)
        nav, ncx = outline(Opened(out.getvalue()))
        assert (
            nav
            == ncx
            == [
                (0, "部", "a.xhtml"),
                (1, "甲", "a.xhtml"),
                (2, "乙", "a.xhtml#x"),
                (1, "丙", "b.xhtml"),
                (0, "丁", "c.xhtml"),
            ]
        )


def test_container_leaves_out_lines_that_lead_back() -> None:
    with Container(out := io.BytesIO()) as container:
        container.add(page('<p id="x">1</p><p id="y">2</p>'))
        container.add(page("<p>3</p>", "b.xhtml"))
        lines = [
            NavPoint("y", "a.xhtml#y"),
            NavPoint("x", "a.xhtml#x", (NavPoint("b", "b.xhtml"),)),
            NavPoint("a", "a.xhtml"),
        ]
        container.finish(PACKAGE, ["a.xhtml", "b.xhtml"], lines)
        book = Opened(out.getvalue())
        assert book.contents() == [("y", "a.xhtml#y"), ("x", ""), ("b", "b.xhtml")]


def test_container_finds_svg_and_mathml_itself() -> None:
    with Container(out := io.BytesIO()) as container:
        container.add(
            page('<svg xmlns="http://www.w3.org/2000/svg"/><math xmlns="http://www.w3.org/1998/Math/MathML"/>')
        )
        container.finish(PACKAGE, ["a.xhtml"], [NavPoint("A", "a.xhtml")])
        book = Opened(out.getvalue())
        assert book.package("//o:item[@href='a.xhtml']/@properties") == ["mathml svg"]


@pytest.mark.parametrize(
    ("files", "navigation", "message"),
    [
        ([page("<p>1</p>"), page("<p>2</p>", "A.xhtml")], [NavPoint("A", "a.xhtml")], "two files"),
        ([page("<p>1</p>", "第一.xhtml")], [NavPoint("A", "a.xhtml")], "not portable"),
        ([page("<p>1</p>", "../a.xhtml")], [NavPoint("A", "a.xhtml")], "not portable"),
        ([page("<p>1")], [NavPoint("A", "a.xhtml")], "not well-formed"),
        ([page('<p id="x">1</p><p id="x">2</p>')], [NavPoint("A", "a.xhtml")], "id twice"),
        ([page('<a href="b.xhtml">1</a>')], [NavPoint("A", "a.xhtml")], "not in the book"),
        ([page('<a href="#y">1</a>')], [NavPoint("A", "a.xhtml")], "no such id"),
        ([page('<img src="b.png"/>')], [NavPoint("A", "a.xhtml")], "not in the book"),
        ([page("<p>1</p>")], [], "empty"),
        ([page("<p>1</p>")], [NavPoint("A", "a.xhtml#x")], "no such id"),
        ([page("<p>1</p>")], [NavPoint("A", "b.xhtml")], "not in the book"),
        ([page("<p>1</p>")], [NavPoint(" ", "a.xhtml")], "no title"),
        ([page("<p>1</p>")], [NavPoint("A")], "leads nowhere"),
    ],
)
def test_container_refuses_what_would_be_invalid(files: list[File], navigation: list[NavPoint], message: str) -> None:
    with Container(io.BytesIO()) as container, pytest.raises(ValueError, match=message):
        for file in files:
            container.add(file)
        container.finish(PACKAGE, ["a.xhtml"], navigation)


def test_container_checks_landmarks_and_spine() -> None:
    with Container(io.BytesIO()) as container:
        container.add(page("<p>1</p>"))
        with pytest.raises(ValueError, match="not in the book"):
            container.finish(PACKAGE, ["a.xhtml"], [NavPoint("A", "a.xhtml")], [Landmark("toc", "T", "toc.xhtml")])
        with pytest.raises(ValueError, match="not a document"):
            container.finish(PACKAGE, ["b.xhtml"], [NavPoint("A", "a.xhtml")])
        with pytest.raises(ValueError, match="twice"):
            container.finish(PACKAGE, ["a.xhtml", "a.xhtml"], [NavPoint("A", "a.xhtml")])


def test_without_ebooklib_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ebooklib", None)
    monkeypatch.setitem(sys.modules, "ebooklib.epub", None)
    with pytest.raises(MissingDependency, match=r"pip install 'article_convert\[epub\]'"):
        write_epub(article(), EpubOptions(), Report())


# ------------------------------------------------------------------ the same bytes


def digests() -> list[str]:
    documents: list[Article | Book] = [everything(), manual()]
    return [hashlib.sha256(write_epub(each, EpubOptions(), Report())).hexdigest() for each in documents]


def test_same_bytes_in_another_time_zone_and_hash_seed() -> None:
    here = digests()
    assert digests() == here
    script = "import test_epub_writer; print(*test_epub_writer.digests())"
    for zone, seed in (("Asia/Shanghai", "1"), ("America/New_York", "77")):
        environment = os.environ | {"TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)}
        run = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=120, check=True
        )
        assert run.stdout.split() == here


def test_identifier_follows_the_source_or_else_the_text() -> None:
    def identifier(document: Article, **options: Any) -> str:
        found = opened(document, **options).package("//dc:identifier/text()")
        assert len(found) == 1
        return str(found[0])

    one, other = article(paragraph("一")), article(paragraph("二"))
    assert identifier(one) == identifier(one) != identifier(other)
    assert identifier(one).startswith("urn:uuid:")
    placed = [article(paragraph(text), source_url="https://example.org/1") for text in "一二"]
    assert identifier(placed[0]) == identifier(placed[1])
    assert identifier(one, identifier="urn:isbn:9780000000002") == "urn:isbn:9780000000002"


# ------------------------------------------------------------------ metadata


def test_metadata_of_an_article() -> None:
    book = opened(everything())
    assert book.package("//dc:title/text()") == ["晨间散步笔记"]
    assert book.package("//dc:creator/text()") == ["林小满", "Ada Lovelace"]
    assert book.package("//o:meta[@property='file-as']/text()") == ["Lin Xiao Man", "Lovelace, Ada"]
    assert book.package("//o:meta[@property='role']/text()") == ["aut", "aut"]
    assert book.package("//dc:language/text()") == ["zh-CN"]
    assert book.package("//dc:date/text()") == ["2024-05-06T08:30:00+08:00"]
    assert book.package("//o:meta[@property='dcterms:modified']/text()") == ["2024-05-06T00:30:00Z"]
    assert book.package("//dc:source/text()") == ["https://www.example.com/walks/1.html"]
    assert book.package("//dc:subject/text()") == ["生活", "散步", "清晨"]
    assert book.package("//dc:publisher/text()") == ["河边"]
    assert book.package("//dc:description/text()") == ["早起的理由。"]
    assert book.package("//dc:rights/text()") == ["可以自由转载。"]
    assert book.roots["EPUB/content.opf"].get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"


def test_a_series_is_told_to_new_and_to_old_devices() -> None:
    book = opened(article(), series="河边", series_index=2.0)
    series = book.package("//o:meta[@property='belongs-to-collection']")[0]
    assert series.text == "河边"
    refining = book.package(f"//o:meta[@refines='#{series.get('id')}']")
    found = {each.get("property"): each.text for each in refining}
    assert found == {"collection-type": "series", "group-position": "2"}
    assert book.package("//o:meta[@name='calibre:series']/@content") == ["河边"]
    assert not opened(article()).package("//o:meta[contains(@name, 'series')]")


def test_a_book_changed_with_its_newest_chapter() -> None:
    dated = [chapter(f"{day}.md", published=date(2024, 3, day)) for day in (2, 9, 5)]
    book = opened(Book(tuple(Entry(each.path, each) for each in dated), Metadata(title="三天")))
    assert book.package("//o:meta[@property='dcterms:modified']/text()") == ["2024-03-09T00:00:00Z"]


def outline(book: Opened) -> tuple[list[Any], list[Any]]:
    """The lines of the two tables of contents, each with its depth, its title and where it leads."""
    nav, ncx = [], []
    for line in book.find("nav.xhtml", "//x:nav[1]//x:li"):
        place = line.xpath("(x:a | .//x:a)[1]/@href", namespaces=NAMES)[0]
        nav.append((len(line.xpath("ancestor::x:li", namespaces=NAMES)), line[0].text, place))
    for point in book.find("toc.ncx", "//n:navPoint"):
        place = point.xpath("n:content/@src", namespaces=NAMES)[0]
        title = point.xpath("n:navLabel/n:text/text()", namespaces=NAMES)[0]
        ncx.append((len(point.xpath("ancestor::n:navPoint", namespaces=NAMES)), title, place))
    return nav, ncx


def test_what_every_file_promises() -> None:
    for name, document in nasty().items():
        book = opened(document, split=4)
        nav, ncx = outline(book)
        assert nav == ncx, name
        orders = {}
        for point in book.find("toc.ncx", "//n:navPoint"):
            place = point.xpath("n:content/@src", namespaces=NAMES)[0]
            assert orders.setdefault(place, len(orders) + 1) == int(point.get("playOrder"))
        assert all(each.isascii() for each in book.names)
        for file, root in book.roots.items():
            ids = root.xpath("//@id")
            assert len(ids) == len(set(ids)) and all(re.fullmatch(r"[A-Za-z][\w.-]*", each, re.A) for each in ids), file
            if file.endswith(".xhtml"):
                assert root.get("lang") and root.xpath("string(//x:title)", namespaces=NAMES).strip()
                assert not root.xpath("//@style | //x:style | //x:script", namespaces=NAMES)
            assert all(each.get("alttext") for each in root.iter("{http://www.w3.org/1998/Math/MathML}math"))
        kinds = book.find("nav.xhtml", "//x:nav[@epub:type='landmarks']//x:a/@epub:type")
        guide = book.package("//o:guide/o:reference/@type")
        assert kinds == [{"text": "bodymatter"}.get(each, each) for each in guide], name


def test_the_style_sheet_suits_dark_screens_and_old_devices() -> None:
    style = re.sub(r"/\*.*?\*/", "", opened(article()).archive.read("EPUB/style.css").decode(), flags=re.S)
    colours = re.findall(r"[^-\w](?:color|background(?:-color)?)\s*:\s*([^;}]+)", style)
    assert set(colours) <= {"inherit", "transparent"}
    assert not re.search(r"--\w|var\(|calc\(|#[0-9a-f]{3,6}\b|display: *(?:flex|grid)|(?<!-)position:", style)


def test_accessibility_metadata_say_what_is_true() -> None:
    def values(document: Article, name: str) -> list[str]:
        return [str(each) for each in opened(document).package(f"//o:meta[@property='schema:{name}']/text()")]

    assert values(article(paragraph("字")), "accessMode") == ["textual"]
    assert values(everything(), "accessMode") == ["textual", "visual"]
    assert values(everything(), "accessModeSufficient") == ["textual,visual", "textual"]
    silent = article(Figure(Image("a.png")), resources=(resource("a.png", png()),))
    assert values(silent, "accessModeSufficient") == ["textual,visual"]
    assert "alternativeText" not in values(silent, "accessibilityFeature")
    assert len(values(silent, "accessibilitySummary")) == 1


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("zh_CN", "字", "zh-CN"),
        ("zh_TW.UTF-8", "字", "zh-TW"),
        ("und", "河边的小路很安静", "zh"),
        ("C", "a quiet path by the river", "en"),
        ("", "しずかな川べりの小道をあるく", "ja"),
        ('en"><script>', "path", "en"),
    ],
)
def test_language_is_always_a_tag(language: str, text: str, expected: str) -> None:
    book = opened(article(paragraph(text), title="", language=language))
    assert book.package("//dc:language/text()") == [expected]
    assert book.roots["EPUB/article.xhtml"].get("lang") == expected


@pytest.mark.parametrize(
    ("published", "shown", "modified"),
    [
        (None, [], "1970-01-01T00:00:00Z"),
        (date(2024, 1, 2), ["2024-01-02"], "2024-01-02T00:00:00Z"),
        (datetime(2024, 1, 2, 3, 4), ["2024-01-02"], "2024-01-02T03:04:00Z"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=9))), ["0001-01-01T00:00:00+09:00"], "0001-01-01T00:00:00Z"),
        (datetime(2024, 1, 2, tzinfo=UTC), ["2024-01-02T00:00:00+00:00"], "2024-01-02T00:00:00Z"),
    ],
)
def test_dates_are_those_of_the_article(published: date | None, shown: list[str], modified: str) -> None:
    book = opened(article(published=published))
    assert book.package("//dc:date/text()") == shown
    assert book.package("//o:meta[@property='dcterms:modified']/text()") == [modified]


def test_a_title_is_found_when_there_is_none() -> None:
    def title(*content: Block) -> str:
        return str(opened(article(*content, title="")).package("//dc:title/text()")[0])

    assert title(heading(2, "河边"), paragraph("字")) == "河边"
    assert title(paragraph("只有一句话。")) == "只有一句话。"
    assert title() == "无标题"


def test_control_characters_do_not_lose_the_metadata_they_stand_in() -> None:
    book = opened(article(paragraph("a\x00b"), title="标\x08题\n行", authors=(Author("林\x01小满"),), tags=("\x02",)))
    assert book.package("//dc:title/text()") == ["标题 行"]
    assert book.package("//dc:creator/text()") == ["林小满"]
    assert book.package("//dc:subject") == []


# ------------------------------------------------------------------ an article


def test_an_article_is_cover_and_text() -> None:
    book = opened(everything())
    assert book.spine() == ["cover.xhtml", "article.xhtml"]
    assert book.find("article.xhtml", "//x:h1/text()") == ["晨间散步笔记"]
    titles = [title for title, _ in book.contents()]
    assert titles == ["晨间散步笔记", "一、出门", "带什么", "Two"]
    kinds = book.find("nav.xhtml", "//x:nav[@epub:type='landmarks']//x:a/@epub:type")
    assert kinds == ["cover", "bodymatter"]


@pytest.mark.parametrize(("depth", "count"), [(0, 1), (1, 3), (2, 4)])
def test_depth_of_the_table_of_contents(depth: int, count: int) -> None:
    assert len(opened(everything(), toc_depth=depth).contents()) == count


def test_footnotes_pop_up_and_lead_back() -> None:
    book = opened(everything())
    mark = book.find("article.xhtml", "//x:a[@epub:type='noteref']")[0]
    note = book.find("article.xhtml", "//x:aside[@epub:type='footnote']")[0]
    assert mark.get("href") == f"#{note.get('id')}"
    assert "露水" in "".join(note.itertext())
    back = book.find("article.xhtml", "//x:a[@role='doc-backlink']/@href")[0]
    assert book.find("article.xhtml", f"//*[@id='{back[1:]}']")


def test_author_addresses_are_whole() -> None:
    assert opened(everything()).find("article.xhtml", "//x:a[@rel='author']/@href") == ["https://www.example.com/u/7"]
    assert opened(article(authors=(Author("林小满", "/u/7"),))).find("article.xhtml", "//x:a[@rel='author']") == []


def test_a_relative_source_is_told_but_is_no_link() -> None:
    one = opened(article(source_url="notes/1.html")).roots["EPUB/article.xhtml"]
    other = opened(Book((), Metadata(title="书", source_url="notes/1.html"))).roots["EPUB/title.xhtml"]
    assert all("notes/1.html" in "".join(root.itertext()) for root in (one, other))


def test_a_long_article_is_split_at_headings_and_links_cross_the_files() -> None:
    sections = [
        block
        for number in range(6)
        for block in (
            heading(2, f"第 {number} 段", f"段{number}"),
            paragraph("河水慢慢地流。" * 40),
            link("下一段", f"#段{(number + 1) % 6}"),
            Paragraph((Text("注"), Note((paragraph(f"注 {number}"),)))),
        )
    ]
    book = opened(article(*sections), split=2, cover="none")
    assert book.spine() == [f"article{part}.xhtml" for part in ("", "-2", "-3", "-4", "-5", "-6")[: len(book.spine())]]
    assert len(book.spine()) > 2
    text = "".join("".join(book.roots[f"EPUB/{name}"].itertext()) for name in book.spine())
    assert all(f"第 {number} 段" in text and f"注 {number}" in text for number in range(6))
    for name in book.spine():
        marks = {each[1:] for each in book.find(name, "//x:a[@epub:type='noteref']/@href")}
        assert marks == set(book.find(name, "//x:aside/@id"))
    assert len(opened(article(*sections), cover="none").spine()) == 1


def test_a_relative_link_leads_to_the_web_or_is_reported() -> None:
    report = Report()
    book = opened(article(link("旁页", "../b.html#c"), source_url="https://example.org/a/1.html"), report)
    assert book.find("article.xhtml", "//x:a[text()='旁页']/@href") == ["https://example.org/b.html#c"]
    assert not report.counts
    book = opened(article(link("旁页", "../b.html")), report)
    assert book.find("article.xhtml", "//x:a[text()='旁页']") == []
    assert "旁页" in "".join(book.roots["EPUB/article.xhtml"].itertext())
    assert report.counts["link.unresolved"] == 1


def test_text_that_looks_like_a_postponed_link_stays_text() -> None:
    shown = '<a href="later-0">'
    book = opened(article(paragraph(shown)))
    assert shown in "".join(book.roots["EPUB/article.xhtml"].itertext())


def test_paragraphs_and_own_style_sheet(tmp_path: Path) -> None:
    sheet = tmp_path / "own.css"
    sheet.write_text("p { letter-spacing: 1px; }")
    book = opened(everything(), paragraphs="indent", css=sheet)
    assert book.find("article.xhtml", "//x:body/@class") == ["paragraphs-indent"]
    style = book.archive.read("EPUB/style.css").decode()
    assert style.endswith("letter-spacing: 1px; }")
    assert "--" not in style and "var(" not in style


@pytest.mark.parametrize(("kind", "language", "name"), [("serif", "zh-CN", "text.otf"), ("sans", "zh-TW", "text.ttf")])
def test_an_embedded_font_holds_the_characters_of_the_book_and_its_licence(kind: str, language: str, name: str) -> None:
    ttx = pytest.importorskip("fontTools.ttLib")
    book = opened(everything(), font=kind, language=language)
    assert opened(everything(), font=kind, language=language).archive.read(f"EPUB/fonts/{name}") == book.archive.read(
        f"EPUB/fonts/{name}"
    )
    font = ttx.TTFont(io.BytesIO(book.archive.read(f"EPUB/fonts/{name}")))
    assert {ord(each) for each in "晨间散步河边"} <= set(font.getBestCmap())
    assert "Open Font License" in font["name"].getDebugName(13)
    assert len(book.archive.read(f"EPUB/fonts/{name}")) < 120_000
    style = book.archive.read("EPUB/style.css").decode()
    assert f"url(fonts/{name})" in style and "Open Font License" in style[:600]
    assert not [each for each in opened(everything()).names if "fonts" in each]


def test_fonts_that_cannot_be_embedded(tmp_path: Path) -> None:
    ttx = pytest.importorskip("fontTools.ttLib")
    with pytest.raises(OptionError, match="no serif font for ja"):
        opened(article(), font="serif", language="ja")
    file = tmp_path / "mine.otf"
    file.write_bytes(b"no font")
    with pytest.raises(InputError, match="not a font"):
        opened(article(), font=file)
    with pytest.raises(InputError, match=r"no \.otf"):
        opened(article(), font=tmp_path / "mine.woff")
    font = ttx.TTFont(io.BytesIO(opened(article(), font="serif").archive.read("EPUB/fonts/text.otf")))
    font.save(file)
    assert "EPUB/fonts/text.otf" in opened(article(), font=file).names
    font["OS/2"].fsType = 2
    font.save(file)
    with pytest.raises(OptionError, match="may not be embedded"):
        opened(article(), font=file)


# ------------------------------------------------------------------ pictures and covers


def test_a_picture_is_in_the_book_once_under_the_name_of_its_content() -> None:
    data = png()
    resources = (resource("a.png", data), resource("https://example.org/b.png", data))
    report = Report()
    content = [Figure(Image(each.url, "河")) for each in resources]
    book = opened(article(*content, resources=resources), report, cover="none")
    name = f"images/{hashlib.sha256(data).hexdigest()[:16]}.png"
    assert [each for each in book.names if "images" in each] == [f"EPUB/{name}"]
    assert book.find("article.xhtml", "//x:img/@src") == [name, name]
    assert [(asset.url, asset.fate) for asset in report.assets] == [(each.url, "embedded") for each in resources]


def test_what_cannot_be_shown_is_said_and_reported(tmp_path: Path) -> None:
    gone = Resource("gone.png", "image/png", "0" * 64, tmp_path / "gone.png")
    resources = (
        resource("https://example.org/a.avif", b"avif", "image/avif"),
        resource("page.png", b"<html></html>"),
        resource("bad.svg", SVG.format("<script/>").encode(), "image/svg+xml"),
        gone,
    )
    report = Report()
    urls = [*(each.url for each in resources), "https://example.org/none.png"]
    content = [Figure(Image(url, f"图 {number}")) for number, url in enumerate(urls)]
    book = opened(article(*content, resources=resources), report, cover="none")
    text = "".join(book.roots["EPUB/article.xhtml"].itertext())
    assert all(f"图 {number}" in text for number in range(5))
    assert book.find("article.xhtml", "//x:img") == []
    assert not [name for name in book.names if "images" in name]
    assert report.counts["image.unsupported"] == 4
    fates = {asset.url: asset.fate for asset in report.assets}
    assert fates == dict.fromkeys(urls[:4], "failed") | {urls[4]: "linked"}


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<g onclick="a()"/>',
        '<image href="https://example.org/a.png"/>',
        '<image xlink:href="a.png"/>',
        '<a xlink:href=" java&#10;script:a()"/>',
        "<style>@import 'a.css';</style>",
        "<style>rect { fill: url(https://example.org/a) }</style>",
        "<style>a{}<!-- --> rect{fill:url(https://example.org/a#b)}</style>",
        "<style>u<!-- -->rl(https://example.org/a)</style>",
        "<style>rect{mask:image-set('https://example.org/a' 1x)}</style>",
        '<rect style="mask: image-set(&quot;//example.org/a&quot; 1x)"/>',
        '<g xml:base="https://example.org/a"/>',
        '<rect style="fill: u\\72l(https://example.org/a)"/>',
        "<rect fill=\"url( 'a.svg#b')\"/>",
        '<set attributeName="xlink:href" to="a"/>',
        "<foreignObject/>",
        '<?xml-stylesheet href="a.css"?>',
        '<g id="a"/><g id="a"/>',
        '<g id="1"/>',
        '<use href="#nowhere"/>',
        "<g>",
    ],
)
def test_svg_that_does_more_than_draw_stays_out(inside: str) -> None:
    assert svg_problem(SVG.format(inside).encode())


def test_svg_that_only_draws_comes_in() -> None:
    drawing = '<style>.a {{ fill: url(#g) }}</style><rect id="g" class="a"/><use xlink:href="#g"/>{}'
    assert svg_problem(SVG.format(drawing.format('<image href="data:image/png;base64,AA"/>')).encode()) == ""
    assert svg_problem(b'<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("&a;").encode())
    assert svg_problem(b"<svg/>") and svg_problem(b"")


def test_cover_is_the_lead_picture_or_drawn_or_a_file(tmp_path: Path) -> None:
    def cover(document: Article, **options: Any) -> list[str]:
        book = opened(document, **options)
        properties = book.package("//o:item[@properties='cover-image']/@href")
        named = book.package("//o:meta[@name='cover']/@content")
        assert named == book.package("//o:item[@properties='cover-image']/@id")
        return [str(each) for each in properties]

    data = png(200)
    lead = article(lead_image="lead.png", resources=(resource("lead.png", data),))
    assert cover(lead) == [f"images/{hashlib.sha256(data).hexdigest()[:16]}.png"]
    assert cover(lead, cover="drawn")[0].startswith("cover.")
    assert cover(lead, cover="none") == []
    assert cover(article(lead_image="lead.png"))[0].startswith("cover.")
    file = tmp_path / "mine.png"
    file.write_bytes(data)
    assert cover(article(), cover=file) == cover(lead)
    file.write_bytes(b"no picture")
    with pytest.raises(OptionError, match="no JPEG"):
        cover(article(), cover=file)
    file.write_text(SVG.format("<script/>"))
    with pytest.raises(OptionError, match="script"):
        cover(article(), cover=file)
    with pytest.raises(InputError):
        cover(article(), cover=tmp_path / "none.png")


def test_a_drawn_cover_holds_the_words_and_never_fails() -> None:
    without_letters = Words("조용한 강가", ("김",), "ko")
    for words in (Words("河边", ("林小满",)), Words("x" * 900), Words("🎉"), Words('<&">'), Words(""), without_letters):
        media_type, data = draw_cover(words)
        assert draw_cover(words) == (media_type, data)
        assert data.startswith(b"\x89PNG") if media_type == "image/png" else etree.fromstring(data) is not None
    media_type, data = draw_cover(without_letters)
    assert media_type == "image/svg+xml" and "조용한 강가" in data.decode()


def test_a_title_is_cut_to_what_a_cover_can_show_before_it_is_measured() -> None:
    for words in ("河边", "i", "word "):
        assert draw_cover(Words(words * 3000)) == draw_cover(Words(words * 1500))


def test_a_title_breaks_into_even_lines_between_words() -> None:
    def lines(title: str) -> list[str]:
        return _fitted(title, lambda text, size: sum(size if each > "\u2e80" else size * 0.5 for each in text))[1]

    assert lines("河边散步的人为什么都不着急") == ["河边散步", "的人为什", "么都不着急"]
    assert lines("Walking — 从早到晚走") == ["Walking —", "从早到晚走"]
    for title in ("", "字", "字" * 300, "x" * 300, "word " * 60, "一二三 " * 30):
        assert "".join("".join(lines(title)).split()).startswith("".join(title.split())[:40])


@pytest.mark.parametrize("profile", ["kindle", "kobo"])
def test_what_cannot_be_a_cover_still_stands_in_the_text(profile: Any) -> None:
    gif = resource("a.gif", GIF, "image/gif")
    report = Report()
    shown = article(Figure(Image("a.gif", "河")), lead_image="a.gif", resources=(gif,))
    book = opened(shown, report, profile=profile)
    assert len(book.find("article.xhtml", "//x:img[@alt='河']")) == 1
    assert [(each.url, each.fate) for each in report.assets] == [("a.gif", "failed"), ("a.gif", "embedded")]
    assert report.counts["image.unsupported"] == 1 and "as a cover" in report.diagnostics[0].message
    assert book.package("//o:item[@properties='cover-image']/@href")[0].startswith("cover.")


# ------------------------------------------------------------------ a book


def test_a_book_has_title_page_contents_and_chapters_in_order() -> None:
    report = Report()
    book = opened(manual(), report)
    chapters = [f"chapter-{number:04}.xhtml" for number in range(1, 5)]
    assert book.spine() == ["cover.xhtml", "title.xhtml", "contents.xhtml", *chapters]
    titles = [title for title, _ in book.contents()]
    assert titles == ["前言", "第一部分", "指南", "概览", "安装", "步骤", "坏页"]
    listed = ["".join(each.itertext()) for each in book.find("contents.xhtml", "//x:li/*[1]")]
    assert listed == ["前言", "第一部分", "指南", "安装", "步骤", "官网", "坏页", "再读前言"]
    assert book.find("contents.xhtml", "//x:a[text()='官网']/@href") == ["https://example.org/home"]
    assert report.counts["book.page-failed"] == 1
    assert [each.source for each in report.diagnostics if each.code == "book.page-failed"] == ["bad.md"]


def test_links_between_chapters_of_a_book() -> None:
    report = Report()
    book = opened(manual(), report)
    links = {each.text: each.get("href") for each in book.find("chapter-0001.xhtml", "//x:a")}
    step = book.find("chapter-0003.xhtml", "//x:h2/@id")[0]
    assert links == {
        "安装": "chapter-0003.xhtml",
        "步骤": f"chapter-0003.xhtml#{step}",
        "没有": "chapter-0003.xhtml",
        "原址": f"chapter-0003.xhtml#{step}",
        "外面": "https://example.org/a?b=1&c=2",
    }
    assert "死链" in "".join(book.roots["EPUB/chapter-0001.xhtml"].itertext())
    assert book.find("chapter-0003.xhtml", "//x:a[text()='前言']/@href") == ["chapter-0001.xhtml"]
    unresolved = [each for each in report.diagnostics if each.code == "link.unresolved"]
    assert len(unresolved) == 2 and {each.source for each in unresolved} == {"README.md"}


def test_a_book_of_nothing_is_still_a_book() -> None:
    assert opened(Book(())).contents() == [("Untitled", "title.xhtml")]
    outside = Book((Entry("外面", url="https://example.org/"), Entry("空")), Metadata(title="链接", language="zh"))
    book = opened(outside)
    assert book.contents() == [("链接", "title.xhtml")]
    assert book.find("contents.xhtml", "//x:li/*/text()") == ["外面", "空"]


def test_pictures_of_the_book_serve_its_chapters() -> None:
    figure = Figure(Image("a.png", "河"))
    entries = tuple(Entry(path, chapter(path, figure)) for path in ("1.md", "2.md"))
    book = opened(Book(entries, Metadata(title="图", language="zh"), (resource("a.png", png()),)))
    assert len([name for name in book.names if "images" in name]) == 1
    assert book.find("chapter-0002.xhtml", "//x:img/@src") == book.find("chapter-0001.xhtml", "//x:img/@src")


PEAK = """
import resource, sys
from test_epub_writer import long_book
import article_convert as ac
ac.write_file(long_book(int(sys.argv[1])), sys.argv[2], options=ac.EpubOptions(cover="none"))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def long_book(count: int) -> Book:
    """`count` chapters of 200 KB of text."""

    def lazy(number: int) -> Callable[[], Article]:
        text = f"{number} 河水慢慢地流。" * 40
        return lambda: article(heading(2, text, f"h{number}"), *(paragraph(text) for _ in range(220)))

    return Book(tuple(Entry(f"{n}", Chapter(f"{n}.md", lazy(n))) for n in range(count)), Metadata(title="长"))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_chapters(tmp_path: Path) -> None:
    """Of the whole process, as most of what a parser holds is hidden from Python."""

    def peak(count: int) -> int:
        command = [sys.executable, "-c", PEAK, str(count), str(tmp_path / "a.epub")]
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
        run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
        return int(run.stdout)

    assert peak(160) < 1.15 * peak(40)


def test_a_file_holds_the_bytes_that_are_returned(tmp_path: Path) -> None:
    for document in (everything(), manual()):
        size = ac.write_file(document, tmp_path / "a.epub")
        assert (tmp_path / "a.epub").read_bytes() == ac.write(document, writer="epub")
        assert size == (tmp_path / "a.epub").stat().st_size


# ------------------------------------------------------------------ options and judges


@pytest.mark.parametrize("options", [{"split": 0}, {"toc_depth": -1}, {"language": "zh_CN"}, {"language": "und"}])
def test_options_that_cannot_be(options: dict[str, Any]) -> None:
    with pytest.raises(OptionError):
        write_epub(article(), EpubOptions(**options), Report())


def test_language_option_rules_the_whole_file() -> None:
    book = opened(manual(), language="zh-TW")
    assert book.package("//dc:language/text()") == ["zh-TW"]
    assert {root.get("lang") for name, root in book.roots.items() if name.endswith(".xhtml")} == {"zh-TW"}


def nasty() -> dict[str, Article | Book]:
    twice = (heading(2, "同名", "x"), heading(4, "同名", "x"), heading(1, "h", "h-1"), heading(2, ""), heading(3, "无"))
    awkward = '😀 标\x00题\n& <i> \ufffe "引"'
    many = [block for n in range(300) for block in (heading(n % 6 + 1, f"标题 {n}", f"h{n % 7}"), paragraph("字"))]
    images = [Figure(Image(url, "")) for url in ("https://example.org/1.png", "a.png", "a.svg")]
    at_hand = (resource("a.png", png()), resource("a.svg", SVG.format("<rect foo='1'/>").encode(), "image/svg+xml"))
    return {
        "everything": everything(),
        "manual": manual(),
        "empty": Article(),
        "empty-book": Book(()),
        "no-title": article(paragraph("字"), title="", language=""),
        "awkward": article(
            paragraph(awkward),
            heading(2, awkward),
            title=awkward,
            authors=(Author(awkward),),
            source_url=f"http://x/{awkward}",
        ),
        "many-headings": article(*many),
        "same-ids": article(*twice, link("x", "#x")),
        "pictures": article(*images, resources=at_hand, lead_image="a.png"),
        "split": article(*many, paragraph("长" * 3000), *many),
        "notes": article(Heading(2, (Text("标题"), Note((paragraph("外"), Paragraph((Note((paragraph("内"),)),))))))),
        "right-to-left": article(paragraph("نص"), title="عنوان", language="ar"),
        "drawn-svg": article(title="조용한 강가", language="ko"),
        "two-authors": article(authors=(Author("林小满"), Author("林小满"))),
    }


@pytest.mark.validator
def test_epubcheck_finds_nothing(epubcheck: Callable[[list[Path]], list[str]], tmp_path: Path) -> None:
    files = []
    for name, document in nasty().items():
        file = tmp_path / f"{name}.epub"
        file.write_bytes(write_epub(document, EpubOptions(split=4), Report()))
        files.append(file)
    files.append(tmp_path / "font.epub")
    files[-1].write_bytes(write_epub(everything(), EpubOptions(font="serif"), Report()))
    noted = "CSS-028"  # a hint that a font is embedded
    assert [line for line in epubcheck(files) if noted not in line] == []
