"""GitBook Markdown, of every era, as the faithful tree of one page.

    text ─ front matter ─ scanner (`{% … %}` blocks) ─ mistune with our rules ─ nodes ─▶ Article

`scanner` and `tags` know the block tags, `blocks`, `inline` and `emphasis` are rules for mistune,
`nodes` and `constructs` build the tree, `html` treats the HTML in between.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from article_convert.contract import Reader
from article_convert.errors import InputError
from article_convert.model import Article
from article_convert.readers.decode import decode
from article_convert.readers.gitbook.constructs import construct
from article_convert.readers.gitbook.context import Context
from article_convert.readers.gitbook.fields import metadata_of
from article_convert.readers.gitbook.front_matter import split_front_matter
from article_convert.readers.gitbook.html import html_blocks, html_inlines
from article_convert.readers.gitbook.legacy import modernised, with_spaced_headings
from article_convert.readers.gitbook.nodes import blocks_of, unused_notes
from article_convert.readers.gitbook.scanner import scan
from article_convert.readers.gitbook.shortcodes import with_emoji
from article_convert.readers.gitbook.surroundings import Included, Surroundings
from article_convert.readers.gitbook.values import Value, is_small, read_yaml, text_from, value_from
from article_convert.report import Report

__all__ = [
    "READER",
    "GitBookReaderOptions",
    "Included",
    "Surroundings",
    "Value",
    "is_small",
    "read_gitbook",
    "read_page",
    "read_yaml",
    "text_from",
    "value_from",
    "with_spaced_headings",
]

MAX_BYTES = 8 * 1024 * 1024
"""Pages above this are refused: 50 times the largest of 6,000 real articles.

Reading is linear, so it is not time that sets the limit but memory: each byte of the densest markup
(`*a* *a* …`) costs 500 bytes while it is parsed.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class GitBookReaderOptions:
    """How to read GitBook Markdown. There is nothing to choose yet."""


def read_gitbook(data: bytes, options: GitBookReaderOptions, report: Report) -> Article:
    """Read one page: CommonMark 0.31.2, GFM tables, tasks and bare addresses, and GitBook's own blocks.

    Promised: nothing of the page is lost; soft line ends between Chinese characters join without a
    space; bold beside Chinese punctuation is bold. Raises `InputError` for a page above 8 MB, and
    for bytes that are no text.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"{report.source or 'the page'} is larger than {MAX_BYTES >> 20} MB of Markdown; split it")
    return read_page(decode(data, report, markup=False), Surroundings(), report)


def read_page(text: str, surroundings: Surroundings, report: Report) -> Article:
    """Read one page of a book: as `read_gitbook`, with the files and variables that `surroundings` knows."""
    fields, body, first_line = split_front_matter(text, report)
    if isinstance(fields.get("vars"), dict):
        own = {f"page.vars.{name}": text_from(value) for name, value in fields["vars"].items()}
        surroundings = replace(surroundings, variables={**surroundings.variables, **own})
    if surroundings.legacy:
        body = modernised(body, surroundings, report)
    elif "#" in body[:200]:
        body = with_spaced_headings(body)
    if _TOO_DEEP.search(body):
        report.add("nesting.too-deep", "more than 20 nested quotations or lists; deeper marks were kept as text")
    page = scan(_without_artefacts(body), report, first_line)
    context = Context(page, report, construct, html_blocks, html_inlines, surroundings)
    content = blocks_of(page.body, context)
    article = Article((*content, *unused_notes(context)), metadata_of(fields, report, surroundings.tags))
    return with_emoji(article, text)


_TOO_DEEP = re.compile(
    r"^[ ]{0,3}(?:>[ ]{0,4}|[-*+][ ]{1,5}){20}(?:>|[-*+][ ])|^[ ]{42,}(?:[-*+]|\d+[.)])[ ]", re.MULTILINE
)
"""mistune nests 20 levels of blocks and reads what is deeper as text."""


def _without_artefacts(text: str) -> str:
    """Drop `&#xNAN;`, which GitBook's serialiser wrote for zero-width characters that it lost."""
    return re.sub(r"\\?&#xNAN;", "", text) if "&#xNAN;" in text else text


_SIGNS = re.compile(r"\{% *(?:hint|tabs|embed|code|content-ref|page-ref|stepper|file)\b|^(?:#{1,6}|[*>-]) |\]\(", re.M)


def recognises(head: str) -> int:
    """How surely `head` is Markdown, 0 to 100."""
    if head.lstrip()[:1] in ("<", "{") and not head.lstrip().startswith("{%"):
        return 0
    if "\0" in head or head.count("\ufffd") > len(head) // 20:
        return 0
    found = len(_SIGNS.findall(head[:8192]))
    return min(90, 20 + 10 * found) if head.strip() else 0


READER = Reader(
    "gitbook", (".md", ".markdown"), GitBookReaderOptions, read_gitbook, recognises, "GitBook Markdown, one page"
)
