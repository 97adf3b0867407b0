"""Machines that share a database and send batches at the same time; the provider's limits of one batch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from backend.config import Config
from backend.llm.model_batches import BatchState, ModelBatches
from backend.provider_batches.batch_store import BatchStore
from backend.provider_batches.collecting import Collected, Collector
from backend.provider_batches.sending import Sender, Sent
from backend.services import Services, build
from backend.translation.records import Translation
from backend.translation.single_flight import Assignment
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_batches import BatchScenario
from tests.provider_batches.conftest import paid
from tests.translation.runs import request, rows

TEXTS = [
    " ".join(f"We study model {number} with {n} layers and find it useful." for n in range(40))
    for number in range(100, 112)
]


@pytest.fixture(autouse=True)
def long_abstracts() -> None:
    """Nothing: these tests know no papers."""


class Machine:
    """What one machine has of its own."""

    def __init__(self, services: Services, url: str, **limits: Any) -> None:
        self.services = services
        config = services.config
        self.batches = ModelBatches(model=config.model, base_url=url, pause=0.05, **limits)
        self.store = BatchStore(services.engine, model=config.model, server=self.batches.server)
        translator, leases, budget = services.translator, services.leases, services.budget
        self.sender = Sender(
            self.batches, self.store, memory=translator.memory, leases=leases, budget=budget
        )
        self.collector = Collector(
            *(self.batches, self.store, self.sender),
            translator=translator,
            leases=leases,
            budget=budget,
        )

    def missing(self) -> list[Assignment]:
        return self.services.translator.start(request(*TEXTS, lang="de")).assignments

    def send(self, assignments: list[Assignment]) -> list[Sent]:
        return list(self.sender.send(assignments))

    def collect_all(self) -> list[Collected]:
        done = []
        while open_ := self.store.open():
            for batch in open_:
                outcome = self.collector.collect(batch)
                if isinstance(outcome, Collected):
                    done.append(outcome)
        return done


@pytest.fixture
def make_machine(settings: dict[str, Any], fake_llm: FakeLLM) -> Iterator[Callable[..., Machine]]:
    made: list[Machine] = []

    def make(**limits: int) -> Machine:
        made.append(Machine(build(Config(**settings)), fake_llm.base_url, **limits))
        return made[-1]

    yield make
    for machine in made:
        machine.batches.close()
        machine.services.close()


@pytest.mark.sql
def test_two_that_send_at_once_send_each_text_once(
    make_machine: Callable[..., Machine], fake_llm: FakeLLM
):
    """And both take in what has ended; some requests fail, so that there is something to mend."""
    machines = [make_machine(max_requests=2), make_machine(max_requests=2)]
    fake_llm.batches.scenario = BatchScenario(working=1, refused=("1",))
    wanted = [machine.missing() for machine in machines]
    assert len(wanted[0]) == len(wanted[1]) == len(TEXTS)
    together = threading.Barrier(2)

    def work(number: int) -> None:
        together.wait()
        machines[number].send(wanted[number])
        together.wait()
        machines[number].collect_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, number) for number in (0, 1)]:
            done.result()
    assert rows(machines[0].services) == len(TEXTS)
    assert len(paid(fake_llm)) == len(TEXTS)
    assert set(paid(fake_llm).values()) == {1}
    used = machines[0].services.budget.today()
    assert (used.reserved, used.prompt_tokens > 0) == (0, True)


def test_what_was_translated_since_it_was_looked_up_is_not_sent(
    make_machine: Callable[..., Machine], fake_llm: FakeLLM
):
    one, two = make_machine(), make_machine()
    late = two.missing()
    assert [sent.texts for sent in one.send(one.missing())] == [len(TEXTS)]
    one.collect_all()
    assert two.send(late) == []
    assert len(fake_llm.batches.batches) == 1
    assert two.store.open() == []


def test_what_failed_its_checks_a_day_ago_is_sent_again(
    make_machine: Callable[..., Machine], fake_llm: FakeLLM
):
    """As a reader's request would ask for it again; until then what is kept serves."""
    machine = make_machine()
    text = machine.missing()[0]
    unverified = Translation("…", False, ("length",), "fake-model")
    machine.services.translator.memory.store(text.key, "de", unverified, source=text.text)
    with machine.services.engine.begin() as connection:
        connection.execute(sa.text("UPDATE translation_memory SET stored_at = stored_at - 90000"))
    assert [sent.texts for sent in machine.send(machine.missing())] == [len(TEXTS)]
    machine.collect_all()
    assert fake_llm.requests == []
    assert machine.missing() == []


def test_only_one_works_on_a_batch(make_machine: Callable[..., Machine], fake_llm: FakeLLM):
    fake_llm.batches.scenario = BatchScenario(validating=1)
    one, two = make_machine(), make_machine()
    one.send(one.missing())
    [batch] = two.store.open()
    with one.services.leases.held(batch.lease) as held:
        assert held
        assert two.collector.collect(batch) is None
    assert isinstance(two.collector.collect(batch), BatchState)


@pytest.mark.sql
def test_what_another_could_not_mend_is_mended(
    make_machine: Callable[..., Machine], fake_llm: FakeLLM
):
    """A machine died after it had noted what a batch cost, and before it asked for what failed."""
    one, two = make_machine(), make_machine()
    fake_llm.batches.scenario = BatchScenario(refused=("1",))
    one.send(one.missing())
    [batch] = one.store.open()
    assert batch.batch
    state = one.batches.look(batch.batch)
    one.collector._take(batch, state)
    before = one.services.budget.today()
    [left] = two.store.open()
    assert left.answered
    outcome = two.collector.collect(left)
    assert isinstance(outcome, Collected)
    assert outcome.mended > 0
    assert rows(two.services) == len(TEXTS)
    assert set(paid(fake_llm).values()) == {1}
    after = two.services.budget.today()
    assert after.prompt_tokens - before.prompt_tokens == outcome.mended_usage.prompt_tokens


@pytest.mark.parametrize(
    ("limits", "least"),
    [({"max_requests": 1}, 4), ({"max_requests": 2}, 2), ({"max_bytes": 20_000}, 2)],
)
def test_a_batch_has_no_more_than_the_provider_takes(
    make_machine: Callable[..., Machine], fake_llm: FakeLLM, limits: dict[str, Any], least: int
):
    fake_llm.batches.scenario = BatchScenario(**limits)
    machine = make_machine(**limits)
    sent = machine.send(machine.missing())
    assert len(sent) >= least
    assert [done.status for done in machine.collect_all()] == ["completed"] * len(sent)
    assert fake_llm.requests == []
    assert rows(machine.services) == len(TEXTS)


def test_more_than_the_provider_takes_fails_as_a_whole_and_is_done_the_plain_way(
    make_machine: Callable[..., Machine], fake_llm: FakeLLM
):
    fake_llm.batches.scenario = BatchScenario(max_requests=1)
    machine = make_machine()
    machine.send(machine.missing())
    [done] = machine.collect_all()
    assert (done.status, done.mended) == ("failed", len(TEXTS))


def test_batches_of_another_provider_are_left_alone(
    make_machine: Callable[..., Machine], fake_llm: FakeLLM
):
    machine = make_machine()
    machine.send(machine.missing())
    other = BatchStore(
        machine.services.engine, model="fake-model", server="https://elsewhere.example/v1"
    )
    assert (other.open(), other.elsewhere()) == ([], 1)
