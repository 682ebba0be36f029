"""What every reading system needs: the rules that hold everywhere."""

from __future__ import annotations

from article_convert.profiles.record import KB, Because, Css, Pictures, Profile, Tables

__all__ = ["EVERYWHERE", "GENERIC", "RASTER"]

RASTER = frozenset({"image/jpeg", "image/png", "image/gif"})

_EPUB = "https://www.w3.org/TR/epub-33/"
_ONE_FILE = "https://github.com/jgm/pandoc/issues/2375"

EVERYWHERE = {
    # the container
    "no-epub": Because("nothing can open it", f"{_EPUB}#sec-zip-container", breaks=True),
    "too-much": Because(
        "a device runs out of memory or space, and so does whoever checks it", f"{_EPUB}#sec-security-privacy", True
    ),
    "encrypted": Because(
        "only programs with the key can read it; services that convert books refuse it",
        f"{_EPUB}#sec-container-metainf-encryption.xml",
        breaks=True,
    ),
    "mimetype-entry": Because(
        "devices tell an EPUB by this entry; Kobo calls a book with a wrong one corrupted",
        "https://github.com/dmang-dev/kobofix",
        breaks=True,
    ),
    "file-name-unsafe": Because(
        "such a name can reach outside the book; readers refuse the file or the whole book",
        f"{_EPUB}#sec-container-filenames",
        breaks=True,
    ),
    "file-name-twice": Because(
        "on devices whose names ignore case, one of the files takes the place of the other",
        f"{_EPUB}#sec-container-filenames",
        breaks=True,
    ),
    "file-name-plain": Because(
        "links to such a file fail on devices that encode its name in another way",
        "https://github.com/electricbookworks/electric-book/issues/494",
    ),
    "container-missing": Because("no reader finds the book", f"{_EPUB}#sec-container-metainf-container.xml", True),
    # the package
    "package-broken": Because("no reader finds the text", f"{_EPUB}#sec-package-doc", breaks=True),
    "metadata-missing": Because("the format demands it, and shops and shelves refuse or misfile the book",
                                f"{_EPUB}#sec-pkg-metadata"),
    "language-missing": Because(
        "voices, fonts, hyphens and line breaks are chosen by it", f"{_EPUB}#sec-opf-dclanguage"
    ),
    "manifest-missing": Because("what it should show is missing", f"{_EPUB}#sec-manifest-elem", breaks=True),
    "manifest-unlisted": Because("readers may leave the file out", f"{_EPUB}#sec-manifest-elem"),
    "manifest-twice": Because("a reader may open the wrong file", f"{_EPUB}#sec-item-elem"),
    "media-type-wrong": Because(
        "readers choose by this type how to show a file, and show nothing", f"{_EPUB}#sec-item-elem", breaks=True
    ),
    "property-missing": Because(
        "readers that look for it switch off what the file needs", f"{_EPUB}#sec-item-resource-properties"
    ),
    "spine-broken": Because("chapters are missing or unreachable", f"{_EPUB}#sec-spine-elem", breaks=True),
    "nav-missing": Because("the book has no table of contents", f"{_EPUB}#sec-nav", breaks=True),
    "cover-missing": Because(
        "on the shelf it looks like every other book without one",
        "https://github.com/haroldtreen/epub-press-clients/issues/9",
    ),
    # documents
    "not-well-formed": Because(
        "strict readers show an error instead of the chapter", f"{_EPUB}#sec-xml-constraints", breaks=True
    ),
    "entities": Because(
        "they can blow up in memory or pull in other files, so careful readers refuse them",
        f"{_EPUB}#sec-xml-constraints",
        breaks=True,
    ),
    "encoding": Because("readers need only know UTF-8 and UTF-16", f"{_EPUB}#sec-xml-constraints"),
    "id-twice": Because("links to it lead to the wrong place", "https://www.w3.org/TR/xml-id/"),
    "link-dangling": Because("the link or the picture leads nowhere", f"{_EPUB}#sec-resource-locations", breaks=True),
    "link-anchor": Because("the link leads to the top of the chapter or nowhere", f"{_EPUB}#sec-resource-locations"),
    "remote-resource": Because(
        "most devices never load anything from the network", f"{_EPUB}#sec-resource-locations", breaks=True
    ),
    "document-large": Because(
        "old devices lay out a whole file before they show its first page, and turn pages slowly in it", _ONE_FILE
    ),
    # style
    "css-syntax": Because("a reader skips what it cannot read, old ones more than that", f"{_EPUB}#sec-css"),
    "css-colour": Because(
        "in dark mode the text is dark on dark, or bright on bright",
        "https://github.com/ofou/graham-essays/issues/27",
    ),
    # pictures
    "picture-cut-off": Because("the picture shows in part or not at all", f"{_EPUB}#sec-core-media-types", True),
}  # fmt: skip

GENERIC = Profile(
    name="generic",
    title="any reading system",
    pictures=Pictures(
        types=RASTER | {"image/webp", "image/svg+xml"},
        cover_types=RASTER | {"image/webp", "image/svg+xml"},
        wanted=RASTER | {"image/svg+xml"},
    ),
    css=Css(),
    tables=Tables(),
    document=1000 * KB,
    rules=EVERYWHERE,
    sources=(_EPUB,),
)
