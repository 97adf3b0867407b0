"""Is the translation whole: does it end as its source does, is it as long as it should be?"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any, Final, Literal

from ..alignment import sentence_alignment, sentence_markers
from ..alignment.sentence_alignment import Sentence
from ..alignment.sentence_markers import Group
from ..languages import Language
from ..texts import sentences
from ..texts.prose import OPAQUE, Prose, count_latin, count_letters, letters_of
from . import endings
from .english import function_words, is_name
from .issues import Issue

_NO_WORD: Final = re.compile(r"[\W_]+")
_CLOSERS: Final = " \t\n\xa0\u202f)]}\"'”’»›“」』）】〉》*_`"
_END: Final = ".!?…。！？"
_ANY_END: Final = _END + "．｡؟۔।॥" + OPAQUE
_WITHOUT_FULL_STOP: Final = frozenset({"th"})
_BRACKETS: Final = (("(", "（"), (")", "）"))

# Letters of English for a kanji, a hiragana and a katakana, measured on 269 sentences.
_JAPANESE: Final = (
    (re.compile("[々㐀-鿿]"), 3.2),
    (re.compile("[ぁ-ゟ]"), 1.1),
    (re.compile("[ァ-ヿ]"), 1.35),
)
_SHORTEST: Final = 12  # letters of which a length says something
_SENTENCE: Final = 30  # letters of a text that certainly is a sentence and not a caption
_WORDY: Final = (6, 24)  # or so many words with so many letters
_REPEATED: Final = 8  # letters of a sentence that nobody says twice
_LOST: Final = 0.3  # of the usual length, that a faithful translation may lack
_FEW_WORDS: Final = 4  # below which chance makes lengths differ more
_FUNCTION_WORD: Final = 0.35  # of a word, as part of a title
_ALL_IN_IT: Final = 1.4  # of the usual length, with which nothing is missing
_FULL: Final = 0.9  # of the usual length, with as many sentences as the source
_SHORT_ABSTRACT: Final = 0.78  # of the usual length of a long text, where chance evens out
_ABSTRACT: Final = 200  # letters
_SHORT_WITHOUT_NAMES: Final = 0.62  # and an acronym is missing
_PARAGRAPH: Final = 100  # letters
_ESTIMATED_MARGIN: Final = 1.4
_ESTIMATED_SLACK: Final = 14.0
_ESTIMATED_BIAS: Final = 1.1  # that an estimated length may be too long


def check(
    source: Prose,
    translation: Prose,
    language: Language,
    kind: Literal["title", "prose"],
    groups: Sequence[Group] | None = None,
) -> list[Issue]:
    """Whether the translation stops early, lacks a sentence, or is too short or too long.

    Args:
        groups: which sentences stand for which, where sentence marks told it.
    """
    if source.size and not translation.text.strip():
        return [Issue("truncated", "The translation is empty.")]
    found = next(_cut_off(source, translation, language, kind), None)
    if _says_twice(source, translation):
        return [Issue("length", "A sentence stands there twice."), *([found] if found else [])]
    if found:
        return [found]
    if groups and _is_one_left_out(groups, language):
        return [Issue("truncated", "A sentence of the text is left out.")]
    return [*_wrong_length(source, translation, language, kind, aligned=groups is not None)]


def _is_one_left_out(groups: Sequence[Group], language: Language) -> bool:
    usual, _ = _usual(language.tag)
    measured = [
        (
            _weighed(Prose(group.translation).text, language, usual),
            [count_letters(Prose(sentence).text) for sentence in group.source],
        )
        for group in groups
    ]
    if sentence_markers.is_one_left_out(measured):
        return True
    together = sentence_markers.joined(groups)
    return any(len(group.source) > 1 for group in together) and sentence_alignment.is_one_left_out(
        [
            _measured(
                [Prose(sentence).text for sentence in group.source],
                _sentences(Prose(group.translation)),
                language,
            )
            for group in together
        ]
    )


def _says_twice(source: Prose, translation: Prose) -> bool:
    """Whether a sentence, or the whole of a short text, is repeated, though the source repeats none."""
    times = _most_repeated(translation.text)
    if times > 1 and times > _most_repeated(source.text):
        return True
    return _is_doubled(translation) and not _is_doubled(source)


def _is_doubled(text: Prose) -> bool:
    """Whether its second half is the first again."""
    letters = "".join(run for _, run in text.runs)
    half, odd = divmod(len(letters), 2)
    return half >= _REPEATED and not odd and letters[:half] == letters[half:]


def _most_repeated(text: str) -> int:
    """How often the sentence stands there that does so most often; one with a formula counts for itself."""
    found = Counter(
        _NO_WORD.sub("", sentence.lower())
        for sentence in sentences.split(text)
        if OPAQUE not in sentence and count_letters(sentence) >= _REPEATED
    )
    return max(found.values(), default=0)


def _cut_off(source: Prose, translation: Prose, language: Language, kind: str) -> Iterator[Issue]:
    theirs, ours = source.text.rstrip(_CLOSERS), translation.text.rstrip(_CLOSERS)
    ends = theirs[-1:] in _END if theirs else False
    words, letters = _WORDY
    long = source.size >= _SENTENCE or (len(source.words) >= words and source.size >= letters)
    if ends and long and kind == "prose" and language.tag not in _WITHOUT_FULL_STOP:
        if ours[-1:] not in _ANY_END and not (ours[-1:] == ";" and language.tag == "el"):
            yield Issue("truncated", "The translation stops in the middle of a sentence.")
    elif not ends and endings.stops_early(source, translation, language):
        yield Issue("truncated", "The translation stops in the middle of a phrase.")
    if endings.is_half_a_name(source, translation, language):
        yield Issue("truncated", "The translation stops in the middle of a name.")
    opened, closed = (sum(translation.text.count(mark) for mark in marks) for marks in _BRACKETS)
    if opened > closed and source.text.count("(") <= source.text.count(")"):
        yield Issue("truncated", "A bracket is opened and never closed.")


def _wrong_length(
    source: Prose, translation: Prose, language: Language, kind: str, *, aligned: bool
) -> Iterator[Issue]:
    usual, slack = _usual(language.tag)
    wanted, found = _comparable(source, translation, language)
    if wanted < _SHORTEST:
        return
    share = found / (usual * wanted)
    measured = slack < _ESTIMATED_SLACK
    margin = 1.0 if measured else _ESTIMATED_MARGIN
    shortest = 1 - min(0.85, margin * _LOST + slack / wanted)
    if wanted >= _ABSTRACT:
        shortest = _SHORT_ABSTRACT if measured else _SHORT_ABSTRACT / _ESTIMATED_BIAS
    by_word = _lengths()["titles"].get(language.tag) if kind == "title" else None
    if by_word:
        words = _weight(source, translation)
        share = found / (by_word[0] * words)
        shortest = by_word[1] * min(1.0, words / _FEW_WORDS)
    marks_ends = language.tag not in _WITHOUT_FULL_STOP
    if not aligned and marks_ends and _lacks_a_sentence(source, translation, language, share):
        yield Issue("truncated", "A sentence of the text is left out.")
    elif share < shortest or (
        measured and share < _SHORT_WITHOUT_NAMES and _lacks_a_name(source, translation)
    ):
        name: Literal["truncated", "length"] = "truncated" if share < 0.5 else "length"
        yield Issue(name, "The translation is far shorter than the text; something is left out.")
    elif share > 1 + margin * (0.45 + 4 / sqrt(wanted)) or (
        kind == "prose" and marks_ends and _has_one_more(source, translation, language)
    ):
        yield Issue("length", "The translation is far longer than the text; something was added.")


def _lacks_a_name(source: Prose, translation: Prose) -> bool:
    """Whether an acronym of the source is not in the translation; some are rightly translated."""
    kept = {word.lower() for alphabet, word in translation.runs if alphabet == "Latn"}
    return any(
        len(word) > 2 and word.isascii() and is_name(word) and word.lower() not in kept
        for word in source.words
    )


def _comparable(source: Prose, translation: Prose, language: Language) -> tuple[int, int]:
    """Letters on both sides without the names that the translation keeps."""
    own = letters_of(language.scripts)
    known = set(source.words)
    if "Latn" in own:
        kept = sum(len(word) for word in translation.words if word in known and is_name(word))
        return source.size - kept, translation.size - kept
    latin = [word for alphabet, word in translation.runs if alphabet == "Latn"]
    kept = sum(len(word) for word in latin if word in known)
    foreign = translation.letters["Latn"] - kept
    usual, _ = _usual(language.tag)
    own_letters = translation.size - translation.letters["Latn"]
    return source.size - kept, own_letters + round(foreign * usual)


def _weight(source: Prose, translation: Prose) -> float:
    """How many words of a title were to be translated; small ones count less."""
    kept = {word for alphabet, word in translation.runs if alphabet == "Latn"}
    small = function_words()["en"]
    words = (word for word in source.words if len(word) > 1 and word not in kept)
    return sum(_FUNCTION_WORD if word.lower() in small else 1.0 for word in words) or 1.0


def _lacks_a_sentence(source: Prose, translation: Prose, language: Language, share: float) -> bool:
    """Whether some of the source's sentences are more likely left out than joined to others."""
    theirs, ours = _sentences(source), _sentences(translation)
    if len(theirs) < 2 or share > _ALL_IN_IT or (len(ours) >= len(theirs) and share > _FULL):
        return False
    return sentence_alignment.is_one_left_out([_measured(theirs, ours, language)])


def _has_one_more(source: Prose, translation: Prose, language: Language) -> bool:
    """Whether a sentence of the translation more likely stands for nothing than for a part of one."""
    theirs, ours = _sentences(source), _sentences(translation)
    if len(ours) <= len(theirs):
        return False
    least = float(_lengths()["added"].get(language.tag.split("-")[0], 0.0))
    return sentence_alignment.is_one_added(*_measured(theirs, ours, language), least=least)


def _measured(
    theirs: Sequence[str], ours: Sequence[str], language: Language
) -> tuple[list[Sentence], list[Sentence]]:
    usual, _ = _usual(language.tag)
    measured, tag = sentence_alignment.measured, language.tag
    return (
        [measured(text, count_letters(text), language="en", other=tag) for text in theirs],
        [measured(text, _weighed(text, language, usual), language=tag) for text in ours],
    )


def _sentences(text: Prose) -> list[str]:
    return [Prose(sentence).text for sentence in sentences.split(text.protected)]


def _weighed(sentence: str, language: Language, scale: float) -> int:
    """A sentence's size as if it were English; names in Latin letters count as they are."""
    size = count_letters(sentence)
    if language.tag == "ja":
        return round(sum(w * len(k.findall(sentence)) for k, w in _JAPANESE)) + count_latin(
            sentence
        )
    latin = 0 if "Latn" in language.scripts else count_latin(sentence)
    return latin + round((size - latin) / scale)


def _usual(tag: str) -> tuple[float, float]:
    """The usual ratio of lengths, and the letters that short texts may lack."""
    measured = _lengths()["measured"].get(tag)
    if measured is not None:
        return float(measured[0]), float(measured[1])
    return float(_lengths()["estimated"].get(tag.split("-")[0], 1.0)), _ESTIMATED_SLACK


@cache
def _lengths() -> dict[str, Any]:
    text = Path(__file__).with_name("lengths.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
