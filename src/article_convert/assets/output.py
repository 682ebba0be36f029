"""Write a document into a file, its pictures as the format and the user want them."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from article_convert.assets.budget import best_step, forms
from article_convert.assets.documents import readable
from article_convert.assets.images import Form
from article_convert.assets.policy import ImageOptions, check_images, form_for, placed, with_place
from article_convert.assets.prepare import prepared, store_at
from article_convert.assets.store import Store
from article_convert.contract import Writer
from article_convert.files import size_text
from article_convert.model import Article, Document
from article_convert.options import checked
from article_convert.report import Report

__all__ = ["write_into"]


def write_into(
    file: BinaryIO,
    document: Document,
    writer: Writer,
    options: Any,
    images: ImageOptions,
    path: Path | None,
    report: Report,
) -> int:
    """Write `document` into an empty file and tell the size of it.

    `path` is where the file will lie, for pictures that are put beside it. Reported is what
    `prepared`, `placed` and the writer report, and a cache that cannot be written (`cache.unwritable`); with
    a `max_size` also `image.reduced`, naming what was
    paid for it, and `image.over-limit` if no step is small enough. Raises `OptionError` as `check_images` does.
    """
    options = checked(options, writer.options, writer.name)
    check_images(images, writer, options, has_file=path is not None)
    document = readable(document, report)
    if not writer.pictures:
        return _written(file, document, writer, options, report)
    options = with_place(options, images)
    linked = writer.links_pictures and options.images == "link"
    bare = isinstance(document, Article) and not document.resources

    if images.cache is not None and not bare and not Store(images.cache).is_writable():
        report.add("cache.unwritable", f"{images.cache} cannot be written: what is made of pictures is not kept")

    with nullcontext() if bare or linked else store_at(images.cache) as store:

        def attempt(form: Form, told: Report) -> int:
            shown = document if store is None else prepared(document, form, store, told)
            shown = placed(shown, images, path, told, linked)
            file.seek(0)
            file.truncate()
            return _written(file, shown, writer, options, told)

        form = form_for(writer, options, images)
        return _fitted(attempt, form, images.max_size, report) if images.max_size else attempt(form, report)


def _written(file: BinaryIO, document: Document, writer: Writer, options: Any, report: Report) -> int:
    if writer.write_to is not None:
        writer.write_to(document, file, options, report)
    else:
        file.write(writer.write(document, options, report))
    return file.seek(0, os.SEEK_END)


def _fitted(attempt: Callable[[Form, Report], int], form: Form, limit: int, report: Report) -> int:
    """Attempt the steps until the output has at most `limit` bytes; only the last attempt is reported."""
    steps = forms(form)
    told: dict[int, Report] = {}

    def size_at(number: int) -> int:
        told[number] = report.apart()
        return attempt(steps[number], told[number])

    number, size = best_step(size_at, limit)
    report.merge(told[number])
    if number:
        step = steps[number]
        report.add(
            "image.reduced",
            f"to stay below {size_text(limit)}: photographs of at most {step.width} pixels in width and JPEG quality "
            f"{step.quality}, screenshots and diagrams of about {step.flat_width} pixels and {step.colours} colours"
            + ("; animations stand still" if step.still else ""),
        )
    if size > limit:
        report.add("image.over-limit", f"the output has {size_text(size)}, {size_text(limit)} were asked for")
    return size
