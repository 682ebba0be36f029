"""The furniture rules: what is cut from a page, where it may stand, and why. Data, in the order of use.

A pattern is matched against the signature of blocks (see `signature`), so structure comes first:
which links lead where, which pictures come from which host. Words alone never cut content. Counts
are from 6,000 articles of one archive, 2020 to 2025, and from three ways in which it was scraped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["FLAT_RULES", "RULES", "STATEMENTS", "Place", "Rule", "Statement"]

Place: TypeAlias = Literal["head", "tail", "blocks", "link"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A piece of furniture.

    `place`: `head` is a run of blocks at the beginning, `tail` one at the end, `blocks` one anywhere,
    `link` a single link anywhere. `pattern` must cover whole blocks, or the whole link; its named
    groups are lifted into the metadata (see `metadata.lifted`). `source` says where the fact was seen.
    """

    id: str
    place: Place
    pattern: re.Pattern[str]
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A line that ends an article without being part of it; `notice` is its kind in the metadata.

    A `firm` statement may begin the run at the end of an article; the others count only above a
    firm one. `limit` is the greatest length in characters.
    """

    id: str
    notice: str
    pattern: re.Pattern[str]
    reason: str
    firm: bool = True
    limit: int = 330


_AVATAR = r"\[!\[[^\]\n]*\]\((?P<avatar>[^)\s]*)\s*\)\]\((?P<author_url>https?://www\.woshipm\.com/u/\d+)\)"
_COUNTERS = (
    r"(?P<published>\d{4}-\d\d-\d\d)\s*(?P<comments>\d+) 评论 (?P<views>\d+) 浏览 "
    r"(?P<collects>\d+) 收藏 (?P<reading_minutes>\d+) 分钟"
)
_COURSE = r"https?://ke\.qidianla\.com/[^)\s]*"

RULES: tuple[Rule, ...] = (
    Rule(
        "course-card",
        "link",
        re.compile(r"\[\s*!\[[^\]]*\]\([^)]*\).*查看详情 ?>\s*\]\(" + _COURSE + r"\)", re.DOTALL),
        "advert for a course inside the text: a linked picture, a title and a teaser",
        "in 3,434 of 6,120 files, all links to one shop",
    ),
    Rule(
        "course-card",
        "blocks",
        re.compile(
            r"\[!\[[^\]\n]*\]\([^)\n]*\)\n(?:(?!.*\]\()[^\n]*\n){1,8}?查看详情 ?>\n"
            r"\]\((?:\[[^\]\n]*\]\(" + _COURSE + r"\)|" + _COURSE + r")\)"
        ),
        "advert for a course inside the text: a link whose label holds blank lines, so that it is no link",
        "in 3,319 files of the newest scrape",
    ),
    Rule(
        "byline",
        "head",
        re.compile(
            _AVATAR + r"\s*\[(?P<author>[^\n]*?)\]\((?P=author_url)\)\s*"
            r"(?:!\[\]\(https://static\.woshipm\.com/tag/[^)]*\)\s*)*关注\s*" + _COUNTERS
        ),
        "row with the author's picture, name, badges, date and counters; lifted into the metadata",
        "in 6,120 of 6,120 files; date and first counter may touch (`2024-10-272 评论`)",
    ),
    Rule(
        "text-advert",
        "link",
        re.compile(r"\[(?:🔗 ?[^\[\]]*|[^\[\]]* ?🔗)\]\(" + _COURSE + r"\)"),
        "advert for a course as a line of text below the byline",
        "in 5,892 of 6,120 files",
    ),
    Rule(
        "text-advert",
        "head",
        re.compile(r"\[[^\[\]\n]*\]\(" + _COURSE + r"\)"),
        "advert for a course as a line of text below the byline",
        "pages saved in 2026 print it without the sign; only the host tells",
    ),
    Rule(
        "share-bar",
        "tail",
        re.compile(
            r"赞赏 ?收藏已收藏(?P<collects>\d*) ?点赞已赞(?P<likes>\d*)\s*"
            r"更多精彩内容，请关注人人都是产品经理微信公众号或下载App"
            r"(?P<tags>(?:\s*\[[^\n]*?\]\(https?://www\.woshipm\.com/tag/[^)]*\))*)\s*"
            r"(?:\[分享到微博\]\(.*?\)\s*)?微信扫一扫\s*!\[微信二维码\]\([^\n]*?\)\s*分享",
            re.DOTALL,
        ),
        "reward, collect and like buttons, invitation to the app, tag links, share link and QR code",
        "the end of 6,120 of 6,120 files",
    ),
)

STATEMENTS: tuple[Statement, ...] = (
    Statement(
        "statement-disclaimer",
        "disclaimer",
        re.compile(r".{0,3}点仅代表作者本人|.{0,4}人人都是产品经理平台仅提供信息?存储空间"),
        "the site says that it only stores the text",
    ),
    Statement(
        "statement-cover",
        "cover",
        re.compile(r"[（(]?题图(作者)?(由|来自|来源|来源于|来|源自|为|提供|:|：|/)|题图"),
        "where the lead picture comes from",
        limit=120,
    ),
    Statement(
        "statement-licence",
        "licence",
        re.compile(
            r"(作者.{0,80}|文.{0,60}|撰文.{0,60}|内容来源.{0,60})?\s*(本|该|文|原)?(文|篇|译文|内容)?[^。\n]{0,90}?"
            r"(发布于?|授权|投稿|首发|翻译|转载|整理|出品|撰写|编译)[^。\n]{0,40}?(人人都是产品经理|运营派|平台)[^\n]{0,60}$"
            r"|(本文|文由|@)[^\n]{0,120}(未经|禁止|不得)[^\n]{0,20}(转载|抄袭)"
            r"|[#＃]?本文为人人都是产品经理《原创激励计划》出品"
        ),
        "who wrote and published the article, and who may copy it",
    ),
    Statement(
        "statement-columnist",
        "about",
        re.compile(r"#?专栏作家#?$|#?专栏作家#?\s*\n"),
        "heading of the note about the author",
        limit=500,
    ),
    Statement(
        "statement-about",
        "about",
        re.compile(r".*人人都是产品经理.{0,6}专栏作家", re.DOTALL),
        "note about the author",
        limit=500,
    ),
    Statement(
        "vote",
        "",
        re.compile(
            r"为我投票$|我在参加人人都是产品经理\d{4}年度|点击下方链接进入我的个人参选页面|每人每天最多可投\d+票|投票传送门[：:]"
        ),
        "asks for votes in the site's yearly election",
    ),
    Statement(
        "statement-attribution",
        "attribution",
        re.compile(
            r"(本文)?(原|译|编)?(作者|作者简介|作者介绍|文|撰文|译者|编译|编辑|责编|来源|来源公众号|公众号|微信公众号|原文|"
            r"原文链接|原文地址|内容来源|采访|策划|监制|排版|校对|审核|审校|出品|数据支持|封面|插图|制图|微信号|微信|"
            r"个人公众号|知乎|本文作者)\s*([：:|｜丨/&＆@])"
        ),
        "who wrote, translated or first published the article",
        firm=False,
        limit=400,
    ),
)

FLAT_RULES: tuple[Rule, ...] = (
    Rule(
        "byline",
        "head",
        re.compile(r"(?P<author>\S.{0,60}?) 关注 " + _COUNTERS + r" ?"),
        "author, date and counters, run together with the text",
        "the oldest scrape, which kept a page as one line",
    ),
    Rule(
        "text-advert",
        "head",
        re.compile(
            r"🔗 (?:B端|产品经理|技术知识)[^🔗]{10,70}?"
            r"(?:商业价值。?|反馈、迭代|管理能力。|用户调研等。|用户激励等|推广产品\.\.|"
            r"一个团队\.\.|个人需求|设计和评估) "
            r"|B端产品经理要[^🔗]{20,70} 🔗 ?"
        ),
        "advert for a course as a line of text below the byline",
        "the eleven texts of 5,892 files",
    ),
    Rule(
        "course-card",
        "blocks",
        re.compile(
            r"(?:做交互设计10年|一款产品无到有|B端产品经理的能力模型|B ?端产品经理如何快速成长|"
            r"什么是B端产品经理|B端究竟需要什么样|"
            r"做到这三点挑战|如何定义B端产品|做了8年产品经理)[^>]{10,260}?查看详情 > ?"
        ),
        "advert for a course inside the text",
        "the nine cards of 3,434 files",
    ),
    Rule(
        "share-bar",
        "tail",
        re.compile(
            r"赞赏 ?收藏已收藏(?P<collects>\d*) 点赞已赞(?P<likes>\d*) "
            r"更多精彩内容，请关注人人都是产品经理微信公众号或下载App"
            r".{0,120} 分享到微博 微信扫一扫 分享"
        ),
        "reward, collect and like buttons, invitation to the app, tags and share buttons",
        "the oldest scrape, which kept a page as one line",
    ),
)
"""For pages that were saved as a single line of text: cut inside the line, after the title that begins it.

There the structure is gone, and words must do; these rules apply to no other page."""
