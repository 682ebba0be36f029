"""XML from strangers: parsed without entities, network or surprises, one element at a time."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from article_convert.checks.findings import Problems

__all__ = ["MAX_BYTES", "encoding_of", "events"]

MAX_BYTES = 32_000_000
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


def events(data: bytes, name: str, problems: Problems) -> Iterator[tuple[str, Any]]:
    """`("start" | "end", element)` in order. Elements are the caller's to clear.

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
    )
    try:
        yield from reader
    except etree.XMLSyntaxError as error:
        line = error.lineno or 0
        problems.add("not-well-formed", name, line, str(error.msg or "").partition(", line")[0])
