"""The rules of this library, in the order of use.

Structure comes first: which links lead where, which pictures come from which host, what stands at the
end of the article. Words alone never cut content. Counts are from 6,120 articles of one archive, 2020
to 2025, and from four ways in which it was scraped.
"""

from __future__ import annotations

import re

from article_convert.rules.record import Rule
from article_convert.rules.statements import STATEMENTS

__all__ = ["FLAT_RULES", "HIDDEN", "LEFTOVER", "RULES"]

# --------------------------------------------------------------------------- pieces that the metadata knows

# These have neither pattern nor selector: what they repeat, or become, decides.
_KNOWN = (
    Rule(id="title", place="head", reason="the title; lifted into the metadata"),
    Rule(id="fields", place="head", reason="block of fields such as “Author: …”; lifted into the metadata"),
    Rule(id="summary", place="head", reason="the abstract below the fields; lifted into the metadata"),
    Rule(id="title-again", place="head", reason="repeats the title"),
    Rule(id="summary-again", place="head", reason="repeats the abstract"),
)

# --------------------------------------------------------------------------- pieces that patterns find

# Some scrapers keep no pictures: then the link around the author's is empty, and is read as its address.
_AVATAR = (
    r"\[(?:!\[[^\]\n]*\]\((?P<avatar>[^)\s]*)\s*\)|https?://[^\]\s]*|)\]"
    r"\((?P<author_url>https?://www\.woshipm\.com/u/\d+)\)"
)
_COUNTERS = (
    r"(?P<published>\d{4}-\d\d-\d\d)\s*(?P<comments>\d+) 评论 (?P<views>\d+) 浏览 "
    r"(?P<collects>\d+) 收藏 (?P<reading_minutes>\d+) 分钟"
)
# The shops of the site, and the two addresses that its advertisers shorten links with.
_SHOP = r"https?://(?:(?:ke|www|vip)\.qidianla\.com|996\.pm|y0\.cn)/[^)\s]*"
_PICTURE = r"!\[[^\]\n]*\]\([^)\n]*\)"

_ADVERTS = (
    Rule(
        id="course-card",
        place="link",
        pattern=re.compile(rf"\[\s*(?:{_PICTURE}[^\]]*|[^\[\]]*查看详情 ?>\s*)\]\({_SHOP}\)"),
        reason="advert for a course inside the text: a linked picture or button, often with a title and a teaser",
        source="in 3,434 of 6,120 files, all links to one shop",
    ),
    Rule(
        id="course-card",
        pattern=re.compile(
            rf"\[(?:{_PICTURE})?\n(?:(?!.*\]\()[^\n]*\n){{1,9}}?\]\((?:\[[^\]\n]*\]\({_SHOP}\)|{_SHOP})\)"
        ),
        reason="advert for a course inside the text: a link whose label holds blank lines, so that it is no link",
        source="in 3,319 files of the newest scrape",
    ),
    Rule(
        id="byline",
        place="head",
        pattern=re.compile(
            _AVATAR + r"\s*\[(?P<author>[^\n]*?)\]\((?P=author_url)\)\s*"
            r"(?:!\[\]\(https://static\.woshipm\.com/tag/[^)]*\)\s*)*关注\s*" + _COUNTERS
        ),
        reason="row with the author's picture, name, badges, date and counters; lifted into the metadata",
        source="in 6,120 of 6,120 files; date and first counter may touch (`2024-10-272 评论`)",
    ),
    Rule(
        id="text-advert",
        place="link",
        pattern=re.compile(rf"\[(?:🔗 ?[^\[\]]*|[^\[\]]* ?🔗)\]\({_SHOP}\)"),
        reason="advert for a course as a line of text below the byline",
        source="in 5,892 of 6,120 files",
    ),
    Rule(
        id="text-advert",
        place="head",
        pattern=re.compile(rf"[^\[\]\n]{{0,80}}\[[^\[\]\n]*\]\({_SHOP}\)"),
        reason="advert for a course as a line of text below the byline",
        source="pages of 2017, and those saved in 2026, print it without the sign; only the host tells",
    ),
    Rule(
        id="reward",
        pattern=re.compile(
            r"(?:给作者打赏，鼓励TA抓紧创作！|写文章不容易，打个赏支持下作者吧！?)\s*\n\s*赞赏"
            rf"(?:\s*\n?\s*\d+ ?人打赏)?(?:\s*\n?\s*{_PICTURE})*"
        ),
        reason="box that asks for a reward for the author",
        source="inside the text of pages of 2017 to 2022",
    ),
    Rule(
        id="share-bar",
        place="tail",
        pattern=re.compile(
            r"赞赏\s*收藏\s*已收藏(?P<collects>\d*)\s*点赞\s*已赞(?P<likes>\d*)\s*"
            r"更多精彩内容，请关注人人都是产品经理微信公众号或下载App"
            r"(?P<tags>(?:\s*\[[^\n]*?\]\(https?://www\.woshipm\.com/tag/[^)]*\))*)\s*"
            r"(?:\[分享到微博\]\(.*?\)\s*)?微信扫一扫\s*(?:!\[微信二维码\]\([^\n]*?\)\s*)?分享",
            re.DOTALL,
        ),
        reason="reward, collect and like buttons, invitation to the app, tag links, share link and QR code",
        source="the end of 6,120 of 6,120 files",
    ),
)

# --------------------------------------------------------------------------- pieces that selectors find

_THEMES = "class names of the themes of 2016 to 2026; none of them ever stood on something an author wrote"


def _piece(identity: str, select: str, reason: str, around: bool = False, site: str = "woshipm") -> Rule:
    place, source = ("around" if around else "blocks"), (_THEMES if site else "what editors and themes call it")
    return Rule(id=identity, place=place, select=select, reason=reason, site=site, source=source)  # type: ignore[arg-type]


_PIECES = (
    _piece("course-card", ".js-star, .yyp--fancyPost", "slot that scripts fill with an advert for a course"),
    _piece("reward", ".support-author", "box that asks for a reward for the author"),
    _piece("advert", ".post-top-ad, .post-ads, div[data-role=ad]", "advert between head and text, or below the text"),
    _piece(
        "share-bar", ".article--actions, .article--bottomActions, .post-actions", "buttons to reward and to collect"
    ),
    _piece("share-bar", ".share-qrcode-image, .share-weibo, .share-wechat", "links for sharing"),
    # Names that only Jetpack, AddToAny, AddThis, Baidu's buttons and YARPP write, into the text of the article.
    _piece(
        "share-bar",
        ".sharedaddy, .addtoany_content, .addtoany_share_save_container, .addthis_toolbox, .bdsharebuttonbox",
        "links for sharing",
        site="",
    ),
    _piece("related", ".jp-relatedposts, .yarpp, .yarpp-related", "other articles", site=""),
)
_AROUND = (
    _piece("byline", ".stream-list-meta", "row with author, date and counters; read into the metadata", True),
    _piece("byline", ".entry-header, .article-header", "title and counters; read into the metadata", True),
    _piece("tags", ".taglist, .post-tags", "links to the tags; read into the metadata", True),
    _piece("author-card", ".postFooterInfo, .author-board, .authorCard--content", "card about the author", True),
    _piece("related", ".relatedPosts, .fixed--posts, .promote-posts", "other articles", True),
    _piece("comments", ".comments-area, .comment-list, .comment-content", "comments of readers", True),
    _piece("title", "h2.article--title, h2.post-title", "the title; read into the metadata", True),
    _piece("share-bar", "a[href*='service.weibo.com']", "links for sharing", True),
    _piece("text-advert", "a[href*='qidianla.com'], a[href*='996.pm']", "advert for a course", True),
    _piece("comments", "#comments, .comments, .comment-list, .comments-area", "comments of readers", True, ""),
    _piece("related", ".related, .related-posts, .related-articles, .recommend", "other articles", True, ""),
    _piece("author-card", ".author-card, .author-box, .author-bio", "card about the author", True, ""),
)
HIDDEN = Rule(id="hidden", reason="the page does not show it")
"""Names what readers of pages leave out because nobody sees it. It finds nothing: a page says itself what it hides."""

LEFTOVER = _piece("page", "*", "part of the page around the article", True, "")
"""Names what no other rule does, so it stands behind all others, those of a user too."""

RULES: tuple[Rule, ...] = (*_KNOWN, *_ADVERTS, *STATEMENTS, *_PIECES, *_AROUND, HIDDEN, LEFTOVER)
"""Every rule but those for pages without structure."""

FLAT_RULES: tuple[Rule, ...] = (
    Rule(
        id="byline",
        place="head",
        pattern=re.compile(r"(?P<author>\S.{0,60}?) 关注 " + _COUNTERS + r" ?"),
        reason="author, date and counters, run together with the text",
        source="the oldest scrape, which kept a page as one line",
    ),
    Rule(
        id="text-advert",
        place="head",
        pattern=re.compile(
            r"🔗 (?:B端|产品经理|技术知识)[^🔗]{10,70}?"
            r"(?:商业价值。?|反馈、迭代|管理能力。|用户调研等。|用户激励等|推广产品\.\.|"
            r"一个团队\.\.|个人需求|设计和评估) "
            r"|B端产品经理要[^🔗]{20,70} 🔗 ?"
        ),
        reason="advert for a course as a line of text below the byline",
        source="the eleven texts of 5,892 files",
    ),
    Rule(
        id="course-card",
        place="blocks",
        pattern=re.compile(
            r"(?:做交互设计10年|一款产品无到有|B端产品经理的能力模型|B ?端产品经理如何快速成长|"
            r"什么是B端产品经理|B端究竟需要什么样|"
            r"做到这三点挑战|如何定义B端产品|做了8年产品经理)[^>]{10,260}?查看详情 > ?"
        ),
        reason="advert for a course inside the text",
        source="the nine cards of 3,434 files",
    ),
    Rule(
        id="share-bar",
        place="tail",
        pattern=re.compile(
            r"赞赏 ?收藏已收藏(?P<collects>\d*) 点赞已赞(?P<likes>\d*) "
            r"更多精彩内容，请关注人人都是产品经理微信公众号或下载App"
            r".{0,120} 分享到微博 微信扫一扫 分享"
        ),
        reason="reward, collect and like buttons, invitation to the app, tags and share buttons",
        source="the oldest scrape, which kept a page as one line",
    ),
)
"""For pages that were saved as a single line of text: cut inside the line, after the title that begins it.

There the structure is gone, and words must do; these rules apply to no other page."""
