"""Lists while the database is away: what this process has read is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from backend import services
from backend.lists.edition_store import EditionStore
from backend.papers.records import DailyList
from tests.broken_database import broken
from tests.papers.test_store import paper

DAYS = 5


@pytest.fixture
def ours(make_client: Callable[..., FlaskClient]) -> tuple[FlaskClient, services.Services]:
    """A server that has begun, with five days in its store."""
    client = make_client()
    found = services.of(client.application)
    now = datetime.now(UTC)
    for n in range(DAYS):
        day = (now - timedelta(days=n)).date()
        EditionStore(found.engine).keep_list(
            day, DailyList(papers=(paper(n + 1),)), at=now, next_poll_at=now + timedelta(hours=2)
        )
    found.editions.have_at_hand()
    return client, found


def test_a_process_shows_in_an_outage_what_it_read_at_its_start(
    ours: tuple[FlaskClient, services.Services],
):
    """Though no reader has asked it for any of this before."""
    client, found = ours
    with broken(found.engine, ""):
        edition = client.get("/api/v1/daily/latest").get_json()
        first = client.get("/api/v1/daily?limit=2").get_json()
        rest = client.get("/api/v1/daily", query_string={"before": first["next"]}).get_json()
        pages = [client.get(path).status_code for path in ("/de/days", "/de/latest")]
    assert len(edition["papers"]) == 1
    assert len(first["editions"]) == 2
    assert len(rest["editions"]) == DAYS - 2
    assert rest["next"] is None
    assert pages == [200, 200]


def test_a_day_that_it_has_not_read_is_not_there(ours: tuple[FlaskClient, services.Services]):
    client, found = ours
    day = (datetime.now(UTC) - timedelta(days=3)).date()
    with broken(found.engine, ""):
        refused = client.get(f"/api/v1/daily/{day}")
    assert refused.status_code == 503
    assert refused.get_json()["type"].endswith("database-unavailable")
    assert client.get(f"/api/v1/daily/{day}").status_code == 200
