"""GitBooks from strangers: nothing outside the folder is read, nothing multiplies, and odd names lose no text."""

from __future__ import annotations

import json
import time
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import article_convert as ac
from article_convert.books import read_book
from article_convert.books.pages import Pages
from article_convert.codec import loads
from article_convert.errors import InputError, MisplacedNode
from article_convert.model import Article, Book, Chapter, Link, Styled, Table, Text
from article_convert.readers.gitbook import Included, Surroundings, read_page
from article_convert.readers.gitbook.nunjucks import chosen
from article_convert.report import Report
from article_convert.tree import check, text_of, walk, walk_entries

SECONDS = 5.0
"""For pages that took minutes: far above what they take now on a slow machine, far below what they took."""


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def chapters(book: Book) -> Iterator[Chapter]:
    return (entry.chapter for entry, _ in walk_entries(book.entries) if entry.chapter is not None)


def read(text: str, surroundings: Surroundings | None = None) -> tuple[Article, Report]:
    report = Report()
    return read_page(text, surroundings or Surroundings(), report), report


def links(article: Article) -> list[str]:
    return [node.url for node in walk(article) if isinstance(node, Link)]


# --------------------------------------------------------------------------- outside of the folder


@pytest.mark.parametrize("address", ["//../secret.txt", "//%2e%2e/secret.txt", "//..%2Fsecret.txt", "/..%2Fsecret.txt"])
def test_no_linked_file_lies_outside(tmp_path: Path, address: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    root = write(tmp_path / "book", {"SUMMARY.md": "* [A](a.md)\n", "a.md": f"# A\n\n[x]({address})\n"})
    (article,) = (chapter.load() for chapter in chapters(read_book(root)))
    assert not article.resources


@pytest.mark.parametrize("name", ["//{}", "/../secret.txt", "/%00"])
def test_addresses_that_are_no_files_of_the_book_give_none(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    assert Pages(write(tmp_path / "book", {"a.md": "x"})).file(name.format(secret)) is None


@pytest.mark.parametrize("kind", ["named", "beside", "linked"])
def test_no_summary_lies_outside(tmp_path: Path, kind: str) -> None:
    write(tmp_path / "outside", {"SUMMARY.md": "* [Secret](a.md)\n"})
    root = write(tmp_path / "book", {"a.md": "# A\n", "b/b.md": "# B\n"})
    if kind == "linked":
        (root / "b" / "SUMMARY.md").symlink_to(tmp_path / "outside" / "SUMMARY.md")
    else:
        name = "SUMMARY.md" if kind == "named" else "summary.md"
        (root / ".gitbook.yaml").write_text(f"structure:\n  summary: ../outside/{name}\n")
    assert "Secret" not in [entry.title for entry, _ in walk_entries(read_book(root).entries)]


def test_no_configuration_lies_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("key: secret\n")
    root = write(
        tmp_path / "book",
        {"SUMMARY.md": "* [A](a.md)\n", "a.md": '<code class="expression">space.vars.key</code>\n', ".gitbook/x": ""},
    )
    (root / ".gitbook" / "vars.yaml").symlink_to(tmp_path / "secret.yaml")
    report = Report()
    assert "secret" not in "".join(text_of(each.load()) for each in chapters(read_book(root, report=report)))
    assert report.counts["book.bad-config"] == 1


# --------------------------------------------------------------------------- what multiplies

BOMB = "x: &x0 [a, a]\n" + "".join(f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 9))
GRID = "|" * 2000 + "\n" + "|-" * 1999 + "|\n" + "a|\n" * 2000


def legacy(text: str) -> Callable[[], object]:
    return lambda: read(text, Surroundings(legacy=True))


def page(text: str) -> Callable[[], object]:
    return lambda: read(text)


SLOW = {
    "quotations": page("".join("> " * 20 + "x\n\n" for _ in range(1000))),
    "aliases": page(f"---\n{BOMB}---\nText\n"),
    "a table of empty cells": page(GRID),
    "blanks in a heading": page("# a" + " " * 60_000 + "b\n"),
    "tags of unknown names": page("".join(f"x {{% t{n} %}}\n" for n in range(20_000))),
    "addresses behind a bracket": page("[" + "http://a.b " * 20_000),
    "raw": legacy("{% raw %}" * 10_000),
    "comments": legacy("{#" * 80_000),
    "accordions": legacy("%accordion%" * 5000),
    "sections": legacy("<!-- sec " * 10_000),
    "blanks of a section": legacy("<!-- sec " + " " * 20_000),
    "inline tags": legacy("{% em %}" * 10_000),
    "sets": legacy('{% set a = "' * 8000),
    "one run of backticks": legacy("`" * 100_000),
    "imports": legacy("[import:" + "1" * 4000),
}


@pytest.mark.parametrize("name", SLOW)
def test_pages_that_multiply_cost_little(name: str) -> None:
    start = time.perf_counter()
    SLOW[name]()
    assert time.perf_counter() - start < SECONDS


@pytest.mark.parametrize("text", ["# a" + " " * 4000 + "b", "](" * 40_000, "# " + "a " * 40_000])
def test_pages_are_looked_through_in_little_time(tmp_path: Path, text: str) -> None:
    root = write(tmp_path, {"SUMMARY.md": "* [](a.md)\n", "a.md": text})
    start = time.perf_counter()
    read_book(root)
    assert time.perf_counter() - start < SECONDS


def test_aliases_that_multiply_are_reported_and_the_other_fields_kept() -> None:
    article, report = read(f"---\ntitle: 茶\n{BOMB}---\nText\n")
    assert article.metadata.title == "茶"
    assert len(repr(article.metadata)) < 2000
    assert report.counts["gitbook.bad-front-matter"] == 1


@pytest.mark.parametrize("fields", ['a: !!int ""', "a: !!bool x", "a: !!timestamp x"])
def test_front_matter_whose_values_do_not_fit_their_tags_is_read_line_by_line(fields: str) -> None:
    article, report = read(f"---\nlanguage: zh\n{fields}\n---\nText\n")
    assert article.metadata.language == "zh"
    assert report.counts["gitbook.bad-front-matter"] == 1


@pytest.mark.parametrize("fields", ["a: &a [*a]", "title: 0x" + "F" * 5000, "? 0x" + "F" * 5000 + "\n: b\nt: 1"])
def test_front_matter_that_python_cannot_print_is_read_line_by_line(fields: str) -> None:
    article, report = read(f"---\nlanguage: zh\n{fields}\n---\nText\n")
    assert article.metadata.language == "zh"
    assert report.counts["gitbook.bad-front-matter"] == 1


def test_configuration_that_multiplies_is_left_aside(tmp_path: Path) -> None:
    root = write(tmp_path, {"SUMMARY.md": "* [A](a.md)\n", "a.md": "# A\n", ".gitbook/vars.yaml": BOMB})
    report = Report()
    read_book(root, report=report)
    assert report.counts["book.bad-config"] == 1


def test_json_with_an_endless_number_is_an_input_error() -> None:
    with pytest.raises(InputError, match="not JSON"):
        loads('{"article_convert": ' + "1" * 5000 + "}")


@pytest.mark.parametrize("is_legacy", [True, False])
def test_includes_have_a_budget(is_legacy: bool) -> None:
    def include(target: str) -> Included:
        return Included('{% include "a" %}\n\n' * 4 + "茶\n", f"{include.calls}.md") if count() else Included("", "")

    include.calls = 0  # type: ignore[attr-defined]

    def count() -> bool:
        include.calls += 1  # type: ignore[attr-defined]
        return True

    start = time.perf_counter()
    article, report = read('{% include "a" %}\n', Surroundings(include, legacy=is_legacy))
    assert time.perf_counter() - start < 4 * SECONDS
    assert "茶" in text_of(article)
    assert report.counts["gitbook.include-missing"]


def test_a_long_row_and_many_short_ones_are_kept_as_they_are() -> None:
    article, _ = read("|a|\n|-|\n" + "b|" * 2000 + "\n" + "c|\n" * 2000)
    (table,) = (node for node in walk(article) if isinstance(node, Table))
    assert sum(len(row.cells) for row in table.rows) == 4001
    assert text_of(article).split() == ["a", *["b"] * 2000, *["c"] * 2000]


def test_a_short_row_of_an_ordinary_table_is_filled_up() -> None:
    article, _ = read("|a|b|\n|-|-|\n|c|\n|d|e|f|\n")
    (table,) = (node for node in walk(article) if isinstance(node, Table))
    assert [len(row.cells) for row in table.rows] == [3, 3, 3]


def test_nested_includes_are_no_deeper_than_a_tree_may_be() -> None:
    hints = "{% hint %}\n" * 14
    ends = "{% endhint %}\n" * 14

    def include(target: str) -> Included:
        n = int(target)
        return Included(f'{hints}第{n}\n\n{{% include "{n + 1}" %}}\n{ends}', f"{n}.md")

    article, report = read('{% include "1" %}\n', Surroundings(include))
    check(article)
    assert report.counts["nesting.too-deep"]
    assert all(f"第{n}" in text_of(article) for n in (1, 2))


def test_a_transform_that_breaks_the_tree_is_told_in_a_book_too(tmp_path: Path) -> None:
    root = write(tmp_path, {"SUMMARY.md": "* [A](a.md)\n", "a.md": "# A\n"})
    book = read_book(root, transforms=[lambda article, report: Article((Text("x"),))])  # type: ignore[arg-type]
    with pytest.raises(MisplacedNode):
        next(chapters(book)).load()


# --------------------------------------------------------------------------- conditions


@pytest.mark.parametrize(
    ("config", "condition", "holds"),
    [
        ({"version": 2}, "book.version == 2", True),
        ({"version": 2}, "book.version === 2", True),
        ({"version": "2"}, "book.version == 2", True),
        ({"version": "2"}, "book.version === 2", False),
        ({"version": 2}, "book.version == '2'", True),
        ({"draft": True}, "book.draft == true", True),
        ({"draft": True}, "book.draft != true", False),
        ({"draft": False}, "not book.draft", True),
        ({"draft": False}, "book.draft", False),
        ({"a": False, "b": "x"}, "book.a and book.b", False),
        ({"a": False, "b": "x"}, "book.a or book.b", True),
        ({"a": "x"}, "not book.a == 'y'", True),
        ({"a": 0}, "book.a", False),
        ({"a": "0"}, "book.a", True),
        ({"a": "salt and pepper"}, "book.a == 'salt and pepper'", True),
        ({}, "book.a", False),
        ({}, "book.a == ''", False),
        ({}, "book.a != 'x'", True),
        ({"a": None}, "book.a == none", True),
        ({"a": "12345678901234567890"}, "book.a", True),
    ],
)
def test_conditions_are_those_of_the_tool(
    tmp_path: Path, config: dict[str, object], condition: str, holds: bool
) -> None:
    text = f"# A\n\n{{% if {condition} %}}茶{{% else %}}水{{% endif %}}\n"
    root = write(
        tmp_path, {"book.json": json.dumps({"variables": config}), "SUMMARY.md": "* [A](a.md)\n", "a.md": text}
    )
    (article,) = (chapter.load() for chapter in chapters(read_book(root)) if chapter.path == "a.md")
    assert text_of(article).split() == ["茶" if holds else "水"]


def test_variables_are_shown_as_the_tool_shows_them(tmp_path: Path) -> None:
    values = {"a": 2, "b": 2.5, "c": True, "d": None, "e": 12345678901234567890}
    text = "".join(f"[{{{{ book.{name} }}}}]" for name in values)
    root = write(
        tmp_path, {"book.json": json.dumps({"variables": values}), "SUMMARY.md": "* [A](a.md)\n", "a.md": text}
    )
    (article,) = (chapter.load() for chapter in chapters(read_book(root)) if chapter.path == "a.md")
    assert text_of(article).strip() == "[2][2.5][true][][12345678901234567890]"


def test_variables_of_the_site_are_texts(tmp_path: Path) -> None:
    names = ("a", "b", "c")
    text = "".join(f'<code class="expression">space.vars.{name}</code>|' for name in names)
    files = {".gitbook/vars.yaml": "a: 2.0\nb: true\nc:\n", "SUMMARY.md": "* [A](a.md)\n", "a.md": text}
    (article,) = (chapter.load() for chapter in chapters(read_book(write(tmp_path, files))))
    assert text_of(article).strip() == "2.0|true||"


def test_what_a_condition_cannot_know_keeps_all_text() -> None:
    text = "{% if " + "book.a or " * 300 + "true %}茶{% endif %}"
    assert chosen(text, (), {}, Report()) == text


# --------------------------------------------------------------------------- names of files


def test_names_that_differ_only_in_capitals_are_two_pages(tmp_path: Path) -> None:
    root = write(tmp_path, {"a.md": "# small\n\n[x](A.md), [y](a.md)\n", "A.md": "# Large\n"})
    if len(list(root.iterdir())) < 2:
        pytest.skip("this file system knows no capitals")
    book = read_book(root)
    assert sorted(chapter.path for chapter in chapters(book)) == ["A.md", "a.md"]
    assert links(next(each for each in chapters(book) if each.path == "a.md").load()) == ["/A.md", "/a.md"]


def test_an_address_that_may_mean_two_files_is_told(tmp_path: Path) -> None:
    root = write(
        tmp_path, {"SUMMARY.md": "* [B](b.md)\n* [X](aB.md)\n", "ab.md": "1", "AB.md": "2", "b.md": "[x](Ab.md)"}
    )
    if len(list(root.iterdir())) < 4:
        pytest.skip("this file system knows no capitals")
    report = Report()
    next(chapters(read_book(root, report=report))).load()
    told = [str(each) for each in report.diagnostics if "could be AB.md or ab.md" in each.message]
    assert [each.rsplit("[")[-1] for each in told] == ["book.missing-page]", "link.unresolved]"]


def test_accents_are_the_same_in_both_forms(tmp_path: Path) -> None:
    name = unicodedata.normalize("NFD", "café.md")
    link = unicodedata.normalize("NFC", "café.md")
    report = Report()
    root = write(tmp_path, {"SUMMARY.md": f"* [C]({link})\n", name: "# C\n"})
    assert [each.path for each in chapters(read_book(root, report=report))] == [name]
    assert not report.diagnostics


def test_other_names_of_pages_and_summaries_count(tmp_path: Path) -> None:
    assert len(list(chapters(read_book(write(tmp_path / "one", {"a.markdown": "# A\n", "b.markdown": "# B\n"}))))) == 2
    two = write(tmp_path / "two", {"x/summary.md": "* [Second](b.md)\n* [First](a.md)\n", "x/a.md": "1", "x/b.md": "2"})
    assert [entry.title for entry, _ in walk_entries(read_book(two).entries)] == ["Second", "First"]
    three = write(
        tmp_path / "three", {"x/summary.md": "# In short\n\nWords.\n", "x/glossary.md": "# G\n", "a.md": "# A\n"}
    )
    titles = [entry.title for entry, _ in walk_entries(read_book(three).entries)]
    assert titles == ["A", "x", "G", "In short"]


def test_a_sign_in_a_name_is_no_anchor(tmp_path: Path) -> None:
    summary = "* [C#](C%23.md)\n* [F#](<F#.md>)\n* [P](100%25.md)\n* [D](d.md#x)\n"
    files = {"C#.md": "# C#\n\n[f](F#.md) [d](d.md#x)\n", "F#.md": "f", "100%.md": "p", "d.md": "# D\n\n## X\n"}
    report = Report()
    book = read_book(write(tmp_path, {"SUMMARY.md": summary, **files}), report=report)
    assert [entry.title for entry, _ in walk_entries(book.entries)] == ["C#", "F#", "P", "D"]
    first, *others = chapters(book)
    assert [each.path for each in others] == ["F#.md", "100%.md"]
    assert links(first.load()) == ["/F%23.md", "/d.md#x"]
    assert Pages(tmp_path).title("C#.md") == "C#"
    assert report.worst() == "note"


def test_redirects_in_a_circle_lead_nowhere(tmp_path: Path) -> None:
    config = "redirects:\n  a: b\n  b: a\n  c: d\n  d: page.md\n"
    root = write(tmp_path, {".gitbook.yaml": config, "SUMMARY.md": "* [P](page.md)\n", "page.md": "[x](a) [y](c)"})
    report = Report()
    (article,) = (chapter.load() for chapter in chapters(read_book(root, report=report)))
    assert report.counts["link.unresolved"] == 1
    assert text_of(article).strip() == "x y"


def test_addresses_of_other_schemes_lead_out(tmp_path: Path) -> None:
    summary = "* [A](a.md)\n* [Mail](mailto:a@example.org)\n* [Call](tel:+123)\n"
    files = {
        f"{name}/{each}": text for name in ("en", "zh") for each, text in (("SUMMARY.md", summary), ("a.md", "# A\n"))
    }
    report = Report()
    book = read_book(write(tmp_path, {"LANGS.md": "* [E](en)\n* [中](zh)\n", **files}), report=report)
    assert [entry.url for entry, _ in walk_entries(book.entries) if entry.url] == [
        "mailto:a@example.org",
        "tel:+123",
    ] * 2
    assert not report.diagnostics


# --------------------------------------------------------------------------- terms, code, addresses


@pytest.mark.parametrize(("term", "text"), [("kitap", "Kıtap"), ("μs", "µs"), ("straße", "STRAẞE"), ("İz", "iz")])
def test_letters_that_have_several_forms_break_no_glossary(tmp_path: Path, term: str, text: str) -> None:
    files = {"book.json": "{}", "SUMMARY.md": "* [A](a.md)\n", "GLOSSARY.md": f"# G\n\n## {term}\n\nMeans it.\n"}
    root = write(tmp_path, {**files, "a.md": f"# A\n\nThe {text} here.\n"})
    (article,) = (chapter.load() for chapter in chapters(read_book(root)) if chapter.path == "a.md")
    assert text in text_of(article)


def test_imported_lines_are_those_that_are_there() -> None:
    surroundings = Surroundings(file=lambda path: b"a\nb\nc\n", legacy=True)
    article, report = read(
        "[import:0-2](x.py)\n\n[import:2-](x.py)\n\n[import:2](x.py)\n\n[import:7-9](x.py)\n", surroundings
    )
    assert [getattr(node, "text", "") for node in article.content[:3]] == ["a\nb", "b\nc", "b"]
    assert report.counts["gitbook.include-missing"] == 1
    assert "import:7-9" in text_of(article)
    read("[import:" + "9" * 5000 + "](x.py)\n", surroundings)


def test_addresses_in_a_book_are_addresses(tmp_path: Path) -> None:
    summary = "* [Top](top.md)\n  * [One](<my page.md>)\n  * [Two](<my page.md#二>)\n  * [Out](https://example.org/)\n"
    root = write(tmp_path, {"SUMMARY.md": summary, "top.md": "", "my page.md": "# One\n\n## 二\n"})
    top = next(chapters(read_book(root))).load()
    assert links(top) == ["/my%20page.md", "/my%20page.md#%E4%BA%8C", "https://example.org/"]


# --------------------------------------------------------------------------- names of places


def names(article: Article) -> list[str]:
    return [dict(node.attributes)["id"] for node in walk(article) if isinstance(node, Styled) and node.kind == "anchor"]


@pytest.mark.parametrize("heading", ["# T {#top}", '# T <a href="#top" id="top"></a>', '# <a id="top"></a>T'])
def test_a_title_leaves_its_name_where_a_link_uses_it(tmp_path: Path, heading: str) -> None:
    page = f"{heading}\n\nText [back](#top)\n"
    article = ac.clean(read(page)[0])
    assert article.metadata.title == "T" and names(article) == ["top"]
    assert names(ac.clean(read(f"{heading}\n\n## S {{#top}}\n\nText [back](#top)\n")[0])) == []
    assert names(ac.clean(read(f"{heading}\n\nText\n")[0])) == []
    summary = "* [A](a.md)\n* [B](b.md)\n"
    root = write(tmp_path, {"SUMMARY.md": summary, "a.md": f"{heading}\n\n> Text\n", "b.md": "[a](a.md#top)\n"})
    first, second = (chapter.load() for chapter in chapters(read_book(root)))
    assert names(first) == ["top"] and links(second) == ["/a.md#top"]


@pytest.mark.parametrize("block", ["hint", "step"])
def test_a_heading_that_becomes_a_label_leaves_its_name(block: str) -> None:
    text = f'{{% {block} %}}\n### One <a href="#my-id" id="my-id"></a>\n\nText\n{{% end{block} %}}\n\n[x](#my-id)\n'
    assert names(ac.clean(read(text)[0])) == ["my-id"]
