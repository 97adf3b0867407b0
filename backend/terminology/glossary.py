"""Terms: which ones a text contains, and whether its translation uses them.

Three sources, one shape. The client sends a glossary with a request; below it lies our termbase for AI papers,
and below that what a model drew from the paper (``paper_terms``). The termbase is one file a language,
``termbases/<tag>.tsv``:

    # version: 1
    fine-tuning<tab>微调 | 精调

one entry a line: the English headword, a tab, the translation we ask for, and after `` | `` others that are
as good when the model takes them. A term left in English has itself as its translation. Inflected forms
need no entry of their own unless the stem changes (``inflection``). ``termbases/english-forms.tsv`` says
what the headwords look like in a sentence (fine-tuned, finetune), and which of them are *ambiguous*, having
another sense in other fields (a policy, the alignment of galaxies): such a term counts only beside one that
tells that the text is about AI. One that is at home in every field is *general* and tells nothing.

Terms are advice. What the model is told is cut to a budget (``occurring`` puts the most useful first), and
a term that was not used is reported, never a reason to refuse.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Literal

from .inflection import Wording
from .term_index import TermIndex, is_abbreviation, key_of, spellings, words_of

_DATA = resources.files(__package__) / "termbases"
_ENGLISH_FORMS = "english-forms"

Sense = Literal["telling", "general", "ambiguous"]
"""What a headword says about its text: it is about AI; nothing; or it needs another word to say so."""


@dataclass(frozen=True)
class Term:
    """An English source term and what it is called in the target language.

    Args:
        target: the translation to ask for.
        accepted: others that count as used, should the model prefer them.
    """

    source: str
    target: str
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Entry:
    term: Term
    sense: Sense


@dataclass(frozen=True, eq=False)
class Termbase:
    """The built-in terms of one language; without entries for a language that has no file."""

    tag: str
    version: int
    terms: tuple[Term, ...]
    _index: TermIndex[_Entry] = field(repr=False)

    @classmethod
    def for_language(cls, tag: str) -> Termbase:
        """The termbase of a language by its tag in canonical case (``languages``); read once."""
        return _load(tag if tag in _tags() else "")

    def occurring(
        self,
        text: str,
        *,
        client_terms: Sequence[Term] = (),
        later_terms: Sequence[Term] = (),
        context: str = "",
    ) -> list[Term]:
        """The terms in a text in protected form, most useful first; see the function of this name."""
        words = words_of(text)
        taken = bytearray(len(words.folded))
        client = _client_index(self.tag, tuple(client_terms)) if client_terms else None
        chosen = client.index.find(words, taken) if client else []
        free = taken[:]
        entries = self._index.find(words, taken)
        if client:
            entries = [entry for entry in entries if entry.term.source not in client.overridden]
        about_ai = _tell(entries) or (client and any(term in client.telling for term in chosen))
        if not about_ai and any(entry.sense == "ambiguous" for entry in entries):
            around = words_of(context)
            if not _tell(self._index.find(around, bytearray(len(around.folded)))):
                entries = [entry for entry in entries if entry.sense != "ambiguous"]
                taken = free  # what is no term of ours here may be one of the paper's
        later = _later_index(tuple(later_terms)).find(words, taken) if later_terms else []
        return chosen + [entry.term for entry in sorted(entries, key=_usefulness)] + later


@dataclass(frozen=True)
class _Client:
    index: TermIndex[Term]
    overridden: frozenset[str]  # headwords of ours that the client translates its own way
    telling: frozenset[Term]  # the client's terms that stand for a telling headword of ours


def occurring(
    text: str,
    *,
    language: str,
    client_terms: Sequence[Term] = (),
    later_terms: Sequence[Term] = (),
    context: str = "",
) -> list[Term]:
    """The terms that occur in a text in protected form, each once, most useful first.

    Whole words, the longest match ("attention head" hides "attention" there), in any case unless the term is
    an abbreviation. A client's term stands before ours, replaces ours of the same source and is not hidden
    by a longer one of ours. Segments that are asked for together are best joined by a line break, which no
    term crosses.

    Args:
        language: tag of the target language, in canonical case, as everywhere below.
        client_terms: one without a source or target, or with more than 12 words, is passed over.
        later_terms: those that count only where neither the client's nor ours do.
        context: what else is known of the paper (title, abstract). It is not searched for terms; it may
            tell that a title with an ambiguous term is about AI.
    """
    termbase = Termbase.for_language(language)
    return termbase.occurring(
        text, client_terms=client_terms, later_terms=later_terms, context=context
    )


def missing(terms: Sequence[Term], translation: str, *, language: str) -> list[Term]:
    """Those of the terms which a translation, in protected form, does not use in any accepted form.

    The English source counts as used only where it is the target or among the accepted: "token" is what
    Spanish says, "ground truth" left in a Chinese sentence is noticed unless its entry allows it.
    """
    if not terms:
        return []
    wording = Wording(translation, language=language)
    return [
        term
        for term in terms
        if term.target.strip() and not any(map(wording.uses, (term.target, *term.accepted)))
    ]


def digest(client_terms: Sequence[Term], *, language: str) -> str:
    """What a translation owes to its glossary, as 16 characters for the translation memory's key.

    It changes with any client term's source or target and with the version of our termbase, not with the
    order of the terms and not with an edit that leaves the version as it is: so a corrected synonym keeps
    the translations there are, and raising the version asks for them anew. Pass the client terms that occur
    in the segment, and a term added to a glossary costs only the segments that contain it.
    """
    return _digest(Termbase.for_language(language), tuple(client_terms))


@lru_cache(maxsize=64)
def _digest(termbase: Termbase, client_terms: tuple[Term, ...]) -> str:
    pairs = {  # of two for one source the first counts, as in `occurring`
        term.source if is_abbreviation(term.source) else key_of(term.source): term.target
        for term in reversed(client_terms)
        if _usable(term)
    }
    stated = json.dumps([termbase.tag, termbase.version, sorted(pairs.items())])
    return hashlib.sha256(stated.encode()).hexdigest()[:16]


def _tell(entries: Iterable[_Entry]) -> bool:
    return any(entry.sense == "telling" for entry in entries)


def _usefulness(entry: _Entry) -> tuple[bool, bool, int, int]:
    """A sort key: what a model gets wrong or calls now this, now that, comes first.

    Words with another sense, then those with many names (each accepted form is one), then the longer, which
    are the more specialised. Abbreviations that stay as they are come last: no model needs to be told.
    """
    term = entry.term
    kept = term.source == term.target and is_abbreviation(term.source)
    return kept, entry.sense != "ambiguous", -len(term.accepted), -len(term.source)


def _usable(term: Term) -> bool:
    return bool(key_of(term.source)) and bool(term.target.strip())


@cache
def _tags() -> frozenset[str]:
    files = [
        file.name.removesuffix(".tsv") for file in _DATA.iterdir() if file.name.endswith(".tsv")
    ]
    return frozenset(files) - {_ENGLISH_FORMS}


def _read(name: str) -> tuple[int, list[list[str]]]:
    """A data file's version and rows."""
    first, *lines = (_DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return int(first.removeprefix("# version: ")), rows


@cache
def _english() -> dict[str, tuple[tuple[str, ...], Sense]]:
    """Headword -> its further forms and its sense, for those of which there is something to say."""
    senses: dict[str, Sense] = {"general": "general", "ambiguous": "ambiguous"}
    return {
        headword: (tuple(filter(None, forms.split(" | "))), senses[mark[0]] if mark else "telling")
        for headword, forms, *mark in _read(_ENGLISH_FORMS)[1]
    }


_PLAIN: tuple[tuple[str, ...], Sense] = ((), "telling")


@cache
def _load(tag: str) -> Termbase:
    version, rows = _read(tag) if tag else (0, [])
    entries: list[tuple[tuple[str, ...], _Entry]] = []
    for source, targets in rows:
        target, *accepted = targets.split(" | ")
        forms, sense = _english().get(source, _PLAIN)
        entries.append(((source, *forms), _Entry(Term(source, target, tuple(accepted)), sense)))
    return Termbase(
        tag=tag,
        version=version,
        terms=tuple(entry.term for _, entry in entries),
        _index=TermIndex(entries),
    )


@lru_cache(maxsize=64)
def _later_index(terms: tuple[Term, ...]) -> TermIndex[Term]:
    return TermIndex(((term.source,), term) for term in terms if _usable(term))


@lru_cache(maxsize=64)
def _client_index(tag: str, terms: tuple[Term, ...]) -> _Client:
    """A client's terms, each found in the English forms that ours of the same source has."""
    ours = {key_of(term.source): term.source for term in _load(tag).terms}
    overridden = set()
    telling = set()
    own: list[tuple[tuple[str, ...], Term]] = []
    inherited: list[tuple[tuple[str, ...], Term]] = []
    for term in filter(_usable, terms):
        own.append(((term.source,), term))
        keys = {key_of(form) for form in spellings(term.source)}
        for headword in (ours[key] for key in sorted(keys & ours.keys())):
            forms, sense = _english().get(headword, _PLAIN)
            overridden.add(headword)
            inherited.append(((headword, *forms), term))
            if sense == "telling":
                telling.add(term)
    # What the client wrote itself goes before what its other terms inherit.
    return _Client(TermIndex(own + inherited), frozenset(overridden), frozenset(telling))
