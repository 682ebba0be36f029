"""API blocks of every era: `swagger`, `api-method`, and the `openapi` family.

    swagger › swagger-description, swagger-parameter, swagger-response
    api-method › api-method-spec › api-method-request › api-method-query-parameters › api-method-parameter
                                 › api-method-response › api-method-response-example

Each inner block becomes a group of its own or just its content, so that a tree whose end tags are
missing or in the wrong order gives the same parts; the outer block then puts them in order.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote

from article_convert import model
from article_convert.model import Blocks, Group, Inlines, Link, Paragraph, Span, Text
from article_convert.readers.canonical import address, merged
from article_convert.readers.gitbook import openapi
from article_convert.readers.gitbook.api_nodes import Parameter, operation, parameter_tables, without_headings
from article_convert.readers.gitbook.context import Context
from article_convert.readers.gitbook.nodes import blocks_of, inlines_of
from article_convert.readers.gitbook.pointers import addresses_in, pointer_of, remove_pointer
from article_convert.readers.gitbook.scanner import Block
from article_convert.tree import text_of

__all__ = ["BUILDERS"]

_BROKEN = "broken-reference"
_OUTERMOST = 2
"""The depth of a block that stands in no other."""


def _body(block: Block, context: Context) -> Blocks:
    return blocks_of(block.body, context)


# --------------------------------------------------------------------------- written by hand


def _operation(block: Block, context: Context) -> Blocks:
    tag = block.tag
    if tag.get("src"):
        return _described(block, context)
    title = inlines_of(tag.get("summary"), context)
    rest: list[model.Block] = []
    parameters: list[Parameter] = []
    responses: list[model.Block] = []
    for node in _body(block, context):
        match node:
            case Group(kind="api-parameter"):
                parameters.append(_as_parameter(node))
            case Group(kind="api-response"):
                responses.append(node)
            case Group(kind="api-summary", content=content):
                title = title or _one_line(content)
            case _:
                rest.append(node)
    host, path = tag.get("baseUrl", "host"), tag.get("path")
    parts: Blocks = (*without_headings(tuple(rest)), *parameter_tables(parameters), *responses)
    full = host.rstrip("/") + path if path else host
    return operation(tag.get("method"), full, title, parts, context.depth <= _OUTERMOST)


def _as_parameter(group: Group) -> Parameter:
    values = dict(group.attributes)
    required = values.get("required", "").lower() not in ("", "false")
    return Parameter(values.get("in", ""), values.get("name", ""), values.get("type", ""), required, group.content)


def _one_line(content: Blocks) -> Inlines:
    if len(content) == 1 and isinstance(content[0], Paragraph):
        return content[0].content
    text = " ".join("".join(map(text_of, content)).split())
    return (Text(text),) if text else ()


def _inside(block: Block, context: Context) -> Blocks:
    """A block that only holds others."""
    return _body(block, context)


def _summary(block: Block, context: Context) -> Blocks:
    return (Group("api-summary", _body(block, context)),)


def _parameter(block: Block, context: Context) -> Blocks:
    name = block.tag.get("name")
    kept = tuple((key, value) for key in ("in", "name", "type", "required") if (value := block.tag.get(key)))
    return (Group("api-parameter", _body(block, context), (Text(name),) if name else (), kept),)


def _parameters_in(place: str) -> Callable[[Block, Context], Blocks]:
    def build(block: Block, context: Context) -> Blocks:
        return tuple(
            replace(node, attributes=(("in", place), *node.attributes))
            if isinstance(node, Group) and node.kind == "api-parameter" and "in" not in dict(node.attributes)
            else node
            for node in _body(block, context)
        )

    return build


def _response(block: Block, context: Context) -> Blocks:
    status = block.tag.get("status", "httpCode")
    description = inlines_of(block.tag.get("description"), context)
    label = merged((Text(status), Text(" · " if status and description else ""), *description))
    return (Group("api-response", without_headings(_body(block, context)), label),)


# --------------------------------------------------------------------------- described by OpenAPI


def _described(block: Block, context: Context) -> Blocks:
    """An operation or a webhook of a description that is a file of the book, or a link to it."""
    tag = block.tag
    name = tag.get("path", "name")
    pointer, rest = pointer_of(_body(block, context))
    title = inlines_of(tag.get("summary"), context)
    spec = _description(tag.get("src"), pointer, context)
    found = openapi.operation(spec, tag.get("path"), tag.get("name"), tag.get("method"), context) if spec else None
    if found is None:
        content = _unresolved(block, pointer, context)
        return (*operation(tag.get("method"), name, title, content, in_outline=False), *rest)
    _remove(block, pointer, context)
    made = operation(tag.get("method"), name, found.title or title, found.content, context.depth <= _OUTERMOST)
    return (*made, *rest)


def _schemas(block: Block, context: Context) -> Blocks:
    """Schemas by their names, from such a description."""
    tag = block.tag
    names = [name.strip() for name in tag.get("schemas").split(",") if name.strip()]
    pointer, rest = pointer_of(_body(block, context))
    spec = _description(tag.get("src"), pointer, context)
    found = openapi.schemas(spec, names, context) if spec else ()
    if not found:
        label: Inlines = (Text(", ".join(names)),) if names else ()
        return (Group("api", _unresolved(block, pointer, context), label), *rest)
    _remove(block, pointer, context)
    return (*found, *rest)


def _description(source: str, pointer: Blocks, context: Context) -> openapi.Spec | None:
    """The description that the block names, if it is a file beside the page; read once for each page."""
    known: dict[str, openapi.Spec | None] = context.env.setdefault("openapi", {})
    for url in filter(openapi.is_local, (address(source), *addresses_in(pointer))):
        path = unquote(url.partition("#")[0])
        if path not in known:
            data = context.surroundings.file(path)
            known[path] = openapi.load(data, path, context.report) if data is not None else None
        if known[path] is not None:
            return known[path]
    return None


def _unresolved(block: Block, pointer: Blocks, context: Context) -> Blocks:
    """Where the description can be read, if it is not at hand."""
    tag = block.tag
    name = f"{tag.get('method').upper()} {tag.get('path', 'name', 'schemas')}".strip()
    context.report.add("gitbook.api-missing", f"the description of {name} is not at hand", Span(block.line))
    if any(_BROKEN in url for url in addresses_in(pointer)):
        _remove(block, pointer, context)
        pointer = ()
    if not pointer and tag.get("src"):
        return (Paragraph((Link((Text(tag.get("src")),), address(tag.get("src"))),)),)
    remove_pointer((), (tag.get("src"),), "the link below says it too", Span(block.line), context.report)
    return pointer


def _remove(block: Block, pointer: Blocks, context: Context) -> None:
    named = (block.tag.get("spec", "src"),)
    remove_pointer(pointer, named, "GitBook shows the operation instead", Span(block.line), context.report)


_PLACES = {
    "path-parameters": "path",
    "query-parameters": "query",
    "headers": "header",
    "body-parameters": "body",
    "form-data-parameters": "form data",
    "cookies": "cookie",
}

BUILDERS: dict[str, Callable[[Block, Context], Blocks]] = {
    "swagger": _operation,
    "swagger-description": _inside,
    "swagger-parameter": _parameter,
    "swagger-response": _response,
    "swagger-response-example": _inside,
    "api-method": _operation,
    "api-method-summary": _summary,
    "api-method-description": _inside,
    "api-method-spec": _inside,
    "api-method-request": _inside,
    "api-method-parameter": _parameter,
    "api-method-response": _inside,
    "api-method-response-example": _response,
    "api-method-response-example-description": _inside,
    **{f"api-method-{name}": _parameters_in(place) for name, place in _PLACES.items()},
    "openapi": _described,
    "openapi-operation": _described,
    "openapi-webhook": _described,
    "openapi-schemas": _schemas,
}
