"""The nodes that show an operation of an API, whoever describes it.

The words in tables and labels are those of the source and of OpenAPI (`query`, `required`,
`name`): a reader adds none of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from article_convert.model import Blocks, Cell, Code, Group, Heading, Inlines, Node, Paragraph, Row, Strong, Table, Text
from article_convert.tree import rewrite

__all__ = ["Parameter", "operation", "parameter_tables", "without_headings"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a request takes, or a property of what is sent; `place` is `path`, `query`, `body` …"""

    place: str
    name: str
    kind: str
    required: bool
    content: Blocks


def operation(method: str, path: str, title: Inlines, content: Blocks, in_outline: bool) -> Blocks:
    """An operation: a group labelled `GET /path`, after its title.

    The title is a heading where the block stands by itself (GitBook lists operations beside a
    page), and a bold line inside other blocks, whose content is no part of the outline.
    """
    signature = f"{method.upper()} {path}".strip()
    label: Inlines = (Code(signature),) if signature else ()
    attributes = tuple(pair for pair in (("method", method.lower()), ("path", path)) if pair[1])
    if title and in_outline:
        return (Heading(3, title), Group("api", content, label, attributes))
    head: Blocks = (Paragraph((Strong(title),)),) if title else ()
    return (*head, Group("api", content, label, attributes))


def parameter_tables(parameters: Iterable[Parameter]) -> Blocks:
    """One labelled table for each place, in the order in which the places first occur."""
    places: dict[str, list[Parameter]] = {}
    for each in parameters:
        places.setdefault(each.place, []).append(each)
    return tuple(Group("api-parameters", (_table(found),), _plain(place)) for place, found in places.items())


def _table(parameters: Sequence[Parameter]) -> Table:
    has_type = any(each.kind or each.required for each in parameters)
    has_text = any(each.content for each in parameters)
    titles = ("name", *(("type",) if has_type else ()), *(("description",) if has_text else ()))
    head = Row(tuple(Cell((Paragraph((Code(title),)),), header=True) for title in titles))
    rows = []
    for each in parameters:
        cells = [Cell(_line((Code(each.name),) if each.name else ()))]
        if has_type:
            kind = ", ".join(filter(None, (each.kind, "required" if each.required else "")))
            cells.append(Cell(_line(_plain(kind))))
        if has_text:
            cells.append(Cell(each.content))
        rows.append(Row(tuple(cells)))
    return Table((head, *rows))


def _line(content: Inlines) -> Blocks:
    return (Paragraph(content),) if content else ()


def _plain(text: str) -> Inlines:
    return (Text(text),) if text else ()


def without_headings(content: Blocks) -> Blocks:
    """`content` with bold lines for its headings: a description is no part of the page's outline."""

    def step(node: Node) -> Node | tuple[Node, ...]:
        if not isinstance(node, Heading):
            return node
        return Paragraph((Strong(node.content),), span=node.span) if node.content else ()

    holder = rewrite(Group("div", content), step)
    return holder.content
