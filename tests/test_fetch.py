"""Fetching: what is asked for and how, what is tried again, what is taken, and what ends as a reason."""

from __future__ import annotations

import gc
import gzip
import io
import pickle
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow

import article_convert as ac
from article_convert.assets import hosts
from article_convert.assets.fetch import Fetcher, Limits
from article_convert.assets.guard import target_of
from article_convert.assets.images import MAX_PIXELS
from article_convert.assets.remote import fetch_pictures
from article_convert.errors import FetchError
from article_convert.model import Article, Book, Chapter, Entry, Image, Metadata, Paragraph
from article_convert.report import Report
from web import Answer, Clock, Web, fetcher_for, picture, serving

PNG = picture()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as running:
        yield running


def reason(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.get(url)
    return str(caught.value)


def article(*urls: str, page: str = "https://example.org/post") -> Article:
    return Article((Paragraph(tuple(Image(url) for url in urls)),), Metadata(source_url=page))


def test_all_errors_are_errors_of_the_library(tmp_path: Path) -> None:
    with pytest.raises(ac.ArticleConvertError, match="not in the cache") as caught:
        ac.Fetcher(tmp_path, offline=True, limits=ac.Limits(seconds=1)).get("https://example.org/a.png")
    assert isinstance(caught.value, ac.FetchError)
    again = pickle.loads(pickle.dumps(ac.FetchError("HTTP 503", 503, again=True, wait=2.0)))
    assert (str(again), again.status, again.again, again.wait) == ("HTTP 503", 503, True, 2.0)


# --------------------------------------------------------------------------- asking


def test_a_picture_is_fetched_once_and_then_taken_from_the_store(web: Web, tmp_path: Path) -> None:
    url = web.at("/a.png", PNG)
    first = fetcher_for(web, tmp_path).get(url)
    again = fetcher_for(web, tmp_path).get(url)
    assert first.path.read_bytes() == again.path.read_bytes() == PNG
    assert (first.media_type, first.digest) == (again.media_type, again.digest)
    assert web.asked("/a.png") == 1


def test_offline_takes_what_is_there_and_asks_nobody(web: Web, tmp_path: Path) -> None:
    url, other = web.at("/a.png", PNG), web.at("/b.png", PNG)
    fetcher_for(web, tmp_path).get(url)
    offline = Fetcher(tmp_path, offline=True)
    assert offline.get(url).path.read_bytes() == PNG
    assert "offline" in reason(offline, other)
    assert len(web.seen) == 1


def test_a_cache_that_cannot_be_written_loses_no_picture(web: Web, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    fetcher = fetcher_for(web, tmp_path / "file" / "cache")
    report = Report()
    [resource] = fetch_pictures(article(web.at("/a.png", PNG)), fetcher, report=report).resources
    assert isinstance(resource.location, Path)
    assert resource.location.read_bytes() == PNG
    assert report.counts == {"cache.unwritable": 1}
    assert "cannot be written" in report.diagnostics[0].message
    again = pickle.loads(pickle.dumps(fetcher))  # another process finds what this one has fetched
    assert again.get(web.at("/a.png", PNG)).path == resource.location
    del fetcher, again
    gc.collect()
    assert not resource.location.exists()


def test_the_page_of_the_article_is_the_referer(web: Web, tmp_path: Path) -> None:
    urls = [web.at("/a.png", PNG), web.at("/b.png", picture("blue"))]
    report = Report()
    page = f"{web.base.replace('//', '//me:secret@')}/文章?a=b#part"
    found = fetch_pictures(article(*urls, page=page), fetcher_for(web, tmp_path), report=report)
    assert [resource.url for resource in found.resources] == urls
    assert {headers["referer"] for _, headers in web.seen} == {f"{web.base}/%E6%96%87%E7%AB%A0?a=b"}
    assert "cookie" not in web.seen[0][1]
    assert not report.diagnostics


@pytest.mark.parametrize("rule", hosts.RULES, ids=lambda rule: rule.host)
def test_hosts_that_serve_only_their_own_pages_are_told_one(rule: hosts.HostRule) -> None:
    assert rule.why
    for scheme in ("http", "https"):
        assert hosts.referer_for(target_of(f"{scheme}://a.{rule.host}/"), "https://example.org/post") == rule.referer
    assert (
        hosts.referer_for(target_of(f"https://not{rule.host}/"), "https://example.org/post") == "https://example.org/"
    )


@pytest.mark.parametrize(
    ("url", "page", "referer"),
    [
        ("https://site.example/a.png", "https://site.example/post?id=1#part", "https://site.example/post?id=1"),
        (
            "https://site.example/a.png",
            "https://me:secret@site.example/文章",
            "https://site.example/%E6%96%87%E7%AB%A0",
        ),
        ("https://cdn.example/a.png", "https://me:secret@站.example:8443/文章", "https://xn--5tz.example:8443/"),
        ("http://cdn.example/a.png", "http://site.example/post", "http://site.example/"),
        ("https://site.example/a.png", "http://site.example/post", "http://site.example/"),
        ("http://site.example/a.png", "https://site.example/post", ""),
        ("https://site.example:444/a.png", "https://site.example/post", "https://site.example/"),
        ("https://site.example/a.png", "file:///home/me/a.html", ""),
        ("https://site.example/a.png", "https://a b/\ud800", ""),
        ("https://site.example/a.png", "", ""),
    ],
)
def test_a_referer_says_no_more_than_a_browser_would(url: str, page: str, referer: str) -> None:
    assert hosts.referer_for(target_of(url), page) == referer


def test_the_largest_copy_is_tried_first_and_the_one_named_if_there_is_none(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = hosts.HostRule("127.0.0.1", size=r"!/.*\Z", why="test")
    monkeypatch.setattr(hosts, "RULES", (rule,))
    web.at("/a.png", PNG)
    web.at("/b.png!/both/72x72", picture("blue"))
    fetcher = fetcher_for(web, tmp_path)
    assert fetcher.get(f"{web.base}/a.png!/both/72x72").path.read_bytes() == PNG
    assert fetcher.get(f"{web.base}/b.png!/both/72x72").path.read_bytes() == picture("blue")
    assert [path for path, _ in web.seen] == ["/a.png", "/b.png", "/b.png!/both/72x72"]


def test_few_requests_go_to_one_host_at_once(web: Web, tmp_path: Path) -> None:
    now: list[int] = []
    most: list[int] = []

    def slowly(number: int) -> Answer:
        now.append(1)
        most.append(len(now))
        time.sleep(0.005)
        now.pop()
        return Answer(PNG)

    urls = [web.at(f"/{number}.png", slowly) for number in range(40)]
    fetcher = fetcher_for(web, tmp_path, at_once=8, per_host=2)
    assert not [error for _, error in fetcher.get_all(urls) if isinstance(error, FetchError)]
    assert max(most) == 2


def test_progress_is_told_after_each_picture(web: Web, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    urls = [web.at(f"/{number}.png", PNG) for number in range(3)]
    fetcher = fetcher_for(web, tmp_path, progress=lambda done, total, url: told.append((done, total)))
    list(fetcher.get_all(urls))
    assert told == [(1, 3), (2, 3), (3, 3)]


# --------------------------------------------------------------------------- trying again


def test_what_may_pass_is_tried_again_with_growing_pauses(web: Web, tmp_path: Path) -> None:
    clock = Clock()
    url = web.at("/a.png", lambda number: Answer(PNG) if number == 3 else Answer(status=503))
    fetcher_for(web, tmp_path, clock=clock, sleep=clock.sleep).get(url)
    assert clock.slept == [0.5, 1.0]


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"Retry-After": "3"}, [3.0]),
        (
            {"Date": "Mon, 06 May 2024 08:00:00 GMT", "Retry-After": "Mon, 06 May 2024 08:00:05 GMT"},
            [5.0],
        ),
        ({"Retry-After": "soon"}, [0.5]),
    ],
)
def test_the_pause_that_a_host_asks_for_is_kept(
    web: Web, tmp_path: Path, headers: dict[str, str], slept: list[float]
) -> None:
    clock = Clock()
    url = web.at("/a.png", lambda number: Answer(PNG) if number == 2 else Answer(status=429, headers=headers))
    fetcher_for(web, tmp_path, clock=clock, sleep=clock.sleep).get(url)
    assert clock.slept == slept


def test_a_day_is_not_waited(web: Web, tmp_path: Path) -> None:
    clock = Clock()
    url = web.at("/a.png", Answer(status=429, headers={"Retry-After": "86400"}))
    assert "429" in reason(fetcher_for(web, tmp_path, clock=clock, sleep=clock.sleep), url)
    assert clock.slept == []


@pytest.mark.parametrize("status", [204, 206, 304, 401, 403, 404, 410, 418])
def test_other_statuses_are_final_whatever_they_bring(web: Web, tmp_path: Path, status: int) -> None:
    url = web.at("/a.png", Answer(PNG if status not in (204, 304) else b"", status))
    fetcher = fetcher_for(web, tmp_path)
    assert f"HTTP {status}" in reason(fetcher, url)
    assert f"HTTP {status}" in reason(fetcher, url)
    assert web.asked("/a.png") == 1  # a run asks once


def test_a_broken_connection_is_tried_again(web: Web, tmp_path: Path) -> None:
    clock = Clock()
    cut = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc"
    url = web.at("/a.png", lambda number: Answer(PNG) if number == 2 else Answer(raw=cut))
    fetcher_for(web, tmp_path, clock=clock, sleep=clock.sleep).get(url)
    assert web.asked("/a.png") == 2


def test_a_host_that_does_not_answer_is_left_alone_for_a_while(web: Web, tmp_path: Path) -> None:
    clock = Clock()
    fetcher = fetcher_for(web, tmp_path, clock=clock, sleep=clock.sleep, limits=Limits(tries=1))
    for number in range(5):
        assert "HTTP 500" in reason(fetcher, web.at(f"/{number}", Answer(status=500)))
    assert "left alone" in reason(fetcher, web.at("/good.png", PNG))
    assert len(web.seen) == 5
    clock.now += 61
    fetcher = pickle.loads(pickle.dumps(fetcher))  # another process knows nothing of this
    assert fetcher.get(web.base + "/good.png").path.read_bytes() == PNG


def test_a_rested_host_gets_one_request_and_is_trusted_again(web: Web, tmp_path: Path) -> None:
    clock = Clock()
    fetcher = fetcher_for(web, tmp_path, clock=clock, sleep=clock.sleep, limits=Limits(tries=1))
    for number in range(5):
        reason(fetcher, web.at(f"/{number}", Answer(status=500)))
    clock.now += 61
    assert fetcher.get(web.at("/good.png", PNG)).path.read_bytes() == PNG
    assert fetcher.get(web.at("/better.png", PNG)).path.read_bytes() == PNG


def test_a_name_that_does_not_resolve_is_asked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def nobody(host: str, *rest: object, **more: object) -> list[object]:
        asked.append(host)
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", nobody)
    fetcher = Fetcher(tmp_path)
    assert "no host nobody.example" in reason(fetcher, "https://nobody.example/a.png")
    assert "no host nobody.example" in reason(fetcher, "https://nobody.example/b.png")
    assert asked == ["nobody.example"]


# --------------------------------------------------------------------------- redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(web: Web, tmp_path: Path, status: int) -> None:
    url = web.at("/a", Answer(status=status, headers={"Location": "/b%20c.png?x=1#y"}))
    web.at("/b%20c.png?x=1", PNG)
    assert fetcher_for(web, tmp_path).get(url).source == f"{web.base}/b%20c.png?x=1"


def test_redirects_end_somewhere(web: Web, tmp_path: Path) -> None:
    url = web.at("/a", Answer(status=302, headers={"Location": "/a"}))
    assert "more than 10 redirects" in reason(fetcher_for(web, tmp_path), url)
    assert web.asked("/a") == 11
    assert "HTTP 302" in reason(fetcher_for(web, tmp_path), web.at("/b", Answer(status=302)))


# --------------------------------------------------------------------------- what is taken


def test_the_type_is_told_by_the_content(web: Web, tmp_path: Path) -> None:
    url = web.at("/a.jpg", Answer(PNG, headers={"Content-Type": "text/html"}))
    assert fetcher_for(web, tmp_path).get(url).media_type == "image/png"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
def test_every_kind_of_picture_is_taken(web: Web, tmp_path: Path, kind: str) -> None:
    stored = fetcher_for(web, tmp_path).get(web.at("/a", picture(kind=kind, size=(16, 16))))
    assert stored.media_type == f"image/{kind.lower()}"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, data: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def noise(size: tuple[int, int] = (64, 64)) -> bytes:
    out = io.BytesIO()
    Pillow.effect_noise(size, 60).save(out, "PNG")
    return out.getvalue()


SCRIPTED = b'<svg xmlns="http://www.w3.org/2000/svg"><script>a()</script></svg>'
BODIES = [
    (b"", "empty"),
    (b"hello", "not a picture"),
    (b"<!doctype html><p>no</p>", "a web page"),
    (b'{"error": 1}', "JSON"),
    (b"\x7fELF" + bytes(90), "not a picture"),
    (b"%PDF-1.4", "not a picture"),
    (noise()[:-40], "decoded"),
    (picture(kind="JPEG", size=(64, 64))[:300], "decoded"),
    (png_of(0, 0), "decoded"),
    (png_of(10_000, 10_000), f"at most {MAX_PIXELS:,}"),
    (png_of(65_535, 65_535), ""),
    (png_of(2**31 - 1, 1), ""),
    (b"GIF89a\xff\xff\xff\xff\x80\0\0" + bytes(20), ""),
    (SCRIPTED, "script"),
    (b'<svg xmlns="http://www.w3.org/2000/svg" onload="a()"/>', "handler"),
    (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg"/>', "entities"),
    (b'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://127.0.0.1/a.png"/></svg>', "outside"),
    (b"<svg><g>", "malformed"),
]


@pytest.mark.parametrize(("body", "why"), BODIES, ids=range(len(BODIES)))
def test_what_is_no_picture_is_refused(web: Web, tmp_path: Path, body: bytes, why: str) -> None:
    assert why in reason(fetcher_for(web, tmp_path), web.at("/a.png", body))
    assert not list(tmp_path.glob("incoming/*"))
    assert not list(tmp_path.glob("sha256/*/*"))


def test_one_encoding_is_understood(web: Web, tmp_path: Path) -> None:
    for name, data in {"gzip": gzip.compress(PNG), "deflate": zlib.compress(PNG), "identity": PNG}.items():
        url = web.at(f"/{name}", Answer(data, headers={"Content-Encoding": name}))
        assert fetcher_for(web, tmp_path).get(url).path.read_bytes() == PNG


@pytest.mark.parametrize(
    ("encoding", "data", "why"),
    [
        ("gzip", gzip.compress(bytes(40 << 20)), "larger than 32.0 MB"),
        ("deflate", zlib.compress(bytes(40 << 20)), "larger than 32.0 MB"),
        ("gzip, gzip", gzip.compress(gzip.compress(PNG)), "more than once"),
        ("gzip", gzip.compress(PNG)[:-12], "cut short"),
        ("gzip", PNG, "broken"),
        ("br", PNG, "not known"),
    ],
    ids=range(6),
)
def test_bombs_and_lies_about_the_encoding_are_refused(
    web: Web, tmp_path: Path, encoding: str, data: bytes, why: str
) -> None:
    url = web.at("/a.png", Answer(data, headers={"Content-Encoding": encoding}))
    assert why in reason(fetcher_for(web, tmp_path), url)


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + PNG,
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n" + PNG,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nxx\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n" + PNG,
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 50_000 + b"\r\n" + PNG,
        b"HELLO\r\n\r\n",
        PNG,
    ],
    ids=range(7),
)
def test_what_is_no_whole_answer_is_refused(web: Web, tmp_path: Path, raw: bytes) -> None:
    clock = Clock()
    fetcher = fetcher_for(web, tmp_path, clock=clock, sleep=clock.sleep)
    assert "broken" in reason(fetcher, web.at("/a.png", Answer(raw=raw)))


def test_a_declared_length_above_the_limit_is_refused_unread(web: Web, tmp_path: Path) -> None:
    url = web.at("/a.png", Answer(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n"))
    assert "larger" in reason(fetcher_for(web, tmp_path), url)


@pytest.mark.parametrize("drip", [b"HTTP/1.1 200 OK\r\nX-Slow: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"])
def test_a_server_that_drips_is_left_in_bounded_time(web: Web, tmp_path: Path, drip: bytes) -> None:
    def slowly(number: int) -> Answer:
        return Answer(raw=drip)

    stop = time.monotonic() + 8

    class Dripping(bytes):
        pass

    url = web.at("/a.png", slowly)
    limits = Limits(seconds=0.6, longest=2)
    import socketserver

    original = socketserver._SocketWriter.write  # type: ignore[attr-defined]

    def write(self: object, data: bytes) -> int:
        done = original(self, data)
        while time.monotonic() < stop:
            time.sleep(0.05)
            original(self, b"a")
        return int(done)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socketserver._SocketWriter, "write", write)  # type: ignore[attr-defined]
        begun = time.monotonic()
        assert "longer than allowed" in reason(fetcher_for(web, tmp_path, limits=limits), url)
        stop = 0
    assert time.monotonic() - begun < 2


def test_the_pictures_of_an_article_have_a_limit_together(web: Web, tmp_path: Path) -> None:
    urls = [web.at(f"/{number}.png", noise((64, 64 + number))) for number in range(6)]
    limits = Limits(article_bytes=8000)
    fetcher = fetcher_for(web, tmp_path, limits=limits, at_once=1)
    results = [stored for _, stored in fetcher.get_all(urls)]
    refused = [error for error in results if isinstance(error, FetchError)]
    assert 0 < len(refused) < 6
    assert "too large together" in str(refused[0])


def test_the_limits_of_one_article_are_not_those_of_the_next(web: Web, tmp_path: Path) -> None:
    urls = [web.at(f"/{number}.png", noise((64, 64 + number))) for number in range(3)]
    fetcher = fetcher_for(web, tmp_path, limits=Limits(article_bytes=4000), at_once=1)
    first = [found for _, found in fetcher.get_all(urls)]
    again = [found for _, found in fetcher.get_all(urls)]
    assert any(isinstance(found, FetchError) for found in first)
    assert sum(isinstance(found, FetchError) for found in again) < sum(isinstance(found, FetchError) for found in first)


def test_a_host_that_rests_says_nothing_of_its_pictures(web: Web, tmp_path: Path) -> None:
    clock = Clock()
    fetcher = fetcher_for(web, tmp_path, clock=clock, sleep=clock.sleep, limits=Limits(tries=1))
    for number in range(5):
        reason(fetcher, web.at(f"/{number}", Answer(status=500)))
    good = web.at("/good.png", PNG)
    assert "left alone" in reason(fetcher, good)
    clock.now += 61
    assert fetcher.get(good).path.read_bytes() == PNG


def test_a_failure_that_is_remembered_does_not_grow(web: Web, tmp_path: Path) -> None:
    fetcher, errors = fetcher_for(web, tmp_path), []
    for _ in range(3):
        with pytest.raises(FetchError, match="404") as caught:
            fetcher.get(f"{web.base}/gone.png")
        errors.append(caught.value)
    assert len({id(error) for error in errors}) == 3
    assert [error.status for error in errors] == [404] * 3
    assert web.asked("/gone.png") == 1


def test_another_process_gets_the_same_settings(tmp_path: Path) -> None:
    fetcher = Fetcher(tmp_path, offline=True, at_once=3, per_host=2)
    fetcher.refusal = "nothing is fetched today"
    again = pickle.loads(pickle.dumps(fetcher))
    assert (again.at_once, again.per_host, again.refusal) == (3, 2, "nothing is fetched today")


def test_a_limit_is_said_as_it_is(web: Web, tmp_path: Path) -> None:
    url = web.at("/a.png", noise())
    assert reason(fetcher_for(web, tmp_path, limits=Limits(file_bytes=2_000)), url) == "larger than 2 KB"


# --------------------------------------------------------------------------- articles and books


def test_one_failure_stops_nothing_and_is_explained(web: Web, tmp_path: Path) -> None:
    urls = [web.at("/a.png", PNG), f"{web.base}/gone.png", web.at("/c.png", picture("blue"))]
    report = Report()
    found = fetch_pictures(article(*urls), fetcher_for(web, tmp_path), report=report)
    assert [resource.url for resource in found.resources] == [urls[0], urls[2]]
    (missing,) = report.diagnostics
    assert missing.code == "image.missing" and "HTTP 404" in missing.message and urls[1] in missing.message
    (entry,) = report.assets
    assert (entry.url, entry.fate, entry.detail) == (urls[1], "failed", "HTTP 404")


def test_a_lead_picture_that_nobody_sees_is_in_the_ledger_only(web: Web, tmp_path: Path) -> None:
    report = Report()
    alone = Article(metadata=Metadata(lead_image=f"{web.base}/gone.png"))
    fetch_pictures(alone, fetcher_for(web, tmp_path), report=report)
    assert not report.diagnostics
    assert [entry.fate for entry in report.assets] == ["failed"]


def test_chapters_fetch_when_they_are_loaded_and_report_once(web: Web, tmp_path: Path) -> None:
    url, lead = web.at("/a.png", PNG), web.at("/cover.png", picture("blue"))
    chapter = Chapter("one.md", lambda: article(url, f"{web.base}/gone.png"))
    report = Report()
    book = Book((Entry("One", chapter),), Metadata(lead_image=lead))
    found = fetch_pictures(book, fetcher_for(web, tmp_path), report=report)
    assert [path for path, _ in web.seen] == ["/cover.png"]
    assert [resource.url for resource in found.resources] == [lead]
    loaded = found.entries[0].chapter
    assert loaded is not None
    assert loaded.load() == loaded.load()
    assert [(each.source, each.code) for each in report.diagnostics] == [("one.md", "image.missing")]
    assert web.asked("/a.png") == web.asked("/gone.png") == 1


def test_an_address_without_scheme_is_one_of_the_web(tmp_path: Path) -> None:
    report = Report()
    fetch_pictures(article("//nobody.invalid/a.png", "b.png"), Fetcher(tmp_path, offline=True), report=report)
    assert [entry.url for entry in report.assets] == ["//nobody.invalid/a.png"]
