"""Where the pictures of a document go, and how large they may be: what a user asks for."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import unquote

from article_convert.assets.documents import with_articles
from article_convert.assets.images import Form
from article_convert.contract import Writer
from article_convert.errors import OptionError
from article_convert.files import replacing
from article_convert.model import Article, Book, Figure, Group, Image, Inline, Link, Node, Paragraph, Resource, Text
from article_convert.options import option
from article_convert.profiles import PROFILES
from article_convert.report import Report
from article_convert.tree import rebuilt, rewrite

__all__ = ["ImageOptions", "check_images", "form_for", "placed", "with_place"]

D = TypeVar("D", bound=Article | Book)

_EXTENSIONS = {"image/jpeg": "jpg", "image/svg+xml": "svg", "image/tiff": "tif"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageOptions:
    """What becomes of pictures, whatever the format.

    `place` says where they go: `embed` into the output, `folder` beside it, `link` leaves their
    addresses, `drop` leaves their descriptions, `auto` what the options of the format say. Sizes are in
    pixels and bytes; 0 means no wish. `max_size` is that of the whole output: pictures are made smaller
    until it fits, as little as possible. What is made is kept in the folder `cache`, if there is one.
    """

    place: Literal["auto", "embed", "folder", "link", "drop"] = option("auto", "where pictures go")
    max_width: int = option(0, "width in pixels above which a picture is made narrower")
    quality: int = option(0, "quality of JPEG, 1 to 95; photographs are compressed again if that makes them smaller")
    grayscale: bool = option(False, "pictures without colours")
    max_size: int = option(0, "bytes that the whole output may have")
    folder: Path | None = option(None, "folder for `folder`; default: NAME.images beside the output")
    cache: Path | None = option(None, "folder that keeps what is made of pictures")

    def __post_init__(self) -> None:
        if not 0 <= self.quality <= 95:
            raise OptionError(f"the quality of pictures is a number from 1 to 95, not {self.quality}")
        if min(self.max_width, self.max_size) < 0:
            raise OptionError("the width of pictures and the size of the output are positive numbers")


def form_for(writer: Writer, options: Any, images: ImageOptions) -> Form:
    """The form that pictures need for a format, the device that its options name, and these wishes."""
    device = PROFILES[getattr(options, writer.device_option) if writer.device_option else "generic"]
    takes, generic = device.pictures, device.name == "generic"
    return Form(
        frozenset(writer.pictures) if generic else takes.wanted | (takes.types & {"image/svg+xml"}),
        plain=writer.plain_pictures,
        max_width=images.max_width or takes.width,
        quality=images.quality,
        grayscale=images.grayscale,
        still=takes.still,
        wordless="svg-text" in device.rules,
    )


def with_place(options: Any, images: ImageOptions) -> Any:
    """The options of a format, its own option `images` set to the place that is asked for."""
    value = {"folder": "embed", "drop": "embed"}.get(images.place, images.place)
    has_own = is_dataclass(options) and any(field.name == "images" for field in fields(options))
    return replace(options, images=value) if value != "auto" and has_own else options


def check_images(images: ImageOptions, writer: Writer, options: Any, has_file: bool) -> None:
    """Raise `OptionError` for wishes about pictures that an output cannot follow; `options` are those of its writer.

    A folder needs an output file, and a format that does not hold its pictures itself. A format that takes
    pictures as they are neither changes nor drops them, and one that only links to them changes none.
    """
    said = [flag for name, flag in _FLAGS.items() if getattr(images, name)]
    if not writer.pictures and (said or images.place in ("link", "drop", "folder")):
        raise OptionError(
            f"{writer.name} takes pictures as they are; leave out {said[0] if said else f'--images {images.place}'}"
        )
    if images.place == "folder" and not has_file:
        raise OptionError("pictures can only be put into a folder beside an output file")
    if images.place == "folder" and writer.embeds_pictures:
        raise OptionError(f"{writer.name} holds its pictures itself; --images folder is for html and markdown")
    if said and writer.links_pictures and getattr(with_place(options, images), "images", "") == "link":
        raise OptionError(f"{writer.name} only links to its pictures, so {said[0]} does nothing; add --images embed")


_FLAGS = {
    "max_width": "--image-max-width",
    "quality": "--image-quality",
    "grayscale": "--grayscale",
    "max_size": "--max-size",
}


def placed(document: D, images: ImageOptions, output: Path | None, report: Report, linked: bool = False) -> D:
    """`document` with its pictures where they are asked for: put into a folder, dropped, or only linked.

    If nothing is asked for and the output is `linked` to its pictures, those go into the folder that its
    links would not find: an output elsewhere than its source shows them too.
    """
    match images.place:
        case "link":
            return with_articles(document, lambda article, told: replace(article, resources=_files(article)), report)
        case "drop":
            return with_articles(document, _without_pictures, report)
    if output is not None and (images.place == "folder" or (images.place == "auto" and linked)):
        shelf = _Shelf(output, images.folder or output.with_name(f"{output.stem}.images"), images.place == "folder")
        return with_articles(document, shelf.filled, report)
    return document


def _files(article: Article) -> tuple[Resource, ...]:
    """What an article has at hand beside pictures: files that it links to."""
    return tuple(resource for resource in article.resources if not resource.media_type.startswith("image/"))


# --------------------------------------------------------------------------- folder


@dataclass(frozen=True, slots=True)
class _Shelf:
    """A folder of pictures for an output, under names made of their content, each once.

    `every`: all of them; else those that a link from the output would not find.
    """

    output: Path
    folder: Path
    every: bool

    def filled(self, article: Article, report: Report) -> Article:
        """An article whose pictures know their addresses in the folder."""
        base = _as_address(os.path.relpath(self.folder, self.output.parent))
        moved: list[Resource] = []
        for resource in article.resources:
            if resource.media_type.startswith("image/") and (self.every or not self._finds(resource)):
                kind = resource.media_type
                name = f"{resource.digest[:20]}.{_EXTENSIONS.get(kind, kind.rpartition('/')[2])}"
                _put(resource, self.folder / name)
                report.asset(resource.url, "saved", name)
                moved.append(replace(resource, address=f"{base}/{name}"))
            else:
                moved.append(resource)
        return replace(article, resources=tuple(moved))

    def _finds(self, resource: Resource) -> bool:
        if isinstance(resource.location, bytes):
            return resource.url.startswith("data:")
        try:
            return (self.output.parent / unquote(resource.url)).samefile(resource.location)
        except (OSError, ValueError):
            return False


def _put(resource: Resource, place: Path) -> None:
    size = len(resource.location) if isinstance(resource.location, bytes) else resource.location.stat().st_size
    if place.is_file() and place.stat().st_size == size:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    with replacing(place) as file:
        if isinstance(resource.location, bytes):
            file.write(resource.location)
        else:
            with resource.location.open("rb") as source:
                shutil.copyfileobj(source, file)


def _as_address(path: str) -> str:
    """A relative path as it stands in a link: what has a meaning there is percent-encoded, Chinese stays."""
    text = path.replace(os.sep, "/")
    return re.sub(
        r"[%?#\s\"<>\\^`{|}()\[\]]", lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text
    )


# --------------------------------------------------------------------------- drop


def _without_pictures(article: Article, report: Report) -> Article:
    """An article with the descriptions of its pictures in their place."""
    dropped: dict[str, None] = {}

    def step(node: Node) -> Node | tuple[Node, ...]:
        new = rebuilt(node, lambda children: _said(children, dropped))
        if isinstance(new, Figure):
            dropped.setdefault(new.image.url)
            return tuple(Paragraph(content) for content in (_words(new.image.alt), new.caption) if content)
        if isinstance(new, Group) and new.kind == "card":
            return _without_cover(new, dropped)
        if isinstance(new, Link) and new is not node and not new.content:
            return replace(new, content=(Text(new.url),))
        if isinstance(new, Paragraph) and new is not node and not new.content:
            return ()
        return new

    article = rewrite(article, step)
    for url in dropped:
        report.asset(url, "dropped", "as asked for")
    metadata = replace(article.metadata, lead_image="")
    return replace(article, metadata=metadata, resources=_files(article))


def _said(children: tuple[Node, ...], dropped: dict[str, None]) -> tuple[Node, ...]:
    """The same, with the description of each picture in its place."""
    if not any(isinstance(child, Image) for child in children):
        return children
    said: list[Node] = []
    for child in children:
        if isinstance(child, Image):
            dropped.setdefault(child.url)
            said += _words(child.alt)
        else:
            said.append(child)
    return tuple(said)


def _words(text: str) -> tuple[Inline, ...]:
    return (Text(text),) if text.strip() else ()


def _without_cover(card: Group, dropped: dict[str, None]) -> Group:
    """A card that shows no picture above its content, and says what it showed."""
    attributes = dict(card.attributes)
    cover, words = attributes.pop("cover", ""), _words(attributes.pop("cover-alt", ""))
    if not cover:
        return card
    dropped.setdefault(cover)
    content = (Paragraph(words), *card.content) if words else card.content
    return replace(card, content=content, attributes=tuple(attributes.items()))
