"""The command: what each call does, what it says, and how it ends."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

import article_convert
from article_convert import batch, cli, files, formats, pipeline, workers
from article_convert.books import read_book
from article_convert.cli import doctor
from article_convert.codec import loads
from article_convert.errors import InputError, OptionError
from article_convert.model import Article, Book
from article_convert.report import CODES, Report

EXAMPLES = Path(__file__).parent.parent / "examples"
PAGE = "# 标题\n\n正文，**加粗**。\n"
MARKED = "First.\n\n![a picture](none.png)\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with two articles in it."""
    monkeypatch.chdir(tmp_path)
    Path("a.md").write_text(PAGE, "utf-8")
    Path("b.md").write_text("# Second\n\nMore.\n", "utf-8")
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command in this process: exit status, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def article(path: str) -> Article:
    """The article in a JSON file."""
    document = loads(Path(path).read_bytes())
    assert isinstance(document, Article)
    return document


def listing(folder: str = ".") -> list[str]:
    """Every file below a folder, hidden ones too."""
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())


def as_process(*arguments: str, code: str = "", **more: Any) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, after `code`."""
    # Under a shell that runs its jobs in the background, interrupts would be ignored.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{heard}\nimport sys; from article_convert import cli; {code}\nsys.exit(cli.main(sys.argv[1:]))"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, timeout=60, check=False, **more
    )


# --------------------------------------------------------------------------- one article


def test_one_article_formats_guessed_from_names(run: Any) -> None:
    status, out, err = run("a.md", "-o", "a.json")
    assert (status, out) == (0, "")
    assert err.startswith("wrote a.json, 1 KB")
    assert article("a.json").metadata.title == "标题"


def test_options_reach_the_writer(run: Any) -> None:
    assert run("a.md", "-o", "a.json", "-O", "spans=no", "-O", "indent=2")[0] == 0
    text = Path("a.json").read_text("utf-8")
    assert '"span"' not in text
    assert text.startswith('{\n  "article_convert"')


def test_an_existing_file_is_replaced_and_keeps_its_mode(run: Any) -> None:
    Path("a.json").write_text("old")
    os.chmod("a.json", 0o640)  # noqa: PTH101
    assert run("a.md", "-o", "a.json")[0] == 0
    assert article("a.json").metadata.title == "标题"
    assert Path("a.json").stat().st_mode & 0o777 == 0o640
    assert listing() == ["a.json", "a.md", "b.md"]


def test_a_link_as_output_stays_a_link(run: Any) -> None:
    Path("real.json").write_text("old")
    Path("a.json").symlink_to("real.json")
    assert run("a.md", "-o", "a.json")[0] == 0
    assert Path("a.json").is_symlink()
    assert article("real.json").metadata.title == "标题"


def test_what_is_no_ordinary_file_is_written_to_and_not_replaced(run: Any) -> None:
    status = run("a.md", "-o", "/dev/null", "-t", "json")[0]
    assert status == 0
    assert Path("/dev/null").is_char_device()


def test_standard_output_gets_the_article_and_nothing_else(run: Any) -> None:
    Path("m.md").write_text(MARKED)
    status, out, err = run("m.md", "-o", "-", "-t", "json", "--explain")
    assert status == 0
    assert isinstance(loads(out), Article)
    assert "none.png" in err
    assert "nothing cut" in err


def test_standard_input(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(PAGE.encode())))
    status, out, _ = run("-", "-f", "gitbook", "-o", "-", "-t", "json")
    assert status == 0
    assert loads(out) == pipeline.clean(pipeline.read(PAGE.encode(), "gitbook"))


def test_bytes_for_a_terminal_need_force(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    binary = formats.Writer("json", (".json",), formats.writer("json").options, lambda *_: b"PK\x03\x04\xff")
    monkeypatch.setattr(formats, "writer", lambda name: binary)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    status, out, err = run("a.md", "-o", "-", "-t", "json")
    assert (status, out) == (1, "")  # only the output shows that it is no text
    assert "--force" in err
    monkeypatch.undo()
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert cli.main(["none.md", "-o", "-", "-t", "epub"]) == 2


def test_without_an_output_the_error_suggests_one(run: Any) -> None:
    assert run("a.md") == (2, "", "article-convert: say where to write: article-convert a.md -o a.epub\n")
    assert "a.md b.md -o book.epub" in run("a.md", "b.md")[2]
    assert "-o out/ -t epub" in run(".")[2]


def test_a_user_without_a_home_gets_every_format(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    status, _, err = run("a.md", "-o", "a.epub", "--verbose")
    assert status == 0
    assert "cannot be written: pictures that are fetched are not kept [cache.unwritable]" in err


# --------------------------------------------------------------------------- what it says


def test_warnings_are_one_line_each_and_quiet_silences_them(run: Any) -> None:
    Path("m.md").write_text(MARKED)
    _, _, err = run("m.md", "-o", "m.json")
    assert "m.md:3:1: warning: picture 'none.png': no such file [image.missing]\n" in err
    assert run("m.md", "-o", "m.json", "--quiet") == (0, "", "")


def test_a_cover_is_used_or_refused(run: Any) -> None:
    shutil.copy(EXAMPLES / "images" / "shop.png", "c.png")
    assert "no page for a cover; leave out --cover" in run("a.md", "-o", "a.pdf", "--cover", "c.png")[2]
    assert "is the cover too" in run("a.md", "-o", "c.png", "-t", "json", "--cover", "c.png")[2]
    assert run("a.md", "-o", "out.md", "--cover", "c.png")[0] == 0
    lead = re.search("^lead_image: (.+)$", Path("out.md").read_text("utf-8"), re.M)
    assert lead is not None
    assert Path(lead[1]).read_bytes() == Path("c.png").read_bytes()


def test_what_cannot_be_checked_is_one_line(run: Any) -> None:
    status, out, err = run("--check", "none.epub")
    assert (status, out) == (1, "")
    assert err == "article-convert: cannot read none.epub: No such file or directory\n"


def test_many_warnings_of_one_kind_are_cut_short(run: Any) -> None:
    Path("m.md").write_text("\n\n".join(f"Text ![x]({n}.png)" for n in range(30)))
    lines = run("m.md", "-o", "m.json")[2].splitlines()
    assert sum("no such file" in line for line in lines) == 5
    assert any(line.startswith("… and 25 more [image.missing]") for line in lines)
    assert sum("no such file" in line for line in run("m.md", "-o", "m.json", "--verbose")[2].splitlines()) == 20


def test_pictures_of_a_host_out_of_reach_are_one_line(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*rest: object, **more: object) -> list[object]:
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", nobody)
    Path("m.md").write_text("\n\n".join(f"Text ![x](https://nobody.example/{n}.png)" for n in range(30)))
    lines = run("m.md", "-o", "m.epub", "--cache", "cache")[2].splitlines()
    expected = "warning: 30 pictures are not at hand: no host nobody.example: Name or service not known [image.missing]"
    assert lines[0] == expected
    assert lines[1].startswith("wrote m.epub")
    assert len(lines) == 2
    told = run("m.md", "-o", "m.epub", "--cache", "cache", "--verbose")[2]
    assert "/0.png" in told
    assert "/1.png" in told


def test_options_that_would_do_nothing_are_refused(run: Any) -> None:
    Path("m.md").write_text("# One\n\nText.\n")
    assert "--drop-gone goes with --update" in run("m.md", "-o", "m.epub", "--drop-gone")[2]
    assert "name a folder" in run("m.md", "-o", "m.epub", "--resume")[2]
    assert "takes a host" in run("m.md", "-o", "m.epub", "--allow-host", "http://wiki.local/")[2]
    assert not Path("m.epub").exists()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("hb -f json -o x.html", "the pages of hb are read as those of a GitBook; leave out -f json"),
        ("hb -f html -R body=.nothing -o x.html", "leave out -f html"),
        ("hb/SUMMARY.md -f html -o x.html", "leave out -f html"),
        ("hb -f json -o out/ -t html", "leave out -f json"),
        ("hb -f json --update x.epub", "leave out -f json"),
        ("hb -o out/ -t html --resume", "--resume is for articles one by one, and hb is one book"),
        ("hb -o out/ -t markdown --jobs 7", "--jobs is for articles one by one, and hb is one book"),
    ],
)
def test_a_gitbook_refuses_what_would_do_nothing_for_it(run: Any, call: str, words: str) -> None:
    Path("hb").mkdir()
    Path("hb/SUMMARY.md").write_text("* [One](one.md)\n")
    Path("hb/one.md").write_text("# One\n\nText.\n")
    before = listing()
    status, _, err = run(*call.split())
    assert status == 2
    assert words in err
    assert listing() == before
    assert run("hb", "-f", "gitbook", "-o", "x.html")[0] == 0


def test_what_is_no_text_is_refused_whatever_its_name(run: Any) -> None:
    Path("m.md").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    Path("m.epub").write_bytes(b"PK\x03\x04" + bytes(40))
    assert "m.md is a picture" in run("m.md", "-o", "m.html")[2]
    assert "m.epub is a ZIP archive" in run("m.epub", "-o", "m.html")[2]


def test_articles_beside_a_book_are_not_lost(run: Any) -> None:
    Path("all/book").mkdir(parents=True)
    Path("all/book/SUMMARY.md").write_text("* [One](one.md)\n")
    Path("all/book/one.md").write_text("# One\n\nText.\n")
    Path("all/loose.md").write_text("# Loose\n\nText.\n")
    run("all", "-o", "out/", "-t", "html")
    assert Path("out/loose.html").exists()
    assert Path("out/book/one.html").exists()
    Path("all/saved.html").write_text("<article><h1>Saved</h1><p>A page that somebody saved.</p></article>")
    status, _, err = run("all", "-o", "all.json")
    assert (status, err.count("warning")) == (0, 0)
    book = loads(Path("all.json").read_bytes())
    assert isinstance(book, Book)
    assert [entry.title for entry in book.entries] == ["book", "Loose", "Saved"]
    report = Report()
    read_book("all", report=report)
    assert report.counts == {"book.loose-page": 2}


def test_a_page_beside_a_book_is_one_of_its_linked_pages(run: Any) -> None:
    book = Path("all/book")
    book.mkdir(parents=True)
    Path("all/loose.md").write_text("# Loose\n\nText.\n")
    (book / "SUMMARY.md").write_text("* [A](a.md)\n* [B](b.md)\n")
    (book / "a.md").write_text("# A\n\n[on](b.md)\n")
    (book / "b.md").write_text("# B\n\nText.\n")
    assert run("all", "-o", "out/", "-t", "html")[0] == 0
    assert listing("out") == ["book/a.html", "book/b.html", "index.html", "loose.html"]
    assert 'href="b.html"' in Path("out/book/a.html").read_text("utf-8")


def test_saved_pages_beside_markdown_are_in_the_book_too(run: Any) -> None:
    Path("aa.html").write_text("<article><h1>Saved</h1><p>A page that somebody saved.</p></article>")
    assert run(".", "-o", "../all.json")[0] == 0
    book = loads(Path("../all.json").read_bytes())
    assert isinstance(book, Book)
    assert [entry.title for entry in book.entries] == ["标题", "Saved", "Second"]


@pytest.mark.parametrize("again", ["a.md", "./a.md", "link.md"])
def test_an_input_that_is_given_twice_is_one_chapter(run: Any, again: str) -> None:
    Path("link.md").symlink_to("a.md")
    status, _, err = run("a.md", "b.md", again, "-o", "all.json", "--verbose")
    assert status == 0
    assert re.search(rf"note: {re.escape(again.removeprefix('./'))} was given before.* \[input.repeated\]", err)
    book = loads(Path("all.json").read_bytes())
    assert isinstance(book, Book)
    assert [entry.title for entry in book.entries] == ["标题", "Second"]


def test_control_characters_of_an_article_do_not_reach_the_terminal(run: Any) -> None:
    Path("m.md").write_bytes(b"Text ![x](a&#27;[31m.png) and ![y](b\x1b]0;z.png)\n")
    _, out, err = run("m.md", "-o", "m.json", "--explain")
    assert "\x1b" not in out + err


def test_explain_shows_what_is_cut_and_writes_nothing(run: Any) -> None:
    status, out, _ = run("a.md", "--explain")
    assert status == 0
    assert out.splitlines()[0] == "a.md: 1 piece cut or moved, 1 kept"
    assert "“标题”" in out
    assert listing() == ["a.md", "b.md"]


SAVED_PAGE = """\
<!DOCTYPE html><html lang="zh"><head><title>面馆</title></head><body>
<nav><a href="/">首页</a></nav>
<article><h1>面馆</h1>
<p>水开了，面还没有下。掌柜说，等一等，等锅里的水再开一次，面才不会烂。</p>
<aside><p>订阅我们的信</p></aside>
<p>再下面。面下锅以后不要走开，用筷子拨三下，让每一根都分开。</p>
</article>
<div id="comments"><p>好文章</p></div></body></html>
"""


def test_explain_shows_what_stays_too_in_order(run: Any) -> None:
    Path("p.html").write_text(SAVED_PAGE)
    status, out, _ = run("p.html", "--explain", "--keep", "comments", "--drop", "aside")
    assert status == 0
    assert [line for line in out.splitlines() if not line.startswith("      “")] == [
        "p.html: 3 pieces cut or moved, 3 kept",
        "   1. page, line 2: part of the page around the article",
        "   2. title-again, line 3: repeats the title",
        "      1 block kept, line 4: 水开了，面还没有下。掌柜说，等一等，等锅里的…",
        "   3. drop, line 5: drop aside",
        "      1 block kept, line 6: 再下面。面下锅以后不要走开，用筷子拨三下，让…",
        " kept comments, line 8: comments of readers",
    ]
    assert listing() == ["a.md", "b.md", "p.html"]


def test_explain_shows_a_page_with_what_goes_struck_through(run: Any) -> None:
    Path("p.html").write_text(SAVED_PAGE)
    status, out, err = run("p.html", "--explain=why.html", "--keep", "comments", "--drop", "aside")
    assert (status, out, err) == (0, "", "wrote why.html\n")
    shown = Path("why.html").read_text()
    assert "<del>订阅我们的信</del>" in shown
    assert "<code>drop</code> drop aside" in shown
    assert "<p>好文章</p>" in shown  # kept
    assert "kept: comments of readers" in shown
    assert "<del>水开了" not in shown
    status, _, err = run("p.html", "-o", "p.json", "--explain=p.json")
    assert (status, "choose another name" in err) == (2, True)
    status, _, err = run("a.md", "b.md", "--explain=why.html")
    assert (status, "name one file" in err) == (2, True)


def test_drop_and_rules_say_what_to_cut(run: Any) -> None:
    Path("p.html").write_text(SAVED_PAGE)
    Path("my.toml").write_text(
        'keep = ["comments"]\ndrop = ["/^再下面/"]\n'
        '[[rule]]\nid = "letter"\nselect = "aside"\nreason = "asks for letters"\n'
    )
    assert run("p.html", "-o", "p.md", "--rules", "my.toml", "--drop", ".nowhere")[0] == 0
    assert "再下面" not in Path("p.md").read_text()
    assert "订阅" not in Path("p.md").read_text()
    assert "好文章" in Path("p.md").read_text()
    _, _, err = run("p.html", "a.md", "-o", "both.md", "--drop", ".nowhere", "--drop", "/^水开了/")
    assert [line for line in err.splitlines() if "matched nothing" in line] == [
        "article-convert: --drop .nowhere matched nothing"
        " (a selector looks at pages of HTML; /…/ looks at the text of any input)"
    ]
    status, _, err = run("p.html", "-o", "p.md", "--rules", "none.toml")
    assert (status, "none.toml cannot be read: No such file" in err) == (1, True)


def test_keep_beats_drop(run: Any) -> None:
    Path("p.html").write_text(SAVED_PAGE)
    assert run("p.html", "-o", "p.md", "--keep", "comments", "--drop", "#comments", "--drop", "/好文章/")[0] == 0
    assert "好文章" in Path("p.md").read_text()


def test_no_clean_cuts_nothing_of_the_article_and_takes_in_around_it_what_is_kept(run: Any) -> None:
    Path("p.html").write_text(SAVED_PAGE)
    words = ("首页", "水开了", "订阅", "好文章")
    for keep, around in (([], ()), (["comments"], words[3:]), (["page", "comments"], words)):
        assert run("p.html", "-o", "p.md", "--no-clean", *(f"--keep={each}" for each in keep))[0] == 0
        said = Path("p.md").read_text()
        assert [each for each in words if each in said] == [each for each in words if each in (*words[1:3], *around)]


def test_no_clean_cuts_nothing(run: Any) -> None:
    status, out, _ = run("a.md", "-o", "a.json", "--no-clean", "--explain")
    assert (status, out) == (0, "a.md: nothing cut or moved\n")
    assert article("a.json") == pipeline.read("a.md")


def test_keep_names_a_rule(run: Any) -> None:
    assert run("a.md", "-o", "a.json", "--keep", "course-card")[0] == 0
    status, _, err = run("a.md", "-o", "a.json", "--keep", "curse-card")
    assert status == 2
    assert "available: " in err
    assert "course-card" in err


def test_the_report_says_what_became_of_everything(run: Any) -> None:
    Path("m.md").write_text(MARKED)
    assert run("m.md", "-o", "m.json", "--report", "r.json")[0] == 0
    (entry,) = json.loads(Path("r.json").read_bytes())["articles"]
    assert (entry["source"], entry["output"], entry["status"]) == ("m.md", "m.json", "written")
    assert entry["counts"]["image.missing"] == 1
    assert entry["assets"][0]["url"] == "none.png"
    _, out, _ = run("m.md", "-o", "m.json", "--report", "-", "-q")
    assert json.loads(out)["articles"][0]["source"] == "m.md"


@pytest.mark.parametrize(
    "call",
    [
        "empty.md -o a.json",
        "empty.md none.md -o a.json",
        "book.bin -o a.json",
        "hollow -o a.json",
        "empty.md --explain",
    ],
)
def test_the_report_of_a_run_that_fails_says_so(run: Any, call: str) -> None:
    Path("empty.md").touch()
    Path("book.bin").write_bytes(b"PK\x03\x04")
    Path("hollow").mkdir()
    Path("r.json").write_text("of yesterday")
    status, _, err = run(*call.split(), "--report", "r.json")
    assert status == 1
    (entry,) = json.loads(Path("r.json").read_bytes())["articles"]
    assert entry["status"] == "failed"
    assert err == f"article-convert: {entry['error']}\n"


def test_the_report_of_wrong_usage_is_not_written(run: Any) -> None:
    Path("r.json").write_text("of yesterday")
    assert run("a.md", "-o", "a.json", "-O", "frob=1", "--report", "r.json")[0] == 2
    assert Path("r.json").read_text() == "of yesterday"


def test_a_report_never_replaces_an_article_and_is_none(run: Any) -> None:
    assert run(".", "-o", "out/", "-t", "html", "--report", "b.md")[0] == 2
    assert "Second" in Path("b.md").read_text()
    for _ in "twice":
        assert run(".", "-o", "out/", "-t", "html", "--report", "report.json")[0] == 0
    assert listing("out") == ["a.html", "b.html"]


def test_an_interrupted_batch_leaves_a_report(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.console.Progress, "at", interrupted)
    assert run("a.md", "b.md", "-o", "out/", "-t", "json", "--jobs", "1", "--report", "r.json")[0] == 130
    assert [each["source"] for each in json.loads(Path("r.json").read_bytes())["articles"]] == ["a.md"]


def test_explaining_goes_on_behind_a_file_that_cannot_be_read(run: Any) -> None:
    Path("in").mkdir()
    Path("in/0.md").touch()
    Path("in/1.md").write_text(PAGE, "utf-8")
    status, out, err = run("none.md", "in", "b.md", "--explain")
    assert status == 1
    assert [line.partition(":")[0] for line in out.splitlines() if line[0] != " "] == ["in/1.md", "b.md"]
    assert err == "article-convert: cannot read none.md: No such file or directory\narticle-convert: in/0.md is empty\n"


def test_strict_turns_a_loss_into_a_failure_but_not_a_note(run: Any) -> None:
    Path("m.md").write_text(MARKED)
    status, _, err = run("m.md", "-o", "m.json", "--strict")
    assert status == 1
    assert "--strict" in err
    assert Path("m.json").exists()
    assert run("b.md", "-o", "b.json", "--strict")[0] == 0


# --------------------------------------------------------------------------- wrong usage


@pytest.mark.parametrize(
    ("call", "status", "words"),
    [
        ("", 2, "nothing to convert"),
        ("--frob", 2, "--frob"),
        ("a.md -o a.xyz", 2, "no writer for '.xyz'"),
        ("a.md -o a.json -t nope", 2, "unknown writer 'nope'"),
        ("a.md -o a.json -f nope", 2, "unknown reader 'nope'"),
        ("a.md -o a.json -O frob=1", 2, "available: spans, resources, indent"),
        ("a.md -o a.json -O spans=perhaps", 2, "it takes yes|no"),
        ("a.md -o a.json -R x=1", 2, "say with -f which one"),
        ("a.md -o a.json -f json -R x=1", 2, "none at all"),
        ("a.md -o -", 2, "add -t with one of"),
        ("a.md -o - -t json --report -", 2, "name a file for the report"),
        ("a.md -o out/", 2, "add -t with one of"),
        ("a.md -o a.md -t json", 2, "is an input too"),
        ("a.md -o ./x/../a.md -t json", 2, "is an input too"),
        ("a.md b.md -o b.md -t json", 2, "is an input too"),
        ("a.md -o r.json --report r.json", 2, "is the report too"),
        ("a.md -o a.json --report b.md --report a.md", 2, "is an input"),
        ("- a.md -o both.json", 2, "standard input"),
        ("- -o out/ -t json", 2, "standard input"),
        ("https://a.example/1.html -o a.json", 2, "save the page"),
        ("a.md -o a.json --jobs 0", 2, "--jobs"),
        ("a.md -o a.json --no-clean --rules x.toml", 2, "leave out --rules"),
        ("a.md -o a.json --no-clean --drop .x", 2, "leave out --drop"),
        ("a.md -o a.json --drop p:frist-child", 2, "selector 'p:frist-child' is not understood"),
        ("a.md -o a.json --drop /(/", 2, "drop: '(' is no regular expression"),
        ("a.md --explain=none/why.html", 1, "there is no folder none"),
        (". a.md -o book.json", 2, "name it alone to make it a book"),
        ("none.md -o a.json", 1, "cannot read none.md: No such file"),
        ("a.md -o none/a.json", 1, "there is no folder none"),
        ("--update both.epub", 2, "say with what: article-convert --update both.epub new.md"),
        ("a.md -o a.out -t md", 2, "unknown writer 'md' (did you mean 'markdown'?); available: "),
        ("a.md -o a.out -t EPUB", 2, "(did you mean 'epub'?)"),
        ("a.md -o a.epub -f md", 2, "(did you mean 'gitbook'?)"),
        ("a.md -o a.json --language chinese", 2, "--language 'chinese' is not a language tag such as zh-CN or en"),
        ("a.md x.epub", 2, "there is no x.epub; to write it, put -o before it: article-convert a.md -o x.epub"),
        ("convert a.md x.epub", 2, "there is no convert; the inputs are files and folders, and -o says where"),
        ("a.md -o a.epub -t pdf", 2, "a.epub is named as epub, and -t says pdf; call it a.pdf, or leave out -t"),
        ("a.md -o a.epub --profile kindle", 2, "it is an option of epub: -O profile=VALUE"),
        ("a.md -o a.epub --saved=2024-05-09", 2, "it is an option of woshipm: -R saved=2024-05-09"),
        ("a.md -o a.epub --titel X", 2, "did you mean --title?"),
        ("a.md -o a.json --report none/r.json", 1, "there is no folder none; make it first, or choose another"),
        ("a.md b.md -o out/ -t json --report .", 2, ". is a folder; name a file for the report"),
        ("a.md b.md -o out/ -t json --report b.md/r.json", 1, "there is no folder b.md"),
        ("a.md -o b.md/ -t json", 2, "b.md is a file and cannot be a folder"),
        ("a.md b.md -o out/ -t json --title X", 2, "--title is about one article or book; name one output file"),
        ("a.md b.md -o out/ -t json --language en", 2, "--language is about one article or book"),
        ("--check a.epub --report none/r.json", 1, "there is no folder none"),
        ("none.md -o a.epub --images folder", 2, "epub holds its pictures itself"),
        ("none.md -o - -t html --images folder", 2, "beside an output file"),
        ("none.md -o out/ -t epub --images folder", 2, "epub holds its pictures itself"),
        ("none.md -o a.json --grayscale", 2, "json takes pictures as they are; leave out --grayscale"),
        ("none.md -o a.json --images drop", 2, "leave out --images drop"),
        ("none.md -o x.md --max-size 1MB", 2, "markdown only links to its pictures, so --max-size does nothing"),
        ("none.md -o a.epub --max-size 1", 2, "'1' is less than 1 KB; 1MB, perhaps?"),
        ("none.md -o a.epub --language chinese", 2, "is not a language tag"),
        ("none.md -o a.epub --cover a.md", 2, "a.md is no JPEG or PNG picture"),
        ("none.md -o a.pdf --cover none.png", 1, "cannot read none.png"),
        ("none.md -o a.html -O css=x.css", 1, "html: there is no file x.css for the option 'css'"),
        ("none.md -o a.html --jobs 2", 2, "--jobs is for many outputs"),
        ("none.md --update a.epub --resume", 2, "--resume is for many outputs"),
        ("a.md --explain=why.html -o a.epub -O frob=1", 2, "no option 'frob'"),
        ("a.md -o .epub", 2, ".epub is an extension without a name; call it book.epub"),
        ("a.md -o a.mobi", 2, "(write EPUB, which Kindles take too (-O profile=kindle))"),
        ("a.md b.md -o .", 2, ", or name a file: book.epub"),
        ("a.md -o x/", 2, ", or name a file: a.epub"),
        ("~/a.md -o a.epub", 2, "~/a.md has a ~ that the shell did not replace"),
        ("a.md -o a.epub -O css=~/a.css", 2, "~/a.css has a ~"),
        ("new.epub -o a.md", 2, "to write it, name it behind -o: article-convert a.md -o new.epub"),
        ("a.md -o", 2, "-o/--output: a value has to follow it"),
        ("help", 2, "there is no help; the inputs are files and folders"),
        ("--help nope", 2, "no format 'nope'"),
    ],
)
def test_wrong_usage_is_one_line_that_says_what_to_do(run: Any, call: str, status: int, words: str) -> None:
    Path("x").mkdir()
    found, out, err = run(*call.split())
    assert (found, out) == (status, "")
    assert words in err
    assert err.startswith("article-convert: ")
    assert err.count("\n") == 1
    assert listing() == ["a.md", "b.md"]
    assert Path("a.md").read_text("utf-8") == PAGE


def test_inputs_that_are_no_articles(run: Any) -> None:
    Path("empty.md").touch()
    Path("broken.json").write_text('{"article_convert": 1, "type": "Article", "content": [1, 2]}')
    os.mkfifo("pipe.md")
    assert run("empty.md", "-o", "x.json")[2] == "article-convert: empty.md is empty\n"
    assert "$.content[1]: 2 is not an object" in run("broken.json", "-o", "x.json")[2]
    assert "not an ordinary file" in run("pipe.md", "-o", "x.json")[2]


# --------------------------------------------------------------------------- books


def test_a_language_that_is_none_is_refused(run: Any) -> None:
    assert run("a.md", "-o", "a.html", "--language", "zh CN")[0] == 2
    assert run("a.md", "-o", "a.html", "--language", "zh-Hant-TW")[0] == 0


def test_a_folder_of_saved_pages_becomes_one_book_in_natural_order(run: Any) -> None:
    Path("saved").mkdir()
    for name in ("10", "2"):
        Path(f"saved/{name}.html").write_text(
            f"<html><body><article><h1>Page {name}</h1><p>x</p></article></body></html>"
        )
    assert run("saved", "-o", "saved.md", "-q")[0] == 0
    titles = re.findall(r"^- \[(.*?)\]", Path("saved.md").read_text(), re.M)
    assert titles == ["Page 2", "Page 10"]


def test_several_inputs_become_one_book_in_their_order(run: Any) -> None:
    assert run("b.md", "a.md", "-o", "both.json", "--title", "两篇")[0] == 0
    book = loads(Path("both.json").read_bytes())
    assert isinstance(book, Book)
    assert book.metadata.title == "两篇"
    assert [entry.title for entry in book.entries] == ["Second", "标题"]
    assert [entry.chapter.path for entry in book.entries if entry.chapter] == ["b.md", "a.md"]


def test_an_input_that_cannot_be_read_leaves_the_others_in_the_book(run: Any) -> None:
    status, _, err = run("a.md", "none.md", "b.md", "-o", "both.json")
    assert status == 1
    assert "none.md: error: cannot read none.md" in err
    book = loads(Path("both.json").read_bytes())
    assert isinstance(book, Book)
    assert [entry.title for entry in book.entries] == ["标题", "Second"]
    assert run("x.md", "y.md", "-o", "none.json")[0] == 1
    assert not Path("none.json").exists()


# --------------------------------------------------------------------------- batches


@pytest.fixture
def tree(folder: Path) -> Path:
    """A folder of articles, with things in it that are none."""
    for name in ("in/one.md", "in/deep/two.md", "in/deep/three.markdown"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(PAGE, "utf-8")
    Path("in/.hidden").mkdir()
    for name in ("in/.hidden/x.md", "in/notes.txt", "in/.x.md", "in/package.json"):
        Path(name).write_text("{}")
    return folder


def test_what_counts_as_an_article(tree: Path) -> None:
    Path("in/page.htm").write_text("<p>x</p>")
    Path("in/page_files").mkdir()
    Path("in/page_files/frame.html").write_text("<p>advert</p>")
    Path("in/link").symlink_to("deep")
    found = [path.as_posix() for path in files.articles_below(Path("in"))]
    assert found == ["in/deep/three.markdown", "in/deep/two.md", "in/one.md", "in/page.htm"]


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_a_folder_becomes_a_folder_of_the_same_shape(run: Any, tree: Path, jobs: str) -> None:
    status, out, err = run("in", "-o", "out", "-t", "json", "--jobs", jobs)
    assert (status, out) == (0, "")
    assert err.splitlines()[-1] == "3 written, 0 failed, 0 with warnings"
    assert listing("out") == ["deep/three.json", "deep/two.json", "one.json"]
    assert article("out/deep/two.json").metadata.title == "标题"


def test_one_failure_does_not_stop_the_others(run: Any, tree: Path) -> None:
    Path("in/deep/two.md").write_text("")
    status, _, err = run("in", "-o", "out/", "-t", "json", "--report", "r.json")
    assert status == 1
    assert "article-convert: in/deep/two.md is empty" in err
    assert err.splitlines()[-1] == "2 written, 1 failed, 0 with warnings"
    assert [each["status"] for each in json.loads(Path("r.json").read_bytes())["articles"]] == [
        "written",
        "failed",
        "written",
    ]


def test_clashes_are_found_before_anything_is_written(run: Any) -> None:
    Path("sub").mkdir()
    Path("sub/a.md").write_text(PAGE, "utf-8")
    status, _, err = run("a.md", "b.md", "sub/a.md", "-o", "out/", "-t", "json")
    assert status == 1
    assert "a.md and sub/a.md would both become out/a.json" in err
    assert not Path("out").exists()
    status, _, err = run(".", "-o", ".", "-t", "markdown")
    assert status == 1
    assert "is an input and would be replaced" in err


def test_articles_that_differ_in_their_extension_alone_keep_it(run: Any) -> None:
    Path("sub").mkdir()
    Path("a.html").write_text(SAVED_PAGE)
    Path("sub/a.md").write_text(PAGE, "utf-8")
    status, _, err = run(".", "-o", "out/", "-t", "html")
    assert status == 0
    assert listing("out") == ["a.html.html", "a.md.html", "b.html", "sub/a.html"]
    assert (
        err.splitlines()[0] == "2 inputs differ in their extensions alone, so their outputs keep them: out/a.html.html"
    )
    assert "掌柜" in Path("out/a.html.html").read_text("utf-8")
    Path("a.html.md").write_text(PAGE, "utf-8")
    assert "would both become more/a.html.html" in run(".", "-o", "more/", "-t", "html")[2]


def test_a_page_that_comes_to_an_article_is_not_taken_for_done(run: Any) -> None:
    assert run("a.md", "-o", "out/", "-t", "json")[0] == 0
    Path("a.html").write_text(SAVED_PAGE)
    os.utime("a.html", (0, 0))
    assert "2 written, 0 failed" in run("a.md", "a.html", "-o", "out/", "-t", "json", "--resume")[2]
    assert listing("out") == ["a.html.json", "a.json", "a.md.json"]


def test_the_same_input_twice_is_converted_once(run: Any) -> None:
    assert "1 written" in run("a.md", "./a.md", "-o", "out/", "-t", "json")[2]


def test_an_output_folder_inside_the_input_is_not_read_again(run: Any) -> None:
    assert run(".", "-o", "out/", "-t", "json")[0] == 0
    assert "2 written, 0 failed" in run(".", "-o", "out/", "-t", "json")[2]
    assert listing("out") == ["a.json", "b.json"]


def test_resume_leaves_finished_outputs_alone(run: Any) -> None:
    run("a.md", "b.md", "-o", "out/", "-t", "json")
    before = Path("out/a.json").stat()
    os.utime("b.md", ns=(before.st_mtime_ns + 10**9, before.st_mtime_ns + 10**9))
    _, _, err = run("a.md", "b.md", "-o", "out/", "-t", "json", "--resume")
    assert err.splitlines()[-1] == "1 written, 0 failed, 0 with warnings, 1 there already"
    after = Path("out/a.json").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_warnings_of_a_batch_are_counted(run: Any) -> None:
    for name in "ab":
        Path(f"{name}.md").write_text(MARKED)
    _, _, err = run("a.md", "b.md", "-o", "out/", "-t", "json")
    assert err.splitlines() == [
        f"warning: 2 × {CODES['image.missing'][1]} [image.missing]",
        "2 written, 0 failed, 2 with warnings",
    ]


def test_a_batch_names_the_worst_hosts(run: Any) -> None:
    Path("in").mkdir()
    for number in range(7):
        pictures = [f"![x](https://host{other}.example/{number}.png)" for other in range(number + 1)]
        Path(f"in/{number}.md").write_text("\n\n".join(["Text.", "![](none.png)", *pictures]))
    said = run("in", "-o", "out/", "-t", "epub", "--offline", "--cache", "cache")[2].splitlines()
    assert said[0].startswith("warning: 35 × A picture is not at hand")
    where, _, named = said[1].partition(": ")
    assert where == "  where"
    assert set(named.split(", ")[:2]) == {"host0.example 7", "beside the articles 7"}
    assert named.split(", ")[2:] == ["host1.example 6", "host2.example 5", "host3.example 4", "and 3 more hosts"]


@pytest.mark.parametrize("named", ["book", "book/SUMMARY.md"])
def test_a_table_of_contents_is_no_article(run: Any, named: str) -> None:
    Path("book").mkdir()
    Path("book/SUMMARY.md").write_text("* [One](one.md)\n")
    Path("book/one.md").write_text("# One\n\nText.\n")
    assert run(named, "-o", "out/", "-t", "json")[0] == 0
    assert listing("out") == ["one.json"]


@pytest.mark.parametrize("arguments", [("", "-o", "x.epub"), ("a.md", "-o", "")])
def test_an_empty_name_is_not_the_folder_where_one_is(run: Any, arguments: tuple[str, ...]) -> None:
    status, _, err = run(*arguments)
    assert status == 2
    assert "has an empty name; perhaps a variable of the shell is not set" in err


def test_an_empty_folder_is_an_error(run: Any) -> None:
    Path("nothing").mkdir()
    assert "no articles in nothing; looked for .md" in run("nothing", "-o", "out/", "-t", "json")[2]


def test_convert_many_yields_an_outcome_for_each_in_order(tree: Path) -> None:
    outcomes = list(batch.convert_many(["b.md", "in/deep", "none.md"], "out", "json", jobs=2))
    assert [(each.source, bool(each.error)) for each in outcomes] == [
        ("b.md", False),
        ("in/deep/three.markdown", False),
        ("in/deep/two.md", False),
        ("none.md", True),
    ]
    with pytest.raises(InputError, match="both become"):
        batch.convert_many(["a.md", "in/one.md", "./sub/../a.md", "in/deep/../one.md", "b.md", "x/a.md"], "out", "json")


# --------------------------------------------------------------------------- faults


def fail_with(number: int) -> Any:
    """A system call that fails."""

    def call(*arguments: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    return call


@pytest.mark.parametrize(
    ("call", "number"), [("fsync", errno.ENOSPC), ("replace", errno.EROFS), ("fsync", errno.EFBIG)]
)
def test_a_full_or_read_only_disk_leaves_the_old_file(
    run: Any, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    Path("a.json").write_text("old")
    monkeypatch.setattr(files.os, call, fail_with(number))
    status, _, err = run("a.md", "-o", "a.json")
    assert status == 1
    assert err == f"article-convert: a.json: cannot write: {os.strerror(number)}\n"
    assert Path("a.json").read_text() == "old"
    assert listing() == ["a.json", "a.md", "b.md"]


def test_a_batch_stops_when_the_disk_is_full(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.os, "fsync", fail_with(errno.ENOSPC))
    status, _, err = run("a.md", "b.md", "-o", "out/", "-t", "json", "--jobs", "1")
    assert status == 1
    assert "cannot write out/a.json: No space left on device" in err
    assert "1 not tried, as they would fail too; mend it, then go on with --resume" in err
    assert listing("out") == []


def test_a_bug_in_one_article_does_not_take_the_others_along(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    convert = pipeline.convert

    def sometimes(source: Path, *arguments: Any, **more: Any) -> Any:
        if source.name == "a.md":
            raise KeyError("a bug")
        return convert(source, *arguments, **more)

    monkeypatch.setattr(pipeline, "convert", sometimes)
    status, _, err = run("a.md", "b.md", "-o", "out/", "-t", "json")
    assert status == 1
    assert "a.md: internal error: KeyError('a bug')" in err
    assert "Traceback" not in err
    assert listing("out") == ["b.json"]
    assert "Traceback" in run("a.md", "b.md", "-o", "out/", "-t", "json", "--verbose")[2]


@pytest.mark.skipif(sys.platform != "linux", reason="the fault is put in by a fork")
def test_a_killed_worker_takes_only_its_article_along(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    convert = pipeline.convert

    def sometimes(source: Path, *arguments: Any, **more: Any) -> Any:
        if source.name == "a.md":
            os.kill(os.getpid(), 9)
        return convert(source, *arguments, **more)

    monkeypatch.setattr(pipeline, "convert", sometimes)
    status, _, err = run("a.md", "b.md", "-o", "out/", "-t", "json")
    assert status == 1
    assert "a.md: the system killed its process" in err
    assert listing("out") == ["b.json"]


def test_workers_are_replaced_when_they_have_done_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "MAX_ITEMS", 2)
    pids = list(workers.in_processes(_own_pid, range(6), 1, _never))
    assert len(set(pids)) == 3
    assert os.getpid() not in pids


def test_closing_early_ends_the_workers() -> None:
    results = workers.in_processes(_own_pid, range(50), 2, _never)
    pid = next(results)
    results.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_where_processes_cannot_fork_the_work_is_pickled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "can_fork", lambda: False)
    monkeypatch.setattr(batch, "can_fork", lambda: False)
    assert [each.error for each in batch.convert_many(["a.md", "b.md"], "out", "json", jobs=1)] == ["", ""]
    with pytest.raises(OptionError, match="jobs=0"):
        list(batch.convert_many(["a.md", "b.md"], "o", "json", jobs=1, transforms=[lambda each, report: each]))


def _own_pid(item: int) -> int:
    return os.getpid()


def _never(item: int, reason: str) -> int:
    raise AssertionError(reason)


@pytest.mark.parametrize(("sign", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_batch_says_how_far_it_has_come(sign: int, status: int) -> None:
    Path("in").mkdir()
    for number in range(9):
        Path(f"in/{number}.md").write_text(PAGE, "utf-8")
    code = f"""
import os, time
from article_convert import batch
real = batch.convert_one

def convert(settings, job):
    if job.source.stem == "4":
        os.kill(os.getppid(), {int(sign)})
        time.sleep(30)
    return real(settings, job)

batch.convert_one = convert
"""
    ended = as_process("in", "-o", "out/", "-t", "json", "--jobs", "1", code=code)
    assert ended.returncode == status
    said = ended.stderr.decode()
    assert re.fullmatch(r"article-convert: interrupted, [34] of 9 written; --resume goes on from there\n", said)
    assert listing("out") == ["0.json", "1.json", "2.json", "3.json"]


def test_an_interruption_is_quiet_and_leaves_nothing(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, "replace", interrupted)
    assert run("a.md", "-o", "a.json") == (130, "", "article-convert: interrupted\n")
    assert listing() == ["a.md", "b.md"]


def test_killed_while_writing_the_old_file_stays_and_a_batch_clears_up_a_day_later() -> None:
    Path("out").mkdir()
    Path("out/a.json").write_text("old")
    killed = as_process(
        "a.md", "-o", "out/", "-t", "json", code="import os; os.replace = lambda *a: os.kill(os.getpid(), 9)"
    )
    assert killed.returncode == -9
    assert Path("out/a.json").read_text() == "old"
    (left,) = {*listing("out")} - {"a.json"}
    assert as_process("a.md", "-o", "out/", "-t", "json").returncode == 0
    assert listing("out") == [left, "a.json"], "another run may be writing it"
    os.utime(f"out/{left}", (1, 1))
    assert as_process("a.md", "-o", "out/", "-t", "json").returncode == 0
    assert listing("out") == ["a.json"]


def test_only_leftovers_of_the_same_outputs_go() -> None:
    Path("out").mkdir()
    for name in (".a.json.abcd1234.tmp", ".mine.abcd1234.tmp"):
        Path("out", name).touch()
        os.utime(Path("out", name), (1, 1))
    list(batch.run(batch.plan(["a.md"], Path("out"), "json"), batch.Settings("json")))
    assert listing("out") == [".mine.abcd1234.tmp", "a.json"]


def test_standard_output_is_complete_when_it_is_not_buffered() -> None:
    Path("big.md").write_text("Some words.\n\n" * 2_000)
    call = [sys.executable, "-u", "-m", "article_convert", "big.md", "-o", "-", "-t", "json"]
    assert isinstance(loads(subprocess.run(call, capture_output=True, timeout=60, check=True).stdout), Article)


@pytest.mark.parametrize("unbuffered", [[], ["-u"]])
def test_a_reader_that_goes_away_ends_the_program_quietly(unbuffered: list[str]) -> None:
    Path("big.md").write_text("Some words.\n\n" * 2_000)
    program = subprocess.Popen(
        [sys.executable, *unbuffered, "-m", "article_convert", "big.md", "-o", "-", "-t", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stderr is not None
    program.stdout.read(1)
    program.stdout.close()
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait(20) == 1


def test_names_and_texts_that_the_terminal_cannot_show() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    Path("文.md").write_text(PAGE, "utf-8")
    done = as_process("文.md", "--explain", env=environment)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert rb"\u6587.md" in done.stdout


# --------------------------------------------------------------------------- questions


@pytest.mark.parametrize("locale", ["latin-1", "ascii", "utf-16"])
def test_what_machines_read_is_utf_8_whatever_the_locale(locale: str) -> None:
    Path("图.md").write_text(PAGE, "utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": locale}
    report = as_process("图.md", "-o", "a.epub", "--report", "-", "-q", env=environment).stdout
    assert json.loads(report.decode("utf-8"))["articles"][0]["source"] == "图.md"
    found = as_process("--check", "a.epub", "--report", "-", env=environment).stdout
    assert json.loads(found.decode("utf-8"))["checked"][0]["file"] == "a.epub"
    assert "正文" in as_process("图.md", "-o", "-", "-t", "html", "-q", env=environment).stdout.decode("utf-8")
    explained = as_process("图.md", "--explain", env=environment)
    assert explained.returncode == 0
    assert r"\u6807\u9898" in explained.stdout.decode(locale) or locale == "utf-16"


def test_a_report_on_standard_output_is_alone_there(run: Any) -> None:
    _, out, err = run("a.md", "-o", "a.json", "--explain", "--report", "-")
    assert json.loads(out)["articles"][0]["status"] == "written"
    assert "cut or moved" in err


def test_the_doctor_tries_every_writer_and_says_how_to_mend(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "READERS", {"json": formats.READERS["json"]})
    monkeypatch.setattr(formats, "WRITERS", {"json": formats.WRITERS["json"]})
    status, out, _ = run("--doctor")
    assert status == 0
    assert "writer json              wrote a test article of" in out
    assert "EbookLib, which is under the AGPL" in out

    def no_weasyprint(name: str) -> str:
        if name == "weasyprint":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(doctor, "version", no_weasyprint)
    monkeypatch.setattr(formats, "WRITERS", {"pdf": "article_convert.no_such_module:WRITER"})
    status, out, _ = run("--doctor")
    assert status == 1
    assert "MISSING  weasyprint               not installed (for pdf)" in out
    assert "→ pip install 'article_convert[pdf]'" in out
    assert "MISSING  writer pdf" in out
    monkeypatch.setattr(formats, "WRITERS", {"json": "article_convert.tree:no_such_writer"})
    status, out, _ = run("--doctor")
    assert status == 1
    assert "→ AttributeError(" in out


@pytest.mark.parametrize("asked", ["-help", "-?", "/?", "-h"])
def test_help_by_the_customs_of_other_systems(run: Any, asked: str) -> None:
    assert run(asked)[1].startswith("usage: article-convert INPUT... -o OUTPUT")


def test_patterns_where_shells_leave_them_to_programs(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert run("?.md", "-o", "both.json")[0] == 0
    assert json.loads(Path("both.json").read_bytes())["type"] == "Book"
    assert "cannot read *.txt" in run("*.txt", "-o", "x.json")[2]


def test_version(run: Any) -> None:
    assert run("--version") == (0, f"article-convert {article_convert.__version__}\n", "")


def test_help_fits_a_terminal_and_shows_examples(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    status, out, _ = run("--help")
    assert status == 0
    assert "article-convert a.md b.html -o both.epub" in out
    assert max(map(len, out.splitlines())) <= 80


def test_help_of_a_format_shows_its_options(run: Any) -> None:
    _, out, _ = run("--help", "json")
    assert out.startswith("Reader json: ")
    assert "-O spans=yes|no\n" in out
    assert "(default: yes)" in out


def test_the_list_of_formats_names_them_all(run: Any) -> None:
    status, out, _ = run("--list-formats")
    assert status == 0
    for name in (*formats.READERS, *formats.WRITERS):
        assert f"\n  {name} " in out


def test_asking_loads_nothing_heavy() -> None:
    code = "cli.main(['--version']); cli.main(['--help']); print(sorted(sys.modules)); sys.exit()"
    loaded = as_process(code=code).stdout.decode()
    assert "article_convert.cli" in loaded
    for name in ("article_convert.model", "lxml", "mistune", "yaml", "weasyprint", "ebooklib", "PIL"):
        assert f"'{name}'" not in loaded
