"""Rules as data: the file of a user, and what is said about mistakes in it."""

from __future__ import annotations

import pytest

from article_convert.errors import OptionError
from article_convert.rules import Rule, parse_rules


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
    assert found.drop[1].pattern is not None and found.drop[1].pattern.search("广告：新课")
    assert found.drop[1].place == "line"
    subscribe, goodbye = found.rules
    assert subscribe == Rule(id="subscribe", select=".subscribe", reason="a rule of my.toml")
    assert goodbye.pattern is not None and goodbye.pattern.match("（完）")
    assert (goodbye.place, goodbye.notice, goodbye.firm, goodbye.limit) == ("ending", "about", False, 20)
    assert parse_rules("", "empty.toml").rules == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("keep = [", "my.toml is no TOML: "),
        ("kepe = []", "my.toml: no key 'kepe' here; there is: keep, drop, and [[rule]] tables"),
        ('keep = "share-bar"', 'my.toml: keep takes a list of texts, such as keep = ["…", "…"]'),
        ("drop = [1]", "my.toml: drop takes a list of texts"),
        ('drop = ["p:first-child"]', "my.toml: drop: selector 'p:first-child' is not understood; what is: tag, .class"),
        ('drop = ["p >"]', "my.toml: drop: nothing stands at one end of a selector in 'p >'"),
        ('drop = ["p, "]', "my.toml: drop: nothing stands at one end of a selector in 'p, '"),
        ('drop = ["/(/"]', "my.toml: drop: '(' is no regular expression: "),
        ('drop = ["/.*/"]', "my.toml: drop: '.*' matches anything"),
        ('rule = "x"', "my.toml: rule takes tables; begin each rule with a line [[rule]]"),
        ("[[rule]]", "my.toml: [[rule]] 1: id takes a name of small letters, digits and hyphens, not ''"),
        ('[[rule]]\nid = "A b"', "[[rule]] 1: id takes a name"),
        ('[[rule]]\nid = "a"', "my.toml: [[rule]] 1 (a): it finds nothing; add select"),
        ('[[rule]]\nid = "a"\nselekt = "p"', "my.toml: [[rule]] 1: no key 'selekt' in a rule; there is: id, reason"),
        ('[[rule]]\nid = "a"\nfirm = 1', "my.toml: [[rule]] 1: firm takes true or false, not 1"),
        ('[[rule]]\nid = "a"\nlimit = true', "my.toml: [[rule]] 1: limit takes a whole number, not True"),
        ('[[rule]]\nid = "a"\nplace = "top"', "my.toml: [[rule]] 1 (a): place takes one of head, tail, "),
        ('[[rule]]\nid = "a"\nplace = "around"\npattern = "x"', "what stands around an article is found by select"),
        ('[[rule]]\nid = "a"\nplace = "tail"\nselect = "p"', "select goes with place blocks or around, not with tail"),
        ('[[rule]]\nid = "a"\npattern = "["', "my.toml: [[rule]] 1 (a): pattern: '[' is no regular expression: "),
    ],
)
def test_mistakes_are_named_with_file_key_and_what_would_be_right(text: str, said: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse_rules(text, "my.toml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
