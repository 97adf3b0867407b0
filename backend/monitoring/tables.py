"""The owner's short history, in the database: all processes and machines write it, a restart loses nothing."""

from __future__ import annotations

import sqlalchemy as sa

from ..database import metadata

HOURS_KEPT = 14 * 24
EVENTS_KEPT = 30
"""Of each kind; older ones go."""

hourly_counts = sa.Table(
    "hourly_counts",
    metadata,
    # Hours since 1970.
    sa.Column("hour", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(60), primary_key=True),
    sa.Column("amount", sa.Double, nullable=False),
)

service_states = sa.Table(
    "service_states",
    metadata,
    sa.Column("service", sa.String(60), primary_key=True),
    # `ok`, or the name of the fault that it answered with the last time.
    sa.Column("state", sa.String(40), nullable=False),
    # Seconds since 1970: when it began to be so, and when it was seen to be so the last time.
    sa.Column("since", sa.Double, nullable=False),
    sa.Column("answered_at", sa.Double, nullable=False),
)

owner_events = sa.Table(
    "owner_events",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),
    # Seconds since 1970.
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("name", sa.String(60), nullable=False),
    sa.Column("place", sa.String(80), nullable=False),
)
