"""HTML text to lxml elements: what libxml2 alone would lose, refuse or misread is put right first.

Facts about libxml2 2.14 this module guards against: text after `</html>` is dropped; an element
more than 2,048 levels deep makes the whole page empty; many thousand attributes on one element
take minutes; `vector<int>` becomes an element `int`.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TypeAlias

from lxml import etree

from article_convert.errors import InputError
from article_convert.report import Report

__all__ = ["ELEMENTS", "MAX_ELEMENT_DEPTH", "Element", "drop", "parse_fragment", "parse_page", "words"]

Element: TypeAlias = etree._Element

MAX_ELEMENT_DEPTH = 120
"""Elements nest at most this deep after parsing, so that plain recursion over them is safe."""

_FLATTENED_DEPTH = 80
_MAX_ATTRIBUTES = 500
_LONG = 10_000
_MAX_TAGS = 3_000_000


def drop(element: Element) -> None:
    """Take `element` out of its parent and leave the text after it."""
    parent, previous = element.getparent(), element.getprevious()
    if parent is None:
        return
    if previous is not None:
        previous.tail = (previous.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def words(text: str) -> frozenset[str]:
    """The set of the words in `text`."""
    return frozenset(text.split())


ELEMENTS = words(
    "a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body"
    " br button canvas caption center cite code col colgroup command content data datalist dd del details dfn dialog"
    " dir div dl dt em embed fencedframe fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6"
    " head header hgroup hr html i iframe image img input ins isindex kbd keygen label legend li link listing main map"
    " mark marquee math menu menuitem meta meter nav nobr noembed noframes noscript object ol optgroup option output"
    " p param picture plaintext portal pre progress q rb rbc rp rt rtc ruby s samp script search section select shadow"
    " slot small source spacer span strike strong style sub summary sup svg table tbody td template textarea tfoot th"
    " thead time title tr track tt u ul var video wbr xmp"
    # MathML
    " annotation maction menclose merror mfenced mfrac mglyph mi mlabeledtr mmultiscripts mn mo mover mpadded mphantom"
    " mprescripts mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none"
    " semantics"
    # SVG
    " animate animatemotion animatetransform circle clippath defs desc ellipse feblend fecolormatrix"
    " fecomponenttransfer fecomposite feconvolvematrix fedropshadow feflood fefunca fefuncb fefuncg fefuncr"
    " fegaussianblur feimage femerge femergenode femorphology feoffset fetile feturbulence filter foreignobject g"
    " line lineargradient marker mask metadata mpath path pattern polygon polyline radialgradient rect set stop switch"
    " symbol text textpath tspan use view"
)
"""Every element name of HTML, past and present, with MathML and SVG, in lower case."""

# Each of these ends where the next of them begins, so they never nest by being left open.
_SELF_CLOSING = words("li dt dd tr td th thead tbody tfoot option optgroup rt rp colgroup")
# How many levels an element makes with the items, rows and cells that only stand inside it.
_LEVELS = {"ul": 2, "ol": 2, "menu": 2, "dir": 2, "dl": 2, "table": 4, "select": 2, "ruby": 2}
_VOID = words("area base br col embed hr image img input link meta param source track wbr")

_NAME = re.compile(r"</?([A-Za-z][^\s<>/\"'=]*)")
_BARE_NAME = re.compile(r"<([A-Za-z][^\s<>/\"'=]*)>")
_CUSTOM_NAME = re.compile(r"[a-z][a-z0-9.]*-[a-z0-9.-]*|[a-z]+:[a-z][a-z0-9]*", re.I)
# A tag ends as in HTML, 13.2.5.33: quotes count only behind a `=`, and `<` belongs to the name of an attribute.
_BLANK = r"[ \t\n\f\r]"
_ATTRIBUTE = re.compile(
    rf"[^ \t\n\f\r/>][^ \t\n\f\r/>=]*+(?>(?:{_BLANK}*+={_BLANK}*+"
    r"(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^ \t\n\f\r>\"'][^ \t\n\f\r>]*+)?)?)"
)
_TOKEN = re.compile(
    r"<!--(?s:.*?)(?:-->|\Z)|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[ \t\n\f\r/>])"
    r"(?s:.*?)(?:</(?P=raw)(?=[ \t\n\f\r/>])|\Z)"
    rf"|<(?P<end>/?)(?P<name>[A-Za-z][^ \t\n\f\r/>]*+)(?>(?:[ \t\n\f\r/]++|{_ATTRIBUTE.pattern})*)(?:>|\Z)",
    re.I,
)
_ANY_TAG = re.compile(
    r"<(?P<start>/?(?P<name>[A-Za-z][^\s<>/\"'=]*))"
    rf"(?P<rest>(?>(?:[ \t\n\f\r/]++|{_ATTRIBUTE.pattern})*)(?:>|\Z))"
)
_RAW_TAG = re.compile(r"<(?=!|\?|(?:script|style|textarea|title|xmp|iframe|noembed|noframes|plaintext|select)\b)", re.I)
_LAST_OPEN_TAG = re.compile(r"<(?=/?[A-Za-z][^<>]*\Z)")
_PAGE_END = re.compile(r"</(?:body|html)\s*>", re.I)
_ODD_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ODD_REFERENCES = re.compile(
    r"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01]|12[89]|1[345][0-9])(?![0-9])"
    r"|[xX]0*(?:[0-8bBeEfF]|1[0-9a-fA-F]|[89][0-9a-fA-F]|[fF]{3}[eEfF])(?![0-9a-fA-F]));?"
)
_too_deep = etree.XPath(f"boolean({'/*' * (MAX_ELEMENT_DEPTH + 1)})")


def parse_page(text: str, report: Report) -> Element:
    """The `html` element of a whole page.

    All text of the page is in it, also behind `</html>` and at any depth. Tags of no HTML element
    that are never closed (`vector<int>`) are text, as their author meant them. Raises `InputError`
    for a page that would not fit into memory.
    """
    if text.count("<") > _MAX_TAGS:
        raise InputError(f"the page holds more than {_MAX_TAGS // 1_000_000} million tags; split it first")
    root = _parsed(_strangers_escaped(_ends_dropped(text), fragment=False), report)
    _empty_head(root)
    return root


def parse_fragment(source: str, report: Report) -> Element:
    """A `body` element that holds `source`.

    Tags of no HTML element (`<Role>`, `<b站>`) are text whether they are closed or not; custom
    elements (`<my-widget>`) and `<o:p>` stay elements, if they are closed or have attributes.
    Line 1 is the first line of `source`.
    """
    source = _LAST_OPEN_TAG.sub("&lt;", _ends_dropped(source))
    page = _parsed("<html><body>" + _strangers_escaped(source, fragment=True), report)
    body = page.find("body")
    return body if body is not None else etree.SubElement(page, "body")


def _ends_dropped(text: str) -> str:
    """`text` without `</body>` and `</html>`, unless one stands in another tag."""

    def dropped(match: re.Match[str]) -> str:
        opened, closed = text.rfind("<", 0, match.start()), text.rfind(">", 0, match.start())
        in_tag = opened > closed and (text[opened + 1].isalpha() or text[opened + 1] == "/")
        if in_tag:
            return match[0]
        return "<!---->" if text.endswith("<", 0, match.start()) else ""  # `<` must not meet what follows

    return _PAGE_END.sub(dropped, text)


def _parsed(text: str, report: Report) -> Element:
    if _ODD_CHARACTERS.search(text):
        text = _ODD_CHARACTERS.sub("", text)
        report.add("text.control", "control characters were removed")
    text = _ODD_REFERENCES.sub(_reference_repaired, text)
    if any(match.end() - match.start() > _LONG and match["name"] for match in _TOKEN.finditer(text)):
        text = _TOKEN.sub(_attributes_limited, text)
    root = _tree(text)
    if root is None or _too_deep(root):
        report.add("nesting.too-deep", f"elements nested deeper than {_FLATTENED_DEPTH} levels were unwrapped")
        root = _tree(_flattened(text))
        if root is None or _too_deep(root):
            root = _tree(_TOKEN.sub(" ", text))
    return root if root is not None else etree.Element("html")


_OF_HEAD = words("title meta link base basefont bgsound script style noscript template isindex")


def _empty_head(root: Element) -> None:
    """Move what stands in the head but belongs to the body there: libxml2 leaves it, if no `<body>` comes before it."""
    head, body = root.find("head"), root.find("body")
    children = list(head) if head is not None else []
    at = next((n for n, child in enumerate(children) if child.tag not in _OF_HEAD or (child.tail or "").strip()), None)
    if at is None:
        return
    if body is None:
        body = etree.SubElement(root, "body")
    text, moved = "", children[at:]
    if moved[0].tag in _OF_HEAD:
        stays = moved.pop(0)
        text, stays.tail = stays.tail or "", None
    if moved:
        moved[-1].tail = (moved[-1].tail or "") + (body.text or "")
        body.text = text
    else:
        body.text = text + (body.text or "")
    for place, child in enumerate(moved):
        body.insert(place, child)


def _tree(text: str) -> Element | None:
    """What libxml2 makes of `text`; `None` if it gave up on the way."""
    # Bytes, because lxml refuses text with an XML declaration; a new parser, because its log is asked.
    parser = etree.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root: Element | None = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return etree.Element("html")
    fatal = any(entry.level == etree.ErrorLevels.FATAL for entry in parser.error_log)
    return None if fatal else root


def _strangers_escaped(text: str, fragment: bool) -> str:
    """`text` with the `<` of tags that belong to no HTML element as `&lt;`."""
    names = set(_NAME.findall(text))
    strangers = {name for name in names if name.lower() not in ELEMENTS and not _CUSTOM_NAME.fullmatch(name)}
    if (not fragment and strangers) or "-" in "".join(names):
        closed = {name.lower() for name in re.findall(r"</([A-Za-z][^\s<>/]*)", text)}
        if fragment:  # `<your-key>` is a blank to fill in
            bare = set(_BARE_NAME.findall(text))
            strangers |= {name for name in bare if _CUSTOM_NAME.fullmatch(name) and name.lower() not in closed}
        else:
            strangers = {name for name in strangers if name.lower() not in closed}
    if not strangers:
        return text

    def escaped(match: re.Match[str]) -> str:
        return "&lt;" + match[0][1:] if match[1] in strangers else match[0]

    def tag_escaped(match: re.Match[str]) -> str:
        if match["name"] not in strangers:
            return match[0]
        # What stood in the tag is text now, too: `<bo<style>` must not hide the rest of the page.
        rest = _RAW_TAG.sub("&lt;", _PAGE_END.sub("", match["rest"]))
        return "&lt;" + match["start"] + _NAME.sub(escaped, rest)

    return _ANY_TAG.sub(tag_escaped, text)


def _reference_repaired(match: re.Match[str]) -> str:
    """The text of a numeric character reference below 160, as browsers read it (HTML, 13.2.5.80)."""
    digits = match[0][2:].rstrip(";")
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return bytes([code]).decode("cp1252", "ignore") if 128 <= code <= 159 else ""


def _attributes_limited(match: re.Match[str]) -> str:
    """A tag with its first attributes only: libxml2 compares each with all that stand before it."""
    tag = match[0]
    if not match["name"] or len(tag) <= _LONG:
        return tag
    found = _ATTRIBUTE.finditer(tag, match.end("name") - match.start())
    ends = [attribute.end() for attribute in islice(found, _MAX_ATTRIBUTES + 1)]
    return tag if len(ends) <= _MAX_ATTRIBUTES else tag[: ends[_MAX_ATTRIBUTES - 1]] + ">"


def _flattened(text: str) -> str:
    """`text` without the tags that stand too deep; what is between them stays."""
    stack: list[tuple[str, int]] = []
    open_names: Counter[str] = Counter()
    kept_depth = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal kept_depth
        name = (match["name"] or "").lower()
        if not name or name in _VOID or name in {"a", "p"} or match[0].endswith("/>"):
            return match[0]
        if name in _SELF_CLOSING:
            return match[0] if kept_depth < _FLATTENED_DEPTH else " "
        if not match["end"]:
            levels = _LEVELS.get(name, 1) if kept_depth < _FLATTENED_DEPTH else 0
            kept_depth += levels
            stack.append((name, levels))
            open_names[name] += 1
            return match[0] if levels else " "
        if not open_names[name]:
            return ""
        while True:
            top, levels = stack.pop()
            open_names[top] -= 1
            kept_depth -= levels
            if top == name:
                return match[0] if levels else " "

    return _TOKEN.sub(replaced, text)
