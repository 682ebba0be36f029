"""The record of a rule: a piece of furniture, how it is found, where it may stand, and why it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

__all__ = ["NOTHING", "PLACES", "Place", "Rule"]

Place: TypeAlias = Literal["head", "tail", "ending", "blocks", "line", "link", "around"]

PLACES: tuple[Place, ...] = get_args(Place)

NOTHING = re.compile(r"(?!)")
"""The pattern of a rule that has none: it matches nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A piece of furniture. Several rules may share an `id`: they are the ways in which one thing is found.

    `select` is for pages of HTML: CSS selectors of elements in the text, and of what stands around it.
    `pattern` is for every input. It is matched against the *signature* of blocks: their text, one line for
    each, with links and pictures as Markdown writes them, such as `[![](…/a.png)](…/u/1) 关注`. How much it
    has to cover follows from `place`:

    * `head`: whole blocks at the beginning of the article
    * `tail`: whole blocks at its end
    * `ending`: a line of the run of statements at its end, from the start of the line. A rule that is not
      `firm` counts only above one that is; a line longer than `limit` characters is none (0: any length)
    * `blocks`: whole blocks anywhere
    * `line`: any part of a block, in its text or in its signature; the block goes whole
    * `link`: a link anywhere, whole
    * `around`: none; only `select` is used, and only for what stands around the text

    Named groups of the pattern fill the metadata; a line of the ending becomes a notice of the kind
    `notice`. `site` is the reader for whose pages `select` was written (empty: pages of any site).
    `source` says where the fact was seen.
    """

    id: str
    reason: str
    place: Place = "blocks"
    select: str = ""
    pattern: re.Pattern[str] = NOTHING
    notice: str = ""
    firm: bool = True
    limit: int = 0
    site: str = ""
    source: str = ""
