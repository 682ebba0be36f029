"""Pages that look as if this project had written them, changed by somebody: an article, never an exception."""

from __future__ import annotations

import pytest

import article_convert as ac
from article_convert.model import Article, List, ListItem, Note, Paragraph, Styled, Text
from article_convert.tree import check, walk


def read(source: str) -> Article:
    article = ac.read(source.encode(), "html")
    check(article)
    return article


def own(content: str) -> Article:
    return read(f'<article class="article">{content}</article>')


def noted(count: int, following: int) -> Article:
    """A page whose note 0 refers twice to the next one, and so on; note `count - 1` leads `following` further."""
    link = '<sup class="noteref"><a role="doc-noteref" href="#n{0}">1</a></sup>'
    numbers = [*range(1, count), count - 1 + following]
    items = "".join(
        f'<li id="n{index}"><p>说{index}{link.format(number) * 2}</p></li>' for index, number in enumerate(numbers)
    )
    return own(f'<p>甲{link.format(0)}</p><section class="footnotes"><ol>{items}</ol></section>')


@pytest.mark.parametrize(("count", "following"), [(1, 0), (2, -1), (40, 1)])
def test_notes_that_refer_to_notes_have_an_end(count: int, following: int) -> None:
    article = noted(count, following)
    notes = [node for node in walk(article) if isinstance(node, Note)]
    assert 1 <= len(notes) <= count
    told = {node.text for node in walk(article) if isinstance(node, Text)}
    assert "说0" in told
    assert any(isinstance(node, Styled) and node.kind == "sup" for node in walk(article))


@pytest.mark.parametrize(
    "content",
    [
        '<ol start="x"><li>甲</li></ol>',
        '<p class="embed">甲</p>',
        '<h2 data-level="x">甲</h2>',
        '<h2 data-level="9">甲</h2>',
        f'<p>甲</p><p class="stats"><span data-stat="views">{"9" * 5000}</span></p>',
    ],
)
def test_attributes_that_nobody_here_wrote_fall_back(content: str) -> None:
    assert "甲" in ac.to_html(own(content))


def test_a_list_without_a_number_starts_at_one() -> None:
    assert own('<ol start="x"><li>甲</li></ol>').content == (
        List((ListItem((Paragraph((Text("甲"),)),)),), ordered=True),
    )


@pytest.mark.parametrize("data", ['{"author": null}', '{"author": 3, "keywords": 3}', '{"author": [{"name": 3}]}'])
def test_json_ld_of_another_shape_says_nothing(data: str) -> None:
    typed = data.replace("{", '{"@type": "Article", ', 1)
    generator = '<meta name="generator" content="article_convert 1"/>'
    linked = f'<script type="application/ld+json">{typed}</script>'
    article = read(f'<html><head>{generator}{linked}</head><body><article class="article"><p>甲</p></article></body>')
    assert article.content == (Paragraph((Text("甲"),)),)
    assert "甲" in ac.to_html(article)


def test_a_note_is_converted_once_however_often_it_is_referred_to() -> None:
    reference = '<sup><a class="footnote-ref" href="#fn1">1</a></sup>'
    note = '<section class="footnotes"><ol><li id="fn1"><p>一次</p></li></ol></section>'
    article = read(f"<article><p>甲{reference}乙{reference}</p>{note}</article>")
    first, second = [node for node in walk(article) if isinstance(node, Note)]
    assert first.content is second.content


def test_only_tabs_that_open_on_a_click_count_as_shown() -> None:
    hidden = '<article><p>甲</p><div class="{}" style="display:none">乙</div></article>'
    for shown in ("tab-pane", "TabPanel", "vp-tabs__item", "MyTab"):
        assert len(read(hidden.format(shown)).content) == 2, shown
    for name in ("table-note", "metabox", "database", "stable"):
        assert len(read(hidden.format(name)).content) == 1, name


def test_a_page_is_read_without_any_rule() -> None:
    page = "<html><body><div>目录 目录</div><article><p>甲乙丙丁。</p></article></body></html>"
    report = ac.Report()
    ac.read(page.encode(), "html", rules=ac.RuleSet(rules=()), report=report)
    assert [(removal.rule, removal.text) for removal in report.removals] == [("page", "目录 目录")]
