"""What the owner's page shows: counts of the last hours, how services answered, the last errors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "hourly_counts",
        sa.Column("hour", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(60), primary_key=True),
        sa.Column("amount", sa.Double, nullable=False),
    )
    op.create_table(
        "service_states",
        sa.Column("service", sa.String(60), primary_key=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("since", sa.Double, nullable=False),
        sa.Column("answered_at", sa.Double, nullable=False),
    )
    op.create_table(
        "owner_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("owner_events")
    op.drop_table("service_states")
    op.drop_table("hourly_counts")
