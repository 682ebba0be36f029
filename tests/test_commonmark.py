"""CommonMark 0.31.2: the examples of the specification still mean what they say.

Each example is read as GitBook Markdown, and the HTML that the specification gives for it is read as
a page: both must be the same tree. What no page can tell apart is made equal first (`plainly`). The
examples come from the specification itself, which the Makefile fetches.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import article_convert as ac
from article_convert.model import Article, Code, Figure, Heading, Image, Link, Node, Paragraph, Text
from article_convert.readers.html.flow import shows_something
from article_convert.report import Report
from article_convert.tree import rewrite
from outline import outline

_BLOCK = re.compile(
    r"^(?:#{1,6} (?P<section>[^\n]+)|`{32} example\n(?P<markdown>.*?)^\.\n(?P<html>.*?)^`{32})$", re.M | re.S
)

DIFFERENT = {
    39: "a line end that is written as an entity is a character here, and white space in a page",
    90: "a line end before nothing is what GitBook's serialiser leaves",
    138: "a page reader has no use for blank code",
    156: "an element that is never closed is text here, and nothing in a browser",
    157: "an element that is never closed is text here, and nothing in a browser",
    163: "a name that is no element of HTML is text here",
    174: "an element does not reach past the end of its quotation here",
    175: "an element does not reach past the end of its item here",
    280: "whether a list of empty items is loose, a page cannot say",
    602: "a bare address is a link here",
    608: "a bare address is a link here",
    611: "a bare address is a link here",
    612: "a bare address of mail is a link here",
    623: "a name that is no element of HTML is text here",
    644: "a line end before nothing is what GitBook's serialiser leaves",
    646: "a line end before nothing is what GitBook's serialiser leaves",
}


@dataclass(frozen=True)
class Example:
    number: int
    section: str
    markdown: str
    html: str


def examples(specification: Path) -> Iterator[Example]:
    section, number = "", 0
    for found in _BLOCK.finditer(specification.read_text(encoding="utf-8")):
        if found["section"]:
            section = found["section"]
        else:
            number += 1
            yield Example(number, section, found["markdown"].replace("→", "\t"), found["html"].replace("→", "\t"))


def plainly(article: Article) -> Article:
    """`article` without what the HTML of a page does not say or a page reader has no use for."""

    def step(node: Node) -> Node | tuple[Node, ...]:
        match node:
            case Text(text=text):  # a page collapses white space
                return replace(node, text=re.sub(r"[ \t\n]+", " ", text))
            case Code(text=text) if not text.strip():
                return ()
            case Link(content=content, url=url, title=title):
                has_text = any(not isinstance(each, Text) or each.text.strip() for each in content)
                return replace(node, title=" ".join(title.split())) if url and has_text else content
            case Figure(image=Image() as image, caption=()):
                return Paragraph((image,))
            case Paragraph(content=()) | Heading(content=()):
                return ()
        return node

    return replace(rewrite(rewrite(article, step), step), metadata=ac.Metadata())


def test_every_example_keeps_its_meaning(commonmark: Path) -> None:
    wrong, sections = [], Counter[str]()
    for example in examples(commonmark):
        sections[example.section] += 1
        found, expected = read(example.markdown, "gitbook"), read(example.html, "html")
        if (outline(found) == outline(expected)) == (example.number in DIFFERENT):
            wrong.append(
                f"{example.number} ({example.section})\n{example.markdown}--- became\n{outline(found)}\n"
                f"--- and should be, as in {example.html!r}\n{outline(expected)}"
            )
    assert sections.total() == 652
    assert not wrong, f"{len(wrong)} of 652 differ:\n\n" + "\n\n".join(wrong)


def read(text: str, reader: str) -> Article:
    if not text.strip():
        return Article()
    try:
        article = plainly(ac.read(text.encode(), reader, report=Report()))
    except ac.InputError:  # a page that shows nothing
        return Article()
    return article if shows_something(article.content) else Article()
