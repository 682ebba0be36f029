"""Link targets inside a page: which heading does `#installing-it` mean?

GitBook wrote several kinds of anchors over the years, and none of them stands in the source: they
follow from the text of the heading. An anchor is looked for in tiers: the id that a heading was
given; GitBook's slug of its text; the slug of older versions; the same letters and digits without
any marks; the Chinese text in Pinyin.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from urllib.parse import unquote

from article_convert.model import Article, Heading, Link, Node, Styled
from article_convert.report import Report
from article_convert.tree import rewrite, text_of, walk

__all__ = ["find_anchor", "link_anchors", "with_anchors"]

_NOT_SLUG = re.compile(r"[^\w.]+")
_NOT_LEGACY = re.compile(r"[^\w\s-]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_LEAKED_PREFIX = re.compile(r"^(?:user-?content-)+", re.IGNORECASE)


def link_anchors(article: Article, report: Report) -> Article:
    """Give each heading that a link of the page leads to (`#setup`) the id that the link uses.

    Links that find no heading stay as they are; writers report them.
    """
    wanted = [node.url[1:] for node in walk(article) if isinstance(node, Link) and node.url.startswith("#")]
    return with_anchors(article, wanted) if wanted else article


def with_anchors(article: Article, wanted: Collection[str]) -> Article:
    """`article` with the ids that links to it use: on the heading that each means, or beside its text.

    A heading that has an id keeps it; further names become anchors in its content.
    """
    headings = [node for node in walk(article) if isinstance(node, Heading)]
    known = {node.id for node in headings if node.id}
    known |= {dict(node.attributes).get("id", "") for node in walk(article) if isinstance(node, Styled)}
    texts = [text_of(node) for node in headings]
    names: dict[int, list[str]] = {}
    for anchor in dict.fromkeys(unquote(each) for each in wanted):
        if anchor and anchor not in known:
            index = find_anchor(anchor, texts, [node.id for node in headings])
            if index is not None:
                names.setdefault(index, []).append(anchor)
    if not names:
        return article
    numbers = iter(range(len(headings)))

    def name(node: Node) -> Node:
        if not isinstance(node, Heading):
            return node
        fresh = names.get(next(numbers), [])
        if fresh and not node.id:
            node = replace(node, id=fresh.pop(0))
        extra = tuple(Styled("anchor", (), (("id", each),)) for each in fresh)
        return replace(node, content=(*extra, *node.content)) if extra else node

    return rewrite(article, name)


def find_anchor(anchor: str, texts: Sequence[str], ids: Sequence[str] = ()) -> int | None:
    """Which of the headings with these `texts` (and explicit `ids`) an anchor means; `None` if it is stale."""
    wanted = _LEAKED_PREFIX.sub("", unquote(anchor)).strip()
    if wanted in ids and wanted:
        return list(ids).index(wanted)
    bare = wanted.removeprefix("id-").lower()
    for slug in (gitbook_slug, legacy_slug, _letters, pinyin_slug):
        target = _letters(bare) if slug is _letters else bare
        if not target:
            continue
        index = _numbered(target, [slug(text).removeprefix("id-") for text in texts])
        if index is not None:
            return index
    return None


def _numbered(target: str, slugs: list[str]) -> int | None:
    """The heading with that slug; of several equal ones the second is called `setup-1`."""
    if target in slugs:
        return slugs.index(target)
    stem, _, number = target.rpartition("-")
    if number.isdigit():
        same = [index for index, slug in enumerate(slugs) if slug == stem]
        if 0 < int(number) < len(same):
            return same[int(number)]
    return None


def gitbook_slug(text: str) -> str:
    """GitBook's own: lower case, dots and underscores kept, everything else that is no letter a hyphen."""
    slug = _NOT_SLUG.sub("-", text.lower()).strip("-")
    return f"id-{slug}" if slug[:1].isdigit() else slug


def legacy_slug(text: str) -> str:
    """That of GitBook 1 to 3, taken from GitHub: marks dropped, white space as hyphens."""
    return re.sub(r"\s", "-", _NOT_LEGACY.sub("", text.lower()).strip())


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text.lower())


def pinyin_slug(text: str) -> str:
    """GitBook's slug of Chinese text, in Pinyin without tones; `""` for text without Chinese."""
    if text.isascii():
        return ""
    from pypinyin import lazy_pinyin  # 0.2 s, and few books need it

    return _NOT_SLUG.sub("-", "-".join(lazy_pinyin(text)).lower()).strip("-")
