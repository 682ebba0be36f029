"""Rules as data: the file of a user, and what is said about mistakes in it."""

from __future__ import annotations

from pathlib import Path

import pytest

import article_convert as ac
from article_convert.errors import InputError, OptionError
from article_convert.model import Article, Group, Strikethrough, Styled
from article_convert.rules import RULES, Rule, parse_rules
from article_convert.rules.marks import FURNITURE, is_marked, rule_of
from article_convert.rules.record import NOTHING
from article_convert.transforms import cut_furniture, mark_furniture
from article_convert.tree import text_of, walk


def test_a_file_says_what_to_keep_to_drop_and_its_own_rules() -> None:
    found = parse_rules(
        """
        keep = ["share-bar"]
        drop = [".letter, #subscribe", "/^广告：/"]

        [[rule]]
        id = "subscribe"
        select = ".subscribe"

        [[rule]]
        id = "goodbye"
        place = "ending"
        pattern = "（完）$"
        reason = "says that the article ends"
        notice = "about"
        firm = false
        limit = 20
        source = "our own pages"
        """,
        "my.toml",
    )
    assert found.keep == ("share-bar",)
    assert [rule.select for rule in found.drop] == [".letter, #subscribe", ""]
    assert found.drop[1].pattern.search("广告：新课")
    assert found.drop[1].place == "line"
    subscribe, goodbye = found.rules
    assert subscribe == Rule(id="subscribe", select=".subscribe", reason="a rule of my.toml")
    assert goodbye.pattern.match("（完）")
    assert (goodbye.place, goodbye.notice, goodbye.firm, goodbye.limit) == ("ending", "about", False, 20)
    assert parse_rules("", "empty.toml").rules == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("keep = [", "my.toml is no TOML: "),
        ("kepe = []", "my.toml: no key 'kepe' here; available: keep, drop, and [[rule]] tables"),
        ('keep = "share-bar"', 'my.toml: keep takes a list of texts, such as keep = ["…", "…"]'),
        ("drop = [1]", "my.toml: drop takes a list of texts"),
        ('drop = ["p:frist-child"]', "my.toml: drop: selector 'p:frist-child' is not understood: the pseudo"),
        ('drop = ["p >"]', "my.toml: drop: selector 'p >' is not understood: something is missing at its end"),
        ('drop = ["p, "]', "my.toml: drop: selector 'p, ' is not understood: something is missing at its end"),
        ('drop = ["p::before"]', "selector 'p::before' is not understood: ::before is no element of a page"),
        ('drop = ["svg|a"]', "selector 'svg|a' is not understood: pages of HTML have no namespaces"),
        ("drop = ['a[href*=x.y]']", "is not understood from '.y]' on; put the value into quotation marks"),
        ('drop = ["//p"]', "selector '//p' is not understood from '//p' on"),
        ('drop = ["/(/"]', "my.toml: drop: '(' is no regular expression: "),
        ('drop = ["/.*/"]', "my.toml: drop: '.*' matches anything"),
        ('rule = "x"', "my.toml: rule takes tables; begin each rule with a line [[rule]]"),
        ("[[rule]]", "my.toml: [[rule]] 1: id takes a name of small letters, digits and hyphens, not ''"),
        ('[[rule]]\nid = "A b"', "[[rule]] 1: id takes a name"),
        ('[[rule]]\nid = "a"', "my.toml: [[rule]] 1 (a): it finds nothing; add select"),
        ('[[rule]]\nid = "a"\nselekt = "p"', "my.toml: [[rule]] 1: no key 'selekt' in a rule; available: id, reason"),
        ('[[rule]]\nid = "a"\nfirm = 1', "my.toml: [[rule]] 1: firm takes true or false, not 1"),
        ('[[rule]]\nid = "a"\nlimit = true', "my.toml: [[rule]] 1: limit takes a whole number, not True"),
        ('[[rule]]\nid = "a"\nplace = "top"', "my.toml: [[rule]] 1 (a): place takes one of head, tail, "),
        ('[[rule]]\nid = "a"\nplace = "around"\npattern = "x"', "what stands around an article is found by select"),
        ('[[rule]]\nid = "a"\nplace = "tail"\nselect = "p"', "select goes with place blocks or around, not with tail"),
        (
            '[[rule]]\nid = "share-bar"\nselect = "p"',
            "my.toml: [[rule]] 1 (share-bar): the library has a rule of that name",
        ),
        ('[[rule]]\nid = "drop"\nselect = "p"', "my.toml: [[rule]] 1 (drop): the library has a rule of that name"),
        ('[[rule]]\nid = "a"\npattern = "["', "my.toml: [[rule]] 1 (a): pattern: '[' is no regular expression: "),
    ],
)
def test_mistakes_are_named_with_file_key_and_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_rules(text, "my.toml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


# --------------------------------------------------------------------------- what a user wishes

PAGE = """\
<!DOCTYPE html><html lang="zh"><head><title>面馆</title></head><body>
<nav><a href="/">首页</a></nav>
<article><p>水开了，面还没有下。掌柜说，等一等，等锅里的水再开一次，面才不会烂。</p>
<div class="letter"><p>订阅我们的信</p><p class="comments">写得好的读者</p></div>
<p>再下面。<a class="more" href="https://example.org/">看看别的</a>面下锅以后不要走开，用筷子拨三下。</p>
<ul><li class="letter">还是订阅</li><li>面</li></ul>
<table><tr class="letter"><td>又是</td><td>订阅</td></tr><tr><td>汤</td><td>面</td></tr></table>
</article>
<div class="below"><div id="comments"><p>好文章</p></div><p>页脚</p></div></body></html>
""".encode()


def cleaned(rules: ac.RuleSet, report: ac.Report | None = None) -> str:
    report = report if report is not None else ac.Report()
    article = ac.read(PAGE, "html", rules=rules, report=report)
    return text_of(ac.clean(article, ac.standard(rules=rules), report=report))


def test_a_reader_marks_what_is_to_go_and_leaves_it_in_the_tree() -> None:
    article = ac.read(PAGE, "html", rules=ac.choose_rules(drop=[".letter", ".more"]))
    marks = [node for node in walk(article) if is_marked(node)]
    assert [rule_of(mark) for mark in marks] == [
        ("drop", "drop .letter"),
        ("drop", "drop .more"),
        ("drop", "drop .letter"),
        ("drop", "drop .letter"),
        ("drop", "drop .letter"),
    ]
    assert [type(mark) for mark in marks] == [Group, Styled, Group, Group, Group]
    assert "订阅我们的信" in text_of(article)


@pytest.mark.parametrize(
    ("selector", "gone"),
    [
        ("article > p:nth-child(1)", ["水开了"]),
        (".letter + p", ["再下面"]),
        ("p:has(> a)", ["再下面"]),
        ("li:not(.letter)", ["面"]),
        (".letter > :is(p, td):not(.comments)", ["订阅我们的信", "又是", "订阅"]),
        ("a[href='https://example.org/'], p[class*=\"com\"]", ["写得好的读者", "看看别的"]),
        ("div:contains('订阅, 我们')", []),
    ],
)
def test_selectors_are_those_of_css(selector: str, gone: list[str]) -> None:
    report = ac.Report()
    cleaned(ac.choose_rules(drop=[selector]), report)
    said = [cut.text for cut in report.removals if cut.rule == "drop"]
    assert len(said) == len(gone)
    assert all(map(str.startswith, said, gone))


def test_what_is_dropped_leaves_no_empty_item_row_or_gap() -> None:
    report = ac.Report()
    said = cleaned(ac.choose_rules(drop=[".letter", ".more"]), report)
    assert said.split("\n") == [
        "水开了，面还没有下。掌柜说，等一等，等锅里的水再开一次，面才不会烂。",
        "再下面。面下锅以后不要走开，用筷子拨三下。",
        "面",
        "汤",
        "面",
        "",
    ]
    assert [cut.text for cut in report.removals if cut.rule == "drop"] == [
        "订阅我们的信\n写得好的读者",
        "看看别的",
        "还是订阅",
        "又是",
        "订阅",
    ]


def test_keep_brings_back_what_stands_around_an_article() -> None:
    report = ac.Report()
    said = cleaned(ac.choose_rules(keep=["comments"]), report)
    assert said.endswith("面\n好文章\n")
    assert "页脚" not in said
    assert [cut.text for cut in report.removals if cut.rule == "page"] == ["首页", "页脚"]
    assert "首页" in cleaned(ac.choose_rules(keep=["page"]))


def test_keep_beats_drop_also_inside_of_it(tmp_path: Path) -> None:
    rules = tmp_path / "my.toml"
    rules.write_text('keep = ["praise"]\n[[rule]]\nid = "praise"\nselect = "p.comments"\n', encoding="utf-8")
    said = cleaned(ac.choose_rules(drop=[".letter", "/写得好/"], file=rules))
    assert "写得好的读者" in said
    assert "订阅我们的信" not in said


def test_what_a_page_hides_comes_back_where_it_stood_if_it_is_kept() -> None:
    page = PAGE.replace(
        b"</div>\n<p>", '</div>\n<p hidden>汤里<b style="display:none">不</b>放盐。</p><p>'.encode(), 1
    ).replace("再下面。".encode(), '再下面<i style="display: none">（第三回）</i>。'.encode())

    def said(rules: ac.RuleSet, report: ac.Report) -> str:
        article = ac.read(page, "html", rules=rules, report=report)
        return text_of(ac.clean(article, ac.standard(rules=rules), report=report))

    left, kept, told = ac.Report(), ac.Report(), ac.Report()
    without = said(ac.choose_rules(), left)
    assert [cut.text for cut in left.removals if cut.rule == "hidden"] == ["汤里不放盐。", "（第三回）"]
    assert "汤里不放盐。\n再下面（第三回）。" in said(ac.choose_rules(keep=["hidden"]), kept)
    assert "hidden" not in {cut.rule for cut in kept.removals}
    everything = ac.RuleSet(everything=True)
    assert said(everything, told) == without
    assert [cut.text for cut in told.removals if cut.rule == "hidden"] == ["汤里放盐。", "不", "（第三回）"]


def test_an_expression_finds_blocks_in_any_input() -> None:
    text = "# 面馆\n\n水开了。\n\n> 广告：新锅\n\n- 面\n- 广告：新碗\n\n[碗](https://shop.example.org/1)\n".encode()
    rules = ac.choose_rules(drop=["/^广告：/", r"/shop\.example\.org/"])
    assert ac.to_markdown(text, reader="gitbook", rules=rules).endswith("# 面馆\n\n水开了。\n\n- 面\n")


def test_a_drop_that_finds_nothing_is_reported() -> None:
    report = ac.Report()
    cleaned(ac.choose_rules(drop=[".nowhere", "/^水开了/", "nav"]), report)
    assert [str(each) for each in report.diagnostics if each.code == "furniture.unmatched"] == [
        "<input>: note: drop .nowhere found nothing [furniture.unmatched]"
    ]


def test_rules_of_a_file_work_in_every_place(tmp_path: Path) -> None:
    rules = tmp_path / "my.toml"
    rules.write_text(
        """
        [[rule]]
        id = "hello"
        place = "head"
        pattern = "你好，读者"
        [[rule]]
        id = "shop"
        place = "link"
        pattern = '\\[[^\\]]*\\]\\(https://shop\\.example\\.org/[^)]*\\)'
        [[rule]]
        id = "box"
        pattern = '买锅\\n买碗'
        [[rule]]
        id = "goodbye"
        place = "ending"
        pattern = "（完）$"
        notice = "about"
        [[rule]]
        id = "bar"
        place = "tail"
        pattern = '赞 \\d+\\n踩 (?P<likes>\\d+)'
        """,
        encoding="utf-8",
    )
    lines = [
        "你好，读者",
        "水开了。[锅](https://shop.example.org/1)",
        "买锅",
        "买碗",
        "买锅",
        "再下面。",
        "（完）",
        "赞 3",
        "踩 4",
    ]
    result = ac.convert("\n\n".join(lines).encode(), reader="gitbook", target="markdown", rules=rules)
    assert isinstance(result.article, Article)
    assert text_of(result.article) == "水开了。\n买锅\n再下面。\n"
    assert [cut.rule for cut in result.report.removals] == ["hello", "shop", "box", "goodbye", "bar"]
    assert result.article.metadata.stats.likes == 4
    assert [notice.text for notice in result.article.metadata.notices] == ["（完）"]


def test_wishes_that_mean_nothing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"no rule 'coments' \(did you mean 'comments'\?\); available: title, "):
        ac.choose_rules(keep=["coments"])
    with pytest.raises(OptionError, match="no rule 'x'"):
        ac.standard(["x"])
    with pytest.raises(OptionError, match="leave rules out"):
        ac.standard(["byline"], rules=ac.choose_rules())
    with pytest.raises(InputError, match="cannot be read"):
        ac.choose_rules(file=tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_bytes(b"keep = ['\xff']")
    with pytest.raises(InputError, match="it is not UTF-8"):
        ac.choose_rules(file=tmp_path / "bad.toml")
    (tmp_path / "bad.toml").write_text("keep = ['x']")
    with pytest.raises(OptionError, match=r"bad\.toml: keep: no rule 'x'"):
        ac.choose_rules(file=tmp_path / "bad.toml")


# --------------------------------------------------------------------------- marks


def test_marking_twice_marks_once() -> None:
    rules = ac.choose_rules(drop=["/面/"])
    once = mark_furniture(ac.read(PAGE, "html", rules=rules), ac.Report(), rules.rules)
    assert mark_furniture(once, ac.Report(), rules.rules) == once
    assert not [node for node in walk(cut_furniture(once, ac.Report(), rules)) if is_marked(node)]


def test_writers_print_a_mark_as_if_it_stood_alone() -> None:
    article = ac.read(PAGE, "html", rules=ac.choose_rules(drop=[".letter", ".more"]))
    assert FURNITURE not in ac.to_markdown(article)
    assert "[看看别的](https://example.org/)" in ac.to_markdown(article)


def test_an_explanation_strikes_through_what_goes() -> None:
    rules = ac.choose_rules(drop=[".letter", ".more"])
    article = ac.clean(ac.read(PAGE, "html", rules=rules), ac.explaining(rules))
    struck = [text_of(node) for node in walk(article) if isinstance(node, Strikethrough)]
    assert struck == ["订阅我们的信", "写得好的读者", "看看别的", "还是订阅", "又是", "订阅"]
    assert "drop drop .letter" in text_of(article)


def test_every_rule_says_why_and_where_it_was_seen() -> None:
    for rule in RULES:
        assert rule.reason
        assert rule.source or rule.pattern is NOTHING, rule.id
