"""What is wrong with one page, as names of figures, and what to compare it by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Findings:
    """`wrong` maps the name of a figure to the evidence; a figure that is not there is right."""

    page: str
    kind: str
    wrong: dict[str, str] = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)
    """Figures that judge this page, though not every one of its kind."""
    warnings: int = 0
    body: str = ""
    letters: str = ""
    tree: str = ""
    long_lines: dict[str, str] = field(default_factory=dict)
    """Digests of the lines that are too long to be written twice by chance, and how they begin."""

    def note(self, figure: str, evidence: str) -> None:
        """Hold `evidence` against this page, if there is any."""
        if evidence:
            self.wrong[figure] = evidence[:300]

    def law(self, figure: str, law: Callable[..., None], *arguments: object, **options: object) -> None:
        try:
            law(*arguments, **options)
        except AssertionError as failure:
            self.note(figure, str(failure) or "broken")
