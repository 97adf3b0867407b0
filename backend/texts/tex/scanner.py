r"""TeX in prose: what is text, what is a formula or a command, and where emphasis begins and ends.

Titles and abstracts are prose with TeX as authors typed it: formulas in dollars (not always
closed, sometimes money), display environments over several lines, `\cite{a},\cite{b}`, `{\bf A}`,
accents, undefined macros, bare `N_c`. `scan` cuts such a text into pieces whose sources, joined,
are the text again; nothing is lost, nothing is invented. It takes time in proportion to the text's
length, whatever the text is.

Characters of the private planes 15 and 16 stand for something the caller has taken out (see `marks`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from . import symbols
from .addresses import address_at, is_citation
from .bare import emphasis_at, parts_thousands, scripts_end
from .commands import Command, command_at, declaration_at
from .formulas import Delimiters
from .sentinels import MARK, MARKS, is_balanced
from .spans import Kind, Piece
from .typography import Quotes, read_dashes, read_tie

__all__ = ["Kind", "Piece", "scan"]

# One alternative for each thing that can begin. Only words that may be an address are entered, and those at
# their beginning, and runs are taken whole: no alternative looks at a character more often than a few times.
_BEGINNING = re.compile(
    rf"""
      (?P<command>\\)
    | (?P<dollar>\$)
    | (?P<brace>\{{)
    | (?P<space>\s\s+|\n)
    | (?P<script>[_^])
    | (?P<tie>~)
    | (?P<dashes>--+)
    | (?P<fence>`{{3,}})
    | (?P<quote>``|''?|`|")
    | (?P<numbers>\[\d{{1,3}}(?:\s?[,;–-]\s?\d{{1,3}}){{0,40}}\])
    | (?P<authors>\((?=[^()]{{4,400}}\)))
    | (?P<word>(?<![\w@/.+-])(?=\w[\w+-]*[.:/@]\S)|(?<![A-Za-z0-9])(?=(?:https?|ftp)://|www\.))
    | (?P<mark>[{MARKS}])
    """,
    re.VERBOSE,
)
_CODE = re.compile(r"`[^`'\n]{1,120}`")
_LONE_LETTER = re.compile(r"\{([^\W\d_])\}")


class _Scanner:
    """One pass over one text; keeps what would otherwise be recursion in a list."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._delimiters = Delimiters(text)
        self._position = 0
        self._pieces: list[Piece] = []
        # The prose since the last piece: where it begins, how it reads, and from where on it reads
        # as it is written.
        self._prose_from = 0
        self._prose: list[str] = []
        self._verbatim_from = 0
        # Pairs that are open: where their closing source begins and ends, and their role.
        self._open: list[tuple[int, int, str]] = []
        self._quotes = Quotes()

    @property
    def _limit(self) -> int:
        """Where the innermost open pair ends: nothing may reach beyond."""
        return self._open[-1][0] if self._open else len(self._text)

    def run(self) -> list[Piece]:
        handlers: dict[str | None, Callable[[re.Match[str]], None]] = {
            "command": self._command,
            "dollar": self._dollar,
            "brace": self._brace,
            "space": self._space,
            "script": self._script,
            "tie": self._tie,
            "dashes": self._dashes,
            "fence": lambda match: self._keep(match.end()),
            "quote": self._quote,
            "numbers": lambda match: self._opaque(match.end(), "citation"),
            "authors": self._authors,
            "word": self._word,
            "mark": lambda match: self._opaque(match.end(), "mark"),
        }
        while True:
            match = _BEGINNING.search(self._text, self._position, self._limit)
            if match is not None:
                self._keep(match.start())
                handlers[match.lastgroup](match)
                continue
            self._keep(self._limit)
            self._flush()
            if not self._open:
                return self._pieces
            start, end, role = self._open.pop()
            self._pieces.append(
                Piece(Kind.CLOSE, self._text[start:end], self._text[start:end], role)
            )
            self._position = self._prose_from = end

    # Building pieces

    def _keep(self, end: int) -> None:
        """Take the text up to `end` as prose that reads as it is written."""
        if end > self._position:
            self._prose.append(self._text[self._position : end])
            self._position = end

    def _read(self, end: int, reading: str) -> None:
        """Take the text up to `end` as prose that reads as `reading`."""
        self._prose.append(reading)
        self._position = self._verbatim_from = end

    def _take_back(self, start: int) -> None:
        """Give back the prose since `start`, which reads as it is written."""
        surplus = self._position - start
        while surplus:
            last = self._prose.pop()
            if len(last) > surplus:
                self._prose.append(last[:-surplus])
            surplus -= min(surplus, len(last))
        self._position = start

    def _flush(self) -> None:
        if self._position > self._prose_from:
            source = self._text[self._prose_from : self._position]
            self._pieces.append(Piece(Kind.PROSE, source, "".join(self._prose)))
        self._prose = []
        self._prose_from = self._position

    def _opaque(self, end: int, role: str, text: str | None = None) -> None:
        self._flush()
        source = self._text[self._position : end]
        self._pieces.append(Piece(Kind.OPAQUE, source, source if text is None else text, role))
        self._position = self._prose_from = end

    def _pair(self, command: Command) -> None:
        assert command.words is not None
        self._flush()
        start, end = command.words
        source = self._text[self._position : start]
        self._pieces.append(Piece(Kind.OPEN, source, source, command.name))
        self._position = self._prose_from = start
        self._open.append((end, command.end, command.name))

    def _bare(self, end: int, role: str) -> None:
        r"""Maths without delimiters, which joins what is bare before it: `\la r^2\ra` is one piece."""
        self._opaque(end, role)
        joint = len(self._pieces) - 2
        if joint >= 0 and self._pieces[joint].kind is Kind.PROSE:
            joint -= 1 if self._pieces[joint].source.isspace() else len(self._pieces)
        if joint >= 0 and self._pieces[joint].role in ("bare", "command"):
            source = "".join(piece.source for piece in self._pieces[joint:])
            self._pieces[joint:] = [Piece(Kind.OPAQUE, source, source, "bare")]

    # White space, dashes and quotes

    def _around(self, match: re.Match[str]) -> dict[str, str]:
        """The characters before and after; a space at the text's ends."""
        return {
            "before": self._text[match.start() - 1] if match.start() else " ",
            "after": self._text[match.end()] if match.end() < len(self._text) else " ",
        }

    def _typed(self, match: re.Match[str], reading: str | None) -> None:
        if reading is None:
            self._keep(match.end())
        else:
            self._read(match.end(), reading)

    def _space(self, match: re.Match[str]) -> None:
        run = match.group()
        indent = run.rpartition("\n")[2]
        inside = match.start() > 0 and match.end() < len(self._text)
        # arXiv's sign for a paragraph is an indented line; others leave a line empty.
        if inside and "\n" in run and (indent or run.count("\n") > 1):
            self._flush()
            self._pieces.append(Piece(Kind.BREAK, run, " "))
            self._position = self._prose_from = match.end()
        else:
            self._keep(match.end())

    def _tie(self, match: re.Match[str]) -> None:
        self._typed(match, read_tie(**self._around(match)))

    def _dashes(self, match: re.Match[str]) -> None:
        self._typed(match, read_dashes(match.group(), **self._around(match)))

    def _quote(self, match: re.Match[str]) -> None:
        code = _CODE.match(self._text, match.start(), self._limit)
        if code is not None and is_balanced(code.group()):
            self._opaque(code.end(), "code")
        else:
            self._typed(match, self._quotes.read(match.group(), **self._around(match)))

    # Words and what looks like them

    def _authors(self, match: re.Match[str]) -> None:
        end = self._text.find(")", match.end(), self._limit)
        inside = self._text[match.end() : end] if end >= 0 else ""
        if is_citation(inside) and is_balanced(inside):
            self._opaque(end + 1, "citation")
        else:
            self._keep(match.end())

    def _word(self, match: re.Match[str]) -> None:
        address = address_at(self._text, match.start(), end=self._limit)
        if address is None:
            self._keep(match.start() + 1)
        else:
            self._opaque(*address)

    def _script(self, match: re.Match[str]) -> None:
        emphasis = emphasis_at(self._text, match.start(), limit=self._limit)
        if emphasis is not None:
            self._pair(emphasis)
            return
        end = scripts_end(self._text, match.start(), limit=self._limit, delimiters=self._delimiters)
        if end == match.start():
            self._keep(match.end())
            return
        start = match.start()
        floor = max(self._prose_from, self._verbatim_from)
        while start > floor and self._text[start - 1].isalnum():
            start -= 1
        self._take_back(start)
        self._bare(end, "bare")

    # TeX

    def _brace(self, match: re.Match[str]) -> None:
        start = match.start()
        if self._text.startswith("{,}", start) and parts_thousands(self._text, start, start + 3):
            self._read(start + 3, ",")
            return
        declaration = declaration_at(
            self._text, start, limit=self._limit, delimiters=self._delimiters
        )
        if declaration is not None:
            self._pair(declaration)
            return
        end = self._delimiters.group_end(start, limit=self._limit)
        if end is not None:
            decoded = symbols.decode(self._text, start + 1, end=end - 1)
            if decoded is not None and decoded[1] == end - 1:
                self._read(end, decoded[0])  # {\"o}
                return
            letter = _LONE_LETTER.match(self._text, start, end)
            if letter is not None and not letter[1].isascii():
                self._read(end, letter[1])  # what arXiv's pages make of it
                return
        self._keep(match.end())

    def _dollar(self, match: re.Match[str]) -> None:
        if not self._formula(match.start()):
            self._keep(match.end())

    def _formula(self, start: int) -> bool:
        formula = self._delimiters.formula_at(start, limit=self._limit)
        if formula is None:
            return False
        role = "display" if formula.is_display else "math"
        self._opaque(formula.end, role, self._text[slice(*formula.inner)])
        return True

    def _command(self, match: re.Match[str]) -> None:
        text, start = self._text, match.start()
        decoded = symbols.decode(text, start, end=self._limit)
        if decoded is not None and not self._is_in_maths(decoded[1]):
            self._read(decoded[1], decoded[0])
            return
        sign = text[start + 1 : start + 2] if start + 1 < self._limit else ""
        if self._formula(start):
            return
        if sign and sign in symbols.ESCAPED_SIGNS:
            self._read(start + 2, sign)
        elif sign == "," and parts_thousands(text, start, start + 2):
            self._read(start + 2, ",")
        elif sign and sign in symbols.SPACES:
            self._read(start + 2, " ")
        elif sign and sign in symbols.NOTHING:
            self._read(start + 2, "")
        elif sign.isascii() and sign.isalpha():
            self._named_command(start)
        elif sign and not sign.isspace() and not MARK.match(sign):
            self._opaque(start + 2, "command")
        else:
            self._opaque(start + 1, "command")

    def _is_in_maths(self, end: int) -> bool:
        r"""Whether the letter here up to `end` belongs to bare maths: `\bar\theta`, `\tau_1`."""
        follows = self._position == self._prose_from and bool(self._pieces)
        return self._text[end : end + 1] in ("_", "^") or (
            follows and self._pieces[-1].role in ("bare", "command")
        )

    def _named_command(self, start: int) -> None:
        command = command_at(self._text, start, limit=self._limit, delimiters=self._delimiters)
        if command.words is not None:
            self._pair(command)
        elif command.joins:
            self._bare(command.end, "command")
        else:
            self._opaque(command.end, "command")


def scan(text: str) -> list[Piece]:
    """Cut scientific prose into pieces; their sources, joined, are the text again."""
    return list(_scanned(text) if len(text) <= 8_000 else _Scanner(text).run())


@lru_cache(maxsize=256)  # one request reads a text for several ends
def _scanned(text: str) -> tuple[Piece, ...]:
    return tuple(_Scanner(text).run())
