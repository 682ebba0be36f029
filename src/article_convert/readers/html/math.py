"""Formulas on a page: KaTeX, MathJax 2 and 3, MathML, and pictures of formulas, each as its TeX source once."""

from __future__ import annotations

import re

from lxml import etree

from article_convert.model import Inline, Math, MathBlock, RawInline
from article_convert.readers.html.flow import Context, Flow, flow
from article_convert.readers.html.parse import Element, words

__all__ = ["HANDLERS", "formula_of"]

_RENDERED = words("MathJax MathJax_Preview MathJax_Display MathJax_SVG MathJax_CHTML mjx-chtml MJX_Assistive_MathML")
_DELIMITERS = re.compile(r"\A(?:\\\((.*)\\\)|\\\[(.*)\\\]|\$\$(.*)\$\$)\Z", re.S)
_DISPLAY_STYLE = re.compile(r"\A\{\\displaystyle\s?(.*)\}\Z", re.S)


def formula_of(element: Element) -> list[Math | MathBlock] | None:
    """The formula that `element` shows, `[]` if it only repeats one, `None` if it is no formula."""
    classes = element.get("class", "").split()
    if not classes and element.get("data-tex") is None:
        return None
    if _is_open(element):
        return None
    if "katex-display" in classes or "katex" in classes:
        tex = None if _says_more(element) else _annotation(element)
        return None if tex is None else [_formula(tex, "katex-display" in classes or _in_display(element))]
    if element.get("data-tex") is not None and ("ztext-math" in classes or "math" in classes):
        return [_formula(element.get("data-tex", ""), display=False)]
    if not _RENDERED.isdisjoint(classes):
        return [] if _script_follows(element) else _assistive(element)
    if "math" in classes and ("inline" in classes or "display" in classes or "math-tex" in classes):
        match = _DELIMITERS.match("".join(element.itertext()).strip())
        if match:
            return [_formula(next(filter(None, match.groups()), ""), "display" in classes)]
    return None


_NOT_DRAWN = "p pre ul ol dl table blockquote h1 h2 h3 h4 h5 h6 article".split()


def _is_open(element: Element) -> bool:
    """Whether `element` holds the text after a formula too, as its end tag is missing."""
    return next(element.iter(*_NOT_DRAWN), None) is not None


def _says_more(element: Element) -> bool:
    """Whether text stands in `element` itself: what draws a formula stands in elements of its own."""
    return bool("".join([element.text or "", *(child.tail or "" for child in element)]).strip())


def _formula(tex: str, display: bool) -> Math | MathBlock:
    tex = tex.strip()
    style = _DISPLAY_STYLE.match(tex)
    tex = style[1] if style else tex
    return MathBlock(tex) if display else Math(tex)


def _annotation(element: Element) -> str | None:
    for annotation in element.iter("annotation"):
        if "tex" in annotation.get("encoding", "").lower():
            return "".join(annotation.itertext())
    return None


def _in_display(element: Element) -> bool:
    math = element.find(".//math")
    return math is not None and math.get("display") == "block"


def _script_follows(element: Element) -> bool:
    """MathJax 2 leaves the TeX in a `script` after what it drew, at most one wrapper and a preview away."""
    following = element.getnext()
    for _ in range(3):
        if following is None:
            break
        if following.tag == "script" and following.get("type", "").startswith("math/tex"):
            return True
        following = following.getnext()
    parent = element.getparent()
    return parent is not None and "MathJax_Display" in parent.get("class", "") and _script_follows(parent)


def _assistive(element: Element) -> list[Math | MathBlock] | None:
    tex = _annotation(element)
    return None if tex is None else [_formula(tex, "MathJax_Display" in element.get("class", ""))]


def _script(element: Element, context: Context) -> Flow:
    kind = element.get("type", "")
    if kind.startswith("math/tex"):
        return [_formula("".join(element.itertext()), "mode=display" in kind.replace(" ", ""))]
    context.discard(element)
    return []


def _math(element: Element, context: Context) -> Flow:
    if _is_open(element):
        return flow(element, context)
    display = element.get("display") == "block"
    tex = _annotation(element) or element.get("alttext") or ""
    if tex:
        return [_formula(tex, display)]
    source = etree.tostring(element, encoding="unicode", with_tail=False)
    raw: Inline = RawInline("mathml", source)
    return [raw] if "".join(element.itertext()).strip() else []


def _container(element: Element, context: Context) -> Flow | None:
    """MathJax 3: the TeX stands in an annotation, or on the container in pages that keep it; else MathML in it does."""
    tex = _annotation(element) or element.get("data-tex") or element.get("aria-label") or ""
    if tex and ("\\" in tex or _annotation(element)) and not _is_open(element) and not _says_more(element):
        return [_formula(tex, element.get("display") == "true")]
    spoken = element.find(".//mjx-assistive-mml/math")
    return _math(spoken, context) if spoken is not None and not _is_open(element) else None


HANDLERS = {"script": _script, "math": _math, "mjx-container": _container}
