"""Cut page furniture: apply `rules` to an article, lift what they know, and report every cut.

Cuts happen in this order: single links, runs of blocks anywhere, the head (repeated title, byline,
adverts, repeated abstract), the tail (share bar, statements). What a user keeps is matched and
lifted all the same, but stays in the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

from article_convert.model import (
    Article,
    Author,
    Block,
    BlockQuote,
    Blocks,
    Heading,
    Image,
    Link,
    List,
    Metadata,
    Node,
    Notice,
    Paragraph,
    Span,
    Text,
)
from article_convert.report import Report
from article_convert.transforms.metadata import lifted, parsed_date, same_text, summary_text, without_prefix
from article_convert.transforms.rules import FLAT_RULES, RULES, STATEMENTS, Place, Rule, Statement
from article_convert.transforms.signature import block_signature, inline_signature
from article_convert.transforms.typography import without_edges
from article_convert.tree import rewrite, text_of, walk

__all__ = ["RULE_IDS", "cut_furniture", "furniture_cutter"]

RULE_IDS: tuple[str, ...] = tuple(
    dict.fromkeys(["title-again", "summary-again", *(r.id for r in RULES), *(s.id for s in STATEMENTS)])
)
"""The names that `keep` understands."""

_HEAD = 7
_TAIL = 40


@dataclass(slots=True)
class _Cutter:
    """One article on its way through the rules."""

    metadata: Metadata
    report: Report
    keep: Collection[str]

    def cut(self, rule: str, reason: str, text: str, span: Span | None) -> bool:
        """Report a cut; false if the user keeps what this rule cuts."""
        if rule in self.keep:
            return False
        self.report.cut(rule, reason, text.strip(), span)
        return True


def cut_furniture(article: Article, report: Report, keep: Collection[str] = ()) -> Article:
    """Cut everything that the rules know; each cut is a removal in the report with rule, reason and text.

    What an article says about its licence, its cover picture and its author becomes
    `Metadata.notices`. An article about share buttons or copyright lines keeps its sentences: a
    rule needs the structure around the words. Rules named in `keep` cut nothing.
    """
    cutter = _Cutter(article.metadata, report, keep)
    if _is_flat(article):
        content = _flat(article.content, cutter)
    else:
        content = _links(article.content, cutter)
        content = _runs(content, cutter)
        content = _head(content, cutter)
        content = _tail(content, cutter)
    return replace(article, content=content, metadata=cutter.metadata)


def furniture_cutter(keep: Collection[str]) -> Callable[[Article, Report], Article]:
    """`cut_furniture` without the rules named in `keep`, each one of `RULE_IDS`."""
    return partial(cut_furniture, keep=keep)


def _rules(place: Place, rules: Sequence[Rule] = RULES) -> list[Rule]:
    return [rule for rule in rules if rule.place == place]


# --------------------------------------------------------------------------- anywhere

_LINK_RULES = _rules("link")
_SHOP = "ke.qidianla.com"


def _links(blocks: Blocks, cutter: _Cutter) -> Blocks:
    """`blocks` without the links that are furniture, and without the paragraphs that held nothing else."""

    span: Span | None = None

    def step(node: Node) -> Node | tuple[Node, ...]:
        if isinstance(node, Link) and _SHOP in node.url:
            signature = inline_signature((node,))
            for rule in _LINK_RULES:
                if rule.pattern.fullmatch(signature) and cutter.cut(rule.id, rule.reason, text_of(node), span):
                    return ()
        return without_edges(node) if isinstance(node, Paragraph) else node

    advertised = [any(isinstance(node, Link) and _SHOP in node.url for node in walk(block)) for block in blocks]
    if not any(advertised):
        return blocks
    kept: list[Block] = []
    for block, has_link in zip(blocks, advertised, strict=True):
        if not has_link:
            kept.append(block)
            continue
        span = block.span
        made = step(rewrite(block, step))
        if not isinstance(made, tuple):
            kept.append(made)  # type: ignore[arg-type]
    return tuple(kept)


def _runs(blocks: Blocks, cutter: _Cutter) -> Blocks:
    """`blocks` without the runs that are furniture, at every level."""
    for rule in _rules("blocks"):
        blocks = _without_run(blocks, rule, cutter)
    changed = tuple(_inside(block, cutter) for block in blocks)
    return changed if any(a is not b for a, b in zip(changed, blocks, strict=True)) else blocks


def _inside(block: Block, cutter: _Cutter) -> Block:
    if isinstance(block, List):
        items = tuple(replace(item, content=_runs(item.content, cutter)) for item in block.items)
        items = tuple(item for item in items if item.content)
        return replace(block, items=items) if items != block.items and items else block
    if isinstance(block, BlockQuote):
        content = _runs(block.content, cutter)
        return replace(block, content=content) if content is not block.content else block
    return block


def _without_run(blocks: Blocks, rule: Rule, cutter: _Cutter) -> Blocks:
    if not any(_opens_card(block) for block in blocks):
        return blocks
    start = 0
    while start < len(blocks):
        if _opens_card(blocks[start]):
            found = _whole_blocks(blocks[start : start + 12], rule.pattern)
            if found:
                count, _ = found
                if cutter.cut(rule.id, rule.reason, _text(blocks[start : start + count]), blocks[start].span):
                    blocks = blocks[:start] + blocks[start + count :]
                    continue
        start += 1
    return blocks


def _opens_card(block: Block) -> bool:
    """Whether a block begins with a bracket and a picture: a link whose end stands in a later block."""
    if not isinstance(block, Paragraph) or len(block.content) < 2:
        return False
    first, second = block.content[:2]
    return isinstance(first, Text) and first.text.strip() == "[" and isinstance(second, Image)


def _whole_blocks(blocks: Sequence[Block], pattern: re.Pattern[str]) -> tuple[int, re.Match[str]] | None:
    """How many of the first `blocks` the pattern covers exactly, and the match."""
    signatures = [block_signature(block) for block in blocks]
    m = pattern.match("\n".join(signatures))
    if m is None:
        return None
    end = -1
    for count, signature in enumerate(signatures, 1):
        end += len(signature) + 1
        if end >= m.end():
            return (count, m) if not "\n".join(signatures)[m.end() : end].strip() else None
    return None


def _text(blocks: Sequence[Block]) -> str:
    return "".join(text_of(block) for block in blocks)


# --------------------------------------------------------------------------- head


def _head(blocks: Blocks, cutter: _Cutter) -> Blocks:
    """The beginning without repeated title, byline, adverts and repeated abstract, in this order."""
    kept: list[Block] = []
    blocks = _title_again(blocks, kept, cutter)
    for rule in _rules("head"):
        found = _whole_blocks(blocks[:_HEAD], rule.pattern) if blocks else None
        if found is None:
            continue
        count, m = found
        cutter.metadata = _with_match(cutter.metadata, m, rule.id)
        if not cutter.cut(rule.id, rule.reason, _text(blocks[:count]), blocks[0].span):
            kept.extend(blocks[:count])
        blocks = blocks[count:]
    blocks = _summary_again(blocks, cutter)
    return (*kept, *blocks) if kept else blocks


def _title_again(blocks: Blocks, kept: list[Block], cutter: _Cutter) -> Blocks:
    first = blocks[0] if blocks else None
    if isinstance(first, Heading) and same_text(text_of(first), cutter.metadata.title):
        if cutter.cut("title-again", "repeats the title", text_of(first), first.span):
            return blocks[1:]
        kept.append(first)
        return blocks[1:]
    return blocks


def _summary_again(blocks: Blocks, cutter: _Cutter) -> Blocks:
    """A quote that opens the body and is the abstract, or begins with it and goes on."""
    if not blocks or not isinstance(blocks[0], BlockQuote) or not cutter.metadata.summary:
        return blocks
    quote = summary_text(blocks[0])
    known = cutter.metadata.summary
    if not _begins_with(quote, known) and not _begins_with(quote, without_prefix(known)):
        return blocks
    if not cutter.cut("summary-again", "repeats the abstract", quote, blocks[0].span):
        return blocks
    if len(quote) > len(known):
        cutter.metadata = replace(cutter.metadata, summary=quote)
    return blocks[1:]


def _begins_with(quote: str, summary: str) -> bool:
    return (
        same_text(quote, summary)
        or same_text(quote[: len(summary)], summary)
        or any(same_text("\n".join(quote.split("\n")[:count]), summary) for count in range(1, quote.count("\n") + 2))
    )


def _with_match(metadata: Metadata, m: re.Match[str], origin: str) -> Metadata:
    """The metadata with the named groups of a rule's match."""
    groups = {name: value for name, value in m.groupdict().items() if value}
    values: dict[str, object] = {}
    for name in ("views", "comments", "collects", "likes", "reading_minutes"):
        if name in groups:
            values[name] = int(groups[name])
    if "published" in groups:
        values["published"] = parsed_date(groups["published"])
    if "author" in groups:
        author = Author(groups["author"], groups.get("author_url", ""), groups.get("avatar", ""))
        values["authors"] = (author,)
        if metadata.authors and author.avatar and not metadata.authors[0].avatar:
            first = replace(metadata.authors[0], avatar=author.avatar, url=metadata.authors[0].url or author.url)
            metadata = replace(metadata, authors=(first, *metadata.authors[1:]))
    if "tags" in groups:
        values["tags"] = tuple(re.findall(r"\[([^\n]*?)\]\(", groups["tags"]))
    return lifted(metadata, origin, **values)


# --------------------------------------------------------------------------- tail


def _tail(blocks: Blocks, cutter: _Cutter) -> Blocks:
    kept: tuple[Block, ...] = ()
    for rule in _rules("tail"):
        for start in range(max(0, len(blocks) - _TAIL), len(blocks)):
            if not _begins_with_text(blocks[start], "赞赏"):
                continue
            found = _whole_blocks(blocks[start:], rule.pattern)
            if found and start + found[0] == len(blocks):
                cutter.metadata = _with_match(cutter.metadata, found[1], rule.id)
                if not cutter.cut(rule.id, rule.reason, _text(blocks[start:]), blocks[start].span):
                    kept = blocks[start:]
                blocks = blocks[:start]
                break
    return (*_statements(blocks, cutter), *kept)


def _begins_with_text(block: Block, words: str) -> bool:
    first = block.content[0] if isinstance(block, Paragraph) and block.content else None
    return isinstance(first, Text) and first.text.lstrip().startswith(words)


def _statements(blocks: Blocks, cutter: _Cutter) -> Blocks:
    """The end without the run of statements: from the last block upwards, as long as each is one."""
    run: list[tuple[Block, list[tuple[str, Statement]]]] = []
    firm = False
    for block in reversed(blocks):
        found = _statement_lines(block, firm)
        if not found:
            break
        run.append((block, found))
        firm = True
    if not run:
        return blocks
    ending: list[Block] = []
    notices: list[Notice] = []
    for block, lines in reversed(run):
        notices.extend(Notice(s.notice, line) for line, s in lines if s.notice and not _is_title(s, line))
        first = lines[0][1]
        if not all(cutter.cut(s.id, s.reason, line, block.span) for line, s in lines if s.id not in cutter.keep):
            continue
        if first.id in cutter.keep:
            ending.append(block)
    known = set(cutter.metadata.notices)
    fresh = tuple(notice for notice in dict.fromkeys(notices) if notice not in known)
    cutter.metadata = replace(cutter.metadata, notices=(*cutter.metadata.notices, *fresh))
    return (*blocks[: len(blocks) - len(run)], *ending)


def _is_title(statement: Statement, line: str) -> bool:
    return statement.id == "statement-columnist" and len(line.strip()) < 12


def _statement_lines(block: Block, firm: bool) -> list[tuple[str, Statement]]:
    """What each line of a block states, or nothing if one of them states nothing."""
    if not isinstance(block, (Paragraph, Heading)):
        return []
    text = text_of(block).strip()
    signature = inline_signature(block.content)
    if not text or signature.startswith("!["):
        return []
    whole = _statement(" ".join(text.split("\n")), firm)
    if whole:
        return [(" ".join(text.split()), whole)]
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    found: list[tuple[str, Statement]] = []
    for line in reversed(lines):
        statement = _statement(line, firm or bool(found))
        if statement is None:
            return []
        found.append((line, statement))
    return found[::-1]


def _statement(line: str, firm: bool) -> Statement | None:
    for statement in STATEMENTS:
        if len(line) <= statement.limit and (statement.firm or firm) and statement.pattern.match(line):
            return statement
    return None


# --------------------------------------------------------------------------- pages saved as one line


def _is_flat(article: Article) -> bool:
    """Whether the whole page is one paragraph that begins with its own title and byline."""
    content = article.content
    if len(content) != 1 or not isinstance(content[0], Paragraph):
        return False
    rest = _after_title(text_of(content[0]).strip(), article.metadata.title)
    return any(rule.id == "byline" and rule.pattern.match(rest) for rule in FLAT_RULES)


def _after_title(text: str, title: str) -> str:
    """`text` without the title that it begins with, or `""` if it does not."""
    words = r"\s+".join(map(re.escape, title.split()))
    m = re.match(words + r"\s+", text) if words else None
    return text[m.end() :] if m else ""


def _flat(blocks: Blocks, cutter: _Cutter) -> Blocks:
    whole = text_of(blocks[0]).strip()
    text = _after_title(whole, cutter.metadata.title)
    span = blocks[0].span
    title = whole[: len(whole) - len(text)]
    if not cutter.cut("title-again", "repeats the title", title, span):
        return blocks
    for rule in FLAT_RULES:
        while m := rule.pattern.match(text) if rule.place == "head" else rule.pattern.search(text):
            cutter.metadata = _with_match(cutter.metadata, m, rule.id)
            if not cutter.cut(rule.id, rule.reason, m.group(0), span):
                break
            text = text[: m.start()] + text[m.end() :]
    text = _flat_statements(text.strip(), cutter, span)
    return (Paragraph((Text(text),), span=span),) if text else ()


def _flat_statements(text: str, cutter: _Cutter, span: Span | None) -> str:
    """Cut statements from the end of a line, where each begins after a space."""
    notices: list[Notice] = []
    firm = False
    while True:
        found = _last_statement(text, firm)
        if found is None:
            break
        start, statement = found
        line = text[start:].strip()
        notices.append(Notice(statement.notice, line))
        if not cutter.cut(statement.id, statement.reason, line, span):
            break
        text, firm = text[:start].rstrip(), True
    cutter.metadata = replace(cutter.metadata, notices=(*cutter.metadata.notices, *reversed(notices)))
    return text


def _last_statement(text: str, firm: bool) -> tuple[int, Statement] | None:
    """Where the last statement of a line begins: the shortest end that is one, or the `本文` before it."""
    offset = max(0, len(text) - 500)
    starts = [offset + m.start() for m in re.finditer(r"(?<= )\S", text[offset:])]
    for start in reversed(starts):
        statement = _statement(text[start:], firm)
        if statement is not None:
            begun = statement.notice != "licence" or text.startswith("本文", start)
            earlier = 0 if begun else text.rfind(" 本文", max(0, start - 120), start) + 1
            same = earlier and _statement(text[earlier:], firm) is statement
            return (earlier if same else start), statement
    return None
