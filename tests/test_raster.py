"""Drawings made into PNG: their size, their words, their limits; what devices get, and what is said without resvg."""

from __future__ import annotations

import io
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image as Pillow

from article_convert.assets import prepare, raster
from article_convert.assets.images import Form, Unready, Unusable
from article_convert.assets.policy import ImageOptions, form_for
from article_convert.assets.prepare import prepared, store_at
from article_convert.assets.raster import MAX_PIXELS, has_words, rasterised
from article_convert.assets.store import Store
from article_convert.formats import writer
from article_convert.model import Article, Image, Paragraph, Resource
from article_convert.report import Report

START = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
BOX = START + 'viewBox="0 0 90 60">'
SQUARE = BOX + '<rect x="30" y="0" width="30" height="60" fill="#f00"/></svg>'
RASTER = Form(frozenset({"image/png", "image/jpeg"}), max_width=1600)


def drawn(svg: str, max_width: int = 1600) -> Pillow.Image:
    return Pillow.open(io.BytesIO(rasterised(svg.encode(), max_width))).convert("RGBA")


def ink(picture: Pillow.Image) -> int:
    """How many pixels are not clear."""
    return sum(picture.getchannel("A").histogram()[1:])


@pytest.mark.parametrize(
    ("root", "size"),
    [
        ('viewBox="0 0 90 60"', (180, 120)),  # small: twice as large
        ('width="24" height="24" viewBox="0 0 12 6"', (48, 48)),
        ('width="90"', (180, 300)),
        ('width="45" viewBox="0,0,90,60"', (90, 60)),
        ('width="100%" height="100%" viewBox="0 0 90 60"', (180, 120)),
        ('width="1in" height="48pt"', (192, 128)),
        ('width="-5" height="nan" viewBox="x"', (600, 300)),
        ("", (600, 300)),  # as browsers do
        ('viewBox="0 0 1200 300"', (1600, 400)),
        ('viewBox="0 0 2400 300"', (1600, 200)),  # no wider than the device
        ('viewBox="0 0 1e9 1e9"', (1600, 1600)),
        ('viewBox="0 0 1e300 1e-300"', (1600, 1)),
    ],
)
def test_sizes_are_those_of_browsers_and_fit_the_device(root: str, size: tuple[int, int]) -> None:
    assert drawn(f'{START}{root}><rect width="9" height="9"/></svg>').size == size


def test_a_canvas_is_bounded_without_a_width_too() -> None:
    for box in ("1e9 1e9", "1 100000", "100000 1", "1e9 1e-3", "1e-9 1e9"):
        width, height = drawn(f'{START}viewBox="0 0 {box}"><rect width="1" height="1"/></svg>', 0).size
        assert width * height <= MAX_PIXELS and max(width, height) <= 10_000


def test_colours_and_clear_ground_stay() -> None:
    picture = drawn(SQUARE)
    assert picture.getpixel((90, 60)) == (255, 0, 0, 255)
    assert picture.getpixel((10, 60)) == (0, 0, 0, 0)


def test_the_same_drawing_gives_the_same_bytes() -> None:
    words = BOX + '<text y="20">流程 flow</text></svg>'
    assert rasterised(words.encode(), 1600) == rasterised(words.encode(), 1600)


@pytest.mark.parametrize("family", ["", "Arial", "'PingFang SC', sans-serif", "monospace", "serif"])
def test_words_show_in_every_script(family: str) -> None:
    """Each character looks like none of the others, so none is a box for a missing one."""
    pictures = {
        drawn(f'{BOX}<text y="40" font-size="30" font-family="{family}">{each}</text></svg>').tobytes()
        for each in "流程图한あaжעا→✓"
    }
    assert len(pictures) == len("流程图한あaжעا→✓")
    assert all(any(each) for each in pictures)
    bold = drawn(f'{BOX}<text y="40" font-weight="bold" font-family="{family}">流程</text></svg>')
    assert ink(bold) > ink(drawn(f'{BOX}<text y="40" font-family="{family}">流程</text></svg>'))


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Pillow.new("RGB", (9, 9), "red").save(secret)
    for address in (str(secret), secret.as_uri(), "secret.png", "http://127.0.0.1/a.png"):
        with pytest.raises(Unusable, match="outside"):
            rasterised(f'{BOX}<image xlink:href="{address}" width="90" height="60"/></svg>'.encode(), 0)


def _copies(levels: int) -> str:
    ten = [f'<use xlink:href="#a{level}"/>' * 10 for level in range(levels - 1)]
    inner = "".join(f'<g id="a{level}">{copies}</g>' for level, copies in enumerate(ten, 1))
    return f'<defs><rect id="a0" width="1" height="1"/>{inner}</defs><use xlink:href="#a{levels - 1}"/>'


_BOMBS = {
    "copies of copies": _copies(10),
    "copies of themselves": '<g id="a"><use xlink:href="#b"/></g><g id="b"><use xlink:href="#a"/></g>',
    "filters that take for ever": '<filter id="f" x="0" y="0" width="90" height="60" filterUnits="userSpaceOnUse">'
    + '<feTurbulence baseFrequency="0.01" numOctaves="100000"/>' * 50
    + '</filter><rect filter="url(#f)" width="90" height="60"/>',
    "layers upon layers": '<g opacity="0.9">' * 240 + '<rect width="90" height="60"/>' + "</g>" * 240,
}


@pytest.mark.parametrize("name", _BOMBS)
def test_bombs_end_with_a_reason(name: str) -> None:
    large = START + f'width="2400" height="2400" viewBox="0 0 90 60">{_BOMBS[name]}</svg>'
    with pytest.raises(Unusable, match="cannot be made into PNG") as failure:
        rasterised(large.encode(), 0)
    assert not isinstance(failure.value, Unready)


@pytest.mark.parametrize("inside", ["<script/>", '<rect onclick="a()"/>', "<g>", "<foreignObject/>"])
def test_only_what_is_sanitised_is_drawn(inside: str) -> None:
    with pytest.raises(Unusable):
        rasterised(f"{BOX}{inside}</svg>".encode(), 0)


def test_words_are_words_that_can_be_seen() -> None:
    assert has_words((BOX + "<g><text><tspan>a</tspan></text></g></svg>").encode())
    assert not has_words((BOX + "<title>a</title><text> </text></svg>").encode())


# --------------------------------------------------------------------------- in a document


def resource(svg: str) -> Resource:
    data = svg.encode()
    return Resource("a.svg", "image/svg+xml", sha256(data).hexdigest(), data)


def made(svg: str, form: Form, store: Store, report: Report | None = None) -> tuple[Resource, ...]:
    article = Article((Paragraph((Image("a.svg"),)),), resources=(resource(svg),))
    return prepared(article, form, store, report or Report()).resources


def test_devices_without_drawings_get_png_and_the_ledger_says_so() -> None:
    report = Report()
    with store_at(None) as store:
        (found,) = made(SQUARE.replace("<rect", "<script/><rect"), RASTER, store, report)
        assert found.media_type == "image/png"
    assert [(each.fate, each.url) for each in report.assets] == [("transcoded", "a.svg")]
    assert report.assets[0].detail.startswith("image/svg+xml → PNG, 180 × 120 without a script element")
    assert [each.code for each in report.diagnostics] == ["image.mended"]


def test_wishes_for_pictures_hold_for_drawings() -> None:
    with store_at(None) as store:
        (found,) = made(SQUARE, Form(RASTER.types, max_width=60, grayscale=True), store)
        picture = Pillow.open(found.location if not isinstance(found.location, bytes) else io.BytesIO(found.location))
        assert (picture.size, picture.mode) == ((60, 40), "LA")


WORDS = BOX + '<text y="20">流程</text></svg>'


@pytest.mark.parametrize(
    ("profile", "svg", "kind"),
    [
        ("weread", SQUARE, "image/png"),
        ("weread", WORDS, "image/png"),
        ("kindle", SQUARE, "image/svg+xml"),
        ("kindle", WORDS, "image/png"),
        ("kobo", WORDS, "image/svg+xml"),
        ("apple", WORDS, "image/svg+xml"),
        ("generic", WORDS, "image/svg+xml"),
    ],
)
def test_each_device_gets_what_it_shows(profile: str, svg: str, kind: str) -> None:
    epub = writer("epub")
    form = form_for(epub, epub.options(profile=profile), ImageOptions())
    with store_at(None) as store:
        assert [each.media_type for each in made(svg, form, store)] == [kind]


@pytest.mark.parametrize(("missing", "extra"), [("resvg_py", "images"), ("justmytype_intl_cjk", "pdf")])
def test_what_is_missing_is_named_and_not_remembered(missing: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find, report = raster.find_spec, Report()
    with store_at(None) as store:
        with monkeypatch.context() as patch:
            patch.setattr(raster, "find_spec", lambda name: None if name == missing else find(name))
            assert made(WORDS, RASTER, store, report) == ()
            shows_drawings = Form(RASTER.types | {"image/svg+xml"}, wordless=True)
            assert [each.media_type for each in made(WORDS, shows_drawings, store)] == ["image/svg+xml"]
        assert f"pip install 'article_convert[{extra}]'" in report.diagnostics[0].message
        assert [each.fate for each in report.assets] == ["failed"]
        assert [each.media_type for each in made(WORDS, RASTER, store)] == ["image/png"]
        assert [each.media_type for each in made(WORDS, shows_drawings, store)] == ["image/png"]


@pytest.mark.parametrize(("program", "says"), [("kill -9 $$", "signal 9"), ("echo gone >&2; exit 3", "gone")])
def test_a_process_that_others_end_says_nothing_of_the_drawing(
    program: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = tmp_path / "python"
    shell.write_text(f"#!/bin/sh\ncat >/dev/null\n{program}\n", encoding="utf-8")
    shell.chmod(0o755)
    with store_at(tmp_path / "cache") as store:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", str(shell))
            report = Report()
            assert made(SQUARE, RASTER, store, report) == ()
            assert says in report.diagnostics[0].message
        assert [each.media_type for each in made(SQUARE, RASTER, store)] == ["image/png"]


def test_a_drawing_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with store_at(None) as store:
        first = made(SQUARE, RASTER, store)
        monkeypatch.setattr(prepare, "rasterised", lambda *_: pytest.fail("drawn again"))
        assert made(SQUARE, RASTER, store) == first
