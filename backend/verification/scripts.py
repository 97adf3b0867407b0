"""Is the translation in the target language and its script, all of it?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from ..languages import ALL, Language
from ..texts.prose import LETTERS_A_WORD, USUAL_LETTERS_A_WORD, Prose, letters_of
from .english import english_only, function_words, own_only
from .issues import Issue

_FOREIGN_SHARE: Final = 0.15
_FEW_LETTERS: Final = 20  # of Latin, among another script: names, no passage

# Languages whose small words are too much alike to tell a text by them.
_ALIKE: Final = (
    *({"da", "nb", "sv"}, {"id", "ms"}, {"cs", "sk"}, {"hr", "sl"}, {"es", "ca"}),
    *({"ru", "bg", "sr", "uk"}, {"lt", "lv"}, {"fi", "et"}),
)
# Languages in which no eight words in a row lack an article, preposition or conjunction.
_WITH_ARTICLES: Final = frozenset({"es", "fr", "de", "pt", "it", "nl", "en"})
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+")
_PLAIN: Final = re.compile(r"[^\W\d_]+")
_BRACKETED: Final = re.compile(r"[(（［\[][^()（）［］\[\]]*[)）］\]]")
# Scripts of which a single word is no slip of the pen.
_ALPHABETS: Final = frozenset(
    {
        *("Hani", "Hira", "Kana", "Hang", "Cyrl", "Arab", "Hebr", "Deva", "Beng", "Thai"),
        "Taml",
        "Telu",
    }
)
_QUOTED: Final = re.compile("[\"“‘'`«]([^\"“”‘’'`«»]{3,400})[\"”’'`»]")

# Simplified characters that Japanese writes too.
_ALSO_JAPANESE: Final = frozenset(
    "学来国会点当区号双与万声宝属条湿独画礼数体参壮昼断尽励旧后于松麦黄称状残浅湾个冲欧楼径恋叙虚宁价随据装机没"
)

# Simplified characters that are traditional ones of their own right: the queen, pines, a surname.
_ALSO_TRADITIONAL: Final = frozenset("后松范于冲宁")
_TRADITIONAL_WORDS: Final = re.compile("胜[肽鍵]|拮据|[白蒼苍]术")


def check(source: Prose, translation: Prose, language: Language) -> list[Issue]:
    """Whether the words are in the target language and script; at most one issue."""
    found = next(_faults(source, translation, language), "")
    return [Issue("script", found)] if found else []


def _faults(source: Prose, translation: Prose, language: Language) -> Iterator[str]:
    own = letters_of(language.scripts)
    if "Latn" in own:
        yield from _foreign_letters(source, translation, own | {"Grek"}, language)
        yield from _in_english(source, translation, language)
        yield from _in_another(translation, language)
        return
    yield from _foreign_letters(source, translation, own | {"Latn", "Grek"}, language)
    yield from _mostly_latin(source, translation, own, language)
    yield from _english_passage(source, translation, own, language)
    if "Hani" in own:
        yield from _chinese_or_japanese(translation, language)
    else:
        yield from _in_another(translation, language)


def _foreign_letters(
    source: Prose, translation: Prose, allowed: frozenset[str], language: Language
) -> Iterator[str]:
    """Letters that neither the language nor the source has a use for."""
    foreign = sum(
        max(0, count - source.letters[name])
        for name, count in translation.letters.items()
        if name not in allowed
    )
    if foreign >= 2 and foreign > _FOREIGN_SHARE * translation.size:
        yield f"The text is not in {language.name} but in another script."
        return
    for alphabet, word in translation.runs:
        strange = (
            alphabet in _ALPHABETS and alphabet not in allowed and not source.letters[alphabet]
        )
        if strange and len(word) > 1 and word not in _glosses(translation.text):
            yield f"A word is not in {language.name} but in another script."
            return


def _glosses(text: str) -> str:
    """What stands in brackets, where a word in its original script may be given."""
    return " ".join(_BRACKETED.findall(text))


def _mostly_latin(
    source: Prose, translation: Prose, own: frozenset[str], language: Language
) -> Iterator[str]:
    """Latin words beyond names: at least half of the words are to be in the target's script."""
    written = sum(
        translation.letters[name] / LETTERS_A_WORD.get(name, USUAL_LETTERS_A_WORD) for name in own
    )
    quoted = _quoted_words(source)
    latin = [
        word
        for alphabet, word in translation.runs
        if alphabet == "Latn" and word.lower() not in quoted
    ]
    plain = sum(1 for word in latin if len(word) > 1 and word.islower())
    if not written and (source.size or latin):
        yield f"The text is not in {language.name}."
    elif plain > max(2.0, written) or len(latin) > 4 * written + 3:
        yield f"Most of the text is not in {language.name}."


def _english_passage(
    source: Prose, translation: Prose, own: frozenset[str], language: Language
) -> Iterator[str]:
    """A passage that was left in English; what the source has in quotation marks may stay."""
    if translation.letters["Latn"] < _FEW_LETTERS:
        return
    run: list[str] = []
    for alphabet, word in (*translation.runs, (min(own), "")):
        if alphabet == "Latn":
            run.append(word)
        elif alphabet in own:
            if len(run) > 2 and _is_english(run) and not _is_quoted(run, source):
                yield f"A passage is still in English; translate it into {language.name}."
                return
            run = []


def _is_english(run: Sequence[str]) -> bool:
    """Whether words in a row are an English passage and no name (Attention Is All You Need)."""
    lower = [word for word in run if word.islower()]
    small = sum(1 for word in lower if word in function_words()["en"])
    if len(lower) - small < 2:  # Journal of the Royal Society of Arts
        return False
    return small >= 3 or (small >= 2 and len(run) >= 5) or len(lower) >= 8


def _is_quoted(run: Sequence[str], source: Prose) -> bool:
    return {word.lower() for word in run} <= _quoted_words(source)


def _quoted_words(source: Prose) -> set[str]:
    """The words that the source has in quotation marks; they may be what is talked about."""
    return {
        word for match in _QUOTED.finditer(source.text) for word in _PLAIN.findall(match[1].lower())
    }


def _in_english(source: Prose, translation: Prose, language: Language) -> Iterator[str]:
    """English where another language in Latin letters should be: the whole, or a sentence of it."""
    if language.tag == "en":
        return
    english, own = english_only(language.tag), own_only(language.tag)
    if not own:
        return
    for number, sentence in enumerate((translation.text, *_SENTENCE_END.split(translation.text))):
        words = _PLAIN.findall(sentence)
        lower = [word.lower() for word in words]
        foreign = sum(1 for word in lower if word in english)
        if foreign >= 3 and foreign > sum(1 for word in lower if word in own):
            if _is_quoted(words, source):
                continue
            whole = number == 0
            what = "The text is" if whole else "A passage is still"
            yield f"{what} in English; translate it into {language.name}."
            return
    yield from _english_clause(source, translation, english, own, language)


def _english_clause(
    source: Prose,
    translation: Prose,
    english: frozenset[str],
    own: frozenset[str],
    language: Language,
) -> Iterator[str]:
    """Several small English words in a row without one of the language's own between."""
    run: list[str] = []
    small = 0
    for word in (*translation.words, next(iter(own))):
        if word.lower() in own:
            plain = sum(1 for other in run if other.islower()) - small
            if small >= 3 and plain >= 2 and len(run) >= 6 and not _is_quoted(run, source):
                yield f"A passage is still in English; translate it into {language.name}."
                return
            run, small = [], 0
            continue
        run.append(word)
        small += word in english


def _in_another(translation: Prose, language: Language) -> Iterator[str]:
    """Another language in the same script: its small words outnumber the target's by far."""
    mine = function_words().get(language.tag.split("-")[0])
    if mine is None:
        return
    counts = Counter(translation.lower_words)
    said = counts.keys()
    with_articles = language.tag[:2] in _WITH_ARTICLES and len(translation.lower_words) >= 8
    for tag, name in _neighbours(language):
        theirs = function_words()[tag]
        foreign = sum(
            counts[word] for word in (theirs - mine) & said if len(word) > 1 or word == "y"
        )
        own = sum(counts[word] for word in (mine - theirs) & said)
        none_own = with_articles and not own and foreign >= 2
        if none_own or (foreign >= 4 and foreign > 2 * own):
            yield f"The text is in {name}; translate it into {language.name}."
            return


@cache
def _neighbours(language: Language) -> tuple[tuple[str, str], ...]:
    """The languages with small words that share the script and are not too much alike."""
    tag = language.tag.split("-")[0]
    alike = set().union(*(group for group in _ALIKE if tag in group), {tag})
    return tuple(
        (other, one.name.split(" (")[0])
        for one in ALL
        if (other := one.tag.split("-")[0]) in function_words()
        and other not in alike
        and set(one.scripts) & set(language.scripts)
    )


def _chinese_or_japanese(translation: Prose, language: Language) -> Iterator[str]:
    characters, kana = translation.letters["Hani"], translation.letters["Kana"]
    simplified, traditional = chinese_variants()
    found = [char for alphabet, run in translation.runs if alphabet == "Hani" for char in run]
    simple = sum(1 for char in found if char in simplified)
    if language.tag == "zh-Hant":
        words = len(_TRADITIONAL_WORDS.findall(translation.text))
        telling = sum(1 for char in found if char in simplified - _ALSO_TRADITIONAL) - words
        simple = simple - words if telling > 0 else 0
    old = sum(1 for char in found if char in traditional)
    if language.tag == "ja":
        chinese = sum(1 for char in found if char in simplified and char not in _ALSO_JAPANESE)
        if (characters >= 20 and kana * 10 < characters) or chinese > max(1, 0.05 * characters):
            yield "The text is in Chinese; translate it into Japanese."
    elif kana >= 3 and kana * 12 > characters:
        yield f"The text is in Japanese; translate it into {language.name}."
    elif language.tag == "zh-Hans" and old > simple / 4:
        yield "The text is in traditional Chinese; write simplified characters."
    elif language.tag == "zh-Hant" and simple > old / 4:
        yield "The text is in simplified Chinese; write traditional characters."


@cache
def chinese_variants() -> tuple[frozenset[str], frozenset[str]]:
    """Simplified characters that traditional Chinese does not have, and the other way round."""
    text = Path(__file__).with_name("chinese_variants.txt").read_text(encoding="utf-8")
    pairs = [pair for line in text.splitlines() if line[0] != "#" for pair in line.split()]
    return frozenset(pair[0] for pair in pairs), frozenset(pair[1] for pair in pairs)
