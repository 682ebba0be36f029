"""The head of an HTML page: what search engines, reading lists and browsers want to know."""

from __future__ import annotations

import json
from base64 import b64encode
from datetime import date
from hashlib import sha256

from article_convert.model import Metadata
from article_convert.writers.labels import label
from article_convert.writers.markup.addresses import safe_address, web_address
from article_convert.writers.markup.escape import attribute, escaped, quoted, scrubbed

__all__ = ["page_head"]


def page_head(metadata: Metadata, kind: str, style: str) -> str:
    """Everything from the doctype to the end of `<head>`. `kind` is a schema.org type (`Article`, `Book`)."""
    data = scrubbed(_linked_data(metadata, kind))
    lines = [
        "<!DOCTYPE html>",
        f"<html{attribute('lang', metadata.language)}>",
        "<head>",
        '<meta charset="utf-8"/>',
        _policy(data),
        '<meta name="generator" content="article_convert"/>',
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
        '<meta name="referrer" content="no-referrer"/>',
        '<meta name="color-scheme" content="light dark"/>',
        f"<title>{escaped(_title(metadata))}</title>",
        *(f'<meta name="{name}" content="{quoted(value)}"/>' for name, value in _named(metadata) if value),
        *(f'<meta property="{name}" content="{quoted(value)}"/>' for name, value in _properties(metadata) if value),
        _canonical(metadata),
        f'<script type="application/ld+json">{data}</script>',
        f"<style>\n{_harmless(style)}</style>",
        "</head>",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def _title(metadata: Metadata) -> str:
    return " ".join(metadata.title.split()) or label(metadata.language, "untitled")


def _policy(data: str) -> str:
    """Forbid everything that runs, loads or sends. Pictures are not named: the writer prints only those
    asked for, and the Nu checker takes a policy for `data:` pictures for a violation.

    Data for search engines is never run, but checkers ask for its digest like that of a script.
    """
    digest = b64encode(sha256(data.encode()).digest()).decode()
    forbidden = "; ".join(
        f"{what} 'none'"
        for what in ("connect-src", "font-src", "frame-src", "media-src", "object-src", "base-uri", "form-action")
    )
    policy = f"script-src 'sha256-{digest}'; style-src 'unsafe-inline'; {forbidden}"
    return f'<meta http-equiv="Content-Security-Policy" content="{policy}"/>'


def _harmless(style: str) -> str:
    """CSS that cannot end the element it stands in; `\\/` is a slash to CSS."""
    return style.replace("</", "<\\/")


def _canonical(metadata: Metadata) -> str:
    href = safe_address(metadata.source_url)
    return f'<link rel="canonical" href="{quoted(href)}"/>' if href.startswith("http") else ""


def _named(metadata: Metadata) -> list[tuple[str, str]]:
    return [
        ("description", " ".join((metadata.description or metadata.summary).split())),
        *(("author", author.name) for author in metadata.authors),
        ("keywords", ",".join(metadata.tags)),
    ]


def _properties(metadata: Metadata) -> list[tuple[str, str]]:
    """Open Graph, which readability tools read."""
    return [
        ("og:site_name", metadata.site),
        ("article:published_time", _iso(metadata.published)),
        ("article:modified_time", _iso(metadata.modified)),
        ("article:section", metadata.category),
    ]


def _iso(value: date | None) -> str:
    return value.isoformat() if value is not None else ""


def _linked_data(metadata: Metadata, kind: str) -> str:
    """The metadata in the vocabulary of schema.org; no character in it can end the element."""
    known: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": kind,
        "headline" if kind == "Article" else "name": metadata.title,
        "description": metadata.description,
        "abstract": metadata.summary,
        "author": [_person(author.name, _whole(author.url, metadata.source_url)) for author in metadata.authors],
        "datePublished": _iso(metadata.published),
        "dateModified": _iso(metadata.modified),
        "inLanguage": metadata.language,
        "url": safe_address(metadata.source_url),
        "isPartOf": {"@type": "WebSite", "name": metadata.site} if metadata.site else None,
        "publisher": {"@type": "Organization", "name": metadata.publisher} if metadata.publisher else None,
        "articleSection": metadata.category,
        "keywords": list(metadata.tags),
        "image": safe_address(metadata.lead_image),
    }
    text = json.dumps({name: value for name, value in known.items() if value}, ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _whole(url: str, base: str) -> str:
    return safe_address(web_address(url, base) or url) if url else ""


def _person(name: str, url: str) -> dict[str, str]:
    person = {"@type": "Person", "name": name}
    return person | {"url": url} if url else person
