"""The body of an HTTP answer, written down in bounded memory: one encoding at most, no more bytes than allowed."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from article_convert.files import size_text

__all__ = ["BodyError", "received"]

_PIECE = 1 << 16
_GZIP = zlib.MAX_WBITS | 16


class BodyError(Exception):
    """Why the body of an answer is not taken."""


class _Sink(Protocol):
    size: int

    def write(self, data: bytes) -> None: ...


def received(headers: dict[str, str], chunks: Iterable[bytes], sink: _Sink, most: int) -> None:
    """Write the decoded body into `sink`. Raises `BodyError`.

    Refused are bodies above `most` bytes, on the wire or decoded; encodings other than gzip and
    deflate, and more than one; streams that end before their end; and bodies without content.
    """
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > most:
        raise BodyError(_too_large(most))
    encodings = [each for each in headers.get("content-encoding", "").lower().replace(" ", "").split(",") if each]
    if len(encodings) > 1:
        raise BodyError("the answer is encoded more than once")
    for data in _decoded(encodings[0] if encodings else "identity", _counted(chunks, most)):
        if sink.size + len(data) > most:
            raise BodyError(_too_large(most))
        sink.write(data)
    if not sink.size:
        raise BodyError("the answer is empty")


def _too_large(most: int) -> str:
    return f"larger than {size_text(most)}"


def _counted(chunks: Iterable[bytes], most: int) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise BodyError(_too_large(most))
        yield chunk


def _decoded(encoding: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    if encoding == "identity":
        return iter(chunks)
    if encoding in ("gzip", "x-gzip"):
        return _inflated(chunks, zlib.decompressobj(_GZIP))
    if encoding == "deflate":
        return _inflated(chunks, zlib.decompressobj())
    raise BodyError(f"the encoding {encoding[:40]!r} of the answer is not known")


def _inflated(chunks: Iterable[bytes], stream: zlib._Decompress) -> Iterator[bytes]:
    """What a compressed stream holds, a small piece at a time however much it grows."""
    try:
        for chunk in chunks:
            rest, more = chunk, True
            while more and not stream.eof:
                data = stream.decompress(rest, _PIECE)
                rest = stream.unconsumed_tail
                more = bool(rest) or len(data) == _PIECE  # a full piece: more may wait inside
                yield data
    except zlib.error:
        raise BodyError("the compression of the answer is broken") from None
    if not stream.eof:
        raise BodyError("the compressed answer is cut short")
