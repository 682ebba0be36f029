"""The markup that the HTML, EPUB and PDF writers share."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from article_convert.model import (
    Block,
    Cell,
    Code,
    CodeBlock,
    Figure,
    Group,
    Heading,
    Image,
    Inline,
    Inlines,
    Link,
    List,
    ListItem,
    Math,
    MathBlock,
    Note,
    RawInline,
    Row,
    SoftBreak,
    Strong,
    Text,
)
from article_convert.tree import text_of
from article_convert.writers.markup import body, footnotes, notices, title_block
from article_convert.writers.markup.addresses import safe_address
from article_convert.writers.markup.escape import scrubbed
from article_convert.writers.markup.page import Target
from article_convert.writers.markup.tables import grid
from html_samples import (
    BLOCKS,
    INLINES,
    KITCHEN_SINK,
    METADATA,
    NASTY,
    TARGETS,
    letters,
    nasty_article,
    new_page,
    para,
    parsed,
    printed,
    text,
)

# ----------------------------------------------------------------------------- every kind


def test_every_kind_is_here() -> None:
    assert {type(node) for node in INLINES} == set(get_args(Inline))
    assert {type(node) for node in BLOCKS} == set(get_args(Block))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("node", BLOCKS, ids=lambda node: type(node).__name__)
def test_every_block_keeps_its_text_in_well_formed_markup(node: Block, target: Target) -> None:
    root = parsed(printed((node,), target))
    shown = "".join([*root.itertext(), *root.xpath("//@alttext")])
    assert not letters(text_of(node)) - letters(shown)


@pytest.mark.parametrize("target", TARGETS)
def test_an_article_is_well_formed_and_ids_are_unique_ascii_names(target: Target) -> None:
    page = new_page(target)
    parts = (title_block(METADATA, page), body(KITCHEN_SINK.content, page), footnotes(page), notices(METADATA, page))
    root = parsed("".join(parts))
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids)) == len(page.ids)
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]*", each) for each in ids)
    inside = {href[1:] for href in root.xpath("//@href") if href.startswith("#")}
    assert inside <= set(ids)


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (para("甲", SoftBreak(), "乙"), "<p>甲\n乙</p>\n"),
        (Heading(9, text("deep")), '<h2 id="h-1">deep</h2>\n'),
        (Heading(2, ()), ""),
        (List(()), ""),
        (List((ListItem((para("a"),)),)), "<ul>\n<li>a</li>\n</ul>\n"),
        (List((ListItem((para("a"),)),), tight=False), '<ul class="loose">\n<li><p>a</p>\n</li>\n</ul>\n'),
        (CodeBlock("\na", "c++"), '<pre><code class="language-c++">\na\n</code></pre>\n'),
        (Group("details", (), text("x")), None),
    ],
)
def test_exact_markup(node: Block, expected: str | None) -> None:
    if expected is not None:
        assert printed((node,), "epub") == expected
    else:
        assert "<details" not in printed((node,), "epub")
        assert "<details" in printed((node,), "html")


@given(st.lists(st.integers(1, 6), max_size=12))
def test_heading_levels_have_no_gaps_and_keep_their_order(levels: list[int]) -> None:
    root = parsed(printed(tuple(Heading(level, text("x")) for level in levels), "pdf"))
    made = [1, *(int(heading.tag[1]) for heading in root)]
    assert all(below <= above + 1 for above, below in pairwise(made))
    assert all(m <= level for m, level in zip(made[1:], levels, strict=True))
    for (a, b), (x, y) in zip(pairwise(levels), pairwise(made[1:]), strict=True):
        assert (a < b) == (x < y)


# ------------------------------------------------------------------------- nothing is live

ALLOWED_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        "bdi body main article header footer nav section aside div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote "
        "pre code figure figcaption picture source img table caption thead tbody tr th td hr br a span strong em "
        "del sup sub mark u kbd small abbr cite ins q samp var time ruby rt rp details summary",
    )
)
LIVE = re.compile(r"[\x00-\x20]*(javascript|vbscript|data|file):", re.IGNORECASE)


@given(NASTY, st.sampled_from(TARGETS))
def test_no_text_becomes_markup(x: str, target: Target) -> None:
    article = nasty_article(x)
    page = new_page(target)
    page.math = False
    parts = (title_block(article.metadata, page), body(article.content, page), footnotes(page))
    root = parsed("".join(parts) + notices(article.metadata, page))
    for element in root.iter():
        assert element.tag in ALLOWED_ELEMENTS
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in {"href", "src", "srcset"}:
                assert not re.match(
                    r"[\x00-\x20]*(javascript|vbscript|data|file)", re.sub(r"[\t\r\n]", "", value), re.I
                )
    shown = "".join(root.itertext())
    assert "".join(scrubbed(x).split()) in "".join(shown.split())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("https://example.org/路径 x", "https://example.org/路径%20x"),
        ("HTTP://例子.中国/", "http://例子.中国/"),
        ("http://[::1]:8080/", "http://[::1]:8080/"),
        ("//example.org/x", "//example.org/x"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("tel:+86-10", "tel:+86-10"),
        ("../a b (1).png", "../a%20b%20(1).png"),
        ("100%.png", "100%25.png"),
        ("a#b#c", "a#b%23c"),
        ("javascript:alert(1)", ""),
        (" JaVaScRiPt:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("\x01javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("vbscript:x", ""),
        ("http://", ""),
        ("https://exa mple.org/", ""),
        ("http://999.1.1.1/", ""),
        ("http://example.org:99999/", ""),
    ],
)
def test_addresses(url: str, expected: str) -> None:
    assert safe_address(url) == expected


@given(st.text())
def test_a_safe_address_stays_as_it_is(url: str) -> None:
    assert safe_address(safe_address(url)) == safe_address(url)


@pytest.mark.parametrize(
    ("url", "code"),
    [("javascript:x", "link.unsafe"), ("http://", "link.broken"), ("#nowhere", "link.unresolved")],
)
def test_a_lost_address_is_reported_and_its_text_stays(url: str, code: str) -> None:
    page = new_page()
    assert body((para(Link(text("文字"), url)),), page) == "<p>文字</p>\n"
    assert list(page.report.counts) == [code]


# --------------------------------------------------------------------------- links and notes


def test_links_within_an_article_find_chinese_headings() -> None:
    root = parsed(printed((Heading(2, text("x"), "第一节"), para(Link(text("去"), "#%E7%AC%AC%E4%B8%80%E8%8A%82")))))
    assert root.xpath("//a/@href") == ["#" + root.xpath("//h2/@id")[0]]
    assert root.xpath("//h2/@data-id") == ["第一节"]


def test_thousands_of_equal_ids_are_looked_up_about_once_each() -> None:
    class Counting(set[str]):
        looked = 0

        def __contains__(self, name: object) -> bool:
            Counting.looked += 1
            return super().__contains__(name)

    page = new_page()
    page.ids = Counting({"a-3"})
    assert [page.new_id("a") for _ in range(4)] == ["a", "a-2", "a-4", "a-5"]
    assert len({page.new_id("b") for _ in range(2000)}) == 2000
    assert Counting.looked < 5000


def test_a_note_inside_a_link_stands_after_it() -> None:
    root = parsed(printed((para(Link(text("a", Note((para("n"),))), "https://example.org/")),)))
    assert not root.xpath("//a//a")
    assert [a.get("role") for a in root.iter("a")] == [None, "doc-noteref", "doc-backlink"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ((Math("x^2"),), "x^2"),
        ((Strong((Math("x^2"),)),), "x^2"),
        ((Math("x^2"), Text("的值")), None),
        ((Math("x^2"), Image("a.png", "图")), None),
        ((Code("a"),), None),
    ],
)
def test_a_link_of_formulas_alone_is_named_for_screen_readers(content: Inlines, name: str | None) -> None:
    root = parsed(printed((para(Link(content, "https://example.org/")),)))
    assert root.xpath("//a[@href='https://example.org/']")[0].get("aria-label") == name


def test_a_note_inside_a_note_is_printed_too() -> None:
    root = parsed(printed((para(Note((para("outer", Note((para("inner"),))),))),)))
    assert len(root.xpath("//li[starts-with(@id, 'note-')]")) == 2


def test_epub_notes_are_asides_and_pdf_notes_stand_in_the_text() -> None:
    content = (para("x", Note((para("n"),))),)
    assert 'epub:type="footnote"' in printed(content, "epub")
    page = new_page("pdf")
    assert body(content, page) == '<p>x<span class="footnote"><span class="note-line">n</span></span></p>\n'
    assert footnotes(page) == ""


def test_in_pdf_a_link_holds_nothing_but_text() -> None:
    link = Link(text("a", Strong(text("b", Code("c")))), "https://example.org/")
    root = parsed(printed((para(link),), "pdf"))
    assert [(a.text, len(a)) for a in root.iter("a")] == [("a", 0), ("b", 0), ("c", 0)]


def test_footnotes_gives_each_note_once() -> None:
    page = new_page()
    body((para(Note((para("one"),))),), page)
    assert "one" in footnotes(page)
    body((para(Note((para("two"),))),), page)
    again = footnotes(page)
    assert "two" in again and "one" not in again and '<ol start="2">' in again


# ---------------------------------------------------------------------------------- tables

SPANS = st.integers(1, 4)
ROWS = st.lists(
    st.lists(st.builds(Cell, st.just(()), st.booleans(), SPANS, SPANS), max_size=5).map(
        lambda cells: Row(tuple(cells))
    ),
    max_size=5,
)


@given(ROWS)
def test_any_table_gets_a_regular_grid(rows: list[Row]) -> None:
    head, below = grid(tuple(rows))
    cells = [each.cell for row in (*head, *below) for each in row if each.cell is not None]
    assert cells == [each for row in rows for each in row.cells]
    columns = {each.column for row in (*head, *below) for each in row}
    for group in (head, below):
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(group):
            assert row
            column = 0
            for each in row:
                while (number, column) in taken:
                    column += 1
                area = {(number + r, column + c) for r in range(each.rows) for c in range(each.columns)}
                assert not area & taken
                taken |= area
                column += each.columns
        assert taken == {(r, c) for r in range(len(group)) for c in range(len(columns))}


def test_headers_say_what_they_head() -> None:
    root = parsed(printed((KITCHEN_SINK.content[8],)))
    assert [th.get("scope") for th in root.iter("th")] == ["col", "col", "row"]
    assert root.xpath("//td[@data-header]/@data-header") == ["col"]
    assert root.xpath("//td[@rowspan]/@rowspan") == ["2"]


# -------------------------------------------------------------------------------- pictures


def test_sizes_are_checked() -> None:
    sizes = (("375", "2"), ("50%", ""), ("1e9", "x"), ('1" onload="x', "-1"))
    content = tuple(Figure(Image("dot.gif", width=width, height=height)) for width, height in sizes)
    attributes = [dict(image.attrib) for image in parsed(printed(content)).iter("img")]
    plain = {"src": "dot.gif", "alt": ""}
    assert attributes == [plain | {"width": "375", "height": "2"}, plain | {"style": "width:50%"}, plain, plain]


def test_dark_pictures_are_for_screens() -> None:
    content = (Figure(Image("dot.gif", dark_url="dot.gif")),)
    assert "prefers-color-scheme: dark" in printed(content, "html")
    assert "picture" not in printed(content, "epub")


# ------------------------------------------------------------------------------------ math


def test_formulas_are_mathml_where_that_can_be_made() -> None:
    pytest.importorskip("latex2mathml")
    root = parsed(printed((MathBlock(r"\frac{a}{b}"),)))
    formula = root.find(".//{http://www.w3.org/1998/Math/MathML}math")
    assert formula is not None and formula.get("alttext") == r"\frac{a}{b}"


_OF_THE_WEB = [
    rf"\begin{{{name}}}a &= b \\ c &= d \nonumber \end{{{name}}}"
    for name in ("aligned", "eqnarray", "gather*", "gathered", "multline", "dcases", "align*")
] + [r"\begin{alignedat}{2} a &= b \label{x} \end{alignedat}", r"\left\{\begin{aligned}[t] a &= b \end{aligned}\right."]


@pytest.mark.parametrize("tex", _OF_THE_WEB)
def test_formulas_of_the_web_are_mathml_too(tex: str) -> None:
    pytest.importorskip("latex2mathml")
    (formula,) = parsed(printed((MathBlock(tex),))).iter("{http://www.w3.org/1998/Math/MathML}math")
    assert formula.get("alttext") == tex
    assert "\\" not in "".join(map(str, formula.itertext()))


def test_a_formula_that_is_mathml_already_stays_one_without_what_links_or_runs() -> None:
    source = '<math><mi href="javascript:x" onclick="x">x</mi><mo>=</mo><mn>1</mn></math>'
    (formula,) = parsed(printed((para(RawInline("mathml", source)),))).iter("{http://www.w3.org/1998/Math/MathML}math")
    assert "".join(map(str, formula.itertext())) == "x=1" == formula.get("alttext")
    assert not any(element.attrib for element in formula.iter() if element is not formula)
    for bad in ("<math><script>x</script></math>", "<math><mi>x</math>", "<math><mtext><a>x</a></mtext></math>"):
        assert 'class="raw"' in printed((para(RawInline("mathml", bad)),))


@pytest.mark.parametrize("tex", [r"\href{javascript:alert(1)}{x}", r"\frac{", "<img src=x>", r"\style{color:red}{x}"])
def test_formulas_bring_no_links_and_no_styles(tex: str) -> None:
    for element in parsed(printed((para(Math(tex)),))).iter():
        assert not {"href", "style", "src"} & set(element.attrib)
