"""What is known about hosts of pictures, as data: whose pages they want to be shown on, and how they name sizes.

A host that refuses strangers (hot-link protection) looks at the `Referer` of a request. The pictures
in an article were made to be seen on its own site, so that is what is sent, as browsers do: its own
site gets the address of the article, other sites the name of its site, and nobody whose answer travels in the
clear learns of a page that did not (`strict-origin-when-cross-origin` of the W3C's Referrer Policy).
Hosts which serve only the pages of one site are told that one, by a rule. Addresses that ask for a
smaller copy are first tried without that part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from article_convert.assets.guard import Refused, Target, target_of

__all__ = ["RULES", "HostRule", "originals", "referer_for"]


@dataclass(frozen=True, slots=True)
class HostRule:
    """What holds for `host` and the hosts below it.

    `referer` is sent whatever the article says, `size` matches the part of an address that asks for
    a smaller copy, `why` tells what was seen.
    """

    host: str
    referer: str = ""
    size: str = ""
    why: str = ""


_UPYUN = r"!/.*\Z"
_QINIU = r"\?image(?:View2|Mogr2)/.*\Z"
_ALIYUN = r"\?x-oss-process=image/.*\Z"

RULES = (
    HostRule("image.woshipm.com", "https://www.woshipm.com/", f"{_UPYUN}|{_ALIYUN}", "Upyun, since 2023 Aliyun"),
    HostRule("image.yunyingpai.com", "https://www.woshipm.com/", f"{_UPYUN}|{_ALIYUN}", "sister site of woshipm"),
    HostRule("static.woshipm.com", "https://www.woshipm.com/", f"{_QINIU}|{_ALIYUN}", "Qiniu"),
    HostRule("mmbiz.qpic.cn", "https://mp.weixin.qq.com/", why="answers others with a picture that says so"),
    HostRule("mmbiz.qlogo.cn", "https://mp.weixin.qq.com/", why="as mmbiz.qpic.cn"),
    HostRule("zhimg.com", "https://www.zhihu.com/", why="403 for other pages"),
    HostRule("cdn.nlark.com", "https://www.yuque.com/", _ALIYUN, "Yuque: 403 for other pages"),
    HostRule("sinaimg.cn", "https://weibo.com/", why="403 for other pages"),
    HostRule("csdnimg.cn", "https://blog.csdn.net/", _ALIYUN, "403 for other pages"),
    HostRule("upload-images.jianshu.io", "https://www.jianshu.com/", r"\?imageMogr2/.*\Z", "403 for other pages"),
    HostRule("hdslb.com", "https://www.bilibili.com/", r"@\d+w[^/]*\Z", "403 for other pages"),
    HostRule("doubanio.com", "https://www.douban.com/", why="418 for other pages"),
    HostRule("byteimg.com", "https://juejin.cn/", why="403 for other pages"),
    HostRule("36krcdn.com", "https://36kr.com/", _ALIYUN, "403 for other pages"),
)


def _rule(host: str) -> HostRule | None:
    return next((rule for rule in RULES if host == rule.host or host.endswith(f".{rule.host}")), None)


def referer_for(target: Target, page: str) -> str:
    """The `Referer` to send with a request for a picture of the article at `page`; empty for none.

    It never holds a user name, a password or a fragment.

    >>> referer_for(target_of("https://pictures.example/a.png"), "https://me:secret@site.example/page")
    'https://site.example/'
    """
    rule = _rule(target.host)
    if rule is not None and rule.referer:
        return rule.referer
    try:
        own = target_of(re.sub(r"^(https?://)[^/?#]*@", r"\1", page.strip(), flags=re.IGNORECASE))
    except Refused:
        return ""
    if own.scheme == "https" and target.scheme == "http":
        return ""
    same = (own.scheme, own.origin) == (target.scheme, target.origin)
    return str(own) if same else f"{own.scheme}://{own.origin}/"


def originals(url: str, host: str) -> tuple[str, ...]:
    """The addresses to try for a picture, the largest copy first, `url` itself last.

    >>> originals("https://image.woshipm.com/a.jpg!/both/72x72", "image.woshipm.com")
    ('https://image.woshipm.com/a.jpg', 'https://image.woshipm.com/a.jpg!/both/72x72')
    """
    rule = _rule(host)
    whole = re.sub(rule.size, "", url) if rule is not None and rule.size else url
    return (whole, url) if whole != url else (url,)
