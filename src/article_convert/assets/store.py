"""A folder that keeps pictures by their content, shared by every format, article and process.

    sha256/1f/1f3a…          the bytes, named by their SHA-256
    addresses/c0/c0de….json  what an address gave: digest, media type, size, and where it came from in the end
    made/77/77ab….json       what was made of a picture for some target, by digest and recipe
    incoming/                downloads on their way

A file appears whole or not at all, and never changes afterwards, so any number of processes may use
one folder at once. Bytes are compared with their digest before they are used: what a broken disk or
a stranger has changed counts as not there. No dates are kept: a store and its sources rebuild the
same book, whatever the day.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, BinaryIO

from article_convert.errors import InputError
from article_convert.files import can_write

__all__ = ["Incoming", "Store", "Stored"]

_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture in the store. `source` is the address that gave it, after all redirects."""

    digest: str
    media_type: str
    size: int
    path: Path
    source: str = ""


@dataclass(slots=True)
class Incoming:
    """Bytes on their way into the store; `path` holds them until they are taken in."""

    path: Path
    file: BinaryIO
    size: int = 0
    _hash: Any = field(default_factory=sha256, repr=False)

    def write(self, data: bytes) -> None:
        """Append `data`."""
        self.file.write(data)
        self._hash.update(data)
        self.size += len(data)

    @property
    def digest(self) -> str:
        """The SHA-256 of all bytes so far, in hexadecimal."""
        return str(self._hash.hexdigest())


class Store:
    """One folder of pictures; made when the first of them is put there.

    What is not in it is looked for in the folder `behind`, which is only read. Raises `InputError` if
    the folder cannot be written.
    """

    def __init__(self, folder: str | os.PathLike[str], behind: str | os.PathLike[str] | None = None) -> None:
        self.folder = Path(folder)
        self._folders = (self.folder,) if behind is None else (self.folder, Path(behind))
        self._ready = False

    @classmethod
    def holding(cls, path: Path, digest: str) -> Store | None:
        """The store that the bytes at `path` lie in, if they lie in one."""
        if path.name == digest and path.parent.name == digest[:2] and path.parent.parent.name == "sha256":
            return cls(path.parents[2])
        return None

    def can_write(self) -> bool:
        """Whether something can be put here."""
        try:
            self._prepare()
        except InputError:
            return False
        return True

    def is_writable(self) -> bool:
        """Whether something could be put here, as far as can be seen without making anything."""
        return all(can_write(self.folder / part) for part in ("incoming", "sha256", "addresses", "made"))

    # ------------------------------------------------------------------ bytes

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A place to write a download to; it is gone at the end unless `take` has taken it in."""
        self._prepare()
        handle, name = tempfile.mkstemp(dir=self.folder / "incoming")
        path = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield Incoming(path, file)
        finally:
            with suppress(OSError):
                path.unlink()

    def take(self, incoming: Incoming, media_type: str, source: str = "") -> Stored:
        """Give what has come in the name of its content."""
        incoming.file.flush()
        digest = incoming.digest
        path = self._place(self.folder, digest)
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._is_whole(path, digest):
            return Stored(digest, media_type, incoming.size, path, source)
        incoming.file.close()
        incoming.path.chmod(0o644)
        incoming.path.replace(path)
        return Stored(digest, media_type, incoming.size, path, source)

    def put(self, data: bytes, media_type: str) -> Stored:
        """Keep `data`, which may be there already."""
        with self.incoming() as incoming:
            incoming.write(data)
            return self.take(incoming, media_type)

    @staticmethod
    def _place(folder: Path, digest: str) -> Path:
        return folder / "sha256" / digest[:2] / digest

    @staticmethod
    def _is_whole(path: Path, digest: str) -> bool:
        try:
            with path.open("rb") as file:
                return file_digest(file, "sha256").hexdigest() == digest
        except OSError:
            return False

    # ------------------------------------------------------------------ records

    def find(self, url: str) -> Stored | None:
        """What `url` gave when it was fetched, if its bytes are still whole."""
        found = (self._stored(record, url) for record in self._records("addresses", url))
        return next((stored for stored in found if stored is not None), None)

    def remember(self, url: str, stored: Stored) -> None:
        """Note that `url` gives this picture."""
        self._note("addresses", url, _as_record(stored) | {"url": url, "source": stored.source})

    def find_made(self, recipe: str) -> dict[str, Any] | None:
        """What `keep_made` noted under `recipe`; with the key `stored` if a picture was made."""
        for record in self._records("made", recipe):
            if "digest" not in record:
                return record
            stored = self._stored(record, recipe)
            if stored is not None:
                return record | {"stored": stored}
        return None

    def keep_made(self, recipe: str, stored: Stored | None, **facts: str) -> None:
        """Note what was made by `recipe`, or with no picture why nothing could be made."""
        self._note("made", recipe, (_as_record(stored) if stored is not None else {}) | {"recipe": recipe} | facts)

    def _stored(self, record: dict[str, Any], key: str) -> Stored | None:
        digest, size = str(record.get("digest", "")), record.get("size")
        if len(digest) != 64 or not digest.isalnum() or not isinstance(size, int):
            return None
        places = (self._place(folder, digest) for folder in self._folders)
        path = next((place for place in places if self._is_whole(place, digest)), None)
        if path is None:
            return None
        return Stored(digest, str(record.get("media_type", "")), size, path, str(record.get("source", key)))

    def _records(self, kind: str, key: str) -> Iterator[dict[str, Any]]:
        for folder in self._folders:
            with suppress(OSError, ValueError):
                record = json.loads(self._record_place(folder, kind, key).read_text("utf-8"))
                # Two keys never share a name; a record of another key was put there by somebody else.
                if isinstance(record, dict) and record.get("url", record.get("recipe")) == key:
                    yield record

    @staticmethod
    def _record_place(folder: Path, kind: str, key: str) -> Path:
        name = sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return folder / kind / name[:2] / f"{name}.json"

    def _note(self, kind: str, key: str, record: dict[str, Any]) -> None:
        self._prepare()
        path = self._record_place(self.folder, kind, key)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder / "incoming", suffix=".json")
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogatepass") as file:
            json.dump(record, file, ensure_ascii=True, sort_keys=True)
        Path(name).chmod(0o644)
        Path(name).replace(path)

    def _prepare(self) -> None:
        """Make the folder, and clear it of what a killed process left behind more than a day ago."""
        if self._ready:
            return
        incoming = self.folder / "incoming"
        try:
            incoming.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=incoming) as probe:
                now = Path(probe.name).stat().st_mtime  # of the same clock as the dates of the files
        except OSError as error:
            raise InputError(f"the cache {self.folder} cannot be written: {error.strerror or error}") from error
        for left in incoming.iterdir():
            with suppress(OSError):
                if now - left.stat().st_mtime > _A_DAY:
                    left.unlink()
        self._ready = True


def _as_record(stored: Stored) -> dict[str, Any]:
    return {"digest": stored.digest, "media_type": stored.media_type, "size": stored.size}
