"""The tree as a short indented text, for case files and failure messages.

One block a line, named by its kind in small letters; what is inside stands below, two spaces
deeper. Inline content stands on the line of its block:

    heading 2 "第一章"
    paragraph "这是" strong("重点") "，见" link("说明" url=guide.md) "。"
    list ordered start=3
      item
        paragraph "三"
    code python title=a.py
      | print(1)

Text is quoted as JSON quotes it, with invisible characters as escapes. Values of fields are quoted
only if they hold white space, quotes or parentheses. Fields that have their default are not shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from article_convert.model import (
    Article,
    Attributes,
    Block,
    BlockQuote,
    Blocks,
    Callout,
    Cell,
    CodeBlock,
    Embed,
    Figure,
    Group,
    Heading,
    Inline,
    Inlines,
    List,
    MathBlock,
    Metadata,
    Note,
    Paragraph,
    RawBlock,
    Styled,
    Table,
    ThematicBreak,
)

__all__ = ["outline"]


def outline(article: Article) -> str:
    """The whole article: its metadata, if there is any, then its blocks."""
    return "\n".join([*_metadata(article.metadata), *_blocks(article.content)])


def _metadata(metadata: Metadata) -> Iterator[str]:
    lines = [line for name, value in _filled(metadata, "origins") for line in _entry(name, value)]
    if lines:
        yield "metadata"
        yield from _indented(lines)


def _entry(name: str, value: Any) -> Iterator[str]:
    """One line for a plain value, one for each record of a tuple of records."""
    if isinstance(value, tuple) and value and is_dataclass(value[0]):
        for record in value:
            yield f"{name.removesuffix('s')} {_pairs(_filled(record))}"
    elif is_dataclass(value):
        yield f"{name} {_pairs(_filled(value))}"
    elif name == "extra":
        yield f"{name} {_pairs(value)}"
    elif isinstance(value, tuple):
        yield f"{name} {' '.join(map(_value, value))}"
    else:
        yield f"{name} {_value(str(value))}"


def _filled(record: Any, *hidden: str) -> list[tuple[str, Any]]:
    """The fields of a dataclass that differ from their default."""
    shown = [f for f in fields(record) if f.name not in {"span", *hidden}]
    return [(f.name, getattr(record, f.name)) for f in shown if getattr(record, f.name) != f.default]


def _indented(lines: Iterator[str] | list[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _verbatim(text: str) -> Iterator[str]:
    return (f"  | {_visible(line)}".rstrip() for line in text.split("\n"))


def _blocks(content: Blocks) -> Iterator[str]:
    for block in content:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    yield _line(*_head(block))
    label = getattr(block, "label", ()) or getattr(block, "caption", ())
    if label:
        yield f"  {'label' if hasattr(block, 'label') else 'caption'} {_inlines(label)}"
    match block:
        case List(items=items):
            for item in items:
                box = {None: "", True: "[x]", False: "[ ]"}[item.checked]
                yield _line("  item", box)
                yield from _indented(_indented(_blocks(item.content)))
        case Table(rows=rows):
            for row in rows:
                yield "  row"
                for cell in row.cells:
                    yield from _indented(_indented(_cell(cell)))
        case CodeBlock(text=text) | MathBlock(text=text) | RawBlock(text=text):
            yield from _verbatim(text)
        case BlockQuote(content=content) | Callout(content=content) | Group(content=content):
            yield from _indented(_blocks(content))


def _head(block: Block) -> tuple[str, ...]:
    """The words of a block's own line."""
    match block:
        case Paragraph(content=content):
            return "paragraph", _inlines(content)
        case Heading(level=level, content=content, id=name):
            return "heading", str(level), f"#{name}" if name else "", _inlines(content)
        case List(ordered=ordered, start=start, tight=tight):
            begin = f"start={start}" if start != 1 else ""
            return "list", "ordered" if ordered else "", begin, "" if tight else "loose"
        case CodeBlock(language=language, title=title):
            return "code", language and _value(language), f"title={_value(title)}" if title else ""
        case Figure(image=image):
            return "figure", _pairs(_filled(image))
        case Table(align=align):
            return "table", f"align={','.join(word or '-' for word in align)}" if any(align) else ""
        case Callout(kind=kind):
            return "callout", kind
        case Embed(kind=kind, url=url):
            return "embed", kind, _value(url)
        case Group(kind=kind, attributes=attributes):
            return "group", kind, _pairs(attributes)
        case RawBlock(format=name):
            return "raw", name
        case BlockQuote():
            return ("quote",)
        case ThematicBreak():
            return ("rule",)
        case MathBlock():
            return ("math",)


def _cell(cell: Cell) -> Iterator[str]:
    """A cell of one paragraph on one line, any other with its blocks below."""
    spans = [f"{name}={n}" for name, n in (("columns", cell.column_span), ("rows", cell.row_span)) if n != 1]
    head = ("header" if cell.header else "cell", *spans)
    match cell.content:
        case (Paragraph(content=content),):
            yield _line(*head, _inlines(content))
        case content:
            yield _line(*head)
            yield from _indented(_blocks(content))


def _inlines(content: Inlines) -> str:
    return " ".join(map(_inline, content))


def _inline(node: Inline) -> str:
    name = type(node).__name__.lower()
    if name == "text":
        return _quoted(node.text)  # type: ignore[union-attr]
    if isinstance(node, Note):
        return f"note({'; '.join(line.strip() for line in _blocks(node.content))})"
    inside: list[str] = []
    if isinstance(node, Styled):
        name = node.kind
        inside = [_inlines(node.content), _pairs(node.attributes)]
    else:
        for field, value in _filled(node):
            inside.append(
                _inlines(value)
                if field == "content"
                else _quoted(value)
                if field == "text"
                else f"{field}={_value(value)}"
            )
    words = " ".join(word for word in inside if word)
    return f"{name}({words})" if inside else {"softbreak": "soft", "linebreak": "break"}.get(name, name)


def _pairs(pairs: Attributes | list[tuple[str, Any]]) -> str:
    return " ".join(f"{name}={_value(str(value))}" for name, value in pairs)


def _value(text: str) -> str:
    plain = text and not set(text) & set(" \t\n\"'()[]{}") and _visible(text) == text
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    return _visible(json.dumps(text, ensure_ascii=False))


def _visible(text: str) -> str:
    """`text` with characters that an editor would not show as `\\u200b`."""
    return "".join(c if c.isprintable() or c == "\t" else f"\\u{ord(c):04x}" for c in text)


def _line(*words: str) -> str:
    return " ".join(word for word in words if word)
