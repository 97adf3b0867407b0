"""What of a request is known, what needs no model, and what is missing: pure, given the memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..errors import InvalidRequest
from ..languages import Language
from ..terminology.glossary import Term, digest, occurring
from ..terminology.paper_terms import PaperTerm
from ..texts import placeholders
from ..texts.placeholders import Protected
from ..verification import own_language
from ..verification.verify import Kind
from .memory import TranslationMemory, memory_key
from .process_cache import Remembered
from .records import Segment, TranslationRequest
from .single_flight import Assignment

_TITLE_CHARACTERS = 300
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]]*$")
_ONE_QUESTION = re.compile(r"[^.!?:;]+\?$")
_TAGS = re.compile(r"<[^<>]*>|&\w+;")


@dataclass(frozen=True)
class Entry:
    """A segment of the request with its protected text and the memory's key.

    Args:
        key_before_terms: the key it had before its paper's terms were drawn.
    """

    segment: Segment
    protected: Protected
    key: str
    key_before_terms: str


@dataclass(frozen=True)
class Lookup:
    """A request as the memory answers it.

    Args:
        entries: all segments, in the request's order.
        plain: those that are their own translations: without words, or in the reader's language.
        known: what the memory has for the others, by key, where it serves this reader.
        missing: the entries that the model must be asked for, by key; one text may stand in several.
        attempts: how often a text had been tried when the reader asked, by key.
    """

    request: TranslationRequest
    entries: Sequence[Entry]
    plain: Sequence[Entry]
    known: Mapping[str, Remembered]
    missing: Mapping[str, Sequence[Entry]]
    attempts: Mapping[str, int]

    @property
    def missing_texts(self) -> list[str]:
        """The protected texts that the model must be asked for, each once."""
        return [entries[0].protected.text for entries in self.missing.values()]

    def assignments(self) -> Iterator[Assignment]:
        """The missing texts, each with all that shapes its translation."""
        request = self.request
        for key, entries in self.missing.items():
            text = entries[0].protected.text
            yield Assignment(
                key=key,
                text=text,
                kind=kind_of(text),
                language=request.language,
                context=request.context,
                terms=self._terms_in(text),
                attempts=self.attempts.get(key, 0),
                retry=request.retry,
            )

    def _terms_in(self, text: str) -> list[Term]:
        request = self.request
        return occurring(
            text,
            language=request.language.tag,
            client_terms=_client_terms(request),
            later_terms=_later_terms(request),
            context=f"{request.context.title}\n{request.context.abstract}",
        )

    def paper_terms(self) -> tuple[PaperTerm, ...] | None:
        """The paper's terms that apply to the segments, each once; None where no paper is named."""
        request = self.request
        if request.paper_terms is None:
            return None
        plain = {entry.key for entry in self.plain}
        texts = {entry.protected.text for entry in self.entries if entry.key not in plain}
        found = {term: None for text in sorted(texts) for term in self._terms_in(text)}
        known = {term.term: term for term in request.paper_terms}
        return tuple(
            known.get(term) or PaperTerm(term.source, term.target, "termbase")
            for term in found
            if term not in request.glossary
        )


def _client_terms(request: TranslationRequest) -> tuple[Term, ...]:
    """What goes before the termbase: the reader's own glossary, then what readers changed."""
    changed = (t.term for t in request.paper_terms or () if t.origin == "reader")
    return (*request.glossary, *changed)


def _later_terms(request: TranslationRequest) -> tuple[Term, ...]:
    return tuple(t.term for t in request.paper_terms or () if t.origin == "model")


def look_up(request: TranslationRequest, memory: TranslationMemory, *, model: str) -> Lookup:
    """Protect a request's segments and ask the memory for them.

    Args:
        model: the name of the model that would be asked.

    Raises:
        InvalidRequest: a segment's placeholders are malformed.
    """
    entries = [
        _entry(segment, request, model)
        for segment in request.segments
        if segment.id not in request.problems
    ]
    plain = [
        entry for entry in entries if needs_no_translation(entry.protected.text, request.language)
    ]
    plain_keys = {entry.key for entry in plain}
    worded = [entry for entry in entries if entry.key not in plain_keys]
    # Without its database this process may not know a text that is kept; it is looked up again before
    # the model is asked.
    found = memory.look_up((entry.key for entry in worded), fresh=request.retry, partial=True)
    known = {key: kept for key, kept in found.items() if kept.serves(retry=request.retry)}
    if not request.retry:
        known |= _before_terms((entry for entry in worded if entry.key not in known), memory)
    missing: dict[str, list[Entry]] = {}
    for entry in worded:
        if entry.key not in known:
            missing.setdefault(entry.key, []).append(entry)
    return Lookup(
        request=request,
        entries=entries,
        plain=plain,
        known=known,
        missing=missing,
        attempts={key: kept.attempts for key, kept in found.items()},
    )


def _entry(segment: Segment, request: TranslationRequest, model: str) -> Entry:
    try:
        protected = placeholders.protect(segment.text, in_parts=segment.parts)
    except InvalidRequest as problem:
        raise InvalidRequest(f"Segment {segment.id[:80]!r}: {problem.detail}") from None
    language, glossary = request.language, _client_terms(request)
    before = key_of(protected, language, model=model, glossary=glossary)
    key = before
    if later := _later_terms(request):
        key = key_of(protected, language, model=model, glossary=glossary, later_terms=later)
    return Entry(segment, protected, key, before)


def _before_terms(entries: Iterable[Entry], memory: TranslationMemory) -> dict[str, Remembered]:
    """What was paid for before a paper's terms were drawn serves its readers still, under the key of now."""
    wanted = {e.key: e.key_before_terms for e in entries if e.key != e.key_before_terms}
    found = memory.look_up(wanted.values(), partial=True)
    return {
        key: found[before]
        for key, before in wanted.items()
        if before in found and found[before].translation.verified
    }


def key_of(
    protected: Protected,
    language: Language,
    *,
    model: str,
    glossary: Sequence[Term] = (),
    later_terms: Sequence[Term] = (),
) -> str:
    """The memory's key of a protected text.

    Of the client's and the paper's terms only those that occur count: changing another one costs nothing.
    """
    if glossary or later_terms:
        found = occurring(
            protected.text,
            language=language.tag,
            client_terms=glossary,
            later_terms=later_terms,
        )
        glossary = [term for term in (*glossary, *later_terms) if term in found]
    return memory_key(
        protected.text,
        lang=language.tag,
        model=model,
        glossary=digest(glossary, language=language.tag),
    )


def has_prose(protected_text: str) -> bool:
    """Whether there are words to translate, or only formulas, numbers and signs."""
    return any(character.isalpha() for character in _TAGS.sub("", protected_text))


def needs_no_translation(protected_text: str, language: Language) -> bool:
    """Whether a text is its own translation: it has no words, or certainly is in the language."""
    return not has_prose(protected_text) or own_language.is_in(protected_text, language)


def kind_of(protected_text: str) -> Kind:
    """A short text that does not end as a sentence is a title, and so is one that only asks."""
    if len(protected_text) > _TITLE_CHARACTERS:
        return "prose"
    asks = _ONE_QUESTION.fullmatch(protected_text)
    return "title" if asks or not _SENTENCE_END.search(protected_text) else "prose"
