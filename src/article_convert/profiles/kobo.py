"""Kobo, and older devices with the same engine for plain EPUBs (Adobe RMSDK: Tolino, PocketBook, Digital Editions).

A Kobo shows `book.epub` with RMSDK, whose reader of style sheets stopped in about 2013, and
`book.kepub.epub` with its own engine. The rules are those of the stricter one.
"""

from __future__ import annotations

from article_convert.profiles.generic import EVERYWHERE, RASTER
from article_convert.profiles.record import GB, KB, MB, Because, Css, Pictures, Profile, Tables

__all__ = ["KOBO"]

_GUIDE = "https://github.com/kobolabs/epub-spec"
_FIX = "https://github.com/dmang-dev/kobofix"

KOBO = Profile(
    name="kobo",
    title="Kobo, and older e-readers (RMSDK)",
    pictures=Pictures(
        types=RASTER | {"image/svg+xml"}, cover_types=RASTER - {"image/gif"},
        wanted=RASTER | {"image/svg+xml"}, width=1900, size=5 * MB
    ),
    css=Css(
        dead=frozenset(
            """
            display:flex display:inline-flex display:grid display:inline-grid position:absolute position:fixed
            position:sticky transform transition animation object-fit aspect-ratio columns column-count
            """.split()
        ),
        functions=frozenset({"var", "calc", "min", "max", "clamp", "env"}),
        units=frozenset({"vw", "vh", "vmin", "vmax", "rem"}),
        at_rules=frozenset({"charset", "font-face", "page", "import", "namespace", "supports"}),
        hides=frozenset({"supports"}),
    ),
    tables=Tables(columns=4, room=21),
    document=300 * KB,
    book=1 * GB,
    book_wanted=1 * GB,
    hint="call it NAME.kepub.epub, and the device opens it with its own, newer engine",
    rules=EVERYWHERE
    | {
        "css-function": Because(
            "RMSDK throws the whole style sheet away, and some devices call the book corrupted",
            "https://andreklein.net/your-epub-is-fine-kobo-disagrees-blame-adobe/",
            breaks=True,
        ),
        "css-unit": Because("there is no window to measure by: text lands off the screen; rem counts as em", _FIX),
        "css-property": Because("it does nothing, and what should stand side by side stands one below the other", _FIX),
        "css-at-rule": Because(
            "a media query makes RMSDK drop the whole style sheet",
            "https://stackoverflow.com/questions/77441756",
            breaks=True,
        ),
        "css-empty": Because("an empty @media or @supports block crashes old RMSDK",
                             "https://medium.com/@jiminypan/five-interesting-facts-about-adobe-legacy-ebook-rmsdk-b7be0123c874",
                             breaks=True),
        "css-colour": Because("a background makes text hard to read at night and on grey screens", f"{_GUIDE}#css"),
        "picture-type": Because(
            "only JPEG, PNG, GIF and SVG are shown", "https://github.com/openzim/gutenberg/issues/421", breaks=True
        ),
        "picture-bytes": Because("above 5 MB a picture loads slowly and takes the memory of the device",
                                 f"{_GUIDE}#limitations-and-maximums"),
        "picture-cmyk": Because("pictures have to be RGB", f"{_GUIDE}#image-formatting"),
        "cover-type": Because("a GIF is no cover", f"{_GUIDE}#cover-images"),
        "table-wide": Because("tables wider than four columns may not be readable", f"{_GUIDE}#tables"),
        "document-large": Because(
            "the device lays out the whole file before it shows a page of it",
            "https://github.com/jgm/pandoc/issues/2375",
        ),
        "ncx-missing": Because("RMSDK takes the contents from it", f"{_GUIDE}#table-of-contents-toc"),
        "script": Because("e-readers run no scripts", f"{_GUIDE}#javascript-support"),
        "media": Because("e-readers play neither sound nor film", f"{_GUIDE}#multimedia-support--media-overlays"),
        "file-name-plain": Because("other names are not fully supported", f"{_GUIDE}#opf"),
        "book-large": Because("above 1 GB a book takes too long to load", f"{_GUIDE}#limitations-and-maximums"),
    },
    sources=(_GUIDE, "https://github.com/dvschultz/99problems/issues/53"),
)  # fmt: skip
