"""Walk, rebuild, check and read the text of a tree: the only code generic over nodes.

Everything here works on any node and on whole articles, and knows of kinds only which of their
fields hold children.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from operator import is_
from typing import Any, TypeVar, cast, get_args
from zlib import crc32

from article_convert import model
from article_convert.errors import MisplacedNode
from article_convert.model import Article, Entry, Inlines, Node

__all__ = [
    "MAX_DEPTH",
    "anchor_name",
    "check",
    "is_title",
    "rebuilt",
    "rewrite",
    "text_of",
    "walk",
    "walk_blocks",
    "walk_entries",
]

MAX_DEPTH = 100
"""Nodes nest at most this deep; readers keep what is deeper as text (Python's own limit is 1,000 calls)."""

N = TypeVar("N", bound="Node | Article")
Step = Callable[[Node], "Node | tuple[Node, ...]"]

_BLOCKS = get_args(model.Block)
_INLINES = get_args(model.Inline)
_BLOCK_SET = frozenset(_BLOCKS)
_INLINE_SET = frozenset(_INLINES)

_CHILD_TYPES: dict[str, frozenset[type]] = {
    "Inlines": _INLINE_SET,
    "Blocks": _BLOCK_SET,
    "tuple[ListItem, ...]": frozenset({model.ListItem}),
    "tuple[Row, ...]": frozenset({model.Row}),
    "tuple[Cell, ...]": frozenset({model.Cell}),
    "Image": frozenset({model.Image}),
}


def _child_fields(kind: type) -> tuple[tuple[str, frozenset[type]], ...]:
    return tuple((f.name, _CHILD_TYPES[str(f.type)]) for f in fields(kind) if str(f.type) in _CHILD_TYPES)


_CHILDREN: dict[type, tuple[tuple[str, frozenset[type]], ...]] = {
    kind: _child_fields(kind) for kind in (*_BLOCKS, *_INLINES, model.ListItem, model.Row, model.Cell, Article)
}

_BLOCK_FIELDS = {
    kind: tuple(name for name, allowed in names if not allowed <= _INLINE_SET)
    for kind, names in _CHILDREN.items()
    if kind not in _INLINE_SET
}
_CHILDREN_LAST_FIRST = {kind: names[::-1] for kind, names in _CHILDREN.items()}


def walk(node: Node | Article) -> Iterator[Node]:
    """Every descendant in reading order, each before its own children; `node` itself only if it is a `Node`."""
    stack: list[Node | Article] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Node):
            yield current
        for name, _ in _CHILDREN_LAST_FIRST[type(current)]:
            value = getattr(current, name)
            if type(value) is tuple:
                stack.extend(reversed(value))
            else:
                stack.append(value)


def walk_blocks(node: Node | Article) -> Iterator[Node]:
    """Every block, item, row and cell in reading order, as `walk`, without looking inside their text.

    Blocks inside footnotes are not among them.
    """
    stack: list[Node | Article] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Node):
            yield current
        for name in _BLOCK_FIELDS.get(type(current), ()):
            stack.extend(reversed(getattr(current, name)))


def walk_entries(entries: Iterable[Entry], depth: int = 1) -> Iterator[tuple[Entry, int]]:
    """Every line of a table of contents in reading order, each with its depth from 1."""
    for entry in entries:
        yield entry, depth
        yield from walk_entries(entry.children, depth + 1)


def is_title(entry: Entry) -> bool:
    """Whether a line of a table of contents is only a title, with chapters below it."""
    below = walk_entries(entry.children)
    return entry.chapter is None and not entry.url and any(each.chapter is not None for each, _ in below)


_PLAIN_NAME = re.compile(r"(?!(?:h|note|ref)-\d)[A-Za-z][A-Za-z0-9_.-]{0,60}")


def anchor_name(name: str) -> str:
    """The id that HTML gets for the link target called `name`: ASCII, short, the same for the same name.

    Names that look like the ids that writers give themselves (`h-1`, `note-1`) are changed too.
    """
    return name if _PLAIN_NAME.fullmatch(name) else f"a-{crc32(name.encode('utf-8', 'replace')):08x}"


def rewrite(node: N, step: Step) -> N:
    """Rebuild `node` bottom-up; `step` sees each descendant after its children.

    `step` returns the node to keep it, another node to replace it, or a tuple to put in its place:
    `()` deletes. Subtrees that do not change are shared, so `rewrite(a, lambda n: n) is a`.

    A figure whose picture is deleted or replaced by something else becomes a paragraph of what is left, and
    goes if nothing is; `step` sees the paragraph.
    """
    changes: dict[str, object] = {}
    for name, _ in _CHILDREN[type(node)]:
        old = getattr(node, name)
        if isinstance(old, tuple):
            new = _rewritten(old, step)
            if new is not old:
                changes[name] = new
        else:
            single = step(rewrite(old, step))
            if single is not old:
                changes[name] = single
    if "image" in changes and not isinstance(changes["image"], model.Image):
        left = changes["image"] if isinstance(changes["image"], tuple) else (changes["image"],)
        return cast(N, _paragraph(left, changes.get("caption", node.caption), node.span))  # type: ignore[union-attr]
    return cast(N, replace(cast(Any, node), **changes)) if changes else node


def _paragraph(left: Any, caption: Any, span: model.Span | None) -> model.Paragraph:
    parting = (model.LineBreak(),) if left and caption else ()
    return model.Paragraph((*left, *parting, *caption), span=span)


def _rewritten(old: tuple[Node, ...], step: Step) -> tuple[Node, ...]:
    new: list[Node] = []
    for child in old:
        made = rewrite(child, step) if _CHILDREN[type(child)] else child
        if isinstance(made, model.Paragraph) and isinstance(child, model.Figure) and not made.content:
            continue
        result = step(made)
        if isinstance(result, tuple):
            new.extend(result)
        else:
            new.append(result)
    return old if len(new) == len(old) and all(map(is_, new, old)) else tuple(new)


def rebuilt(node: N, change: Callable[[tuple[Node, ...]], tuple[Node, ...]]) -> N:
    """`node` with `change` applied to each of its sequences of children; `node` itself if none changes.

    One level only: `change` goes deeper where it wants to.
    """
    changes: dict[str, object] = {}
    for name, _ in _CHILDREN[type(node)]:
        old = getattr(node, name)
        if isinstance(old, tuple):
            new = change(old)
            if new is not old:
                changes[name] = new
    return cast(N, replace(cast(Any, node), **changes)) if changes else node


def text_of(node: Node | Article | Inlines) -> str:
    """What a person reads, in order, without any markup; blocks end in a line end.

    Alternative texts, addresses and tooltips are not part of it; code, formulas and raw text are.
    """
    parts: list[str] = []
    if isinstance(node, tuple):
        for child in node:
            _collect(child, parts)
    else:
        _collect(node, parts)
    return "".join(parts)


def _collect(node: Node | Article, parts: list[str]) -> None:
    kind = type(node)
    text = getattr(node, "text", None)
    if text is not None:
        parts.append(text)
    elif kind is model.SoftBreak:
        parts.append(" ")
    elif kind is model.LineBreak:
        parts.append("\n")
    for name, _ in _TEXT_ORDER[kind]:
        value = getattr(node, name)
        for child in value if isinstance(value, tuple) else (value,):
            _collect(child, parts)
        if name in {"label", "caption"} and value:
            parts.append("\n")
    if kind in _BLOCK_SET and (not parts or not parts[-1].endswith("\n")):
        parts.append("\n")


_TEXT_ORDER = {
    # Labels stand before the content they name, captions after the picture or table.
    kind: tuple(sorted(names, key=lambda item: item[0] != "label"))
    for kind, names in _CHILDREN.items()
}


def check(article: Article) -> None:
    """Raise `MisplacedNode`, naming the path, unless every node stands where its kind may stand.

    Also checked: heading levels 1 to 6, spans of cells from 1 up, no link inside a link, and
    nesting of at most `MAX_DEPTH`.
    """
    _check(article, "$", 0, in_link=False)


def _check(node: Node | Article, path: str, depth: int, in_link: bool) -> None:
    if depth > MAX_DEPTH:
        raise MisplacedNode(f"nodes nest deeper than {MAX_DEPTH} at {path[:200]}")
    kind = type(node)
    if kind is model.Heading and not 1 <= node.level <= 6:  # type: ignore[union-attr]
        raise MisplacedNode(f"heading of level {node.level} at {path}")  # type: ignore[union-attr]
    if kind is model.Cell and (node.column_span < 1 or node.row_span < 1):  # type: ignore[union-attr]
        raise MisplacedNode(f"cell that spans nothing at {path}")
    if kind is model.Link:
        if in_link:
            raise MisplacedNode(f"link inside a link at {path}")
        in_link = True
    elif kind is model.Note:
        in_link = False
    for name, allowed in _CHILDREN[kind]:
        value = getattr(node, name)
        single = allowed is _CHILD_TYPES["Image"]
        if not single and type(value) is not tuple:
            raise MisplacedNode(f"{type(value).__name__} instead of a tuple at {path}.{name}")
        for index, child in enumerate((value,) if single else value):
            place = f"{path}.{name}" if single else f"{path}.{name}[{index}]"
            if type(child) not in allowed:
                raise MisplacedNode(f"{type(child).__name__} cannot stand at {place}")
            if _CHILDREN[type(child)] or type(child) in _CHECKED:
                _check(child, place, depth + 1, in_link)


_CHECKED = frozenset({model.Heading, model.Cell, model.Link})
