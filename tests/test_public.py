"""The public face: complete, documented, and cheap to import."""

from __future__ import annotations

import inspect
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import article_convert as ac
from article_convert import formats
from article_convert.files import replace_file
from article_convert.report import Piece

SOURCE = Path(ac.__file__).parent
HEAVY = {
    "PIL", "argparse", "ebooklib", "fontTools", "lxml", "mistune", "pydyf", "weasyprint", "yaml",
    "importlib.metadata", "concurrent.futures", "multiprocessing", "zipfile",
}  # fmt: skip
MODULES = sorted(
    ".".join(("article_convert", *file.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
    for file in SOURCE.rglob("*.py")
    if file.name != "__main__.py"
)


def loaded_by(code: str) -> set[str]:
    """The modules in `sys.modules` after running `code` in a fresh Python."""
    program = f"import sys\n{code}\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(run.stdout.split())


def test_importing_loads_nothing_heavy() -> None:
    new = loaded_by("import article_convert") - loaded_by("")
    assert not new & HEAVY
    assert not {name for name in new if name.startswith("article_convert.")}


def test_reading_one_format_loads_no_other() -> None:
    new = loaded_by("import article_convert as ac\nac.to_markdown(b'# Title', reader='gitbook')")
    assert not new & {"weasyprint", "ebooklib", "PIL", "fontTools"}
    assert "article_convert.writers.epub" not in new


def test_every_public_name_exists_and_is_listed_once() -> None:
    assert len(ac.__all__) == len(set(ac.__all__))
    for name in ac.__all__:
        assert getattr(ac, name) is not None
    assert set(dir(ac)) == set(ac.__all__)


def test_type_checkers_see_the_same_names() -> None:
    text = (SOURCE / "__init__.py").read_text(encoding="utf-8")
    shown = set(re.findall(r"import (\w+) as \1", text))
    assert shown == set(ac.__all__) - {"__version__"}


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        ac.no_such_name  # noqa: B018


@pytest.mark.parametrize("module", MODULES)
def test_all_lists_what_a_module_defines(module: str) -> None:
    """`__all__` is what is public: nothing in it is private or missing, nothing public is left out."""
    loaded = __import__(module, fromlist=["*"])
    assert inspect.getdoc(loaded), f"{module} does not say what it is for"
    own = {name for name, thing in vars(loaded).items() if getattr(thing, "__module__", "") == module}
    listed = set(getattr(loaded, "__all__", ()))
    assert listed or not {name for name in own if not name.startswith("_")}, f"{module} has no __all__"
    assert all(hasattr(loaded, name) for name in listed)
    assert not {name for name in listed if name.startswith("_") and name != "__version__"}


@pytest.mark.parametrize("module", MODULES)
def test_everything_public_says_what_it_is(module: str) -> None:
    loaded = __import__(module, fromlist=["*"])
    for name in getattr(loaded, "__all__", ()):
        thing = getattr(loaded, name)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert says_something(name, thing), f"{module}.{name} has no docstring that says more than its name"


@pytest.mark.parametrize("name", [name for name in ac.__all__ if name != "__version__"])
def test_every_public_method_says_what_it_does(name: str) -> None:
    for method, function in vars(getattr(ac, name)).items() if inspect.isclass(getattr(ac, name)) else ():
        if inspect.isfunction(function) and not method.startswith("_"):
            assert says_something(method, function), f"{name}.{method}"


def says_something(name: str, thing: object) -> bool:
    doc = vars(thing).get("__doc__") if inspect.isclass(thing) else getattr(thing, "__doc__", None)
    if not doc or doc.startswith(f"{name}("):  # what `dataclass` writes when nobody else does
        return False
    words = set(re.findall(r"[a-z]+", doc.lower()))
    repeated = set(re.findall(r"[a-z]+", re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()))
    return len(words - repeated - {"the", "a", "of"}) > 1


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ac.to_html("# A title\n\nText."), "this is a text and no name of a file; hand in its bytes"),
        (lambda: ac.to_html("."), "is a folder; read_book reads it as one book, convert_many each article in it"),
        (lambda: ac.to_html(b"# A", reader="gitbook", options={"contents": True}), "HtmlOptions(…), not dict"),
        (lambda: ac.to_html(b"# A", reader="gitbook", options=ac.EpubOptions()), "HtmlOptions(…), not EpubOptions"),
        (lambda: ac.to_html(b"# A", reader="gitbook", reader_options=ac.EpubOptions()), "not EpubOptions"),
        (lambda: ac.to_epub(b"# A", reader="gitbook", options=ac.EpubOptions(profile="nook")), "does not take 'nook'"),
        (lambda: ac.to_pdf(b"# A", reader="gitbook", options=ac.PdfOptions(page="A3")), "it takes A4|A5|letter"),
        (lambda: ac.to_pdf(b"# A", reader="gitbook", options=ac.PdfOptions(page=3)), "does not take 3; it takes A4"),  # type: ignore[arg-type]
        (lambda: ac.convert(ac.Article(), target="html", reader="nonsense"), "leave out reader"),
        (lambda: ac.convert(ac.Article(), target="html", transforms=()), "a document is written as it is"),
        (lambda: ac.to_epub(b"# A", reader="gitbook", output="a.md"), "call convert(source, output)"),  # type: ignore[call-arg]
        (lambda: ac.to_pdf(b"# A", reader="gitbook", options=ac.PdfOptions(css="a.css")), "it takes a pathlib.Path"),
        (
            lambda: ac.to_html(b"# A", reader="gitbook", fetch=True),
            "fetch takes a Fetcher, not True: fetch=ac.Fetcher()",
        ),
        (lambda: ac.convert_many(["none.md"], "out", "html", fetch=True), "fetch takes a Fetcher"),
        (lambda: ac.fetch_pictures(ac.Article(()), True), "fetch takes a Fetcher"),
        (lambda: ac.update_epub("none.epub", ["a.md"]), "cannot read none.epub: No such file"),
    ],
)
def test_slips_in_python_are_errors_that_say_what_is_right(call: Callable[[], object], said: str) -> None:
    with pytest.raises(ac.ArticleConvertError) as caught:
        call()
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_many_takes_a_single_path(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# A\n\nText.\n", encoding="utf-8")
    for paths in (str(tmp_path), tmp_path, [tmp_path], [tmp_path / "a.md"]):
        [outcome] = ac.convert_many(paths, tmp_path / "out", "json")
        assert (outcome.error, outcome.output) == ("", str(tmp_path / "out" / "a.json"))


def test_options_explain_themselves() -> None:
    from article_convert import formats, options

    for kind in ("readers", "writers"):
        for name in formats.names(kind):
            record = getattr(formats, kind[:-1])(name)
            assert record.help, f"{name} has no line of help"
            assert record.options() == record.options()
            for each in options.describe(record.options):
                assert each.help, f"{name}: option {each.name} has no help"


def test_a_name_for_the_report_chooses_no_reader(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<html><body><h1>题</h1><p>一<b>二</b></p></body></html>", "utf-8")
    report = ac.Report()
    article = ac.read(tmp_path / "page.html", name="notes.md", report=report)
    assert report.source == "notes.md"
    assert any(isinstance(node, ac.model.Heading) for node in article.content)
    with pytest.raises(ac.InputError, match="empty"):
        ac.read(b"", name="notes.md")


def test_json_of_a_site_is_known_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "api.json").write_text('{"articleTitle": "题", "articleContent": "<p>woshipm</p>"}', "utf-8")
    data = (tmp_path / "api.json").read_bytes()
    assert formats.guess_reader("api.json", data).name == "woshipm"
    assert formats.guess_reader("own.json", b'{"article_convert": 1}').name == "json"
    assert formats.guess_reader("any.json", b"[]").name == "json"


def test_readers_of_other_packages_are_asked_as_ours_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def declared(name: str, sure: int) -> formats.Reader:
        return formats.Reader(name, (".md", ".new"), type, lambda *_: ac.Article(), lambda head: sure * ("!" in head))

    made = (declared("low", 1), declared("high", 100))
    monkeypatch.setattr(formats, "_declared_readers", lambda: made)
    assert formats.guess_reader("a.md", b"a!").name == "high"
    assert formats.guess_reader("a.md", b"a").name == "gitbook"
    assert formats.guess_reader("a.new", b"a!").name == "high"
    assert formats.guess_reader("a.new", b"a").name == "low"
    assert formats.guess_reader("", b"a!").name == "high"


def test_a_reader_that_cannot_be_loaded_is_in_nobodys_way(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        name, value = "broken", "broken:READER"

        def load(self) -> object:
            raise ImportError("no such module")

    monkeypatch.setattr(formats, "_entry_points", lambda kind: (Broken(),))
    formats._declared_readers.cache_clear()
    try:
        assert formats.guess_reader("a.md", b"a").name == "gitbook"
    finally:
        formats._declared_readers.cache_clear()


def test_a_document_is_named_for_what_it_is() -> None:
    result = ac.convert(b"# T", reader="gitbook", target="markdown")
    assert result.document is result.article


def test_merged_reports_keep_the_limit_and_tell_all() -> None:
    whole = ac.Report("a.md")
    for _ in range(2):
        part = ac.Report("a.md")
        for _ in range(30):
            part.add("html.hidden", "hidden")
        whole.merge(part)
    whole.pieces.append(Piece(True, "", "", "甲"))
    assert (len(whole.diagnostics), whole.counts["html.hidden"]) == (20, 60)
    assert whole.to_dict()["pieces"] == [{"stays": True, "rule": "", "reason": "", "text": "甲", "span": None}]


@pytest.mark.skipif(os.name != "posix", reason="rights of POSIX")
def test_a_file_has_the_rights_that_new_files_have(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    replace_file(tmp_path / "new", b"a")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode
    (tmp_path / "new").chmod(0o640)
    replace_file(tmp_path / "new", b"b")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
    assert sorted(file.name for file in tmp_path.iterdir()) == ["new", "plain"]
