"""Documents of a book that wait, outside of memory, until it is known where all of its links lead."""

from __future__ import annotations

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

__all__ = ["Waiting"]

_SMALL = 500_000
"""Up to this many bytes wait in memory: opening a file takes longer than a short article."""


class Waiting:
    """A row of documents in a file without a name, to be used with `with`; it is gone at the end of the block."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_SMALL)  # noqa: SIM115 - closed by `__exit__`
        self._sizes: list[tuple[str, int, bool]] = []

    def __enter__(self) -> Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put(self, name: str, text: str, kept: bool = False) -> None:
        """Add a document at the end; `kept` says that it comes from an earlier edition."""
        data = text.encode("utf-8")
        self._file.write(data)
        self._sizes.append((name, len(data), kept))

    def take(self) -> Iterator[tuple[str, str, bool]]:
        """All documents in the order in which they came."""
        self._file.seek(0)
        for name, size, kept in self._sizes:
            yield name, self._file.read(size).decode("utf-8"), kept
