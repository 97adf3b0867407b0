"""A start that is killed in the middle of a migration: the next one is whole, and nothing is lost."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from backend import database
from tests.serving import server
from tests.test_database import _declared
from tests.test_upgrade import FIRST_RELEASE, ROWS, _tables

pytestmark = pytest.mark.sql

STEPS = range(1, 21, 2)
"""After how many statements each of ten migrations is killed."""

MIGRATE_AND_DIE = """
import os, signal, sys
import sqlalchemy as sa
from backend import database

url, *steps = sys.argv[1:]
for step in map(int, steps):
    child = os.fork()
    if child == 0:
        left = step

        def count(*_):
            global left
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(sa.Engine, "before_cursor_execute", count)
        database.upgrade(url)
        os._exit(0)
    print(os.waitpid(child, 0)[1])
"""


def make_old(url: str) -> None:
    """The first release's tables, with something in them."""
    database.upgrade(url, revision=FIRST_RELEASE)
    engine = database.connect(url)
    reflected = sa.MetaData()
    reflected.reflect(engine)
    with database.writing(engine) as connection:
        for name, rows in ROWS.items():
            connection.execute(sa.insert(reflected.tables[name]), rows)
    engine.dispose()


def assert_whole(url: str) -> None:
    engine = database.connect(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _declared})
        assert compare_metadata(context, database.metadata) == []
    assert {name: len(rows) for name, rows in _tables(engine).items()} == {
        name: len(rows) for name, rows in ROWS.items()
    }
    engine.dispose()


def test_ten_kills_in_one_migration_leave_it_whole(empty_database_url: str, record_property):
    """Killed ever later; each start begins with what the one before has left."""
    make_old(empty_database_url)
    command = [sys.executable, "-c", MIGRATE_AND_DIE, empty_database_url, *map(str, STEPS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(signal.SIGKILL.value)] * len(STEPS)
    with server(empty_database_url) as running:
        assert "Traceback" not in running.log
    assert_whole(empty_database_url)
    record_property("measured", f"{len(STEPS)} kills, after {[*STEPS]} statements: whole")
