"""Pictures in a form that a target can show: only what has to change is changed, and each picture once.

What a picture becomes depends on its bytes and on the `Form` alone, and is kept in the store under both,
so that a second run, another format or another process finds it there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from article_convert.assets.documents import with_articles
from article_convert.assets.images import Form, Probe, Unready, Unusable, probed, transcoded
from article_convert.assets.raster import FONT_PACKAGES, has_words, rasterised
from article_convert.assets.store import Store
from article_convert.assets.svg import sanitised_svg
from article_convert.errors import InputError
from article_convert.files import scratch_folder
from article_convert.model import Article, Book, Resource
from article_convert.pictures.svg import svg_problem
from article_convert.report import Report, shown

__all__ = ["prepared", "store_at"]

D = TypeVar("D", bound=Article | Book)
_SVG = "image/svg+xml"
_CODES = frozenset({"image.still", "image.mended"})
_DECODING = ("pillow", "pillow-heif")
_DRAWING = ("pillow", "resvg_py", "lxml")
_WORTH_IT = 0.9
"""A picture that could stay is only changed if at most this much of its size is left: each time costs quality."""


@contextmanager
def store_at(folder: str | os.PathLike[str] | None) -> Iterator[Store]:
    """The store in `folder`, or one that is gone at the end of the block.

    The latter also if `folder` cannot be written; what is in it is used all the same.
    """
    if folder is not None and Store(folder).is_writable():
        yield Store(folder)
        return
    with scratch_folder() as scratch:
        yield Store(scratch, behind=folder)


def prepared(document: D, form: Form, store: Store, report: Report) -> D:
    """`document` with pictures of the given form; the bytes of changed ones lie in `store`.

    Reported: `image.unsupported` for what cannot be decoded or shown, which then is no resource any
    more; `image.still` for animations of which the first frame is left; `image.mended` for drawings
    of which parts were taken out. Each changed picture is in the ledger of assets as `transcoded`.
    """
    return with_articles(document, lambda article, told: _prepared(article, form, store, told), report)


def _prepared(article: Article, form: Form, store: Store, report: Report) -> Article:
    kept: list[Resource] = []
    for resource in article.resources:
        if not resource.media_type.startswith("image/"):
            kept.append(resource)  # a file that the article links to
            continue
        made = _made(resource, form, store)
        if made.problem:
            report.add("image.unsupported", f"picture {shown(resource.url)!r}: {made.problem}")
            report.asset(resource.url, "failed", made.problem)
            report.explain_absence(resource.url)
            continue
        if made.resource is not resource:
            report.asset(resource.url, "transcoded", f"{resource.media_type} → {made.note}")
        for code in made.codes:
            report.add(code, f"picture {shown(resource.url)!r}: {made.note}")
        kept.append(made.resource)
    return replace(article, resources=tuple(kept)) if tuple(kept) != article.resources else article


@dataclass(frozen=True, slots=True)
class _Made:
    """What a picture became: itself or another resource, with the codes to report; or a problem."""

    resource: Resource
    note: str = ""
    problem: str = ""
    codes: tuple[str, ...] = ()


def _made(resource: Resource, form: Form, scratch: Store) -> _Made:
    store = _home(resource, scratch)
    recipe = f"{resource.digest} {resource.media_type} {form} {_tools(resource.media_type)}"
    record = store.find_made(recipe)
    if record is None or not _CODES.issuperset(str(record.get("codes", "")).split()):
        record = _recorded(resource, form, store, scratch, recipe)
    if "problem" in record and form.wordless and resource.media_type == _SVG:
        # Better the drawing without its words than nothing; the writer says that they do not show.
        return _made(resource, replace(form, wordless=False), scratch)
    if "problem" in record:
        return _Made(resource, problem=str(record["problem"]))
    if "stored" not in record:
        return _Made(resource)
    stored = record["stored"]
    changed = Resource(resource.url, stored.media_type, stored.digest, stored.path)
    return _Made(changed, str(record.get("note", "")), codes=tuple(str(record.get("codes", "")).split()))


@cache
def _tools(media_type: str) -> str:
    """What makes a picture, in its versions: another one may give other bytes, or more pictures."""
    packages = (*_DRAWING, *FONT_PACKAGES) if media_type == _SVG else _DECODING
    return " ".join(f"{name}={_version(name)}" for name in packages)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _home(resource: Resource, scratch: Store) -> Store:
    """Where the results of a picture are kept: beside one that came from a store, else in `scratch`."""
    own = Store.holding(resource.location, resource.digest) if isinstance(resource.location, Path) else None
    return own if own is not None and own.can_write() else scratch


def _recorded(resource: Resource, form: Form, store: Store, scratch: Store, recipe: str) -> dict[str, Any]:
    """`_noted`; on a cache that is full, the result is kept for this output alone."""
    try:
        return _noted(resource, form, store, recipe)
    except (InputError, OSError):
        if store is scratch:
            raise
        return _noted(resource, form, scratch, recipe)


def _noted(resource: Resource, form: Form, store: Store, recipe: str) -> dict[str, Any]:
    """Make the picture, note the result, and give the note."""
    try:
        made = _drawing(resource, form) if resource.media_type == _SVG else _picture(resource, form)
    except Unready as problem:
        return {"problem": str(problem)}
    except Unusable as problem:
        store.keep_made(recipe, None, problem=str(problem))
        return {"problem": str(problem)}
    if made is None:
        store.keep_made(recipe, None)
        return {}
    media_type, data, note, codes = made
    stored = store.put(data, media_type)
    note = f"{note}, {_kilobytes(_size(resource.location))} → {_kilobytes(len(data))}"
    store.keep_made(recipe, stored, note=note, codes=codes)
    return {"stored": stored, "note": note, "codes": codes}


_New: TypeAlias = tuple[str, bytes, str, str] | None
"""Media type, bytes, what it is now, and codes to report; `None` for a picture that stays as it is."""


def _picture(resource: Resource, form: Form) -> _New:
    if find_spec("PIL") is None:
        if resource.media_type not in form.types:
            raise Unready(f"{resource.media_type} needs the package Pillow; pip install 'article_convert[images]'")
        return None
    probe = probed(resource.location, resource.media_type)
    moves = probe.animated and resource.media_type in form.types and not form.still
    if moves or not _wishes(probe, form):
        _check_whole(resource, form)
        return None
    media_type, data, note = transcoded(resource.location, resource.media_type, form)
    if not _must_change(probe, form) and len(data) > _WORTH_IT * _size(resource.location):
        return None
    if probe.animated:
        return media_type, data, f"{note}, its first frame", "image.still"
    return media_type, data, note, ""


def _check_whole(resource: Resource, form: Form) -> None:
    """Decode a picture that stays as it is, to know that others can. Raises `Unusable`."""
    transcoded(resource.location, resource.media_type, replace(form, max_width=16))


def _must_change(probe: Probe, form: Form) -> bool:
    """Whether the target cannot show the picture, or not in the width and the colours that are wanted."""
    wide = form.max_width and probe.width > form.max_width
    coloured = form.grayscale and not probe.gray
    odd = (form.plain and (probe.turned or probe.foreign)) or (form.still and probe.animated)
    return bool(wide or coloured or odd or probe.media_type not in form.types)


def _wishes(probe: Probe, form: Form) -> bool:
    """Whether the picture may become another one: it must, or it could be narrower or coarser."""
    finer = form.quality if probe.media_type == "image/jpeg" else form.colours
    narrow = form.width and probe.width > form.width
    return bool(_must_change(probe, form) or finer or narrow)


def _size(location: Path | bytes) -> int:
    return len(location) if isinstance(location, bytes) else location.stat().st_size


def _kilobytes(size: int) -> str:
    return f"{-(-size // 1000):,} KB"


def _drawing(resource: Resource, form: Form) -> _New:
    try:
        data = resource.location if isinstance(resource.location, bytes) else resource.location.read_bytes()
        mended, removed = sanitised_svg(data) if (broken := bool(svg_problem(data))) else (data, ())
    except OSError as error:
        raise Unready(f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise Unusable(str(error)) from None
    codes = "image.mended" if removed else ""
    without = f" without {', '.join(removed)}" if removed else ""
    if _SVG not in form.types or (form.wordless and has_words(mended)):
        media_type, picture, note = transcoded(rasterised(mended, form.max_width), "image/png", form)
        return media_type, picture, note + without, codes
    return (_SVG, mended, f"SVG{without}", codes) if broken else None
