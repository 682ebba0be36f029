"""Bad input gives a clear error or a diagnostic in bounded time: never a traceback, never half a file.

The command runs in a process of its own, with a limit on time and memory that is far above what it
needs; a test fails when the limit ends it, not when it is slow.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from array import array
from collections.abc import Callable
from pathlib import Path
from random import Random
from zlib import compress

import pytest

from article_convert.readers.decode import decode
from article_convert.report import Report

SECONDS = 120
MEMORY = 3 << 30
N = 10_000


def run(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run the command in `folder`; a traceback or a forbidden file there fails the test at once."""
    found = subprocess.run(
        [sys.executable, "-m", "article_convert", *arguments],
        cwd=folder,
        check=False,
        input=stdin,
        capture_output=True,
        timeout=SECONDS,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY)),
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    errors = found.stderr.decode("utf-8", "replace")
    assert "Traceback" not in errors, errors[-2000:]
    assert found.returncode in {0, 1, 2}, f"status {found.returncode}: {errors[-500:]}"
    assert not list(folder.rglob("*.tmp")), "a temporary file was left behind"
    return found


def refused(folder: Path, *arguments: str) -> str:
    """What the command says when it refuses, in words and by its status."""
    found = run(folder, *arguments)
    message = found.stderr.decode()
    assert found.returncode, message
    assert message.strip()
    assert not list(folder.glob("out*")), "there is output although the command failed"
    return message


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"")
    assert "empty" in refused(tmp_path, "a.md", "-o", "out.html")


def test_white_space_only(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b" \n\t\n")
    assert "empty" in refused(tmp_path, "a.md", "-o", "out.html")


def test_missing_file(tmp_path: Path) -> None:
    assert "nothing.md" in refused(tmp_path, "nothing.md", "-o", "out.html")


def test_folder_that_is_no_book(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert "empty" in refused(tmp_path, "empty", "-o", "out.epub")


@pytest.mark.parametrize("name", ["a.xyz", "a"])
def test_binary_garbage_of_unknown_format(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(bytes(range(256)) * 64)
    assert name in refused(tmp_path, name, "-o", "out.html")


NO_TEXTS = {
    "noise": Random(1).randbytes(3000),
    "packed": compress(b"".join(b"%d, " % (n * n) for n in range(3000))),
    "every byte": bytes(range(256)) * 64,
    "nothing": bytes(400),
    "numbers": array("i", range(0, 900_000, 300)).tobytes(),
    "texts of a program": b"usage\0options\0version 1.0\0" * 40,
    "broken": b"\x81 \x8d\n" * 500,
}


@pytest.mark.parametrize("name", ["a.md", "a.html"])
@pytest.mark.parametrize("data", NO_TEXTS.values(), ids=NO_TEXTS)
def test_binary_garbage_under_a_good_name(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert f"{name} is not text" in refused(tmp_path, name, "-o", "out.html")


TEXTS = {
    "simplified": "# 走路\n\n今天下雨，我们沿着河边走了很久，谁也没有说话。\n\n回来的时候灯已经亮了。\n",
    "traditional": "# 走路\n\n今天下雨，我們沿著河邊走了很久，誰也沒有說話。\n\n回來的時候燈已經亮了。\n",
    "english": "# Walking\n\nIt rained, and we walked along the river for a long time.\n",
    "russian": "# Прогулка\n\nШёл дождь, и мы долго шли вдоль реки.\n",
    "korean": "# 산책\n\n비가 와서 우리는 강가를 오래 걸었다. 아무도 말하지 않았다.\n",
    "japanese": "# 散歩\n\nきょうは雨が降っていたので、川沿いを長い間歩いた。だれも話さなかった。\n",
}


@pytest.mark.parametrize("encoding", [f"utf-{n}{order}" for n in (16, 32) for order in ("", "-le", "-be")])
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_wide_encodings_are_text_with_and_without_a_mark(text: str, encoding: str) -> None:
    report = Report()
    for whole in (text, text * 2000):
        assert decode(whole.encode(encoding), report, markup=False) == whole
    assert set(report.counts) == {"text.decoded"}


def test_a_page_without_any_tag_is_read_as_what_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("Just some words.\n", encoding="utf-8")
    assert run(tmp_path, "a.html", "-o", "-", "-t", "markdown").stdout == b"Just some words.\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32-le"])
def test_pages_in_wide_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    page = "<html><head><title>走路</title></head><body><article><h1>走路</h1><p>河边。</p></article></body></html>"
    (tmp_path / "a.html").write_bytes(page.encode(encoding))
    assert "河边。" in run(tmp_path, "a.html", "-o", "-", "-t", "markdown").stdout.decode()


@pytest.mark.parametrize("damage", [b"\0", b"\x01\x02", b"\0" * 4096, b"\x1b[1mBold\x1b[0m\n" * 50, b"N\bN" * 50])
def test_text_with_a_few_strange_bytes_is_text(damage: bytes) -> None:
    text = TEXTS["simplified"]
    assert decode(text.encode() + damage, Report(), markup=False).startswith(text)


@pytest.mark.parametrize("target", ["html", "markdown", "json", "epub", "pages/"])
def test_a_page_that_is_no_text_takes_no_others_along(tmp_path: Path, target: str) -> None:
    book = tmp_path / "book"
    book.mkdir()
    (book / "SUMMARY.md").write_text("* [One](one.md)\n* [Two](two.md)\n", encoding="utf-8")
    (book / "one.md").write_bytes(NO_TEXTS["noise"])
    (book / "two.md").write_text("# Two\n\nHere it is.\n", encoding="utf-8")
    output = target if target.endswith("/") else f"out.{target}"
    found = run(tmp_path, "book", "-o", output, "-t", target.replace("pages/", "html"))
    assert found.returncode == 1
    assert "one.md is not text" in found.stderr.decode()
    assert found.stderr.decode().count("one.md is not text") == 1
    assert (tmp_path / output).exists()
    if target != "epub":
        written = [tmp_path / output] if (tmp_path / output).is_file() else (tmp_path / output).glob("*.html")
        assert any("Here it is." in path.read_text("utf-8") for path in written)


@pytest.mark.parametrize("target", ["html", "epub", "pdf"])
def test_a_style_sheet_that_is_not_utf8_is_an_error_everywhere(tmp_path: Path, target: str) -> None:
    (tmp_path / "a.md").write_text("# 标题\n\n字。\n", encoding="utf-8")
    (tmp_path / "own.css").write_bytes("p { color: red } /* 红 */".encode("gbk"))
    found = run(tmp_path, "a.md", "-o", f"a.{target}", "-O", "css=own.css")
    assert found.returncode == 1 and "own.css is not UTF-8 (byte 21" in found.stderr.decode()
    assert not (tmp_path / f"a.{target}").exists()
    (tmp_path / "own.css").write_text("p { text-indent: 2em }", encoding="utf-8-sig")
    assert run(tmp_path, "a.md", "-o", f"a.{target}", "-O", "css=own.css").stderr.decode().count("\ufeff") == 0


@pytest.mark.parametrize(("arguments", "word"), [(("-t", "docx"), "docx"), (("-f", "docx"), "docx")])
def test_unknown_format(tmp_path: Path, arguments: tuple[str, ...], word: str) -> None:
    (tmp_path / "a.md").write_text("# 标题\n", encoding="utf-8")
    message = run(tmp_path, "a.md", "-o", "out.html", *arguments)
    assert message.returncode and word in message.stderr.decode()


def test_unknown_extension(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# 标题\n", encoding="utf-8")
    message = run(tmp_path, "a.md", "-o", "out.docx")
    assert message.returncode and "docx" in message.stderr.decode()
    assert not (tmp_path / "out.docx").exists()


def test_invalid_utf8_is_read_and_reported(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes("# 标题\n\n正文".encode() + b"\xff\xfe\n")
    found = run(tmp_path, "a.md", "-o", "-", "-t", "markdown")
    assert found.returncode == 0
    assert "正文" in found.stdout.decode()
    assert "text.not-utf8" in found.stderr.decode()


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16"])
def test_other_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    text = "# 走路\n\n今天下雨，我們沿著河邊走了很久，誰也沒有說話。\n\n回來的時候燈已經亮了。\n"
    (tmp_path / "a.md").write_bytes(text.encode(encoding))
    found = run(tmp_path, "a.md", "-o", "-", "-t", "markdown")
    assert found.returncode == 0
    assert "今天下雨，我們沿著河邊走了很久" in found.stdout.decode()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.md", "a.html"])
def test_fifty_megabytes(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes("一行普通的文字，没有什么特别。\n\n".encode() * (50 * 1024 * 1024 // 48))
    found = run(tmp_path, name, "-o", "out.md")
    assert found.returncode == 0 or found.stderr.strip()
    assert (found.returncode == 0) == (tmp_path / "out.md").exists()


def test_a_failure_leaves_the_old_output_alone(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"")
    (tmp_path / "old.html").write_text("old", encoding="utf-8")
    assert run(tmp_path, "a.md", "-o", "old.html").returncode == 1
    assert (tmp_path / "old.html").read_text(encoding="utf-8") == "old"


NESTED = {
    "quotes": "> " * N + "一",
    "quotes without spaces": ">" * N + "一",
    "brackets": "[" * N + "一" + "]" * N,
    "lists": "- " * N + "一",
    "indented lists": "".join("  " * n + "- 一\n" for n in range(400)),
    "hints": '{% hint style="info" %}\n' * 2_000 + "一\n" + "{% endhint %}\n" * 2_000,
    "elements": "<div>" * N + "一" + "</div>" * N,
    "inline elements": "<b>" * N + "一" + "</b>" * N,
    "emphasis": "*a **b " * N + "一",
    "pictures": "![" * N + "一" + "](x)" * N,
}


@pytest.mark.parametrize("name", NESTED)
@pytest.mark.parametrize("reader", ["gitbook", "html"])
def test_deep_nesting_keeps_its_text(tmp_path: Path, name: str, reader: str) -> None:
    (tmp_path / "a").write_text(NESTED[name] + "\n", encoding="utf-8")
    found = run(tmp_path, "a", "-f", reader, "-o", "out.html")
    assert found.returncode == 0, found.stderr.decode()[-500:]
    assert "一" in (tmp_path / "out.html").read_text(encoding="utf-8")


def lines(make: Callable[[int], str], count: int) -> str:
    return "".join(make(n) for n in range(count))


# What has made one parser or another slow. Each repeats one thing so often that work which is
# quadratic in it does not end in time.
PATHOLOGICAL = {
    "openers and closers of emphasis": "*a **a " * N + "b" + " a** a*" * N,
    "closers without openers": "a_ " * N,
    "openers without closers": "_a " * N,
    "mismatched delimiters": "*a_ " * N,
    "stars then underscores": "*a " * N + "_a*_ " * N,
    "multiples of three": "a**b" + "c* " * N,
    "only stars": "*" * N + "a" + "*" * N,
    "only underscores": "_" * N,
    "stars beside Chinese": "中*，**" * N,
    "pairs of four stars": "**中。****文** " * N,
    "tildes": "~" * N + "a" + "~~" * N,
    "deletions": "~~a" * N,
    "link closers": "a]" * N,
    "link openers": "[a" * N,
    "links without an end": "[a](b" * N,
    "links into angle brackets": "[a](<b" * N,
    "brackets and parentheses": "[ (](" * N,
    "pictures in pictures": "![[]()" * N,
    "links with emphasis": "[ a_" * N,
    "titles without an end": '[a](b "' * N,
    "a long label": "[" + "a" * N + "]: /u",
    "many definitions": lines(lambda n: f"[{n}]: u\n", N) + "[0] " * N,
    "definitions and uses": lines(lambda n: f"[x{n}]: /u\n\n[x{n}]\n\n", 3_000),
    "references to one note": "[^1]" * N + "\n\n[^1]: x",
    "notes that refer to notes": lines(lambda n: f"[^{n}]: [^{n + 1}]\n", 2_000) + "[^0]",
    "notes that multiply": lines(lambda n: f"[^{n}]: " + f"[^{n + 1}]" * 12 + "\n", 20) + "[^0]",
    "expandables on one line each": "<details><summary>a</summary>\n- b\n" * N,
    "summaries without an end": "<details><summary>a\n" * N,
    "blocks in a cell": "| a |\n| - |\n| " + "{% b %}" * N + "{% hint %}a{% endhint %}" * N + " |\n",
    "conditions": "{% if book.a %}\n" * N,
    "captions in captions": '{% embed url="https://a.b" %}\n' * N + "{% endembed %}\n" * N,
    "pictures with text glued to them": '<figure><img src="a.png" alt=""></figure>\na *b*\n' * N,
    "an address in parentheses": "http://a" + ")" * 10 * N,
    "an address before entities": "http://a" + "&a;" * N,
    "a note that refers to itself": "[^1]\n\n[^1]: x[^1][^1]",
    "backticks of growing length": lines(lambda n: "e" + "`" * n, 140),
    "one backtick": "`a" * N,
    "fences": "```\n" * N,
    "dollars": "$" * N + "a",
    "formulas without an end": "$$a " * N,
    "declarations": "<!A " * N,
    "comments without an end": "</" + "<!--" * N,
    "instructions without an end": "<?" * N,
    "character data without an end": "<![CDATA[" * N,
    "tags without an end": "<a " * N,
    "attributes without an end": '<a x="a" b=' * N,
    "attributes of one element": "<p " + " ".join(f"a{n}=1" for n in range(N)) + ">一</p>",
    "open elements on lines": "<div>\n" * N,
    "tables in tables": "<table><tr><td>" * 2_000,
    "tags of GitBook": "{% a %}" * N,
    "tags that never close": '{% hint style="info" %}\n' * N,
    "tags without an end mark": "{% hint " * N,
    "braces": "{{" * N,
    "entities": "&amp" * N,
    "backslashes": "\\" * N,
    "addresses with parentheses": "http://a.b/" + "(" * N,
    "points in an address": "https://" + "a." * N,
    "addresses in a row": "https://a.b" * N,
    "pipes": "|" * N + "\n" + "|-" * N + "|\n" + "|x" * N,
    "rows": "|a|b|\n|-|-|\n" + "|x|y|\n" * N,
    "rows that might begin a table": "a | b\n" * N,
    "a line of text": "一行没有标点的文字" * N,
    "spaces in a line": "a" + " " * N + "b",
    "spaces at line ends": ("a" + " " * 50 + "\n") * 400,
    "line ends": "\n" * N + "a",
    "tabs": "\t" * N + "a",
    "lines of a setext heading": "a\n" * N + "===",
    "tags in brackets": '[a {% embed url="x" %} ' * N,
    "backticks before tags": '`a {% x y="z" %} ' * N,
    "raw passages that never end": "a {% raw %} " * N,
    "conditions with an open quote": '{% if "a' * N,
    "quotes of two kinds": '{% hint style="a ” b ' * N,
    "values that never end": '{% hint a="b' * N,
    "diagrams that never end": '{% @a/b content="x \n' * N,
    "line ends before nothing": "\\\n" * N,
}


def test_there_are_75_of_them() -> None:
    assert len(PATHOLOGICAL) == 75


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_pathological_input_ends(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.md").write_text(PATHOLOGICAL[name] + "\n", encoding="utf-8")
    found = run(tmp_path, "a.md", "-o", "out.html")
    assert found.returncode == 0, found.stderr.decode()[-500:]
    assert (tmp_path / "out.html").read_bytes().rstrip().endswith(b"</html>")
