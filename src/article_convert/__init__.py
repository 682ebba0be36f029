"""Saved articles and GitBook books as EPUB, PDF, clean HTML or plain Markdown.

>>> import article_convert as ac
>>> ac.to_markdown(b"# Title\\n\\nText", reader="gitbook")
'# Title\\n\\nText\\n'

`read`, `clean` and `write` are the steps; `convert`, `to_markdown`, `to_html`, `to_epub` and
`to_pdf` do all of them in one call; `read_book` reads a whole GitBook and `convert_many` a whole
folder; `check` tells what in an EPUB would hurt on which device. With a `Fetcher` the pictures of an
article are fetched from the web; nothing else uses a network. Modules load on first use, so that
importing this is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from article_convert.assets.fetch import Fetcher as Fetcher
    from article_convert.assets.fetch import Limits as Limits
    from article_convert.assets.policy import ImageOptions as ImageOptions
    from article_convert.assets.remote import fetch_pictures as fetch_pictures
    from article_convert.batch import Outcome as Outcome
    from article_convert.batch import convert_many as convert_many
    from article_convert.books import read_book as read_book
    from article_convert.checks import check as check
    from article_convert.checks.findings import Finding as Finding
    from article_convert.errors import ArticleConvertError as ArticleConvertError
    from article_convert.errors import FetchError as FetchError
    from article_convert.errors import InputError as InputError
    from article_convert.errors import MisplacedNode as MisplacedNode
    from article_convert.errors import MissingDependency as MissingDependency
    from article_convert.errors import OptionError as OptionError
    from article_convert.errors import UnknownFormat as UnknownFormat
    from article_convert.model import Article as Article
    from article_convert.model import Author as Author
    from article_convert.model import Book as Book
    from article_convert.model import Metadata as Metadata
    from article_convert.pipeline import Result as Result
    from article_convert.pipeline import clean as clean
    from article_convert.pipeline import convert as convert
    from article_convert.pipeline import read as read
    from article_convert.pipeline import to_epub as to_epub
    from article_convert.pipeline import to_html as to_html
    from article_convert.pipeline import to_markdown as to_markdown
    from article_convert.pipeline import to_pdf as to_pdf
    from article_convert.pipeline import write as write
    from article_convert.pipeline import write_file as write_file
    from article_convert.report import Diagnostic as Diagnostic
    from article_convert.report import Report as Report
    from article_convert.rules import Rule as Rule
    from article_convert.rules import RuleSet as RuleSet
    from article_convert.rules import choose_rules as choose_rules
    from article_convert.transforms import STANDARD as STANDARD
    from article_convert.transforms import Transform as Transform
    from article_convert.transforms import explaining as explaining
    from article_convert.transforms import standard as standard
    from article_convert.update import Changes as Changes
    from article_convert.update import update_epub as update_epub
    from article_convert.writers.epub import EpubOptions as EpubOptions
    from article_convert.writers.html import HtmlOptions as HtmlOptions
    from article_convert.writers.markdown import MarkdownOptions as MarkdownOptions
    from article_convert.writers.pdf import PdfOptions as PdfOptions

__version__ = "0.1.0"

_HOMES = {
    "Fetcher": "assets.fetch",
    "Limits": "assets.fetch",
    "ImageOptions": "assets.policy",
    "fetch_pictures": "assets.remote",
    "Result": "pipeline",
    "clean": "pipeline",
    "convert": "pipeline",
    "read": "pipeline",
    "to_epub": "pipeline",
    "to_html": "pipeline",
    "to_markdown": "pipeline",
    "to_pdf": "pipeline",
    "write": "pipeline",
    "write_file": "pipeline",
    "Outcome": "batch",
    "convert_many": "batch",
    "read_book": "books",
    "check": "checks",
    "Finding": "checks.findings",
    "ArticleConvertError": "errors",
    "FetchError": "errors",
    "InputError": "errors",
    "MisplacedNode": "errors",
    "MissingDependency": "errors",
    "OptionError": "errors",
    "UnknownFormat": "errors",
    "Article": "model",
    "Author": "model",
    "Book": "model",
    "Metadata": "model",
    "Diagnostic": "report",
    "Report": "report",
    "Rule": "rules",
    "RuleSet": "rules",
    "choose_rules": "rules",
    "STANDARD": "transforms",
    "Transform": "transforms",
    "explaining": "transforms",
    "standard": "transforms",
    "Changes": "update",
    "update_epub": "update",
    "EpubOptions": "writers.epub",
    "HtmlOptions": "writers.html",
    "MarkdownOptions": "writers.markdown",
    "PdfOptions": "writers.pdf",
}

__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
