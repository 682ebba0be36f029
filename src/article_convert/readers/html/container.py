"""Where the article stands in a page whose markup does not say it: the box with the most running text."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeAlias

from article_convert.readers.html.parse import Element, words

__all__ = ["densest", "pieces_around", "visible_text"]

_UNSEEN = words("script style template noscript head svg select datalist")
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:comments?|sidebar|related|recommend(?:ed)?|footer|nav(?:bar|igation)?|menu|share|breadcrumbs?"
    r"|copyright|advert(?:isement)?|banner|widget|login|popup|modal|cookie)(?:$|[\s_-])",
    re.I,
)
_PARTS = words("li ul ol dl dd blockquote table tbody tr td th figure p pre details")
_STOPS = re.compile(r"[，。；：！？、,.;:!?]")


def visible_text(element: Element, without: Collection[Element] = ()) -> str:
    """What a person sees in `element`, on one line; scripts, styles, templates and `without` are left out."""
    pieces: list[str] = []
    _gather(element, pieces, without)
    return " ".join("".join(pieces).split())


def _gather(element: Element, pieces: list[str], without: Collection[Element]) -> None:
    if element.tag in _UNSEEN or not isinstance(element.tag, str) or element in without:
        return
    if element.text:
        pieces.append(element.text)
    for child in element:
        _gather(child, pieces, without)
        if child.tail:
            pieces.append(child.tail)
    pieces.append(" ")


Piece: TypeAlias = "tuple[Element | None, str, bool]"


def pieces_around(root: Element, body: Element) -> list[Piece]:
    """What a person sees of the page outside of `body`: each element beside it or its ancestors, in the
    order of the page, with its text, and whether it stands after `body`; bare text between them comes
    without an element."""
    path = {body, *body.iterancestors()}
    before: list[Piece] = []
    after: list[Piece] = []
    place: Element | None = root
    while place is not None and place is not body:
        _add_bare(place.text, before, False)
        inner: Element | None = None
        behind: list[Piece] = []
        for child in place:
            if child in path:
                inner = child
            elif child.tag != "head" and (text := visible_text(child)):
                (before if inner is None else behind).append((child, text, inner is not None))
            _add_bare(child.tail, before if inner is None else behind, inner is not None)
        after = behind + after
        place = inner
    return before + after


def _add_bare(text: str | None, pieces: list[Piece], is_after: bool) -> None:
    if text and text.strip():
        pieces.append((None, " ".join(text.split()), is_after))


def densest(root: Element) -> Element | None:
    """The element with the most running text in paragraphs of its own, or `None` if there is hardly any.

    Each paragraph counts for its parent and half for its grandparent, by its length and its stops;
    links count against it, as menus and lists of articles are made of them (after Readability).
    """
    scores: dict[Element, float] = {}
    for paragraph in root.iter("p", "pre", "td", "blockquote", "li", "section", "div"):
        if paragraph.tag in {"section", "div"} and len(paragraph):
            own = (paragraph.text or "") + "".join(child.tail or "" for child in paragraph)
            holder: Element | None = paragraph
        else:
            own = "".join(paragraph.itertext())
            holder = paragraph.getparent()
        own = own.strip()
        if len(own) < 20 or holder is None:
            continue
        linked = sum(len("".join(link.itertext())) for link in paragraph.iter("a"))
        score = (1 + len(_STOPS.findall(own)) + min(len(own) / 50, 10)) * max(0.0, 1 - linked / len(own))
        grandparent = holder.getparent()
        scores[holder] = scores.get(holder, 0.0) + score
        if grandparent is not None:
            scores[grandparent] = scores.get(grandparent, 0.0) + score / 2
    for part in [each for each in scores if each.tag in _PARTS]:
        # An item, a cell or a quotation is part of an article; what counts for it counts for its box.
        box = part
        while box.tag in _PARTS and (outer := box.getparent()) is not None:
            box = outer
        scores[box] = scores.get(box, 0.0) + scores.pop(part)
    best = max(scores, key=lambda each: scores[each] * _weight(each), default=None)
    return _widened(best, scores) if best is not None and scores[best] > 3 else None


def _weight(element: Element) -> float:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return 0.2 if element.tag in {"nav", "footer", "aside", "header"} or _FURNITURE.search(names) else 1.0


def _widened(best: Element, scores: dict[Element, float]) -> Element:
    """The parent, as long as siblings hold much text too: keeping too much is better than losing text."""
    parent = best.getparent()
    while parent is not None and parent.tag not in {"body", "html"}:
        siblings = sum(scores.get(child, 0.0) * (_weight(child) == 1.0) for child in parent if child is not best)
        if siblings < scores[best] * 0.25:
            break
        best, parent = parent, parent.getparent()
        scores.setdefault(best, siblings)
    return best
