"""The store: what is put there is found again, whole, by any number of processes."""

from __future__ import annotations

import json
import multiprocessing
import os
from hashlib import sha256
from pathlib import Path

import pytest

from article_convert.assets.store import Store
from article_convert.errors import InputError

DATA = b"a picture"


def test_what_is_put_there_is_found_by_its_address(tmp_path: Path) -> None:
    stored = Store(tmp_path).put(DATA, "image/png")
    Store(tmp_path).remember("https://example.org/a", stored)
    found = Store(tmp_path).find("https://example.org/a")
    assert found is not None
    assert (found.digest, found.media_type, found.size) == (sha256(DATA).hexdigest(), "image/png", len(DATA))
    assert found.path.read_bytes() == DATA
    assert Store(tmp_path).find("https://example.org/b") is None


def test_the_same_bytes_are_kept_once_and_not_touched(tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = store.put(DATA, "image/png")
    before = first.path.stat()
    assert store.put(DATA, "image/png") == first
    assert first.path.stat().st_ino == before.st_ino
    assert len(list(tmp_path.glob("sha256/*/*"))) == 1


def test_bytes_that_were_changed_count_as_not_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    stored = store.put(DATA, "image/png")
    store.remember("u", stored)
    stored.path.write_bytes(b"another")
    assert store.find("u") is None
    assert store.put(DATA, "image/png").path.read_bytes() == DATA
    assert store.find("u") is not None


@pytest.mark.parametrize("record", ["", "{", "[]", '{"url": "u", "digest": "../../etc/passwd"}', '{"url": "other"}'])
def test_a_broken_record_counts_as_none(tmp_path: Path, record: str) -> None:
    store = Store(tmp_path)
    store.remember("u", store.put(DATA, "image/png"))
    (place,) = tmp_path.glob("addresses/*/*.json")
    place.write_text(record)
    assert store.find("u") is None


@pytest.mark.parametrize("size", ["many", None, [1], 1.5])
def test_a_size_that_is_none_counts_as_no_record(tmp_path: Path, size: object) -> None:
    store = Store(tmp_path)
    store.remember("u", store.put(DATA, "image/png"))
    (place,) = tmp_path.glob("addresses/*/*.json")
    place.write_text(json.dumps(json.loads(place.read_text()) | {"size": size}))
    assert store.find("u") is None


def test_what_was_made_is_found_by_its_recipe_with_its_facts(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep_made("r", store.put(DATA, "image/png"), note="smaller")
    store.keep_made("s", None, problem="no picture")
    made, failed = store.find_made("r"), store.find_made("s")
    assert made is not None and failed is not None
    assert made["stored"].path.read_bytes() == DATA and made["note"] == "smaller"
    assert failed["problem"] == "no picture" and "stored" not in failed
    assert store.find_made("t") is None


def test_nothing_says_when(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.remember("u", store.put(DATA, "image/png"))
    (place,) = tmp_path.glob("addresses/*/*.json")
    assert set(json.loads(place.read_text())) == {"url", "source", "digest", "media_type", "size"}


def test_what_does_not_come_in_whole_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(RuntimeError), store.incoming() as incoming:
        incoming.write(DATA)
        raise RuntimeError
    assert not list(tmp_path.glob("incoming/*"))


def test_leftovers_of_killed_processes_go_after_a_day(tmp_path: Path) -> None:
    Store(tmp_path).put(DATA, "image/png")
    old, new = tmp_path / "incoming" / "old", tmp_path / "incoming" / "new"
    old.write_bytes(b"x")
    new.write_bytes(b"x")
    os.utime(old, (1, 1))
    Store(tmp_path).put(b"more", "image/png")
    assert not old.exists() and new.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_bytes(b"x")
    with pytest.raises(InputError, match="cannot be written"):
        Store(place / "cache").put(DATA, "image/png")


def test_a_folder_behind_is_read_and_never_written(tmp_path: Path) -> None:
    old = Store(tmp_path / "old")
    old.remember("u", old.put(DATA, "image/png"))
    old.keep_made("r", old.put(b"made", "image/png"), note="n")
    before = sorted(path.name for path in (tmp_path / "old").rglob("*"))
    store = Store(tmp_path / "new", behind=tmp_path / "old")
    found = store.find("u")
    assert found is not None and found.path.read_bytes() == DATA
    assert store.find_made("r") is not None
    store.remember("v", store.put(b"more", "image/png"))
    assert store.find("v") is not None
    assert sorted(path.name for path in (tmp_path / "old").rglob("*")) == before


def test_whether_a_folder_can_be_written_is_seen_without_making_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    assert Store(tmp_path / "a" / "b").is_writable()
    assert not Store(tmp_path / "file" / "b").is_writable()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def _work(folder: Path, seed: int) -> None:
    store = Store(folder)
    for number in range(60):
        data = str((number + seed) % 20).encode()
        store.remember(f"u{data.decode()}", store.put(data, "image/png"))
        assert store.find(f"u{data.decode()}") is not None


def test_many_processes_share_one_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_work, args=(tmp_path, seed)) for seed in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(list(tmp_path.glob("sha256/*/*"))) == len(list(tmp_path.glob("addresses/*/*"))) == 20
    assert not list(tmp_path.glob("incoming/*"))
