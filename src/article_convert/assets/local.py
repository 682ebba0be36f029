"""Pictures that stand beside an article, or inside its addresses as `data:`, as its resources.

An article may come from anywhere, so its addresses are not trusted: only ordinary files below the
folder of the article are read. What leads out of it (`..`, absolute paths, `file:`, links of the file
system), what is no ordinary file, and what is no picture is refused and reported with the reason.
"""

from __future__ import annotations

import os
import re
import stat
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import file_digest, sha256
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote, unquote_to_bytes

from article_convert.files import size_text
from article_convert.model import Article, Image, Resource, Span
from article_convert.pictures.sniff import HEAD_BYTES, media_type
from article_convert.report import Report, shown
from article_convert.tree import walk

__all__ = ["MAX_PICTURE_BYTES", "attach_local", "pictures_of"]

MAX_PICTURE_BYTES = 64_000_000
"""Larger pictures are refused: they are photographs of another trade, or an attack."""


class _Refused(Exception):
    """Why a picture is not taken; `code` is the diagnostic that says so."""

    def __init__(self, why: str, code: str = "image.missing") -> None:
        super().__init__(why)
        self.code = code


def attach_local(article: Article, folder: Path, report: Report, root: Path | None = None) -> Article:
    """`article` with a `Resource` for every picture found in `folder`, and for every `data:` picture.

    Looked at are the addresses of images and the lead image. A relative address is tried as it
    stands, without its query and fragment, percent-decoded, and with other capitals; the resource
    keeps the address exactly as it is in the tree. Nothing outside `root` (`folder` unless given: the
    folder of the whole book) is read. Addresses with another scheme, such as `https:`, are left alone.

    Reported: `image.missing` with the reason for what is refused or not there, `image.unsupported`
    for what is no picture; both also in the ledger of assets as `failed`.
    """
    known = {resource.url for resource in article.resources}
    shelf = _Shelf(folder, root or folder)
    added: list[Resource] = []
    wanted: dict[str, Span | None] = {}
    for url, span in pictures_of(article):
        wanted[url] = wanted.get(url) or span  # of the lead image, where the text shows it
    for url, span in wanted.items():
        if url in known:
            continue
        try:
            resource = _from_data(url) if _is_data(url) else shelf.find(url)
        except _Refused as refusal:
            report.add(refusal.code, f"picture {shown(url)!r}: {refusal}", span)
            report.asset(url, "failed", str(refusal))
            report.explain_absence(url)
        else:
            if resource is not None:
                added.append(resource)
    return replace(article, resources=(*article.resources, *added)) if added else article


def pictures_of(article: Article) -> Iterator[tuple[str, Span | None]]:
    """The address of every picture of an article, the lead image first, and where it stands or the block it is in."""
    if article.metadata.lead_image:
        yield article.metadata.lead_image, None
    span = None  # of the image, or of the block it stands in
    for node in walk(article):
        span = node.span or span
        if isinstance(node, Image) and node.url:
            yield node.url, span


# --------------------------------------------------------------------------- data:


def _is_data(url: str) -> bool:
    return url[:5].lower() == "data:"


def _from_data(url: str) -> Resource:
    """The picture inside a `data:` address (RFC 2397); its type is told from its bytes."""
    head, comma, body = url[5:].partition(",")
    if not comma:
        raise _Refused("a data: address without a comma holds nothing")
    if len(body) > 2 * MAX_PICTURE_BYTES:
        raise _Refused(_too_large())
    data = unquote_to_bytes(body)
    if head.rstrip().lower().endswith(";base64"):
        compact = re.sub(rb"\s+", b"", data).rstrip(b"=")
        try:
            data = b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
        except ValueError:
            raise _Refused("the base64 of its data: address is broken") from None
    if len(data) > MAX_PICTURE_BYTES:
        raise _Refused(_too_large())
    return Resource(url, _picture_type(data), sha256(data).hexdigest(), data)


def _picture_type(head: bytes) -> str:
    found = media_type(head)
    if not found:
        raise _Refused("not a picture of a known type", "image.unsupported")
    return found


def _too_large() -> str:
    return f"larger than {size_text(MAX_PICTURE_BYTES)}"


# --------------------------------------------------------------------------- files

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_DRIVE = re.compile(r"[A-Za-z]:")
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


class _Shelf:
    """The files below one folder, found by the addresses of an article."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.root = Path(os.path.realpath(root))
        self.listings: dict[Path, dict[str, list[str]]] = {}

    def find(self, url: str) -> Resource | None:
        """The picture that `url` names, or `None` if the address is not one of a file here."""
        if _SCHEME.match(url) and url[:5].lower() != "file:":
            return None
        if url.startswith("//"):
            return None
        reason = _forbidden(url)
        if reason:
            raise _Refused(reason)
        refusal = _Refused("no such file")
        for name in _spellings(url):
            try:
                return _opened(url, self._inside(name))
            except _Refused as why:
                if str(refusal) == "no such file":
                    refusal = why
        raise refusal

    def _inside(self, name: str) -> Path:
        """The real path of `name`, which exists below the root."""
        if _CONTROL.search(name) or _forbidden(name):
            raise _Refused("no file has such a name")
        path = self.folder / name
        try:
            real = Path(os.path.realpath(path, strict=True))
        except (OSError, ValueError):
            real = self._by_case(name)
        if not real.is_relative_to(self.root):
            raise _Refused("it leads out of the folder of the article")
        return real

    def _by_case(self, name: str) -> Path:
        """The only file whose name differs from `name` in capitals or in the form of its accents."""
        at = Path(os.path.realpath(self.folder))
        for part in name.split("/"):
            if part in ("", "."):
                continue
            if part == "..":
                at = at.parent
                continue
            if not at.is_relative_to(self.root):
                raise _Refused("it leads out of the folder of the article")
            matches = self._listing(at).get(_folded(part), [])
            if len(matches) > 1 and part not in matches:
                raise _Refused(f"{' and '.join(matches)} could both be meant")
            if not matches:
                raise _Refused("no such file")
            at = Path(os.path.realpath(at / (part if part in matches else matches[0])))
        return at

    def _listing(self, folder: Path) -> dict[str, list[str]]:
        if folder not in self.listings:
            found: dict[str, list[str]] = {}
            try:
                for name in sorted(os.listdir(folder)):  # noqa: PTH208 - names, not paths
                    found.setdefault(_folded(name), []).append(name)
            except OSError:
                pass  # no folder, or none that may be listed: nothing is found in it
            self.listings[folder] = found
        return self.listings[folder]


def _forbidden(name: str) -> str:
    """Why no file of an article can have this address, or `""`."""
    if name[:5].lower() == "file:":
        return "a file: address is not opened; use a path relative to the article"
    if name.startswith(("/", "\\")) or _DRIVE.match(name):
        return "an absolute path is not opened; use a path relative to the article"
    return ""


def _spellings(url: str) -> Iterable[str]:
    """The file names that `url` may mean, the most literal first, each once."""
    bare = re.split(r"[?#]", url, maxsplit=1)[0]
    texts = [url, unquote(url), bare, unquote(bare)]
    slashed = [text.replace("\\", "/") for text in texts if "\\" in text]
    return dict.fromkeys(text for text in [*texts, *slashed] if text)


def _folded(name: str) -> str:
    return normalize("NFC", normalize("NFC", name).casefold())


def _opened(url: str, path: Path) -> Resource:
    """The resource of an ordinary file; a device, pipe or folder is never opened for reading."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            raise _Refused("not an ordinary file")
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_size > MAX_PICTURE_BYTES:
                raise _Refused(_too_large())
            found = _picture_type(file.read(HEAD_BYTES))
            file.seek(0)
            digest = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _Refused(f"cannot be read: {error.strerror or error}") from error
    return Resource(url, found, digest, path)
