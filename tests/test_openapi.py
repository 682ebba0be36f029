"""API descriptions that are files of the book: what is shown of them, and that bad ones do no harm."""

from __future__ import annotations

import time

import pytest

from article_convert.model import Article
from article_convert.readers.gitbook import read_page
from article_convert.readers.gitbook.surroundings import Surroundings
from article_convert.report import Report
from article_convert.tree import check, text_of
from outline import outline

TEA = """
openapi: 3.1.0
info: {title: 茶, version: "1"}
paths:
  /teas/{id}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string, format: uuid}, description: 茶的**编号**}
    get:
      summary: 取一种茶
      description: |
        # 详情
        每次*一种*。
      parameters:
        - $ref: "#/components/parameters/Size"
      responses:
        200:
          description: 好了
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Tea"}
              example: {name: 龙井}
        404: {description: No such tea}
    put:
      requestBody:
        content:
          application/json: {schema: {$ref: "#/components/schemas/Tea"}}
webhooks:
  boiled:
    post: {summary: Water boils}
components:
  parameters:
    Size: {name: size, in: query, schema: {type: integer, default: 2, enum: [1, 2]}}
  schemas:
    Tea:
      type: object
      description: A sort of tea
      required: [name]
      properties:
        name: {type: string}
        tags: {type: array, items: {type: string}}
        maker:
          type: object
          properties: {town: {type: string}}
        blend: {type: array, items: {$ref: "#/components/schemas/Tea"}}
"""


def read(block: str, description: str | bytes = TEA) -> tuple[Article, Report]:
    """The article of a page that holds `block`, beside a file `tea.yaml`."""
    data = description.encode() if isinstance(description, str) else description
    report = Report()
    surroundings = Surroundings(file=lambda path: data if path == "tea.yaml" else None)
    article = read_page(block, surroundings, report)
    check(article)
    return article, report


def test_an_operation_says_what_it_takes_and_gives() -> None:
    article, report = read('{% openapi src="tea.yaml" path="/teas/{id}" method="get" %}\n{% endopenapi %}\n')
    assert outline(article).splitlines() == [
        'heading 3 "取一种茶"',
        'group api method=get path="/teas/{id}"',
        '  label code("GET /teas/{id}")',
        '  paragraph strong("详情")',
        '  paragraph "每次" emphasis("一种") "。"',
        "  group api-parameters",
        '    label "path"',
        "    table",
        "      row",
        '        header code("name")',
        '        header code("type")',
        '        header code("description")',
        "      row",
        '        cell code("id")',
        '        cell "string (uuid), required"',
        '        cell "茶的" strong("编号")',
        "  group api-parameters",
        '    label "query"',
        "    table",
        "      row",
        '        header code("name")',
        '        header code("type")',
        '        header code("description")',
        "      row",
        '        cell code("size")',
        '        cell "integer"',
        "        cell",
        '          paragraph code("1") ", " code("2")',
        '          paragraph code("default: 2")',
        "  group api-response",
        '    label "200 好了"',
        "    group api-parameters",
        '      label "application/json"',
        "      table",
        "        row",
        '          header code("name")',
        '          header code("type")',
        "        row",
        '          cell code("name")',
        '          cell "string, required"',
        "        row",
        '          cell code("tags")',
        '          cell "string[]"',
        "        row",
        '          cell code("maker")',
        '          cell "object"',
        "        row",
        '          cell code("maker.town")',
        '          cell "string"',
        "        row",
        '          cell code("blend")',
        '          cell "Tea[]"',
        "    code json",
        "      | {",
        '      |   "name": "龙井"',
        "      | }",
        "  group api-response",
        '    label "404 No such tea"',
    ]
    assert not report.diagnostics


def test_webhooks_and_schemas_have_names() -> None:
    article, _ = read(
        '{% openapi-webhook name="boiled" method="post" %}\n[tea](tea.yaml)\n{% endopenapi-webhook %}\n\n'
        '{% openapi-schemas src="tea.yaml" schemas="Tea" %}\n{% endopenapi-schemas %}\n'
    )
    text = text_of(article)
    assert text.startswith("Water boils\nPOST boiled\n")
    assert "Tea\nA sort of tea\n" in text


def test_the_link_to_a_description_that_was_read_is_in_the_removals() -> None:
    article, report = read(
        '{% openapi src="tea.yaml" path="/teas/{id}" method="put" %}\n[tea](tea.yaml)\n{% endopenapi %}'
    )
    assert "tea.yaml" not in text_of(article)
    assert [removal.text for removal in report.removals] == ["tea.yaml tea tea.yaml"]


MULTIPLYING = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
SELF = "{properties: {a: *s, b: *s, c: *s, d: *s}, allOf: [*s, *s, *s], items: *s}"


@pytest.mark.parametrize(
    "description",
    [
        b"\xff\xfe",
        "[" * 5000,
        "{" * 5000,
        "just text",
        "paths: {/x: {get: no}}",
        "x" * (5 << 20),
    ],
)
def test_what_is_no_description_is_linked(description: str | bytes) -> None:
    article, report = read('{% openapi src="tea.yaml" path="/x" method="get" %}\n{% endopenapi %}\n', description)
    assert text_of(article) == "GET /x\ntea.yaml\n"
    assert "gitbook.api-missing" in report.counts


@pytest.mark.parametrize(
    "description",
    [
        MULTIPLYING + "paths: {/x: {get: {responses: {200: {content: {j: {example: *a11}}}}}}}",
        f"paths: {{/x: {{get: {{requestBody: {{content: {{j: {{schema: &s {SELF}}}}}}}}}}}}}",
        'paths: {/x: {get: {parameters: [{$ref: "#/paths"}, 7], responses: {200: {$ref: "#/paths/~1x"}}}}}',
        "paths: {/x: {get: {parameters: 3, requestBody: [1], responses: [1], summary: {a: 1}}}}",
        "paths: {/x: {get: {requestBody: {content: {j: {schema: {allOf: 3, required: 5, enum: 1, type: [a, 3]}}}}}}}",
    ],
)
def test_a_hostile_description_costs_little(description: str) -> None:
    start = time.monotonic()
    article, _ = read('{% openapi src="tea.yaml" path="/x" method="get" %}\n{% endopenapi %}\n', description)
    assert text_of(article).startswith("GET /x\n")
    assert time.monotonic() - start < 5


def test_expressions_take_the_variables_of_the_space() -> None:
    report = Report()
    surroundings = Surroundings(variables={"space.vars.kettle": "铜壶", "space.vars.year": "2025"})
    text = (
        '用<code class="expression">space.vars.kettle</code>，'
        '<code class="expression">"since " + space.vars.year</code>，'
        '<code class="expression">space.vars.year === "2025" ? "新" : "旧"</code>'
    )
    article = read_page(text, surroundings, report)
    assert text_of(article) == "用铜壶，since 2025，新\n"
    assert not report.diagnostics
