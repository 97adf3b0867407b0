"""Where the sentences of a kept translation begin; unknown for those kept before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("translation_memory", sa.Column("sentence_starts", sa.Text))


def downgrade() -> None:
    op.drop_column("translation_memory", "sentence_starts")
