"""HTTP over connections that the guard has looked at: the only code of the library that opens a socket.

httpcore2 speaks HTTP/1.1 (with h11, which refuses malformed framing and long headers) and TLS. What it
connects to is decided here: a name is resolved once, every address is checked, and the socket goes to
one of these addresses, so that a name cannot change its meaning in between. Each read and write is
bounded by the patience of its request, so that a server which drips cannot hold us.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import httpcore2

from article_convert.assets.guard import Guard, Target

__all__ = ["Answer", "HttpTransport", "Patience"]


@dataclass(slots=True)
class Patience:
    """How long one request may take: `seconds`, and more while its body arrives at `rate` bytes a second."""

    clock: Callable[[], float]
    seconds: float
    rate: float
    most: float
    received: int = 0
    begun: float = field(init=False)

    def __post_init__(self) -> None:
        self.begun = self.clock()

    def left(self) -> float:
        """The seconds left; 0 or less when patience is at its end."""
        granted = min(self.seconds + self.received / self.rate, self.most)
        return self.begun + granted - self.clock()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server says: the status, headers by lower-case name, and the bytes of the body as they come."""

    status: int
    headers: dict[str, str]
    chunks: Iterable[bytes]


class HttpTransport:
    """Sends requests, over connections kept open for a few seconds. Safe for several threads at once."""

    def __init__(self, guard: Guard, connections: int) -> None:
        self._network = _Network(guard)
        self._pool = httpcore2.ConnectionPool(
            max_connections=connections, keepalive_expiry=5.0, network_backend=self._network
        )

    @contextmanager
    def get(self, target: Target, headers: dict[str, str], patience: Patience) -> Iterator[Answer]:
        """The answer to a GET of `target`, whatever its status; no redirect is followed.

        Raises `Refused` for a host that may not be reached, `NoHost` for a name without address,
        `TimeoutError` when patience is at its end, `ConnectionError` if there is no
        connection, `EOFError` for an answer that is no whole HTTP.
        """
        self._network.here.patience = patience
        lines = [("Host", target.origin), *headers.items(), ("Connection", "keep-alive")]
        url = httpcore2.URL(
            scheme=target.scheme.encode(), host=target.host.encode(), port=target.port, target=target.path.encode()
        )
        with _named_errors(), self._pool.stream("GET", url, headers=lines) as response:
            found: dict[str, str] = {}
            for name, value in response.headers:
                key = name.decode("latin-1").lower()
                text = _text(value)
                found[key] = f"{found[key]}, {text}" if key in found else text
            yield Answer(response.status, found, self._counted(response.iter_stream(), patience))

    @staticmethod
    def _counted(chunks: Iterable[bytes], patience: Patience) -> Iterator[bytes]:
        for chunk in chunks:
            patience.received += len(chunk)
            yield chunk

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise TimeoutError(str(error) or "no answer in time") from error
    except (httpcore2.ConnectError, httpcore2.WriteError) as error:
        raise ConnectionError(str(error)) from error
    except (httpcore2.ReadError, httpcore2.ProtocolError) as error:
        raise EOFError(str(error)) from error


class _Network(httpcore2.NetworkBackend):
    """Connects only where the guard allows; `here.patience` is that of the request of this thread."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._sockets = httpcore2.SyncBackend()
        self.here = threading.local()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = self._guard.addresses(host, port)
        for number, address in enumerate(addresses):
            patience = _remaining(self.here, httpcore2.ConnectTimeout) / (len(addresses) - number)
            try:
                stream = self._sockets.connect_tcp(address, port, patience, local_address, socket_options)
                return _Stream(stream, self.here)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if number == len(addresses) - 1:
                    raise
        raise AssertionError("the guard gives at least one address")


class _Stream(httpcore2.NetworkStream):
    """A connection whose every read and write waits no longer than its request may."""

    def __init__(self, inner: httpcore2.NetworkStream, here: threading.local) -> None:
        self._inner = inner
        self._here = here

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, _remaining(self._here, httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, _remaining(self._here, httpcore2.WriteTimeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        patience = _remaining(self._here, httpcore2.ConnectTimeout)
        # A handshake is many reads; only the end of its socket bounds them all.
        end = threading.Timer(patience, _shut, [self._inner.get_extra_info("socket")])
        end.daemon = True
        end.start()
        try:
            return _Stream(self._inner.start_tls(ssl_context, server_hostname, patience), self._here)
        finally:
            end.cancel()

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def _shut(handle: socket.socket) -> None:
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def _remaining(here: threading.local, error: type[Exception]) -> float:
    left: float = here.patience.left()
    if left <= 0:
        raise error("no whole answer in time")
    return left
