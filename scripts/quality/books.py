"""Pages of GitBooks: read and written again."""

from __future__ import annotations

import re
from pathlib import Path

import article_convert as ac
import laws
from article_convert.model import Text
from article_convert.report import Report
from article_convert.tree import walk
from quality.findings import Findings


def book_page(path: Path) -> Findings:
    found = Findings(str(path), "book")
    source, report = path.read_text(encoding="utf-8", errors="replace"), Report()
    article = ac.read(path.read_bytes(), "gitbook", report=report, name=path.name)
    found.law("book_read_conserves", laws.conserved_by_reading, source, "gitbook", article, report)
    found.law("book_markdown_stable", laws.survives_markdown, article, exact=False)
    for node in walk(article):
        if isinstance(node, Text) and re.search(r"\{% *(?:end)?[a-z-]+.*%\}", node.text) and "raw" not in source:
            found.note("book_no_tags", node.text[:80])
    found.warnings = sum(diagnostic.severity != "note" for diagnostic in report.diagnostics)
    return found
