"""The only door to WeasyPrint: HTML, a style sheet, pictures and fonts in, the bytes of a PDF out.

WeasyPrint by itself reads local files and the network, takes any font of the system, prints to the
terminal and logs. Here it can open nothing but what it is handed, sees no font of the system, and
what it logs becomes diagnostics.
"""

from __future__ import annotations

import contextlib
import io
import logging
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

from article_convert.errors import MissingDependency
from article_convert.model import Resource
from article_convert.report import Report

__all__ = ["ASSET", "PdfJob", "check_engine", "render"]

ASSET = "asset:"
"""The scheme under which a document names its own pictures: `asset:` and the digest."""

_LIBRARIES = {
    "linux": (
        "Debian and Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
        "Fedora: dnf install pango harfbuzz; Alpine: apk add pango harfbuzz-subset"
    ),
    "darwin": "brew install pango (and use Homebrew's Python, or set DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib)",
    "win32": (
        "install MSYS2, run 'pacman -S mingw-w64-ucrt-x86_64-pango' in it, "
        "and set WEASYPRINT_DLL_DIRECTORIES=C:\\msys64\\ucrt64\\bin"
    ),
}


@dataclass(frozen=True, slots=True)
class PdfJob:
    """Everything that is laid out: the page as HTML, its style, what it may open, and its fonts.

    `style` is the same for many documents and is parsed once in a process; `css` comes after it.
    """

    html: str
    style: str
    css: str
    resources: Mapping[str, Resource]
    font_folders: tuple[Path, ...]
    font_scans: tuple[Path, ...]
    variant: str = ""


def render(job: PdfJob, report: Report) -> bytes:
    """The PDF. The same job gives the same bytes; what could not be laid out is reported.

    Raises `MissingDependency` if WeasyPrint or its native libraries are not there.
    """
    engine = check_engine()
    fonts = _private_fonts(engine, job)
    fetcher = _fetcher(engine, job.resources)
    with _logged(report):
        css = engine.CSS(string=job.css, url_fetcher=fetcher, font_config=fonts)
        page = engine.HTML(string=job.html, url_fetcher=fetcher)
        output: bytes = page.write_pdf(
            stylesheets=[_parsed(job.style), css],
            font_config=fonts,
            pdf_variant=job.variant or None,
            pdf_tags=True,
            pdf_identifier=True,  # from the content
        )
    return output


@lru_cache(maxsize=2)
def _parsed(style: str) -> Any:
    engine = check_engine()
    return engine.CSS(string=style, url_fetcher=_fetcher(engine, {}))


@lru_cache(maxsize=1)
def check_engine() -> Any:
    """The parts of WeasyPrint that are used here. Raises `MissingDependency`, saying what to install."""
    try:
        # WeasyPrint prints a banner if a library is missing and warns if the system has no fonts.
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            weasyprint = import_module("weasyprint")
            native = import_module("weasyprint.text.ffi")
    except ImportError as error:
        raise MissingDependency(
            f"PDF needs the package {error.name or 'weasyprint'}; pip install 'article_convert[pdf]', "
            "or print the HTML output from a browser"
        ) from error
    except OSError as error:
        advice = _LIBRARIES.get(sys.platform, _LIBRARIES["linux"])
        raise MissingDependency(f"PDF needs the native library Pango. {advice}. ({error})") from error
    if int(weasyprint.__version__.partition(".")[0]) < 70:
        raise MissingDependency(
            f"weasyprint {weasyprint.__version__} can be made to read any file; pip install 'weasyprint>=70'"
        )
    native.ffi.cdef(
        "FcConfig * FcConfigCreate (void); FcBool FcConfigBuildFonts (FcConfig *config);",
        override=True,
    )
    return SimpleNamespace(
        HTML=weasyprint.HTML,
        CSS=weasyprint.CSS,
        Fonts=import_module("weasyprint.text.fonts").FontConfiguration,
        Fetcher=import_module("weasyprint.urls").URLFetcher,
        Response=import_module("weasyprint.urls").URLFetcherResponse,
        native=native,
    )


def _private_fonts(engine: Any, job: PdfJob) -> Any:
    """A font configuration that knows the fonts in our folders and nothing else of the system.

    `FontConfiguration` can only load the system's configuration (or the one named by an environment
    variable, which would change the whole process), so this does what its constructor does with a
    configuration made here. The scan of the folders is kept: 50 ms once, 0.1 ms after.
    """
    native = engine.native
    fonts = engine.Fonts.__new__(engine.Fonts)
    fonts._folder = None
    fonts._config = native.fontconfig.FcConfigCreate()
    folders = "".join(f"<dir>{escape(str(folder.resolve()))}</dir>" for folder in job.font_folders)
    scans = "".join(f"<cachedir>{escape(str(folder.resolve()))}</cachedir>" for folder in job.font_scans)
    xml = f'<?xml version="1.0"?><fontconfig>{folders}{scans}</fontconfig>'
    native.fontconfig.FcConfigParseAndLoadFromMemory(fonts._config, xml.encode(), True)
    native.fontconfig.FcConfigBuildFonts(fonts._config)
    fonts.font_map = native.ffi.gc(native.pangoft2.pango_ft2_font_map_new(), native.gobject.g_object_unref)
    native.pangoft2.pango_fc_font_map_set_config(native.ffi.cast("PangoFcFontMap *", fonts.font_map), fonts._config)
    native.fontconfig.FcConfigDestroy(fonts._config)  # the font map holds it now
    fonts.strut_layouts = {}
    fonts.font_features = {}
    return fonts


def _fetcher(engine: Any, resources: Mapping[str, Resource]) -> Any:
    """A fetcher that serves the pictures of the document, and `data:` inside them; all else is refused."""

    class OwnResources(engine.Fetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:image/"):
                return super().fetch(url, headers)
            resource = resources.get(url.removeprefix(ASSET)) if url.startswith(ASSET) else None
            if resource is None:
                raise ValueError("refused: it is not part of the document")
            data = resource.location if isinstance(resource.location, bytes) else resource.location.read_bytes()
            return engine.Response(url, data, {"Content-Type": resource.media_type})

    return OwnResources(allowed_protocols=("data",), allow_redirects=False)


@contextlib.contextmanager
def _logged(report: Report) -> Iterator[None]:
    """Turn what WeasyPrint logs in this thread into diagnostics, each different line once."""
    logger = logging.getLogger("weasyprint")
    taker = _Taker(report)
    logger.addFilter(taker)
    try:
        yield
    finally:
        logger.removeFilter(taker)


class _Taker(logging.Filter):
    """Takes the records of one thread out of the log: they reach the report and no handler."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self._report = report
        self._thread = threading.get_ident()
        self._seen: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.thread != self._thread:
            return True
        message = record.getMessage()
        if record.levelno >= logging.WARNING and message not in self._seen:
            self._seen.add(message)
            self._report.add(_code(message), message)
        return False


def _code(message: str) -> str:
    if message.startswith(("Failed to load image", "Failed to render SVG image")):
        return "image.missing"
    return "link.unresolved" if message.startswith("No anchor") else "pdf.layout"
