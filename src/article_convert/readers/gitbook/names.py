"""The names of `{% … %}` tags, by how they open and close."""

from __future__ import annotations

from article_convert.model import CalloutKind

__all__ = ["LINE", "OPTIONAL_BODY", "PAIRED", "SEPARATORS", "SIBLINGS", "STYLES", "VOID"]

PAIRED = frozenset(
    "hint tabs tab stepper step columns column code content-ref swagger swagger-description swagger-parameter "
    "swagger-response openapi openapi-operation openapi-schemas openapi-webhook updates update prompt if raw "
    "code-tabs code-tabs-item api-method api-method-summary api-method-description api-method-spec api-method-request "
    "api-method-path-parameters api-method-query-parameters api-method-headers api-method-body-parameters "
    "api-method-form-data-parameters api-method-cookies api-method-parameter api-method-response "
    "api-method-response-example api-method-response-example-description swagger-response-example".split()
)
"""Blocks that are never void: one without an end tag ends with its parent."""
VOID = frozenset({"include", "page-ref", "set", "extends", "include_relative", "br"})
OPTIONAL_BODY = frozenset({"embed", "file"})
SIBLINGS = {
    "tab": ("tabs",),
    "step": ("stepper",),
    "column": ("columns",),
    "update": ("updates",),
    "code-tabs-item": ("code-tabs",),
    "api-method-request": ("api-method-spec", "api-method"),
    "api-method-response": ("api-method-spec", "api-method"),
}
"""Blocks that cannot stand directly in their own kind: a second one closes the first."""
SEPARATORS = {
    "elif": "if",
    "elseif": "if",
    "else": "if",
    "sample": "method",
    "common": "method",
    "language": "codetabs",
    "initial": "exercise",
    "solution": "exercise",
    "validation": "exercise",
    "context": "exercise",
}
"""Tags without an end of their own: the next one, or the end of the parent, closes them."""
LINE = frozenset({"filename", "youtube"})
"""Legacy blocks that never have attributes and whose whole content stands on the line of their tags."""
STYLES: dict[str, CalloutKind] = {
    "info": "info",
    "success": "success",
    "warning": "warning",
    "danger": "danger",
    "note": "info",
    "tip": "success",
    "working": "warning",
    "caution": "warning",
}
"""GitBook's four styles, and those of the legacy plugin."""
