"""Language tags: one judgement for the command, readers, writers and checks."""

from __future__ import annotations

from typing import Any

import pytest

import article_convert as ac
from article_convert.cli.overrides import check_overrides
from article_convert.errors import OptionError
from article_convert.languages import language_tag, named_language
from article_convert.writers.epub.options import check_options

TAGS = ["zh", "zh-CN", "zh-Hant-TW", "en-US", "es-419", "sl-rozaj-biske", "de-CH-1901", "zh-cmn-Hans-CN",
        "de-DE-u-co-phonebk", "en-a-bbb-x-a-ccc", "zh-x-own"]  # fmt: skip
NONE = [
    "",
    "english",
    "中文",
    "C",
    "POSIX",
    "x",
    "en-",
    "-en",
    "en--US",
    "a-DE",
    "de-419-DE",
    "en-u",
    "zh-x",
    "v2-1",
    "tw.10",
    "ar-a-a",
]


@pytest.mark.parametrize("tag", TAGS)
def test_tags(tag: str) -> None:
    assert language_tag(tag) == named_language(tag) == tag
    assert language_tag(f" {tag.replace('-', '_')}.UTF-8 ") == tag


@pytest.mark.parametrize("text", NONE)
def test_what_is_none(text: str) -> None:
    assert language_tag(text) == named_language(text) == ""


def test_some_tags_name_no_language() -> None:
    assert [language_tag(tag) for tag in ("und", "mul", "zxx", "und-Latn")] == ["und", "mul", "zxx", "und-Latn"]
    assert {named_language(tag) for tag in ("und", "MUL", "zxx", "und-Latn")} == {""}


@pytest.mark.parametrize("text", ["english", "und", "zh-x", "de-419-DE"])
def test_what_names_no_language_is_refused_and_never_ignored(text: str) -> None:
    class Asked:
        language, cover = text, ""

    asked: Any = Asked
    with pytest.raises(OptionError, match="not a language tag"):
        check_overrides(asked)
    with pytest.raises(OptionError, match="not a language tag"):
        check_options(ac.EpubOptions(language=text))


@pytest.mark.parametrize(("said", "read"), [("zh_CN", "zh-CN"), ("english", "en"), ("und", "en"), ("fr", "fr")])
def test_what_a_page_says_becomes_a_tag(said: str, read: str) -> None:
    report = ac.Report()
    words = "<p>You can see the river from it, and this is what the children have with them.</p>" * 4
    page = f"<html lang='{said}'><body><article><h1>The river</h1>{words}</article></body></html>"
    result = ac.convert(page.encode(), reader="html", target="html", report=report)
    assert isinstance(result.article, ac.Article)
    assert result.article.metadata.language == read
    assert f'<html lang="{read}">' in result.output.decode()
    bad = said == "english"
    assert report.counts["metadata.bad-language"] == bad
    assert (("language", said) in result.article.metadata.extra) == bad


@pytest.mark.parametrize("position", [float("nan"), float("inf"), -1.0])
def test_no_place_in_a_series(position: float) -> None:
    with pytest.raises(OptionError, match="series_index"):
        check_options(ac.EpubOptions(series="x", series_index=position))
