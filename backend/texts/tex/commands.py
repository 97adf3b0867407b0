r"""What a TeX command in prose takes with it: its arguments, or words that are to be translated."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .formulas import Delimiters
from .sentinels import is_balanced

# Commands around words: \textbf{…}. \bf{…} is no TeX, but is what people write.
_AROUND_WORDS = frozenset(
    {
        "bf", "em", "emph", "footnote", "hbox", "href", "it", "mbox", "rm", "sc", "sf", "sl",
        "text", "textbf", "textcolor", "textit", "textmd", "textnormal", "textrm", "textsc",
        "textsf", "textsl", "textup", "uline", "underline",
    }
)  # fmt: skip
# Commands whose arguments are no words.
_WITHOUT_WORDS = frozenset(
    {
        "Cref", "autocite", "autoref", "begin", "bibitem", "cite", "citealp", "citealt",
        "citeauthor", "citep", "citet", "citeyear", "citeyearpar", "code", "cref", "doi", "email",
        "end", "ensuremath", "eqref", "footnotemark", "hspace", "includegraphics", "input", "item",
        "label", "lstinline", "mathtt", "nameref", "newline", "nocite", "pageref", "parencite",
        "path", "ref", "tag", "textcite", "textsubscript", "textsuperscript", "texttt", "url",
        "usepackage", "verb", "vspace",
    }
)  # fmt: skip
_WITH_OPTIONS = _WITHOUT_WORDS | {"footnote", "href"}
# How many arguments come before and with the words.
_ARGUMENTS = {"href": 2, "textcolor": 2}
_MAX_ARGUMENTS = 8
_MAX_OPTION = 200

_NAME = re.compile(r"\\([A-Za-z]+)\*?")
_DECLARATION = re.compile(
    r"\{\s*\\(bfseries|itshape|slshape|scshape|ttfamily|rmfamily|sffamily|normalfont|boldmath"
    r"|bf|it|em|sl|sc|tt|rm|sf|small|large|Large)(?![A-Za-z])\s*"
)
_VERBATIM = re.compile(r"\\verb\*?([^\w\s*])[^\n]{0,200}?\1")
_WORDS = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}[,;]?\s+[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Command:
    r"""A command with its arguments.

    Args:
        name: without the backslash.
        end: where the whole ends.
        words: where the words stand that are to be translated, if there are any.
        joins: whether it may be a part of maths without delimiters (`\pi`, an unknown macro).
    """

    name: str
    end: int
    words: tuple[int, int] | None = None
    joins: bool = False


def declaration_at(text: str, start: int, *, limit: int, delimiters: Delimiters) -> Command | None:
    r"""The group at `start` if it is one like `{\bf …}`."""
    end = delimiters.group_end(start, limit=limit)
    if end is None:
        return None
    match = _DECLARATION.match(text, start, end)
    if match is None or not is_balanced(text[match.end() : end - 1]):
        return None
    return Command(match[1], end, words=(match.end(), end - 1))


def command_at(text: str, start: int, *, limit: int, delimiters: Delimiters) -> Command:
    r"""The command that begins at `start` with a backslash and a letter."""
    match = _NAME.match(text, start, limit)
    assert match is not None, "the caller has seen a letter"
    name = match[1]
    verbatim = _VERBATIM.match(text, start, limit)
    if verbatim is not None and is_balanced(verbatim.group()):
        return Command(name, verbatim.end())
    groups = _arguments(text, name, match.end(), limit=limit, delimiters=delimiters)
    if groups and _has_words(text, name, groups):
        opening, closing = groups[-1][0] + 1, groups[-1][1] - 1
        if is_balanced(text[start:opening]) and is_balanced(text[opening:closing]):
            return Command(name, groups[-1][1], words=(opening, closing))
        groups = []
    end = groups[-1][1] if groups else match.end()
    if not is_balanced(text[start:end]):
        end = match.end()
    return Command(name, end, joins=name not in _WITHOUT_WORDS)


def _arguments(
    text: str, name: str, position: int, *, limit: int, delimiters: Delimiters
) -> list[tuple[int, int]]:
    """Where the bracketed arguments that follow at once begin and end, brackets included."""
    groups: list[tuple[int, int]] = []
    braced = 0
    while position < limit and len(groups) < _MAX_ARGUMENTS:
        end: int | None = None
        if text[position] == "{":
            end = delimiters.group_end(position, limit=limit)
            braced += 1
        elif text[position] == "[" and name in _WITH_OPTIONS:
            found = text.find("]", position, min(limit, position + _MAX_OPTION))
            end = found + 1 if found >= 0 else None
        if end is None:
            break
        groups.append((position, end))
        position = end
        if name in _AROUND_WORDS and braced == _ARGUMENTS.get(name, 1):
            break
    return groups


def _has_words(text: str, name: str, groups: list[tuple[int, int]]) -> bool:
    """Whether the last argument holds words to translate."""
    opening, closing = groups[-1]
    if text[opening] != "{":
        return False
    if name in _AROUND_WORDS:
        braced = sum(text[start] == "{" for start, _ in groups)
        return braced == _ARGUMENTS.get(name, 1)
    # An unknown macro around a sentence: \method{a way to do it}.
    unknown = name not in _WITHOUT_WORDS and len(groups) == 1
    return unknown and _WORDS.search(text, opening, closing) is not None
