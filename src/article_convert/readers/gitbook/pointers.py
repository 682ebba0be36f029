"""The link that GitBook writes as the body of a block which shows something else.

`{% content-ref url="a.md" %}[a.md](a.md){% endcontent-ref %}` shows the title of the page, and
`{% openapi-operation … %}[OpenAPI api](…){% endopenapi-operation %}` an operation.
"""

from __future__ import annotations

from collections.abc import Iterable

from article_convert.model import Blocks, Link, Paragraph, Span
from article_convert.report import Removal, Report
from article_convert.tree import text_of, walk

__all__ = ["addresses_in", "pointer_of", "remove_pointer"]


def pointer_of(body: Blocks) -> tuple[Blocks, Blocks]:
    """The paragraph of a link that begins `body`, if it does, and the rest of `body`."""
    if body and isinstance(body[0], Paragraph) and all(isinstance(node, Link) for node in body[0].content):
        return body[:1], body[1:]
    return (), body


def addresses_in(pointer: Blocks) -> list[str]:
    """Where the links lead that stand between a block's tags to repeat its own address."""
    return [node.url for each in pointer for node in walk(each) if isinstance(node, Link)]


def remove_pointer(pointer: Blocks, more: Iterable[str], reason: str, span: Span, report: Report) -> None:
    """Record that the link, and `more` that the block says and does not show, were left out."""
    text = " ".join(filter(None, (*more, *(text_of(each).strip() for each in pointer), *addresses_in(pointer))))
    if text:
        report.removals.append(Removal("gitbook.pointer", reason, text, span, report.source))
