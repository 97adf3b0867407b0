"""Parts: one text that displays (equations) cut, with a mark `<p1/>`, `<p2/>`, … where each display stands.

A display stays where it is on the page, so its mark comes once, in order, and no text moves across it:
what stands between two marks of a translation goes between the same two displays.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import Final

from ..errors import InvalidRequest

MAX_PARTS: Final = 200
PART: Final = re.compile(r"<p([1-9][0-9]{0,3})/>")
_MARK: Final = re.compile(r"<p[0-9]+/>")
_TAG: Final = re.compile(r"<(?:x[0-9]+/|/?g[0-9]+)>")
_LOOSE: Final = re.compile(
    r"(?:[<＜〈⟨\[［【]|&lt;)\s?(?P<closes>[/／]?)\s?[pPｐрР]\s?(?P<number>[0-9]{1,4})\s?[/／\\]?\s?"
    r"(?:[>＞〉⟩\]］】]|&gt;)"
)
# Where a text may be cut: not within a tag, an entity or a word of letters that stand apart by blanks.
_TOKEN: Final = re.compile(
    r"(?P<tag><[^<>]*>)|&\w+;|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+(?:[.,][0-9]+)*|.",
    re.DOTALL,
)

_Chain = tuple[tuple[int, int], ...]  # marks in order: number and place of each


def refuse(text: str) -> None:
    """Raise InvalidRequest when a text that was not announced as one of parts holds a mark."""
    if mark := _MARK.search(text):
        raise InvalidRequest(
            f'{mark[0][:12]} parts a text that has "parts": true; write a literal < as &lt;.'
        )


def take_apart(text: str) -> list[str]:
    """The parts of a client's text.

    Raises:
        InvalidRequest: the marks are not `<p1/>`, `<p2/>`, … in order, or too many.
    """
    parts = _MARK.split(text)
    if len(parts) > MAX_PARTS:
        raise InvalidRequest(f"The segment has more than {MAX_PARTS} parts: split it.")
    if _MARK.findall(text) != [f"<p{number}/>" for number in range(1, len(parts))]:
        raise InvalidRequest("The marks between parts are <p1/>, <p2/>, … in order, each once.")
    return parts


def join(parts: list[str]) -> str:
    """Parts as one text, a mark before each but the first."""
    return parts[0] + "".join(f" <p{n}/> {part}" for n, part in enumerate(parts[1:], 1))


def are_in_order(answer: str) -> bool:
    """Whether the marks of an answer, perhaps not yet whole, come one after the other, from the first."""
    found = _numbers(answer) if "<p" in answer else []
    return found == list(range(1, len(found) + 1))


def fault(source: str, translated: str) -> str:
    """What is wrong with the parts of a translation that has each mark once, as a sentence; or nothing."""
    if not PART.search(source):
        return ""
    if _numbers(source) != _numbers(translated):
        return "The marks <p1/>, <p2/>, … must stay in order."
    for theirs, ours in zip(PART.split(source)[::2], PART.split(translated)[::2], strict=True):
        missing = Counter(_TAG.findall(theirs)) - Counter(_TAG.findall(ours))
        if missing:
            return f"{min(missing)} moved across a mark <p1/>; no text may."
        if _has_words(theirs) and not _TAG.sub("", ours).strip():
            return "A part between marks <p1/> is empty; no text moves across a mark."
    return ""


def _has_words(part: str) -> bool:
    return any(character.isalpha() for character in _TAG.sub("", part))


def tidy(source: str, translated: str) -> str:
    """The translation with its marks in our form, where a model only wrote them differently.

    Of a source without parts, what looks like a mark is literal text.
    """
    if not PART.search(source):
        return PART.sub(r"&lt;p\1/&gt;", translated) if "<p" in translated else translated
    literal = PART.sub(" ", source)
    last = 0

    def tidied(match: re.Match[str]) -> str:
        nonlocal last
        number = int(match["number"])
        if match[0] in literal or number == 0:
            return match[0]
        if match["closes"] and number == last:
            return ""  # the end of <p1></p1>
        last = number
        return f"<p{number}/>"

    return _LOOSE.sub(tidied, translated)


def complete(source: str, translated: str) -> str:
    """The translation with each mark of the source once, in order, and outside of pairs.

    What is missing is put in where it stands in the source, by the share of the text before it.
    """
    count = len(_numbers(source))
    if not count and not PART.search(translated):
        return translated
    text, kept = _taken_out(translated, count)
    bare, places = _taken_out(source, count)
    places |= {0: 0, count + 1: len(bare)}
    kept |= {0: 0, count + 1: len(text)}
    cuts = _cuts(text)
    for number in range(1, count + 1):
        if number in kept:
            continue
        before, after = number - 1, min(n for n in kept if n > number)
        span = max(1, places[after] - places[before])
        share = (places[number] - places[before]) / span
        wanted = kept[before] + share * (kept[after] - kept[before])
        possible = [cut for cut in cuts if kept[before] <= cut <= kept[after]]
        kept[number] = min(possible, key=lambda cut: abs(cut - wanted), default=kept[after])
    ends = [kept[number] for number in range(count + 2)]
    pieces = [text[start:end] for start, end in pairwise(ends)]
    return pieces[0] + "".join(f"<p{n}/>{piece}" for n, piece in enumerate(pieces[1:], 1))


def append(source: str, translated: str, tags: list[str]) -> str:
    """The translation with further placeholders at the end of the parts in which the source has them."""
    theirs, ours = PART.split(source)[::2], PART.split(translated)[::2]
    for tag in tags:
        place = next(number for number, part in enumerate(theirs) if tag in part)
        ours[place] = f"{ours[place].rstrip()} {tag}"
    return join([part.strip() for part in ours])


def _numbers(text: str) -> list[int]:
    return [int(number) for number in PART.findall(text)]


def _taken_out(text: str, count: int) -> tuple[str, dict[int, int]]:
    """The text without marks, and where those stood that are in order, as many as can be."""
    parts = PART.split(text)
    bare = "".join(parts[::2])
    allowed = set(_cuts(bare))
    longest: dict[int, _Chain] = {0: ()}  # in order, by their last mark
    place = 0
    for part, number in zip(parts[::2], map(int, parts[1::2]), strict=False):
        place += len(part)
        if number <= count and place in allowed:
            before: _Chain = max((longest[n] for n in longest if n < number), key=len)
            if len(before) >= len(longest.get(number, ())):
                longest[number] = (*before, (number, place))
    best: _Chain = max(longest.values(), key=len)
    return bare, dict(best)


def _cuts(text: str) -> list[int]:
    """Where the text may be cut: between words and outside of pairs."""
    found, depth = [], 0
    for token in _TOKEN.finditer(text):
        if not depth:
            found.append(token.start())
        if token["tag"] and token[0].startswith(("<g", "</g")):
            depth += 1 if token[0].startswith("<g") else -1
    return [*found, len(text)]
