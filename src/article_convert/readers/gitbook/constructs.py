"""What each `{% … %}` block becomes in the tree.

A block that is not in the table keeps its name and its content as a `Group`: no list of tags will
ever be complete, so the rule for unknown ones is part of the design.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar, cast

from article_convert.model import (
    Blocks,
    Callout,
    CodeBlock,
    Embed,
    Group,
    Heading,
    Inlines,
    LineBreak,
    Node,
    Paragraph,
    Span,
    Strong,
    Styled,
    Text,
)
from article_convert.readers.canonical import address
from article_convert.readers.gitbook import api
from article_convert.readers.gitbook.context import Context
from article_convert.readers.gitbook.families import family
from article_convert.readers.gitbook.fences import code_of
from article_convert.readers.gitbook.front_matter import split_front_matter
from article_convert.readers.gitbook.names import STYLES
from article_convert.readers.gitbook.nodes import MAX_DEPTH, blocks_of, inlines_of
from article_convert.readers.gitbook.plugins import PLUGIN_BUILDERS
from article_convert.readers.gitbook.pointers import pointer_of, remove_pointer
from article_convert.readers.gitbook.scanner import CODE, Block, Page, scan
from article_convert.report import Removal
from article_convert.tree import rewrite

__all__ = ["construct"]

N = TypeVar("N", bound=Node)
_MAX_INCLUDES = 8
_INCLUDE_COST = 500
"""What an inclusion takes of the room for them beside its characters."""

_VIDEO_HOSTS = ("youtube.com", "youtu.be", "vimeo.com", "bilibili.com", "loom.com", "wistia.com", "v.qq.com")


def construct(block: Block, context: Context) -> Blocks:
    """The nodes that stand for one `{% … %}` block, each with the line of its tag."""
    build = _BUILDERS.get(block.tag.name, _integration if block.tag.name.startswith("@") else _unknown)
    if context.depth + 2 > MAX_DEPTH:
        context.report.add("nesting.too-deep", "deeply nested blocks were kept as text", Span(block.line))
        text = " ".join(_everything(block, context.page).split())
        return (Paragraph((Text(text),), span=Span(block.line)),) if text else ()
    context.depth += 2
    try:
        made = build(block, context)
    finally:
        context.depth -= 2
    return tuple(node if node.span else replace(node, span=Span(block.line)) for node in made)


def _everything(block: Block, page: Page) -> str:
    """The values of a block's tag and the Markdown in it, that of the blocks in it included."""
    parts = [*block.tag.attributes.values(), *block.tag.values]
    for piece in _PLACEHOLDER.split(block.body.text()):
        parts.append(_everything(page.blocks[piece], page) if piece in page.blocks else piece)
    return " ".join(parts)


_PLACEHOLDER = re.compile(r"(<!--block\d+-\d+-->)")


def _body(block: Block, context: Context) -> Blocks:
    return blocks_of(block.body, context)


def _hint(block: Block, context: Context) -> Blocks:
    style = block.tag.get("style") or "info"
    if style not in STYLES:
        context.report.add("gitbook.unknown-style", f"unknown hint style {style!r}, shown as info", Span(block.line))
    content = _body(block, context)
    label: Inlines = inlines_of(block.tag.get("title"), context)
    if not label and content and isinstance(content[0], Heading):
        # GitBook draws a hint that begins with a heading as a box with a title bar.
        label, content = _with_name(content[0]), content[1:]
    return (Callout(STYLES.get(style, "info"), content, label),)


def _code(block: Block, context: Context) -> Blocks:
    content = list(_body(block, context))
    title = block.tag.get("title")
    for index, node in enumerate(content):
        if isinstance(node, CodeBlock):
            if title:
                content[index] = replace(node, title=title)
            break
    return tuple(content)


def _fenced(block: Block, context: Context) -> Blocks:
    return (code_of(block.tag.get("info"), block.body.text(), Span(block.line)),)


def _family(kind: str, *names: str) -> Callable[[Block, Context], Blocks]:
    """A builder for a block of members (`{% tabs %}` of `{% tab %}`); `names` are the tags that mean it."""

    def build(block: Block, context: Context) -> Blocks:
        inner = _PLACEHOLDER.findall(block.body.text())
        nested = any(each in context.page.blocks and context.page.blocks[each].tag.name in names for each in inner)
        return family(kind, _body(block, context), _attributes(block), nested)

    return build


def _group(kind: str) -> Callable[[Block, Context], Blocks]:
    def build(block: Block, context: Context) -> Blocks:
        label = inlines_of(block.tag.get("title"), context)
        return (Group(kind, _body(block, context), label, _attributes(block, "title")),)

    return build


def _tab(block: Block, context: Context) -> Blocks:
    label = inlines_of(block.tag.get("title", "name", "label"), context)
    return (Group("tab", _body(block, context), label, _attributes(block, "title", "name", "label", "icon")),)


def _step(block: Block, context: Context) -> Blocks:
    content = _body(block, context)
    label = inlines_of(block.tag.get("title"), context)
    if not label:
        label, content = _leading_title(content)
    return (Group("step", content, label),)


def _leading_title(content: Blocks) -> tuple[Inlines, Blocks]:
    """The title of a step: its first child if that is a heading or a bold paragraph."""
    if content and isinstance(content[0], Heading):
        return _with_name(content[0]), content[1:]
    if content and isinstance(content[0], Paragraph):
        inner = content[0].content
        if len(inner) == 1 and isinstance(inner[0], Strong):
            return inner[0].content, content[1:]
    return (), content


def _with_name(heading: Heading) -> Inlines:
    """The text of a heading that becomes a label, after an anchor of its name: links may lead there."""
    return (*((Styled("anchor", (), (("id", heading.id),)),) if heading.id else ()), *heading.content)


def _update(block: Block, context: Context) -> Blocks:
    """An entry of a list of changes; its tags are called as `.gitbook/tags.yaml` calls them."""
    attributes = tuple(
        (name, labels_of(value, context.surroundings.tags) if name == "tags" else value)
        for name, value in _attributes(block, "title")
    )
    return (Group("update", _body(block, context), inlines_of(block.tag.get("title"), context), attributes),)


def labels_of(tags: str, labels: Mapping[str, str]) -> str:
    """A comma-separated list of tags, those that have a label by it."""
    return ",".join(labels.get(tag.strip(), tag) for tag in tags.split(","))


def _prompt(block: Block, context: Context) -> Blocks:
    description = block.tag.get("description")
    label: Inlines = (Text(description),) if description else ()
    return (Group("prompt", _body(block, context), label),)


def _condition(block: Block, context: Context) -> Blocks:
    """Content for some visitors; what `elif` and `else` begin stands beside it, each for itself."""
    expression = " ".join(block.tag.values)
    content = _body(block, context)
    own = tuple(node for node in content if not (isinstance(node, Group) and node.kind == _BRANCH))
    others = (node for node in content if isinstance(node, Group) and node.kind == _BRANCH)
    attributes = (("condition", expression),) if expression else ()
    if expression and block.tag.name == "if":
        message = f"a passage under a condition was kept; the condition is {expression[:80]}"
        context.report.add("gitbook.condition", message, Span(block.line))
    return (Group("if", own, (), attributes), *(replace(node, kind="if") for node in others))


_BRANCH = "else"


def _branch(block: Block, context: Context) -> Blocks:
    return tuple(replace(node, kind=_BRANCH) for node in _condition(block, context) if isinstance(node, Group))


def _page_link(block: Block, context: Context) -> Blocks:
    """A link to a page, shown by that page's title; the file name in the body is none."""
    pointer, rest = pointer_of(_body(block, context))
    remove_pointer(pointer, (), "GitBook shows the title of the page instead", Span(block.line), context.report)
    return (Embed("page", address(_address(block, "url", "page"))), *rest)


def _embed(block: Block, context: Context) -> Blocks:
    url, caption = _address(block, "url", "src"), _caption(block, block.tag.get("caption"), context)
    if "data" in block.tag.attributes:
        url, said = _embed_data(block.tag.attributes["data"], block, context)
        caption = caption or said
    kind = "video" if any(host in url for host in _VIDEO_HOSTS) else "link"
    return (Embed(kind, address(url), caption),)


def _embed_data(text: str, block: Block, context: Context) -> tuple[str, Inlines]:
    """The address, title and description in the JSON that embeds carried in 2018; the rest was for the site."""
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    if not isinstance(data, dict):
        return "", (Text(text),) if text else ()
    said = [str(data[name]).strip() for name in ("title", "description") if data.get(name)]
    shown = json.dumps({name: value for name, value in data.items() if name not in ("url", "title", "description")})
    removal = Removal("gitbook.embed-data", "only the site shows it", shown, Span(block.line), context.report.source)
    context.report.removals.append(removal)
    caption = [node for text in said for node in (LineBreak(), Text(text))]
    return str(data.get("url", "")), tuple(caption[1:])


def _file(block: Block, context: Context) -> Blocks:
    return (Embed("file", address(_address(block, "src", "url")), _caption(block, block.tag.get("caption"), context)),)


def _address(block: Block, *names: str) -> str:
    """The address that a tag names; some editors left it in the angle brackets of Markdown."""
    url = block.tag.get(*names).strip()
    return url[1:-1].strip() if url.startswith("<") and url.endswith(">") else url


def _caption(block: Block, attribute: str, context: Context) -> Inlines:
    body = block.body.text().strip()
    return inlines_of(body or attribute, context)


def _include(block: Block, context: Context) -> Blocks:
    """Reusable content, read as a page of its own; its addresses are relative to its own place."""
    target = next(iter(block.tag.values), "") or block.tag.get("src", "url")
    has_room = len(context.including) < _MAX_INCLUDES and context.include_room[0] > 0
    found = context.surroundings.include(target) if has_room else None
    if found is None or found.path in context.including:
        why = "includes itself" if found else "is not at hand" if has_room else "is one too many on its page"
        context.report.add("gitbook.include-missing", f"included content {target!r} {why}", Span(block.line))
        return (Group("include", (), (), (("src", target),)),)
    context.include_room[0] -= len(found.text) + _INCLUDE_COST
    _, body, first_line = split_front_matter(found.text, context.report)
    page = scan(body, context.report, first_line)
    inner = replace(context, page=page, including=(*context.including, found.path), env={"ref_links": {}})
    return tuple(rebased(node, posixpath.dirname(found.path)) for node in blocks_of(page.body, inner))


def rebased(block: N, folder: str) -> N:
    """`block` with its relative addresses, written in a file in `folder`, as they are from the page."""

    def step(node: Node) -> Node:
        url = getattr(node, "url", None)
        if not folder or not url or not _is_relative(url):
            return node
        return replace(node, url=posixpath.normpath(posixpath.join(folder, url)))  # type: ignore[call-arg]

    return cast(N, step(rewrite(block, step)))


def _is_relative(url: str) -> bool:
    return not url.startswith(("/", "#", "?")) and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", url)


def _integration(block: Block, context: Context) -> Blocks:
    """`{% @mermaid/diagram content="…" %}`: code if it carries some, a link if it names an address."""
    tag, content = block.tag, _body(block, context)
    code, url = tag.get("content"), tag.get("url", "src")
    if code.strip():
        language = "mermaid" if "mermaid" in tag.name else tag.name.strip("@").partition("/")[0]
        return (CodeBlock(_unfenced(_BRACKET_ESCAPE.sub(r"\1", code)), language), *content)
    if url:
        caption = content[0].content if len(content) == 1 and isinstance(content[0], Paragraph) else ()
        return (Embed("link", address(url), caption), *(() if caption else content))
    return _unknown(block, context)


_BRACKET_ESCAPE = re.compile(r"\\([\[\](){}_*<>])")


def _unfenced(code: str) -> str:
    """Code without a fence around it, which old pages carry inside the attribute."""
    lines = code.strip("\n").split("\n")
    if lines[0].startswith("```"):
        lines = lines[1:]
    if lines and lines[-1].strip() == "```":
        lines = lines[:-1]
    return "\n".join(lines)


def _unknown(block: Block, context: Context) -> Blocks:
    name, tag = block.tag.name, block.tag
    context.report.add("gitbook.unknown-tag", f"unknown tag {{% {name} %}}; its content was kept", Span(block.line))
    content = _body(block, context)
    if not content and tag.get("url", "src"):
        caption = tag.get("title", "caption", "name")
        return (Embed("link", address(tag.get("url", "src")), (Text(caption),) if caption else ()),)
    title = next((name for name in _TITLES if tag.get(name)), "")
    label = inlines_of(tag.get(title), context) if title else ()
    return (Group(name, content, label, _attributes(block, title)),)


_TITLES = ("title", "label", "caption", "summary", "text")
"""What the attribute is called that an unknown block shows above its content."""


def _attributes(block: Block, *shown: str) -> tuple[tuple[str, str], ...]:
    """The attributes of a tag, and its values without a name, except those already shown."""
    named = tuple(pair for pair in block.tag.attributes.items() if pair[0] not in shown)
    return (*named, *((f"value{index}", value) for index, value in enumerate(block.tag.values, 1)))


_BUILDERS: dict[str, Callable[[Block, Context], Blocks]] = {
    "hint": _hint,
    "code": _code,
    CODE: _fenced,
    "tabs": _family("tabs", "tabs", "code-tabs"),
    "tab": _tab,
    "stepper": _family("steps", "stepper"),
    "step": _step,
    "columns": _family("columns", "columns"),
    "column": _group("column"),
    "updates": _family("updates", "updates"),
    "update": _update,
    "prompt": _prompt,
    "if": _condition,
    "elif": _branch,
    "elseif": _branch,
    "else": _branch,
    "content-ref": _page_link,
    "page-ref": _page_link,
    "embed": _embed,
    "file": _file,
    "include": _include,
    "code-tabs": _family("tabs", "tabs", "code-tabs"),
    "code-tabs-item": _tab,
    **PLUGIN_BUILDERS,
    **api.BUILDERS,
}
