r"""Runs `cases/**/*.md`: prose with cases in it. A case is a fenced block of this shape:

    ```` case gitbook -> tree
    input
    .
    expected output
    .
    1:1 warning gitbook.unknown-style
    ````

The first word names a reader. The target is `tree` (see `outline.py`), `text`, or the name of a
writer (`html` shows the text of the page only); `clean` before it runs the standard transforms.
The third part lists the diagnostics, a removal with its rule; left out, there must be none.
`<U+200B>` in the input stands for that character, so that nothing invisible stands in a case.

Every case also proves the laws of `laws.py`. `, second round` after the target says that plain
Markdown cannot hold the article exactly, so that only the second round trip equals the first.

`make accept` rewrites the second and third parts.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import article_convert as ac
import laws
from article_convert.model import Article
from article_convert.report import Report
from article_convert.tree import text_of
from outline import outline

CASES = Path(__file__).parent / "cases"
ACCEPT = os.environ.get("ACCEPT") == "1"

_CASE = re.compile(
    r"^(?P<fence>`{4,}) case (?P<reader>\w+) -> (?P<clean>clean )?(?P<target>\w+)(?P<second>, second round)?\n"
    r"(?P<body>.*?)^(?P=fence)$",
    re.M | re.S,
)
_CHARACTER = re.compile(r"<U\+([0-9A-F]{4,6})>")


@dataclass(frozen=True)
class Case:
    """One fenced block of a case file."""

    file: Path
    line: int
    reader: str
    target: str
    clean: bool
    second_round: bool
    source: str
    expected: str
    report: str
    block: str

    @property
    def data(self) -> bytes:
        return _CHARACTER.sub(lambda code: chr(int(code[1], 16)), self.source).encode()


def cases() -> Iterator[Case]:
    for file in sorted(CASES.rglob("*.md")):
        text = file.read_text(encoding="utf-8")
        for found in _CASE.finditer(text):
            source, expected, report, *rest = [*re.split(r"^\.\n", found["body"], flags=re.M), "", ""]
            line = text.count("\n", 0, found.start()) + 1
            assert not [part for part in rest if part], f"{file.name}:{line}: a case has three parts"
            yield Case(
                file, line, found["reader"], found["target"], bool(found["clean"]), bool(found["second"]),
                source, expected, report, found[0],
            )  # fmt: skip


ALL = list(cases())


def name_of(case: Case) -> str:
    return f"{case.file.relative_to(CASES)}:{case.line}"


@pytest.mark.parametrize("case", ALL, ids=name_of)
def test_case(case: Case) -> None:
    report = Report()
    article = read(case, report)
    shown = show(article, case.target, report)
    found = "".join(f"{line}\n" for line in diagnostics(report))
    if ACCEPT:
        accept(case, shown, found)
    else:
        assert shown == case.expected
        assert found == case.report


@pytest.mark.parametrize("case", ALL, ids=name_of)
def test_case_keeps_the_laws(case: Case) -> None:
    report = Report()
    article = ac.read(case.data, case.reader, report=report)
    laws.conserved_by_reading(case.data.decode(), case.reader, article, report)
    cleaned = ac.clean(article, report=report)
    laws.conserved_by_cleaning(article, cleaned, report)
    subject = cleaned if case.clean else article
    laws.hold_for(subject, exact=not case.second_round)
    if case.second_round:
        with pytest.raises(AssertionError):  # the remark in the case would be wrong
            laws.survives_markdown(subject)


def test_ci_accepts_nothing() -> None:
    assert not (ACCEPT and os.environ.get("CI")), "ACCEPT=1 in CI would let every case pass"


def test_no_case_is_overlooked() -> None:
    for file in CASES.rglob("*.md"):
        written = len(re.findall(r"^`{3,}.*\bcase\b", file.read_text(encoding="utf-8"), re.M))
        assert written == sum(case.file == file for case in ALL), f"{file.name} holds a case with a typing error"


def read(case: Case, report: Report) -> Article:
    article = ac.read(case.data, case.reader, report=report)
    return ac.clean(article, report=report) if case.clean else article


def show(article: Article, target: str, report: Report) -> str:
    if target == "tree":
        return f"{outline(article)}\n"
    if target == "text":
        return text_of(article)
    options = ac.HtmlOptions(fragment=True, header=False) if target == "html" else None
    output = ac.write(article, writer=target, options=options, report=report).decode()
    output = re.sub(r"\A(?:<main>\n)?<article.*>\n|</article>\n(?:</main>\n)?\Z", "", output)
    return output if output.endswith("\n") else f"{output}\n"


def diagnostics(report: Report) -> Iterator[str]:
    for found in report.diagnostics:
        place = f"{found.span.line}:{found.span.column} " if found.span else ""
        rule = found.message.removeprefix("cut ").partition(":")[0] if found.code == "furniture.cut" else ""
        yield f"{place}{found.severity} {found.code} {rule}".rstrip()


def accept(case: Case, shown: str, found: str) -> None:
    """Put what was found into the case file. Cases of one file have different blocks, or equal results."""
    head, _, _ = case.block.partition("\n")
    fence = head.split(" ")[0]
    block = f"{head}\n{case.source}.\n{shown}" + (f".\n{found}" if found else "") + fence
    text = case.file.read_text(encoding="utf-8")
    case.file.write_text(text.replace(case.block, block), encoding="utf-8")
