"""The pages of a book: which file an address means, and what a page is called, without parsing it whole."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from article_convert.errors import InputError
from article_convert.files import natural_key
from article_convert.readers.decode import decode
from article_convert.readers.gitbook import Surroundings, read_page, with_spaced_headings
from article_convert.report import Report
from article_convert.transforms.anchors import find_anchor
from article_convert.tree import text_of

__all__ = ["Pages"]

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,}).*?(?:^[ \t]*\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_EXTENSION = re.compile(r"\.(?:html?|md|markdown)$", re.IGNORECASE)


class Pages:
    """The files below the root of a book, looked up as GitBook does."""

    def __init__(self, root: Path, readme: str = "README.md", redirects: Mapping[str, str] | None = None) -> None:
        self.root = root
        self._readme = readme
        self._redirects = redirects or {}
        self._files = _files(root)
        self._titles: dict[str, str] = {}

    def find(self, address: str, base: str = "") -> str:
        """The path below the root of the file that `address` means on the page `base`, or `""`.

        Tried in this order: the file, the folder's README, the name with `.md`, a published address
        (`page.html`, `page`), the same without regard to case, and a redirect of the project.
        """
        path = unquote(address.partition("#")[0].partition("?")[0]).replace("\\", "/")
        if not path:
            return base
        whole = normpath(join("/", "" if path.startswith("/") else dirname(base), path.lstrip("/")))
        whole = whole.strip("/")
        if whole in ("", "."):
            whole = ""
        for candidate in self._candidates(whole):
            found = self._files.get(candidate.lower())
            if found is not None:
                return found
        target = self._redirects.get(_EXTENSION.sub("", whole))
        return self.find("/" + target) if target and target.strip("/") != whole else ""

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
            (path for path in self._files.values() if path.lower().endswith((".md", ".markdown"))), key=natural_key
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


def _files(root: Path) -> dict[str, str]:
    """Every file below `root` by its path in lower case; links that lead out of it are left out."""
    found: dict[str, str] = {}
    top = root.resolve()
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if name not in (".git", "node_modules", "_book"))
        for name in sorted(files):
            path = Path(folder) / name
            if path.is_symlink() and not path.resolve().is_relative_to(top):
                continue
            relative = path.relative_to(root).as_posix()
            found.setdefault(relative.lower(), relative)
    return found


def _headings(text: str) -> list[tuple[int, str]]:
    text = with_spaced_headings(_FENCE.sub("", text))
    return [(len(m.group(1)), _inline_text(m.group(2))) for m in _HEADING.finditer(text)]


@lru_cache(maxsize=4096)
def _inline_text(source: str) -> str:
    """The text of a heading's Markdown, anchors and marks left out."""
    article = read_page("# " + source, Surroundings(), Report())
    return " ".join(text_of(article).split())
