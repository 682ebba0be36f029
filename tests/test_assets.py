"""Pictures beside an article: which files are taken, and which are refused and why."""

from __future__ import annotations

import os
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest

from article_convert.assets import local
from article_convert.assets.local import attach_local
from article_convert.model import Article, Figure, Image, Metadata, Paragraph, Resource, Span
from article_convert.pictures.sniff import media_type
from article_convert.report import Report

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
_AFTER_ADDRESS = "': "


def attach(url: str, folder: Path, root: Path | None = None) -> tuple[Resource | None, str]:
    """The resource found for one address, and the reason given if there is none."""
    report = Report()
    article = attach_local(Article((Paragraph((Image(url),)),)), folder, report, root)
    (resource,) = article.resources or (None,)
    reason = "; ".join(f"{d.code} {d.message.partition(_AFTER_ADDRESS)[2]}" for d in report.diagnostics)
    return resource, reason


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An article's folder with pictures in it, and things outside it that must never be read."""
    inside = tmp_path / "book" / "page"
    (inside / "img").mkdir(parents=True)
    for name in ("ok.png", "好.png", "a space.png", "50%.png", "q?v=1.png"):
        (inside / "img" / name).write_bytes(PNG)
    (inside / "notes.txt").write_bytes(b"words")
    (tmp_path / "secret.png").write_bytes(PNG)
    (tmp_path / "book" / "shared.png").write_bytes(PNG)
    (inside / "out.png").symlink_to(tmp_path / "secret.png")
    (inside / "outside").symlink_to(tmp_path)
    (inside / "alias.png").symlink_to(inside / "img" / "ok.png")
    os.mkfifo(inside / "pipe.png")
    return inside


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("img/ok.png", "ok.png"),
        ("./img/ok.png", "ok.png"),
        ("img/../img/ok.png", "ok.png"),
        ("img/ok.png?width=300", "ok.png"),
        ("img/ok.png#top", "ok.png"),
        ("img/q?v=1.png", "q?v=1.png"),
        ("img/%E5%A5%BD.png", "好.png"),
        ("img/好.png", "好.png"),
        ("img/a%20space.png", "a space.png"),
        ("img/a space.png", "a space.png"),
        ("img/50%.png", "50%.png"),
        ("img\\ok.png", "ok.png"),
        ("IMG/OK.PNG", "ok.png"),
        ("alias.png", "ok.png"),
    ],
)
def test_a_relative_address_finds_its_file(folder: Path, url: str, name: str) -> None:
    resource, reason = attach(url, folder)
    assert reason == ""
    assert resource is not None
    assert resource.url == url
    assert resource.location == (folder / "img" / name).resolve()
    assert (resource.media_type, resource.digest) == ("image/png", sha256(PNG).hexdigest())


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("../../secret.png", "leads out"),
        ("%2e%2e/%2e%2e/secret.png", "leads out"),
        ("..\\..\\secret.png", "leads out"),
        ("../../not-there.png", "leads out"),
        ("../../SECRET.png", "leads out"),
        ("out.png", "leads out"),
        ("outside/secret.png", "leads out"),
        ("outside/SECRET.png", "leads out"),
        ("img/../../../secret.png", "leads out"),
        ("/etc/passwd", "an absolute path"),
        ("\\\\127.0.0.1\\share\\x.png", "an absolute path"),
        ("C:\\Windows\\win.ini", "an absolute path"),
        ("file:///etc/passwd", "a file: address"),
        ("FILE:/etc/passwd", "a file: address"),
        ("pipe.png", "not an ordinary file"),
        ("img/", "not an ordinary file"),
        (".", "not an ordinary file"),
        ("img/ok.png%00.txt", "no file has such a name"),
        ("img/ok.png\x00", "no file has such a name"),
        ("img/none.png", "no such file"),
        ("img/" + "a" * 5000, "no such file"),
        ("notes.txt", "not a picture of a known type"),
    ],
)
def test_everything_else_is_refused_with_its_reason(folder: Path, url: str, why: str) -> None:
    resource, reason = attach(url, folder)
    assert resource is None
    assert why in reason


def test_what_is_outside_looks_the_same_whether_it_exists_or_not(folder: Path) -> None:
    assert attach("../../secret.png", folder)[1] == attach("../../absent.png", folder)[1]


def test_a_book_may_share_pictures_above_the_page(folder: Path) -> None:
    resource, _ = attach("../shared.png", folder, root=folder.parent)
    assert resource is not None
    assert attach("../../secret.png", folder, root=folder.parent)[0] is None


def test_two_files_that_differ_in_capitals_are_not_guessed_between(folder: Path) -> None:
    (folder / "img" / "OK.png").write_bytes(PNG)
    assert attach("img/ok.png", folder)[0] is not None
    assert "could both be meant" in attach("img/Ok.png", folder)[1]


@pytest.mark.parametrize("url", ["https://a.example/x.png", "//a.example/x.png", "cid:part1", "blob:https://a/1"])
def test_addresses_of_other_schemes_are_left_alone(folder: Path, url: str) -> None:
    assert attach(url, folder) == (None, "")


def test_data_addresses_become_resources(tmp_path: Path) -> None:
    url = "data:image/jpeg;base64," + b64encode(PNG).decode().rstrip("=")
    resource, reason = attach(url, tmp_path)
    assert reason == ""
    assert resource == Resource(url, "image/png", sha256(PNG).hexdigest(), b"")
    assert resource is not None
    assert resource.location == PNG
    svg, _ = attach("data:image/svg+xml;utf8,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E", tmp_path)
    assert svg is not None
    assert svg.media_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("data:text/plain;base64,Q0FOQVJZ", "image.unsupported"),
        ("data:image/png;base64,!!", "base64"),
        ("data:image/png", "without a comma"),
        ("data:,", "image.unsupported"),
    ],
)
def test_data_addresses_that_hold_no_picture(tmp_path: Path, url: str, why: str) -> None:
    resource, reason = attach(url, tmp_path)
    assert resource is None
    assert why in reason


def test_pictures_above_the_limit_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "MAX_PICTURE_BYTES", 16)
    (tmp_path / "big.png").write_bytes(PNG)
    (tmp_path / "small.gif").write_bytes(b"GIF89a")
    assert "larger than" in attach("big.png", tmp_path)[1]
    assert "larger than" in attach("data:image/png;base64," + b64encode(PNG).decode(), tmp_path)[1]
    assert attach("small.gif", tmp_path)[0] is not None


def test_each_address_is_looked_up_once_and_the_report_knows_where_it_stood(tmp_path: Path) -> None:
    report = Report(source="a.md")
    images = (Image("none.png", span=Span(3, 1)), Image("none.png", span=Span(9, 1)))
    article = Article((Paragraph(images), Figure(Image("x.svg"))), Metadata(lead_image="lead.gif"))
    (tmp_path / "x.svg").write_bytes(SVG)
    (tmp_path / "lead.gif").write_bytes(b"GIF89a")
    attached = attach_local(article, tmp_path, report)
    assert [resource.url for resource in attached.resources] == ["lead.gif", "x.svg"]
    assert [str(d) for d in report.diagnostics] == [
        "a.md:3:1: warning: picture 'none.png': no such file [image.missing]"
    ]
    assert [(asset.url, asset.fate, asset.detail) for asset in report.assets] == [
        ("none.png", "failed", "no such file")
    ]
    assert attach_local(attached, tmp_path, report).resources == attached.resources


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x1cftypavif", "image/avif"),
        (b"\x00\x00\x00\x18ftypmp42", ""),
        (b"BM\x3a\x00\x00\x00\x00\x00\x00\x00", "image/bmp"),
        (b"BMW is a car maker", ""),
        (b"II*\x00", "image/tiff"),
        (SVG, "image/svg+xml"),
        (
            b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- made by hand --><!DOCTYPE svg PUBLIC "a" "b">\n<svg>',
            "image/svg+xml",
        ),
        (b"<svg:svg xmlns:svg='x'>", "image/svg+xml"),
        (b"<html><svg></svg></html>", ""),
        (b"<svgx>", ""),
        (b"", ""),
    ],
)
def test_a_picture_is_told_by_its_bytes(head: bytes, found: str) -> None:
    assert media_type(head) == found
