"""Operations and schemas out of an OpenAPI description (2.0, 3.0, 3.1) that is a file of the book.

Nothing is fetched: only references inside the file (`#/components/…`) are followed. Descriptions
are other people's files, so every walk over one is bounded in depth and in steps, and cycles of
references, aliases of YAML that multiply, and values of the wrong type do no harm.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from article_convert.model import Blocks, Code, CodeBlock, Group, Inlines, Paragraph, Text
from article_convert.readers.canonical import merged
from article_convert.readers.gitbook.api_nodes import Parameter, parameter_tables, without_headings
from article_convert.readers.gitbook.context import Context
from article_convert.readers.gitbook.nodes import blocks_of, inlines_of
from article_convert.readers.gitbook.scanner import Source
from article_convert.readers.gitbook.values import is_small, read_yaml
from article_convert.report import Report

__all__ = ["Operation", "Spec", "is_local", "load", "operation", "schemas"]

Spec: TypeAlias = "dict[str, Any]"

MAX_BYTES = 4 * 1024 * 1024
_MAX_DEPTH = 5
_MAX_STEPS = 4000
_MAX_ROWS = 400
_MAX_EXAMPLE = 4000

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")


@dataclass(frozen=True, slots=True)
class Operation:
    """What a description says of one operation."""

    title: Inlines
    content: Blocks


def is_local(url: str) -> bool:
    """Whether `url` can name a file of the book."""
    return bool(url) and not _REMOTE.match(url)


def load(data: bytes, path: str, report: Report) -> Spec | None:
    """The description in `data`, YAML or JSON; `None`, reported, if it is too large or is none."""
    found: object = None
    if len(data) <= MAX_BYTES:
        try:
            found = json.loads(data) if data.lstrip()[:1] == b"{" else read_yaml(data)
        except (ValueError, RecursionError):
            found = None
    if isinstance(found, dict) and any(isinstance(found.get(key), dict) for key in ("paths", "webhooks", "components")):
        return found
    report.add("gitbook.api-missing", f"{path} is no readable API description, or is above 4 MB")
    return None


def operation(spec: Spec, path: str, webhook: str, method: str, context: Context) -> Operation | None:
    """The operation at `path`, or the webhook of that name; `None` if the description has none."""
    view = _View(spec, context)
    item = view.at(spec.get("paths"), path) if path else view.at(spec.get("webhooks"), webhook)
    found = view.at(item, method.lower())
    if not found:
        return None
    return Operation(view.inlines(found.get("summary") or item.get("summary")), tuple(view.operation(item, found)))


def schemas(spec: Spec, names: list[str], context: Context) -> Blocks:
    """The schemas of these names, each as a labelled table of its properties."""
    view = _View(spec, context)
    components = view.map(spec.get("components")).get("schemas") or spec.get("definitions")
    result: list[Group] = []
    for name in names:
        schema = view.at(components, name)
        if schema:
            place = "#/components/schemas/" if "components" in spec else "#/definitions/"
            table = view.table({"$ref": place + name}, "")
            content = (*view.blocks(schema.get("description")), *table, *view.example(schema))
            result.append(Group("api-schema", content, (Code(name),)))
    return tuple(result)


@dataclass(slots=True)
class _View:
    """One look into a description: what it may still cost, and the page that it is for."""

    spec: Spec
    context: Context
    steps: int = _MAX_STEPS
    rows: int = _MAX_ROWS
    open_references: list[str] = field(default_factory=list)

    # ------------------------------------------------------------- values, whatever their type

    def map(self, value: object) -> dict[str, Any]:
        """`value` as a mapping with string keys, its own reference followed."""
        for _ in range(_MAX_DEPTH):
            reference = value.get("$ref") if isinstance(value, dict) else None
            if not isinstance(reference, str):
                break
            value = self._referenced(reference)
        return {str(key): each for key, each in value.items()} if isinstance(value, dict) else {}

    def _referenced(self, reference: str) -> object:
        if not reference.startswith("#/"):
            return None
        value: object = self.spec
        for part in reference[2:].split("/"):
            value = value.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(value, dict) else None
        return value

    def at(self, value: object, key: str) -> dict[str, Any]:
        return self.map(self.map(value).get(key))

    def each(self, value: object) -> list[dict[str, Any]]:
        return [self.map(item) for item in value[:_MAX_ROWS]] if isinstance(value, list) else []

    def text(self, value: object) -> str:
        if value is None or isinstance(value, (dict, list)) or (isinstance(value, int) and not is_small(value)):
            return ""
        return str(value).strip()

    def inlines(self, value: object) -> Inlines:
        return inlines_of(" ".join(self.text(value).split()), self.context)

    def blocks(self, value: object) -> Blocks:
        """A description: CommonMark, as OpenAPI has it."""
        text = self.text(value)
        return without_headings(blocks_of(Source([text + "\n"], [1]), self.context)) if text else ()

    # ------------------------------------------------------------- operations

    def operation(self, item: dict[str, Any], found: dict[str, Any]) -> Iterator[Any]:
        yield from self.blocks(found.get("description") or item.get("description"))
        own = self.each(found.get("parameters"))
        names = {(each.get("name"), each.get("in")) for each in own if self.text(each.get("name"))}
        shared = [each for each in self.each(item.get("parameters")) if (each.get("name"), each.get("in")) not in names]
        yield from parameter_tables(self._parameter(each) for each in (*shared, *own) if each.get("in") != "body")
        body = self.map(found.get("requestBody"))
        for each in own:  # the body of a request in OpenAPI 2.0
            if each.get("in") == "body":
                body = {"description": each.get("description"), "content": {"": {"schema": each.get("schema")}}}
        if body:
            yield from self.blocks(body.get("description"))
            yield from self._media(body.get("content"), "body")
        for status, response in self.map(found.get("responses")).items():
            yield self._response(status, self.map(response))

    def _parameter(self, found: dict[str, Any]) -> Parameter:
        schema = self.map(found.get("schema")) or found
        content = (*self.blocks(found.get("description")), *self._limits(schema))
        place, name = self.text(found.get("in")), self.text(found.get("name"))
        return Parameter(place, name, self.type_of(schema), found.get("required") is True, content)

    def _response(self, status: str, found: dict[str, Any]) -> Group:
        description = self.text(found.get("description"))
        content: Blocks = ()
        label = (Text(status),)
        if "\n" in description:
            content = self.blocks(description)
        elif description:
            label = merged((Text(f"{status} "), *self.inlines(description)))  # type: ignore[assignment]
        media = found.get("content") or ({"": {"schema": found.get("schema")}} if found.get("schema") else {})
        return Group("api-response", (*content, *self._media(media, "")), label)

    def _media(self, value: object, place: str) -> Iterator[Any]:
        """The schema and an example for each media type; a second type with the same schema is only named."""
        shown: list[object] = []
        for name, found in self.map(value).items():
            media = self.map(found)
            label = " ".join(filter(None, (place, name)))
            if is_small(media.get("schema")) and media.get("schema") in shown:
                if label:
                    yield Paragraph((Text(label),))
                continue
            shown.append(media.get("schema"))
            yield from self.table(media.get("schema"), label)
            yield from self.example({**self.map(media.get("schema")), **media})

    # ------------------------------------------------------------- schemas

    def table(self, value: object, label: str) -> Blocks:
        """A schema as a table of its properties; one without properties as the name of its type."""
        parameters = list(self._inner(value, "", label, -1))
        if parameters:
            return parameter_tables(parameters)
        text = " ".join(filter(None, (label, self.type_of(self.map(value)))))
        return (Paragraph((Text(text),)),) if text else ()

    def properties(self, schema: dict[str, Any], prefix: str, label: str, depth: int) -> Iterator[Parameter]:
        """The properties of a schema and of what is in them: `user.name`, `items[].id`."""
        self.steps -= 1
        if self.steps < 0 or depth > _MAX_DEPTH:
            return
        if schema.get("items") is not None and not schema.get("properties"):
            yield from self._inner(schema.get("items"), f"{prefix}[]", label, depth)
            return
        for part in (schema.get("allOf") or [])[:20] if isinstance(schema.get("allOf"), list) else ():
            yield from self._inner(part, prefix, label, depth)
        required = schema.get("required") if isinstance(schema.get("required"), list) else []
        for name, value in self.map(schema.get("properties")).items():
            self.rows -= 1
            if self.rows < 0:
                return
            path = f"{prefix}.{name}" if prefix else name
            inner = self.map(value)
            described = value if isinstance(value, dict) and value.get("description") else inner
            content = (*self.blocks(described.get("description")), *self._limits(inner))
            yield Parameter(label, path, self._cycle(value) or self.type_of(inner), name in (required or ()), content)
            yield from self._inner(value, path, label, depth)

    def _inner(self, value: object, prefix: str, label: str, depth: int) -> Iterator[Parameter]:
        """What is in a part of a schema, unless it is a reference that is being shown already."""
        reference = value.get("$ref") if isinstance(value, dict) else None
        if isinstance(reference, str) and reference in self.open_references:
            return
        self.open_references.append(reference if isinstance(reference, str) else "")
        yield from self.properties(self.map(value), prefix, label, depth + 1)
        self.open_references.pop()

    def _cycle(self, value: object) -> str:
        """The name of a schema that is being shown already, `Tea` or `Tea[]`; `""` for any other."""
        if not isinstance(value, dict):
            return ""
        if "$ref" in value:
            return self._name(value) if value["$ref"] in self.open_references else ""
        items = value.get("items")
        inside = isinstance(items, dict) and "$ref" in items and items["$ref"] in self.open_references
        return f"{self._name(items)}[]" if inside else ""

    def type_of(self, schema: dict[str, Any], depth: int = 0) -> str:
        """The type in a few words: `string (date-time)`, `integer[]`, `Cat | Dog`."""
        if depth > _MAX_DEPTH:
            return ""
        for word in ("oneOf", "anyOf"):
            parts = schema.get(word)
            if isinstance(parts, list):
                names = (self._name(part) or self.type_of(self.map(part), depth + 1) for part in parts[:20])
                return " | ".join(dict.fromkeys(filter(None, names)))
        kind = schema.get("type")
        name = " | ".join(map(self.text, kind[:20])) if isinstance(kind, list) else self.text(kind)
        if name == "array" or (not name and "items" in schema):
            items = schema.get("items")
            return f"{self.type_of(self.map(items), depth + 1) or self._name(items)}[]"
        name = name or ("object" if "properties" in schema or "allOf" in schema else "")
        return f"{name} ({self.text(schema['format'])})" if name and schema.get("format") else name

    def _name(self, value: object) -> str:
        reference = value.get("$ref") if isinstance(value, dict) else None
        return reference.rpartition("/")[2] if isinstance(reference, str) else ""

    def _limits(self, schema: dict[str, Any]) -> Blocks:
        """The values that are allowed, and the one that holds without one."""
        lines: list[Inlines] = []
        allowed = schema.get("enum")
        if isinstance(allowed, list) and allowed:
            names = [text for value in allowed[:100] if (text := self.text(value))]
            parts = [each for name in names for each in (Text(", "), Code(name))][1:]
            lines.append(tuple(parts))
        default = self.text(schema.get("default"))
        if default:
            lines.append((Code(f"default: {default}"),))
        return tuple(Paragraph(line) for line in lines if line)

    def example(self, value: dict[str, Any]) -> Blocks:
        """The first example, as JSON."""
        found = value.get("example")
        listed = value.get("examples")
        if found is None and isinstance(listed, dict):
            found = next((self.map(each).get("value") for each in listed.values()), None)
        elif found is None and isinstance(listed, list):
            found = next(iter(listed), None)
        if found is None or not is_small(found, _MAX_EXAMPLE):
            return ()
        if isinstance(found, str):
            return (CodeBlock(found.strip("\n")),) if found.strip() else ()
        return (CodeBlock(json.dumps(found, indent=2, ensure_ascii=False, default=str), "json"),)
