"""How the name of a person is sorted: shelves and catalogues order books by it.

A Chinese name is spelt in Pinyin, as devices sort it between Latin ones. Characters that are read in
their own way as a family name stand in a table here.
"""

from __future__ import annotations

import re

from article_convert.pinyin import readings

__all__ = ["sort_name"]

_PERSON = re.compile(r"([A-Z][\w'’.-]*(?: [A-Z]\.)*) ([A-Z][\w'’-]+)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_OTHER_SCRIPT = re.compile(r"[\u3041-\u30ff\uac00-\ud7a3]")

# A reading as a family name that differs from the most frequent one (现代汉语词典).
_FAMILY = {
    "万俟": "mo qi", "尉迟": "yu chi", "长孙": "zhang sun", "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu",
    "查": "zha", "朴": "piao", "区": "ou", "任": "ren", "盖": "ge", "缪": "miao", "翟": "zhai", "召": "shao",
    "折": "she", "乐": "yue", "华": "hua", "哈": "ha", "那": "na", "秘": "bi", "冼": "xian", "逄": "pang",
}  # fmt: skip


def sort_name(name: str, language: str) -> str:
    """The form under which `name` is sorted; `name` itself where that is no different or not known.

    >>> sort_name("Ada Lovelace", "en"), sort_name("曾小满", "zh-CN"), sort_name("山田太郎", "ja")
    ('Lovelace, Ada', 'Zeng Xiao Man', '山田太郎')
    """
    person = _PERSON.fullmatch(name)
    if person:
        return f"{person[2]}, {person[1]}"
    if not _HAN.search(name) or _OTHER_SCRIPT.search(name) or language[:2].lower() in {"ja", "ko"}:
        return name
    return _in_pinyin(name)


def _in_pinyin(name: str) -> str:
    family = next((each for each in _FAMILY if name.startswith(each)), "")
    words = [*_FAMILY[family].split()] if family else []
    known = readings()
    spelt = "".join(f" {known.get(ord(each), each)} " if _HAN.match(each) else each for each in name[len(family) :])
    return " ".join(word[:1].upper() + word[1:] for word in [*words, *spelt.split()])
