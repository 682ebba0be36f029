"""The pictures of an EPUB: which may come in, under which name, and what is said about the others.

A picture is named by its content, so that one that stands in many chapters is in the book once. What
EPUB readers must be able to show is JPEG, PNG, GIF, WebP and SVG (EPUB 3.3, core media types). SVG is
a program of its own: one that holds scripts or refers to anything outside itself stays out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from article_convert.model import Image, Resource
from article_convert.pictures.header import look
from article_convert.pictures.sniff import HEAD_BYTES, media_type
from article_convert.pictures.svg import svg_problem
from article_convert.profiles import Profile
from article_convert.report import Report, shown
from article_convert.writers.epub.container import Container
from article_convert.writers.epub.parts import File

__all__ = ["Pictures"]

_EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/svg+xml": "svg",
}


class Pictures:
    """Puts pictures into a container on demand, each once, and reports the fate of every one.

    `count` says how many pictures the book shows, `described` how many of them have a text that
    stands for them, `animated` whether one of them may move.
    """

    def __init__(self, container: Container, report: Report, profile: Profile) -> None:
        self._profile = profile
        self._container = container
        self._report = report
        # Devices take other types on the cover than in the text: what is said about one is not said about the other.
        self._names: dict[tuple[str, bool], str] = {}
        self._problems: dict[tuple[str, bool], str] = {}
        self._source = ""
        self._reported: set[tuple[str, str]] = set()
        self.count = 0
        self.described = 0
        self.animated = False

    def source(self, image: Image, resources: dict[str, Resource]) -> str:
        """The address of a picture inside the book, or `""` if it cannot be shown; then it is reported.

        That no bytes are at hand is the printer's to report: it shows the alternative text and
        the address instead.
        """
        resource = resources.get(image.url)
        if resource is None:
            self._fate(image.url, "linked", "not at hand")
            return ""
        name = self.embed(resource)
        if name:
            self.count += 1
            self.described += bool(image.alt.strip())
        return name

    def keep(self, name: str, alt: str, read: Callable[[str], File]) -> None:
        """Take over a picture that a kept document shows; `read` gives its file."""
        if name not in self._container:
            self._container.add(read(name))
        self.count += 1
        self.described += bool(alt.strip())
        self.animated = self.animated or name.endswith(".gif")

    def embed(self, resource: Resource, properties: tuple[str, ...] = ()) -> str:
        """The name of a picture in the book; it is put there the first time. `""` and a report if it cannot be."""
        key = resource.digest, "cover-image" in properties
        if key not in self._names and key not in self._problems:
            self._take(resource, key, properties)
        if problem := self._problems.get(key, ""):
            self._fate(resource.url, "failed", problem)
            self._report.add("image.unsupported", f"picture {shown(resource.url)!r}: {problem}")
            return ""
        self._fate(resource.url, "embedded", self._names[key])
        return self._names[key]

    def _take(self, resource: Resource, key: tuple[str, bool], properties: tuple[str, ...]) -> None:
        same, on_cover = key
        data, problem = _read(resource)
        problem = problem or _problem(resource.media_type, data) or self._unknown(resource.media_type, on_cover)
        if problem:
            self._problems[key] = problem
            return
        if (same, not on_cover) not in self._names:
            self._report_size(resource, data)
        digest = hashlib.sha256(data).hexdigest()
        name = f"images/{digest[:16]}.{_EXTENSIONS[resource.media_type]}"
        if name not in self._container:
            self._container.add(File(name, resource.media_type, data, properties))
        self.animated = self.animated or resource.media_type == "image/gif"
        self._names[key] = name

    def _unknown(self, declared: str, on_cover: bool) -> str:
        """Why the device that the book is for cannot show a picture of this type, or `""`."""
        pictures = self._profile.pictures
        known = pictures.cover_types if on_cover else pictures.types
        place = " as a cover" if on_cover else ""
        return "" if declared in known else f"{self._profile.title} does not show {declared}{place}"

    def _report_size(self, resource: Resource, data: bytes) -> None:
        """Report `image.unfit` for a picture that the device shows badly or slowly; it stays in the book."""
        limits, device = self._profile.pictures, self._profile.title
        found = look(data, resource.media_type)
        problems = []
        if limits.pixels and found is not None and found.pixels > limits.pixels:
            problems.append(f"{found.width} × {found.height} pixels, {device} takes {limits.pixels:,} in all")
        if limits.size and len(data) > limits.size:
            problems.append(f"{len(data):,} bytes, {device} takes {limits.size:,}")
        if limits.still and found is not None and found.animated:
            problems.append(f"it moves, {device} does not show that")
        if found is not None and found.words and "svg-text" in self._profile.rules:
            problems.append(f"a drawing with words, {device} does not show them")
        for problem in problems:
            self._report.add("image.unfit", f"picture {shown(resource.url)!r}: {problem}")

    def _fate(self, url: str, fate: str, detail: str) -> None:
        """Report what became of a picture, once for a chapter however often it shows it.

        One that is no cover may still stand in the text: both are said.
        """
        if self._source != self._report.source:
            self._source = self._report.source
            self._reported.clear()
        if (url, fate) not in self._reported:
            self._reported.add((url, fate))
            self._report.asset(url, fate, detail)


def _read(resource: Resource) -> tuple[bytes, str]:
    if isinstance(resource.location, bytes):
        return resource.location, ""
    try:
        return resource.location.read_bytes(), ""
    except OSError as error:
        return b"", f"cannot be read: {error.strerror or error}"


def _problem(declared: str, data: bytes) -> str:
    """Why a picture cannot stand in an EPUB, or `""`."""
    if declared == "image/svg+xml":
        return svg_problem(data)
    if declared not in _EXTENSIONS:
        return f"EPUB has no {declared or 'unknown type'}"
    return "" if media_type(data[:HEAD_BYTES]) == declared else f"the bytes are not {declared}"
