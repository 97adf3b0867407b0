"""`flask --app backend prefetch`: as its owner types it, against upstreams and a model on real sockets."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import Result

from backend import create_app, services
from backend.config import Config
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.fakes.upstreams import SERVER_ERROR, FakeArxiv, FakeHuggingFace, entry, listed
from tests.serving import ROOT, server

DAY = (datetime.now(UTC) - timedelta(days=3)).date()
IDS = [f"2603.0{n:04}" for n in range(1, 7)]
WORDS = ("Sparse", "Linear", "Causal", "Local", "Global", "Hybrid")


@pytest.fixture
def huggingface() -> Iterator[FakeHuggingFace]:
    lists = {str(DAY): [listed(id, title=f"Paper {id} on Attention") for id in IDS]}
    with FakeHuggingFace(lists) as upstream:
        yield upstream


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    entries = {
        id: entry(id, title=f"{word} Attention", abstract=f"We study {word.lower()} attention.")
        for id, word in zip(IDS, WORDS, strict=True)
    }
    with FakeArxiv(entries) as upstream:
        yield upstream


@pytest.fixture
def environment(
    database_url: str, huggingface: FakeHuggingFace, arxiv: FakeArxiv, fake_llm: FakeLLM
) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgresql://"),
        "HF_ENDPOINT": huggingface.url,
        "ARXIV_API_URL": arxiv.api_url,
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "OPENAI_API_KEY": "sk-test",
    }


def prefetch_process(
    environment: dict[str, str], *options: str
) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which asks arXiv as slowly as it is to be asked."""
    command = [sys.executable, "-m", "flask", "--app", "backend", "prefetch", *options]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False
    )


def prefetch(environment: dict[str, str], *options: str) -> Result:
    """The command in this process, which asks arXiv as often as it likes."""
    return invoke(environment, "prefetch", *options)


def invoke(environment: dict[str, str], *arguments: str) -> Result:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    services_ = services.build(Config.from_env(environment), arxiv_pause=0.05)
    try:
        app = create_app(services_=services_)
        with app.app_context():
            return app.test_cli_runner().invoke(args=list(arguments))
    finally:
        services_.close()  # wrong options end the command before it could
        for number, handler in handlers.items():
            signal.signal(number, handler)


@pytest.mark.sql
def test_translates_an_edition_once(environment: dict[str, str], fake_llm: FakeLLM):
    options = ("--lang", "zh-Hans,ja", "--date", str(DAY))
    first = prefetch_process(environment, *options)
    assert first.returncode == 0, first.stderr
    assert "12 texts, 0 of them known before" in first.stdout
    assert "tokens in" in first.stdout
    asked = len(fake_llm.requests)
    assert asked >= 2
    again = prefetch(environment, *options)
    assert again.exit_code == 0
    assert again.stdout.count("12 texts, 12 of them known before; 0 tokens in, 0 out") == 2
    assert len(fake_llm.requests) == asked

    with server(environment["DATABASE_URL"], environment) as running:
        edition = httpx.get(f"{running.address}/api/v1/daily/{DAY}?lang=ja", timeout=20).json()
    assert len(edition["papers"]) == len(IDS)
    assert all(paper["translation"]["verified"] for paper in edition["papers"])


def test_the_newest_edition_is_todays_once_it_is_there(
    environment: dict[str, str], huggingface: FakeHuggingFace, fake_llm: FakeLLM
):
    """With an older edition stored, as in a nightly job: today's list is looked at before any choice."""
    today = datetime.now(UTC).date()
    before = today - timedelta(days=1)
    huggingface.lists = {str(before): huggingface.lists[str(DAY)]}
    assert prefetch(environment, "--lang", "ja", "--date", str(before)).exit_code == 0
    huggingface.lists[str(today)] = huggingface.lists[str(before)]
    done = prefetch(environment, "--lang", "ja")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith(str(today))


def test_without_an_upstream_it_says_so_and_does_not_speak_of_the_sample(
    environment: dict[str, str], huggingface: FakeHuggingFace
):
    huggingface.fault = SERVER_ERROR
    done = prefetch(environment, "--lang", "ja")
    assert done.exit_code == 1
    assert "No edition is stored here, and Hugging Face does not answer." in done.stderr
    assert "2023-06-06" not in done.stdout + done.stderr


@pytest.mark.sql
def test_beside_two_servers_with_readers_nothing_is_asked_twice(
    environment: dict[str, str], huggingface: FakeHuggingFace, arxiv: FakeArxiv, fake_llm: FakeLLM
):
    """One look at the list, each paper and each text asked for once, arXiv at most every 3 s."""
    arxiv.entries |= {"2603.00077": entry("2603.00077")}
    arxiv.delay = huggingface.delay = 0.3
    with (
        server(environment["DATABASE_URL"], environment) as one,
        server(environment["DATABASE_URL"], environment) as two,
        ThreadPoolExecutor(9) as pool,
        httpx.Client(timeout=60) as client,
    ):
        translating = {"lang": "zh-Hans", "ids": IDS}

        def read(address: str) -> httpx.Response:
            """Comes back when told to: on a busy machine the list takes longer than a reader may wait."""
            response = client.get(address)
            while response.status_code == 503:
                time.sleep(float(response.headers["Retry-After"]))
                response = client.get(address)
            return response

        work = pool.submit(prefetch_process, environment, "--lang", "zh-Hans", "--date", str(DAY))
        readers = [
            reading
            for address in (one.address, two.address)
            for reading in (
                pool.submit(read, f"{address}/api/v1/daily/{DAY}?lang=zh-Hans"),
                pool.submit(read, f"{address}/api/v1/papers/2603.00077"),
                pool.submit(client.post, f"{address}/api/v1/papers/translations", json=translating),
            )
        ]
        assert [reading.result().status_code for reading in readers] == [200] * len(readers)
        assert work.result().returncode == 0, work.result().stderr
    looks = Counter(huggingface.dates())  # the servers look at today's list too
    assert looks[str(DAY)] == 1
    assert set(looks.values()) == {1}
    assert Counter(id for ids in arxiv.asked() for id in ids) == dict.fromkeys(
        [*IDS, "2603.00077"], 1
    )
    assert arxiv.closest() >= 3
    texts = Counter(text for asked in fake_llm.requests for _, text in asked.segments)
    assert len(texts) == 2 * len(IDS)
    assert set(texts.values()) == {1}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_says_what_is_kept_and_goes_on_from_there(
    environment: dict[str, str], fake_llm: FakeLLM, number: signal.Signals
):
    fake_llm.next(Scenario(), Scenario(hang="tokens", wire_at=0.7))
    fake_llm.scenario = Scenario(hang="tokens", wire_at=0.7)
    command = [sys.executable, "-m", "flask", "--app", "backend", "prefetch"]
    process = subprocess.Popen(
        [*command, "--lang", "de,fr", "--date", str(DAY)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    fake_llm.wait_until(lambda: len(fake_llm.requests) >= 2, timeout=60)
    fake_llm.wait_until(lambda: fake_llm.requests[0].outcome != "running", timeout=30)
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 128 + number
    assert "texts, 0 of them known before" in output + errors
    assert errors.rstrip().endswith("the same command goes on from there.")
    fake_llm.wait_until(lambda: all(r.outcome != "running" for r in fake_llm.requests))
    fake_llm.scenario = Scenario()
    again = prefetch(environment, "--lang", "de,fr", "--date", str(DAY))
    assert again.exit_code == 0, again.stderr
    assert "12 texts, 0 of them known before" not in again.stdout.splitlines()[0]
    assert again.stdout.splitlines()[-1].startswith("in all  24 texts, ")


def test_a_dry_run_says_what_it_would_cost_and_asks_nobody(
    environment: dict[str, str], fake_llm: FakeLLM
):
    priced = environment | {"PRICE_IN": "0.25", "PRICE_OUT": "2"}
    done = prefetch(priced, "--lang", "de", "--date", str(DAY), "--dry-run")
    assert done.exit_code == 0, done.stderr
    assert "12 texts to translate, about" in done.stdout
    assert len(done.stdout.splitlines()) == 1
    assert done.stdout.strip().rpartition(", ")[2].startswith("0.0")
    assert fake_llm.requests == []


def test_what_fails_is_told_and_tried_again_next_time(
    environment: dict[str, str], fake_llm: FakeLLM
):
    fake_llm.next(Scenario(status=402))
    options = ("--lang", "de", "--date", str(DAY))
    done = prefetch(environment, *options)
    assert done.exit_code == 1
    assert "failed" in done.stderr
    assert done.stdout == "", "a line of progress is for terminals"
    assert prefetch(environment, *options).exit_code == 0


def test_several_days_with_gaps(
    environment: dict[str, str], huggingface: FakeHuggingFace, fake_llm: FakeLLM
):
    done = prefetch(environment, "--lang", "fr", "--date", str(DAY), "--days", "3")
    assert done.exit_code == 0, done.stderr
    assert {str(DAY - timedelta(days=n)) for n in range(3)} <= set(huggingface.dates())
    assert len([line for line in done.stdout.splitlines() if "12 texts" in line]) == 1


def test_without_a_model_it_says_what_to_set(environment: dict[str, str]):
    bare = {k: v for k, v in environment.items() if not k.startswith("OPENAI")}
    done = prefetch(bare, "--lang", "fr", "--date", str(DAY))
    assert done.exit_code == 1
    assert "OPENAI_API_KEY" in done.stderr


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ((), "--lang"),
        (("--lang", "tlh"), "--lang"),
        (("--lang", "de", "--date", "yesterday"), "--date"),
        (("--lang", "de", "--days", "0"), "--days"),
    ],
)
def test_wrong_options_are_named(tmp_path: Path, options: tuple[str, ...], word: str):
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{tmp_path / 'x'}"}
    done = prefetch(environment, *options)
    assert done.exit_code == 2
    assert word in done.stderr


def test_forgets_what_its_owner_names(environment: dict[str, str], fake_llm: FakeLLM):
    assert prefetch(environment, "--lang", "de,ja", "--date", str(DAY)).exit_code == 0

    tried = invoke(environment, "forget", "--paper", IDS[0], "--dry-run")
    assert tried.exit_code == 0, tried.stderr
    assert tried.stdout.split() == [
        "de",
        "2",
        "ja",
        "2",
        "4",
        "translations",
        "would",
        "be",
        "forgotten",
    ]
    done = invoke(environment, "forget", "--paper", IDS[0], "--lang", "ja")
    assert done.stdout.split() == ["ja", "2", "2", "translations", "are", "forgotten"]
    asked = len(fake_llm.requests)
    again = prefetch(environment, "--lang", "de,ja", "--date", str(DAY))
    assert "12 texts, 10 of them known before" in again.stdout
    assert "12 texts, 12 of them known before" in again.stdout
    assert len(fake_llm.requests) == asked + 1

    none = invoke(environment, "forget", "--before", "2020-01-01")
    assert none.stdout == "0 translations are forgotten\n"
    none = invoke(environment, "forget", "--origin", "another-model")
    assert none.stdout == "0 translations are forgotten\n"
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    rest = invoke(
        environment,
        "forget",
        "--origin",
        "fake-model",
        "--before",
        str(tomorrow),
        "--lang",
        "de,ja",
    )
    assert rest.stdout.split() == ["de", "12", "ja", "12", "24", "translations", "are", "forgotten"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), "Say what to forget"),
        (("--dry-run",), "Say what to forget"),
        (("--paper", "no-id"), "arXiv"),
        (("--paper", "2603.99999"), ""),
        (("--lang", "tlh"), "tlh"),
        (("--before", "yesterday"), "yesterday"),
    ],
)
def test_says_why_it_forgets_nothing(
    environment: dict[str, str], options: tuple[str, ...], words: str
):
    done = invoke(environment, "forget", *options)
    assert done.exit_code != 0
    assert words in done.stderr
