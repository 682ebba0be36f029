"""Steps from `Article` to `Article`, and `STANDARD`, the list that `clean` runs.

A transform is a function of an article and a report. It never fails on content, reports what it
cuts, and is idempotent unless its docstring says otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from article_convert.model import Article
from article_convert.report import Report

__all__ = ["STANDARD", "Transform"]

Transform: TypeAlias = Callable[[Article, Report], Article]

STANDARD: tuple[Transform, ...] = ()
