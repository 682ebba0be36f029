# ruff: noqa: E501 - pages are printed in the long lines of their site
"""Print an article as woshipm.com would show it, in each of its themes, and as scrapers keep it.

    page(article, "g4")          a whole page of one theme, with everything that stands around an article
    page(article, "g3", filled=True, scripts=True, around=False)
                                 the same with its advert slots filled, as saved with its scripts, nothing around it
    dump(article)                the GitBook Markdown that a scraper made of the page

Both say the same, so whatever reads them must find the same article. The furniture is made up here,
with the class names of the site; the texts are our own.
"""

from __future__ import annotations

import re
from datetime import date
from html import escape
from urllib.parse import quote

from article_convert.model import (
    Article,
    Block,
    BlockQuote,
    CodeBlock,
    Emphasis,
    Figure,
    Heading,
    Image,
    Inline,
    LineBreak,
    Link,
    List,
    Metadata,
    Paragraph,
    Strong,
    Text,
)

__all__ = ["THEMES", "dump", "page"]

THEMES = ("g1", "g2", "g3", "g4", "g4-scripts", "body", "feed")


# --------------------------------------------------------------------------- the body


def html(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{inline(block.content)}</p>\n"
        case Figure():
            return f"<p>{inline((block.image,))}</p>\n"
        case Heading():
            return f"<h{block.level}>{inline(block.content)}</h{block.level}>\n"
        case BlockQuote():
            return f"<blockquote>{''.join(map(html, block.content))}</blockquote>\n"
        case CodeBlock():
            return f"<pre>{escape(block.text)}</pre>\n"
        case List():
            tag = "ol" if block.ordered else "ul"
            start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
            each = in_item if block.tight else html
            items = "".join(f"<li>{''.join(map(each, item.content))}</li>\n" for item in block.items)
            return f"<{tag}{start}>\n{items}</{tag}>\n"
    raise TypeError(type(block).__name__)


def in_item(block: Block) -> str:
    return inline(block.content) if isinstance(block, Paragraph) else html(block)


def inline(content: tuple[Inline, ...]) -> str:
    parts: list[str] = []
    for node in content:
        match node:
            case Text():
                parts.append(escape(node.text, quote=False).replace("“", "&#8220;"))
            case Strong():
                parts.append(f"<strong>{inline(node.content)}</strong>")
            case Emphasis():
                parts.append(f"<em>{inline(node.content)}</em>")
            case Link():
                parts.append(f'<a href="{escape(node.url)}" target="_blank">{inline(node.content)}</a>')
            case Image():
                parts.append(
                    f'<img class="aligncenter" src="{escape(node.url)}" alt="{escape(node.alt)}" width="900" height="420">'
                )
            case LineBreak():
                parts.append("<br>\n")
            case _:
                raise TypeError(type(node).__name__)
    return "".join(parts)


def statements(metadata: Metadata) -> list[str]:
    """What the article is known to state at its end, or else what most articles do."""
    if metadata.notices:
        headed = [["专栏作家", notice.text] if notice.kind == "about" else [notice.text] for notice in metadata.notices]
        return [line for lines in headed for line in lines]
    name = metadata.authors[0].name
    return [
        f"本文由 @{name} 原创发布于人人都是产品经理。未经作者许可，禁止转载",
        "题图来自Unsplash，基于CC0协议",
        "该文观点仅代表作者本人，人人都是产品经理平台仅提供信息存储空间服务。",
    ]


# --------------------------------------------------------------------------- pages

CARD = (
    '<a href="https://ke.qidianla.com/courses/bcpm"><img src="https://image.woshipm.com/2023/07/27/card.png">'
    "<p>需求评审怎么开</p><p>这里是一段课程介绍</p><p>查看详情 &gt;</p></a>"
)
REWARD = (
    '<div class="support-author"><div class="support-title">给作者打赏，鼓励TA抓紧创作！</div><button class="button--pay" '
    'data-post-id="{id}" data-author="{uid}" data-avatar="a.png"><svg><path d="M0"/></svg>赞赏</button></div>'
)


SLOT = '<div class="js-star yyp--fancyPost" data-id="45">{card}</div>'
SCRIPTS = (
    '<script>window.ad = "<p>这不是正文</p>"; load(45);</script><style>.x { color: red }</style>'
    '<noscript><iframe src="https://ads.example/ns.html"></iframe></noscript><template><p>{{ member }}</p></template>'
)
SURROUNDINGS = (
    '<div class="relatedPosts"><h3>猜你喜欢</h3><ul><li><a href="/pd/1.html">别的文章</a>04-253920 浏览</li></ul></div>'
    '<div class="comments-area"><h2 class="comments-title">评论</h2><ol class="comment-list"><li><div class="comment-content">'
    "<p>写得真好，收藏了。</p></div></li></ol></div>"
)


def page(
    article: Article, theme: str, *, filled: bool | None = None, scripts: bool = False, around: bool = True
) -> bytes:
    """The bytes of a page; `theme` is one of `THEMES`.

    `filled` says whether scripts have put adverts into their slots (if not given, only in the theme
    `g4-scripts`), `scripts` whether the page was saved with its scripts, styles and templates, and `around`
    whether related posts, comments and the author's card stand around the article.
    """
    filled = theme == "g4-scripts" if filled is None else filled
    printed, encoding = _PRINTERS[theme](article, SLOT.format(card=CARD if filled else ""))
    printed = printed.replace("<!--scripts-->", SCRIPTS if scripts else "")
    if not around:
        printed = re.sub(r"<!--around-->.*?<!--/around-->", "", printed, flags=re.S)
    return printed.encode(encoding)


def _content(article: Article, slot: str = "", copyright: bool = False) -> str:
    blocks = [html(block) for block in article.content]
    blocks.insert(min(3, len(blocks)), f"{slot}<!--scripts-->")
    lines = "\n".join(f"<p>{escape(line)}</p>" for line in statements(article.metadata))
    ending = f'<div class="article--copyright">{lines}</div>' if copyright else f"<p>&nbsp;</p>\n{lines}"
    return "".join(blocks) + ending


def _g4(article: Article, slot: str) -> tuple[str, str]:
    known = article.metadata
    author, stats = known.authors[0], known.stats
    avatar = author.avatar.partition("?")[0]
    tags = "".join(
        f'<a rel="tag" href="https://www.woshipm.com/tag/{quote(tag)}">{escape(tag)}</a>' for tag in known.tags
    )
    return (
        f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(known.title)} | 人人都是产品经理</title>
<script>var algolia = {{}};</script><!--scripts--></head><body><div class="header">首页 登录</div><div class="article--wrapper">
<h2 class="article--title">{escape(known.title)}</h2><div class="stream-list-meta artilce--meta2"><div class="u-flex0">
<a href="{author.url}"><img class="avatar" src="{avatar}?imageView2/1/w/72/h/72/q/100"></a></div><div class="u-flex1">
<div class="author u-flex"><a class="ui-captionStrong" href="{author.url}">{escape(author.name)}</a>
<img src="https://static.woshipm.com/tag/1101_1@2x.png "> 关注</div><div class="meta--sup"><time>{known.published}</time>
<div class="meta--sup__right">{stats.comments} 评论 <span class="dot"></span> {stats.views} 浏览 <span class="dot"></span>
{stats.collects} 收藏 <span class="dot"></span> {stats.reading_minutes} 分钟</div></div></div></div>
<div><a href="https://ke.qidianla.com/courses/90pm">🔗 零基础也能学会的方法</a></div>
<div class="article--content grap">{_content(article, slot, True)}
</div><div class="article--actions">赞赏 收藏已收藏{stats.collects} 点赞已赞{stats.likes}</div>
<section>更多精彩内容，请关注人人都是产品经理微信公众号或下载App</section><div class="taglist">{tags}</div>
<a href="https://service.weibo.com/share/share.php?appkey=1&title={escape(known.title)}&url={known.source_url}&pic={known.lead_image}">分享到微博</a>
微信扫一扫 <img alt="微信二维码" src="https://api.pwmqr.com/qrcode/create/?url={known.source_url}"> 分享</div>
<!--around--><div class="postFooterInfo"><div class="authorCard--content"><span class="authorCard--title"><a href="{author.url}">{escape(author.name)}</a>
关注</span></div><div class="authorCard--description">写字的人</div></div>{SURROUNDINGS}
<div><h3>评论</h3><ol><li>目前还没评论，等你发挥！</li></ol></div><!--/around--><!--scripts--></body></html>""",
        "utf-8",
    )


def _g3(article: Article, slot: str) -> tuple[str, str]:
    known = article.metadata
    author, stats = known.authors[0], known.stats
    reward = REWARD.format(id=known.source_url.rpartition("/")[2][:-5], uid=author.url.rpartition("/")[2])
    tags = "".join(f"<a>{escape(tag)}</a>" for tag in known.tags)
    assert isinstance(known.published, date)
    return (
        f"""<html><head><title>{escape(known.title)} | 人人都是产品经理</title><link rel=stylesheet href=/wp-content/themes/Kan/s.css>
<link rel="canonical" href="{known.source_url}"><meta charset="gbk"><!--scripts--></head><body><div class="metabar u-clearfix">快讯</div><article>
<header class="article-header"><h2>{escape(known.title)}</h2><span class="post-meta-item">{known.published:%Y/%m/%d}</span>
<span class="post-meta-item"><span class="fa fa-eye"></span>{stats.views}</span>
<span class="post-meta-item"><span class="fa fa-star"></span>{stats.collects}</span>
<span class="post-meta-item"><span class="fa fa-thumbs-up"></span>{stats.likes}</span></header>
<div class="grap">{_content(article, reward + slot)}</div></article><div class="taglist">{tags}</div>
<div class="card"><img class="avatar" src="x"><div class="u-overflowHidden"><a href="{author.url}">{escape(author.name)}</a></div></div>
<!--around-->{SURROUNDINGS}<!--/around--><!--scripts--></body></html>""",
        "gb18030",
    )


def _g2(article: Article, slot: str) -> tuple[str, str]:
    known = article.metadata
    author, stats = known.authors[0], known.stats
    tags = "".join(f'<a rel="tag" href="/tag/x">{escape(tag)}</a>' for tag in known.tags)
    return (
        f"""<html><head><meta charset="utf-8"><title>{escape(known.title)} | 人人都是产品经理</title></head><body>
<div class="contianer post-article"><article class="single-article post"><header class="entry-header">
<h2 class="post-title">{escape(known.title)}</h2><div class="post-meta"><time>{known.published}</time><span class="post-views">阅读
<span>{stats.views}</span></span><span class="post-comment-count">评论 {stats.comments}</span><span class="post-mark">收藏
<span>{stats.collects}</span></span></div></header><!--scripts--><div class="post-top-ad">成长计划<a href="http://y0.cn/a">查看详情</a></div>
<div class="entry-content">{_content(article, slot)}</div></article><div class="support-author">打个赏吧</div>
<div class="post-actions">收藏 | {stats.collects} 赞 | {stats.likes} <a class="share-weibo"
href="http://service.weibo.com/share/share.php?url={known.source_url}&title={quote(known.title)}">分享到微博</a></div>
<div class="post-tags">{tags}</div><!--around--><div class="post-ads"><a href="http://y0.cn/b"><img src="http://y0.cn/b.png"></a></div>{SURROUNDINGS}
<h2>推荐阅读</h2><div class="promote-posts"><a href="/pd/2.html">另一篇</a></div><!--/around-->
<div class="author-board"><h3 class="auhtor-title"><a href="{author.url}">{escape(author.name)}</a></h3></div></div></body></html>""",
        "utf-8",
    )


def _g1(article: Article, slot: str) -> tuple[str, str]:
    known = article.metadata
    content = _content(article, slot).replace("<p>", '<p style="margin:5px 15px 10px;text-indent:2em;">')
    return (
        f"""<html><head><meta charset="gb2312"><title>{escape(known.title)} | 人人都是产品经理</title>
<link rel="stylesheet" href="http://www.woshipm.com/wp-content/themes/woshipm-2015/style.css"><link rel="canonical"
href="{known.source_url}"><!--scripts--></head><body><div class="top"><a href="/">首页</a></div><div class="con">{content}</div>
<!--around-->{SURROUNDINGS}<!--/around--><div class="sidebar"><ul><li><a href="/1.html">热门</a></li></ul></div></body></html>""",
        "gb18030",
    )


def _body(article: Article, slot: str) -> tuple[str, str]:
    return _content(article, slot), "utf-8"


def _feed(article: Article, slot: str) -> tuple[str, str]:
    known = article.metadata
    return (
        f"""<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><item><title>{escape(known.title)}</title><link>{known.source_url}</link><dc:creator><![CDATA[{known.authors[0].name}]]>
</dc:creator><category>{known.category}</category><content:encoded><![CDATA[{_content(article, slot, copyright=True)}]]></content:encoded>
</item></channel></rss>""",
        "utf-8",
    )


_PRINTERS = {"g1": _g1, "g2": _g2, "g3": _g3, "g4": _g4, "g4-scripts": _g4, "body": _body, "feed": _feed}


# --------------------------------------------------------------------------- the scraper's Markdown


def markdown(block: Block, indent: str = "") -> str:
    match block:
        case Paragraph():
            return indent + line_of(block.content) + "\n\n"
        case Figure():
            return spoken((block.image,)) + "\n\n"
        case Heading():
            return f"{'#' * block.level} {line_of(block.content)}\n\n"
        case BlockQuote():
            inner = "".join(markdown(each) for each in block.content).rstrip("\n")
            return "\n".join(f"> {line}" for line in inner.split("\n")) + "\n\n"
        case CodeBlock():
            return f"```\n{block.text}\n```\n\n"
        case List():
            lines = [
                f"{f'{block.start + number}.  ' if block.ordered else '*   '}{line_of(item.content[0].content)}\n"  # type: ignore[union-attr]
                for number, item in enumerate(block.items)
            ]
            return "".join(lines) + "\n"
    raise TypeError(type(block).__name__)


def line_of(content: tuple[Inline, ...]) -> str:
    """`spoken`, with what would begin a block escaped, as turndown does it."""
    made = re.sub(r"^(\d+)\. ", r"\1\\. ", spoken(content), flags=re.M)
    return re.sub(r"^([-+#>=])", r"\\\1", made, flags=re.M)


def spoken(content: tuple[Inline, ...]) -> str:
    parts: list[str] = []
    for node in content:
        match node:
            case Text():
                parts.append(re.sub(r"([\\*_`\[\]])", r"\\\1", node.text))
            case Strong():
                parts.append(f"**{spoken(node.content)}**")
            case Emphasis():
                parts.append(f"_{spoken(node.content)}_")
            case Link():
                parts.append(f"[{spoken(node.content)}]({node.url})")
            case Image():
                parts.append(f"![]({node.url})")
            case LineBreak():
                parts.append("  \n")
            case _:
                raise TypeError(type(node).__name__)
    return "".join(parts)


def dump(article: Article) -> bytes:
    """The newest shape of the scraper's Markdown, with byline, advert, course card, statements and share bar."""
    known = article.metadata
    author, stats = known.authors[0], known.stats
    blocks = [markdown(block) for block in article.content]
    card = (
        "[![](https://image.woshipm.com/2023/07/27/card.png)\n\n需求评审怎么开\n\n这里是一段课程介绍\n\n查看详情 >\n\n]"
        "(https://ke.qidianla.com/courses/bcpm)\n\n"
    )
    blocks.insert(min(3, len(blocks)), card)
    tags = "\n\n".join(f"[{tag}](https://www.woshipm.com/tag/{quote(tag)})" for tag in known.tags)
    return f"""# {known.title}
{{% hint style="info" %}}
**Category:** {known.category}
**Author:** [{author.name}]({author.url})
**Published:** {known.published}{"  "}
**Stats:** 👁️ {stats.views} views | 💬 {stats.comments} comments | ⭐ {stats.collects} collects
**Tags:** {" ".join(f"`{tag}`" for tag in known.tags)}
**Original:** [View on woshipm.com]({known.source_url})
{{% endhint %}}
> {known.summary.partition(chr(10))[0]}

---
## {known.title}

[![]({author.avatar}?imageView2/1/w/72/h/72/q/100)]({author.url})

[{author.name}]({author.url}) ![](https://static.woshipm.com/tag/1101_1@2x.png) 关注

{known.published}

{stats.comments} 评论 {stats.views} 浏览 {stats.collects} 收藏 {stats.reading_minutes} 分钟

[🔗 零基础也能学会的方法](https://ke.qidianla.com/courses/90pm)

{"".join(blocks)}{chr(10).join(line + chr(10) for line in statements(known))}
赞赏 收藏已收藏{stats.collects} 点赞已赞{stats.likes}

更多精彩内容，请关注人人都是产品经理微信公众号或下载App

{tags}

[分享到微博](https://service.weibo.com/share/share.php?appkey=1&title={known.title}&url={known.source_url}&pic={known.lead_image})

微信扫一扫

![微信二维码](https://api.pwmqr.com/qrcode/create/?url={known.source_url})

分享
""".encode()
