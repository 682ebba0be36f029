"""The tree as XHTML that is valid HTML too: what the HTML, EPUB and PDF writers share.

A writer makes a `Page` for an article, asks `body` for its text, and puts `title_block` before and
`footnotes` and `notices` after it. Everything returned is well-formed (void elements as `<br/>`),
holds only known elements, and has all text escaped and scrubbed. Foreign markup is never live.

How each node is printed, so that a reader of HTML finds it again:

* Heading: `h1`-`h6` with an id. Ids like `h-1` are made here; `data-id` holds a name that an id cannot,
  `data-level` the level in the tree where a gap in the levels was closed.
* List: `ul`, `ol`, class `loose` if not tight. A task is `li.task`, ticked `li.task.done`; its `span.box`
  is not text.
* CodeBlock: `pre > code.language-X`, the last line end not counted; with a title in `figure.code > figcaption`.
* Figure: `figure > img, figcaption`. A picture inside the page has its address in `data-src`; one that is not
  at hand is `.missing-image` with the address in `href` or `data-src`, and `data-alt`, `data-width`, `data-height`.
* Table: `thead` for the rows of headers; classes `left`, `center`, `right`. A header without text is
  `td[data-header]`; `td.filler` is not in the tree.
* Callout: `aside.callout.callout-KIND > p.callout-label`, with `.callout-kind` if that only names the kind.
* Embed: `p.embed[data-kind] > span.embed-kind, a`. The link holds the caption; if it is `a.address` it
  holds the address, and the caption is in `span.caption`.
* Math, MathBlock: `math[alttext]`, the second in `div.math`; as TeX `code.math` and `pre.math`.
* Note: `sup.noteref > a[role=doc-noteref]`; its text is in the element that the link names, without
  `a[role=doc-backlink]`.
* Group: `.group[data-kind]`, its label in `p.group-label`, attributes as `data-…`. `details > summary`, where
  `span.generic` is no label. `p.update-line`, `p.card-cover` and `p.card-link` only repeat attributes.
* Styled: the element of that name, else `span[data-kind]`, attributes as `data-…`; an anchor is `span.anchor`,
  a button that leads somewhere is `a.button`.
* RawBlock, RawInline: `pre.raw[data-format] > code`, `code.raw[data-format]`.
* Metadata: `header.title-block` with `.category`, `h1`, `.description`, `.byline` (`.author`, `.site`,
  `time.published`, `.modified`), `.stats`, `.tags`, `.source`, `.summary`; `footer.notices > p[data-kind]`.
"""

from __future__ import annotations

from article_convert.model import Blocks
from article_convert.writers.markup.blocks import blocks
from article_convert.writers.markup.escape import scrubbed
from article_convert.writers.markup.matter import footnotes, notices, title_block
from article_convert.writers.markup.page import Page, anchor_name, anchors_of, plain_text

__all__ = ["Page", "anchor_name", "anchors_of", "body", "footnotes", "notices", "plain_text", "title_block"]


def body(content: Blocks, page: Page) -> str:
    """The blocks of an article. Notes are collected on the page; print them with `footnotes`.

    Reports pictures that are not at hand, links that cannot stay, and what is shown as code.
    """
    page.content = content
    out: list[str] = []
    blocks(content, page, out)
    return scrubbed("".join(out), page.report)
