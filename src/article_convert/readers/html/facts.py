"""What a page says about its article, outside its head and in it: title, authors, dates, and the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from article_convert.model import Author
from article_convert.readers.canonical import address
from article_convert.readers.html.addresses import joined
from article_convert.readers.html.container import is_furniture
from article_convert.readers.html.head import Fields, Head, date_in, names_in, words_in
from article_convert.readers.html.parse import Element
from article_convert.readers.html.select import first, select, text_in

__all__ = ["fill"]


def fill(fields: Fields, root: Element, body: Element, head: Head, base: str) -> None:
    """Fill what `fields` lack with what the page `root`, whose article is `body`, says."""
    meta, data = head.meta, head.json_ld
    _put_all(fields, "title", [("json-ld", data.get("headline")), ("og:title", meta.get("og:title"))])
    site = meta.get("og:site_name", "")
    fields.put("title", *_shown_title(root, head.title))
    headings = select(root, "h1")
    if len(headings) == 1:
        fields.put("title", _said(headings[0]), "h1")
    fields.put("title", _without_site(head.title, site), "title element")
    fields.put("site", site, "og:site_name")
    publisher = [name for name, _ in names_in(data.get("publisher"))]
    fields.put("publisher", publisher[0] if publisher else "", "json-ld")
    _authors(root, head, base, fields)
    _dates(root, body, head, fields)
    descriptions = [("meta description", meta.get("description")), ("og:description", meta.get("og:description"))]
    _put_all(fields, "description", [*descriptions, ("json-ld", data.get("description"))])
    fields.put("language", head.language, "html lang")
    _put_all(fields, "language", [("json-ld", data.get("inLanguage"))])
    _put_all(fields, "category", [("json-ld", data.get("articleSection")), ("meta", meta.get("article:section"))])
    tags = [value for name, value in head.metas if name == "article:tag"]
    fields.put("tags", tuple(dict.fromkeys(tags)), "article:tag")
    fields.put("tags", words_in(data.get("keywords")), "json-ld")
    fields.put("tags", words_in(meta.get("keywords")), "meta keywords")
    image = meta.get("og:image", "")
    fields.put("lead_image", address(joined(base, image)) if image else "", "og:image")


def _said(element: Element) -> str:
    """The text of a heading without its buttons and the sign of its own link."""
    text = text_in(element)
    for button in element.iter("button"):
        text = text.removesuffix(text_in(button)).rstrip()
    return text.rstrip("¶# ")


_SEPARATORS = re.compile(r"\s+[|｜–—·:-]\s+|\s*[|｜_–—·]\s*|\s+-|-\s+")


def _shown_title(root: Element, title: str) -> tuple[str, str]:
    """The part of the `title` element, before the name of a site or a book, that the page shows, and in what."""
    ends = [len(title), *(match.start() for match in reversed(list(_SEPARATORS.finditer(title))))]
    parts = {title[:end].strip().casefold() for end in ends if end} - {""}
    if not parts:
        return "", ""
    shown: dict[str, tuple[str, str]] = {}
    for place in root.iter("h1", "h2", "h3", "b", "strong", "font"):
        said = _said(place)
        if said.casefold() in parts:
            shown.setdefault(said.casefold(), (said, str(place.tag)))
    return next((shown[each] for each in sorted(parts, key=len, reverse=True) if each in shown), ("", ""))


def _put_all(fields: Fields, name: str, values: list[tuple[str, Any]]) -> None:
    for origin, value in values:
        if isinstance(value, str):
            fields.put(name, " ".join(value.split()), origin)


def _without_site(title: str, site: str) -> str:
    """`title` without the name of the site that pages put behind it."""
    if not site:
        return title
    return re.sub(rf"\s*[|｜–—_·-]\s*{re.escape(site)}\s*\Z", "", title) or title


# By microdata, microformats and the themes of WordPress; `js_name` and `publish_time` are of WeChat.
_AUTHORS = (
    "[itemprop=author]",
    "a[rel~=author]",
    ".vcard .fn",
    ".p-author",
    ".author-name",
    ".byline .author",
    "#js_name",
    ".follow-nickName",
    ".post-author",
    ".article-author",
    ".author",
    ".username",
)
_PUBLISHED = "[itemprop~=datePublished], time.entry-date, time.published, .dt-published, time[pubdate], #publish_time"


def _authors(root: Element, head: Head, base: str, fields: Fields) -> None:
    found = names_in(head.json_ld.get("author"))
    fields.put("authors", tuple(Author(name, joined(base, url) if url else "") for name, url in found), "json-ld")
    names = [value for name, value in head.metas if name in {"author", "article:author"} and "://" not in value]
    fields.put("authors", tuple(Author(name) for name in dict.fromkeys(names)), "meta author")
    for selector in _AUTHORS:
        # Comments and lists of other articles have authors too: only one name is the author's.
        places = (each for each in select(root, selector) if not any(map(is_furniture, each.iterancestors())))
        people = {_name_in(each): each.get("href") or "" for each in places}
        name, url = next(iter(people.items()), ("", ""))
        if len(people) == 1 and 0 < len(name) < 80 and not re.search(r"\d{4}", name):
            fields.put("authors", (Author(name, joined(base, url) if url else ""),), "author element")


def _name_in(element: Element) -> str:
    """The name in an element for an author: what microdata calls so, or its text without the word for what he is."""
    named = first(element, "meta[itemprop=name]")
    if named is not None:
        return " ".join((named.get("content") or "").split())
    return re.sub(r"\A(?:作者|撰文|By|Author)\s*[：:]?\s+|\A(?:作者|撰文)[：:]", "", text_in(element))


def _dates(root: Element, body: Element, head: Head, fields: Fields) -> None:
    for field, keys, names in (
        ("published", ("datePublished", "dateCreated"), ("article:published_time", "date", "pubdate", "dc.date")),
        ("modified", ("dateModified",), ("article:modified_time", "last-modified", "dc.date.modified")),
    ):
        for key in keys:
            value = head.json_ld.get(key)
            fields.put(field, date_in(value) if isinstance(value, str) else None, "json-ld")
        for name in names:
            fields.put(field, date_in(head.meta.get(name, "")), name)
    named = first(root, _PUBLISHED)
    if named is not None:
        said = named.get("datetime") or named.get("content") or text_in(named)
        fields.put("published", date_in(said), "date element")
    times = [time for time in body.iter("time") if time.get("datetime")]
    if times:
        fields.put("published", date_in(times[0].get("datetime") or ""), "time element")
    if "published" not in fields.values:
        _dates_around(root, body, fields)


_DATED = re.compile(
    r"(?:^|[\s_-])(?:date|time|pubtime|publish(?:ed)?|posted|created?|meta|info|byline)(?:$|[\s_-])", re.I
)
_CHANGED = re.compile(r"修改|更新|编辑于|最后|updated|modified|edited", re.I)


def _dates_around(root: Element, body: Element, fields: Fields) -> None:
    """The dates beside the article: short lines in elements that are called after them."""
    rows = [row for row in _rows_of_dates(root, body) if date_in(row.get("datetime") or text_in(row))]
    outer = {each for row in rows for each in row.iterancestors()}
    for element in (row for row in rows if row not in outer):
        said = text_in(element)
        found = date_in(element.get("datetime") or said)
        fields.put("modified" if _CHANGED.search(said) else "published", found, "element beside the article")


def _rows_of_dates(root: Element, body: Element) -> Iterator[Element]:
    for element in root.iter("time", "span", "div", "p", "em", "li"):
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if element.tag != "time" and not _DATED.search(names):
            continue
        around = [element, *element.iterancestors()]
        if body not in around and len(text_in(element)) <= 60 and not any(map(is_furniture, around)):
            yield element
