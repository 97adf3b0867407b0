"""What to make of an answer: good, to be repaired, or the best of several."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Sequence

from ..alignment import sentence_markers
from ..texts import numbers, placeholders
from ..texts.decoration import without_decoration
from ..texts.invisible_characters import without_unseen
from ..texts.placeholder_tags import TAG
from ..verification.repair_examples import example
from ..verification.verify import check
from .records import Translation
from .single_flight import Assignment

MAX_NEEDED = 30
"""How many placeholders and numbers a repair names."""


def judge(
    assignment: Assignment, answer: str, *, model: str, cut: bool = False
) -> tuple[Translation, tuple[str, ...]]:
    """An answer as a translation with the names of its issues, and what of the source a repair should name.

    Args:
        cut: the model stopped at its limit of tokens, so that the answer cannot be whole.
    """
    marked = placeholders.tidy(assignment.text, answer).strip()
    text = without_decoration(assignment.text, sentence_markers.remove(marked))
    verdict = check(
        assignment.text,
        text,
        language=assignment.language,
        terms=assignment.terms,
        kind=assignment.kind,
        groups=sentence_markers.align(assignment.text, marked),
    )
    issues = dict.fromkeys(issue.name for issue in verdict.issues)
    shown = example(assignment.language)
    if shown.is_repeated_in(text) and not shown.is_repeated_in(assignment.text):
        issues.setdefault("refusal")
    if cut:
        issues.setdefault("truncated")
    verified = not issues.keys() - {"term"}
    kept = text if verified else without_unseen(text)
    starts = _starts(assignment.text, marked, kept)
    translation = Translation(kept, verified, tuple(issues), model, starts)
    return translation, _needed(assignment.text, issues)


def _starts(source: str, marked: str, kept: str) -> tuple[int, ...] | None:
    """Where the sentences begin in what is kept of an answer that has marks."""
    starts = sentence_markers.starts(source, marked)
    shift = sentence_markers.remove(marked).find(kept)
    if starts is None or shift < 0 or not kept:
        return None
    return tuple(max(0, start - shift) for start in starts)


def _needed(source: str, issues: Container[str]) -> tuple[str, ...]:
    """The source's placeholders or numbers, where the answer had them wrong: what to use, and no words."""
    needed: dict[str, None] = {}
    if "placeholder" in issues or "nesting" in issues:
        needed |= dict.fromkeys(match.group() for match in TAG.finditer(source))
    if "number" in issues:
        found = numbers.find(source, language="en")
        needed |= dict.fromkeys(n.text for n in found if n.form in ("digits", "name") and n.exact)
    return tuple(needed)[:MAX_NEEDED]


def best_of(candidates: Sequence[Translation], source: str) -> Translation:
    """Of answers that all failed, the one with the fewest issues, every placeholder of the source in it.

    Of equal ones the earliest, which knew of no repair. An answer that is a remark on the task is no
    candidate: where there is nothing else, the original stands, as what it is.
    """
    usable = [candidate for candidate in candidates if "refusal" not in candidate.issues]
    if not usable:
        return dataclasses.replace(candidates[0], text=source, sentence_starts=None)
    best = min(usable, key=lambda candidate: len(candidate.issues))
    text = placeholders.complete(source, best.text)
    starts = best.sentence_starts if text.startswith(best.text) else None
    return dataclasses.replace(best, text=text, sentence_starts=starts)
