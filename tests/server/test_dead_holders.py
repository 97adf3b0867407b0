"""What killed processes held of the token budget becomes an estimate, and translation goes on."""

from __future__ import annotations

import os
import time
from pathlib import Path

import httpx
import pytest

from tests.conditions import wait_until
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.server.outages import PATIENCE, TRANSLATIONS, body, translate
from tests.serving import ServerProcess, server
from tests.threads import in_the_background

KILLS = int(os.environ.get("PAPERGLOT_TEST_KILLS", "3"))
SECONDS = 60.0


def workers(running: ServerProcess) -> list[int]:
    pid = running.process.pid
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def budget(running: ServerProcess) -> dict[str, int]:
    found: dict[str, int] = httpx.get(running.address + "/api/v1/status", timeout=PATIENCE).json()[
        "budget"
    ]
    return found


def ask_and_kill(running: ServerProcess, fake_llm: FakeLLM, number: int) -> None:
    """Kill the worker that has begun to read the model's answer, and wait for the next one."""
    asked = len(fake_llm.requests)
    text = f"We study attention in language models of kind {number}. " * 10
    address = running.address + TRANSLATIONS
    in_the_background(lambda: httpx.post(address, json=body(text), timeout=PATIENCE))
    fake_llm.wait_until(lambda: len(fake_llm.requests) > asked, timeout=PATIENCE)
    [worker] = workers(running)
    os.kill(worker, 9)
    wait_until(lambda: workers(running) not in ([], [worker]), seconds=PATIENCE)


@pytest.mark.sql
@pytest.mark.timeout(600)
def test_what_killed_workers_held_is_an_estimate_a_minute_later(
    database_url: str, fake_llm: FakeLLM, record_property
):
    settings = {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "RATE_LIMIT": "10000/minute",
        "DAILY_TOKEN_BUDGET": "100000",
    }
    with server(database_url, settings) as running:
        translate(running.address, "We study graphs.")
        used = budget(running)
        fake_llm.scenario = Scenario(hang="tokens")
        for n in range(KILLS):
            ask_and_kill(running, fake_llm, n)
        killed_at = time.monotonic()
        wait_until(lambda: _reserved(budget(running)) == 0, seconds=SECONDS)
        record_property(
            "measured",
            f"{KILLS} kills: nothing reserved after {time.monotonic() - killed_at:.0f} s",
        )
        now = budget(running)
        assert now["requests"] == used["requests"] + KILLS
        assert now["prompt_tokens"] >= used["prompt_tokens"] + KILLS * 100, "what was sent is used"
        assert now["left"] == now["limit"] - now["used"]
        fake_llm.scenario = Scenario()
        assert translate(running.address, "We study trees.")["verified"]


def _reserved(found: dict[str, int]) -> int:
    return found["used"] - found["prompt_tokens"] - found["completion_tokens"]
