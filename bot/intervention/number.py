"""The number of an intervention (介入编号): easy to read aloud, always the same for the same case and day."""

from __future__ import annotations

import hashlib
from datetime import datetime

from bot.disputes.facts import SHANGHAI

# No 0 O, 1 I L, 2 Z, 5 S, 8 B: they are mixed up when read aloud or copied by hand.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH = 6


def intervention_number(case_id: str, now: datetime, attempt: int = 0) -> str:
    """``JR`` + the day in Shanghai + six characters, for example JR20261121-K7QX4M.

    It is computed from the case, not drawn: a retry after a failure gives the same number. The case id is
    random and secret, so numbers cannot be guessed from one another.

    Args:
        now: when the intervention is opened (aware).
        attempt: counts up when another case happens to have the number.
    """
    day = f"{now.astimezone(SHANGHAI):%Y%m%d}"
    rest = int.from_bytes(hashlib.sha256(f"{case_id}/{day}/{attempt}".encode()).digest(), "big")
    code = ""
    for _ in range(LENGTH):
        rest, index = divmod(rest, len(ALPHABET))
        code += ALPHABET[index]
    return f"JR{day}-{code}"
