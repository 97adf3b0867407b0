"""Fixtures that every test may use."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend import database

POSTGRES = os.environ.get("PAPERGLOT_TEST_POSTGRES")
"""A PostgreSQL server where databases can be made, as postgresql://user@host:port/database."""


@pytest.fixture(scope="session")
def shared() -> Path | None:
    """Recorded pages and answers of arXiv and Hugging Face, where they are at hand; else None."""
    named = os.environ.get("PAPERGLOT_SHARED")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared"
    return folder if (folder / "upstream").is_dir() else None


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            marks=pytest.mark.skipif(
                not POSTGRES, reason="PAPERGLOT_TEST_POSTGRES names no PostgreSQL server"
            ),
        ),
    ]
)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An address of a database without tables, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite3'}"
        return
    assert POSTGRES
    server = sa.make_url(POSTGRES).set(drivername="postgresql+psycopg")
    name = f"paperglot_{uuid.uuid4().hex}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    """An address of a database with our tables, on SQLite and on PostgreSQL."""
    database.upgrade(empty_database_url)
    return empty_database_url


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine on a database with our tables."""
    engine = database.connect(database_url)
    yield engine
    engine.dispose()
