"""Read any article page: the box its markup names as the article, or the one with the most running text.

Conservative: when in doubt a piece is kept. What stands around the article is reported as removed.
Pages that this project wrote are read back exactly, as far as HTML holds the tree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from article_convert.contract import Reader
from article_convert.errors import InputError
from article_convert.model import Article
from article_convert.options import option, setting
from article_convert.readers.decode import decode
from article_convert.readers.html.addresses import joined, link_reader, link_targets, picture_reader
from article_convert.readers.html.container import densest, visible_text
from article_convert.readers.html.elements import BUILT_IN, Context, Element, flow, paragraphs, parse_page, span_of
from article_convert.readers.html.facts import fill
from article_convert.readers.html.flow import shows_something
from article_convert.readers.html.furniture import around, hidden_as, rules_for, selected
from article_convert.readers.html.head import Fields, Head, head_of
from article_convert.readers.html.notes import note_handlers
from article_convert.readers.html.own import OWN_PAGE, read_own
from article_convert.readers.html.select import Index, select
from article_convert.report import Report
from article_convert.rules import RuleSet

__all__ = ["READER", "HtmlReaderOptions", "address_of", "article_in", "read_html"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlReaderOptions:
    """How a page is read."""

    body: str = option("", "CSS selector of the article, such as div.post; found by itself if not given")
    everything: bool = option(False, "read the whole page, not only its article")
    address: str = option("", "address of the page, for relative links; taken from the page if not given")
    rules: RuleSet = setting(RuleSet())


def read_html(data: bytes, options: HtmlReaderOptions, report: Report) -> Article:
    """The article of a page and everything its head says about it.

    Raises `InputError` for a page without any text or picture, and for a selector that matches nothing.
    """
    text = decode(data, report, markup=True)
    root = parse_page(text, report)
    if OWN_PAGE.search(text[:4096]) and not options.body and not options.everything:
        own = read_own(root, head_of(root, text), report)
        if own is not None and own.content:
            return own
        root = parse_page(text, report)
    head = head_of(root, text)
    return article_in(root, head, _body_of(root, options), Fields(), report, options.rules, options.address)


def article_in(
    root: Element,
    head: Head,
    body: Element,
    fields: Fields,
    report: Report,
    chosen: RuleSet,
    given: str = "",
    home: str = "",
) -> Article:
    """The article whose text is `body`; what `fields` lack is filled with what any page may say.

    `given` is the address of the page if somebody knows it, `home` where relative addresses start on a page
    that has none. What `chosen` selects in the text is marked. Raises `InputError` if the text shows nothing.
    """
    page = given or address_of(head)
    base = joined(page or home, head.base) if head.base else page or home
    fill(fields, root, body, head, base)
    fields.put("source_url", page, "options" if given else "head")
    context = Context(report, BUILT_IN, link=link_reader(base, page), image=picture_reader(base))
    context.handlers = note_handlers(body, report)
    context.targets = link_targets(body, page)
    context.hidden = hidden_as(chosen)
    context.laid_out = True
    index, rules = Index(root), rules_for("html", chosen)
    surroundings = around(index, body, rules, chosen, context)
    context.marks = selected(index, body, rules)
    content = paragraphs(flow(body, context), span_of(body, context), parted=True)
    if not shows_something(content):
        raise InputError("the page shows nothing: scripts would have filled it; save it as the browser shows it")
    return Article((*surroundings.before, *content, *surroundings.after), fields.metadata())


# --------------------------------------------------------------------------- where the article is

# What editors and site builders call the text of an article, most exact first.
_BODIES = (
    "[itemprop~=articleBody]",
    "#js_content",
    "#cnblogs_post_body",
    "#content_views",
    "section.markdown-section",
    ".theme-doc-markdown",
    ".vp-doc",
    ".article-content",
    ".entry-content",
    ".post-content",
    ".post-body",
    ".markdown-body",
    ".RichText",
    ".article-body",
)
_BOXES = ("article", "main", "[role=main]")


def _body_of(root: Element, options: HtmlReaderOptions) -> Element:
    """The element to read; a candidate with less than a third of the running text of the page is not trusted."""
    page = root.find("body")
    page = page if page is not None else root
    if options.everything:
        return page
    if options.body:
        try:
            found = select(root, options.body)
        except ValueError as error:
            raise InputError(str(error)) from error
        if not found:
            raise InputError(f"nothing on the page matches {options.body!r}")
        return max(found, key=_weight)
    enough = _running(page) / 3
    for selector in (*_BODIES, *_BOXES):
        candidates = [each for each in select(page, selector) if _weight(each)]
        if candidates and _running(best := max(candidates, key=_weight)) >= enough:
            return best
    guess = densest(page)
    return guess if guess is not None and _running(guess) >= enough else page


def _weight(element: Element) -> int:
    return len(visible_text(element)) or (1 if element.find(".//img") is not None else 0)


def _running(element: Element) -> int:
    """The length of the text in paragraphs: menus and cards have none."""
    return sum(len("".join(each.itertext()).strip()) for each in element.iter("p", "pre"))


def address_of(head: Head) -> str:
    """The address that a page says it has, or `""`."""
    value = head.json_ld.get("url")
    named = value if isinstance(value, str) else ""
    for url in (head.canonical, head.meta.get("og:url", ""), head.saved_from, named):
        if re.match(r"https?://", url):
            return url
    return ""


# --------------------------------------------------------------------------- record


def recognises(head: str) -> int:
    """How sure it is that `head` begins a page: a doctype or an `html` element decide, single tags say little."""
    if OWN_PAGE.search(head):
        return 100
    if re.match(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html\b)", head, re.I | re.S):
        return 85
    if re.search(r"<(?:html|head|body)\b[^>]*>", head, re.I):
        return 60
    return 30 if re.match(r"\s*<(?:article|main|div|section|h[1-6]|p|ul|ol|table)\b[^>]*>", head, re.I) else 0


READER = Reader(
    "html",
    (".html", ".htm", ".xhtml"),
    HtmlReaderOptions,
    read_html,
    recognises,
    "any article page",
)
