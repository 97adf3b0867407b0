"""Papers meet the translator: titles and abstracts as segments, and what of them is translated already.

Stands above `papers` and `translation`, which know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from .. import languages
from ..errors import PaperglotError
from ..languages import Language
from ..papers.paper_lookup import PaperLookup
from ..papers.records import Paper, PaperTranslation
from ..terminology.glossary import Term
from ..texts import placeholders
from ..texts.html import translation_to_html
from ..texts.placeholders import Protected
from ..translation.lookup import key_of, needs_no_translation
from ..translation.process_cache import Remembered
from ..translation.records import READER, Segment, TranslationRequest
from ..translation.run import TranslationRun
from ..translation.translator import Translator


class PaperTranslations:
    """Translates papers, and looks up what is kept of them without ever asking the model."""

    def __init__(self, papers: PaperLookup, translator: Translator) -> None:
        self._papers = papers
        self._translator = translator

    def start(
        self,
        ids: Sequence[str],
        *,
        language: Language,
        glossary: Sequence[Term] = (),
        retry: bool = False,
    ) -> tuple[TranslationRun, list[str]]:
        """Begin to translate papers; also gives the segment ids, `ID/title` and `ID/abstract`.

        Raises:
            InvalidRequest: an id that is no arXiv identifier.
        """
        found = self._papers.many(ids)
        segments: list[Segment] = []
        problems: dict[str, PaperglotError] = {}
        for paper_id in ids:
            paper = found[paper_id]
            for part in ("title", "abstract"):
                segment_id = f"{paper_id}/{part}"
                if isinstance(paper, PaperglotError):
                    problems[segment_id] = paper
                text = getattr(paper, part, "")
                segments.append(Segment(segment_id, placeholders.escape(text)))
        run = self._translator.start(
            TranslationRequest(
                language, tuple(segments), glossary=tuple(glossary), retry=retry, problems=problems
            )
        )
        return run, [segment.id for segment in segments]

    def stored(self, papers: Iterable[Paper], lang: str) -> Mapping[str, PaperTranslation]:
        """The translations kept for these papers, by paper id; those without a title are left out."""
        language = languages.find(lang)
        parts = {
            paper.id: (_protected(paper.title), _protected(paper.abstract)) for paper in papers
        }
        keys = {
            protected.text: key_of(protected, language, model=self._translator.model_name)
            for pair in parts.values()
            for protected in pair
        }
        known = self._translator.memory.look_up(keys.values(), partial=True)
        found: dict[str, PaperTranslation] = {}
        for paper_id, (title, abstract) in parts.items():
            titled = _translated(title, known.get(keys[title.text]), language)
            told = _translated(abstract, known.get(keys[abstract.text]), language)
            if titled is None:
                continue
            found[paper_id] = PaperTranslation(
                lang=language.tag,
                title=titled.plain,
                title_html=titled.html,
                abstract=told.plain if told else None,
                abstract_html=told.html if told else None,
                verified=titled.verified and (told is None or told.verified),
                origin=_origin(titled.origin, told.origin if told else ""),
                changed_at=_last(titled, told),
            )
        return found

    def have_at_hand(self, papers: Iterable[Paper]) -> None:
        """Read what is kept of these papers into this process, in every language."""
        texts = [_protected(text) for paper in papers for text in (paper.title, paper.abstract)]
        memory, model = self._translator.memory, self._translator.model_name
        for tag in memory.languages():
            language = languages.find(tag)
            memory.look_up({key_of(text, language, model=model) for text in texts})

    def keys_of(self, paper: Paper) -> set[str]:
        """The memory's keys of a paper's title and abstract, in every language, of every model that is kept.

        Texts asked for with terms of a reader's own are kept under keys that nobody else can compute.
        """
        return {key for language in languages.ALL for key in self.sources_of([paper], language)}

    def sources_of(self, papers: Iterable[Paper], language: Language) -> dict[str, str]:
        """The protected titles and abstracts of papers by the memory's keys, of every model that is kept."""
        models = {self._translator.model_name, *self._translator.memory.models()}
        return {
            key_of(protected, language, model=model): protected.text
            for paper in papers
            for protected in (_protected(paper.title), _protected(paper.abstract))
            for model in models
        }

    def language_tag(self, lang: str) -> str:
        """A language's tag as our list writes it. Raises UnsupportedLanguage."""
        return languages.find(lang).tag

    def revision(self, lang: str) -> int:
        """A number that changes whenever a translation in this language is kept.

        Below zero while the database is away, when only this process's translations are known.
        """
        return self._translator.memory.revision(languages.find(lang).tag)


def _origin(of_title: str, of_abstract: str) -> str:
    """Who wrote a translation: a reader, where one wrote either part, else the title's model first."""
    return READER if READER in (of_title, of_abstract) else of_title or of_abstract


@lru_cache(maxsize=4096)
def _protected(text: str) -> Protected:
    return placeholders.protect(placeholders.escape(text))


@dataclass(frozen=True)
class _Translated:
    """A title or an abstract as readers get it."""

    plain: str
    html: str
    verified: bool
    origin: str
    changed_at: float | None


def _last(*texts: _Translated | None) -> datetime | None:
    """When the last of these texts changed."""
    times = [text.changed_at for text in texts if text and text.changed_at is not None]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def _translated(
    protected: Protected, remembered: Remembered | None, language: Language
) -> _Translated | None:
    """What is kept of a text; one without words, or in the language already, is its own translation."""
    if remembered:
        translation = remembered.translation
        text, verified, origin = translation.text, translation.verified, translation.model
        changed_at = translation.changed_at
    elif needs_no_translation(protected.text, language):
        text, verified, origin, changed_at = protected.text, True, "", None
    else:
        return None
    plain = placeholders.to_plain(placeholders.restore(protected, text))
    html = translation_to_html(protected, text)
    return _Translated(plain, html, verified, origin, changed_at)
