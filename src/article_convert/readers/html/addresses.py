"""Addresses on a page: made absolute where the page says what they are relative to, and led past redirectors."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

from article_convert.readers.html.parse import Element
from article_convert.readers.html.select import select

__all__ = ["direct", "leads_on", "link_reader", "link_targets", "picture_reader"]

# Pages that only lead on: host, the beginning of the path, and the parameter that holds the address.
_REDIRECTORS = (
    ("link.zhihu.com", "/", "target"),
    ("link.juejin.cn", "/", "target"),
    ("link.csdn.net", "/", "target"),
    ("links.jianshu.com", "/go", "to"),
    ("link.jianshu.com", "/", "t"),
    ("www.jianshu.com", "/go-wild", "url"),
    ("sspai.com", "/link", "target"),
    ("www.oschina.net", "/action/gotolink", "url"),
    ("gitee.com", "/link", "target"),
    ("www.douban.com", "/link2", "url"),
    ("weibo.cn", "/sinaurl", "u"),
    ("www.google.com", "/url", "q"),
    ("www.google.com", "/url", "url"),
    ("l.facebook.com", "/l.php", "u"),
    ("slack-redir.net", "/link", "url"),
    ("www.youtube.com", "/redirect", "q"),
    ("c.pc.qq.com", "/", "pfurl"),
    ("support.weixin.qq.com", "/cgi-bin/mmsupport-bin/readtemplate", "url"),
)
_LEADS_ON = re.compile(f"https?://(?:{'|'.join(sorted({re.escape(host) for host, _, _ in _REDIRECTORS}))})/", re.I)
_WEB = re.compile(r"https?://", re.I)


def leads_on(url: str) -> bool:
    """Whether `url` is on a host whose pages may only lead on."""
    return _LEADS_ON.match(url) is not None


def direct(url: str) -> str:
    """Where a redirector leads, or `url` itself.

    >>> direct("https://link.zhihu.com/?target=https%3A//example.org/a")
    'https://example.org/a'
    """
    for _ in range(3):
        further = _led_on(url)
        if not further:
            break
        url = further
    return url


def _led_on(url: str) -> str:
    if not _LEADS_ON.match(url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
        query = parse_qs(parts.query)
    except ValueError:
        return ""
    for redirector, path, parameter in _REDIRECTORS:
        if host == redirector and (parts.path or "/").lower().startswith(path):
            target = query.get(parameter, [""])[0]
            if "%3a" in target[:10].lower():
                target = unquote(target)
            if _WEB.match(target):
                return target
    return ""


def link_reader(base: str, page: str = "") -> Callable[[str], str]:
    """What makes the address of a link absolute against `base`, if there is one, and leads it past redirectors.

    `page` is the address of the page itself: a link to a place on it becomes `#place`.
    """
    bare = page.partition("#")[0]

    def link(url: str) -> str:
        url = url.strip()
        if url.startswith("#"):
            return "#" + unquote(url[1:])
        url = joined(base, url)
        if bare and url.startswith(bare + "#"):
            return "#" + unquote(url[len(bare) + 1 :])
        return direct(url)

    return link


def picture_reader(base: str) -> Callable[[str], str]:
    """What makes the address of a picture absolute; pictures beside the saved page keep their relative address."""

    def picture(url: str) -> str:
        url = url.strip()
        return joined(base, url) if url.startswith("/") else url

    return picture


def joined(base: str, url: str) -> str:
    """`url` absolute; without `base` only `//host` gets a scheme."""
    if url.startswith("//"):
        return "https:" + url
    if not base or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url):
        return url
    try:
        return urljoin(base, url)
    except ValueError:
        return url


def link_targets(place: Element, page: str = "") -> frozenset[str]:
    """The ids on this page that links in `place` lead to."""
    bare = page.partition("#")[0]
    targets: set[str] = set()
    for link in select(place, "a[href*='#']"):
        address, _, fragment = (link.get("href") or "").strip().partition("#")
        if fragment and (not address or address == bare):
            targets.update((fragment, unquote(fragment)))
    return frozenset(targets)
