"""Letters right behind a number: 13B and 44K are magnitudes, the rest (GB, x, D, th) are units."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

LETTER: Final = "A-Za-zªµºÀ-ÖØ-öø-ɏͰ-ϿḀ-ỿ"
"""Latin and Greek letters, for a character class: what identifiers are made of."""

SUFFIX: Final = re.compile(f"[{LETTER}]*")

SUFFIX_MAGNITUDE: Final = {
    **dict.fromkeys(("K", "k"), Decimal(1000)),
    **dict.fromkeys(("M", "Mn", "mn", "mln", "Mio"), Decimal(10**6)),
    **dict.fromkeys(("B", "b", "Bn", "bn", "bln"), Decimal(10**9)),
    **dict.fromkeys(("T", "Tn", "tn"), Decimal(10**12)),
}

# With a space it may as well be a unit: 300 K.
SPACED_MAGNITUDE: Final = re.compile(f"[ \xa0]([KkMBT])(?![{LETTER}0-9])")
