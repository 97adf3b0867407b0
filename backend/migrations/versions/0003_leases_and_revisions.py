"""One table for all leases, one for all revisions.

The four tables that they replace stay until a later revision: while a server is upgraded, processes of the
release before go on for a moment, and use them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("not_before", sa.Double, nullable=False),
    )
    op.create_table(
        "revisions",
        sa.Column("name", sa.String(80), primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    # A pause that an upstream asked for is kept; who held a lease is not: it ends by itself.
    op.execute(
        "INSERT INTO leases (name, holder, expires_at, not_before) "
        "SELECT name, holder, 0, not_before FROM upstream_leases"
    )
    op.execute(
        "INSERT INTO revisions (name, revision) SELECT 'papers', revision FROM paper_revision"
    )
    op.execute(
        "INSERT INTO revisions (name, revision) "
        "SELECT 'translations ' || lang, revision FROM translation_revisions"
    )


def downgrade() -> None:
    op.drop_table("revisions")
    op.drop_table("leases")
