"""Code on a page: `pre` with its language, without the line numbers that highlighters put beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from article_convert.model import CodeBlock
from article_convert.readers.html.flow import Context, Flow, span_of
from article_convert.readers.html.parse import Element, words
from article_convert.report import Removal

__all__ = ["HANDLERS", "box_code", "code_block", "code_text", "is_gutter", "language_of"]

_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language|lang|highlight-source|highlight-text|brush:|sourceCode|hljs(?!\s+lang)|prettyprint lang)"
    r"[-:\s]\s*([\w#+.-]+)"
)
_NO_LANGUAGE = words("none plain plaintext text txt nohighlight hljs highlighter-rouge auto") | {""}
_GUTTERS = words(
    "gutter linenos linenodiv lineno linenumber linenumbers line-number line-numbers line-numbers-rows ln-num"
    " hljs-ln-numbers pre-numbering rouge-gutter code-snippet__line-index blob-num linenumbers-row"
)
_BUTTONS = words("copy-btn code-copy copy-code-btn hljs-button cnblogs_code_toolbar")
_NUMBERS = re.compile(r"[\d\s+.:|·-]*")
_BOXES = words(
    "highlight highlighttable highlight-source rouge-table syntaxhighlighter crayon-plain code-block-wrapper"
    " code-snippet__fix cnblogs_code"
)
_LINES = frozenset({"div", "p", "li", "tr", "section"})


def _pre(element: Element, context: Context) -> Flow:
    return [code_block(element, context)]


def code_block(element: Element, context: Context, title: str = "") -> CodeBlock:
    """`pre`, or a box that a highlighter built around one, as code."""
    text = code_text(element)
    return CodeBlock(text, language_of(element), title, span=span_of(element, context))


def code_text(element: Element) -> str:
    """The lines of `element` as they are shown: `br` and line elements end a line, gutters are left out."""
    codes = [child for child in element if child.tag == "code"]
    apart = len(codes) > 1 and len(codes) == len(element)
    text = "".join(map(_line, codes)) if apart else "".join(_pieces(element))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (element.text or "").startswith("\n"):  # HTML drops a line end right after `<pre>`
        text = text[1:]
    return text[:-1] if text.endswith("\n") else text


def _line(code: Element) -> str:
    """One of several `code` elements, each a line; a `br` alone in it only keeps the line open."""
    text = "".join(_pieces(code))
    return "\n" if text == "\n" else text + "\n"


def _pieces(element: Element) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if child.tag == "br":
            yield "\n"
        elif isinstance(child.tag, str) and not is_gutter(child):
            text = "".join(_pieces(child))
            yield text
            if child.tag in _LINES and not text.endswith("\n"):
                yield "\n"
        if child.tail and not (child.tag in _LINES and not child.tail.strip()):
            yield child.tail


def is_gutter(element: Element) -> bool:
    """Whether `element` is no code: a button, or line numbers and marks in a box that is named after them."""
    if element.tag in {"button", "style", "script"}:
        return True
    names = frozenset((element.get("class") or "").split())
    if not _BUTTONS.isdisjoint(names):
        return True
    # Highlighters also write `line-numbers` on the code that shall get numbers.
    return not _GUTTERS.isdisjoint(names) and _NUMBERS.fullmatch("".join(element.itertext())) is not None


def language_of(element: Element) -> str:
    """The language named on `element`, on the `code` inside it, or on the boxes around it; `""` if none is."""
    places = [element, *element.iter("code", "pre")]
    named = next(element.iterancestors("figure"), None) if element.tag != "figure" else element
    if named is not None:  # Hexo: <figure class="highlight js">
        others = [name for name in (named.get("class") or "").split() if name.lower() not in _NO_LANGUAGE]
        if len(others) == 2 and others[0] == "highlight":
            return others[1]
    parent = element.getparent()
    for _ in range(3):
        if parent is None or parent.tag in {"body", "article", "li", "td"}:
            break
        places.append(parent)
        parent = parent.getparent()
    for place in places:
        for name in ("data-lang", "data-language", "data-code-language"):
            if place.get(name, "").lower() not in _NO_LANGUAGE:
                return place.get(name, "")
        for match in _LANGUAGE.finditer(place.get("class", "")):
            if match[1].lower() not in _NO_LANGUAGE:
                return match[1]
    return ""


def box_code(element: Element, context: Context, *, named: bool = True) -> CodeBlock | None:
    """The code of the box that a highlighter builds around one `pre`, or `None` if `element` is no such box.

    `named` asks for one of the class names of highlighters. What the box says besides, a file name mostly, is
    the title; its buttons and the name of the language are cut and reported. A box that says more is none.
    """
    if named and not _has_name_of_box(element):
        return None
    pres = [pre for pre in element.iter("pre") if not _in_gutter(pre, element)]
    if len(pres) != 1:
        return None
    said = " ".join("".join(_beside(element, pres[0])).split())
    if len(said) > _MAX_TITLE:
        return None
    block = code_block(pres[0], context)
    language = re.escape(block.language) or "(?!)"
    title = " ".join(re.sub(rf"(?i)(?<![\w.]){language}(?![\w.])|{_LABELS}", " ", said).split())
    if title != said:
        span = span_of(element, context)
        context.report.removals.append(
            Removal("discarded", "label and buttons of a box of code", said, span, context.report.source)
        )
    return replace(block, title=title, span=span_of(element, context))


_MAX_TITLE = 80
_LABELS = r"复制代码|复制成功|复制|copy code|copied!?|\bcopy\b|收起代码|展开代码|代码解读"


def _has_name_of_box(element: Element) -> bool:
    if not _BOXES.isdisjoint(element.get("class", "").split()):
        return True
    return element.tag == "table" and element.find(".//td[@class='gutter']") is not None


def _beside(place: Element, pre: Element) -> Iterator[str]:
    """What `place` says outside of `pre`, of gutters and of buttons."""
    yield place.text or ""
    for child in place:
        if child is not pre and not is_gutter(child):
            yield from _beside(child, pre)
        yield f" {child.tail or ''}"


def _in_gutter(element: Element | None, box: Element) -> bool:
    while element is not None and element is not box:
        if is_gutter(element):
            return True
        element = element.getparent()
    return False


HANDLERS = {"pre": _pre, "listing": _pre, "xmp": _pre, "plaintext": _pre}
