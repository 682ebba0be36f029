"""Pictures, figures and embedded things: which address is the real one, and what belongs to it."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import urlsplit

from article_convert.model import Blocks, Embed, Figure, Group, Image, Inlines, Paragraph, Table, Text
from article_convert.readers.canonical import address, collapsed
from article_convert.readers.html.code import box_code
from article_convert.readers.html.flow import Context, Flow, blocks, first_image, flow, inlines, paragraphs, span_of
from article_convert.readers.html.math import formula_of
from article_convert.readers.html.parse import Element
from article_convert.tree import text_of, walk

__all__ = ["HANDLERS", "first_picture", "image_of", "source_of"]

_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-actualsrc",
    "data-original-src",
    "data-echo",
    "data-url",
    "data-lazyload",
)
_PLACEHOLDER = re.compile(
    r"\A(?:|/|#|about:.*|data:[^,]{0,60},.{0,1500}"
    r"|.*\b(?:loading|lazy|lazyload|blank|spacer|placeholder|transparent|gr[ae]y|pixel|1x1|1px)\b"
    r"[^/]*\.(?:gif|png|svg|jpe?g|webp)(?:\?.*)?)\Z",
    re.I | re.S,
)
_SIZE = re.compile(r"\s*(\d{1,5})(?:\.\d+)?\s*(px|%)?\s*\Z")
_STYLE_SIZE = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,5})(\.\d{1,6})?(px|%)")
_EMOJI_ADDRESS = re.compile(r"/emoji/|/smilies/|twemoji", re.I)
_EMOJI_CLASSES = frozenset({"emoji", "wp-smiley", "twemoji"})
_VIDEO_HOSTS = re.compile(
    r"(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|bilibili\.com|v\.qq\.com|youku\.com"
    r"|iqiyi\.com|douyin\.com|ixigua\.com|dailymotion\.com|loom\.com|wistia\.(?:com|net))\Z"
)
_AUDIO_TYPES = re.compile(r"\.(?:mp3|m4a|ogg|oga|wav|flac|aac)\Z", re.I)
_VIDEO_TYPES = re.compile(r"\.(?:mp4|webm|mov|m4v|ogv|flv|swf|m3u8)\Z", re.I)


def _img(element: Element, context: Context) -> Flow:
    alt = collapsed(element.get("alt") or "").strip(" ")
    formula = _formula_picture(element, alt)
    if formula:
        return formula
    source = source_of(element)
    if alt and _is_emoji(element, source, alt):
        return [Text(alt)]
    if _is_tracker(element):
        context.discard(element)
        return []
    image = image_of(element, context, source)
    return [image] if image.url or image.alt else []


def image_of(element: Element, context: Context, source: str = "") -> Image:
    """The picture of an `img`: its real address also when the page loads it late."""
    title = collapsed(element.get("title") or "").strip(" ")
    alt = collapsed(element.get("alt") or "").strip(" ")
    url = address(context.image(source or source_of(element)))
    if not context.sizes:
        return Image(url, alt, title)
    return Image(url, alt, title, _size(element, "width"), _size(element, "height"))


def source_of(element: Element) -> str:
    """The address of the picture: `src` if it is one, else what scripts would put there."""
    src = (element.get("src") or "").strip()
    if src and not _PLACEHOLDER.match(src):
        return src
    for name in _LAZY:
        value = (element.get(name) or "").strip()
        if value and not _PLACEHOLDER.match(value):
            return value
    for name in ("srcset", "data-srcset", "data-lazy-srcset"):
        value = _largest(element.get(name) or "")
        if value:
            return value
    return _fallback_source(element) or src


def _largest(srcset: str) -> str:
    """The candidate of a `srcset` with the highest width or density."""
    best, best_size = "", -1.0
    for candidate in re.split(r",\s+|,(?=https?:|//)", srcset.strip()):
        address, _, descriptor = candidate.strip().partition(" ")
        digits = re.match(r"\s*([\d.]{1,12})[wx]", descriptor)
        try:
            size = float(digits[1]) if digits else 0.0
        except ValueError:
            size = 0.0
        if address and size > best_size and not address.startswith("data:image/gif"):
            best, best_size = address, size
    return best


def _fallback_source(element: Element) -> str:
    """The address in the `noscript` after a picture that scripts load, or in the `picture` around it."""
    following = element.getnext()
    if following is not None and following.tag == "noscript":
        inner = following.find(".//img")
        if inner is not None and inner.get("src"):
            return (inner.get("src") or "").strip()
    parent = element.getparent()
    while parent is not None and parent.tag == "source":  # libxml2 takes `source` for an open element
        parent = parent.getparent()
    if parent is not None and parent.tag == "picture":
        for source in parent.iter("source"):
            found = _largest(source.get("srcset") or source.get("data-srcset") or "")
            if found:
                return found
    return ""


def _size(element: Element, name: str) -> str:
    match = _SIZE.match(element.get(name) or "")
    if match:
        return match[1] + ("%" if match[2] == "%" else "")
    for found in _STYLE_SIZE.finditer(element.get("style") or ""):
        if found[1] == name:
            return f"{found[2]}{found[3]}%" if found[4] == "%" else found[2]
    return ""


def _is_emoji(element: Element, source: str, alt: str) -> bool:
    classes = (element.get("class") or "").split()
    named = not _EMOJI_CLASSES.isdisjoint(classes) or _EMOJI_ADDRESS.search(source) is not None
    return named and len(alt) <= 16 and not alt.isascii()


def _is_tracker(element: Element) -> bool:
    return element.get("width") in {"0", "1"} and element.get("height") in {"0", "1"}


def _formula_picture(element: Element, alt: str) -> Flow:
    formula = formula_of(element)
    if formula:
        return list(formula)
    classes = element.get("class") or ""
    if alt and (element.get("eeimg") is not None or "mwe-math" in classes):
        previous = element.getprevious()
        repeated = "mwe-math" in classes and previous is not None and previous.find(".//math") is not None
        if repeated:
            return [Text("")]
        holder = element.makeelement("span", {"class": "ztext-math", "data-tex": alt.rstrip("\\").strip()})
        return list(formula_of(holder) or [])
    return []


def first_picture(content: Blocks) -> str:
    """The address of the first picture of `content`, or `""`."""
    return next((node.url for block in content for node in walk(block) if isinstance(node, Image)), "")


def _picture(element: Element, context: Context) -> Flow:
    nodes = flow(element, context)
    dark = ""
    for source in element.iter("source"):
        if "dark" in (source.get("media") or ""):
            dark = _largest(source.get("srcset") or "") or dark
    if dark:
        url = address(context.image(dark))
        nodes = [replace(node, dark_url=url) if isinstance(node, Image) else node for node in nodes]
    return nodes


def _figure(element: Element, context: Context) -> Flow:
    caption_element = next(element.iter("figcaption"), None)
    caption: Inlines = ()
    if caption_element is not None:
        caption = inlines(caption_element, context)
        _cut_out(caption_element)
    code = box_code(element, context, named=False)
    if code is not None and (not code.title or not caption):
        return [replace(code, title=text_of(caption).strip() or code.title)]
    content = paragraphs(flow(element, context))
    return _captioned(content, caption, element, context)


def _captioned(content: tuple[object, ...], caption: Inlines, element: Element, context: Context) -> Flow:
    nodes: Flow = list(content)  # type: ignore[arg-type]
    span = span_of(element, context)
    image = first_image(nodes)
    if image is not None:
        return [Figure(image, caption, span=span)]
    if len(nodes) == 1 and caption:
        only = nodes[0]
        if isinstance(only, (Table, Embed, Figure)) and not only.caption:
            return [replace(only, caption=caption)]
    images = [first_image([node]) for node in nodes]
    if len(images) > 1 and all(images):
        figures = tuple(Figure(each) for each in images if each is not None)
        return [Group("gallery", figures, caption, span=span)]
    if caption:
        nodes.append(Paragraph(caption, span=span))
    return nodes


def _cut_out(element: Element) -> None:
    """Take `element` out of its parent and leave the text after it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        previous = element.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)


_SAVED_FRAME = re.compile(r"\A(?!\w+:)[^?#]*_files/[^/]+\.html?(?:\.\w+)?\Z", re.I)


def _embed(element: Element, context: Context) -> Flow:
    """`iframe`, `video`, `audio`, `embed`, `object`: one `Embed` with the address, or the fallback content."""
    url = _embed_address(element)
    if element.tag == "iframe" and _SAVED_FRAME.search(url):
        context.discard(element)  # what a browser saved of it; where it came from, nothing says
        return []
    if not url:
        return list(blocks(element, context)) if element.tag == "object" else []
    label = collapsed(element.get("title") or element.get("aria-label") or "").strip(" ")
    caption: Inlines = (Text(label),) if label else ()
    kind = _embed_kind(str(element.tag), url)
    return [Embed(kind, address(context.link(url)), caption, span=span_of(element, context))]


def _embed_address(element: Element) -> str:
    for name in ("src", "data-src", "data", "data-original"):
        value = (element.get(name) or "").strip()
        if value and not value.startswith(("about:", "javascript:")):
            return value
    for source in element.iter("source", "param", "embed"):
        named = source.get("value") if source.get("name") in {"movie", "src"} else ""
        value = (source.get("src") or named or "").strip()
        if value:
            return value
    return ""


def _embed_kind(tag: str, address: str) -> str:
    if tag in {"video", "audio"}:
        return tag
    try:
        parts = urlsplit(address if "//" in address else f"//{address}", scheme="https")
        host, path = parts.hostname or "", parts.path
    except ValueError:
        return "page"
    if _VIDEO_HOSTS.search(host) or _VIDEO_TYPES.search(path):
        return "video"
    return "audio" if _AUDIO_TYPES.search(path) else "page"


def _noscript(element: Element, context: Context) -> Flow:
    """What a page shows without scripts: only a picture that a script would load is content."""
    if element.find(".//img") is None:
        if "".join(element.itertext()).strip():
            context.discard(element)
        return []
    beside = (element.getprevious(), element.getnext())
    if any(each is not None and (each.tag == "img" or each.find(".//img") is not None) for each in beside):
        return []
    return flow(element, context)


def _svg(element: Element, context: Context) -> Flow:
    """A drawing in the page: only its text can be kept; icons have none."""
    text = " ".join(" ".join(each.itertext()) for each in element.iter("text"))
    if not text.strip():
        context.discard(element)
        return []
    return [Text(text)]


HANDLERS = {
    "img": _img,
    "image": _img,
    "picture": _picture,
    "figure": _figure,
    "noscript": _noscript,
    "svg": _svg,
    **dict.fromkeys(("iframe", "video", "audio", "embed", "object", "portal"), _embed),
}
