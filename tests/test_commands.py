"""`flask --app backend prefetch`: as its owner types it, against upstreams and a model on real sockets."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed
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


def prefetch(environment: dict[str, str], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", "--app", "backend", "prefetch", *options]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False
    )


def test_translates_an_edition_once(environment: dict[str, str], fake_llm: FakeLLM):
    options = ("--lang", "zh-Hans,ja", "--date", str(DAY))
    first = prefetch(environment, *options)
    assert first.returncode == 0, first.stderr
    assert "12 texts, 0 of them known before" in first.stdout
    assert "tokens in" in first.stdout
    asked = len(fake_llm.requests)
    assert asked >= 2
    again = prefetch(environment, *options)
    assert again.returncode == 0
    assert again.stdout.count("12 texts, 12 of them known before; 0 tokens in, 0 out") == 2
    assert len(fake_llm.requests) == asked

    with server(environment["DATABASE_URL"], environment) as running:
        edition = httpx.get(f"{running.address}/api/v1/daily/{DAY}?lang=ja", timeout=20).json()
    assert len(edition["papers"]) == len(IDS)
    assert all(paper["translation"]["verified"] for paper in edition["papers"])


def test_a_dry_run_says_what_it_would_cost_and_asks_nobody(
    environment: dict[str, str], fake_llm: FakeLLM
):
    priced = environment | {"PRICE_IN": "0.25", "PRICE_OUT": "2"}
    done = prefetch(priced, "--lang", "de", "--date", str(DAY), "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "12 texts to translate, about" in done.stdout
    assert done.stdout.strip().rpartition(", ")[2].startswith("0.0")
    assert fake_llm.requests == []


def test_what_fails_is_told_and_tried_again_next_time(
    environment: dict[str, str], fake_llm: FakeLLM
):
    fake_llm.next(Scenario(status=402))
    options = ("--lang", "de", "--date", str(DAY))
    done = prefetch(environment, *options)
    assert done.returncode == 1
    assert "failed" in done.stderr
    assert prefetch(environment, *options).returncode == 0


def test_several_days_with_gaps(
    environment: dict[str, str], huggingface: FakeHuggingFace, fake_llm: FakeLLM
):
    done = prefetch(environment, "--lang", "fr", "--date", str(DAY), "--days", "3")
    assert done.returncode == 0, done.stderr
    assert {str(DAY - timedelta(days=n)) for n in range(3)} <= set(huggingface.dates())
    assert len([line for line in done.stdout.splitlines() if "12 texts" in line]) == 1


def test_without_a_model_it_says_what_to_set(environment: dict[str, str]):
    bare = {k: v for k, v in environment.items() if not k.startswith("OPENAI")}
    done = prefetch(bare, "--lang", "fr", "--date", str(DAY))
    assert done.returncode == 1
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
    assert done.returncode == 2
    assert word in done.stderr
