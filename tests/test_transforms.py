"""The single steps: what each promises, on articles made by hand."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

import article_convert as ac
from article_convert.model import (
    Article,
    Author,
    BlockQuote,
    Embed,
    Figure,
    Heading,
    Image,
    Link,
    Metadata,
    Note,
    Paragraph,
    Styled,
    Text,
    ThematicBreak,
)
from article_convert.report import Report
from article_convert.rules import Rule
from article_convert.rules.marks import mark_blocks
from article_convert.transforms import standard
from article_convert.transforms.anchors import find_anchor, link_anchors
from article_convert.transforms.cut import cut_furniture
from article_convert.transforms.headings import repair_headings
from article_convert.transforms.level import Level
from article_convert.transforms.metadata import language_of, parsed_date, with_match
from article_convert.transforms.typography import clean_characters
from article_convert.tree import text_of, walk


def line(text: str) -> Paragraph:
    return Paragraph((Text(text),))


# --------------------------------------------------------------------------- furniture


@pytest.mark.parametrize("pattern", ["(?<=。)$", "(?=乙)", "\\Z", ""])
def test_a_rule_that_matches_nothing_at_all_ends(pattern: str) -> None:
    level = Level((line("甲。"), line("乙。")))
    assert len(list(level.runs(re.compile(pattern)))) <= 2


def test_a_page_in_one_line_keeps_its_link_and_its_picture() -> None:
    said = "标题 林一鸣 关注 2019-01-01 1 评论 2 浏览 3 收藏 4 分钟 正文从这里开始。"
    content = (Text(said), Link((Text("链接"),), "https://a.example/b"), Image("https://a.example/c.png", "图"))
    report = Report()
    article = ac.clean(Article((Paragraph(content),), Metadata(title="标题")), report=report)
    assert {Link, Image} <= {type(node) for node in walk(article)}


@pytest.mark.parametrize("block", [Embed("video", "https://v.example/1"), ThematicBreak()])
def test_what_says_nothing_is_cut_with_a_removal(block: Embed | ThematicBreak) -> None:
    report = Report()
    rule = Rule(id="drop", reason="drop iframe")
    article = cut_furniture(Article((line("甲"), mark_blocks(rule, (block,)))), report, ac.RuleSet((rule,)))
    assert article.content == (line("甲"),)
    assert [removal.rule for removal in report.removals] == ["drop"]
    assert report.removals[0].text == ("[](https://v.example/1)" if isinstance(block, Embed) else "")
    assert not report.counts["furniture.unmatched"]


def test_a_dropped_video_is_reported() -> None:
    page = '<article><p>甲乙丙丁。</p><iframe src="https://player.example/v/1"></iframe></article>'
    report = Report()
    rules = ac.choose_rules(drop=["iframe"])
    ac.clean(ac.read(page.encode(), "html", rules=rules, report=report), standard(rules=rules), report=report)
    assert "https://player.example/v/1" in report.removals[-1].text
    assert not report.counts["furniture.unmatched"]


def test_an_abstract_is_found_by_its_lines_or_its_characters() -> None:
    quote = BlockQuote((line("第一句。"), line("第二句。"), line("第三句。")))
    for summary in ("第一句。", "第一句。\n第二句。", "第一句。\n第二", "编辑导语：第一句。"):
        article = ac.clean(Article((quote, line("正文。")), Metadata(title="题", summary=summary)))
        assert article.content == (line("正文。"),), summary
    article = ac.clean(Article((quote, line("正文。")), Metadata(title="题", summary="第二句。")))
    assert article.content == (quote, line("正文。"))


# --------------------------------------------------------------------------- metadata


@pytest.mark.parametrize(
    ("said", "views", "comments"),
    [("10 views, comments 3", 10, None), ("1,234 views, 5 comments", 1234, 5), (f"{'9' * 5000} views", None, None)],
)
def test_counters_are_numbers_or_nothing(said: str, views: int | None, comments: int | None) -> None:
    source = f"# T\n\n> **Author:** A\n> **Stats:** {said}\n\nText."
    stats = ac.clean(ac.read(source.encode(), "gitbook")).metadata.stats
    assert (stats.views, stats.comments) == (views, comments)


def test_a_rule_of_a_user_may_call_anything_a_counter() -> None:
    m = re.match(r"(?P<author>\w+) (?P<views>\w+)", "林一鸣 一万")
    assert m is not None
    found = with_match(Metadata(), m, "mine")
    assert found.authors == (Author("林一鸣"),)
    assert found.stats.views is None


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("2024-10-27", date(2024, 10, 27)),
        ("2018年3月15日 发布", date(2018, 3, 15)),
        ("2024-10-27 08:30", datetime(2024, 10, 27, 8, 30)),
        ("2024-10-27T08:30:05Z", datetime(2024, 10, 27, 8, 30, 5, tzinfo=UTC)),
        ("2024-10-27 08:30 +0800", datetime(2024, 10, 27, 8, 30, tzinfo=timezone(timedelta(hours=8)))),
        ("2024-10-271", None),
        ("2024-13-01", None),
        ("2024-10-27T25:00", None),
    ],
)
def test_dates(said: str, when: date | None) -> None:
    assert parsed_date(said) == when


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The kettle is filled with water and put on the stove.", "en"),
        ("L’eau est versée dans la bouilloire, puis on allume le feu sous elle.", ""),
        ("Das Wasser wird in den Kessel gegossen und auf den Herd gestellt.", ""),
        ("Đổ nước vào ấm rồi đặt lên bếp và chờ cho nước sôi.", ""),
        ("Воду наливают в чайник, а чайник ставят на плиту. The Kettle and the Stove. 茶", ""),
        ("水开了，再下面。", "zh-CN"),
        ("", ""),
    ],
)
def test_a_language_is_known_or_left_open(text: str, language: str) -> None:
    assert language_of(text) == language


# --------------------------------------------------------------------------- headings and their anchors


def test_headings_in_footnotes_stand_in_no_outline() -> None:
    inside = Heading(4, (Text("注"),))
    article = Article((Heading(1, (Text("甲"), Note((inside,)))), Heading(3, (Text("乙"),)), Heading(1, (Text("丙"),))))
    repaired = repair_headings(article, Report())
    assert [node.level for node in repaired.content if isinstance(node, Heading)] == [2, 3, 2]
    assert inside in list(walk(repaired))
    assert repair_headings(repaired, Report()) is repaired


def test_anchors_find_the_id_the_slug_and_the_number() -> None:
    titles = ["Setup", "Setup", "安装", "1.2 Running it"]
    assert [
        find_anchor(each, titles) for each in ("setup", "setup-1", "setup-²", "an-zhuang", "id-1.2-running-it")
    ] == [
        0,
        1,
        None,
        2,
        3,
    ]


def test_an_anchor_of_the_site_means_the_id() -> None:
    article = Article((Heading(2, (Text("甲"),), "setup"), Paragraph((Link((Text("乙"),), "#user-content-setup"),))))
    found = link_anchors(article, Report()).content[0]
    assert isinstance(found, Heading)
    assert found.id == "setup"
    assert [dict(node.attributes)["id"] for node in walk(found) if isinstance(node, Styled)] == ["user-content-setup"]


# --------------------------------------------------------------------------- characters


def test_what_holds_no_odd_character_is_not_touched_because_something_else_does() -> None:
    picture, empty = Paragraph((Image("a.png"),)), Paragraph(())
    cleaned = clean_characters(Article((picture, empty, line("\u3000\u3000甲\u200b乙"), line("\u00a0"))), Report())
    assert cleaned.content == (picture, empty, line("甲乙"))
    left = clean_characters(Article((Paragraph((Text("\u3000"), Image("a.png"))),)), Report())
    assert left.content == (Figure(Image("a.png")),)
    assert text_of(clean_characters(left, Report())) == text_of(left)
