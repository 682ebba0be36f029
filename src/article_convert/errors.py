"""The few exceptions, all meaning "there is no output".

    ArticleConvertError
    ├─ UnknownFormat      no reader or writer of that name; says which exist
    ├─ OptionError        no such option, or a value it does not take; says which it takes
    ├─ InputError         the input cannot be read as what it was said to be
    ├─ MisplacedNode      a transform or a plugin built a tree that cannot exist
    ├─ MissingDependency  an optional package or native library is needed; says how to get it
    └─ FetchError         a picture that was asked for by itself could not be fetched

Malformed Markdown or HTML is never an exception: it becomes a `Diagnostic` in the `Report`.
Every message says what is wrong with which input, and what to do about it: in one line, but for JSON with
several faults, which has a line for each.
"""

from __future__ import annotations

__all__ = [
    "ArticleConvertError",
    "FetchError",
    "InputError",
    "MisplacedNode",
    "MissingDependency",
    "OptionError",
    "UnknownFormat",
]


class ArticleConvertError(Exception):
    """A conversion that gave no output. Catch this to catch all of them."""


class UnknownFormat(ArticleConvertError):
    """No reader or writer has that name, extension or content."""


class OptionError(ArticleConvertError):
    """An option does not exist or does not take that value."""


class InputError(ArticleConvertError):
    """The input is missing, empty, too large, or not of its format at all."""


class MisplacedNode(ArticleConvertError):
    """A node stands where it cannot stand; the message gives its path (`$.content[3].items[0]`)."""


class MissingDependency(ArticleConvertError):
    """An optional package or a native library is missing; the message says what to install."""


class FetchError(ArticleConvertError):
    """Why a picture was not fetched. Only `Fetcher.get` raises it; a conversion reports `image.missing`.

    `status` is that of HTTP, 0 if there was no answer. `again` says that another try may help, after
    `wait` seconds if the host said so; `silent` is a host that did not answer or was overloaded, `gone`
    that it cannot be there at all.
    """

    def __init__(
        self,
        reason: str,
        status: int = 0,
        *,
        again: bool = False,
        wait: float | None = None,
        silent: str = "",
        gone: bool = False,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.again = again
        self.wait = wait
        self.silent = silent
        self.gone = gone
