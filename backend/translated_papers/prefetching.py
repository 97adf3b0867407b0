"""Translates editions ahead of their readers: idempotent, to be stopped and resumed at any time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from ..config import Config
from ..errors import PaperglotError, UpstreamUnavailable
from ..languages import Language
from ..lists.editions import Editions
from ..llm.usage import Usage
from ..papers.records import Edition
from ..translation.records import SegmentFailed, SegmentTranslated
from ..translation.single_flight import Assignment
from .translations import PaperTranslations

_CHARACTERS_PER_TOKEN = 4.0
_GROWTH = 1.7
"""Tokens of a translation for one of its English source, as languages go: 1.2 in Spanish, 2 in Hindi."""


@dataclass
class Progress:
    """How far one edition is in one language. Counts are of titles and abstracts."""

    total: int
    done: int = 0
    cached: int = 0
    unverified: int = 0
    failed: int = 0
    problem: PaperglotError | None = None
    """Why the first of the failed ones failed: later ones often fail because of that."""
    usage: Usage = field(default_factory=Usage)

    def __iadd__(self, other: Progress) -> Self:
        self.total += other.total
        self.done += other.done
        self.cached += other.cached
        self.unverified += other.unverified
        self.failed += other.failed
        self.problem = self.problem or other.problem
        self.usage += other.usage
        return self


@dataclass(frozen=True)
class Estimate:
    """What translating the rest of an edition would take."""

    missing: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(
            self.missing + other.missing,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
        )


class Prefetching:
    """Fetches editions and has them translated."""

    def __init__(self, editions: Editions, translations: PaperTranslations) -> None:
        self._editions = editions
        self._translations = translations

    def lists(self, names: Sequence[str]) -> list[str]:
        """The lists meant by these names, each once; all of this server without any.

        Raises:
            NotFound: there is no such list.
        """
        if not names:
            return [each.name for each in self._editions.lists()]
        return list(dict.fromkeys(self._editions.name_of(name) for name in names))

    def days(self, name: str, day: date | None, count: int) -> list[date]:
        """So many days of a list, the newest first: those up to `day`, or up to the newest edition's.

        Raises:
            UpstreamUnavailable: there is no edition, and none can be had.
        """
        if day is None:
            latest = self._editions.fetch_latest(name)
            if latest.state == "sample":
                kind = next(each.source for each in self._editions.lists() if each.name == name)
                upstream = "arXiv" if kind == "arxiv" else "Hugging Face"
                raise UpstreamUnavailable(
                    f"No edition is stored here, and {upstream} does not answer."
                )
            day = latest.date
        return [day - timedelta(days=n) for n in range(count)]

    def edition(self, name: str, day: date) -> Edition:
        """A list's edition of a day with its true texts. Raises PaperglotError."""
        return self._editions.fetch(day, name)

    def estimate(self, edition: Edition, language: Language) -> Estimate:
        """What is missing and about what it would cost. Asks no model."""
        run, _ = self._translations.start(_ids(edition), language=language)
        return estimate_of(run.missing_texts)

    def missing(self, edition: Edition, language: Language) -> list[Assignment]:
        """The texts that the model must be asked for. Asks no model."""
        return self._translations.start(_ids(edition), language=language)[0].assignments

    def translate(self, edition: Edition, language: Language) -> Iterator[Progress]:
        """Translate what is missing; yields the same record after every step."""
        run, segment_ids = self._translations.start(_ids(edition), language=language)
        progress = Progress(len(segment_ids))
        for event in run.events():
            progress.usage = run.usage
            if isinstance(event, SegmentTranslated):
                progress.done += 1
                progress.cached += event.cached
                progress.unverified += not event.verified
            elif isinstance(event, SegmentFailed):
                progress.failed += 1
                progress.problem = progress.problem or event.problem
            yield progress


def estimate_of(texts: Sequence[str]) -> Estimate:
    """About what translating texts takes."""
    return expected(len(texts), sum(map(len, texts)))


def expected(missing: int, characters: int) -> Estimate:
    """About what translating so many texts of so many characters in all would take."""
    prompt = characters * 1.3 / _CHARACTERS_PER_TOKEN  # instructions, tags and terms
    answer = characters * _GROWTH / _CHARACTERS_PER_TOKEN
    return Estimate(missing, round(prompt), round(answer))


def cost(config: Config, tokens_in: int, tokens_out: int, *, share: float = 1.0) -> str:
    """Tokens in words, and money when prices are set.

    Args:
        share: of the price that is paid.
    """
    words = f"{tokens_in:,} tokens in, {tokens_out:,} out"
    if config.price_in is None or config.price_out is None:
        return words
    money = (tokens_in * config.price_in + tokens_out * config.price_out) / 1_000_000
    return f"{words}, {share * money:.4f}"


def _ids(edition: Edition) -> Sequence[str]:
    return [paper.id for paper in edition.papers]
