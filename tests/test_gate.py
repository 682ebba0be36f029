"""The gate itself: a small corpus of our own is right in every figure, and each fault lowers its figure."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from test_labels import LABEL, SOURCE

sys.path.insert(0, str(Path(__file__).parents[1] / "scripts"))

import gate
from quality import saved

NUMBER = "123456"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(saved, "LABELS", {NUMBER: LABEL})
    monkeypatch.setattr(gate, "ProcessPoolExecutor", ThreadPoolExecutor)  # or the labels would be those of the project
    write(tmp_path, SOURCE, "library", "flat")
    book = tmp_path / "gitbook" / "page.md"
    book.parent.mkdir()
    book.write_text("# Ink\n\nIt dries.\n", encoding="utf-8")
    return tmp_path


def write(corpus: Path, source: str, *dialects: str) -> None:
    for dialect in dialects:
        page = corpus / "woshipm" / dialect / f"pd-{NUMBER}.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(source, encoding="utf-8")


def wrong(corpus: Path) -> set[str]:
    figures, _ = gate.measure(corpus)
    return {name for name, value in figures.items() if value < 1}


def test_a_corpus_of_our_own_is_right_in_every_figure(corpus: Path) -> None:
    figures, evidence = gate.measure(corpus)
    assert {name: evidence[name] for name, value in figures.items() if value < 1} == {}
    assert {"labelled_kept", "labelled_clean", "same_on_pages", "no_shared_line", "same_tree_flat"} <= figures.keys()


@pytest.mark.parametrize(
    ("new", "figure"),
    [("提纲只有三行。", "labelled_kept"), ("长按这里\n\n提纲只有三行，却决定了后面三页。", "labelled_clean")],
)
def test_a_fault_lowers_its_figure(corpus: Path, new: str, figure: str) -> None:
    write(corpus, SOURCE.replace("提纲只有三行，却决定了后面三页。", new), "library")
    assert wrong(corpus) == {figure, "same_body_flat", "same_tree_flat"}


def test_furniture_between_text_and_statements_is_found(corpus: Path) -> None:
    write(corpus, SOURCE.replace("本文由 @阿木", "点击左上角蓝字关注\n\n本文由 @阿木", 1), "library", "flat")
    assert wrong(corpus) == {"no_furniture", "labelled_clean"}


def test_a_line_that_stands_in_two_articles_is_found(corpus: Path) -> None:
    line = "写提纲的人每年都和一百个同行长谈，也把谈到的东西一篇一篇地写下来。"
    for number in ("123457", "123458"):
        page = corpus / "woshipm" / "library" / f"{number}.md"
        page.write_text(SOURCE.replace("本文由 @阿木", f"{line}\n\n本文由 @阿木", 1), encoding="utf-8")
    assert "no_shared_line" in wrong(corpus)
    _, evidence = gate.measure(corpus)
    assert len(evidence["no_shared_line"]) == 2


def test_one_figure_of_a_named_corpus(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "FLOORS", corpus / "none.json")
    monkeypatch.setattr(sys, "argv", ["gate.py", "--only", "idempotent", "--only", "no_stars", str(corpus)])
    assert gate.main() == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["idempotent", "no_stars"]


def test_a_floor_only_rises() -> None:
    assert [gate.verdict(value, 0.5) for value in (0.4, 0.5, 0.6)] == ["worse", "", "better"]
