"""Pictures from the web, as the page of their article would load them, into a store.

A `Fetcher` is handed in by the caller; without one the library uses no network. It asks a host only for
what the store does not hold yet, a few pictures at once, tries again where that helps, and gives up
in bounded time and memory. What comes back must be a picture that can be decoded; everything else is
a `FetchError` with its reason.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from copy import copy
from dataclasses import dataclass
from importlib.util import find_spec
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Protocol
from weakref import finalize

from article_convert.assets import hosts
from article_convert.assets.body import BodyError, received
from article_convert.assets.guard import Guard, NoHost, Refused, Target, target_of
from article_convert.assets.images import Unusable, verified
from article_convert.assets.manners import Manners
from article_convert.assets.store import Store, Stored
from article_convert.errors import FetchError, InputError, MissingDependency
from article_convert.files import cache_folder

if TYPE_CHECKING:
    from article_convert.assets.transport import Answer, Patience

__all__ = ["Fetcher", "Limits"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; article_convert)",
    "Accept": "image/png,image/jpeg,image/gif,image/svg+xml,image/webp;q=0.8,image/avif;q=0.6,image/*;q=0.5,*/*;q=0.1",
    "Accept-Encoding": "identity",
}


class _Transport(Protocol):
    def get(self, target: Target, headers: dict[str, str], patience: Patience) -> AbstractContextManager[Answer]: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a `Fetcher` goes. Seconds and bytes.

    A picture has `seconds` to arrive, with all its redirects and new tries, and longer, up to
    `longest`, while its body comes at `rate` bytes a second or faster. The pictures of one article
    have `article_bytes` and `article_seconds` together.
    """

    file_bytes: int = 32_000_000
    seconds: float = 10.0
    rate: float = 16 << 10
    longest: float = 120.0
    redirects: int = 10
    tries: int = 3
    article_bytes: int = 512_000_000
    article_seconds: float = 900.0


@dataclass(slots=True)
class _Allowance:
    """What is left for the pictures of one article."""

    until: float
    size: int = 0


class _NotAsked(FetchError):
    """Nobody was asked, for the sake of an article or of a host; it says nothing of the picture."""


class Fetcher:
    """Fetches pictures into the store at `cache` (by default the user's cache folder).

    If that cannot be written, what is in it is used, and what is fetched lies in a temporary folder until
    the fetcher is gone; `unkept` says so then.
    `offline` takes from the store only. `allow_hosts` (`host` or `host:port`) opens hosts that are not
    on the public internet, on purpose. `at_once` pictures are fetched at the same time, `per_host` of
    them from one host. `progress(done, total, url)` is called after each picture of an article.
    `clock` and `sleep` measure and pass the time, in seconds. Raises `MissingDependency` without the
    packages of the extra `fetch`, which working offline does not need. `refusal` is what is said then
    about a picture that is not there.
    """

    def __init__(
        self,
        cache: str | os.PathLike[str] | None = None,
        *,
        offline: bool = False,
        allow_hosts: Iterable[str] = (),
        limits: Limits | None = None,
        at_once: int = 8,
        per_host: int = 4,
        progress: Callable[[int, int, str], None] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        transport: _Transport | None = None,
    ) -> None:
        if not offline:
            _check_packages()
        self.store = Store(cache if cache is not None else cache_folder() / "pictures")
        self.offline = offline
        self.unkept = ""
        if not offline and not self.store.is_writable():
            self.unkept = f"{self.store.folder} cannot be written: pictures that are fetched are not kept"
            scratch = mkdtemp(prefix="article_convert-")
            finalize(self, _removed, scratch, os.getpid())
            self.store = Store(scratch, behind=self.store.folder)
        self.allow_hosts = tuple(allow_hosts)
        self.limits = limits or Limits()
        self.at_once = at_once
        self.per_host = per_host
        self.progress = progress
        self.refusal = "it is not in the cache, and nothing is fetched offline"
        self._clock = clock
        self._sleep = sleep
        self._guard = Guard.opening(self.allow_hosts)
        self._manners = Manners(clock, per_host)
        self._failed: dict[str, FetchError] = {}
        self._given = transport
        self._opened: _Transport | None = None

    def __reduce__(self) -> Any:
        """Another process gets a fetcher of the same settings, with its own connections and manners."""
        settings = {"offline": self.offline, "allow_hosts": self.allow_hosts, "limits": self.limits}
        settings |= {"at_once": self.at_once, "per_host": self.per_host}
        return _of_settings, (self.store, self.unkept, self.refusal, settings)

    def get(self, url: str, page: str = "") -> Stored:
        """The picture at `url`, from the store or the network; `page` is the address of its article.

        Raises `FetchError`.
        """
        try:
            return self._one(url, page, self._allowance())
        finally:
            self._close()

    def get_all(self, urls: Iterable[str], page: str = "") -> Iterator[tuple[str, Stored | FetchError]]:
        """Each of `urls` with its picture, or with the reason why there is none, in the order given."""
        wanted = list(dict.fromkeys(urls))
        found = {url: stored for url in wanted if (stored := self.store.find(url)) is not None}
        missing = [url for url in wanted if url not in found]
        fresh = self._fetched(missing, page)
        done = len(found)
        for url in wanted:
            result = found.get(url) or next(fresh)
            if url not in found:
                done += 1
                if self.progress is not None:
                    self.progress(done, len(wanted), url)
            yield url, result

    def _fetched(self, urls: list[str], page: str) -> Iterator[Stored | FetchError]:
        from concurrent.futures import ThreadPoolExecutor

        if not urls:
            return
        allowance = self._allowance()

        def attempt(url: str) -> Stored | FetchError:
            try:
                return self._one(url, page, allowance)
            except FetchError as error:
                return error

        pool = ThreadPoolExecutor(min(self.at_once, len(urls)), "pictures")
        try:
            yield from pool.map(attempt, urls)
        finally:
            pool.shutdown(cancel_futures=True)
            self._close()

    def _allowance(self) -> _Allowance:
        return _Allowance(self._clock() + self.limits.article_seconds)

    # ------------------------------------------------------------------ one picture

    def _one(self, url: str, page: str, allowance: _Allowance) -> Stored:
        stored = self.store.find(url)
        if stored is not None:
            return stored
        if self.offline:
            raise FetchError(self.refusal)
        if url in self._failed:
            raise copy(self._failed[url])  # one that is raised again and again grows its traceback
        try:
            stored = self._any_copy(url, page, allowance)
            self.store.remember(url, stored)
        except _NotAsked:
            raise
        except FetchError as error:
            self._failed[url] = copy(error)
            raise
        except (InputError, OSError) as error:  # no place to keep it
            raise FetchError(str(error)) from error
        return stored

    def _any_copy(self, url: str, page: str, allowance: _Allowance) -> Stored:
        """The largest copy that there is."""
        try:
            target = target_of(url)
        except Refused as refusal:
            raise FetchError(str(refusal)) from None
        *larger, own = hosts.originals(url, target.host)
        for each in larger:
            try:
                return self._patiently(target_of(each), page, allowance)
            except FetchError as error:
                if error.status not in (400, 403, 404, 410):
                    raise
        return self._patiently(target_of(own), page, allowance)

    def _patiently(self, target: Target, page: str, allowance: _Allowance) -> Stored:
        """Try, and try again where that helps and there is time."""
        from article_convert.assets.transport import Patience

        limits = self.limits
        patience = Patience(self._clock, limits.seconds, limits.rate, limits.longest)
        for number in range(1, limits.tries + 1):
            try:
                return self._followed(target, page, patience, allowance)
            except FetchError as error:
                wait = error.wait if error.wait is not None else 0.5 * 2 ** (number - 1)
                if not error.again or number == limits.tries or wait >= patience.left():
                    if error.silent:
                        self._manners.failed(error.silent, final=str(error) if error.gone else "")
                    raise
            self._sleep(wait)
        raise AssertionError("the last try either returns or raises")

    def _followed(self, target: Target, page: str, patience: Patience, allowance: _Allowance) -> Stored:
        """The picture at the end of all redirects; each of them is a new address and looked at again."""
        for _ in range(self.limits.redirects + 1):
            if self._clock() > allowance.until or allowance.size > self.limits.article_bytes:
                raise _NotAsked("the pictures of this article have taken too long or are too large together")
            try:
                self._guard.check(target)
                found = self._asked(target, page, patience, allowance)
                if isinstance(found, Stored):
                    return found
                target = target.joined(found)
            except Refused as refusal:
                raise FetchError(str(refusal)) from None
        raise FetchError(f"more than {self.limits.redirects} redirects")

    def _asked(self, target: Target, page: str, patience: Patience, allowance: _Allowance) -> Stored | str:
        """One request: the picture, or the address that the answer sends us to."""
        host = target.host
        if self._manners.is_resting(host):
            raise _NotAsked(self._manners.why_resting(host))
        with self._manners.turn(host):
            try:
                with self._transport().get(target, self._headers(target, page), patience) as answer:
                    if answer.status not in _LATER:
                        self._manners.answered(host)
                    if answer.status in _REDIRECTS and answer.headers.get("location"):
                        return str(answer.headers["location"])
                    if answer.status != 200:
                        raise _bad_status(answer, host)
                    return self._taken(answer, target, allowance)
            except NoHost as error:
                raise FetchError(str(error), silent=host, gone=True) from error
            except TimeoutError as error:
                raise FetchError(f"{host} took longer than allowed", silent=host) from error
            except ConnectionError as error:
                raise FetchError(f"no connection to {host}: {error}", again=True, silent=host) from error
            except EOFError as error:
                raise FetchError(f"the answer of {host} is broken: {error}", again=True) from error

    def _headers(self, target: Target, page: str) -> dict[str, str]:
        referer = hosts.referer_for(target, page)
        return {**_HEADERS, "Referer": referer} if referer else _HEADERS

    def _taken(self, answer: Answer, target: Target, allowance: _Allowance) -> Stored:
        """The body of an answer in the store, if it is a picture."""
        with self.store.incoming() as incoming:
            try:
                received(answer.headers, answer.chunks, incoming, self.limits.file_bytes)
                allowance.size += incoming.size
                incoming.file.flush()
                media_type = verified(incoming.path)
            except (BodyError, Unusable) as problem:
                raise FetchError(str(problem), answer.status) from None
            return self.store.take(incoming, media_type, str(target))

    # ------------------------------------------------------------------ connections

    def _transport(self) -> _Transport:
        if self._given is not None:
            return self._given
        with self._manners.lock:
            if self._opened is None:
                from article_convert.assets.transport import HttpTransport

                self._opened = HttpTransport(self._guard, self.at_once)
            return self._opened

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None


def _check_packages() -> None:
    for module, package in {"httpcore2": "httpcore2", "PIL": "pillow"}.items():
        if find_spec(module) is None:
            raise MissingDependency(
                f"fetching pictures needs the package {package}; pip install 'article_convert[fetch]', or work offline"
            )


def _of_settings(store: Store, unkept: str, refusal: str, settings: dict[str, Any]) -> Fetcher:
    made = Fetcher(store.folder, **settings)
    made.store, made.unkept, made.refusal = store, unkept, refusal
    return made


def _removed(scratch: str, owner: int) -> None:
    if os.getpid() == owner:  # a process that was forked shares the folder and must leave it
        rmtree(scratch, ignore_errors=True)


def _bad_status(answer: Answer, host: str) -> FetchError:
    if answer.status not in _LATER:
        return FetchError(f"HTTP {answer.status}", answer.status)
    return FetchError(f"HTTP {answer.status}", answer.status, again=True, wait=_retry_after(answer), silent=host)


def _retry_after(answer: Answer) -> float | None:
    """The seconds to wait that an answer asks for (RFC 9110, 10.2.3); a date counts from that of the answer."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    from email.utils import parsedate_to_datetime

    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(answer.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())
