"""Pictures in another form: what each kind becomes, what stays as it is, and what cannot be shown."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageChops, ImageCms, ImageDraw, ImageFile

from article_convert.assets import prepare
from article_convert.assets.images import MAX_PIXELS, Form, Unusable, probed, transcoded
from article_convert.assets.prepare import prepared, store_at
from article_convert.assets.store import Store
from article_convert.assets.svg import sanitised_svg, svg_threat
from article_convert.model import Article, Image, Paragraph, Resource
from article_convert.pictures.sniff import media_type
from article_convert.pictures.svg import svg_problem
from article_convert.report import Report

READER = Form(frozenset({"image/png", "image/jpeg", "image/gif", "image/svg+xml"}), plain=True)
"""What an e-reader shows."""


def saved(image: Pillow.Image, kind: str, **settings: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **settings)
    return out.getvalue()


def photograph(width: int = 320, height: int = 240) -> Pillow.Image:
    """Colours that change from pixel to pixel, as in a photograph."""
    across = Pillow.linear_gradient("L").resize((width, height))
    noise = Pillow.effect_noise((width, height), 40)
    return Pillow.merge("RGB", (across, noise, across.transpose(Pillow.Transpose.ROTATE_180)))


def screenshot(width: int = 320, height: int = 240) -> Pillow.Image:
    """Lines of dark text on white."""
    image = Pillow.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for y in range(8, height - 12, 20):
        draw.text((8, y), "A line of text as a window shows it", "black")
    return image


def opened(data: bytes) -> Pillow.Image:
    image = Pillow.open(io.BytesIO(data))
    image.load()
    return image


def made(data: bytes, form: Form = READER) -> tuple[Resource | None, Report]:
    """What `prepared` makes of one picture; its bytes are the location."""
    report = Report()
    resource = Resource("a.png", media_type(data), sha256(data).hexdigest(), data)
    with store_at(None) as store:
        article = prepared(Article((Paragraph((Image("a.png"),)),), resources=(resource,)), form, store, report)
        if not article.resources:
            return None, report
        (found,) = article.resources
        location = found.location if isinstance(found.location, bytes) else found.location.read_bytes()
    return Resource(found.url, found.media_type, found.digest, location), report


def bytes_of(resource: Resource | None) -> bytes:
    assert resource is not None
    assert isinstance(resource.location, bytes)
    assert sha256(resource.location).hexdigest() == resource.digest
    assert media_type(resource.location) == resource.media_type
    return resource.location


# --------------------------------------------------------------------------- types


@pytest.mark.parametrize("kind", ["WEBP", "AVIF", "TIFF", "BMP"])
def test_photographs_become_jpeg_and_screenshots_png(kind: str) -> None:
    settings = {"lossless": True} if kind == "WEBP" else {"quality": 90} if kind == "AVIF" else {}
    photo, report = made(saved(photograph(), kind, **settings))
    shot, _ = made(saved(screenshot(), kind, **settings))
    assert photo is not None and photo.media_type == "image/jpeg"
    assert shot is not None and shot.media_type == "image/png"
    assert opened(bytes_of(shot)).size == opened(bytes_of(photo)).size == (320, 240)
    (entry,) = report.assets
    assert (entry.fate, entry.url) == ("transcoded", "a.png")
    assert entry.detail.startswith(f"image/{kind.lower()} → JPEG, 320 × 240, ")


@pytest.mark.parametrize(
    "data",
    [saved(photograph(), "JPEG"), saved(screenshot(), "PNG"), saved(screenshot(), "GIF")],
    ids=["jpeg", "png", "gif"],
)
def test_what_can_be_shown_stays_byte_by_byte(data: bytes) -> None:
    resource, report = made(data)
    assert bytes_of(resource) == data
    assert not report.assets and not report.diagnostics


def test_what_one_can_see_through_stays_so() -> None:
    image = photograph().convert("RGBA")
    image.putalpha(Pillow.linear_gradient("L").resize(image.size))
    resource, _ = made(saved(image, "WEBP", lossless=True))
    result = opened(bytes_of(resource))
    assert result.format == "PNG" and result.mode == "RGBA"
    assert result.getchannel("A").getextrema() == image.getchannel("A").getextrema()


def test_without_png_what_one_can_see_through_stands_on_white() -> None:
    image = Pillow.new("RGBA", (8, 8), (0, 0, 0, 0))
    _, data, _ = transcoded(saved(image, "PNG"), "image/png", Form(frozenset({"image/jpeg"})))
    assert opened(data).getpixel((4, 4)) == (255, 255, 255)


def test_palettes_with_a_transparent_colour_keep_it() -> None:
    image = Pillow.new("P", (8, 8), 1)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((0, 0), 0)
    _, data, _ = transcoded(saved(image, "GIF", transparency=0), "image/gif", Form(frozenset({"image/png"})))
    result = opened(data)
    assert result.getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert result.getpixel((4, 4)) == (0, 255, 0, 255)


def test_sixteen_bits_keep_their_shades() -> None:
    image = Pillow.new("I;16", (4, 1))
    for x, value in enumerate((0, 20_000, 40_000, 65_535)):
        image.putpixel((x, 0), value)
    _, data, _ = transcoded(saved(image, "TIFF"), "image/tiff", READER)
    shades = opened(data).convert("L").get_flattened_data()
    assert all(abs(shade - expected) <= 1 for shade, expected in zip(shades, (0, 78, 156, 255), strict=True))


# --------------------------------------------------------------------------- upright, sRGB, still


@pytest.mark.parametrize("orientation", [2, 3, 6, 8])
def test_what_exif_turns_is_turned(orientation: int) -> None:
    image = Pillow.new("RGB", (64, 32), "white")
    image.paste("red", (0, 0, 32, 16))
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    resource, report = made(saved(image, "JPEG", exif=exif, quality=95))
    result = opened(bytes_of(resource))
    assert result.size == ((32, 64) if orientation in (6, 8) else (64, 32))
    assert 0x0112 not in result.getexif()
    corner = {2: (60, 4), 3: (60, 28), 6: (28, 4), 8: (4, 60)}[orientation]
    red, green, _ = result.getpixel(corner)  # type: ignore[misc]
    assert red > 200 and green < 60
    assert report.assets[0].fate == "transcoded"


def test_inks_become_colours() -> None:
    image = Pillow.new("CMYK", (16, 16), (0, 255, 255, 0))
    resource, _ = made(saved(image, "JPEG"))
    result = opened(bytes_of(resource))
    assert result.mode == "RGB"
    assert result.getpixel((8, 8))[0] > 200  # type: ignore[index]


def test_colours_of_another_profile_become_srgb() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    image = Pillow.new("RGB", (16, 16), (120, 200, 40))
    assert probed(saved(image, "PNG", icc_profile=lab.tobytes()), "image/png").foreign
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    assert not probed(saved(image, "PNG", icc_profile=srgb.tobytes()), "image/png").foreign


def test_no_profile_is_left_that_tells_the_hour() -> None:
    named = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    other = named.replace(b"sRGB", b"mine").replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))
    image = Pillow.new("RGB", (16, 16), (120, 200, 40))
    resource, report = made(saved(image, "PNG", icc_profile=other))
    assert report.assets[0].fate == "transcoded"
    assert "icc_profile" not in opened(bytes_of(resource)).info


def test_a_broken_profile_is_no_reason_to_lose_a_picture() -> None:
    resource, _ = made(saved(photograph(), "JPEG", icc_profile=b"nonsense"))
    assert opened(bytes_of(resource)).size == (320, 240)


def moving(kind: str) -> bytes:
    frames = [Pillow.new("RGB", (16, 16), colour) for colour in ("red", "blue", "green")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, lossless=True)


def test_animations_stay_where_they_can_and_else_show_their_first_frame() -> None:
    gif, webp = moving("GIF"), moving("WEBP")
    resource, report = made(gif)
    assert bytes_of(resource) == gif and not report.diagnostics
    resource, report = made(webp)
    result = opened(bytes_of(resource))
    assert result.convert("RGB").getpixel((4, 4)) == (255, 0, 0)
    assert [each.code for each in report.diagnostics] == ["image.still"]
    resource, report = made(gif, Form(frozenset({"image/png"})))
    assert [each.code for each in report.diagnostics] == ["image.still"]
    assert "first frame" in report.assets[0].detail


# --------------------------------------------------------------------------- wishes


def test_wide_pictures_become_narrower_and_others_stay() -> None:
    narrow = Form(READER.types, max_width=200)
    for data in (saved(photograph(), "JPEG"), saved(screenshot(), "PNG"), saved(photograph(), "PNG")):
        resource, _ = made(data, narrow)
        assert opened(bytes_of(resource)).size == (200, 150)
    small = saved(photograph(160, 120), "JPEG")
    assert bytes_of(made(small, narrow)[0]) == small


def test_quality_makes_photographs_smaller_or_leaves_them() -> None:
    fine = saved(photograph(), "JPEG", quality=95)
    coarse = saved(photograph(), "JPEG", quality=20)
    form = Form(READER.types, quality=50)
    assert len(bytes_of(made(fine, form)[0])) < len(fine) / 2
    assert bytes_of(made(coarse, form)[0]) == coarse


def test_aims_are_met_where_that_saves_bytes() -> None:
    photo = saved(photograph(800, 600), "JPEG")
    shot = saved(screenshot(800, 600), "PNG")
    form = Form(READER.types, width=400, flat_width=790, colours=32)
    assert opened(bytes_of(made(photo, form)[0])).size == (400, 300)
    assert opened(bytes_of(made(shot, form)[0])).size == (800, 600)  # blurred edges would take more


def test_grayscale_leaves_no_colour() -> None:
    form = Form(READER.types, grayscale=True)
    for data in (saved(photograph(), "JPEG"), saved(screenshot(), "PNG"), saved(photograph().convert("RGBA"), "PNG")):
        result = opened(bytes_of(made(data, form)[0]))
        assert result.mode in ("L", "LA", "P")
        red, green, blue = result.convert("RGB").split()
        assert ImageChops.difference(red, green).getbbox() is ImageChops.difference(green, blue).getbbox() is None


def test_few_colours_are_enough_for_text() -> None:
    shot = saved(screenshot(800, 600), "PNG", compress_level=1)
    result = bytes_of(made(shot, Form(READER.types, colours=16))[0])
    assert len(result) < len(shot)
    assert opened(result).mode == "P"
    difference = ImageChops.difference(opened(result).convert("L"), screenshot(800, 600).convert("L"))
    assert max(difference.getextrema()) <= 16


# --------------------------------------------------------------------------- what cannot be shown


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, more: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = b"\0" + bytes((width + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(height if width * height < 2**28 else 1)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


BROKEN: dict[str, Callable[[], bytes]] = {
    "cut PNG": lambda: saved(photograph(), "PNG")[:-500],
    "cut JPEG": lambda: saved(photograph(), "JPEG")[:2000],
    "cut WebP": lambda: saved(photograph(), "WEBP")[:500],
    "cut GIF": lambda: saved(screenshot(), "GIF")[:200],
    "only a head": lambda: b"\x89PNG\r\n\x1a\n" + b"a picture",
    "lying GIF": lambda: b"GIF89a" + bytes(40),
    "100 megapixels": lambda: png_of(10_000, 10_000),
    "four gigapixels": lambda: png_of(65_535, 65_535),
    "two to the 31st": lambda: png_of(2**31 - 1, 1),
    "GIF screen of four gigapixels": lambda: b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(20),
    "empty TIFF": lambda: b"II*\0\x08\0\0\0\0\0",
    "HEIC": lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40),
    "scripted SVG in ruins": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_cannot_be_decoded_is_left_out_with_its_reason(name: str) -> None:
    resource, report = made(BROKEN[name]())
    assert resource is None
    (diagnostic,) = report.diagnostics
    assert diagnostic.code == "image.unsupported"
    assert [(entry.url, entry.fate) for entry in report.assets] == [("a.png", "failed")]
    assert report.is_explained("a.png")


@pytest.mark.parametrize("name", ["cut PNG", "cut JPEG"])
def test_half_a_picture_is_none_whatever_pillow_was_told(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint makes Pillow lenient for the whole process."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    assert made(BROKEN[name]())[0] is None
    assert ImageFile.LOAD_TRUNCATED_IMAGES


def test_bombs_cost_little_memory(tmp_path: Path) -> None:
    bombs = {
        "zTXt": png_of(8, 8, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(64 << 20), 9))),
        "iCCP": png_of(8, 8, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(64 << 20), 9))),
        "large": png_of(10_000, 10_000),
    }
    for name, data in bombs.items():
        (tmp_path / name).write_bytes(data)
    program = """
import pathlib, resource, sys
from PIL import Image
from article_convert.assets.images import Unusable, verified
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        verified(path)
    except Unusable:
        pass
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""
    run = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True, check=True)
    assert int(run.stdout) < 64
    assert run.stderr == ""


def test_the_limit_of_pixels_is_named() -> None:
    with pytest.raises(Unusable, match=f"{MAX_PIXELS:,}"):
        probed(png_of(10_000, 10_000), "image/png")


def test_files_that_are_no_pictures_are_left_alone() -> None:
    file = Resource("a.pdf", "application/pdf", "0" * 64, b"%PDF")
    with store_at(None) as store:
        report = Report()
        assert prepared(Article(resources=(file,)), READER, store, report).resources == (file,)
        assert not report.assets


# --------------------------------------------------------------------------- kept


def test_results_are_kept_beside_pictures_that_came_from_a_store(tmp_path: Path) -> None:
    store = Store(tmp_path)
    stored = store.put(saved(photograph(), "WEBP"), "image/webp")
    article = Article(resources=(Resource("u", stored.media_type, stored.digest, stored.path),))
    for _ in range(2):
        with store_at(None) as scratch:
            found = prepared(article, READER, scratch, Report()).resources[0]
            assert found.media_type == "image/jpeg"
            assert str(found.location).startswith(str(tmp_path))
            assert not (scratch.folder / "sha256").exists()
    assert len(list(tmp_path.glob("made/*/*"))) == 1
    assert len(list(tmp_path.glob("sha256/*/*"))) == 2


def test_a_second_run_decodes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(tmp_path)
    article = Article(resources=(Resource("u", "image/webp", "0" * 64, saved(photograph(), "WEBP")),))
    first = prepared(article, READER, store, Report())
    monkeypatch.setattr(Pillow, "open", None)
    report = Report()
    assert prepared(article, READER, store, report) == first
    assert report.assets[0].fate == "transcoded"


@pytest.mark.parametrize("kind", ["WEBP", "TIFF"])
def test_the_same_picture_gives_the_same_bytes(kind: str) -> None:
    data = saved(screenshot(), kind)
    form = Form(READER.types, max_width=200, colours=32, quality=70)
    assert transcoded(data, f"image/{kind.lower()}", form) == transcoded(data, f"image/{kind.lower()}", form)


def test_two_forms_have_two_recipes() -> None:
    forms = [
        READER,
        Form(READER.types),
        Form(READER.types, max_width=1),
        Form(READER.types, quality=1),
        Form(READER.types, grayscale=True),
        Form(READER.types, width=1),
        Form(READER.types, flat_width=1),
        Form(READER.types, colours=1),
        Form(READER.types, still=True),
        Form(frozenset({"image/png"})),
    ]
    assert len({str(form) for form in forms}) == len(forms)


# --------------------------------------------------------------------------- SVG

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="80" height="40" viewBox="0 0 80 40">{}</svg>'
)

MENDED = {
    "scripts": ('<script>a()</script><rect width="9"/>', '<rect width="9"/>'),
    "handlers": ('<rect width="9" onclick="a()"/>', '<rect width="9"/>'),
    "links that run": ('<a href="javascript:a()"><rect width="9"/></a>', '<a><rect width="9"/></a>'),
    "pictures from outside": ('<image href="https://a.example/x.png"/><rect width="9"/>', '<rect width="9"/>'),
    "pieces from outside": ('<use xlink:href="a.svg#b"/><rect width="9"/>', '<rect width="9"/>'),
    "styles from outside": (
        "<style>@import url(a.css); .a { fill: url('https://a.example/'); stroke: url(#b) }</style>",
        "<style> .a { fill: none; stroke: url(#b) }</style>",
    ),
    "styles in pieces": (
        "<style>a{}<!-- --> u<b/>rect{fill:url(https://a.example/x.svg#a)}</style>",
        "<style>a{} urect{fill:none}</style>",
    ),
    "styles that load without url()": (
        '<style>@namespace "http://www.w3.org/2000/svg"; a{content:"//a.example/"} b{fill:red}</style>',
        '<style> a{content:""} b{fill:red}</style>',
    ),
    "sets of pictures": ('<style>a{mask:image-set("a.png" 1x)}</style><rect width="9"/>', '<style/><rect width="9"/>'),
    "another base": ('<g xml:base="https://a.example/"><rect width="9"/></g>', '<g><rect width="9"/></g>'),
    "hidden references": ("<style>.a { fill: u\\72l(https://a.example/) }</style>", "<style/>"),
    "foreign markup": (
        '<foreignObject x="10" y="10" width="40" height="20"><p xmlns="http://www.w3.org/1999/xhtml">Start</p>'
        "</foreignObject>",
        '<text x="30" y="20" text-anchor="middle" dominant-baseline="central">Start</text>',
    ),
    "foreign markup with styles and scripts": (
        '<foreignObject width="40" height="20"><p xmlns="http://www.w3.org/1999/xhtml"><style>p{x:y}</style>Go'
        "<script>a()</script> on</p></foreignObject>",
        '<text x="20" y="10" text-anchor="middle" dominant-baseline="central">Go on</text>',
    ),
    "foreign markup with another form": (
        '<switch><foreignObject><p xmlns="http://www.w3.org/1999/xhtml">Start</p></foreignObject>'
        "<text>Start</text></switch>",
        "<switch><text>Start</text></switch>",
    ),
    "ids that are no names": ('<rect id="1"/><use href="#1"/>', '<rect id="i-1"/><use href="#i-1"/>'),
    "ids twice": ('<g id="a"/><rect id="a"/>', '<g id="a"/><rect/>'),
    "references to nothing": ('<use href="#none"/><rect width="9"/>', '<rect width="9"/>'),
    "other namespaces": (
        '<metadata><a xmlns="urn:x"/></metadata><rect xmlns:i="urn:i" i:label="x" width="9"/>',
        '<rect width="9"/>',
    ),
    "text where none is drawn": (
        '<!-- start -->c2F2ZWQ=<!-- end --><g>x<rect width="9"/>y</g>'
        '<text>Go <tspan>on</tspan> <a href="#b">here</a> now</text><title id="b">T</title>',
        '<g><rect width="9"/></g><text>Go <tspan>on</tspan> <a href="#b">here</a> now</text><title id="b">T</title>',
    ),
    "comments and instructions": ('<?xml-stylesheet href="a.css"?><!-- x --><rect width="9"/>', '<rect width="9"/>'),
}


def plain(svg: bytes) -> str:
    """The content of a drawing, without the declarations of namespaces that are left over."""
    text = svg.decode()
    inner = text[text.index(">") + 1 : text.rindex("</svg>")] if "</svg>" in text else ""
    return inner.replace(' xmlns:i="urn:i"', "")


def test_what_may_pass_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is away, memory that is short, a package that is missing: none of it is said of the picture."""
    data = saved(screenshot(), "BMP")
    resource = Resource("a.bmp", "image/bmp", sha256(data).hexdigest(), tmp_path / "a.bmp")
    drawing = Resource("a.svg", "image/svg+xml", "0" * 64, tmp_path / "a.svg")
    heic = Resource("a.heic", "image/heic", "1" * 64, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(40))
    store = Store(tmp_path / "cache")

    def said(resource: Resource) -> str:
        report = Report()
        prepared(Article(resources=(resource,)), READER, store, report)
        return "; ".join(each.message for each in report.diagnostics)

    assert "No such file" in said(resource)
    assert "No such file" in said(drawing)
    assert "needs the package pillow-heif" in said(heic)
    (tmp_path / "a.bmp").write_bytes(data)
    with monkeypatch.context() as patch:
        patch.setattr(Pillow, "open", lambda *_, **__: (_ for _ in ()).throw(MemoryError))
        assert "not enough memory" in said(resource)
    assert not [*(tmp_path / "cache").glob("made/*/*")]
    assert said(resource) == ""


@pytest.mark.parametrize("damage", [{"codes": "no.such-code"}, {"codes": 5}, {"note": None}, {"size": "many"}])
def test_a_record_that_a_stranger_has_changed_ends_nothing(damage: dict[str, object], tmp_path: Path) -> None:
    data = saved(screenshot(), "BMP")
    article = Article(resources=(Resource("a.bmp", "image/bmp", sha256(data).hexdigest(), data),))
    store = Store(tmp_path)
    first = prepared(article, READER, store, Report())
    (place,) = tmp_path.glob("made/*/*.json")
    place.write_text(json.dumps(json.loads(place.read_text()) | damage))
    assert prepared(article, READER, store, Report()) == first


def test_another_version_of_a_package_is_another_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = saved(screenshot(), "BMP")
    resource = Resource("a.bmp", "image/bmp", sha256(data).hexdigest(), data)
    store = Store(tmp_path)
    for version in ("1", "1", "2"):
        monkeypatch.setattr(prepare, "version", lambda _, version=version: version)
        prepare._tools.cache_clear()
        prepared(Article(resources=(resource,)), READER, store, Report())
    prepare._tools.cache_clear()
    assert len([*tmp_path.glob("made/*/*")]) == 2


@pytest.mark.parametrize("name", MENDED)
def test_drawings_keep_what_draws(name: str) -> None:
    inside, expected = MENDED[name]
    data, _ = sanitised_svg(SVG.format(inside).encode())
    assert plain(data) == expected
    assert svg_problem(data) == ""
    assert sanitised_svg(data)[0] == data


def test_what_was_taken_out_is_reported() -> None:
    inside = MENDED["scripts"][0] + MENDED["pictures from outside"][0]
    resource, report = made(SVG.format(inside).encode())
    assert b"script" not in bytes_of(resource)
    assert [each.code for each in report.diagnostics] == ["image.mended"]
    assert "a script element" in report.diagnostics[0].message


def test_entities_of_a_drawing_are_resolved_and_bombs_refused() -> None:
    start = '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg"><!ENTITY w "9">]>'
    data, _ = sanitised_svg(f'{start}<svg xmlns="&ns;"><rect width="&w;"/></svg>'.encode())
    assert data == b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9"/></svg>'
    bomb = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE svg [<!ENTITY a0 "lol">{bomb}]><svg xmlns="http://www.w3.org/2000/svg"><text>&a9;</text></svg>'
    with pytest.raises(ValueError, match="malformed"):
        sanitised_svg(bomb.encode())
    file = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    try:
        data, _ = sanitised_svg(f'{file}<svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'.encode())
    except ValueError:
        data = b""
    assert b"root:" not in data


@pytest.mark.parametrize(
    "name", ["foreign markup", "styles from outside", "ids twice", "other namespaces", "another base"]
)
def test_what_tools_leave_in_drawings_is_no_threat(name: str) -> None:
    assert svg_threat(SVG.format(MENDED[name][0]).encode()) == ""


@pytest.mark.parametrize(
    "name", ["scripts", "handlers", "links that run", "pictures from outside", "pieces from outside"]
)
def test_what_runs_or_loads_is_a_threat(name: str) -> None:
    assert svg_threat(SVG.format(MENDED[name][0]).encode())
