"""Lift what a page says about itself out of its text and into the metadata.

The header of a scraped article is a title, a block of fields (`**Author:** …`), the abstract and a
rule. Each is marked, so that it is moved and not copied: writers print the metadata at the head of the
article. A value that the metadata already has is never replaced.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from article_convert.columns import column_in, column_named
from article_convert.languages import language_tag, named_language
from article_convert.model import (
    Article,
    Author,
    Block,
    BlockQuote,
    Callout,
    Code,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    Metadata,
    Paragraph,
    SoftBreak,
    Stats,
    Strong,
    Text,
    ThematicBreak,
)
from article_convert.report import Report, shown
from article_convert.rules import RULES
from article_convert.rules.marks import is_marked, mark_blocks, rule_of
from article_convert.tree import text_of, walk

__all__ = [
    "find_lead_image",
    "guess_language",
    "lift_metadata",
    "lifted",
    "same_text",
    "signs_of",
    "with_match",
    "without_summary",
]

_RULES = {rule.id: rule for rule in reversed(RULES)}
_FIELD = re.compile(r"(?P<key>[A-Z][A-Za-z]*(?: [A-Z][A-Za-z]*)*):$")
_NUMBER = r"\d[\d,]{0,14}"
_STATS = {name: re.compile(rf"(?<!\d)({_NUMBER})\s*{name}") for name in ("views", "comments", "collects", "likes")}
_NO_SUMMARY = re.compile(r"No (?:brief|summary) available\.?$")
_SUMMARY_PREFIX = re.compile(r"(?:编辑|小编)?(?:导语|导读)[：:]\s*")
_FROM_OUTSIDE = ("front matter", "summary")
_SITE = re.compile(r"https?://(?:www\.)?([^/]+)")


def lift_metadata(article: Article, report: Report) -> Article:
    """Lift title, field block and abstract from the head of the text into the metadata, and mark them.

    `cut_furniture` takes them out, as the rules `title`, `fields` and `summary`. A date that cannot be
    understood is kept in `extra` and reported as `metadata.bad-date`.
    """
    blocks, metadata = list(article.content), article.metadata
    place, metadata = _title(blocks, metadata)
    found = None if _is_lifted(blocks) else _fields(blocks[place:])
    if found is not None:
        metadata = _with_fields(metadata, found, report)
        metadata = _summary(blocks, place, metadata)
    if blocks == list(article.content) and metadata is article.metadata:
        return article
    return replace(article, content=tuple(blocks), metadata=metadata)


def _is_lifted(blocks: Sequence[Block]) -> bool:
    """Whether the fields were lifted before."""
    return any(is_marked(block) and rule_of(block)[0] == "fields" for block in blocks)


def _mark(blocks: list[Block], start: int, end: int, identity: str) -> None:
    """Put the blocks from `start` to `end` into a mark."""
    piece = tuple(blocks[start:end])
    blocks[start:end] = [mark_blocks(_RULES[identity], piece, piece[0].span)]


def lifted(metadata: Metadata, origin: str, **values: Any) -> Metadata:
    """`metadata` with those of `values` that are not empty and that it does not have yet."""
    names = Stats.__dataclass_fields__
    stats = {name: value for name, value in values.items() if name in names and getattr(metadata.stats, name) is None}
    fresh = {
        name: value
        for name, value in values.items()
        if name not in names and value not in ("", (), None) and getattr(metadata, name) in ("", (), None)
    }
    stats = {name: value for name, value in stats.items() if value is not None}
    if stats:
        fresh["stats"] = replace(metadata.stats, **stats)
    if not fresh:
        return metadata
    origins = dict(metadata.origins) | dict.fromkeys((*fresh, *stats), origin)
    return replace(metadata, **fresh, origins=tuple(sorted(origins.items())))


def without_summary(metadata: Metadata) -> Metadata:
    """`metadata` without an abstract that turned out to be none."""
    return replace(metadata, summary="", origins=tuple(pair for pair in metadata.origins if pair[0] != "summary"))


def with_match(metadata: Metadata, m: re.Match[str], origin: str) -> Metadata:
    """`metadata` with what the named groups of a rule's match say; `origin` is the rule."""
    groups = {name: value for name, value in m.groupdict().items() if value}
    values: dict[str, object] = {}
    for name in ("views", "comments", "collects", "likes", "reading_minutes"):
        if name in groups and re.fullmatch(_NUMBER, groups[name]):  # the pattern may be a user's own
            values[name] = _number(groups[name])
    if "published" in groups:
        values["published"] = parsed_date(groups["published"])
    if "author" in groups:
        author = Author(groups["author"], groups.get("author_url", ""), groups.get("avatar", ""))
        values["authors"] = (author,)
        if metadata.authors and author.avatar and not metadata.authors[0].avatar:
            first = replace(metadata.authors[0], avatar=author.avatar, url=metadata.authors[0].url or author.url)
            metadata = replace(metadata, authors=(first, *metadata.authors[1:]))
    if "tags" in groups:
        values["tags"] = tuple(re.findall(r"\[([^\n]*?)\]\(", groups["tags"]))
    return lifted(metadata, origin, **values)


def same_text(one: str, other: str) -> bool:
    """Whether two texts are the same but for white space, invisible characters and marks of emphasis."""
    return bool(one) and signs_of(one) == signs_of(other)


def signs_of(text: str) -> str:
    """`text` without white space, invisible characters and marks of emphasis."""
    return re.sub(r"[\s*_\\\u200b-\u200d\u2060\ufeff]", "", text)


# --------------------------------------------------------------------------- title


def _title(blocks: list[Block], metadata: Metadata) -> tuple[int, Metadata]:
    """Mark the first heading, if it begins the page and is of level 1, as the title; and where the text goes on."""
    place = next((index for index, block in enumerate(blocks) if not is_marked(block)), len(blocks))
    first = blocks[place] if place < len(blocks) else None
    if not isinstance(first, Heading) or first.level != 1:
        return place, metadata
    title = " ".join(text_of(first).split())
    if not title or any(isinstance(node, Image) for node in walk(first)):
        return place, metadata
    if metadata.title and dict(metadata.origins).get("title") not in _FROM_OUTSIDE:
        return place, metadata
    if metadata.title and not same_text(metadata.title, title):
        # Front matter may name the page differently; what the page shows is its title.
        metadata = replace(metadata, extra=(*metadata.extra, ("short_title", metadata.title)), title="")
    _mark(blocks, place, place + 1, "title")
    return place + 1, lifted(replace(metadata, title=""), "heading", title=title)


# --------------------------------------------------------------------------- fields


def _fields(blocks: Sequence[Block]) -> dict[str, list[Inline]] | None:
    """The fields in the block at the head: a hint or a quote of `**Key:** value` lines."""
    if not blocks or not isinstance(blocks[0], (Callout, BlockQuote)):
        return None
    fields: dict[str, list[Inline]] = {}
    for block in blocks[0].content:
        if not isinstance(block, Paragraph):
            return None
        for line in _lines(block.content):
            key = _key(line)
            if not key:
                return None
            fields[key] = list(line[1:])
    return fields if len(fields) >= 2 else None


def _lines(content: Sequence[Inline]) -> list[list[Inline]]:
    lines: list[list[Inline]] = [[]]
    for node in content:
        if isinstance(node, (SoftBreak, LineBreak)):
            lines.append([])
        else:
            lines[-1].append(node)
    return [line for line in lines if line]


def _key(line: Sequence[Inline]) -> str:
    if not isinstance(line[0], Strong):
        return ""
    m = _FIELD.match(text_of(line[0].content))
    return m["key"] if m else ""


def _with_fields(metadata: Metadata, fields: dict[str, list[Inline]], report: Report) -> Metadata:
    values: dict[str, Any] = {}
    extra: list[tuple[str, str]] = []
    for key, content in fields.items():
        text = text_of(tuple(content)).strip()
        url = next((node.url for node in content if isinstance(node, Link)), "")
        if key == "Author" and text:
            values["authors"] = (Author(text, url),)
        elif key == "Published" and text:
            when = parsed_date(text)
            if when is None:
                report.add("metadata.bad-date", f"{key}: {text!r} is no date")
                extra.append((key, text))
            values["published"] = when
        elif key == "Category":
            values["category"] = text
        elif key == "Tags":
            values["tags"] = _tags(content)
        elif key == "Stats":
            values.update(_counters(text))
        elif key in ("Original", "Original Link") and url:
            m = _SITE.match(url)
            values["source_url"], values["site"] = url, m.group(1) if m else ""
        elif text:
            extra.append((key, text))
    column = column_in(values.get("source_url", ""))
    if column and "category" in values:
        values["category"] = column_named(values["category"])
    metadata = lifted(metadata, "fields", **values)
    metadata = lifted(metadata, "source_url", category=column_in(metadata.source_url))
    return replace(metadata, extra=(*metadata.extra, *extra)) if extra else metadata


_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)日?"
    r"(?:[T ](\d{2}:\d{2})(?::(\d{2}))?(?:\.\d+)?\s?(Z|[+-]\d{2}:?\d{2}(?!\d))?)?"
)


def parsed_date(text: str) -> date | datetime | None:
    """A date as pages write it: `2024-10-27`, `2018/03/15`, with or without a time, and that with or without a zone."""
    m = _DATE.match(text.strip())
    if m is None:
        return None
    try:
        day = date(int(m[1]), int(m[2]), int(m[3]))
        return datetime.fromisoformat(f"{day}T{m[4]}:{m[5] or '00'}{m[6] or ''}") if m[4] else day
    except ValueError:
        return None


def _tags(content: Sequence[Inline]) -> tuple[str, ...]:
    """All three spellings: code spans, a list with commas, and `None`."""
    codes = [node.text for node in content if isinstance(node, Code)]
    text = text_of(tuple(content)).strip()
    if not codes and text == "None":
        return ()
    parts = codes or re.split(r"[,，、]", text)
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _counters(text: str) -> dict[str, int]:
    found = {name: pattern.search(text) for name, pattern in _STATS.items()}
    return {name: _number(m.group(1)) for name, m in found.items() if m}


def _number(text: str) -> int:
    return int(text.replace(",", ""))


# --------------------------------------------------------------------------- abstract


def _summary(blocks: list[Block], place: int, metadata: Metadata) -> Metadata:
    """Mark the field block at `place`, the quote below it, and the rule that ends the header."""
    after = place + 1
    quote = blocks[after] if after < len(blocks) else None
    end = after + isinstance(quote, BlockQuote)
    closed = end + (end < len(blocks) and isinstance(blocks[end], ThematicBreak))
    if isinstance(quote, BlockQuote):
        text = summary_text(quote)
        _mark(blocks, after, closed, "summary")
        if not _NO_SUMMARY.match(text):
            metadata = lifted(metadata, "header", summary=text)
        closed = after
    _mark(blocks, place, closed, "fields")
    return metadata


def summary_text(quote: BlockQuote) -> str:
    """The text of an abstract: a line for each paragraph, line ends inside one as spaces."""
    return "\n".join(" ".join(text_of(block).split()) for block in quote.content)


def without_prefix(summary: str) -> str:
    """`summary` without the words 编辑导语： and the like before it."""
    return _SUMMARY_PREFIX.sub("", summary, count=1)


def find_lead_image(article: Article, report: Report) -> Article:
    """Name the first picture of the text as the lead image, if nothing else does; it stays where it is.

    A picture inside a link is a button or somebody's portrait, never the lead.
    """
    if article.metadata.lead_image:
        return article
    linked: set[int] = set()
    for node in walk(article):
        if isinstance(node, Link):
            linked.update(map(id, walk(node)))
        elif isinstance(node, Image) and id(node) not in linked:
            return replace(article, metadata=lifted(article.metadata, "first picture", lead_image=node.url))
    return article


# --------------------------------------------------------------------------- language

_TRADITIONAL = frozenset("這個們來說時國學會對過還後裡為與產經發現實開關問題體點應該當從種樣進動無電將場資")
_SIMPLIFIED = frozenset("这个们来说时国学会对过还后里为与产经发现实开关问题体点应该当从种样进动无电将场资")
_TRADITIONAL_ONLY = re.compile("[" + "".join(sorted(_TRADITIONAL - _SIMPLIFIED)) + "]")
_SIMPLIFIED_ONLY = re.compile("[" + "".join(sorted(_SIMPLIFIED - _TRADITIONAL)) + "]")
_HAN = re.compile("[\u4e00-\u9fff]")
_KANA = re.compile("[\u3041-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_LATIN = re.compile("[A-Za-z]")
_OTHER = re.compile("[^\\W\\d_A-Za-zぁ-ヿ㐀-鿿가-힣]")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset("the and to of that this with you your are it from can have by how what".split())
_SAMPLE = 800


def guess_language(article: Article, report: Report) -> Article:
    """Fill in the language if nothing says it: `zh-CN`, `zh-TW`, `ja` or `ko` by the script, `en` by the words.

    Text that is none of these keeps no language: a wrong one would be hyphenated and read aloud wrongly. What
    is said, but is no tag of BCP 47 (`english`), goes to `extra` and is reported as `metadata.bad-language`.
    """
    metadata = article.metadata
    if named := named_language(metadata.language):
        return article if named == metadata.language else replace(article, metadata=replace(metadata, language=named))
    if metadata.language and not language_tag(metadata.language):
        report.add("metadata.bad-language", f"{shown(metadata.language)!r} is no language tag such as zh-CN or en")
        metadata = replace(metadata, extra=(*metadata.extra, ("language", metadata.language)))
    language = language_of(metadata.title + metadata.summary + _sample(article))
    origins = tuple(each for each in metadata.origins if each[0] != "language")
    metadata = replace(metadata, language="", origins=origins)
    return replace(article, metadata=lifted(metadata, "guess", language=language))


def _sample(article: Article) -> str:
    """The first characters of the text, without code."""
    parts: list[str] = []
    length = 0
    for node in walk(article):
        if isinstance(node, Text):
            parts.append(node.text)
            length += len(node.text)
            if length > _SAMPLE:
                break
    return "".join(parts)[:_SAMPLE]


def language_of(text: str) -> str:
    """The language that script and words of `text` suggest, or `""`."""
    han, kana, hangul, latin = (len(script.findall(text)) for script in (_HAN, _KANA, _HANGUL, _LATIN))
    if len(_OTHER.findall(text)) > han + kana + hangul + latin:
        return ""
    if hangul > max(han, kana, latin // 6):
        return "ko"
    if kana * 8 > han and kana > latin // 20:
        return "ja"
    if han * 6 > latin:
        traditional = len(_TRADITIONAL_ONLY.findall(text))
        return ("zh-TW" if traditional > len(_SIMPLIFIED_ONLY.findall(text)) else "zh-CN") if han else ""
    return "en" if _is_english(text) else ""


def _is_english(text: str) -> bool:
    """Whether one word in twenty is one that every English text has and no other language."""
    words = _WORD.findall(text.lower())
    return sum(word in _ENGLISH for word in words) * 20 > len(words)
