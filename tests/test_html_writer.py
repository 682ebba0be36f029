"""The HTML writer: whole pages, their pictures, their heads, and books."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from lxml import etree

from article_convert.errors import InputError
from article_convert.model import (
    Article,
    Block,
    Book,
    Chapter,
    Entry,
    Figure,
    Heading,
    Image,
    Link,
    Math,
    Metadata,
    Note,
    Resource,
)
from article_convert.report import Report
from article_convert.tree import text_of
from article_convert.writers.html import WRITER, HtmlOptions
from article_convert.writers.labels import Word, label
from html_samples import (
    AT_HAND,
    KITCHEN_SINK,
    METADATA,
    NASTY,
    html,
    letters,
    nasty_article,
    para,
    parsed,
    text,
)


@given(NASTY)
def test_no_metadata_ends_the_head(x: str) -> None:
    page = html(replace(nasty_article(x), content=()))
    assert page.count("</head>") == page.count("<body>") == page.count("<script") == page.count("</script>") == 1
    assert page.count("<style") == page.count("</style>") == 1


def test_pictures_at_hand_are_inside_and_others_are_told_of() -> None:
    report = Report()
    article = Article(
        (Figure(Image("dot.gif", "a")), Figure(Image("https://example.org/x.png", "b"))), resources=(AT_HAND,)
    )
    page = html(article, report)
    assert 'src="data:image/gif;base64,R0lGOD' in page
    assert re.search(r'<a class="missing-image" href="https://example.org/x.png"[^>]*>Picture: b</a>', page)
    assert report.counts == {"image.missing": 1}
    assert [(asset.url, asset.fate) for asset in report.assets] == [
        ("dot.gif", "embedded"),
        ("https://example.org/x.png", "failed"),
    ]


def test_pictures_may_stay_on_the_web() -> None:
    report = Report()
    page = html(Article((Figure(Image("https://example.org/x.png", "b")),)), report, images="link")
    assert '<img src="https://example.org/x.png" alt="b"/>' in page
    assert not report.counts


def test_the_lead_picture_is_shown_once() -> None:
    lead = replace(METADATA, lead_image="dot.gif")
    assert 'class="lead"' in html(Article((para("x"),), lead, (AT_HAND,)))
    assert 'class="lead"' not in html(Article((Figure(Image("dot.gif")),), lead, (AT_HAND,)))
    assert 'class="lead"' not in html(Article((para("x"),), lead))


def test_formulas_as_code_are_reported() -> None:
    report = Report()
    assert '<code class="math">x_1</code>' in html(Article((para(Math("x_1")),)), report, math="tex")
    assert report.counts == {"math.as-code": 1}


# --------------------------------------------------------------------------- the whole page


def test_the_same_input_gives_the_same_bytes() -> None:
    assert html(KITCHEN_SINK) == html(KITCHEN_SINK)


def test_the_page_loads_nothing_and_runs_nothing() -> None:
    page = html(KITCHEN_SINK)
    root = etree.fromstring(page.partition("<head>")[2].partition("</head>")[0].join(("<head>", "</head>")))
    assert root.xpath("//link/@rel") == ["canonical"]
    assert root.xpath("//script/@type") == ["application/ld+json"]
    assert "@import" not in page and "url(" not in page
    assert "script-src 'sha256-" in page and "object-src 'none'" in page


def test_metadata_is_there_for_machines() -> None:
    page = html(KITCHEN_SINK)
    assert '<html lang="zh-CN">' in page
    assert "<title>慢慢走，到得了 &lt;&amp;&gt;</title>" in page
    assert '<meta name="author" content="Jane Roe"/>' in page
    assert '<meta property="article:published_time" content="2024-03-05"/>' in page
    assert '"headline": "慢慢走，到得了 \\u003c\\u0026\\u003e"' in page


def test_options(tmp_path: Path) -> None:
    own = tmp_path / "own.css"
    own.write_text("p { color: teal } /* </style> */", "utf-8")
    page = html(KITCHEN_SINK, css=own)
    assert "color: teal" in page and page.count("</style>") == 1
    assert "title-block" not in html(KITCHEN_SINK, fragment=True, header=False)
    assert html(KITCHEN_SINK, fragment=True).startswith('<article class="article">')
    assert '<nav class="contents"' in html(KITCHEN_SINK, contents=True)
    with pytest.raises(InputError, match="cannot read"):
        html(KITCHEN_SINK, css=tmp_path / "missing.css")


def test_conservation() -> None:
    shown = "".join(parsed(html(KITCHEN_SINK, fragment=True, math="tex")).itertext())
    assert not letters(text_of(Article(KITCHEN_SINK.content))) - letters(shown)


def test_every_language_has_every_word() -> None:
    for language in ("zh-CN", "zh-TW", "ja", "en", ""):
        assert all(label(language, word) for word in get_args(Word))


def test_a_page_without_a_title_begins_with_level_one() -> None:
    page = html(Article((Heading(3, text("a")), Heading(6, text("b")), Heading(4, text("c")))))
    assert re.findall(r'<(h\d) id="[^"]+" data-level="(\d)">', page) == [("h1", "3"), ("h2", "6"), ("h2", "4")]


def test_the_writer_is_registered() -> None:
    assert WRITER.name == "html" and WRITER.options is HtmlOptions


# ----------------------------------------------------------------------------------- books


def chapter(path: str, *content: Block, title: str = "") -> Entry:
    article = Article(content, Metadata(title=title, language="zh-CN"), (AT_HAND,))
    return Entry(title or path, Chapter(path, lambda: article))


BOOK = Book(
    (
        chapter(
            "README.md",
            Heading(2, text("same"), "same"),
            para(
                Link(text("one"), "guide/one.md"),
                Link(text("place"), "guide/one.md#same"),
                Link(text("no place"), "guide/one.md#gone"),
                Link(text("no page"), "guide/none.md"),
                Link(text("file"), "files/a.pdf"),
                Note((para("note"),)),
            ),
        ),
        Entry(
            "Part",
            part=True,
            children=(
                chapter("guide/one.md", Heading(2, text("same"), "same"), para(Link(text("up"), "../README.md#same"))),
                chapter("guide/two.md", para(Link(text("beside"), "one.md"), Note((para("note"),))), title="Two"),
            ),
        ),
        Entry("Place", url="guide/one.md#same"),
        Entry("Elsewhere", url="https://example.org/"),
    ),
    Metadata(title="一本书", language="zh-CN"),
)


def test_a_book_shows_its_cover() -> None:
    cover = Resource("cover.png", "image/png", "0" * 64, b"\x89PNG\r\n\x1a\n")
    page = html(Book((), Metadata(title="B", lead_image="cover.png"), (cover,)))
    assert '<figure class="lead"><img src="data:image/png;base64,' in page


def test_links_between_chapters_lead_inside_the_page() -> None:
    report = Report()
    root = parsed(html(BOOK, report, fragment=True))
    links = {"".join(a.itertext()): a.get("href") for a in root.xpath("//article//a")}
    assert links["one"] == "#c2"
    assert links["place"] == "#c2-same"
    assert links["no place"] == "#c2"
    assert links["file"] == "files/a.pdf"
    assert links["up"] == "#c1-same"
    assert links["beside"] == "#c2"
    assert "no page" not in links
    assert report.counts == {"link.unresolved": 2}
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in root.xpath("//@href") if href.startswith("#")} <= set(ids)


def test_a_book_lists_its_chapters() -> None:
    root = parsed(html(BOOK, fragment=True))
    assert root.xpath("//nav/ol/li/ol/li/a/text()") == ["guide/one.md", "Two"]
    assert root.xpath("//nav/ol/li/a/@href") == ["#c1", "#c2-same", "https://example.org/"]
    assert root.xpath("//article/header/h2/text()") == ["README.md", "guide/one.md", "Two"]


def test_chapters_are_loaded_one_at_a_time() -> None:
    alive: list[str] = []

    def loader(name: str) -> Callable[[], Article]:
        def load() -> Article:
            alive.append(name)
            return Article((para(name),))

        return load

    html(Book(tuple(Entry(name, Chapter(name, loader(name))) for name in "abc")))
    assert alive == ["a", "b", "c"]


# --------------------------------------------------------------------------- outside judges


@pytest.mark.validator
def test_pages_are_valid(nu: Callable[[list[Path]], list[str]], tmp_path: Path) -> None:
    pages = {
        "article": html(KITCHEN_SINK, contents=True),
        "bare": html(Article((Heading(3, text("x")), Heading(6, text("y"))), Metadata(language="en"))),
        "linked": html(KITCHEN_SINK, images="link", math="tex"),
        "nasty": html(nasty_article("<a b='c'>\" 100% \\ `|^{}[]#")),
        "book": html(BOOK),
    }
    for name, page in pages.items():
        (tmp_path / f"{name}.html").write_text(page, "utf-8")
    assert nu([tmp_path / f"{name}.html" for name in pages]) == []
