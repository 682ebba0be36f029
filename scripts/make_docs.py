"""Write the parts of the documentation that follow from the code.

    scripts/make_docs.py

`docs/nodes.md`, `docs/rules.md` and `docs/devices.md` are written whole. In `docs/diagnostics.md` the head of
each entry is written and the advice below it, which is by hand, is kept. In `docs/guide.md` the tables between
`<!-- made: options NAME -->` and `<!-- end -->` are written. A test fails while anything is not current.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import MISSING, Field, fields
from pathlib import Path

from article_convert import formats, model
from article_convert.checks import RULES as CHECKS
from article_convert.checks.rules import Check
from article_convert.options import OptionHelp, describe
from article_convert.profiles import PROFILES, Profile
from article_convert.report import CODES
from article_convert.rules import FLAT_RULES, HIDDEN, RULES, Rule
from article_convert.rules.record import NOTHING

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
        DOCS / "devices.md": devices_page(),
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
This page is made from `built_in.py` and `statements.py` in `src/article_convert/rules`. Where it counts files, it
counts the 6,120 saved articles that the rules were made on.

| you want | on the command line | in Python |
| :-- | :-- | :-- |
| to see what is cut and what stays | `--explain`, `--explain=page.html` | `report.removals` |
| to keep what one rule finds | `--keep share-bar` | `ac.choose_rules(keep=["share-bar"])` |
| to cut something else | `--drop .newsletter`, `--drop '/^广告：/'` | `ac.choose_rules(drop=[".newsletter"])` |
| all of this in a file | `--rules my.toml` | `ac.choose_rules(file="my.toml")` |
| to cut nothing of the article | `--no-clean` | `transforms=()`, or `ac.read` without `ac.clean` |

`--keep` takes every name on this page. What is kept by one rule is never dropped by another, and a rule that
is kept still fills the metadata. The [guide](guide.md#cleaning) shows how to write rules.
"""

_PLACES = {
    "head": "At the beginning of the article",
    "tail": "At the end of the article",
    "ending": "In the run of statements at the end",
    "blocks": "Anywhere, as blocks",
    "line": "Anywhere in a block",
    "link": "Anywhere, as a single link",
    "around": "Around the article on a page",
}
_SECTIONS = (
    ("Moved, or said twice", "These pieces are known by the metadata that they become or repeat. Writers print the\n"
     "metadata at the head of an article, so they leave the text.",
     lambda rule: rule.place != "around" and rule.pattern is NOTHING and not rule.select and rule is not HIDDEN),
    ("Furniture", "Structure decides: which links, which pictures, in which order. Selectors are for pages.",
     lambda rule: rule.place not in ("around", "ending") and (rule.pattern is not NOTHING or rule.select)),
    ("Statements at the end", "Lines that end an article without being part of it. They are cut as one run, from the "
     "end upwards, if one of\nthem is firm: nobody writes it as a sentence of his own. They are kept in "
     "`metadata.notices`, which writers\nprint as small print or as front matter.",
     lambda rule: rule.place == "ending"),
    ("What stands around the article on a page", "The readers `html` and `woshipm` read the article of a page, not the "
     "page. What stands around it is named by\nthe first of these rules whose selector matches it, or something in it.",
     lambda rule: rule.place == "around"),
    ("What a page hides", "Text that `hidden`, `display: none` and the like keep from everybody. The readers `html` "
     "and `woshipm` leave it\nout and report it as `html.hidden`, or take it in if it is kept.",
     lambda rule: rule is HIDDEN),
)  # fmt: skip


def rules_page() -> str:
    parts = [_RULES_HEAD]
    for title, text, belongs in _SECTIONS:
        parts += [f"## {title}", text, *rule_entries(filter(belongs, RULES))]
    parts.append("## Pages that were saved as one line")
    parts.append("There the structure is gone, and words must do. These rules apply to no other page.")
    parts += rule_entries(FLAT_RULES)
    return pages_text(parts)


def rule_entries(rules: Iterable[Rule]) -> Iterator[str]:
    """One heading for each name, in the order of the table; a name may have several ways to be found."""
    by_name: dict[str, list[Rule]] = {}
    for rule in rules:
        by_name.setdefault(rule.id, []).append(rule)
    for name, same in by_name.items():
        yield f"### `{name}`"
        yield "\n".join(map(rule_line, same))


def rule_line(rule: Rule) -> str:
    site = f" on pages of `{rule.site}`" if rule.site else ""
    found = f", `{rule.select}`{site}" if rule.select and rule.select != "*" else ""
    more = f"\n  ({rule.source})" if rule.source else ""
    return f"- {_PLACES[rule.place]}{found}: {rule.reason}{more}.{rule_facts(rule)}"


def rule_facts(rule: Rule) -> str:
    facts: list[str] = []
    if rule.pattern.groupindex:
        facts.append(f"Fills {', '.join(f'`{name}`' for name in rule.pattern.groupindex)} of the metadata.")
    if rule.place == "ending":
        facts.append(f"A notice of the kind `{rule.notice}`." if rule.notice else "Not kept as a notice.")
        facts.append("Firm." if rule.firm else "Counts only beside a firm one.")
        facts.append(f"At most {rule.limit} characters long." if rule.limit else "")
    return f"\n  {' '.join(filter(None, facts))}" if facts else ""


# --------------------------------------------------------------------------- devices.md

_DEVICES_HEAD = """\
# Devices

An EPUB that is right by the format can still fail on a device: refused on its way, opened as an error, shown with
question marks for pictures. What each device takes is written down as data in `src/article_convert/profiles`, from
which this page is made.

| you want | on the command line | in Python |
| :-- | :-- | :-- |
| a book for a device | `-O profile=kindle` | `ac.EpubOptions(profile="kindle")` |
| to know what in any EPUB would hurt, and where | `--check book.epub` | `ac.check("book.epub")` |
| the same for one device | `--check book.epub --for kindle` | `ac.check("book.epub", ["kindle"])` |

`--check` ends with status 1 if something breaks the book or a part of it. It opens any file safely: it unpacks
nothing to disk, and bombs end as findings. It is no substitute for [epubcheck](https://www.w3.org/publishing/epubcheck/),
which knows the whole format; of that, only the frequent errors are looked for here. An option that you give beats
the profile: `-O tables=table` keeps wide tables, `-O css=own.css` is used but for what loads files, and the report
says what of it the device does not take.

## What a profile decides
"""

_CHECKS_HEAD = """\
## What `--check` looks for

**Breaks**: the book or a part of it cannot be read there; everything else looks worse than it could. A rule holds
only on the devices that it names. The addresses say where each reason comes from; the makers of devices describe
little, so many are reports of people whose books failed.
"""


def devices_page() -> str:
    parts = [_DEVICES_HEAD, profiles_table(), *hints(), _CHECKS_HEAD]
    for rule in CHECKS:
        parts += [f"### `{rule.id}`", f"{rule.what} {rule.remedy}", reasons(rule)]
    return pages_text(parts)


def profiles_table() -> str:
    """A row for each thing that a profile decides, a column for each profile."""
    names = list(PROFILES)
    lines = [f"| | {' | '.join(f'`{name}`' for name in names)} |", f"| :-- |{' :-- |' * len(names)}"]
    rows = [dict(decided(profile)) for profile in PROFILES.values()]
    return "\n".join([*lines, *(f"| {what} | {' | '.join(row[what] for row in rows)} |" for what in rows[0])])


_TYPES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WebP", "image/svg+xml": "SVG"}


def decided(profile: Profile) -> Iterator[tuple[str, str]]:
    pictures, tables, css = profile.pictures, profile.tables, profile.css
    yield "for", profile.title
    yield "pictures", ", ".join(name for kind, name in _TYPES.items() if kind in pictures.types)
    yield "cover", ", ".join(name for kind, name in _TYPES.items() if kind in pictures.cover_types)
    drawings = "as they are" if "image/svg+xml" in pictures.types else "as PNG"
    yield "drawings (SVG)", f"{drawings}; with words as PNG" if "svg-text" in profile.rules else drawings
    yield "pictures, made narrower above", f"{pictures.width} pixels" if pictures.width else "–"
    limits = [f"{pictures.pixels / 1e6:g} million pixels"] * bool(pictures.pixels)
    yield "a picture, at most", ", ".join([*limits, *[size(pictures.size)] * bool(pictures.size)]) or "–"
    yield "the book, at most", size(profile.book_wanted) if profile.book_wanted else "–"
    yield "a chapter, split at", f"{profile.chapter} KB"
    width = f"cards above {tables.columns} columns that do not fit" if tables.columns else "as they are"
    yield "tables", width
    yield "footnotes", "links that open in place" if profile.notes == "popup" else "short ones in brackets"
    yield "formulas", "MathML" if profile.mathml else "TeX"
    yield "contents", f"{profile.toc_depth} levels"
    yield "style", "as it is" if profile.name == "generic" else styles(css.properties, css.selectors)


def styles(properties: frozenset[str] | None, selectors: str) -> str:
    known = f"{len(properties)} properties" if properties is not None else "all properties but a few"
    return known + {"any": "", "plain": ", plain selectors", "flat": ", one class or element"}[selectors]


def size(number: int) -> str:
    return f"{number // 10**9} GB" if number >= 10**9 else f"{number // 10**6} MB"


def hints() -> Iterator[str]:
    for profile in PROFILES.values():
        if profile.hint:
            yield f"For `{profile.name}`: {profile.hint}."


def reasons(rule: Check) -> str:
    """Why the rule holds, each reason once with the devices that share it."""
    shared: dict[tuple[str, str, bool], list[str]] = {}
    for profile in PROFILES.values():
        if because := profile.rules.get(rule.id):
            shared.setdefault((because.reason, because.source, because.breaks), []).append(profile.name)
    lines = []
    for (reason, source, breaks), names in shared.items():
        where = "everywhere" if len(names) == len(PROFILES) else ", ".join(f"`{name}`" for name in names)
        lines.append(f"- {'**Breaks** on' if breaks else 'On'} {where}: {reason} ([source]({source})).")
    return "\n".join(lines).replace("on everywhere", "everywhere").replace("On everywhere", "Everywhere")


# --------------------------------------------------------------------------- diagnostics.md

_ENTRY = re.compile(r"^### `(?P<code>[^`]+)`\n\n.*?\n\n(?P<advice>.*?)(?=^##|\Z)", re.M | re.S)
_FAMILIES = {
    "input": "Inputs",
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
    "style": "Style",
    "epub": "EPUB",
    "table": "Tables",
    "math": "Formulas",
    "raw": "Foreign markup",
    "font": "Fonts",
    "cache": "Caches",
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
