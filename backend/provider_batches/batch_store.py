"""Which batches are under way at the provider, and which texts are in them: shared by all machines.

A text stands in one batch at most, by its key: who puts it down first sends it. The row stays until its
translation is kept or was given up, so that nobody sends it a second time meanwhile.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import sqlalchemy as sa

from ..database import epoch_now, insert, metadata, writing
from ..spending.reservations import token_usage
from ..translation.single_flight import Assignment

T = TypeVar("T")

_KEPT_SECONDS = 30 * 24 * 3600
"""How long a provider keeps a batch's files."""
_AT_ONCE = 200
"""Rows a statement."""

provider_batches = sa.Table(
    "provider_batches",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("model", sa.Text, nullable=False),
    # The provider's address: at another one nobody knows the batch.
    sa.Column("server", sa.Text, nullable=False),
    # What the provider calls the uploaded requests, and the batch; null until it said so.
    sa.Column("file", sa.Text),
    sa.Column("batch", sa.Text),
    # Its answers were taken: the texts that are left are to be translated the plain way.
    sa.Column("answered", sa.Boolean, nullable=False),
    # The day against which tokens count, and how many were counted when it was sent.
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("prompt_tokens", sa.BigInteger, nullable=False),
    sa.Column("completion_tokens", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("expires_at", sa.Double, nullable=False),
    info={"ends": ("expires_at",)},
)
batched_texts = sa.Table(
    "batched_texts",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column(
        "batch_id",
        sa.String(32),
        sa.ForeignKey("provider_batches.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("request", sa.Integer, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("lang", sa.String(35), nullable=False),
    # In its protected form.
    sa.Column("source", sa.Text, nullable=False),
)


@dataclass(frozen=True)
class Batch:
    """One batch.

    Args:
        id: ours; the provider has it too, as the batch's metadata.
        file, batch: the provider's names of its requests and of itself, as far as they are known.
        answered: its answers were taken; what is left of its texts is to be translated the plain way.
    """

    id: str
    file: str | None
    batch: str | None
    answered: bool
    day: date
    prompt_tokens: int
    completion_tokens: int

    @property
    def lease(self) -> str:
        """Who holds it works on this batch, and nobody else does."""
        return lease_of(self.id)


@dataclass(frozen=True)
class BatchedText:
    """A text in a batch: the number of its request, and its place among that request's texts."""

    key: str
    request: int
    position: int
    lang: str
    source: str


def lease_of(batch_id: str) -> str:
    """The lease of a batch by our id."""
    return f"batch {batch_id}"


class BatchStore:
    """The batches of one model at one provider.

    Args:
        server: the provider's address.
    """

    def __init__(self, engine: sa.Engine, *, model: str, server: str) -> None:
        self._engine = engine
        self._ours = sa.and_(provider_batches.c.model == model, provider_batches.c.server == server)
        self._model, self._server = model, server

    def open(self) -> list[Batch]:
        """The batches that are not done, the oldest first."""
        table = provider_batches
        wanted = sa.select(table).where(self._ours).order_by(table.c.created_at, table.c.id)
        with self._engine.connect() as connection:
            return [_batch(row) for row in connection.execute(wanted)]

    def get(self, batch_id: str) -> Batch | None:
        """A batch as it is now; None when it is done."""
        table = provider_batches
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(table).where(table.c.id == batch_id)).one_or_none()
        return None if row is None else _batch(row)

    def elsewhere(self) -> int:
        """How many batches are under way at other providers, or for other models."""
        counted = sa.select(sa.func.count()).select_from(provider_batches).where(~self._ours)
        with self._engine.connect() as connection:
            return connection.execute(counted).scalar_one()

    def texts(self, batch_id: str) -> list[BatchedText]:
        """The texts of a batch, in their order."""
        table = batched_texts
        wanted = (
            sa.select(table)
            .where(table.c.batch_id == batch_id)
            .order_by(table.c.request, table.c.position)
        )
        with self._engine.connect() as connection:
            return [
                BatchedText(row.key, row.request, row.position, row.lang, row.source)
                for row in connection.execute(wanted)
            ]

    def batched(self, keys: Iterable[str]) -> set[str]:
        """Which of these texts stand in a batch."""
        column, found = batched_texts.c.key, set()
        with self._engine.connect() as connection:
            for part in _parts(sorted(set(keys))):
                found |= set(connection.scalars(sa.select(column).where(column.in_(part))))
        return found

    def begin(self, day: date, *, batch_id: str = "") -> str:
        """A new batch without texts; returns its id. Its lease must be held before."""
        batch_id = batch_id or new_id()
        row = {
            "id": batch_id,
            "model": self._model,
            "server": self._server,
            "answered": False,
            "day": day,
            "prompt_tokens": 0,
            "completion_tokens": 0,
            "created_at": epoch_now(),
            "expires_at": epoch_now() + _KEPT_SECONDS,
        }
        with writing(self._engine) as connection:
            connection.execute(sa.insert(provider_batches).values(**row))
        return batch_id

    def put_down(self, batch_id: str, requests: Sequence[Sequence[Assignment]]) -> set[str]:
        """Put texts into a batch; returns the keys of those that stand in no other."""
        rows = [
            {
                "key": each.key,
                "batch_id": batch_id,
                "request": number,
                "position": position,
                "lang": each.language.tag,
                "source": each.text,
            }
            for number, request in enumerate(requests, 1)
            for position, each in enumerate(request, 1)
        ]
        rows.sort(key=lambda row: str(row["key"]))  # one order on all machines: no deadlock
        taken: set[str] = set()
        with writing(self._engine) as connection:
            for part in _parts(rows):
                statement = insert(connection, batched_texts).values(part)
                statement = statement.on_conflict_do_nothing().returning(batched_texts.c.key)
                taken |= set(connection.execute(statement).scalars())
        return taken

    def take_out(self, keys: Iterable[str]) -> None:
        """Take texts out of their batch: kept, given up, or for a batch to come."""
        with writing(self._engine) as connection:
            _delete_texts(connection, keys)

    def note(self, batch_id: str, **values: object) -> None:
        """Note columns of a batch."""
        table = provider_batches
        with writing(self._engine) as connection:
            connection.execute(sa.update(table).where(table.c.id == batch_id).values(**values))

    def answer(
        self,
        batch: Batch,
        done: Collection[str],
        *,
        prompt_tokens: int,
        completion_tokens: int,
    ) -> None:
        """Note, once, that a batch's answers were taken: what it cost, and which texts are done."""
        table = provider_batches
        noted = (
            sa.update(table)
            .where(table.c.id == batch.id, sa.not_(table.c.answered))
            .values(answered=True)
        )
        with writing(self._engine) as connection:
            if connection.execute(noted).rowcount:
                _correct(
                    connection,
                    batch.day,
                    prompt_tokens=prompt_tokens - batch.prompt_tokens,
                    completion_tokens=completion_tokens - batch.completion_tokens,
                )
            _delete_texts(connection, done)

    def end(self, batch_id: str) -> None:
        """Forget a batch and whatever texts are left in it."""
        with writing(self._engine) as connection:
            connection.execute(sa.delete(batched_texts).where(batched_texts.c.batch_id == batch_id))
            connection.execute(sa.delete(provider_batches).where(provider_batches.c.id == batch_id))


def new_id() -> str:
    """An id for a batch."""
    return uuid.uuid4().hex


def _batch(row: sa.Row[tuple[object, ...]]) -> Batch:
    names = ("id", "file", "batch", "answered", "day", "prompt_tokens", "completion_tokens")
    return Batch(**{name: getattr(row, name) for name in names})


def _correct(
    connection: sa.Connection, day: date, *, prompt_tokens: int, completion_tokens: int
) -> None:
    """Add to the tokens of a day, or take from them: those counted when a batch was sent were an estimate."""
    table = token_usage
    connection.execute(
        sa.update(table)
        .where(table.c.day == day)
        .values(
            prompt_tokens=table.c.prompt_tokens + prompt_tokens,
            completion_tokens=table.c.completion_tokens + completion_tokens,
        )
    )


def _delete_texts(connection: sa.Connection, keys: Iterable[str]) -> None:
    column = batched_texts.c.key
    for part in _parts(sorted(set(keys))):
        connection.execute(sa.delete(batched_texts).where(column.in_(part)))


def _parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    return (rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE))
