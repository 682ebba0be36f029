"""Articles and books as PDF: ready to print, to read on a screen, and to keep.

The page is the XHTML that all writers share, with a style sheet for paper, laid out by WeasyPrint.
This module puts the page together; `layout` knows the engine, `fonts` the fonts, `pages` what
stands on the pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal

from article_convert.contract import Writer
from article_convert.files import read_css
from article_convert.model import Article, Book, Document
from article_convert.options import option
from article_convert.report import Report
from article_convert.writers import fonts
from article_convert.writers.labels import label
from article_convert.writers.markup.escape import attribute, escaped, scrubbed
from article_convert.writers.pdf import layout
from article_convert.writers.pdf.pages import Draft, draft_article, draft_book

__all__ = ["WRITER", "PdfOptions", "write_pdf"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfOptions:
    """How a PDF looks and what it conforms to."""

    page: Literal["A4", "A5", "letter"] = option("A4", "paper size")
    toc: Literal["auto", "yes", "no"] = option("auto", "a table of contents with page numbers; auto: only in books")
    colour: bool = option(True, "no: black and grey only, for e-ink and black-and-white printers")
    variant: Literal["none", "pdf/ua-1", "pdf/a-2u", "pdf/a-2a", "pdf/a-3u"] = option(
        "pdf/ua-1", "the standard it claims to meet: pdf/ua-1 for assistive technology, pdf/a-… for archives"
    )
    font: Path | None = option(None, "a TrueType or OpenType file for the text instead of the built-in fonts")
    css: Path | None = option(None, "a style sheet of your own, applied last")
    font_cache: Path | None = option(None, "folder for the fonts that are prepared once; default: the user's cache")


def write_pdf(document: Document, options: PdfOptions, report: Report) -> bytes:
    """A tagged PDF with outline, metadata, embedded fonts and pictures; the same bytes every time.

    Nothing is fetched: a picture that is not among the resources is shown by its alternative text
    and address and reported as `image.missing`. Characters that no font has are reported as
    `font.missing-glyph`, what the layout engine ignores as `pdf.layout`, and fonts that had to be made for
    this document alone, since their folder cannot be written, as `cache.unwritable`. Raises `MissingDependency`
    if WeasyPrint, its native libraries or the fonts are not there.
    """
    layout.check_engine()
    toc = options.toc == "yes" or (options.toc == "auto" and isinstance(document, Book))
    draft = draft_article(document, toc, report) if isinstance(document, Article) else draft_book(document, toc, report)
    body = scrubbed("\n".join(draft.parts), report)
    html = f"<!DOCTYPE html>\n<html{attribute('lang', draft.language)}>{_head(draft)}\n<body>{body}</body></html>"
    cache = options.font_cache or fonts.default_cache()
    with fonts.font_set(set(html), draft.language, cache, options.font) as needed:
        if needed.problem:
            report.add("cache.unwritable", f"the fonts were made for this document alone: {needed.problem}")
        _report_missing(needed.missing, body, report)
        job = layout.PdfJob(
            html=html,
            style=files("article_convert.writers.style").joinpath("print.css").read_text("utf-8"),
            css=_css(draft, options),
            resources=draft.resources,
            font_folders=needed.folders,
            font_scans=needed.scans,
            variant="" if options.variant == "none" else options.variant,
        )
        return layout.render(job, report)


def _head(draft: Draft) -> str:
    """What PDF readers show as properties. Dates come from the article, never from the clock."""
    metadata = draft.metadata
    created = metadata.published
    values = [("author", author.name) for author in metadata.authors]
    values += [
        ("description", metadata.description or metadata.summary),
        ("keywords", ", ".join(metadata.tags)),
        ("generator", "article_convert"),
        ("dcterms.created", _w3c_date(created)),
        ("dcterms.modified", _w3c_date(metadata.modified or created)),
    ]
    lines = [f"<meta{attribute('name', name)}{attribute('content', value)}/>" for name, value in values if value]
    title = escaped(metadata.title or label(draft.language, "untitled"))
    return f'<head><meta charset="utf-8"/><title>{title}</title>{"".join(lines)}</head>'


def _w3c_date(value: date | datetime | None) -> str:
    """A date as WeasyPrint reads it; a time without zone stands for itself, so it gets none."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.replace(microsecond=0).isoformat()
    return "" if value is None else value.isoformat()[:10]


# Paper: width in points, size of Chinese text in points, and full-width characters in a line.
_PAPER = {"A4": (595.28, 10.5, 42), "A5": (419.53, 10.0, 33), "letter": (612.0, 10.5, 42)}


def _css(draft: Draft, options: PdfOptions) -> str:
    """What the style sheet leaves to the document and the options."""
    width, size, count = _PAPER[options.page]
    measure = size * count
    margin = (width - measure) / 2
    parts = [
        f"@page {{ size: {options.page}; margin-left: {margin:.2f}pt; margin-right: {margin:.2f}pt }}",
        f":root {{ font-size: {size}pt }}",
        draft.formulas.css(),
        *(_outline_rules(depth) for depth in range(1, draft.depth + 1)),
    ]
    if not options.colour:
        parts.append(":root { --accent: #444; --link: #1b1f24 }")
    if options.font is not None:
        family = fonts.family_of(options.font)
        parts.append(f'html, [lang] {{ font-family: "{family}", var(--serif) }}')
    if options.css is not None:
        parts.append(read_css(options.css))
    return "\n".join(parts)


def _outline_rules(depth: int) -> str:
    """Where the headings of a chapter at that depth of a book stand in the outline."""
    below = (f".depth-{depth} h{level} {{ bookmark-level: {depth + level - 1} }}" for level in range(2, 7))
    return f".depth-{depth} {{ bookmark-level: {depth} }} {' '.join(below)}"


def _report_missing(missing: str, body: str, report: Report) -> None:
    """Say once which characters no font has, and where the first of them stands."""
    if not missing:
        return
    named = " ".join(f"{each} (U+{ord(each):04X})" for each in missing[:20])
    text = re.sub(r"<[^>]+>", " ", body)
    at = text.find(missing[0])
    place = " ".join(text[max(0, at - 20) : at + 20].split())
    report.add("font.missing-glyph", f"no font has {named}; the first stands in “{place}”")


WRITER = Writer(
    name="pdf",
    extensions=(".pdf",),
    options=PdfOptions,
    write=write_pdf,
    help="paged, with outline and embedded fonts",
    pictures=("image/png", "image/jpeg", "image/svg+xml"),
    plain_pictures=True,
    embeds_pictures=True,
)
