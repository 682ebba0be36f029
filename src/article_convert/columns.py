"""The columns of woshipm.com: the words that its menu shows for the short names in its addresses."""

from __future__ import annotations

import re

__all__ = ["column_in", "column_named"]

# As the menus of 2018 and 2026 name them.
_COLUMNS = {
    "ai": "AI人工智能",
    "blockchain": "区块链",
    "chuangye": "创业学院",
    "data-analysis": "数据分析",
    "evaluating": "分析评测",
    "it": "业界动态",
    "marketing": "营销推广",
    "operate": "产品运营",
    "pd": "产品设计",
    "pmd": "产品经理",
    "rp": "原型设计",
    "ucd": "交互体验",
    "user-research": "用户研究",
    "zhichang": "职场攻略",
}
_ARTICLE = re.compile(r"https?://(?:www\.|api\.)?woshipm\.com/([a-z][a-z-]*)/\d+\.html")


def column_named(name: str) -> str:
    """What readers of the site call the column with this short name; a name that is not known stays as it is.

    >>> column_named("pd"), column_named("User-research"), column_named("Event")
    ('产品设计', '用户研究', 'Event')
    """
    return _COLUMNS.get(name.lower(), name)


def column_in(url: str) -> str:
    """The column in the address of an article of the site, or `""`.

    >>> column_in("https://www.woshipm.com/pd/1000001.html"), column_in("https://example.org/pd/1000001.html")
    ('产品设计', '')
    """
    match = _ARTICLE.match(url)
    return column_named(match[1].capitalize()) if match else ""
