"""Read a saved article of woshipm.com (人人都是产品经理): a page of any of its themes, or a piece of one.

Read are whole pages since 2015 as a browser, SingleFile or a scraper saved them; the inner HTML of
the article or of its body; an item of the feed; and the JSON of the site's interfaces. The tree is
the body of the article as its author wrote it. What surrounds the body is left out and reported, what it
says about the article is in the metadata, each value with its origin. Statements and adverts that
the site puts among the author's paragraphs stay, marked where their place gives them away: `transforms`
cuts them, by one list for all readers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from article_convert.contract import Reader
from article_convert.errors import InputError
from article_convert.model import Article, BlockQuote
from article_convert.options import option, setting
from article_convert.readers.decode import decode
from article_convert.readers.html.addresses import link_reader, link_targets
from article_convert.readers.html.elements import BUILT_IN
from article_convert.readers.html.flow import Context, blocks, shows_something
from article_convert.readers.html.furniture import around, hidden_as, rules_for, selected
from article_convert.readers.html.head import Fields, head_of
from article_convert.readers.html.media import first_picture
from article_convert.readers.html.own import OWN_PAGE
from article_convert.readers.html.parse import parse_page
from article_convert.readers.html.select import Index
from article_convert.readers.woshipm.body import body_of, prepared
from article_convert.readers.woshipm.fields import Page, abstract_of, address_of, fields_of, original
from article_convert.readers.woshipm.shapes import from_feed, from_json
from article_convert.report import Report
from article_convert.rules import RuleSet
from article_convert.rules.marks import unmarked

__all__ = ["READER", "WoshipmReaderOptions", "read_woshipm"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WoshipmReaderOptions:
    """How a page of the site is read."""

    saved: date | None = option(None, "the day the page was saved; dates such as 3天前 count from it")
    sizes: bool = option(False, "keep the pixel sizes of pictures that the site's editor wrote")
    rules: RuleSet = setting(RuleSet())


def read_woshipm(data: bytes, options: WoshipmReaderOptions, report: Report) -> Article:
    """The body of the article and everything the page says about it.

    Raises `InputError` if the input holds no article or more than one: a challenge, a log-in page,
    a list, a page that scripts would have filled.
    """
    text = decode(data, report, markup=True)
    fields = Fields()
    opening = text.lstrip()[:200]
    if opening.startswith(("{", "[")):
        text = from_json(text, fields, report)
    elif re.match(r"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:rss|feed|item|channel)\b", opening, re.S):
        text = from_feed(text, fields)
    root = parse_page(text, report)
    index = Index(root)
    page = Page(index, head_of(root, text), options.saved, report)
    body = body_of(index, text)
    fields_of(page, body, fields)
    address = address_of(page) or fields.values.get("source_url", "")
    link = link_reader(address or "https://www.woshipm.com/", address)
    context = Context(
        report, BUILT_IN, link=link, image=original, sizes=options.sizes, targets=link_targets(body, address)
    )
    rules = rules_for("woshipm", options.rules)
    context.hidden = hidden_as(options.rules)
    surroundings = around(index, body, rules, options.rules, context)
    context.marks = selected(index, body, rules)
    prepared(body, context)
    content = blocks(body, context)
    written = unmarked(content)
    if not shows_something(written):
        raise InputError("the body of the article is empty: scripts would have filled it; save the page as shown")
    if isinstance(written[0], BlockQuote):
        # It stays in the body too; a transform takes it out where it repeats the abstract.
        fields.put("summary", abstract_of(written[0]), "first quotation")
    fields.put("lead_image", first_picture(written), "first picture")
    fields.put("lead_image", original(page.head.meta.get("og:image", "")), "og:image")
    return Article((*surroundings.before, *content, *surroundings.after), fields.metadata())


_MARKS = re.compile(
    r"class=[\"'][^\"']*\b(?:article--(?:wrapper|content|copyright)|artilce--meta2|yyp--fancyPost|single-article|highslide-image)"
    r"|themes/(?:Kan|woshipm-2015|ui90_e33)/|(?:image|img|static)\.woshipm\.com/(?:wp-files|view|tag)/"
)
_OWN_ADDRESS = re.compile(
    r"(?:canonical|og:url|saved from url|url:)[^>\n]{0,80}https?://(?:www\.|api\.)?woshipm\.com/", re.I
)
_JSON = re.compile(r"\s*\{.*\"(?:articleTitle|newsInfo|snipper)\"", re.S)


def recognises(head: str) -> int:
    """How sure it is that `head` begins a page of the site: its own class names and addresses decide."""
    if OWN_PAGE.search(head):
        return 0
    if _JSON.match(head):
        return 80 if "woshipm" in head or "articleTitle" in head else 40
    if not re.search(r"<(?:html|body|div|p|article|item|blockquote|h[1-6])\b", head, re.I) or "{% " in head:
        return 0
    marks = len(set(_MARKS.findall(head)))
    if _OWN_ADDRESS.search(head):
        return 95
    return 90 if marks >= 2 else 60 if marks else 0


READER = Reader(
    "woshipm",
    (".html", ".htm"),
    WoshipmReaderOptions,
    read_woshipm,
    recognises,
    "saved article pages of woshipm.com, 2015 to now",
)
