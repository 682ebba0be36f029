"""The statements that end an article: who wrote it, who may copy it, where its picture comes from.

A pattern is matched against a line, and against the same line in simplified characters, without signs that only
decorate it and without spaces between Chinese characters (`transforms.lines`). Patterns of whole lines are made of
clauses: a line is a statement if each of its clauses is one, so a sentence about copyright is none.
"""

from __future__ import annotations

import re

from article_convert.rules.record import Rule

__all__ = ["STATEMENTS"]

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
    rf"(?:(?:[本该此原](?:篇?文章|文|篇|译文|内容)|文(?=[由系@]))\s*(?:已获[^。\n]{{0,20}}授权[，,]\s*)?"
    rf"(?:由|系|为|经|是)?\s*{_BY}|@[^，,。：:！？；\n]{{1,40}}?)?"
    rf"{_MADE}[/／、\s]*{_MADE}?[/／、，,并\s]*(?:发布|投稿|首发|发表|刊发)?\s*[于在]?\s*[「“]?{_SITE}[」”]?(?:平台|社区|网站?)?"
    rf"[，,。；;\s]*(?:{_COPYING}[^\n]{{0,80}})?$",
    rf"本?文?由?\s*@[^\n]{{1,80}}?{_MADE}[^。\n]{{0,20}}{_SITE}[^\n]{{0,60}}$",
    rf"本文系?由?{_SITE}[^，,。：:！？\n]{{0,40}}(?:{_MADE}|发布)[^，。\n]{{0,12}}(?:[，,。]\s*未经[^\n]{{0,40}})?$",
    # 本文由 @X 原创，未经许可，禁止转载
    rf"(?:本文|文由|@)[^。：:！？\n]{{0,100}}(?:{_MADE}|发布)[^。：:！？\n]{{0,40}}[，,。]\s*(?:未经|禁止|不得)[^\n]{{0,40}}$",
    rf"本文由?\s*@[^，,。\n]{{1,40}}?\s*{_MADE}(?:发布|投稿)?[。.]?$",
    r"[#＃]?本文为人人都是产品经理《原创激励计划》出品[。.]?$",
    r"本文出自\s*产品经理\s*\S{1,20}$",
)
# Who may copy it, where its rights are, and whose opinion it is: clauses that together make up a whole line.
_COPY = r"(?:转载|摘编|抄袭|复制|引用|使用|转发|传播|商用)"
_RIGHTS = (
    r"(?:版权|著作权|郑重)声明[：:]?",
    r"(?:本|此|该)(?:文章|文|篇|作品)(?:为|系|是|由|采用)?(?:作者|博主)?(?:的)?原创(?:文章|作品|内容|首发)?",
    r"(?:本文|文章|作品|内容|原文)?的?(?:版权|著作权)(?:归|属于?|为)[^，,。；;！!：:\n]{1,20}所有",
    r"(?:©|Copyright ?©?)[^，,。；;：:\n]{0,40}?(?:版权所有|All rights reserved\.?|保留(?:所有|一切|全部)权利)",
    r"版权所有|(?:侵权|违者|翻版)必究|All rights reserved\.?|Do not (?:reproduce|copy|republish)[^,:\n]{0,40}",
    r"(?:如|如需|若需|如要|任何)?(?:非?商业)?" + _COPY + r"(?:本文)?(?:请|须|需|务必|敬请)(?:务必)?"
    r"(?:注明|标明|保留|附上|联系|获得|取得|征得)[^，,。；;！!：:\n]{0,20}",
    r"并?(?:注明|标明|附上|保留)(?:作者|出处|来源|原文|链接)[^，,。；;！!：:\n]{0,16}",
    r"未经[^，,。；;！!：:\n]{0,10}?(?:许可|授权|允许|同意)",
    r"(?:禁止|不得|严禁|请勿|谢绝)(?:以?任何形式的?|擅自|随意|二次|商业)?(?:进行)?"
    + _COPY
    + r"(?:[、或]"
    + _COPY
    + r")*",
    r"如有侵权[，,]?请?(?:联系|告知)[^，,。；;！!：:\n]{0,12}",
)
_OPINION = (
    r"(?:本文|文章|该文|以上)(?:内容|观点)*[仅只]代表作者(?:本人|个人)?的?(?:观点|立场|看法|意见)?",
    r"不代表[^，,。；;！？!?：:\n]{0,14}(?:立场|观点)|与本?(?:平台|网?站|公众号)无关",
)
_ACCOUNT = r"(?:微信)?(?:公众号|视频号|订阅号|服务号)"
_NAME = r"(?:[：:] ?[^，,。！？!?；;：:\n]{1,20}|[「【“《][^\n」】”》]{1,20}[」】”》])"
_CALLS = (
    r"点击[「“【]?阅读原文[」”】]?(?:[，,]?查看更多)?",
    rf"(?:扫码|扫描|长按|识别|点击)+(?:下方|上方|下面|文末|图中)?(?:的?二维码)?(?:关注|加入|订阅)?(?:我们?|作者|{_ACCOUNT}{_NAME}?)?",
    rf"(?:欢迎|请|记得|快来)?(?:点击)?(?:关注|订阅)(?:我们?|作者)?的?(?:个人)?{_ACCOUNT}{_NAME}?",
    r"(?:点击)?关注(?:我们?|作者)",
    rf"微信搜索{_NAME}",
    r"不错过每一篇[^，,。！？!?\n]{0,8}",
    r"(?:如果)?(?:觉得|喜欢)(?:这篇|本)?(?:文章|内容)?(?:不错|有用|有帮助|有收获|喜欢)?",
    r"(?:就|欢迎|请|记得)*(?:点个?|给个)?(?:点赞|赞|在看|收藏|转发|分享|打赏|赞赏|留言)(?:[、+＋/和与](?:点赞|在看|收藏|转发|分享|打赏))*"
    r"(?:一?下)?(?:作者|我们?)?(?:吧|哦|哟)?",
    r"一键三连|更多精彩内容",
    r"加我?微信[A-Za-z0-9_-]{5,20}|拉你进群|Follow me on WeChat: ?[^,.\n]{1,30}",
)
_END = r"(?:(?:THE )?END|The End|\(?完\)?|（完）|全文完)$"
_STOPS = r"[，,。；;！!.~～\s]*"


def _made_of(clauses: tuple[str, ...]) -> re.Pattern[str]:
    """A line in which every clause is one of `clauses`."""
    return re.compile(rf"(?:(?>{'|'.join(clauses)}){_STOPS})+$")


_PEOPLE = (
    r"文|撰文|作?图|编译|编辑|责编|美编|责任编辑|采访|策划|监制|排版|校对|审核|审校|出品|出品人|数据支持|封面|插图|制图|"
    r"作者&编辑|文字|主编|整理|来源|(?:内容|文章)来源|原文|原文标题|原文链接|原文地址"
)

STATEMENTS: tuple[Rule, ...] = (
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
        id="statement-disclaimer",
        place="ending",
        notice="disclaimer",
        pattern=_made_of(_OPINION),
        reason="a site says that the opinion is the author's",
        firm=False,
        limit=80,
        source="what other sites write instead",
    ),
    Rule(
        id="statement-licence",
        place="ending",
        notice="licence",
        pattern=_made_of(_RIGHTS),
        reason="who may copy the article",
        firm=False,
        limit=120,
        source="what authors and other sites write",
    ),
    Rule(
        id="statement-follow",
        place="ending",
        pattern=re.compile(f"(?:{_made_of(_CALLS).pattern}|{_END})"),
        reason="asks to follow, to like or to share, or says that the article ends",
        firm=False,
        limit=60,
        source="what authors take along from other sites, above the statements of this one",
    ),
    Rule(
        id="statement-cover",
        place="ending",
        notice="cover",
        pattern=re.compile(
            r"[（(]?(?:本文)?题图(?:作者)?(?:均)?(?:由|来自于?|来源于?|来|源自|为|提供|[:：/／])\s*"
            r"[^，,。！？；\n]{0,60}(?:[，,。]?\s*[^，,。\n]{0,12}(?:CC|cc|协议)[^，,。\n]{0,12})?[。.）)，,；;]*$"
            r"|题图作者(?:提供|投稿)[。.]?$"
            r"|题图(?:来源|来自|出处)?(?:[：:/／]|by )\s*(?:来自)?"
            r"[^，,。！？；\n]{1,40}(?:[，,]\s*基于.{0,12})?[。.）)]*$"
            r"|(?:封面图?|头图|首图)(?:来源于?|来自于?|[：:])\s*"
            r"(?:Unsplash|Pexels|Pixabay|[^，,。\n]{1,20}[，,]?基于\s*CC)[^\n]{0,16}$"
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
            r"(?:本文)?(?:原|译|编)?(?:作者|作者简介|作者介绍|译者|Author|(?:来源|首发)?公众号|微信公众号)\s*[：:|｜丨/／&＆@]"
            r"(?!\s*[^，,；;。（(：:|｜丨/\s]{10,}[。！？]$)"  # a sentence, not a name
            r"|(?:作者|撰文|译者|编辑)\s+[^，,。！？\s]{1,12}(?:\s+[^，,。！？\s]{1,12}){0,3}$"
            rf"|(?:{_PEOPLE})\s*(?:[：:|｜丨/／&＆@]\s*(?:https?://\S+$|{_NAMES}{{1,120}}[。.；;]?$))"
            r"|(?:微信号?|个人公众号|知乎|微博)\s*[：:|｜丨/／@]\s*[^，,。！？\n]{1,40}$"
            r"|【(?:[原译编]?作者|译者|[责美]?编辑?)】[^，,。！？：:\n]{1,30}$"
            r"|本(?:报告|文|篇)由[^，。：！？\n]{1,40}(?:发布|出品)[。.]?$"
            r"|原文标题\s*[：:][^\n]{1,100}$|原文(?:链接|地址)?\s*[：:]$"
        ),
        reason="who wrote, translated or first published the article",
        firm=False,
        limit=400,
        source="above the licence in 3 of 4 files",
    ),
)
