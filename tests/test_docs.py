"""The documentation is true: its examples run, its links lead somewhere, its generated parts are current.

In README.md, docs/guide.md and docs/nodes.md every `sh` and `python` block is run, each in a fresh folder with a copy
of `examples/`. `print(…)  # text` promises that line of output, and a `text` block that follows an `sh`
block promises its lines in that order (`…` for lines left out). `console` blocks install things and are
compared with what the project's own scripts install.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from article_convert import formats
from article_convert.report import CODES
from article_convert.rules import FLAT_RULES, RULES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
README, GUIDE = ROOT / "README.md", DOCS / "guide.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]

sys.path.insert(0, str(ROOT / "scripts"))
import make_docs  # noqa: E402

_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """A fenced block of a page; `output` is the `text` block that follows it directly, or what it says itself."""

    page: Path
    line: int
    language: str
    text: str
    output: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return f"{self.page.name}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    text = page.read_text(encoding="utf-8")
    found = list(_FENCE.finditer(text))
    for match, following in zip(found, [*found[1:], None], strict=True):
        language = match["language"]
        output: list[str] = []
        if language == "python":
            output = re.findall(r"^(?:    )*print\(.*\)  # (.+)$", match["text"], re.M)
        elif language == "sh" and following and following["language"] == "text":
            between = text[match.end() : following.start()].strip()
            output = following["text"].splitlines() if "\n" not in between else []
        yield Block(page, text.count("\n", 0, match.start()) + 1, language, match["text"], tuple(output))


def runnable(language: str) -> list[object]:
    """The blocks of one language, those that lay out a PDF marked as slow."""
    return [
        pytest.param(block, id=block.id, marks=[pytest.mark.slow] if "pdf" in block.text else [])
        for page in (README, GUIDE, DOCS / "nodes.md", DOCS / "adding-a-site.md")
        for block in blocks(page)
        if block.language == language
    ]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def run(command: list[str], folder: Path, warnings: bool = False, **environment: str) -> str:
    """What the command prints; it must end with status 0 and, unless `warnings` are expected, without one."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert warnings or "warning:" not in done.stderr, done.stderr
    return done.stdout


def assert_promised(promised: tuple[str, ...], printed: str) -> None:
    """Every promised line is printed, in this order."""
    lines = iter(printed.splitlines())
    for line in promised:
        assert line == "…" or line in lines, f"{line!r} is not in the output:\n{printed}"


@pytest.mark.parametrize("block", runnable("sh"))
def test_shell_example_runs(block: Block, folder: Path) -> None:
    printed = run(["bash", "-euo", "pipefail", "-c", block.text], folder)
    assert_promised(block.output, printed)
    for name in re.findall(r"(?:-o |> ?|--report )([\w.]+/?)", block.text):
        assert (folder / name).exists(), name


@pytest.mark.parametrize("block", runnable("python"))
def test_python_example_runs(block: Block, folder: Path) -> None:
    assert_promised(block.output, run([sys.executable, "-c", block.text], folder))


def test_there_are_examples_for_the_shell_and_for_python() -> None:
    found = [block.language for block in blocks(README)]
    assert found.count("sh") >= 5
    assert found.count("python") >= 5


# --------------------------------------------------------------------------- a format of one's own


def test_the_format_on_the_page_works(folder: Path) -> None:
    """Install the package of docs/adding-a-format.md as its files and its entry points say, and use it."""
    page = {}
    for block in blocks(DOCS / "adding-a-format.md"):
        page.setdefault(block.language, []).append(block)
    (code,), (project,) = page["python"], page["toml"]
    package = tomllib.loads(project.text)["project"]
    site = folder / "site"
    info = site / f"{package['name'].replace('-', '_')}-{package['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package['name']}\nVersion: {package['version']}\n")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {place}\n" for name, place in points.items())
        for group, points in package["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    module = next(iter(package["entry-points"].values())).popitem()[1].partition(":")[0]
    (site / f"{module}.py").write_text(code.text, encoding="utf-8")
    for block in page["sh"]:
        printed = run(["bash", "-euo", "pipefail", "-c", block.text], folder, warnings=True, PYTHONPATH=str(site))
        assert block.output
        assert_promised(block.output, printed)


def test_adding_a_format_is_one_page() -> None:
    assert len((DOCS / "adding-a-format.md").read_text(encoding="utf-8").splitlines()) <= 150


# --------------------------------------------------------------------------- made from the code


@pytest.mark.parametrize("page", ["nodes.md", "rules.md", "diagnostics.md", "guide.md"])
def test_generated_part_is_current(page: str) -> None:
    made = make_docs.made()[DOCS / page]
    assert (DOCS / page).read_text(encoding="utf-8") == made, "run scripts/make_docs.py"


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_advice(code: str) -> None:
    page = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    entry = re.search(
        rf"^### `{re.escape(code)}`\n\n\*\w+\.\* [^\n]+\n\n(?P<advice>(?!#)\S.*?)(?=^#|\Z)", page, re.M | re.S
    )
    assert entry, f"write below {code} what to do about it"
    assert len(entry["advice"].split()) >= 5


def test_every_rule_is_explained() -> None:
    page = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert not [rule.id for rule in (*RULES, *FLAT_RULES) if f"`{rule.id}`" not in page or rule.reason not in page]


@pytest.mark.parametrize("kind", ["readers", "writers"])
def test_the_table_of_formats_is_complete(kind: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\|([^|]*)\|", README.read_text(encoding="utf-8"), re.M)
    column = 1 if kind == "readers" else 2
    stated = {row[0]: tuple(row[column].split()) for row in rows if row[column].strip()}
    builtin = formats.READERS if kind == "readers" else formats.WRITERS
    assert stated == {name: getattr(formats, kind[:-1])(name).extensions for name in builtin}


# --------------------------------------------------------------------------- what can go stale


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"`[^`\n]*`", "", _FENCE.sub("", page.read_text(encoding="utf-8")))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        place = (page.parent / name).resolve() if name else page
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), target


def anchors(page: Path) -> set[str]:
    """The ids that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", page.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_pages_name_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.M))
    for page in PAGES:
        named = re.findall(r"(?:^|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.M)
        assert set(named) <= targets, page.name


def test_the_native_packages_are_those_that_the_scripts_install() -> None:
    script = (ROOT / "scripts" / "setup_native").read_text(encoding="utf-8")
    call = re.search(r'system_packages "[^"]+" ([^\n]+) -- ([^\n]+)', script)
    assert call
    text = README.read_text(encoding="utf-8")
    assert f"apt-get install {call[1]}" in text
    assert f"brew install {call[2]}" in text


def test_the_change_log_begins_with_this_version() -> None:
    import article_convert as ac

    first = re.search(r"^## \[?([\d.]+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert first and first[1] == ac.__version__


def test_pictures_are_small() -> None:
    pictures = list((DOCS / "images").iterdir())
    assert pictures
    assert all(picture.stat().st_size < 200_000 for picture in pictures)


def test_the_readme_is_short() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= 200
