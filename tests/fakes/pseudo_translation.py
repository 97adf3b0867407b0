"""Invented translations that keep what a faithful one must keep.

A model that translates is far too large for a test. This stands in for one: every word becomes a
word in the target language's script, chosen by its hash, so that the same sentence always gives the
same answer; every placeholder, number and Latin name stays. It is not language, but a check of
placeholders, numbers, script and length cannot tell it from a translation.

Each language's letters, endings, function words and number words are in `pseudo_languages.json`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from zlib import crc32

_DATA = json.loads(Path(__file__).with_name("pseudo_languages.json").read_text(encoding="utf-8"))
_NUMERALS: dict[str, int] = _DATA["numerals"]


@dataclass(frozen=True, kw_only=True)
class Script:
    """How a language is written: its syllables, word endings and the words that mark it."""

    letters: list[str]
    endings: list[str] = field(default_factory=list)
    unspaced: bool = False
    marks: dict[str, str] = field(default_factory=dict)
    magnitudes: list[tuple[int, str]] = field(default_factory=list)
    function_words: dict[str, str] = field(default_factory=dict)


def _split(text: str) -> list[str]:
    """Syllables stand apart by spaces, or each character is one."""
    return text.split() if " " in text else list(text)


SCRIPTS = {
    tag: Script(
        letters=_split(entry["letters"]),
        endings=_split(entry.get("endings", "")),
        unspaced=entry.get("unspaced", False),
        marks=entry.get("marks", {}),
        magnitudes=[(power, name) for power, name in entry.get("magnitudes", [])],
        function_words=dict(
            zip(
                _DATA["function_words"].split(),
                entry.get("function_words", "").split(),
                strict=False,
            )
        ),
    )
    for tag, entry in _DATA["languages"].items()
}

_TOKEN = re.compile(
    rf"""(?P<placeholder><[xsp]\d+/>|</?g\d+>)
    |(?P<entity>&(?:lt|gt|amp);)
    |(?P<amount>(?:\d+(?:[.,]\d+)*|\b(?:{"|".join(_NUMERALS)}))[ -]
        (?:hundred|thousand|million|billion|trillion)\b)
    |(?P<share>\d+(?:[.,]\d+)*[ -](?:percent|per\scent|percentage[ -]points?)\b)
    |(?P<number>(?:[^\W_]+[-@])*[^\W_]*\d[^\W_]*(?:[.,:/^-]?[^\W_]*\d[^\W_]*)*(?:-[^\W\d_]+)*\s?%?)
    |(?P<shortened>\b(?:e\.g|i\.e|cf|Secs?|Figs?|Eqs?|Tab|vs|resp|approx)\.)
    |(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
    |(?P<space>\s+)
    |(?P<mark>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)")
_GIVEN = 90_000
"""The first number of a placeholder that stands for a term while the words around it are translated."""
_POWERS = {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12}


def language_of(instructions: str, *, default: str = "zh-Hans") -> str:
    """The first BCP 47 tag in parentheses that we can write in, as in "Japanese (ja)"."""
    for match in _TAG.finditer(instructions):
        if match[1] in SCRIPTS:
            return match[1]
    return default


def translate(text: str, tag: str, given: Mapping[str, str] = MappingProxyType({})) -> str:
    """A segment in protected form as a faithful translation would leave it.

    Args:
        given: terms that are to be called so, by their source; in the plural, too.

    Raises:
        KeyError: no letters are known for the language.
    """
    for source, target in given.items():
        mark = f"<x{_GIVEN + len(given)}/>"  # others stand for fewer
        whole = rf"(?<![\w<]){re.escape(source)}s?(?!\w)"
        if re.search(whole, text, re.IGNORECASE):
            marked = re.sub(whole, mark, text, flags=re.IGNORECASE)
            others = {s: t for s, t in given.items() if s != source}
            return translate(marked, tag, others).replace(mark, target)
    script = SCRIPTS[tag]
    pieces: list[str] = []
    last = max((match.start() for match in re.finditer(r"[^\W\d_]{2,}", text)), default=0)
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if kind == "word":
            pieces.append(_word(token, script, last=match.start() == last))
        elif kind == "shortened":  # a full stop of our own would end a sentence
            pieces.append(_word(re.sub(r"\W", "", token), script, last=False))
        elif kind == "amount":
            pieces.append(_amount(token.lower(), script))
        elif kind == "share":
            pieces.append(re.split("[ -]", token)[0] + "%")
        elif kind == "space":
            pieces.append(" ")
        elif kind == "mark":
            pieces.append(script.marks.get(token, token))
        else:
            pieces.append(token)
    written = re.sub(" +", " ", "".join(pieces))
    return _joined(written) if script.unspaced else written


def terms_given(instructions: str) -> dict[str, str]:
    """What the instructions want called how."""
    found = re.search(r"Use these terms: (.*)", instructions)
    pairs = (pair.split(" = ") for pair in found[1].split("; ")) if found else ()
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def terms(text: str, tag: str, *, most: int = 10) -> str:
    """The long words that a text has most often, a line each with an invented translation."""
    words = Counter(re.findall(r"(?<![\w<-])[a-z]{8,}(?![\w-])", text))
    return "\n".join(f"{word} = {translate(word, tag)}" for word, _ in words.most_common(most))


def _joined(text: str) -> str:
    """Text of a script without spaces: they stay only between Latin words and numbers."""
    text = re.sub(r" +(?=[^\x00-\x7f])|(?<=[^\x00-\x7f]) +", "", text)
    return re.sub(r"(?<=[^\x00-\x7f])-(?=[^\x00-\x7f])", "", text)


def _is_name(word: str) -> bool:
    """BERT, LLaMA, GPUs, and units and symbols such as K: such words stay as they are."""
    capitals = sum(letter.isupper() for letter in word)
    return capitals >= 2 or (capitals == len(word) == 1 and word not in "AI")


def _word(word: str, script: Script, *, last: bool) -> str:
    if _is_name(word):
        return word
    lower = word.lower()
    if _NUMERALS.get(lower, 1) > 1:
        return str(_NUMERALS[lower])
    invented = script.function_words.get(lower) or _invented(lower, script, last=last)
    return invented[:1].upper() + invented[1:] if word[0].isupper() else invented


def _invented(word: str, script: Script, *, last: bool) -> str:
    hashed = crc32(word.encode())
    shortest = 1 if len(word) < 4 else 2 if len(word) < 12 else 3
    count = shortest if script.unspaced else max(1, min(4, round(len(word) / 2.5)))
    syllables = []
    for _ in range(count):
        hashed, index = divmod(hashed, len(script.letters))
        syllables.append(script.letters[index])
    if script.endings and len(word) > 3 and not last:
        syllables.append(script.endings[hashed % len(script.endings)])
    return "".join(syllables)


def _amount(amount: str, script: Script) -> str:
    """13 billion as the language says it (130亿, 13 Milliarden), else in digits."""
    number, magnitude = re.split("[ -]", amount)
    digits = str(_NUMERALS.get(number, number))
    for power, name in script.magnitudes:
        shift = _POWERS[magnitude] - power
        if shift >= 0:
            return _shifted(digits, shift) + name
    return _shifted(digits, _POWERS[magnitude])


def _shifted(digits: str, places: int) -> str:
    """A decimal number times 10^places, in digits: ("1.4", 1) -> "14"."""
    whole, _, fraction = digits.replace(",", "").partition(".")
    moved = fraction[:places].ljust(places, "0")
    rest = fraction[places:]
    return (whole + moved).lstrip("0") + (f".{rest}" if rest else "")
