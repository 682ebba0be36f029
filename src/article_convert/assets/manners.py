"""How to treat hosts while fetching: a few requests at once, and none to a host that has stopped answering."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["Manners"]


@dataclass(slots=True)
class _Host:
    gate: threading.Semaphore
    failures: int = 0
    closed_until: float = 0.0
    final: str = ""


@dataclass(slots=True)
class Manners:
    """What is known about the hosts of a run.

    At most `at_once` requests go to one host at a time. After `patience` failures in a row, or one
    that is final, a host is left alone for `rest` seconds; then one request may try again.
    """

    clock: Callable[[], float]
    at_once: int = 4
    patience: int = 5
    rest: float = 60.0
    _hosts: dict[str, _Host] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until one more request may go to `host`."""
        with self._of(host).gate:
            yield

    def is_resting(self, host: str) -> bool:
        """Whether `host` is left alone now."""
        with self.lock:
            known = self._hosts.get(host)
            if known is None or known.failures < self.patience:
                return False
            if self.clock() < known.closed_until:
                return True
            known.closed_until = self.clock() + self.rest  # this request tries; the others go on waiting
            return False

    def answered(self, host: str) -> None:
        """`host` has answered something: it is alive."""
        self._of(host).failures = 0

    def why_resting(self, host: str) -> str:
        """What to say of a request that is not made because `host` is left alone."""
        return self._of(host).final or f"{host} did not answer before and is left alone for a while"

    def failed(self, host: str, final: str = "") -> None:
        """`host` did not answer, or answered that it is overloaded; `final` says why trying again is no use."""
        known = self._of(host)
        with self.lock:
            known.failures = max(known.failures + 1, self.patience if final else 0)
            known.closed_until = self.clock() + self.rest
            known.final = final

    def _of(self, host: str) -> _Host:
        with self.lock:
            return self._hosts.setdefault(host, _Host(threading.Semaphore(self.at_once)))
