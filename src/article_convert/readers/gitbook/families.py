"""Blocks that come in families: tabs in `tabs`, steps in `stepper`, columns, updates.

Authors lose the outer tag, or write text where only members belong. Members side by side without
an outer block get one; text before the first member stands before the family, and text between two
of them goes to the one before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from article_convert.model import Attributes, Block, Blocks, CodeBlock, Group
from article_convert.tree import text_of

__all__ = ["adopted", "family", "titled"]

_FAMILIES = {"tab": "tabs", "step": "steps", "column": "columns", "update": "updates"}
_MEMBERS = {family: member for member, family in _FAMILIES.items()}


def adopted(content: Blocks) -> Blocks:
    """`content` with members that stand side by side put into a family."""
    if not any(isinstance(block, Group) and block.kind in _FAMILIES for block in content):
        return content
    result: list[Block] = []
    adopting = ""
    for block in content:
        member = block.kind if isinstance(block, Group) and block.kind in _FAMILIES else ""
        if not member:
            result.append(block)
        elif member == adopting:
            last = result[-1]
            assert isinstance(last, Group)
            result[-1] = replace(last, content=(*last.content, block))
        else:
            result.append(Group(_FAMILIES[member], (block,), span=block.span))
        adopting = member
    return tuple(result)


def titled(content: Blocks) -> Blocks:
    """`content` with the name that stands before code as the title of the code; other names stay as code in a line."""
    if not any(isinstance(block, Group) and block.kind == "filename" for block in content):
        return content
    result: list[Block] = []
    name: Block | None = None
    for block in content:
        named = name is not None and isinstance(block, CodeBlock) and not block.title
        if name is not None and not named:
            result.append(name)
        if isinstance(block, Group) and block.kind == "filename":
            name = block.content[0]
            continue
        result.append(replace(block, title=text_of(name).strip()) if named else block)  # type: ignore[arg-type]
        name = None
    return (*result, name) if name is not None else tuple(result)


def family(kind: str, content: Blocks, attributes: Attributes, nested: bool) -> Blocks:
    """A family written with its outer tag, after what stands before its first member.

    `content` comes with its members adopted; `nested` says that a family of the same kind was
    written directly inside, which then stays one.
    """
    before: list[Block] = []
    members: list[Group] = []
    for block in content if nested else _opened(kind, content):
        if isinstance(block, Group) and block.kind == _MEMBERS[kind]:
            members.append(block)
        elif members:
            members[-1] = replace(members[-1], content=(*members[-1].content, block))
        else:
            before.append(block)
    return (*before, Group(kind, tuple(members), (), attributes)) if members or attributes else tuple(before)


def _opened(kind: str, content: Blocks) -> Iterable[Block]:
    for block in content:
        if isinstance(block, Group) and block.kind == kind:
            yield from block.content
        else:
            yield block
