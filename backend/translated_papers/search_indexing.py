"""Keeps the search index as the papers and their shown translations are, in small steps, whoever changed them.

Triggers note each change in `search_changes`, in the transaction that makes it. One process at a time takes
some notes, looks at what is stored now, and writes the index; a step cut off is done again. A change is found
within `PAUSE` seconds, and by a search in the same moment (see `SearchIndexer.refresh`).
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from .. import languages
from ..database import writing
from ..errors import UnsupportedLanguage
from ..leases import Leases
from ..papers.periodic_worker import PeriodicWorker
from ..revisions import Revisions
from . import search_documents as documents
from . import search_sources as sources
from . import search_tables as tables
from .search_documents import Kept, Original
from .search_sources import StoredPaper
from .search_tables import Document, Step, search_changes, search_languages, search_papers

PAUSE = 2.0
"""Seconds between looks at what has changed."""
_PASS = 0.3
"""Seconds of work after which readers have the processor to themselves for as long."""
_CHANGES = 100
"""Notes taken in one step; what a step holds in memory grows with it."""
_FILLED = 500
"""Papers looked at in one step for the translations into one more language."""
_WAITED_FOR = 500
"""Changes that a search waits for; with more of them the index is being filled."""
_TIDIED = 1_000
"""Papers written by this process after which the index is put in order."""
_LOOK = 0.1
"""Seconds between looks at another process's work, which cannot wake this one."""
_LEASE = "search index"
REVISION = "search"


class SearchIndexer:
    """Brings the index up to date.

    Args:
        model: the name of the model whose translations readers are shown.
    """

    def __init__(self, engine: sa.Engine, leases: Leases, *, model: str) -> None:
        self._engine = engine
        self._leases = leases
        self._model = model
        self._revisions = Revisions(engine, seconds=0.2)
        self._worker = PeriodicWorker("search index", self._work)
        self._checked = False
        self._written = 0
        self._tidying = False

    def start(self) -> None:
        """Begin to follow the changes of all processes."""
        self._worker.ensure_running()

    def close(self) -> None:
        """End the thread."""
        self._worker.close()

    def revision(self) -> int:
        """A number that grows with each change of the index, by any process."""
        return self._revisions.current(REVISION)

    def refresh(self, seconds: float) -> None:
        """Have what was stored until now indexed, if that takes no longer; else it follows soon."""
        self._worker.ensure_running()
        until = time.monotonic() + seconds
        while 0 < self._backlog() < _WAITED_FOR and (left := until - time.monotonic()) > 0:
            self._worker.wake()
            self._worker.wait_for_pass(left)

    def _backlog(self) -> int:
        """About how many papers wait to be indexed."""
        ids = sa.select(sa.func.min(search_changes.c.id), sa.func.max(search_changes.c.id))
        top = sa.select(sa.func.max(search_papers.c.number)).scalar_subquery()
        unseen = sa.select(sa.func.max(top - search_languages.c.filled_to))
        with self._engine.connect() as connection:
            first, last = connection.execute(ids).one()
            papers_unseen = connection.execute(unseen).scalar() or 0
        return papers_unseen + (last - first + 1 if first is not None else 0)

    def catch_up(self) -> None:
        """Index everything that is noted; another process that is at it is waited for."""
        while self.is_behind():
            if not self.step():
                time.sleep(_LOOK)
        while self._tidy():
            pass

    def is_behind(self) -> bool:
        """Whether anything waits to be indexed."""
        return self._backlog() > 0

    def _work(self) -> float:
        began = time.monotonic()
        while self.step():
            if (taken := time.monotonic() - began) > _PASS:
                return taken  # half of the time is the readers'
        return _PASS if self._tidy() else PAUSE

    def _tidy(self) -> bool:
        """Once much was written, have the index put in order, step by step; False when it is."""
        if self._written < _TIDIED and not self._tidying:
            return False
        with writing(self._engine) as connection:
            first, self._written = not self._tidying, 0
            self._tidying = tables.tidy(connection, first=first)
        return self._tidying

    def step(self) -> bool:
        """Do one step; False when there is nothing to do, or another process is at it."""
        if not self.is_behind() and self._checked:
            return False
        with self._leases.held(_LEASE) as ours:
            if not ours:
                return False
            if not self._checked:
                self._check()
            with self._engine.connect() as connection:
                step = self._next(connection)
            if step is None:
                return False
            self._write(step)
        return True

    def _check(self) -> None:
        """Begin anew where the translations shown have other keys now: of another model, say."""
        with writing(self._engine) as connection:
            rows = connection.execute(sa.select(search_languages)).all()
            if any(row.fingerprint not in ("", self._fingerprint(row.lang)) for row in rows):
                tables.clear(connection)
            for lang in connection.execute(sa.select(search_languages.c.lang)).scalars().all():
                of_it = search_languages.c.lang == lang
                connection.execute(
                    sa.update(search_languages)
                    .where(of_it)
                    .values(fingerprint=self._fingerprint(lang))
                    if _is_ours(lang)
                    else sa.delete(search_languages).where(of_it)
                )
        self._checked = True

    def _fingerprint(self, lang: str) -> str:
        return documents.fingerprint(lang, model=self._model) if _is_ours(lang) else ""

    # Reading

    def _next(self, connection: sa.Connection) -> Step | None:
        filled: dict[str, int] = {
            row.lang: row.filled_to
            for row in connection.execute(sa.select(search_languages))
            if _is_ours(row.lang)
        }
        top = connection.execute(sa.select(sa.func.max(search_papers.c.number))).scalar() or 0
        noted = sa.select(search_changes).order_by(search_changes.c.id).limit(_CHANGES)
        if changes := connection.execute(noted).all():
            return self._changed(connection, changes, filled, top)
        for lang, number in filled.items():
            if number < top:
                return self._one_more_language(connection, lang, filled, top)
        return None

    def _changed(
        self,
        connection: sa.Connection,
        changes: Sequence[sa.Row[Any]],
        filled: Mapping[str, int],
        top: int,
    ) -> Step:
        """What these notes are about, written anew."""
        old_papers, old_texts = sources.as_indexed(changes)
        ids = {change.paper_id for change in changes if change.paper_id}
        ids |= sources.papers_of(connection, old_texts)
        new_papers = iter(range(top + 1, top + 1 + len(ids)))
        read = sources.read_papers(connection, sorted(ids), old_papers, new_papers)
        complete = [lang for lang, number in filled.items() if number >= top]
        langs = {
            paper.id: complete
            if paper.attributes is None
            else [lang for lang, number in filled.items() if number >= paper.number]
            for paper in read
        }
        step = Step(
            changes=[change.id for change in changes],
            new_languages=sorted(
                {c.lang for c in changes if c.lang and _is_ours(c.lang)} - filled.keys()
            ),
        )
        self._documents(connection, step, read, langs, langs, old_texts)
        highest = max((paper.number for paper in read), default=top)
        if highest > top:
            step.filled = dict.fromkeys(complete, highest)
        return step

    def _one_more_language(
        self, connection: sa.Connection, lang: str, filled: Mapping[str, int], top: int
    ) -> Step:
        """The translations of some papers into a language that is new here."""
        first, last = filled[lang] + 1, min(filled[lang] + _FILLED, top)
        within = search_papers.c.number.between(first, last)
        ids = connection.execute(sa.select(search_papers.c.paper_id).where(within)).scalars().all()
        read = sources.read_papers(connection, ids, {}, iter(()))
        keys = {paper.number: documents.keys(paper.now, lang, model=self._model) for paper in read}
        kept = sources.read_texts(connection, [key for pair in keys.values() for key in pair])
        step = Step(
            filled={lang: last},
            added_keys=[(key, number) for number, pair in keys.items() for key in pair],
        )
        found = [paper for paper in read if kept.keys() & set(keys[paper.number])]
        before = {
            paper.id: [tag for tag, number in filled.items() if number >= paper.number]
            for paper in found
        }
        after = {id: [*langs, lang] for id, langs in before.items()}
        self._documents(connection, step, found, before, after, {})
        for document in step.written:
            document.keys = None  # they are added to those there are
        return step

    def _documents(
        self,
        connection: sa.Connection,
        step: Step,
        read: Sequence[StoredPaper],
        langs_before: Mapping[str, Sequence[str]],
        langs_now: Mapping[str, Sequence[str]],
        old_texts: Mapping[str, Kept | None],
    ) -> None:
        """Add to a step what these papers are found by, and were."""

        def keys_of(original: Original, langs: Sequence[str]) -> dict[str, tuple[str, str]]:
            return {lang: documents.keys(original, lang, model=self._model) for lang in langs}

        keys_now = {paper.id: keys_of(paper.now, langs_now[paper.id]) for paper in read}
        keys_before = {
            paper.id: keys_of(paper.before, langs_before[paper.id])
            for paper in read
            if paper.attributes is not None
        }
        every = [*keys_now.values(), *keys_before.values()]
        kept = sources.read_texts(
            connection, {key for keys in every for pair in keys.values() for key in pair}
        )
        before: dict[str, Kept | None] = {**kept, **old_texts}

        for paper in read:
            now = {
                lang: (kept.get(title), kept.get(abstract))
                for lang, (title, abstract) in keys_now[paper.id].items()
            }
            old = None
            were_keys = keys_before.get(paper.id, {})
            if paper.attributes is not None:
                were = {
                    lang: (before.get(title), before.get(abstract))
                    for lang, (title, abstract) in were_keys.items()
                }
                old = documents.text_tokens(paper.before, were) | paper.attributes
            facts = documents.attributes(paper.now, now, paper.facts)
            changed_keys = paper.attributes is None or paper.before != paper.now
            step.written.append(
                Document(
                    number=paper.number,
                    paper_id=paper.id,
                    day=paper.facts.day,
                    characters=len(paper.now.title) + len(paper.now.abstract),
                    attributes=facts,
                    tokens=documents.text_tokens(paper.now, now) | facts,
                    old=old,
                    keys=[key for pair in keys_now[paper.id].values() for key in pair]
                    if changed_keys
                    else None,
                    old_keys=[key for pair in were_keys.values() for key in pair],
                )
            )

    # Writing

    def _write(self, step: Step) -> None:
        with writing(self._engine) as connection:
            prints = {lang: self._fingerprint(lang) for lang in step.new_languages}
            tables.write_step(connection, step, prints)
            self._written += len(step.written)
            if step.written:
                self._revisions.grow(connection, REVISION)
        self._revisions.forget(REVISION)


def _is_ours(lang: str) -> bool:
    try:
        return languages.find(lang).tag == lang
    except UnsupportedLanguage:
        return False
