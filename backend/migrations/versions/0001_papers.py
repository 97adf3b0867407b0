"""Papers, editions, and the leases under which the upstreams are asked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("abstract", sa.Text, nullable=False),
        sa.Column("text_source", sa.String(16), nullable=False),
        sa.Column("authors", sa.Text, nullable=False),
        sa.Column("published", sa.DateTime(timezone=True)),
        sa.Column("categories", sa.Text, nullable=False),
        sa.Column("arxiv_comment", sa.Text),
        sa.Column("upvotes", sa.Integer, nullable=False),
        sa.Column("comments", sa.Integer, nullable=False),
        sa.Column("summary", sa.Text),
        sa.Column("keywords", sa.Text, nullable=False),
        sa.Column("code_url", sa.Text),
        sa.Column("project_url", sa.Text),
        sa.Column("text_due_at", sa.DateTime(timezone=True)),
    )
    op.create_index("papers_text_due_at", "papers", ["text_due_at"])
    op.create_table(
        "editions",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True)),
        sa.Column("etag", sa.String(200)),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("next_look_at", sa.DateTime(timezone=True)),
    )
    op.create_table(
        "edition_papers",
        sa.Column("day", sa.Date, sa.ForeignKey("editions.day"), primary_key=True),
        sa.Column("paper_id", sa.String(32), sa.ForeignKey("papers.id"), primary_key=True),
    )
    op.create_index("edition_papers_paper_id", "edition_papers", ["paper_id"])
    op.create_table(
        "paper_revision",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "upstream_leases",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("not_before", sa.Double, nullable=False),
    )


def downgrade() -> None:
    for table in ("upstream_leases", "paper_revision", "edition_papers", "editions", "papers"):
        op.drop_table(table)
