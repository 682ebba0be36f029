"""`check`: each rule finds its small broken EPUB and nothing in the sound one; strangers' files end as findings."""

from __future__ import annotations

import json
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

import article_convert as ac
from article_convert import cli
from article_convert.checks import RULES, check, xml
from article_convert.checks.findings import Problems
from article_convert.checks.xml import events
from article_convert.errors import InputError, OptionError
from article_convert.profiles import PROFILES
from tiny_epub import Tiny, gif, jpeg, png

Make = Callable[[], bytes]

TABLE = "<table><tr>{}</tr></table>"
WIDE = TABLE.format("<td>一二三四五</td>" * 6)
NOTED = '<p>面<a id="r" href="#n" epub:type="noteref">1</a></p>'


def twice(archive: zipfile.ZipFile) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("EPUB/one.xhtml", b"<html/>")


def heavy(archive: zipfile.ZipFile) -> None:
    archive.writestr("EPUB/film.bin", bytes(51_000_000), zipfile.ZIP_STORED)


def named(name: str) -> Callable[[zipfile.ZipFile], None]:
    return lambda archive: archive.writestr(name, b"x")


def deep(levels: int) -> str:
    return '<ol><li><a href="one.xhtml">面</a>' * levels + "</li></ol>" * levels


FAILING: dict[str, tuple[str, Make]] = {
    "no-epub": ("generic", lambda: b"%PDF-1.7 no book"),
    "too-much": ("generic", lambda: Tiny({"EPUB/one.xhtml": b" " * 70_000_000}).pack()),
    "encrypted": ("generic", lambda: Tiny({"META-INF/rights.xml": b"<rights/>"}).pack()),
    "mimetype-entry": ("kobo", lambda: Tiny(compress_first=True).pack()),
    "file-name-unsafe": ("generic", lambda: Tiny().pack(named("EPUB/../../evil.sh"))),
    "file-name-twice": ("generic", lambda: Tiny().pack(twice)),
    "file-name-plain": ("apple", lambda: Tiny().add("图 一.png", png(), "image/png").pack()),
    "container-missing": ("generic", lambda: Tiny({"META-INF/container.xml": b"<container/>"}).pack()),
    "package-broken": ("generic", lambda: Tiny().drop("content.opf").pack()),
    "metadata-missing": ("generic", lambda: Tiny().replace("content.opf", "<dc:title>煮面</dc:title>", "").pack()),
    "language-missing": (
        "kindle",
        lambda: Tiny().replace("content.opf", "<dc:language>zh", "<dc:language>und").pack(),
    ),
    "manifest-missing": ("generic", lambda: Tiny().drop("style.css").pack()),
    "manifest-unlisted": ("generic", lambda: Tiny({"EPUB/forgotten.xhtml": b"<html/>"}).pack()),
    "manifest-twice": ("generic", lambda: Tiny().add("one.xhtml", Tiny().files["EPUB/one.xhtml"], "text/x").pack()),
    "media-type-wrong": ("generic", lambda: Tiny().add("a.jpg", png(), "image/jpeg").pack()),
    "property-missing": (
        "generic",
        lambda: Tiny().body('<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>').pack(),
    ),
    "spine-broken": ("generic", lambda: Tiny().replace("content.opf", 'idref="one"', 'idref="two"').pack()),
    "nav-missing": ("generic", lambda: Tiny().replace("content.opf", ' properties="nav"', "").pack()),
    "ncx-missing": (
        "kindle",
        lambda: Tiny().replace("content.opf", "application/x-dtbncx+xml", "application/xml").pack(),
    ),
    "toc-depth": (
        "kindle",
        lambda: Tiny().replace("nav.xhtml", '<ol><li><a href="one.xhtml">煮面</a></li></ol>', deep(3)).pack(),
    ),
    "cover-missing": (
        "generic",
        lambda: (
            Tiny().replace("content.opf", ' properties="cover-image"', "")
            .replace("content.opf", 'content="cover"', "").pack()
        ),
    ),
    "not-well-formed": ("kindle", lambda: Tiny().body("<!-- a -- b -->").pack()),
    "entities": (
        "generic",
        lambda: Tiny().replace("one.xhtml", "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY a "面">]>').pack(),
    ),
    "encoding": ("generic", lambda: Tiny().replace("one.xhtml", 'encoding="utf-8"', 'encoding="cp037"').pack()),
    "encoding-unsaid": (
        "kindle",
        lambda: Tiny().replace("one.xhtml", '<?xml version="1.0" encoding="utf-8"?>\n', "").pack(),
    ),
    "id-twice": ("generic", lambda: Tiny().body('<p id="top">再说一次</p>').pack()),
    "link-dangling": ("generic", lambda: Tiny().body('<p><a href="two.xhtml">下一章</a></p>').pack()),
    "link-anchor": ("generic", lambda: Tiny().body('<p><a href="#bottom">下面</a></p>').pack()),
    "remote-resource": ("generic", lambda: Tiny().body('<img src="https://example.org/a.png" alt=""/>').pack()),
    "script": ("kobo", lambda: Tiny().body('<p onclick="go()">点</p>').pack()),
    "media": ("kobo", lambda: Tiny().body("<audio>听</audio>").pack()),
    "svg-text": (
        "kindle",
        lambda: Tiny().body('<svg xmlns="http://www.w3.org/2000/svg"><text>面</text></svg>').pack(),
    ),
    "math": ("kindle", lambda: Tiny().body('<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>').pack()),
    "table-wide": ("kobo", lambda: Tiny().body(WIDE).pack()),
    "table-large": ("kindle", lambda: Tiny().body(f"<table>{'<tr><td>1</td><td>2</td></tr>' * 901}</table>").pack()),
    "table-nested": ("kindle", lambda: Tiny().body(TABLE.format(f"<td>{TABLE.format('<td>里</td>')}</td>")).pack()),
    "note-no-way-back": (
        "kindle",
        lambda: Tiny().body(f'{NOTED}<aside id="n" epub:type="footnote"><p>注</p></aside>').pack(),
    ),
    "note-not-aside": ("apple", lambda: Tiny().body(f'{NOTED}<p id="n"><a href="#r">1.</a> 注</p>').pack()),
    "note-dead": (
        "weread",
        lambda: Tiny().body(f'{NOTED}<aside id="n" epub:type="footnote"><p><a href="#r">1.</a></p></aside>').pack(),
    ),
    "inline-style": ("weread", lambda: Tiny().body('<p style="color:red">红</p>').pack()),
    "document-large": ("kobo", lambda: Tiny().body(f"<p>{'长' * 110_000}</p>").pack()),
    "css-syntax": ("generic", lambda: Tiny().css("p { color; }").pack()),
    "css-function": ("kobo", lambda: Tiny().css("img { max-width: min(150px, 30vw); }").pack()),
    "css-unit": ("kobo", lambda: Tiny().css("p { margin: 50vh 0; }").pack()),
    "css-property": ("kindle", lambda: Tiny().css("img { max-width: 100%; }").pack()),
    "css-at-rule": ("kobo", lambda: Tiny().css("@media (min-width: 460pt) { p { margin: 0; } }").pack()),
    "css-selector": ("weread", lambda: Tiny().css("section > p { margin: 0; }").pack()),
    "css-empty": ("kobo", lambda: Tiny().css("@supports (display: grid) { }").pack()),
    "css-colour": ("apple", lambda: Tiny().css("body { color: #111; }").pack()),
    "css-negative": ("kindle", lambda: Tiny().css(".right { margin: 0 -.5em; }").pack()),
    "picture-cut-off": ("generic", lambda: Tiny().add("a.png", png()[:-20], "image/png", show=True).pack()),
    "picture-type": (
        "kindle",
        lambda: Tiny().add("a.webp", b"RIFF\x1e\0\0\0WEBPVP8L\x11\0\0\0/" + b"\0" * 21, "image/webp", show=True).pack(),
    ),
    "picture-pixels": ("apple", lambda: Tiny().add("a.png", png(3000, 2000), "image/png", show=True).pack()),
    "picture-bytes": (
        "kobo",
        lambda: Tiny().add("a.jpg", jpeg()[:-2] + b"\0" * 5_100_000 + b"\xff\xd9", "image/jpeg").pack(),
    ),
    "picture-animated": ("kindle", lambda: Tiny().add("a.gif", gif(2), "image/gif", show=True).pack()),
    "picture-cmyk": ("kobo", lambda: Tiny().add("a.jpg", jpeg(colours=4), "image/jpeg", show=True).pack()),
    "picture-second-src": ("weread", lambda: Tiny().body('<img data-src="a" src="cover.png" alt="面"/>').pack()),
    "cover-type": (
        "kobo",
        lambda: (
            Tiny({"EPUB/cover.png": gif()}).replace("content.opf", 'href="cover.png" media-type="image/png"',
                                                    'href="cover.png" media-type="image/gif"').pack()
        ),
    ),
    "book-large": ("kindle", lambda: Tiny().pack(heavy)),
}  # fmt: skip


@pytest.fixture
def book(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(data: bytes) -> Path:
        path = tmp_path / "book.epub"
        path.write_bytes(data)
        return path

    return write


def rules(path: Path, *devices: str) -> set[str]:
    return {finding.rule for finding in check(path, devices)}


def test_no_device_finds_anything_in_a_sound_book(book: Callable[[bytes], Path]) -> None:
    assert check(book(Tiny().pack())) == []


@pytest.mark.validator
def test_epubcheck_finds_the_sound_book_sound(book: Callable[[bytes], Path], epubcheck: Any) -> None:
    assert epubcheck([book(Tiny().pack())]) == []


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_each_rule_finds_what_it_is_for(rule: str, book: Callable[[bytes], Path]) -> None:
    device, make = FAILING[rule]
    found = {finding.rule: finding for finding in check(book(make()), [device])}
    assert rule in found, f"found only {sorted(found)}"
    finding = found[rule]
    assert finding.devices[device] == PROFILES[device].rules[rule]
    assert finding.breaks == PROFILES[device].rules[rule].breaks
    assert finding.places and finding.count >= len(finding.places)


def test_a_rule_holds_only_where_a_profile_has_a_reason(book: Callable[[bytes], Path]) -> None:
    path = book(Tiny().body(WIDE).pack())
    assert rules(path, "kobo") == rules(path, "kindle") == {"table-wide"}
    assert rules(path, "apple") == rules(path, "generic") == set()
    (finding,) = check(path)
    assert set(finding.devices) == {"kindle", "kobo"}


def test_places_name_file_and_line(book: Callable[[bytes], Path]) -> None:
    (finding,) = check(book(Tiny().css("\n\nimg { max-width: min(150px, 30vw); }").pack()), ["kobo"])
    assert str(finding.places[0]) == "EPUB/style.css:5: max-width: min(150px, 30vw)"
    (finding,) = check(book(Tiny().body("<p><a href='two.xhtml'>下一章</a></p>").pack()), ["generic"])
    assert str(finding.places[0]) == "EPUB/one.xhtml:9: two.xhtml"


def test_what_breaks_stands_first(book: Callable[[bytes], Path]) -> None:
    found = check(book(Tiny().css("p { margin: min(1em, 2em); max-width: 50vh }").body(WIDE).pack()), ["kobo"])
    assert [finding.breaks for finding in found] == sorted((finding.breaks for finding in found), reverse=True)
    assert found[0].rule == "css-function"


def test_styles_in_documents_and_attributes_are_looked_at(book: Callable[[bytes], Path]) -> None:
    path = book(Tiny().body('<p style="margin:calc(1em + 2px)">字</p>').pack())
    assert "css-function" in rules(path, "kobo")
    path = book(Tiny().replace("one.xhtml", "</head>", "<style>p{margin:calc(1em + 2px)}</style></head>").pack())
    assert "css-function" in rules(path, "kobo")


def test_what_rmsdk_never_sees_does_not_hurt_it(book: Callable[[bytes], Path]) -> None:
    path = book(Tiny().css("@supports (display: grid) { p { margin: calc(1em + 2px); } }").pack())
    assert rules(path, "kobo") == set()


def test_media_queries_for_kindle_alone_are_stepped_over(book: Callable[[bytes], Path]) -> None:
    assert rules(book(Tiny().css("@media amzn-kf8 { p { margin: 0; } }").pack()), "kobo", "kindle") == set()


def test_what_is_no_language_is_none(book: Callable[[bytes], Path]) -> None:
    for tag in ("C", "zh_CN", "und"):
        path = book(Tiny().replace("content.opf", "<dc:language>zh", f"<dc:language>{tag}").pack())
        assert rules(path, "generic") == {"language-missing"}, tag
    path = book(Tiny().replace("content.opf", "<dc:language>zh", "<dc:language>zh-Hant-TW").pack())
    assert rules(path, "generic") == set()


def test_long_lists_of_selectors_are_named_one_by_one(book: Callable[[bytes], Path]) -> None:
    selectors = ", ".join(f"section > .class-number-{n}" for n in range(20))
    (finding,) = check(book(Tiny().css(f"{selectors} {{ margin: 0; }}").pack()), ["weread"])
    assert [place.detail for place in finding.places] == selectors.split(", ")


def test_utf16_and_a_byte_order_mark_are_read(book: Callable[[bytes], Path]) -> None:
    text = Tiny().files["EPUB/one.xhtml"].decode()
    path = book(Tiny({"EPUB/one.xhtml": text.replace("utf-8", "utf-16").encode("utf-16")}).pack())
    assert rules(path, "generic") == set()
    path = book(Tiny({"EPUB/one.xhtml": b"\xef\xbb\xbf" + text.encode()}).pack())
    assert rules(path) == set()


def test_devices_that_are_not_known(book: Callable[[bytes], Path]) -> None:
    with pytest.raises(OptionError, match="available: generic, kindle, kobo, apple, weread"):
        check(book(Tiny().pack()), ["nook"])


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        check(tmp_path / "none.epub")
    with pytest.raises(InputError, match="is a folder"):
        check(tmp_path)


# ------------------------------------------------------------------ strangers


def many_documents(markup: str) -> bytes:
    tiny = Tiny()
    page = tiny.files["EPUB/one.xhtml"].decode().replace("</body>", markup + "</body>").encode()
    return Tiny({"EPUB/one.xhtml": page}).pack()


READS_A_FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
MANY_STYLES = "".join(f'<p style="margin:{n}px">x</p>' for n in range(100_000))
NAMES = ("a\\b", "C:x", "/abs", "x//y", "a/./b", "é.css", "x" * 60_000)


def many_names(archive: zipfile.ZipFile) -> None:
    for name in NAMES:
        archive.writestr(name, b"")


HOSTILE: dict[str, Make] = {
    "empty": lambda: b"",
    "cut off": lambda: Tiny().pack()[:-40],
    "cut in the middle": lambda: Tiny().pack()[:900],
    "no entries": lambda: b"PK\x05\x06" + b"\0" * 18,
    "a directory that lies": lambda: b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 9, 9, 9_000, 10, 0),
    "a directory without end": lambda: b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 9, 9, 900_000_000, 10, 0),
    "bad bytes in an entry": lambda: Tiny().pack().replace(b"\x78", b"\x79"),
    "deep elements": lambda: many_documents("<div>" * 100_000),
    "deep tables": lambda: many_documents("<table><tr><td>" * 1_500 + "x" + "</td></tr></table>" * 1_500),
    "nested notes": lambda: many_documents('<aside epub:type="footnote">' * 900 + "x" + "</aside>" * 900),
    "entities in attributes": lambda: Tiny().replace(
        "one.xhtml", "<!DOCTYPE html>", '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    ).pack(),
    "entities in utf-16": lambda: Tiny({"EPUB/one.xhtml": READS_A_FILE.encode("utf-16")}).pack(),
    "an external package": lambda: (
        Tiny().replace("META-INF/container.xml", "EPUB/content.opf", "../../etc/passwd").pack()
    ),
    "deep brackets in css": lambda: Tiny().css("a{b:" + "(" * 200_000).pack(),
    "a long sheet": lambda: Tiny().css("p{margin:0}" * 100_000).pack(),
    "a hundred thousand styles": lambda: many_documents(MANY_STYLES),
    "names of all kinds": lambda: Tiny().pack(many_names),
    "a picture of noise": lambda: Tiny().add("a.jpg", b"\xff\xd8\xff" + b"\xff" * 100_000, "image/jpeg").pack(),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_strangers_end_as_findings_in_bounded_time(kind: str, book: Callable[[bytes], Path]) -> None:
    path = book(HOSTILE[kind]())
    before = sorted(path.parent.rglob("*"))
    start = perf_counter()
    found = check(path)
    assert perf_counter() - start < 20
    assert found, "nothing was found in it"
    assert sorted(path.parent.rglob("*")) == before, "something was written to disk"


def test_a_bomb_costs_no_memory(book: Callable[[bytes], Path]) -> None:
    """300 MB in 300 KB: reading stops at 64 MB, whatever the entry says of itself."""
    path = book(Tiny().add("a.png", bytes(300_000_000), "image/png").pack())
    assert path.stat().st_size < 400_000
    tracemalloc.start()
    found = rules(path, "generic")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {"too-much"}
    assert peak < 80_000_000


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_unpack_without_a_bound_are_refused(method: int, book: Callable[[bytes], Path]) -> None:
    """`zipfile` would unpack all of it for the first byte that is asked for."""

    def bomb(archive: zipfile.ZipFile) -> None:
        archive.writestr("EPUB/b.css", bytes(50_000_000), method)

    item = '<item id="b" href="b.css" media-type="text/css"/>'
    path = book(Tiny().replace("content.opf", "</manifest>", f"{item}</manifest>").pack(bomb))
    tracemalloc.start()
    found = rules(path, "generic")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == {"no-epub"}
    assert peak < 20_000_000


def test_no_tree_grows_of_what_a_stranger_repeats() -> None:
    data = b"<r>" + b"<!-- x --><?x y?><a><b/>text</a>" * 20_000 + b"</r>"
    seen = [len(element) for _, element in events(data, "x.xml", Problems()) if element.tag == "r"]
    assert seen[0] < 2_000, "more than the parser reads ahead"
    assert seen[1] <= 1


def test_a_package_without_end_is_too_much(book: Callable[[bytes], Path]) -> None:
    path = book(Tiny().replace("content.opf", "<itemref", "<itemref/>" * 300_000 + "<itemref").pack())
    assert rules(path, "generic") == {"too-much"}


def test_a_file_of_too_many_elements_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml, "MAX_ELEMENTS", 3)
    problems = Problems()
    assert len([*events(b"<r><a/><a/><a/><a/></r>", "x.xml", problems)]) == 6
    assert problems.counts["too-much"] == 1


def test_fonts_may_be_obfuscated(book: Callable[[bytes], Path]) -> None:
    text = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
        '<enc:EncryptedData><enc:EncryptionMethod Algorithm="{}"/></enc:EncryptedData></encryption>'
    )
    fonts, locked = "http://www.idpf.org/2008/embedding", "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
    assert "encrypted" not in rules(book(Tiny({"META-INF/encryption.xml": text.format(fonts).encode()}).pack()))
    assert "encrypted" in rules(book(Tiny({"META-INF/encryption.xml": text.format(locked).encode()}).pack()))


# ------------------------------------------------------------------ the command


def test_the_command_explains_and_says_by_status(
    book: Callable[[bytes], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(book(Tiny().body(WIDE).pack()))
    assert cli.main(["--check", path, "--for", "kindle,kobo"]) == 0
    said = capsys.readouterr().out
    assert f"{path}: 1 that hurt (kindle, kobo)" in said
    assert "[table-wide]" in said and "EPUB/one.xhtml:9: 6 columns" in said and "→ Turn rows" in said
    assert "does not replace epubcheck" in said
    path = str(book(Tiny().css("p { margin: var(--m); }").pack()))
    assert cli.main(["--check", path, "--for", "kobo"]) == 1
    assert "BREAKS" in capsys.readouterr().out
    assert cli.main(["--check", path, "--for", "apple"]) == 0
    assert "nothing found (apple)" in capsys.readouterr().out


def test_the_command_is_short_unless_asked(book: Callable[[bytes], Path], capsys: pytest.CaptureFixture[str]) -> None:
    path = str(book(Tiny().body('<p><a href="no.xhtml">x</a></p>\n' * 9).pack()))
    assert cli.main(["--check", path]) == 1
    assert "… and 6 more (--verbose shows them)" in capsys.readouterr().out
    cli.main(["--check", path, "--verbose"])
    assert capsys.readouterr().out.count("no.xhtml") == 9
    cli.main(["--check", path, "--quiet"])
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_the_report_of_the_command(
    book: Callable[[bytes], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(book(Tiny().body(WIDE).pack()))
    assert cli.main(["--check", path, "gone.epub", "--for", "kobo", "--report", str(tmp_path / "r.json")]) == 1
    assert "gone.epub" in capsys.readouterr().err
    written = json.loads((tmp_path / "r.json").read_text("utf-8"))
    (finding,) = written["checked"][0]["findings"]
    assert (finding["rule"], finding["devices"]["kobo"]["breaks"]) == ("table-wide", False)
    assert finding["devices"]["kobo"]["source"].startswith("https://")
    assert "gone.epub" in written["checked"][1]["error"]


@pytest.mark.parametrize(
    "arguments", [["--check"], ["--check", "-"], ["--check", "a.epub", "-o", "b"], ["--for", "kindle", "a.md"],
                  ["--check", __file__, "--for", "nook"]],
)  # fmt: skip
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(arguments) == 2
    assert capsys.readouterr().err.startswith("article-convert: ")


def test_names_of_strangers_do_not_reach_the_terminal(
    book: Callable[[bytes], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    cli.main(["--check", str(book(Tiny().body('<p><a href="&#x9b;31m.xhtml">x</a></p>').pack()))])
    assert "\x9b" not in capsys.readouterr().out


def test_public_name() -> None:
    assert ac.check is check
