"""The conversion of HTML elements, decoding, and the plain `html` reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

import article_convert as ac
from article_convert.model import (
    Article,
    Author,
    Block,
    Blocks,
    Callout,
    Cell,
    CodeBlock,
    Embed,
    Emphasis,
    Figure,
    Group,
    Heading,
    Image,
    LineBreak,
    Link,
    List,
    ListItem,
    Math,
    MathBlock,
    Metadata,
    Node,
    Note,
    Notice,
    Paragraph,
    RawInline,
    SoftBreak,
    Stats,
    Strong,
    Styled,
    Table,
    Text,
)
from article_convert.readers.decode import decode
from article_convert.readers.html.addresses import direct
from article_convert.readers.html.elements import BUILT_IN, Context, blocks, inlines, parse_fragment, parse_page
from article_convert.report import Report
from article_convert.tree import check, rewrite, text_of, walk
from strategies import articles


def read(source: str, report: Report | None = None) -> Blocks:
    """The blocks of a fragment, checked."""
    report = report if report is not None else Report()
    content = blocks(parse_fragment(source, report), Context(report, BUILT_IN))
    check(Article(content))
    return content


def only(source: str) -> Block:
    (block,) = read(source)
    return block


def line(source: str) -> tuple[Node, ...]:
    report = Report()
    return inlines(parse_fragment(source, report), Context(report, BUILT_IN))


def text(content: str) -> Paragraph:
    return Paragraph((Text(content),))


# --------------------------------------------------------------------------- white space and paragraphs


def test_mixed_content_is_wrapped_into_paragraphs() -> None:
    assert read("one <b>two</b><p>three</p>four<ul><li>five</ul>six") == (
        Paragraph((Text("one "), Strong((Text("two"),)))),
        text("three"),
        text("four"),
        List((ListItem((text("five"),)),)),
        text("six"),
    )


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("  a \t b  ", (Text("a b"),)),
        ("a <b> b</b> c", (Text("a "), Strong((Text("b"),)), Text(" c"))),
        ("<b>a </b>b", (Strong((Text("a"),)), Text(" b"))),
        ("a <i>b </i> c", (Text("a "), Emphasis((Text("b"),)), Text(" c"))),
        ("a\n   b", (Text("a"), SoftBreak(), Text("b"))),
        ("中文\n换行", (Text("中文换行"),)),
        ("中文\nword", (Text("中文"), SoftBreak(), Text("word"))),
        ("a <br> b<br>", (Text("a"), LineBreak(), Text("b"))),
        ("<b>粗<br></b>后", (Strong((Text("粗"),)), LineBreak(), Text("后"))),
        ("<b>一、</b><b>开始</b>", (Strong((Text("一、开始"),)),)),
        ("x\u00a0y\u3000z", (Text("x\u00a0y\u3000z"),)),
    ],
)
def test_white_space_reads_as_a_browser_shows_it(source: str, expected: tuple[Node, ...]) -> None:
    assert line(source) == expected


def test_paragraphs_that_only_make_distance_are_left_out() -> None:
    assert read("<p>&nbsp;</p><p>\n</p><p></p><p>\u200b</p><p>a</p>") == (text("a"),)


def test_blocks_inside_inlines_keep_both() -> None:
    assert read('<a href="/x"><h3>Title</h3><p>More</p></a>') == (
        Heading(3, (Link((Text("Title"),), "/x"),)),
        Paragraph((Link((Text("More"),), "/x"),)),
    )


# --------------------------------------------------------------------------- elements


def test_lists_nest_and_keep_their_numbers() -> None:
    block = only('<ol start="3"><li>a<ul><li>b</li></ul></li><ul><li>c</li></ul>stray</ol>')
    assert isinstance(block, List)
    assert (block.ordered, block.start, block.tight) == (True, 3, True)
    assert len(block.items) == 1
    assert text_of(block).split() == ["a", "b", "c", "stray"]


def test_a_list_with_paragraphs_is_loose() -> None:
    assert isinstance(only("<ul><li><p>a</p></li></ul>"), List)
    assert only("<ul><li><p>a</p></li></ul>") == List((ListItem((text("a"),)),), tight=False)


def test_tasks() -> None:
    block = only('<ul><li><input type="checkbox" checked> a<li><label><input type=checkbox>b</label><li>c</ul>')
    assert isinstance(block, List)
    assert [item.checked for item in block.items] == [True, False, None]


@pytest.mark.parametrize(
    ("source", "code", "language"),
    [
        ('<pre><code class="language-js">a\n b\n</code></pre>', "a\n b", "js"),
        ('<div class="highlight highlight-source-python"><pre>x = 1</pre></div>', "x = 1", "python"),
        ('<pre class="lang-go">a<br>b</pre>', "a\nb", "go"),
        ('<pre><span class="lineno">1</span>a\n<span class="lineno">2</span>b</pre>', "a\nb", ""),
        ("<pre><code>one</code><code>two</code></pre>", "one\ntwo", ""),
        ("<pre><code>one</code><code><span><br></span></code><code>two</code></pre>", "one\n\ntwo", ""),
        (
            '<pre><code class="hljs language-js" lang="js">a<i class="copy-code-btn">复制代码</i></code></pre>',
            "a",
            "js",
        ),
        ("<pre><code>a\nb</code><ul class=pre-numbering><li>1</li><li>2</li></ul></pre>", "a\nb", ""),
        (
            "<div class=cnblogs_code><div class=cnblogs_code_toolbar><a href=x><img src=c.gif alt=复制></a></div>"
            "<pre>a</pre></div>",
            "a",
            "",
        ),
        ('<pre><ol class="linenums"><li>a</li><li>b</li></ol></pre>', "a\nb", ""),
        (
            '<figure class="highlight sh"><table><tr><td class="gutter"><pre>1\n2</pre></td>'
            '<td class="code"><pre>ls\ncd</pre></td></tr></table></figure>',
            "ls\ncd",
            "sh",
        ),
    ],
)
def test_code_has_its_language_and_no_line_numbers(source: str, code: str, language: str) -> None:
    assert only(source) == CodeBlock(code, language)


def test_tables_keep_spans_and_invent_no_head() -> None:
    block = only('<table><caption>C</caption><tr><td colspan="2">a<td rowspan=3>b<tr><td>c<td>d</table>')
    assert isinstance(block, Table)
    assert block.caption == (Text("C"),)
    assert block.rows[0].cells == (Cell((text("a"),), column_span=2), Cell((text("b"),), row_span=3))
    assert not any(cell.header for row in block.rows for cell in row.cells)


def test_the_head_of_a_table_and_its_columns() -> None:
    block = only(
        "<table><tfoot><tr><td>z<td>9</tfoot><thead><tr><td>h<td style='text-align: right'>n</thead>"
        "<tbody><tr><td>a<td align=right>1</table>"
    )
    assert isinstance(block, Table)
    assert [cell.header for cell in block.rows[0].cells] == [True, True]
    assert [text_of(row).split() for row in block.rows] == [["h", "n"], ["a", "1"], ["z", "9"]]
    assert block.align == ()  # the last row says nothing, so the column has no one alignment


def test_nothing_between_the_cells_is_lost() -> None:
    assert text_of(Article(read("<table>stray<tr>more<td>a</td></tr><p>x</p></table>"))).split() == [
        "stray", "x", "more", "a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "image"),
    [
        ('<img src="a.png" alt=" A  b " width="50%">', Image("a.png", "A b", width="50%")),
        ('<img src="data:image/gif;base64,R0lGOD" data-src="//a/b.png">', Image("//a/b.png")),
        ('<img src="/static/loading.gif" data-original="b.png">', Image("b.png")),
        ('<img srcset="s.png 100w, l.png 800w, m.png 400w">', Image("l.png")),
        ('<img class="lazy"><noscript><img src="n.png"></noscript>', Image("n.png")),
        ('<noscript><img src="n.png"></noscript>', Image("n.png")),
        ('<picture><source srcset="d.png" media="(prefers-color-scheme: dark)"><img src="l.png"></picture>',
         Image("l.png", dark_url="d.png")),
        ('<a href="https://a/full.jpg"><img src="https://a/full-300x200.jpg"></a>', Image("https://a/full.jpg")),
        ('<a href="f.jpg" class="highslide-image"><img src="t.jpg"></a>', Image("f.jpg")),
    ],
)  # fmt: skip
def test_pictures_have_their_real_address(source: str, image: Image) -> None:
    assert only(source) == Figure(image)


def test_figures() -> None:
    assert only("<figure><img src=a.png><figcaption>Cap <b>x</b></figcaption></figure>") == Figure(
        Image("a.png"), (Text("Cap "), Strong((Text("x"),)))
    )
    gallery = only("<figure><img src=a.png><img src=b.png></figure>")
    assert [node.url for node in walk(gallery) if isinstance(node, Image)] == ["a.png", "b.png"]


def test_emoji_pictures_are_emoji_and_trackers_are_gone() -> None:
    report = Report()
    assert read('<img class="emoji" alt="🚀" src="e.svg">!<img src="t.gif" width=1 height=1>', report) == (text("🚀!"),)
    assert report.counts["html.discarded"] == 1


def test_embeds() -> None:
    source = (
        '<iframe src="https://player.bilibili.com/p?id=1" title="Demo"></iframe><video><source src="a.mp4">old</video>'
        '<audio src="b.mp3"></audio><iframe data-src="https://a.example/map"></iframe>'
    )
    assert read(source) == (
        Embed("video", "https://player.bilibili.com/p?id=1", (Text("Demo"),)),
        Embed("video", "a.mp4"),
        Embed("audio", "b.mp3"),
        Embed("page", "https://a.example/map"),
    )


def test_details_definitions_and_ruby() -> None:
    assert only("<details open><summary>S</summary>body</details>") == Group(
        "details", (text("body"),), (Text("S"),), (("open", ""),)
    )
    assert only("<dl><dt>T<dd>D</dd><div><dt>U<dd>E</div></dl>") == Group(
        "definitions",
        tuple(Group(kind, (text(said),)) for kind, said in zip(("term", "definition") * 2, "TDUE", strict=True)),
    )
    assert line("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>") == (
        Styled("ruby", (Text("漢"), Styled("rt", (Text("kan"),)))),
    )


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        (
            '<span class="katex"><span class="katex-mathml"><math><semantics><mi>x</mi><annotation encoding='
            '"application/x-tex">x^2</annotation></semantics></math></span><span class="katex-html">x2</span></span>',
            Math("x^2"),
        ),
        ('<span class="MathJax_Preview">p</span><span class="MathJax">drawn</span><script type="math/tex">y_1</script>',
         Math("y_1")),
        ('<img eeimg="1" src="e.svg" alt="a+b">', Math("a+b")),
        ('<span class="ztext-math" data-tex="c">c</span>', Math("c")),
        ('<math alttext="{\\displaystyle z}"><mi>z</mi></math>', Math("z")),
        ("<math><mi>q</mi></math>", RawInline("mathml", "<math><mi>q</mi></math>")),
    ],
)  # fmt: skip
def test_formulas_are_their_source_once(source: str, formula: Node) -> None:
    assert line(source) == (formula,)


def test_display_formulas() -> None:
    source = (
        '<p>a</p><script type="math/tex; mode=display">\\frac{1}{2}</script>'
        '<math display="block" alttext="x"><mi>x</mi></math>'
    )
    assert read(source) == (text("a"), MathBlock("\\frac{1}{2}"), MathBlock("x"))


def test_styles_that_mean_something() -> None:
    assert line('<span style="font-weight: 700">b</span><font color="red">r</font>') == (
        Strong((Text("b"),)),
        Text("r"),
    )


def test_hidden_text_is_removed_and_listed() -> None:
    report = Report()
    assert read('<p>a<span style="display: none">SEO words</span></p><p hidden>b</p>', report) == (text("a"),)
    assert [removal.text for removal in report.removals] == ["SEO words", "b"]
    assert read('<div class="tab-pane" style="display:none">shown on a click</div>') == (text("shown on a click"),)


def test_what_is_not_for_reading_is_discarded() -> None:
    report = Report()
    source = "<script>x</script><style>y</style><template>z</template><select><option>o</select><p>a</p>"
    assert read(source, report) == (text("a"),)
    assert report.counts["html.discarded"] == 4


def test_unknown_elements_keep_their_content() -> None:
    report = Report()
    assert read("<my-card>inside</my-card>", report) == (text("inside"),)
    assert report.counts["html.unknown-element"] == 1


def test_things_that_only_look_like_tags_are_text() -> None:
    source = "vector<int> and <Role>x</Role>, List<String>, <b站>, 0<X<1, <https://a.b/c>, <b>bold</b> 1<b"
    assert text_of(Article(read(source))).strip() == (
        "vector<int> and <Role>x</Role>, List<String>, <b站>, 0<X<1, <https://a.b/c>, bold 1<b"
    )
    page = parse_page("<html><body>vector<int> <odd>kept</odd></body></html>", Report())
    assert "vector<int> kept" in "".join(page.itertext())


def test_addresses() -> None:
    report = Report()
    assert line('<a href="javascript:void(0)">a</a>') == (Text("a"),)
    assert line('<a href=" https://a.b/中 文 ">a</a>') == (Link((Text("a"),), "https://a.b/%E4%B8%AD%20%E6%96%87"),)
    assert line('<a id="here"></a>x') == (Styled("anchor", (), (("id", "here"),)), Text("x"))
    assert direct("https://www.zhihu.com/?target=https%3A//a.b") == "https://www.zhihu.com/?target=https%3A//a.b"
    assert direct("https://link.juejin.cn/?target=https%3A%2F%2Fa.b%2F%E4%B8%AD") == "https://a.b/中"
    context = Context(report, BUILT_IN, targets=frozenset({"t"}))
    assert blocks(parse_fragment('<p id="t">x</p>', report), context)[0] == Paragraph(
        (Styled("anchor", (), (("id", "t"),)),)
    )


def test_a_handler_takes_over_an_element() -> None:
    report = Report()
    context = Context(report, BUILT_IN, handlers={"i": lambda element, context: [Text("icon")], "b": lambda *_: None})
    assert inlines(parse_fragment("<i class=fa></i> <b>x</b>", report), context) == (
        Text("icon "),
        Strong((Text("x"),)),
    )


def test_spans_name_the_line() -> None:
    report = Report()
    content = blocks(parse_fragment("<p>a</p>\n\n<p>b</p>", report), Context(report, BUILT_IN, line=10))
    assert [block.span.line for block in content if block.span] == [10, 12]


# --------------------------------------------------------------------------- broken and hostile input


@pytest.mark.parametrize("opening", ["<div>", "<ul><li>", "<b>", "<table><tr><td>", "<blockquote><p>", "<dl><dd>"])
@pytest.mark.parametrize("depth", [50, 119, 5000])
def test_nothing_of_a_deep_page_is_lost(opening: str, depth: int) -> None:
    report = Report()
    root = parse_page(f"<html><body>before {opening * depth}inner <a href=u>link</a> text</body></html> after", report)
    article = Article(blocks(root, Context(report, BUILT_IN)))
    check(article)
    said = text_of(article).split()
    assert {"before", "inner", "link", "text", "after"} <= set(said)
    assert any(isinstance(node, Link) for node in walk(article))
    assert depth == 50 or report.counts["nesting.too-deep"]


@pytest.mark.parametrize(
    "source",
    [
        "<a '" * 50_000,
        '<a b="' * 50_000,
        "<" * 100_000,
        "<!--" * 50_000,
        "&#" * 50_000,
        "<p " + " ".join(f"a{n}=x" for n in range(50_000)) + ">text",
        "<b>x<i>" * 10_000,
        "<![CDATA[" * 20_000,
        "<td>" * 20_000,
        "<svg><g>" * 20_000 + "x",
        "\ud800&#xD800;&#0;&#x1;\x00\x0b<p>a",
        "<script>" + "x" * 200_000,
    ],
)
def test_hostile_input_ends(source: str) -> None:
    check(Article(read(source)))


def test_a_page_cut_anywhere_is_read() -> None:
    page = '<html><title>T</title><body><table><tr><td>甲<td><a href="u">乙</a></table><pre>x</pre><!-- c --></html>'
    for end in range(len(page)):
        report = Report()
        check(Article(blocks(parse_page(page[:end], report), Context(report, BUILT_IN))))


# --------------------------------------------------------------------------- decoding

CHINESE = "这是一个关于产品的页面，我们在这里说几句话，看看它会不会读成别的字。"
TAIWANESE = "這是一個關於產品的頁面，我們在這裡說幾句話，看看它會不會讀成別的字。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("markup", [False, True])
def test_encodings_are_found(encoding: str, markup: bool) -> None:
    report = Report()
    source = f"<html><body><p>{CHINESE}</p></body></html>"
    assert decode(source.encode(encoding), report, markup=markup) == source
    assert bool(report.counts["text.decoded"]) == (not encoding.startswith("utf-8"))


def test_encodings_of_one_region_are_told_apart() -> None:
    report = Report()
    assert decode(TAIWANESE.encode("big5"), report, markup=False) == TAIWANESE
    assert decode("café “naïve”".encode("cp1252"), report, markup=False) == "café “naïve”"
    assert decode("标题".encode("gbk"), report, markup=False) == "标题"


@pytest.mark.parametrize(
    ("declared", "encoding"), [("gb2312", "gb18030"), ("gbk", "utf-8"), ("utf-8", "gb18030"), ("rot13", "gb18030")]
)
def test_a_wrong_declaration_does_no_harm(declared: str, encoding: str) -> None:
    source = f'<meta charset="{declared}"><p>{CHINESE}㐂</p>'
    assert decode(source.encode(encoding), Report(), markup=True) == source


def test_decoding_cleans_and_reports() -> None:
    report = Report()
    assert decode(b"a\r\nb\rc\x00\x08\x7f", report, markup=False) == "a\nb\nc"
    assert report.counts["text.control"] == 1
    assert decode(CHINESE.encode()[:-1], report, markup=False) == CHINESE[:-1] + "\ufffd"
    assert report.counts["text.not-utf8"] == 1
    assert decode("标题".encode() + b"\xff\xfe", report, markup=False) == "标题\ufffd\ufffd"


@pytest.mark.parametrize(
    "declared", ["unicode_escape", "raw-unicode-escape", "utf-7", "punycode", "cp037", "undefined"]
)
def test_only_encodings_of_the_web_can_be_declared(declared: str) -> None:
    source = f'<meta charset="{declared}"><p>C:\\x41\\new +AGE- a</p>'
    assert decode(source.encode(), Report(), markup=True) == source


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("windows-1251", "cp1251"),
        ("x-cp1251", "cp1251"),
        ("koi8-r", "koi8-r"),
        ("macintosh", "mac-roman"),
        ("iso-8859-2", "iso8859-2"),
        ("latin2", "iso8859-2"),
        ("euc-jp", "euc_jp"),
        ("iso-8859-9", "cp1254"),
    ],
)
def test_encodings_of_the_web_are_read_as_declared(declared: str, encoding: str) -> None:
    said = {"euc_jp": "お湯が沸いたら", "iso8859-2": "Żółć gęślą", "mac-roman": "Élan à côté", "cp1254": "İşte güğüm"}
    source = f'<meta charset="{declared}"><p>{said.get(encoding, "Воду наливают")}</p>'
    assert decode(source.encode(encoding), Report(), markup=True) == source


def test_bytes_that_fit_no_encoding_are_reported_in_each() -> None:
    report = Report()
    assert "\ufffd" in decode(b'<meta charset="windows-1252"><p>caf\xe9 \x81</p>', report, markup=True)
    assert report.counts["text.not-utf8"] == 1


# --------------------------------------------------------------------------- the plain reader

PAGE = """<!DOCTYPE html><html lang="en"><head><title>Small gardens | The Gate</title>
<meta property="og:site_name" content="The Gate"><meta name="description" content="How to start.">
<meta name="author" content="Ada Vine"><meta property="article:published_time" content="2025-04-03T09:00:00Z">
<link rel="canonical" href="https://gate.example/small"></head><body>
<nav><a href="/">Home</a></nav><div class="wrap"><article><h1>Small gardens</h1>
<p>A balcony is enough, as long as somebody waters it, and that somebody is you.</p>
<p>Start with mint: <a href="/mint">it forgives</a>, <img src="mint_files/a.png">.</p></article></div>
<footer>All rights reserved</footer></body></html>"""


def test_the_article_of_a_page() -> None:
    report = Report()
    article = ac.read(PAGE.encode(), "html", report=report)
    assert [type(block).__name__ for block in article.content] == ["Heading", "Paragraph", "Paragraph"]
    metadata = article.metadata
    assert metadata.title == "Small gardens"
    assert [author.name for author in metadata.authors] == ["Ada Vine"]
    assert metadata.source_url == "https://gate.example/small"
    assert metadata.published is not None
    assert (metadata.published.year, metadata.site, metadata.language) == (2025, "The Gate", "en")
    assert dict(metadata.origins)["title"] == "h1"
    assert [node.url for node in walk(article) if isinstance(node, (Link, Image))] == [
        "https://gate.example/mint",
        "mint_files/a.png",
    ]
    assert [removal.text for removal in report.removals] == ["Home", "All rights reserved"]


def test_a_page_without_markup_for_its_article_keeps_what_is_text() -> None:
    menu = "".join(f'<li><a href="/{n}">Another story {n}</a></li>' for n in range(30))
    body = "<p>One long sentence, with commas, that says something worth reading today.</p>" * 6
    page = f'<html><body><div class="menu"><ul>{menu}</ul></div><div id="x">{body}</div></body></html>'
    article = ac.read(page.encode(), "html")
    assert "Another story" not in text_of(article)
    assert text_of(article).count("worth reading") == 6
    everything = ac.read(page.encode(), "html", options=_options(everything=True))
    assert "Another story" in text_of(everything)
    chosen = ac.read(page.encode(), "html", options=_options(body=".menu"))
    assert "worth reading" not in text_of(chosen)


def _options(**values: object) -> object:
    from article_convert.readers.html import HtmlReaderOptions

    return HtmlReaderOptions(**values)  # type: ignore[arg-type]


def test_json_ld_is_read_where_it_is_and_broken_json_does_no_harm() -> None:
    person = '[{"name": "B"}]'
    good = f'{{"@type": "NewsArticle", "headline": "Real", "author": {person}, "datePublished": "2024-02-30"}}'
    script = '<script type="application/ld+json">'
    page = f'{script}{{"x": </script>{script}{{"@graph": [{good}]}}</script><p>t</p>'
    metadata = ac.read(page.encode(), "html").metadata
    assert (metadata.title, metadata.authors[0].name, metadata.published) == ("Real", "B", None)


def test_a_page_that_shows_nothing_is_an_error() -> None:
    with pytest.raises(ac.InputError, match="shows nothing"):
        ac.read(b"<html><body><script>app()</script></body></html>", "html")


# --------------------------------------------------------------------------- our own pages


def _as_html_holds_it(node: Node) -> Node:
    """A link to nowhere loses its address in HTML, one that says nothing gets a name, and apostrophes are escaped."""
    if isinstance(node, (Link, Image)) and (node.url == "#a" or "'" in node.url):
        node = replace(node, url="u")
    if isinstance(node, Link) and not text_of(node).strip():
        return replace(node, content=(Text("字"),))
    return node


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(articles(exact=True))
def test_our_own_pages_are_read_back_exactly(article: Article) -> None:
    content = rewrite(replace(article, metadata=Metadata()), _as_html_holds_it).content
    page = ac.write(Article(content), writer="html")
    assert ac.read(page, "html").content == content


def test_our_own_pages_hold_the_metadata() -> None:
    metadata = Metadata(
        title="题目 <1>",
        description="说明",
        authors=(Author("甲", "https://a.example/u/1"),),
        published=date(2025, 1, 2),
        language="zh-CN",
        source_url="https://a.example/1.html",
        site="a.example",
        category="pd",
        tags=("一", "二"),
        summary="摘要",
        stats=Stats(views=12345, comments=0, reading_minutes=7),
        notices=(Notice("licence", "不得转载"),),
    )
    page = ac.write(Article((text("正文"),), metadata), writer="html")
    assert ac.read(page).metadata == metadata


# --------------------------------------------------------------------------- pages as site builders make them


@pytest.mark.parametrize(
    ("box", "kind"),
    [
        ('<div class="admonition note"><p class="admonition-title">{}</p><p>b</p></div>', "info"),
        ('<div class="markdown-alert markdown-alert-tip"><p class="markdown-alert-title">{}</p>b</div>', "success"),
        ('<div class="theme-admonition alert--danger alert"><div class="x_heading">{}</div>b</div>', "danger"),
        ('<div class="custom-block warning"><p class="custom-block-title">{}</p><p>b</p></div>', "warning"),
        ('<aside class="callout callout-caution"><div class="callout-header">{}</div><p>b</p></aside>', "warning"),
    ],
)  # fmt: skip
def test_boxes_of_site_builders_are_callouts(box: str, kind: str) -> None:
    assert only(box.format("Mind")) == Callout(kind, (text("b"),), (Text("Mind"),))  # type: ignore[arg-type]


@pytest.mark.parametrize("box", ['<div class="admonition">b</div>', '<div class="note">b</div>', '<p class="info">b'])
def test_other_boxes_are_no_callouts(box: str) -> None:
    assert only(box) == text("b")


def test_links_that_headings_have_to_themselves_are_no_text() -> None:
    page = (
        '<section id="a"><h2>A<a class="headerlink" href="#a">¶</a></h2><p><a href="#a">up</a></p></section>'
        '<h2 id="b"><a class="anchor" href="#b"><svg></svg></a>B</h2><p><a class="anchor" href="#b">text</a></p>'
    )
    article = ac.read(page.encode(), "html")
    headings = [node for node in article.content if isinstance(node, Heading)]
    assert headings == [Heading(2, (Text("A"),), "a"), Heading(2, (Text("B"),), "b")]
    assert "text" in text_of(article)
    assert [node.url for node in walk(article) if isinstance(node, Link)] == ["#a", "#b"]


def test_a_picture_that_noscript_repeats_before_it_stands_once() -> None:
    page = (
        '<figure><noscript><img src="a.jpg"></noscript><img src="data:," data-actualsrc="a.jpg"><figcaption>c</figure>'
    )
    assert only(page) == Figure(Image("a.jpg"), (Text("c"),))


def test_code_of_wechat() -> None:
    lines = '<ul class="code-snippet__line-index"><li></li><li></li></ul>'
    page = f'<section class="code-snippet__fix">{lines}<pre data-lang="js"><code>a</code><code>b</code></pre></section>'
    assert only(page) == CodeBlock("a\nb", "js")


@pytest.mark.parametrize(
    ("markup", "name", "day"),
    [
        ('<p class="byline"><span class="author vcard"><a class="fn" href="/a">Ada</a></span></p>'
         '<time class="entry-date published" datetime="2026-02-03">3 Feb</time>', "Ada", date(2026, 2, 3)),
        ('<a id="js_name">大鱼说</a><em id="publish_time">2026-03-04</em>', "大鱼说", date(2026, 3, 4)),
        ('<b itemprop="author">Bo</b><meta itemprop="datePublished" content="2026-05-06">', "Bo", date(2026, 5, 6)),
        ('<a rel="author">A</a><a rel="author">B</a>', "", None),
    ],
)  # fmt: skip
def test_who_wrote_it_and_when(markup: str, name: str, day: date | None) -> None:
    page = (
        f"<html><body><header>{markup}</header><article><p>On <time datetime='1999-01-01'>a day</time>.</p></article>"
    )
    metadata = ac.read(page.encode(), "html").metadata
    assert [author.name for author in metadata.authors] == ([name] if name else [])
    assert metadata.published == (day or date(1999, 1, 1))


@pytest.mark.parametrize(
    ("reference", "place"),
    [
        ('<sup><a href="#user-content-fn-1" id="r" data-footnote-ref>1</a></sup>',
         '<section data-footnotes class="footnotes"><h2 class="sr-only">Footnotes</h2><ol><li id="user-content-fn-1">'
         '<p>a note <a href="#r" data-footnote-backref>↩</a></p></li></ol></section>'),
        ('<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>',
         '<section class="footnotes footnotes-end-of-document" role="doc-endnotes"><hr /><ol><li id="fn1"><p>a note<a'
         ' href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>'),
        ('<sup id="fnref:1" role="doc-noteref"><a href="#fn:1" class="footnote" rel="footnote">1</a></sup>',
         '<div class="footnotes" role="doc-endnotes"><ol><li id="fn:1" role="doc-endnote"><p>a note <a href="#fnref:1"'
         ' class="reversefootnote" role="doc-backlink">&#8617;</a></p></li></ol></div>'),
        ('<a class="footnote-reference brackets" href="#id2" id="id1" role="doc-noteref">[<b>1</b>]</a>',
         '<aside class="footnote-list brackets"><aside class="footnote brackets" id="id2" role="doc-footnote">'
         '<span class="label">[<a role="doc-backlink" href="#id1">1</a>]</span><p>a note</p></aside></aside>'),
    ],
)  # fmt: skip
def test_footnotes_stand_where_they_are_referred_to(reference: str, place: str) -> None:
    article = ac.read(f"<article><p>Text{reference} goes on.</p>{place}</article>".encode(), "html")
    check(article)
    assert article.content == (Paragraph((Text("Text"), Note((text("a note"),)), Text(" goes on."))),)


def test_links_that_only_look_like_footnotes_stay_links() -> None:
    page = (
        '<p>Text<sup><a href="#n">1</a></sup> and <a class="footnote-ref" href="#x">2</a>.</p>'
        '<ol class="footnotes"><li id="n">a <a class="footnote-ref" href="#m">3</a></li><li id="m">b</li></ol>'
    )
    article = ac.read(page.encode(), "html")
    assert not any(isinstance(node, Note) for node in walk(article))
    assert {"Text1", "2.", "a", "b"} <= set(text_of(article).split())


def test_a_frame_that_a_browser_saved_leads_nowhere() -> None:
    report = Report()
    page = '<p>a</p><iframe src="./文章_files/saved_resource.html"></iframe><iframe src="b_files/c.html?d"></iframe>'
    assert [type(block).__name__ for block in read(page, report)] == ["Paragraph", "Embed"]
    assert report.counts["html.discarded"] == 1


def test_boxes_of_plugins_in_the_text_are_cut() -> None:
    page = (
        '<div class="entry-content"><p>Share this thought: related things stay.</p><div class="sharedaddy">'
        '<h3>Share this:</h3></div><div class="jp-relatedposts"><h3>Related</h3><a href="/x">Snow</a></div></div>'
    )
    report = Report()
    article = ac.clean(ac.read(page.encode(), "html"), report=report)
    assert article.content == (text("Share this thought: related things stay."),)
    assert {removal.rule for removal in report.removals} == {"share-bar", "related"}
