"""Broken and hostile pages: an article or an error that helps, in bounded time, and nothing lost on the way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import article_convert as ac
from article_convert.model import Article, CodeBlock, Heading, MathBlock, Paragraph, Text
from article_convert.readers.html.elements import BUILT_IN
from article_convert.readers.html.flow import Context, blocks
from article_convert.readers.html.parse import parse_page
from article_convert.report import Report
from article_convert.tree import check, text_of

sys.path.insert(0, str(Path(__file__).parent.parent / "scripts"))
import fuzz_pages


def read(source: str | bytes, report: Report | None = None) -> Article:
    article = ac.read(source if isinstance(source, bytes) else source.encode(), "html", report=report)
    check(article)
    return article


def removed(source: str) -> tuple[str, list[str]]:
    """The text of the article, and what was removed from it."""
    report = Report()
    return text_of(read(source, report)), [removal.text for removal in report.removals]


def test_mutated_pages_keep_the_promises() -> None:
    wrong = [(number, said) for number, said in fuzz_pages.findings(range(250), seed=7, jobs=1) if said]
    assert not wrong


def test_the_mutations_are_the_same_everywhere() -> None:
    assert fuzz_pages.mutated(1, 5) == fuzz_pages.mutated(1, 5) != fuzz_pages.mutated(2, 5)
    readers = {fuzz_pages.mutated(1, number)[0] for number in range(50)}
    assert readers == {"html", "woshipm"}


def test_the_promises_can_be_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<p>{'一句话，没有人会弄丢它。' * 3}</p>".encode()
    assert fuzz_pages.verdict("html", page) == ""
    monkeypatch.setattr(ac, "read", lambda *given, **named: Article())
    assert fuzz_pages.verdict("html", page) == "an empty article without an error"
    monkeypatch.setattr(ac, "read", lambda *given, **named: Article((Paragraph((Text("话"),)),)))
    assert fuzz_pages.verdict("html", page).startswith("lost 29 letters")
    monkeypatch.setattr(ac, "read", lambda *given, **named: 1 // 0)
    assert fuzz_pages.verdict("html", page).startswith("ZeroDivisionError")


# --------------------------------------------------------------------------- tags that are cut or run together


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>a<b c='>'d>e</b>f", "aef"),  # a quote counts only behind `=`
        ('<p>a<b "c>d">e', 'ad">e'),
        ("<p x=1<i>a", "a"),
        ('<p a=b"c>d', "d"),
        ("<bo<style>a<p>b", "<bo<style>a b"),  # no element: text, and what it hides is not hidden
        ('<mg x="<iframe>"><p>b', '<mg x="<iframe>"> b'),
        ("<p>0<X<1</p>b", "0<X<1 b"),
        ("<ruby>a<rp>b c</ruby>d", "ab cd"),
        ("<x-y</html>a", "a"),
        ("<scr</html>ipt>a", "<script>a"),
        ("a <</body>/b c>", "a </b c>"),
        ("<blockquot<!--<p>a", "<blockquot<!-- a"),
        ('<p>a <math alttext="x"><mi>x</mi><p>b', "a x b"),
        ("<title>t</title>a<p>b", "a b"),
        ("<head><link rel=x>a<section><p>b</section> c</head>d", "a b cd"),
        ("<p>a<x-y>b", "ab"),
    ],
)
def test_what_a_browser_shows_is_there(source: str, text: str) -> None:
    assert " ".join(text_of(read(source)).split()) == text


@pytest.mark.parametrize("tag", ["figcaption", "x-y", "pre class=gutter", "span class=katex"])
def test_elements_without_end_tags_do_not_swallow_the_page(tag: str) -> None:
    said, _ = removed(f"<p>前面一句。</p>{f'<{tag}>' * 4000}<p>后面一句。</p>")
    assert "前面一句。" in said
    assert "后面一句。" in said


def test_a_long_tag_keeps_what_follows_it() -> None:
    attributes = " ".join(f"a{number}='>'" for number in range(100_000))
    long = f'<p>一</p><p {attributes}>二</p><p title="{"<b>" * 9000}" class=x>三</p>'
    assert text_of(read(long)).split() == ["一", "二", "三"]


def test_a_name_of_many_hyphens_ends() -> None:
    assert "一" in text_of(read("<a" + "-" * 5000 + "!>一"))


def test_many_small_elements_take_linear_time() -> None:
    assert len(text_of(read("<p>" + "<span>字</span>" * 200_000))) == 200_001
    assert len(text_of(read("<p>" + "<b>字</b>" * 100_000))) == 100_001


def test_a_page_that_would_not_fit_into_memory_is_refused() -> None:
    with pytest.raises(ac.InputError, match="3 million tags"):
        read("<br>" * 3_000_001)


@pytest.mark.parametrize("source", ["<pre> </pre>", "<ul><li></ul>", "<p>&#8203;", "<h1></h1>", "<select><option>a"])
def test_a_page_that_shows_nothing_is_an_error(source: str) -> None:
    with pytest.raises(ac.InputError, match="shows nothing"):
        read(source)


# --------------------------------------------------------------------------- boxes that are read as one thing


@pytest.mark.parametrize(
    ("source", "title", "cut"),
    [
        ('<div class="highlight"><pre class="line-numbers language-js">x</pre></div>', "", []),
        ('<div class="highlight"><p>app.js</p><pre class="language-js">x</pre></div>', "app.js", []),
        (
            '<div class="highlight"><span>js</span><span>复制代码</span><pre class="language-js">x</pre></div>',
            "",
            ["js复制代码"],
        ),
        ('<figure class="x"><figcaption>Listing 1</figcaption><pre class="lang-js">x</pre></figure>', "Listing 1", []),
    ],
)
def test_what_a_box_of_code_says_besides(source: str, title: str, cut: list[str]) -> None:
    report = Report()
    assert read(source, report).content == (CodeBlock("x", "js", title),)
    assert ["".join(removal.text.split()) for removal in report.removals] == cut


@pytest.mark.parametrize(
    "source",
    [
        '<table class="highlighttable"><tr><td class="linenos"><pre>1</pre><td><pre>a</pre></table><p>b</p>',
        '<table class="highlighttable"><tr><td class="linenos"><pre>1</pre><td><pre>a</pre><p>b</p><pre>c</pre>',
        '<div class="highlight"><pre>a</pre><pre>b</pre></div>',
        "<figure><pre>a</pre><p>b</p><pre>c</pre></figure>",
        '<pre><span class="lineno">no number b</span>a</pre>',
        '<mjx-container aria-label="\\pi"><p>b</p></mjx-container>',
        '<span class="katex"><annotation encoding="application/x-tex">x</annotation>b<p>c',
    ],
)
def test_a_box_that_holds_more_is_read_as_text(source: str) -> None:
    said, _ = removed(source)
    assert "b" in said


def test_controls_of_forms_are_listed_as_removed() -> None:
    said, cut = removed("<p>甲<select><option>一</option><option>二</option></select>乙</p>")
    assert (said.strip(), cut) == ("甲乙", ["一二"])


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<table><td>a<td>b<tr><td>c</table>", "a b c"),
        ("<table><caption>k</caption><tr><caption>l</caption><td>a</table>", "l a k"),
        ("<table><caption>k</caption></table>", "k"),
        ("<table><tbody><thead><tr><td>h</thead><tr><td>a</table>", "h a"),
        ("<table>s<td>a</td> t <td>b</table>", "s t a b"),
    ],
)
def test_nothing_of_a_crooked_table_is_lost(source: str, text: str) -> None:
    assert " ".join(text_of(read(source)).split()) == text


# --------------------------------------------------------------------------- our own pages, changed by somebody


def own(*content: Paragraph | Heading) -> str:
    return ac.write(Article(content, ac.Metadata(title="题")), writer="html").decode()


def test_what_was_added_around_an_own_page_is_in_the_report() -> None:
    page = own(Paragraph((Text("正文。"),)))
    _, cut = removed(page.replace("</body>", "<p>有人加了一句。</p></body>"))
    assert cut == ["有人加了一句。"]
    said, cut = removed(page)
    assert (said.strip(), cut) == ("正文。", [])


def test_an_own_page_whose_head_lost_its_end_keeps_its_text() -> None:
    page = own(Heading(3, (Text("小节"),)), Paragraph((Text("正文。"),)))
    said, _ = removed(page.replace("</header>", ""))
    assert "正文。" in said


# --------------------------------------------------------------------------- the tree below


def test_text_in_the_head_stands_before_the_body() -> None:
    root = parse_page("<html><head><title>t</title></he><p>a</p> b<script>c</script>d</head><body>e</body>", Report())
    made = blocks(root, Context(Report(), BUILT_IN))
    assert text_of(Article(made)).split() == ["a", "bde"]
    assert not any(isinstance(block, MathBlock) for block in made)
