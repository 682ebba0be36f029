"""The archive and the package: whether a reader finds the book, its parts and its contents."""

from __future__ import annotations

from collections.abc import Iterator

from article_convert.checks.book import NCX, XHTML, Item, OpenedBook
from article_convert.checks.findings import Place
from article_convert.checks.rules import Check, noted
from article_convert.languages import language_tag
from article_convert.profiles import Profile

__all__ = ["RULES"]


def _metadata_missing(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    package = book.package
    if package is None:
        return
    if not package.titles:
        yield Place(package.name, detail="no dc:title")
    if not package.identifiers:
        yield Place(package.name, detail="no dc:identifier")
    elif package.unique not in package.identifiers:
        yield Place(package.name, detail=f"unique-identifier {package.unique[:60]!r} names no dc:identifier")
    if package.version.startswith("3") and not package.modified:
        yield Place(package.name, detail="no dcterms:modified")


def _language_missing(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if book.package is None or any(map(_says_language, book.package.languages)):
        return
    said = f"dc:language is {book.package.languages[0][:40]!r}" if book.package.languages else "no dc:language"
    yield Place(book.package.name, detail=said)


def _says_language(tag: str) -> bool:
    return language_tag(tag) == tag and tag.lower().partition("-")[0] != "und"


def _manifest_missing(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for item in _items(book):
        if item.name and item.name not in book.names and item.name != (book.package and book.package.name):
            yield Place(_package(book), item.line, item.href[:200])


_NEVER_LISTED = ("META-INF/", "mimetype", "iTunesMetadata", ".DS_Store", "__MACOSX/")


def _manifest_unlisted(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if book.package is None:
        return
    for name in sorted(book.names - book.package.by_name.keys() - {book.package.name}):
        if not name.startswith(_NEVER_LISTED) and not name.endswith(".DS_Store"):
            yield Place(name)


_PICTURES = {"image/jpeg", "image/png", "image/gif", "image/webp", "image/svg+xml"}
_EXTENSIONS = {".xhtml": XHTML, ".html": XHTML, ".htm": XHTML, ".css": "text/css", ".ncx": NCX}


def _media_type_wrong(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for picture in book.pictures:
        if picture.declared in _PICTURES and picture.found != picture.declared:
            yield Place(picture.name, detail=f"listed as {picture.declared}, it is {picture.found or 'no picture'}")
    for item in _items(book):
        suffix = item.name[item.name.rfind(".") :].lower() if "." in item.name else ""
        meant = _EXTENSIONS.get(suffix, "")
        if meant and item.media_type != meant and item.name in book.names:
            yield Place(_package(book), item.line, f"{item.href[:100]} is listed as {item.media_type or 'nothing'}")


def _property_missing(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if book.package is None or not book.package.version.startswith("3"):
        return
    for name, document in book.documents.items():
        item = book.package.by_name.get(name)
        for kind, word in (("svg", "svg"), ("math", "mathml"), ("script", "scripted"), ("form", "scripted")):
            if item is not None and word not in item.properties and next(document.has(kind), None) is not None:
                yield Place(_package(book), item.line, f"{item.href[:100]} needs properties={word!r}")
                break


def _spine_broken(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if book.package is None:
        return
    if not book.package.spine:
        yield Place(book.package.name, detail="the spine is empty")
    for key, line in book.package.spine:
        if key not in book.package.items:
            yield Place(book.package.name, line, f"idref {key[:60]!r} is not in the manifest")


def _nav_missing(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    package = book.package
    if package is None:
        return
    nav, ncx = package.with_property("nav"), package.items.get(package.ncx)
    if package.version.startswith("3") and nav is None:
        yield Place(package.name, detail="no item has properties='nav'")
    elif nav is None and ncx is None:
        yield Place(package.name, detail="neither a navigation document nor an NCX")
    elif not book.contents[1]:
        yield Place((nav or ncx or next(iter(package.items.values()))).name, detail="the table of contents is empty")


def _ncx_missing(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if book.package is not None and not any(item.media_type == NCX for item in book.package.items.values()):
        yield Place(book.package.name, detail="no item of the type application/x-dtbncx+xml")


def _toc_depth(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if profile.toc_levels and book.contents[0] > profile.toc_levels:
        yield Place("", detail=f"the contents nest {book.contents[0]} levels deep")


def _cover_missing(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if book.package is not None and book.package.cover_item() is None:
        yield Place(book.package.name, detail="no item has properties='cover-image'")


def _items(book: OpenedBook) -> list[Item]:
    return list(book.package.items.values()) if book.package is not None else []


def _package(book: OpenedBook) -> str:
    return book.package.name if book.package is not None else ""


RULES = (
    Check("no-epub", "The file, or a part of it, cannot be opened.",
          "Fetch it again, or make it anew; a PDF or a MOBI has to be converted first.", noted("no-epub")),
    Check("too-much", "The file unpacks to far more than a book holds.",
          "Do not open it if it comes from a stranger; otherwise make its pictures smaller or split it.",
          noted("too-much")),
    Check("encrypted", "The book is locked.",
          "Read it with the program of the shop that sold it; it cannot be checked or converted.", noted("encrypted")),
    Check("mimetype-entry", "The first entry of the archive is not as the format demands.",
          "Pack the book with a tool made for EPUBs: `mimetype` first, not compressed, without extra fields.",
          noted("mimetype-entry")),
    Check("file-name-unsafe", "A file in the book has a name that leads out of it or cannot be a name everywhere.",
          "Rename it; if you do not know where the book comes from, do not open it.", noted("file-name-unsafe")),
    Check("file-name-twice", "Two files in the book have the same name, or differ in capitals only.",
          "Rename one of them, and the links to it.", noted("file-name-twice")),
    Check("file-name-plain", "File names in the book hold spaces, Chinese or other characters beyond plain letters.",
          "Rename the files with letters, digits, hyphens and underscores, and the links to them.",
          noted("file-name-plain")),
    Check("container-missing", "META-INF/container.xml does not say where the book is.",
          "Pack the book again with a tool made for EPUBs.", noted("container-missing")),
    Check("package-broken", "The package document, which lists the parts of the book, is missing or cannot be read.",
          "Pack the book again with a tool made for EPUBs.", noted("package-broken")),
    Check("metadata-missing", "The book does not say its title, its identifier or when it was changed.",
          "Add what is missing to the metadata of the package document.", _metadata_missing),
    Check("language-missing", "The book does not say in which language it is, or names none that there is.",
          "Add dc:language, such as zh-CN or en.", _language_missing),
    Check("manifest-missing", "The package lists files that are not in the book.",
          "Put the files in, or take their lines out of the manifest.", _manifest_missing),
    Check("manifest-unlisted", "Files in the book are not listed in the package.",
          "List them in the manifest, or take them out of the archive.", _manifest_unlisted),
    Check("manifest-twice", "The package lists an id or a file twice.", "Keep only one of them.",
          noted("manifest-twice")),
    Check("media-type-wrong", "A file is not of the type that the package says.",
          "Write the true type, or convert the file.", _media_type_wrong),
    Check("property-missing", "The package does not say that a document holds drawings, formulas or scripts.",
          "Add the property to the item in the manifest.", _property_missing),
    Check("spine-broken", "The reading order is empty or names documents that are not there.",
          "Mend the spine of the package document.", _spine_broken),
    Check("nav-missing", "The book has no table of contents.",
          "Add a navigation document, an item with properties='nav'.", _nav_missing),
    Check("ncx-missing", "The book has no table of contents for older readers (NCX).",
          "Add one beside the navigation document, with the same entries.", _ncx_missing),
    Check("toc-depth", "The table of contents is deeper than the device shows.",
          "Leave out the deeper levels, or move them up.", _toc_depth),
    Check("cover-missing", "No picture is named as the cover.",
          "Add a JPEG or PNG with properties='cover-image', and meta name='cover' for older readers.", _cover_missing),
)  # fmt: skip
