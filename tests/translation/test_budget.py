"""The budget is shared, kept, and refused before it is spent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from backend.database import writing
from backend.errors import BudgetExhausted
from backend.spending import reservations
from backend.spending.budget import TokenBudget
from backend.spending.reservations import Reservation, token_reservations
from tests.broken_database import broken

pytestmark = pytest.mark.sql

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

MakeBudget = Callable[..., TokenBudget]


@pytest.fixture
def make_budget(engine: sa.Engine) -> Iterator[MakeBudget]:
    """Makes budgets of one database, at noon; their threads end with the test."""
    made: list[TokenBudget] = []

    def make(limit: int = 0, *, now: datetime = NOON) -> TokenBudget:
        made.append(TokenBudget(engine, limit=limit, clock=lambda: now))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_counts_what_was_used_and_survives_a_restart(make_budget: MakeBudget):
    quota = make_budget(1000)
    held = quota.reserve(300)
    assert quota.today().tokens == 300
    quota.settle(held, prompt_tokens=100, completion_tokens=120)
    again = make_budget(1000).today()
    assert (again.tokens, again.prompt_tokens, again.requests) == (220, 100, 1)


def test_what_was_held_although_the_answer_was_lost_is_held_once(
    engine: sa.Engine, make_budget: MakeBudget
):
    """A connection may end between the COMMIT and the word that it was done; then all is tried again."""
    quota = make_budget(1000)
    held = Reservation(NOON.date(), 300, 50, "a" * 32)
    for _ in range(2):
        with writing(engine) as connection:
            assert reservations.hold(connection, held, holder="us", limit=310)
    assert quota.today().reserved == 350
    quota.settle(held, prompt_tokens=100, completion_tokens=20)
    assert (quota.today().tokens, quota.today().reserved) == (120, 0)


def test_past_the_budget_nothing_leaves_until_midnight(make_budget: MakeBudget):
    quota = make_budget(100)
    quota.settle(quota.reserve(50), prompt_tokens=60, completion_tokens=60)
    with pytest.raises(BudgetExhausted) as refused:
        quota.reserve(1)
    assert refused.value.retry_after == 12 * 3600
    with pytest.raises(BudgetExhausted):
        quota.refuse_if_used_up()
    tomorrow = make_budget(100, now=datetime(2026, 3, 3, 0, 0, 1, tzinfo=UTC))
    tomorrow.reserve(1)


def test_reservations_of_many_at_once_pass_the_budget_by_one_at_most(make_budget: MakeBudget):
    quota = make_budget(500)

    def reserve(_: int) -> bool:
        try:
            quota.reserve(100)
        except BudgetExhausted:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        granted = list(pool.map(reserve, range(20)))
    assert sum(granted) == 5


def test_without_a_budget_nothing_is_refused(make_budget: MakeBudget):
    quota = make_budget()
    for _ in range(3):
        quota.reserve(10**9)
    quota.refuse_if_used_up()


def test_what_a_dead_process_held_is_an_estimate_until_true_numbers_come(
    engine: sa.Engine, make_budget: MakeBudget
):
    quota = make_budget(1000)
    held = quota.reserve(300, 200)
    quota.count_dead_processes()
    assert quota.today().reserved == 500, "its holder lives"
    with writing(engine) as connection:
        connection.execute(sa.update(token_reservations).values(expires_at=0.0))
    for _ in range(2):
        make_budget(1000).count_dead_processes()
        found = quota.today()
        assert (found.prompt_tokens, found.completion_tokens, found.reserved) == (300, 200, 0)
        assert found.requests == 1
    for _ in range(2):
        quota.settle(held, prompt_tokens=310, completion_tokens=40)
        found = quota.today()
        assert (found.prompt_tokens, found.completion_tokens, found.reserved) == (310, 40, 0)
        assert found.requests == 1


def test_nobody_waits_for_tokens_once_the_server_stops(engine: sa.Engine, make_budget: MakeBudget):
    quota = make_budget(1000)
    began = time.monotonic()
    with broken(engine, "INSERT INTO token_usage"), ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(quota.reserve, 100, wait=60.0)
        quota.shut_down()
        with pytest.raises(sa.exc.OperationalError):
            waiting.result()
    assert time.monotonic() - began < 30
