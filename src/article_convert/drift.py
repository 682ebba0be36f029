"""Has a site changed? Which selectors still find something on its pages, and what on them looks like new furniture.

    drift.examine("mysite.toml", paths)     what `article-convert --check-site mysite.toml PAGE...` prints

A description of a site says where each field stands, with fallbacks in order. A field that comes from
a fallback, or from nowhere, tells that the site has changed before anybody misses anything.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from article_convert import pipeline
from article_convert.errors import ArticleConvertError, OptionError
from article_convert.files import read_input
from article_convert.model import Article, Image, Link
from article_convert.readers.decode import decode
from article_convert.readers.html.container import visible_text
from article_convert.readers.html.parse import Element, parse_page
from article_convert.report import Report
from article_convert.rules import RULES, Rule
from article_convert.tree import text_of, walk

__all__ = ["Findings", "PageFindings", "Suspect", "examine"]


@dataclass(frozen=True, slots=True)
class _Description:
    """What is known of a site: the places of each field, its rules, and how its text is found."""

    fields: Mapping[str, tuple[str, ...]]
    rules: tuple[Rule, ...]
    body_of: Callable[[Element, str], Element]
    hosts: tuple[str, ...]


@dataclass(slots=True)
class PageFindings:
    """One page. `fields` has the origin of each field and its place among the sources, 0 for the first.

    A field that the page does not have is missing in it. `error` says why the page could not be read.
    """

    name: str
    fields: dict[str, tuple[str, int]] = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Suspect:
    """Something that looks like furniture: why, on how many pages, an example, and a rule for a site file."""

    why: str
    pages: int
    example: str
    rule: str


@dataclass(slots=True)
class Findings:
    """All pages together. `sources` are the places of each field, `idle` the rules that found nothing."""

    sources: Mapping[str, tuple[str, ...]]
    pages: list[PageFindings] = field(default_factory=list)
    idle: tuple[str, ...] = ()
    suspects: tuple[Suspect, ...] = ()

    def is_as_described(self) -> bool:
        """Whether every field of every page comes from its first source, and nothing looks like new furniture.

        Rules that found nothing do not count: furniture may be rare.
        """
        settled = all(
            not page.error and all(page.fields.get(name, ("", 1))[1] == 0 for name in self.sources)
            for page in self.pages
        )
        return settled and not self.suspects


def examine(site: str, paths: Iterable[Path]) -> Findings:
    """What the pages in `paths` say about `site`: the name `woshipm`, or a file that describes a site.

    Raises `OptionError` for anything else. A page that cannot be read is part of what is found.
    """
    described = _described(site)
    found = Findings(described.fields)
    removed: set[str] = set()
    traces: list[_Traces] = []
    for path in paths:
        page = PageFindings(str(path))
        found.pages.append(page)
        report = Report()
        try:
            article = pipeline.read(path, site, report=report)
            cleaned = pipeline.clean(article, report=report)
        except ArticleConvertError as error:
            page.error = str(error)
            continue
        page.fields = dict(_origins(article, described.fields))
        removed.update(removal.rule for removal in report.removals)
        traces.append(_traces(cleaned, read_input(path), described))
    found.idle = tuple(dict.fromkeys(rule.id for rule in described.rules if rule.id not in removed))
    found.suspects = tuple(_suspects(traces, described.hosts))
    return found


def _described(site: str) -> _Description:
    if site.lower().endswith(".toml"):
        from article_convert.readers.site import body_of
        from article_convert.readers.site.file import site_in

        described = site_in(read_input(Path(site)).decode("utf-8-sig", "replace"), site)
        fields = {name: tuple(source.written for source in sources) for name, sources in described.fields.items()}
        return _Description(fields, described.rules, lambda root, text: body_of(described, root), described.hosts)
    if site == "woshipm":
        from article_convert.readers.html.select import Index
        from article_convert.readers.woshipm.body import body_of as woshipm_body
        from article_convert.readers.woshipm.fields import SOURCES
        from article_convert.rules import RuleSet

        hosts = ("woshipm.com", "yunyingpai.com")
        return _Description(SOURCES, RuleSet().rules, lambda root, text: woshipm_body(Index(root), text), hosts)
    raise OptionError(f"{site!r} describes no site; give woshipm, or a file such as mysite.toml")


def _origins(article: Article, sources: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, tuple[str, int]]]:
    origins = dict(article.metadata.origins)
    for name, known in sources.items():
        if name in origins:
            origin = origins[name]
            yield name, (origin, known.index(origin) if origin in known else len(known))


# --------------------------------------------------------------------------- what looks like furniture

_QR_CODE = re.compile(r"qr-?code|erweima|二维码|扫码|pwmqr", re.I)
_SHORTEST = 6
_LONGEST = 300


@dataclass(slots=True)
class _Traces:
    """What one page shows after cleaning, as far as it may come back on other pages."""

    blocks: dict[str, str]  # text -> a selector that finds it, if its box has a name
    hosts: set[str]
    pictures: dict[str, str]  # address -> its alternative text


def _traces(article: Article, data: bytes, described: _Description) -> _Traces:
    text = decode(data, Report(), markup=True)
    names = _boxes(described.body_of(parse_page(text, Report()), text))
    blocks: dict[str, str] = {}
    hosts: set[str] = set()
    pictures: dict[str, str] = {}
    for block in article.content:
        said = _one_line(text_of(block))
        if _SHORTEST <= len(said) <= _LONGEST:
            blocks[said] = names.get(said, "")
        for node in walk(block):
            if isinstance(node, Link):
                hosts.add(_host(node.url))
            elif isinstance(node, Image):
                pictures[node.url] = node.alt
    return _Traces(blocks, hosts - {""}, pictures)


def _boxes(body: Element) -> dict[str, str]:
    """For the text of each element: a selector of it, or of the small box around it."""
    names: dict[str, str] = {}
    for element in body.iterfind(".//*"):
        said = visible_text(element)
        if _SHORTEST <= len(said) <= _LONGEST:
            box: Element | None = element
            while box is not None and box is not body and not _selector(box):
                box = box.getparent()
            if box is not None and box is not body and (box is element or len(visible_text(box)) <= _LONGEST):
                names[said] = _selector(box)
    return names


def _selector(element: Element) -> str:
    for kind, mark in (("id", "#"), ("class", ".")):
        for name in (element.get(kind) or "").split():
            if re.fullmatch(r"[A-Za-z_][\w-]*", name):
                return f"{element.tag!s}{mark}{name}"
    return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _suspects(traces: Sequence[_Traces], own: Sequence[str]) -> Iterator[Suspect]:
    """What comes back on several pages, most frequent first: texts, outside hosts, pictures; and every QR code."""
    several = max(2, (len(traces) + 2) // 3)
    yield from _texts_again(traces, several)
    hosts = Counter(host for page in traces for host in page.hosts)
    for host, count in hosts.most_common():
        if count >= max(2, (len(traces) + 1) // 2) and not any(
            host == each or host.endswith(f".{each}") for each in own
        ):
            rule = _rule(f"links to {host}", f"a[href*='//{host}/']")
            yield Suspect("links to the same host", count, host, rule)
    pictures = Counter(url for page in traces for url in page.pictures)
    for url, count in pictures.most_common():
        alt = next(page.pictures[url] for page in traces if url in page.pictures)
        why = "a QR code" if _QR_CODE.search(f"{url} {alt}") else "the same picture" if count >= several else ""
        if why:
            yield Suspect(why, count, url, _rule(why, "", rf"!\[.*\]\({re.escape(url)}\)"))


def _texts_again(traces: Sequence[_Traces], several: int) -> Iterator[Suspect]:
    pages: Counter[str] = Counter(said for page in traces for said in page.blocks)
    names: dict[str, set[str]] = defaultdict(set)
    for page in traces:
        for said, name in page.blocks.items():
            names[said].add(name)
    boxes: set[str] = set()
    for said, count in pages.most_common():
        name = next(iter(names[said])) if len(names[said]) == 1 else ""
        if count >= several and (not name or name not in boxes):
            boxes.add(name)
            yield Suspect("the same text", count, said, _rule(name or "again", name, re.escape(said)))


def _rule(name: str, select: str, pattern: str = "") -> str:
    """A `[[rule]]` table to paste into a site file; `pattern` serves if there is no selector."""
    identity = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "furniture"
    if identity == "drop" or any(rule.id == identity for rule in RULES):
        identity += "-here"  # names of the library's own rules are taken
    found = f'select = "{select}"' if select else f"pattern = '''{pattern}'''"
    return f'[[rule]]\nid = "{identity}"\n{found}\nreason = "the same on several pages"'
