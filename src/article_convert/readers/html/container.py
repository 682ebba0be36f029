"""Where the article stands in a page whose markup does not say it: the box with the most running text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TypeAlias

from article_convert.readers.html.parse import Element, words

__all__ = ["densest", "is_furniture", "is_layout", "pieces_around", "visible_text"]

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
    direct: dict[Element, float] = {}
    known: dict[Element, bool] = {}
    for paragraph in root.iter("p", "pre", "td", "blockquote", "li", "section", "div"):
        is_box = paragraph.tag in {"section", "div"} and len(paragraph)
        if is_box or _lays_out(paragraph, known):
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
        if paragraph.tag == "p":
            direct[holder] = direct.get(holder, 0.0) + score
        if grandparent is not None:
            scores[grandparent] = scores.get(grandparent, 0.0) + score / 2
    for part in [each for each in scores if each.tag in _PARTS]:
        # What counts for a part of an article counts for its box.
        box = _box_of(part, known)
        scores[box] = scores.get(box, 0.0) + scores.pop(part)
    best = max(scores, key=lambda each: scores[each] * _weight(each), default=None)
    return _widened(best, scores, direct) if best is not None and scores[best] > 3 else None


def _weight(element: Element) -> float:
    return 0.2 if element.tag == "header" or is_furniture(element) else 1.0


def is_furniture(element: Element) -> bool:
    """Whether the name of an element says that no article is in it."""
    if element.tag in {"nav", "footer", "aside"}:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return len(names) > 1 and _FURNITURE.search(names) is not None


def _widened(best: Element, scores: dict[Element, float], direct: dict[Element, float]) -> Element:
    """The parent, as long as its other children hold much text, or running text stands in it beside the box.

    Keeping too much is better than losing text: a box may be one chapter of many, or an example of the article.
    """
    parent = best.getparent()
    while parent is not None and parent.tag != "html":
        beside = [child for child in parent if child is not best]
        siblings = sum(scores.get(child, 0.0) * (_weight(child) == 1.0) for child in beside)
        much = siblings >= scores[best] * 0.25
        if not much and (direct.get(parent, 0.0) < 2 or _is_mostly_links(beside)):
            break
        best, parent = parent, parent.getparent()
        scores[best] = max(scores.get(best, 0.0), siblings)
    return best


_OF_LAYOUT = words("width height border cellpadding cellspacing bgcolor background align")


def is_layout(table: Element) -> bool:
    """Whether a table only puts things beside and below one another.

    It has no head and no border, and tables in it, or a single column and attributes by which pages
    were laid out.
    """
    if table.get("border", "0").strip("px ") not in {"", "0"} or table.find(".//th") is not None:
        return False
    if table.find("caption") is not None or table.find("thead") is not None:
        return False
    if table.find(".//table") is not None:
        return True
    if _OF_LAYOUT.isdisjoint(table.attrib):
        return False
    rows = list(table.iter("tr"))
    return bool(rows) and all(sum(cell.tag == "td" for cell in row) == 1 for row in rows)


def _box_of(part: Element, known: dict[Element, bool]) -> Element:
    """The box that an item, a cell or a quotation is part of; a cell that lays out a page is one itself.

    `known` remembers which tables do.
    """
    box = part
    while box.tag in _PARTS and (outer := box.getparent()) is not None:
        if _lays_out(box, known):
            break
        box = outer
    return box


def _lays_out(element: Element, known: dict[Element, bool]) -> bool:
    """Whether an element is a cell of a table that only lays out the page."""
    table = next(element.iterancestors("table"), None) if element.tag == "td" else None
    if table is None:
        return False
    if table not in known:
        known[table] = is_layout(table)
    return known[table]


def _is_mostly_links(elements: Iterable[Element]) -> bool:
    said = linked = 0
    for element in elements:
        said += len(visible_text(element))
        linked += sum(len("".join(link.itertext())) for link in element.iter("a"))
    return linked * 2 > said
