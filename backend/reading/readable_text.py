r"""Text from an API as plain text for people: accents as characters, formulas as `$…$` of TeX."""

from __future__ import annotations

from functools import lru_cache

from ..texts.tex import scanner
from ..texts.tex.scanner import Kind


@lru_cache(maxsize=2_000)
def readable(text: str) -> str:
    r"""One line without mark-up: `Poincar\'e`, `\textbf{B}i` and `\(x\)` become Poincaré, Bi and $x$."""
    parts: list[str] = []
    for piece in scanner.scan(text):
        if piece.kind is Kind.PROSE:
            parts.append(piece.text)
        elif piece.kind is Kind.BREAK:
            parts.append(" ")
        elif piece.kind is Kind.OPAQUE:
            parts.append(formula(piece.text) if piece.role in FORMULAS else piece.source)
    return " ".join("".join(parts).split())


FORMULAS = frozenset({"math", "display"})
"""The roles of pieces that are formulas in fences."""


def formula(tex: str) -> str:
    """A formula in the fences every reader of Markdown and BibTeX knows."""
    return f"${tex.strip()}$"
