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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import takewhile
from typing import TypeAlias
from urllib.parse import unquote

from article_convert.model import Article, Group, Heading, Link, Node, Paragraph, Styled
from article_convert.pinyin import readings
from article_convert.report import Report
from article_convert.tree import rewrite, text_of, walk

__all__ = ["find_anchor", "link_anchors", "with_anchors", "with_names_of_title"]

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
    headings = [index for index, place in enumerate(places) if isinstance(place, Heading)]
    labels = [index for index, place in enumerate(places) if isinstance(place, Group)]
    among = [
        (indices, _Titles([_title(places[index]) for index in indices], [_id(places[index]) for index in indices]))
        for indices in (headings, labels)
    ]
    known = {node.id for node in places if isinstance(node, Heading) and node.id}
    known |= {dict(node.attributes).get("id", "") for node in walk(article) if isinstance(node, Styled)}
    names: dict[int, list[str]] = {}
    for anchor in dict.fromkeys(unquote(each) for each in wanted):
        if anchor and anchor not in known:
            index = _find_place(anchor, among)
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


def with_names_of_title(article: Article, before: Article, wanted: Iterable[str]) -> Article:
    """`article` with empty anchors at its beginning, for `wanted` names that the heading had which became its title."""
    names = {unquote(each) for each in wanted}
    titles = [node for node in walk(before) if isinstance(node, Heading) and node.level == 1] if names else []
    lost = [each for node in titles for each in _names_of(node) if each in names]
    if lost:
        here = {each for node in walk(article) if isinstance(node, (Heading, Styled)) for each in _names_of(node)}
        lost = [each for each in dict.fromkeys(lost) if each not in here]
    if not lost:
        return article
    anchors = tuple(Styled("anchor", (), (("id", each),)) for each in lost)
    first = article.content[0] if article.content else None
    if isinstance(first, (Paragraph, Heading)):
        return replace(article, content=(replace(first, content=(*anchors, *first.content)), *article.content[1:]))
    return replace(article, content=(Paragraph(anchors), *article.content))


def _names_of(node: Heading | Styled) -> Iterator[str]:
    if isinstance(node, Heading):
        yield from [node.id] if node.id else []
        yield from (each for part in walk(node) if isinstance(part, Styled) for each in _names_of(part))
    elif name := dict(node.attributes).get("id", ""):
        yield name


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


def _title(place: Heading | Group) -> str:
    return text_of(place if isinstance(place, Heading) else place.label)


def _id(place: Heading | Group) -> str:
    return place.id if isinstance(place, Heading) else ""


_Key: TypeAlias = Callable[[Sequence[str]], tuple[str, ...]]
_Alike: TypeAlias = Callable[[Sequence[str], Sequence[str]], bool]


class _Titles:
    """Titles of a page, each with its slugs and its words, which are made once for all anchors that are looked up."""

    def __init__(self, texts: Sequence[str], ids: Sequence[str] = ()) -> None:
        self._texts = texts
        self._keys: dict[_Key, dict[tuple[str, ...], list[int]]] = {}
        self.ids = {name: index for index, name in reversed(list(enumerate(ids))) if name}
        self._places: dict[Callable[[str], str], dict[str, list[int]]] = {}

    def places(self, slug: Callable[[str], str]) -> dict[str, list[int]]:
        """Where each slug of that kind stands."""
        if slug not in self._places:
            made: dict[str, list[int]] = {}
            for index, text in enumerate(self._texts):
                made.setdefault(slug(text).removeprefix("id-"), []).append(index)
            self._places[slug] = made
        return self._places[slug]

    @cached_property
    def words(self) -> list[list[str]]:
        return list(map(_words, self._texts))

    def alike(self, anchor: Sequence[str], key: _Key) -> list[int]:
        """Where the words say the same as those of the anchor, if `key` finds that they say anything."""
        if key not in self._keys:
            self._keys[key] = {}
            for index, words in enumerate(self.words):
                self._keys[key].setdefault(key(words), []).append(index)
        said = key(anchor)
        return self._keys[key].get(said, []) if said else []


def _find_place(anchor: str, among: Sequence[tuple[Sequence[int], _Titles]]) -> int | None:
    for find in (_same, _alike):
        for indices, titles in among:
            found = find(anchor, titles)
            if found is not None:
                return indices[found]
    return None


def find_anchor(anchor: str, texts: Sequence[str]) -> int | None:
    """Which of the headings with these `texts` an anchor means; `None` if it is stale."""
    titles = _Titles(texts)
    found = _same(anchor, titles)
    return found if found is not None else _alike(anchor, titles)


def _wanted(anchor: str) -> str:
    return _LEAKED_PREFIX.sub("", unquote(anchor)).strip()


def _same(anchor: str, titles: _Titles) -> int | None:
    """The heading whose id or slug it is."""
    wanted = _wanted(anchor)
    if wanted in titles.ids:
        return titles.ids[wanted]
    bare = wanted.removeprefix("id-").lower()
    for slug in (gitbook_slug, legacy_slug, _letters, pinyin_slug):
        target = _letters(bare) if slug is _letters else bare
        if not target:
            continue
        index = _numbered(target, titles.places(slug))
        if index is not None:
            return index
    return None


def _alike(anchor: str, titles: _Titles) -> int | None:
    """The only heading that the anchor can have meant before its text was changed or translated."""
    words = _words(_wanted(anchor).removeprefix("id-"))
    for alike in (
        partial(titles.alike, key=_section),
        partial(_which, titles.words, _begins),
        partial(titles.alike, key=_section_of_any_chapter),
        partial(titles.alike, key=_without_numbers),
        partial(_which, titles.words, _leaves_out),
    ):
        found = alike(words)
        if len(found) == 1:
            return found[0]
    return None


def _which(headings: Sequence[Sequence[str]], alike: _Alike, anchor: Sequence[str]) -> list[int]:
    return [index for index, heading in enumerate(headings) if alike(anchor, heading)]


def _words(text: str) -> list[str]:
    """The words of a heading or an anchor in small letters, Chinese ones in Pinyin."""
    return [word for word in re.split(r"[\W_]+", pinyin_slug(text) or text.lower()) if word]


def _number(words: Sequence[str]) -> list[str]:
    """The number of a section in front of its title: `4.2.8. Calls` has `4`, `2`, `8`."""
    return list(takewhile(str.isdecimal, words))


def _section(words: Sequence[str]) -> tuple[str, ...]:
    number = _number(words)
    return tuple(number) if len(number) > 1 else ()


def _section_of_any_chapter(words: Sequence[str]) -> tuple[str, ...]:
    """As 24.1.3 and 25.1.3: chapters move in a book, their sections stay."""
    number = _number(words)
    return tuple(number[1:]) if len(number) > 2 else ()


def _begins(anchor: Sequence[str], heading: Sequence[str]) -> bool:
    """One is the other with more words at its end."""
    length = min(len(anchor), len(heading))
    return anchor[:length] == heading[:length] and sum(map(len, anchor[:length])) > _FEWEST_LETTERS


def _without_numbers(words: Sequence[str]) -> tuple[str, ...]:
    """As “Table 64.1. Classes” and “Table 66.1. Classes”."""
    left = tuple(word for word in words if not word.isdecimal())
    return left if len(left) > 1 else ()


def _leaves_out(anchor: Sequence[str], heading: Sequence[str]) -> bool:
    """GitBook left out characters that it could not transliterate, most of the traditional ones."""
    rest = iter(heading)
    return len(anchor) > 2 and not set(anchor).isdisjoint(heading) and all(word in rest for word in anchor)


def _numbered(target: str, places: Mapping[str, Sequence[int]]) -> int | None:
    """The heading with that slug; of several equal ones the second is called `setup-1`."""
    if target in places:
        return places[target][0]
    stem, _, number = target.rpartition("-")
    same = places.get(stem, ())
    if re.fullmatch(r"[0-9]{1,6}", number) and 0 < int(number) < len(same):
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
