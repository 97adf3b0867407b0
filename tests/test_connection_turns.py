"""A flood from one address waits for itself, and nobody else's query waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from backend import clients, connection_turns, services
from backend.database import writing
from backend.errors import RateLimited
from tests.conditions import wait_until
from tests.searchable import Shelf

pytestmark = pytest.mark.sql

ADA, BOB = "203.0.113.1", "203.0.113.2"


@pytest.fixture(autouse=True)
def as_we_were() -> Iterator[None]:
    yield
    clients.work_for(None)


def one(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.select(1))


def on_another_thread(work: Callable[[], None]) -> list[BaseException | None]:
    """What the work ended with; the list is filled at once or when it ends."""
    outcome: list[BaseException | None] = []

    def run() -> None:
        try:
            work()
            outcome.append(None)
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return outcome


def query_of(client: str | None, engine: sa.Engine) -> float:
    """Seconds that a query of this client takes on a thread of its own; raises what it raises."""
    began = time.monotonic()

    def work() -> None:
        clients.work_for(client)
        one(engine)

    [error] = on_another_thread(work)
    if error:
        raise error
    return time.monotonic() - began


def test_while_one_query_of_a_stranger_is_slow_only_its_others_wait_and_are_refused(engine):
    clients.work_for(ADA)
    with engine.connect() as slow:
        slow.execute(sa.select(1))
        began = time.monotonic()
        with pytest.raises(RateLimited):
            query_of(ADA, engine)
        assert 0.7 < time.monotonic() - began < 1.5
        assert query_of(BOB, engine) < 0.7
        assert query_of(None, engine) < 0.7
    assert query_of(ADA, engine) < 0.7


def test_the_next_gets_its_turn_as_soon_as_the_first_is_done(engine):
    clients.work_for(ADA)
    seconds: list[float] = []
    with engine.connect():
        threads = [
            threading.Thread(target=lambda: seconds.append(query_of(ADA, engine))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        wait_until(lambda: engine.pool._waiting[ADA] == 8)
    for thread in threads:
        thread.join()
    assert len(seconds) == 8


def test_one_request_may_use_a_second_connection_within_its_first(engine):
    clients.work_for(ADA)
    with engine.connect(), writing(engine) as inner:
        inner.execute(sa.select(1))
    with pytest.raises(sa.exc.SQLAlchemyError), engine.connect() as connection:
        connection.exec_driver_sql("SELECT no_such_column")
    with engine.connect() as connection:
        connection.invalidate()
    assert query_of(ADA, engine) < 0.7, "every turn has ended"


def test_no_more_than_some_wait(engine, monkeypatch):
    monkeypatch.setattr(connection_turns, "MOST_WAITING", 0)
    clients.work_for(ADA)
    with engine.connect():
        began = time.monotonic()
        with pytest.raises(RateLimited):
            query_of(ADA, engine)
        assert time.monotonic() - began < 0.5


PATHS = (
    "/api/v1/daily",
    "/api/v1/daily/latest?lang=de",
    "/api/v1/papers/2306.02707",
    "/api/v1/papers/2306.02707.bib",
    "/api/v1/papers/2306.02707/terms?lang=de",
    "/api/v1/search?q=attention",
    "/api/v1/status",
    "/de/latest",
    "/de/latest.md",
    "/de/days",
    "/de/papers/2306.02707",
    "/de/search?q=attention",
    "/de/feed.atom",
    "/feeds.opml",
    "/unapi?id=2306.02707&format=ris",
)


def test_no_address_of_ours_lets_a_stranger_past_its_turn(
    make_client: Callable[..., FlaskClient], monkeypatch
):
    """While a query of one address hangs its other requests are refused or need no database."""
    monkeypatch.setattr(connection_turns, "SECONDS", 0.05)
    client = make_client(access_tokens=("s3cret",))
    engine = services.of(client.application).engine
    Shelf(engine).put("2306.02707", "On Attention")  # so that nobody asks arXiv
    client.get("/de/feed.atom", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})

    def statuses(address: str, **headers: str) -> dict[str, int]:
        environ = {"REMOTE_ADDR": address}
        return {
            path: client.get(path, headers=headers, environ_overrides=environ).status_code
            for path in PATHS
        }

    used: list[str | None] = []
    with ExitStack() as held:
        clients.work_for(ADA)
        held.enter_context(engine.connect())
        clients.work_for(None)
        sa.event.listen(engine, "before_cursor_execute", lambda *_: used.append(clients.stranger()))
        seen: list[dict[str, int]] = []
        thread = threading.Thread(target=lambda: seen.append(statuses(ADA)))
        thread.start()
        thread.join()
        assert ADA not in used
        assert set(seen[0].values()) <= {200, 429}
        assert list(seen[0].values()).count(429) >= 8
        assert set(statuses(BOB).values()) == {200}
        assert set(statuses(ADA, Authorization="Bearer s3cret").values()) == {200}
    assert set(statuses(ADA).values()) == {200}
