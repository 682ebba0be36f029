"""The front of a book: its cover, given, found or drawn, and the page that shows it."""

from __future__ import annotations

from pathlib import Path

from article_convert.errors import OptionError
from article_convert.files import read_input
from article_convert.model import Metadata, Resource
from article_convert.pictures.sniff import HEAD_BYTES, media_type
from article_convert.writers.epub.chapters import xhtml
from article_convert.writers.epub.cover import Words, draw_cover
from article_convert.writers.epub.edition import Edition
from article_convert.writers.epub.metadata import one_line
from article_convert.writers.epub.parts import XHTML, File, Landmark
from article_convert.writers.epub.previous import Previous
from article_convert.writers.labels import date_text, label
from article_convert.writers.markup.escape import quoted

__all__ = ["cover_picture", "front_of"]


def cover_picture(metadata: Metadata, resources: tuple[Resource, ...], edition: Edition) -> str:
    """The name of the picture on the cover; empty if it is to be drawn, or if there is to be none."""
    cover = edition.options.cover
    if isinstance(cover, Path):
        data = read_input(cover)
        kind = media_type(data[:HEAD_BYTES])
        if not kind:
            raise OptionError(f"cover {cover} is no JPEG, PNG, GIF, WebP or SVG picture")
        name = edition.pictures.embed(Resource(str(cover), kind, f"cover {cover}", data), ("cover-image",))
        if not name:
            raise OptionError(f"cover {cover} cannot stand in an EPUB: {edition.report.assets[-1].detail}")
        return name
    if cover == "auto" and metadata.lead_image and not edition.holds_cover(metadata):
        for resource in resources:
            if resource.url == metadata.lead_image:
                return edition.pictures.embed(resource, ("cover-image",))
    return _earlier_picture(metadata, edition)


def front_of(metadata: Metadata, title: str, picture: str, edition: Edition) -> list[Landmark]:
    """The cover and its page, drawn if there is no picture for it."""
    if not picture:
        if edition.options.cover == "none":
            return []
        picture = _earlier_drawing(metadata, edition)
    if not picture:
        people = "、" if edition.language[:2] in {"zh", "ja"} else ", "
        below = [people.join(one_line(author.name) for author in metadata.authors if author.name)]
        date = date_text(edition.language, metadata.published) if metadata.published is not None else ""
        below.append(" · ".join(filter(None, (one_line(metadata.site or metadata.publisher), date))))
        media_type, data = draw_cover(Words(title, tuple(filter(None, below)), edition.language))
        if media_type not in edition.device.profile.pictures.cover_types:
            device = edition.device.profile.title
            edition.report.add("image.unfit", f"the drawn cover is left out: {device} takes no {media_type}")
            return []
        picture = "cover.svg" if media_type == "image/svg+xml" else "cover.png"
        edition.container.add(File(picture, media_type, data, ("cover-image",)))
    name = label(edition.language, "cover-page")
    image = f'<img src="{picture}" alt="{quoted(title)}" role="doc-cover"/>'
    page = xhtml(title, edition.language, f'<div class="cover">{image}</div>', kind="cover")
    edition.container.add(File("cover.xhtml", XHTML, page.encode()))
    return [Landmark("cover", name, "cover.xhtml")]


def _earlier_picture(metadata: Metadata, edition: Edition) -> str:
    """The name of the picture on the earlier edition, taken over unless the book names another one now.

    It has to come before the chapters: the first file of a name is the one that can be marked as the cover.
    """
    previous = edition.previous
    if previous is None or edition.options.cover != "auto" or _is_drawn(previous.cover):
        return ""
    if metadata.lead_image != previous.sources.book.metadata.lead_image:
        return ""
    return _taken_over(previous, edition)


def _earlier_drawing(metadata: Metadata, edition: Edition) -> str:
    """The name of the cover that was drawn for the earlier edition, taken over if it would say still the same."""
    previous = edition.previous
    if previous is None or not _is_drawn(previous.cover) or edition.options.cover == "drawn":
        return ""
    if _on_cover(previous.sources.book.metadata) != _on_cover(metadata):
        return ""
    return _taken_over(previous, edition)


def _is_drawn(cover: str) -> bool:
    return bool(cover) and "/" not in cover


def _taken_over(previous: Previous, edition: Edition) -> str:
    if not previous.cover:
        return ""
    file, device = previous.picture(previous.cover, ("cover-image",)), edition.device.profile
    if file.media_type not in device.pictures.cover_types:
        what = f"the cover of the earlier edition is left out: {device.title} takes no {file.media_type}"
        edition.report.add("image.unfit", what)
        return ""
    edition.container.add(file)
    return file.name


def _on_cover(metadata: Metadata) -> tuple[object, ...]:
    place = metadata.site or metadata.publisher
    return metadata.title, metadata.authors, place, metadata.published, metadata.lead_image, metadata.language
