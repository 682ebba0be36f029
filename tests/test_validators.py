"""The outside judges on real output: the examples, and every case file as one article."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest

import article_convert as ac
from article_convert.model import Article
from conftest import Judge
from test_cases import ALL, CASES

EXAMPLES = Path(__file__).parent.parent / "examples"
PAGES = [EXAMPLES / "article.md", EXAMPLES / "article.html", *sorted((EXAMPLES / "handbook").rglob("[!S]*.md"))]


def name_of(file: Path) -> str:
    return "-".join(file.relative_to(EXAMPLES).parts)


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    """The examples, and the content of all cases of each case file in one article."""
    found = {name_of(file): ac.clean(ac.read(file)) for file in PAGES}
    for file in sorted({case.file for case in ALL}):
        cases = [ac.read(case.data, case.reader) for case in ALL if case.file == file]
        title = "-".join(file.relative_to(CASES).with_suffix("").parts)
        content = tuple(chain.from_iterable(article.content for article in cases))
        found[title] = Article(content, ac.Metadata(title=title, language="zh-CN"))
    return found


def written(articles: dict[str, Article], folder: Path, writer: str, extension: str) -> list[Path]:
    files = []
    for name, article in articles.items():
        files.append(folder / f"{name}{extension}")
        ac.write(article, files[-1], writer)
    return files


def test_nu_finds_nothing_in_html(articles: dict[str, Article], nu: Judge, tmp_path: Path) -> None:
    assert nu(written(articles, tmp_path, "html", ".html")) == []


def test_epubcheck_finds_nothing_in_epub(articles: dict[str, Article], epubcheck: Judge, tmp_path: Path) -> None:
    assert epubcheck(written(articles, tmp_path, "epub", ".epub")) == []


def test_ace_finds_nothing_in_epub(articles: dict[str, Article], ace: Judge, tmp_path: Path) -> None:
    """On all cases of a reader in one file each, as Ace takes seconds for a file, and on the handbook as a book."""
    joined: dict[str, Article] = {}
    for name, article in articles.items():
        reader = name.partition("-")[0]
        content = joined[reader].content if reader in joined else ()
        joined[reader] = replace(article, content=content + article.content)
    files = written(joined, tmp_path, "epub", ".epub")
    files.append(tmp_path / "book.epub")
    ac.write_file(ac.read_book(EXAMPLES / "handbook"), files[-1])
    found = ace([*files, without_language(files[-1], tmp_path / "bad.epub")])
    assert [line for line in found if not line.startswith("bad.epub: ")] == []
    assert any("epub-lang" in line for line in found), "Ace overlooks what is bad"


def without_language(file: Path, target: Path) -> Path:
    """A copy of an EPUB that lacks something which everybody needs."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            new.writestr(entry, re.sub(rb' xml:lang="[^"]*"', b"", data) if entry.filename.endswith(".opf") else data)
    return target


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_poppler_reads_the_pdf(page: Path, poppler: Callable[..., str], tmp_path: Path) -> None:
    article = ac.clean(ac.read(page))
    file = tmp_path / "a.pdf"
    ac.write(article, file)
    text = poppler("pdftotext", file, "-")
    assert "\ufffd" not in text
    for title in re.findall(r"^#{1,3} (\w+)$", page.read_text(encoding="utf-8"), re.M):
        assert title in text
    fonts = poppler("pdffonts", file).splitlines()[2:]
    assert fonts and all(re.search(r"\byes\b +(?:yes|no) +(?:yes|no) +\d", line) for line in fonts), fonts
    about = poppler("pdfinfo", file)
    assert re.search(rf"^Title: +{re.escape(article.metadata.title)}$", about, re.M)
    assert re.search(r"^Tagged: +yes$", about, re.M)
