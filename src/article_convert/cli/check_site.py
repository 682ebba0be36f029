"""`--check-site`: what the pages of a site still have of what its description says, as lines of text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from article_convert.cli.console import plain
from article_convert.drift import Findings, examine
from article_convert.errors import OptionError

__all__ = ["check_site"]


def check_site(site: str, pages: Sequence[str]) -> int:
    """Print what is found; 1 if the pages are not as described, else 0."""
    if not pages:
        raise OptionError(f"name the pages to look at: article-convert --check-site {site} page.html…")
    found = examine(site, map(Path, pages))
    for line in _lines(found):
        print(line)
    return int(not found.is_as_described())


def _lines(found: Findings) -> Iterator[str]:
    """For each page where its fields came from, then what all pages together say."""
    for page in found.pages:
        yield plain(page.name)
        if page.error:
            yield f"  not read: {plain(page.error)}"
            continue
        for name, sources in found.sources.items():
            yield f"  {name:<16} {_origin(page.fields.get(name), sources)}"
    yield f"all {len(found.pages)} pages" if len(found.pages) > 1 else "the page"
    if found.idle:
        yield from _wrapped(f"rules that found nothing: {', '.join(found.idle)}")
    for suspect in found.suspects:
        yield from _wrapped(f"looks like furniture: {suspect.why} on {suspect.pages} pages: {plain(suspect.example)}")
        yield from textwrap.indent(suspect.rule, " " * 6).splitlines()
    yield "  as described" if found.is_as_described() else "  not as described"


def _origin(found: tuple[str, int] | None, sources: Sequence[str]) -> str:
    if found is None:
        return f"missing; tried {', '.join(sources)}"
    origin, place = found
    return origin if place == 0 else f"{origin} (fallback; {sources[0]} found nothing)"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, 100, initial_indent="  ", subsequent_indent="    ")
