"""The NCX: the table of contents for devices from before EPUB 3 (Open Packaging Format 2.0.1, section 2.4.1).

Written here and not by ebooklib, whose NCX has no language and no depth, numbers two lines that lead to
the same place differently, and lets a title that only groups others lead nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from article_convert.writers.epub.parts import NavPoint, Package, depth, flat
from article_convert.writers.markup.escape import escaped, quoted

__all__ = ["NCX", "ncx"]

NCX = "toc.ncx"


def ncx(package: Package, navigation: list[NavPoint]) -> Iterator[bytes]:
    """The document, line by line. Titles must be free of control characters; a line leads somewhere or has children."""
    for line in _lines(package, navigation):
        yield f"{line}\n".encode()


def _lines(package: Package, navigation: list[NavPoint]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="utf-8"?>'
    language = quoted(package.language)
    yield f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1" xml:lang="{language}">'
    yield "<head>"
    yield f'<meta name="dtb:uid" content="{quoted(package.identifier)}"/>'
    yield f'<meta name="dtb:depth" content="{depth(navigation)}"/>'
    yield '<meta name="dtb:totalPageCount" content="0"/>'
    yield '<meta name="dtb:maxPageNumber" content="0"/>'
    yield "</head>"
    yield f"<docTitle><text>{escaped(package.title)}</text></docTitle>"
    yield "<navMap>"
    yield from _points(navigation, count(1), {})
    yield "</navMap>"
    yield "</ncx>"


def _points(points: Iterable[NavPoint], numbers: Iterator[int], orders: dict[str, int]) -> Iterator[str]:
    """Lines in reading order, which old devices ask for; those that lead to the same place share a number in it."""
    for point in points:
        target = next(each.href for each in flat([point]) if each.href)
        order = orders.setdefault(target, len(orders) + 1)
        yield f'<navPoint id="nav-{next(numbers)}" playOrder="{order}">'
        yield f"<navLabel><text>{escaped(point.title)}</text></navLabel>"
        yield f'<content src="{quoted(target)}"/>'
        yield from _points(point.children, numbers, orders)
        yield "</navPoint>"
