"""Editions of several lists: each by its list and day. What is stored becomes the list `huggingface`.

The two tables that they replace stay until a later revision: while a server is upgraded, processes of the
release before go on for a moment, and use them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "list_editions",
        sa.Column("list", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True)),
        sa.Column("etag", sa.String(200)),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_poll_at", sa.DateTime(timezone=True)),
        sa.Column("note", sa.Text),
    )
    op.create_table(
        "list_papers",
        sa.Column("list", sa.String(64), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("paper_id", sa.String(32), sa.ForeignKey("papers.id"), primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("note", sa.Text),
        sa.ForeignKeyConstraint(["list", "day"], ["list_editions.list", "list_editions.day"]),
    )
    op.create_index("list_papers_paper_id", "list_papers", ["paper_id"])
    op.execute(
        "INSERT INTO list_editions (list, day, fetched_at, etag, failures, next_poll_at) "
        "SELECT 'huggingface', day, fetched_at, etag, failures, next_look_at FROM editions"
    )
    op.execute(
        "INSERT INTO list_papers (list, day, paper_id, position) "
        "SELECT 'huggingface', day, paper_id, 0 FROM edition_papers"
    )


def downgrade() -> None:
    op.drop_table("list_papers")
    op.drop_table("list_editions")
