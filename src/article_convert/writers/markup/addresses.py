"""Which addresses become links, and how they are spelt.

Only `http`, `https`, `mailto`, `tel`, relative addresses and fragments are printed. What remains is
a valid URL string of the WHATWG URL standard: forbidden characters are percent-encoded, Chinese
characters stay as they are.
"""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import urljoin

from article_convert.writers.markup.escape import scrubbed

__all__ = ["SCHEMES", "safe_address", "scheme", "web_address"]

SCHEMES = frozenset({"http", "https", "mailto", "tel"})

_USUAL = re.compile(r"https?://(?:[a-z0-9]+[.-])*[a-z]+(?:/[A-Za-z0-9._~/-]*)?(?:\?[A-Za-z0-9._~/=&-]*)?")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# Browsers drop tabs and line ends anywhere in an address, so they must not hide a scheme from us.
_IGNORED = re.compile("[\t\n\r]")
_NOT_IN_URLS = re.compile(
    '[\\s"<>\\\\^`{|}\\[\\]\xad\u200b-\u200f\u2028-\u202e\u2060\ufeff\ue000-\uf8ff]|%(?![0-9A-Fa-f]{2})'
)
_AUTHORITY = re.compile(r"(https?):/*([^/?#\\]*)[/\\]?", re.IGNORECASE)
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)*[^\W_](?:[\w-]*[^\W_])?\.?")


def scheme(url: str) -> str:
    """The scheme of an address as a browser would see it, lower case; empty for a relative one."""
    found = _SCHEME.match(_trimmed(url))
    return found[1].lower() if found else ""


def safe_address(url: str) -> str:
    """`url` as it may stand in `href` or `src`; empty if it is unsafe or no address at all.

    >>> safe_address("a b.pdf"), safe_address("java\\nscript:alert(1)"), safe_address("http://")
    ('a%20b.pdf', '', '')
    """
    if _USUAL.fullmatch(url):
        return url
    url = _trimmed(url)
    found = _SCHEME.match(url)
    kind = found[1].lower() if found else ""
    if kind and kind not in SCHEMES:
        return ""
    if kind in {"http", "https"}:
        return _with_host(url)
    if url.startswith(("//", "\\\\", "/\\", "\\/")):  # browsers take all of these for a host
        return _with_host("https:" + url).removeprefix("https:")
    return _encoded(url)


def web_address(url: str, base: str) -> str:
    """`url` as it is meant on the page `base`, if that leads to the web; else `""`."""
    try:
        whole = urljoin(base, url)
    except ValueError:  # a host in brackets that is no IPv6 address
        return ""
    return whole if scheme(whole) in {"http", "https"} else ""


def _trimmed(url: str) -> str:
    return scrubbed(_IGNORED.sub("", url)).strip()


def _with_host(url: str) -> str:
    found = _AUTHORITY.match(url)
    if found is None:
        return ""
    user, at, place = found[2].rpartition("@")
    if not _is_host(place):
        return ""
    rest = url[found.end(2) :]
    return f"{found[1].lower()}://{_encoded(user, '@/?#:')}{at}{place}{_encoded(rest)}"


def _is_host(place: str) -> bool:
    host, colon, port = place.rpartition(":") if not place.endswith("]") else (place, "", "")
    if not colon:
        host, port = place, ""
    if port and not (port.isascii() and port.isdigit() and int(port) < 65536):
        return False
    try:
        if host.startswith("["):
            return host.endswith("]") and bool(IPv6Address(host[1:-1]))
        if host.rpartition(".")[2].isdigit():
            return bool(IPv4Address(host))
    except AddressValueError:
        return False
    return _HOST.fullmatch(host) is not None and max(map(len, host.split("."))) < 64


def _encoded(text: str, also: str = "") -> str:
    """Percent-encode what may not stand in a URL; a second `#` may not stand in a fragment."""
    text = _NOT_IN_URLS.sub(_percent, text)
    for char in also:
        text = text.replace(char, f"%{ord(char):02X}")
    head, hash_mark, fragment = text.partition("#")
    return head + hash_mark + fragment.replace("#", "%23")


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())
