"""When texts last changed, and the host that feeds name their entries by.

Nothing is filled in: of what is stored already, a translation's last change is when it was stored, and a
paper's is not known.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("papers", sa.Column("text_changed_at", sa.Double))
    op.add_column("translation_memory", sa.Column("changed_at", sa.Double))
    op.create_table(
        "feed_host",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("host", sa.String(253), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("feed_host")
    op.drop_column("translation_memory", "changed_at")
    op.drop_column("papers", "text_changed_at")
