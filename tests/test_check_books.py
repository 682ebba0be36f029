"""The check of converted books: it finds every line of contents where there is one, and misses none that is gone."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

from book_outputs import SEEN
from check_books import lines_amiss

from article_convert.books import read_book
from article_convert.model import Book
from article_convert.report import Report

SUMMARY = """* [开始](README.md)
* 没有页面的标题
  * [下一级](below.md)

## 第二部分

* [最后](last.md)
"""


@pytest.fixture
def book(tmp_path: Path) -> Book:
    pages = {"SUMMARY.md": SUMMARY, "README.md": "# 开始", "below.md": "# 下一级", "last.md": "# 最后"}
    for name, text in pages.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return read_book(tmp_path)


@pytest.mark.parametrize("name", sorted({*SEEN} - {"pdf"}))
def test_lines_of_contents_that_lead_nowhere_are_found(name: str, book: Book) -> None:
    seen = SEEN[name](book, Report())
    assert [*lines_amiss(seen, book)] == []


@pytest.mark.parametrize("name", sorted({*SEEN} - {"pdf"}))
def test_a_line_that_is_gone_is_noticed(name: str, book: Book) -> None:
    shorter = SEEN[name](replace(book, entries=book.entries[:-1]), Report())
    assert any("最后" in line for line in lines_amiss(shorter, book))
