"""What a picture is, told from its first bytes. Names and extensions of files are never believed."""

from __future__ import annotations

import re

__all__ = ["HEAD_BYTES", "media_type"]

HEAD_BYTES = 8192
"""How many bytes from the beginning `media_type` needs (an SVG may begin with a long comment)."""

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)

_BRANDS = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"heim": "image/heic",
    b"hevc": "image/heic",
}

_SVG = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:(?:<!--.*?-->|<!DOCTYPE\s+svg(?:[^\[>]|\[[^\]]*\])*>)\s*)*"
    rb"<(?:[A-Za-z][\w.-]*:)?svg[\s>/]",
    re.DOTALL,
)


def media_type(head: bytes) -> str:
    """The media type of the picture that begins with `head`, or `""` if it is none that is known.

    Known are PNG, JPEG, GIF, WebP, SVG, AVIF, HEIC, BMP and TIFF (WHATWG MIME Sniffing 6.1 and the
    ISO base media brands). It says what the bytes claim to be, not that they can be decoded.
    """
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "image/bmp"
    return "image/svg+xml" if _SVG.match(head[:HEAD_BYTES]) else ""


def _by_brand(head: bytes) -> str:
    """The type of a file of boxes: its main brand, else the first known one that it is compatible with."""
    end = min(int.from_bytes(head[:4], "big"), 256)
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, end, 4))]
    return next((_BRANDS[brand] for brand in brands if brand in _BRANDS), "")
