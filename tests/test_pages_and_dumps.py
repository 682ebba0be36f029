"""Whatever an article says: its page in every theme, and its dump as GitBook Markdown, give the same tree."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import article_convert as ac
from article_convert.model import (
    Article,
    Author,
    Block,
    BlockQuote,
    CodeBlock,
    Figure,
    Heading,
    Image,
    Inline,
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
from article_convert.report import Report
from woshipm_pages import THEMES, dump, page

# What articles about this very site would say, and what has to be escaped in one format or the other.
PHRASES = (
    "先想清楚问题", "，再动手", "分享按钮放在右边", "（版权声明也是内容）", "我们的公众号", "“引号”里的话",
    "2024-10-27 那天", "浏览量涨了 3 倍", "R&D 部门", "a < b", "user_name", "2*3=6", "[方括号]", "`反引号`",
    "C:\\目录", "#话题", "100%", "1. 不是列表",
    "题图要不要换？", "点赞和收藏", "vector<int>", "——", "…… 等等", "A/B test", "为什么？", "编辑说的", "👍", "第二版",
)  # fmt: skip
HEADINGS = (
    "一、从哪里开始",
    "1. 分享按钮该放在哪里",
    "关于版权声明",
    "Part 2 数据",
    "为什么是现在？",
    "#标签#的用法",
    "01 起点",
)
CODE = ("def a(b):\n    return b < 1", "SELECT *\nFROM t;", "  缩进\n\n空行之后")
PICTURES = tuple(f"https://image.woshipm.com/wp-files/2022/0{number}/AbCdEfGhIjKlMnOpQr.png" for number in range(1, 6))

words = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3).map("".join)
# What bold passages in Markdown mean beside ASCII marks, nobody can say: `b**\\[a\\]**字`.
bold = words.filter(lambda said: not said[0].isascii() and not said[-1].isascii())
addresses = st.sampled_from(
    ("https://a.example/b?c=1&d=2", "https://a.example/(x)", "http://www.woshipm.com/pd/1.html")
)


@st.composite
def lines(draw: Any) -> tuple[Inline, ...]:
    """A paragraph as authors write it: text, with bold passages, links and line breaks between."""
    content: list[Inline] = [Text("那么" + draw(words))]
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(("strong", "link", "break")))
        if kind == "strong":
            content.append(Strong((Text(draw(bold)),)))
        elif kind == "link":
            content.append(Link((Text(draw(words)),), draw(addresses)))
        else:
            content.append(LineBreak())
        content.append(Text("于是" + draw(words)))
    return tuple(content)


paragraphs = lines().map(Paragraph)
quotes = st.lists(paragraphs, min_size=1, max_size=2).map(lambda content: BlockQuote(tuple(content)))
codes = st.sampled_from(CODE).map(CodeBlock)
figures = st.sampled_from(PICTURES).map(lambda url: Figure(Image(url)))


@st.composite
def lists(draw: Any) -> List:
    items = draw(st.lists(lines(), min_size=1, max_size=4))
    ordered = draw(st.booleans())
    start = draw(st.sampled_from((1, 1, 3))) if ordered else 1
    return List(tuple(ListItem((Paragraph(item),)) for item in items), ordered, start)


@st.composite
def articles(draw: Any) -> Article:
    """An article as the site has them: abstract, lead picture, an outline without gaps, an ending."""
    content: list[Block] = []
    level = 1
    for _ in range(draw(st.integers(1, 6))):
        if draw(st.booleans()):
            level = draw(st.integers(2, min(level + 1, 4)))
            content.append(Heading(level, (Text(draw(st.sampled_from(HEADINGS))),)))
        content.append(draw(st.one_of(paragraphs, paragraphs, quotes, codes, figures, lists())))
        content.append(draw(paragraphs))
    # The scraper wrote the abstract unescaped above its page, so there only plain words mean the same twice.
    summary = "把一件事说清楚，" + draw(st.sampled_from([phrase for phrase in PHRASES if phrase.isalnum()]))
    lead = draw(st.sampled_from(PICTURES))
    opening = (BlockQuote((Paragraph((Text(summary),)),)), Figure(Image(lead)))
    metadata = Metadata(
        title="产品笔记：" + draw(st.sampled_from(HEADINGS)),
        authors=(Author(draw(st.sampled_from(("阿*竹_笔记", "林小满", "Bo|Lu"))), "https://www.woshipm.com/u/900100"),),
        published=date(2021, 5, draw(st.integers(1, 28))),
        source_url="https://www.woshipm.com/pd/4500001.html",
        site="woshipm.com",
        category="产品设计",
        tags=tuple(draw(st.lists(st.sampled_from(("便签", "需求管理", "2年")), unique=True, min_size=1))),
        summary=summary,
        lead_image=lead,
        stats=Stats(views=draw(st.integers(0, 99_999)), comments=2, collects=17, likes=5, reading_minutes=9),
    )
    return Article((*opening, *content, Paragraph((Text("写到这里就够了。"),))), metadata)


def cleaned(data: bytes, reader: str) -> Article:
    report = Report()
    return ac.clean(ac.read(data, reader, report=report), report=report)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(articles(), st.sampled_from(THEMES), st.booleans(), st.booleans(), st.booleans())
def test_a_page_gives_the_article(article: Article, theme: str, filled: bool, scripts: bool, around: bool) -> None:
    saved = cleaned(page(article, theme, filled=filled, scripts=scripts, around=around), "woshipm")
    assert saved.content == article.content[1:]  # the abstract is in the metadata
    assert saved.metadata.summary == article.metadata.summary


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(articles())
def test_the_dump_gives_the_article_and_the_same_fields_as_the_page(article: Article) -> None:
    scraped, saved = cleaned(dump(article), "gitbook"), cleaned(page(article, "g4"), "woshipm")
    assert scraped.content == saved.content == article.content[1:]
    assert scraped.metadata.notices == saved.metadata.notices
    for name in ("title", "published", "tags", "source_url", "summary", "lead_image", "stats", "site", "language"):
        assert getattr(scraped.metadata, name) == getattr(saved.metadata, name), name


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("filled", [False, True])
def test_nothing_that_stands_around_or_between_is_left(theme: str, filled: bool) -> None:
    lead = Paragraph((Text("只有这一句是正文，别的都不是。" * 8),))
    known = Metadata(title="题", authors=(Author("甲", "https://www.woshipm.com/u/1"),), published=date(2022, 1, 2))
    article = Article((lead, lead, lead, lead), replace(known, source_url="https://www.woshipm.com/pd/1.html"))
    saved = cleaned(page(article, theme, filled=filled, scripts=True), "woshipm")
    assert saved.content == article.content
