"""Sites that a TOML file describes: their pages, the mistakes in such files, and whether a site has changed."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

import article_convert as ac
from article_convert import drift, formats
from article_convert.cli import main
from article_convert.model import Author
from article_convert.readers.site.file import site_in
from article_convert.readers.woshipm.fields import SOURCES
from article_convert.report import Report
from article_convert.rules import parse_rules
from article_convert.tree import text_of

EXAMPLES = Path(__file__).parent.parent / "examples" / "site"
PAGES = Path(__file__).parent / "pages"
SITE = """
name = "The Pond"
hosts = ["pond.example"]
body = ["#story", "article"]
[fields]
title = ["h1.name", "meta:og:title"]
authors = [".by .who", "json-ld:author"]
published = ".by time"
comments = ".replies@data-count"
tags = "meta:keywords"
source_url = ".permalink"
"""
PAGE = """<html><head><meta name="keywords" content="frogs, reeds"><title>x</title></head><body>
<h1 class="name">Frogs</h1><p class="by"><a class="who" href="/u/1">Ada</a>, <a class="who" href="/u/2">Bo</a>
<time>2026-05-01</time>
<b class="replies" data-count="1,204">many</b> <a class="permalink" href="/frogs">#</a></p>
<div id="story"><p>A frog sat on a stone, and <a href="reeds">the reeds</a> moved.</p></div></body></html>"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    path = tmp_path / "pond.toml"
    path.write_text(SITE, encoding="utf-8")
    return path


def read(page: str, site: Path, report: Report | None = None) -> ac.Article:
    return ac.read(page.encode(), str(site), report=report)


# --------------------------------------------------------------------------- reading


def test_the_example_is_read_and_cleaned() -> None:
    report = Report()
    article = ac.read(EXAMPLES / "teahouse.html", str(EXAMPLES / "teahouse.toml"), report=report)
    article = ac.clean(article, report=report)
    said, metadata = text_of(article), article.metadata
    assert metadata.title == "一壶茶泡几次"
    assert metadata.authors == (Author("沈一壶", "https://teahouse.example/people/shen"),)
    assert isinstance(metadata.published, datetime)
    assert metadata.published.isoformat() == "2026-04-18T09:30:00+08:00"
    assert (metadata.site, metadata.tags, metadata.stats.views) == ("茶馆日记", ("茶", "时间"), 12_000)
    assert metadata.lead_image == "https://teahouse.example/photos/pot.jpg"
    assert "叫醒茶叶" in said
    assert not [words for words in ("会员", "现在加入", "扫码", "首页", "水烧到几度") if words in said]
    assert {"membership", "follow", "page"} <= {removal.rule for removal in report.removals}


def test_every_kind_of_place(site: Path) -> None:
    metadata = read(PAGE, site).metadata
    assert metadata.title == "Frogs"
    assert metadata.authors == (Author("Ada", "https://pond.example/u/1"), Author("Bo", "https://pond.example/u/2"))
    assert metadata.published == date(2026, 5, 1)
    assert (metadata.stats.comments, metadata.tags) == (1204, ("frogs", "reeds"))
    assert (metadata.source_url, metadata.site) == ("https://pond.example/frogs", "The Pond")
    origins = dict(metadata.origins)
    assert (origins["comments"], origins["tags"]) == (".replies@data-count", "meta:keywords")


def test_places_are_tried_in_order_and_the_page_fills_the_rest(site: Path) -> None:
    data = '{"@type": "Article", "headline": "H", "author": {"name": "Cy"}, "datePublished": "2026-01-02"}'
    page = (
        f'<script type="application/ld+json">{data}</script><meta property="og:title" content="O"><article><p>text</p>'
    )
    metadata = read(page, site).metadata
    assert (metadata.title, metadata.authors, metadata.published) == ("O", (Author("Cy"),), date(2026, 1, 2))
    origins = dict(metadata.origins)
    assert (origins["title"], origins["authors"], origins["published"]) == (
        "meta:og:title",
        "json-ld:author",
        "json-ld",
    )


def test_relative_links_start_from_the_site(site: Path) -> None:
    assert "https://pond.example/reeds" in ac.to_markdown(read(PAGE, site))


def test_a_page_without_the_text_names_what_was_tried(site: Path) -> None:
    with pytest.raises(ac.InputError, match=r"The Pond.*#story, article"):
        read("<p>somewhere else</p>", site)


def test_a_folder_is_converted_by_a_site_file(site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pages").mkdir()
    for number in range(3):
        (tmp_path / "pages" / f"{number}.html").write_text(PAGE, encoding="utf-8")
    out = tmp_path / "out"
    assert main([str(tmp_path / "pages"), "-f", str(site), "-o", f"{out}/", "-t", "markdown"]) == 0, capsys.readouterr()
    assert [path.name for path in sorted(out.iterdir())] == ["0.md", "1.md", "2.md"]
    assert "A frog sat" in (out / "2.md").read_text(encoding="utf-8")


def test_a_rule_of_the_site_can_be_kept(tmp_path: Path) -> None:
    page, site, out = str(EXAMPLES / "teahouse.html"), str(EXAMPLES / "teahouse.toml"), tmp_path / "tea.md"
    for keep, kept in ((["membership"], True), (["follow"], False), ([], False)):
        arguments = [argument for rule in keep for argument in ("--keep", rule)]
        assert main([page, "-f", site, "-o", str(out), *arguments]) == 0
        said = out.read_text(encoding="utf-8")
        assert ("加入茶馆会员" in said) == kept
        assert ("扫码" in said) == ("follow" in keep)
    assert main([page, "-f", site, "-o", str(out), "--keep", "nothing"]) == 2


def test_the_reader_says_what_it_is(site: Path) -> None:
    reader = formats.reader(str(site))
    assert "The Pond" in reader.help
    assert reader.recognises('<link rel="canonical" href="https://pond.example/frogs">')
    assert not reader.recognises("<p>//pond.example.org/")


# --------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("body = ", "is no TOML"),
        ("", "body is missing; it takes CSS selectors"),
        ("bodies = ['a']", "no key 'bodies' here (did you mean 'body'?)"),
        ("body = ['div:frist-child']", "body: selector 'div:frist-child' is not understood"),
        ("body = 3", "body takes a text or a list of texts"),
        ("body = ['']", "body takes a text or a list of texts"),
        ("body = 'p'\nhosts = ['https://a.example/']", "hosts takes names such as"),
        ("body = 'p'\nname = 3", "name takes the name of the site as text"),
        ("body = 'p'\nzone = 'CST'", 'zone takes hours and minutes from UTC, such as zone = "+08:00"'),
        ("body = 'p'\nfields = 3", "begin it with a line [fields]"),
        ("body = 'p'\n[fields]\ntitel = 'h1'", "no field 'titel' (did you mean 'title'?)"),
        ("body = 'p'\n[fields]\ntitle = 'h1@@x'", "title: 'h1@@x' is no source; write .css"),
        ("body = 'p'\n[fields]\ntitle = ['h1', '>']", "title: selector '>' is not understood from '>' on"),
        ("body = 'p'\n[[rule]]\nid = 'X'", "[[rule]] 1: id takes a name of small letters"),
        ("body = 'p'\n[[rule]]\nid = 'x'", "[[rule]] 1 (x): it finds nothing"),
        ("body = 'p'\n[[rule]]\nid = 'x'\npattern = '('", "[[rule]] 1 (x): pattern: '(' is no regular expression"),
    ],
)
def test_a_mistake_names_the_file_the_key_and_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(ac.OptionError) as raised:
        site_in(text, "my.toml")
    assert str(raised.value).startswith("my.toml")
    assert said in str(raised.value)


def test_a_site_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(ac.InputError, match="cannot read"):
        ac.read(b"<p>a", str(tmp_path / "no.toml"))
    (tmp_path / "bad.toml").write_bytes(b"\xff")
    with pytest.raises(ac.OptionError, match="not in UTF-8"):
        ac.read(b"<p>a", str(tmp_path / "bad.toml"))


def test_the_command_calls_a_mistake_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "my.toml").write_text("bodys = 'p'", encoding="utf-8")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    out = tmp_path / "a.md"
    assert main([str(tmp_path / "a.html"), "-f", str(tmp_path / "my.toml"), "-o", str(out)]) == 2
    assert "did you mean 'body'" in capsys.readouterr().err


# --------------------------------------------------------------------------- has the site changed?


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    made = []
    for number in range(4):
        extra = (
            f'<p>Story {number} goes on.</p><div class="club"><p>Join the club of ponds.</p><p>It is free.</p></div>'
            f'<p>See <a href="https://shop.example/{number}">the shop</a>.</p><p><img src="/qrcode.png"></p>'
        )
        path = tmp_path / f"{number}.html"
        page = PAGE.replace("A frog sat on a stone", f"{number} frogs sat on a stone")
        path.write_text(page.replace("moved.</p>", f"moved.</p>{extra}"), encoding="utf-8")
        made.append(path)
    return made


def test_pages_as_described(site: Path, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    found = drift.examine(str(site), [tmp_path / "a.html"])
    assert found.is_as_described()
    assert found.pages[0].fields["title"] == ("h1.name", 0)


def test_fallbacks_and_missing_fields_are_found(site: Path, tmp_path: Path) -> None:
    page = (
        PAGE.replace('class="name"', "")
        .replace('class="by"', "")
        .replace("<title>", '<meta property="og:title" content="F"><title>')
    )
    (tmp_path / "a.html").write_text(page, encoding="utf-8")
    found = drift.examine(str(site), [tmp_path / "a.html"])
    assert not found.is_as_described()
    assert found.pages[0].fields["title"] == ("meta:og:title", 1)
    assert "authors" not in found.pages[0].fields


def test_new_furniture_is_found_with_a_rule_that_cuts_it(site: Path, pages: list[Path]) -> None:
    found = drift.examine(str(site), pages)
    assert {(suspect.why, suspect.pages) for suspect in found.suspects} == {
        ("the same text", 4),
        ("links to the same host", 4),
        ("a QR code", 4),
    }
    assert not [suspect for suspect in found.suspects if "Story" in suspect.example]
    rules = "\n".join(suspect.rule for suspect in found.suspects)
    assert 'select = "div.club"' in rules
    site.write_text(SITE + rules, encoding="utf-8")
    again = drift.examine(str(site), pages)
    assert not again.suspects
    said = text_of(ac.clean(ac.read(pages[1], str(site))))
    assert "Story 1 goes on." in said
    assert "the club" not in said


@pytest.mark.parametrize("name", ["comments", "drop", "share-bar"])
def test_what_is_suggested_can_be_pasted_whatever_a_class_is_called(name: str) -> None:
    [rule] = parse_rules(drift._rule(name, f"div.{name}"), "my.toml").rules
    assert rule.id == f"{name}-here"


def test_rules_that_found_nothing_are_named_but_do_not_count(site: Path, tmp_path: Path) -> None:
    site.write_text(SITE + "[[rule]]\nid = 'rare'\nselect = '.rare'\n", encoding="utf-8")
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    found = drift.examine(str(site), [tmp_path / "a.html"])
    assert (found.idle, found.is_as_described()) == (("rare",), True)


def test_the_command_and_its_status(site: Path, pages: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    (pages[0].parent / "plain.html").write_text(PAGE, encoding="utf-8")
    assert main(["--check-site", str(site), str(pages[0].parent / "plain.html")]) == 0
    assert "as described" in capsys.readouterr().out
    (pages[0].parent / "none.html").write_text("<p>nothing here</p>", encoding="utf-8")
    assert main(["--check-site", str(site), *map(str, pages), str(pages[0].parent / "none.html")]) == 1
    said = capsys.readouterr().out
    assert "not read: no article of The Pond" in said
    assert "looks like furniture: the same text on 4 pages" in said
    assert main(["--check-site", "html", str(pages[0])]) == 2
    assert main(["--check-site", str(site)]) == 2


def test_the_built_in_site_names_its_places() -> None:
    found = drift.examine("woshipm", [PAGES / "g4_saved_2026.html", PAGES / "g3_kan_2018.html"])
    newest, older = found.pages
    assert all(place == 0 for _, place in newest.fields.values())
    assert set(newest.fields) == set(SOURCES)
    assert older.fields["title"] == (".article-header h2", 1)
    for page in (newest, older):
        assert all(origin in SOURCES[name] for name, (origin, _) in page.fields.items())
