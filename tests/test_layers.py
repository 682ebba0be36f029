"""Who may import whom, and how large a file and a function may grow.

    model ◀ tree ◀ {codec, readers, transforms, writers, assets} ◀ formats ◀ pipeline ◀ batch ◀ cli

`COMMON` is known to all and knows only the model and one another: records, files, and what bytes and devices say.
Readers, transforms and writers never import one another.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "article_convert"
FILES = sorted(SOURCE.rglob("*.py"))

MAX_FILE = 450
MAX_FUNCTION = 60
MAX_MEDIAN = 10

COMMON = {
    "model", "report", "errors", "options", "files", "rules", "profiles", "stylesheets", "pictures", "pinyin",
    "columns", "languages",
}  # fmt: skip
STEPS = COMMON | {"tree", "contract", "formats", "transforms", "assets"}
BELOW = {
    "model": set(),
    "errors": set(),
    "report": {"model"},
    "options": {"errors"},
    "pinyin": set(),
    "languages": set(),
    # What a site calls its columns: its reader and the transform for scraped pages of it ask.
    "columns": set(),
    "files": {"errors"},
    "rules": {"model", "report", "errors"},
    # What devices take, and what both the EPUB writer and the checker need to hold a book against it.
    "profiles": set(),
    "stylesheets": {"errors", "profiles"},
    "pictures": set(),
    "tree": {"model", "errors"},
    # The records `Reader` and `Writer`; `formats` imports readers and writers by name only.
    "contract": {"model", "report", "rules"},
    "formats": COMMON | {"contract"},
    "codec": COMMON | {"tree"},
    "readers": COMMON | {"tree", "codec", "contract"},
    "transforms": COMMON | {"tree"},
    "writers": COMMON | {"tree", "codec", "contract", "__init__"},  # its version number, which an EPUB remembers
    # Pictures on their way from a reader to a writer, which says which of them it can show.
    "assets": COMMON | {"tree", "contract"},
    # A whole folder as one book: pages are read by the GitBook reader, one at a time.
    "books": STEPS | {"readers"},
    "pipeline": STEPS | {"books"},
    "workers": set(),
    # Whether the pages of a site are still what its description says.
    "drift": STEPS | {"readers", "pipeline"},
    "batch": STEPS | {"pipeline", "workers"},
    "bundle": STEPS | {"pipeline", "batch", "books"},
    "update": STEPS | {"pipeline", "batch", "bundle", "books", "writers"},
    # Any EPUB held against the profiles; it reads archives and knows nothing of articles.
    "checks": COMMON,
    # The command: arguments, what is done, what is said, what is found installed.
    "cli": STEPS
    | {"codec", "pipeline", "batch", "bundle", "update", "books", "checks", "drift", "writers", "__init__"},
    "__main__": {"cli"},
    "__init__": COMMON | {"assets", "checks", "pipeline", "batch", "update", "books", "transforms", "writers"},
}
# Formats that stand alone. `readers.html` is there for every reader of HTML, `writers.html` for the
# writers that print HTML pages; modules that are named after no format are helpers, for whom they help.
CLOSED = {"readers": {"gitbook", "json", "site", "woshipm"}, "writers": {"epub", "json", "markdown", "pdf"}}


def module_of(file: Path) -> str:
    """`writers.epub` for `…/writers/epub.py`, `readers.gitbook` for `…/readers/gitbook/__init__.py`."""
    parts = file.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Each module of the project that `file` imports, anywhere in it, as `writers.epub`."""
    names = {module_of(each) for each in FILES}
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file.name}:{node.lineno}: write imports in full"
            if node.module == "article_convert":
                for alias in node.names:
                    yield node.lineno, alias.name if alias.name in names else "__init__"
            elif node.module and node.module.startswith("article_convert."):
                home = node.module.removeprefix("article_convert.")
                for alias in node.names:
                    inner = f"{home}.{alias.name}"
                    yield node.lineno, inner if inner in names else home
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "article_convert":
                    yield node.lineno, alias.name.removeprefix("article_convert").lstrip(".") or "__init__"


def allowed(module: str, imported: str) -> bool:
    layer, target = module.split(".")[0], imported.split(".")[0]
    if layer != target:
        return target in BELOW[layer]
    return owner(imported) not in CLOSED.get(layer, ()) or owner(imported) == owner(module)


def owner(module: str) -> str:
    """The format that a module belongs to: `epub` for `writers.epub.links`, `gitbook` for `readers.gitbook.tags`."""
    return module.partition(".")[2].split(".")[0].split("_")[0]


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_imports_point_one_way(file: Path) -> None:
    module = module_of(file)
    wrong = [f"line {line} imports {name}" for line, name in imports(file) if not allowed(module, name)]
    assert not wrong, f"{module} may not: {', '.join(wrong)}"


@pytest.mark.parametrize("kind", ["READERS", "WRITERS"])
def test_formats_name_modules_that_exist(kind: str) -> None:
    from article_convert import formats

    for place in getattr(formats, kind).values():
        module = place.partition(":")[0].removeprefix("article_convert.").replace(".", "/")
        assert (SOURCE / f"{module}.py").exists() or (SOURCE / module / "__init__.py").exists(), place


@pytest.mark.parametrize("file", FILES, ids=module_of)
def test_files_and_functions_stay_readable(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    # The model is a page to read top to bottom, so it is one file whatever its length.
    assert module_of(file) == "model" or text.count("\n") < MAX_FILE
    for name, lines in functions(file):
        assert lines < MAX_FUNCTION, f"{name} has {lines} lines"


def test_most_functions_are_short() -> None:
    lengths = [lines for file in FILES for _, lines in functions(file)]
    assert median(lengths) < MAX_MEDIAN


def functions(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


NETWORK = {"socket", "ssl", "urllib.request", "http.client", "httpcore2", "httpx", "requests"}
FORBIDDEN = NETWORK | {"random", "secrets", "time"}


@pytest.mark.parametrize(
    "file", [f for f in FILES if module_of(f).split(".")[0] in {"readers", "transforms", "writers"}], ids=module_of
)
def test_conversion_knows_no_network_clock_or_chance(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found = {alias.name for alias in node.names} & FORBIDDEN
        elif isinstance(node, ast.ImportFrom):
            found = {node.module or ""} & FORBIDDEN
        elif isinstance(node, ast.Attribute):
            found = {ast.unparse(node)} & {"os.environ", "datetime.now", "date.today", "datetime.utcnow", "uuid.uuid4"}
        else:
            continue
        assert not found, f"line {node.lineno}: {', '.join(found)}"


def test_one_module_opens_sockets_and_one_resolves_names() -> None:
    users = set()
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = {alias.name for alias in node.names} if isinstance(node, ast.Import) else set()
            names |= {node.module or ""} if isinstance(node, ast.ImportFrom) else set()
            if names & NETWORK:
                users.add(module_of(file))
    assert users == {"assets.guard", "assets.transport"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_no_possessive_repetition_of_groups(path: Path) -> None:
    # Python 3.11.0 to 3.11.4, which Debian 12 ships, mismatch `(…)*+` (CPython gh-106052); `(?>(…)*)` is the same.
    strings = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
    patterns = [text for text in strings if isinstance(text, str) and ("(?:" in text or "(?P<" in text)]
    assert [text for text in patterns if re.search(r"(?<!\\)\)[*+?]\+", text)] == []
