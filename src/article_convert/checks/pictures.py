"""Pictures: types, sizes, and what makes them stay blank."""

from __future__ import annotations

from collections.abc import Iterator

from article_convert.checks.book import OpenedBook
from article_convert.checks.findings import Place
from article_convert.checks.rules import Check
from article_convert.files import size_text
from article_convert.profiles import Profile

__all__ = ["RULES"]


def _type(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for picture in book.pictures:
        if (kind := picture.found or picture.declared) not in profile.pictures.types:
            yield Place(picture.name, detail=kind)


def _pixels(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    limit = profile.pictures.pixels
    for picture in book.pictures:
        if limit and picture.look is not None and picture.look.pixels > limit:
            yield Place(picture.name, detail=f"{picture.look.width} × {picture.look.height} pixels")


def _bytes(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    limit = profile.pictures.size
    for picture in book.pictures:
        if limit and picture.size > limit:
            yield Place(picture.name, detail=size_text(picture.size))


def _cut_off(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for picture in book.pictures:
        if not picture.size:
            yield Place(picture.name, detail="the file is empty")
        elif picture.look is None:
            yield Place(picture.name, detail="its header cannot be read")
        elif not picture.look.whole:
            yield Place(picture.name, detail="the file ends early")


def _animated(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for picture in book.pictures:
        if profile.pictures.still and picture.look is not None and picture.look.animated:
            yield Place(picture.name)


def _cmyk(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for picture in book.pictures:
        if picture.look is not None and picture.look.cmyk:
            yield Place(picture.name)


def _second_source(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document in book.documents.values():
        for picture in document.pictures:
            if picture.second:
                yield Place(document.name, picture.line, f"{picture.second} beside src={picture.url[:80]!r}")


def _cover_type(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    item = book.package.cover_item() if book.package is not None else None
    shown = next((each for each in book.pictures if item is not None and each.name == item.name), None)
    if shown is not None and (shown.found or shown.declared) not in profile.pictures.cover_types:
        yield Place(shown.name, detail=shown.found or shown.declared)


RULES = (
    Check("picture-type", "Pictures are of a type that the device does not show.",
          "Convert photographs to JPEG, drawings and screenshots to PNG.", _type),
    Check("picture-pixels", "Pictures have more pixels than the device takes.", "Make them smaller.", _pixels),
    Check("picture-bytes", "Pictures weigh more than the device takes.", "Make or compress them smaller.", _bytes),
    Check("picture-cut-off", "Pictures are damaged.", "Fetch them again.", _cut_off),
    Check("picture-animated", "Pictures move.", "Put one picture of each in its place.", _animated),
    Check("picture-cmyk", "Pictures have the colours of print (CMYK).", "Convert them to RGB.", _cmyk),
    Check("picture-second-src", "Pictures have a second attribute that ends in src.",
          "Remove the attribute (data-src, data-original-src …).", _second_source),
    Check("cover-type", "The cover is of a type that the shelf does not show.", "Use a JPEG or a PNG.", _cover_type),
)  # fmt: skip
