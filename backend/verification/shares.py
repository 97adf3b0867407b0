"""Has a fraction in words become another: two thirds three quarters?"""

from __future__ import annotations

from ..texts import numbers, shares
from .issues import Issue


def compare(source: str, translation: str, *, language: str) -> list[Issue]:
    """A fraction that the source states and that is missing, where one that it does not state is there.

    Args:
        source, translation: in protected form.
        language: BCP 47 tag of the translation's language.
    """
    plain = numbers.plain(source)
    stated = shares.stated(plain)
    if not stated:
        return []
    said = shares.said(numbers.plain(translation), language)
    missing = stated.difference(*said)
    possible = shares.possible(plain) if missing else frozenset()
    if missing and any(possible.isdisjoint(share) for share in said):
        return [Issue("number", f"The fraction {min(missing)} is missing.")]
    return []
