"""What stands in brackets, behind a label ("Note:") or in quotation marks, and its counterpart.

A model's comment is known by such a form; where the source has the same form at the same place, it
is the translation of that.
"""

from __future__ import annotations

import re
from typing import Final

Span = tuple[int, int]

_LABEL: Final = re.compile(
    r"(?:^|[\n.!?。！？।॥۔؟…;；:：][\"”’»)）]?|(?P<bracket>[(（\[【]))[\s*¡¿\"“„«「]*"
    r"(?P<label>[^\W\d_][^:：()（）\[\]【】.!?。！？।۔؟…;；\n]{0,48}?)[*]*[ \xa0\u202f]?[:：](?![/0-9])",
)
_BRACKET: Final = re.compile("[(（\\[【]([^()（）\\[\\]【】]{1,300})[)）\\]】]")
_QUOTATION: Final = re.compile(
    '["“„«「『‘\']([^"“”„«»「」『』]{2,400}?)["”“»」』’\'](?![^\\W\\d_])'
)
_CLAUSE_END: Final = re.compile("[)）\\]】。！？।॥۔؟…\n]|[.!?](?=\\s|$)")
_TO_COLON: Final = re.compile("[^:.!?(){}]{0,24}:")
_CONTENT: Final = re.compile("[^\\W\\d_]+")
_KEPT: Final = re.compile("[0-9]+|\ufffc|[a-z]{2,}")
_SPACED_CLAUSE: Final = 2  # words that say something
_UNSPACED_CLAUSE: Final = 4  # or letters, of a script without spaces
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_FARTHEST: Final = 0.4  # of a text, that languages move an aside


def has_counterpart(text: str, source: str, label: Span) -> bool:
    """Whether a label of a translation is the source's own, or adds nothing that is said.

    Args:
        label: where it stands, with its colon.
    """
    if not _says_something(text, label[1]) or is_quoted(text, source, label):
        return True
    ours, theirs = _labels(text), _labels(source)
    bracketed = _opened_before(text, label[0])
    mine = [at for at, within in ours if within == bracketed]
    other = [at for at, within in theirs if within == bracketed]
    place = next((n for n, at in enumerate(mine) if at <= label[0] < at + 3), None)
    if place is not None and len(mine) <= len(other):
        return _is_near(label[0] / len(text), other[place] / len(source))
    return bracketed and _bracket_has_counterpart(text, source, label)


def is_said_there(text: str, source: str, at: int, words: re.Pattern[str]) -> bool:
    """Whether the source says what the label says at about this place, and not as a label."""
    return any(
        _is_near(at / len(text), match.start() / len(source))
        and not _TO_COLON.match(source, match.end())
        for match in words.finditer(source)
    )


def is_quoted(text: str, source: str, span: Span) -> bool:
    """Whether the words stand in quotation marks, and the source has as many quotations."""
    within = [m for m in _QUOTATION.finditer(text) if m.start() < span[0] and span[1] < m.end()]
    if not within:
        return False
    return len(_QUOTATION.findall(text)) <= len(_QUOTATION.findall(source))


def _says_something(text: str, start: int) -> bool:
    end = _CLAUSE_END.search(text, start)
    words = _CONTENT.findall(text[start : end.start() if end else len(text)])
    letters = "".join(words)
    if _UNSPACED.search(letters):
        return len(letters) >= _UNSPACED_CLAUSE
    return len(words) >= _SPACED_CLAUSE


def _labels(text: str) -> list[tuple[int, bool]]:
    """Where labels begin, and whether each is the first thing in a bracket."""
    return [(m.start("label"), m["bracket"] is not None) for m in _LABEL.finditer(text)]


def _opened_before(text: str, at: int) -> bool:
    return text[:at].rstrip(' *\xa0"“„«「')[-1:] in tuple("(（[【")


def _bracket_has_counterpart(text: str, source: str, label: Span) -> bool:
    """Whether the source has a bracket at this place with the same numbers, formulas or names."""
    ours, theirs = [*_BRACKET.finditer(text)], [*_BRACKET.finditer(source)]
    place = next((n for n, m in enumerate(ours) if m.start() < label[0] < m.end()), None)
    if place is None or len(ours) > len(theirs):
        return False
    mine, other = ours[place], theirs[place]
    shared = {*_KEPT.findall(mine[1])} & {*_KEPT.findall(other[1])}
    return bool(shared) and _is_near(mine.start() / len(text), other.start() / len(source))


def _is_near(ours: float, theirs: float) -> bool:
    return abs(ours - theirs) <= _FARTHEST
