"""Questions beyond the limit wait for their turn, in order, and hear their place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest

from backend.llm.attempt import Timeouts
from backend.llm.model import Turn
from backend.llm.openai_model import OpenAIModel
from backend.llm.turns import Turns
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.llm.asking import MESSAGES, TEXT, hear


def test_the_lower_order_goes_first_then_who_came_first():
    async def served() -> list[str]:
        turns = Turns(1)
        names: list[str] = []

        async def ask(name: str, order: int) -> None:
            await turns.take(Turn(order))
            names.append(name)
            turns.give_back()

        await turns.take(Turn())
        asking = [("second 1", 1), ("first 1", 0), ("repair", -1), ("first 2", 0), ("second 2", 1)]
        tasks = [asyncio.create_task(ask(name, order)) for name, order in asking]
        await asyncio.sleep(0)
        turns.give_back()
        await asyncio.gather(*tasks)
        return names

    assert asyncio.run(served()) == ["repair", "first 1", "first 2", "second 1", "second 2"]


def test_who_leaves_the_queue_leaves_no_turn_behind():
    async def run() -> None:
        turns = Turns(1)
        await turns.take(Turn())
        leaving = [asyncio.create_task(turns.take(Turn())) for _ in range(3)]
        await asyncio.sleep(0)
        turns.give_back()  # it is the first one's turn, who leaves in the same moment
        for task in leaving:
            task.cancel()
        await asyncio.gather(*leaving, return_exceptions=True)
        async with asyncio.timeout(1):
            await turns.take(Turn())
        with pytest.raises(TimeoutError):
            await turns.take(Turn(patience=0.01))

    asyncio.run(run())


def test_the_place_is_told_until_the_turn_comes(
    make_model: Callable[..., OpenAIModel], fake: FakeLLM
):
    model = make_model(slots=1, timeouts=Timeouts())
    fake.next(Scenario(hang="tokens"), Scenario(hang="tokens"))
    first, second = (model.stream(MESSAGES, max_output_tokens=500) for _ in range(2))
    fake.wait_until(lambda: len(fake.requests) == 1)
    heard: list[int] = []
    changed = threading.Condition()

    def on_place(place: int) -> None:
        with changed:
            heard.append(place)
            changed.notify()

    def wait_for(*places: int) -> None:
        with changed:
            assert changed.wait_for(lambda: heard == list(places), 5), heard

    third = model.stream(MESSAGES, max_output_tokens=500, turn=Turn(on_place=on_place))
    wait_for(2)
    assert model.waiting() == 2
    first.cancel()
    wait_for(2, 1)
    second.cancel()
    wait_for(2, 1, 0)
    assert model.waiting() == 0
    assert hear(third).text == TEXT
