"""The pages of a book: which file an address means, and what a page is called, without parsing it whole."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath
from unicodedata import normalize
from urllib.parse import unquote

from article_convert.errors import InputError
from article_convert.files import natural_key
from article_convert.readers.decode import decode
from article_convert.readers.gitbook import Surroundings, read_page, with_spaced_headings
from article_convert.report import Report
from article_convert.transforms.anchors import find_anchor
from article_convert.tree import text_of

__all__ = ["Pages"]

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+([^ \t\n][^\n]*)$", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,}).*?(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_EXTENSION = re.compile(r"\.(?:html?|md|markdown)$", re.IGNORECASE)


class Pages:
    """The files below the root of a book, looked up as GitBook does."""

    def __init__(self, root: Path, readme: str = "README.md", redirects: Mapping[str, str] | None = None) -> None:
        self.root = root
        self._readme = readme
        self._redirects = redirects or {}
        self._files = frozenset(_files(root))
        self._folded: dict[str, list[str]] = {}
        for path in sorted(self._files):
            self._folded.setdefault(_folded(path), []).append(path)
        self._titles: dict[str, str] = {}

    def find(self, address: str, base: str = "") -> str:
        """The path below the root of the file that `address` means on the page `base`, or `""`.

        Tried in this order: the file, the folder's README, the name with `.md`, a published address
        (`page.html`, `page`), the same without regard to capitals and to the form of accents, unless several
        files differ in nothing else (`meant`), and a redirect of the project.
        """
        found = self.meant(address, base)
        return found[0] if len(found) == 1 else ""

    def meant(self, address: str, base: str = "") -> list[str]:
        """The files that `address` may mean: none, one, or those that differ only in what it leaves open."""
        path = unquote(address.partition("#")[0].partition("?")[0]).replace("\\", "/")
        if not path:
            return [base] if base else []
        whole = normpath(join("/", "" if path.startswith("/") else dirname(base), path.lstrip("/"))).strip("/")
        tried: set[str] = set()
        while whole not in tried:  # redirects may lead in a circle
            tried.add(whole)
            candidates = self._candidates(whole)
            if exact := next((each for each in candidates if each in self._files), ""):
                return [exact]
            if alike := next((self._folded[_folded(each)] for each in candidates if _folded(each) in self._folded), []):
                return alike
            target = self._redirects.get(_EXTENSION.sub("", whole), "")
            whole = normpath(join("/", unquote(target.partition("#")[0].partition("?")[0]))).strip("/")
            if not target.strip("/"):
                break
        return []

    def split(self, address: str, base: str = "") -> tuple[str, str]:
        """An address without its anchor, and the anchor; a `#` in the name of a file that is there belongs to it."""
        path, mark, anchor = address.partition("#")
        if mark and "/" not in anchor:
            whole = normpath(join("/", "" if path.startswith("/") else dirname(base), unquote(path + mark + anchor)))
            if whole.strip("/") in self._files:
                return f"{path}%23{anchor}", ""
        return path, anchor

    def file(self, path: str) -> Path | None:
        """Where the file lies that is called `path` below the root; `None` if there is none, or it leads out."""
        try:
            place = (self.root / path).resolve()
            return place if place.is_relative_to(self.root.resolve()) and place.is_file() else None
        except (OSError, ValueError):  # too long, or with a character that no name holds
            return None

    def _candidates(self, path: str) -> tuple[str, ...]:
        stem = _EXTENSION.sub("", path)
        folder = stem + "/" if stem else ""
        return (
            path,
            folder + self._readme,
            folder + "README.md",
            stem + ".md",
            path + "/README.md",
            stem + ".markdown",
        )

    def markdown(self) -> list[str]:
        """The paths of all Markdown files, in natural order."""
        return sorted(
            (path for path in self._files if path.lower().endswith((".md", ".markdown"))),
            key=lambda path: (natural_key(path), path),
        )

    def read(self, path: str) -> bytes:
        """The bytes of a file below the root. Raises `OSError`."""
        return (self.root / path).read_bytes()

    def title(self, path: str) -> str:
        """What a page is called: its first heading of level 1, else its front matter, else its first heading."""
        if path not in self._titles:
            self._titles[path] = self._find_title(path)
        return self._titles[path]

    def heading(self, path: str, anchor: str) -> str:
        """The text of the heading that an anchor means on a page, or `""`."""
        headings = [text for _, text in _headings(self._text(path))]
        index = find_anchor(anchor, headings)
        return headings[index] if index is not None else ""

    def _find_title(self, path: str) -> str:
        text = self._text(path)
        headings = _headings(text)
        first = next((title for level, title in headings if level == 1), "")
        if first:
            return first
        article = read_page(text[:4000], Surroundings(), Report())
        return article.metadata.title or (headings[0][1] if headings else "")

    def _text(self, path: str) -> str:
        try:
            return decode(self.read(path), Report(), markup=False)
        except (OSError, InputError):  # told when the page is loaded
            return ""


def _files(root: Path) -> Iterator[str]:
    """The path of every file below `root`; links that lead out of it are left out."""
    top = root.resolve()
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in (".git", "node_modules", "_book"))
        for name in files:
            path = Path(folder) / name
            if not path.is_symlink() or path.resolve().is_relative_to(top):
                yield path.relative_to(root).as_posix()


def _folded(path: str) -> str:
    return normalize("NFC", normalize("NFC", path).casefold())


def _headings(text: str) -> list[tuple[int, str]]:
    text = with_spaced_headings(_FENCE.sub("", text))
    return [(len(m.group(1)), _inline_text(_unclosed(m.group(2)))) for m in _HEADING.finditer(text)]


def _unclosed(text: str) -> str:
    """A heading without the signs that close it, `Title ##`; those of `C#` belong to its text."""
    text = text.rstrip(" \t")
    bare = text.rstrip("#")
    return bare.rstrip(" \t") if bare[-1:] in (" ", "\t") else text


@lru_cache(maxsize=4096)
def _inline_text(source: str) -> str:
    """The text of a heading's Markdown, anchors and marks left out."""
    article = read_page("# " + source, Surroundings(), Report())
    return " ".join(text_of(article).split())
