"""What must never be reached: nothing inside the network of the machine, by whatever spelling or detour."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from article_convert.assets.fetch import Fetcher
from article_convert.assets.guard import Guard, Refused, is_public, target_of
from article_convert.errors import FetchError, OptionError
from web import Answer, Web, fetcher_for, picture, serving

INSIDE = """
127.0.0.1 127.8.9.1 0.0.0.0 10.0.0.5 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1
192.0.0.8 192.0.2.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:a9fe:a9fe 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1
2002:7f00:1:: 2001:0:7f00:1:: 2001:db8::1 3fff::1 fc00::1 fd00::1 fe80::1 fe80::1%lo fec0::1 ff02::1
2606:4700::5efe:10.0.0.1 2606:4700::200:5efe:10.0.0.1 5f00::1 100::1
""".split()
OUTSIDE = """
93.184.216.34 1.1.1.1 172.32.0.1 192.167.1.1 100.128.0.1 2606:4700::1111 2400:3200::1 ::ffff:93.184.216.34
64:ff9b::5db8:d822
""".split()


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("http://example.org", "http://example.org/"),
        ("HTTPS://EXAMPLE.org.:443/A?b=1#c", "https://example.org/A?b=1"),
        ("http://example.org/图 片.png?名=1", "http://example.org/%E5%9B%BE%20%E7%89%87.png?%E5%90%8D=1"),
        ("http://example.org/%E5%9B%BE.png", "http://example.org/%E5%9B%BE.png"),
        ("http://图片.example/a", "http://xn--wcsw84d.example/a"),
        ("http://[2606:4700:0:0::1111]/a", "http://[2606:4700::1111]/a"),
        (" https://a_b.example.org/a\n", "https://a_b.example.org/a"),
    ],
)
def test_an_address_is_understood_in_one_way(url: str, plain: str) -> None:
    assert str(target_of(url)) == plain
    assert str(target_of(plain)) == plain


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.png",
        "//example.org/a",
        "/etc/passwd",
        "\\\\127.0.0.1\\share\\x.png",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "gopher://127.0.0.1:6379/_x",
        "data:image/png;base64,AA==",
        "javascript:alert(1)",
        "jar:http://example.org!/x",
        "http://",
        "http:///a",
        "http://user@example.org/",
        "http://example.org:80@127.0.0.1/",
        "http://127.0.0.1\\@example.org/",
        "http://example.org\\@127.0.0.1/",
        "http://127.0.0.1%2f@example.org/",
        "http://127.0.0.1%00.example.org/",
        "http://exa mple.org/",
        "http://exam\tple.org/",
        "http://example.org:abc/",
        "http://example.org:99999/",
        "http://-bad.example/",
        "http://a..b/",
        "http://" + "a" * 64 + ".example/",
        "http://[::1/",
        "http://[::g]/",
        "http://[fe80::1%25lo]/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://127.000.000.001/",
        "http://1.2.3.4.5/",
        "http://256.1.1.1/",
        "http://example.0x7f/",
    ],
)
def test_everything_else_is_no_address(url: str) -> None:
    with pytest.raises(Refused):
        target_of(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://93.184.216.34:22/",
        "http://example.org:6379/",
    ],
)
def test_hosts_inside_and_other_ports_are_refused_before_anything_is_resolved(url: str) -> None:
    with pytest.raises(Refused, match="--allow-host"):
        Guard().check(target_of(url))


def test_a_host_is_opened_on_purpose_and_no_other() -> None:
    guard = Guard.opening(["LocalHost", "10.0.0.5:8080", "[::1]"])
    guard.check(target_of("http://localhost:9000/"))
    guard.check(target_of("http://10.0.0.5:8080/"))
    guard.check(target_of("http://[::1]/"))
    for url in ("http://10.0.0.5/", "http://10.0.0.6:8080/", "http://127.0.0.1/"):
        with pytest.raises(Refused):
            guard.check(target_of(url))


def test_a_host_may_be_written_in_any_script() -> None:
    guard = Guard.opening(["内网.example", "Wiki。本地:8080", " FE80::1 "])
    for url in (
        "http://内网.example:9000/",
        "http://xn--v6q792i.example/",
        "http://wiki.本地:8080/",
        "http://[fe80::1]/",
    ):
        guard.check(target_of(url))
    for nonsense in ("", "a b", "http://wiki.local", "010.0.0.1", "[::1", "wiki.local:", "[::g]:80"):
        with pytest.raises(OptionError, match="is no host"):
            Guard.opening([nonsense])


def test_an_address_that_cannot_be_encoded_is_refused() -> None:
    with pytest.raises(Refused):
        target_of("https://example.org/\ud800.png")


# --------------------------------------------------------------------------- names


class Names:
    """A resolver whose answers a test chooses; each call of a name takes its next answer."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): each for name, each in answers.items()}
        self.connected: list[str] = []
        real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: self.resolve(real, host, *rest, **more))
        connect = socket.socket.connect

        def noted(one: socket.socket, address: tuple[str, int]) -> None:
            self.connected.append(address[0])
            connect(one, address)

        monkeypatch.setattr(socket.socket, "connect", noted)

    def resolve(self, real: object, host: str, port: int, *rest: object, **more: object) -> list[object]:
        answers = self.answers.get(host)
        if answers is None:
            return real(host, port, *rest, **more)  # type: ignore[operator, no-any-return]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET6 if ":" in each else socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as running:
        yield running


@pytest.mark.parametrize("addresses", [["10.0.0.5"], ["93.184.216.34", "127.0.0.1"], ["::ffff:127.0.0.1"], ["fe80::1"]])
def test_a_name_with_any_address_inside_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    names = Names(monkeypatch, evil_example=[addresses])
    with pytest.raises(FetchError, match=r"evil.example \(.*\) is not on the public internet"):
        Fetcher(tmp_path).get("http://evil.example/a.png")
    assert names.connected == []


def test_a_name_is_resolved_once_so_that_it_cannot_change_its_meaning(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(web.base.rpartition(":")[2])
    names = Names(monkeypatch, evil_example=[["127.0.0.1"], ["10.0.0.5"]])
    web.at("/a.png", picture())
    Fetcher(tmp_path, allow_hosts=[f"evil.example:{port}"]).get(f"http://evil.example:{port}/a.png")
    assert names.connected == ["127.0.0.1"]


@pytest.mark.parametrize(
    "place",
    [
        "http://localhost/secret",
        "http://127.0.0.1/secret",
        "http://[::1]/secret",
        "http://2130706433/secret",
        "//10.0.0.5/secret",
        "http:\\\\127.0.0.1\\secret",
        "http://example.org@127.0.0.1/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:image/png;base64,AA==",
        "javascript:alert(1)",
        "http://127.0.0.1:22/",
    ],
)
def test_every_redirect_is_looked_at_again(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    names = Names(monkeypatch)
    url = web.at("/a", Answer(status=302, headers={"Location": place}))
    with pytest.raises(FetchError):
        fetcher_for(web, tmp_path).get(url)
    assert len(web.seen) == 1
    assert names.connected == ["127.0.0.1"]  # the server of the test, for the first request
