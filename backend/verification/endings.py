"""Does a phrase without a full stop, a title say, end where a phrase can end?"""

from __future__ import annotations

import re
from typing import Final

from ..languages import Language
from ..texts.prose import Prose, letters_of

_DANGLING: Final = ",，、(（[「『-–—"
# What a phrase does not end with; endings that are words of their own (目的, もの) excepted.
_NEVER_LAST: Final = {
    "zh": re.compile("(?<![目标標])的$|(?:以及|或者|并且|並且|把|将|將)$"),
    "ja": re.compile("(?<!も)の$|(?:および|または)$"),
    "ko": re.compile("(?:를|및|또는)$"),
    "es": re.compile(" (?:de|del|la|el|los|las|y|en|un|una|con|por)$"),
    "fr": re.compile(" (?:de|du|des|la|le|les|et|un|une|avec|à)$"),
    "de": re.compile(" (?:der|die|das|und|von|des|eine|für|im)$"),
}
_OF_A_NOUN: Final = ("的", "の")  # or behind a clause: 所需要的, 是有害的
_CLAUSES: Final = re.compile(r"[:;.?!,—–]")
_NOUN_TO_COME: Final = re.compile(  # 关于…的 and …の follow what governs a noun in English
    r"\b(?:an?|the|of|for|in|on|with|from|by|to|at|over|under|between|through|via|into|across"
    r"|within|without|during|against|beyond|towards?|among)\b"
)
_CLAUSE: Final = re.compile(
    r"\b(?:what|how|why|when|where|who|whom|which|whether|all|everything)\b"
)
_IS_SO: Final = re.compile(
    r"\b(?:is|are|was|were|be|been|being|considered)(?! an? | the )(?!.*\bof\b)"
)
_SAYS_SO: Final = re.compile("[是为為][^，。：；]*的$")
_SEVERAL: Final = re.compile("的[、，,和与與及或].*的$")
# Small words that stand for what they would else precede: en un, 누구를.
_STANDS_ALONE: Final = (
    (re.compile(r"\b(?:one|1)\W*$"), re.compile("(?:un|una|une|uno|eine)$")),
    (
        re.compile(r"\b(?:it|this|that|them|these|those|whom|us|you|each other)\W*$"),
        re.compile("(?:le|la|les|el|los|las|das|die|를)$"),
    ),
)

_ASCII_LETTERS: Final = re.compile("[A-Za-z]$")
_SHORTEST_STEM: Final = 4
_ENDINGS: Final = re.compile(
    "e?s|e?d|ings?|[eo]rs?|al(?:ly)?|ics?|ity|ive|ions?|iz(?:ations?|ed|ing)|able|ful|less|ly|ments?"
    "|ness|y"
)


def stops_early(source: Prose, translation: Prose, language: Language) -> bool:
    """Whether a phrase that need not end with a full stop is cut off."""
    last = translation.text.rstrip()
    if last[-1:] in _DANGLING and source.text.rstrip()[-1:] not in _DANGLING:
        return True
    never = _NEVER_LAST.get(language.tag.split("-")[0])
    if never is None or not never.search(last[-12:].lower()):
        return False
    if last.endswith(_OF_A_NOUN):
        return not _needs_no_noun(source.lower, last)
    return not any(
        theirs.search(source.lower) and ours.search(last.lower()) for theirs, ours in _STANDS_ALONE
    )


def _needs_no_noun(source: str, translation: str) -> bool:
    """Whether 的 or の ends a clause: in the source nothing governs a noun, or a clause stands there."""
    clauses = [clause for clause in _CLAUSES.split(source) if clause.strip()]
    clause = clauses[-1] if clauses else ""
    return bool(
        not _NOUN_TO_COME.search(clause)
        or _CLAUSE.search(clause)
        or (_IS_SO.search(clause) and _SAYS_SO.search(translation))
        or _SEVERAL.search(translation)
    )


def is_half_a_name(source: Prose, translation: Prose, language: Language) -> bool:
    """Whether a text in another script ends in Latin letters that begin a word of the source.

    The word without its ending is no half of it: Mesh, from Meshes.
    """
    if "Latn" in letters_of(language.scripts) or not _ASCII_LETTERS.search(translation.text):
        return False
    last = translation.runs[-1][1]
    names = set(source.words)
    if len(last) < 2 or {last, last.lower(), last + "s", last.lower() + "s"} & names:
        return False
    rests = [name[len(last) :] for name in names if name.startswith(last)]
    whole = len(last) >= _SHORTEST_STEM and any(map(_ENDINGS.fullmatch, rests))
    return bool(rests) and not whole
