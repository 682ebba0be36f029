"""Profiles: every limit has a reason and a source, and what is written for a device passes its check."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import PIL.Image
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

import article_convert as ac
from article_convert import cli
from article_convert.checks import RULES, check
from article_convert.model import (
    Article,
    Book,
    Cell,
    Chapter,
    Code,
    Entry,
    Figure,
    Group,
    Heading,
    Image,
    Link,
    List,
    ListItem,
    MathBlock,
    Metadata,
    Note,
    Paragraph,
    Resource,
    Row,
    Strong,
    Table,
    Text,
)
from article_convert.profiles import PROFILES, Css
from article_convert.report import Report
from article_convert.stylesheets import fitted, parsed, self_contained, unfit
from article_convert.writers.epub import EpubOptions, write_epub
from article_convert.writers.epub.device import DeviceName, flattened
from article_convert.writers.epub.parts import NavPoint
from conftest import Judge
from strategies import articles
from tiny_epub import gif, png

ROOT = Path(__file__).parent.parent
DEVICES = list(PROFILES)
STYLE = (ROOT / "src/article_convert/writers/style/epub.css").read_text(encoding="utf-8")
X = {"x": "http://www.w3.org/1999/xhtml"}


# ------------------------------------------------------------------ the data


def test_the_option_names_every_profile() -> None:
    assert list(get_args(DeviceName)) == DEVICES


def test_every_rule_has_a_profile_and_every_reason_a_rule() -> None:
    named = {rule for profile in PROFILES.values() for rule in profile.rules}
    assert named == {rule.id for rule in RULES}
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("name", DEVICES)
def test_reasons_are_sentences_with_a_source(name: str) -> None:
    for rule, because in PROFILES[name].rules.items():
        assert re.fullmatch(r"https?://[^\s<>]+", because.source), rule
        assert because.reason and because.reason[-1] not in ".;," and "\n" not in because.reason, rule


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rules_say_what_and_what_to_do(rule: Any) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.id)
    assert rule.what.endswith(".") and rule.what[0].isupper()
    assert rule.remedy.endswith(".") and rule.remedy[0].isupper()


@pytest.mark.parametrize("name", DEVICES)
def test_limits_are_held_by_a_rule(name: str) -> None:
    """A limit that no rule names would be one without a reason."""
    profile = PROFILES[name]
    limits = {
        "picture-pixels": profile.pictures.pixels,
        "picture-bytes": profile.pictures.size,
        "book-large": profile.book_wanted,
        "table-wide": profile.tables.columns,
        "table-large": profile.tables.cells,
        "table-nested": not profile.tables.nested,
        "document-large": profile.document,
        "toc-depth": profile.toc_levels,
        "math": not profile.mathml,
        "inline-style": not profile.inline_styles,
        "note-dead": profile.notes == "inline",
        "picture-animated": profile.pictures.still,
        "css-function": profile.css.functions,
        "css-unit": profile.css.units,
        "css-property": profile.css.properties is not None or profile.css.dead,
        "css-at-rule": profile.css.at_rules is not None,
        "css-selector": profile.css.selectors != "any",
    }
    assert {rule for rule, limit in limits.items() if limit} <= set(profile.rules)
    assert profile.pictures.wanted <= profile.pictures.types


# ------------------------------------------------------------------ style sheets


@pytest.mark.parametrize("name", DEVICES)
def test_a_fitted_sheet_fits_and_stays_as_it_is(name: str) -> None:
    css = PROFILES[name].css
    once = fitted(STYLE, css)
    assert list(unfit(parsed(once), css)) == []
    assert fitted(once, css) == once
    assert "table" in once and "blockquote" in once


@pytest.mark.parametrize(
    ("css", "left"),
    [
        ("a{color:red;margin:calc(1px + 1em)}", "a { color: red; }\n"),
        ("a, b > c, p + p {color:red}", "a, b > c { color: red; }\n"),
        ("a{margin:1vh}", ""),
        ("a{--x:1px;margin:var(--x)}", ""),
        ("a{COLOR:red!important}", "a { color: red !important; }\n"),
        ("@media print{a{color:red}}b{color:red}", "b { color: red; }\n"),
        ("@supports (x:y){a{margin:var(--x)}}", "@supports (x:y){a{margin:var(--x)}}\n"),
        ("a{unknown:1}", ""),
        ("a{display:flex;display:block}", "a { display: block; }\n"),
        ("a{color:red", "a { color: red; }\n"),
        ("/* a */", ""),
        ('[a~="b+c"]:before{color:red}', '[a~="b+c"]:before { color: red; }\n'),
        ('[a="b,  +]c"] p, p + p{color:red}', '[a="b,  +]c"] p { color: red; }\n'),
        (":is(a, b) c, d{color:red}", "d { color: red; }\n"),
        (f"a{{color:{'red,  ' * 99}red}}", f"a {{ color: {'red, ' * 99}red; }}\n"),
        (f"{'a, ' * 99}a{{color:red}}", f"{'a, ' * 99}a {{ color: red; }}\n"),
    ],
)
def test_fitting(css: str, left: str) -> None:
    device = Css(
        properties=frozenset({"color", "margin", "display"}),
        dead=frozenset({"display:flex"}),
        functions=frozenset({"calc", "var"}),
        units=frozenset({"vh"}),
        at_rules=frozenset({"supports"}),
        hides=frozenset({"supports"}),
        selectors="plain",
    )
    assert fitted(css, device) == left


def test_a_style_sheet_of_yours_is_obeyed_and_what_is_wrong_with_it_reported(tmp_path: Path) -> None:
    own = tmp_path / "own.css"
    own.write_text("p { margin: var(--m); }", "utf-8")
    report = Report()
    data = write_epub(article(paragraph("字")), EpubOptions(profile="kobo", css=own), report)
    assert report.counts["style.unfit"] == 1
    assert "p { margin: var(--m); }" in text(data, "EPUB/style.css")


@pytest.mark.parametrize(
    ("css", "left", "gone"),
    [
        ("p{color:red} /* url(a) */ q{x:url(data:a) url('#b')}", None, []),
        ("@import url(https://a.example/a.css);p{color:red}", "p{color:red}", ["@import url(https://a.example/a.css);"]),
        ("@import 'a.css' print;p{color:red}", "p{color:red}", ["@import 'a.css' print;"]),
        ("@namespace url(http://www.w3.org/1999/xhtml);p{background:url(a.png) #fff;color:red}",
         "@namespace url(http://www.w3.org/1999/xhtml);p{color:red;}", ["background:url(a.png) #fff;"]),
        ("@font-face{font-family:a;src:local(a),url('a.ttf')}p{color:red}", "p{color:red}",
         ["@font-face{font-family:a;src:local(a),url('a.ttf')}"]),
        ("@media x{a:hover{b:c}p{color:red;--x:image-set('a.png' 1x)!important}}",
         "@media x{a:hover{b:c}p{color:red;}}", ["--x:image-set('a.png' 1x)!important;"]),
        ("p{color:red;q{background:u\\72l(a)}}", "p{color:red;q{}}", ["background:url(a);"]),
        ("(" * 99 + "url(a)", "", ["the sheet is too long or too deeply nested to be read"]),
    ],
)  # fmt: skip
def test_what_a_sheet_would_load_is_taken_out(css: str, left: str | None, gone: list[str]) -> None:
    kept, out = self_contained(css)
    assert [each.text.replace('"', "'") for each in out] == gone
    assert kept == css if left is None else "".join(kept.split()) == "".join(left.split())
    assert self_contained(kept) == (kept, [])


@pytest.mark.parametrize("name", ["generic", "kindle", "weread"])
def test_a_style_sheet_of_yours_makes_no_book_that_asks_for_more(name: Any, tmp_path: Path, epubcheck: Judge) -> None:
    own = tmp_path / "own.css"
    own.write_text(
        "@import 'https://a.example/a.css';\n@font-face { font-family: a; src: url(a.ttf) }\n"
        "p { background: url(bg.png); text-indent: 2em }",
        "utf-8",
    )
    report = Report()
    book = tmp_path / "a.epub"
    book.write_bytes(write_epub(article(paragraph("字")), EpubOptions(profile=name, css=own), report))
    said = [each.message for each in report.diagnostics if "taken out" in each.message]
    assert [each.rpartition("(")[2] for each in said] == [
        "line 1)",
        "line 2); embed a font with -O font=FILE",
        "line 3)",
    ]
    assert "text-indent: 2em" in text(book.read_bytes(), "EPUB/style.css")
    assert epubcheck([book]) == []


# ------------------------------------------------------------------ tables


def paragraph(words: str) -> Paragraph:
    return Paragraph((Text(words),))


def article(*content: Any, resources: tuple[Resource, ...] = (), language: str = "zh-CN") -> Article:
    return Article(tuple(content), Metadata(title="面馆", language=language), resources)


def row(*cells: str | Cell, header: bool = False) -> Row:
    return Row(tuple(cell if isinstance(cell, Cell) else Cell((paragraph(cell),), header) for cell in cells))


def text(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode("utf-8")


def printed(document: Article, **options: Any) -> Any:
    """The chapter as a tree."""
    data = write_epub(document, EpubOptions(cover="none", **options), Report())
    return etree.fromstring(text(data, "EPUB/article.xhtml").encode())


def cards(root: Any) -> list[list[str]]:
    return [
        ["".join(line.itertext()) for line in card.xpath("./x:p", namespaces=X)]
        for card in root.xpath("//x:div[@data-kind='record']", namespaces=X)
    ]


LONG = "说得很长的一句话" * 3


def test_a_wide_table_becomes_a_card_for_each_row() -> None:
    table = Table((row("型号", "价格", "重量", "屏幕", "备注", header=True), row("一号", "九元", "", "大", LONG)))
    root = printed(article(table), profile="kindle")
    assert cards(root) == [["型号：一号", "价格：九元", "重量：", "屏幕：大", f"备注：{LONG}"]]
    assert not root.xpath("//x:table", namespaces=X)
    assert printed(article(table), profile="apple").xpath("//x:table", namespaces=X)
    report = Report()
    write_epub(article(table), EpubOptions(profile="kindle"), report)
    assert report.counts["table.as-cards"] == 1


def test_a_latin_header_has_a_latin_colon() -> None:
    table = Table((row("Name", "价格", header=True), row("甲", "九元")))
    assert cards(printed(article(table), tables="cards")) == [["Name: 甲", "价格：九元"]]


def test_a_table_of_short_texts_stays_a_table() -> None:
    table = Table((row(*"甲乙丙丁戊", header=True), row(*"12345")))
    assert cards(printed(article(table), profile="kobo")) == []


def test_the_option_beats_the_profile() -> None:
    small = Table((row("甲", "乙", header=True), row("一", "二")))
    wide = Table((row(*["很宽的一列"] * 6),))
    assert cards(printed(article(small), tables="cards")) == [["甲：一", "乙：二"]]
    assert cards(printed(article(wide), tables="table", profile="kindle")) == []


def test_merged_cells_are_said_again_in_each_card_and_headers_stand_in_a_row() -> None:
    head = (
        Row((Cell((paragraph("城市"),), True, row_span=2), Cell((paragraph("上半年"),), True, column_span=2))),
        row("一季", "二季", header=True),
    )
    body = (
        Row((Cell((paragraph("甲城"),), row_span=2), *row("1", "2").cells)),
        row("3", "4"),
        Row((*row("乙城").cells, Cell((paragraph("共 5"),), column_span=2))),
    )
    root = printed(article(Table((*head, *body))), tables="cards")
    assert cards(root) == [
        ["城市：甲城", "上半年 · 一季：1", "上半年 · 二季：2"],
        ["城市：甲城", "上半年 · 一季：3", "上半年 · 二季：4"],
        ["城市：乙城", "上半年：共 5"],
    ]
    simple = printed(article(Table((*head, *body))), tables="simplified")
    assert not simple.xpath("//@colspan | //@rowspan")
    assert {len(each) for each in simple.xpath("//x:tr", namespaces=X)} == {3}


def test_what_must_be_in_a_book_once_is_not_said_again() -> None:
    noted = Cell((Paragraph((Text("甲城"), Note((paragraph("注"),)))),), row_span=2)
    headed = Cell((Heading(2, (Text("乙"),), "same"),), row_span=2)
    table = Table((Row((noted, headed, *row("1").cells)), row("2")))
    root = printed(article(table), tables="cards")
    assert len(root.xpath("//x:aside", namespaces=X)) == 1
    assert len(root.xpath("//x:h2", namespaces=X)) == 1
    ids = root.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_a_table_in_a_table_is_taken_apart_where_it_cannot_be_shown() -> None:
    inner = Table((row("里", "外", header=True), row("1", "2")))
    table = Table((Row((Cell((inner,)), *row("旁").cells)),))
    assert len(printed(article(table), profile="kindle").xpath("//x:table", namespaces=X)) == 1
    assert len(printed(article(table)).xpath("//x:table", namespaces=X)) == 2


def test_cells_of_many_blocks_keep_them() -> None:
    cell = Cell((paragraph("先"), List((ListItem((paragraph("后"),)),))))
    root = printed(article(Table((row("甲", "乙", header=True), Row((*row("一").cells, cell))))), tables="cards")
    (card,) = root.xpath("//x:div[@data-kind='record']", namespaces=X)
    assert [child.tag.rpartition("}")[2] for child in card] == ["p", "p", "p", "ul"]


# ------------------------------------------------------------------ notes, formulas, contents, pictures


def noted(words: str) -> Paragraph:
    return Paragraph((Text("面"), Note((paragraph(words),)), Text("。")))


def test_notes_lead_there_and_back_and_begin_with_their_number() -> None:
    root = printed(article(noted("细面")), profile="kindle")
    (mark,) = root.xpath("//x:sup/x:a", namespaces=X)
    (aside,) = root.xpath("//x:aside", namespaces=X)
    (back,) = aside.xpath("./x:p[1]/x:a[1]", namespaces=X)
    assert (mark.get("href"), back.get("href")) == (f"#{aside.get('id')}", f"#{mark.get('id')}")
    assert "".join(aside.itertext()).strip() == "1. 细面"


def test_short_notes_stand_in_the_text_where_none_open() -> None:
    root = printed(article(noted("细面"), noted("长" * 61), noted("宽面")), profile="weread")
    body = "".join(root.xpath("string(//x:section)", namespaces=X)).split()
    assert "".join(body) == "面馆面（注：细面）。面[1]。面（注：宽面）。[1]" + "长" * 61
    assert not root.xpath("//x:a", namespaces=X)
    english = printed(article(noted("thin"), language="en"), notes="inline")
    assert "面 (note: thin)。" in "".join(english.itertext())


def test_a_note_of_a_heading_stays_out_of_the_contents() -> None:
    heading = Heading(2, (Text("面"), Note((paragraph("细"),))))
    data = write_epub(article(heading), EpubOptions(profile="weread"), Report())
    assert "[1]" not in re.sub(r"<[^>]+>", "", text(data, "EPUB/nav.xhtml")).replace("[1]", "", 1)
    assert "细" not in text(data, "EPUB/nav.xhtml")
    assert "[1] 细" in text(data, "EPUB/article.xhtml")


def test_formulas_are_text_where_mathml_does_not_arrive() -> None:
    report = Report()
    data = write_epub(article(MathBlock("x^2")), EpubOptions(profile="kindle"), report)
    assert "<math" not in text(data, "EPUB/article.xhtml") and "x^2" in text(data, "EPUB/article.xhtml")
    assert report.counts["math.as-code"] == 1


def test_contents_are_as_deep_as_the_device_shows() -> None:
    deep = [
        NavPoint("一", "a", (NavPoint("二", "b", (NavPoint("三", "c"),)), NavPoint("组", "", (NavPoint("四", "d"),))))
    ]
    assert flattened(deep, 0) == deep
    assert flattened(deep, 2) == [NavPoint("一", "a", (NavPoint("二", "b"), NavPoint("三", "c"), NavPoint("四", "d")))]


def drawn(kind: str, *sizes: tuple[int, int]) -> bytes:
    """A picture of one colour for each size; of several sizes it moves."""
    out = io.BytesIO()
    first, *more = [PIL.Image.new("RGB", each, (40 * n, 9, 9)) for n, each in enumerate(sizes)]
    first.save(out, kind, **({"save_all": True, "append_images": more} if more else {}))
    return out.getvalue()


def test_pictures_take_the_form_that_the_device_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wide.png").write_bytes(drawn("PNG", (3000, 60)))
    Path("web.webp").write_bytes(drawn("WEBP", (30, 20)))
    Path("moves.gif").write_bytes(drawn("GIF", (30, 20), (30, 20)))
    Path("a.md").write_text("# 图\n\n![宽](wide.png) ![网](web.webp) ![动](moves.gif)\n", "utf-8")
    for device, width, frames in (("kindle", 1600, 1), ("apple", 2048, 2), ("generic", 3000, 2)):
        assert cli.main(["a.md", "-o", "a.epub", "-O", f"profile={device}"]) == 0
        with zipfile.ZipFile("a.epub") as archive:
            names = [name for name in archive.namelist() if "/images/" in name]
            shown = [PIL.Image.open(io.BytesIO(archive.read(name))) for name in names]
        assert max(picture.width for picture in shown) == width
        assert {picture.format for picture in shown} <= {"PNG", "JPEG", "GIF"}
        assert max(getattr(picture, "n_frames", 1) for picture in shown) == frames
        assert check("a.epub", [device]) == []
    assert cli.main(["a.md", "-o", "a.epub", "-O", "profile=kindle", "--image-max-width", "900"]) == 0
    with zipfile.ZipFile("a.epub") as archive:
        widths = [
            PIL.Image.open(io.BytesIO(archive.read(name))).width for name in archive.namelist() if "/images/" in name
        ]
    assert max(widths) == 900


def test_the_name_that_a_kobo_wants_is_no_part_of_the_title(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in "ab":
        Path(f"{name}.md").write_text(f"# {name}\n\n字\n", "utf-8")
    assert cli.main(["a.md", "b.md", "-o", "两篇.kepub.epub", "-O", "profile=kobo"]) == 0
    assert "<dc:title>两篇</dc:title>" in re.sub(
        r' id="[^"]*"', "", text(Path("两篇.kepub.epub").read_bytes(), "EPUB/content.opf")
    )


def test_pictures_that_a_device_does_not_show_are_named() -> None:
    webp = b"RIFF\x1e\0\0\0WEBPVP8L\x11\0\0\0/" + b"\0" * 21
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>x</text></svg>'
    resources = (Resource("a.webp", "image/webp", "a", webp), Resource("a.svg", "image/svg+xml", "b", drawing))
    document = article(Figure(Image("a.webp", "碗")), Figure(Image("a.svg", "图")), resources=resources)
    report = Report()
    data = write_epub(document, EpubOptions(profile="kindle"), report)
    assert report.counts["image.unsupported"] == report.counts["image.unfit"] == 1
    assert "图片：碗" in text(data, "EPUB/article.xhtml")


def test_pictures_that_move_are_named_where_they_do_not() -> None:
    moving = article(Figure(Image("a.gif")), resources=(Resource("a.gif", "image/gif", "a", gif(2)),))
    report = Report()
    write_epub(moving, EpubOptions(profile="kindle"), report)
    assert report.counts["image.unfit"] == 1
    write_epub(moving, EpubOptions(profile="kobo"), report)
    assert report.counts["image.unfit"] == 1


def test_pictures_that_are_too_large_are_named() -> None:
    large = article(Figure(Image("a.png")), resources=(Resource("a.png", "image/png", "a", png(3000, 2000)),))
    report = Report()
    write_epub(large, EpubOptions(profile="apple"), report)
    assert report.counts["image.unfit"] == 1


def test_a_book_that_is_too_large_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PROFILES, "kindle", replace(PROFILES["kindle"], book_wanted=1000))
    report = Report()
    write_epub(article(paragraph("字")), EpubOptions(profile="kindle"), report)
    assert report.counts["epub.too-large"] == 1


# ------------------------------------------------------------------ what we write passes its own check


def everything() -> Iterator[tuple[str, Article | Book]]:
    """Documents with something in them for every rule."""
    wide = Table((row(*["很宽的一列标题"] * 7, header=True), row(*[LONG] * 7)), caption=(Text("宽表"),))
    picture = Resource("a.png", "image/png", "a", png())
    content = (
        Heading(2, (Text("一"),), "一"),
        noted("细面"),
        noted("长" * 80),
        wide,
        MathBlock("x^2"),
        Paragraph((Image("a.png", "图", width="60%"), Link((Text("回去"),), "#一"), Code("x"))),
        Group("tabs", (Group("tab", (wide,), (Text("甲"),)),)),
    )
    one = article(*content, resources=(picture,))
    yield "article", one
    entries = tuple(
        Entry(f"第{n}章", Chapter(f"{n}.md", lambda: one), children=(Entry("下", url=f"{n}.md#一"),)) for n in "ab"
    )
    yield "book", Book(entries, Metadata(title="书", language="zh"))
    yield "empty", Article()


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize(
    ("name", "document"), list(everything()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_what_is_written_passes_its_check(
    device: DeviceName, name: str, document: Article | Book, tmp_path: Path
) -> None:
    assert found_in(document, device, tmp_path) == []


def found_in(document: Article | Book, device: DeviceName, folder: Path) -> list[str]:
    path = folder / f"{device}.epub"
    path.write_bytes(write_epub(document, EpubOptions(profile=device), Report()))
    return [f"{finding.rule}: {finding.places[0]}" for finding in check(path, [device])]


@pytest.mark.validator
def test_epubcheck_finds_nothing_in_any_profile(epubcheck: Callable[[list[Path]], list[str]], tmp_path: Path) -> None:
    files = []
    for name, document in everything():
        for device in DEVICES:
            file = tmp_path / f"{name}-{device}.epub"
            file.write_bytes(write_epub(document, EpubOptions(profile=device), Report()))  # type: ignore[arg-type]
            files.append(file)
    assert epubcheck(files) == []


@pytest.mark.parametrize("device", DEVICES)
def test_examples_and_pages_pass(device: DeviceName, tmp_path: Path) -> None:
    sources = [*sorted((ROOT / "examples").glob("article.*")), *sorted((ROOT / "tests" / "pages").glob("*.md"))]
    for source in sources:
        article = ac.clean(ac.read(source))
        assert found_in(article, device, tmp_path) == [], source.name
    expected = {"svg-text"} if device == "kindle" else set()  # the handbook holds a drawing with words
    book = found_in(ac.read_book(ROOT / "examples" / "handbook"), device, tmp_path)
    assert {each.partition(":")[0] for each in book} <= expected


@pytest.mark.parametrize("device", DEVICES)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=articles())
def test_generated_trees_pass(device: DeviceName, document: Article, tmp_path: Path) -> None:
    assert found_in(document, device, tmp_path) == []


@pytest.mark.parametrize("device", DEVICES)
def test_cells_that_reach_down_count_in_every_row(device: DeviceName, tmp_path: Path) -> None:
    """The writer and the check see the same columns, so that the writer's own tables pass."""
    tall = [replace(cell, row_span=2) for cell in row("甲", "乙" * 9).cells]
    rows = (
        Row((*tall, *row("丙" * 9, "丁" * 9).cells)),
        row("戊", "己" * 9),
        row("庚", "辛", "壬", "癸" * 9, "子" * 9),
    )
    assert found_in(article(Table(rows)), device, tmp_path) == []


@pytest.mark.parametrize("device", DEVICES)
def test_nothing_is_lost_for_a_device(device: DeviceName) -> None:
    """Every word of the article is in the book, whatever becomes of tables and notes."""
    document = next(each for name, each in everything() if name == "article")
    assert isinstance(document, Article)
    root = printed(document, profile=device)
    words = re.sub(r"\s", "", "".join(root.itertext()))
    for word in ("细面", "长" * 80, LONG, "很宽的一列标题", "宽表", "回去", "甲"):
        assert word in words


@pytest.mark.parametrize("device", DEVICES)
def test_the_same_bytes_twice(device: DeviceName) -> None:
    for _, document in everything():
        first, second = (write_epub(document, EpubOptions(profile=device), Report()) for _ in range(2))
        assert first == second


def test_strong_in_a_header_is_not_bold_twice() -> None:
    table = Table(
        (Row((Cell((Paragraph((Strong((Text("甲"),)),)),), True), *row("乙", header=True).cells)), row("1", "2"))
    )
    root = printed(article(table), tables="cards")
    assert not root.xpath("//x:strong//x:strong", namespaces=X)
