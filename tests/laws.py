"""What must hold for every article, whatever it says. Each law raises `AssertionError` with the evidence.

**Conservation.** Every letter or digit that a person would see in a source is in the tree (text,
address, alternative text, title, attribute, raw markup), in the metadata or in a reported removal;
and every letter of `text_of(article)` is in every output. What a person would *not* see is taken
out of the source by `seen_in`, with patterns that owe nothing to the readers: tag and attribute
names, comments, scripts, list numbers, reference labels, the info strings of fences. Where the
patterns are unsure they take out too much; the law is then weaker there, never wrong.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

import lxml.html

import article_convert as ac
from article_convert.model import Article, Math, MathBlock, Metadata, Node, Notice, Text
from article_convert.report import Report
from article_convert.tree import check, rewrite, text_of
from outline import outline

__all__ = ["conserved_by_cleaning", "conserved_by_reading", "hold_for", "kept_in", "seen_in", "survives_markdown"]

WRITERS = ("html", "markdown", "epub", "json")


def hold_for(article: Article, *, exact: bool = True, writers: tuple[str, ...] = WRITERS) -> None:
    """All laws that need nothing but the article."""
    check(article)
    assert rewrite(article, lambda node: node) is article, "the identity rewrite made a new tree"
    survives_json(article)
    survives_markdown(article, exact=exact)
    for name in writers:
        conserved_by_writing(article, name)
    transforms_are_idempotent(article)


def survives_json(article: Article) -> None:
    again = ac.read(written(article, "json"), "json")
    assert again == article, f"JSON gave back another article:\n{outline(again)}\n---\n{outline(article)}"


def survives_markdown(article: Article, *, exact: bool = True) -> None:
    """`read(write_markdown(a)) == a`; if not `exact`, only the second round must equal the first."""
    body = replace(article, metadata=Metadata())
    first = written(body, "markdown")
    once = replace(ac.read(first, "gitbook"), metadata=Metadata(), resources=body.resources) if first.strip() else None
    if once is None:
        assert not text_of(body).strip()
    elif exact:
        assert once == body, f"Markdown gave back another article:\n{outline(once)}\n--- for\n{outline(body)}"
    else:
        second = written(once, "markdown")
        assert second.decode() == first.decode(), "the second round differs from the first"


def conserved_by_reading(source: str, reader: str, article: Article, report: Report) -> None:
    nothing_lost(seen_in(source, reader, report), kept_in(article, report), f"the reader {reader}")


def conserved_by_cleaning(before: Article, after: Article, report: Report) -> None:
    nothing_lost(text_of(before), kept_in(after, report), "cleaning")


def _without_formulas(node: Node) -> Node | tuple[Node, ...]:
    if isinstance(node, MathBlock):
        return ()
    return Text(" ") if isinstance(node, Math) else node


def conserved_by_writing(article: Article, writer: str) -> None:
    """Twice the same bytes, and every letter of the text in them."""
    output = written(article, writer)
    assert written(article, writer) == output, f"{writer} gave other bytes the second time"
    shown = {"html": html_text, "markdown": markdown_text, "epub": epub_text, "json": bytes.decode}[writer](output)
    if writer in {"html", "epub"}:
        article = rewrite(article, _without_formulas)  # \\pi becomes π
    nothing_lost(text_of(article), shown, f"the writer {writer}", words=writer in {"html", "epub"})


def transforms_are_idempotent(article: Article) -> None:
    for transform in ac.STANDARD:
        once = transform(article, Report())
        check(once)
        twice = transform(once, Report())
        name = getattr(transform, "__name__", str(transform))
        assert twice == once, f"{name} changes its own result:\n{outline(twice)}\n--- from\n{outline(once)}"


def written(article: Article, writer: str) -> bytes:
    return ac.write(article, writer=writer, report=Report())


# --------------------------------------------------------------------------- what is in an output


def html_text(output: bytes) -> str:
    root = lxml.html.document_fromstring(output.decode(), parser=lxml.html.HTMLParser(huge_tree=True))
    return "".join(str(part) for part in root.xpath("//text()[not(parent::style or parent::script)]"))


def markdown_text(output: bytes) -> str:
    return output.decode() + html.unescape(output.decode())


def epub_text(output: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(output)) as archive:
        pages = [archive.read(name) for name in archive.namelist() if name.endswith(".xhtml")]
    return "".join("".join(lxml.etree.fromstring(page).itertext()) for page in pages)


# --------------------------------------------------------------------------- comparing letters


def nothing_lost(seen: str, kept: str, by: str, *, words: bool = True) -> None:
    """Every letter is there as often as it was, and every Latin word or number is in one piece."""
    # In the text of a tree `%c` may stand beside `escape`, which is no percent-encoding: both readings count.
    seen, ways = unquote(seen), (kept, unquote(kept))
    held = _letters(ways[0]) | _letters(ways[1])
    lost = _letters(seen) - held
    assert not lost, f"{by} lost {''.join(lost.elements())[:200]!r}"
    broken = (
        {word for word in re.findall(r"[A-Za-z0-9]{2,}", seen) if not any(word in way for way in ways)} if words else ()
    )
    assert not broken, f"{by} lost the words {sorted(broken)[:20]}"


def _letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, text))


def kept_in(article: Article, report: Report) -> str:
    """Every string of the tree and its metadata, and the text of every removal."""
    removed = "\n".join(removal.text for removal in report.removals)
    return f"{text_of(article)}\n{' '.join(_fields(article))}\n{removed}"


def _fields(value: Any) -> Iterator[str]:
    """All values in a tree but `text`, which `text_of` gives in reading order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, int) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, tuple):
        for each in value:
            yield from _fields(each)
    elif is_dataclass(value):
        skipped = {"span", "location"} if isinstance(value, Notice) else {"span", "location", "text"}
        for field in fields(value):
            if field.name not in skipped:
                yield from _fields(getattr(value, field.name))


# --------------------------------------------------------------------------- what a person sees


def seen_in(source: str, reader: str, report: Report) -> str:
    if reader == "gitbook":
        return _seen_in_markdown(source, report)
    if reader == "html":
        page = _Page()
        page.feed(source)
        return " ".join(page.seen)
    return ""  # a site reader takes the article out of a page and leaves the rest behind


_HTML_NAMES = (
    "a|abbr|address|article|aside|audio|b|bdi|bdo|big|blockquote|body|br|button|caption|center|cite|code|col|colgroup"
    "|data|dd|del|details|dfn|dialog|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|h[1-6]|head|header"
    "|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|map|mark|meta|meter|nav|noscript|object|ol|optgroup"
    "|option|output|p|param|picture|pre|progress|q|rb|rp|rt|rtc|ruby|s|samp|section|select|small|source|span|strike"
    "|strong|sub|summary|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video"
    "|wbr"
)
_SHOWN_ATTRIBUTES = r"""(?:title|description|caption|label|summary|alt|href|src|url)=("[^"#][^"]*"|'[^'#][^']*')"""
_UNSEEN = [
    (re.compile(pattern, re.M | re.S | re.I), new)
    for pattern, new in (
        (r"<!--.*?-->", ""),
        (r"\\?&#xNAN;", ""),  # what GitBook's serialiser wrote for characters that it lost
        (r"<(script|style)\b.*?</\1>", ""),
        (rf"</?(?:{_HTML_NAMES})(?:\s[^<>]*)?/?>", "attributes"),
        (r"\{%.*?%\}", "attributes"),
        (r"^([ >]*(?:[-*+] +|\d+[.)] +)*)(`{3,}|~{3,})[^`\n]*$", r"\1"),
        (r"^ {0,3}\[[^\]^]+\]:.*$", ""),
        (r"\[\^[^\]\s]+\]", ""),
        (r"\]\[[^\]]*\]", "]"),
        (r"^([ >]*(?:[-*+] +)*)(?:\d{1,9}[.)] +)+", r"\1"),
        (r"\[!\w+\|[^\]\n]*?(?:label:([^\]\n]*))?\]", r"\1"),
        (r"(?<=> )\*\*\[(?:info|warning|danger|success)\]", "**"),
        (r"(?<=# )(?:Info|Danger)::", ""),
        (r"\[[xX!](?:\w+)?\]", ""),
        (r"(?<![\w:/]):[a-z+-](?:[\w+-]|\\_)*:(?![\w:/])", ""),  # names of emoji and icons
    )
]


# Names of fields, and switches: `primary: true`.
_FRONT_NAMES = re.compile(r"^\s*(?:- )?[\w-]+:(?:[ \t]*(?:true|false)[ \t]*$)?", re.M)


def _seen_in_markdown(source: str, report: Report) -> str:
    text = re.sub(r"\A---\n(.*?)\n---\n", lambda m: _FRONT_NAMES.sub("", m[1]), source, flags=re.S)
    if report.counts["link.unsafe"]:
        text = re.sub(r"\b(?:javascript|vbscript|data|file):[^\s\"'>]*", "", text)
    if report.counts["gitbook.expression"]:
        text = re.sub(r"\{\{.*?\}\}|<code class=\"expression\">.*?</code>", "", text)
    for pattern, new in _UNSEEN:
        text = pattern.sub(_attributes if new == "attributes" else new, text)
    return html.unescape(text)


def _attributes(tag: re.Match[str]) -> str:
    return f" {' '.join(re.findall(_SHOWN_ATTRIBUTES, tag[0], re.I))} "


class _Page(HTMLParser):
    """Text and alternative texts of a page, by Python's own parser, which the readers do not use."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "style", "template", "noscript"}:
            self._unseen += 1
        elif not self._unseen:
            self.seen += [value for name, value in attributes if name in {"alt", "title", "href"} and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "template", "noscript"} and self._unseen:
            self._unseen -= 1

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.seen.append(data)
