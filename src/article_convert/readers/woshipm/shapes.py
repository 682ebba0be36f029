"""Articles that are not pages: an item of the feed, and the JSON of the site's interfaces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from typing import Any

from lxml import etree

from article_convert.columns import column_named
from article_convert.errors import InputError
from article_convert.model import Author
from article_convert.readers.html.head import Fields, date_in, names_in
from article_convert.readers.woshipm.fields import CHINA, number, original
from article_convert.report import Report

__all__ = ["from_feed", "from_json"]

# The names that fields have in the interfaces of 2016 to 2026, first match wins.
_BODY = ("content", "articleContent", "content_html", "contentHtml", "body")
_NAMES = {
    "title": ("articleTitle", "title", "newsTitle"),
    "summary": ("articleSummary", "summary", "snipper"),
    "category": ("type", "category", "slug"),
    "source_url": ("permalink", "link", "url", "articleUrl"),
    "lead_image": ("imageUrl", "image", "cover", "thumb"),
}
_COUNTERS = {
    "views": ("view", "views", "viewCount", "readCount"),
    "comments": ("comment", "comments", "commentCount"),
    "collects": ("bookmark", "collect", "collectCount"),
    "likes": ("like", "likes", "likeCount"),
}
_DATES = ("publishTime", "publishDate", "date", "create_time", "createTime", "pubDate")
_WRAPPERS = ("rendered", "value")


def from_json(text: str, fields: Fields, report: Report) -> str:
    """The HTML of the one article in `text`; what stands beside it goes into `fields`.

    Raises `InputError` for a list of articles and for records without their text.
    """
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise InputError(f"neither HTML nor valid JSON: {str(error)[:100]}") from error
    records = list(_records(data))
    bodies = [record for record in records if _first(record, _BODY)]
    if len(bodies) != 1:
        what = f"a list of {len(bodies)} articles" if bodies else f"{len(records)} articles without their text"
        raise InputError(f"the JSON holds {what}; give one article with its text ({', '.join(_BODY)})")
    _read_record(bodies[0], fields, report)
    content = _first(bodies[0], _BODY)
    if "<" not in content:  # a news flash is plain text
        content = "".join(f"<p>{line}</p>" for line in content.splitlines() if line.strip())
    return content


def _records(data: Any) -> Iterator[dict[str, Any]]:
    """Every object that looks like an article, outermost first, not what is inside of one."""
    waiting = [data]
    while waiting:
        thing = waiting.pop(0)
        if isinstance(thing, list):
            waiting.extend(thing[:1000])
        elif isinstance(thing, dict):
            if _first(thing, _BODY) or _first(thing, _NAMES["title"]):
                yield thing
            else:
                waiting.extend(value for value in thing.values() if isinstance(value, (dict, list)))


def _first(record: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value: Any = record.get(name)
        if isinstance(value, dict):
            value = next((value[key] for key in _WRAPPERS if key in value), None)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _read_record(record: dict[str, Any], fields: Fields, report: Report) -> None:
    for name, keys in _NAMES.items():
        value = unescape(re.sub(r"<[^>]*>", "", _first(record, keys)))
        if name == "category" and not re.fullmatch(r"[a-z][a-z-]*", value):
            continue
        value = column_named(value) if name == "category" else value
        fields.put(name, original(value) if name == "lead_image" else value, "json")
    for key in ("articleAuthor", "author", "authorName"):
        found = tuple(Author(name, url) for name, url in names_in(record.get(key)))
        fields.put("authors", found, "json")
    tags = record.get("tag") or record.get("tags")
    words = tags.split() if isinstance(tags, str) else [name for name, _ in names_in(tags)]
    fields.put("tags", tuple(dict.fromkeys(words)), "json")
    for name, keys in _COUNTERS.items():
        count: Any = next((record[key] for key in keys if isinstance(record.get(key), (str, int))), None)
        fields.put(name, None if count is None else number(str(count)), "json")
    when: Any = next((record[key] for key in _DATES if record.get(key)), None)
    fields.put("published", _moment(when), "json")
    if when is not None and "published" not in fields.values:
        report.add("metadata.bad-date", f"the date {str(when)[:40]!r} was not understood")
    ids = str(record.get("id") or "")
    fields.put("source_url", f"https://www.woshipm.com/?p={ids}" if ids.isdigit() else "", "json id")
    fields.put("site", "woshipm.com", "reader")


def _moment(value: Any) -> Any:
    """A date as text, or as milliseconds or seconds since 1970."""
    digits = str(value)
    if not isinstance(value, bool) and digits.isdigit() and 9 <= len(digits) <= 14:
        seconds = int(digits) / (1000 if len(digits) > 11 else 1)
        try:
            return datetime.fromtimestamp(seconds, CHINA)
        except (ValueError, OverflowError, OSError):
            return None
    return date_in(value, zone=CHINA) if isinstance(value, str) else None


_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,8}));")


def _only_characters(match: re.Match[str]) -> str:
    """A numeric reference, unless it names half a character or none: lxml fails on these."""
    code = int(match[1], 16) if match[1] else int(match[2])
    return (
        match[0]
        if 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code < 0x110000 or code in (9, 10)
        else ""
    )


_SPACES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
}


def from_feed(text: str, fields: Fields) -> str:
    """The HTML of the one item of a feed; raises `InputError` if it holds several, or none."""
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=True)
    if not re.match(r"\s*(?:<\?xml[^>]*>\s*)?<(?:rss|feed)\b", text):  # an item cut out of its feed
        names = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in _SPACES.items())
        text = f"<rss {names}>{text}</rss>"
    text = _REFERENCE.sub(_only_characters, text)
    root = etree.fromstring(re.sub(r"\A\s*<\?xml[^>]*>", "", text).encode("utf-8"), parser)
    items = list(root.iter("item")) if root is not None else []
    if len(items) != 1:
        raise InputError(f"the feed holds {len(items)} articles; give one <item>")
    item = items[0]

    def said(name: str) -> str:
        return " ".join((item.findtext(name, "", _SPACES) or "").split())

    fields.put("title", unescape(said("title")), "feed")
    fields.put("source_url", said("link").partition("?utm")[0], "feed")
    fields.put("authors", tuple(Author(name) for name in [said("dc:creator")] if name), "feed")
    when = date_in(said("pubDate"))
    fields.put("published", when.astimezone(CHINA) if isinstance(when, datetime) else when, "feed")
    categories = [" ".join((each.text or "").split()) for each in item.findall("category")]
    fields.put("category", categories[0] if categories else "", "feed")
    fields.put("tags", tuple(dict.fromkeys(filter(None, categories[1:]))), "feed")
    fields.put("comments", number(said("slash:comments")), "feed")
    fields.put("site", "woshipm.com", "reader")
    content = item.findtext("content:encoded", "", _SPACES) or item.findtext("description", "") or ""
    if not content.strip():
        raise InputError("the item of the feed has no text (content:encoded)")
    return str(content)
