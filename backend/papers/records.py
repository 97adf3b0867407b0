"""Papers, editions and their translations as values, and what tests may put in their place.

Text in these records is plain: one line, TeX as the author wrote it, never mark-up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date  # the records have fields called `date`
from datetime import datetime, timedelta
from typing import Literal, Protocol

TextSource = Literal["arxiv", "huggingface", "sample"]
"""Whose words the title and abstract are; `huggingface` has lost TeX and is a fallback."""

State = Literal["final", "filling", "empty", "sample"]

Order = Literal["votes", "submitted", "listed"]
"""How a list's papers stand: by votes, then identifier; as submitted, which arXiv knows to the second; as its
owner wrote them."""

Clock = Callable[[], datetime]
"""Now, with a time zone; tests put their own in."""


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One paper as its list and arXiv describe it."""

    id: str
    """Canonical arXiv identifier; with a version only when that version was asked for."""
    title: str
    abstract: str
    text_source: TextSource
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    categories: tuple[str, ...] = ()
    """arXiv's, the primary one first."""
    arxiv_comment: str | None = None
    """The authors' own line at arXiv: pages, figures, where accepted."""
    upvotes: int = 0
    comments: int = 0
    """How many comments its page at Hugging Face has."""
    summary: str | None = None
    """One sentence, written by a machine at Hugging Face."""
    keywords: tuple[str, ...] = ()
    code_url: str | None = None
    project_url: str | None = None
    text_changed_at: datetime | None = field(default=None, compare=False)
    """When title or abstract last became another, where that is known; the store keeps it."""


@dataclass(frozen=True, kw_only=True)
class Metadata:
    """What arXiv says about a paper."""

    id: str
    version: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    published: datetime | None
    categories: tuple[str, ...]
    comment: str | None


@dataclass(frozen=True, kw_only=True)
class DailyList:
    """The upstream's answer about one day."""

    papers: tuple[Paper, ...]
    etag: str | None = None
    unchanged: bool = False
    """The upstream says (304) that the list is what `etag` named; `papers` is then empty."""


@dataclass(frozen=True, kw_only=True)
class Picked:
    """A paper that the server's owner has put on a list of their own."""

    id: str
    """Canonical arXiv identifier."""
    note: str | None = None
    """What the owner wrote about it, one line."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """One UTC day's list, as a reader gets it."""

    list: str = "huggingface"
    """The list's name, as in SOURCES; a file's without its folder."""
    date: Date
    state: State
    source: Literal["huggingface", "arxiv", "file", "sample"]
    fetched_at: datetime | None
    stale: bool
    """Upstream or database could not be asked when they should have been: there may be something newer."""
    previous: Date | None
    next: Date | None
    note: str | None
    papers: tuple[Paper, ...]
    """In the list's order."""
    order: Order = "votes"
    owner_notes: Mapping[str, str] = field(default_factory=dict)
    """What the server's owner wrote about papers of a list of their own, by identifier."""
    database_away: bool = False
    """It is stale because this server's own database does not answer."""


@dataclass(frozen=True, kw_only=True)
class ListDescription:
    """One of the lists that this server keeps."""

    name: str
    title: str
    """In English words."""
    source: Literal["huggingface", "arxiv", "file"]
    order: Order


@dataclass(frozen=True, eq=False)
class NewestEditions:
    """Editions, newest first, each paper only in the first that it stood on. Compared by identity."""

    editions: tuple[Edition, ...]


@dataclass(frozen=True, kw_only=True)
class EditionSummary:
    """A line of the archive."""

    date: Date
    papers: int
    state: State


@dataclass(frozen=True, kw_only=True)
class Freshness:
    """How fresh the stored lists are.

    Args:
        latest: the day of the newest edition with enough papers.
        fetched_at: when that was fetched.
        fetched_today_at: when today's list was last fetched.
        next_fetch_at: when today's list is due again.
        failures: fetches of today's list that failed, since one last went well.
    """

    latest: Date | None
    fetched_at: datetime | None
    fetched_today_at: datetime | None
    next_fetch_at: datetime | None
    failures: int


@dataclass(frozen=True, kw_only=True)
class PaperTranslation:
    """A translation of exactly the title and abstract a `Paper` has now."""

    lang: str
    title: str
    title_html: str
    abstract: str | None
    abstract_html: str | None
    """None when only the title is translated so far."""
    verified: bool
    origin: str
    """The model's name, `reader` where a reader wrote some of it, or `sample`."""
    changed_at: datetime | None = field(default=None, compare=False)
    """When its words, or whether they are verified, last changed; None where that was never."""


class StoredTranslations(Protocol):
    """What the translation memory already holds; never asks a model."""

    def language_tag(self, lang: str) -> str:
        """A language's tag as our list writes it. Raises UnsupportedLanguage."""
        ...

    def stored(self, papers: Sequence[Paper], lang: str) -> Mapping[str, PaperTranslation]:
        """The translations of these texts, by paper id; papers without one are left out.

        Args:
            papers: a translation belongs to the text they have now, not to the identifier.
            lang: BCP 47 tag as our list of languages writes it.
        """
        ...

    def revision(self, lang: str) -> int:
        """A number that changes when a translation into `lang` was kept, by any process.

        Asked on every request: it must be cheap.
        """
        ...


class DailyListSource(Protocol):
    """Where the day's list comes from."""

    def daily(self, day: Date, *, etag: str | None = None, attempts: int = 1) -> DailyList:
        """The list of one UTC day. Raises UpstreamUnavailable."""
        ...


class Calendar(Protocol):
    """When a list's days have papers, when they settle, and what to say about a gap.

    Days are UTC. Modules fulfil it: `edition_calendar`, `arxiv_calendar`, `picks_calendar`.
    """

    def newest(self, now: datetime) -> Date:
        """The newest day that may have papers now."""
        ...

    def first(self, today: Date) -> Date:
        """The earliest day that is asked for."""
        ...

    def settles(self, day: Date) -> datetime:
        """From when on a successful poll makes a day's list final."""
        ...

    def next_poll(
        self, day: Date, *, polled_at: datetime, interval: timedelta, empty: bool
    ) -> datetime | None:
        """When to poll again after a poll that succeeded; None: never."""
        ...

    def expected(self, day: Date) -> bool:
        """Whether a list is to be expected of a day that nobody has asked for."""
        ...

    def previous(self, day: Date, known: Mapping[Date, int]) -> Date | None:
        """The day to go back to, by how many papers the stored days around have."""
        ...

    def following(self, day: Date, known: Mapping[Date, int]) -> Date | None:
        """The day whose list comes next; it may lie in the future."""
        ...

    def note_on_empty(self, day: Date, *, today: Date, known: Mapping[Date, int]) -> str:
        """Why a day has no list, and when the next one comes."""
        ...

    def note_on_filling(self, day: Date, *, today: Date) -> str:
        """What may still happen to a list that is not settled."""
        ...


class Polling(Protocol):
    """Keeps the days of one list as their source has them."""

    interval: timedelta
    """Between polls of a day that still changes."""
    remark: str | None
    """What readers of a list that has no papers at all are to be told, beside that."""

    def due(self) -> list[Date]:
        """The days to poll now, the most wanted first."""
        ...

    def next_due(self) -> datetime:
        """When the next poll is due; it may have passed."""
        ...

    def is_due(self, day: Date) -> bool:
        """Whether a day may be polled now."""
        ...

    def poll(self, day: Date, *, attempts: int = 1) -> bool:
        """Poll a day if that is due; False when another process is at it. Raises UpstreamUnavailable."""
        ...


class MetadataSource(Protocol):
    """Where true titles and abstracts come from."""

    def metadata(self, ids: Sequence[str]) -> Mapping[str, Metadata]:
        """What is known of these papers, in one request; unknown ones are left out.

        Raises UpstreamUnavailable, and MalformedIdentifier when the source refuses one of them.
        """
        ...
