"""What gives English away, and what may stay as it is in any language: names."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from ..texts.prose import Prose

# Words of titles and headings that no other language of ours in Latin letters writes the same way.
_OF_TITLES: Final = frozenset(
    """
    learning training towards toward work works related deep networks network large language
    languages understanding reasoning knowledge study survey review approach approaches method
    methods results experiments experiment efficient robust fast faster better improving improved
    learned learn learns via beyond how why what when does can need needed new novel high low long
    short self few shot zero free open world real time view views scene scenes speech text words word
    question answering answer questions retrieval augmented generated generating generate attention
    weights weight layers layer reward rewards policy agents framework benchmarking evaluating
    data driven dataset datasets graphs trees forests fields field waves wave light dark matter
    energy mass galaxies stars star black holes quantum groups rings bounds bound inequalities
    equations equation solutions solution theory proof proofs without under over through against
    human humans feedback alignment aligned safety harmful harmless helpful chain thought thoughts
    step steps think thinking all you image images pictures picture video videos motion driving
    robots robot hand hands body shape shapes point points cloud clouds search engines engine
    """.split()  # noqa: SIM905 - a list of sixty words is read more easily this way
)
# Headings of one word, which are no names.
_OF_HEADINGS: Final = frozenset(
    """
    abstract acknowledgements acknowledgments algorithm analysis appendix approach background
    conclusion conclusions contents contributions corollary data dataset datasets definition
    discussion evaluation example examples experiments figure implementation introduction keywords
    lemma limitations method methodology methods model models motivation notation overview
    preliminaries proof proposition references related remark remarks results section setup summary
    table theorem
    """.split()  # noqa: SIM905
)
_NAME: Final = re.compile("[0-9]|[A-ZÀ-Þ].*[A-ZÀ-Þ]")  # a digit, or two capitals
_PERSON: Final = re.compile(
    "[A-ZÀ-Þ][^\\W\\d_.'’-]*(?:[ .'’-]{1,2}[A-ZÀ-Þ][^\\W\\d_.'’-]*){1,3}[.]?"
)
_PIECE: Final = re.compile(r"[^\W_]+(?:[-‐‑][^\W_]+)*")


@cache
def function_words() -> dict[str, frozenset[str]]:
    """The small words of each language in `function_words.toml`."""
    text = Path(__file__).with_name("function_words.toml").read_text(encoding="utf-8")
    return {
        language: frozenset(re.findall(r"[^\W\d_]+", listed))
        for language, listed in tomllib.loads(text).items()
    }


@cache
def english_only(language: str) -> frozenset[str]:
    """English function words that the language does not have."""
    own = function_words().get(language.split("-")[0], frozenset())
    return function_words()["en"] - own if language != "en" else frozenset()


@cache
def own_only(language: str) -> frozenset[str]:
    """The language's function words that English does not have."""
    return function_words().get(language.split("-")[0], frozenset()) - function_words()["en"]


def is_name(piece: str) -> bool:
    """Whether a word is certainly a name or a symbol: BERT, LLaMA, H100, k."""
    if len(piece) == 1:
        return True
    return bool(_NAME.search(piece))


def may_stay(source: Prose, *, latin: bool) -> bool:
    """Whether a faithful translation may equal its source.

    It may when nothing in it is a word: a name (BERT), numbers, formulas. Between languages in Latin
    letters short headings are often the same ("Introduction", "Figure 3").

    Args:
        latin: the target language is written in Latin letters.
    """
    pieces = _PIECE.findall(source.text)
    words = [piece for piece in pieces if not any(map(is_name, re.split("[-‐‑]", piece)))]
    if source.text.isupper() and sum(len(piece) > 3 for piece in pieces) > 1:
        words = pieces  # a heading in capitals
    lower = {part for word in words for part in re.split("[-‐‑]", word.lower())}
    if len(words) <= 1 and (len(pieces) == 1 or not words):
        return not lower & function_words()["en"] and (latin or not lower & _OF_HEADINGS)
    if _are_people(source.text):
        return True
    if not latin or len(words) > 3:
        return False
    return not lower & (function_words()["en"] | _OF_TITLES)


def _are_people(text: str) -> bool:
    """Ada Lovelace, Alan M. Turing and Grace Hopper: names in a list, or one with an initial."""
    if "," not in text and not re.search(r"\b[A-Z]\. ", text):
        return False
    people = re.split(r"\s*(?:,|;|\band\b)\s*", text.strip().removesuffix("et al.").strip(" ,"))
    return all(_PERSON.fullmatch(name) for name in people if name)
