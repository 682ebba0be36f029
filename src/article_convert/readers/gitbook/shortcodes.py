"""Emoji that are written by name, as GitBook and GitHub know them: `:rocket:`.

A page that holds no such name never loads the table of names.
"""

from __future__ import annotations

import re
from dataclasses import replace

from article_convert.model import Article, Node, Text
from article_convert.tree import rewrite

__all__ = ["with_emoji"]

_NAME = re.compile(r"(?<![\w:/&])[:](?:[+-]1|[a-z][a-z0-9_]*|100|1234)[:](?![\w:/])")

_WRITTEN = re.compile(r":[+a-z0-9-][a-z0-9_\\]*:")


def with_emoji(article: Article, source: str) -> Article:
    """`article` with characters for the names of emoji in its text and its title, code left out.

    `source` is the Markdown that it was read from. Names that nobody knows, such as those of
    icons, stay as they are.
    """
    if not _WRITTEN.search(source):
        return article
    found = article.metadata
    named = replace(found, title=_named(found.title), description=_named(found.description))
    return replace(rewrite(article, _step), metadata=named)


def _step(node: Node) -> Node:
    if not isinstance(node, Text) or ":" not in node.text:
        return node
    text = _named(node.text)
    return node if text == node.text else Text(text, span=node.span)


def _named(text: str) -> str:
    return _NAME.sub(_emoji, text) if ":" in text else text


def _emoji(m: re.Match[str]) -> str:
    import emoji

    return emoji.emojize(m[0], language="alias")
