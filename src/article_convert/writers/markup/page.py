"""What is known while one article or chapter is printed: where it goes, and what was printed so far."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias
from urllib.parse import unquote

from article_convert.model import Blocks, Heading, Image, Inlines, Note, Paragraph, Span, Styled
from article_convert.report import Report
from article_convert.tree import anchor_name, rewrite, text_of, walk
from article_convert.writers.labels import Word, label
from article_convert.writers.markup.addresses import SCHEMES, safe_address, scheme

__all__ = ["Page", "Target", "anchor_name", "anchors_of", "plain_text"]

Target: TypeAlias = Literal["html", "epub", "pdf"]


def same_address(url: str) -> str:
    """The address as it is: the `link` of a page that moves nothing."""
    return url


@dataclass(slots=True)
class Page:
    """The state of printing one article, or one chapter of a book.

    `language` is a BCP 47 tag, empty if unknown. `picture` gives the `src` to print for a picture,
    or `""` when it is not at hand: then its alternative text and address stand for it and
    `image.missing` is reported. `link` gives the `href` to print for an address other than a
    fragment, or `""` to keep only the text; it reports what it drops. `prefix` stands before every
    id, so that ids stay unique in a book. `shift` is added to the level of every heading. `math`
    says whether formulas may be printed as MathML.

    `anchors` says what `href` a fragment of the source (`setup` for `#setup`) gets. If it is not
    given, it is what the content handed to `body` holds; a writer that prints one article in
    several files gives its own.

    After printing, `headings` holds the level, id and content of each heading, and `ids` every id.
    """

    language: str
    target: Target
    report: Report
    picture: Callable[[Image], str]
    link: Callable[[str], str] = same_address
    prefix: str = ""
    shift: int = 0
    math: bool = True
    anchors: dict[str, str] | None = None
    headings: list[tuple[int, str, Inlines]] = field(default_factory=list)
    ids: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)
    """The last number given to each name that was taken: thousands of equal ids must not be counted again."""
    outline: list[tuple[int, int]] = field(default_factory=list)
    """The headings that the next one may stand under: level in the tree and level printed."""
    notes: list[Note] = field(default_factory=list)
    notes_printed: int = 0
    content: Blocks = ()
    waiting: list[str] | None = None
    """Inside a link: marks of footnotes that must wait for its end, as links cannot nest."""

    def word(self, word: Word) -> str:
        """A word of the writer in the language of the page."""
        return label(self.language, word)

    def new_id(self, name: str) -> str:
        """`prefix` and `name`, with a number after it if that is taken; recorded as printed."""
        made = first = self.prefix + name
        number = self.numbers.get(first, 1)
        while made in self.ids:
            number += 1
            made = f"{first}-{number}"
        self.numbers[first] = number
        self.ids.add(made)
        return made

    def heading_level(self, level: int) -> int:
        """The level to print, 1 to 6: never more than one below the heading above, as HTML asks."""
        while self.outline and self.outline[-1][0] >= level:
            self.outline.pop()
        above = self.outline[-1][1] if self.outline else 1 + self.shift
        printed = max(1, min(level + self.shift, above + 1, 6))
        self.outline.append((level, printed))
        return printed

    def href(self, url: str, span: Span | None) -> str:
        """The address to print for `url`, or `""` if only the text of the link may stay.

        Reports `link.unsafe` for an address that runs code or opens local files, `link.broken` for
        one that is no address, `link.unresolved` for a fragment that is nowhere in the article.
        """
        if url.startswith("#"):
            return self._fragment(url[1:], span)
        safe = safe_address(url)
        if not safe:
            if scheme(url) not in SCHEMES | {""}:
                self.report.add("link.unsafe", f"the address {url[:80]!r} was dropped", span)
            elif url:
                self.report.add("link.broken", f"{url[:80]!r} is not a valid address and was dropped", span)
            return ""
        found = self.link(url)
        return safe if found == url else safe_address(found)

    def _fragment(self, name: str, span: Span | None) -> str:
        if self.anchors is None:
            self.anchors = {name: f"#{self.prefix}{anchor_name(name)}" for name in anchors_of(self.content)}
        found = self.anchors.get(name) or self.anchors.get(unquote(name), "")
        if not found:
            self.report.add("link.unresolved", f"no heading or anchor is called {name[:80]!r}", span)
        return found


def anchors_of(content: Blocks) -> Iterable[str]:
    """The names of all link targets in `content`: ids of headings and anchors."""
    for block in content:
        for node in walk(block):
            if isinstance(node, Heading) and node.id:
                yield node.id
            elif isinstance(node, Styled) and node.kind == "anchor":
                yield dict(node.attributes).get("id", "")


def plain_text(content: Inlines) -> str:
    """The words of a heading on one line, without its footnotes: what a list of contents shows."""
    without = rewrite(Paragraph(content), lambda node: () if isinstance(node, Note) else node)
    return " ".join(text_of(without).split())
