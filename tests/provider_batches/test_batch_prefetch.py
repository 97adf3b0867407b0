"""`flask --app backend prefetch --batch`: against a model's provider on a real socket, with its real faults."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys

import pytest
import sqlalchemy as sa

from backend import database
from backend.spending.budget import TokenBudget
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_batches import BatchScenario
from tests.fakes.llm_scenario import Scenario
from tests.provider_batches.conftest import TEXTS, paid
from tests.serving import ROOT
from tests.test_commands import DAY, prefetch

OPTIONS = ("--lang", "de", "--date", str(DAY), "--batch")
PRICED = {"PRICE_IN": "1000", "PRICE_OUT": "2000"}
ALL_KNOWN = f"{TEXTS} texts, {TEXTS} of them known before; 0 tokens in, 0 out"


def engine_of(environment: dict[str, str]) -> sa.Engine:
    return database.connect(
        environment["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    )


def rows(environment: dict[str, str]) -> tuple[int, int, int]:
    """How many translations are kept verified, how many texts and batches are under way."""
    engine = engine_of(environment)
    with engine.connect() as connection:
        counted = [
            connection.execute(sa.text(f"SELECT count(*) FROM {what}")).scalar_one()
            for what in ("translation_memory WHERE verified", "batched_texts", "provider_batches")
        ]
    engine.dispose()
    return counted[0], counted[1], counted[2]


def spent(environment: dict[str, str]) -> int:
    engine = engine_of(environment)
    tokens = TokenBudget(engine).today().tokens
    engine.dispose()
    return tokens


@pytest.mark.sql
def test_translates_at_half_price(environment: dict[str, str], fake_llm: FakeLLM):
    """Answers in any order, among lines that are none; what was sent is not left at the provider."""
    fake_llm.batches.scenario = BatchScenario(
        validating=1, working=1, order="reversed", garbage=True, empty_names=True
    )
    options = ("--lang", "de,ja", *OPTIONS[2:])
    done = prefetch(environment | PRICED, *options)
    assert done.exit_code == 0, done.output
    assert rows(environment) == (2 * TEXTS, 0, 0)
    assert fake_llm.requests == []
    assert set(fake_llm.batches.answered.values()) == {1}
    assert fake_llm.batches.files == {}
    assert f"{2 * TEXTS} texts sent, about" in done.stdout
    assert "validating, 0 of 0 requests" in done.stdout
    said = re.search(r"verified, ([\d,]+) tokens in, ([\d,]+) out, ([\d.]+) at half", done.stdout)
    assert said, done.stdout
    tokens_in, tokens_out = (int(each.replace(",", "")) for each in said.groups()[:2])
    assert float(said[3]) == pytest.approx((tokens_in * 1000 + tokens_out * 2000) / 1e6 / 2)
    assert spent(environment) == tokens_in + tokens_out, (
        "what was counted when it was sent is mended"
    )
    again = prefetch(environment, *options)
    assert again.exit_code == 0
    assert again.stdout.count(ALL_KNOWN) == 2
    assert len(fake_llm.batches.batches) == 1


@pytest.mark.sql
def test_another_machine_goes_on(environment: dict[str, str], fake_llm: FakeLLM):
    """Sent from one, looked at from a second in vain, taken in by a third that was asked for something else."""
    fake_llm.batches.scenario = BatchScenario(validating=2)
    first = prefetch(environment, *OPTIONS, "--no-wait")
    assert first.exit_code == 0, first.output
    assert f"{TEXTS} texts on their way in a batch" in first.stdout
    assert rows(environment) == (0, TEXTS, 1)
    assert spent(environment) > 0, "reserved when it is sent"
    second = prefetch(environment, *OPTIONS, "--no-wait")
    assert second.exit_code == 0, second.output
    assert "validating" in second.stdout
    third = prefetch(environment, "--lang", "fr", *OPTIONS[2:])
    assert third.exit_code == 0, third.output
    assert rows(environment) == (2 * TEXTS, 0, 0)
    assert set(paid(fake_llm).values()) == {1}
    assert len(fake_llm.batches.batches) == 2


@pytest.mark.parametrize(
    "scenario",
    [
        BatchScenario(ending="expired"),
        BatchScenario(ending="cancelled"),
        BatchScenario(ending="expired", unfinished=1),
        BatchScenario(refused=("2",)),
        BatchScenario(refused=("1", "2", "3"), refused_status=429),
        BatchScenario(refused=("1",), refused_status=400),
        BatchScenario(ending="failed"),
        BatchScenario(ending="failed", failed_code="of_another_kind"),
    ],
    ids=lambda scenario: f"{scenario.ending} {' '.join(scenario.refused)}",
)
def test_what_a_batch_did_not_do_is_done_the_plain_way(
    environment: dict[str, str], fake_llm: FakeLLM, scenario: BatchScenario
):
    fake_llm.batches.scenario = scenario
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert rows(environment) == (TEXTS, 0, 0)
    assert fake_llm.requests, "the rest"
    assert len(paid(fake_llm)) == TEXTS
    assert set(paid(fake_llm).values()) == {1}, "nothing is paid twice"
    assert f"{scenario.ending}: " in done.stdout
    assert "more the plain way" in done.stdout
    limit = "limit of tokens that wait in batches" in done.stdout
    assert limit is (scenario == BatchScenario(ending="failed"))


@pytest.mark.parametrize("scenario", [BatchScenario(no_output=True), BatchScenario(gone=True)])
def test_an_output_file_that_is_missing(
    environment: dict[str, str], fake_llm: FakeLLM, scenario: BatchScenario
):
    fake_llm.batches.scenario = scenario
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert rows(environment) == (TEXTS, 0, 0)
    assert f"completed: 0 texts verified, 0 tokens in, 0 out at half price; {TEXTS} more" in (
        done.stdout
    )


def test_a_batch_that_the_provider_forgot(environment: dict[str, str], fake_llm: FakeLLM):
    prefetch(environment, *OPTIONS, "--no-wait")
    fake_llm.batches.batches.clear()
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert "lost: " in done.stdout
    assert rows(environment) == (TEXTS, 0, 0)


@pytest.mark.parametrize("damage", ["drop", "half", "echo", "refuse", "missing", "digits"])
def test_each_answer_is_verified_and_repaired(
    environment: dict[str, str], fake_llm: FakeLLM, damage: str
):
    """What is wrong in the batch is asked for again alone; what was right in it is not."""
    fake_llm.batches.scenario = BatchScenario(
        model=Scenario(damage=(damage,), damage_probability=0.5, damage_attempts=1)
    )
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert rows(environment) == (TEXTS, 0, 0)
    again = {text for (_, text), times in paid(fake_llm).items() if times > 1}
    alone = {text for asked in fake_llm.requests for _, text in asked.segments}
    assert again == alone
    assert len(alone) < TEXTS


def test_an_answer_that_was_cut_is_not_kept_as_whole(
    environment: dict[str, str], fake_llm: FakeLLM
):
    fake_llm.batches.scenario = BatchScenario(
        model=Scenario(stop_at=0.6, finish_reason="length"), no_usage=True
    )
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert rows(environment) == (TEXTS, 0, 0)
    assert 0 < len({t for a in fake_llm.requests for _, t in a.segments}) < TEXTS


def test_a_parameter_that_is_refused_is_left_out_of_the_next_batch(
    environment: dict[str, str], fake_llm: FakeLLM
):
    fake_llm.batches.scenario = BatchScenario(refused_parameters=("temperature",))
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert f"{TEXTS} are to be sent again" in done.stdout
    assert len(fake_llm.batches.batches) == 2
    assert fake_llm.requests == []
    assert rows(environment) == (TEXTS, 0, 0)


@pytest.mark.parametrize(
    "scenario",
    [
        BatchScenario(there="none", none_status=404),
        BatchScenario(there="none", none_status=405),
        BatchScenario(there="none", none_status=501),
        BatchScenario(there="none", none_status=200),
        BatchScenario(there="files", none_status=404),
        BatchScenario(there="files", none_status=405),
        BatchScenario(there="files", none_status=200),
    ],
    ids=lambda scenario: f"{scenario.there} {scenario.none_status}",
)
def test_a_provider_without_batches(
    environment: dict[str, str], fake_llm: FakeLLM, scenario: BatchScenario
):
    fake_llm.batches.scenario = scenario
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert (
        "The provider has no batches: translated the plain way, at the full price." in done.stdout
    )
    assert rows(environment) == (TEXTS, 0, 0)
    assert set(paid(fake_llm).values()) == {1}
    assert fake_llm.batches.files == {}, "what was uploaded for nothing is taken back"
    usage = sum(len(asked.segments) for asked in fake_llm.requests)
    assert usage == TEXTS


def test_a_batch_that_is_refused(environment: dict[str, str], fake_llm: FakeLLM):
    fake_llm.batches.faults = [422]
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert "The provider refused the batch: translated the plain way" in done.stdout
    assert rows(environment) == (TEXTS, 0, 0)


def test_faults_that_pass_are_waited_for(environment: dict[str, str], fake_llm: FakeLLM):
    """Uploading, then looking and reading: each fails once."""
    fake_llm.batches.faults = [500]
    fake_llm.batches.scenario = BatchScenario(validating=1)
    done = prefetch(environment, *OPTIONS, "--no-wait")
    assert done.exit_code == 0, done.output
    fake_llm.batches.faults = [429, 503]
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert fake_llm.requests == []
    assert rows(environment) == (TEXTS, 0, 0)
    assert len(fake_llm.batches.batches) == 1


@pytest.mark.parametrize("statuses", [[401], [500, 500, 500]])
def test_a_provider_that_cannot_be_asked_costs_nothing(
    environment: dict[str, str], fake_llm: FakeLLM, statuses: list[int]
):
    fake_llm.batches.faults = statuses
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 1
    assert "run the command again" in done.stderr
    assert fake_llm.requests == [], "not at the full price: half was wanted"
    assert rows(environment) == (0, 0, 0)
    assert spent(environment) == 0


def test_a_batch_whose_making_was_not_heard_of_is_found(
    environment: dict[str, str], fake_llm: FakeLLM
):
    fake_llm.batches.lost_answers = 1
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert len(fake_llm.batches.batches) == 1
    assert set(paid(fake_llm).values()) == {1}


@pytest.mark.sql
def test_stopped_while_a_batch_is_made_it_is_found_by_the_next_run(
    environment: dict[str, str], fake_llm: FakeLLM
):
    fake_llm.batches.silences = 1
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "backend", "prefetch", *OPTIONS],
        cwd=ROOT,
        env=environment | {"PATH": os.environ["PATH"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not fake_llm.batches.batches:
        assert process.poll() is None, process.communicate()
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=90)
    assert process.returncode == 128 + signal.SIGTERM, errors
    assert "the same command goes on from there" in errors
    assert rows(environment) == (0, TEXTS, 1)
    done = prefetch(environment, *OPTIONS)
    assert done.exit_code == 0, done.output
    assert len(fake_llm.batches.batches) == 1, "not a second time"
    assert set(paid(fake_llm).values()) == {1}
    assert rows(environment) == (TEXTS, 0, 0)


def test_the_budget_is_kept_to(environment: dict[str, str], fake_llm: FakeLLM):
    """Requests are sent while anything is left; the rest is for tomorrow, and the plain way has none either."""
    limited = environment | {"DAILY_TOKEN_BUDGET": "4000"}
    done = prefetch(limited, *OPTIONS)
    assert done.exit_code == 1, done.output
    sent = re.search(r"(\d+) texts sent, about ([\d,]+) tokens in, ([\d,]+) out", done.stdout)
    assert sent, done.output
    late = re.search(r"(\d+) texts were not sent", done.stderr)
    assert late, done.output
    assert int(sent[1]) + int(late[1]) == TEXTS
    assert 0 < int(sent[1]) < TEXTS
    assert sum(fake_llm.batches.answered.values()) == int(sent[1])


def test_used_up_nothing_is_sent(environment: dict[str, str], fake_llm: FakeLLM):
    engine = engine_of(environment)
    database.upgrade(str(engine.url))
    budget = TokenBudget(engine)
    budget.settle(budget.reserve(1), prompt_tokens=5000, completion_tokens=0)
    engine.dispose()
    done = prefetch(environment | {"DAILY_TOKEN_BUDGET": "4000"}, *OPTIONS)
    assert done.exit_code == 1
    assert "DAILY_TOKEN_BUDGET" in done.stderr
    assert fake_llm.batches.asked == []


def test_a_dry_run_says_half_the_price(environment: dict[str, str], fake_llm: FakeLLM):
    options = (*OPTIONS[:-1], "--dry-run")
    plain = prefetch(environment | PRICED, *options).stdout.strip()
    half = prefetch(environment | PRICED, *options, "--batch").stdout.strip()
    assert half.endswith(" at half price")
    prices = [float(said.split(", ")[-1].split()[0]) for said in (plain, half)]
    assert prices[1] == pytest.approx(prices[0] / 2, rel=1e-3)
    assert fake_llm.batches.asked == []


def test_no_wait_alone_is_refused(environment: dict[str, str]):
    done = prefetch(environment, *OPTIONS[:-1], "--no-wait")
    assert done.exit_code == 2
    assert "--batch" in done.stderr
