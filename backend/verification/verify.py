"""Is this a faithful translation? What the checks find decides what counts as verified.

Each check is a module of `checking` and has a name that appears in `issues`:

    placeholder  a placeholder is missing, foreign or there too often
    nesting      a pair <gN>…</gN> is crossed or open
    number       a number is missing, changed or added; a name with digits or a unit likewise
    script       not in the target language or its script, or not all of it, or broken characters
    echo         the source came back
    refusal      a refusal, preamble, note or other comment instead of the translation alone
    truncated    stops in the middle, or a sentence is left out
    length       far too short or too long, or a sentence stands there twice
    term         a term of the glossary was not used: advice, the only one that refuses nothing
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..alignment.sentence_markers import Group
from ..languages import Language
from ..terminology import glossary
from ..terminology.glossary import Term
from ..texts import placeholders
from ..texts.prose import Prose
from . import (
    broken_characters,
    completeness,
    echoes,
    half_translated,
    model_comments,
    numbers,
    other_languages,
    own_language,
    scripts,
    self_reference,
    shares,
    units,
    untranslated,
)
from .issues import Issue, IssueName

__all__ = ["Issue", "IssueName", "Kind", "Verdict", "check"]

Kind = Literal["title", "prose"]

_MAX_TERM = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks say of one translation: `verified` unless an issue is more than advice."""

    verified: bool
    issues: tuple[Issue, ...] = ()


def check(
    source: str,
    translation: str,
    *,
    language: Language,
    terms: Sequence[Term] = (),
    kind: Kind = "prose",
    groups: Sequence[Group] | None = None,
) -> Verdict:
    """Compare a translation with its source, both in protected form.

    Of a source that says all twice, once in the target language, the translation may say it once.

    Args:
        terms: those that occur in the source.
        kind: a title may lack its final full stop.
        groups: which sentences stand for which, where sentence marks told it.
    """
    verdict = _check(source, translation, language, terms, kind, groups)
    halves = None if verdict.verified else own_language.without_own_half(source, language)
    if halves is None:
        return verdict
    foreign, own = halves
    rest = translation.replace(own, "", 1).strip()
    if not rest:
        return Verdict(True, tuple(_unused_terms(terms, translation, language)))
    once = _check(foreign, rest, language, terms, kind, None)
    return once if once.verified else verdict


def _check(
    source: str,
    translation: str,
    language: Language,
    terms: Sequence[Term],
    kind: Kind,
    groups: Sequence[Group] | None,
) -> Verdict:
    ours, theirs = Prose(translation), Prose(source)
    issues: list[Issue] = []
    for fault in placeholders.compare(source, translation):
        issues.append(Issue(_name(fault.name), fault.detail))
    issues += model_comments.check(theirs, ours) or self_reference.check(theirs, ours, language)
    if not echoes.is_kept(theirs, ours, language):
        issues += (
            echoes.check(theirs, ours, language)
            or scripts.check(theirs, ours, language)
            or other_languages.check(theirs, ours, language)
            or untranslated.check(theirs, ours, language, terms)
            or half_translated.check(theirs, ours, language, terms)
        )
    issues += broken_characters.check(source, translation)
    issues += numbers.compare(source, translation, language=language.tag)
    issues += shares.compare(source, translation, language=language.tag)
    issues += units.compare(source, translation, language=language.tag)
    issues += completeness.check(theirs, ours, language, kind, groups)
    verified = not issues
    issues += _unused_terms(terms, translation, language)
    return Verdict(verified, tuple(issues))


def _name(name: str) -> IssueName:
    found: IssueName = "nesting" if name == "nesting" else "placeholder"
    return found


def _unused_terms(terms: Sequence[Term], translation: str, language: Language) -> list[Issue]:
    missing = glossary.missing(terms, translation, language=language.tag) if terms else []
    return [
        Issue("term", f"“{term.source[:_MAX_TERM]}” is “{term.target[:_MAX_TERM]}”.")
        for term in missing
    ]
