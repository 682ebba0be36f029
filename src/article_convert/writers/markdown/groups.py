"""Blocks that Markdown has no form for, said with those that it has.

Nothing folded or tabbed is left: tabs stand one after the other, each under its bold name; steps
are a numbered list; cards a list of links. The result is a tree again, so that what stands beside
what is decided in one place, where blocks are printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias, assert_never

from article_convert.model import (
    Block,
    BlockQuote,
    Blocks,
    Callout,
    CodeBlock,
    Embed,
    Figure,
    Group,
    Heading,
    Image,
    Inlines,
    Link,
    List,
    ListItem,
    MathBlock,
    Node,
    Paragraph,
    RawBlock,
    Strong,
    Table,
    Text,
    ThematicBreak,
)
from article_convert.tree import rewrite
from article_convert.writers.labels import label
from article_convert.writers.markdown.state import MarkdownState

__all__ = ["PlainBlock", "bold", "plain_blocks"]

PlainBlock: TypeAlias = (
    Paragraph | Heading | BlockQuote | List | CodeBlock | ThematicBreak | Figure | Table | Callout | MathBlock | Group
)
"""The blocks that have a form in Markdown. The only `Group` among them is `details`."""


def plain_blocks(content: Blocks, state: MarkdownState, nested: bool) -> Iterator[PlainBlock]:
    """`content` with every other block replaced; `nested` if it stands inside a list, a quote or a note.

    GitHub recognises its alerts only at the top level, so a nested callout is a quotation.
    """
    for block in content:
        match block:
            case (
                Paragraph() | Heading() | BlockQuote() | List() | CodeBlock() | ThematicBreak() | Figure() | Table()
                | MathBlock()
            ):  # fmt: skip
                yield block
            case Callout():
                if state.alerts and not nested:
                    yield block
                else:
                    name = block.label or (Text(label(state.language, block.kind)),)
                    yield BlockQuote((bold(name), *block.content))
            case Embed():
                caption = Paragraph(block.caption or (Text(block.url),))
                yield Paragraph((Link(rewrite(caption, _without_link).content, block.url),), span=block.span)
            case Group():
                if block.kind == "details":
                    yield block
                else:
                    yield from plain_blocks(_unfolded(block), state, nested)
            case RawBlock():
                state.report.add("raw.shown-as-code", f"{block.format} is shown as code", block.span)
                yield CodeBlock(block.text.rstrip("\n"), block.format)
            case _:
                assert_never(block)


def _without_link(node: Node) -> Node | tuple[Node, ...]:
    """The content of a link: a caption that is printed as one cannot hold another."""
    return node.content if isinstance(node, Link) else node


def bold(name: Inlines) -> Paragraph:
    """A line in bold that names what follows."""
    plain = rewrite(Paragraph(name), _without_strong)
    return Paragraph((Strong(plain.content),))


def _without_strong(node: Node) -> Node | tuple[Node, ...]:
    return node.content if isinstance(node, Strong) else node


def _unfolded(group: Group) -> Blocks:
    head: Blocks = (bold(group.label),) if group.label else ()
    match group.kind:
        case "steps" | "cards":
            if not group.content:
                return head
            items = tuple(_item(child) for child in group.content)
            return (*head, List(items, ordered=group.kind == "steps", tight=False))
        case "update":
            attributes = dict(group.attributes)
            said = " · ".join(value for name in ("date", "tags") if (value := attributes.get(name, "")))
            dated: Blocks = (bold((Text(said),)),) if said else ()
            return (*dated, *head, *group.content)
        case "term":
            return tuple(bold(block.content) if isinstance(block, Paragraph) else block for block in group.content)
        case _:
            return (*head, *group.content)


def _item(child: Block) -> ListItem:
    """A step or a card as an item of a list, its name first."""
    if not isinstance(child, Group) or child.kind not in ("step", "card"):
        return ListItem((child,))
    attributes = dict(child.attributes)
    url = attributes.get("url") or attributes.get("target") or attributes.get("href", "")
    cover = attributes.get("cover", "")
    picture: Blocks = (Figure(Image(cover, attributes.get("cover-alt", ""))),) if cover else ()
    name: Inlines = child.label
    if url:
        name = (Link(name or (Text(url),), url),)
    head: Blocks = (bold(name),) if child.label else (Paragraph(name),) if name else ()
    return ListItem((*head, *picture, *child.content))
