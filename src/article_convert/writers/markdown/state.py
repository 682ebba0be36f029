"""The state of a Markdown file being written, and the HTML elements that stand in its lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from article_convert.model import Blocks, Image, Span, Styled
from article_convert.report import Report
from article_convert.writers.markup.addresses import SCHEMES, scheme
from article_convert.writers.markup.escape import attribute, quoted

__all__ = ["STYLES", "MarkdownState", "image_element", "style_tag"]

STYLES: Final = frozenset(
    {"mark", "sub", "sup", "u", "kbd", "small", "ruby", "rt", "rp", "abbr", "cite", "dfn", "ins", "q", "samp", "time",
     "var", "bdi", "bdo"}
)  # fmt: skip
"""Kinds of `Styled` that are HTML elements, which Markdown prints as such; of all others only the content."""


@dataclass(slots=True)
class MarkdownState:
    """The state of one file being written: how to write it, and the notes collected so far.

    `link` and `picture` give the address to print, `""` for none; `picture` gives `None` for one that is
    not at hand, whose own address is printed. `anchor` gives the anchor to print
    for the id of a heading, `""` if no link leads to it; `shift` is added to heading levels.
    """

    report: Report
    language: str = ""
    stars: bool = False
    alerts: bool = True
    picture: Callable[[str], str | None] = lambda url: None
    link: Callable[[str], str] = str
    anchor: Callable[[str], str] = lambda name: ""
    shift: int = 0
    notes: list[Blocks] = field(default_factory=list)
    printed_notes: list[str] = field(default_factory=list)

    def note(self, content: Blocks) -> str:
        """The reference to a footnote, numbered in reading order."""
        self.notes.append(content)
        return f"[^{len(self.notes)}]"

    def href(self, url: str, span: Span | None = None) -> str:
        """The address to print for a link; an unsafe one is reported and gives `""`."""
        kind = scheme(url)
        if kind and kind not in SCHEMES:
            self.report.add("link.unsafe", f"{url[:80]} is not an address to follow", span)
            return ""
        return "".join(self.link(url).splitlines())

    def src(self, url: str, span: Span | None = None) -> str:
        """The address to print for a picture; an unsafe one is reported and gives `""`.

        Only an address of the author is judged: what a picture at hand is called in the file is our own.
        """
        put = self.picture(url)
        if put is None:
            put, kind = url, scheme(url)
            if kind and kind not in SCHEMES and not _PICTURE_DATA.match(url):
                self.report.add("link.unsafe", f"{url[:80]} is not the address of a picture", span)
                return ""
        return "".join(put.splitlines())


_SPACES = re.compile(r"[ \t\r\n]+")
_PICTURE_DATA = re.compile(r"data:image/(?:png|jpeg|gif|webp)[;,]", re.IGNORECASE)

_ATTRIBUTE_NAME = re.compile(r"(?!on|style\b|src|href|action|form)[a-z][a-z0-9-]*")
_COLOURS = {"color": "color", "background": "background-color"}


def style_tag(node: Styled) -> str:
    """The opening tag of an inline element with the attributes that change nothing but its meaning.

    The named colours of a `mark` stand in its `style`, as GitBook writes them.
    """
    if node.kind == "mark":
        named = [(_COLOURS[name], value) for name, value in node.attributes if name in _COLOURS and value.isalpha()]
        style = "".join(f"{name}:{value};" for name, value in named)
        return f'<mark style="{style}">' if style else "<mark>"
    kept = "".join(
        f' {name}="{quoted(_SPACES.sub(" ", value))}"'
        for name, value in node.attributes
        if _ATTRIBUTE_NAME.fullmatch(name)
    )
    return f"<{node.kind}{kept}>"


def image_element(node: Image, src: str, state: MarkdownState) -> str:
    """A picture as `<img>`, in `<picture>` if it has a variant for dark screens: for sizes and captions."""
    alt, title = _SPACES.sub(" ", node.alt), _SPACES.sub(" ", node.title)
    sizes = attribute("width", node.width) + attribute("height", node.height)
    words = f' alt="{quoted(alt)}"{attribute("title", title)}'.replace("{%", "&#123;%")
    element = f'<img src="{quoted(src)}"{words}{sizes}>'
    dark = state.src(node.dark_url, node.span) if node.dark_url else ""
    if not dark:
        return element
    source = f'<source srcset="{quoted(dark)}" media="(prefers-color-scheme: dark)">'
    return f"<picture>{source}{element}</picture>"
