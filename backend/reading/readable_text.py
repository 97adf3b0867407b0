r"""Text from an API as plain text for people: accents as characters, formulas as `$…$` of TeX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..texts.tex import scanner
from ..texts.tex.scanner import Kind, Piece

_FORMULAS = {"math": "$", "display": "$$"}
_LONGEST = 50_000  # characters; longer than any abstract, beyond it only words are read


@lru_cache(maxsize=2_000)
def readable(text: str) -> str:
    r"""One line without mark-up: `Poincar\'e`, `\textbf{B}i` and `\(x\)` become Poincaré, Bi and $x$."""
    shown = (f"{fence}{words}{fence}" if fence else words for words, fence, _ in pieces(text))
    return " ".join("".join(shown).split())


def pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """What the text reads as, piece by piece: words or a formula's TeX, its fence or "", its role.

    The role is `url` or `email` for an address, else what `texts.tex.spans.Piece` says or "".
    """
    if len(text) > _LONGEST:
        yield text, "", ""
        return
    closings: list[list[tuple[str, str, str]]] = []
    for piece in scanner.scan(text):
        if piece.kind is Kind.PROSE:
            yield piece.text, "", ""
        elif piece.kind is Kind.BREAK:
            yield " ", "", ""
        elif piece.kind is Kind.OPAQUE:
            yield _opaque(piece)
        elif piece.kind is Kind.OPEN:
            if piece.role == "footnote":
                yield " (", "", ""
            closings.append(_closing(piece))
        else:
            yield from closings.pop()


def _opaque(piece: Piece) -> tuple[str, str, str]:
    if piece.role in _FORMULAS:
        return piece.text.strip(), _FORMULAS[piece.role], piece.role
    if piece.role in ("url", "email"):
        return _address(piece.source), "", piece.role
    if command := re.fullmatch(r"\\(?:url|path|doi|email)\s*\{([^{}]*)\}", piece.source):
        return _address(command[1]), "", "url"
    return piece.source, "", piece.role


def _closing(opening: Piece) -> list[tuple[str, str, str]]:
    """What stands after the words of a pair: where a link leads; nothing after emphasis."""
    if opening.role == "footnote":
        return [(")", "", "")]
    if opening.role == "href":
        address = opening.source.partition("{")[2].partition("}")[0]
        return [(" (", "", ""), (_address(address), "", "url"), (")", "", "")]
    return []


def _address(source: str) -> str:
    """An address without the backslashes that TeX needs."""
    return re.sub(r"\\([_~#%&])", r"\1", source)
