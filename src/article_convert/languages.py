"""What a language is called in files: a tag of BCP 47, such as `zh-CN`.

Reading systems choose voices, fonts, hyphens and line breaks by it, so what only looks like one does harm.
"""

from __future__ import annotations

import re

__all__ = ["language_tag", "named_language"]

# RFC 5646, section 2.1: language, extended language, script, region, variants, extensions, private use. A language
# of five to eight letters is possible there, but none is registered; so `english` is a word and no tag.
_TAG = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[0-9a-wyz](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)
_ENCODING = re.compile(r"\.[A-Za-z][\w-]*$")
_UNSAID = frozenset({"und", "mul", "zxx"})


def language_tag(text: str) -> str:
    """`text` as a tag of BCP 47; `""` if it is none. What systems write for one is understood, case is kept.

    >>> language_tag("zh-Hant-TW"), language_tag("zh_CN.UTF-8"), language_tag("english"), language_tag("C")
    ('zh-Hant-TW', 'zh-CN', '', '')
    """
    tag = _ENCODING.sub("", text.strip().replace("_", "-"))
    return tag if _TAG.fullmatch(tag) else ""


def named_language(text: str) -> str:
    """As `language_tag`, but `""` also for the tags that name no language: unknown, several, none at all.

    >>> named_language("zh-CN"), named_language("und")
    ('zh-CN', '')
    """
    tag = language_tag(text)
    return "" if tag.lower().partition("-")[0] in _UNSAID else tag
