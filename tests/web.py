"""A small web for tests: one server on 127.0.0.1 whose answers a test writes, and a clock that needs no time."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

from article_convert.assets.fetch import Fetcher


def picture(colour: str = "red", size: tuple[int, int] = (8, 8), kind: str = "PNG", mode: str = "RGB") -> bytes:
    """The bytes of a picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind)
    return out.getvalue()


@dataclass
class Answer:
    """What a test lets the server say: raw bytes, or a status, headers and a body."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes = b""


@dataclass
class Web:
    """The server: `pages` by path, an answer or a function of the number of the request; `seen` requests."""

    base: str = ""
    pages: dict[str, Answer | Callable[[int], Answer]] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, path: str, answer: Answer | Callable[[int], Answer] | bytes) -> str:
        """Serve `answer` at `path`; the address of it."""
        self.pages[path] = Answer(answer) if isinstance(answer, bytes) else answer
        return self.base + path

    def asked(self, path: str) -> int:
        """How often `path` was asked for."""
        return sum(seen == path for seen, _ in self.seen)

    def _answer(self, path: str, headers: dict[str, str]) -> Answer:
        with self._lock:
            self.seen.append((path, headers))
            number = self.asked(path)
        found = self.pages.get(path, Answer(b"none", 404))
        return found(number) if callable(found) else found


@contextmanager
def serving() -> Iterator[Web]:
    """A `Web` for as long as the block lasts."""
    web = Web()

    class Handler(BaseHTTPRequestHandler):
        timeout = 20

        def do_GET(self) -> None:
            try:
                answer = web._answer(self.path, {name.lower(): value for name, value in self.headers.items()})
                self.wfile.write(answer.raw or _message(answer))
            except OSError:
                pass  # the client has had enough

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    web.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def _message(answer: Answer) -> bytes:
    headers = {"Content-Type": "image/png", "Content-Length": str(len(answer.body)), "Connection": "close"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in (headers | answer.headers).items())
    return f"HTTP/1.1 {answer.status} X\r\n{lines}\r\n".encode("latin-1") + answer.body


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def fetcher_for(web: Web, folder: object, **settings: object) -> Fetcher:
    """A fetcher that may ask `web` and nobody else inside."""
    host = web.base.removeprefix("http://")
    return Fetcher(str(folder), allow_hosts=[host], **settings)  # type: ignore[arg-type]
