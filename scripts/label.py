"""Label an article by hand: say which lines of its source are the author's own.

    scripts/label.py FILE "28-150 not 52-60 68-76" [--stays 42 150] [--kinds "two cards" references] [--note TEXT]

Look at the source first, not at what the library makes of it. The label goes to `tests/labels.json`
(see `quality/labels.py`), where `gate.py` reads it; what the library thinks otherwise is printed.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from quality import labels

import article_convert as ac


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("seen", help="the author's lines: from-to, and after 'not' what is cut between them")
    parser.add_argument("--stays", type=int, nargs="*", default=[], help="lines that only look like furniture")
    parser.add_argument("--kinds", nargs="*", default=[], help="why this article is worth a label")
    parser.add_argument("--note", default="", help="what was hard to decide")
    arguments = parser.parse_args()
    number = re.search(r"\d+$", arguments.file.stem)
    if number is None:
        parser.error("the name of the file ends in no number")
    label = labels.make(
        arguments.file.read_text(encoding="utf-8"), arguments.seen, arguments.stays, arguments.kinds, arguments.note
    )
    labels.save({**labels.load(), number[0]: label})
    article = ac.clean(ac.read(arguments.file, "gitbook"))
    for differs in (labels.lost(label, article), labels.left(label, article)):
        if differs:
            print(f"{number[0]}: {differs}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
