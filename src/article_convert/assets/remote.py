"""The pictures of an article that lie on the web, as its resources, just as those beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from article_convert.assets.documents import with_articles
from article_convert.assets.fetch import Fetcher
from article_convert.assets.local import pictures_of
from article_convert.assets.store import Stored
from article_convert.errors import OptionError
from article_convert.model import Article, Book, Image, Resource, Span
from article_convert.report import Report, shown
from article_convert.tree import walk

__all__ = ["check_fetcher", "fetch_pictures"]

D = TypeVar("D", bound=Article | Book)


def fetch_pictures(document: D, fetcher: Fetcher, *, report: Report | None = None) -> D:
    """`document` with a `Resource` for every picture on the web that can be had.

    The chapters of a book fetch theirs when they are loaded. A picture that cannot be had stays what
    it is, and is reported as `image.missing` with the reason and the status of HTTP; it is in the
    ledger of assets as `failed` too. A lead image that the text does not show is only in the ledger.
    What is in the store already is taken from there. A cache that cannot be written is reported as
    `cache.unwritable`. Raises `OptionError` for what is no `Fetcher`.
    """
    check_fetcher(fetcher)
    report = report if report is not None else Report()
    if fetcher.unkept:
        report.add("cache.unwritable", fetcher.unkept)
    return with_articles(document, lambda article, told: _attached(article, fetcher, told), report)


def check_fetcher(fetch: object) -> None:
    """Raise `OptionError` for what cannot fetch, such as `fetch=True`."""
    if not isinstance(fetch, Fetcher):
        raise OptionError(f"fetch takes a Fetcher, not {fetch!r}: fetch=ac.Fetcher()")


def _attached(article: Article, fetcher: Fetcher, report: Report) -> Article:
    known = {resource.url for resource in article.resources}
    wanted: dict[str, Span | None] = {}
    for url, span in pictures_of(article):
        if url not in known and _is_remote(url):
            wanted.setdefault(url, span)
    asked = {_whole(url): url for url in wanted}
    seen = {node.url for node in walk(article) if isinstance(node, Image)} if wanted else set()
    added: list[Resource] = []
    for address, found in fetcher.get_all(asked, article.metadata.source_url):
        url = asked[address]
        if isinstance(found, Stored):
            added.append(Resource(url, found.media_type, found.digest, found.path))
            continue
        span = wanted[url]
        if url in seen:  # else it is the lead image: a cover is drawn instead
            report.add("image.missing", f"picture {shown(url)!r}: {found}", span)
        report.asset(url, "failed", str(found))
        report.explain_absence(url)
    return replace(article, resources=(*article.resources, *added)) if added else article


def _is_remote(url: str) -> bool:
    return url.strip().lower().startswith(("http://", "https://", "//"))


def _whole(url: str) -> str:
    """An address without scheme, as pages of both schemes use it, with the one that is safe."""
    return f"https:{url.strip()}" if url.strip().startswith("//") else url.strip()
