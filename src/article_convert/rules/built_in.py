"""The rules of this library, in the order of use.

Structure comes first: which links lead where, which pictures come from which host, what stands at the
end of the article. Words alone never cut content. Counts are from 6,120 articles of one archive, 2020
to 2025, and from four ways in which it was scraped.
"""

from __future__ import annotations

import re

from article_convert.rules.record import Rule

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

_AVATAR = r"\[!\[[^\]\n]*\]\((?P<avatar>[^)\s]*)\s*\)\]\((?P<author_url>https?://www\.woshipm\.com/u/\d+)\)"
_COUNTERS = (
    r"(?P<published>\d{4}-\d\d-\d\d)\s*(?P<comments>\d+) 评论 (?P<views>\d+) 浏览 "
    r"(?P<collects>\d+) 收藏 (?P<reading_minutes>\d+) 分钟"
)
# The shop of the site, and the two addresses that its advertisers shorten links with.
_SHOP = r"https?://(?:ke\.qidianla\.com|996\.pm|y0\.cn)/[^)\s]*"
_PICTURE = r"!\[[^\]\n]*\]\([^)\n]*\)"

_ADVERTS = (
    Rule(
        id="course-card",
        place="link",
        pattern=re.compile(rf"\[\s*{_PICTURE}[^\]]*\]\({_SHOP}\)"),
        reason="advert for a course inside the text: a linked picture, often with a title and a teaser",
        source="in 3,434 of 6,120 files, all links to one shop",
    ),
    Rule(
        id="course-card",
        pattern=re.compile(rf"\[{_PICTURE}\n(?:(?!.*\]\()[^\n]*\n){{1,9}}?\]\((?:\[[^\]\n]*\]\({_SHOP}\)|{_SHOP})\)"),
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
            r"赞赏 ?收藏已收藏(?P<collects>\d*) ?点赞已赞(?P<likes>\d*)\s*"
            r"更多精彩内容，请关注人人都是产品经理微信公众号或下载App"
            r"(?P<tags>(?:\s*\[[^\n]*?\]\(https?://www\.woshipm\.com/tag/[^)]*\))*)\s*"
            r"(?:\[分享到微博\]\(.*?\)\s*)?微信扫一扫\s*!\[微信二维码\]\([^\n]*?\)\s*分享",
            re.DOTALL,
        ),
        reason="reward, collect and like buttons, invitation to the app, tag links, share link and QR code",
        source="the end of 6,120 of 6,120 files",
    ),
)

# --------------------------------------------------------------------------- statements

_SITE = r"(?:人人都是产品经理|运营派)"
_MADE = r"(?:原创|授权|翻译|编译|整理|投稿|首发|编辑|撰写|独家|联合|合作|转载)"
# Who it is by: a name without a clause of its own, or the long form of 2024 and later.
_BY = (
    r"(?:[^，,。：:！？；\n]{0,60}?"
    r"|人人都是产品经理作者\s*【[^】\n]{1,60}】[，,]\s*(?:微信)?公众号[：:]\s*【[^】\n]{0,60}】[，,]\s*)"
)
# What may follow: who may copy it.
_COPYING = r"(?:未经|禁止|不得|严禁|请勿|转载|版权|如需|商业)"
_NAMES = r"(?:[^，,。！？\n]|[，,](?=[^，,。\n]{0,8}[：:|｜丨/／]))"
_LICENCES = (
    # 本文由 @X 原创发布于人人都是产品经理。未经作者许可，禁止转载
    rf"(?:(?:[本该此原](?:文章|文|篇|译文|内容)|文(?=[由系@]))\s*(?:已获[^。\n]{{0,20}}授权[，,]\s*)?"
    rf"(?:由|系|为|经|是)?\s*{_BY}|@[^，,。：:！？；\n]{{1,40}}?)?"
    rf"{_MADE}[/／、\s]*{_MADE}?[/／、\s]*(?:发布|投稿|首发|发表|刊发)?\s*[于在]?\s*{_SITE}(?:平台|社区|网站?)?"
    rf"[，,。；;\s]*(?:{_COPYING}[^\n]{{0,80}})?$",
    rf"本?文?由?\s*@[^\n]{{1,80}}?{_MADE}[^。\n]{{0,20}}{_SITE}[^\n]{{0,60}}$",
    rf"本文系?由?{_SITE}[^，,。：:！？\n]{{0,40}}(?:{_MADE}|发布)[^，。\n]{{0,12}}(?:[，,。]\s*未经[^\n]{{0,40}})?$",
    # 本文由 @X 原创，未经许可，禁止转载
    rf"(?:本文|文由|@)[^。：:！？\n]{{0,100}}(?:{_MADE}|发布)[^。：:！？\n]{{0,40}}[，,。]\s*(?:未经|禁止|不得)[^\n]{{0,40}}$",
    rf"本文由?\s*@[^，,。\n]{{1,40}}?\s*{_MADE}(?:发布|投稿)?[。.]?$",
    r"[#＃]?本文为人人都是产品经理《原创激励计划》出品[。.]?$",
    r"本文出自\s*产品经理\s*\S{1,20}$",
)
_PEOPLE = (
    r"文|撰文|作?图|编译|编辑|责编|美编|责任编辑|采访|策划|监制|排版|校对|审核|审校|出品|出品人|数据支持|封面|插图|制图|"
    r"作者&编辑|文字|主编|整理|来源|内容来源|原文|原文标题|原文链接|原文地址"
)

_STATEMENTS = (
    Rule(
        id="statement-disclaimer",
        place="ending",
        notice="disclaimer",
        pattern=re.compile(
            r"(?:[本该此]文)?观?点仅代表作者本人(?:[，,]\s*人人都是产品经理平台.*)?[。.]?$"
            r"|.{0,4}人人都是产品经理平台仅提供信息?存.{0,40}$"
        ),
        reason="the site says that it only stores the text",
        limit=120,
        source="in 3,976 of 6,120 files; in 46 of them cut off or doubled",
    ),
    Rule(
        id="statement-cover",
        place="ending",
        notice="cover",
        pattern=re.compile(
            r"[（(]?(?:本文)?题图(?:作者)?(?:均)?(?:由|来自于?|来源于?|来|源自|为|提供|[:：/／])\s*"
            r"[^，,。！？；\n]{0,60}(?:[，,。]?\s*[^，,。\n]{0,12}(?:CC|cc|协议)[^，,。\n]{0,12})?[。.）)，,；;]*$"
            r"|题图作者(?:提供|投稿)[。.]?$"
        ),
        reason="where the lead picture comes from",
        limit=120,
        source="in 6,077 of 6,120 files, in 71 shapes",
    ),
    Rule(
        id="statement-licence",
        place="ending",
        notice="licence",
        pattern=re.compile(
            rf"(?:(?:原|译|编)?(?:作者|文|撰文|内容来源)[^\s：:|｜丨/／]{{0,6}}\s*[：:|｜丨/／][^\n]{{0,90}}?\s+(?=本文|文由|@))?"
            rf"[（(]?(?:{'|'.join(_LICENCES)})"
        ),
        reason="who wrote and published the article, and who may copy it",
        limit=330,
        source="in 6,015 of 6,120 files; 67 have two of them",
    ),
    Rule(
        id="statement-columnist",
        place="ending",
        notice="about",
        pattern=re.compile(r"#?(?:专栏作家|(?:特邀|签约|驻站)作者)#?$"),
        reason="heading of the note about the author",
        limit=12,
        source="in 1,424 of 6,120 files",
    ),
    Rule(
        id="statement-about",
        place="ending",
        notice="about",
        pattern=re.compile(
            r"[^，,。：:！？\n]{1,20}[，,]\s*(?:个人)?(?:微信)?公众号[：:]\s*[^，,。\n]{1,30}[，,。]"
            r"|.*[，,。；;：:\s]人人都是产品经理.{0,6}(?:专栏作家|特邀作者)(?=[，,。；;、\s]|$)"
        ),
        reason="note about the author",
        firm=False,
        limit=500,
        source="in 1,424 of 6,120 files, below its heading",
    ),
    Rule(
        id="statement-source",
        place="ending",
        notice="attribution",
        pattern=re.compile(r"素材来源[：:]\s*天天问|[「“]天天问[」”]为人人都是产品经理"),
        reason="the questions come from the site's own forum",
        limit=330,
        source="in 23 of 6,120 files",
    ),
    Rule(
        id="vote",
        place="ending",
        pattern=re.compile(
            r"为我投票$|我在参加人人都是产品经理\d{4}年度|点击下方链接进入我的个人参选页面|每人(?:每天)?最多可投\d+票"
            r"|投票传送门[：:]\s*https?://"
        ),
        reason="asks for votes in the site's yearly election",
        limit=330,
        source="in 57 of 6,120 files",
    ),
    Rule(
        id="statement-attribution",
        place="ending",
        notice="attribution",
        pattern=re.compile(
            r"(?:本文)?(?:原|译|编)?(?:作者|作者简介|作者介绍|译者|来源公众号|公众号|微信公众号)\s*[：:|｜丨/／&＆@]"
            r"(?!\s*[^，,；;。（(：:|｜丨/\s]{10,}[。！？]$)"  # a sentence, not a name
            r"|(?:作者|撰文|译者|编辑)\s+[^，,。！？\s]{1,12}(?:\s+[^，,。！？\s]{1,12}){0,3}$"
            rf"|(?:{_PEOPLE})\s*(?:[：:|｜丨/／&＆@]\s*(?:https?://\S+$|{_NAMES}{{1,120}}[。.；;]?$))"
            r"|(?:微信号?|个人公众号|知乎|微博)\s*[：:|｜丨/／@]\s*[^，,。！？\n]{1,40}$"
            r"|本(?:报告|文|篇)由[^，。：！？\n]{1,40}(?:发布|出品)[。.]?$"
            r"|原文标题\s*[：:][^\n]{1,100}$|原文(?:链接|地址)?\s*[：:]$"
        ),
        reason="who wrote, translated or first published the article",
        firm=False,
        limit=400,
        source="above the licence in 3 of 4 files",
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

RULES: tuple[Rule, ...] = (*_KNOWN, *_ADVERTS, *_STATEMENTS, *_PIECES, *_AROUND, HIDDEN, LEFTOVER)
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
