"""The sample edition as a search index: its few papers, so that a new reader's search finds something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .. import languages
from ..papers.records import Paper, PaperTranslation
from ..papers.sample import SampleEdition
from ..texts.search_expressions import Expression, fits
from . import search_documents as documents
from .search_documents import Facts, Kept, Original
from .search_index import Row


@dataclass(frozen=True)
class _Document:
    row: Row
    tokens: frozenset[str]
    characters: int


class SampleIndex:
    """Answers what `SqlIndex` does, about the sample's papers.

    Args:
        stored: translations of them made here, by language and paper id; of languages the sample has none for.
    """

    def __init__(
        self,
        sample: SampleEdition,
        stored: Mapping[str, Mapping[str, PaperTranslation]] | None = None,
    ) -> None:
        self._sample = sample
        self._stored = stored or {}
        self._documents = cache(self._read)

    def translations(self, lang: str) -> Mapping[str, PaperTranslation]:
        """The sample's own into a language, and those made here, by paper id."""
        return {**self._stored.get(lang, {}), **self._sample.translations(lang)}

    def count(self, expression: Expression) -> int:
        """How many papers meet a condition."""
        return sum(fits(expression, document.tokens) for document in self._documents())

    def newest(
        self, expression: Expression, *, after: Row | None, limit: int, found: int
    ) -> list[Row]:
        """The papers that meet it, by identifier, descending: all have one day."""
        rows = [
            document.row
            for document in self._documents()
            if fits(expression, document.tokens)
            and (
                after is None
                or (document.row.day, document.row.paper_id) < (after.day, after.paper_id)
            )
        ]
        return sorted(rows, key=lambda row: (row.day, row.paper_id), reverse=True)[:limit]

    def characters(self, expression: Expression, found: int) -> int:
        """How many characters their originals have."""
        met = (d.characters for d in self._documents() if fits(expression, d.tokens))
        return sum(met)

    def languages_of(self, paper_ids: list[str]) -> dict[str, list[str]]:
        """In which languages papers can be read, by identifier."""
        found = {each.tag: self.translations(each.tag) for each in languages.ALL}
        return {id: [tag for tag, those in found.items() if id in those] for id in paper_ids}

    def _read(self) -> list[_Document]:
        return [self._document(paper) for paper in self._sample.edition().papers]

    def _document(self, paper: Paper) -> _Document:
        original = Original(paper.title, paper.abstract, paper.authors)
        translations: dict[str, tuple[Kept | None, Kept | None]] = {}
        for language in languages.ALL:
            if kept := self.translations(language.tag).get(paper.id):
                told = Kept(documents.protected(kept.abstract or "").text, kept.verified)
                titled = Kept(documents.protected(kept.title).text, kept.verified)
                translations[language.tag] = (titled, told)
        facts = Facts(self._sample.edition().date, paper.categories, bool(paper.code_url))
        tokens = documents.text_tokens(original, translations)
        tokens |= documents.attributes(original, translations, facts)
        row = Row(paper.id, self._sample.edition().date)
        return _Document(row, frozenset(tokens), len(paper.title) + len(paper.abstract))
