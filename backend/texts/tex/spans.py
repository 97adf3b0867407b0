"""What scientific prose is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


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
