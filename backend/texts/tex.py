r"""TeX in prose: what is text, what is a formula or a command, and where emphasis begins and ends.

Titles and abstracts are prose with TeX as authors typed it: formulas in dollars (not always
closed, sometimes money), display environments over several lines, `\cite{a},\cite{b}`, `{\bf A}`,
accents, undefined macros, bare `N_c`. `scan` cuts such a text into pieces whose sources, joined,
are the text again; nothing is lost, nothing is invented.

Which dollars belong together follows MathJax's tex2jax, because arXiv's pages are typeset by it
and the same abstract must be cut the same way before and after.

Characters of the private planes 15 and 16 are not text here but stand for something the caller
has taken out already (see `placeholders`): plane 16 something opaque, plane 15 the opening (even)
or closing (odd) half of a pair.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from backend.texts import tex_symbols


class Kind(Enum):
    """What a piece of scientific prose is."""

    PROSE = "prose"  # words; `text` is how they read, accents and quotes decoded
    OPAQUE = "opaque"  # kept as it is: a formula, a citation, a URL, code, an unknown command
    OPEN = "open"  # the beginning of emphasis or of a link's words
    CLOSE = "close"  # its end; pairs nest
    BREAK = "break"  # a paragraph break


@dataclass(frozen=True, slots=True)
class Piece:
    r"""A stretch of text.

    Args:
        kind: what it is.
        source: exactly as it stood in the text.
        text: prose as it reads; of a formula the TeX without its delimiters; else the source.
        role: of an opaque piece `math`, `display`, `bare` (maths outside delimiters), `command`,
            `citation`, `url`, `email`, `identifier`, `code` or `mark`; of a pair the command
            (`textbf`, `bf`, `href`).
    """

    kind: Kind
    source: str
    text: str
    role: str = ""


_PAIR_MARK = re.compile(r"[\U000F0000-\U000FFFFD]")

# One alternative for each thing that can begin; order matters where beginnings are alike.
# Every alternative is linear: words are entered only at their beginning.
_BEGINNING = re.compile(
    r"""
      (?P<command>\\)
    | (?P<dollar>\$)
    | (?P<brace>\{)
    | (?P<space>\s\s+|\n)
    | (?P<script>[_^])
    | (?P<tie>~)
    | (?P<dashes>--+)
    | (?P<quote>``|''?|`|")
    | (?P<bracket>\[\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,40}\])
    | (?P<authors>\((?=[^()]{2,400}\)))
    | (?P<word>(?<![\w@/.+-])(?=\w))
    | (?P<mark>[\U000F0000-\U0010FFFD])
    """,
    re.VERBOSE,
)
_URL = re.compile(
    r"(?:(?:https?|ftp)://|www\.)(?:\\[_~#%&]|[^\s{}|\\^\[\]`<>\"\U000F0000-\U0010FFFD])+",
    re.IGNORECASE,
)
_HOST = re.compile(
    r"(?:[A-Za-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?!\.?\w)"
    r"(?:[/?](?:\\[_~#%&]|[^\s{}|\\^\[\]`<>\"\U000F0000-\U0010FFFD])*)?"
)
_EMAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}")
_DOI = re.compile(r"(?:doi:\s?)?10\.\d{4,9}/[-._;()/:A-Za-z0-9]+", re.IGNORECASE)
_ARXIV_ID = re.compile(
    r"(?:arXiv:\s?)?(?:[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5})(?:v\d+)?(?![\w.]\w|\w)",
    re.IGNORECASE,
)
_CITED_WORK = re.compile(
    r"\s*(?:(?:see|see also|e\.g\.,?|i\.e\.,?|cf\.?|and)\s+)*"
    r"[^\W\d_][^;()\d]{0,120}?[,\s]\s*(?:1[89]|20)\d\d[a-z]?(?:\s*,\s*(?:(?:1[89]|20)\d\d)?[a-z]?)*\s*"
)
_CODE = re.compile(r"`[^`'\n]{1,120}`")
_NAME = re.compile(r"\\([A-Za-z]+)\*?")
_ENVIRONMENT = re.compile(r"\\begin\{([^{}\\$]{1,40})\}")
_DECLARATION = re.compile(
    r"\{\s*\\(bf|it|em|sl|sc|tt|rm|sf|bfseries|itshape|slshape|scshape|ttfamily|rmfamily|sffamily"
    r"|small|large|Large|normalfont|boldmath)(?![A-Za-z])\s*"
)
_PAIRS = frozenset(
    {
        "textbf", "textit", "emph", "textsl", "textsc", "textrm", "textsf", "textmd",
        "textup", "textnormal", "underline", "uline", "mbox", "text", "bf", "it", "em",
        "sl", "sc", "rm", "sf", "footnote", "hbox", "textcolor",
    }
)  # fmt: skip
_TEXT_ENVIRONMENTS = frozenset(
    {
        "abstract", "center", "description", "document", "enumerate", "flushleft",
        "flushright", "itemize", "quotation", "quote", "small", "verse", "minipage",
    }
)  # fmt: skip
# Their braces hold no prose.
_OPAQUE_COMMANDS = frozenset(
    {
        "cite", "citep", "citet", "citealp", "citealt", "citeauthor", "citeyear",
        "citeyearpar", "parencite", "textcite", "autocite", "ref", "eqref", "pageref",
        "autoref", "cref", "Cref", "nameref", "label", "url", "path", "doi", "email", "tag",
        "bibitem", "nocite", "texttt", "verb", "lstinline", "mathtt", "code",
        "textsuperscript", "textsubscript", "ensuremath", "footnotemark", "hspace",
        "vspace", "includegraphics", "input", "usepackage", "begin", "end", "item",
    }
)  # fmt: skip
_PROSE_IN_BRACES = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}[,;]?\s+[^\W\d_]{2,}")
_TEX_EVIDENCE = re.compile(r"[\\_^{}=<>]")
_WORDS = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]{2,}[,;]?\s+){3}")
_AMOUNT = re.compile(r"\$\s?\d")
_SCRIPT = re.compile(r"[_^]\s?(?:\\[A-Za-z]+|[^\W_]+|[+*′'-](?!\w))")


class _Scanner:
    """One pass over one text; keeps what would otherwise be recursion in lists."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.pieces: list[Piece] = []
        self.prose_from = 0
        self.prose: list[str] = []
        # From here on the prose so far reads as it is written.
        self.verbatim_from = 0
        # Emphasis that is open: where its closing source begins, and ends.
        self.open: list[tuple[int, int, str]] = []
        self.quotes = 0
        self.single_quotes = 0
        self.group_end = _matching_braces(text)
        # Steps spent on looks ahead that found nothing; bounds hostile input to linear time.
        self.patience = 4 * len(text) + 1000
        self.absent: dict[str, int] = {}

    @property
    def limit(self) -> int:
        """Where the innermost open emphasis ends: nothing may reach beyond."""
        return self.open[-1][0] if self.open else len(self.text)

    def run(self) -> list[Piece]:
        handlers: dict[str, Callable[[re.Match[str]], None]] = {
            "command": self._command,
            "dollar": self._dollar,
            "brace": self._brace,
            "space": self._space,
            "script": self._script,
            "tie": self._tie,
            "dashes": self._dashes,
            "quote": self._quote,
            "bracket": lambda match: self._opaque(match.end(), "citation"),
            "authors": self._authors,
            "word": self._word,
            "mark": lambda match: self._opaque(match.end(), "mark"),
        }
        while True:
            match = _BEGINNING.search(self.text, self.position, self.limit)
            if match is None:
                self._keep(self.limit)
                if not self.open:
                    break
                self._flush()
                start, end, role = self.open.pop()
                source = self.text[start:end]
                self.pieces.append(Piece(Kind.CLOSE, source, source, role))
                self.position = self.prose_from = end
                continue
            self._keep(match.start())
            assert match.lastgroup is not None
            handlers[match.lastgroup](match)
        self._flush()
        return self.pieces

    # Building pieces

    def _keep(self, end: int) -> None:
        """Take the text up to `end` as prose that reads as it is written."""
        if end > self.position:
            self.prose.append(self.text[self.position : end])
            self.position = end

    def _read(self, end: int, reading: str) -> None:
        """Take the text up to `end` as prose that reads as `reading`."""
        self.prose.append(reading)
        self.position = self.verbatim_from = end

    def _flush(self) -> None:
        if self.position > self.prose_from:
            source = self.text[self.prose_from : self.position]
            self.pieces.append(Piece(Kind.PROSE, source, "".join(self.prose)))
        self.prose = []
        self.prose_from = self.position

    def _opaque(self, end: int, role: str, text: str | None = None) -> None:
        self._flush()
        source = self.text[self.position : end]
        self.pieces.append(Piece(Kind.OPAQUE, source, source if text is None else text, role))
        self.position = self.prose_from = end

    def _pair(self, start: int, end: int, closing: int, role: str) -> None:
        """Open a pair whose opening source ends at `start`; its closing is `end` to `closing`."""
        self._flush()
        source = self.text[self.position : start]
        self.pieces.append(Piece(Kind.OPEN, source, source, role))
        self.position = self.prose_from = start
        self.open.append((end, closing, role))

    def _group(self, position: int) -> int | None:
        """The end of the brace group that begins at `position`, if it is whole and in reach."""
        end = self.group_end.get(position)
        return end if end is not None and end <= self.limit else None

    def _find(self, closing: str, start: int) -> int | None:
        """Where `closing` stands at or after `start` and in reach; remembers what is not there."""
        if self.absent.get(closing, len(self.text) + 1) <= start:
            return None
        found = self.text.find(closing, start, self.limit)
        if found < 0:
            if not self.open or self.text.find(closing, start) < 0:
                self.absent[closing] = start
            return None
        return found

    # What can begin

    def _space(self, match: re.Match[str]) -> None:
        run = match.group()
        after = run.rpartition("\n")[2]
        at_edge = match.start() == 0 or match.end() == len(self.text)
        if not at_edge and "\n" in run and (after or run.count("\n") > 1):
            self._flush()
            self.pieces.append(Piece(Kind.BREAK, run, " "))
            self.position = self.prose_from = match.end()
        else:
            self._keep(match.end())

    def _tie(self, match: re.Match[str]) -> None:
        before, after = self._around(match)
        is_tie = (
            not before.isspace()
            and not after.isspace()
            and not (before.isdigit() and after.isdigit())
        )
        self._read(match.end(), " " if is_tie and before not in "([" else "~")

    def _dashes(self, match: re.Match[str]) -> None:
        dashes = match.group()
        before, after = self._around(match)
        if len(dashes) > 3 or (before.isspace() and not after.isspace()):
            self._keep(match.end())
        else:
            self._read(match.end(), "–" if len(dashes) == 2 else "—")

    def _around(self, match: re.Match[str]) -> tuple[str, str]:
        before = self.text[match.start() - 1] if match.start() else " "
        after = self.text[match.end()] if match.end() < len(self.text) else " "
        return before, after

    def _quote(self, match: re.Match[str]) -> None:
        sign = match.group()
        before, after = self._around(match)
        reading = sign
        if sign == "``":
            self.quotes += 1
            reading = "“"
        elif sign in ("''", '"') and self.quotes:
            self.quotes -= 1
            reading = "”"
        elif sign == "`":
            code = _CODE.match(self.text, match.start(), self.limit)
            if code is not None:
                self._opaque(code.end(), "code")
                return
            if not before.isalnum() and not after.isspace():
                self.single_quotes += 1
                reading = "‘"
        elif sign == "'" and self.single_quotes and not after.isalnum() and not before.isspace():
            self.single_quotes -= 1
            reading = "’"
        self._read(match.end(), reading)

    def _authors(self, match: re.Match[str]) -> None:
        end = self.text.find(")", match.end(), self.limit)
        inside = self.text[match.end() : end] if end > 0 else ""
        if inside and all(_CITED_WORK.fullmatch(work) for work in inside.split(";")):
            self._opaque(end + 1, "citation")
        else:
            self._keep(match.end())

    def _word(self, match: re.Match[str]) -> None:
        start = match.start()
        for pattern, role in (
            (_URL, "url"),
            (_EMAIL, "email"),
            (_DOI, "identifier"),
            (_ARXIV_ID, "identifier"),
            (_HOST, "url"),
        ):
            found = pattern.match(self.text, start, self.limit)
            if found is not None:
                self._opaque(_without_punctuation(self.text, start, found.end()), role)
                return
        self._keep(start + 1)

    def _script(self, match: re.Match[str]) -> None:
        r"""Bare maths: `N_c`, `10^{-3}`, `v_{2}`, `snake_case`: the base before and all scripts."""
        end = match.start()
        while end < self.limit:
            following = self.text[end + 1 : end + 2]
            if self.text[end] in "_^" and following == "{" and self._group(end + 1):
                end = self._group(end + 1) or end
            elif (script := _SCRIPT.match(self.text, end, self.limit)) is not None:
                end = script.end()
            else:
                break
        if end == match.start():
            self._keep(match.end())
            return
        # The base is the letters and digits before, which were taken for prose until now.
        start = match.start()
        floor = max(self.prose_from, self.verbatim_from)
        while start > floor and self.text[start - 1].isalnum():
            start -= 1
        taken = match.start() - start
        if taken:
            while taken and self.prose:
                last = self.prose.pop()
                if len(last) > taken:
                    self.prose.append(last[:-taken])
                taken -= min(taken, len(last))
            self.position = start
        self._bare(end, "bare")

    def _bare(self, end: int, role: str) -> None:
        """An opaque piece of maths without delimiters; joins the one before it."""
        self._opaque(end, role)
        before = self.pieces[-2:-1]
        joint: list[Piece] = []
        if before and before[0].kind is Kind.PROSE and before[0].source.isspace():
            joint = self.pieces[-3:-1]
        elif before:
            joint = before
        if joint and joint[0].role in ("bare", "command"):
            source = "".join(piece.source for piece in joint) + self.pieces[-1].source
            del self.pieces[-1 - len(joint) :]
            self.pieces.append(Piece(Kind.OPAQUE, source, source, "bare"))

    def _brace(self, match: re.Match[str]) -> None:
        start = match.start()
        end = self._group(start)
        if end is not None:
            declaration = _DECLARATION.match(self.text, start, end)
            if declaration is not None and _is_balanced(self.text[declaration.end() : end - 1]):
                self._pair(declaration.end(), end - 1, end, declaration[1])
                return
            inner = start + 1
            decoded = None
            if self.text[inner] == "\\":
                decoded = tex_symbols.decode_accent(
                    self.text, inner, end=end - 1
                ) or tex_symbols.decode_named(self.text, inner, end=end - 1)
            if decoded is not None and decoded[1] == end - 1:
                self._read(end, decoded[0])
                return
        self._keep(match.end())

    def _dollar(self, match: re.Match[str]) -> None:
        start = match.start()
        if self.text.startswith("$$", start):
            close = self._find("$$", start + 2)
            if close is not None and _is_balanced(self.text[start:close]):
                self._opaque(close + 2, "display", self.text[start + 2 : close])
                return
        close = self._closing_dollar(start)
        if close is None or self._is_money(start, close):
            self._keep(match.end())
        else:
            self._opaque(close + 1, "math", self.text[start + 1 : close])

    def _closing_dollar(self, start: int) -> int | None:
        """The dollar that closes the one at `start`: the next outside braces, else the next."""
        nearest = None
        position = start + 1
        while position < self.limit and self.patience > 0:
            self.patience -= 1
            found = _IN_FORMULA.search(self.text, position, self.limit)
            if found is None:
                break
            sign = found.group()
            position = found.end()
            if sign == "$":
                nearest = found.start()
                if _is_balanced(self.text[start:nearest]):
                    self.patience += 1
                    return nearest
                break
            if sign == "{":
                end = self._group(found.start())
                if end is not None:
                    if nearest is None and (inner := self.text.find("$", position, end)) >= 0:
                        nearest = inner
                    position = end
        if nearest is not None and _is_balanced(self.text[start:nearest]):
            return nearest
        return None

    def _is_money(self, start: int, close: int) -> bool:
        """Whether `$3 and $` is money, or prose after a stray dollar, rather than a formula."""
        inside = self.text[start + 1 : close]
        if not inside.strip():
            return True
        if _TEX_EVIDENCE.search(inside):
            return False
        if _WORDS.search(inside):
            return True
        if _AMOUNT.match(self.text, start) is None:
            return False
        followed_by_amount = self.text[close + 1 : close + 2].isdigit()
        return inside[-1].isspace() or (followed_by_amount and not inside.strip().isdigit())

    def _command(self, match: re.Match[str]) -> None:
        text, start = self.text, match.start()
        decoded = tex_symbols.decode_accent(
            text, start, end=self.limit
        ) or tex_symbols.decode_named(text, start, end=self.limit)
        if decoded is not None and not self._is_in_maths(start, decoded[1]):
            self._read(decoded[1], decoded[0])
            return
        sign = text[start + 1 : start + 2] if start + 1 < self.limit else ""
        if sign in ("(", "["):
            close = self._find("\\)" if sign == "(" else "\\]", start + 2)
            if close is not None and _is_balanced(text[start:close]):
                role = "math" if sign == "(" else "display"
                self._opaque(close + 2, role, text[start + 2 : close])
                return
        if sign and sign in tex_symbols.ESCAPED_SIGNS:
            self._read(start + 2, sign)
        elif sign and sign in tex_symbols.SPACES:
            self._read(start + 2, " ")
        elif sign and sign in tex_symbols.NOTHING:
            self._read(start + 2, "")
        elif sign.isascii() and sign.isalpha():
            self._named_command(start)
        elif sign and not _PAIR_MARK.match(sign) and not sign.isspace():
            self._opaque(start + 2, "command")
        else:
            self._opaque(start + 1, "command")

    def _is_in_maths(self, start: int, end: int) -> bool:
        r"""Whether the letter from `start` to `end` belongs to bare maths: `\bar\theta`, `\tau_1`."""
        follows = self.position == self.prose_from and bool(self.pieces)
        return self.text[end : end + 1] in ("_", "^") or (
            follows and self.pieces[-1].role in ("bare", "command") and start == self.position
        )

    def _named_command(self, start: int) -> None:
        text = self.text
        environment = _ENVIRONMENT.match(text, start, self.limit)
        if environment is not None and environment[1].rstrip("*") not in _TEXT_ENVIRONMENTS:
            closing = f"\\end{{{environment[1]}}}"
            close = self._find(closing, environment.end())
            if close is not None and _is_balanced(text[start:close]):
                end = close + len(closing)
                self._opaque(end, "display", text[start:end])
                return
        named = _NAME.match(text, start, self.limit)
        assert named is not None
        name, end = named[1], named.end()
        groups: list[tuple[int, int]] = []
        while end < self.limit and text[end] in "[{" and len(groups) < 8:
            close_at = self._group(end) if text[end] == "{" else None
            if text[end] == "[":
                bracket = text.find("]", end, min(self.limit, end + 200))
                close_at = bracket + 1 if bracket >= 0 and name in _WITH_ARGUMENTS else None
            if close_at is None:
                break
            groups.append((end, close_at))
            end = close_at
            if name in _PAIRS and len(groups) == _ARGUMENTS.get(name, 1):
                break
        if groups and self._takes_prose(name, groups):
            opening, closing_at = groups[-1]
            if _is_balanced(text[opening + 1 : closing_at - 1]):
                self._pair(opening + 1, closing_at - 1, closing_at, name)
                return
            end = named.end()
        if not _is_balanced(text[start:end]):
            end = named.end()
        if name in _OPAQUE_COMMANDS:
            self._opaque(end, "command")
        else:
            self._bare(end, "command")

    def _takes_prose(self, name: str, groups: list[tuple[int, int]]) -> bool:
        if name in _PAIRS or name == "href":
            return len(groups) == _ARGUMENTS.get(name, 1)
        if name in _OPAQUE_COMMANDS or len(groups) != 1:
            return False
        opening, closing = groups[0]
        return _PROSE_IN_BRACES.search(self.text, opening, closing) is not None


_IN_FORMULA = re.compile(r"\\.|[{$]", re.DOTALL)
_ARGUMENTS = {"href": 2, "textcolor": 2}
_WITH_ARGUMENTS = _OPAQUE_COMMANDS | {"href", "footnote"}


def scan(text: str) -> list[Piece]:
    """Cut scientific prose into pieces; their sources, joined, are the text again."""
    return _Scanner(text).run()


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


def _is_balanced(text: str) -> bool:
    """Whether the halves of pairs that the caller took out are whole and nest in this stretch."""
    waiting: list[int] = []
    for match in _PAIR_MARK.finditer(text):
        code = ord(match.group())
        if code % 2 == 0:
            waiting.append(code)
        elif not waiting or waiting.pop() + 1 != code:
            return False
    return not waiting


def _without_punctuation(text: str, start: int, end: int) -> int:
    """The end of a URL without the sentence's punctuation after it."""
    while end > start:
        last = text[end - 1]
        if last in ".,;:!?'*" or (last == ")" and "(" not in text[start:end]):
            end -= 1
        else:
            break
    return end
