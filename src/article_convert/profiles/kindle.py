"""Kindle: what becomes of an EPUB on its way through Send to Kindle.

Amazon describes its converter in the Kindle Publishing Guidelines, which are for publishers; what the
service for readers refuses, it answers with E999 and no reason. The causes of that come from people
who took their books apart.
"""

from __future__ import annotations

from article_convert.profiles.generic import EVERYWHERE, RASTER
from article_convert.profiles.record import MB, Because, Css, Pictures, Profile, Tables

__all__ = ["KINDLE"]

_KDP = "https://kdp.amazon.com/en_US/help/topic/"
_IMAGES, _TEXT, _HTML = f"{_KDP}G75V4YX5X8GRGXWV", f"{_KDP}GH4DRT75GWWAGBTU", f"{_KDP}GP2Z9DD4F2N4QKCY"
_STYLES, _TABLES, _CONTENTS = f"{_KDP}GG5R7N649LECKP7U", f"{_KDP}GZ8BAXASXKB5JVML", f"{_KDP}GY3AD8C6C6GAG42N"
_E999 = "https://github.com/harvard-edge/cs249r_book/issues/1148"

_PROPERTIES = frozenset(
    """
    background background-color border border-bottom border-bottom-color border-bottom-style
    border-bottom-width border-collapse border-color border-left border-left-color border-left-style
    border-left-width border-right border-right-color border-right-style border-right-width border-spacing
    border-style border-top border-top-color border-top-style border-top-width border-width clear color
    content direction display float font font-family font-size font-style font-variant font-weight height
    letter-spacing line-height list-style list-style-position list-style-type margin margin-bottom
    margin-left margin-right margin-top padding padding-bottom padding-left padding-right padding-top
    page-break-after page-break-before page-break-inside src text-align text-decoration text-indent
    text-transform vertical-align visibility white-space width word-spacing
    """.split()
)

KINDLE = Profile(
    name="kindle",
    title="Kindle, by Send to Kindle",
    pictures=Pictures(
        types=RASTER | {"image/svg+xml"}, cover_types=RASTER - {"image/gif"}, wanted=RASTER, width=1600, still=True
    ),
    css=Css(
        properties=_PROPERTIES,
        dead=frozenset({"display:flex", "display:inline-flex", "display:grid", "display:inline-grid"}),
        functions=frozenset({"var", "calc", "min", "max", "clamp", "env"}),
        units=frozenset({"vw", "vh", "vmin", "vmax"}),
        at_rules=frozenset({"charset", "font-face", "media", "namespace", "page"}),
        selectors="plain",
    ),
    tables=Tables(columns=4, room=21, cells=1_800, characters=20_000, nested=False),
    book=200 * MB,
    book_wanted=50 * MB,
    document=30 * MB,
    toc_depth=2,
    toc_levels=2,
    mathml=False,
    rules=EVERYWHERE
    | {
        "language-missing": Because(
            "Send to Kindle refuses the book with E999",
            "https://github.com/crocodilestick/Calibre-Web-Automated/issues/382",
            breaks=True,
        ),
        "not-well-formed": Because("Send to Kindle refuses the book with E999", _E999, breaks=True),
        "encoding-unsaid": Because(
            "without an encoding in its first line a file is read as Latin-1, and other letters turn to rubbish",
            "https://github.com/innocenat/kindle-epub-fix",
        ),
        "css-function": Because("Send to Kindle refuses books with CSS variables (E999); the others do nothing",
                                _E999, breaks=True),
        "css-unit": Because("the converter does not know the unit and drops the declaration", _STYLES),
        "css-property": Because("the converter removes it; Kindle Previewer stopped at some",
                                "https://github.com/quarto-dev/quarto-cli/issues/11948"),
        "css-at-rule": Because("what stands inside is lost", _STYLES),
        "css-selector": Because("the rule is not applied", _STYLES),
        "css-negative": Because("text is cut off at the edge of the screen", _HTML),
        "picture-type": Because(
            "a WebP picture shows as a question mark",
            "https://github.com/nikhil1raghav/kindle-send/issues/27",
            breaks=True,
        ),
        "picture-animated": Because("a GIF of several pictures is not supported", _IMAGES),
        "picture-cmyk": Because("colours of print are not supported", _IMAGES),
        "cover-type": Because("the shelf shows no cover", f"{_KDP}G6GTK3T3NUHKLEFX"),
        "svg-text": Because("text in drawings is not supported", _IMAGES),
        "math": Because(
            "formulas in MathML arrive broken or not at all",
            "https://github.com/rstudio/bookdown/issues/1520",
            breaks=True,
        ),
        "table-wide": Because(
            "on grey screens of six inches, more than four columns may not be readable",
            "https://github.com/kobolabs/epub-spec#tables",
        ),
        "table-large": Because("more than 1,800 cells or 20,000 characters in a table are not supported",
                               _TABLES, breaks=True),
        "table-nested": Because("a table within a table is not supported", _TABLES),
        "note-no-way-back": Because("a note opens in place only if a link in it leads back to its mark", _TEXT),
        "toc-depth": Because("the contents show two levels", _CONTENTS),
        "ncx-missing": Because("older devices take their contents from it", _CONTENTS),
        "script": Because("scripts are taken out", _HTML),
        "media": Because("sound and film are taken out", _HTML),
        "book-large": Because(
            "the web page of Send to Kindle takes 200 MB, by e-mail 50; of 134 MB one book never arrived",
            "https://github.com/input-output-hk/mastering-cardano/issues/47",
        ),
    },
    sources=(f"{_KDP}GPNJPYK298J8TRRV", "https://www.amazon.com/sendtokindle"),
)  # fmt: skip
