"""Formulas as MathML: TeX, where the optional package latex2mathml is installed, and what is MathML already."""

from __future__ import annotations

from importlib import import_module

from article_convert.writers.markup.escape import quoted, scrubbed
from article_convert.writers.markup.page import Page
from article_convert.writers.tex import for_libraries

__all__ = ["mathml", "written_mathml"]

# MathML Core without anything that links, runs or styles: TeX such as \href must not get through.
_ELEMENTS = {
    "math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot", "mstyle", "mover",
    "munder", "munderover", "msub", "msup", "msubsup", "mtable", "mtr", "mtd", "mpadded", "mphantom",
    "merror", "mmultiscripts", "mprescripts", "none", "menclose",
}  # fmt: skip
_ATTRIBUTES = {
    "display", "accent", "accentunder", "displaystyle", "scriptlevel", "mathvariant", "stretchy", "fence",
    "form", "separator", "symmetric", "largeop", "movablelimits", "minsize", "maxsize", "lspace", "rspace",
    "width", "height", "depth", "voffset", "linethickness", "columnspan", "rowspan", "columnalign",
    "rowalign", "columnspacing", "rowspacing", "columnlines", "rowlines", "notation",
}  # fmt: skip
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"


def mathml(tex: str, *, display: bool, page: Page) -> str:
    """A `<math>` element with the TeX as its alternative text, or `""` if that is not possible.

    Not for PDF, as WeasyPrint prints no MathML, and not without the package latex2mathml.
    """
    if not page.math or page.target == "pdf":
        return ""
    try:
        convert = import_module("latex2mathml.converter").convert
    except ImportError:
        return ""
    from lxml import etree

    tex = scrubbed(tex)
    try:
        root = etree.fromstring(convert(for_libraries(tex), display="block" if display else "inline"))
    except Exception:  # whatever a third-party parser of TeX raises: the TeX itself is shown instead
        return ""
    return _cleaned(root, tex)


def written_mathml(source: str, *, page: Page) -> str:
    """A formula that was written as MathML, without what links, runs or styles; `""` if that is not possible."""
    if not page.math or page.target == "pdf":
        return ""
    from lxml import etree

    if "xmlns" not in source[: source.find(">")]:
        source = source.replace("<math", f'<math xmlns="{_NAMESPACE}"', 1)
    try:
        root = etree.fromstring(source, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError:
        return ""
    return _cleaned(root, " ".join("".join(map(str, root.itertext())).split()))


def _cleaned(root: object, tex: str) -> str:
    from lxml import etree

    assert isinstance(root, etree._Element)
    for element in root.iter():
        if not isinstance(element.tag, str) or etree.QName(element).localname not in _ELEMENTS:
            return ""
        for name in element.attrib:
            if name not in _ATTRIBUTES:
                del element.attrib[name]
    printed = etree.tostring(root, encoding="unicode", with_tail=False)
    head = f'<math xmlns="{_NAMESPACE}"'
    return printed.replace(head, f'{head} alttext="{quoted(tex)}"', 1) if printed.startswith(head) else ""
