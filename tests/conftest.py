"""Fixtures that every test may use."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend import create_app, database
from backend.config import Config
from backend.services import Services, build
from tests.fakes.llm import FakeLLM
from tests.serving import NOWHERE

# A test that is slow once, because it is the first to load something or because the machine is busy, is no
# failure; the time-out of pytest ends those that hang.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

pytest_plugins = [
    "tests.browser.fixtures",
    "tests.measured",
    "tests.papers.fixtures",
    "tests.scheduling",
]

POSTGRES = os.environ.get("PAPERGLOT_TEST_POSTGRES")
"""A PostgreSQL server where databases can be made, as postgresql://user@host:port/database."""


@pytest.fixture(scope="session")
def shared() -> Path | None:
    """Recorded pages and answers of arXiv and Hugging Face, where they are at hand; else None."""
    named = os.environ.get("PAPERGLOT_SHARED")
    folder = Path(named) if named else Path(__file__).parents[2] / "shared"
    return folder if (folder / "upstream").is_dir() else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked `sql` runs on both databases, where there is a PostgreSQL; the rest on SQLite."""
    is_marked = metafunc.definition.get_closest_marker("sql")
    if POSTGRES and is_marked and "database_kind" in metafunc.fixturenames:
        metafunc.parametrize("database_kind", ["sqlite", "postgresql"], indirect=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """In one line what was left out, and how to have it."""
    if not POSTGRES:
        terminalreporter.write_line(
            "Tests of SQL ran on SQLite only. They run on PostgreSQL too when PAPERGLOT_TEST_POSTGRES names "
            "a server where databases can be made, as postgresql://user@host:port/database."
        )


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on: sqlite or postgresql."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def empty_database_url(database_kind: str, tmp_path: Path) -> Iterator[str]:
    """An address of a database without tables."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite3'}"
    else:
        with postgres_database() as url:
            yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with our tables, to be copied: a migration takes a hundred times as long."""
    file = tmp_path_factory.mktemp("migrated") / "migrated.sqlite3"
    database.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_template() -> Iterator[str]:
    """The name of the same on the PostgreSQL server."""
    with postgres_database() as url:
        database.upgrade(url)
        yield sa.make_url(url).database or ""


@pytest.fixture
def database_url(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """An address of a database with our tables."""
    if database_kind == "sqlite":
        file = shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "test.sqlite3")
        yield f"sqlite:///{file}"
    else:
        with postgres_database(request.getfixturevalue("migrated_template")) as url:
            yield url


@contextmanager
def postgres_database(template: str = "template1") -> Iterator[str]:
    """A new database on the PostgreSQL server, while the block runs.

    Args:
        template: the database it is a copy of, which nobody may be using.
    """
    assert POSTGRES
    server = sa.make_url(POSTGRES).set(drivername="postgresql+psycopg")
    name = f"paperglot_{uuid.uuid4().hex}"
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    """An engine on a database with our tables."""
    engine = database.connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def fake_llm() -> Iterator[FakeLLM]:
    """A language model on a real socket."""
    with FakeLLM() as fake:
        yield fake


@pytest.fixture
def settings(database_url: str, fake_llm: FakeLLM) -> dict[str, Any]:
    """Config's fields for an app with a model and no upstream."""
    return {
        "database_url": database_url,
        "openai_base_url": fake_llm.base_url,
        "openai_api_key": "sk-test",
        "openai_model": "fake-model",
        "hf_endpoint": NOWHERE,
        "arxiv_api_url": NOWHERE,
        "rate_limit": "1000/second",
    }


@pytest.fixture
def make_client(settings: dict[str, Any]) -> Iterator[Callable[..., FlaskClient]]:
    """Makes clients of apps; keyword arguments change settings."""
    built: list[Services] = []

    def make(**changes: Any) -> FlaskClient:
        services = build(Config(**(settings | changes)))
        built.append(services)
        return create_app(services_=services).test_client()

    yield make
    for services in built:
        services.close()


@pytest.fixture
def client(make_client: Callable[..., FlaskClient]) -> FlaskClient:
    """A client of an app with a model and no upstream."""
    return make_client()
