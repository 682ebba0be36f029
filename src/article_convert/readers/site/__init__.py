"""Read the pages of a site that a TOML file describes: its text, its fields, and what is furniture on it.

`file` reads the description, `fields` what a page says. Everything else is as the plain reader of
pages does it: fields that the file does not name are filled with what any page may say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache, partial

from article_convert.contract import Reader
from article_convert.errors import InputError
from article_convert.model import Article
from article_convert.options import option, setting
from article_convert.readers.decode import decode
from article_convert.readers.html import address_of, article_in
from article_convert.readers.html.addresses import joined
from article_convert.readers.html.container import visible_text
from article_convert.readers.html.head import Fields, head_of
from article_convert.readers.html.parse import Element, parse_page
from article_convert.readers.html.select import select
from article_convert.readers.site.fields import Page, fill
from article_convert.readers.site.file import Site, site_in
from article_convert.report import Report
from article_convert.rules import RuleSet

__all__ = ["SiteReaderOptions", "body_of", "read_site", "site_reader"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteReaderOptions:
    """How a page of a described site is read."""

    address: str = option("", "address of the page, for relative links; taken from the page if not given")
    rules: RuleSet = setting(RuleSet())


@lru_cache(maxsize=16)
def site_reader(text: str, name: str) -> Reader:
    """The reader for the site that `text` describes, a file called `name`.

    Raises `OptionError`, naming file and key, if it describes none.
    """
    site = site_in(text, name)
    return Reader(
        name,
        (".html", ".htm", ".xhtml"),
        SiteReaderOptions,
        partial(read_site, site),
        partial(_recognises, site),
        f"pages of {site.name or ', '.join(site.hosts) or 'a site'}, as {name} describes them",
        site.rules,
    )


def read_site(site: Site, data: bytes, options: SiteReaderOptions, report: Report) -> Article:
    """The article of a page of `site`.

    Raises `InputError`, naming the selectors that were tried, if none of them finds any text.
    """
    text = decode(data, report, markup=True)
    root = parse_page(text, report)
    head = head_of(root, text)
    body = body_of(site, root)
    home = f"https://{site.hosts[0]}/" if site.hosts else ""
    address = options.address or address_of(head) or home
    fields = Fields()
    fill(fields, site, Page(root, head, joined(address, head.base) if head.base else address))
    fields.put("site", site.name, site.file)
    chosen = replace(options.rules, rules=(*site.rules, *options.rules.rules))
    return article_in(root, head, body, fields, report, chosen, options.address, home)


def body_of(site: Site, root: Element) -> Element:
    """The element that the first selector with any text or picture finds; of several the one with most text."""
    for selector in site.body:
        found = [each for each in select(root, selector) if visible_text(each) or each.find(".//img") is not None]
        if found:
            return max(found, key=lambda each: len(visible_text(each)))
    tried = ", ".join(site.body)
    raise InputError(f"no article of {site.name or site.file}: nothing on the page says anything at {tried}")


def _recognises(site: Site, head: str) -> int:
    return 70 if any(f"//{host}/" in head for host in site.hosts) else 0
