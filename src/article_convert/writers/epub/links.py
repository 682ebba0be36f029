"""Links in an EPUB: between chapters, to anchors in other files, and to the web.

A chapter is printed before the later ones are read, so it is not known yet whether an anchor in one
of them exists, in which file it stands, or which chapter was saved from a web address. Such a link
is printed as `later-1`, `later-2` … and settled when all chapters are known. A link inside the book
therefore never dangles, and a link to an article that is part of the book stays inside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import unescape
from urllib.parse import unquote

from article_convert.report import Report, shown
from article_convert.writers.links import Chapters, canonical
from article_convert.writers.markup.addresses import safe_address, scheme, web_address
from article_convert.writers.markup.escape import quoted

__all__ = ["Links"]

# `<` never stands in text or in an attribute, so this cannot match anything but a real link.
_LINK = re.compile(r'<a\b[^<>]*?\shref="([^"]*)"[^<>]*>')
_LATER = re.compile(r'(<a\b[^<>]*?\shref=")later-(\d+)"')


class Links:
    """Where every chapter, anchor and source address stands, and the links that wait to be settled."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._chapters = Chapters()
        self._anchors: dict[tuple[str, str], str] = {}
        self._sources: dict[str, str] = {}
        self._earlier: dict[str, tuple[str, str]] = {}
        self._later: list[tuple[str, str, str, str]] = []

    def add_chapter(self, path: str, name: str) -> None:
        """Note before printing that the chapter called `path` will begin in the file `name`."""
        self._chapters.add(path, name)

    def add_anchors(self, name: str, anchors: Mapping[str, str]) -> None:
        """Note where the anchors of the chapter stand that begins in the file `name`."""
        for anchor, href in anchors.items():
            self._anchors[name, anchor] = href if href[0] != "#" else name + href

    def add_source(self, url: str, name: str) -> None:
        """Note that the chapter in `name` was saved from `url`."""
        if scheme(url) in {"http", "https"}:
            self._sources.setdefault(canonical(url), name)

    def follow(self, url: str, path: str, base: str) -> str:
        """What to print for `url` in the chapter called `path` that was saved from `base`; `""` if it leads nowhere.

        A relative address that is no chapter leads to the web, where it led from the saved page.
        """
        kind = scheme(url)
        if not kind and not url.startswith("//"):
            if found := self._chapters.find(url, path):
                name, anchor = found
                return self._postponed(url, name, anchor) if anchor else name
        elif kind not in {"http", "https", ""}:
            return url
        whole = web_address(url, base)
        if not whole:
            self._report.add("link.unresolved", f"{shown(url)} leads to nothing in the book")
            return ""
        url = whole
        return self._postponed(url, "", url.partition("#")[2]) if len(self._chapters.names) > 1 else url

    def target(self, url: str) -> str:
        """The file and id for a line of a table of contents, `path#anchor`; `""` if there is no such chapter."""
        found = self._chapters.find(url)
        return self._anchored(*found) if found else ""

    def add_parts(self, parts: Iterable[str], url: str) -> None:
        """Note that files of an earlier edition belong to a chapter saved from `url`, whatever becomes of them."""
        parts = list(parts)
        for name in parts:
            self._earlier[name] = (parts[0], url)

    def refreshed(self, xhtml: str) -> str:
        """A document of an earlier edition, with links to what is new in the book, and without those to what is gone.

        All other links stay as they are, and so does the document if it has no others.
        """
        if '<header class="title-block">' not in xhtml:
            return self._refreshed_links(xhtml)
        head, end, body = xhtml.partition("</header>")
        return head + end + self._refreshed_links(body)

    def _refreshed_links(self, xhtml: str) -> str:
        places = {*self._chapters.names.values(), *self._anchors.values()}
        pieces: list[str] = []
        rest = xhtml
        while found := _LINK.search(rest):
            url = unescape(found[1])
            new = self._refresh(url, places)
            pieces.append(rest[: found.start()])
            if new:
                pieces.append(found[0] if new == url else found[0].replace(f'"{found[1]}"', f'"{quoted(new)}"'))
                rest = rest[found.end() :]
            else:
                inner, _, rest = rest[found.end() :].partition("</a>")
                pieces.append(inner)
        return "".join([*pieces, rest])

    def _refresh(self, url: str, places: set[str]) -> str:
        """What a link of an earlier edition leads to now; `""` for nothing."""
        if scheme(url):
            inside = self._sources.get(canonical(url), "")
            return self._anchored(inside, url.partition("#")[2]) if inside else url
        if url[:1] == "#" or url in places:
            return url
        first, address = self._earlier.get(url.partition("#")[0], ("", ""))
        if first in places or not first:
            return first or url
        self._report.add("link.unresolved", f"{shown(url)} is no longer in the book")
        return address

    def settled(self, xhtml: str) -> str:
        """`xhtml` with every postponed link as it finally is."""
        return _LATER.sub(lambda found: f'{found[1]}{quoted(self._settle(int(found[2])))}"', xhtml)

    def _postponed(self, url: str, name: str, anchor: str) -> str:
        self._later.append((url, name, anchor, self._report.source))
        return f"later-{len(self._later) - 1}"

    def _settle(self, number: int) -> str:
        url, name, anchor, source = self._later[number]
        inside = name or self._sources.get(canonical(url), "")
        outer, self._report.source = self._report.source, source
        settled = self._anchored(inside, anchor) if inside else safe_address(url)
        self._report.source = outer
        return settled

    def _anchored(self, name: str, anchor: str) -> str:
        """The anchor in a chapter, or its beginning if it has no such anchor, which is reported."""
        if not anchor:
            return name
        found = self._anchors.get((name, anchor)) or self._anchors.get((name, unquote(anchor)))
        if found is None:
            self._report.add("link.unresolved", f"#{shown(anchor)} is not in that chapter; the link leads to its top")
        return found or name
