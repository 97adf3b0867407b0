"""What goes through the translator: requests in, events out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..errors import PaperglotError
from ..languages import Language
from ..llm.usage import Usage
from ..terminology.glossary import Term
from ..terminology.paper_terms import PaperTerm


@dataclass(frozen=True)
class Segment:
    """One block of text to translate, in the API's form: prose with `<x1/>`, `<g2>…</g2>`, `&lt;`.

    `parts`: a mark `<p1/>`, `<p2/>`, … stands in it for each display that parts it.
    """

    id: str
    text: str
    parts: bool = False


@dataclass(frozen=True)
class Context:
    """What surrounds the segments; shown to the model, never translated."""

    title: str = ""
    section: str = ""
    abstract: str = ""


@dataclass(frozen=True)
class TranslationRequest:
    """Segments of one reader for one target language.

    `paper_terms` are those of the paper that the segments are from, where one is named; `retry` asks the
    model once more although a translation is kept; `sentences` asks which sentence of a translation is
    which of its source; `problems` are segments known beforehand to fail.
    """

    language: Language
    segments: tuple[Segment, ...]
    context: Context = field(default_factory=Context)
    glossary: tuple[Term, ...] = ()
    paper_terms: tuple[PaperTerm, ...] | None = None
    retry: bool = False
    sentences: bool = False
    problems: Mapping[str, PaperglotError] = field(default_factory=dict)


READER = "reader"
"""Stands for the model's name where a reader wrote or mended the translation."""


@dataclass(frozen=True)
class Translation:
    """What the memory keeps for one protected text. `issues` are names of checks, `term` being advice.

    `sentence_starts`: where in the text each sentence of the source begins, where that is known.
    `changed_at`: when text or verdict last changed, in seconds since 1970; known of what the memory gives.
    """

    text: str
    verified: bool
    issues: tuple[str, ...]
    model: str
    sentence_starts: tuple[int, ...] | None = None
    changed_at: float | None = field(default=None, compare=False)


@dataclass(frozen=True)
class SentenceAlignment:
    """Whether a translation has a mark before each sentence of its source, and where those begin there.

    `source`: in UTF-16 code units of the segment as it was sent, as JavaScript counts; None where unknown.
    """

    aligned: bool
    source: tuple[int, ...] | None


@dataclass(frozen=True)
class Queued:
    """The request waits for the model behind others: its place, 1 being the next; 0: it waits no more."""

    place: int


@dataclass(frozen=True)
class SegmentDelta:
    """The next piece of a segment's translation, in the API's form; never half a placeholder."""

    id: str
    text: str


@dataclass(frozen=True)
class SegmentTranslated:
    """One segment's whole translation, checked; `sentences` where they were asked for."""

    id: str
    text: str
    verified: bool
    cached: bool
    issues: tuple[str, ...]
    sentences: SentenceAlignment | None = None


@dataclass(frozen=True)
class SegmentFailed:
    """One segment that could not be translated, and why."""

    id: str
    problem: PaperglotError


@dataclass(frozen=True)
class RunDone:
    """The last event of a request."""

    usage: Usage
    translated: int
    cached: int
    failed: int
    terms: tuple[PaperTerm, ...] | None = None
    """The paper's terms that occur in the segments, where a paper is named."""


Event = Queued | SegmentDelta | SegmentTranslated | SegmentFailed | RunDone
Heartbeat = Literal["heartbeat"]
