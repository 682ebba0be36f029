"""GitBook 1 to 3 and HonKit: templating and plugins, rewritten into the blocks of today before parsing.

Pages of that time are Nunjucks templates first and Markdown second. What a template can say without
running anything is done here: variables, inclusion of text, comments, protected passages. The
common plugins become `{% … %}` blocks that the scanner knows. Code on the page itself is never
touched, as the tool protected it; code in an included file is (HonKit's own rule, on which books
depend).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from article_convert.readers.gitbook.front_matter import split_front_matter
from article_convert.readers.gitbook.nunjucks import chosen, filtered
from article_convert.readers.gitbook.surroundings import Surroundings
from article_convert.readers.gitbook.values import Value, shown_value
from article_convert.report import Removal, Report

__all__ = ["modernised", "with_spaced_headings"]

_MAX_INCLUDES = 8

_CODE = re.compile(
    r"^[ \t>]*(?P<fence>(?>`{3,}|~{3,}))[^\n]*\n.*?(?:^[ \t>]*(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?<!`)(?P<ticks>(?>`+))(?:(?!\n[ \t]*\n).)*?(?<!`)(?P=ticks)(?!`)"
    r"|(?P<raw>\{%-?\s{0,20}raw\s{0,20}-?%\})",
    re.MULTILINE | re.DOTALL,
)
_END_RAW = re.compile(r"\{%-?\s{0,20}endraw\s{0,20}-?%\}")
_RAW_CODE = re.compile(r"\A(`+\s*)\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}(\s*`+)\Z", re.DOTALL)
_COMMENT, _END_COMMENT = re.compile(r"\{#"), re.compile(r"#\}")
_SET = re.compile(r"\{%-?\s*set\s+(\w+)\s*=\s*([\"'])([^\n]{0,1000}?)\2\s*-?%\}[ \t]*\n?")
_EXPRESSION = re.compile(r"\{\{-?\s*([A-Za-z_][\w.]*)\s*((?:\|[^{}\n]{0,1000})?)-?\}\}")
_OF_THE_TOOL = re.compile(r"(?:book|file|page|gitbook|honkit|output|config|readme|glossary|summary)\.\w")
"""Names that belong to GitBook; others are of a template language that somebody writes about."""
_CITATION = re.compile(r"\{\{\s*[\"']([^\"'{}\n]+)[\"']\s*\|\s*cite\s*\}\}")
_INCLUDE = re.compile(
    r"\{%-?\s*include\s+[\"'](?P<path>[^\"'\n]+)[\"']\s*-?%\}|^!INCLUDE[ \t]+\"(?P<plugin>[^\"\n]+)\"[^\n]*$",
    re.MULTILINE,
)
_IMPORT = re.compile(
    r"^[ \t]*\[(?:import|include)(?::(?P<first>\d{1,9})?(?P<to>-)?(?P<last>\d{1,9})?)?(?P<options>[^\]\n]*)\]"
    r"\((?P<path>[^)\n]+)\)[ \t]*$",
    re.MULTILINE,
)
_LANGUAGE = re.compile(r"lang(?:uage)?\s*[:=]\s*[\"']?([\w+#-]+)")
_SECTION, _COMMENT_END = re.compile(r"<!--[ \t]*sec(?=\s)"), re.compile(r"(?:ces)?-->")
_SECTION_END = re.compile(r"<!--[ \t]*endsec[ \t]*-->")
_ATTRIBUTE = re.compile(r"data-(\w+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\S+))")
_ACCORDION, _END_ACCORDION = re.compile(r"%accordion%"), re.compile(r"%/accordion%")
_INLINE_TAG = re.compile(r"\{%-?\s*(em|label|highlight)\b[^%]{0,400}-?%\}([^\n]{0,1000}?)\{%-?\s*end\1\s*-?%\}")
_FORMULA = re.compile(
    r"\{%-?\s*math\b[^%{}]{0,100}-?%\}([^{}]{0,2000}(?:\{(?!%)[^{}]{0,2000}|\}[^{}]{0,2000}){0,200})\{%-?\s*endmath\s*-?%\}"
)
_INCLUDE_ROOM = 2_000_000
"""Characters that included text may add to a page, text that is included again counted each time."""
_INCLUDE_COST = 500
"""What an inclusion takes of that room beside its characters."""
_TIGHT_HEADING = re.compile(r"^((?:> ?)?#{1,6})(?=[^#\s])", re.MULTILINE)


def modernised(text: str, surroundings: Surroundings, report: Report) -> str:
    """The Markdown of a legacy page with its templating carried out and its plugins as today's blocks.

    Passages whose condition the book's variables do not meet are left out, and reported as `gitbook.condition`; so
    are, as `gitbook.expression`, values that only the tool knew. A variable of another language stays as it was
    typed. Included text that is not at
    hand is reported as `gitbook.include-missing` and leaves its address behind as a note.
    """
    return _Template(surroundings, report).run(text)


def with_spaced_headings(text: str) -> str:
    """`text` with a blank after the signs of its headings (`#标题`), if it begins with one and another is lower.

    GitBook and GitHub once took these for headings. Others may be tags, `#todo`.
    """
    first = _FIRST_HEADING.match(text)
    if first is None or not _ANY_HEADING.search(text, first.end()):
        return text
    return _outside_code(text, lambda part: _TIGHT_HEADING.sub(r"\1 ", part))


_FIRST_HEADING = re.compile(r"\s{0,100}#{1,3}[^#\s!\[\]{(<][^#\n]{0,200}(?:\n|\Z)")
_ANY_HEADING = re.compile(r"^#{2,6}[^#!\n]", re.MULTILINE)


class _Template:
    def __init__(self, surroundings: Surroundings, report: Report) -> None:
        self.surroundings = surroundings
        self.report = report
        self.variables: dict[str, Value] = dict(surroundings.variables)
        self.include_room = _INCLUDE_ROOM

    def run(self, text: str) -> str:
        text = _outside_code(text, self._included)
        text = chosen(text, [(start, end) for start, end, _ in _code_in(text)], self.variables, self.report)
        text = _outside_code(text, self._rewritten)
        return _SECTION_END.sub("\n{% endsection %}\n", _replaced(text, _SECTION, _COMMENT_END, _section))

    def _rewritten(self, text: str) -> str:
        text = _replaced(text, _COMMENT, _END_COMMENT, lambda inside: "")
        for m in _SET.finditer(text):
            self.variables[m.group(1)] = m.group(3)
        text = _SET.sub("", text)
        text = _CITATION.sub(r"[\1]", text)
        text = self._substituted(text)
        text = _IMPORT.sub(self._imported_code, text)
        text = _replaced(text, _ACCORDION, _END_ACCORDION, _accordion)
        text = _INLINE_TAG.sub(r"*\2*", text)
        if "endmath" in text:
            text = _FORMULA.sub(lambda m: f"$${m[1].strip()}$$", text)
        return _TIGHT_HEADING.sub(r"\1 ", text)

    def _substituted(self, text: str) -> str:
        def value(m: re.Match[str]) -> str:
            name = m.group(1)
            if name in self.variables:
                return filtered(shown_value(self.variables[name]), m.group(2))
            if not _OF_THE_TOOL.match(name):
                return m.group(0)
            self.report.add("gitbook.expression", f"{m.group(0)} has no value in a file; it was left out")
            self.report.removals.append(
                Removal("gitbook.expression", "only the tool knows its value", m.group(0), None, self.report.source)
            )
            return ""

        return _EXPRESSION.sub(value, text)

    def _included(self, text: str, inside: tuple[str, ...] = ()) -> str:
        def insert(m: re.Match[str]) -> str:
            target = m["path"] or m["plugin"]
            has_room = len(inside) < _MAX_INCLUDES and self.include_room > 0
            found = self.surroundings.include(target) if has_room else None
            if found is None or found.path in inside:
                why = "includes itself" if found else "is not at hand" if has_room else "is one too many on its page"
                self.report.add("gitbook.include-missing", f"included text {target!r} {why}")
                return f'{{% include "{target}" %}}'
            self.include_room -= len(found.text) + _INCLUDE_COST
            _, body, _ = split_front_matter(found.text, self.report)
            # Code in an included file is not protected from templating.
            return self._included(self._substituted(body.strip("\n")), (*inside, found.path))

        return _INCLUDE.sub(insert, text)

    def _imported_code(self, m: re.Match[str]) -> str:
        data = self.surroundings.file(m["path"].strip()) if self.include_room > 0 else None
        if data is None:
            why = "is not at hand" if self.include_room > 0 else "is one too many on its page"
            self.report.add("gitbook.include-missing", f"included code {m['path']!r} {why}")
            return m.group(0)
        self.include_room -= len(data) + _INCLUDE_COST
        lines = data.decode("utf-8", "replace").splitlines()
        first = max(1, int(m["first"] or 1))
        last = int(m["last"]) if m["last"] else len(lines) if m["to"] or not m["first"] else first
        if not lines[first - 1 : last]:
            self.report.add("gitbook.include-missing", f"included code {m['path']!r} has no such lines")
            return m.group(0)
        language = _LANGUAGE.search(m["options"] or "")
        word = language.group(1) if language else m["path"].rsplit(".", 1)[-1]
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall(r"`+", data.decode("utf-8", "replace"))), 3)
        return "\n".join([f"{fence}{word}", *lines[first - 1 : last], fence])


def _code_in(text: str) -> Iterator[tuple[int, int, str]]:
    """The fences, code spans and `{% raw %}` passages of a text: where each begins and ends, and what stands for it."""
    position, raws = 0, True
    while m := _CODE.search(text, position):
        position = m.end()
        if m["raw"] is None:
            yield m.start(), m.end(), _RAW_CODE.sub(r"\1\2\3", m[0])
        elif raws and (closing := _END_RAW.search(text, m.end())):
            yield m.start(), closing.end(), text[m.end() : closing.start()]
            position = closing.end()
        else:
            raws = False  # nothing ends this one, so nothing ends a later one


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """`text` with `change` made to each stretch between fences, code spans and `{% raw %}` passages."""
    parts: list[str] = []
    position = 0
    for start, end, code in _code_in(text):
        parts.append(change(text[position:start]))
        parts.append(code)
        position = end
    parts.append(change(text[position:]))
    return "".join(parts)


def _replaced(text: str, opening: re.Pattern[str], closing: re.Pattern[str], made: Callable[[str], str]) -> str:
    """`text` with what `made` makes of each passage between two signs; one pass, however many signs nothing closes."""
    parts: list[str] = []
    position = 0
    while (m := opening.search(text, position)) and (end := closing.search(text, m.end())):
        parts += text[position : m.start()], made(text[m.end() : end.start()])
        position = end.end()
    return "".join([*parts, text[position:]])


def _accordion(inside: str) -> str:
    title, sign, content = inside.partition("%accordion%")
    if not sign:
        return f"%accordion%{inside}%/accordion%"
    return f'\n{{% section title="{title}" %}}\n{content}\n{{% endsection %}}\n'


def _section(attributes: str) -> str:
    found = {name: double or single or bare for name, double, single, bare in _ATTRIBUTE.findall(attributes.strip())}
    title = found.get("title", "").replace('"', "'")
    return f'\n{{% section title="{title}" collapse="{found.get("collapse", "true")}" %}}\n'
