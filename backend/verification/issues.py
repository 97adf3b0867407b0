"""What a check has to say about a translation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

IssueName = Literal[
    "placeholder",
    "nesting",
    "number",
    "script",
    "echo",
    "refusal",
    "truncated",
    "length",
    "term",
]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong with a translation.

    Attributes:
        name: the check that found it; `term` is advice, every other name refuses the translation.
        detail: one short English sentence for people. It quotes nothing but numbers, short names and
            placeholders; the model is never told it, as small ones translate what they are told.
    """

    name: IssueName
    detail: str
