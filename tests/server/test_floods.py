"""Floods from one address against the real server: upstreams keep their patience, others are served."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from backend.lists.past_days import PAUSE
from tests.conditions import wait_until
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed
from tests.serving import ServerProcess, server

pytestmark = pytest.mark.sql

FLOOD, OTHER = {"X-Forwarded-For": "203.0.113.66"}, {"X-Forwarded-For": "203.0.113.7"}
PATIENCE = 30.0


@pytest.fixture
def running(
    database_url: str, huggingface: FakeHuggingFace, arxiv: FakeArxiv
) -> Iterator[ServerProcess]:
    """Two processes that the world can reach through a proxy."""
    settings = {
        "ACCESS_TOKEN": "a-token-of-this-test",
        "TRUSTED_PROXIES": "1",
        "WEB_CONCURRENCY": "2",
        "HF_ENDPOINT": huggingface.url,
        "ARXIV_API_URL": arxiv.api_url,
    }
    with server(database_url, settings) as process:
        yield process


def ask_all(running: ServerProcess, paths: list[str]) -> Counter[int]:
    """How many of these addresses, asked for by one client as fast as it can, had which status."""

    with (
        httpx.Client(base_url=running.address, headers=FLOOD, timeout=PATIENCE) as client,
        ThreadPoolExecutor(20) as pool,
    ):
        return Counter(pool.map(lambda path: client.get(path).status_code, paths))


def test_asking_for_every_old_day_does_not_spend_what_the_upstream_allows(
    running: ServerProcess, huggingface: FakeHuggingFace
):
    today = datetime.now(UTC).date()
    old = [today - timedelta(days=n) for n in range(1, 101)]
    huggingface.lists = {str(day): [listed(f"2603.{day:%m%d}1")] for day in [today, *old]}
    began = time.monotonic()
    statuses = ask_all(running, [f"/api/v1/daily/{day}" for day in old])
    seconds = time.monotonic() - began
    assert set(statuses) <= {200, 429, 503}
    past = [day for day in huggingface.dates() if day != str(today)]
    assert len(past) <= seconds / PAUSE + 2, f"{len(past)} requests in {seconds:.1f} s"
    assert len(past) == len(set(past))
    newest = httpx.get(
        f"{running.address}/api/v1/daily/{today}", headers=OTHER, timeout=PATIENCE
    ).json()
    assert newest["source"] == "huggingface"
    missing = next(day for day in reversed(old) if str(day) not in huggingface.dates())
    answer = httpx.get(f"{running.address}/api/v1/daily/{missing}", headers=OTHER, timeout=PATIENCE)
    assert answer.status_code == 200, "another address has its own share"


def test_asking_for_papers_that_nobody_knows_does_not_shut_out_others(
    running: ServerProcess, arxiv: FakeArxiv
):
    arxiv.entries["2401.01234"] = entry("2401.01234")
    url = running.address + "/api/v1/papers/2401.01234"
    with ThreadPoolExecutor(1) as pool:
        unknown = [f"/api/v1/papers/2501.{n:05}" for n in range(60)]
        flood = pool.submit(ask_all, running, unknown)
        wait_until(lambda: arxiv.requests)
        answer = httpx.get(url, headers=OTHER, timeout=PATIENCE)
        assert answer.status_code == 200
        statuses = flood.result()
    assert set(statuses) <= {404, 429}
    assert statuses[429] > 40
    assert arxiv.closest() >= 3
