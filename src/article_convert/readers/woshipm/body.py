"""Find the body of an article in a page of any theme, and cut what stands in and around it."""

from __future__ import annotations

import re

from article_convert.errors import InputError
from article_convert.model import Span
from article_convert.readers.html.container import densest, pieces_around, visible_text
from article_convert.readers.html.flow import Context
from article_convert.readers.html.parse import Element
from article_convert.readers.html.select import Index, first, select
from article_convert.report import Report

__all__ = ["body_of", "cut_inside", "cut_outside", "prepared"]

# Newest theme first; `.grap` is the stable name since 2017, `.entry-content` of 2016 and 2017.
BODIES = (".article--content", ".grap", ".entry-content")

_OLD_THEMES = re.compile(r"/wp-content/themes/(?:woshipm-2015|ui90_e33)/")
_WHOLE_PAGE = re.compile(r"<html\b|<body\b|<head\b|<!doctype", re.I)
_CHALLENGE = re.compile(
    r"just a moment|cf-challenge|challenge-platform|turnstile|verify you are human|安全验证|访问验证", re.I
)

# Furniture that its place in the page gives away, wherever it stands: selectors, rule, reason. The class names
# are those of the themes of 2016 to 2026; none of them ever stood on something an author wrote.
_FURNITURE = (
    (".js-star, .yyp--fancyPost", "course-card", "slot that scripts fill with an advert for a course"),
    (".support-author", "reward", "box that asks for a reward for the author"),
    (".post-top-ad, .post-ads, div[data-role=ad]", "advert", "advert between head and text"),
    (".article--actions, .article--bottomActions, .post-actions", "share-bar", "reward, collect and like buttons"),
    (".share-qrcode-image, .share-weibo, .share-wechat", "share-bar", "links for sharing"),
)
# What stands around the body: a class found on a piece or inside it names the piece.
_AROUND = (
    ("stream-list-meta", "byline", "row with author, date and counters; read into the metadata"),
    ("entry-header", "byline", "title and counters; read into the metadata"),
    ("article-header", "byline", "title and counters; read into the metadata"),
    ("article--actions", "share-bar", "reward, collect and like buttons"),
    ("article--bottomActions", "share-bar", "reward, collect and like buttons"),
    ("post-actions", "share-bar", "reward, collect and like buttons"),
    ("support-author", "reward", "box that asks for a reward for the author"),
    ("taglist", "tags", "links to the tags; read into the metadata"),
    ("post-tags", "tags", "links to the tags; read into the metadata"),
    ("postFooterInfo", "author-card", "card about the author"),
    ("author-board", "author-card", "card about the author"),
    ("authorCard--content", "author-card", "card about the author"),
    ("relatedPosts", "related", "other articles"),
    ("fixed--posts", "related", "other articles"),
    ("promote-posts", "related", "other articles"),
    ("comments-area", "comments", "comments of readers"),
    ("comment-list", "comments", "comments of readers"),
    ("comment-content", "comments", "comments of readers"),
    ("post-top-ad", "advert", "advert between head and text"),
    ("post-ads", "advert", "advert below the text"),
)


def body_of(index: Index, text: str) -> Element:
    """The element that holds what the author wrote.

    Raises `InputError`, naming the selectors that were tried, if there is none.
    """
    for selector in BODIES:
        found = [each for each in select(index, selector) if _says_something(each)]
        if found:
            return max(found, key=lambda each: len("".join(each.itertext())))
    root = index.root
    body = root.find("body")
    if body is not None and not _WHOLE_PAGE.search(text) and _says_something(body):
        return body  # a piece of a page: the inner HTML of the body
    if _OLD_THEMES.search(text):
        old = first(root, "article, .post-content, .article-content, .content")
        if old is None or not _says_something(old):
            old = densest(root)
        if old is not None:
            return old
    raise InputError(f"no article of woshipm.com: {_why_not(root, text)}; tried {', '.join(BODIES)}")


def _says_something(element: Element) -> bool:
    return bool("".join(element.itertext()).strip()) or element.find(".//img") is not None


def _why_not(root: Element, text: str) -> str:
    """What the page is instead, as far as it can be told."""
    if _CHALLENGE.search(text):
        return "this is a page that asks for a check; open the article in a browser and save it again"
    if len(select(root, ".postlist-item, .stream-list-item, .course--item, h2.post-title a")) > 1:
        return "this is a list of articles; save one of them"
    if select(root, "input[type=password]"):
        return "this is a log-in page; save the article after logging in"
    if first(root, "h2.article--title, .article--content, .grap, .entry-content") is not None:
        return "the body is empty, scripts would have filled it; save the page as the browser shows it"
    return "no element that holds a body is in it; the reader html reads pages of other sites"


def cut_inside(index: Index, body: Element, context: Context) -> None:
    """Cut the furniture that the themes put among the author's paragraphs."""
    for selectors, rule, reason in _FURNITURE:
        for element in select(index, selectors):
            if body not in element.iterancestors() or element.getparent() is None:
                continue
            said = visible_text(element)
            if said:
                context.report.cut(rule, reason, said, Span(element.sourceline or 1))
            _remove(element)


def _remove(element: Element) -> None:
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if element.tail:
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


def cut_outside(root: Element, body: Element, report: Report) -> None:
    """Report every piece of the page that stands around the body, in the order of the page."""
    for piece, text in pieces_around(root, body):
        rule, reason = _named(piece) if piece is not None else ("page", "text of the page around the article")
        report.cut(rule, reason, text, Span(piece.sourceline or 1) if piece is not None else None)


def _named(element: Element) -> tuple[str, str]:
    """The rule and reason for a piece outside the body, by the class names on it and in it."""
    names = set((element.get("class") or "").split())
    for inner in select(element, "*[class]"):
        names.update((inner.get("class") or "").split())
    for name, rule, reason in _AROUND:
        if name in names:
            return rule, reason
    if element.tag in {"h1", "h2"}:
        return "title", "the title; read into the metadata"
    if any("service.weibo.com" in (link.get("href") or "") for link in element.iter("a")):
        return "share-bar", "links for sharing"
    if any("qidianla.com" in (link.get("href") or "") for link in element.iter("a")):
        return "text-advert", "advert for a course"
    return "page", "part of the page around the article"


def prepared(body: Element, context: Context) -> None:
    """Take off what the theme adds to the author's markup: ids for its table of contents."""
    for heading in body.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        if heading.get("id") and heading.get("id") not in context.targets:
            del heading.attrib["id"]
