"""Sizes: of the book on its way, and of its parts on the device."""

from __future__ import annotations

from collections.abc import Iterator

from article_convert.checks.book import OpenedBook
from article_convert.checks.findings import Place
from article_convert.checks.rules import Check
from article_convert.files import size_text
from article_convert.profiles import Profile

__all__ = ["RULES"]


def _book_large(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    if profile.book_wanted and book.size > profile.book_wanted:
        yield Place("", detail=size_text(book.size))


def _document_large(book: OpenedBook, profile: Profile) -> Iterator[Place]:
    for document in book.documents.values():
        if profile.document and document.size > profile.document:
            yield Place(document.name, detail=size_text(document.size))


RULES = (
    Check("book-large", "The book is larger than the services that bring it to the device accept.",
          "Make the pictures smaller, or split the book.", _book_large),
    Check("document-large", "Chapters are very long.", "Split them at their headings (-O split=250).", _document_large),
)  # fmt: skip
