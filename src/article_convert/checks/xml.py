"""XML from strangers: parsed without entities, network or surprises, one element at a time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from article_convert.checks.findings import Problems

__all__ = ["MAX_BYTES", "encoding_of", "events", "forget"]

MAX_BYTES = 32_000_000
MAX_ELEMENTS = 2_000_000
"""Of one file: ten times those of the longest books that are one document."""
_DECLARATION = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_ASCII_BASED = re.compile(r"utf-?8|us-ascii|ascii|iso-8859-\d+|latin-?1|windows-125\d|gb2312|gbk|gb18030|big5|euc-\w+",
                          re.IGNORECASE)  # fmt: skip


def encoding_of(data: bytes) -> str:
    """The encoding that a file declares, `utf-16` by its first bytes, or `""`."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:4] in (b"<\0?\0", b"\0<\0?"):
        return "utf-16"
    found = _DECLARATION.match(data[:400].removeprefix(b"\xef\xbb\xbf"))
    return found[1].decode("ascii") if found else ""


def events(data: bytes, name: str, problems: Problems, keep: bool = False) -> Iterator[tuple[str, Any]]:
    """`("start" | "end", element)` in order; no element has children at its end, so that no tree grows.

    With `keep` they stay, and are the caller's to `forget`. Comments and processing instructions are left out.

    A file that is not well-formed ends early, as `not-well-formed` in `problems`; one that declares
    entities is not read at all (`entities`), nor one in an encoding that could hide them (`encoding`).
    """
    from lxml import etree

    encoding = encoding_of(data)
    if encoding and encoding != "utf-16" and not _ASCII_BASED.fullmatch(encoding):
        problems.add("encoding", name, 1, f"{encoding}; the file was not looked at")
        return
    if encoding and encoding.lower() not in {"utf-8", "utf8", "utf-16"}:
        problems.add("encoding", name, 1, encoding)
    if _ENTITY.search(data.replace(b"\0", b"")):
        problems.add("entities", name, detail="the file was not looked at")
        return
    reader = etree.iterparse(
        io.BytesIO(data),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        number = 0
        for event, element in reader:
            yield event, element
            if event == "end" and not keep:
                forget(element)
            number += event == "start"
            if number > MAX_ELEMENTS:
                problems.add(
                    "too-much", name, detail=f"more than {MAX_ELEMENTS:,} elements; the rest was not looked at"
                )
                return
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        problems.add("not-well-formed", name, line, str(error.msg or "").partition(", line")[0])


def forget(element: Any) -> None:
    """Let go of an element and of what stands before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
