"""What the command line says about pictures: whether they are fetched, where they go, how large they may be."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from article_convert.assets.fetch import Fetcher
from article_convert.assets.policy import ImageOptions
from article_convert.cli.console import Progress
from article_convert.contract import Writer
from article_convert.errors import MissingDependency, OptionError

__all__ = ["fetcher_of", "images_of", "size"]

_PER_HOST = 4


def size(text: str) -> int:
    """Bytes from a text such as `20MB`, `500 KB` or `1.5M`; a thousand of one make the next.

    >>> size("20MB"), size("1.5m"), size("500 kb")
    (20000000, 1500000, 500000)
    """
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG]?)B?\s*", text, re.IGNORECASE)
    found = int(float(match[1]) * 1000 ** " KMG".index(match[2].upper() or " ")) if match else 0
    if not match or not found:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 20MB or 500KB")
    if found < 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is less than 1 KB; {match[1]}MB, perhaps?")
    return found


def images_of(args: argparse.Namespace, folder: Path | None = None) -> ImageOptions:
    """What is asked for; `folder` is where a batch puts its pictures."""
    return ImageOptions(
        place=args.images or "auto",
        max_width=args.image_max_width or 0,
        quality=args.image_quality or 0,
        grayscale=args.grayscale,
        max_size=args.max_size or 0,
        folder=folder,
        cache=Path(args.cache) if args.cache else None,
    )


def fetcher_of(args: argparse.Namespace, writer: Writer, processes: int = 1) -> Fetcher | None:
    """What fetches the pictures of a run, if its output can hold them and nobody forbids it.

    Several processes share what one host is asked at a time. If a package is missing, pictures stay
    out and the report says which; `MissingDependency` is raised if they were asked for.
    """
    for host in args.allow_host:
        if "/" in host or "@" in host:
            raise OptionError(f"--allow-host takes a host, such as wiki.local or 10.0.0.5:8080, not {host!r}")
    if args.images in ("link", "drop") or not (writer.embeds_pictures or args.images in ("embed", "folder")):
        if args.allow_host:
            raise OptionError(f"nothing is fetched for {writer.name}; --images embed takes pictures along")
        return None
    try:
        return Fetcher(
            args.cache or None,
            offline=args.offline,
            allow_hosts=args.allow_host,
            per_host=max(1, _PER_HOST // processes),
            progress=None if args.quiet or processes > 1 or not sys.stderr.isatty() else _show,
        )
    except MissingDependency as error:
        if args.allow_host or args.images:
            raise
        fetcher = Fetcher(args.cache or None, offline=True)
        fetcher.refusal = str(error)
        return fetcher


def _show(done: int, total: int, url: str) -> None:
    Progress(sys.stderr, max(total, 2), True).at(done, f"pictures {url}")
