"""Which addresses may be fetched: public hosts, http and https, and nothing inside the network of the machine.

An article comes from a stranger, and so do its addresses. Without this, a picture in it could ask the
router, the cloud's metadata service or a database on this machine. So an address is taken apart in
one way only, a name is resolved once, every address it has must be public, and the connection goes
to an address that was looked at (`transport`). A redirect is a new address and is looked at again.

Sources: RFC 6890 and the IANA special-purpose registries (through `ipaddress`), RFC 4291, 3056, 4380,
6052, 5214 for IPv4 inside IPv6, the host parser of the WHATWG URL standard for numbers as hosts.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urljoin, urlsplit

from article_convert.errors import OptionError

__all__ = ["Guard", "NoHost", "Refused", "Target", "is_public", "target_of"]

_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"(?:0[xX][0-9A-Fa-f]*|[0-9]+)")
_NOT_IN_AUTHORITY = re.compile(r"[\x00-\x20\x7f\\%<>^`{|}\"@]")

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_NEVER_V4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))  # protocol assignments, relays of 6to4
_NEVER = (  # 6to4, Teredo, documentation: nobody serves a picture there, and they reach IPv4 hosts
    IPv6Network("2002::/16"),
    IPv6Network("2001::/23"),
    IPv6Network("2001:db8::/32"),
    IPv6Network("3fff::/20"),
)


class Refused(Exception):
    """An address that is not fetched; the text says why."""


class NoHost(Exception):
    """A host name that leads nowhere."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart: `host` is ASCII in lower case, `path` goes into the request as it is."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """`host`, with its port if that is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.origin}{self.path}"

    def joined(self, location: str) -> Target:
        """Where a redirect from here to `location` leads. Raises `Refused` as `target_of` does."""
        if "\\" in location:
            raise Refused("the redirect has a backslash in its address")
        return target_of(urljoin(str(self), location))


def target_of(url: str) -> Target:
    """`url` taken apart. Raises `Refused` for what is no plain address of a host on the web.

    >>> str(target_of("HTTP://Example.COM:80/a b.png#top"))
    'http://example.com/a%20b.png'
    """
    scheme, separator, rest = url.strip().partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _PORTS:
        raise Refused("only http and https addresses are fetched")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if _NOT_IN_AUTHORITY.search(authority):
        raise Refused("the address has a user name or forbidden characters in its host")
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        port = parts.port if parts.port is not None else _PORTS[scheme]
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
            "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~-._?") if parts.query else ""
        )
    except ValueError as error:
        raise Refused(f"the address cannot be understood: {error}") from None
    return Target(scheme, _host(parts.hostname or ""), port, path)


def _host(host: str) -> str:
    """A host name in ASCII, or an address in its usual form."""
    if ":" in host:
        try:
            return str(IPv6Address(host))
        except ValueError:
            raise Refused("the host is no valid IPv6 address") from None
    try:
        name = host.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise Refused("the host name is not valid") from None
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):  # a number as last label makes it an address, whatever its spelling
        try:
            return str(IPv4Address(name))
        except ValueError:
            raise Refused("an IPv4 address is only understood in its usual form") from None
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Refused("the host name is not valid")
    return name


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also through every IPv4-in-IPv6 form.

    >>> is_public("93.184.216.34"), is_public("::ffff:10.0.0.1"), is_public("64:ff9b::7f00:1")
    (True, False, False)
    """
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or (IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None)
        if inner is None:
            return _is_public_v6(ip)
        ip = inner
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or any(ip in network for network in _NEVER_V4))


def _is_public_v6(ip: IPv6Address) -> bool:
    isatap = (int(ip) >> 32) & 0xFDFFFFFF == 0x00005EFE
    outside = ip not in _GLOBAL_UNICAST or any(ip in network for network in _NEVER)
    return ip.is_global and not (outside or isatap or ip.scope_id)


@dataclass(frozen=True, slots=True)
class Guard:
    """Decides where connections may go. `allowed` hosts (`host` or `host:port`) are opened on purpose.

    An allowed host may have any address, and any port unless one is given.
    """

    allowed: frozenset[str] = frozenset()

    @classmethod
    def opening(cls, hosts: Iterable[str]) -> Guard:
        """A guard that lets these hosts through. Raises `OptionError` for what is no host."""
        return cls(frozenset(map(_opened, hosts)))

    def check(self, target: Target) -> None:
        """Raise `Refused` if nothing at this host and port may be fetched, before its name is resolved."""
        if self._is_allowed(target.host, target.port):
            return
        if target.port not in _PORTS.values():
            raise Refused(f"port {target.port} is not one of web pages; --allow-host {target.origin} opens it")
        if _is_address(target.host) and not is_public(target.host):
            raise Refused(self._not_public(target.host))

    def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of `host`, all of them looked at. Raises `Refused`, or `NoHost` if there are none."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise NoHost(f"no host {host}: {error.strerror or error}") from error
        addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
        if not addresses:
            raise NoHost(f"no host {host}: it has no address")
        inside = [] if self._is_allowed(host, port) else [each for each in addresses if not is_public(each)]
        if inside:
            raise Refused(self._not_public(host, inside[0]))
        return addresses

    def _is_allowed(self, host: str, port: int) -> bool:
        shown = f"[{host}]" if ":" in host else host
        return bool(self.allowed & {host, shown, f"{shown}:{port}"})

    @staticmethod
    def _not_public(host: str, address: str = "") -> str:
        at = f" ({address})" if address and address != host else ""
        return f"{host}{at} is not on the public internet; --allow-host {host} opens it"


def _opened(text: str) -> str:
    """A host to open, in the form that targets have."""
    host, port = text.strip(), ""
    if found := re.fullmatch(r"\[(.*)\](?::(\d+))?|([^:]*):(\d+)", host):
        host, port = found[1] or found[3] or "", found[2] or found[4] or ""
    try:
        name = _host(host)
    except Refused as refusal:
        raise OptionError(f"{text!r} is no host to fetch from: {refusal}") from None
    shown = f"[{name}]" if ":" in name else name
    return f"{shown}:{int(port)}" if port else shown


def _is_address(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        return False
