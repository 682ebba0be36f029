"""Bytes to text: which encoding they are in, and what was not text in them.

Order of evidence: a byte order mark; the control characters, which no encoding of bytes holds in any
number, so that the rest is UTF-16, UTF-32 or no text at all; for markup the declared charset; strict
UTF-8; detection. Damaged text is read and reported, what never was text is refused. The labels
`gb2312` and `gbk` are read as GB18030, which contains both, and `iso-8859-1` as Windows-1252, as
browsers do (WHATWG Encoding, 4.2).
"""

from __future__ import annotations

import codecs
import re
from unicodedata import category

from article_convert.errors import InputError
from article_convert.report import Report

__all__ = ["decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_READ_AS = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "hz-gb-2312", "euc-cn"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "cn-big5", "x-x-big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii", "windows-1252"), "cp1252"),
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j"), "cp932"),
    **dict.fromkeys(("euc-kr", "ks_c_5601-1987", "korean", "windows-949"), "cp949"),
    **dict.fromkeys(("iso-8859-9", "iso8859-9", "latin5", "l5"), "cp1254"),
    **dict.fromkeys(("iso-8859-11", "iso8859-11", "tis-620", "dos-874"), "cp874"),
    **dict.fromkeys(("iso-8859-8-i", "logical", "visual"), "iso8859-8"),
    **dict.fromkeys(("x-mac-cyrillic", "x-mac-ukrainian"), "mac-cyrillic"),
    **{f"x-cp{number}": f"cp{number}" for number in range(1250, 1259)},
    "x-euc-jp": "euc_jp",
    # A document whose declaration could be read byte by byte is not in UTF-16 (HTML, 13.2.3.2).
    **dict.fromkeys(("utf8", "utf-16", "utf-16le", "utf-16be", "unicode", "utf-32"), "utf-8"),
}
_DECLARATION = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']|<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.I,
)
_DECLARED_WITHIN = 16384

# Controls that text may hold are those of lines, pages and terminals: BEL, BS, TAB to CR, ESC.
_NEVER_IN_TEXT = bytes({*range(0x20), 0x7F} - {*range(0x07, 0x0E), 0x1B})
_FEW = 4
"""So many may stand in anything: a short text with a slip in it is a text."""
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_SAMPLE = 65536

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]")
_SPACE_CONTROL = re.compile(r"[\x0b\x0c\x85]")

# The most frequent characters of running Chinese text, simplified and traditional, with its marks.
_FREQUENT = frozenset(
    "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看"
    "文无开手十用主行方又如前所本见经头面公同三已老从动两长這來國個說們為時會著過學對後麼沒於還發當無開經頭從動兩長，。、：；？！“”（）《》"
)
_IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]{2,}")


def decode(data: bytes, report: Report, *, markup: bool) -> str:
    """The text of `data`, line ends as `\\n`, without control characters and byte order mark.

    `markup` says whether a `<meta charset>` or an XML declaration may name the encoding. Reported:
    any encoding but UTF-8 (`text.decoded`), bytes that fit none (`text.not-utf8`, they become
    U+FFFD), and control characters that were removed (`text.control`). Raises `InputError` for bytes
    that are no text: one in thirty is a control character, or one character in three fits no encoding.
    """
    try:
        text, encoding, why = _decoded(data, markup)
    except _NoText as problem:
        raise InputError(f"{report.source or 'the input'} is not text: {problem}") from None
    if encoding != "utf-8":
        report.add("text.decoded", f"read as {encoding} ({why})")
    lost = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
    if lost > 0:
        report.add("text.not-utf8", f"{lost} places fit no encoding; they are marked with U+FFFD")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    cleaned = _CONTROL.sub("", _SPACE_CONTROL.sub(" ", text))
    if len(cleaned) != len(text):
        report.add("text.control", f"{len(text) - len(cleaned)} control characters were removed")
    return cleaned.removeprefix("\ufeff")


class _NoText(Exception):
    """Why bytes cannot have been written as text."""


def _decoded(data: bytes, markup: bool) -> tuple[str, str, str]:
    """The text, the encoding and the evidence for it. Raises `_NoText`."""
    found = _marked(data) or _wide(data) or _narrow(data, markup)
    broken = found[0].count("\ufffd")
    if broken > _FEW and broken * 3 > len(found[0]):
        raise _NoText(f"{broken:,} of its {len(found[0]):,} characters fit no encoding")
    return found


def _marked(data: bytes) -> tuple[str, str, str] | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding, "byte order mark"
    return None


def _wide(data: bytes) -> tuple[str, str, str] | None:
    """Text in units of two or four bytes, most of which are control characters when taken for one byte each."""
    solid = data.rstrip(b"\0")  # a crash may leave a file with zeros at its end
    controls = len(solid) - len(solid.translate(None, _NEVER_IN_TEXT))
    if solid and (controls <= _FEW or controls * 30 <= len(solid)):
        return None
    sample = data[:_SAMPLE]
    # Chinese read in the wrong order is Chinese too, but without line ends, and in no words that anybody uses.
    texts = {name: sample[: len(sample) // 4 * 4].decode(name, "replace") for name in _WIDE}
    if sample.isascii():  # two letters of ASCII make a Chinese character, and half of Chinese is in other bytes
        texts = {name: _IDEOGRAPHS.sub("\0", text) for name, text in texts.items()}
    best = max(_WIDE, key=lambda name: (_is_written(texts[name]), _familiar(texts[name])))
    if not _is_written(texts[best]):
        strange = len(data) - len(data.translate(None, _NEVER_IN_TEXT))
        raise _NoText(f"{strange:,} of its {len(data):,} bytes are control characters, as in a program or an archive")
    return data.decode(best, "replace"), best, "detected"


def _is_written(text: str) -> bool:
    """Whether hardly any character of `text` is one that nobody writes: controls, private or unassigned ones."""
    odd = sum(category(char) in ("Cc", "Cn", "Co", "Cs") or char == "\ufffd" for char in text)
    return (odd - sum(map(text.count, "\t\n\r"))) * 30 <= len(text)


def _familiar(text: str) -> float:
    return sum(char < "\x80" or char in _FREQUENT for char in text) / max(len(text), 1)


def _narrow(data: bytes, markup: bool) -> tuple[str, str, str]:
    """Text in an encoding of bytes."""
    strict = _strict_utf8(data)
    declared = _declared(data) if markup else ""
    if declared and declared != "utf-8":
        # A page that was saved again is often UTF-8 under its old declaration; chance does not make valid UTF-8.
        text = data.decode(declared, "replace")
        if strict is None or _is_better(text, strict):
            return text, declared, "declared"
    if strict is not None:
        return strict, "utf-8", ""
    return _detected(data)


def _strict_utf8(data: bytes) -> str | None:
    """`data` as UTF-8; a character that the end of the file cut in two is forgiven."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.start >= len(data) - 3 and error.start > 0:
            return data[: error.start].decode("utf-8") + "\ufffd"
        return None


def _declared(data: bytes) -> str:
    """The Python name of the encoding that markup declares, or `""`."""
    match = _DECLARATION.search(data, 0, _DECLARED_WITHIN)
    if match is None:
        return ""
    label = (match[1] or match[2]).decode("ascii").lower()
    name = _READ_AS.get(label, label)
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return ""
    return found if found in _OF_THE_WEB else ""


# Python knows many more, some of which read a page as something else (`unicode_escape`, `utf-7`, `rot13`).
_OF_THE_WEB = frozenset(
    """
    utf-8 gb18030 big5hkscs cp932 cp949 euc_jp iso2022_jp cp866 cp874 koi8-r koi8-u mac-roman mac-cyrillic
    cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258
    iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13 iso8859-14
    iso8859-15 iso8859-16
    """.split()
)
"""The encodings of the WHATWG Encoding Standard, 4, by their names in Python."""


def _is_better(text: str, utf8: str) -> bool:
    """Whether `text` reads better than the same bytes as UTF-8, which is valid."""
    return utf8.isascii() or (_score(text[:_SAMPLE]) > _score(utf8[:_SAMPLE]) and "\ufffd" not in text)


def _detected(data: bytes) -> tuple[str, str, str]:
    damaged = data.decode("utf-8", "replace")
    if _is_damaged_utf8(damaged):
        return damaged, "utf-8", ""
    sample = data[:_SAMPLE]
    candidates = ("utf-8", "gb18030", "big5hkscs", "cp1252")
    # The sample may end inside a character: one error is free.
    best = max(candidates, key=lambda name: _score(sample.decode(name, "replace")))
    return data.decode(best, "replace"), best, "detected"


def _is_damaged_utf8(text: str) -> bool:
    """Whether most of what was read is UTF-8: hardly any pair of bytes of another encoding is valid in it."""
    broken = text.count("\ufffd")
    whole = sum(1 + (char >= "\u0800") for char in text if char >= "\x80" and char != "\ufffd")
    return whole >= 2 * broken


def _score(text: str) -> float:
    """How much `text` looks like text that somebody wrote; for an equal look the first candidate wins."""
    foreign = [char for char in text if char >= "\x80"]
    if not foreign:
        return 0.0
    frequent = sum(char in _FREQUENT for char in foreign)
    letters = sum("\u00c0" <= char <= "\u024f" for char in foreign)
    broken = sum(char == "\ufffd" or "\x80" <= char < "\xa0" or "\ue000" <= char <= "\uf8ff" for char in foreign)
    ideographs = sum(len(run) for run in _IDEOGRAPHS.findall(text))
    return (frequent + ideographs * 0.15 + letters * 0.1 - broken * 2.0) / len(foreign)
