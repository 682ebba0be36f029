"""Link targets inside a page: which heading does `#installing-it` mean?

GitBook wrote several kinds of anchors over the years, and none of them stands in the source: they
follow from the text of the heading. An anchor is looked for in tiers: the id that a heading was
given; GitBook's slug of its text; the slug of older versions; the same letters and digits without
any marks; the Chinese text in Pinyin. An anchor that is none of these is stale, and means the only
heading that is still like it, if there is one: with the same section number, with more or fewer words
at its end, with other numbers, or with the characters that GitBook could not transliterate.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from urllib.parse import unquote

from article_convert.model import Article, Group, Heading, Link, Node, Styled
from article_convert.pinyin import readings
from article_convert.report import Report
from article_convert.tree import rewrite, text_of, walk

__all__ = ["find_anchor", "link_anchors", "with_anchors"]

_NOT_SLUG = re.compile(r"[^\w.]+")
_NOT_LEGACY = re.compile(r"[^\w\s-]")
_NOT_LETTERS = re.compile(r"[\W_]+")
_FEWEST_LETTERS = 4
_LEAKED_PREFIX = re.compile(r"^(?:user-?content-)+", re.IGNORECASE)


def link_anchors(article: Article, report: Report) -> Article:
    """Give each heading that a link of the page leads to (`#setup`) the id that the link uses.

    Links that find no heading stay as they are; writers report them.
    """
    wanted = [node.url[1:] for node in walk(article) if isinstance(node, Link) and node.url.startswith("#")]
    return with_anchors(article, wanted) if wanted else article


def with_anchors(article: Article, wanted: Sequence[str]) -> Article:
    """`article` with the ids that links to it use: on the heading that each means, or beside its text.

    Where no heading has that name, a label may: GitBook gives ids to steps, tabs and expandable
    sections too. A heading that has an id keeps it; else it gets the first of the names that mean it, and
    further ones become anchors in its content.
    """
    places = _places(article)
    known = {node.id for node in places if isinstance(node, Heading) and node.id}
    known |= {dict(node.attributes).get("id", "") for node in walk(article) if isinstance(node, Styled)}
    names: dict[int, list[str]] = {}
    for anchor in dict.fromkeys(unquote(each) for each in wanted):
        if anchor and anchor not in known:
            index = _find_place(anchor, places)
            if index is not None:
                names.setdefault(index, []).append(anchor)
    if not names:
        return article
    numbers = iter(range(len(places)))

    def name(node: Node) -> Node:
        if not _is_place(node):
            return node
        fresh = names.get(next(numbers), [])
        if isinstance(node, Heading) and fresh and not node.id:
            node = replace(node, id=fresh.pop(0))
        extra = tuple(Styled("anchor", (), (("id", each),)) for each in fresh)
        if isinstance(node, Group) and extra:
            return replace(node, label=(*extra, *node.label))
        return replace(node, content=(*extra, *node.content)) if isinstance(node, Heading) and extra else node

    return rewrite(article, name)


def _is_place(node: Node) -> bool:
    return isinstance(node, Heading) or (isinstance(node, Group) and bool(node.label))


def _places(article: Article) -> list[Heading | Group]:
    """The headings and labelled groups, in the order in which `rewrite` comes to them."""
    found: list[Heading | Group] = []

    def note(node: Node) -> Node:
        if isinstance(node, (Heading, Group)) and _is_place(node):
            found.append(node)
        return node

    rewrite(article, note)
    return found


def _find_place(anchor: str, places: Sequence[Heading | Group]) -> int | None:
    headings = [index for index, place in enumerate(places) if isinstance(place, Heading)]
    labels = [index for index, place in enumerate(places) if isinstance(place, Group)]
    texts = [text_of(place if isinstance(place, Heading) else place.label) for place in places]
    ids = [place.id if isinstance(place, Heading) else "" for place in places]
    for find, among in ((_same, headings), (_same, labels), (_alike, headings), (_alike, labels)):
        found = find(anchor, [texts[index] for index in among], [ids[index] for index in among])
        if found is not None:
            return among[found]
    return None


def find_anchor(anchor: str, texts: Sequence[str], ids: Sequence[str] = ()) -> int | None:
    """Which of the headings with these `texts` (and explicit `ids`) an anchor means; `None` if it is stale."""
    found = _same(anchor, texts, ids)
    return found if found is not None else _alike(anchor, texts, ids)


def _wanted(anchor: str) -> str:
    return _LEAKED_PREFIX.sub("", unquote(anchor)).strip()


def _same(anchor: str, texts: Sequence[str], ids: Sequence[str]) -> int | None:
    """The heading whose id or slug it is."""
    wanted = _wanted(anchor)
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


def _alike(anchor: str, texts: Sequence[str], ids: Sequence[str]) -> int | None:
    """The only heading that the anchor can have meant before its text was changed or translated."""
    words = _words(_wanted(anchor).removeprefix("id-"))
    headings = [_words(text) for text in texts]
    for alike in (_same_number, _begins, _same_number_in_chapter, _same_but_numbers, _leaves_out):
        found = [index for index, heading in enumerate(headings) if alike(words, heading)]
        if len(found) == 1:
            return found[0]
    return None


def _words(text: str) -> list[str]:
    """The words of a heading or an anchor in small letters, Chinese ones in Pinyin."""
    return [word for word in re.split(r"[\W_]+", pinyin_slug(text) or text.lower()) if word]


def _number(words: Sequence[str]) -> list[str]:
    """The number of a section in front of its title: `4.2.8. Calls` has `4`, `2`, `8`."""
    return list(takewhile(str.isdecimal, words))


def _same_number(anchor: Sequence[str], heading: Sequence[str]) -> bool:
    number = _number(anchor)
    return len(number) > 1 and number == _number(heading)


def _same_number_in_chapter(anchor: Sequence[str], heading: Sequence[str]) -> bool:
    """As 24.1.3 and 25.1.3: chapters move in a book, their sections stay."""
    number = _number(anchor)
    return len(number) > 2 and number[1:] == _number(heading)[1:]


def _begins(anchor: Sequence[str], heading: Sequence[str]) -> bool:
    """One is the other with more words at its end."""
    length = min(len(anchor), len(heading))
    return anchor[:length] == heading[:length] and sum(map(len, anchor[:length])) > _FEWEST_LETTERS


def _same_but_numbers(anchor: Sequence[str], heading: Sequence[str]) -> bool:
    """As “Table 64.1. Classes” and “Table 66.1. Classes”."""
    words = [word for word in anchor if not word.isdecimal()]
    return len(words) > 1 and words == [word for word in heading if not word.isdecimal()]


def _leaves_out(anchor: Sequence[str], heading: Sequence[str]) -> bool:
    """GitBook left out characters that it could not transliterate, most of the traditional ones."""
    rest = iter(heading)
    return len(anchor) > 2 and not set(anchor).isdisjoint(heading) and all(word in rest for word in anchor)


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
    slug = _NOT_SLUG.sub("-", text.lower().replace("&", " and ")).strip("-")
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
    known = readings()
    spelt = (f"-{known[ord(each)].replace('ü', 'v')}-" if ord(each) in known else each for each in text)
    return _NOT_SLUG.sub("-", "".join(spelt).lower()).strip("-")
