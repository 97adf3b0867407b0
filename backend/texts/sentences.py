"""Where the sentences of a protected text begin.

Nothing is cut after an abbreviation or an initial, in a bracket, or between `<g1>` and `</g1>`: what a
bracket or a pair holds belongs to its sentence. What follows the mark of a display, `<p1/>`, goes on with
the sentence before it ("where x is …") unless it begins with a capital letter.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_TAG: Final = re.compile(r"<x[0-9]+/>|<(/?)g[0-9]+>|&(?:lt|gt|amp);|(?P<part><p[0-9]+/>\s*)")
_PARTS: Final = re.compile(r"\s*(?:<p[0-9]+/>\s*)+")
# Western marks before a blank; East Asian ones, the danda and the Arabic ones anywhere.
_END: Final = re.compile(
    r"(?P<western>[.!?…]+)(?:[ \xa0\u202f]?»|[\"'”’])*(?P<gap>\s+)|(?P<other>[。！？।॥۔؟]+)[\"'”’»」』]*\s*"
)
_ABBREVIATIONS: Final = frozenset(
    """
    e.g i.e cf vs al fig figs eq eqs eqn sec secs sect ref refs resp approx ca dr prof mr mrs ms st thm esp viz
    w.r.t a.k.a ee mrd mio incl z.b d.h u.a bzw evtl vgl abb p.ej p.ex cad ad.es np tzn m.in t.ex bl.a
    f.eks bijv örn bkz esim т.е т.д т.п рис см напр див
    """.split()  # noqa: SIM905 - read more easily as words
)
# Words of their own unless a number follows.
_NUMBERED: Final = frozenset(
    """
    no nos ch chap vol pp p app ex op prop lem cor def tab alg nr abs kap núm pág rys obr şek табл гл σχ πίν εξ
    """.split()  # noqa: SIM905 - read more easily as words
)
_NUMBER: Final = re.compile(r"[0-9(<]|[IVX]+\b")
# German ordinals before their noun: im 20. Jahrhundert, Ende des 19. Jahrhunderts.
_ORDINAL: Final = re.compile(
    r"\b(?:am|beim|bis|das|dem|der|des|im|seit|vom|zum)[ \xa0][0-9]{1,2}$", re.IGNORECASE
)
# Before an initial; other small words before one capital end with it: "of the set A. We".
_BEFORE_NAMES: Final = frozenset({"and", "by", "with", "from", "et", "und", "y", "e", "и"})
_PREVIOUS_WORD: Final = re.compile(r"([^\W\d_]+)[ \xa0]+$")
_MEASURED: Final = re.compile(r"[°º][ \xa0\u202f]?$|[0-9][ \xa0\u202f]$")  # 20 °C, 5 K: no initial
_LAST_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|\.(?=[^\W\d_]))*$")
_OPENS: Final = "([{（「『【"
_CLOSES: Final = ")]}）」』】"
_ANY: Final = re.compile(f"[<{re.escape(_OPENS + _CLOSES)}]")
_PAIR: Final = ("<g", "</g")
_MAX_WORD: Final = 16
_AHEAD: Final = 60
_GOES_ON: Final = (",", ";", ":")  # « Oui ! » : la réponse


@lru_cache(maxsize=64)
def starts(protected: str) -> tuple[int, ...]:
    """The offsets at which sentences begin; the first is 0, an empty text has none."""
    if not protected.strip():
        return ()
    found = [0]
    # Where brackets are not closed (an interval, a list "1)") they say nothing.
    brackets = _depth(protected, 0, len(protected)) == 0
    depth = at = 0
    for match in _END.finditer(protected):
        depth = max(0, depth + _depth(protected, at, match.start(), brackets=brackets))
        at = match.start()
        if depth or match.end() >= len(protected):
            continue
        if match["western"] is None or _ends(protected, match):
            found.append(match.end())
    return tuple(_behind_parts(protected, found) if "<p" in protected else found)


def split(protected: str) -> list[str]:
    """The sentences of a text, each with the space behind it."""
    places = starts(protected)
    if not places:
        return []
    return [protected[a:b] for a, b in zip(places, [*places[1:], len(protected)], strict=True)]


def _behind_parts(text: str, found: list[int]) -> list[int]:
    """The beginnings of sentences, behind the marks of displays instead of before them, and new ones there."""
    places = set(found)
    for marks in _PARTS.finditer(text):
        begins = places & set(range(max(1, marks.start()), marks.end()))
        places -= begins
        rest = _TAG.sub("", text[marks.end() : marks.end() + _AHEAD])
        if marks.start() and marks.end() < len(text) and (begins or rest[:1].isupper()):
            places.add(marks.end())
    return sorted(places)


def _ends(text: str, match: re.Match[str]) -> bool:
    """Whether a Western mark before a blank ends a sentence."""
    following = text[match.end() : match.end() + _AHEAD]
    formula = False
    while tag := _TAG.match(following):
        following = following[tag.end() :]
        formula = formula or not (tag["part"] or tag[0].startswith(_PAIR))
    if not formula and (following[:1].islower() or following[:1] in _GOES_ON):
        return False
    number = formula or bool(_NUMBER.match(following))
    return match["western"] != "." or not _is_abbreviated(text, match.start(), number=number)


def _is_abbreviated(text: str, stop: int, *, number: bool) -> bool:
    """Whether the full stop belongs to the word before it.

    Args:
        number: a number or a formula follows.
    """
    word = _LAST_WORD.search(text, max(0, stop - _MAX_WORD), stop)
    if word is None:
        return _ORDINAL.search(text, max(0, stop - _MAX_WORD), stop) is not None
    known = word[0].lower()
    if len(known) == 1 and word[0].isupper():
        if _MEASURED.search(text, max(0, word.start() - _MAX_WORD), word.start()):
            return False
        before = _PREVIOUS_WORD.search(text, max(0, word.start() - _MAX_WORD), word.start())
        return before is None or not before[1].islower() or before[1] in _BEFORE_NAMES
    return known in _ABBREVIATIONS or (number and known in _NUMBERED)


def _depth(text: str, start: int, stop: int, *, brackets: bool = True) -> int:
    """How many brackets and pairs a stretch of the text opens and does not close."""
    piece = text[start:stop]
    if not _ANY.search(piece):
        return 0
    pairs = sum(-1 if tag[1] else 1 for tag in _TAG.finditer(piece) if tag[0].startswith(_PAIR))
    if not brackets:
        return pairs
    return pairs + sum(map(piece.count, _OPENS)) - sum(map(piece.count, _CLOSES))
