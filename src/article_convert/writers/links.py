"""Which chapter of a book an address means: one answer for every format.

An address in a chapter may name another chapter as its file (`../guide/setup.md`), as the page that became
of it (`setup.html`, `setup`), as a folder (`guide/`), or from the root of the book (`/guide/setup.md`). If it
names none, it leads to the web, where it led from the page that the chapter was saved from.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from article_convert.model import Article
from article_convert.writers.markup.addresses import scheme, web_address

__all__ = ["Chapters", "canonical", "from_top", "is_page", "whole_links"]

_PAGE = re.compile(r"\.(?:md|markdown|html?|xhtml)$", re.IGNORECASE)
_INDEX = re.compile(r"(?:^|/)(?:readme|index)$", re.IGNORECASE)
_WEB_HOST = re.compile(r"^(?:www|m)\.")
_TRACKING = re.compile(r"^(?:utm_|spm=|from=)")


class Chapters:
    """The chapters of a book by what addresses call them, each with the name that a writer gave it.

    `names` holds those names by the paths of the chapters.
    """

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self._paths: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._sources: dict[str, str] = {}

    def add(self, path: str, name: str, source_url: str = "") -> None:
        """Note a chapter; of several that an address may mean, it means the one that was added first."""
        if path not in self.names:
            self.names[path] = name
            self._paths.setdefault(_normal(path), name)
            self._keys.setdefault(_key(path), name)
            if scheme(source_url) in {"http", "https"}:
                self._sources.setdefault(canonical(source_url), name)

    def find(self, url: str, base: str = "") -> tuple[str, str] | None:
        """The name of the chapter that `url` means in the chapter `base`, and the anchor, as it is written.

        `None` for an address that means no chapter. One on the web means the chapter that was saved from
        there. A file of exactly that name comes before others: `guide.md` and `guide/README.md` may both be
        there.
        """
        place, _, anchor = url.partition("#")
        if not url or scheme(url) or url.startswith("//"):
            name = self._sources.get(canonical(url))
            return None if name is None else (name, anchor)
        place, question, _ = place.partition("?")
        if question and not posixpath.basename(place):  # `/?p=12` is another page than `/`
            return None
        whole = posixpath.join("/", posixpath.dirname(base), unquote(place)) if place else base
        name = self._paths.get(_normal(whole), self._keys.get(_key(whole)))
        return None if name is None else (name, anchor)


def is_page(url: str) -> bool:
    """Whether a relative address is that of a page, and not of a file to download."""
    name = posixpath.basename(url.partition("#")[0].partition("?")[0])
    return _PAGE.search(name) is not None or "." not in name


def from_top(url: str, base: str) -> str:
    """A relative address of the chapter `base` as it is written at the top of the book."""
    if not url or scheme(url) or url.startswith(("/", "#")):
        return url
    mark = min((url.index(each) for each in "?#" if each in url), default=len(url))
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), url[:mark])) + url[mark:]


def whole_links(article: Article) -> Callable[[str], str]:
    """What turns a relative address of an article into where it led on the page that it was saved from.

    Unchanged are an address within the page, one of a file at hand, and all of an article that comes
    from nobody knows where: they may name what lies beside it.
    """
    base = article.metadata.source_url
    at_hand = {resource.url for resource in article.resources}

    def link(url: str) -> str:
        if not url or url.startswith("#") or scheme(url) or url in at_hand:
            return url
        return web_address(url, base) or url

    return link


def canonical(url: str) -> str:
    """The same for all the ways to write the address of one page."""
    try:
        parts = urlsplit(url.strip())
        host, port = _WEB_HOST.sub("", parts.hostname or ""), parts.port
    except ValueError:
        return url
    query = "&".join(each for each in parts.query.split("&") if each and not _TRACKING.match(each))
    return f"{host}:{port or ''}{unquote(parts.path).rstrip('/')}?{query}"


def _normal(path: str) -> str:
    return posixpath.normpath(posixpath.join("/", path)).strip("/")


def _key(path: str) -> str:
    """The same for `guide/`, `guide/README.md`, `/guide/index.html` and `guide/../guide`."""
    return _INDEX.sub("", _PAGE.sub("", _normal(path)))
