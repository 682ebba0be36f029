"""What the first and last bytes of a picture say: its size, whether it moves, whether it is whole.

Nothing is decoded: a header is read field by field, each field checked to be there, so a hostile file
costs no more than a look at it. For JPEG (ITU T.81), PNG (W3C PNG 3), GIF89a, WebP (RFC 9649) and SVG.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Look", "look"]


@dataclass(frozen=True, slots=True)
class Look:
    """A picture as its header tells: pixels (0 if it does not say), and what else devices stumble over.

    `whole` is false for a file that ends before its end mark; `cmyk` for four colours of print; `words`
    for a drawing that holds text.
    """

    width: int = 0
    height: int = 0
    animated: bool = False
    cmyk: bool = False
    whole: bool = True
    words: bool = False

    @property
    def pixels(self) -> int:
        return self.width * self.height


def look(data: bytes, media_type: str) -> Look | None:
    """What `data` says of itself as a picture of `media_type`; `None` if its header cannot be read.

    A type that is not known here is taken as it is: an empty `Look`.
    """
    try:
        match media_type:
            case "image/png":
                return _png(data)
            case "image/jpeg":
                return _jpeg(data)
            case "image/gif":
                return _gif(data)
            case "image/webp":
                return _webp(data)
            case "image/svg+xml":
                return _svg(data)
            case _:
                return Look()
    except (IndexError, ValueError):
        return None


def _big(data: bytes, at: int, length: int) -> int:
    piece = data[at : at + length]
    if len(piece) < length:
        raise ValueError("the header ends early")
    return int.from_bytes(piece, "big")


def _little(data: bytes, at: int, length: int) -> int:
    return _big(data[at : at + length][::-1], 0, length)


def _png(data: bytes) -> Look:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        raise ValueError("no PNG")
    animated = b"acTL" in data[:4096]
    return Look(_big(data, 16, 4), _big(data, 20, 4), animated, whole=b"IEND" in data[-1024:])


_START_OF_FRAME = {0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
_ALONE = {0x01, 0xD8, *range(0xD0, 0xD8)}


def _jpeg(data: bytes) -> Look:
    """The first frame header behind the segments before it."""
    if data[:3] != b"\xff\xd8\xff":
        raise ValueError("no JPEG")
    at = 2
    while True:
        if data[at] != 0xFF:
            raise ValueError("a segment does not begin where it should")
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        at += 1
        if marker in _START_OF_FRAME:
            whole = b"\xff\xd9" in data[-65536:]
            return Look(_big(data, at + 5, 2), _big(data, at + 3, 2), cmyk=_big(data, at + 7, 1) == 4, whole=whole)
        if marker not in _ALONE:
            at += max(2, _big(data, at, 2))


def _gif(data: bytes) -> Look:
    if data[:6] not in (b"GIF87a", b"GIF89a"):
        raise ValueError("no GIF")
    return Look(_little(data, 6, 2), _little(data, 8, 2), _frames(data) > 1, whole=b"\x3b" in data[-1024:])


def _frames(data: bytes) -> int:
    """How many pictures a GIF holds, two at most: its blocks are stepped over without unpacking."""
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    count = 0
    while at < len(data) and count < 2:
        kind = data[at]
        if kind == 0x2C:  # a picture, with its own colours perhaps
            count += 1
            flags = data[at + 9] if at + 9 < len(data) else 0
            at += 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
        elif kind == 0x21:
            at += 2
        else:
            break
        while at < len(data) and data[at]:
            at += data[at] + 1
        at += 1
    return count


def _webp(data: bytes) -> Look:
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise ValueError("no WebP")
    whole = len(data) >= _little(data, 4, 4) + 8
    match data[12:16]:
        case b"VP8X":
            return Look(1 + _little(data, 24, 3), 1 + _little(data, 27, 3), bool(data[20] & 2), whole=whole)
        case b"VP8L":
            bits = _little(data, 21, 4)
            return Look(1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF), whole=whole)
        case b"VP8 ":
            return Look(_little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF, whole=whole)
    raise ValueError("no picture in this WebP")


def _svg(data: bytes) -> Look:
    end = data[-4096:].rstrip()
    return Look(whole=b"</" in end or b"/>" in end, words=b"<text" in data or b":text" in data)
