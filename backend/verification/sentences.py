"""Sentences of a text and their alignment by length, after Gale and Church (1993).

A translation may join or split sentences; when one was left out, some pair of what belongs together
is far too short.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

# Western marks before a blank and anything but a small letter; East Asian ones anywhere.
_END: Final = re.compile(
    r"[.!?…;](?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bet al\.)(?<!\bvs\.)(?<!\bcf\.)(?<!\bFig\.)(?<!\bresp\.)"
    r"(?<!\bz\. B\.)(?<!\bd\. h\.)(?<!\bp\. ej\.)(?<!\bp\. ex\.)(?<![.\s][A-Z]\.)"
    r"[\"')\]”’»]*\s+(?=[^\sa-zà-öø-ÿ])|[。！？；।۔؟؛]+[」』）”’]*\s*"
)

# Costs of a bead with so many sentences on either side, from how often they occur.
_COSTS: Final = {
    (1, 1): 0.0,
    (2, 1): 2.3,
    (1, 2): 2.0,
    (2, 2): 4.4,
    (3, 1): 5.0,
    (1, 3): 4.0,
    (1, 0): 6.0,
    (0, 1): 6.0,
}
_VARIANCE: Final = 6.8
_MAX_SENTENCES: Final = 40
_BAND: Final = 5  # sentences that a translation may be ahead or behind


def split(text: str) -> list[str]:
    """The sentences of a text, their final marks left out."""
    return [piece for piece in _END.split(text.strip()) if piece.strip()]


def beads(source: Sequence[int], translation: Sequence[int]) -> list[tuple[int, int]]:
    """Which sentences most likely belong together, as the numbers of sentences on both sides of each bead.

    Args:
        source, translation: the sizes of their sentences on one scale, so that a faithful
            translation is as long as its source.

    Returns:
        The beads in order, all sentences in them; none when there are too many sentences.
    """
    many, few = len(source), len(translation)
    if not source or many > _MAX_SENTENCES or few > 2 * _MAX_SENTENCES:
        return []
    theirs, ours = [0, *accumulate(source)], [0, *accumulate(translation)]
    best: dict[tuple[int, int], tuple[float, int, int]] = {(0, 0): (0.0, 0, 0)}
    for i in range(many + 1):
        middle = i * few // many
        for j in range(max(0, middle - _BAND), min(few, middle + _BAND) + 1):
            for (di, dj), price in _COSTS.items():
                before = best.get((i - di, j - dj))
                if before is None:
                    continue
                fit = _mismatch(theirs[i] - theirs[i - di], ours[j] - ours[j - dj])
                cost = before[0] + price + fit
                known = best.get((i, j))
                if known is None or cost < known[0]:
                    best[i, j] = (cost, di, dj)
    found: list[tuple[int, int]] = []
    i, j = many, few
    while (i, j) in best and (i, j) != (0, 0):
        _, di, dj = best[i, j]
        found.append((di, dj))
        i, j = i - di, j - dj
    return found[::-1]


def _mismatch(wanted: int, found: int) -> float:
    if not wanted and not found:
        return 0.0
    mean = (wanted + found) / 2 or 1
    distance = abs(wanted - found) / math.sqrt(mean * _VARIANCE)
    return min(0.5 * distance * distance, 40.0)
