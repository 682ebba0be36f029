"""Whether what a run is to write can be written, asked before any work is done."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from article_convert.errors import InputError, OptionError
from article_convert.files import can_write

__all__ = ["check_folder", "check_place", "check_replaced"]


def check_place(name: str, what: str) -> None:
    """Refuse a file for `what` that has nowhere to go: it is a folder, or in one that is not there or locked."""
    place = Path(os.path.realpath(name))
    if place.is_dir():
        raise OptionError(f"{name} is a folder; name a file for the {what}")
    if place.exists() and not place.is_file():
        return  # a device or a pipe
    folder = Path(name).parent
    if not place.parent.is_dir():
        raise InputError(f"there is no folder {folder}; make it first, or choose another place for the {what}")
    if not can_write(place.parent):
        raise InputError(f"nothing can be written into the folder {folder}; choose another place for the {what}")


def check_folder(name: str) -> None:
    """Refuse a folder for many outputs that is no folder, or cannot be made or written."""
    place = Path(name)
    if place.exists() and not place.is_dir():
        raise OptionError(f"{name.rstrip('/')} is a file and cannot be a folder for outputs; choose another name")
    if not can_write(place):
        raise InputError(f"nothing can be written into the folder {name}; choose another one")


def check_replaced(args: argparse.Namespace) -> None:
    """Refuse an output that would replace an input or the report."""
    taken = [("an input", name) for name in args.inputs if name != "-"]
    if args.report and args.report != "-":
        taken.append(("the report", args.report))
    if args.cover:
        taken.append(("the cover", args.cover))
    for what, name in taken:
        if os.path.realpath(name) == os.path.realpath(args.output):
            raise OptionError(f"{args.output} is {what} too and would be replaced; choose another name")
