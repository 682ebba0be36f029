"""What a dumped page says of an article, read by plain patterns, and what the library made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from article_convert.model import Article

_FIELD = r"^\*\*{}:\*\* *(.*?) *$"
_COUNTERS = re.compile(r"(\d+) 评论 (\d+) 浏览 (\d+) 收藏 (\d+) 分钟")
_COLUMNS = {
    "Chuangye": "创业学院", "Data-analysis": "数据分析", "Evaluating": "分析评测", "It": "业界动态",
    "Marketing": "营销推广", "Operate": "产品运营", "Pd": "产品设计", "Pmd": "产品经理",
    "User-research": "用户研究", "Zhichang": "职场攻略",
}  # fmt: skip
_NOTICES = {"licence": "发布于人人都是产品经理", "cover": "题图来自", "disclaimer": "平台仅提供信息存储"}


def missing(article: Article, source: str) -> list[str]:
    """Names of the fields that the page holds and the metadata does not, or has otherwise."""
    return list(_checks(article, source))


def _checks(article: Article, source: str) -> Iterator[str]:
    known, stats = article.metadata, article.metadata.stats
    expected: dict[str, object] = {
        "title": _plain(_first(r"^# (.*)$", source)),
        "published": _field("Published", source) or _first(r"\*\*Published:\*\* (\S+)", source),
        "source_url": _first(r"\((https://www\.woshipm\.com/[a-z-]+/\d+\.html)\)", source),
        "author": _plain(_first(r"\*\*Author:\*\* \[?(.*?)(?:\]\(| *$)", source)),
        "author_url": _first(r"\((https://www\.woshipm\.com/u/\d+)\)", source),
        "category": _COLUMNS.get(_field("Category", source), ""),
        "tags": sorted(_tags(source)),
        "lead_image": _first(r"&pic=(http[^)\s]*)", source),
        "summary": _summary(source),
        "likes": _first(r"点赞已赞(\d+)", source),
    }
    author = known.authors[0] if known.authors else None
    held: dict[str, object] = {
        "title": _plain(known.title),
        "published": str(known.published)[:10],
        "source_url": known.source_url,
        "author": _plain(author.name) if author else "",
        "author_url": author.url if author else "",
        "category": known.category,
        "tags": sorted(known.tags),
        "lead_image": known.lead_image,
        "summary": _plain(known.summary)[: len(_summary(source))],
        "likes": str(stats.likes),
    }
    for name, value in expected.items():
        if value and value != held[name]:
            yield name
    counters = dict(zip(("comments", "views", "collects", "reading_minutes"), _counted(source), strict=False))
    for name, number in counters.items():
        if getattr(stats, name) != number:
            yield name
    kinds = {notice.kind for notice in known.notices}
    for kind, words in _NOTICES.items():
        if words in source and kind not in kinds:
            yield f"notice {kind}"


def _first(pattern: str, source: str) -> str:
    m = re.search(pattern, source, re.M)
    return m[1] if m else ""


def _field(name: str, source: str) -> str:
    return _first(_FIELD.format(name), source)


def _tags(source: str) -> list[str]:
    value = _field("Tags", source)
    if value == "None":
        return []
    return re.findall(r"`([^`]+)`", value) or [tag for tag in re.split(r"[,，]\s*", value) if tag]


def _summary(source: str) -> str:
    """The first line of the abstract in the fields, without spaces and marks.

    Of a page without an abstract, scrapers took the first quotation of the text: one below the lead picture.
    """
    head, _, body = source.partition("\n---")
    value = _first(r"^> (?!\*\*)(.*)$", head)
    picture = re.search(r"^!\[", body, re.M)
    if value and picture and f"\n> {value}" not in body[: picture.start()] and f"\n> {value}" in body:
        return ""
    return "" if re.match(r"No \w+ available", value) else _plain(value)


def _counted(source: str) -> list[int]:
    # Date and first counter touch in older dumps: 2024-10-272 评论.
    m = _COUNTERS.search(re.sub(r"(\d{4}-\d\d-\d\d)", r"\1 ", source))
    return [int(number) for number in m.groups()] if m else []


def _plain(text: str) -> str:
    return "".join(each for each in text if each.isprintable() and each not in " *\\_\u00a0")
