"""Walking, rebuilding and checking trees."""

from __future__ import annotations

import pytest

from article_convert.errors import MisplacedNode
from article_convert.model import (
    Article,
    Emphasis,
    Figure,
    Image,
    LineBreak,
    Node,
    Paragraph,
    Table,
    Text,
)
from article_convert.tree import check, rewrite

PICTURE = Image("a.png")
CAPTION = (Text("图一"),)


def without_pictures(node: Node) -> Node | tuple[Node, ...]:
    return () if isinstance(node, Image) else node


def test_a_figure_without_its_picture_is_its_caption() -> None:
    article = Article((Figure(PICTURE), Paragraph((Text("甲"),)), Figure(PICTURE, CAPTION)))
    left = rewrite(article, without_pictures)
    assert left.content == (Paragraph((Text("甲"),)), Paragraph(CAPTION))
    check(left)


@pytest.mark.parametrize("put", [Text("画"), (Text("画"),)])
def test_words_in_the_place_of_a_picture_stand_above_the_caption(put: Node | tuple[Node, ...]) -> None:
    left = rewrite(Article((Figure(PICTURE, CAPTION),)), lambda node: put if isinstance(node, Image) else node)
    assert left.content == (Paragraph((Text("画"), LineBreak(), *CAPTION)),)


def test_a_changed_picture_stays_in_its_figure() -> None:
    other = Image("b.png")
    left = rewrite(Article((Figure(PICTURE, CAPTION),)), lambda node: other if isinstance(node, Image) else node)
    assert left.content == (Figure(other, CAPTION),)


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (Figure(()), r"tuple cannot stand at \$.content\[0\].image"),  # type: ignore[arg-type]
        (Paragraph([Text("甲")]), r"list instead of a tuple at \$.content\[0\].content"),  # type: ignore[arg-type]
        (Table(Text("甲")), r"Text instead of a tuple at \$.content\[0\].rows"),  # type: ignore[arg-type]
        (Paragraph((Emphasis(()), Figure(PICTURE))), r"Figure cannot stand at \$.content\[0\].content\[1\]"),  # type: ignore[arg-type]
    ],
)
def test_fields_hold_what_their_kind_says(block: Paragraph, said: str) -> None:
    with pytest.raises(MisplacedNode, match=said):
        check(Article((block,)))
