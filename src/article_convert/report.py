"""What happened to an article on its way: diagnostics, removals and the fate of every asset.

Readers, transforms and writers take a `Report` and add to it; the library prints nothing. All
codes stand in `CODES`; they are stable, and each is described in `docs/diagnostics.md`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias

from article_convert.model import Span

__all__ = ["CODES", "Asset", "Diagnostic", "Piece", "Removal", "Report", "Severity", "shown"]

Severity: TypeAlias = Literal["note", "warning", "error"]

_STORED_PER_CODE = 20

CODES: dict[str, tuple[Severity, str]] = {
    "input.repeated": ("note", "An input was given more than once; it is in the book once."),
    "text.decoded": ("note", "The input was not UTF-8; the encoding that was used is named."),
    "text.not-utf8": ("warning", "Some bytes fit no encoding and became U+FFFD."),
    "text.control": ("note", "Control characters that no output format can hold were removed."),
    "nesting.too-deep": ("warning", "Blocks nested too deeply were kept as plain text."),
    "gitbook.unknown-tag": ("note", "A GitBook tag is not known; its content was kept."),
    "gitbook.unknown-style": ("note", "A hint style is not known; it is shown as info."),
    "gitbook.unclosed-tag": ("warning", "A GitBook block has no end tag; it ends with its parent."),
    "gitbook.stray-end": ("warning", "An end tag has no beginning and was dropped."),
    "gitbook.include-missing": ("warning", "Included content is not at hand; a placeholder stands for it."),
    "gitbook.api-missing": (
        "warning",
        "The description of an API is not at hand or not readable; a link to it stands for it.",
    ),
    "gitbook.dropped-control": ("note", "A button that only works on the site was dropped."),
    "gitbook.expression": (
        "warning",
        "An expression cannot be evaluated without the site; nothing stands for it.",
    ),
    "gitbook.condition": (
        "note",
        "A passage is meant for some readers or editions: it was kept, or left out if the book's variables say so.",
    ),
    "gitbook.bad-front-matter": ("warning", "The front matter is not valid YAML; it was read line by line."),
    "html.discarded": ("note", "An element that is not for reading (script, style) was discarded."),
    "html.hidden": ("note", "Text that the page hides from its readers was removed."),
    "html.unknown-element": ("note", "An HTML element is not known; its content was kept."),
    "metadata.bad-language": (
        "note",
        "What the page says about its language is no language tag; it was kept as text, and the language guessed.",
    ),
    "metadata.bad-date": ("warning", "A date could not be understood and was kept as text."),
    "furniture.cut": ("note", "A piece of page furniture was cut; the removals of the report hold its text."),
    "furniture.unmatched": ("note", "Something that was to be dropped was not found."),
    "heading.too-deep": ("note", "A heading was deeper than the format allows."),
    "link.broken": ("warning", "A link with an invalid address was reduced to its text."),
    "link.unresolved": ("warning", "A link leads nowhere inside the book; its text was kept."),
    "link.unsafe": ("warning", "A link with an address that runs code lost the address; its text was kept."),
    "image.missing": ("warning", "A picture is not at hand; its alternative text and address stand for it."),
    "image.unsupported": ("warning", "A picture cannot be decoded, or has a type that the format cannot show."),
    "image.still": ("note", "An animated picture was replaced by its first frame."),
    "image.mended": ("note", "Parts of a drawing that are more than drawing were taken out."),
    "image.reduced": ("note", "Pictures were made smaller to keep the output below its limit."),
    "image.over-limit": ("warning", "The output is larger than its limit even with the smallest pictures."),
    "image.unfit": (
        "warning",
        "A picture is larger than the target device accepts, or uses something that it cannot display.",
    ),
    "table.as-cards": ("note", "A table is too wide for the device; its rows are shown one by one."),
    "table.as-html": ("note", "A table is more than Markdown tables can hold and was written as HTML."),
    "math.as-code": ("note", "A formula is shown as its TeX source."),
    "raw.shown-as-code": ("warning", "Foreign markup is shown as code."),
    "font.missing-glyph": ("warning", "No available font has a glyph for some characters."),
    "cache.unwritable": (
        "note",
        "A cache folder cannot be written, so what was made or fetched is not kept for the next run.",
    ),
    "pdf.layout": ("note", "The layout engine ignored or replaced something."),
    "style.unfit": (
        "warning",
        "A style sheet of yours holds what the device does not take, or loads what is not in the book.",
    ),
    "epub.too-large": ("warning", "The book is larger than the services that bring it to the device accept."),
    "update.otherwise": (
        "warning",
        "A book is updated with other ways of reading and cleaning, or other pictures, than it was made with.",
    ),
    "book.bad-config": ("warning", "A configuration file of the book cannot be understood; it was left aside."),
    "book.unlisted-page": ("note", "A page of the book's folder is not in its summary and was left out."),
    "book.loose-page": ("warning", "An article lies beside the books of a folder and is in none of them."),
    "book.missing-page": ("warning", "The summary names a page that does not exist."),
    "book.page-failed": ("error", "A page of the book could not be read."),
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that a conversion changed, skipped or lost.

    `note`: nothing that a reader of the article misses. `warning`: something differs or is lost.
    `error`: a promised part is missing.
    """

    code: str
    severity: Severity
    message: str
    span: Span | None = None
    source: str = ""

    def __str__(self) -> str:
        place = self.source or "<input>"
        if self.span is not None:
            place += f":{self.span.line}:{self.span.column}"
        return f"{place}: {self.severity}: {self.message} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Removal:
    """A piece of the source that was cut on purpose: which rule, why, and the text that is gone."""

    rule: str
    reason: str
    text: str
    span: Span | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of an article as `--explain` tells it: whether it stays, and the rule that found it, if one did."""

    stays: bool
    rule: str
    reason: str
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """What became of one picture or file.

    `fate` is `embedded`, `saved` (put beside the output), `transcoded` (changed on its way into it),
    `linked`, `dropped` or `failed`; `detail` says where or why. What is changed has two entries.
    """

    url: str
    fate: str
    detail: str = ""
    source: str = ""


@dataclass(slots=True)
class Report:
    """Collects what happened, in order. `source` is how the current input is called.

    At most 20 diagnostics of one code are stored for one source; `counts` knows them all. `pieces` are
    filled only where somebody asks for an explanation.
    """

    source: str = ""
    diagnostics: list[Diagnostic] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    assets: list[Asset] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _stored: Counter[tuple[str, str]] = field(default_factory=Counter, repr=False)
    _absent: set[str] = field(default_factory=set, repr=False)

    def add(self, code: str, message: str, span: Span | None = None) -> None:
        """Record a diagnostic. `code` must stand in `CODES`, which also gives its severity."""
        severity = CODES[code][0]
        self.counts[code] += 1
        self._stored[self.source, code] += 1
        if self._stored[self.source, code] <= _STORED_PER_CODE:
            self.diagnostics.append(Diagnostic(code, severity, message, span, self.source))

    def cut(self, rule: str, reason: str, text: str, span: Span | None = None) -> None:
        """Record a removal, and a `furniture.cut` diagnostic that names its rule."""
        self.removals.append(Removal(rule, reason, text, span, self.source))
        self.add("furniture.cut", f"cut {rule}: {shown(text, 60)}", span)

    def asset(self, url: str, fate: str, detail: str = "") -> None:
        """Record what became of a picture or a file; a `data:` address, which may be megabytes, is shortened."""
        self.assets.append(Asset(shown(url) if url[:5].lower() == "data:" else url, fate, detail, self.source))

    def explain_absence(self, url: str) -> None:
        """Record that the missing picture at `url` has already been reported."""
        self._absent.add(url)

    def is_explained(self, url: str) -> bool:
        """Whether it was reported already why the picture at `url` is not at hand."""
        return url in self._absent

    def apart(self) -> Report:
        """An empty report that knows what is explained here: for an attempt that may be repeated."""
        return Report(self.source, _absent=self._absent)

    def merge(self, other: Report) -> None:
        """Append everything that `other` collected; of its diagnostics as many as `add` would have stored here."""
        for each in other.diagnostics:
            self._stored[each.source, each.code] += 1
            if self._stored[each.source, each.code] <= _STORED_PER_CODE:
                self.diagnostics.append(each)
        self.removals.extend(other.removals)
        self.assets.extend(other.assets)
        self.pieces.extend(other.pieces)
        self.counts.update(other.counts)
        self._absent |= other._absent

    def worst(self) -> Severity | None:
        """The highest severity collected, or `None` if nothing was."""
        found = {CODES[code][0] for code in self.counts}
        for severity in ("error", "warning", "note"):
            if severity in found:
                return severity
        return None

    def to_dict(self) -> dict[str, object]:
        """The whole report as plain data for JSON; the order is the order of events."""
        return {
            "counts": dict(sorted(self.counts.items())),
            "diagnostics": [asdict(d) for d in self.diagnostics],
            "removals": [asdict(r) for r in self.removals],
            "assets": [asdict(a) for a in self.assets],
            "pieces": [asdict(p) for p in self.pieces],
        }


def shown(text: str, limit: int = 100) -> str:
    """A text or an address as messages quote it: on one line, and cut at `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
