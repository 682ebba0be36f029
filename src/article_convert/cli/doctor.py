"""`article-convert --doctor`: what is installed, whether every format works, and how to mend what does not.

Every writer is tried on a small article, since only that shows whether its libraries, their native
parts and the fonts work together.
"""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version

from article_convert import formats
from article_convert.errors import ArticleConvertError
from article_convert.model import Article, Author, Metadata, Paragraph, Strong, Text
from article_convert.report import Report

__all__ = ["LICENCES", "Finding", "examine"]

LICENCES = (
    "article_convert is under the MIT licence. The EPUB writer uses EbookLib, which is under the AGPL 3: whoever "
    "passes both on together, or offers them as a service over a network, has to follow the AGPL for the "
    "combination. Leave out the extra `epub` where that does not fit; every other format works without it."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: its name, what was found, and, if it is not right, what to do about it."""

    name: str
    found: str
    remedy: str = ""

    def __str__(self) -> str:
        if not self.remedy:
            return f"ok       {self.name:<24} {self.found}".rstrip()
        return f"MISSING  {self.name:<24} {self.found}\n{'':<9}→ {self.remedy}"


def examine() -> Iterator[Finding]:
    """Every finding, in the order in which the parts build on one another; trying the PDF takes seconds."""
    yield Finding("Python", f"{platform.python_version()} ({sys.executable})")
    yield from _packages()
    for name in formats.names("readers"):
        yield _reader(name)
    for name in formats.names("writers"):
        yield _writer(name)


_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)[^;]*?(?:;.*extra == ['\"](?P<extra>[\w-]+)['\"])?$")


def _packages() -> Iterator[Finding]:
    """The packages that the installed distribution asks for, those of its extras included."""
    try:
        yield Finding("article_convert", version("article_convert"))
        wanted = requires("article_convert") or []
    except PackageNotFoundError:
        yield Finding("article_convert", "not installed", "pip install 'article_convert[all]'")
        return
    extras: dict[str, str] = {}
    for requirement in wanted:
        match = _REQUIREMENT.match(requirement)
        name = match["name"] if match else "article_convert"
        # `all` repeats what the other extras ask for; the narrower name says more.
        if match and name != "article_convert" and extras.get(name, "all") == "all":
            extras[name] = match["extra"] or ""
    for name, extra in extras.items():
        yield _package(name, extra)


def _package(name: str, extra: str) -> Finding:
    use = f" (for {extra})" if extra else ""
    try:
        return Finding(name, version(name) + use)
    except PackageNotFoundError:
        install = f"'article_convert[{extra}]'" if extra else name
        return Finding(name, f"not installed{use}", f"pip install {install}")


def _reader(name: str) -> Finding:
    try:
        return Finding(f"reader {name}", formats.reader(name).help)
    except Exception as error:  # of another package, perhaps: whatever it raises is a finding
        return Finding(f"reader {name}", "does not load", _said(error))


def _said(error: Exception) -> str:
    """An error of ours says what to do; of any other the kind says most."""
    return str(error) if isinstance(error, (ArticleConvertError, ImportError, OSError)) else repr(error)


_SAMPLE = Article(
    (Paragraph((Text("中文，"), Strong((Text("English"),)), Text(" 😀 Ω"))),),
    Metadata(title="Test 测试", authors=(Author("Doctor"),), language="zh-CN"),
)


def _writer(name: str) -> Finding:
    """Whether a writer turns a small article, in Chinese and English, into bytes without a warning."""
    report = Report()
    try:
        writer = formats.writer(name)
        written = writer.write(_SAMPLE, writer.options(), report)
    except Exception as error:  # as for readers
        return Finding(f"writer {name}", "does not work", _said(error))
    if report.worst() in ("warning", "error"):
        return Finding(f"writer {name}", f"{len(written):,} bytes", "; ".join(d.message for d in report.diagnostics))
    return Finding(f"writer {name}", f"wrote a test article of {len(written):,} bytes")
