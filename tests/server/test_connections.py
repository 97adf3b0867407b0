"""Four server processes and a PostgreSQL that takes few connections: everybody is served."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from tests.fakes.llm import FakeLLM
from tests.server.outages import (
    LISTS,
    ask_all,
    lines_about_the_database,
    on_postgresql,
    refused,
    statuses,
    store_a_day,
    translate,
)
from tests.serving import server

pytestmark = on_postgresql

MOST = 20
READERS = 400
TEXTS = 20


@pytest.fixture
def limited_url(database_url: str) -> Iterator[str]:
    """The same database for a role that may have 20 connections: superusers, as ours, have no limit."""
    there = sa.make_url(database_url)
    role = f"reader_of_{there.database}"[:60]
    admin = sa.create_engine(there, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT {MOST}")
        connection.exec_driver_sql(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}")
        connection.exec_driver_sql(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}")
        connection.exec_driver_sql(f"GRANT ALL ON SCHEMA public TO {role}")
    yield there.set(username=role).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP OWNED BY {role}")
        connection.exec_driver_sql(f"DROP ROLE {role}")
    admin.dispose()


@pytest.mark.parametrize(
    ("setting", "said"), [("", "12 connections (4 x 3)"), ("60", "48 connections")]
)
def test_all_are_served(
    limited_url: str, fake_llm: FakeLLM, setting: str, said: str, record_property
):
    """By default there are enough; where the setting is too high, a refused connection waits for a free one."""
    store_a_day(limited_url)
    settings = {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "RATE_LIMIT": "10000/minute",
        "WEB_CONCURRENCY": "4",
        "DATABASE_CONNECTIONS": setting,
        "DAILY_TOKEN_BUDGET": "10000000",
    }
    texts = [f"We study attention in language models of kind {n}." for n in range(TEXTS)]
    with server(limited_url, settings) as running, ThreadPoolExecutor(TEXTS) as pool:
        assert said in running.log
        asked = [pool.submit(translate, running.address, text) for text in texts]
        answers = ask_all(running.address, LISTS * (READERS // len(LISTS)), threads=64)
        translated = [each.result() for each in asked]
        record_property(
            "measured",
            f"4 processes x {MOST} connections (DATABASE_CONNECTIONS {setting or 'unset'}):"
            f" lists {dict(statuses(answers))}, {len(translated)} of {TEXTS} texts",
        )
        assert refused(answers) == []
        assert all(each["verified"] for each in translated)
        assert all(translate(running.address, text)["cached"] for text in texts)
        assert len(fake_llm.requests) == TEXTS
        assert lines_about_the_database(running) == []
