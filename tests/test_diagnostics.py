"""Every diagnostic code is used, documented and shown by a case or a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from article_convert.report import CODES

ROOT = Path(__file__).parent.parent
SOURCE = "\n".join(
    file.read_text(encoding="utf-8") for file in (ROOT / "src").rglob("*.py") if file.name != "report.py"
)
REPORT = (ROOT / "src" / "article_convert" / "report.py").read_text(encoding="utf-8")
SHOWN = "\n".join(
    file.read_text(encoding="utf-8")
    for pattern in ("*.py", "*.md", "*.html", "*.json")
    for file in (ROOT / "tests").rglob(pattern)
    if file.name != Path(__file__).name
)


@pytest.mark.parametrize("code", CODES)
def test_code_is_used(code: str) -> None:
    assert f'"{code}"' in SOURCE or f'self.add("{code}"' in REPORT


@pytest.mark.parametrize("code", CODES)
def test_code_is_documented(code: str) -> None:
    page = (ROOT / "docs" / "diagnostics.md").read_text(encoding="utf-8")
    assert f"`{code}`" in page


@pytest.mark.parametrize("code", CODES)
def test_code_is_shown_by_a_case_or_a_test(code: str) -> None:
    assert re.search(rf"(?<![\w.-]){re.escape(code)}(?![\w-])", SHOWN)


def test_no_code_is_used_that_is_not_in_the_table() -> None:
    used = set(re.findall(r'report\.add\(\s*"([^"]+)"', SOURCE))
    assert used <= set(CODES)


def test_codes_have_a_family_and_a_sentence() -> None:
    for code, (severity, sentence) in CODES.items():
        assert re.fullmatch(r"[a-z]+\.[a-z0-9-]+", code)
        assert severity in {"note", "warning", "error"}
        assert sentence[0].isupper() and sentence.endswith(".")
