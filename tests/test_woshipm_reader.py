"""Pages of woshipm.com: every theme, every field, and the same article as from the scraper's Markdown."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

import article_convert as ac
from article_convert.model import (
    Article,
    Author,
    BlockQuote,
    CodeBlock,
    Figure,
    Heading,
    Image,
    LineBreak,
    Link,
    List,
    ListItem,
    Metadata,
    Paragraph,
    Stats,
    Strong,
    Text,
)
from article_convert.readers.woshipm import WoshipmReaderOptions
from article_convert.readers.woshipm.fields import number, original
from article_convert.report import Report
from article_convert.transforms import cut_furniture
from article_convert.tree import check, text_of, walk
from woshipm_pages import THEMES, dump, page

PAGES = Path(__file__).parent / "pages"


def text(content: str) -> Paragraph:
    return Paragraph((Text(content),))


LEAD = "https://image.woshipm.com/wp-files/2021/05/AbCdEfGhIjKlMnOpQrSt.png"
ARTICLE = Article(
    (
        BlockQuote((text("把一件小事说清楚，比把一件大事说热闹更难。"),)),
        Figure(Image(LEAD)),
        Heading(2, (Text("一、从一张便签开始"),)),
        Paragraph(
            (Text("先写"), Strong((Text("谁"),)), Text("，再写"), Strong((Text("为什么"),)), Text("，最后才写怎么做。"))
        ),
        Paragraph(
            (Text("第一行"), LineBreak(), Text("第二行，见"), Link((Text("这里"),), "https://example.org/a?b=1&c=2"))
        ),
        List((ListItem((text("便签要小"),)), ListItem((Paragraph((Strong((Text("字"),)), Text("要大"))),)))),
        Heading(3, (Text("1. 分享按钮该放在哪里"),)),
        text("这一节讲的正是分享按钮、版权声明和公众号，所以它们是内容。"),
        List((ListItem((text("放在开头"),)), ListItem((text("放在结尾"),))), ordered=True),
        CodeBlock("def note(who, why):\n    return f'{who}: {why}'"),
        Figure(Image("https://image.yunyingpai.com/wp/2021/05/ZyXwVuTsRqPoNmLkJiHg.jpg")),
        BlockQuote((text("便签写满的时候，"), text("需求就清楚了。"))),
        Heading(2, (Text("二、到哪里结束"),)),
        text("写不下的，就不要做。" * 12),
    ),
    Metadata(
        title="便签法：怎样把需求说清楚？",
        authors=(Author("阿*竹_笔记", "https://www.woshipm.com/u/900100", "https://static.woshipm.com/APP_U_1.jpg"),),
        published=date(2021, 5, 20),
        source_url="https://www.woshipm.com/pd/4500001.html",
        site="woshipm.com",
        category="产品设计",
        tags=("便签", "需求管理", "2年"),
        summary="把一件小事说清楚，比把一件大事说热闹更难。",
        lead_image=LEAD,
        stats=Stats(views=3681, comments=2, collects=17, likes=5, reading_minutes=9),
    ),
)


def cleaned(data: bytes, reader: str, report: Report | None = None) -> Article:
    report = report if report is not None else Report()
    return ac.clean(ac.read(data, reader, report=report), report=report)


# --------------------------------------------------------------------------- both readers meet


@pytest.mark.parametrize("theme", THEMES)
def test_a_page_of_every_theme_gives_the_article(theme: str) -> None:
    report = Report()
    article = cleaned(page(ARTICLE, theme), "woshipm", report)
    assert article.content == ARTICLE.content[1:]
    assert article.metadata.summary == ARTICLE.metadata.summary
    assert [notice.kind for notice in article.metadata.notices] == ["licence", "cover", "disclaimer"]
    assert report.worst() == "note"


def test_the_scraped_markdown_gives_the_same_article() -> None:
    scraped = cleaned(dump(ARTICLE), "gitbook")
    saved = cleaned(page(ARTICLE, "g4-scripts"), "woshipm")
    assert scraped.content == saved.content
    assert scraped.metadata.notices == saved.metadata.notices
    for name in ("title", "published", "tags", "source_url", "summary", "lead_image", "stats", "site", "language"):
        assert getattr(scraped.metadata, name) == getattr(saved.metadata, name), name
    assert [(author.name, author.url) for author in scraped.metadata.authors] == [
        (author.name, author.url) for author in saved.metadata.authors
    ]


def test_all_fields_of_the_newest_theme() -> None:
    metadata = cleaned(page(ARTICLE, "g4"), "woshipm").metadata
    assert replace(metadata, notices=(), language="", origins=()) == ARTICLE.metadata
    origins = dict(metadata.origins)
    assert origins["title"] == "h2.article--title"
    assert origins["source_url"] == "share link"
    assert origins["likes"] == ".article--actions"


@pytest.mark.parametrize(
    ("theme", "fields"),
    [
        ("g3", "title authors published source_url category tags"),
        ("g2", "title published source_url category tags stats"),
        ("g1", "title source_url category"),
        ("feed", "title source_url category"),
        ("body", "summary lead_image"),
    ],
)
def test_older_themes_have_their_fields(theme: str, fields: str) -> None:
    metadata = ac.read(page(ARTICLE, theme), "woshipm").metadata
    for name in fields.split():
        expected = getattr(ARTICLE.metadata, name)
        if name == "stats":
            expected = replace(expected, reading_minutes=None)
        if name == "authors":
            expected = (replace(expected[0], avatar="a.png"),)
        assert getattr(metadata, name) == expected, name


# --------------------------------------------------------------------------- hand-written pages


def saved(name: str, report: Report | None = None) -> Article:
    return ac.read(PAGES / name, "woshipm", report=report)


def test_a_page_saved_in_2026() -> None:
    report = Report()
    article = saved("g4_saved_2026.html", report)
    metadata = article.metadata
    assert metadata.title == "社区冷启动：先请来一百位种子用户"
    assert metadata.authors == (
        Author(
            "林*小满_PM",
            "https://www.woshipm.com/u/900001",
            "https://static.woshipm.com/APP_U_202601010101_1.jpg",
        ),
    )
    assert metadata.stats == Stats(views=3681, comments=2, collects=7, likes=12, reading_minutes=11)
    assert metadata.tags == ("冷启动", "社区", "3年")
    headings = [node for node in article.content if isinstance(node, Heading)]
    assert [heading.id for heading in headings] == ["", "toc-2"]  # only the second is a target of a link
    article = cut_furniture(article, report)
    links = [node.url for node in walk(article) if isinstance(node, Link)]
    assert links == ["#toc-2", "https://example.org/seed-users"]
    assert "🚀" in text_of(article)
    rules = [removal.rule for removal in report.removals]
    assert {"byline", "course-card", "share-bar", "tags", "author-card", "related", "text-advert"} <= set(rules)
    assert "查看详情" not in text_of(article)
    assert "未经作者许可" in text_of(article)  # statements in the body are for the transforms


def test_every_letter_around_the_article_is_in_the_report() -> None:
    report = Report()
    saved("g4_saved_2026.html", report)
    said = " ".join(removal.text for removal in report.removals)
    for words in (
        "查看权益",
        "更多精彩内容",
        "微信扫一扫",
        "做过三个社区的人",
        "04-253920 浏览",
        "网站统计",
        "16567人已学习",
    ):
        assert words in said


def test_a_page_of_2018() -> None:
    article = saved("g3_kan_2018.html")
    assert article.metadata.stats == Stats(views=12000, collects=70, likes=11)
    assert article.metadata.published == date(2018, 3, 15)
    assert article.metadata.authors == (
        Author("周一", "https://www.woshipm.com/u/900002", "https://static.woshipm.com/WX_U_1.jpg"),
    )
    image = next(node for node in walk(article) if isinstance(node, Image))
    assert image == Image("https://image.woshipm.com/wp-files/2018/03/AbCdEfGhIjKlMnOpQrSt.jpg")
    assert "打赏" in text_of(article)  # marked, not cut
    assert "打赏" not in text_of(cut_furniture(article, Report()))


def test_a_page_of_2017() -> None:
    article = saved("g2_single_2017.html")
    assert article.metadata.stats == Stats(views=6500, comments=25, collects=118, likes=42)
    assert article.metadata.source_url == "https://www.woshipm.com/active/660001.html"
    lists = [node for node in article.content if isinstance(node, List)]
    assert [(node.ordered, node.start) for node in lists] == [(True, 1), (True, 3)]
    assert isinstance(article.content[0], BlockQuote)


def test_a_page_of_2015() -> None:
    article = saved("g1_2015.html")
    assert article.metadata.title == "产品经理的早晨"
    images = [node for node in walk(article) if isinstance(node, Image)]
    assert [image.url for image in images] == ["http://image.woshipm.com/wp-files/2015/06/0123456789abcdef.jpg"]
    assert not any(isinstance(node, Link) for node in walk(article))
    assert "热门文章" not in text_of(article)


def test_pieces_and_other_shapes() -> None:
    body = saved("body_fragment.html")
    assert body.metadata.summary.splitlines() == [
        "#本文为人人都是产品经理《原创激励计划》出品。",
        "表单越短，放弃的人越少。",
    ]
    assert any(isinstance(node, CodeBlock) for node in body.content)
    item = ac.read((PAGES / "feed_item.xml").read_bytes(), "woshipm")
    assert item.metadata.title == "客服机器人的边界 & 成本"
    assert item.metadata.tags == ("客服", "机器人")
    assert isinstance(item.metadata.published, datetime)
    assert item.metadata.published.isoformat() == "2026-03-02T09:30:00+08:00"
    assert "<br> 不是标签" in text_of(item)
    app = ac.read((PAGES / "app_article.json").read_bytes(), "woshipm")
    assert (app.metadata.title, app.metadata.category) == ("按钮应该放在哪里 & 为什么", "产品设计")
    assert app.metadata.lead_image == "https://image.woshipm.com/wp-files/2016/07/b.jpg"
    assert [type(block).__name__ for block in app.content] == ["BlockQuote", "Heading", "Paragraph"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("challenge.html", "asks for a check"),
        ("list_2018.html", "list of articles"),
        ("empty_shell.html", "body is empty"),
        (b'<html><body><form><input type="password"></form></body></html>', "log-in"),
        (b"<html><body><p>hello</p></body></html>", "reader html"),
        (b'{"RESULT": [{"articleTitle": "a"}, {"articleTitle": "b"}]}', "2 articles without their text"),
        (b'{"a": [{"title": "a", "content": "x"}, {"title": "b", "content": "y"}]}', "list of 2 articles"),
        (b'{"a": ', "valid JSON"),
        (b"<rss><channel><item/><item/></channel></rss>", "2 articles"),
    ],
)
def test_what_holds_no_article_is_an_error_that_helps(source: str | bytes, said: str) -> None:
    with pytest.raises(ac.InputError, match=said) as raised:
        ac.read(PAGES / source if isinstance(source, str) else source, "woshipm")
    if isinstance(source, str) or source.startswith(b"<html"):
        assert ".article--content" in str(raised.value)


# --------------------------------------------------------------------------- single facts


def test_fallbacks_in_order() -> None:
    source = page(ARTICLE, "g4").decode()
    without_title = source.replace("article--title", "x")
    metadata = ac.read(without_title.encode(), "woshipm").metadata
    assert (metadata.title, dict(metadata.origins)["title"]) == (ARTICLE.metadata.title, "share link")
    without_share = without_title.replace("service.weibo.com", "example.org").replace("qrcode/create", "x")
    metadata = ac.read(without_share.encode(), "woshipm").metadata
    assert (metadata.title, dict(metadata.origins)["title"]) == (ARTICLE.metadata.title, "title element")
    assert metadata.source_url == ""
    without_author = source.replace("ui-captionStrong", "x")
    origins = dict(ac.read(without_author.encode(), "woshipm").metadata.origins)
    assert origins["authors"] == ".authorCard--title a"


def test_a_page_saved_by_singlefile_keeps_its_pictures() -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 200
    source = page(ARTICLE, "body").decode().replace(LEAD, picture)
    comment = "<!--\n Page saved with SingleFile \n url: https://www.woshipm.com/pd/4500001.html?ref=x \n-->"
    data = (
        f"{comment}<html><body><div class=grap>{source}</div><template shadowrootmode=open>x</template></body></html>"
    )
    metadata = ac.read(data.encode(), "woshipm").metadata
    assert metadata.source_url == ARTICLE.metadata.source_url
    assert metadata.lead_image == picture


def test_relative_dates_need_the_day_of_saving() -> None:
    source = page(ARTICLE, "g4").replace(b"<time>2021-05-20</time>", "<time>3天前</time>".encode())
    report = Report()
    metadata = ac.read(source, "woshipm", report=report).metadata
    assert metadata.published is None
    assert report.counts["metadata.bad-date"] == 1
    assert ("published", "3天前") in metadata.extra
    options = WoshipmReaderOptions(saved=date(2021, 5, 23))
    assert ac.read(source, "woshipm", options=options).metadata.published == date(2021, 5, 20)


def test_sizes_are_cut_on_hosts_of_the_site_only() -> None:
    assert (
        original("https://static.woshipm.com/a.png?imageView2/1/w/72/h/72/q/100") == "https://static.woshipm.com/a.png"
    )
    assert original("//image.yunyingpai.com/a.jpg!/both/120x80") == "https://image.yunyingpai.com/a.jpg"
    assert (
        original("https://image.woshipm.com/a.jpg?x-oss-process=image/quality,q_80")
        == "https://image.woshipm.com/a.jpg"
    )
    for url in ("https://p3.example/a.image?x-signature=b!c", "https://img.example/a.png!post", "a.png?x=1"):
        assert original(url) == url


def test_counters() -> None:
    assert [number(said) for said in ("0 评论", "1.2万", "6.5k", "1.2w", "407 万", "", "—")] == [
        0, 12_000, 6_500, 12_000, 4_070_000, None, None,
    ]  # fmt: skip


def test_the_guess_knows_pages_of_the_site() -> None:
    for theme in ("g1", "g2", "g3", "g4"):
        assert ac.read(page(ARTICLE, theme)).metadata.title == ARTICLE.metadata.title
    own = ac.write(ARTICLE, writer="html")
    assert ac.read(own).content == ARTICLE.content


# --------------------------------------------------------------------------- broken and hostile input


@pytest.mark.parametrize("theme", ["g2", "g4-scripts", "feed"])
def test_mutated_pages_are_read_or_refused(theme: str) -> None:
    chance = random.Random(7)
    source = page(ARTICLE, theme)
    for _ in range(150):
        data = bytearray(source)
        for _ in range(chance.randrange(1, 6)):
            place = chance.randrange(len(data))
            match chance.randrange(5):
                case 0:
                    del data[place:]
                case 1:
                    data[place : place + chance.randrange(40)] = b""
                case 2:
                    data[place:place] = chance.choice(
                        (b"<", b">", b"<a>", b"</p>", b"\x00", b"&#xD800;", b"\xff", b'"')
                    )
                case 3:
                    data[place:place] = data[chance.randrange(len(data)) :][:300]
                case _:
                    data[place] = chance.randrange(256)
            if not data:
                break
        try:
            check(ac.read(bytes(data), "woshipm"))
        except ac.InputError as refused:
            assert str(refused)


def test_a_deep_body_is_read() -> None:
    deep = b"<div>" * 10_000 + "深处".encode() + b"</div>" * 10_000
    article = ac.read(page(ARTICLE, "g4").replace(b'<div class="js-star', deep + b'<div class="js-star'), "woshipm")
    assert "深处" in text_of(article)
    assert text_of(article).count("写不下的") == 12
