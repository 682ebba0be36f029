"""Articles that hold one of everything, and short ways to print them, for tests of HTML."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, datetime
from typing import Any, get_args

from hypothesis import strategies as st
from lxml import etree

from article_convert import model
from article_convert.model import (
    Article,
    Author,
    Block,
    BlockQuote,
    Blocks,
    Book,
    Callout,
    Cell,
    Code,
    CodeBlock,
    Embed,
    Emphasis,
    Figure,
    Group,
    Heading,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    List,
    ListItem,
    Math,
    MathBlock,
    Metadata,
    Note,
    Notice,
    Paragraph,
    RawBlock,
    RawInline,
    Resource,
    Row,
    SoftBreak,
    Stats,
    Strikethrough,
    Strong,
    Styled,
    Table,
    Text,
    ThematicBreak,
)
from article_convert.report import Report
from article_convert.writers.html import HtmlOptions, write_html
from article_convert.writers.markup import Page, body, footnotes
from article_convert.writers.markup.page import Target

TARGETS: tuple[Target, ...] = get_args(Target)
DOT = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")
AT_HAND = Resource("dot.gif", "image/gif", "0" * 64, DOT)


def text(*pieces: str | Inline) -> Inlines:
    return tuple(Text(piece) if isinstance(piece, str) else piece for piece in pieces)


def para(*pieces: str | Inline) -> Paragraph:
    return Paragraph(text(*pieces))


def cell(words: str = "", **spans: Any) -> Cell:
    return Cell((para(words),) if words else (), **spans)


# One of each kind; a kind that is missing here fails `test_every_kind_is_here`.
INLINES: tuple[Inline, ...] = (
    Text("河水 & <stones>"),
    Emphasis(text("慢慢走")),
    Strong(text("bold words")),
    Strikethrough(text("旧路")),
    Code("if a < b: 走"),
    Link(text("地图"), "https://example.org/map?a=1&b=2", '去看 "地图"'),
    Image("dot.gif", "一个点", "title", "10", "10"),
    SoftBreak(),
    LineBreak(),
    Math("a^2 + b^2"),
    Note((para("脚注里有", Link(text("链接"), "https://example.org/")), List((ListItem((para("一项"),)),)))),
    Styled("mark", text("亮处"), (("color", "red"),)),
    RawInline("html", "<blink>raw</blink>"),
)
BLOCKS: tuple[Block, ...] = (
    para(*INLINES),
    Heading(2, text("第一节"), "第一节"),
    BlockQuote((para("quoted"),)),
    List((ListItem((para("done"),), True), ListItem((para("open"), CodeBlock("x")), False))),
    List((ListItem((para("三"), para("又"))),), ordered=True, start=3, tight=False),
    CodeBlock("print('<b>')\n  indented", "python", "river.py"),
    ThematicBreak(),
    Figure(Image("dot.gif", "点"), text("说明")),
    Table(
        (
            Row((cell("名", header=True), cell("数", header=True), Cell((), header=True))),
            Row((cell("桃", header=True), cell("12"), cell("甜", row_span=7))),
            Row((cell("李", column_span=2),)),
        ),
        ("left", "right", ""),
        text("水果"),
    ),
    *(Callout(kind, (para(f"callout {kind}"),)) for kind in get_args(model.CalloutKind)),
    Callout("info", (para("inside"),), text("自己的标题")),
    MathBlock(r"\frac{1}{2}"),
    Embed("video", "https://example.org/film"),
    Embed("page", "next.html", text("captioned")),
    Group("tabs", (Group("tab", (para("tab text"),), text("Tab")),)),
    Group("steps", (Group("step", (para("step text"),), text("First")), para("stray"))),
    Group("columns", (Group("column", (para("left side"),), (), (("width", "66.5%"),)), Group("column", ()))),
    Group("details", (para("folded"),), text("unfold")),
    Group("details", (para("unnamed"),), (), (("open", ""),)),
    Group("cards", (Group("card", (para("card text"),), (), (("url", "https://example.org/"), ("cover", "dot.gif"))),)),
    Group("updates", (Group("update", (para("news"),), (), (("date", "2025-12-25"), ("tags", "beta,api"))),)),
    Group("definitions", (Group("term", (para("term"),)), Group("definition", (para("meaning"),)))),
    Group("definitions", (Group("definition", (para("meaning without a term"),)),)),
    Group("Strange One", (para("kept"),), text("label"), (("onclick", "alert(1)"), ("no good", "x"), ("lang", "en"))),
    RawBlock("html", "<script>alert('raw')</script>"),
)
STYLES = ("mark", "sub", "sup", "u", "kbd", "small", "abbr", "cite", "dfn", "ins", "q", "samp", "time", "var", "span")
METADATA = Metadata(
    title="慢慢走，到得了 <&>",
    description="A description.",
    authors=(Author("林小满", "https://example.org/u/1"), Author("Jane Roe", "javascript:x")),
    published=date(2024, 3, 5),
    modified=datetime(2024, 4, 1, 8, 30),
    language="zh-CN",
    source_url="https://example.org/walk",
    site="示例",
    publisher="出版者",
    category="散步",
    tags=("河", "路"),
    summary="第一段。\n第二段。",
    stats=Stats(views=1234, comments=2, reading_minutes=9),
    notices=(Notice("licence", "自由使用。"), Notice("odd", "无类之言。")),
)
STYLED = para(
    *(Styled(kind, text(kind)) for kind in STYLES),
    Styled("ruby", text("漢", Styled("rt", text("hàn")), "字", Styled("rt", text("zì")))),
    Styled("rt", text("alone")),
    Styled("time", text("then"), (("datetime", "2024-03-05"),)),
    Styled("icon", (), (("name", "bolt"),)),
    Styled("anchor", (), (("id", "here"),)),
    Styled("button", text("go"), (("url", "https://example.org/go"),)),
    Styled("unheard of", text("kept")),
)
KITCHEN_SINK = Article((*BLOCKS, STYLED), METADATA, (AT_HAND,))


def new_page(target: Target = "html", language: str = "zh-CN") -> Page:
    return Page(language, target, Report(), lambda image: image.url if image.url == AT_HAND.url else "")


def printed(content: Blocks, target: Target = "html", language: str = "zh-CN") -> str:
    page = new_page(target, language)
    return body(content, page) + footnotes(page)


def parsed(markup: str) -> etree._Element:
    return etree.fromstring(f'<body xmlns:epub="http://www.idpf.org/2007/ops">{markup}</body>')


def html(document: Article | Book, report: Report | None = None, **options: Any) -> str:
    return write_html(document, HtmlOptions(**options), report or Report()).decode()


def letters(words: str) -> Counter[str]:
    """How often each letter and digit stands in `words`."""
    return Counter(re.sub(r"[\W_]", "", words))


NASTY = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "]]>",
            "&lt;b&gt;",
            "</style><script>",
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "\x00\x0b\ufffe\ud800\U0001ffff",
            "<!--",
            "' onclick='x",
            "-->",
            "a\r\nb",
        ]
    ),
)


def nasty_article(x: str) -> Article:
    """`x` in every field that holds a string."""
    line = para(
        x,
        Code(x),
        Link(text(x, Note((para(x),))), x, x),
        Image(x, x, x, x, x, x),
        Math(x),
        Styled(x, text(x), ((x, x), ("id", x), ("url", x), ("lang", x), ("datetime", x))),
        Styled("anchor", (), (("id", x),)),
        Styled("button", text(x), (("url", x),)),
        Styled("time", text(x), (("datetime", x),)),
        RawInline(x, x),
    )
    content: Blocks = (
        line,
        Heading(2, text(x), x),
        CodeBlock(x, x, x),
        Figure(Image(x, x), text(x)),
        Table((Row((Cell((line,)), cell(x, header=True))),), ("left", "right"), text(x)),
        Callout("info", (line,), text(x)),
        MathBlock(x),
        Embed(x, x, text(x)),
        Group(x, (line,), text(x), ((x, x), ("width", x))),
        Group("card", (), (), (("url", x), ("cover", x))),
        Group("update", (), (), (("date", x), ("tags", x))),
        RawBlock(x, x),
    )
    known = Metadata(x, x, (Author(x, x, x),), None, None, "zh", x, x, x, x, (x,), x, x, Stats(), (Notice(x, x),))
    return Article(content, known)
