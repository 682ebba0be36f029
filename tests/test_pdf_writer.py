"""The PDF writer: what is on the pages, what is in the file, and what it refuses to open.

One article and one book are laid out once and asked many questions.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest

from article_convert.errors import InputError, MissingDependency
from article_convert.model import (
    Article,
    Author,
    Book,
    Callout,
    CalloutKind,
    Cell,
    Chapter,
    Code,
    CodeBlock,
    Emphasis,
    Entry,
    Figure,
    Heading,
    Image,
    Inline,
    Link,
    List,
    ListItem,
    Math,
    Metadata,
    Note,
    Paragraph,
    Resource,
    Row,
    Strong,
    Table,
    Text,
)
from article_convert.options import parse
from article_convert.report import Report
from article_convert.tree import text_of
from article_convert.writers import fonts
from article_convert.writers.pdf import PdfOptions, layout, write_pdf

Poppler = Callable[..., str]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><rect width="40" height="20" fill="#369"/></svg>'
PICTURE = Resource("pictures/box.svg", "image/svg+xml", sha256(SVG).hexdigest(), SVG)


def says(*parts: str | Inline) -> Paragraph:
    return Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts))


def cell(text: str, header: bool = False) -> Cell:
    return Cell((says(text),), header=header)


def callout(kind: CalloutKind, text: str) -> Callout:
    return Callout(kind, (says(text),))


ARTICLE = Article(
    (
        Heading(2, (Text("一、先写问题"),)),
        says(
            "需求文档要让人", Strong((Text("一眼看懂"),)), "，不要让人", Emphasis((Text("猜测"),)), "。👍 Don’t guess."
        ),
        says("见", Link((Text("规范"),), "https://example.com/规范"), "。", Note((says("这是脚注的正文。"),))),
        Heading(4, (Text("跳过一级的标题"),)),
        Figure(Image("pictures/box.svg"), (Text("图一：一个方块"),)),
        Figure(Image("https://img.example.com/lost.png", alt="丢失的流程图")),
        List((ListItem((says("第一条"),)), ListItem((says("第二条"),), checked=True))),
        callout("warning", "上线前务必检查。"),
        CodeBlock(
            "\n".join(f"print('第 {n} 行，这一行足够长，长到要在纸上折成两行：{'=' * 40}')" for n in range(120)),
            "python",
        ),
        Table(
            (Row((cell("字段", True), cell("含义", True))), *(Row((cell(f"f{n}"), cell("值"))) for n in range(60))),
            caption=(Text("表一：字段"),),
        ),
        says("比例是", Code("a / b"), "，公式是", Math(r"\frac{a}{b}"), "与", Math(r"\text{转化率}"), "。"),
    ),
    Metadata(
        title="把需求写清楚",
        authors=(Author("林小满"), Author("周知")),
        description="一篇关于文档的文章",
        published=datetime(2024, 3, 5, 8, 30),
        language="zh-CN",
        tags=("需求", "文档"),
        source_url="https://example.com/articles/1.html",
    ),
    (PICTURE,),
)


def chapter(path: str, title: str, *blocks: Heading | Paragraph) -> Chapter:
    return Chapter(path, lambda: Article(blocks, Metadata(title=title, language="zh-CN")))


BOOK = Book(
    (
        Entry(
            "前言", chapter("README.md", "前言", says("去", Link((Text("例子那一节"),), "guide/two.md#例子"), "看看。"))
        ),
        Entry(
            "上篇",
            part=True,
            children=(
                Entry("第一章", chapter("guide/one.md", "第一章", Heading(2, (Text("背景"),)), says("背景的正文。"))),
                Entry(
                    "第二章",
                    chapter("guide/two.md", "第二章", Heading(2, (Text("例子"),), id="例子"), says("例子的正文。")),
                ),
            ),
        ),
    ),
    Metadata(title="小书", authors=(Author("林小满"),), language="zh-CN"),
)


@dataclass(frozen=True)
class Printed:
    file: Path
    data: bytes
    report: Report


@pytest.fixture(scope="session")
def font_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fonts")


@pytest.fixture(scope="session")
def options(font_cache: Path) -> PdfOptions:
    return PdfOptions(font_cache=font_cache)


@pytest.fixture(scope="session")
def article(options: PdfOptions, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return printed(ARTICLE, options, tmp_path_factory.mktemp("article") / "a.pdf")


@pytest.fixture(scope="session")
def book(options: PdfOptions, tmp_path_factory: pytest.TempPathFactory) -> Printed:
    return printed(BOOK, replace(options, page="A5"), tmp_path_factory.mktemp("book") / "b.pdf")


def printed(document: Article | Book, options: PdfOptions, file: Path) -> Printed:
    report = Report()
    data = write_pdf(document, options, report)
    file.write_bytes(data)
    return Printed(file, data, report)


def quick(options: PdfOptions, *blocks: Heading | Paragraph, language: str = "zh-CN") -> tuple[bytes, Report]:
    report = Report()
    return write_pdf(Article(blocks, Metadata(title="题", language=language)), options, report), report


# ------------------------------------------------------------------------- the pages


def test_all_text_is_on_the_pages(article: Printed, poppler: Poppler) -> None:
    """Every letter of the article, but formulas, which are drawn."""
    text = re.sub(r"\s", "", poppler("pdftotext", article.file, "-"))
    without_formulas = text_of(ARTICLE).replace(r"\frac{a}{b}", "")
    assert set(re.sub(r"\s", "", without_formulas)) <= set(text)
    for block in ARTICLE.content[:3]:
        for line in re.split(r"[，。👍]|这是脚注的正文", re.sub(r"\s", "", text_of(block))):
            assert line in text


def test_no_line_of_long_code_is_cut(article: Printed, poppler: Poppler) -> None:
    text = poppler("pdftotext", article.file, "-")
    assert [n for n in range(120) if f"第 {n} 行" not in text] == []
    assert text.replace("\n", "").count("=" * 40) == 120


def test_the_head_of_a_long_table_is_repeated(article: Printed, poppler: Poppler) -> None:
    pages = poppler("pdftotext", "-layout", article.file, "-").split("\f")
    with_rows = [page for page in pages if re.search(r"^ *f\d+ +值$", page, re.MULTILINE)]
    assert len(with_rows) >= 2
    assert all("字段" in page and "含义" in page for page in with_rows)


def test_a_note_stands_at_the_foot_of_the_page_of_its_mark(article: Printed, poppler: Poppler) -> None:
    first = poppler("pdftotext", article.file, "-").split("\f")[0]
    assert first.index("见规范") < first.index("这是脚注的正文")


def test_pages_have_numbers_and_a_running_title(article: Printed, poppler: Poppler) -> None:
    pages = poppler("pdftotext", article.file, "-").split("\f")[:-1]
    for number, page in enumerate(pages, 1):
        assert re.search(rf"^{number} ?/ ?{len(pages)}$", page, re.MULTILINE)
        assert "把需求写清楚" in page


@pytest.mark.parametrize(
    ("page", "size"), [("A4", "595.276 x 841.89"), ("A5", "419.528 x 595.276"), ("letter", "612 x 792")]
)
def test_paper(page: str, size: str, options: PdfOptions, tmp_path: Path, poppler: Poppler) -> None:
    chosen = replace(parse(PdfOptions, [f"page={page}"]), font_cache=options.font_cache)
    data, _ = quick(chosen, says("一段话。"))
    (tmp_path / "p.pdf").write_bytes(data)
    assert size in poppler("pdfinfo", tmp_path / "p.pdf")


# -------------------------------------------------------------------------- the file


def test_fonts_are_ours_embedded_and_subset(article: Printed, poppler: Poppler) -> None:
    lines = poppler("pdffonts", article.file).splitlines()[2:]
    ours = {face.family.replace(" ", "-") for group in fonts.GROUPS.values() for face in group}
    for line in lines:
        name = line.split()[0].partition("+")[2]
        assert any(name.startswith(family) for family in ours), line
        assert "Type 3" not in line
        assert re.search(r" yes yes yes +\d+ +\d+$", line), line
    assert any("Noto-Sans-SC-Bold" in line for line in lines)
    assert any("Noto-Serif-SC" in line for line in lines)
    assert any("Noto-Emoji" in line for line in lines)


def inflated(data: bytes) -> bytes:
    """A PDF with all that is in its streams: objects stand in compressed ones."""
    parts = [data]
    for stream in re.findall(rb"stream\n(.*?)\nendstream", data, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompress(stream))
    return b"\n".join(parts)


def test_metadata(article: Printed, poppler: Poppler) -> None:
    about = poppler("pdfinfo", "-isodates", article.file)
    for line in (
        "Title:           把需求写清楚",
        "Author:          林小满, 周知",
        "Subject:         一篇关于文档的文章",
        "Keywords:        需求, 文档",
        "CreationDate:    2024-03-05",
        "Tagged:          yes",
    ):
        assert line in about
    assert b"(zh-CN)" in inflated(article.data)
    assert b"pdfuaid" in inflated(article.data)


def test_heading_levels_have_no_gaps(article: Printed, poppler: Poppler) -> None:
    tags = re.findall(r"^ *(H\d) ", poppler("pdfinfo", "-struct", article.file), re.MULTILINE)
    assert tags == ["H1", "H2", "H3"]


def test_every_link_is_tagged(options: PdfOptions, tmp_path: Path, poppler: Poppler) -> None:
    bold = Link((Strong((Text("粗体"),)), Text("与文字"), Code("code")), "https://example.com/")
    pictured = Link((Image("pictures/box.svg"),), "https://example.com/big")
    document = Article((says(bold), says(pictured)), Metadata(title="题", language="zh-CN"), (PICTURE,))
    file = printed(document, options, tmp_path / "l.pdf").file
    assert poppler("pdfinfo", "-struct", file).count("Link ") == 4
    assert "example.com/big" in poppler("pdftotext", file, "-")


def test_the_same_bytes_in_any_process_zone_and_hash_seed(article: Printed, options: PdfOptions) -> None:
    program = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]);"
        "import test_pdf_writer as t; from article_convert.report import Report;"
        "sys.stdout.buffer.write(t.write_pdf(t.ARTICLE, t.PdfOptions(font_cache=Path(sys.argv[1])), Report()))"
    )
    environment = {**os.environ, "TZ": "Asia/Tokyo", "PYTHONHASHSEED": "7", "SOURCE_DATE_EPOCH": "1"}
    command = [sys.executable, "-c", program, str(options.font_cache), str(Path(__file__).parent)]
    other = subprocess.run(command, capture_output=True, check=True, timeout=120, env=environment)
    assert other.stderr == b""
    assert other.stdout == article.data


# ---------------------------------------------------------------------------- a book


def outline(file: Path, poppler: Poppler) -> list[tuple[int, str]]:
    """The lines of the outline with their depth, as `pdftohtml` finds them."""
    found, depth = [], 0
    for part in re.findall(
        r"<outline>|</outline>|<item[^>]*>[^<]*", poppler("pdftohtml", "-xml", "-i", "-stdout", file)
    ):
        depth += {"<outline>": 1, "</outline>": -1}.get(part, 0)
        if part.startswith("<item"):
            found.append((depth, part.partition(">")[2]))
    return found


def test_the_outline_of_a_book_is_its_table_of_contents_and_the_headings_below(book: Printed, poppler: Poppler) -> None:
    assert outline(book.file, poppler) == [
        (1, "目录"),
        (1, "前言"),
        (1, "上篇"),
        (2, "第一章"),
        (3, "背景"),
        (2, "第二章"),
        (3, "例子"),
    ]


def test_the_contents_say_the_right_pages(book: Printed, poppler: Poppler) -> None:
    pages = poppler("pdftotext", "-layout", book.file, "-").split("\f")
    listed = re.findall(r"^ *(\S+) [ .]+ (\d+)$", pages[1], re.MULTILINE)
    assert [title for title, _ in listed] == ["前言", "上篇", "第一章", "第二章"]
    for title, number in listed:
        assert title in pages[int(number) - 1]


def test_a_chapter_begins_on_a_new_page_under_its_own_running_title(book: Printed, poppler: Poppler) -> None:
    pages = poppler("pdftotext", "-layout", book.file, "-").split("\f")
    page = next(page for page in pages if "背景的正文" in page)
    assert re.match(r"\s*小书 +第一章\n", page)
    assert "例子的正文" not in page


def test_links_between_chapters_stay_inside_the_book(book: Printed, poppler: Poppler) -> None:
    pages = poppler("pdftotext", book.file, "-").split("\f")
    target = next(number for number, page in enumerate(pages, 1) if "例子的正文" in page)
    marked = poppler("pdftohtml", "-xml", "-i", "-stdout", book.file)
    assert re.search(rf'<a href="[^"]*#{target}">例子那一节</a>', marked)
    assert book.report.counts["link.unresolved"] == 0


def test_a_link_to_a_missing_anchor_leads_to_its_chapter(options: PdfOptions, tmp_path: Path, poppler: Poppler) -> None:
    entries = (
        Entry("甲", chapter("a.md", "甲", says(Link((Text("去乙"),), "b.md#none"), Link((Text("去丙"),), "c.md")))),
        Entry("乙", chapter("b.md", "乙", says("正文。"))),
    )
    made = printed(Book(entries, Metadata(title="书", language="zh-CN")), options, tmp_path / "b.pdf")
    assert re.search(r'<a href="[^"]*#4">去乙</a>', poppler("pdftohtml", "-xml", "-i", "-stdout", made.file))
    assert made.report.counts["link.unresolved"] == 2
    assert "去丙" in poppler("pdftotext", made.file, "-")


def test_a_chapter_that_cannot_be_read_is_reported(options: PdfOptions) -> None:
    def fail() -> Article:
        raise InputError("lost.md is gone")

    report = Report()
    write_pdf(Book((Entry("丢失", Chapter("lost.md", fail)),), Metadata(title="书", language="zh-CN")), options, report)
    assert [each.code for each in report.diagnostics] == ["book.page-failed"]


def test_contents_of_an_article(options: PdfOptions, tmp_path: Path, poppler: Poppler) -> None:
    data, _ = quick(replace(options, toc="yes"), Heading(2, (Text("第一节"),)), says("正文。"))
    (tmp_path / "t.pdf").write_bytes(data)
    assert re.search(r"第一节[ .]+1\n", poppler("pdftotext", "-layout", tmp_path / "t.pdf", "-"))


# ------------------------------------------------------------- what is told, and refused


def test_a_picture_that_is_not_at_hand_is_told_and_linked(article: Printed, poppler: Poppler) -> None:
    assert [each.code for each in article.report.diagnostics if each.severity != "note"] == ["image.missing"]
    assert "丢失的流程图" in poppler("pdftotext", article.file, "-")
    assert "https://img.example.com/lost.png" in poppler("pdfinfo", "-url", article.file)


def test_formulas_are_drawn_or_shown_as_code(article: Printed, poppler: Poppler) -> None:
    text = poppler("pdftotext", article.file, "-")
    assert r"\frac" not in text
    assert r"\text{转化率}" in text
    assert article.report.counts["math.as-code"] == 1


def test_nothing_outside_the_document_is_opened(options: PdfOptions, tmp_path: Path) -> None:
    """Neither a local file nor the network, by whatever way an address comes in."""
    canary = tmp_path / "canary.svg"
    canary.write_bytes(SVG)
    attacks = (
        f'<p><img src="{canary.as_uri()}" alt="a"/><img src="http://127.0.0.1:9/x.png" alt="b"/></p>'
        f'<p style="background:url({canary.as_uri()})">c</p><link rel="attachment" href="{canary.as_uri()}"/>'
        f'<a rel="attachment" href="{canary.as_uri()}">d</a><link rel="stylesheet" href="{canary.as_uri()}"/>'
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{canary.as_uri()}"/></svg>'
    )
    css = f'@import "{canary.as_uri()}"; @font-face {{ font-family: x; src: url("{canary.as_uri()}") }}'
    opened: list[str] = []
    watching = [True]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching[0] and (event == "socket.connect" or (event == "open" and "canary" in str(arguments[0]))):
            opened.append(f"{event} {arguments[0]}")

    sys.addaudithook(watch)
    report = Report()
    assert options.font_cache is not None
    html = f'<html lang="en"><body>{attacks}</body></html>'
    with fonts.font_set("abcd", "en", options.font_cache) as found:
        data = layout.render(layout.PdfJob(html, "", css, {}, found.folders, found.scans), report)
    watching[0] = False
    assert opened == []
    assert b"/EmbeddedFile" not in data
    assert report.counts["image.missing"] >= 2


def test_a_picture_cannot_open_other_files(options: PdfOptions, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_bytes(SVG)
    data = (
        f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{secret.as_uri()}" width="9" height="9"/></svg>'.encode()
    )
    resource = Resource("a.svg", "image/svg+xml", sha256(data).hexdigest(), data)
    report = Report()
    write_pdf(Article((says(Image("a.svg")),), Metadata(title="t", language="en"), (resource,)), options, report)
    assert any("refused" in each.message for each in report.diagnostics)


def test_characters_that_no_font_has_are_told_once(options: PdfOptions) -> None:
    _, report = quick(options, says("看这里：\U000108e0 和 \U000108e0。"))
    [told] = [each for each in report.diagnostics if each.code == "font.missing-glyph"]
    assert "U+108E0" in told.message
    assert "看这里" in told.message
    assert report.counts["font.missing-glyph"] == 1


def test_invisible_characters_are_not_missed(options: PdfOptions) -> None:
    _, report = quick(options, says("零\u200b宽\ufeff与\u200d变体\ufe0f。"))
    assert report.counts["font.missing-glyph"] == 0


@pytest.mark.parametrize(
    ("language", "family"),
    [("zh-TW", "Noto-Sans-TC"), ("ja", "Noto-Sans-JP"), ("ko", "Noto-Sans-KR"), ("en", "Source-Serif")],
)
def test_each_language_gets_its_own_forms(
    language: str, family: str, options: PdfOptions, tmp_path: Path, poppler: Poppler
) -> None:
    data, _ = quick(options, says("骨直次 typography"), language=language)
    (tmp_path / "f.pdf").write_bytes(data)
    assert f"+{family}" in poppler("pdffonts", tmp_path / "f.pdf")


def test_a_script_is_prepared_when_the_text_holds_it(options: PdfOptions, tmp_path: Path, poppler: Poppler) -> None:
    data, report = quick(options, says("ภาษาไทย"))
    (tmp_path / "f.pdf").write_bytes(data)
    assert "+Noto-Sans-Thai" in poppler("pdffonts", tmp_path / "f.pdf")
    assert report.counts["font.missing-glyph"] == 0


# ----------------------------------------------------------------------------- fonts


def test_fonts_are_made_once_by_any_number_of_processes_at_a_time(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        folders = set(pool.map(lambda _: fonts.prepare("kr", tmp_path), range(4)))
    [folder] = folders
    assert sorted(path.name for path in folder.glob("[!.]*")) == ["NotoSansKR-Bold.ttf", "NotoSansKR-Regular.ttf"]
    assert list(tmp_path.iterdir()) == [folder], "nothing half-made may be left"
    before = folder.stat().st_mtime_ns
    assert fonts.prepare("kr", tmp_path).stat().st_mtime_ns == before


@pytest.mark.parametrize("damage", ["gone", "short", "no list", "nonsense", "a number"])
def test_a_folder_of_fonts_that_is_not_whole_is_made_anew(damage: str, tmp_path: Path) -> None:
    """Else a PDF comes out with other fonts, and nobody is told."""
    folder = fonts.prepare("kr", tmp_path)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    match damage:
        case "gone":
            (folder / "NotoSansKR-Bold.ttf").unlink()
        case "short":
            (folder / "NotoSansKR-Bold.ttf").write_bytes(b"x")
        case "no list":
            (folder / fonts._MANIFEST).unlink()
        case _:
            (folder / fonts._MANIFEST).write_text("[" if damage == "nonsense" else "1")
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda _: fonts.prepare("kr", tmp_path), range(4))) == {folder}
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert list(tmp_path.iterdir()) == [folder]
    (folder / ".DS_Store").write_bytes(b"x")
    when = folder.stat().st_mtime_ns
    assert fonts.prepare("kr", tmp_path).stat().st_mtime_ns == when


def test_a_cache_may_be_named_from_here(
    options: PdfOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert options.font_cache is not None
    monkeypatch.chdir(options.font_cache.parent)
    quick(PdfOptions(font_cache=Path(options.font_cache.name)), says("面好了"))
    assert capfd.readouterr().err == ""


def test_character_ids_of_opentype_fonts_equal_glyph_ids(options: PdfOptions) -> None:
    """Else MuPDF, pdf.js and Acrobat show other letters than Poppler."""
    from fontTools.ttLib import TTFont

    assert options.font_cache is not None
    font = TTFont(fonts.prepare("base", options.font_cache) / "NotoSerifSC-Regular.otf", lazy=True)
    charset = font["CFF "].cff[0].charset
    assert charset[1:] == [f"cid{number:05d}" for number in range(1, len(charset))]


def test_a_font_of_the_users(options: PdfOptions, tmp_path: Path, poppler: Poppler) -> None:
    assert options.font_cache is not None
    own = fonts.prepare("base", options.font_cache) / "SourceCodePro-Regular.ttf"
    (tmp_path / "own.ttf").write_bytes(own.read_bytes())
    data, _ = quick(replace(options, font=tmp_path / "own.ttf"), says("Own letters."), language="en")
    (tmp_path / "o.pdf").write_bytes(data)
    assert "+Source-Code-Pro" in poppler("pdffonts", tmp_path / "o.pdf")


def test_a_file_that_is_no_font_is_refused(options: PdfOptions, tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(b"no font")
    with pytest.raises(InputError, match=r"a\.ttf is not a font"):
        quick(replace(options, font=tmp_path / "a.ttf"), says("x"))


# ------------------------------------------------------------------ what is not installed


def test_without_weasyprint_the_message_says_what_to_install(
    options: PdfOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout.check_engine.cache_clear()
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(MissingDependency, match=r"pip install 'article_convert\[pdf\]'"):
        quick(options, says("x"))
    monkeypatch.undo()
    layout.check_engine.cache_clear()


@pytest.mark.parametrize(
    ("system", "advice"), [("linux", "apt install libpango"), ("darwin", "brew install pango"), ("win32", "MSYS2")]
)
def test_without_pango_the_message_says_what_to_install(
    system: str, advice: str, options: PdfOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(name: str) -> object:
        raise OSError("cannot load library 'libgobject-2.0-0'")

    layout.check_engine.cache_clear()
    monkeypatch.setattr(layout, "import_module", broken)
    monkeypatch.setattr(layout.sys, "platform", system)
    with pytest.raises(MissingDependency, match=advice):
        quick(options, says("x"))
    monkeypatch.undo()
    layout.check_engine.cache_clear()


def test_without_the_fonts_the_message_says_what_to_install(
    options: PdfOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "find_spec", lambda name: None)
    fonts._covered.cache_clear()
    with pytest.raises(MissingDependency, match="pip install"):
        quick(options, says("x"))
    monkeypatch.undo()
    fonts._covered.cache_clear()


def test_a_cache_that_cannot_be_written_costs_time_and_nothing_else(
    options: PdfOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    data, report = quick(PdfOptions(font_cache=tmp_path / "file" / "fonts"), says("面好了"))
    assert data == quick(options, says("面好了"))[0]
    [told] = report.diagnostics
    assert told.code == "cache.unwritable"
    assert "font_cache" in told.message
    assert list((tmp_path / "scratch").iterdir()) == []


def test_fonts_are_taken_from_a_cache_that_can_only_be_read(
    options: PdfOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    expected = quick(options, says("x"))[0]
    assert options.font_cache is not None
    shutil.copytree(options.font_cache, tmp_path / "fonts", ignore=shutil.ignore_patterns("fontconfig"))
    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(fonts, "can_write", lambda folder: False)
    data, report = quick(PdfOptions(font_cache=tmp_path / "fonts"), says("x"))
    assert (data, report.diagnostics) == (expected, [])
    assert capfd.readouterr().err == ""
    assert [path for path in sorted(tmp_path.rglob("*")) if "fontconfig" not in path.parts] == before


def test_without_any_room_for_fonts_the_message_names_the_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setattr(fonts, "_made", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(MissingDependency, match=r"No space left .* font_cache"):
        quick(PdfOptions(font_cache=tmp_path / "file" / "fonts"), says("x"))


def test_what_the_engine_ignores_is_told(
    options: PdfOptions, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "own.css").write_text("p { colour: red; color: #123 }", "utf-8")
    for _ in range(2):
        _, report = quick(replace(options, css=tmp_path / "own.css"), says("x"))
        [told] = report.diagnostics
        assert told.code == "pdf.layout"
        assert "colour" in told.message
    assert capfd.readouterr().err == ""


def test_nothing_is_printed(options: PdfOptions, capfd: pytest.CaptureFixture[str]) -> None:
    quick(options, says(Math("x^2"), Image("lost.png")))
    captured = capfd.readouterr()
    assert captured.out + captured.err == ""
