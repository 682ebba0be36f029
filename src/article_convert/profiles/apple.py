"""Apple Books: a modern engine that takes nearly everything; its limits are on pictures and sizes."""

from __future__ import annotations

from article_convert.profiles.generic import EVERYWHERE, RASTER
from article_convert.profiles.record import GB, MB, Because, Css, Pictures, Profile, Tables

__all__ = ["APPLE"]

_GUIDE = "https://help.apple.com/itc/booksassetguide/en.lproj/"
_PICTURES = f"{_GUIDE}itca71ad3c33.html"

APPLE = Profile(
    name="apple",
    title="Apple Books",
    pictures=Pictures(
        types=RASTER | {"image/svg+xml"},
        cover_types=RASTER - {"image/gif"},
        wanted=RASTER | {"image/svg+xml"},
        width=2048,
        pixels=5_600_000,
    ),
    css=Css(dead=frozenset({"position:fixed"})),
    tables=Tables(),
    document=10 * MB,
    book=2 * GB,
    book_wanted=500 * MB,
    rules=EVERYWHERE
    | {
        "picture-type": Because("the guide knows JPEG and PNG, and drawings as SVG", _PICTURES),
        "picture-pixels": Because("a picture may have 5.6 million pixels at most", _PICTURES),
        "picture-cmyk": Because("pictures have to be RGB", _PICTURES),
        "cover-type": Because("the cover is a JPEG or PNG", _PICTURES),
        "css-property": Because("fixed places make no sense where text flows", f"{_GUIDE}static.html"),
        "note-not-aside": Because(
            "a note opens in place only if its mark is a noteref and its text a footnote (epub:type)",
            f"{_GUIDE}static.html",
        ),
        "document-large": Because("about 10 MB of pictures and text in one file is the most that is advised",
                                  _PICTURES),
        "file-name-plain": Because(
            "links to names beyond ASCII fail", "https://github.com/electricbookworks/electric-book/issues/494"
        ),
        "book-large": Because("2 GB is the limit, 500 MB is advised", f"{_GUIDE}itcd08fcb646.html"),
    },
    sources=(f"{_GUIDE}static.html",),
)  # fmt: skip
