"""Write the parts of the documentation that follow from the code.

    scripts/make_docs.py

`docs/nodes.md` and `docs/rules.md` are written whole. In `docs/diagnostics.md` the head of each entry
is written and the advice below it, which is by hand, is kept. In `docs/guide.md` the tables between
`<!-- made: options NAME -->` and `<!-- end -->` are written. A test fails while anything is not current.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, Field, fields
from pathlib import Path

from article_convert import formats, model
from article_convert.options import OptionHelp, describe
from article_convert.report import CODES
from article_convert.transforms.rules import FLAT_RULES, RULES, STATEMENTS, Rule, Statement

__all__ = ["made"]

DOCS = Path(__file__).parent.parent / "docs"


def main() -> None:
    for page, text in made().items():
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            print(f"wrote docs/{page.name}")


def made() -> dict[Path, str]:
    """Every page that is made from the code, wholly or in part, as it has to be."""
    diagnostics, guide = DOCS / "diagnostics.md", DOCS / "guide.md"
    return {
        DOCS / "nodes.md": nodes_page(),
        DOCS / "rules.md": rules_page(),
        diagnostics: diagnostics_page(diagnostics.read_text(encoding="utf-8")),
        guide: with_option_tables(guide.read_text(encoding="utf-8")),
    }


# --------------------------------------------------------------------------- nodes.md

_NODES_HEAD = """\
# The article tree

A reader turns bytes into an `Article`, transforms turn one article into another, and a writer prints it.
This page is made from `src/article_convert/model.py`; the classes are in `article_convert.model`.

```python
from article_convert.model import Article, Metadata, Paragraph, Strong, Text

article = Article((Paragraph((Text("水开了，"), Strong((Text("再下面。"),)))),), Metadata(title="煮面"))
```
"""


def nodes_page() -> str:
    parts = [_NODES_HEAD, inspect.getdoc(model) or ""]
    for title, classes in sections():
        parts.append(f"## {title}")
        for each in classes:
            parts.append(f"### `{each.__name__}`")
            parts.append(inspect.getdoc(each) or "")
            parts.append(fields_table(each))
    return pages_text(parts)


def sections() -> Iterator[tuple[str, list[type]]]:
    """The parts of the model, as its own comments divide it, with the classes of each."""
    source = inspect.getsource(model)
    pieces = re.split(r"^# -{20,} (\w+)$", source, flags=re.M)
    first, rest = pieces[0], pieces[1:]
    for title, text in [("every node", first), *zip(rest[::2], rest[1::2], strict=True)]:
        names = re.findall(r"^class (\w+)", text, flags=re.M)
        yield title.capitalize(), [getattr(model, name) for name in names]


def fields_table(kind: type) -> str:
    own = [field for field in fields(kind) if field.name != "span" or kind is model.Node]
    if not own:
        return ""
    lines = ["| field | type | default |", "| :-- | :-- | :-- |"]
    lines += [f"| `{field.name}` | {cell(str(field.type))} | {default_of(field)} |" for field in own]
    return "\n".join(lines)


def default_of(field: Field[object]) -> str:
    if field.default is MISSING:
        return "needed"
    value = field.default
    return f"`{type(value).__name__}()`" if type(value).__module__ == model.__name__ else cell(repr(value))


# --------------------------------------------------------------------------- rules.md

_RULES_HEAD = """\
# What is cut, and why

Saved pages carry furniture: rows of buttons, adverts, statements of the site. `clean` cuts what the rules on
this page find. Nothing is cut in secret: every cut is in the report with its rule, its reason and its text.
This page is made from `src/article_convert/transforms/rules.py`. Where it counts files, it counts the 6,120
saved articles that the rules were made on.

| you want | on the command line | in Python |
| :-- | :-- | :-- |
| to see what is cut | `--explain` | `report.removals` |
| to keep what one rule finds | `--keep share-bar` | `transforms=standard(["share-bar"])` |
| to cut nothing | `--no-clean` | `transforms=()`, or `ac.read` without `ac.clean` |

`standard` is in `article_convert.transforms`. A rule that is kept still fills the metadata.

## Moved, not cut

These pieces leave the text because writers print the metadata at the head of the article. The report lists
them too, and `--no-clean` leaves them where they stand.

- `title`: the first heading, when it is the title of the article.
- `fields`: the block of fields above an article (`**Author:** …`).
- `summary`: the abstract below that block.

## Said twice

- `title-again`: repeats the title.
- `summary-again`: repeats the abstract.
"""

_READERS_TAIL = """\
## What readers of saved pages leave out

The readers `html` and `woshipm` read the article of a page, not the page. What stands around the article is
listed in the same way. It is left out before the rules run, so `--keep` does not bring it back;
`-f html -R everything=yes` reads the whole page.

- `page`: a part of the page around the article: menus, footers, whatever is not running text.
- `title`, `byline`, `tags`: read into the metadata.
- `share-bar`, `reward`: buttons to share, to like, to pay.
- `course-card`, `text-advert`, `advert`: advertisements.
- `author-card`: the card about the author.
- `related`, `comments`: other articles, and what readers wrote.
"""

_PLACES = {
    "head": "At the beginning of the article",
    "tail": "At the end of the article",
    "blocks": "Anywhere, as blocks",
    "link": "Anywhere, as a single link",
}


def rules_page() -> str:
    parts = [_RULES_HEAD, "## Furniture", "Structure decides: which links, which pictures, in which order."]
    parts += rule_entries(RULES)
    parts.append("## Statements at the end")
    parts.append(
        "Lines that end an article without being part of it. They are cut as one run, from the end upwards, and\n"
        "kept in `metadata.notices`, which writers print as small print or as front matter."
    )
    parts += [statement_entry(each) for each in STATEMENTS]
    parts.append("## Pages that were saved as one line")
    parts.append("There the structure is gone, and words must do. These rules apply to no other page.")
    parts += rule_entries(FLAT_RULES)
    parts.append(_READERS_TAIL)
    return pages_text(parts)


def rule_entries(rules: Iterable[Rule]) -> Iterator[str]:
    """One heading for each name, in the order of the table; a name may have several patterns."""
    by_name: dict[str, list[Rule]] = {}
    for rule in rules:
        by_name.setdefault(rule.id, []).append(rule)
    for name, same in by_name.items():
        yield f"### `{name}`"
        yield "\n".join(map(rule_line, same))


def rule_line(rule: Rule) -> str:
    lifted = ", ".join(f"`{name}`" for name in rule.pattern.groupindex)
    filled = f"\n  Fills {lifted} of the metadata." if lifted else ""
    return f"- {_PLACES[rule.place]}: {rule.reason}\n  ({rule.source}).{filled}"


def statement_entry(statement: Statement) -> str:
    kept = f"a notice of the kind `{statement.notice}`" if statement.notice else "not kept as a notice"
    begins = "" if statement.firm else "; counts only above another statement"
    reason = statement.reason[:1].upper() + statement.reason[1:]
    return f"### `{statement.id}`\n\n{reason}: {kept}{begins}. At most {statement.limit} characters long."


# --------------------------------------------------------------------------- diagnostics.md

_ENTRY = re.compile(r"^### `(?P<code>[^`]+)`\n\n.*?\n\n(?P<advice>.*?)(?=^##|\Z)", re.M | re.S)
_FAMILIES = {
    "text": "Text and encodings",
    "nesting": "Depth",
    "markdown": "Markdown",
    "gitbook": "GitBook",
    "html": "HTML",
    "metadata": "Metadata",
    "furniture": "Cleaning",
    "heading": "Headings",
    "link": "Links",
    "image": "Pictures",
    "table": "Tables",
    "math": "Formulas",
    "raw": "Foreign markup",
    "font": "Fonts",
    "pdf": "PDF",
    "book": "Books",
}


def diagnostics_page(old: str) -> str:
    """The page with one entry for each code, and the advice that stands in `old`."""
    advice = {match["code"]: match["advice"].strip() for match in _ENTRY.finditer(old)}
    parts = [old.partition("\n## ")[0]]
    family = ""
    for code, (severity, meaning) in CODES.items():
        if code.partition(".")[0] != family:
            family = code.partition(".")[0]
            parts.append(f"## {_FAMILIES.get(family, family.capitalize())}")
        parts.append(f"### `{code}`")
        parts.append(f"*{severity}.* {meaning}")
        parts.append(advice.get(code, ""))
    return pages_text(parts)


# --------------------------------------------------------------------------- guide.md

_TABLE = re.compile(r"(<!-- made: options (?P<kind>reader|writer) (?P<name>\w+) -->\n).*?(<!-- end -->)", re.S)


def with_option_tables(text: str) -> str:
    return _TABLE.sub(lambda m: f"{m[1]}\n{option_table(m['kind'], m['name'])}\n\n{m[4]}", text)


def option_table(kind: str, name: str) -> str:
    record = formats.reader(name) if kind == "reader" else formats.writer(name)
    lines = ["| option | takes | default | what it does |", "| :-- | :-- | :-- | :-- |"]
    return "\n".join(lines + [option_row(each) for each in describe(record.options)])


_PLACEHOLDERS = frozenset({"TEXT", "N", "X", "FILE", "YYYY-MM-DD", "YYYY-MM-DDTHH:MM", "A,B,…"})


def option_row(option: OptionHelp) -> str:
    values = [value if value in _PLACEHOLDERS else f"`{value}`" for value in option.values.split("|")]
    default = f"`{option.default}`" if option.default else ""
    said = re.sub(r"[*_<>|\\[\]]", lambda m: f"&#{ord(m[0])};", option.help)
    return f"| `{option.name}` | {', '.join(values)} | {default} | {said} |"


# --------------------------------------------------------------------------- text


def cell(code: str) -> str:
    escaped = code.replace("|", "\\|")
    return f"`{escaped}`"


def pages_text(parts: Iterable[str]) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


if __name__ == "__main__":
    main()
