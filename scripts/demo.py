"""Convert everything in `examples/` into `demo/`, in all four formats, and print what was written."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import article_convert as ac
from article_convert.books import read_book
from article_convert.model import Article, Book
from article_convert.report import Report

ROOT = Path(__file__).parent.parent
EXAMPLES, DEMO = ROOT / "examples", ROOT / "demo"
FORMATS = {"epub": ".epub", "pdf": ".pdf", "html": ".html", "markdown": ".md"}


def main() -> None:
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    print(f"{'file':<34}{'format':<10}{'size':>10}  {'holds':<12}{'seconds':>8}")
    for name, source in (
        ("article", EXAMPLES / "article.md"),
        ("article-from-page", EXAMPLES / "article.html"),
        ("handbook", EXAMPLES / "handbook"),
    ):
        report = Report()
        document = read(source, report)
        for target, extension in FORMATS.items():
            output = DEMO / f"{name}{extension}"
            begin = time.perf_counter()
            size = len(ac.write(document, output, target, report=report))
            seconds = time.perf_counter() - begin
            shown = output.relative_to(ROOT).as_posix()
            print(f"{shown:<34}{target:<10}{size:>10,}  {holds(output):<12}{seconds:>8.2f}")
        for diagnostic in report.diagnostics:
            if diagnostic.severity != "note":
                print(f"    {diagnostic}")


def read(source: Path, report: Report) -> Article | Book:
    if source.is_dir():
        return read_book(source, report=report)
    return ac.clean(ac.read(source, report=report), report=report)


def holds(file: Path) -> str:
    """The pages of a PDF if poppler is here to count them, the documents of an EPUB, the lines of a text."""
    if file.suffix == ".epub":
        with zipfile.ZipFile(file) as archive:
            count = sum(name.endswith(".xhtml") for name in archive.namelist())
        return f"{count} documents"
    if file.suffix == ".pdf":
        if not shutil.which("pdfinfo"):
            return ""
        told = subprocess.run(["pdfinfo", str(file)], capture_output=True, text=True, check=True).stdout
        found = re.search(r"^Pages: +(\d+)$", told, re.M)
        return f"{found[1]} pages" if found else ""
    return f"{len(file.read_text(encoding='utf-8').splitlines())} lines"


if __name__ == "__main__":
    main()
