r"""Where a formula ends that begins with `$`, `$$`, `\(`, `\[` or `\begin{…}`.

Which delimiters belong together follows MathJax's tex2jax (version 2.7, which arXiv's pages use): the
next closing one outside braces, or else the next one at all; across lines; `\$` is no delimiter. Unlike
it, money and prose after a stray dollar are no formulas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .sentinels import is_balanced

_IN_FORMULA = re.compile(r"\\.|[{$]", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\begin\{([^{}\\$]{1,40})\}")
_TEXT_ENVIRONMENTS = frozenset(
    {
        "abstract", "center", "description", "document", "enumerate", "flushleft", "flushright",
        "itemize", "minipage", "quotation", "quote", "small", "verse",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Formula:
    """Where a formula ends, and where the TeX between its delimiters stands."""

    end: int
    inner: tuple[int, int]
    is_display: bool


class Delimiters:
    """The delimiters of one text; remembers what was not found, so that no text takes long."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._group_ends = _matching_braces(text)
        self._absent: dict[str, int] = {}
        # Steps that looks ahead may take in all before they are cut short.
        self._patience = 4 * len(text) + 1000

    def group_end(self, start: int, *, limit: int) -> int | None:
        """The end of the brace group that begins at `start`, if it is whole and ends in reach."""
        end = self._group_ends.get(start)
        return end if end is not None and end <= limit else None

    def formula_at(self, start: int, *, limit: int) -> Formula | None:
        """The formula that begins at `start`, if one does that ends before `limit`."""
        text = self._text
        if text.startswith("$$", start):
            display = self._enclosed(start, "$$", "$$", limit=limit)
            if display is not None:
                return display
        if text.startswith("$", start):
            return self._in_dollars(start, limit=limit)
        if text.startswith("\\(", start):
            return self._enclosed(start, "\\(", "\\)", limit=limit)
        if text.startswith("\\[", start):
            return self._enclosed(start, "\\[", "\\]", limit=limit)
        environment = _ENVIRONMENT.match(text, start, limit)
        if environment is None or environment[1].rstrip("*") in _TEXT_ENVIRONMENTS:
            return None
        found = self._enclosed(start, environment[0], f"\\end{{{environment[1]}}}", limit=limit)
        # What is inside cannot be read without its environment.
        return None if found is None else Formula(found.end, (start, found.end), True)

    def _enclosed(self, start: int, opening: str, closing: str, *, limit: int) -> Formula | None:
        inner = start + len(opening)
        found = self._find(closing, inner, limit=limit)
        if found is None or not is_balanced(self._text[start:found]):
            return None
        return Formula(found + len(closing), (inner, found), not opening.endswith("("))

    def _find(self, closing: str, start: int, *, limit: int) -> int | None:
        if self._absent.get(closing, len(self._text) + 1) <= start:
            return None
        found = self._text.find(closing, start)
        if found < 0:
            self._absent[closing] = start
        return found if 0 <= found <= limit - len(closing) else None

    def _in_dollars(self, start: int, *, limit: int) -> Formula | None:
        close = self._closing_dollar(start, limit=limit)
        if close is None or not is_balanced(self._text[start:close]):
            return None
        inside = self._text[start + 1 : close]
        if _is_prose(inside, self._text[close + 1 : close + 2]):
            return None
        if _CURRENCY_BEFORE.search(self._text, max(0, start - 4), start) and _PRICE.match(inside):
            return None  # US$ 5 and US$ 10
        return Formula(close + 1, (start + 1, close), False)

    def _closing_dollar(self, start: int, *, limit: int) -> int | None:
        """The dollar that closes the one at `start`: the next outside braces, else the next."""
        nearest = None
        position = start + 1
        steps = 0
        while position < limit and steps <= self._patience:
            steps += 1
            found = _IN_FORMULA.search(self._text, position, limit)
            if found is None:
                break
            position = found.end()
            if found.group() == "$":
                return found.start()
            if found.group() == "{":
                end = self.group_end(found.start(), limit=limit)
                if end is not None:
                    if nearest is None and (inner := self._text.find("$", position, end)) >= 0:
                        nearest = inner
                    position = end
        self._patience -= steps
        return nearest


# Plain words in a row say that it is prose, these characters that it is TeX nevertheless.
_WORDS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{2,}[,;]?\s+){3}")
_TEX = re.compile(r"[\\_^{}=<>]")
_AMOUNT = re.compile(r"\s?\d[\d.,]*(\s?(?:thousand|million|billion|trillion)\b)?")
# A dollar of some country, before an amount that goes on as prose: US$ 5 and, but not U$(1)$.
_CURRENCY_BEFORE = re.compile(r"(?<![A-Za-z])(?:[A-Z]{1,3}|U\.S\.)$")
_PRICE = re.compile(
    r"\s?\d[\d.,]*\s?(?:[kKMB]|[mb]n|thousand|million|billion|trillion)?[.,;:)]*[ \n/–-]"
)
_OTHER_SCRIPT = re.compile(r"[\u0400-\u1fff\u3000-\ud7ff\uf900-\ufaff]")


def _is_prose(inside: str, after: str) -> bool:
    """Whether what stands between two dollars is money (`$3 and $4`) or prose after a stray dollar.

    Args:
        after: the character after the second dollar.
    """
    if not inside.strip():
        return True
    if _TEX.search(inside):
        return False
    if _WORDS.search(inside):
        return True
    amount = _AMOUNT.match(inside)
    if amount is None:
        return False
    rest = inside[amount.end() :]
    return bool(
        amount[1]
        or inside[-1].isspace()
        or _OTHER_SCRIPT.search(rest)
        or (after.isdigit() and rest.strip())
    )


def _matching_braces(text: str) -> dict[int, int]:
    r"""Where each `{` that is closed ends (one past its `}`); `\{` and `\}` do not count."""
    ends: dict[int, int] = {}
    waiting: list[int] = []
    for match in re.finditer(r"\\.|[{}]", text, re.DOTALL):
        if match.group() == "{":
            waiting.append(match.start())
        elif match.group() == "}" and waiting:
            ends[waiting.pop()] = match.end()
    return ends
