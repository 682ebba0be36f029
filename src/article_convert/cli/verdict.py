"""What is said about an error that ends the command, and with which status."""

from __future__ import annotations

import signal

from article_convert.errors import ArticleConvertError, OptionError, UnknownFormat

__all__ = ["BUG", "Terminated", "verdict"]


class Terminated(KeyboardInterrupt):
    """The system, or a time limit, asks the program to end."""


BUG = "internal error"


def verdict(error: BaseException) -> tuple[str, int]:
    """What to say about an error, and the exit status."""
    match error:
        case UnknownFormat() | OptionError():
            return str(error), 2
        case ArticleConvertError():
            return str(error), 1
        case Terminated():
            return str(error) or "terminated", 128 + signal.SIGTERM
        case KeyboardInterrupt():
            return str(error) or "interrupted", 130
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            return f"{place}{error.strerror or error}", 1
        case MemoryError():
            return "not enough memory for this input", 1
        case _:
            return f"{BUG}: {error!r}; please report it, with what --verbose shows", 1
