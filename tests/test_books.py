"""Whole GitBooks: the summary's grammar, links between pages, project files, and what is reported."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest

import article_convert as ac
from article_convert.books import read_book
from article_convert.books.separate import pages_of
from article_convert.books.summary import Line, read_summary
from article_convert.cli import main
from article_convert.errors import InputError
from article_convert.model import (
    Article,
    Book,
    Embed,
    Entry,
    Figure,
    Group,
    Heading,
    Link,
    Math,
    MathBlock,
    Node,
    Styled,
)
from article_convert.report import Report
from article_convert.tree import text_of, walk, walk_entries


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def entries(book: Book) -> Iterator[Entry]:
    def below(found: tuple[Entry, ...]) -> Iterator[Entry]:
        for entry in found:
            yield entry
            yield from below(entry.children)

    return below(book.entries)


def chapter(book: Book, path: str) -> Article:
    return next(entry.chapter.load() for entry in entries(book) if entry.chapter and entry.chapter.path == path)


def found(article: Article, kind: type[Node]) -> list[Node]:
    return [node for node in walk(article) if isinstance(node, kind)]


# --------------------------------------------------------------------------- summary

SUMMARY = """# 目录

* [Overview](README.md)
* [A \\[bracketed\\] title](page.md "Short label")
  * [Child](page/child\\_one.md)
      * [Grandchild](page/deep/x.md)
* Title without a page
  * [Below it](below.md)
* [Empty]()
* [Elsewhere](https://example.com/x)

## 第二部分 <a href="#second" id="second"></a>

* [API](api/README.md)
* ```yaml
  type: builtin:openapi
  ```

***

- [Last](last.md#end)
"""


def test_summary_grammar() -> None:
    summary = read_summary(SUMMARY.encode(), Report())
    assert summary.title == ""
    overview, page, bare, empty, elsewhere, part, last = summary.lines
    assert (overview.title, overview.target) == ("Overview", "README.md")
    assert (page.title, page.target) == ("Short label", "page.md")
    assert page.children[0].target == "page/child_one.md"
    assert page.children[0].children[0].title == "Grandchild"
    assert (bare.title, bare.target, bare.children[0].title) == ("Title without a page", "", "Below it")
    assert (empty.title, empty.target) == ("Empty", "")
    assert elsewhere.target == "https://example.com/x"
    assert (part.title, part.part, [line.title for line in part.children]) == ("第二部分", True, ["API"])
    assert (last.title, last.target) == ("Last", "last.md#end")


@pytest.mark.parametrize("title", ["Summary", "Table of contents", "目录", "目錄"])
def test_a_generic_heading_is_no_book_title(title: str) -> None:
    assert read_summary(f"# {title}\n\n* [A](a.md)\n".encode(), Report()).title == ""
    assert read_summary(b"# The real title\n\n* [A](a.md)\n", Report()).title == "The real title"


def test_targets_with_backslashes_and_escapes() -> None:
    lines = read_summary(b"* [A](\\chapter-1\\A.md)\n* [B](</b c/d.md>)\n* [C](c%20d.md)\n", Report()).lines
    assert [line.target for line in lines] == ["/chapter-1/A.md", "/b%20c/d.md", "c%20d.md"]


# --------------------------------------------------------------------------- chapters and links

BOOK = {
    "SUMMARY.md": "* [开始](README.md)\n* [安装](guide/install.md)\n  * [高级](guide/advanced.md)\n* [缺页](gone.md)\n",
    "README.md": (
        "# 欢迎\n\n[安装](guide/install.md) · [步骤](guide/install.md#di-yi-bu) · [目录](guide/) · "
        '[x](guide/ADVANCED.md "mention") · [坏](missing.md) · [断](broken-reference) · [外](https://example.com/)\n\n'
        '{% content-ref url="guide/advanced.md" %}\n[advanced.md](guide/advanced.md)\n{% endcontent-ref %}\n'
    ),
    "guide/install.md": (
        "# 如何安装\n\n## 第一步\n\n见 [上面](#第一步) 和 [首页](/README.md)。\n\n"
        '{% include "../.gitbook/includes/note.md" %}\n\n![图](../.gitbook/assets/a%20b.png)\n'
    ),
    "guide/advanced.md": "正文，没有标题。\n",
    "guide/README.md": "# 不在目录中\n",
    ".gitbook/includes/note.md": "---\ntitle: 说明\n---\n\n[去首页](../../README.md)\n",
    ".gitbook.yaml": "root: ./\nredirects:\n  old/place: guide/install.md\n",
}


@pytest.fixture
def book(tmp_path: Path) -> tuple[Book, Report]:
    folder = write(tmp_path, BOOK)
    (folder / ".gitbook/assets").mkdir()
    (folder / ".gitbook/assets/a b.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 24)
    report = Report()
    return read_book(folder, report=report), report


def test_entries_keep_order_depth_and_titles(book: tuple[Book, Report]) -> None:
    made, report = book
    assert [(entry.title, entry.chapter.path if entry.chapter else "") for entry in entries(made)] == [
        ("开始", "README.md"),
        ("安装", "guide/install.md"),
        ("高级", "guide/advanced.md"),
        ("缺页", ""),
    ]
    assert report.counts["book.missing-page"] == 1
    assert report.counts["book.unlisted-page"] == 1
    assert made.metadata.language == "zh-CN"


def test_links_between_pages(book: tuple[Book, Report]) -> None:
    made, report = book
    article = chapter(made, "README.md")
    links = {text_of(node.content): node.url for node in found(article, Link)}  # type: ignore[attr-defined]
    assert links == {
        "安装": "/guide/install.md",
        "步骤": "/guide/install.md#di-yi-bu",
        "高级": "/guide/advanced.md",
        "外": "https://example.com/",
    }
    assert "坏" in text_of(article) and "断" in text_of(article) and "目录" in text_of(article)
    assert report.counts["link.unresolved"] == 3
    embed = found(article, Embed)[0]
    assert isinstance(embed, Embed) and text_of(embed.caption) == "高级" and embed.url == "/guide/advanced.md"


def test_headings_get_the_ids_that_links_use(book: tuple[Book, Report]) -> None:
    article = chapter(book[0], "guide/install.md")
    heading = found(article, Heading)[0]
    anchors = {dict(node.attributes).get("id") for node in walk(article) if hasattr(node, "attributes")}
    assert {heading.id} | anchors >= {"第一步", "di-yi-bu"}  # type: ignore[attr-defined]


def test_included_text_keeps_its_own_addresses(book: tuple[Book, Report]) -> None:
    article = chapter(book[0], "guide/install.md")
    assert ("去首页", "/README.md") in [
        (text_of(node.content), node.url)  # type: ignore[attr-defined]
        for node in found(article, Link)
    ]
    assert [resource.media_type for resource in article.resources] == ["image/png"]


def test_a_page_without_heading_is_called_as_in_the_summary(book: tuple[Book, Report]) -> None:
    assert chapter(book[0], "guide/advanced.md").metadata.title == "高级"


def test_what_a_chapter_reports_is_reported_once(book: tuple[Book, Report]) -> None:
    made, report = book
    chapter(made, "README.md")
    before = report.counts.total()
    assert chapter(made, "README.md") == chapter(made, "README.md")
    assert report.counts.total() == before


def test_an_empty_page_lists_what_is_below_it(tmp_path: Path) -> None:
    write(
        tmp_path, {"SUMMARY.md": "* [Top](top.md)\n  * [One](one.md)\n", "top.md": "# Top\n", "one.md": "# One\n\nx\n"}
    )
    article = chapter(read_book(tmp_path), "top.md")
    assert [(text_of(n.content), n.url) for n in found(article, Link)] == [("One", "/one.md")]  # type: ignore[attr-defined]


# --------------------------------------------------------------------------- kinds of projects


def test_a_folder_without_summary_is_read_in_natural_order(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"b/README.md": "# B\n", "b/10.md": "# Ten\n", "b/2.md": "# Two\n", "README.md": "# Home\n", "a.md": "x"},
    )
    book = read_book(tmp_path)
    assert [entry.title for entry in entries(book)] == ["Home", "a", "B", "Two", "Ten"]
    assert book.metadata.title == "Home"


def test_book_json_gives_metadata_and_variables(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "book.json": '{"title": "手册", "author": "某人", "language": "tw.10", "variables": {"v": "3.1"}}',
            "SUMMARY.md": "* [A](a.md)\n",
            "README.md": "# Home\n",
            "a.md": "# A\n\n版本 {{ book.v }}，`{{ book.v }}`，{{ unknown }}\n\n"
            "{% filename %}main.py{% endfilename %}\n```python\nx\n```\n",
        },
    )
    book = read_book(tmp_path)
    assert (book.metadata.title, book.metadata.authors[0].name, book.metadata.language) == ("手册", "某人", "")
    assert [entry.title for entry in entries(book)] == ["Home", "A"]
    text = text_of(chapter(book, "a.md"))
    assert "版本 3.1，{{ book.v }}，{{ unknown }}" in text
    assert "endfilename" not in text


def test_languages_and_spaces_become_parts(tmp_path: Path) -> None:
    write(
        tmp_path / "langs",
        {
            "LANGS.md": "* [English](en/)\n* [中文](zh/)\n",
            "en/SUMMARY.md": "* [A](a.md)\n",
            "en/a.md": "# A\n\n[b](b.md)\n",
            "zh/SUMMARY.md": "* [甲](a.md)\n",
            "zh/a.md": "# 甲\n\n[自己](a.md)\n",
        },
    )
    book = read_book(tmp_path / "langs")
    assert [(entry.title, entry.part) for entry in book.entries] == [("English", True), ("中文", True)]
    assert [n.url for n in found(chapter(book, "zh/a.md"), Link)] == ["/zh/a.md"]  # type: ignore[attr-defined]
    write(
        tmp_path / "site",
        {
            "docs.yaml": "site:\n  structure:\n    - title: Guides\n      content: {directory: guides}\n",
            "guides/SUMMARY.md": "* [A](a.md)\n",
            "guides/a.md": "# A\n",
        },
    )
    assert read_book(tmp_path / "site").entries[0].title == "A"


def test_a_glossary_is_an_appendix(tmp_path: Path) -> None:
    write(
        tmp_path, {"SUMMARY.md": "* [A](a.md)\n", "a.md": "# A\n", "GLOSSARY.md": "# 术语\n\n## 章\n\n书的一部分。\n"}
    )
    book = read_book(tmp_path)
    assert [entry.title for entry in entries(book)] == ["A", "术语"]
    assert "书的一部分" in text_of(chapter(book, "GLOSSARY.md"))


def test_a_glossary_without_a_title_keeps_its_first_term(tmp_path: Path) -> None:
    files = {
        "book.json": "{}",
        "SUMMARY.md": "* [A](a.md)\n",
        "a.md": "# A\n\nA ladle.\n",
        "GLOSSARY.md": "# Ladle\nA spoon.\n",
    }
    book = read_book(write(tmp_path, files))
    assert [entry.title for entry in book.entries][-1] == "Glossary"
    (term,) = [node.id for node in found(chapter(book, "GLOSSARY.md"), Heading) if isinstance(node, Heading)]
    assert [node.url for node in found(chapter(book, "a.md"), Link) if isinstance(node, Link)] == [
        f"/GLOSSARY.md#{term}"
    ]


def test_terms_of_a_legacy_glossary_lead_to_it(tmp_path: Path) -> None:
    page = "# Tea pot\n\nA tea pot, a [tea pot](https://example.org/), `tea pot`, a Tea Pot and tea pots. 茶壶里。\n"
    folder = write(
        tmp_path,
        {
            "book.json": "{}",
            "SUMMARY.md": "* [Tea](tea.md)\n",
            "tea.md": page,
            "GLOSSARY.md": "# Words\n\n## tea pot\n\nA vessel.\n\n## 茶壶\n\n泡茶用。\n",
        },
    )
    book = read_book(folder, report=Report())
    links = [node for node in found(chapter(book, "tea.md"), Link) if isinstance(node, Link)]
    assert [(text_of(node), node.url, node.title) for node in links] == [
        ("tea pot", "/GLOSSARY.md#tea-pot", "A vessel."),
        ("tea pot", "https://example.org/", ""),
        ("茶壶", "/GLOSSARY.md#%E8%8C%B6%E5%A3%B6", "泡茶用。"),
    ]
    titles = [dict(node.attributes) for node in found(chapter(book, "tea.md"), Styled) if isinstance(node, Styled)]
    assert titles == [{"title": "A vessel."}]
    glossary = chapter(book, "GLOSSARY.md")
    assert [node.id for node in found(glossary, Heading) if isinstance(node, Heading)] == ["tea-pot", "茶壶"]
    assert not found(glossary, Link)


def test_variables_of_a_legacy_book_choose_its_passages_and_fill_in_its_text(tmp_path: Path) -> None:
    page = (
        "# {{ book.NEW | replace('%', '5.2') }}\n\n{% if book.java and not book.draft %}\n```java\n{% if %}\n```\n"
        "{% if book.team.name == 'A' %}甲{% else %}乙{% endif %}\n{% else %}\n丙\n{% endif %}\n\n"
        "{% if output.name == 'pdf' %}丁{% endif %}\n\n改于{{ file.mtime }}。{{ message }}\n\n!INCLUDE \"b.md\"\n"
    )
    variables = '{"variables": {"NEW": "<b>%</b>", "java": true, "team": {"name": "A"}}}'
    folder = write(
        tmp_path,
        {"book.json": variables, "SUMMARY.md": "* [A](a.md)\n", "a.md": page, "b.md": "戊\n"},
    )
    report = Report()
    article = chapter(read_book(folder, report=report), "a.md")
    assert article.metadata.title == "5.2"
    assert text_of(article).split() == ["{%", "if", "%}", "甲", "丁", "改于。{{", "message", "}}", "戊"]
    assert report.counts["gitbook.condition"] == 3
    assert report.counts["gitbook.expression"] == 1
    assert [removal.text for removal in report.removals if removal.rule == "gitbook.condition"] == ["乙", "丙"]


def test_formulas_and_samples_of_legacy_plugins_stand_in_their_lines(tmp_path: Path) -> None:
    page = (
        "# A\n\n若 {% math %}a \\ne {b}{% endmath %} 则 `{% math %}`。\n\n{% math %}\nx\n{% endmath %}\n\n"
        '{% method %}\n**例** {% sample lang="c" %}\n```c\na;\n```\n{% endmethod %}\n'
    )
    folder = write(tmp_path, {"book.json": '{"title": "T"}', "SUMMARY.md": "* [A](a.md)\n", "a.md": page})
    article = chapter(read_book(folder, report=Report()), "a.md")
    assert [getattr(node, "text", "") for kind in (Math, MathBlock) for node in found(article, kind)] == [
        "a \\ne {b}",
        "x",
    ]
    assert [text_of(node.label) for node in found(article, Group) if isinstance(node, Group) and node.label] == ["c"]
    assert "sample" not in text_of(article)


def test_lines_of_old_summaries_lead_to_their_pages(tmp_path: Path) -> None:
    summary = (
        "# Содержание\n\n* [:tea: A](README.md)\n  * [Under](#sec)\n* [B](my pages/b c.md)\n[C](c.md)\n\n"
        "# Part\n\n[D](d.md)\n[E](e.md)\n\nSee [this](https://example.org/).\n"
    )
    pages = {"README.md": "#标题\n\n## Sec\n", **{f"{name}.md": "Text\n" for name in ("my pages/b c", "c", "d", "e")}}
    report = Report()
    book = read_book(write(tmp_path, {"SUMMARY.md": summary, **pages}), report=report)
    lines = [(entry.title, depth, bool(entry.chapter or entry.url)) for entry, depth in walk_entries(book.entries)]
    assert lines == [
        ("🍵 A", 1, True),
        ("Under", 2, True),
        ("B", 1, True),
        ("C", 1, True),
        ("Part", 1, False),
        ("D", 2, True),
        ("E", 2, True),
    ]
    assert book.metadata.title == "标题"
    assert not report.diagnostics


def test_links_lead_from_one_language_to_another(tmp_path: Path) -> None:
    pages = {
        "LANGS.md": "* [English](en)\n* [中文](zh)\n",
        "en/SUMMARY.md": "* [A](docs/a.md)\n",
        "en/docs/a.md": "# A\n\n[b](../../zh/b%20c.md#x), [zh](../../zh), [outside](../../../up.md)\n",
        "zh/SUMMARY.md": "* [简介](README.md)\n* [乙](b c.md)\n",
        "zh/README.md": '# 简介\n\n{% content-ref url="../en/docs/a.md" %}\n{% endcontent-ref %}\n',
        "zh/b c.md": "# 乙\n",
    }
    report = Report()
    book = read_book(write(tmp_path, pages), report=report)
    english = [node for node in found(chapter(book, "en/docs/a.md"), Link) if isinstance(node, Link)]
    assert [node.url for node in english] == ["/zh/b%20c.md#x", "/zh/README.md"]
    (card,) = (node for node in found(chapter(book, "zh/README.md"), Embed) if isinstance(node, Embed))
    assert (card.url, text_of(card.caption)) == ("/en/docs/a.md", "A")
    assert report.counts["link.unresolved"] == 1


def test_tags_are_called_by_their_labels(tmp_path: Path) -> None:
    update = '{% updates %}\n{% update date="2026-01-02" tags="beta,other" %}\n甲\n{% endupdate %}\n{% endupdates %}\n'
    folder = write(
        tmp_path,
        {
            "SUMMARY.md": "* [News](news.md)\n",
            "news.md": f"---\ntags: [beta]\n---\n# News\n\n{update}",
            ".gitbook/tags.yaml": "- tag: beta\n  label: 试用\n- tag: bad\n- words\n",
        },
    )
    news = chapter(read_book(folder, report=Report()), "news.md")
    assert news.metadata.tags == ("试用",)
    groups = [node for node in found(news, Group) if isinstance(node, Group) and node.kind == "update"]
    assert [dict(node.attributes)["tags"] for node in groups] == ["试用,other"]


@pytest.mark.parametrize("synced", [True, False])
def test_in_a_synced_book_the_brackets_of_a_picture_are_its_caption(tmp_path: Path, synced: bool) -> None:
    page = "# A\n\n![红茶](pot.png)\n\n![image 1](pot.png)\n\n这是 ![绿茶](pot.png)\n"
    files = {"SUMMARY.md": "* [A](a.md)\n", "a.md": page, **({".gitbook.yaml": ""} if synced else {})}
    pictures = found(chapter(read_book(write(tmp_path, files), report=Report()), "a.md"), Figure)
    shown = [(text_of(node.caption), node.image.alt) for node in pictures if isinstance(node, Figure)]
    assert shown == [("红茶", "") if synced else ("", "红茶"), ("", "image 1")]


def test_what_is_no_book_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no page"):
        read_book(tmp_path)
    with pytest.raises(InputError, match="does not exist"):
        read_book(tmp_path / "nothing")
    (tmp_path / "x.txt").write_text("x")
    with pytest.raises(InputError, match="is no book"):
        read_book(tmp_path / "x.txt")


def test_nothing_outside_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret")
    inner = write(
        tmp_path / "book",
        {"SUMMARY.md": "* [A](a.md)\n* [S](../secret.md)\n", "a.md": '# A\n\n{% include "../secret.md" %}\n'},
    )
    (inner / "link.md").symlink_to(tmp_path / "secret.md")
    report = Report()
    book = read_book(inner, report=report)
    whole = "".join(text_of(entry.chapter.load()) for entry in entries(book) if entry.chapter)
    assert "Secret" not in whole
    assert report.counts["book.missing-page"] == 1


def test_a_broken_configuration_is_left_aside(tmp_path: Path) -> None:
    write(tmp_path, {".gitbook.yaml": "root: [", "book.json": "{", "SUMMARY.md": "* [A](a.md)\n", "a.md": "# A\n"})
    report = Report()
    assert [entry.title for entry in entries(read_book(tmp_path, report=report))] == ["A"]
    assert report.counts["book.bad-config"] == 2


STALE = """# 参考

## 4.2.8. 窗口函数调用

## 4.2.9. 类型转换

## 25.1.6. 后台程序

## Table 7.3. Kinds of noodles

## 索引储存参数

## Announcement

## Soup & salt

{% stepper %}
{% step %}
### Fetch water

From the tap.
{% endstep %}
{% endstepper %}

<details>

<summary>Guest role</summary>

May look, not cook.

</details>
"""


@pytest.mark.parametrize(
    ("anchor", "meant"),
    [
        ("4-2-8-han-shu-hu-jiao", "4.2.8. 窗口函数调用"),  # another wording, the same number
        ("24-1-6-the-daemon", "25.1.6. 后台程序"),  # the chapter has moved
        ("table-9-1-kinds-of-noodles", "Table 7.3. Kinds of noodles"),
        ("suo-yin-can-shu", "索引储存参数"),  # characters that GitBook left out
        ("announcement-premium-and-more", "Announcement"),
        ("soup-and-salt", "Soup & salt"),
        ("fetch-water", "Fetch water"),
        ("guest-role", "Guest role"),
        ("nothing-of-the-kind", ""),
    ],
)
def test_stale_anchors_find_what_they_meant(tmp_path: Path, anchor: str, meant: str) -> None:
    write(
        tmp_path,
        {"SUMMARY.md": "* [A](a.md)\n* [B](b.md)\n", "a.md": f"# A\n\n[x](b.md#{anchor})\n", "b.md": STALE},
    )
    reference = chapter(read_book(tmp_path), "b.md")
    named = [
        node.content if isinstance(node, Heading) else node.label for node in walk(reference) if names(node, anchor)
    ]
    assert [text_of(each) for each in named] == ([meant] if meant else [])


def names(node: Node, anchor: str) -> bool:
    """Whether a heading or a label carries an id."""
    if isinstance(node, Heading) and node.id == anchor:
        return True
    inside = node.label if isinstance(node, Group) else node.content if isinstance(node, Heading) else ()
    return any(isinstance(each, Styled) and ("id", anchor) in each.attributes for each in inside)


def test_a_book_is_the_same_bytes_with_every_hash_seed(tmp_path: Path) -> None:
    names = ("安装", "an-zhuang", "id-安装", "#安装", "%E5%AE%89%E8%A3%85", "user-content-安装")
    links = "\n\n".join(f"[{each}](b.md#{each.lstrip('#')})" for each in names)
    folder = write(
        tmp_path / "book",
        {
            "SUMMARY.md": "* [甲](a.md)\n* [乙](b.md)\n",
            "a.md": f"# 甲\n\n{links}\n",
            "b.md": "# 乙\n\n## 安装\n\n文\n",
        },
    )
    script = (
        "import sys, hashlib, article_convert as ac\n"
        "book = ac.read_book(sys.argv[1])\n"
        "print(*(hashlib.sha256(ac.write(book, writer=each)).hexdigest() for each in ('epub', 'html', 'markdown')))"
    )
    found = set()
    for seed in ("1", "2", "3", "4"):
        environment = os.environ | {"PYTHONHASHSEED": seed}
        run = subprocess.run(
            [sys.executable, "-c", script, str(folder)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        found.add(run.stdout)
    assert len(found) == 1


def test_anchors_of_the_summary_are_set(tmp_path: Path) -> None:
    write(tmp_path, {"SUMMARY.md": "* [A](a.md)\n  * [Two](a.md#part-two)\n", "a.md": "# A\n\n## Part two\n"})
    (heading,) = [n for n in found(chapter(read_book(tmp_path), "a.md"), Heading) if n.id]  # type: ignore[attr-defined]
    assert heading.id == "part-two"  # type: ignore[attr-defined]


def test_the_report_says_why_a_link_is_dead(tmp_path: Path) -> None:
    pages = {
        "SUMMARY.md": "* [A](a.md)\n* [Team](https://app.gitbook.com/o/x/s/y)\n",
        "a.md": "# A\n\n[1](broken-reference) [2](gone.md) [3](b.md) [4](https://app.gitbook.com/s/x/y)\n",
        "b.md": "# B\n",
    }
    report = Report()
    book = read_book(write(tmp_path, pages), report=report)
    assert book.entries[1].url == ""
    assert not found(chapter(book, "a.md"), Link)
    said = " ".join(each.message for each in report.diagnostics if each.code == "link.unresolved")
    for reason in ("marked as broken", "no file of the book", "no line of the summary", "asks for a login"):
        assert reason in said


def test_a_page_listed_twice_is_printed_once(tmp_path: Path) -> None:
    pages = {"SUMMARY.md": "* [A](a.md)\n* [B](b.md)\n* [A again](a.md)\n* [Later]()\n", "a.md": "# A\n\nonce\n"}
    book = read_book(write(tmp_path, pages | {"b.md": "# B\n"}))
    for target in ("html", "markdown"):
        text = ac.write(book, writer=target).decode()
        assert text.count("once") == 1
        assert text.count("A again") == 1
        assert text.count("Later") == 1, "a title without a page and without pages below stands in the contents only"


def test_pictures_and_facts_of_a_chapter_are_right_in_one_markdown_file(tmp_path: Path) -> None:
    page = "---\ndescription: About soup\n---\n# A\n\n![Pot](../.gitbook/assets/pot.png)\n\n![Gone](/pics/gone.png)\n"
    files = {"SUMMARY.md": "* [A](deep/a.md)\n", "deep/a.md": page, ".gitbook/assets/pot.png": "x"}
    text = ac.write(read_book(write(tmp_path, files)), writer="markdown").decode()
    assert 'src=".gitbook/assets/pot.png"' in text
    assert 'src="pics/gone.png"' in text
    assert "> About soup" in text


def test_linked_files_lie_beside_linked_pages(tmp_path: Path) -> None:
    pages = {
        "SUMMARY.md": "* [A](deep/a.md)\n",
        "deep/a.md": "# A\n\n[get](../files/a%20b.csv)\n",
        "files/a b.csv": "1,2\n",
    }
    out = tmp_path / "out"
    assert main([str(write(tmp_path / "in", pages)), "-o", f"{out}/", "-t", "html", "--quiet"]) == 0
    assert 'href="../files/a%20b.csv"' in (out / "deep/a.html").read_text("utf-8")
    assert (out / "files/a b.csv").read_text("utf-8") == "1,2\n"


def test_several_languages_share_what_stands_above_them(tmp_path: Path) -> None:
    files = {"LANGS.md": "* [English](en/)\n* [中文](zh/)\n", "book.json": '{"title": "Noodles", "author": "Lin"}'}
    for language in ("en", "zh"):
        files |= {f"{language}/SUMMARY.md": "* [A](a.md)\n", f"{language}/a.md": "# A\n"}
    book = read_book(write(tmp_path, files))
    assert (book.metadata.title, [author.name for author in book.metadata.authors]) == ("Noodles", ["Lin"])
    assert [entry.title for entry in book.entries] == ["English", "中文"]


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("* [A](a.md)\n        * [B](b.md)\n            * [C](c.md)\n* [D](d.md)\n", "A(B(C)) D"),
        ("1. [A](a.md)\n  1. [B](b.md)\n2. [D](d.md)\n", "A(B) D"),
        ("- [A](a.md)\n\t- [B](b.md)\n - [C](c.md)\n", "A(B C)"),
        ("* [A](a.md)\n\n* * *\n\n* [B](b.md)\n", "A B"),
        ("* [A](a.md)\n* ```yaml\n  type: x\n  ```\n  * [C](c.md)\n* [B](b.md)\n", "A B"),
    ],
)
def test_levels_follow_from_what_is_indented_more(source: str, tree: str) -> None:
    def shown(line: Line) -> str:
        return line.title + (f"({' '.join(map(shown, line.children))})" if line.children else "")

    assert " ".join(map(shown, read_summary(source.encode(), Report()).lines)) == tree


@pytest.mark.parametrize(("target", "extension"), [("html", "html"), ("markdown", "md")])
def test_anchors_on_other_pages_are_what_links_say(tmp_path: Path, target: str, extension: str) -> None:
    pages = {
        "SUMMARY.md": "* [A](a.md)\n* [B](b.md)\n",
        "a.md": "# A\n\n[x](b.md#2-第二步)\n",
        "b.md": "# B\n\n## 2. 第二步\n",
    }
    out = tmp_path / "out"
    assert main([str(write(tmp_path / "in", pages)), "-o", f"{out}/", "-t", target, "--quiet"]) == 0
    link = re.search(rf"b\.{extension}#([^\"')]+)", (out / f"a.{extension}").read_text("utf-8"))
    assert link is not None
    assert f'id="{unquote(link[1])}"' in (out / f"b.{extension}").read_text("utf-8")


def test_a_page_too_short_to_tell_has_the_language_of_its_book(tmp_path: Path) -> None:
    files = {"SUMMARY.md": "* [面条的做法](a.md)\n* [B](b.md)\n", "a.md": "# 面条\n\n先把水烧开。\n", "b.md": "# B\n"}
    pages = dict(pages_of(read_book(write(tmp_path, files)), ".html"))
    assert pages["b.html"].metadata.language == pages["index.html"].metadata.language == "zh-CN"


def test_linked_pages_lead_on(book: tuple[Book, Report]) -> None:
    pages = dict(pages_of(book[0], ".html", ways=True))
    ways = [(text_of(n.content), n.url) for n in found(pages["guide/install.html"], Link)][-3:]  # type: ignore[attr-defined]
    assert [url for _, url in ways] == ["../README.html", "../index.html", "advanced.html"]


def test_a_book_as_linked_pages(tmp_path: Path, book: tuple[Book, Report]) -> None:
    pages = dict(pages_of(book[0], ".html"))
    assert list(pages) == ["index.html", "README.html", "guide/install.html", "guide/advanced.html"]
    contents = [(text_of(n.content), n.url) for n in found(pages["index.html"], Link)]  # type: ignore[attr-defined]
    assert contents == [("开始", "README.html"), ("安装", "guide/install.html"), ("高级", "guide/advanced.html")]
    links = [n.url for n in found(pages["README.html"], Link)]  # type: ignore[attr-defined]
    assert links[:2] == ["guide/install.html", "guide/install.html#di-yi-bu"]
    assert "../README.html" in [n.url for n in found(pages["guide/install.html"], Link)]  # type: ignore[attr-defined]
    assert pages["guide/install.html"].resources[0].url == "../.gitbook/assets/a%20b.png"


def test_the_command_writes_a_folder_of_linked_pages(tmp_path: Path, book: tuple[Book, Report]) -> None:
    out = tmp_path / "out"
    assert main([str(tmp_path), "-o", f"{out}/", "-t", "markdown", "--quiet"]) == 0
    assert "(guide/install.md)" in (out / "index.md").read_text("utf-8")
    assert (out / ".gitbook/assets/a b.png").is_file()


IN_PLACE = {
    "SUMMARY.md": "* [A](README.md)\n* [B](sub/b.md)\n",
    "README.md": "# A\n\n[get](data.html)\n",
    "sub/b.md": "# B\n",
    "data.html": "<p>1",
}


def contents_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "arguments",
    [
        "hb -o hb/ -t markdown",
        "hb -o link/ -t markdown",
        "hb/SUMMARY.md -o hb/ -t markdown",
        "hb -o hb/ -t html",  # copies of linked files would lie on them
        "hb -o hb/README.md",
        "hb -o link/sub/b.md",
        "hb -o hb/SUMMARY.md",
        "hb -o book.epub --report hb/README.md",
        "hb -o out/ -t html --report hb/sub/b.md",
        "pages -o pages/a.html",
    ],
)
def test_no_file_of_a_book_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: str
) -> None:
    write(tmp_path / "hb", IN_PLACE)
    write(tmp_path / "pages", {"a.html": "<h1>A</h1><p>One.</p>", "b.html": "<h1>B</h1><p>Two.</p>"})
    (tmp_path / "link").symlink_to("hb")
    monkeypatch.chdir(tmp_path)
    before = contents_of(tmp_path)
    assert main(arguments.split()) == 2
    assert "would be replaced" in capsys.readouterr().err
    assert contents_of(tmp_path) == before


def test_outputs_in_the_folder_of_a_book_may_be_made_again(tmp_path: Path) -> None:
    write(tmp_path, IN_PLACE)
    for output in ("out/ -t markdown", "_book/ -t html", "book.md", "book.epub"):
        for _ in range(2):
            name, *more = output.split()
            assert main([str(tmp_path), "-o", f"{tmp_path}/{name}", *more, "--quiet"]) == 0


def test_a_page_does_not_take_the_name_of_a_file_that_is_linked_to(tmp_path: Path) -> None:
    files = {
        "SUMMARY.md": "* [A](a.md)\n",
        "a.md": "# A\n\n[x](a.html) [y](index.html)\n",
        "a.html": "1",
        "index.html": "2",
    }
    out = tmp_path / "out"
    assert main([str(write(tmp_path / "in", files)), "-o", f"{out}/", "-t", "html", "--quiet"]) == 0
    assert ((out / "a.html").read_text(), (out / "index.html").read_text()) == ("1", "2")
    assert "<h1>A</h1>" in (out / "a.md.html").read_text("utf-8")
    assert 'href="a.md.html"' in (out / "contents.html").read_text("utf-8")


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)


def test_nothing_is_put_outside_of_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = write(tmp_path / "in", {"SUMMARY.md": "* [A](a.md)\n", "a.md": "# A\n\n![p](l/../../../pwned.png)\n"})
    (book / "x/y/z").mkdir(parents=True)
    (book / "l").symlink_to("x/y/z")
    (book / "pwned.png").write_bytes(PNG)
    out = tmp_path / "deep" / "deeper" / "out"
    assert main([str(book), "-o", f"{out}/", "-t", "markdown", "--quiet"]) == 0
    assert set(tmp_path.rglob("pwned.png")) == {out / "pwned.png", book / "pwned.png"}
    assert "![p](pwned.png)" in (out / "a.md").read_text("utf-8")
    (tmp_path / "evil").mkdir()
    (out / "a.md").unlink()
    (out / "a.md").symlink_to(tmp_path / "evil" / "a.md")
    assert main([str(book), "-o", f"{out}/", "-t", "markdown"]) == 2
    assert "leads out of" in capsys.readouterr().err
    assert not list((tmp_path / "evil").iterdir())


def test_files_of_a_part_lie_where_its_links_lead(tmp_path: Path) -> None:
    files = {
        "en/SUMMARY.md": "* [A](a.md)\n",
        "en/a.md": "# A\n\n[get](x.csv)\n",
        "en/x.csv": "1",
        "zh/SUMMARY.md": "* [B](b.md)\n",
        "zh/b.md": "# B\n",
    }
    out = tmp_path / "out"
    assert main([str(write(tmp_path / "in", files)), "-o", f"{out}/", "-t", "html", "--quiet"]) == 0
    assert 'href="x.csv"' in (out / "en/a.html").read_text("utf-8")
    assert (out / "en/x.csv").read_text() == "1"


@pytest.mark.parametrize("target", ["html", "markdown"])
def test_a_link_to_a_place_that_is_not_there_leads_to_its_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str
) -> None:
    files = {
        "SUMMARY.md": "* [A](a.md)\n* [B](b.md)\n",
        "a.md": "# A\n\n[x](b.md#none) [y](b.md#there)\n",
        "b.md": "# B\n\n## There\n",
    }
    out = tmp_path / "out"
    assert main([str(write(tmp_path / "in", files)), "-o", f"{out}/", "-t", target]) == 0
    page = next(out.glob("a.*"))
    assert re.findall(r"b\.(?:html|md)(#\w+)?[\")]", page.read_text("utf-8"))[:2] == ["", "#there"]
    assert "a.md: warning: no heading or anchor is called none" in capsys.readouterr().err


def test_a_picture_that_is_linked_to_lies_beside_the_pages(tmp_path: Path) -> None:
    book = write(tmp_path / "in", {"SUMMARY.md": "* [A](a.md)\n", "a.md": "# A\n\n![p](p.png)\n\n[large](p.png)\n"})
    (book / "p.png").write_bytes(PNG)
    assert main([str(book), "-o", f"{tmp_path}/out/", "-t", "html", "--quiet"]) == 0
    assert (tmp_path / "out/p.png").is_file()
