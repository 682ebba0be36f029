"""Quotations that are meant as callouts: by GitHub's alerts, or by plugins of GitBook 1 to 3.

> [!NOTE]          > [!NOTE|style:flat|label:Mind]     > **[info] Mind**     > #### Info::Mind
> Text             > Text                              > Text                > Text
"""

from __future__ import annotations

import re

from article_convert.model import CalloutKind
from article_convert.readers.gitbook.emphasis import Token

__all__ = ["callout_in"]

_KINDS: dict[str, CalloutKind] = {
    "note": "info",
    "info": "info",
    "important": "info",
    "comment": "info",
    "tag": "info",
    "tip": "success",
    "hint": "success",
    "success": "success",
    "warning": "warning",
    "warn": "warning",
    "caution": "danger",
    "danger": "danger",
    "attention": "danger",
}
_ALERT = re.compile(
    r"\[!(?P<kind>NOTE|TIP|IMPORTANT|WARNING|CAUTION|DANGER|ATTENTION)(?P<options>\|[^\]\n]*)?\]"
    r"[ \t]*(?:\n|$|(?<=[ \t]))",
    re.IGNORECASE,
)
_OPTION = re.compile(r"\|[ \t]*label[ \t]*:[ \t]*([^|\n]+)")
_BOLD = re.compile(r"\*\*\[(?P<kind>info|warning|danger|success)\][ \t]*(?P<label>[^\n]{0,200}?)\*\*[ \t]*\n?", re.I)
_HEADING = re.compile(r"(?P<kind>[A-Za-z]+)::[ \t]*(?P<label>[^\n]*)")


def callout_in(children: list[Token]) -> tuple[CalloutKind | None, str]:
    """The kind that the first line of a quotation names, and the Markdown of its label; the line is taken out."""
    first = next((token for token in children if token["type"] != "blank_line"), None)
    if first is None:
        return None, ""
    if first["type"] == "heading":
        m = _HEADING.fullmatch(first["text"].strip())
        if m is None or m["kind"].lower() not in _KINDS:
            return None, ""
        children.remove(first)
        return _KINDS[m["kind"].lower()], m["label"].strip()
    if first["type"] != "paragraph":
        return None, ""
    m = _ALERT.match(first["text"]) or _BOLD.match(first["text"])
    if m is None:
        return None, ""
    first["text"] = first["text"][m.end() :]
    if m.re is _BOLD:
        return _KINDS[m["kind"].lower()], m["label"].strip()
    label = _OPTION.search(m["options"] or "")
    return _KINDS[m["kind"].lower()], label[1].strip() if label else ""
