"""The public face: complete, documented, and cheap to import."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import article_convert as ac

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
        (lambda: ac.to_pdf(b"# A", reader="gitbook", options=ac.PdfOptions(css="a.css")), "it takes a pathlib.Path"),
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
