"""Names of feeds and entries that stay the same wherever the server stands (tag URIs, RFC 4151)."""

from __future__ import annotations

import re
from collections.abc import Iterable

import sqlalchemy as sa

from ...config import LOOPBACK_NAMES
from ...database import insert, metadata, writing
from ...outages import means_away

feed_host = sa.Table(
    "feed_host",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("host", sa.String(253), nullable=False),
)
"""One row: the host by which entries are named since the first request for a feed."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DNS_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*", re.ASCII)
_YEAR = 2026
"""A date on which the names' host was ours, which RFC 4151 wants; the same in every name, for good."""


class HostName:
    """The host in the names of all entries: once it is kept, no other takes its place.

    Args:
        public: names that the owner lets the server answer to; the first that is a public one goes before
            the name by which the first reader comes.
    """

    def __init__(self, engine: sa.Engine, *, public: Iterable[str] = ()) -> None:
        self._engine = engine
        self._preferred = next(
            (name for name in public if name not in LOOPBACK_NAMES and _DNS_NAME.fullmatch(name)),
            None,
        )
        self._kept: str | None = None

    def get(self, asked: str) -> str:
        """The host kept, or the one asked for by this first request, which is kept from now on.

        Args:
            asked: the Host of a request, perhaps with a port.
        """
        self.look()
        if self._kept is None:
            ours = self._preferred or dns_name(asked)
            try:
                self._kept = self._keep(ours)
            except sa.exc.SQLAlchemyError as error:
                if not means_away(error):
                    raise
                return ours  # as it will be kept, once something can be
        return self._kept

    def look(self) -> None:
        """Read what is kept, if that is not known yet."""
        self._kept = self._kept or self._read()

    def _read(self) -> str | None:
        with self._engine.connect() as connection:
            return connection.execute(sa.select(feed_host.c.host)).scalar()

    def _keep(self, host: str) -> str:
        statement = insert(self._engine, feed_host).values(id=1, host=host)
        with writing(self._engine) as connection:
            connection.execute(statement.on_conflict_do_nothing())
            kept: str = connection.execute(sa.select(feed_host.c.host)).scalar_one()
        return kept


def dns_name(host: str) -> str:
    """A Host header's name as a tag may hold it: without the port; `localhost` for what is no such name."""
    name = re.sub(r":\d*$", "", host.lower()).rstrip(".")
    return name if _DNS_NAME.fullmatch(name) else "localhost"


def of_paper(host: str, arxiv_id: str, tag: str) -> str:
    """The name of a paper's entry in a language."""
    return f"tag:{host},{_YEAR}:{arxiv_id}/{tag}"


def of_digest(host: str, day: str, tag: str, query_string: str) -> str:
    """The name of a day's entry in a language; of another selection of its papers, another name."""
    return f"tag:{host},{_YEAR}:daily/{day}/{tag}{query_string}"


def of_feed(host: str, tag: str, query_string: str) -> str:
    """The name of a feed."""
    return f"tag:{host},{_YEAR}:feed/{tag}{query_string}"
