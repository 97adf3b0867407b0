"""Batches at the model's provider with the texts in them; when a kept translation was last used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "provider_batches",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("server", sa.Text, nullable=False),
        sa.Column("file", sa.Text),
        sa.Column("batch", sa.Text),
        sa.Column("answered", sa.Boolean, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("prompt_tokens", sa.BigInteger, nullable=False),
        sa.Column("completion_tokens", sa.BigInteger, nullable=False),
        sa.Column("created_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    op.create_table(
        "batched_texts",
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
        sa.Column("source", sa.Text, nullable=False),
    )
    op.add_column("translation_memory", sa.Column("used_at", sa.Double))


def downgrade() -> None:
    op.drop_column("translation_memory", "used_at")
    op.drop_table("batched_texts")
    op.drop_table("provider_batches")
