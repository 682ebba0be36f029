"""Find the body of an article in a page of any theme."""

from __future__ import annotations

import re

from article_convert.errors import InputError
from article_convert.readers.html.container import densest
from article_convert.readers.html.flow import Context
from article_convert.readers.html.parse import Element
from article_convert.readers.html.select import Index, first, select

__all__ = ["body_of", "prepared"]

# Newest theme first; `.grap` is the stable name since 2017, `.entry-content` of 2016 and 2017.
BODIES = (".article--content", ".grap", ".entry-content")

_OLD_THEMES = re.compile(r"/wp-content/themes/(?:woshipm-2015|ui90_e33)/")
_WHOLE_PAGE = re.compile(r"<html\b|<body\b|<head\b|<!doctype", re.I)
_CHALLENGE = re.compile(
    r"just a moment|cf-challenge|challenge-platform|turnstile|verify you are human|安全验证|访问验证", re.I
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


def prepared(body: Element, context: Context) -> None:
    """Take off what the theme adds to the author's markup: ids for its table of contents."""
    for heading in body.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        if heading.get("id") and heading.get("id") not in context.targets:
            del heading.attrib["id"]
