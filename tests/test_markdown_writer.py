"""The Markdown writer, judged by parsers that are not ours: what it writes means the same to all of them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import escape
from typing import Any
from urllib.parse import unquote

import cmarkgfm
import lxml.html
import pytest
from cmarkgfm.cmark import Options
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt

from article_convert.model import (
    Article,
    Author,
    Block,
    BlockQuote,
    Blocks,
    Book,
    Callout,
    Cell,
    Chapter,
    Code,
    CodeBlock,
    Embed,
    Emphasis,
    Entry,
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
from article_convert.readers.gitbook import GitBookReaderOptions, read_gitbook
from article_convert.report import Report
from article_convert.writers.markdown import MarkdownOptions, write_markdown
from outline import outline
from strategies import articles, blocks, metadata

MODEST = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

_MARKDOWN_IT = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def cmark(text: str) -> str:
    extensions = ["table", "strikethrough", "autolink"]
    return str(cmarkgfm.markdown_to_html_with_extensions(text, Options.CMARK_OPT_UNSAFE, extensions=extensions))


PARSERS = {"markdown-it": _MARKDOWN_IT.render, "cmark-gfm": cmark}


def written(*content: Block, known: Metadata | None = None, report: Report | None = None, **options: Any) -> str:
    article = Article(content, known or Metadata())
    return write_markdown(article, MarkdownOptions(**options), report or Report()).decode()


def line(*content: Inline, **options: Any) -> str:
    return written(Paragraph(content), **options).removesuffix("\n")


def reread(text: str | bytes) -> Article:
    return read_gitbook(text.encode() if isinstance(text, str) else text, GitBookReaderOptions(), Report())


# --------------------------------------------------------------------------- the tree as HTML, for comparison

_TAGS: dict[type, str] = {Emphasis: "em", Strong: "strong", Strikethrough: "del"}


def inline_html(content: Inlines) -> str:
    return "".join(map(_inline_html, content))


def _inline_html(node: Inline) -> str:
    match node:
        case Text(text):
            return escape(text)
        case Emphasis(content) | Strong(content) | Strikethrough(content):
            return f"<{_TAGS[type(node)]}>{inline_html(content)}</{_TAGS[type(node)]}>"
        case Code(text):
            return f"<code>{escape(text)}</code>"
        case Link(content, url, title):
            return f'<a href="{escape(url)}" title="{escape(title)}">{inline_html(content)}</a>'
        case Image(url, alt, title):
            return f'<img src="{escape(url)}" alt="{escape(alt)}" title="{escape(title)}">'
        case SoftBreak():
            return "\n"
        case LineBreak():
            return "<br>"
        case Styled(kind, content):
            return f"<{kind}>{inline_html(content)}</{kind}>"
        case _:
            raise AssertionError(node)


def block_html(content: Blocks) -> str:
    return "".join(map(_block_html, content))


def _block_html(block: Block) -> str:
    match block:
        case Paragraph(content):
            return f"<p>{inline_html(content)}</p>"
        case Heading(level, content):
            return f"<h{level}>{inline_html(content)}</h{level}>"
        case BlockQuote(content):
            return f"<blockquote>{block_html(content)}</blockquote>"
        case List(items, ordered, start, tight):
            tag = "ol" if ordered else "ul"
            inner = "".join(f"<li>{_item_html(item, tight)}</li>" for item in items)
            return f'<{tag} start="{start}">{inner}</{tag}>'
        case CodeBlock(text, language):
            code = escape(text) + "\n" if text else ""
            return f'<pre><code class="{f"language-{language}" if language else ""}">{code}</code></pre>'
        case ThematicBreak():
            return "<hr>"
        case Figure(image):
            return f"<p>{inline_html((image,))}</p>"
        case Table(rows, align):
            return f"<table>{''.join(_row_html(row, align) for row in rows)}</table>"
        case _:
            raise AssertionError(block)


def _item_html(item: ListItem, tight: bool) -> str:
    box = "" if item.checked is None else "[x] " if item.checked else "[ ] "
    parts = []
    for number, block in enumerate(item.content):
        text = (box if not number else "") + inline_html(block.content) if isinstance(block, Paragraph) else ""
        parts.append((text if tight else f"<p>{text}</p>") if text else _block_html(block))
    return "".join(parts)


def _row_html(row: Row, align: tuple[str, ...]) -> str:
    cells = []
    for number, cell in enumerate(row.cells):
        tag = "th" if cell.header else "td"
        side = align[number] if align else ""
        text = inline_html(cell.content[0].content) if cell.content and isinstance(cell.content[0], Paragraph) else ""
        cells.append(f'<{tag} align="{side}">{text}</{tag}>')
    return f"<tr>{''.join(cells)}</tr>"


_BLOCK_TAGS = "p|h[1-6]|blockquote|ul|ol|li|pre|hr|table|tr|th|td|br|div"


def dom(html: str) -> str:
    """The structure of some HTML, without what parsers may do differently: spaces between blocks, `thead`, defaults."""
    text = _serialised(lxml.html.fragment_fromstring(html, create_parent="div"), False)
    return re.sub(rf"[ \n]*(</?(?:{_BLOCK_TAGS})(?: [^<>]*)?>)[ \n]*", r"\1", text)


def _serialised(element: Any, verbatim: bool) -> str:
    tag = {"s": "del", "thead": "", "tbody": ""}.get(element.tag, element.tag)
    verbatim = verbatim or tag == "pre"
    inner = _words(element.text, verbatim)
    for child in element:
        inner += _serialised(child, verbatim) + _words(child.tail, verbatim)
    attributes = {name: unquote(value) for name, value in element.attrib.items() if value}
    style = re.search(r"text-align: *(\w+)", attributes.pop("style", ""))
    if style:
        attributes["align"] = style[1]
    if attributes.get("start") == "1" or tag == "ul":
        attributes.pop("start", None)
    shown = (
        "".join(f" {name}={value!r}" for name, value in sorted(attributes.items())).replace("<", "‹").replace(">", "›")
    )
    return f"<{tag}{shown}>{inner}</{tag}>" if tag else inner


def _words(text: str | None, verbatim: bool) -> str:
    text = (text or "").replace("<", "‹").replace(">", "›")
    return text if verbatim else re.sub(r"[ \t\n]+", " ", text)


def means_the_same_to_all(content: Blocks) -> None:
    text = written(*content)
    expected = dom(block_html(content))
    for name, render in PARSERS.items():
        assert dom(render(text)) == expected, f"{name} reads something else in\n{text}"


# --------------------------------------------------------------------------- laws


@given(blocks(exact=True, notes=False, formulas=False, constructs=False))
@MODEST
def test_strict_parsers_read_what_was_written(content: Blocks) -> None:
    means_the_same_to_all(content)


@given(blocks(exact=True))
@MODEST
def test_the_gitbook_reader_gives_the_article_back(content: Blocks) -> None:
    text = written(*content)
    again = reread(text)
    assert again.content == content, f"{text}\n{outline(again)}\n--- for\n{outline(Article(content))}"


@given(articles())
@MODEST
def test_the_second_round_equals_the_first(article: Article) -> None:
    """Also for what Markdown cannot hold: what is said another way is said that way for good."""
    first = written(*article.content)
    if first:
        assert written(*reread(first).content) == first


@given(metadata())
@MODEST
def test_front_matter_reads_back(known: Metadata) -> None:
    text = written(known=known, header="none")
    if text:
        again = reread(text).metadata
        assert again == known, text


# --------------------------------------------------------------------------- escapes


@pytest.mark.parametrize(
    "text",
    [
        "字，。：；！？（）“”《》——……·￥",
        "Price: $5 (50% off) & more; see C# and snake_case_name #3 @you",
        "1 < 2 > 0, a = b, 5 * 3, 3~5 天, [1] [微笑]!",
        "AT&T 与 R&D：100%｛a｝{b} \\d | 竖线",
        "2024年1月1日 -- 10:30 +86 #话题#",
        "联系 me@example.com",
    ],
)
def test_plain_text_comes_out_as_it_is(text: str) -> None:
    assert line(Text(text)) == text
    means_the_same_to_all((Paragraph((Text(text.replace("@", "")),)),))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. 点", "1\\. 点"),
        ("12) a", "12\\) a"),
        ("- a", "\\- a"),
        ("+", "\\+"),
        ("# a", "\\# a"),
        ("> a", "\\> a"),
        ("---", "\\---"),
        ("* * *", "\\* * *"),
        ("~~~", "\\~~~"),
        ("[ ] 待办", "\\[ ] 待办"),
        ("[a]: b", "\\[a]: b"),
        ("[a", "\\[a"),
        ("| --- |", "\\| --- |"),
        ("*a*", "\\*a\\*"),
        ("138****1234", "138\\*\\*\\*\\*1234"),
        ("3~5，4~6", "3\\~5，4\\~6"),
        ("_a_", "\\_a\\_"),
        ("a `b", "a \\`b"),
        ("[a](b)", "\\[a\\](b)"),
        ("[^1] [!NOTE]", "\\[^1] \\[!NOTE]"),
        ("<b> </b> <T> <!-- a", "\\<b> \\</b> \\<T> \\<!-- a"),
        ("&amp; &#42; &copy", "\\&amp; \\&#42; &copy"),
        ("$$x$$", "\\$\\$x\\$\\$"),
        ("{% hint %} {{ x }} {#id}", "\\{% hint %} \\{{ x }} {\\#id}"),
        ("http://a.b", "http\\://a.b"),
        ("www.a.b", "www\\.a.b"),
        ("C:\\*.txt\\", "C:\\\\*.txt\\\\"),
    ],
)
def test_what_looks_like_markup_is_escaped(text: str, expected: str) -> None:
    assert line(Text(text)) == expected
    assert reread(expected).content == (Paragraph((Text(text),)),)
    means_the_same_to_all((Paragraph((Text(text),)),))


def test_only_line_starts_of_paragraphs_are_escaped() -> None:
    items = (Text("1. a"),)
    assert written(Heading(2, items)) == "## 1. a\n"
    assert written(Paragraph((Text("a"), SoftBreak(), Text("=== "), SoftBreak(), Text("- b")))) == "a\n\\===\n\\- b\n"
    assert "| 1. a |" in written(Table((Row((Cell((Paragraph(items),), header=True),)),)))


# --------------------------------------------------------------------------- emphasis

A, B = Text("甲"), Text("b")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ((Strong((A,)), Text("乙")), "**甲**乙"),
        ((Strong((Text("提示："),)), Text("内容")), "<strong>提示：</strong>内容"),
        ((Text("见"), Emphasis((Text("《书》"),)), Text("。")), "见<em>《书》</em>。"),
        ((Strikethrough((Text("（旧）"),)), Text("新")), "<del>（旧）</del>新"),
        ((Strong((Text("提示："),)), Text(" 内容")), "**提示：** 内容"),
        ((Strong((Text("提示："),)), SoftBreak(), Text("a")), "**提示：**\na"),
        ((Strong((Text("a"),)), Strong((B,))), "**ab**"),
        ((Emphasis((Strong((A,)),)),), "_**甲**_"),
        ((Strong((Emphasis((A,)), B)),), "**<em>甲</em>b**"),
        ((Strong((Text(" a "),)), B), "**a** b"),
        ((Text("x"), Emphasis((Strong((A,)), Text("y")))), "x<em>**甲**y</em>"),
        ((Strong((Link((A,), "u"),)), Text("乙")), "<strong>[甲](u)</strong>乙"),
        ((Strong((Code("a"),)),), "**`a`**"),
        ((Emphasis((Text("a*b"),)), B), "*a\\*b*b"),
    ],
)
def test_emphasis_uses_delimiters_only_where_all_parsers_see_them(content: Inlines, expected: str) -> None:
    assert line(*content) == expected


def test_stars_for_tools_that_know_chinese() -> None:
    content = (Strong((Text("提示："),)), Text("内容"))
    assert line(*content, cjk_emphasis="stars") == "**提示：**内容"
    assert reread("**提示：**内容").content == (Paragraph(content),)


# --------------------------------------------------------------------------- other inline content


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Code("a`b"), "``a`b``"),
        (Code("`a`"), "`` `a` ``"),
        (Code(" "), "` `"),
        (Link((Code("a]: b"),), "u"), "[<code>a\\]\\: b</code>](u)"),
        (Link((Text("https://a.b/c"),), "https://a.b/c"), "<https://a.b/c>"),
        (Link((Text("a@b.c"),), "mailto:a@b.c"), "<a@b.c>"),
        (Link((Text("图]"),), "a b(1).md", 'say "x"'), '[图\\]](<a b(1).md> "say \\"x\\"")'),
        (Link((), "#a"), "[](#a)"),
        (Styled("mark", (A,), (("color", "red"),)), '<mark style="color:red;">甲</mark>'),
        (Styled("kbd", (Text("Ctrl"),)), "<kbd>Ctrl</kbd>"),
        (Styled("anchor", (), (("id", "x"),)), '<a id="x"></a>'),
        (Styled("button", (A,), (("onclick", "x"),)), "甲"),
        (Math("a_1"), "$$a_1$$"),
    ],
)
def test_inline_forms(node: Inline, expected: str) -> None:
    assert line(Text("x "), node, Text(" y")) == f"x {expected} y"


def test_neighbours_do_not_run_together() -> None:
    assert line(Code("a"), Code("b*")) == "`a`<code>b\\*</code>"
    assert line(Text("!"), Link((A,), "u")) == "\\![甲](u)"
    assert line(Text("$"), Math("x"), Text("。")) == "\\$$$x$$。"
    assert line(Note((Paragraph((A,)),)), Text(": b")).startswith("[^1]\\: b")


def test_breaks() -> None:
    assert line(A, LineBreak(), LineBreak(), B) == "甲\\\n<br>b"
    assert line(LineBreak(), A, SoftBreak(), LineBreak()) == "甲"
    assert written(Heading(1, (A, LineBreak(), B, SoftBreak(), B))) == "# 甲<br>b b\n"


def test_notes_are_numbered_in_reading_order_and_may_hold_blocks() -> None:
    inner = Note((Paragraph((Text("内"),)),))
    outer = Note((Paragraph((A, inner)), List((ListItem((Paragraph((B,)),)),))))
    text = written(Paragraph((Text("x"), outer, Note((CodeBlock("y"),)))))
    assert text == "x[^1][^2]\n\n[^1]: 甲[^3]\n\n    - b\n\n[^2]: ```\n    y\n    ```\n\n[^3]: 内\n"


def test_cmark_reads_the_notes() -> None:
    note = Note((Paragraph((Text("注"),)), items("a", "b")))
    text = written(BlockQuote((Paragraph((A, note)),)), Heading(2, (B, note)))
    html = cmarkgfm.markdown_to_html(text, Options.CMARK_OPT_FOOTNOTES)
    assert html.count('class="footnote-ref"') == 2
    assert re.search(r'<li id="fn-?2">\s*<p>注</p>\s*<ul>\s*<li>a</li>\s*<li>b</li>\s*</ul>', html)


def test_unsafe_addresses_are_lost_and_reported() -> None:
    report = Report()
    content = (
        Link((A,), "java\nscript:alert(1)"),
        Image("file:///etc/passwd", "alt"),
        Image("data:image/png;base64,AA=="),
    )
    text = written(Paragraph(content), report=report)
    assert text == "甲alt![](data:image/png;base64,AA==)\n"
    assert report.counts == {"link.unsafe": 2}


def test_foreign_markup_is_shown_as_code_and_reported() -> None:
    report = Report()
    text = written(Paragraph((A, RawInline("html", "<b>"))), RawBlock("html", "<script>\n"), report=report)
    assert text == "甲`<b>`\n\n```html\n<script>\n```\n"
    assert report.counts == {"raw.shown-as-code": 2}


def test_control_characters_are_removed_and_reported() -> None:
    report = Report()
    assert (
        written(Paragraph((Text("a\x00b\nc\ud800"),)), CodeBlock("x\x1by"), report=report) == "ab c\n\n```\nxy\n```\n"
    )
    assert report.counts["text.control"] == 2


def test_a_formula_that_holds_dollars_is_code() -> None:
    report = Report()
    assert written(Paragraph((A, Math("a$$b"))), MathBlock("$$"), report=report) == "甲`a$$b`\n\n```math\n$$\n```\n"
    assert report.counts == {"math.as-code": 2}


# --------------------------------------------------------------------------- blocks


def items(*texts: str, **fields: Any) -> List:
    return List(tuple(ListItem((Paragraph((Text(text),)),)) for text in texts), **fields)


def test_lists_that_touch_stay_apart() -> None:
    content = (items("a"), items("b"), items("c"), items("d", ordered=True), items("e", ordered=True, start=3))
    assert written(*content) == "- a\n\n+ b\n\n- c\n\n1. d\n\n3) e\n"
    means_the_same_to_all(content)
    assert reread(written(*content)).content == content


def test_nested_and_empty_items() -> None:
    empty = List((ListItem((List((ListItem((List((ListItem(()),)),)),)),)),))
    assert written(empty) == "- + -\n"
    mixed = List((ListItem((Paragraph((A,)), items("b", ordered=True))), ListItem(()), ListItem((CodeBlock("x"),))))
    assert written(mixed) == "- 甲\n  1. b\n-\n- ```\n  x\n  ```\n"
    means_the_same_to_all((mixed,))
    late = List((ListItem((Paragraph((A,)), items("b", ordered=True, start=2))),), tight=False)
    means_the_same_to_all((late,))


def test_tasks() -> None:
    tasks = List((ListItem((Paragraph((A,)),), True), ListItem((Paragraph((B,)),), False), ListItem((), False)))
    assert written(tasks) == "- [x] 甲\n- [ ] b\n- [ ]\n"


def test_code_is_fenced_safely() -> None:
    assert written(CodeBlock("```\n````", "md")) == "`````md\n```\n````\n`````\n"
    assert written(CodeBlock("x", "a`b")) == "~~~a`b\nx\n~~~\n"
    assert written(CodeBlock("x", "js", "f.js")) == '```js title="f.js"\nx\n```\n'
    assert written(CodeBlock("")) == "```\n```\n"


def test_headings() -> None:
    assert written(Heading(3, (Text("a ##"),))) == "### a \\##\n"
    assert written(Heading(1, (Text("#"),)), Heading(2, ()), Heading(2, (Text("C#"),))) == "# \\#\n\n##\n\n## C#\n"


def test_an_anchor_is_written_only_where_a_link_leads_to_it() -> None:
    heading = Heading(2, (A,), "jia")
    assert written(heading) == "## 甲\n"
    text = written(heading, Paragraph((Link((B,), "#jia"),)))
    assert text == '## 甲 <a href="#jia" id="jia"></a>\n\n[b](#jia)\n'
    assert reread(text).content == (heading, Paragraph((Link((B,), "#jia"),)))


def test_a_rule_is_never_front_matter() -> None:
    assert written(ThematicBreak(), ThematicBreak()) == "***\n\n***\n"
    assert written(List((ListItem((ThematicBreak(),)),))) == "- ***\n"


def cell(*content: Block, **fields: Any) -> Cell:
    return Cell(content, **fields)


def test_pipe_tables() -> None:
    head = Row((cell(Paragraph((A,)), header=True), cell(header=True)))
    body = Row((cell(Paragraph((Text("a|b"), LineBreak(), Code("c|d")))), cell(Paragraph((Text("x"),)))))
    table = Table((head, body), ("left", ""))
    assert written(table) == "| 甲 |  |\n| :--- | --- |\n| a\\|b<br>`c\\|d` | x |\n"
    means_the_same_to_all((table,))
    assert reread(written(table)).content == (table,)


def test_other_tables_are_one_block_of_html() -> None:
    report = Report()
    wide = cell(Paragraph((Text("*a* {% x %} <"),)), CodeBlock("x\n\ny"), column_span=2)
    table = Table((Row((wide,)), Row((cell(items("a", "b")), cell(Paragraph((Strong((A,)),)))))), caption=(Text("表"),))
    text = written(table, report=report)
    assert "\n\n" not in text.strip()
    assert "<caption>表</caption>" in text
    assert '<td colspan="2"><p>*a* &#123;% x %} &lt;</p><pre><code>x&#10;&#10;y</code></pre></td>' in text
    assert "<td><ul><li>a</li><li>b</li></ul></td><td><strong>甲</strong></td>" in text
    assert report.counts == {"table.as-html": 1}
    assert reread(text).content == (table,)


def test_figures() -> None:
    plain = Figure(Image("a b.png", "图]", "题"))
    assert written(plain) == '![图\\]](<a b.png> "题")\n'
    full = Figure(Image("a.png", "图", width="375", dark_url="b.png"), (Text("说明 "), Strong((B,))))
    assert written(full) == (
        '<figure><picture><source srcset="b.png" media="(prefers-color-scheme: dark)">'
        '<img src="a.png" alt="图" width="375">'
        "</picture><figcaption><p>说明 <strong>b</strong></p></figcaption></figure>\n"
    )
    assert reread(written(full)).content == (full,)


def test_callouts() -> None:
    plain = Callout("warning", (Paragraph((A,)), items("b")))
    assert written(plain) == "> [!WARNING]\n> 甲\n>\n> - b\n"
    labelled = Callout("info", (CodeBlock("x"),), (Text("标题"),))
    assert written(labelled) == "> [!NOTE]\n> **标题**\n>\n> ```\n> x\n> ```\n"
    chinese = Metadata(language="zh-CN")
    assert written(plain, known=chinese, front_matter=False, alerts=False).startswith("> **注意**\n>\n> 甲")
    nested = BlockQuote((Callout("danger", (Paragraph((A,)),)),))
    assert written(nested) == "> > **Danger**\n> >\n> > 甲\n"


def test_groups_are_said_in_plain_markdown() -> None:
    tab = Group("tab", (CodeBlock("x", "py"),), (Text("Python"),))
    step = Group("step", (Paragraph((B,)),), (A,))
    card = Group("card", (Paragraph((B,)),), (A,), (("url", "a.md"),))
    details = Group("details", (Paragraph((B,)),), (Text("标*题"),), (("open", ""),))
    assert written(Group("tabs", (tab, tab))) == "**Python**\n\n```py\nx\n```\n\n**Python**\n\n```py\nx\n```\n"
    assert written(Group("steps", (step, step))) == "1. **甲**\n\n   b\n\n2. **甲**\n\n   b\n"
    assert written(Group("cards", (card,))) == "- **[甲](a.md)**\n\n  b\n"
    assert written(details) == "<details open>\n\n<summary>标&#42;题</summary>\n\nb\n\n</details>\n"
    assert written(Group("strange", (Paragraph((B,)),), (A,))) == "**甲**\n\nb\n"
    update = Group("update", (Paragraph((B,)),), (), (("date", "2025-12-25"), ("tags", "beta")))
    assert written(Group("updates", (update,))) == "**2025-12-25 · beta**\n\nb\n"


def test_embeds_are_links() -> None:
    assert written(Embed("video", "https://a.b/v", (A,))) == "[甲](https://a.b/v)\n"
    assert written(Embed("link", "https://a.b/v")) == "<https://a.b/v>\n"
    assert written(Embed("file", "a b.pdf")) == "[a b.pdf](<a b.pdf>)\n"


# --------------------------------------------------------------------------- around the text

KNOWN = Metadata(
    title="标题: 一",
    authors=(Author("甲", "https://a.b/u"),),
    published=date(2024, 12, 16),
    language="zh-CN",
    source_url="https://a.b/1.html",
    tags=("产品", "2024"),
    summary="一句话",
    stats=Stats(views=2416),
    notices=(Notice("licence", "不得转载"),),
    extra=(("icon", "book"),),
)


def test_front_matter() -> None:
    text = written(Paragraph((A,)), known=KNOWN)
    assert text == (
        '---\ntitle: "标题: 一"\nauthors:\n  - name: 甲\n    url: https://a.b/u\npublished: 2024-12-16\n'
        'language: zh-CN\nsource_url: https://a.b/1.html\ntags:\n  - 产品\n  - "2024"\nsummary: 一句话\n'
        "stats:\n  views: 2416\nnotices:\n  - kind: licence\n    text: 不得转载\nicon: book\n---\n\n# 标题: 一\n\n甲\n"
    )
    assert reread(text).metadata == KNOWN


def test_a_title_alone_needs_no_front_matter() -> None:
    assert written(known=Metadata(title="*标题*")) == "# \\*标题\\*\n"
    assert written(Heading(1, (A,)), known=Metadata(title="甲")) == "# 甲\n"


def test_full_header() -> None:
    text = written(Paragraph((B,)), known=KNOWN, front_matter=False, header="full")
    assert text == (
        "# 标题: 一\n\n[甲](https://a.b/u) · 2024年12月16日 · [来源](https://a.b/1.html)\n\n> 一句话\n\n"
        "标签: 产品、2024\n\nb\n"
    )
    assert written(Paragraph((B,)), known=KNOWN, front_matter=False, header="none") == "b\n"


def test_a_drawing_at_hand_is_shown_whatever_its_address() -> None:
    url = "data:image/svg+xml,%3Csvg/%3E"
    drawing = Resource(url, "image/svg+xml", "0", b"<svg/>")
    article = Article((Paragraph((Image(url, "图"),)),), resources=(replace(drawing, address="images/0.svg"),))
    report = Report()
    assert write_markdown(article, MarkdownOptions(), report).decode() == "![图](images/0.svg)\n"
    embedded = write_markdown(replace(article, resources=(drawing,)), MarkdownOptions(images="embed"), report).decode()
    assert embedded == "![图](data:image/svg+xml;base64,PHN2Zy8+)\n"
    assert not report.counts
    assert write_markdown(replace(article, resources=()), MarkdownOptions(), report).decode() == "图\n"
    assert report.counts == {"link.unsafe": 1}


def test_pictures_embedded_or_dropped() -> None:
    resource = Resource("a.png", "image/png", "00", b"\x89PNG")
    article = Article((Figure(Image("a.png", "图")), Figure(Image("b.png", "无"))), resources=(resource,))
    embedded = write_markdown(article, MarkdownOptions(images="embed"), Report()).decode()
    assert embedded == "![图](data:image/png;base64,iVBORw==)\n\n![无](b.png)\n"
    assert write_markdown(article, MarkdownOptions(images="drop"), Report()) == "图\n\n无\n".encode()


def test_nothing_gives_nothing() -> None:
    assert write_markdown(Article(), MarkdownOptions(), Report()) == b""


# --------------------------------------------------------------------------- books


def chapter(path: str, title: str, *content: Block, children: tuple[Entry, ...] = ()) -> Entry:
    article = Article(content, Metadata(title=title))
    return Entry(title, Chapter(path, lambda: article), children=children)


def test_a_book_is_one_file_whose_links_stay_inside() -> None:
    note = Note((Paragraph((Link((Text("注"),), "../README.md#none"),)),))
    first = chapter("README.md", "前言", Heading(2, (A,), "jia"), Paragraph((Link((B,), "guide/a.md"), note)))
    second = chapter(
        "guide/a.md",
        "安装",
        Paragraph((Link((A,), "../README.md#jia"), note, Image("img/x.png"), Link((B,), "lost.md"))),
        Heading(6, (B,)),
    )
    part = Entry("第一部分", children=(second, Entry("外", url="https://a.b")), part=True)
    report = Report()
    book = Book((first, part), Metadata(title="书"))
    text = write_markdown(book, MarkdownOptions(), report).decode()
    assert text == (
        "# 书\n\n- [前言](#chapter-1)\n- 第一部分\n  - [安装](#chapter-2)\n  - [外](https://a.b)\n\n"
        '## 前言 <a id="chapter-1"></a>\n\n### 甲 <a href="#chapter-1-jia" id="chapter-1-jia"></a>\n\n'
        "[b](#chapter-2)[^1]\n\n## 第一部分\n\n"
        '### 安装 <a id="chapter-2"></a>\n\n[甲](#chapter-1-jia)[^2]![](guide/img/x.png)b\n\n###### b\n\n'
        "[^1]: [注](#chapter-1)\n\n[^2]: [注](#chapter-1)\n"
    )
    assert report.counts == {"link.unresolved": 1, "heading.too-deep": 1}
    assert write_markdown(book, MarkdownOptions(contents=False), Report()).decode().startswith("# 书\n\n## 前言")
