"""SVG from strangers: what is refused, and the drawing alone without all that is more than drawing."""

from __future__ import annotations

import re
from typing import Any

from article_convert.pictures.svg import (
    ID,
    INERT,
    SVG,
    attribute_problem,
    element_problem,
    refers_outside,
    style_of,
    svg_problem,
)

__all__ = ["sanitised_svg", "svg_threat"]

_XLINK = "{http://www.w3.org/1999/xlink}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_DRAWING = frozenset(
    """svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textpath image
    switch lineargradient radialgradient stop pattern clippath mask marker filter style a view foreignobject
    animate animatetransform animatemotion set mpath
    feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting fedisplacementmap
    fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur feimage femerge femergenode
    femorphology feoffset fepointlight fespecularlighting fespotlight fetile feturbulence""".split()
)
_WORDED = frozenset("text tspan textpath a title desc style".split())
"""The elements in which text is drawn, said or read; elsewhere it is the save file of an editor at best."""


def svg_threat(data: bytes) -> str:
    """Why an SVG is not taken from a stranger at all, or `""`.

    Named are malformed drawings, scripts, event handlers, links that run code, frames, entities, and
    pictures or pieces that are loaded from elsewhere: without them it would be another picture.
    Foreign markup and style sheets are no threat, `sanitised_svg` makes them harmless.
    """
    try:
        root = _parsed(data, entities=False)
    except (ValueError, SyntaxError) as error:
        return f"the SVG is malformed: {error}"
    document = root.getroottree().docinfo
    if document.internalDTD is not None and next(document.internalDTD.iterentities(), None) is not None:
        return "the SVG declares entities"
    for node in root.iter():
        if isinstance(node.tag, str) and _local(node.tag) not in {"foreignobject", "style"}:
            links = _local(node.tag) == "a"  # a link is followed by people, not loaded
            drawn = [
                (name, value)
                for name, value in node.attrib.items()
                if not refers_outside(value)
                and _local(name) != "base"
                and not (links and value.startswith(("https://", "http://", "mailto:")))
            ]
            if problem := element_problem(node.tag, drawn, ""):
                return problem
    return ""


def sanitised_svg(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The drawing alone, and what was taken out of it, each kind once.

    Elements and attributes that draw stay; scripts, handlers, frames, foreign namespaces, references
    to anything outside and to nothing go, and text where none is drawn. The words of foreign markup
    become SVG text. Entities of the document itself are resolved. The result has no `svg_problem`.
    Raises `ValueError` for what is malformed or no SVG.
    """
    try:
        root = _parsed(data, entities=True)
    except (ValueError, SyntaxError) as error:
        raise ValueError(f"the SVG is malformed: {error}") from None
    if root.tag != f"{SVG}svg":
        raise ValueError("the SVG has no svg element of the SVG namespace")
    out: dict[str, None] = {}
    for node in list(root.iter()):
        _mend(node, root, out)
    _take_out_stray_text(root)
    _mend_ids(root, out)
    from lxml import etree

    mended = etree.tostring(root, encoding="utf-8", with_tail=False)
    if problem := svg_problem(mended):
        raise ValueError(problem)
    return mended, tuple(out)


def _parsed(data: bytes, entities: bool) -> Any:
    from lxml import etree

    resolve: Any = "internal" if entities else False
    parser = etree.XMLParser(resolve_entities=resolve, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _mend(node: Any, root: Any, out: dict[str, None]) -> None:
    if node is not root and node.getparent() is None:
        return  # it went with its parent
    if not isinstance(node.tag, str):
        _take_out(node, out, "")
        return
    local = _local(node.tag)
    if not node.tag.startswith(SVG) or local not in _DRAWING:
        _take_out(node, out, local if local in {"script", "iframe", "audio", "video"} else "")
    elif local == "foreignobject":
        _as_text(node, out)
    else:
        if local == "style":
            _mend_style(node, out)
        _mend_attributes(node, out)


def _mend_style(node: Any, out: dict[str, None]) -> None:
    """One piece of text, which loads nothing."""
    style = style_of(node)
    del node[:]
    if refers_outside(style):
        style = _inert_style(style)
        out.setdefault("references to something outside")
    node.text = style or None


def _mend_attributes(node: Any, out: dict[str, None]) -> None:
    for name, value in list(node.attrib.items()):
        if name.startswith("{") and not name.startswith((_XLINK, _XML)):
            del node.attrib[name]
        elif problem := attribute_problem(_local(name), value):
            del node.attrib[name]
            out.setdefault("event handlers" if "handler" in problem else "references to something outside")
    if _local(node.tag) in {"image", "use", "feimage"} and not any(_local(name) == "href" for name in node.attrib):
        _take_out(node, out, "")


def _take_out(node: Any, out: dict[str, None], name: str) -> None:
    if name:
        out.setdefault(f"a {name} element")
    parent = node.getparent()
    if parent is None:
        return
    if node.tail and node.tail.strip():
        before = node.getprevious()
        if before is None:
            parent.text = (parent.text or "") + node.tail
        else:
            before.tail = (before.tail or "") + node.tail
    parent.remove(node)


def _take_out_stray_text(root: Any) -> None:
    for node in root.iter():
        if _local(node.tag) not in _WORDED:
            if (node.text or "").strip():
                node.text = None
            for child in node:
                if (child.tail or "").strip():
                    child.tail = None


def _as_text(node: Any, out: dict[str, None]) -> None:
    """The words of a foreign object as text in the middle of its box, unless the drawing has another form of them."""
    from lxml import etree

    parent = node.getparent()
    read = node.xpath(".//text()[not(ancestor::*[local-name() = 'style' or local-name() = 'script'])]")
    words = " ".join("".join(read).split())
    out.setdefault("foreign markup")
    if words and _local(parent.tag) != "switch":
        x, y, width, height = (_number(node.get(name)) for name in ("x", "y", "width", "height"))
        text = etree.SubElement(parent, f"{SVG}text")
        text.set("x", f"{x + width / 2:g}")
        text.set("y", f"{y + height / 2:g}")
        text.set("text-anchor", "middle")
        text.set("dominant-baseline", "central")
        text.text = words
        parent.replace(node, text)
        return
    _take_out(node, out, "")


def _number(text: str | None) -> float:
    found = re.match(r"\s*-?\d{1,7}(?:\.\d{1,7})?", text or "")
    return float(found[0]) if found else 0.0


def _inert_style(style: str) -> str:
    """The style sheet without what loads something; empty where that cannot be told apart."""
    if "\\" in style:
        return ""  # an escape may hide what a reference leads to
    style = re.sub(r"@(?:import|namespace)[^;]*;?", "", style, flags=re.IGNORECASE)
    style = re.sub(
        r"url\(\s*(['\"]?)\s*([^'\")]*)\1\s*\)",
        lambda found: found[0] if not found[2] or found[2].startswith(INERT) else "none",
        style,
        flags=re.IGNORECASE,
    )
    style = re.sub(r"(['\"])\s*(?:https?:|//)[^'\"]*\1", '""', style, flags=re.IGNORECASE)
    return "" if refers_outside(style) else style


def _mend_ids(root: Any, out: dict[str, None]) -> None:
    """Ids that are names and stand once; references to nothing go."""
    elements = [node for node in root.iter() if isinstance(node.tag, str)]
    seen: set[str] = set()
    renamed: dict[str, str] = {}
    for node in elements:
        name = node.get("id")
        if name is None:
            continue
        good = name if ID.fullmatch(name) else renamed.setdefault(name, _fresh(name, seen))
        if good in seen:
            del node.attrib["id"]
        else:
            seen.add(good)
            node.set("id", good)
    for node in elements:
        for name, value in list(node.attrib.items()):
            if _local(name) == "href" and value.startswith("#"):
                target = renamed.get(value[1:], value[1:])
                if target in seen:
                    node.set(name, f"#{target}")
                elif _local(node.tag) in {"use", "image", "feimage", "mpath"}:
                    _take_out(node, out, "")
                    break
                else:
                    del node.attrib[name]
            elif renamed and "url(#" in value:
                node.set(name, _with_new_names(value, renamed))


def _with_new_names(value: str, renamed: dict[str, str]) -> str:
    for old, new in renamed.items():
        value = value.replace(f"url(#{old})", f"url(#{new})")
    return value


def _fresh(name: str, taken: set[str]) -> str:
    good = "i-" + re.sub(r"[^\w.-]", "-", name)
    while good in taken:
        good += "-"
    return good
