"""Why an SVG is more than a picture: it can hold scripts, whole pages and addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

__all__ = ["ID", "INERT", "SVG", "attribute_problem", "element_problem", "refers_outside", "style_of", "svg_problem"]

ID = re.compile(r"[^\W\d][\w.-]*")
"""What an id may be: a name of XML without colon."""

SVG = "{http://www.w3.org/2000/svg}"
"""The namespace, as lxml writes it before a name."""

INERT = ("#", "data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp", "data:font/", "data:,")
"""How a reference begins that stays inside the picture."""

_REFERENCE = re.compile(r"(?:url|src)\(\s*['\"]?\s*([^'\")]*)", re.IGNORECASE)
_LOADING = re.compile(r"@import|image-set\(|['\"]\s*(?:https?:|//)", re.IGNORECASE)
"""What loads something from a string, which stands in no `url()`."""


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"


def svg_problem(data: bytes) -> str:
    """Why an SVG picture must stay out of a book, or `""` if it only draws.

    Scripts, event handlers, foreign objects, entities and references to anything outside the
    picture are reasons; so is being malformed, as reading systems refuse the whole picture then.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: Any = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return f"the SVG is malformed: {error}"
    if root.tag != f"{SVG}svg":
        return "the SVG has no svg element of the SVG namespace"
    document = root.getroottree().docinfo
    if document.internalDTD is not None and next(document.internalDTD.iterentities(), None) is not None:
        return "the SVG declares entities"
    nodes = [*root.itersiblings(preceding=True), *root.iter()]
    if any(isinstance(node, etree._ProcessingInstruction) for node in nodes):
        return "the SVG holds a processing instruction"
    elements = [node for node in nodes if isinstance(node.tag, str)]
    problems = (element_problem(node.tag, node.attrib.items(), style_of(node)) for node in elements)
    return next((problem for problem in problems if problem), "") or _id_problem(root)


def style_of(node: Any) -> str:
    """The style sheet that an element holds, as browsers take it: its own text, across all that interrupts it."""
    return "".join([node.text or "", *(child.tail or "" for child in node)])


def _id_problem(root: Any) -> str:
    """Why the ids of an SVG picture make it invalid, or `""`."""
    ids = root.xpath("//@id")
    if len(set(ids)) < len(ids):
        return "the SVG uses an id twice"
    if bad := [each for each in ids if not ID.fullmatch(each)]:
        return f"the SVG has an id that is no name ({_short(bad[0])})"
    lost = {each for each in root.xpath("//@*[local-name() = 'href']") if each[0:1] == "#"} - {
        f"#{each}" for each in ids
    }
    return f"the SVG refers to {_short(min(lost))}, which is not in it" if lost else ""


def element_problem(tag: str, attributes: Iterable[tuple[str, str]], text: str) -> str:
    """Why an element must not stand in a picture, or `""`; `text` matters for a style sheet."""
    local = tag.rpartition("}")[2].lower()
    if local in {"script", "foreignobject", "handler", "listener", "iframe", "object", "embed", "audio", "video"}:
        return f"the SVG holds a {local} element"
    if local == "style" and refers_outside(text):
        return "the SVG has a style that refers to something outside"
    problems = (attribute_problem(name.rpartition("}")[2].lower(), value) for name, value in attributes)
    return next((problem for problem in problems if problem), "")


def attribute_problem(name: str, value: str) -> str:
    """Why an attribute, named without its namespace, must not stand in a picture, or `""`."""
    bare = re.sub(r"[\x00-\x20]+", "", value)
    if name.startswith("on"):
        return f"the SVG has an event handler ({name})"
    if name == "attributename" and (bare.lower().startswith("on") or bare.lower().endswith("href")):
        return "the SVG animates a link or an event handler"
    if name in {"href", "src"} and bare and not bare.startswith(INERT):
        return f"the SVG refers to something outside ({_short(bare)})"
    if name == "base":
        return "the SVG says that its references lead elsewhere (xml:base)"
    return f"the SVG refers to something outside in {name}" if refers_outside(value) else ""


def refers_outside(style: str) -> bool:
    """Whether a piece of CSS loads something, or hides whether it does."""
    if "\\" in style and ("url" in style or "@" in style or "(" in style):
        return True  # an escape may hide what a reference leads to
    if _LOADING.search(style):
        return True
    return any(not bare.startswith(INERT) for bare in _REFERENCE.findall(style) if bare)
