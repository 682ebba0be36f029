"""The terms of a GLOSSARY.md where they occur in the pages of a legacy book.

GitBook 1 to 3 and HonKit link every occurrence outside headings, links and code to its definition.
In print and on paper that is a page full of links, so here the first occurrence on a page leads to
the glossary, and every other one carries the definition as its title and looks like plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar, cast
from urllib.parse import quote

from article_convert.model import (
    Article,
    Code,
    CodeBlock,
    Heading,
    Inline,
    Link,
    Math,
    MathBlock,
    Node,
    Paragraph,
    RawBlock,
    RawInline,
    Styled,
    Text,
)
from article_convert.tree import rebuilt, text_of

__all__ = ["NO_TERMS", "Glossary", "glossary_of", "with_terms", "with_title"]

N = TypeVar("N", bound="Node | Article")
_UNTOUCHED = (Heading, Link, Code, CodeBlock, Math, MathBlock, RawBlock, RawInline)


@dataclass(frozen=True, slots=True)
class Glossary:
    """Definitions by their terms in lower case, and the page that they stand on; `title` if it has one."""

    path: str
    definitions: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    @property
    def anchors(self) -> set[str]:
        """The names of the places that terms lead to."""
        return set(map(_anchor, self.definitions))


NO_TERMS = Glossary("")


def glossary_of(article: Article, path: str) -> Glossary:
    """The glossary on a page: each heading that a paragraph follows is a term.

    A heading of level 1 above deeper ones is the title of the page.
    """
    headings = [node for node in article.content if isinstance(node, Heading)]
    titled = bool(headings) and headings[0].level == 1 and any(node.level > 1 for node in headings)
    found: dict[str, str] = {}
    for heading, following in zip(article.content, article.content[1:], strict=False):
        if isinstance(heading, Heading) and isinstance(following, Paragraph) and not (titled and heading.level == 1):
            term = " ".join(text_of(heading).split()).lower()
            if term:
                found.setdefault(term, " ".join(text_of(following).split()))
    return Glossary(path, found, " ".join(text_of(headings[0]).split()) if titled else "")


def with_title(article: Article, title: str) -> Article:
    """A glossary that begins with its first term, under a title of its own, so that the term stays one."""
    below = (replace(each, level=2) if isinstance(each, Heading) else each for each in article.content)
    return replace(article, content=(Heading(1, (Text(title),)), *below))


def with_terms(article: Article, glossary: Glossary) -> Article:
    """`article` with its terms explained; the glossary's own page is another's business."""
    if not glossary.definitions:
        return article
    return _Annotation(glossary).made(article)


class _Annotation:
    """One page's walk: which terms were met already. Used once."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        self.met: set[str] = set()
        self.forms: dict[str, str] = {}
        longest_first = sorted(glossary.definitions, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(_bounded, longest_first)), re.IGNORECASE)

    def made(self, node: N) -> N:
        made = rebuilt(cast(Node, node), self._children)
        label = getattr(node, "label", None)
        if made is not node and label is not None:
            made = replace(made, label=label)  # type: ignore[call-arg]
        return cast(N, made)

    def _children(self, children: tuple[Node, ...]) -> tuple[Node, ...]:
        result: list[Node] = []
        for child in children:
            if isinstance(child, Text):
                result.extend(self._text(child))
            else:
                result.append(child if isinstance(child, _UNTOUCHED) else self.made(child))
        return tuple(result)

    def _text(self, node: Text) -> list[Inline]:
        result: list[Inline] = []
        position = 0
        for m in self.pattern.finditer(node.text):
            if m.start() > position:
                result.append(Text(node.text[position : m.start()]))
            result.append(self._term(m[0]))
            position = m.end()
        if not result:
            return [node]
        if position < len(node.text):
            result.append(Text(node.text[position:]))
        return result

    def _term(self, text: str) -> Inline:
        term = self._meant(text)
        definition = self.glossary.definitions[term]
        if term in self.met:
            return Styled("abbr", (Text(text),), (("title", definition),))
        self.met.add(term)
        return Link((Text(text),), f"/{quote(self.glossary.path)}#{quote(_anchor(term))}", definition)

    def _meant(self, text: str) -> str:
        """The term that `text` is: patterns know pairs of letters that `lower` does not, such as ı and i, µ and μ."""
        terms = self.glossary.definitions
        if (lower := text.lower()) in terms:
            return lower
        if text not in self.forms:
            self.forms[text] = next(term for term in terms if re.fullmatch(re.escape(term), text, re.IGNORECASE))
        return self.forms[text]


def _bounded(term: str) -> str:
    """A pattern for a term as a whole word; between Chinese characters there are no words."""
    before = r"(?<![A-Za-z0-9_])" if term[0].isascii() and term[0].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if term[-1].isascii() and term[-1].isalnum() else ""
    return before + re.escape(term) + after


def _anchor(term: str) -> str:
    return re.sub(r"[\W_]+", "-", term).strip("-")
