"""JSON: what is written comes back equal, and what is wrong is named with its path."""

from __future__ import annotations

import json
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from article_convert import codec
from article_convert import model as m
from article_convert.codec import dumps, from_data, loads, to_data
from article_convert.errors import InputError
from article_convert.readers.json import READER
from article_convert.report import Report
from article_convert.tree import walk
from article_convert.writers.json import WRITER, JsonOptions

PNG = b"\x89PNG\r\n\x1a\n"
WORDS = (m.Text("字", span=m.Span(1, 3, 1, 4)),)
EVERY_INLINE: m.Inlines = (
    *WORDS,
    m.Emphasis(WORDS),
    m.Strong(WORDS),
    m.Strikethrough(WORDS),
    m.Code("x"),
    m.Link(WORDS, "https://a.example/?q=1&b=2", "tip"),
    m.Image("a.png", "alt", "title", "50%", "10", "dark.png"),
    m.SoftBreak(),
    m.LineBreak(),
    m.Math("a^2"),
    m.Note((m.Paragraph(WORDS),)),
    m.Styled("ruby", WORDS, (("lang", "zh"), ("lang", "ja"))),
    m.RawInline("html", "<blink>"),
)
EVERY_BLOCK: m.Blocks = (
    m.Paragraph(EVERY_INLINE, span=m.Span(1, 1, 2, 1)),
    m.Heading(2, WORDS, "h"),
    m.BlockQuote((m.Paragraph(WORDS),)),
    m.List((m.ListItem((m.Paragraph(WORDS),), checked=False), m.ListItem((), True)), True, 0, False),
    m.CodeBlock("a\n  b", "python", "a.py"),
    m.ThematicBreak(),
    m.Figure(m.Image("b.png"), WORDS),
    m.Table((m.Row((m.Cell((m.Paragraph(WORDS),), True, 2, 3),)),), ("", "center"), WORDS),
    m.Callout("danger", (m.Paragraph(WORDS),), WORDS),
    m.MathBlock("\\sum"),
    m.Embed("video", "https://a.example/v", WORDS),
    m.Group("tab", (m.Paragraph(WORDS),), WORDS, (("icon", "star"),)),
    m.RawBlock("html", "<object/>"),
)
METADATA = m.Metadata(
    title="题目",
    authors=(m.Author("甲", "https://a.example", "b.png"), m.Author("乙")),
    published=date(2024, 10, 27),
    modified=datetime(2024, 10, 28, 8, 30, tzinfo=UTC),
    tags=("一", "二"),
    stats=m.Stats(views=0, likes=3),
    notices=(m.Notice("licence", "声明"),),
    extra=(("k", "v"),),
    origins=(("title", "heading"),),
)
EVERYTHING = m.Article(EVERY_BLOCK, METADATA, (m.Resource("a.png", "image/png", sha256(PNG).hexdigest(), PNG),))


def article_data(*content: Any, **more: Any) -> dict[str, Any]:
    """The data of an article with these blocks."""
    return {"article_convert": 1, "type": "Article", "content": list(content), **more}


def faults(data: object) -> list[str]:
    """The lines of the error that `from_data` raises."""
    with pytest.raises(InputError) as caught:
        from_data(data)
    return [line.strip() for line in str(caught.value).splitlines()]


def test_every_kind_of_node_is_in_the_sample() -> None:
    assert {type(node) for node in walk(EVERYTHING)} >= {*m.Inline.__args__, *m.Block.__args__}


def test_everything_comes_back_equal() -> None:
    back = loads(dumps(EVERYTHING))
    assert isinstance(back, m.Article)
    assert back == EVERYTHING
    assert [node.span for node in walk(back)] == [node.span for node in walk(EVERYTHING)]
    assert back.metadata.origins == METADATA.origins
    assert back.resources[0].location == PNG
    assert type(back.metadata.published) is date
    assert type(back.metadata.modified) is datetime


def test_the_data_is_plain_json_and_the_bytes_are_stable() -> None:
    data = to_data(EVERYTHING)
    assert json.loads(json.dumps(data)) == data
    assert dumps(EVERYTHING) == dumps(loads(dumps(EVERYTHING)))
    assert loads(dumps(EVERYTHING, indent=2)) == EVERYTHING


def test_half_of_a_character_is_written_as_none() -> None:
    article = m.Article((m.Paragraph((m.Text("a\ud83d"),)),))
    assert loads(dumps(article)) == m.Article((m.Paragraph((m.Text("a\ufffd"),)),))


def test_threads_may_read_the_first_document_together() -> None:
    data = to_data(m.Article((m.Paragraph((m.Text("甲"),)),)))
    for _ in range(20):
        codec._record.cache_clear()
        codec._decoder.cache_clear()
        with ThreadPoolExecutor(8) as pool:
            assert len({str(document) for document in pool.map(from_data, [data] * 16)}) == 1


def test_the_form_that_is_documented() -> None:
    article = m.Article((m.Paragraph((m.Text("Hi"),), span=m.Span(1, 1, 2, 1)),))
    assert to_data(article) == article_data(
        {"type": "Paragraph", "content": [{"type": "Text", "text": "Hi"}], "span": [1, 1, 2, 1]}
    )
    assert to_data(m.Article()) == {"article_convert": 1, "type": "Article"}


def test_positions_and_pictures_can_be_left_out() -> None:
    back = from_data(to_data(EVERYTHING, spans=False, resources=False))
    assert isinstance(back, m.Article)
    assert back.content == EVERYTHING.content
    assert back.resources == ()
    assert all(node.span is None for node in walk(back))


def test_a_picture_in_a_file_is_carried_along(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(PNG)
    article = m.Article(resources=(m.Resource("a.png", "image/png", sha256(PNG).hexdigest(), file),))
    assert to_data(article)["resources"][0]["data"] == b64encode(PNG).decode()
    file.unlink()
    with pytest.raises(InputError, match=r"cannot read the picture .*a\.png"):
        to_data(article)


def test_a_book_comes_back_with_its_chapters() -> None:
    book = m.Book(
        (
            m.Entry("第一部", part=True, children=(m.Entry("一", m.Chapter("a/1.md", lambda: EVERYTHING)),)),
            m.Entry("site", url="https://a.example"),
        ),
        m.Metadata(title="书"),
    )
    back = loads(dumps(book))
    assert isinstance(back, m.Book)
    assert back == book
    chapter = back.entries[0].children[0].chapter
    assert chapter is not None
    assert chapter.load() == EVERYTHING


def test_all_faults_are_named_with_their_paths() -> None:
    data = article_data(
        {"type": "Paragraph", "content": [{"type": "Heading", "level": 2}, {"type": "Text", "text": 3}, 7]},
        {"type": "Paragraf", "content": []},
        {"type": "Heading", "level": True, "content": [], "colour": "red"},
        {"type": "Callout", "kind": "tip", "content": []},
        {"type": "Table", "rows": [{"type": "Cell", "content": []}]},
        {"type": "Paragraph", "span": [1, 2]},
        metadata={"published": "tomorrow", "authors": [{}], "tags": "a", "extra": [["a"]], "type": "Metadata"},
    )
    found = faults(data)
    assert found[0] == f"{len(found) - 1} faults in the JSON:"
    assert [line.partition(": ")[0] for line in found[1:]] == [
        "$.content[0].content[0]",
        "$.content[0].content[1].text",
        "$.content[0].content[2]",
        "$.content[1]",
        "$.content[2].level",
        "$.content[2]",
        "$.content[3].kind",
        "$.content[4].rows[0]",
        "$.content[5].span",
        "$.content[5]",
        "$.metadata.published",
        "$.metadata.authors[0]",
        "$.metadata.tags",
        "$.metadata.extra[0]",
        "$.metadata",
    ]
    assert "Heading cannot stand here; it takes Text, Emphasis" in found[1]
    assert "no node is called 'Paragraf'" in found[4]
    assert "Heading has no field 'colour'" in found[6]


def test_one_fault_is_one_line_and_many_are_counted() -> None:
    assert faults(article_data({"type": "Code"})) == ["$.content[0]: Code cannot stand here; it takes " + _BLOCKS]
    many = faults(article_data(*[1] * 50))
    assert (many[0], len(many), many[-1]) == ("50 faults in the JSON:", 22, "… and 30 more")


_BLOCKS = ", ".join(kind.__name__ for kind in m.Block.__args__)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ([], 'no "article_convert" key'),
        ({"type": "Article"}, 'no "article_convert" key'),
        ({"article_convert": 2, "type": "Article"}, "version 2"),
        ({"article_convert": True, "type": "Article"}, "version True"),
        ({"article_convert": 1, "type": "Text"}, "'Text', not 'Article' or 'Book'"),
        (article_data({"type": "Heading", "level": 7, "content": []}), "level 7 at $.content[0]"),
        (article_data(metadata={"title": "\ud83d"}), "$.metadata.title: half of a surrogate pair"),
        (article_data(resources=[{"url": "a"}]), "$.resources[0]: a resource has the fields"),
    ],
)
def test_what_is_no_article_is_refused(data: object, why: str) -> None:
    assert why in faults(data)[0]


def test_bytes_of_a_picture_must_fit_their_digest() -> None:
    picture = {"url": "a", "media_type": "image/png", "digest": "0" * 64}
    assert "$.resources[0].digest" in faults(article_data(resources=[{**picture, "data": ""}]))[0]
    assert "$.resources[0].data: not base64" in faults(article_data(resources=[{**picture, "data": "!"}]))[0]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"{", "not JSON at line 1, column 2"),
        (b"\xff\xfe\xff", "not UTF-8"),
        (b"[" * 100_000, "nest deeper"),
        (b'{"article_convert":1,"type":"Article","content":[' + b'{"type":"BlockQuote","content":[' * 150, "not JSON"),
    ],
)
def test_broken_json_is_one_clear_error(text: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        loads(text)


@pytest.mark.parametrize("depth", [101, 400, 2000])
def test_nesting_beyond_the_limit_is_refused(depth: int) -> None:
    quote: dict[str, Any] = {"type": "BlockQuote", "content": []}
    for _ in range(depth):
        quote = {"type": "BlockQuote", "content": [quote]}
    assert "nest deeper than 100" in faults(article_data(quote))[0]


def test_reader_and_writer_are_the_codec() -> None:
    report = Report()
    written = WRITER.write(EVERYTHING, JsonOptions(), report)
    assert READER.read(b"\xef\xbb\xbf" + written, READER.options(), report) == EVERYTHING
    assert report.worst() is None
    assert b'"span"' not in WRITER.write(EVERYTHING, JsonOptions(spans=False), report)
    with pytest.raises(InputError, match="holds a book"):
        READER.read(dumps(m.Book(())), READER.options(), report)


@pytest.mark.parametrize(
    ("head", "sure"),
    [
        ('{"article_convert":1', 100),
        ('\ufeff\n{\n  "article_convert": 1,', 100),
        ('{"name": "a package"}', 0),
        ("# Title", 0),
        ("", 0),
    ],
)
def test_only_our_own_json_is_recognised(head: str, sure: int) -> None:
    assert READER.recognises(head) == sure
