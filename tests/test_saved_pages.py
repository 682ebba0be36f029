"""Pages as sites of other kinds write them: what is taken for the article, and what it says about itself."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

import article_convert as ac
from article_convert.model import Article, CodeBlock, Figure, Heading, Note, Paragraph, RawInline, Table
from article_convert.tree import text_of, walk

LONG = "先把水烧开，再把面放进去，等三分钟，用筷子拨三下，让每一根都分开，这样就不会粘在一起了。"


def page(body: str, head: str = "") -> Article:
    source = f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    return ac.read(source.encode(), "html")


def said(article: Article) -> list[str]:
    return [line for line in text_of(article).split("\n") if line]


# --------------------------------------------------------------------------- the box of the article


def test_chapters_side_by_side_are_one_article() -> None:
    chapters = "".join(f"<div class=c{n}><h2>第{n}章</h2><p>{LONG}</p><p>{LONG * n}</p></div>" for n in (1, 2, 6))
    assert said(page(chapters))[0] == "第1章"
    assert said(page(f"<div id=all>{chapters}</div>"))[0] == "第1章"


def test_an_example_is_no_article_without_the_text_around_it() -> None:
    code = "\n".join(f"boil(pot, {n}); stir(pot); taste(pot);" for n in range(40))
    section = f"<h2>煮面</h2><p>{LONG}</p><div class=example><pre>{code}</pre></div>"
    assert said(page(f"<div class=section>{section}</div>"))[:2] == ["煮面", LONG]
    assert said(page(section))[:2] == ["煮面", LONG]


def test_menus_beside_the_box_stay_out() -> None:
    menu = "".join(f'<li><a href="/{n}">第{n}篇文章的标题</a></li>' for n in range(30))
    article = page(
        f"<ul>{menu}</ul><div><p>{LONG}</p><p>{LONG}</p></div><p>版权所有 慢慢走，保留一切权利，二〇二四年。</p>"
    )
    assert said(article) == [LONG, LONG]


OLD = f"""
<center><table width=760><tr><td><a href=/>首页</a> | <a href=/n>新闻</a></td></tr></table>
<table width=760><tr><td width=160><table><tr><td><a href=1>热门一</a></td></tr></table></td>
<td><table width=100%><tr><td align=center><font size=5><b>煮面</b></font></td></tr>
<tr><td>　　{LONG}<br><br>　　{LONG}<br>　　第三段。<br>
还是第三段。<center><img src=a.jpg></center><br>　　{LONG}</td></tr></table></td></tr></table></center>
"""


def test_a_page_laid_out_by_tables_and_line_ends_has_paragraphs() -> None:
    article = page(OLD, "<title>煮面_慢慢走网</title>")
    assert article.metadata.title == "煮面"
    assert not [node for node in walk(article) if isinstance(node, Table)]
    blocks = ac.clean(article).content
    assert [type(block) for block in blocks] == [Paragraph, Paragraph, Paragraph, Figure, Paragraph]
    assert text_of(blocks[2]).strip() == "第三段。\n还是第三段。"


@pytest.mark.parametrize(
    "table",
    [
        "<table border=1><tr><td>水</td></tr><tr><td>面</td></tr></table>",
        "<table><tr><td>水</td><td>开</td></tr><tr><td>面</td><td>下</td></tr></table>",
        "<table><tr><th>水</th></tr><tr><td>面</td></tr></table>",
        "<table><tr><td>水</td></tr><tr><td>面</td></tr></table>",
    ],
)
def test_a_table_with_border_head_or_columns_is_one(table: str) -> None:
    article = page(f"<article><p>{LONG}</p>{table}<p>{LONG}</p></article>")
    assert [type(block) for block in article.content] == [Paragraph, Table, Paragraph]


# --------------------------------------------------------------------------- title, author, dates


@pytest.mark.parametrize(
    ("title", "body", "expected"),
    [
        ("煮面 - 林一鸣 - 博客园", "<h1>林一鸣</h1><h1><a href=x>煮面</a></h1>", "煮面"),
        ("煮面 · HonKit", "<h1><a href=.>煮面</a></h1><h1>煮面</h1><h1>results matching</h1>", "煮面"),
        ("Slow Walks - The Book of Walks", "<h1>The Book of Walks</h1><h2>Slow walks</h2>", "Slow walks"),
        ("URL | Walks v20 Documentation", '<h1>Walks v20</h1><h2>URL<a href="#url">#</a></h2>', "URL"),
        ("煮面——水要开", "<h1>慢慢走</h1><h2>煮面——水要开</h2>", "煮面——水要开"),
        ("慢慢走", "<h1>煮面 <button>复制</button></h1>", "煮面"),
    ],
)
def test_the_title_is_what_the_page_shows(title: str, body: str, expected: str) -> None:
    assert page(f"{body}<p>{LONG}</p>", f"<title>{title}</title>").metadata.title == expected


def test_dates_stand_beside_the_article() -> None:
    article = page(
        '<div class=info><span class="time">发布于 2021-03-04 10:20</span>'
        '<span class="post-date">已于 2022-01-02 修改</span></div>'
        f'<article><p>{LONG}</p></article><aside><span class="time">2024-05-06</span></aside>'
    )
    assert article.metadata.published == datetime(2021, 3, 4, 10, 20)
    assert article.metadata.modified == date(2022, 1, 2)
    shown = page(f'<time datetime="2019-02-25T03:01:08Z">前天</time><article><p>{LONG}</p></article>')
    assert shown.metadata.published == datetime(2019, 2, 25, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "row",
    [
        '<div class="post-info">2021-03-04 10:20 <span class="author">作者：林一鸣</span></div>',
        '<div class="post_info">2021-03-04 10:20 <a class="username">林一鸣</a></div>',
        '<p class="article-meta"><span class="post-author">By Lin</span> 2021-03-04 10:20</p>',
        '<div itemprop="author"><meta itemprop="name" content="林一鸣"></div><p class=meta>2021年3月4日 10:20</p>',
    ],
)
def test_a_row_beside_the_article_names_author_and_date(row: str) -> None:
    article = page(f'{row}<article><p>{LONG}</p></article><div class="related"><b class="author">小陈</b></div>')
    assert [author.name for author in article.metadata.authors] in (["林一鸣"], ["Lin"])
    assert article.metadata.published == datetime(2021, 3, 4, 10, 20)


def test_what_is_related_or_in_a_comment_has_other_dates() -> None:
    other = (
        '<div class="related"><span class="date">2024-05-06</span></div><div id=comments><time>2024-05-07</time></div>'
    )
    assert page(f"<article><p>{LONG}</p></article>{other}").metadata.published is None


# --------------------------------------------------------------------------- what stands in the text


def test_notes_that_lead_back_are_footnotes() -> None:
    honkit = (
        f'<section class="markdown-section"><h1>煮面</h1><p>{LONG}<sup><a href="#fn_1" id="reffn_1">1</a></sup></p>'
        '<blockquote id="fn_1"><sup>1</sup>. 水要开。<a href="#reffn_1"> &#8617;</a></blockquote></section>'
    )
    zhihu = (
        f'<div class="RichText"><p>{LONG}<sup><a id="ref_1_0" href="#ref_1">[1]</a></sup></p>'
        '<ol class="ReferenceList"><li id="ref_1"><a href="#ref_1_0">^</a><span>水要开。</span></li></ol></div>'
    )
    for source in (honkit, zhihu):
        article = page(source)
        notes = [node for node in walk(article) if isinstance(node, Note)]
        assert [text_of(note.content).strip() for note in notes] == ["水要开。"]
        assert isinstance(article.content[-1], Paragraph)


def test_a_quotation_that_a_link_leads_to_stays_one() -> None:
    source = f'<article><p>{LONG}<sup><a href="#q">1</a></sup></p><blockquote id="q">水要开。</blockquote></article>'
    assert not [node for node in walk(page(source)) if isinstance(node, Note)]


def test_a_heading_takes_the_name_of_its_anchor_and_keeps_no_sign() -> None:
    heading = '<h2><a name="t1"></a>水<a class="mark" href="#t1">#</a></h2>'
    source = f'<article><p><a href="#t1">水</a></p>{heading}<p>{LONG}</p></article>'
    made = next(node for node in walk(page(source)) if isinstance(node, Heading))
    assert made == Heading(2, made.content, "t1")
    assert text_of(made).strip() == "水"
    assert len(made.content) == 1


def test_code_of_a_chat_app_has_its_lines() -> None:
    source = (
        f'<div id="js_content"><p>{LONG}</p><section class="code-snippet__fix">'
        '<ul class="code-snippet__line-index"><li></li></ul>'
        '<pre data-lang="js"><code><span>const pot = 1;</span></code><code><span><br></span></code>'
        "<code><span>boil(pot);</span></code></pre></section></div>"
    )
    assert page(source).content[1] == CodeBlock("const pot = 1;\n\nboil(pot);", "js")


def test_a_formula_without_its_source_is_read_once() -> None:
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
    drawn = f"<mjx-math><mjx-mi>x</mjx-mi></mjx-math><mjx-assistive-mml>{math}</mjx-assistive-mml>"
    article = page(f"<article><p>{LONG}<mjx-container>{drawn}</mjx-container></p></article>")
    raws = [node for node in walk(article) if isinstance(node, RawInline)]
    assert [raw.format for raw in raws] == ["mathml"]
    assert text_of(article).replace(raws[0].text, "").strip() == LONG
