"""How Chinese characters are read, one by one.

The readings come from pypinyin's data file. Its own functions load 47,000 phrases first, which takes 0.2 s
and 55 MB, and makes nothing better here: names are no phrases, and GitBook spells its anchors
character by character (`重建` as `zhong-jian`).
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path

__all__ = ["readings"]


@cache
def readings() -> dict[int, str]:
    """The most frequent reading of every Chinese character by its code point, without tones; `ü` stays.

    Empty if pypinyin is not installed.
    """
    package = find_spec("pypinyin")
    if package is None or not package.submodule_search_locations:
        return {}
    data = json.loads(Path(package.submodule_search_locations[0], "pinyin_dict.json").read_bytes())
    return {int(code): _plain(spelt.partition(",")[0]) for code, spelt in data.items()}


def _plain(syllable: str) -> str:
    """A syllable without its tone; `ü` stays, as it is another sound: `lü`."""
    marks = unicodedata.normalize("NFD", syllable)
    return unicodedata.normalize("NFC", "".join(each for each in marks if each not in "\u0300\u0301\u0304\u030c"))
