"""WeRead (微信读书): books that people import themselves.

There is no official description. An engine of its own lays the text out, not a browser: it takes the
structure and some simple styles. What is written here was tried on devices by others, with a test book
of 78 probes.
"""

from __future__ import annotations

from article_convert.profiles.generic import EVERYWHERE, RASTER
from article_convert.profiles.record import Because, Css, Pictures, Profile, Tables

__all__ = ["WEREAD"]

_TRIED = "https://github.com/ShannonChenCHN/weread-epub-style-support"

_PROPERTIES = frozenset(
    """
    background background-color border border-bottom border-collapse border-color border-left border-right
    border-style border-top border-width color font-size font-style font-weight letter-spacing list-style
    list-style-type margin margin-bottom margin-left margin-right margin-top padding padding-bottom
    padding-left padding-right padding-top text-align text-decoration vertical-align white-space word-break
    """.split()
)

WEREAD = Profile(
    name="weread",
    title="WeRead (微信读书)",
    pictures=Pictures(types=RASTER, cover_types=RASTER - {"image/gif"}, wanted=RASTER, width=1600),
    css=Css(
        properties=_PROPERTIES,
        dead=frozenset({"font-size:px"}),
        functions=frozenset({"var", "calc", "min", "max", "clamp", "env"}),
        units=frozenset({"vw", "vh", "vmin", "vmax"}),
        at_rules=frozenset({"charset", "font-face", "namespace", "page"}),
        selectors="flat",
    ),
    tables=Tables(),
    notes="inline",
    inline_styles=False,
    mathml=False,
    rules=EVERYWHERE
    | {
        "css-function": Because("the declaration does nothing", _TRIED),
        "css-unit": Because("the declaration does nothing", _TRIED),
        "css-property": Because(
            "it does nothing: indents and line spacing belong to the app, floats and flexible boxes are unknown", _TRIED
        ),
        "css-at-rule": Because("it cannot be relied on", _TRIED),
        "css-selector": Because("only a single element or class is matched reliably", _TRIED),
        "inline-style": Because("the attribute is taken off", _TRIED),
        "picture-type": Because(
            "WebP pictures stay blank", "https://github.com/sunxen/EpubPressX/issues/10", breaks=True
        ),
        "picture-second-src": Because(
            "a second attribute that ends in src is taken for the address, and the picture stays blank",
            "https://unknovvn.xyz/blog/weread-epub-img",
            breaks=True,
        ),
        "cover-type": Because("only JPEG and PNG were seen to work", "https://github.com/sunxen/EpubPressX/issues/10"),
        "math": Because("the engine is no browser and knows no MathML", _TRIED, breaks=True),
        "note-dead": Because("notes do not open, and a tap on their mark does nothing", _TRIED),
        "ncx-missing": Because(
            "readers of this kind take the contents from it", "https://github.com/gedoor/legado/issues/5174"
        ),
        "script": Because("scripts are not run", _TRIED),
        "media": Because("sound and film are not played", _TRIED),
    },
    sources=(_TRIED,),
)  # fmt: skip
