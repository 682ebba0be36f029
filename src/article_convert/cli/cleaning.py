"""What the arguments say about cleaning: the rules, the steps, and the page that explains them."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Iterator
from pathlib import Path

from article_convert import formats, pipeline
from article_convert.batch import Settings
from article_convert.cli.places import check_place
from article_convert.errors import OptionError
from article_convert.model import Document
from article_convert.report import Report
from article_convert.rules import RuleSet, choose_rules
from article_convert.transforms import Transform, explaining, standard

__all__ = ["page_settings", "rules_of", "transforms_of", "unmatched", "write_page"]


def rules_of(args: argparse.Namespace) -> RuleSet:
    """The rules that the arguments choose. Readers take in everything where all is told.

    Where nothing is cut, what is kept says what a reader takes in of the page around the article.
    """
    if args.no_clean and (args.drop or args.rules):
        raise OptionError(f"--no-clean cuts nothing; leave out {'--drop' if args.drop else '--rules'}")
    also = formats.reader(args.reader).rules if args.reader else ()
    chosen = choose_rules(args.keep, args.drop, args.rules, also)
    return RuleSet(chosen.rules, chosen.keep, everything=args.explain and not args.no_clean)


def transforms_of(args: argparse.Namespace, rules: RuleSet) -> tuple[Transform, ...]:
    """The steps that the arguments choose."""
    return () if args.no_clean else standard(rules=rules, told=args.explain)


def page_settings(args: argparse.Namespace, settings: Settings) -> Settings:
    """How to convert one article to the page of `--explain=FILE`, checked before anything is read."""
    if len(args.inputs) != 1 or Path(args.inputs[0]).is_dir():
        raise OptionError("--explain=FILE shows one article; name one file, or use --explain without a file")
    if args.no_clean:
        raise OptionError("--no-clean cuts nothing, so there is nothing to explain; leave out one of them")
    check_place(args.explain_page, "explanation")
    writer = formats.guess_writer(args.explain_page)
    rules = RuleSet(settings.rules.rules, settings.rules.keep, everything=True)  # type: ignore[union-attr]
    return Settings(writer.name, settings.reader, explaining(rules), settings.reader_options, writer.options(), rules)


def write_page(document: Document, path: str, settings: Settings) -> None:
    """Write the article, read and marked by `settings`, to the file of `--explain=FILE`."""
    pipeline.write(document, path, settings.target, options=settings.options, report=Report())


def unmatched(rules: RuleSet, found: Collection[str]) -> Iterator[str]:
    """What was to be dropped and was nowhere; `found` are the reasons of everything that was cut."""
    for rule in rules.drops:
        if rule.reason not in found:
            hint = " (a selector looks at pages of HTML; /…/ looks at the text of any input)" if rule.select else ""
            yield f"article-convert: --{rule.reason} matched nothing{hint}"
