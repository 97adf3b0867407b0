"""Which sentences of a translation belong to which of its source, where no sentence marks told it.

After Gale and Church (1993), by length; beside it counts what both texts hold as it is (numbers, formulas,
names, question marks), and whether a sentence that stands for two shows where it joins them: by a comma, a
semicolon, a dash, or a word as "and". Joined sentences are a translation; one that was left out is none.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Final

from ..texts import numbers

# What a bead with so many sentences on either side costs before its lengths are compared.
_BEADS: Final = {
    (1, 1): 0.0,
    (2, 1): 1.75,
    (1, 2): 1.5,
    (2, 2): 3.0,
    (3, 1): 3.0,
    (1, 3): 3.0,
    (0, 1): 8.0,
}
_LEFT_OUT: Final = 3.0
_NO_JOINT: Final = 3.25  # for each sentence that is joined to another by nothing
_PARTED: Final = 2.0  # for each that is cut in two where nothing joins its parts
_JOINING_WORD: Final = 0.7  # of a joint
_SAVED: Final = 0.6  # of the letters that a joined sentence need not say again
_NOT_KEPT: Final = 2.5  # for each number, formula or name that is not in the same bead
_PRONOUNS: Final = frozenset(
    "it they he she this these those both which is are was were".split()  # noqa: SIM905 - a list of words
)
_MAX_MISMATCH: Final = 9.0
_VARIANCE: Final = (0.008, 1.1)  # of the logarithm of a ratio: of long sentences, and of one letter
_SHORTEST: Final = 8  # letters
_SCALES: Final = (0.85, 0.92, 1.0, 1.08, 1.17)  # how wordy this translation may be
_SCALE_DEVIATION: Final = 0.07
_MAX_SENTENCES: Final = 40
_BAND: Final = 5  # sentences that a translation may be ahead or behind

_FORMULA: Final = "\ufffc"  # as `numbers.plain` leaves it
_BRACKETED: Final = re.compile("[(（][^()（）]{0,200}[)）]")
_JOINT: Final = re.compile(r"[,;:،؛、，；：](?![0-9])|\s[-–]\s|—+")
_SEMICOLON: Final = re.compile(r"[;؛；]|—+")
_GROUPING: Final = re.compile("(?<=[0-9])[.,\\s\xa0\u202f](?=[0-9])")
_KEPT: Final = re.compile(f"[0-9]+|{_FORMULA}|[?？؟]|[A-Za-z]{{2,}}")
_QUESTION: Final = "?"
_ANY_QUESTION: Final = str.maketrans("？؟", "??")
_WORD: Final = re.compile(r"[^\W\d_]+")
# Questions need no mark there: 誰か。
_QUESTION_ENDINGS: Final = {
    "ja": re.compile("(?<=か)[。：:；]?(?:—+|$)|(?<=か)[。：:；]"),
    "ko": re.compile("(?<=까)[.:;]|(?<=[는인은한던]가)[.:;]"),
}
_WORDLESS: Final = re.compile(r"^\W+")
_IN_WORD: Final = r"[\w\u0900-\u0963\u0966-\u0dff\u064b-\u065f]"  # with vowel signs: किए has no कि


@dataclass(frozen=True)
class Sentence:
    """What of a sentence the alignment looks at."""

    size: int
    kept: Counter[str]
    joints: float
    semicolons: int
    words: Counter[str]


Group = tuple[Sequence[Sentence], Sequence[Sentence]]
"""Sentences of a source and of its translation that stand for each other."""


def measured(text: str, size: int, *, language: str, other: str = "en") -> Sentence:
    """A sentence as the alignment sees it.

    Args:
        text: prose, each formula in it one opaque character, or in protected form.
        size: its letters, as many as if it were English.
        language: BCP 47 tag of the language it is written in.
        other: that of the language it is compared with.
    """
    plain = numbers.plain(text)
    if language in _QUESTION_ENDINGS:
        plain = _QUESTION_ENDINGS[language].sub(_QUESTION, plain.rstrip())
    outside = _begun(_BRACKETED.sub("", plain), language)
    kept = Counter(_KEPT.findall(_GROUPING.sub("", plain.translate(_ANY_QUESTION))))
    joints = len(_JOINT.findall(outside)) + _JOINING_WORD * _joining_words(outside, language)
    joints *= float(_data()["joints"].get(other.split("-")[0], 1.0))
    semicolons = len(_SEMICOLON.findall(outside))
    return Sentence(size, kept, joints, semicolons, Counter(_WORD.findall(plain.lower())))


def is_one_left_out(groups: Sequence[Group]) -> bool:
    """Whether sentences of the source are more likely missing than joined to others.

    Nothing is said of a text with very many sentences.

    Args:
        groups: sentences of the source, and those of the translation that stand for them and no others.
    """
    return _lead(groups, _NO_JOINT) > 0


def is_one_added(
    source: Sequence[Sentence], translation: Sequence[Sentence], *, least: float = 0.0
) -> bool:
    """Whether sentences of the translation more likely have nothing in the source than stand for a part of it.

    Args:
        least: by how much, as the negative logarithm of a likelihood.
    """
    return len(translation) > len(source) and _lead([(translation, source)], _PARTED) > least


def _lead(groups: Sequence[Group], no_joint: float) -> float:
    """How much likelier it is that one of the many has no counterpart than that each has one."""
    if any(
        not many or not few or max(len(many), len(few)) > _MAX_SENTENCES for many, few in groups
    ):
        return -math.inf
    tables = [_Table(many, few, no_joint) for many, few in groups]
    whole = left_out = math.inf
    for scale in _SCALES:
        costs = [table.costs(scale) for table in tables]
        total = 0.5 * (math.log(scale) / _SCALE_DEVIATION) ** 2 + sum(cost for cost, _ in costs)
        whole = min(whole, total)
        left_out = min(left_out, total + min(less - cost for cost, less in costs))
    return whole - left_out if left_out < math.inf else -math.inf


class _Table:
    """The beads that a source and a translation can be cut into, and what each costs."""

    def __init__(
        self, source: Sequence[Sentence], translation: Sequence[Sentence], no_joint: float
    ) -> None:
        self._no_joint = no_joint
        self._many, self._few = len(source), len(translation)
        wanted, found = _total(source), _total(translation)
        shared = wanted & found
        self._theirs = [each.kept & shared for each in source]
        # A question that is one no longer was left out; a number is asked for elsewhere.
        asked = shared | Counter({_QUESTION: wanted[_QUESTION]})
        self._wanted = [each.kept & asked for each in source]
        self._ours = [each.kept & shared for each in translation]
        self._sizes = (
            [0, *accumulate(each.size for each in source)],
            [0, *accumulate(each.size for each in translation)],
        )
        self._joints = (
            [0.0, *accumulate(each.joints for each in source)],
            [0.0, *accumulate(each.joints for each in translation)],
        )
        self._semicolons = [[each.semicolons for each in text] for text in (source, translation)]
        self._repeated = [0, *(_saved(one, other) for one, other in pairwise(source))]
        self._beads = {
            (i, j): [*self._ending(i, j)]
            for i in range(self._many + 1)
            for j in range(self._few + 1)
            if abs(j * self._many - i * self._few) <= _BAND * self._many
        }

    def costs(self, scale: float) -> tuple[float, float]:
        """The least that the whole costs: with nothing left out, and with one sentence or more."""
        best = {(0, 0): (0.0, math.inf)}
        for (i, j), beads in self._beads.items():
            whole, left_out = best.get((i, j), (math.inf, math.inf))
            for di, dj, wanted, found, price, saved in beads:
                before = best.get((i - di, j - dj))
                if before is None:
                    continue
                if not dj:
                    left_out = min(left_out, min(before) + price)
                    continue
                cost = price + (_mismatch(wanted * scale, found, saved * scale) if di else 0.0)
                whole = min(whole, before[0] + cost)
                left_out = min(left_out, before[1] + cost)
            best[i, j] = (whole, left_out)
        return best[self._many, self._few]

    def _ending(self, i: int, j: int) -> Iterator[tuple[int, int, int, int, float, int]]:
        """The beads that end behind so many sentences: sentences and letters on both sides, price.

        Behind the price the letters that joining may save: words said in the sentence before.
        """
        if i:
            yield 1, 0, 0, 0, _LEFT_OUT + _NOT_KEPT * self._theirs[i - 1].total(), 0
        (theirs, ours), (joints, our_joints) = self._sizes, self._joints
        for (di, dj), price in _BEADS.items():
            if di > i or dj > j:
                continue
            missing = sum(self._wanted[i - di : i], Counter()) - sum(
                self._ours[j - dj : j], Counter()
            )
            price += _NOT_KEPT * missing.total()
            if dj and di > dj:
                added = our_joints[j] - our_joints[j - dj] - (joints[i] - joints[i - di])
                # A semicolon joins, whatever became of the commas.
                strong = sum(self._semicolons[1][j - dj : j]) - sum(self._semicolons[0][i - di : i])
                price += self._no_joint * max(0.0, di - dj - max(0.0, added, strong))
            repeated = sum(self._repeated[i - di + 1 : i])
            yield di, dj, theirs[i] - theirs[i - di], ours[j] - ours[j - dj], price, repeated


def _total(sentences: Sequence[Sentence]) -> Counter[str]:
    return sum((each.kept for each in sentences), Counter())


def _saved(before: Sentence, sentence: Sentence) -> int:
    """The letters that a sentence joined to the one before need not say again: its words, a pronoun."""
    again = {word for word in sentence.words if word in before.words}
    again |= {word for word in list(sentence.words)[:2] if word in _PRONOUNS}
    return round(_SAVED * sum(map(len, again)))


def _mismatch(wanted: float, found: int, saved: float = 0.0) -> float:
    wanted = max(wanted - saved, min(wanted, found))
    constant, of_one_letter = _VARIANCE
    variance = constant + of_one_letter / max(wanted, _SHORTEST)
    return min(_MAX_MISMATCH, math.log(max(found, 1) / max(wanted, 1.0)) ** 2 / (2 * variance))


def _begun(text: str, language: str) -> str:
    """A sentence without "However," and the like: what stands there is no joint."""
    pattern = _beginnings().get(language.split("-")[0])
    return pattern.sub("", text) if pattern else text


def _joining_words(text: str, language: str) -> int:
    pattern = _patterns().get(language.split("-")[0])
    lower = _WORDLESS.sub("", text.lower())
    # At the beginning it joins nothing: "But it lets …".
    return sum(match.start() > 0 for match in pattern.finditer(lower)) if pattern else 0


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """For each language the words that join sentences; -x is an ending, x- a beginning."""
    return {
        tag: re.compile("|".join(map(_pattern, words.split())))
        for tag, words in _data()["joining"].items()
    }


@cache
def _beginnings() -> dict[str, re.Pattern[str]]:
    patterns = {tag: rf"^\W*(?:{words})\s*[,，、،]" for tag, words in _data()["beginning"].items()}
    patterns["en"] += rf"|,\s(?:{_data()['beginning']['en']}),"
    return {tag: re.compile(pattern, re.IGNORECASE) for tag, pattern in patterns.items()}


@cache
def _data() -> dict[str, dict[str, str]]:
    text = Path(__file__).with_name("joining_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _pattern(word: str) -> str:
    if word.startswith("-"):
        return rf"(?<=\w\w){word[1:]}\b"
    if word.endswith("-"):
        return rf"(?<=\s){word[:-1]}(?=\w\w)"
    return rf"(?<!{_IN_WORD}){word}(?!{_IN_WORD})"
