"""Forget what models said of their task instead of translating, which was kept as verified.

A small model that was asked to repair a title translated the request for it ("the text was not
translated; write it in German"). The rule is the one that refuses such answers today, with the
difference that the source is not known: a row goes when it is short, speaks of translating and
names its own language. A faithful title that does is asked for once more.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.errors import UnsupportedLanguage
from backend.languages import find
from backend.verification.self_reference import MAX_REMARK, is_remark

revision = "0004"
down_revision = "0003"

_ROWS = 1000  # at a time, so that a large memory needs little of ours


def upgrade() -> None:
    connection = op.get_bind()
    last = ""
    languages = set()
    while rows := connection.execute(
        sa.text(
            "SELECT key, lang, text FROM translation_memory"
            " WHERE key > :last AND length(text) <= :longest ORDER BY key LIMIT :rows"
        ),
        {"last": last, "longest": MAX_REMARK, "rows": _ROWS},
    ).all():
        last = rows[-1].key
        remarks = [row for row in rows if _is_remark(row.text, row.lang)]
        for row in remarks:
            connection.execute(
                sa.text("DELETE FROM translation_memory WHERE key = :key"), {"key": row.key}
            )
            languages.add(row.lang)
    for lang in sorted(languages):
        connection.execute(
            sa.text(
                "INSERT INTO revisions (name, revision) VALUES (:name, 1)"
                " ON CONFLICT (name) DO UPDATE SET revision = revisions.revision + 1"
            ),
            {"name": f"translations {lang}"},
        )


def _is_remark(text: str, lang: str) -> bool:
    try:
        return is_remark(text, find(lang))
    except UnsupportedLanguage:
        return False


def downgrade() -> None:
    """What was deleted cannot come back, and need not."""
