"""A paper's own terms, kept for all its readers: drawn by a model once, changed by readers one by one.

What was drawn is one row for a paper, language and model and never changes; a reader's change is a row of
its own for a paper and language, goes before what was drawn, and can be taken back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from ..database import epoch_now, insert, metadata, writing
from ..errors import InvalidRequest
from .glossary import Term
from .term_index import is_abbreviation, key_of

TermOrigin = Literal["reader", "termbase", "model"]

READER: TermOrigin = "reader"
"""Who changed a term, where `forget` asks for the origin."""

MAX_CHANGES = 200
"""How many terms of one paper readers may change, in one language."""

drawn_terms = sa.Table(
    "paper_terms",
    metadata,
    sa.Column("paper", sa.String(40), primary_key=True),
    sa.Column("lang", sa.String(35), primary_key=True),
    sa.Column("model", sa.Text, primary_key=True),
    sa.Column("terms", sa.Text, nullable=False),
    sa.Column("drawn_at", sa.Double, nullable=False),
)
changed_terms = sa.Table(
    "paper_term_changes",
    metadata,
    sa.Column("paper", sa.String(40), primary_key=True),
    sa.Column("lang", sa.String(35), primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("changed_at", sa.Double, nullable=False),
)


@dataclass(frozen=True)
class PaperTerm:
    """A term of a paper, and who says what it is called.

    Args:
        uses: how often it stands in the text it was drawn from; 0 where nobody counted.
    """

    source: str
    target: str
    origin: TermOrigin
    uses: int = 0

    @property
    def term(self) -> Term:
        """The term alone, as texts are searched for it."""
        return Term(self.source, self.target)


def identity(source: str) -> str:
    """What two ways of writing one term have in common; an abbreviation is itself alone."""
    return source if is_abbreviation(source) else key_of(source)


def apply_changes(
    drawn: Iterable[PaperTerm], changes: Mapping[str, PaperTerm]
) -> tuple[PaperTerm, ...]:
    """The drawn terms with readers' changes in their places, and behind them those that readers added."""
    left = dict(changes)
    terms = []
    for term in drawn:
        change = left.pop(identity(term.source), None)
        terms.append(replace(change, uses=term.uses) if change else term)
    return (*terms, *left.values())


class PaperTerms:
    """The terms of papers, by a paper's identifier with its version and a language's tag."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._unwritten: dict[tuple[str, str, str], tuple[PaperTerm, ...]] = {}

    def drawn(self, paper: str, lang: str, *, model: str) -> tuple[PaperTerm, ...] | None:
        """What was drawn, without readers' changes; None when nothing was yet."""
        if unwritten := self._unwritten.get((paper, lang, model)):
            return unwritten
        table = drawn_terms
        wanted = sa.select(table.c.terms).where(
            table.c.paper == paper, table.c.lang == lang, table.c.model == model
        )
        with self._engine.connect() as connection:
            found: str | None = connection.execute(wanted).scalar_one_or_none()
        return None if found is None else tuple(PaperTerm(**term) for term in json.loads(found))

    def current(self, paper: str, lang: str, *, model: str) -> tuple[PaperTerm, ...]:
        """What applies: readers' changes, else what was drawn, if it was."""
        table = changed_terms
        wanted = (
            sa.select(table)
            .where(table.c.paper == paper, table.c.lang == lang)
            .order_by(table.c.changed_at, table.c.key)
        )
        with self._engine.connect() as connection:
            changes = {
                row.key: PaperTerm(row.source, row.target, "reader")
                for row in connection.execute(wanted)
            }
        return apply_changes(self.drawn(paper, lang, model=model) or (), changes)

    def keep(self, paper: str, lang: str, terms: Sequence[PaperTerm], *, model: str) -> None:
        """Keep what was drawn; what is kept already stays."""
        kept = insert(self._engine, drawn_terms).values(
            paper=paper,
            lang=lang,
            model=model,
            terms=json.dumps([asdict(term) for term in terms], ensure_ascii=False),
            drawn_at=epoch_now(),
        )
        with writing(self._engine) as connection:
            connection.execute(kept.on_conflict_do_nothing())

    def have(
        self, paper: str, lang: str, terms: Sequence[PaperTerm], *, model: str
    ) -> Callable[[], None]:
        """Have what was drawn in this process until what is returned is called: it cannot be kept yet."""
        name = paper, lang, model
        self._unwritten[name] = tuple(terms)

        def over() -> None:
            self._unwritten.pop(name, None)

        return over

    def change(self, paper: str, lang: str, term: Term) -> None:
        """Have a reader's word for a term.

        Raises:
            InvalidRequest: so many terms were changed that no more are taken.
        """
        table = changed_terms
        of_paper = sa.and_(table.c.paper == paper, table.c.lang == lang)
        key = identity(term.source)
        said = {"source": term.source, "target": term.target, "changed_at": epoch_now()}
        changed = insert(self._engine, table).values(paper=paper, lang=lang, key=key, **said)
        with writing(self._engine) as connection:
            others = sa.select(sa.func.count()).where(of_paper, table.c.key != key)
            if connection.execute(others).scalar_one() >= MAX_CHANGES:
                raise InvalidRequest(
                    f"{MAX_CHANGES} terms of this paper are changed already. Take one back first."
                )
            connection.execute(
                changed.on_conflict_do_update(
                    index_elements=[table.c.paper, table.c.lang, table.c.key], set_=said
                )
            )

    def take_back(self, paper: str, lang: str, source: str) -> None:
        """Forget a reader's change, if there is one."""
        table = changed_terms
        with writing(self._engine) as connection:
            connection.execute(
                sa.delete(table).where(
                    table.c.paper == paper,
                    table.c.lang == lang,
                    table.c.key == identity(source),
                )
            )

    def papers(self) -> set[str]:
        """The identifiers, mostly with a version, of all papers that have terms or changes of readers."""
        with self._engine.connect() as connection:
            return {
                name
                for table in (drawn_terms, changed_terms)
                for name in connection.scalars(sa.select(table.c.paper).distinct())
            }

    def forget(
        self,
        papers: Collection[str],
        *,
        langs: Collection[str] | None = None,
        before: datetime | None = None,
        model: str | None = None,
        dry_run: bool = False,
    ) -> int:
        """Drop what was drawn for papers and what readers changed, if it meets all conditions; says how many.

        Args:
            papers: their identifiers as they are kept, see `papers`.
            before: drawn or changed before this moment.
            model: that this model drew, or READER.
            dry_run: only count.
        """
        drawn, changed = drawn_terms.c, changed_terms.c
        of_drawn: list[sa.ColumnElement[bool]] = [drawn.paper.in_(papers)]
        of_changed: list[sa.ColumnElement[bool]] = [changed.paper.in_(papers)]
        if langs is not None:
            of_drawn.append(drawn.lang.in_(langs))
            of_changed.append(changed.lang.in_(langs))
        if before is not None:
            of_drawn.append(drawn.drawn_at < before.timestamp())
            of_changed.append(changed.changed_at < before.timestamp())
        if model is not None:
            of_drawn.append(drawn.model == model)
            of_changed.append(sa.literal(model == READER))
        with writing(self._engine) as connection:
            found = connection.scalars(sa.select(drawn.terms).where(*of_drawn)).all()
            counted = sa.select(sa.func.count()).select_from(changed_terms).where(*of_changed)
            number = sum(len(json.loads(terms)) for terms in found)
            number += connection.execute(counted).scalar_one()
            if not dry_run:
                connection.execute(sa.delete(drawn_terms).where(*of_drawn))
                connection.execute(sa.delete(changed_terms).where(*of_changed))
        return number
