"""What reading devices take, as data: one record for each, with the reason for every limit and where it is written.

The EPUB writer fits a book to a profile (`-O profile=kindle`), and `--check` holds any EPUB against
profiles. Both read the same records, so what the one promises the other finds fulfilled. A device is
added by one file in this folder and one line in `PROFILES`; a limit without a reason and an address
is not taken.
"""

from __future__ import annotations

from article_convert.profiles.apple import APPLE
from article_convert.profiles.generic import GENERIC
from article_convert.profiles.kindle import KINDLE
from article_convert.profiles.kobo import KOBO
from article_convert.profiles.record import Because, Css, Pictures, Profile, Tables, ems
from article_convert.profiles.weread import WEREAD

__all__ = ["PROFILES", "Because", "Css", "Pictures", "Profile", "Tables", "ems"]

PROFILES = {profile.name: profile for profile in (GENERIC, KINDLE, KOBO, APPLE, WEREAD)}
