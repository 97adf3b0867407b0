"""What language models do to a segment, one function for each way of spoiling it.

A function gets the source and its faithful translation and returns what the model answers instead;
it returns the translation unchanged when that kind of damage cannot be done to it (no placeholder
to drop).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from zlib import crc32

_PLACEHOLDER = re.compile(r"<x\d+/>|</?g\d+>")
_MISSED = 60  # letters of a sentence that must not be left out unnoticed
_DIGIT = re.compile(r"(?<![<\w])\d(?![\w]*/?>)|(?<=[\d.,])\d(?![\w]*/?>)")


def drop(source: str, translation: str) -> str:
    """Leaves the first placeholder out."""
    return _PLACEHOLDER.sub("", translation, count=1)


def double(source: str, translation: str) -> str:
    """Writes the first placeholder twice."""
    return _PLACEHOLDER.sub(lambda match: match[0] * 2, translation, count=1)


def renumber(source: str, translation: str) -> str:
    """Numbers every placeholder one higher."""
    return re.sub(r"(?<=<[xg])\d+|(?<=</g)\d+", lambda m: str(int(m[0]) + 1), translation)


def split(source: str, translation: str) -> str:
    """Breaks the first placeholder with blanks, as in < x 1 />."""
    return _PLACEHOLDER.sub(
        lambda match: re.sub(r"([<xg/]+)(\d+)", r"\1 \2 ", match[0]), translation, count=1
    )


def nesting(source: str, translation: str) -> str:
    """Moves the first closing tag before its opening one."""
    match = re.search(r"<g(\d+)>(.*?)</g\1>", translation, re.DOTALL)
    if not match:
        return translation
    crossed = f"</g{match[1]}>{match[2]}<g{match[1]}>"
    return translation[: match.start()] + crossed + translation[match.end() :]


def digits(source: str, translation: str) -> str:
    """Changes one digit of a number."""
    return _DIGIT.sub(lambda match: str((int(match[0]) + 3) % 10), translation, count=1)


def echo(source: str, translation: str) -> str:
    """Answers with the source itself."""
    return source


def english(source: str, translation: str) -> str:
    """Answers in English, in other words, with every placeholder and number kept."""
    kept = " ".join(re.findall(r"<x\d+/>|<g\d+>.*?</g\d+>|\d+(?:[.,]\d+)*", source, re.DOTALL))
    return f"In other words, this part of the paper says what its authors did and found {kept}."


def refuse(source: str, translation: str) -> str:
    """Declines."""
    return "I'm sorry, but I can't help with translating this text."


def preamble(source: str, translation: str) -> str:
    """Puts a comment before the translation."""
    return f"Sure! Here is the translation:\n\n{translation}"


def half(source: str, translation: str) -> str:
    """Stops in the middle."""
    return translation[: len(translation) // 2]


def _size(text: str) -> int:
    """Its letters, as if it were written in an alphabet."""
    words = re.sub(r"[\W\d_]", "", re.sub("<[^<>]*>", "", text))
    return sum(1 if letter < "\u3000" else 3 for letter in words)


def _without_sentence(translation: str, place: float) -> str:
    """The translation without the sentence at this share of it, and without its mark."""
    pieces = re.split(r"(?=<s\d+/>)", translation)
    pieces = [piece for piece in pieces if piece]
    if len(pieces) < 2:
        return translation
    index = round(place * (len(pieces) - 1))
    if _size(pieces[index]) < _MISSED:
        return translation
    return "".join(pieces[:index] + pieces[index + 1 :]).strip()


def omit_first(source: str, translation: str) -> str:
    """Leaves the first sentence out."""
    return _without_sentence(translation, 0.0)


def omit_middle(source: str, translation: str) -> str:
    """Leaves a sentence in the middle out."""
    return _without_sentence(translation, 0.5)


def omit_last(source: str, translation: str) -> str:
    """Leaves the last sentence out."""
    return _without_sentence(translation, 1.0)


def omit_under_mark(source: str, translation: str) -> str:
    """Keeps every mark, and nothing behind the last."""
    last = re.search(r"<s\d+/>(?!.*<s\d+/>)", translation, re.DOTALL)
    return (
        translation[: last.end()]
        if last and _size(translation[last.end() :]) >= _MISSED
        else translation
    )


def unmark(source: str, translation: str) -> str:
    """Loses the marks before its sentences, and no word."""
    return re.sub(r"<s\d+/>", "", translation)


def broken(source: str, translation: str) -> str:
    """Loses a character in the middle of a word, as servers do that cut a stream between bytes."""
    match = re.search(r"(?<=[^\W\d_])[^\W\d_](?![\w/]*>)(?=[^\W\d_])", translation)
    return (
        f"{translation[: match.start()]}\ufffd{translation[match.end() :]}"
        if match
        else translation
    )


def missing(source: str, translation: str) -> str:
    """Does not answer this segment at all. The server leaves an empty answer out."""
    return ""


_WAYS = (
    *(drop, double, renumber, split, nesting),
    *(digits, echo, english, refuse, preamble, half, broken, missing),
    *(omit_first, omit_middle, omit_last, omit_under_mark, unmark),
)
DAMAGES: dict[str, Callable[[str, str], str]] = {way.__name__: way for way in _WAYS}


def chance(*parts: object) -> float:
    """A number in [0, 1) that the parts decide, spread evenly."""
    text = "\x1f".join(map(str, parts))
    return ((crc32(text.encode()) * 2654435761) % 2**32) / 2**32


def spoil(names: Sequence[str], source: str, translation: str, *, pick: float) -> tuple[str, str]:
    """The translation damaged in one of the named ways that can be done to it.

    Args:
        pick: in [0, 1), which of the possible ways.

    Returns:
        The way's name ("" when none was possible) and the text.
    """
    outcomes = [(name, DAMAGES[name](source, translation)) for name in names]
    possible = [(name, text) for name, text in outcomes if text != translation]
    if not possible:
        return "", translation
    return possible[int(pick * len(possible))]
