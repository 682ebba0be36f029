"""Read what a page of the site says about its article: every field, its fallbacks in order, and the origin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from urllib.parse import parse_qs, unquote, urlsplit

from article_convert.columns import column_in
from article_convert.model import Author, BlockQuote
from article_convert.readers.html.head import Fields, Head, date_in, names_in, number
from article_convert.readers.html.parse import Element
from article_convert.readers.html.select import Index, first, select, text_in
from article_convert.report import Report
from article_convert.tree import text_of

__all__ = ["SOURCES", "Page", "abstract_of", "address_of", "fields_of", "number", "original"]

CHINA = timezone(timedelta(hours=8))
"""The site prints times without a zone; they are those of China."""

_TITLE_SUFFIX = re.compile(r"\s*[|｜–—-]\s*人人都是产品经理\s*\Z")
_ARTICLE_PATH = re.compile(r"/([a-z][a-z-]*)/(\d+)\.html")
_SITE = re.compile(r"(?:https?:)?//(?:www\.|api\.)?woshipm\.com(?=[/?])", re.I)
_AGO = re.compile(r"(刚刚|昨天|前天)|(\d+)\s*(秒|分钟|小时|天|周|个月|月|年)前")
_SIZED = re.compile(r"!/.*\Z|\?(?:imageView2/|imageMogr2/|x-oss-process=).*\Z", re.S)
_OWN_HOSTS = re.compile(
    r"https?://(?:image\.woshipm\.com|img\.woshipm\.com|avatar\.woshipm\.com|static\.woshipm\.com"
    r"|image\.yunyingpai\.com|static\.qidianla\.com|liangcang-prod\.oss-cn-hangzhou\.aliyuncs\.com)/"
)
_PROXY = re.compile(r"\Ahttps://cors\.zfour\.workers\.dev/\?(?=https?:)")


@dataclass(slots=True)
class Page:
    """A page with its head, the day it was saved if that is known, and where to report.

    `share` holds the parameters of the link that shares the article on Weibo.
    """

    index: Index
    head: Head
    saved: date | None
    report: Report
    share: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.share = _share_link(self.index)


def fields_of(page: Page, body: Element, fields: Fields) -> None:
    """Fill `fields`; what is already there stays."""
    share = page.share
    _title(page, share, fields)
    _authors(page, fields)
    _published(page, fields)
    _counters(page, fields)
    _tags(page, fields)
    address = address_of(page)
    fields.put("source_url", address, _address_origin(page))
    fields.put("source_url", _address_by_id(page), "data-post-id")
    fields.put("category", column_in(fields.values.get("source_url", "")), "source_url")
    fields.put("lead_image", "" if body.find(".//img") is not None else original(share.get("pic", "")), "share link")
    fields.put("site", "woshipm.com", "reader")
    fields.put("language", _language(page.head.language), "html lang")


def _language(lang: str) -> str:
    """The site names its language `zh-CN` or `zh-Hans`, which are the same."""
    return "zh-CN" if lang.lower() in {"zh", "zh-cn", "zh-hans", "zh-hans-cn"} else lang


# --------------------------------------------------------------------------- title


_TITLES = ("h2.article--title", ".article-header h2", ".entry-header h2", "h2.post-title", ".entry-title")


def _title(page: Page, share: dict[str, str], fields: Fields) -> None:
    for selector in _TITLES:
        found = select(page.index, selector)
        if len(found) == 1:
            fields.put("title", text_in(found[0]), selector)
    fields.put("title", _without_suffix(share.get("title", "")), "share link")
    fields.put("title", _without_suffix(page.head.meta.get("og:title", "")), "og:title")
    headline = page.head.json_ld.get("headline")
    fields.put("title", _without_suffix(headline if isinstance(headline, str) else ""), "json-ld")
    fields.put("title", _without_suffix(page.head.title), "title element")


def _without_suffix(title: str) -> str:
    return _TITLE_SUFFIX.sub("", " ".join(title.split()))


def _share_link(index: Index) -> dict[str, str]:
    """The parameters of the link that shares the article on Weibo: `title`, `url` and `pic`, often not encoded."""
    for link in select(index, "a[href*='service.weibo.com/share']"):
        query = (link.get("href") or "").partition("?")[2]
        found: dict[str, str] = {}
        for piece in re.split(r"&(?=(?:amp;)?(?:appkey|title|url|pic|ralateUid|searchPic)=)", query):
            name, equals, value = piece.removeprefix("amp;").partition("=")
            if equals:
                found.setdefault(name, unquote(value.replace("+", " ") if "%" in value else value).strip())
        return found
    return {}


# --------------------------------------------------------------------------- author

_NAMES = (
    ".stream-list-meta .author a.ui-captionStrong",
    ".stream-list-meta a.ui-captionStrong",
    ".authorCard--title a",
    ".author-board h3 a",
    ".post-meta .author a",
    ".u-overflowHidden a[href*='/u/']",
)
_AVATARS = (".stream-list-meta img.avatar", ".postFooterInfo img.avatar", ".author-board img")


def _authors(page: Page, fields: Fields) -> None:
    avatar = next((_source(img) for selector in _AVATARS for img in select(page.index, selector) if _source(img)), "")
    button = first(page.index, "button.button--pay[data-author]")
    if not avatar and button is not None:
        avatar = button.get("data-avatar") or ""
    number_url = f"https://www.woshipm.com/u/{button.get('data-author')}" if button is not None else ""
    for selector in _NAMES:
        link = first(page.index, selector)
        name = re.sub(r"\s*关注\Z", "", text_in(link))
        if link is not None and name:
            url = _on_site(link.get("href") or "") or number_url
            fields.put("authors", (Author(name, url, original(avatar)),), selector)
    for name, url in names_in(page.head.json_ld.get("author")):
        fields.put("authors", (Author(name, _on_site(url) or number_url, original(avatar)),), "json-ld")
    name = page.head.meta.get("author", "")
    if name:
        fields.put("authors", (Author(name, number_url, original(avatar)),), "meta author")


def _source(img: Element) -> str:
    return (img.get("src") or img.get("data-src") or img.get("data-original") or "").strip()


def _on_site(url: str) -> str:
    url = url.strip()
    if url.startswith("//"):
        return "https:" + url
    return "https://www.woshipm.com" + url if url.startswith("/") else url


# --------------------------------------------------------------------------- date

_DATES = (
    ".meta--sup time",
    ".stream-list-meta time",
    ".post-meta time",
    ".post-meta-item",
    ".article-header time",
    "time[itemprop=datePublished]",
)


def _published(page: Page, fields: Fields) -> None:
    unclear = ""
    for selector in _DATES:
        element = first(page.index, selector)
        text = text_in(element)
        when = date_in(text, zone=CHINA) or _ago(text, page.saved)
        if when is None and element is not None and element.get("datetime"):
            when = date_in(element.get("datetime") or "", zone=CHINA)
        fields.put("published", when, selector)
        unclear = unclear or text
    for name in ("article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate"):
        fields.put("published", date_in(page.head.meta.get(name, ""), zone=CHINA), name)
    for key, name in (("datePublished", "published"), ("dateModified", "modified")):
        value = page.head.json_ld.get(key)
        fields.put(name, date_in(value, zone=CHINA) if isinstance(value, str) else None, "json-ld")
    modified = page.head.meta.get("article:modified_time", "")
    fields.put("modified", date_in(modified, zone=CHINA), "article:modified_time")
    if unclear and "published" not in fields.values:
        page.report.add("metadata.bad-date", f"the date {unclear[:40]!r} was not understood; name the day of saving")
        fields.put("extra", (("published", unclear[:80]),), "page")


def _ago(text: str, saved: date | None) -> date | None:
    """The day that `3天前` means on a page saved on the day `saved`."""
    match = _AGO.search(text)
    if match is None or saved is None:
        return None
    if match[1]:
        return saved - timedelta(days={"刚刚": 0, "昨天": 1, "前天": 2}[match[1]])
    days = {"天": 1, "周": 7, "个月": 30, "月": 30, "年": 365}.get(match[3], 0)
    return saved - timedelta(days=min(int(match[2][:6]) * days, 20_000))


# --------------------------------------------------------------------------- counters

_WORDS = {"comments": "评论", "views": "浏览|阅读", "collects": "收藏", "reading_minutes": "分钟"}
_ICONS = {"fa-eye": "views", "fa-star": "collects", "fa-thumbs-up": "likes"}


_ACTIONS = (".article--actions", ".article--bottomActions", ".post-actions")


def _counters(page: Page, fields: Fields) -> None:
    row = text_in(first(page.index, ".meta--sup__right"))
    if not row:  # a scraped row: the date may touch the first counter (`2024-10-272 评论`)
        row = re.sub(r"\d{4}-\d\d-\d\d", " ", text_in(first(page.index, ".meta--sup")))
    for name, word in _WORDS.items():
        match = re.search(rf"([\d.,]+\s*[kKwW千万]?)\s*(?:{word})", row)
        fields.put(name, number(match[1]) if match else None, ".meta--sup__right")
    for item in select(page.index, ".post-meta-item"):
        for icon, name in _ICONS.items():
            if first(item, f".{icon}") is not None:
                fields.put(name, number(text_in(item)), ".post-meta-item")
    for selector, name in ((".post-views", "views"), (".post-comment-count", "comments"), (".post-mark", "collects")):
        fields.put(name, number(text_in(first(page.index, selector))), selector)
    for selector in _ACTIONS:
        for bar in select(page.index, selector):
            text = text_in(bar)
            for name, pattern in (
                ("likes", r"(?:已赞|赞\s*\|)\s*(\d+)"),
                ("collects", r"(?:已收藏|收藏\s*\|)\s*(\d+)"),
            ):
                match = re.search(pattern, text)
                fields.put(name, int(match[1][:12]) if match else None, selector)


# --------------------------------------------------------------------------- tags, address


_TAGS = ("div.taglist a", ".taglist a", ".post-tags a")


def _tags(page: Page, fields: Fields) -> None:
    for selector in _TAGS:
        tags = (text_in(link) for link in select(page.index, selector))
        fields.put("tags", tuple(dict.fromkeys(tag for tag in tags if tag)), selector)
    words = re.split(r"[,，、;；]", page.head.meta.get("keywords", ""))
    keywords = tuple(dict.fromkeys(word.strip() for word in words if word.strip()))
    fields.put("tags", keywords, "meta keywords")


def _addresses(page: Page) -> list[tuple[str, str]]:
    """Everything that may be the address of the page, most trustworthy first, with its origin."""
    found = [(page.share.get("url", ""), "share link")]
    for img in select(page.index, "img[src*='qrcode/create']"):
        found.append((unquote((img.get("src") or "").partition("url=")[2]), "qr code"))
    found += [
        (page.head.canonical, "canonical"),
        (page.head.meta.get("og:url", ""), "og:url"),
        (page.head.saved_from, "saved from"),
    ]
    value = page.head.json_ld.get("url")
    return [*found, (value if isinstance(value, str) else "", "json-ld")]


def address_of(page: Page) -> str:
    """The canonical address of the article, or `""`: https, `www`, without tracking or comment pages."""
    return next((_canonical(url) for url, _ in _addresses(page) if _canonical(url)), "")


def _address_origin(page: Page) -> str:
    return next((origin for url, origin in _addresses(page) if _canonical(url)), "")


def _canonical(url: str) -> str:
    if not _SITE.match(url):
        return ""
    path = _ARTICLE_PATH.search(url)
    if path:
        return f"https://www.woshipm.com/{path[1]}/{path[2]}.html"
    try:
        query = parse_qs(urlsplit(url).query)
    except ValueError:
        return ""
    ids = query.get("p", [""])[0]
    return f"https://www.woshipm.com/?p={ids}" if ids.isdigit() else ""


def _address_by_id(page: Page) -> str:
    button = first(page.index, "button.button--pay[data-post-id]")
    ids = (button.get("data-post-id") or "") if button is not None else ""
    return f"https://www.woshipm.com/?p={ids}" if ids.isdigit() else ""


def abstract_of(quote: BlockQuote) -> str:
    """The text of the quotation that opens the body: a line for each paragraph."""
    return "\n".join(" ".join(text_of(block).split()) for block in quote.content)


def original(url: str) -> str:
    """The address of a picture in its full size; sizes are cut only on hosts of the site.

    >>> original("//image.woshipm.com/wp-files/2018/03/a.jpg!/both/72x72")
    'https://image.woshipm.com/wp-files/2018/03/a.jpg'
    """
    url = _PROXY.sub("", url.strip())
    if url.startswith("//"):
        url = "https:" + url
    return _SIZED.sub("", url) if _OWN_HOSTS.match(url) else url


# --------------------------------------------------------------------------- for those who watch the site change

_PAGE_HEAD = ("article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate", "json-ld")

SOURCES: dict[str, tuple[str, ...]] = {
    "title": (*_TITLES, "share link", "og:title", "json-ld", "title element"),
    "authors": (*_NAMES, "json-ld", "meta author"),
    "published": (*_DATES, *_PAGE_HEAD),
    "summary": ("first quotation",),
    "tags": (*_TAGS, "meta keywords"),
    "source_url": ("share link", "qr code", "canonical", "og:url", "saved from", "json-ld", "data-post-id"),
    "lead_image": ("first picture", "share link", "og:image"),
    "views": (".meta--sup__right", ".post-meta-item", ".post-views"),
    "comments": (".meta--sup__right", ".post-comment-count"),
    "collects": (".meta--sup__right", ".post-meta-item", ".post-mark", *_ACTIONS),
    "likes": (*_ACTIONS, ".post-meta-item"),
    "reading_minutes": (".meta--sup__right",),
}
"""The origins of each field that a page of the newest theme has, the one of that theme first."""
