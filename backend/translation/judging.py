"""What to make of an answer: good, to be repaired, or the best of several."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from ..texts import placeholders
from ..texts.decoration import without_decoration
from ..texts.invisible_characters import without_unseen
from ..verification.verify import check
from .records import Translation
from .single_flight import Assignment


def judge(
    assignment: Assignment, answer: str, *, model: str, cut: bool = False
) -> tuple[Translation, tuple[str, ...]]:
    """An answer as a translation with the names of its issues, and its faults in words for a repair.

    Args:
        cut: the model stopped at its limit of tokens, so that the answer cannot be whole.
    """
    text = placeholders.tidy(assignment.text, answer).strip()
    text = without_decoration(assignment.text, text)
    verdict = check(
        assignment.text,
        text,
        language=assignment.language,
        terms=assignment.terms,
        kind=assignment.kind,
    )
    issues = dict.fromkeys(issue.name for issue in verdict.issues)
    faults = tuple(issue.detail for issue in verdict.issues if issue.name != "term")
    if cut:
        issues.setdefault("truncated")
        faults = (*faults, "It stopped before its end.")
    verified = verdict.verified and not cut
    kept = text if verified else without_unseen(text)
    return Translation(kept, verified, tuple(issues), model), faults


def best_of(candidates: Sequence[Translation], source: str) -> Translation:
    """Of answers that all failed, the one with the fewest issues, every placeholder of the source in it."""
    best = min(reversed(candidates), key=lambda candidate: len(candidate.issues))
    return dataclasses.replace(best, text=placeholders.complete(source, best.text))
