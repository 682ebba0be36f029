"""A few processes that work through a list, with the results in the order of the list.

A process that dies takes only its own item with it. One that has grown is replaced by a fresh one:
the layout engine of the PDF writer keeps memory for as long as its process lives.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

__all__ = ["can_fork", "in_processes"]

T = TypeVar("T")
R = TypeVar("R")

MAX_GROWTH_MB = 450
MAX_ITEMS = 500
"""A process is replaced after it has held this much memory or done this many items."""

_PATIENCE = 5.0


@dataclass(slots=True)
class _Worker:
    process: Any
    connection: Connection
    index: int = -1


def in_processes(work: Callable[[T], R], items: Sequence[T], jobs: int, lost: Callable[[T, str], R]) -> Iterator[R]:
    """`work(item)` for every item, done by `jobs` processes at once, yielded in the order of `items`.

    `work` must not raise; `lost(item, reason)` stands for the result of a process that died. Closing
    the iterator, or an exception in the loop around it, ends all processes and lets them clean up.
    """
    waiting = deque(range(len(items)))
    results: dict[int, R] = {}
    busy: list[_Worker] = []
    due = 0
    try:
        while due < len(items):
            while waiting and len(busy) < jobs:
                worker = _started(work, busy)
                busy.append(worker)
                _give(worker, waiting, items)
            ready = wait([worker.connection for worker in busy])
            for worker in [worker for worker in busy if worker.connection in ready]:
                results[worker.index], alive = _answer(worker, items, lost)
                if alive and waiting:
                    _give(worker, waiting, items)
                else:
                    busy.remove(worker)
                    _dismiss(worker)
            while due in results:
                yield results.pop(due)
                due += 1
    finally:
        for worker in busy:
            worker.process.terminate()
        for worker in busy:
            _dismiss(worker)


def can_fork() -> bool:
    """Whether processes are forks, which share what is loaded; otherwise work and items are pickled.

    Only one thread survives a fork, and macOS does not promise even that.
    """
    return sys.platform == "linux" and threading.active_count() == 1


def _started(work: Callable[[T], R], others: list[_Worker]) -> _Worker:
    forks = can_fork()
    context: Any = multiprocessing.get_context("fork" if forks else "spawn")
    ours, theirs = context.Pipe()
    # A fork inherits our ends of all pipes. It must close them, or no process would see us die.
    inherited = [ours, *(other.connection for other in others)] if forks else []
    process = context.Process(target=_serve, args=(work, theirs, inherited), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _give(worker: _Worker, waiting: deque[int], items: Sequence[T]) -> None:
    worker.index = waiting.popleft()
    with suppress(BrokenPipeError, ConnectionResetError):  # it has died: the end of its pipe says so
        worker.connection.send(items[worker.index])


def _answer(worker: _Worker, items: Sequence[T], lost: Callable[[T, str], R]) -> tuple[R, bool]:
    """The result that a worker sends, and whether it can take another item."""
    try:
        result, tired = worker.connection.recv()
    except (EOFError, ConnectionResetError):
        worker.process.join(_PATIENCE)
        return lost(items[worker.index], _cause(worker.process.exitcode)), False
    return result, not tired


def _cause(status: int | None) -> str:
    if status == -signal.SIGKILL:
        return "the system killed its process, probably for want of memory; try fewer --jobs"
    return f"its process ended unexpectedly (status {status})"


def _dismiss(worker: _Worker) -> None:
    """Let a worker end by itself, and end it if it does not."""
    worker.connection.close()
    worker.process.join(_PATIENCE)
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()


def _serve(work: Callable[[T], R], connection: Connection, inherited: list[Connection]) -> None:
    """The life of a worker: item in, result out, until the other end is closed."""
    for other in inherited:
        other.close()
    # Ctrl-C reaches every process of a terminal; the main process decides and sends SIGTERM, which
    # unwinds the stack here, so that half-written temporary files are removed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)
    done = 0
    try:
        while True:
            result = work(connection.recv())
            done += 1
            connection.send((result, done >= MAX_ITEMS or _grown()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # nobody waits for us any more


def _leave(number: int, frame: object) -> None:
    sys.unraisablehook = lambda _: None  # a destructor that this exit comes up in would print it as a traceback
    sys.exit(128 + number)


def _grown() -> bool:
    try:
        import resource
    except ImportError:  # Windows: the number of items decides alone
        return False
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak > MAX_GROWTH_MB * (1024 if sys.platform != "darwin" else 1024 * 1024)
