"""Pictures as a user asks for them: fetched or not, inside the output, beside it, left out, smaller, within a size."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image as Pillow

import article_convert as ac
from article_convert import formats
from article_convert.assets.budget import STEPS, best_step
from article_convert.assets.remote import fetch_pictures
from article_convert.cli import main
from article_convert.contract import Writer
from article_convert.model import (
    Article,
    Block,
    Callout,
    Cell,
    Document,
    Embed,
    Figure,
    Group,
    Heading,
    Image,
    Note,
    Paragraph,
    Row,
    Styled,
    Table,
    Text,
)
from article_convert.report import Report
from test_images import moving, opened, photograph, saved, screenshot
from web import Answer, Web, picture, serving

EMPTY_HTML = re.compile(r"<img ")


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, which is the home and the cache of the user too."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user-cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "user-cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


Run = Callable[..., int]


@pytest.fixture
def run(web: Web, folder: Path) -> Run:
    """The command, allowed to ask the test's own server."""

    def call(*arguments: str) -> int:
        return main([*arguments, "--allow-host", web.base.removeprefix("http://")])

    return call


def inside(book: str) -> dict[str, bytes]:
    with zipfile.ZipFile(book) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pictures_in(book: str) -> list[bytes]:
    return [data for name, data in inside(book).items() if "/images/" in name]


# --------------------------------------------------------------------------- fetching


def test_an_epub_brings_its_pictures(web: Web, folder: Path, run: Run) -> None:
    url = web.at("/a.png", picture())
    Path("a.md").write_text(f"# T\n\n![a]({url})\n")
    assert run("a.md", "-o", "a.epub") == 0
    assert pictures_in("a.epub") == [picture()]
    first = Path("a.epub").read_bytes()
    assert run("a.md", "-o", "b.epub") == 0
    assert main(["a.md", "-o", "c.epub", "--offline"]) == 0
    assert Path("b.epub").read_bytes() == Path("c.epub").read_bytes() == first
    assert web.asked("/a.png") == 1


def test_a_cache_of_ones_own_and_its_sources_make_the_book_again(web: Web, folder: Path, run: Run) -> None:
    Path("a.md").write_text(f"# T\n\n![a]({web.at('/a.webp', picture(kind='WEBP'))})\n")
    assert run("a.md", "-o", "a.epub", "--cache", "kept") == 0
    assert not (folder / "user-cache").exists()
    web.pages.clear()
    assert main(["a.md", "-o", "b.epub", "--cache", "kept", "--offline"]) == 0
    assert pictures_in("a.epub") == pictures_in("b.epub")
    assert len(pictures_in("b.epub")) == 1


def test_what_cannot_be_had_is_told_and_shown_by_its_words(
    web: Web, folder: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    url = web.at("/gone.png", Answer(status=410))
    Path("a.md").write_text(f"# T\n\n![the gate]({url})\n")
    assert run("a.md", "-o", "a.epub", "--report", "r.json") == 0
    assert "HTTP 410" in capsys.readouterr().err
    page = next(data for name, data in inside("a.epub").items() if name.endswith("article.xhtml")).decode()
    assert "the gate" in page and url in page
    entries = json.loads(Path("r.json").read_text())["articles"][0]["assets"]
    assert entries[0] | {"source": ""} == {"url": url, "fate": "failed", "detail": "HTTP 410", "source": ""}
    assert run("a.md", "-o", "b.epub", "--strict") == 1


def test_nothing_is_fetched_for_text_unless_it_is_asked_for(web: Web, folder: Path) -> None:
    Path("a.md").write_text(f"# T\n\n![a]({web.at('/a.png', picture())})\n")
    assert main(["a.md", "-o", "a.html"]) == main(["a.md", "-o", "b.md"]) == 0
    assert main(["a.md", "-o", "a.epub", "--offline", "-q"]) == 0
    assert main(["a.md", "-o", "a.epub", "--images", "link", "-q"]) == 0
    assert web.seen == [] and not (folder / "user-cache").exists()


def test_without_leave_nothing_inside_is_asked(web: Web, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.md").write_text(f"# T\n\n![a]({web.at('/a.png', picture())})\n")
    assert main(["a.md", "-o", "a.epub"]) == 0
    assert "--allow-host" in capsys.readouterr().err
    assert web.seen == []


def test_a_host_is_opened_for_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.md").write_text("# T\n")
    assert main(["a.md", "-o", "b.md", "--allow-host", "localhost"]) == 2
    assert "--images embed" in capsys.readouterr().err


def test_without_the_package_pictures_stay_out_and_the_report_names_it(
    web: Web, folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from article_convert.assets import fetch

    monkeypatch.setattr(fetch, "find_spec", lambda name: None)
    Path("a.md").write_text("# T\n\n![a](https://a.example/a.png)\n")
    assert main(["a.md", "-o", "a.epub"]) == 0
    assert "pip install 'article_convert[fetch]'" in capsys.readouterr().err
    assert run("a.md", "-o", "a.epub") == 1
    with pytest.raises(ac.MissingDependency, match="httpcore2"):
        ac.Fetcher("cache")


def test_a_batch_fetches_in_every_process_and_each_picture_once(web: Web, folder: Path, run: Run) -> None:
    Path("in").mkdir()
    url = web.at("/shared.png", picture())
    for number in range(6):
        own = web.at(f"/{number}.png", picture(size=(8, 9 + number)))
        Path(f"in/{number}.md").write_text(f"# T\n\n![a]({url})\n\n![b]({own})\n")
    assert run("in", "-o", "out", "-t", "epub", "--jobs", "2") == 0
    assert all(len(pictures_in(f"out/{number}.epub")) == 2 for number in range(6))
    asked = len(web.seen)
    assert run("in", "-o", "again", "-t", "epub", "--jobs", "2") == 0
    assert len(web.seen) == asked
    for number in range(6):
        assert Path(f"out/{number}.epub").read_bytes() == Path(f"again/{number}.epub").read_bytes()


def test_a_book_of_many_articles_and_its_cover(web: Web, folder: Path, run: Run) -> None:
    cover = web.at("/cover.jpg", saved(photograph(), "JPEG"))
    Path("a.md").write_text(f"---\ncover: {cover}\n---\n\n# A\n\n![a]({web.at('/a.png', picture())})\n")
    Path("b.md").write_text(f"# B\n\n![b]({web.base}/a.png)\n")
    assert run("a.md", "b.md", "-o", "both.epub") == 0
    assert picture() in pictures_in("both.epub")
    assert web.asked("/a.png") == 1


def test_an_update_takes_pictures_along_and_leaves_what_it_has(web: Web, folder: Path, run: Run) -> None:
    one = web.at("/one", saved(photograph(), "WEBP"))
    Path("a.md").write_text(f"# A\n\n![one]({one})\n")
    Path("b.md").write_text(f"# B\n\n![two]({web.at('/two', picture())})\n")
    assert run("a.md", "b.md", "-o", "both.epub") == 0
    before = Path("both.epub").read_bytes()
    assert run("a.md", "b.md", "--update", "both.epub") == 0
    assert main(["a.md", "b.md", "--update", "both.epub", "--offline"]) == 0
    assert Path("both.epub").read_bytes() == before
    Path("b.md").write_text(f"# B\n\n![three]({web.at('/three', saved(screenshot(), 'WEBP', lossless=True))})\n")
    assert run("a.md", "b.md", "--update", "both.epub") == 0
    assert sorted(opened(data).format or "" for data in pictures_in("both.epub")) == ["JPEG", "PNG"]
    assert web.asked("/one") == 1
    assert run("a.md", "--update", "both.epub", "--max-size", "1MB") == 2


def test_the_steps_of_the_library(web: Web, tmp_path: Path) -> None:
    url = web.at("/a.webp", saved(screenshot(), "WEBP", lossless=True))
    fetcher = ac.Fetcher(tmp_path, allow_hosts=[web.base.removeprefix("http://")])
    report = ac.Report()
    result = ac.convert(f"# T\n\n![a]({url})\n".encode(), reader="gitbook", target="epub", fetch=fetcher, report=report)
    with zipfile.ZipFile(io.BytesIO(result.output)) as archive:
        (name,) = [each for each in archive.namelist() if "/images/" in each]
        assert name.endswith(".png") and opened(archive.read(name)).size == (320, 240)
    assert [entry.fate for entry in report.assets] == ["transcoded", "embedded"]
    article = ac.fetch_pictures(ac.read(f"# T\n\n![a]({url})\n".encode(), "gitbook"), fetcher)
    assert article.resources[0].media_type == "image/webp"
    assert len(web.seen) == 1


# --------------------------------------------------------------------------- places


def local(folder: Path, name: str = "a.md", **pictures: bytes) -> None:
    """An article with pictures beside it."""
    lines = ["# T", *(f"![about {each}]({each}.png)" for each in pictures)]
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    for each, data in pictures.items():
        (folder / name).with_name(f"{each}.png").write_bytes(data)
    (folder / name).write_text("\n\n".join(lines) + "\n")


@pytest.mark.parametrize("name", ["out.md", "out.html"])
def test_pictures_beside_the_output(web: Web, folder: Path, run: Run, name: str) -> None:
    url = web.at("/x", picture("blue"))
    local(folder, one=picture(), two=picture())
    Path("a.md").write_text(Path("a.md").read_text() + f"\n![far]({url})\n")
    Path("deep").mkdir()
    assert run("a.md", "-o", f"deep/{name}", "--images", "folder") == 0
    text = Path("deep", name).read_text()
    found = re.findall(r"out\.images/[0-9a-f]{20}\.png", text)
    lead = "lead_image: " in text  # front matter names the first picture too
    assert len(found) == 3 + lead and len(set(found)) == 2
    assert {(Path("deep") / each).read_bytes() for each in found} == {picture(), picture("blue")}
    assert len(list(Path("deep/out.images").iterdir())) == 2
    assert "base64" not in text and url not in text


def test_a_name_with_a_meaning_in_addresses_is_encoded(folder: Path) -> None:
    local(folder, one=picture())
    assert main(["a.md", "-o", "50% 图 #1.md", "--images", "folder"]) == 0
    assert re.search(r"\]\(50%25%20图%20%231\.images/\w+\.png\)", Path("50% 图 #1.md").read_text())


def test_a_batch_shares_one_folder_of_pictures(folder: Path) -> None:
    local(folder / "in", "a.md", one=picture())
    local(folder / "in", "deep/b.md", two=picture())
    assert main(["in", "-o", "out", "-t", "markdown", "--images", "folder"]) == 0
    (kept,) = Path("out/images").iterdir()
    assert f"](images/{kept.name})" in Path("out/a.md").read_text()
    assert f"](../images/{kept.name})" in Path("out/deep/b.md").read_text()


def test_a_gitbook_as_pages_shares_one_too(folder: Path) -> None:
    local(folder / "in", "guide/b.md", two=picture())
    Path("in/SUMMARY.md").write_text("# Summary\n\n* [B](guide/b.md)\n")
    for target, extension in (("markdown", "md"), ("html", "html")):
        assert main(["in", "-o", f"out-{extension}", "-t", target, "--images", "folder"]) == 0
        (kept,) = Path(f"out-{extension}/images").iterdir()
        assert f"../images/{kept.name}" in Path(f"out-{extension}/guide/b.{extension}").read_text()


def test_a_gitbook_as_one_file_with_its_pictures_beside(folder: Path) -> None:
    local(folder / "in", "guide/b.md", two=picture())
    Path("in/SUMMARY.md").write_text("# Summary\n\n* [B](guide/b.md)\n")
    for name in ("book.md", "book.html"):
        assert main(["in", "-o", name, "--images", "folder"]) == 0
        (address,) = re.findall(r"book\.images/\w+\.png", Path(name).read_text())
        assert Path(address).read_bytes() == picture()


def test_markdown_elsewhere_takes_along_what_its_links_would_not_find(folder: Path) -> None:
    local(folder / "in", "a.md", one=picture())
    Path("out").mkdir()
    assert main(["in/a.md", "-o", "out/b.md"]) == 0
    (address,) = re.findall(r"\]\((b\.images/\w+\.png)\)", Path("out/b.md").read_text())
    assert Path("out", address).read_bytes() == picture()
    assert main(["in/a.md", "-o", "in/b.md"]) == 0
    assert "](one.png)" in Path("in/b.md").read_text()
    assert sorted(path.name for path in Path("in").iterdir()) == ["a.md", "b.md", "one.png"]
    assert main(["in", "-o", "batch", "-t", "markdown"]) == 0
    assert [path.name for path in Path("batch").iterdir() if path.is_dir()] == ["images"]


def test_a_book_elsewhere_takes_along_its_pictures(folder: Path) -> None:
    local(folder / "in", "guide/b.md", two=picture())
    Path("in/SUMMARY.md").write_text("# Summary\n\n* [B](guide/b.md)\n")
    Path("out").mkdir()
    assert main(["in", "-o", "out/book.md"]) == 0
    (address,) = re.findall(r"\]\((book\.images/\w+\.png)\)", Path("out/book.md").read_text())
    assert Path("out", address).read_bytes() == picture()


def test_one_self_contained_page(web: Web, folder: Path, run: Run) -> None:
    Path("a.md").write_text(f"# T\n\n![a]({web.at('/a', picture())})\n")
    for name in ("a.html", "b.md"):
        assert run("a.md", "-o", name, "--images", "embed") == 0
        assert base64.b64encode(picture()).decode() in Path(name).read_text()


def test_addresses_as_they_are(folder: Path) -> None:
    local(folder, one=picture())
    Path("a.md").write_text(Path("a.md").read_text() + "\n![far](https://a.example/b.png)\n")
    for name in ("a.html", "b.md"):
        assert main(["a.md", "-o", name, "--images", "link"]) == 0
        text = Path(name).read_text()
        assert "one.png" in text and "https://a.example/b.png" in text and "base64" not in text
    assert main(["a.md", "-o", "a.epub", "--images", "link", "-q"]) == 0
    assert pictures_in("a.epub") == []


def test_descriptions_instead_of_pictures(folder: Path) -> None:
    local(folder, one=picture())
    more = "\n[![](two.png)](https://a.example/)\n\n![](three.png)\n\nWords ![four](four.png) go on.\n"
    Path("a.md").write_text(Path("a.md").read_text() + more)
    for name in ("a.html", "b.md", "a.epub"):
        assert main(["a.md", "-o", name, "--images", "drop", "--report", "r.json", "-q"]) == 0
        data = b"".join(inside(name).values()) if name.endswith("epub") else Path(name).read_bytes()
        text = data.decode("utf-8", "replace")
        assert "about one" in text and "Words four go on." in text and "https://a.example/" in text
        assert not re.search(r"(one|two|three|four)\.png", text)
    entries = json.loads(Path("r.json").read_text())["articles"][0]["assets"]
    dropped = [entry["url"] for entry in entries if entry["fate"] == "dropped"]
    assert dropped == ["one.png", "two.png", "three.png", "four.png"]


def test_pictures_are_dropped_wherever_they_stand() -> None:
    """In every sequence of inlines, and as the cover of a card; their descriptions stay."""
    shown = [Image(f"{number}.png", f"alt {number}") for number in range(8)]
    cells = (Row((Cell((Paragraph((shown[0],)),)),)),)
    cover = (("cover", "c.png"), ("cover-alt", "alt c"), ("other", "x"))
    content: tuple[Block, ...] = (
        Group("card", (Paragraph((Text("card"),)),), label=(shown[1],), attributes=cover),
        Callout("info", (), label=(shown[2],)),
        Table(cells, caption=(shown[3],)),
        Figure(shown[4], caption=(shown[5],)),
        Embed("link", "https://a.example/", caption=(Styled("u", (shown[6],)),)),
        Heading(1, (Note((Paragraph((shown[7],)),)),)),
    )
    report = Report()
    text = ac.write(Article(content), None, "html", images=ac.ImageOptions(place="drop"), report=report).decode()
    assert not re.search(r"<img|[0-9c]\.png", text)
    assert [number for number in [*range(8), "c"] if f"alt {number}" not in text] == []
    assert 'data-other="x"' in text
    assert {asset.url for asset in report.assets if asset.fate == "dropped"} == {*(i.url for i in shown), "c.png"}


def test_a_folder_needs_an_output_that_points_to_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    local(folder, one=picture())
    assert main(["a.md", "-o", "-", "-t", "markdown", "--images", "folder"]) == 2
    assert main(["a.md", "-o", "a.epub", "--images", "folder"]) == 2
    assert "html and markdown" in capsys.readouterr().err
    assert not Path("a.epub").exists()


# --------------------------------------------------------------------------- formats of other packages


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugOptions:
    profile: str = "print"


def write_plug(document: Document, options: PlugOptions, report: Report) -> bytes:
    assert isinstance(document, Article)
    return json.dumps([f"{each.media_type} {each.url}" for each in document.resources]).encode()


PLUG = Writer("plug", (".plug",), PlugOptions, write_plug, pictures=("image/png",))
HOLDING = replace(PLUG, name="holding", embeds_pictures=True)
PAGES = replace(PLUG, name="pages", linked_pages=True)


@pytest.fixture
def plugged(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {name.lower(): f"test_image_options:{name}" for name in ("PLUG", "HOLDING", "PAGES")}
    monkeypatch.setattr(formats, "WRITERS", formats.WRITERS | more)


@pytest.mark.usefixtures("plugged")
def test_pictures_are_fetched_for_any_format_that_holds_them(web: Web, folder: Path, run: Run) -> None:
    url = web.at("/a.png", picture())
    Path("a.md").write_text(f"# A\n\n![]({url})\n")
    assert run("a.md", "-o", "a.plug", "-t", "holding") == 0
    assert json.loads(Path("a.plug").read_text()) == [f"image/png {url}"]
    assert main(["a.md", "-o", "b.plug", "-t", "holding", "--images", "folder"]) == 2
    assert run("a.md", "-o", "c.plug", "-t", "plug") == 2  # nothing is fetched for it unless it is asked for
    assert main(["a.md", "-o", "c.plug", "-t", "plug"]) == 0
    assert json.loads(Path("c.plug").read_text()) == []


@pytest.mark.usefixtures("plugged")
def test_a_book_becomes_pages_in_any_format_that_can(folder: Path) -> None:
    for name, text in {"SUMMARY.md": "* [A](a.md)\n", "a.md": "# A\n"}.items():
        Path("book").mkdir(exist_ok=True)
        Path("book", name).write_text(text)
    assert main(["book", "-o", "pages/", "-t", "pages", "-q"]) == 0
    assert sorted(path.name for path in Path("pages").iterdir()) == ["a.plug", "index.plug"]


@pytest.mark.parametrize(
    ("images", "says"),
    [
        (ac.ImageOptions(max_size=1000), "json takes pictures as they are; leave out --max-size"),
        (ac.ImageOptions(place="drop"), "leave out --images drop"),
        (ac.ImageOptions(place="folder"), "leave out --images folder"),
    ],
)
def test_wishes_that_a_format_cannot_follow_are_refused_in_the_library_too(images: ac.ImageOptions, says: str) -> None:
    with pytest.raises(ac.OptionError, match=says):
        ac.write(Article(), None, "json", images=images)


# --------------------------------------------------------------------------- sizes


def test_width_quality_and_gray(folder: Path) -> None:
    local(folder, one=saved(photograph(900, 600), "JPEG", quality=95))
    assert main(["a.md", "-o", "a.epub", "--image-max-width", "300", "--image-quality", "50", "--grayscale"]) == 0
    (data,) = pictures_in("a.epub")
    assert opened(data).size == (300, 200) and opened(data).mode == "L"


@pytest.mark.parametrize(
    "arguments",
    [["--image-quality", "96"], ["--image-quality", "0"], ["--image-max-width", "-3"], ["--max-size", "many"]],
)
def test_sizes_that_cannot_be_are_refused(folder: Path, arguments: list[str]) -> None:
    local(folder, one=picture())
    assert main(["a.md", "-o", "a.epub", *arguments]) == 2


@pytest.mark.parametrize("name", ["a.epub", "a.html", pytest.param("a.pdf", marks=pytest.mark.slow)])
def test_an_output_fits_into_its_limit_and_says_what_it_paid(
    folder: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    local(
        folder,
        one=saved(photograph(2400, 1200), "JPEG", quality=92),
        two=saved(screenshot(1800, 900), "PNG"),
        three=saved(photograph(1000, 700), "PNG"),
    )
    assert main(["a.md", "-o", f"whole-{name}", "-q"]) == 0
    whole = Path(f"whole-{name}").stat().st_size
    limit = whole * 4 // 10
    assert main(["a.md", "-o", name, "--max-size", f"{limit / 1000}KB", "-v", "--report", "r.json"]) == 0
    assert whole // 8 < Path(name).stat().st_size <= limit
    said = capsys.readouterr().err
    assert "image.reduced" in said and "JPEG quality" in said
    entries = json.loads(Path("r.json").read_text())["articles"][0]["assets"]
    paid = [entry["detail"] for entry in entries if entry["fate"] == "transcoded"]
    assert paid and all(re.search(r" KB → [\d,]+ KB$", each) for each in paid)
    first = Path(name).read_bytes()
    assert main(["a.md", "-o", name, "--max-size", f"{limit / 1000}KB", "-q"]) == 0
    assert Path(name).read_bytes() == first


def test_pictures_fit_the_device_that_the_book_is_for(folder: Path) -> None:
    local(folder, one=saved(photograph(2400, 900), "JPEG"), two=moving("GIF"))
    assert main(["a.md", "-o", "a.epub", "-q"]) == main(["a.md", "-o", "k.epub", "-q", "-O", "profile=kindle"]) == 0
    assert sorted(opened(data).width for data in pictures_in("a.epub")) == [16, 2400]
    assert sorted(opened(data).width for data in pictures_in("k.epub")) == [16, 1600]
    assert {opened(data).format for data in pictures_in("k.epub")} == {"JPEG", "PNG"}


def test_what_fits_is_not_touched(folder: Path) -> None:
    local(folder, one=saved(photograph(600, 400), "JPEG"))
    assert main(["a.md", "-o", "a.epub"]) == main(["a.md", "-o", "b.epub", "--max-size", "20MB"]) == 0
    assert pictures_in("a.epub") == pictures_in("b.epub")


def test_a_limit_that_cannot_be_kept_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    local(folder, one=saved(photograph(600, 400), "JPEG"))
    assert main(["a.md", "-o", "a.epub", "--max-size", "1KB"]) == 0
    assert "image.over-limit" in capsys.readouterr().err
    assert Path("a.epub").exists()


@pytest.mark.parametrize("limit", range(0, 1100, 37))
@pytest.mark.parametrize("sizes", [[1000 - 80 * n for n in range(12)], [1000, *[900] * 5, *[80] * 6], [1000] * 12])
def test_the_first_step_that_fits_is_found(sizes: list[int], limit: int) -> None:
    made: list[int] = []

    def size_at(step: int) -> int:
        made.append(step)
        return sizes[step]

    step, size = best_step(size_at, limit)
    fitting = [number for number in range(len(STEPS) + 1) if sizes[number] <= limit]
    assert step == (fitting[0] if fitting else len(STEPS))
    assert size == sizes[step] and made[-1] == step
    assert len(made) == len(set(made)) or made.count(step) == 2


def test_steps_go_down() -> None:
    for before, after in pairwise(STEPS):
        assert after.width < before.width and after.quality < before.quality
        assert after.flat_width <= before.flat_width and after.colours <= before.colours
        assert after.share < before.share


def test_a_chapter_is_told_of_once_however_often_it_is_tried(folder: Path) -> None:
    local(folder / "in", "b.md", two=saved(photograph(1500, 900), "JPEG", quality=95))
    Path("in/b.md").write_text(Path("in/b.md").read_text() + "\n![gone](gone.png)\n")
    Path("in/SUMMARY.md").write_text("# Summary\n\n* [B](b.md)\n")
    assert main(["in", "-o", "a.epub", "--max-size", "100KB", "--report", "r.json", "-q"]) == 0
    found = json.loads(Path("r.json").read_text())["articles"][0]
    assert [entry["code"] for entry in found["diagnostics"]].count("image.missing") == 1
    assert Path("a.epub").stat().st_size <= 100_000


def test_lead_pictures_of_books_are_fetched_at_once(web: Web, tmp_path: Path) -> None:
    url = web.at("/lead.png", picture())
    book = ac.Book((), ac.Metadata(title="B", lead_image=url))
    fetcher = ac.Fetcher(tmp_path, allow_hosts=[web.base.removeprefix("http://")])
    assert [resource.url for resource in fetch_pictures(book, fetcher, report=Report()).resources] == [url]
    assert Pillow.open(fetcher.get(url).path).size == (8, 8)
