"""Updating an EPUB: what changed is printed again, all else stays byte for byte."""

from __future__ import annotations

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import article_convert as ac
from article_convert import codec
from article_convert.cli import main
from article_convert.errors import InputError, OptionError
from conftest import Judge
from strategies import articles
from test_epub_writer import png

HEAD = "---\nsource_url: https://www.example.com/{0}.html\npublished: 2024-03-0{1}\n---\n\n# 第 {1} 天\n\n"
DESCRIBING = {
    "EPUB/content.opf",
    "EPUB/nav.xhtml",
    "EPUB/toc.ncx",
    "EPUB/contents.xhtml",
    "META-INF/article_convert.json",
}


def contents(file: Path | bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file) if isinstance(file, bytes) else file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in {*before, *after} if before.get(name) != after.get(name)}


def identifier(files: dict[str, bytes]) -> str:
    found = re.search(r"<dc:identifier[^>]*>([^<]+)", files["EPUB/content.opf"].decode())
    assert found
    return found[1]


@pytest.fixture
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, str], str]:
    """Write day N of a diary and give the name of its file."""
    monkeypatch.chdir(tmp_path)

    def day(number: int, text: str = "河水慢慢地流。") -> str:
        name = f"{number}.md"
        Path(name).write_text(HEAD.format(f"day-{number}", number) + text + "\n", encoding="utf-8")
        return name

    return day


def jpeg() -> bytes:
    file = io.BytesIO()
    PIL.Image.new("RGB", (60, 80), "teal").save(file, "JPEG")
    return file.getvalue()


Diary = Callable[..., str]


def built(names: list[str], file: str = "b.epub", *options: str) -> dict[str, bytes]:
    assert main([*names, "-o", file, "--title", "日记", "-q", *(f"-O{option}" for option in options)]) == 0
    return contents(Path(file))


# ------------------------------------------------------------------ loose articles


def test_nothing_new_changes_nothing(diary: Diary, capsys: Any) -> None:
    names = [diary(number) for number in (1, 2, 3)]
    built(names)
    before = Path("b.epub").read_bytes()
    modified = Path("b.epub").stat().st_mtime_ns
    for some in (names, names[1:2], names[::-1]):
        assert main([*some, "--update", "b.epub"]) == 0
        assert "0 new, 0 changed, 0 gone (left as it was)" in capsys.readouterr().err
    assert Path("b.epub").read_bytes() == before
    assert Path("b.epub").stat().st_mtime_ns == modified


def test_one_changed_chapter_changes_only_its_file_and_what_describes_the_book(diary: Diary) -> None:
    before = built([diary(number) for number in (1, 2, 3)])
    changes = ac.update_epub("b.epub", [diary(2, "今天下雨。\n\n## 午后\n\n雨停了。")])
    assert (changes.new, changes.changed, changes.gone) == ((), ("2.md",), ())
    after = contents(Path("b.epub"))
    assert changed(before, after) <= DESCRIBING | {"EPUB/chapter-0002.xhtml"}
    assert "雨停了" in after["EPUB/chapter-0002.xhtml"].decode()
    assert "午后" in after["EPUB/nav.xhtml"].decode() and "午后" in after["EPUB/toc.ncx"].decode()
    assert identifier(after) == identifier(before)
    dates = [re.findall(rb"dcterms:modified\">([^<]+)", files["EPUB/content.opf"])[0] for files in (before, after)]
    assert dates == [b"2024-03-03T00:00:00Z", b"2024-03-03T00:00:01Z"]


def test_an_update_is_what_a_fresh_build_is(diary: Diary, capsys: Any) -> None:
    """With the identifier given, as a fresh book without an address is named after its text."""
    one, two = diary(1, "去看[后天](https://example.com/day-4.html)。"), diary(2, "原来的。")
    built([one, two, diary(3)], "b.epub", "identifier=urn:x:1", "toc_depth=2")
    assert main([diary(2, "改过的，见[明天](3.md)。"), diary(4), "--update", "b.epub"]) == 0
    assert "1 new, 1 changed, 0 gone (updated)" in capsys.readouterr().err
    fresh = built([one, "2.md", "3.md", "4.md"], "fresh.epub", "identifier=urn:x:1", "toc_depth=2")
    assert contents(Path("b.epub")) == fresh
    assert Path("b.epub").read_bytes() == Path("fresh.epub").read_bytes()
    assert b'href="chapter-0004.xhtml"' in fresh["EPUB/chapter-0001.xhtml"], "a link to what is now in the book"


def test_an_article_is_known_by_its_address_wherever_it_lies(diary: Diary) -> None:
    built([diary(1), diary(2)])
    Path("elsewhere").mkdir()
    Path("elsewhere/renamed.md").write_text(HEAD.format("day-2", 2) + "换了地方。\n", encoding="utf-8")
    assert ac.update_epub("b.epub", ["elsewhere/renamed.md"]).changed == ("2.md",)
    Path("elsewhere/2.md").write_text(HEAD.format("other", 9) + "另一篇。\n", encoding="utf-8")
    assert ac.update_epub("b.epub", ["elsewhere/2.md"]).new == ("2-2.md",)
    assert len([name for name in contents(Path("b.epub")) if "chapter-" in name]) == 3


def test_of_two_with_one_address_the_path_tells_which_is_which(diary: Diary) -> None:
    for name in ("1.md", "2.md"):
        Path(name).write_text(HEAD.format("same", 1) + name + "\n", encoding="utf-8")
    built(["1.md", "2.md"])
    assert not ac.update_epub("b.epub", ["2.md", "1.md"]).written
    Path("2.md").write_text(HEAD.format("same", 1) + "改了。\n", encoding="utf-8")
    assert ac.update_epub("b.epub", ["2.md"]).changed == ("2.md",)


def test_an_article_without_an_address_is_known_by_its_path(diary: Diary) -> None:
    for name in ("a/note.md", "b/note.md"):
        Path(name).parent.mkdir()
        Path(name).write_text(f"# {name}\n\n字。\n", encoding="utf-8")
    built(["a/note.md", "b/note.md"])
    Path("b/note.md").write_text("# b/note.md\n\n改了。\n", encoding="utf-8")
    assert ac.update_epub("b.epub", ["b/note.md"]).changed == ("b/note.md",)


def test_what_is_gone_stays_unless_it_is_to_be_dropped(diary: Diary, capsys: Any) -> None:
    names = [diary(1), diary(2, "见[第一天](1.md)和[第三天](3.md)。"), diary(3)]
    before = built(names)
    assert not ac.update_epub("b.epub", names[1:]).written
    assert main([*names[1:], "--update", "b.epub", "--drop-gone"]) == 0
    assert "0 new, 0 changed, 1 gone and dropped (updated)" in capsys.readouterr().err
    after = contents(Path("b.epub"))
    assert changed(before, after) == DESCRIBING | {"EPUB/chapter-0001.xhtml", "EPUB/chapter-0002.xhtml"}
    assert "EPUB/chapter-0001.xhtml" not in after
    page = after["EPUB/chapter-0002.xhtml"].decode()
    assert '<a href="https://www.example.com/day-1.html">第一天</a>' in page
    assert '<a href="chapter-0003.xhtml">第三天</a>' in page
    assert ac.update_epub("b.epub", [diary(5)]).new == ("5.md",)
    assert "EPUB/chapter-0004.xhtml" in contents(Path("b.epub")), "no name is ever given to another chapter"


def test_pictures_of_untouched_chapters_come_from_the_old_file(diary: Diary) -> None:
    Path("walk.png").write_bytes(png())
    names = [diary(1, "![河](walk.png)"), diary(2)]
    before = built(names, "b.epub", "cover=none")
    Path("walk.png").unlink()
    assert ac.update_epub("b.epub", [names[0], diary(2, "改了。")]).changed == ("2.md",)
    after = contents(Path("b.epub"))
    pictures = {name for name in before if "images/" in name}
    assert pictures and all(after[name] == before[name] for name in pictures)
    Path("walk.png").write_bytes(png(200))
    assert ac.update_epub("b.epub", names).changed == ("1.md",)
    assert {name for name in contents(Path("b.epub")) if "images/" in name}.isdisjoint(pictures)


def test_options_and_words_about_the_book_are_remembered(diary: Diary, capsys: Any) -> None:
    Path("own.css").write_text("p { letter-spacing: 1px; }")
    names = [diary(1), diary(2)]
    built(names, "b.epub", "css=own.css", "paragraphs=indent", "cover=drawn")
    before = contents(Path("b.epub"))
    assert main([diary(3), "--update", "b.epub", "-q"]) == 0
    after = contents(Path("b.epub"))
    assert changed(before, after) == DESCRIBING | {"EPUB/chapter-0003.xhtml"}
    assert b"paragraphs-indent" in after["EPUB/chapter-0003.xhtml"]
    assert main([*names, "--update", "b.epub", "--title", "新名字", "-O", "paragraphs=spacing"]) == 0
    assert "0 new, 0 changed, 0 gone; all that is at hand was printed again" in capsys.readouterr().err
    last = contents(Path("b.epub"))
    assert b"paragraphs-indent" not in last["EPUB/chapter-0001.xhtml"]
    assert b"paragraphs-indent" in last["EPUB/chapter-0003.xhtml"], "it was not given"
    assert "<dc:title>新名字</dc:title>" in last["EPUB/content.opf"].decode()
    assert identifier(last) == identifier(before)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(articles(), min_size=4, max_size=4))
def test_updating_gives_what_a_fresh_build_gives(given_articles: list[ac.Article]) -> None:
    """For any articles: one changed and one new, with the identifier given and the date of the edition aside.

    Each has a language, as cleaning makes sure: one without takes that of the book, which may change. And each
    has an address of its own: two with one address are the same article.
    """
    with tempfile.TemporaryDirectory() as folder:
        places = ("https://example.org/1", "https://example.org/2", "https://example.org/2", "")
        one, two, other, three = (
            replace(each, metadata=replace(each.metadata, language="zh-CN", source_url=place))
            for each, place in zip(given_articles, places, strict=True)
        )
        for name, article in {"1": one, "2": two, "3": three}.items():
            Path(folder, f"{name}.json").write_bytes(codec.dumps(article))
        names = [f"{folder}/{number}.json" for number in (1, 2, 3)]
        options = ["-q", "--no-clean", "--title", "T", "-O", "identifier=urn:x:1", "-O", "cover=none"]
        assert main([*names[:2], "-o", f"{folder}/b.epub", *options]) == 0
        Path(names[1]).write_bytes(codec.dumps(other))
        assert main([*names, "-o", f"{folder}/fresh.epub", *options]) == 0
        assert main([*names[1:], "--update", f"{folder}/b.epub", "-q", "--no-clean"]) == 0
        after, fresh = contents(Path(folder, "b.epub")), contents(Path(folder, "fresh.epub"))
    for files in (after, fresh):
        files["EPUB/content.opf"] = re.sub(rb"modified\">[^<]*", b"", files["EPUB/content.opf"])
    assert changed(after, fresh) == set()


# ------------------------------------------------------------------ as the book was made

PAGE = """<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>河水慢慢地流，走了很久才到下一座桥。</p>
<div class="newsletter"><p>每天早上收到一封信，写的是昨天的河。</p></div>
<p>回来的路上下了一点雨，没有人着急。</p></article></body></html>"""


def page(name: str) -> str:
    Path(name).write_text(PAGE.format(name), encoding="utf-8")
    return name


def documents(file: str) -> str:
    return "".join(data.decode() for name, data in contents(Path(file)).items() if "chapter-" in name)


def test_what_is_dropped_stays_dropped(diary: Diary, capsys: Any) -> None:
    names = [page("a.html"), page("b.html")]
    assert main([*names, "-o", "b.epub", "--drop", ".newsletter", "-q"]) == 0
    assert main([*names, page("c.html"), "--update", "b.epub", "--drop", ".newsletter"]) == 0
    assert "1 new, 0 changed, 0 gone (updated)" in capsys.readouterr().err
    assert "每天早上" not in documents("b.epub") and documents("b.epub").count("河水慢慢") == 3


def test_another_way_of_making_it_is_said(diary: Diary, capsys: Any) -> None:
    assert main([page("a.html"), page("b.html"), "-o", "b.epub", "--drop", ".newsletter", "--grayscale", "-q"]) == 0
    assert main([page("c.html"), "--update", "b.epub", "--grayscale", "--keep", "vote", "--strict"]) == 1
    said = capsys.readouterr().err
    assert "made with --drop .newsletter, which you do not say now; it was made without --keep vote" in said
    assert documents("b.epub").count("每天早上") == 1
    assert main([page("d.html"), "--update", "b.epub", "--grayscale", "--keep", "vote", "--strict"]) == 0
    report = ac.Report()
    assert ac.update_epub("b.epub", [page("e.html")], report=report).written, "who does not say how is asked nothing"
    assert "update.otherwise" not in report.counts
    assert main([page("f.html"), "--update", "b.epub", "--grayscale", "--keep", "vote", "--strict"]) == 0


@pytest.mark.parametrize("profile", ["weread", "kindle"])
def test_pictures_are_made_for_the_device_of_the_book(diary: Diary, profile: str, capsys: Any) -> None:
    pytest.importorskip("resvg_py", reason="draws SVG")
    Path("walk.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><text y="50">河</text></svg>'
    )
    PIL.Image.linear_gradient("L").resize((2400, 300)).save("wide.jpg")
    names = [diary(1, "![河](walk.svg)"), diary(2, "![桥](wide.jpg)")]
    built(names, "b.epub", f"profile={profile}", "cover=none")
    assert main([*names, "--update", "b.epub"]) == 0
    assert "0 new, 0 changed, 0 gone (left as it was)" in capsys.readouterr().err
    names.append(diary(3, "![桥](wide.jpg)\n\n![河](walk.svg)"))
    assert main([*names, "--update", "b.epub"]) == 0
    assert "1 new, 0 changed, 0 gone (updated)" in capsys.readouterr().err
    fresh = built(names, "fresh.epub", f"profile={profile}", "cover=none")
    pictures = {name: data for name, data in fresh.items() if "images/" in name}
    assert len(pictures) == 2
    assert {name: data for name, data in contents(Path("b.epub")).items() if "images/" in name} == pictures


def cover_of(file: str) -> tuple[str, bytes]:
    files = contents(Path(file))
    names = re.findall(r'<item href="([^"]+)"[^>]*properties="cover-image"', files["EPUB/content.opf"].decode())
    return names[0], files[f"EPUB/{names[0]}"]


def test_a_cover_file_stays_whoever_writes_and_however_often(diary: Diary, capsys: Any) -> None:
    Path("shop.png").write_bytes(png(200))
    Path("own.css").write_text("p { letter-spacing: 1px; }")
    names = [diary(1, "![河](shop.png)"), diary(2)]
    built(names, "b.epub", "cover=shop.png", "css=own.css")
    before = cover_of("b.epub")
    for number, author in ((3, "甲"), (4, "乙")):
        Path(f"{number}.md").write_text(f"---\nauthor: {author}\n---\n\n# 第 {number} 天\n\n字。\n", encoding="utf-8")
        assert main([*names, f"{number}.md", "--update", "b.epub", "--title", f"新 {number}", "-q"]) == 0
        assert cover_of("b.epub") == before == (before[0], png(200))
        assert b"letter-spacing: 1px" in contents(Path("b.epub"))["EPUB/style.css"]
    assert main([*names, "--update", "b.epub", "-q", "-O", "cover=drawn"]) == 0
    assert cover_of("b.epub")[0].startswith("cover.")


def test_a_cover_file_wins_over_that_of_the_gitbook(diary: Diary, capsys: Any) -> None:
    gitbook(a="# a\n\n字。\n", b="# b\n\n字。\n")
    Path("book/cover.jpg").write_bytes(jpeg())
    Path("shop.png").write_bytes(png(200))
    assert main(["book", "-o", "b.epub", "-q", "-O", "cover=shop.png"]) == 0
    assert main(["book", "--update", "b.epub"]) == 0
    assert "(left as it was)" in capsys.readouterr().err
    Path("book/a.md").write_text("# a\n\n新。\n", encoding="utf-8")
    assert main(["book", "--update", "b.epub"]) == 0
    assert cover_of("b.epub")[1] == png(200)
    assert main(["book", "--update", "b.epub", "--cover", "book/cover.jpg"]) == 0
    assert cover_of("b.epub")[0].endswith(".jpg")


def test_a_font_is_used_beside_a_style_sheet_that_was_given_before(diary: Diary, epubcheck: Judge) -> None:
    pytest.importorskip("fontTools")
    Path("own.css").write_text("p { letter-spacing: 1px; }")
    built([diary(1), diary(2)], "b.epub", "css=own.css")
    assert main([diary(3), "--update", "b.epub", "-q", "-O", "font=sans"]) == 0
    files = contents(Path("b.epub"))
    style = files["EPUB/style.css"].decode()
    assert "@font-face" in style and style.endswith("p { letter-spacing: 1px; }")
    assert [name for name in files if "fonts/" in name]
    assert epubcheck([Path("b.epub").resolve()]) == []


# ------------------------------------------------------------------ GitBook


def gitbook(**pages: str) -> None:
    """A GitBook in `book/` with these pages in this order; a summary of its own if there is one."""
    Path("book").mkdir(exist_ok=True)
    for name, text in pages.items():
        Path(f"book/{name}.md").write_text(text, encoding="utf-8")
    lines = [f"* [{name}]({name}.md)" for name in pages]
    Path("book/SUMMARY.md").write_text("# Summary\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def test_a_gitbook_follows_its_summary(diary: Diary, capsys: Any) -> None:
    pages = {name: f"# {name}\n\n见[下一页](b.md#w)。\n" for name in "acd"} | {"b": "# b\n\n## w\n\n字。\n"}
    gitbook(**pages)
    assert main(["book", "-o", "b.epub", "-q"]) == 0
    before = contents(Path("b.epub"))
    assert main(["book", "--update", "b.epub"]) == 0
    assert "0 new, 0 changed, 0 gone (left as it was)" in capsys.readouterr().err
    del pages["d"]
    gitbook(new="# new\n\n见 [c](c.md)。\n", **pages | {"b": "# b\n\n没有小节了。\n"})
    assert main(["book/SUMMARY.md", "--update", "b.epub"]) == 0
    assert "1 new, 1 changed, 1 gone and kept (updated)" in capsys.readouterr().err
    after = contents(Path("b.epub"))
    spine = re.findall(r'idref="xhtml-(chapter-\d+)"', after["EPUB/content.opf"].decode())
    assert spine == [f"chapter-000{number}" for number in (5, 1, 2, 4, 3)]
    for number in (1, 2, 3):
        page = f"EPUB/chapter-000{number}.xhtml"
        assert after[page] == before[page].replace(b'href="chapter-0004.xhtml#w"', b'href="chapter-0004.xhtml"')
    assert main(["book", "--update", "b.epub", "--drop-gone"]) == 0
    assert "0 new, 0 changed, 1 gone and dropped (updated)" in capsys.readouterr().err
    assert "EPUB/chapter-0003.xhtml" not in contents(Path("b.epub"))


@pytest.mark.parametrize("name", [".gitbook.yaml", "book.json"])
def test_a_gitbook_is_known_by_any_file_that_names_it(diary: Diary, name: str, capsys: Any) -> None:
    gitbook(a="# a\n\n字。\n", b="# b\n\n字。\n")
    Path("book", name).write_text("{}", encoding="utf-8")
    assert main([f"book/{name}", "-o", "b.epub", "-q"]) == 0
    assert main([f"book/{name}", "--update", "b.epub"]) == 0
    assert "0 new, 0 changed, 0 gone (left as it was)" in capsys.readouterr().err


def test_loose_articles_go_to_the_end_of_a_gitbook(diary: Diary) -> None:
    gitbook(a="# a\n\n字。\n", b="# b\n\n字。\n")
    main(["book", "-o", "b.epub", "-q"])
    assert ac.update_epub("b.epub", [diary(7)]).new == ("7.md",)
    titles = re.findall(
        r"<a href=\"chapter-\d+.xhtml\">([^<]+)</a>", contents(Path("b.epub"))["EPUB/nav.xhtml"].decode()
    )
    assert titles == ["a", "b", "第 7 天"]


def test_a_page_that_cannot_be_read_stays_as_it_was(diary: Diary) -> None:
    built([diary(1), diary(2)])
    before = Path("b.epub").read_bytes()
    Path("2.md").write_bytes(b"")
    report = ac.Report()
    assert not ac.update_epub("b.epub", ["1.md", "2.md"], report=report).written
    assert report.counts["book.page-failed"] == 1
    assert Path("b.epub").read_bytes() == before


# ------------------------------------------------------------------ what cannot be


def test_what_cannot_be_updated_says_why(diary: Diary, capsys: Any) -> None:
    names = [diary(1), diary(2)]
    built(names, "plain.epub", "provenance=no")
    assert not [name for name in contents(Path("plain.epub")) if name.endswith(".json")]
    with pytest.raises(InputError, match=r"^cannot read none.epub: No such file or directory$"):
        ac.update_epub("none.epub", names)
    with pytest.raises(InputError, match="no source map"):
        ac.update_epub("plain.epub", names)
    ac.convert("1.md", "one.epub")
    with pytest.raises(InputError, match="holds one article"):
        ac.update_epub("one.epub", names)
    Path("broken.epub").write_bytes(b"PK")
    with pytest.raises(InputError, match="cannot read"):
        ac.update_epub("broken.epub", names)
    built(names)
    with pytest.raises(OptionError, match="no option"):
        ac.update_epub("b.epub", names, options=["x=1"])
    for arguments in (["-o", "c.epub"], ["-t", "pdf"], ["--max-size", "1MB"], ["--images", "drop"]):
        assert main([*names, "--update", "b.epub", *arguments]) == 2
    assert main([*names, "--update", "none.epub"]) == 1
    assert "make it first, with -o none.epub" in capsys.readouterr().err


@pytest.mark.parametrize("damage", [b"", b"{}", b'{"format": 2, "program": "x"}', b'{"format": 1}', b"[" * 99999])
def test_a_damaged_map_is_an_error_of_the_input(diary: Diary, damage: bytes) -> None:
    names = [diary(1), diary(2)]
    files = built(names)
    with zipfile.ZipFile("b.epub", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, damage if name.endswith(".json") else data)
    before = Path("b.epub").read_bytes()
    with pytest.raises(InputError, match="anew"):
        ac.update_epub("b.epub", names)
    assert Path("b.epub").read_bytes() == before


def repacked(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile("b.epub", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


@pytest.mark.parametrize(
    "damage", [lambda written: written.update(files=[]), lambda written: written.update(anchors=[1])]
)
def test_a_damaged_chapter_is_an_error_of_the_input(diary: Diary, damage: Callable[[Any], None]) -> None:
    files = built([diary(1), diary(2)])
    found = json.loads(files["META-INF/article_convert.json"])
    damage(found["chapters"]["1.md"])
    repacked(files | {"META-INF/article_convert.json": json.dumps(found).encode()})
    with pytest.raises(InputError, match="anew"):
        ac.update_epub("b.epub", [diary(2, "改了。")])


def test_damaged_files_are_an_error_of_the_input(diary: Diary) -> None:
    files = built([diary(1), diary(2)])
    repacked(files | {"EPUB/chapter-0001.xhtml": b"\xff"})
    with pytest.raises(InputError, match=r"chapter-0001\.xhtml in b\.epub is damaged"):
        ac.update_epub("b.epub", [diary(2, "改了。")])
    repacked(files)
    whole = Path("b.epub").read_bytes()
    with zipfile.ZipFile("b.epub") as archive:
        info = archive.getinfo("EPUB/chapter-0001.xhtml")
    start = info.header_offset + 30 + len(info.filename)
    Path("b.epub").write_bytes(whole[:start] + b"\xff" * 20 + whole[start + 20 :])
    with pytest.raises(InputError, match=r"cannot read EPUB/chapter-0001\.xhtml"):
        ac.update_epub("b.epub", [diary(2, "改了。")])


def test_the_map_says_nothing_about_the_machine(diary: Diary, tmp_path: Path) -> None:
    written = built([diary(1), diary(2)])["META-INF/article_convert.json"]
    assert str(tmp_path).encode() not in written


def test_epubcheck_finds_nothing_after_an_update(diary: Diary, epubcheck: Judge) -> None:
    Path("walk.png").write_bytes(png())
    names = [diary(1, "![河](walk.png)\n\n见[后天](3.md#w)。"), diary(2), diary(3, "## w\n\n字。[^1]\n\n[^1]: 注。")]
    built(names)
    Path("walk.png").unlink()
    ac.update_epub("b.epub", [diary(3, "没有小节。"), diary(4)])
    ac.update_epub("b.epub", ["3.md", "4.md"], drop_gone=True, adapt=lambda book: replace(book, resources=()))
    assert epubcheck([Path("b.epub").resolve()]) == []
