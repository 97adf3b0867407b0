"""The search index, and what notes that a text has changed; all papers stored so far are noted.

The index is filled from there in small steps (`translated_papers/search_indexing.py`), by the server and by
`flask --app backend upgrade`: a step that is cut off is done again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_OLD = ("old_title", "old_abstract", "old_authors", "old_text")

# Old texts are kept until the index is without their words; PostgreSQL replaces a document as a whole.
_SQLITE = (
    """CREATE VIRTUAL TABLE search_words USING fts5(
        tokens, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '~^:=+#.-'")""",
    """CREATE TRIGGER search_paper_added AFTER INSERT ON papers BEGIN
        INSERT INTO search_changes (paper_id) VALUES (NEW.id); END""",
    """CREATE TRIGGER search_paper_changed AFTER UPDATE ON papers
        WHEN (OLD.title, OLD.abstract, OLD.authors, OLD.categories, OLD.published, OLD.code_url)
            IS NOT (NEW.title, NEW.abstract, NEW.authors, NEW.categories, NEW.published, NEW.code_url)
        BEGIN INSERT INTO search_changes (paper_id, old_title, old_abstract, old_authors)
            VALUES (NEW.id, OLD.title, OLD.abstract, OLD.authors); END""",
    """CREATE TRIGGER search_paper_listed AFTER INSERT ON list_papers BEGIN
        INSERT INTO search_changes (paper_id) VALUES (NEW.paper_id); END""",
    """CREATE TRIGGER search_paper_unlisted AFTER DELETE ON list_papers BEGIN
        INSERT INTO search_changes (paper_id) VALUES (OLD.paper_id); END""",
    """CREATE TRIGGER search_text_added AFTER INSERT ON translation_memory BEGIN
        INSERT INTO search_changes (key, lang) VALUES (NEW.key, NEW.lang); END""",
    """CREATE TRIGGER search_text_changed AFTER UPDATE ON translation_memory
        WHEN OLD.text <> NEW.text OR OLD.verified <> NEW.verified
        BEGIN INSERT INTO search_changes (key, lang, old_text)
            VALUES (NEW.key, NEW.lang, OLD.text); END""",
    """CREATE TRIGGER search_text_forgotten AFTER DELETE ON translation_memory BEGIN
        INSERT INTO search_changes (key, lang, old_text)
            VALUES (OLD.key, OLD.lang, OLD.text); END""",
)
_POSTGRESQL = (
    "CREATE TABLE search_words (number integer PRIMARY KEY, tokens tsvector NOT NULL)",
    "CREATE INDEX search_words_tokens ON search_words USING gin (tokens)",
    """CREATE FUNCTION search_note_paper() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO search_changes (paper_id) VALUES (NEW.id); RETURN NULL; END $$""",
    """CREATE FUNCTION search_note_listing() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO search_changes (paper_id) VALUES (
            CASE WHEN TG_OP = 'DELETE' THEN OLD.paper_id ELSE NEW.paper_id END);
        RETURN NULL; END $$""",
    """CREATE FUNCTION search_note_text() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF TG_OP = 'DELETE' THEN
            INSERT INTO search_changes (key, lang) VALUES (OLD.key, OLD.lang);
        ELSE
            INSERT INTO search_changes (key, lang) VALUES (NEW.key, NEW.lang);
        END IF;
        RETURN NULL; END $$""",
    """CREATE TRIGGER search_paper_added AFTER INSERT ON papers
        FOR EACH ROW EXECUTE FUNCTION search_note_paper()""",
    """CREATE TRIGGER search_paper_changed AFTER UPDATE ON papers FOR EACH ROW
        WHEN ((OLD.title, OLD.abstract, OLD.authors, OLD.categories, OLD.published, OLD.code_url)
            IS DISTINCT FROM
            (NEW.title, NEW.abstract, NEW.authors, NEW.categories, NEW.published, NEW.code_url))
        EXECUTE FUNCTION search_note_paper()""",
    """CREATE TRIGGER search_paper_listed AFTER INSERT OR DELETE ON list_papers
        FOR EACH ROW EXECUTE FUNCTION search_note_listing()""",
    """CREATE TRIGGER search_text_added AFTER INSERT OR DELETE ON translation_memory
        FOR EACH ROW EXECUTE FUNCTION search_note_text()""",
    """CREATE TRIGGER search_text_changed AFTER UPDATE ON translation_memory FOR EACH ROW
        WHEN (OLD.text <> NEW.text OR OLD.verified <> NEW.verified)
        EXECUTE FUNCTION search_note_text()""",
)
_TRIGGERS = {
    "papers": ("search_paper_added", "search_paper_changed"),
    "list_papers": ("search_paper_listed", "search_paper_unlisted"),
    "translation_memory": ("search_text_added", "search_text_changed", "search_text_forgotten"),
}


def upgrade() -> None:
    op.create_table(
        "search_papers",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("paper_id", sa.String(32), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("characters", sa.Integer, nullable=False),
        sa.Column("attributes", sa.Text, nullable=False),
    )
    op.create_index("search_papers_paper_id", "search_papers", ["paper_id"], unique=True)
    op.create_index("search_papers_day", "search_papers", ["day"])
    op.create_table(
        "search_keys",
        sa.Column("key", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_languages",
        sa.Column("lang", sa.String(35), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("filled_to", sa.Integer, nullable=False),
    )
    op.create_table(
        "search_changes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("paper_id", sa.String(32)),
        sa.Column("key", sa.String(64)),
        sa.Column("lang", sa.String(35)),
        *(sa.Column(name, sa.Text) for name in _OLD),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRESQL:
        op.execute(statement)
    op.execute("INSERT INTO search_changes (paper_id) SELECT id FROM papers ORDER BY id")
    op.execute(
        "INSERT INTO search_languages (lang, fingerprint, filled_to) "
        "SELECT DISTINCT lang, '', 0 FROM translation_memory"
    )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, names in _TRIGGERS.items():
        for name in names:
            op.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        for name in ("paper", "listing", "text"):
            op.execute(f"DROP FUNCTION search_note_{name}()")
    for table in (
        "search_words", "search_changes", "search_languages", "search_keys", "search_papers",
    ):  # fmt: skip
        op.drop_table(table)
