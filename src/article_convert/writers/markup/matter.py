"""What stands around the text of an article: its title block, its notes and its small print."""

from __future__ import annotations

from datetime import date, datetime
from typing import cast, get_args

from article_convert.model import Author, Metadata, Notice
from article_convert.writers.labels import Word, date_text
from article_convert.writers.markup.addresses import safe_address, web_address
from article_convert.writers.markup.blocks import blocks
from article_convert.writers.markup.escape import attribute, escaped, quoted, scrubbed
from article_convert.writers.markup.page import Page

__all__ = ["footnotes", "notices", "title_block"]


def title_block(metadata: Metadata, page: Page) -> str:
    """A `<header>` with what is known: category, title, authors, dates, counters, tags, source, summary.

    Empty if nothing is known at all.
    """
    title = escaped(metadata.title)
    parts = [
        f'<p class="category">{escaped(metadata.category)}</p>' if metadata.category else "",
        f"<h{1 + page.shift}>{title}</h{1 + page.shift}>" if title else "",
        f'<p class="description">{escaped(metadata.description)}</p>' if _adds_description(metadata) else "",
        _byline(metadata, page),
        _stats(metadata, page),
        _tags(metadata, page),
        _source(metadata, page),
        _summary(metadata, page),
    ]
    inside = "\n".join(part for part in parts if part)
    return scrubbed(f'<header class="title-block">\n{inside}\n</header>\n', page.report) if inside else ""


def _adds_description(metadata: Metadata) -> bool:
    return bool(metadata.description) and metadata.description.strip() != metadata.summary.strip()


def _byline(metadata: Metadata, page: Page) -> str:
    parts = [_author(author, metadata.source_url) for author in metadata.authors if author.name]
    if metadata.site and not any(author.name == metadata.site for author in metadata.authors):
        parts.append(f'<span class="site">{escaped(metadata.site)}</span>')
    if metadata.published is not None:
        parts.append(_time(metadata.published, "published", page))
    if metadata.modified is not None and metadata.modified != metadata.published:
        parts.append(f'<span class="modified">{page.word("modified")} {_time(metadata.modified, "", page)}</span>')
    return f'<p class="byline">{" ".join(parts)}</p>' if parts else ""


def _author(author: Author, base: str) -> str:
    href = safe_address(web_address(author.url, base) or author.url) if author.url else ""
    name = escaped(author.name)
    inside = f'<a href="{quoted(href)}" rel="author">{name}</a>' if href else name
    return f'<span class="author">{inside}</span>'


def _time(value: date | datetime, name: str, page: Page) -> str:
    return f'<time datetime="{value.isoformat()}"{attribute("class", name)}>{date_text(page.language, value)}</time>'


_COUNTERS: tuple[tuple[str, Word], ...] = (
    ("reading_minutes", "minutes"),
    ("views", "views"),
    ("comments", "comments"),
    ("collects", "collects"),
    ("likes", "likes"),
)


def _stats(metadata: Metadata, page: Page) -> str:
    counted = [(name, word, getattr(metadata.stats, name)) for name, word in _COUNTERS]
    parts = [
        f'<span data-stat="{name}">{value} {page.word(word)}</span>'
        for name, word, value in counted
        if value is not None
    ]
    return f'<p class="stats">{" ".join(parts)}</p>' if parts else ""


def _tags(metadata: Metadata, page: Page) -> str:
    items = "".join(f"<li>{escaped(tag)}</li>" for tag in metadata.tags if tag)
    return f'<ul class="tags" aria-label="{page.word("tags")}">{items}</ul>' if items else ""


def _source(metadata: Metadata, page: Page) -> str:
    if not metadata.source_url:
        return ""
    href = safe_address(metadata.source_url)
    shown = escaped(metadata.source_url.partition("://")[2] or metadata.source_url)
    inside = f'<a href="{quoted(href)}">{shown}</a>' if href else f"<span>{shown}</span>"
    return f'<p class="source">{page.word("source")} {inside}</p>'


def _summary(metadata: Metadata, page: Page) -> str:
    lines = "\n".join(f"<p>{escaped(line)}</p>" for line in metadata.summary.splitlines() if line.strip())
    return f'<div class="summary" role="note" aria-label="{page.word("summary")}">\n{lines}\n</div>' if lines else ""


def notices(metadata: Metadata, page: Page) -> str:
    """A `<footer>` with the statements about the article: licence, sources, the author. Empty if there are none."""
    lines = "".join(_notice(notice, page) for notice in metadata.notices if notice.text.strip())
    return scrubbed(f'<footer class="notices">\n{lines}</footer>\n', page.report) if lines else ""


def _notice(notice: Notice, page: Page) -> str:
    known = notice.kind in get_args(Word)
    kind = f'<span class="notice-kind">{page.word(cast(Word, notice.kind))}</span> ' if known else ""
    return f'<p data-kind="{quoted(notice.kind)}">{kind}{escaped(notice.text)}</p>\n'


def footnotes(page: Page) -> str:
    """The notes collected since the last call, each with a way back to its mark; empty if there are none.

    HTML: a numbered list. EPUB: one `<aside epub:type="footnote">` for each, which reading systems show
    in place. PDF: empty, as its notes stand in the text, where the style sheet moves them to the foot.
    """
    first = page.notes_printed + 1
    out: list[str] = []
    while page.notes_printed < len(page.notes):  # a note may hold notes
        page.notes_printed += 1
        out.append(_note(page.notes_printed, page))
    if not out:
        return ""
    if page.target == "epub":
        inside = "".join(out)
    else:
        start = f' start="{first}"' if first > 1 else ""
        inside = f"<ol{start}>\n{''.join(out)}</ol>\n"
    tag, frame = _notes_frame(page)
    return scrubbed(f'<{tag} class="footnotes"{frame}>\n{inside}</{tag}>\n', page.report)


def _notes_frame(page: Page) -> tuple[str, str]:
    """A place that screen readers can jump to; not for chapters, whose notes would all be called the same."""
    if page.prefix:
        return "div", ""
    role = ' role="doc-endnotes"' if page.target == "html" else ""
    return "section", f'{role} aria-label="{page.word("notes")}"'


def _note(number: int, page: Page) -> str:
    name = page.new_id(f"note-{number}")
    out: list[str] = []
    blocks(page.notes[number - 1].content, page, out)
    inside = "".join(out)
    if page.target == "epub":
        return (
            f'<aside id="{name}" epub:type="footnote" role="doc-footnote">\n{_numbered(inside, number, page)}</aside>\n'
        )
    back = _way_back(number, "↑", page)
    text = f"{inside[:-5]} {back}</p>\n" if inside.endswith("</p>\n") else f"{inside}<p>{back}</p>\n"
    return f'<li id="{name}">{text}</li>\n'


def _numbered(inside: str, number: int, page: Page) -> str:
    """The text of a note behind its number, which is the way back.

    Where notes do not open in place they stand below one another, and Kindle knows them by this link.
    """
    back = _way_back(number, f"{number}.", page)
    return f"<p>{back} {inside[3:]}" if inside.startswith("<p>") else f"<p>{back}</p>\n{inside}"


def _way_back(number: int, shown: str, page: Page) -> str:
    return (
        f'<a href="#{page.prefix}ref-{number}" class="backlink" role="doc-backlink" '
        f'aria-label="{page.word("back")} {number}">{shown}</a>'
    )
