"""The process that draws one picture: `raster` starts it, and an end by force ends nothing else.

Standard input holds a line of JSON (`fonts`, the files for the words) and the drawing; standard output
is the PNG. Status 2 means that standard error says why there is none, status 3 that resvg cannot be
loaded. It imports nothing of the package, so that it starts quickly wherever the package lies.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress

__all__ = ["draw", "limit", "main"]

_MEMORY = 768 << 20
"""Bytes of address space: a canvas takes 32 MB, each layer that is mixed into it as much again."""
_SECONDS = 4
"""Of processor time; the largest drawings of real books take a fifth of one."""


def limit() -> None:
    """Let the system end this process when a drawing is a bomb. Windows knows no such limits; there the
    clock of the process that waits, and the size of the canvas, are what holds."""
    try:
        import resource
    except ImportError:
        return
    # At the first limit of time the system says which one it was (SIGXCPU); at the second it only kills.
    limits = {
        resource.RLIMIT_AS: (_MEMORY, _MEMORY),
        resource.RLIMIT_CPU: (_SECONDS, _SECONDS + 1),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, most in limits.items():
        with suppress(ValueError, OSError):  # macOS refuses to limit the address space
            resource.setrlimit(kind, most)


def draw(svg: str, fonts: list[str]) -> bytes:
    """The drawing as PNG, in the size that its root says, with words in the given fonts and no others."""
    import resvg_py

    sans, mono = "Noto Sans", "Source Code Pro"
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=fonts,
        font_family=sans,
        serif_family=sans,
        sans_serif_family=sans,
        cursive_family=sans,
        fantasy_family=sans,
        monospace_family=mono,
    )


def main() -> int:
    """Read a drawing, write its PNG, and give the exit status."""
    limit()
    head, _, svg = sys.stdin.buffer.read().partition(b"\n")
    try:
        png = draw(svg.decode(), json.loads(head)["fonts"])
    except ImportError as error:
        print(error, file=sys.stderr)
        return 3
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    sys.stdout.buffer.write(png)
    return 0


if __name__ == "__main__":
    sys.exit(main())
