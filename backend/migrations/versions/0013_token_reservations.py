"""Reservations of tokens, each with its holder and an end.

What is held at this moment, by processes of the release before or by dead ones, is one reservation that
nobody renews: it ends in an estimate, later than any request of theirs.
"""

from __future__ import annotations

import time

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_LONGEST_REQUEST = 900.0


def upgrade() -> None:
    op.create_table(
        "token_reservations",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("prompt_tokens", sa.BigInteger, nullable=False),
        sa.Column("completion_tokens", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("estimated", sa.Boolean, nullable=False),
    )
    found = sa.text(
        "INSERT INTO token_reservations (id, day, holder, prompt_tokens, completion_tokens,"
        " expires_at, estimated)"
        " SELECT 'before ' || CAST(day AS VARCHAR(20)), day, '', reserved_tokens, 0, :end, :no"
        " FROM token_usage WHERE reserved_tokens > 0"
    )
    op.get_bind().execute(found, {"end": time.time() + _LONGEST_REQUEST, "no": False})


def downgrade() -> None:
    op.drop_table("token_reservations")
