"""Furniture that a reader would complain about, found by patterns that owe nothing to the library's rules.

A family looks at the addresses of links and pictures, or at lines of text: anywhere, among the first
ones or among the last ones. It is as wide as it may be without meeting what authors write themselves;
the hand labels (`quality.labels`) judge what stands between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from article_convert.model import Article, Block, BlockQuote, Heading, Image, Link, Paragraph, Text
from article_convert.tree import text_of, walk

END = 5
"""So many lines are the head of an article, and so many its end."""


ANYWHERE = {
    "share bar": r"点赞已赞|收藏已收藏|^微信扫一扫$|^分享到(?:微博|微信)|更多精彩内容，请关注",
    "counters": r"\d+ 评论 \d+ 浏览|^关注\s*(?:\d{4}-\d\d-\d\d)?$|关注\s*\d{4}-\d\d-\d\d\s*\d",
    "course advert": r"查看详情 ?>|^🔗|🔗$",
    "storage statement": r"平台仅提供信息存储空间|观点仅代表作者本人，人人",
    "publishing statement": r"发布于人人都是产品经理|[，。]\s*(?:禁止|不得)转载。?$",
    "cover": r"^[（(]?题图(?:来|由|源|：|:|/)|基于\s*CC[0O]\s*协议",
    "votes": r"为我投票|投票传送门|个人参选页面|最多可投\s*\d+\s*票|\d{4}年?度(?:作者)?评选",
    "reward": r"给作者打赏|鼓励TA抓紧创作|^赞赏$|^(?:打赏|赞赏)作者",
    "question of the day": r"^.{0,4}素材来源：?天天问|^.{0,2}「?天天问」?(?:为|是)人人都是",
    "programme": r"^[#＃]?本文为.{0,12}《原创激励计划》出品",
    "neighbours": r"^(?:猜你喜欢|目前还没评论|热门文章|随机推荐|相关推荐)",
}
AT_THE_HEAD = {
    "abstract": r"^(?:编辑|小编)导[语读][：:]",
}
AT_THE_END = {
    "licence": r"^本(?:文|篇|报告).{0,60}(?:授权|转载|发布|投稿)|未经.{0,6}(?:许可|授权|允许).{0,12}(?:转载|使用|复制)",
    "columnist": r"专栏作家(?:。|，|#|$|\s)|^(?:特邀|签约|驻站)作者$|合作媒体 ?@",
    "biography": r"^.{1,24}[，,；;]\s*(?:个人|微信)?公众号[:：]|^(?:来源|微信)?公众号\s*[:：|｜]",
    "attribution": r"^(?:原?作者(?:&编辑)?|撰文|文|编辑|责编|译者|监制|出品)\s*[:：|｜丨/]\s*\S",
    "original": r"^原文(?:标题|作者|链接|地址)|^来源[:：]http",
    "follow": r"^[+＋]\s*关注$|(?:长按|扫描|识别).{0,8}二维码.{0,4}(?:关注|加入)|^点击.{0,12}关注",
}
ADDRESSES = {
    "course address": r"(?:\bke|www)\.qidianla\.com|//y0\.cn\b|//996\.pm\b",
    "QR code": r"api\.pwmqr\.com|/qrcode/create",
    "share address": r"service\.weibo\.com/share|//(?:connect|sns)\.qq\.com/.*share",
    "tag": r"www\.woshipm\.com/tag/",
    "badge or avatar": r"static\.woshipm\.com/tag/|imageView2/1/w/72\b|/woshipm_def_head_",
}


def left_over(article: Article) -> str:
    """The first piece of furniture in a cleaned article as `family: what`, or nothing."""
    return next(_found(article), "")


def unnoticed(pieces: Iterable[str]) -> str:
    """The first of the pieces cut from an article that none of the families would find, or nothing."""
    for piece in pieces:
        paragraphs: tuple[Block, ...] = tuple(Paragraph((Text(line),)) for line in piece.split("\n"))
        # Two paragraphs more: a page of a single line is looked at in another way.
        if not left_over(Article((Paragraph((Text("·"),)), Paragraph((Text("·"),)), *paragraphs))):
            return piece
    return ""


def _found(article: Article) -> Iterator[str]:
    addresses = [node.url for node in walk(article) if isinstance(node, (Link, Image))]
    lines = [line.strip() for line in text_of(article).split("\n") if line.strip()]
    if len(lines) == 1:
        lines = lines[0].split()  # saved as a single line: what were lines are parted by spaces
    looks = ((ADDRESSES, addresses), (ANYWHERE, lines), (AT_THE_HEAD, lines[:END]), (AT_THE_END, lines[-END:]))
    for families, said in looks:
        for name, pattern in families.items():
            for each in said:
                if m := re.search(pattern, each):
                    yield f"{name}: {each[m.start() :][:60]}"
    yield from _repeated(article)


def _repeated(article: Article) -> Iterator[str]:
    """Title, abstract or author's name once more at the beginning."""
    known = article.metadata
    writers = {_plain(author.name) for author in known.authors}
    for block in article.content[:3]:
        said = _plain(text_of(block))
        if isinstance(block, Heading) and said == _plain(known.title):
            yield "second title"
        elif isinstance(block, BlockQuote) and said and said == _plain(known.summary):
            yield "second abstract"
        elif said in writers:
            yield "author card"


def _plain(text: str) -> str:
    return "".join(text.split())
