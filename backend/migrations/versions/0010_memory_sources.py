"""The source of each kept translation, so that the memory can be carried; unknown for those kept before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("translation_memory", sa.Column("source", sa.Text))


def downgrade() -> None:
    op.drop_column("translation_memory", "source")
