"""Read what a page says about its article from the places that a site file names, first match wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from article_convert.model import Author, Stats
from article_convert.readers.canonical import address
from article_convert.readers.html.addresses import joined
from article_convert.readers.html.head import Fields, Head, date_in, names_in, number, words_in
from article_convert.readers.html.media import source_of
from article_convert.readers.html.parse import Element
from article_convert.readers.html.select import select, text_in
from article_convert.readers.site.file import Site, Source

__all__ = ["Page", "fill"]

_COUNTERS = frozenset(Stats.__dataclass_fields__)
_DATES = frozenset({"published", "modified"})
_ADDRESSES = frozenset({"lead_image", "source_url"})
# Where the value stands if a source names no attribute.
_OWN_ATTRIBUTE = {"time": "datetime", "meta": "content", "link": "href"}


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its head, and the address that relative ones on it start from."""

    root: Element
    head: Head
    base: str


def fill(fields: Fields, site: Site, page: Page) -> None:
    """Fill the fields that `site` describes; the origin of each is the source as the file writes it."""
    for name, sources in site.fields.items():
        for source in sources:
            fields.put(name, _value(name, source, site, page), source.written)


def _value(name: str, source: Source, site: Site, page: Page) -> Any:
    """The value of the field `name` at `source`, or something empty."""
    if name == "authors":
        return _authors(source, page)
    said = _said(source, page, name)
    if name == "tags":
        return tuple(dict.fromkeys(word for each in said for word in words_in(each)))
    first = said[0] if said else ""
    if name in _DATES:
        return date_in(first, zone=site.zone)
    if name in _COUNTERS:
        return number(first)
    return address(joined(page.base, first)) if first and name in _ADDRESSES else first


def _said(source: Source, page: Page, name: str) -> list[str]:
    """Every value at `source`, in the order of the page."""
    if source.kind == "meta":
        return [value for key, value in page.head.metas if key == source.key.lower()]
    if source.kind == "json-ld":
        value = page.head.json_ld.get(source.key)
        values = value if isinstance(value, list) else [value]
        return [str(each) for each in values if isinstance(each, (str, int)) and not isinstance(each, bool)]
    found = (_of_element(each, source.attribute, name) for each in select(page.root, source.key))
    return [value for value in found if value]


def _of_element(element: Element, attribute: str, name: str) -> str:
    """The attribute that is asked for; else the address or the machine's value of the element, or its text."""
    if attribute:
        return " ".join((element.get(attribute) or "").split())
    if name == "lead_image":
        return source_of(element)
    if name == "source_url":
        return (element.get("href") or element.get("content") or text_in(element)).strip()
    own = _OWN_ATTRIBUTE.get(str(element.tag))
    return ((element.get(own) if own else "") or "").strip() or text_in(element)


def _authors(source: Source, page: Page) -> tuple[Author, ...]:
    if source.kind == "json-ld":
        found = names_in(page.head.json_ld.get(source.key))
    elif source.kind == "meta" or source.attribute:
        found = [(name, "") for name in _said(source, page, "authors")]
    else:
        found = [(text_in(each), each.get("href") or "") for each in select(page.root, source.key)]
    people = {name: Author(name, joined(page.base, url) if url else "") for name, url in reversed(found) if name}
    return tuple(reversed(people.values()))
