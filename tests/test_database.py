"""Migrations: once, however many processes begin, and equal to what the stores declare."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import backend  # noqa: F401 - declares every table
from backend import database

pytestmark = pytest.mark.sql

RETIRED = {"upstream_leases", "translation_leases", "paper_revision", "translation_revisions"}
RETIRED |= {"editions", "edition_papers"}
"""Tables that nothing uses any more; see the migrations 0003_leases_and_revisions and 0009_lists."""


def _declared(_object: object, name: str | None, *_rest: object) -> bool:
    """Whether the stores declare it: the words of the search index are what each database calls them."""
    return name not in RETIRED and not (name or "").startswith("search_words")


def test_migrations_make_the_tables_the_stores_declare(engine: sa.Engine):
    options = {"include_object": _declared}
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, database.metadata)
    assert differences == []


def test_many_processes_may_migrate_an_empty_database_at_once(empty_database_url: str):
    code = f"from backend import database; database.upgrade({empty_database_url!r})"
    processes = [
        subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, errors
    engine = database.connect(empty_database_url)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM alembic_version")).scalar() == 1
    engine.dispose()


def test_an_upgraded_database_is_left_as_it_is(database_url: str):
    database.upgrade(database_url)


def test_the_databases_clock_is_ours(engine: sa.Engine):
    with engine.connect() as connection:
        now = connection.execute(sa.select(database.epoch_now())).scalar_one()
    assert now == pytest.approx(time.time(), abs=5)


def test_sqlite_loads_neither_the_driver_of_postgresql_nor_the_migrations(tmp_path: Path):
    """Each takes ten megabytes of every process."""
    asks = (
        "import sys; from backend import create_app; create_app().test_client().get('/healthz'); "
        "assert not {'psycopg', 'alembic', 'openai', 'aiohttp'} & set(sys.modules)"
    )
    settings = {"DATABASE_URL": f"sqlite:///{tmp_path}/new.sqlite3", "PATH": os.environ["PATH"]}
    subprocess.run([sys.executable, "-c", asks], check=True, timeout=60, env=settings)
