"""TeX as the libraries behind MathML and drawn formulas understand it.

They know the environments of LaTeX, not all those that KaTeX and MathJax show on the web, where most
formulas were written.
"""

from __future__ import annotations

import re

__all__ = ["for_libraries"]

_ENVIRONMENTS = {
    "aligned": "split",
    "alignedat": "split",
    "alignat": "align*",
    "alignat*": "align*",
    "eqnarray": "align*",
    "eqnarray*": "align*",
    "gather": "matrix",
    "gather*": "matrix",
    "gathered": "matrix",
    "multline": "matrix",
    "multline*": "matrix",
    "dcases": "cases",
    "equation*": "equation",
}
_ENVIRONMENT = re.compile(r"\\(begin|end)\{(" + "|".join(map(re.escape, _ENVIRONMENTS)) + r")\}(?:\[[tbc]\])?")
_COLUMNS = re.compile(r"(\\begin\{(?:alignedat|alignat\*?)\})\{\d{1,2}\}")
_NUMBERS = re.compile(r"\\(?:nonumber|notag)(?![A-Za-z])|\\label\{[^{}]*\}")


def for_libraries(tex: str) -> str:
    r"""`tex` with environments of the same look that are known, and without what only numbers formulas.

    >>> for_libraries(r"\begin{aligned}a&=b\nonumber\end{aligned}")
    '\\begin{split}a&=b\\end{split}'
    """
    if "\\" not in tex:
        return tex
    tex = _COLUMNS.sub(r"\1", tex)
    tex = _ENVIRONMENT.sub(lambda m: f"\\{m[1]}{{{_ENVIRONMENTS[m[2]]}}}", tex)
    return _NUMBERS.sub("", tex)
