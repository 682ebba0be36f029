"""The fonts of a PDF: which there are, static copies made once, and what they cannot show; fonts cut for EPUBs.

Output must look the same on every machine, so no font of the system is used. The fonts come as
Python packages, most of them variable. The layout engine would cut an instance out of a variable
font for every document (6 s for a Chinese one), so each instance is cut once, with HarfBuzz (0.3 s),
and kept in a cache folder. A folder of fonts is filled under another name and renamed in one step, so any
number of processes can start at the same time. It says which files it holds; one that somebody has cleared
out in part, as cleaners of caches do, is made anew.

The faces stand in groups. `base` is always there; `tc`, `jp` and `kr` hold the forms that
Traditional Chinese, Japanese and Korean readers expect; `scripts` holds the rest of the world.
A group is prepared when the language or a character asks for it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

from article_convert.errors import InputError, MissingDependency
from article_convert.files import cache_folder, can_write, read_input, scratch_folder

__all__ = [
    "GROUPS",
    "Face",
    "FontSet",
    "default_cache",
    "family_of",
    "font_set",
    "names_of",
    "prepare",
    "prepare_own",
    "subset",
    "text_face",
]

_RECIPE = 3
"""Raised when the same sources would give other files; part of the name of each cache folder."""

_JUSTMYTYPE = ("justmytype-intl-cjk", "justmytype_intl_cjk/fonts/ofl")
_MANIMGX = ("manimgx-fonts", "manimgx_fonts")
_SERIF = ("fontpkg-source-serif-4", "fontpkg_source_serif_4/files")
_SANS = ("fontpkg-source-sans-3", "fontpkg_source_sans_3/files")
_MONO = ("fontpkg-source-code-pro", "fontpkg_source_code_pro/files")
_CHINESE_SERIF = ("pylopdf-fonts-zh-cn", "pylopdf_fonts_zh_cn")


@dataclass(frozen=True, slots=True)
class Face:
    """One static font: the family and style it is called by, and what it is cut from.

    `package` is the distribution and the folder inside it, `axes` the place in the design space;
    a font without axes is copied as it is.
    """

    family: str
    style: str
    package: tuple[str, str]
    file: str
    axes: tuple[tuple[str, float], ...] = ()

    @property
    def name(self) -> str:
        """The file name of the static copy."""
        suffix = Path(self.file).suffix
        return f"{self.family}-{self.style}{suffix}".replace(" ", "")


_WEIGHTS = {"Regular": 400.0, "Bold": 700.0, "Italic": 400.0, "Bold Italic": 700.0}


def _family(family: str, package: tuple[str, str], file: str, *styles: str, **axes: float) -> tuple[Face, ...]:
    return tuple(
        Face(family, style, package, file, (("wght", _WEIGHTS[style]), *sorted(axes.items())))
        for style in styles or ("Regular", "Bold")
    )


def _script(name: str) -> tuple[Face, ...]:
    return _family(f"Noto Sans {name}", _MANIMGX, f"NotoSans{name}[wght].ttf")


_SCRIPTS = (
    "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati", "Gurmukhi", "Hebrew", "Kannada",
    "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala", "Tamil", "Telugu", "Thai",
)  # fmt: skip

GROUPS: dict[str, tuple[Face, ...]] = {
    "base": (
        Face("Noto Serif SC", "Regular", _CHINESE_SERIF, "NotoSerifSC-Regular.otf"),
        *_family("Noto Sans SC", _JUSTMYTYPE, "notosanssc/NotoSansSC[wght].ttf"),
        *_family("Source Serif", _SERIF, "SourceSerif4[opsz,wght].ttf", opsz=11),
        *_family("Source Serif", _SERIF, "SourceSerif4-Italic[opsz,wght].ttf", "Italic", "Bold Italic", opsz=11),
        *_family("Source Sans", _SANS, "SourceSans3[wght].ttf"),
        *_family("Source Sans", _SANS, "SourceSans3-Italic[wght].ttf", "Italic", "Bold Italic"),
        *_family("Source Code Pro", _MONO, "SourceCodePro[wght].ttf"),
        *_family("Noto Sans", _MANIMGX, "NotoSans[wght].ttf"),
        *_family("Noto Sans Symbols", _MANIMGX, "NotoSansSymbols[wght].ttf", "Regular"),
        *_family("Noto Emoji", _MANIMGX, "NotoEmoji[wght].ttf", "Regular"),
    ),
    "tc": _family("Noto Sans TC", _JUSTMYTYPE, "notosanstc/NotoSansTC[wght].ttf"),
    "jp": _family("Noto Sans JP", _JUSTMYTYPE, "notosansjp/NotoSansJP[wght].ttf"),
    "kr": _family("Noto Sans KR", _JUSTMYTYPE, "notosanskr/NotoSansKR[wght].ttf"),
    "scripts": tuple(face for name in _SCRIPTS for face in _script(name)),
}


@dataclass(frozen=True, slots=True)
class FontSet:
    """Folders that hold every font for one document, and the characters that none of them has.

    The layout engine keeps what it finds in those folders in the first of `scans` that can be
    written. `problem` says why the fonts could not be kept; it is empty if they were.
    """

    folders: tuple[Path, ...]
    missing: str
    scans: tuple[Path, ...] = ()
    problem: str = ""


@contextmanager
def font_set(characters: Iterable[str], language: str, cache: Path, own: Path | None = None) -> Iterator[FontSet]:
    """The fonts for a document of that language (BCP 47) that holds those characters.

    Fonts that are not in the folder `cache` yet are made there, or, where that cannot be written, in
    one that is gone at the end of the block. `own` is a font file of the user's. Raises
    `MissingDependency` if the packages with the fonts are not installed or there is no room at all.
    """
    wanted = frozenset(characters)
    with ExitStack() as stack:

        def scratch() -> Path:
            return stack.enter_context(scratch_folder())

        try:
            found = _collected(wanted, language, cache, own)
            scans = (cache,) if can_write(cache) else (cache, scratch())
        except _NotKept as problem:
            place = scratch()
            found = replace(_collected(wanted, language, place, own), problem=str(problem))
            scans = (place,)
        yield replace(found, scans=tuple(each / "fontconfig" for each in scans))


class _NotKept(MissingDependency):
    """A folder for fonts cannot be written."""


def _collected(characters: Iterable[str], language: str, cache: Path, own: Path | None) -> FontSet:
    wanted = {ord(each) for each in characters if not _is_invisible(each)}
    folders = []
    if own is not None:
        folders.append(prepare_own(own, cache))
        wanted -= _characters_of(str(own))
    chosen = ["base"]
    wanted -= _covered("base")
    expected = _group_of(language)
    for group in (expected, *GROUPS):
        if group and group not in chosen and (group == expected or wanted & _covered(group)):
            chosen.append(group)
            wanted -= _covered(group)
    missing = "".join(map(chr, sorted(wanted)))
    folders += [prepare(group, cache) for group in chosen]
    return FontSet(tuple(folders), missing)


def prepare(group: str, cache: Path) -> Path:
    """The folder with the static fonts of a group; they are made first if they are not there yet."""
    sources = {face: _source(face) for face in GROUPS[group]}

    def fill(folder: Path) -> None:
        for face, source in sources.items():
            (folder / face.name).write_bytes(_made(face, source))

    return _filled(cache / f"{group}-{_key(group)}", fill)


def prepare_own(path: Path, cache: Path) -> Path:
    """The folder with a copy of the user's font file. Raises `InputError` if that cannot be read."""
    family_of(path)
    data = read_input(path)
    digest = hashlib.sha256(data).hexdigest()[:16]

    def fill(folder: Path) -> None:
        (folder / path.name).write_bytes(with_plain_ids(data))

    return _filled(cache / f"own-{_RECIPE}-{digest}", fill)


_MANIFEST = ".files.json"


def _sizes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in sorted(folder.iterdir()) if path.name != _MANIFEST}


def _is_whole(folder: Path) -> bool:
    """Whether a folder holds what was put there, by names and sizes."""
    try:
        wanted: Any = json.loads((folder / _MANIFEST).read_text("utf-8"))
        return bool(wanted) and wanted.items() <= _sizes(folder).items()
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def _filled(folder: Path, fill: Callable[[Path], None]) -> Path:
    """`folder`, which `fill` fills under another name if it is not there yet, or not whole any more."""
    if _is_whole(folder):
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            fill(making)
            (making / _MANIFEST).write_text(json.dumps(_sizes(making)), "utf-8")
            making.chmod(0o755)
            _put_in_place(making, folder)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except OSError as error:
        raise _NotKept(
            f"cannot keep fonts in {folder.parent}: {error.strerror or error}; "
            "name a folder that can be written with the option font_cache"
        ) from error
    return folder


def default_cache() -> Path:
    """The folder of the prepared fonts, unless an option says another."""
    return cache_folder() / "fonts"


def _put_in_place(made: Path, folder: Path) -> None:
    """Rename `made` to `folder`, unless another process was faster: its folder holds the same files."""
    if folder.is_dir() and not _is_whole(folder):
        broken = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            with suppress(FileNotFoundError):
                folder.rename(broken / folder.name)
        finally:
            shutil.rmtree(broken, ignore_errors=True)
    with suppress(FileExistsError):
        _rename_new(made, folder)


def _rename_new(source: Path, target: Path) -> None:
    """Rename a folder; `FileExistsError` if the target is there (systems differ in what they raise)."""
    try:
        source.rename(target)
    except OSError:
        if target.is_dir():
            raise FileExistsError(target) from None
        raise


def _group_of(language: str) -> str:
    parts = language.lower().replace("_", "-").split("-")
    if parts[0] == "zh":
        return "tc" if {"tw", "hk", "mo", "hant"} & set(parts[1:]) else ""
    return {"ja": "jp", "ko": "kr"}.get(parts[0], "")


def _key(group: str) -> str:
    packages = sorted({face.package[0] for face in GROUPS[group]})
    recipe = (_RECIPE, GROUPS[group], [(name, version(name)) for name in packages])
    return hashlib.sha256(repr(recipe).encode()).hexdigest()[:16]


def _source(face: Face) -> Path:
    """The file that a face is cut from. Raises `MissingDependency` if its package is not installed."""
    package, _, folder = face.package[1].partition("/")
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise _missing(face.package[0])
    path = Path(found.submodule_search_locations[0], folder, face.file)
    if not path.is_file():
        raise _missing(face.package[0])
    return path


def _missing(package: str) -> MissingDependency:
    return MissingDependency(
        f"the fonts of {package} are not there; pip install --upgrade 'article_convert[pdf]', "
        "or print the HTML output from a browser"
    )


def _harfbuzz() -> Any:
    try:
        return import_module("uharfbuzz")
    except ImportError as error:
        raise MissingDependency(
            "fonts are cut with the package uharfbuzz; pip install 'article_convert[pdf]'"
        ) from error


def _made(face: Face, source: Path) -> bytes:
    if not face.axes:
        return with_plain_ids(source.read_bytes())
    hb = _harfbuzz()
    variable = hb.Face(hb.Blob.from_file_path(str(source)))
    plan = hb.SubsetInput()
    plan.keep_everything()
    for tag, value in face.axes:
        plan.pin_axis_location(variable, tag, value)
    return _named(plan.subset(variable).blob.data, face)


def with_plain_ids(data: bytes) -> bytes:
    """The font with character ids equal to glyph ids, if it is an OpenType font with other ones.

    WeasyPrint writes glyph ids into the PDF, and readers take them for the character ids of such a
    font (ISO 32000-1, 9.7.4.2): MuPDF, pdf.js and Acrobat then show wrong letters or none.
    """
    font = _opened(data)
    if "CFF " not in font or not hasattr(font["CFF "].cff[0], "ROS"):
        return data
    table = bytearray(font.reader["CFF "])
    offset, count = font["CFF "].cff[0].rawDict["charset"], font["maxp"].numGlyphs
    font = _opened(data)  # its tables are copied unread
    table[offset : offset + 5] = struct.pack(">BHH", 2, 1, count - 2)  # one range: glyphs 1 to the last
    plain = import_module("fontTools.ttLib.tables.DefaultTable").DefaultTable("CFF ")
    plain.data = bytes(table)
    font.tables["CFF "] = plain
    return _saved(font)


def _named(data: bytes, face: Face) -> bytes:
    """The font with the names and flags of its style; an instance keeps those of the default otherwise."""
    font = _opened(data)
    names = {1: face.family, 2: face.style, 4: f"{face.family} {face.style}", 6: face.name.rpartition(".")[0]}
    for record in list(font["name"].names):
        if record.nameID in (1, 2, 3, 4, 6, 16, 17, 21, 22, 25):
            font["name"].removeNames(record.nameID)
    for name_id, text in {**names, 3: names[6]}.items():
        font["name"].setName(text, name_id, 3, 1, 0x409)
    bold, italic = "Bold" in face.style, "Italic" in face.style
    font["OS/2"].usWeightClass = 700 if bold else 400
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (
        italic * 1 | bold * 32 | (not bold and not italic) * 64
    )
    font["head"].macStyle = bold * 1 | italic * 2
    return _saved(font)


def _tools() -> Any:
    try:
        return import_module("fontTools.ttLib")
    except ImportError as error:
        raise MissingDependency("fonts are read with fontTools; pip install 'article_convert[pdf]'") from error


def _opened(data: bytes) -> Any:
    return _tools().TTFont(BytesIO(data), lazy=True, fontNumber=0, recalcTimestamp=False)


def _saved(font: Any) -> bytes:
    out = BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()


@lru_cache(maxsize=len(GROUPS))
def _covered(group: str) -> frozenset[int]:
    return frozenset().union(*(_characters_of(str(_source(face))) for face in GROUPS[group]))


@lru_cache(maxsize=64)
def _characters_of(path: str) -> frozenset[int]:
    hb = _harfbuzz()
    return frozenset(hb.Face(hb.Blob.from_file_path(path)).unicodes)


def _is_invisible(character: str) -> bool:
    """Whether nothing is drawn for a character: controls, joiners, direction marks, variation selectors."""
    code = ord(character)
    return (
        code < 0x20
        or 0x7F <= code < 0xA0
        or character in "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\ufeff\uffa0"
        or 0x200B <= code <= 0x200F
        or 0x2028 <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
    )


def family_of(path: Path) -> str:
    """The family name in a font file of the user's. Raises `InputError` if it is none."""
    return names_of(path)[0]


def names_of(path: Path, wanted: Iterable[int] = ()) -> tuple[str, list[str], int]:
    """The family of a font file, its names with the numbers `wanted`, and its embedding rights (`fsType`)."""
    library = _tools()
    try:
        font = _opened(read_input(path))
        names = [font["name"].getDebugName(number) for number in wanted]
        family, rights = font["name"].getBestFamilyName() or "", font["OS/2"].fsType
    except (OSError, library.TTLibError, KeyError) as error:
        raise InputError(f"{path} is not a font that can be used: {error}") from error
    return re.sub(r'["\\\n]', "", family), [name for name in names if name], rights


# ------------------------------------------------------------------ for EPUBs


def text_face(kind: str, language: str) -> tuple[Path, tuple[tuple[str, float], ...]] | None:
    """The file and the weight of the `serif` or `sans` font for text of that language, or nothing."""
    group = _group_of(language)
    found = (face for face in GROUPS[group or "base"] if face.style == "Regular" and kind.title() in face.family)
    face = next(found, None)
    return (_source(face), face.axes) if face is not None else None


def subset(
    path: Path, axes: tuple[tuple[str, float], ...], characters: Iterable[str], names: Iterable[int] = ()
) -> bytes:
    """The font with no more than `characters`, at a place in its design space, with the names of those numbers too."""
    hb = _harfbuzz()
    whole = hb.Face(hb.Blob.from_file_path(str(path)))
    plan = hb.SubsetInput()
    plan.unicode_set.update(map(ord, characters))
    plan.name_id_set.update(names)
    for tag, value in axes:
        plan.pin_axis_location(whole, tag, value)
    return bytes(plan.subset(whole).blob.data)
