"""The terms of papers: what a model drew, and what readers changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "paper_terms",
        sa.Column("paper", sa.String(40), primary_key=True),
        sa.Column("lang", sa.String(35), primary_key=True),
        sa.Column("model", sa.Text, primary_key=True),
        sa.Column("terms", sa.Text, nullable=False),
        sa.Column("drawn_at", sa.Double, nullable=False),
    )
    op.create_table(
        "paper_term_changes",
        sa.Column("paper", sa.String(40), primary_key=True),
        sa.Column("lang", sa.String(35), primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Double, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("paper_term_changes")
    op.drop_table("paper_terms")
