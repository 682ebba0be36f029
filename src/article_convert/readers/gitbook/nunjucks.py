"""The template language of GitBook 1 to 3, as far as books use it: conditions and filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from article_convert.readers.gitbook.expressions import UnknownValue, evaluated
from article_convert.readers.gitbook.values import Value
from article_convert.report import Removal, Report, shown

__all__ = ["chosen", "filtered"]

_TAG = re.compile(r"\{%-?\s*(if|elif|elseif|else|endif)\b([^{}\n]{0,400}?)-?%\}")
_OF_THE_BOOK = re.compile(r"\bbook\.[\w.]+")
_FILTER = re.compile(r"\|\s*(\w+)\s*(?:\(((?:[^()\"']|\"[^\"]*\"|'[^']*')*)\))?")
_TEXT = re.compile(r"\"([^\"]*)\"|'([^']*)'|([\w.-]+)")


@dataclass(slots=True)
class _Branch:
    """A condition and what stands below it: pieces of text and whole conditions."""

    tag: str
    expression: str
    parts: list[str | _Choice] = field(default_factory=list)


@dataclass(slots=True)
class _Choice:
    """`{% if … %}` to `{% endif %}`."""

    branches: list[_Branch]
    end: str = ""


def chosen(text: str, code: Sequence[tuple[int, int]], variables: Mapping[str, Value], report: Report) -> str:
    """`text` without the branches whose conditions the book's variables decide against, each reported.

    A variable of the book that is not defined counts as false, as in the tool. Where a condition asks
    something else, such as the kind of output, all branches stay, with their tags. `code` are the stretches
    that hold no tags.
    """
    if "{%" not in text:
        return text
    root = _Branch("", "")
    open_branches: list[tuple[_Choice, _Branch]] = []
    position = 0
    for m in _tags(text, code):
        parts = open_branches[-1][1].parts if open_branches else root.parts
        name = m.group(1)
        if name == "if":
            if len(open_branches) >= _MAX_NESTING:
                return text
            parts.append(text[position : m.start()])
            choice = _Choice([_Branch(m.group(0), m.group(2).strip())])
            parts.append(choice)
            open_branches.append((choice, choice.branches[0]))
        elif not open_branches:
            continue
        else:
            parts.append(text[position : m.start()])
            choice, _ = open_branches.pop()
            if name == "endif":
                choice.end = m.group(0)
            else:
                choice.branches.append(_Branch(m.group(0), "true" if name == "else" else m.group(2).strip()))
                open_branches.append((choice, choice.branches[-1]))
        position = m.end()
    if open_branches:
        return text
    root.parts.append(text[position:])
    return "".join(_written(root, variables, report))


_MAX_NESTING = 20


def _tags(text: str, code: Sequence[tuple[int, int]]) -> Iterator[re.Match[str]]:
    stretches = [*code][::-1]
    for m in _TAG.finditer(text):
        while stretches and stretches[-1][1] <= m.start():
            stretches.pop()
        if not stretches or m.start() < stretches[-1][0]:
            yield m


def _written(branch: _Branch, variables: Mapping[str, Value], report: Report) -> Iterator[str]:
    for part in branch.parts:
        if isinstance(part, str):
            yield part
            continue
        values = [_is_true(each.expression, variables) for each in part.branches]
        if None in values:
            for each in part.branches:
                yield each.tag
                yield from _written(each, variables, report)
            yield part.end
            continue
        winner = values.index(True) if True in values else -1
        for index, each in enumerate(part.branches):
            if index == winner:
                yield from _written(each, variables, report)
            else:
                _leave_out(each, part.branches[0].tag, report)


def _leave_out(branch: _Branch, condition: str, report: Report) -> None:
    text = "".join(_everything(branch)).strip()
    if text:
        message = f"the variables of the book leave out this passage of {condition}: {shown(text, 60)}"
        report.add("gitbook.condition", message)
        reason = "the variables of the book decide against it"
        report.removals.append(Removal("gitbook.condition", reason, text, None, report.source))


def _everything(branch: _Branch) -> Iterator[str]:
    for part in branch.parts:
        if isinstance(part, str):
            yield part
        else:
            for each in part.branches:
                yield from _everything(each)


def _is_true(expression: str, variables: Mapping[str, Value]) -> bool | None:
    """Whether a condition over the book's variables holds; `None` if it asks something else."""
    undefined: dict[str, Value] = dict.fromkeys(_OF_THE_BOOK.findall(expression))
    try:
        return bool(evaluated(expression, {**undefined, **variables}, template=True))
    except UnknownValue:
        return None


def filtered(value: str, filters: str) -> str:
    """A value after Nunjucks' filters, `| replace("a", "b") | upper`; those not known change nothing.

    >>> filtered("<small>%TEXT%</small>", '| replace("%TEXT%", "iOS 5") ')
    '<small>iOS 5</small>'
    """
    for m in _FILTER.finditer(filters):
        arguments = [double or single or bare for double, single, bare in _TEXT.findall(m[2] or "")]
        if m[1] == "replace" and len(arguments) == 2 and arguments[0]:
            value = value.replace(*arguments)
        elif m[1] in _FILTERS:
            value = _FILTERS[m[1]](value)
    return value


_FILTERS: dict[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "capitalize": str.capitalize,
    "title": str.title,
    "trim": str.strip,
}
