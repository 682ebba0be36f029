"""Hand labels: what they say of a page of our own, what they find, and that they hold no text."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import article_convert as ac
from article_convert.model import (
    Article,
    Author,
    BlockQuote,
    Figure,
    Heading,
    Image,
    List,
    ListItem,
    Metadata,
    Paragraph,
    Stats,
    Text,
)
from woshipm_pages import dump

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from quality import furniture, labels, metadata


def text(content: str) -> Paragraph:
    return Paragraph((Text(content),))


ARTICLE = Article(
    (
        Figure(Image("https://image.woshipm.com/2024/05/01/lead.png")),
        Heading(2, (Text("一、先写提纲"),)),
        text("提纲只有三行，却决定了后面三页。"),
        List((ListItem((text("写给谁看"),)), ListItem((text("看完做什么"),))), ordered=True),
        text("关注公众号的读者问过：按钮该放在哪里？"),
        text("参考资料：自己的旧笔记。"),
    ),
    Metadata(
        title="三行提纲",
        authors=(Author("阿木", "https://www.woshipm.com/u/7", "https://image.woshipm.com/a.png"),),
        published=date(2024, 5, 1),
        source_url="https://www.woshipm.com/pd/123456.html",
        category="Pd",
        tags=("写作",),
        summary="怎样用三行提纲写完一篇文章。",
        lead_image="https://image.woshipm.com/2024/05/01/lead.png",
        stats=Stats(views=10, comments=2, collects=3, likes=4, reading_minutes=5),
    ),
)
ABSTRACT = BlockQuote((text(ARTICLE.metadata.summary),))
SOURCE = dump(replace(ARTICLE, content=(ABSTRACT, *ARTICLE.content))).decode()
LINES = SOURCE.split("\n")


def line(beginning: str) -> int:
    return next(number for number, each in enumerate(LINES, 1) if each.startswith(beginning))


CARD = f"{line('[![](https://image.woshipm.com/2023')}-{line('](https://ke')}"
SEEN = f"{line('![](https://image.woshipm.com/2024')}-{line('参考资料')} not {CARD}"
LABEL = labels.make(SOURCE, SEEN, stays=[line("关注公众号"), line("参考资料")])


def cleaned() -> Article:
    return ac.clean(ac.read(SOURCE.encode(), "gitbook"))


def test_a_label_is_content_with_what_its_maker_saw() -> None:
    assert (LABEL.lines, LABEL.pictures) == (6, 1)
    assert labels.lost(LABEL, cleaned()) == labels.left(LABEL, cleaned()) == ""


@pytest.mark.parametrize("gone", range(6))
def test_a_label_misses_every_block(gone: int) -> None:
    article = cleaned()
    less = replace(article, content=article.content[:gone] + article.content[gone + 1 :])
    assert labels.lost(LABEL, less)


@pytest.mark.parametrize("rule", ["course-card", "statement-licence", "summary-again", "share-bar", "title-again"])
def test_a_label_finds_what_is_left(rule: str) -> None:
    article = ac.read(SOURCE.encode(), "gitbook")
    for step in ac.transforms.standard(keep={rule}):
        article = step(article, ac.Report())
    assert labels.left(LABEL, article)
    assert labels.lost(LABEL, article) == ""


@pytest.mark.parametrize(
    "line",
    [
        "特邀作者",
        "阿木，微信公众号：木头，写提纲的人。",
        "每人最多可投 3 票",
        "本文由 @阿木 授权发布",
        "题图来自作者",
        "作者：阿木；编辑：阿林",
        "长按识别二维码关注",
    ],
)
def test_furniture_is_found_at_the_end_by_other_patterns(line: str) -> None:
    article = cleaned()
    assert furniture.left_over(article) == ""
    assert furniture.left_over(replace(article, content=(*article.content, text(line))))


def test_the_patterns_would_notice_what_the_rules_cut() -> None:
    report = ac.Report()
    ac.clean(ac.read(SOURCE.encode(), "gitbook"), report=report)
    cuts = [removal.text for removal in report.removals if removal.rule in {"byline", "course-card", "share-bar"}]
    assert len(cuts) == 3
    assert furniture.unnoticed(cuts) == ""
    assert furniture.unnoticed([*cuts, "提纲只有三行，却决定了后面三页。"]) == "提纲只有三行，却决定了后面三页。"


def test_metadata_is_held_against_the_page() -> None:
    article = cleaned()
    assert metadata.missing(article, SOURCE) == []
    other = replace(article.metadata, tags=(), published=None, stats=replace(article.metadata.stats, views=11))
    assert metadata.missing(replace(article, metadata=other), SOURCE) == ["published", "tags", "views"]


def test_labels_hold_no_text() -> None:
    held = json.loads(labels.LABELS.read_text(encoding="utf-8"))
    assert len(held) >= 64
    for number, fields in held.items():
        assert number.isdigit()
        for digest in (fields["first"], fields["last"], *fields.get("stays", ()), *fields.get("goes", ())):
            assert re.fullmatch(r"[0-9a-f]{12}", digest), number
    assert labels.LABELS.read_text(encoding="utf-8").isascii()
    assert dict.fromkeys(held, labels.Label).keys() == labels.load().keys()
