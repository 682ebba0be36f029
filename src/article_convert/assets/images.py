"""Pictures with Pillow: whether one can be decoded, and the same picture in a form that a target can show.

Nothing here believes a name or a header. The first bytes choose the decoder, the number of pixels is
looked at before they are decoded, and whatever a decoder raises becomes `Unusable` with a reason, so
that bombs, cut files and lies cost little and end nothing.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from article_convert.assets.svg import svg_threat
from article_convert.pictures.sniff import HEAD_BYTES, media_type

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["MAX_PIXELS", "Form", "Probe", "Unready", "Unusable", "probed", "transcoded", "verified"]

MAX_PIXELS = 50_000_000
"""Larger pictures are refused: 150 MB of memory decoded, and seven times a screenshot of ten pages."""

_DECODERS = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG", "MPO"),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/avif": ("AVIF",),
    "image/heic": ("HEIF",),
    "image/bmp": ("BMP",),
    "image/tiff": ("TIFF",),
}
_FEATURES = {"image/webp": "webp", "image/avif": "avif"}
_EXIF = frozenset({"image/jpeg", "image/png", "image/webp"})
_RECIPE = 3
"""Raised when the same form would give other bytes than before."""

_ORIENTATION = 0x0112
_strict = threading.RLock()


class Unusable(Exception):
    """Why a picture cannot be shown."""


class Unready(Unusable):
    """Why it cannot be shown on this machine today, for want of a file, a package, memory or time."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What a picture is: its size in pixels when it is upright, and what keeps some targets from showing it.

    `turned`: EXIF asks for it to be turned or mirrored. `foreign`: its colours are not sRGB. `gray`: it
    has none.
    """

    media_type: str
    width: int
    height: int
    animated: bool = False
    turned: bool = False
    foreign: bool = False
    gray: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """How a picture is to be: media types that may come out, and how large and fine.

    0 means that there is no wish. No picture is wider than `max_width`. `width` and `flat_width` are what
    photographs and flat pictures (screenshots, diagrams) are to have in order to be small; they stay
    wider where that takes fewer bytes. `quality` is that of JPEG, `colours` the most that a flat picture keeps.
    `plain`: upright and in sRGB, for readers that know neither EXIF nor colour profiles. `still`: no
    animations. `wordless`: no drawings (SVG) with words.
    """

    types: frozenset[str]
    plain: bool = False
    max_width: int = 0
    quality: int = 0
    grayscale: bool = False
    width: int = 0
    flat_width: int = 0
    colours: int = 0
    still: bool = False
    wordless: bool = False

    def __str__(self) -> str:
        """The form as part of a recipe: two forms that differ have two of them."""
        types = ",".join(sorted(each.removeprefix("image/") for each in self.types))
        wishes = f"m{self.max_width} q{self.quality} w{self.width} f{self.flat_width} c{self.colours}"
        return f"{_RECIPE} {types} {wishes} p{self.plain:d} g{self.grayscale:d} s{self.still:d} t{self.wordless:d}"


def verified(path: Path) -> str:
    """The media type of a picture that can be decoded to its end. Raises `Unusable`."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    kind = media_type(head)
    if not kind:
        raise Unusable(f"not a picture of a known type{_looks_like(head)}")
    if kind == "image/svg+xml":
        if problem := svg_threat(path.read_bytes()):
            raise Unusable(problem)
        return kind
    with _opened(path, kind) as image, _decoding():
        image.load()
    return kind


def _looks_like(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return ", but a web page"
    return ", but JSON" if start.startswith((b"{", b"[")) else ""


def probed(source: Path | bytes, kind: str) -> Probe:
    """What a picture of the media type `kind` says about itself, without decoding it. Raises `Unusable`."""
    with _opened(source, kind) as image, _decoding():
        animated = kind != "image/jpeg" and bool(getattr(image, "is_animated", False))
        turn = image.getexif().get(_ORIENTATION, 1) if kind in _EXIF else 1
        width, height = (image.height, image.width) if turn in (5, 6, 7, 8) else image.size
        gray = image.mode in ("1", "L", "LA", "I;16")
        return Probe(kind, width, height, animated, turn not in (0, 1), _is_foreign(image), gray)


@contextmanager
def _opened(source: Path | bytes, kind: str) -> Iterator[Image.Image]:
    """A picture, its size looked at and nothing decoded."""
    from PIL import Image

    if kind == "image/heic":
        _learn_heic()
    elif kind not in _DECODERS:
        raise Unusable(f"{kind} cannot be decoded here")
    elif kind in _FEATURES:
        _check_feature(_FEATURES[kind])
    with _decoding():
        handle: Any = io.BytesIO(source) if isinstance(source, bytes) else source
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit is below the one that Pillow warns of
            image = Image.open(handle, formats=_DECODERS[kind])
    with image:
        if not 0 < image.width * image.height <= MAX_PIXELS:
            raise Unusable(f"{image.width:,} × {image.height:,} pixels; at most {MAX_PIXELS:,} are decoded")
        yield image


def _check_feature(name: str) -> None:
    """Raise `Unready` if this Pillow was built without a decoder that it leaves out where a library is missing."""
    from PIL import features

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an older one warns that it has never heard of it
        if not features.check(name):
            raise Unready(f"this Pillow was built without {name.upper()}; pip install --upgrade pillow")


def _learn_heic() -> None:
    try:
        import_module("pillow_heif").register_heif_opener()
    except ImportError:
        raise Unready("HEIC needs the package pillow-heif") from None


@contextmanager
def _decoding() -> Iterator[None]:
    """Decoders raise whatever broken bytes lead them to; all of it means that there is no picture.

    Half a picture is none, also where somebody has told Pillow otherwise for the whole process, as
    WeasyPrint does when it is imported; one thread at a time decodes, so that this holds for each.
    """
    from PIL import ImageFile

    with _strict:
        lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        except Unusable:
            raise
        except MemoryError as error:
            raise Unready("there is not enough memory to decode it") from error
        except ImportError as error:
            raise Unready(f"this Pillow was built without what it needs: {error}") from error
        except OSError as error:
            if error.errno is not None:  # of the system; decoders give none
                raise Unready(f"cannot be read: {error.strerror or error}") from error
            named = not error.filename and "cannot identify" not in str(error)
            raise Unusable(f"cannot be decoded{f': {error}' if named else ''}") from error
        except Exception as error:
            text = " ".join(str(error).split())
            raise Unusable(f"cannot be decoded: {text[:120] or type(error).__name__}") from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _is_foreign(image: Image.Image) -> bool:
    """Whether the colours mean something else than sRGB."""
    if image.mode in ("CMYK", "YCCK", "LAB", "HSV"):
        return True
    profile = image.info.get("icc_profile")
    return profile is not None and image.mode not in ("1", "L", "I;16") and not _says_srgb(profile)


def _says_srgb(profile: bytes) -> bool:
    """Whether a colour profile calls itself sRGB, in the spelling of either version of the format."""
    return b"sRGB" in profile or "sRGB".encode("utf-16-be") in profile


# ------------------------------------------------------------------ another form


def transcoded(source: Path | bytes, kind: str, form: Form) -> tuple[str, bytes, str]:
    """The picture in another form: its media type, its bytes, and what it is now in words.

    Turned as EXIF says, in sRGB, its first frame if it moves, no wider than the form says. Flat
    pictures and those one can see through become PNG, photographs JPEG. Raises `Unusable`.
    """
    with _opened(source, kind) as image, _decoding():
        narrow = _least(form.max_width, form.width)
        if kind == "image/jpeg" and narrow:
            image.draft(None, (narrow, narrow))  # decodes a half, a quarter or an eighth of a larger one
        image.load()
        plain = _plain(image)
        if form.grayscale:
            plain = plain.convert("LA" if plain.mode == "RGBA" else "L")
        flat = kind != "image/jpeg" and _is_flat(plain)
        widths = (form.max_width, _least(form.max_width, form.flat_width)) if flat else (narrow,)
        results = [_encoded(_narrowed(plain, width), flat, form) for width in dict.fromkeys(widths)]
    return min(results, key=lambda result: len(result[1]))


def _least(one: int, other: int) -> int:
    """The smaller of two wishes, 0 being none."""
    return min(one or other, other or one)


def _plain(image: Image.Image) -> Image.Image:
    """The picture as L, RGB or RGBA: upright, in sRGB, eight bits deep."""
    from PIL import ImageOps

    profile = image.info.get("icc_profile")
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I") or upright.mode == "F":
        return _eight_bits(upright)
    if upright.mode in ("P", "PA", "LA", "La", "RGBa") or "transparency" in upright.info:
        see_through = upright.convert("RGBA")
        lowest: Any = see_through.getchannel("A").getextrema()
        plain = see_through if lowest[0] < 255 else see_through.convert("RGB")
    elif upright.mode == "1":
        return upright.convert("L")
    else:
        plain = upright
    return _in_srgb(plain, profile)


def _eight_bits(image: Image.Image) -> Image.Image:
    if image.mode == "F":
        return image.convert("L")
    return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in ("RGB", "RGBA", "CMYK") and not _says_srgb(profile):
        from PIL import ImageCms

        mode: Any = "RGB" if image.mode == "CMYK" else image.mode
        try:
            own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target: Any = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
            target.info.pop("icc_profile", None)  # the library writes the hour into a profile that it makes
            return target  # type: ignore[no-any-return]
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that does not fit its picture says nothing about it
    return image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB")


def _is_flat(image: Image.Image) -> bool:
    """Whether most pixels equal their neighbour: text, diagrams and windows do, photographs do not."""
    from PIL import ImageChops

    gray = image.convert("L")
    if gray.width < 2:
        return True
    left, right = gray.crop((0, 0, gray.width - 1, gray.height)), gray.crop((1, 0, gray.width, gray.height))
    same = ImageChops.difference(left, right).histogram()[0]
    return same * 2 > left.width * left.height


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    from PIL import Image

    if not width or image.width <= width:
        return image
    size = (width, max(1, round(image.height * width / image.width)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _encoded(image: Image.Image, flat: bool, form: Form) -> tuple[str, bytes, str]:
    """PNG for what is flat or seen through, JPEG for the rest, as far as the form allows both."""
    from PIL import Image

    out = io.BytesIO()
    size = f"{image.width:,} × {image.height:,}"
    see_through = image.mode in ("RGBA", "LA")
    if "image/png" in form.types and (flat or see_through or "image/jpeg" not in form.types):
        if form.colours and flat:
            # MAXCOVERAGE keeps the worst error of a pixel low, so thin strokes stay; it knows no alpha.
            method = Image.Quantize.FASTOCTREE if see_through else Image.Quantize.MAXCOVERAGE
            rgb = image.convert("RGBA" if see_through else "RGB")
            image = rgb.quantize(form.colours, method, kmeans=0 if see_through else 1, dither=Image.Dither.NONE)
        image.save(out, "PNG", optimize=bool(form.colours))
        return "image/png", out.getvalue(), f"PNG, {size}"
    if see_through:
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image.convert("RGBA")).convert("L" if form.grayscale else "RGB")
    image.save(out, "JPEG", quality=form.quality or 85, optimize=True, subsampling=0 if flat else 2)
    return "image/jpeg", out.getvalue(), f"JPEG, {size}"
