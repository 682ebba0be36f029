"""The best quality within a size: how pictures become smaller, step by step, until an output fits.

The steps are the same for every document, so the same input always ends at the same one. Photographs
lose width and quality. Screenshots and diagrams, whose text must stay legible, stay wider and stay
PNG; they lose colours first, of which text needs few: a
narrower one is often larger, since all its edges are blurred. Animations stand still from the fourth step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from article_convert.assets.images import Form

__all__ = ["STEPS", "Step", "best_step", "forms"]


@dataclass(frozen=True, slots=True)
class Step:
    """How far pictures go: widths in pixels, quality of JPEG, colours of flat pictures, and the size to expect.

    `share` is what is left of the bytes of a mixed book; it is where the search begins, no more.
    """

    width: int
    quality: int
    flat_width: int
    colours: int
    share: float


STEPS = (
    Step(2048, 85, 2048, 256, 0.80),
    Step(1600, 80, 1600, 256, 0.60),
    Step(1400, 75, 1440, 128, 0.48),
    Step(1200, 70, 1280, 64, 0.38),
    Step(1000, 65, 1200, 64, 0.30),
    Step(800, 60, 1080, 48, 0.22),
    Step(700, 55, 1080, 32, 0.18),
    Step(600, 50, 960, 32, 0.14),
    Step(480, 45, 800, 32, 0.10),
    Step(400, 40, 720, 32, 0.08),
    Step(320, 35, 640, 32, 0.06),
)
_FIRST_STILL = 3


def forms(form: Form) -> list[Form]:
    """`form`, and after it what each step makes of it; a wish that goes further than a step stays."""
    return [form, *_stepped(form)]


def _stepped(form: Form) -> Iterator[Form]:
    for number, step in enumerate(STEPS):
        yield replace(
            form,
            width=step.width,
            quality=min(form.quality or step.quality, step.quality),
            flat_width=step.flat_width,
            colours=step.colours,
            still=form.still or number >= _FIRST_STILL,
        )


def best_step(size_at: Callable[[int], int], limit: int) -> tuple[int, int]:
    """The first step whose output is at most `limit` bytes, and its size; the last if there is none.

    `size_at(number)` makes the output of a step, 0 for pictures as they are, and tells its size. It is
    called last for the step that is returned, and for few others.
    """
    sizes = {0: size_at(0)}
    if sizes[0] <= limit:
        return 0, sizes[0]
    number = next((n for n, step in enumerate(STEPS, 1) if sizes[0] * step.share <= limit), len(STEPS))
    made = 0

    def fits(step: int) -> bool:
        nonlocal made
        if step not in sizes:
            sizes[step], made = size_at(step), step
        return sizes[step] <= limit

    if fits(number):
        while number > 1 and fits(number - 1):
            number -= 1
    else:
        while number < len(STEPS) and not fits(number):
            number += 1
        fits(number)
    if made != number:
        size_at(number)
    return number, sizes[number]
