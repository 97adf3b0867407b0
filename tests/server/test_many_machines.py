"""compose.yaml rehearsed without containers: two servers on two addresses, one memory, nginx before them."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import redis

from tests.conftest import POSTGRES, postgres_database
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.fakes.upstreams import FakeArxiv, entry
from tests.redis_server import needs_redis, redis_server
from tests.serving import ROOT, ServerProcess, server

from .proxies import free_port, needs_nginx, nginx

pytestmark = [
    needs_nginx,
    needs_redis,
    pytest.mark.skipif(not POSTGRES, reason="one database for several machines is PostgreSQL"),
]

TRANSLATIONS = "/api/v1/translations"
TOKEN = {"Authorization": "Bearer a-token-for-tests"}
PATIENCE = 60.0
ASKERS = 200
IDS = [f"2603.{number:05}" for number in range(1, 9)]
KNOWN = "We study what the first machine spends."


@dataclass(frozen=True)
class Machines:
    """Two servers, and nginx that deals requests out to them in turn."""

    address: str
    servers: tuple[ServerProcess, ServerProcess]
    redis_url: str

    @property
    def names(self) -> set[str]:
        """The servers as nginx names them in Served-By."""
        return {urlsplit(each.address).netloc for each in self.servers}


@contextmanager
def machines(folder: Path, **settings: str) -> Iterator[Machines]:
    """Two servers with these settings, and README's nginx."""
    with ExitStack() as stack:
        redis_url = stack.enter_context(redis_server(folder))
        url = stack.enter_context(postgres_database())
        common = {
            "ACCESS_TOKEN": TOKEN["Authorization"].removeprefix("Bearer "),
            "TRUSTED_PROXIES": "1",
            "REDIS_URL": redis_url,
            **settings,
        }
        first, second = (
            stack.enter_context(server(url, {**common, "BIND": address}))
            for address in ("127.0.0.2", "127.0.0.3")
        )
        port = free_port()
        block = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
        assert block
        text = re.sub(r" *ssl_.*\n", "", block[1])
        text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        text = text.replace(
            "http://127.0.0.1:8000;", "http://machines; add_header Served-By $upstream_addr always;"
        )
        behind = "".join(f" server {urlsplit(each.address).netloc};" for each in (first, second))
        proxy = nginx(folder, f"upstream machines {{{behind} }}", text, port=port)
        yield Machines(stack.enter_context(proxy), (first, second), redis_url)


@pytest.fixture(scope="module")
def model() -> Iterator[FakeLLM]:
    with FakeLLM() as fake:
        yield fake


@pytest.fixture(scope="module")
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv({id: entry(id) for id in IDS}) as fake:
        yield fake


@pytest.fixture(scope="module")
def running(
    model: FakeLLM, arxiv: FakeArxiv, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Machines]:
    """For all tests but those that need limits; the last of them stops one."""
    settings = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "fake-model"}
    folder = tmp_path_factory.mktemp("machines")
    with machines(
        folder, ARXIV_API_URL=arxiv.api_url, RATE_LIMIT="10000/minute", **settings
    ) as both:
        yield both


def body(text: str) -> dict[str, object]:
    return {"lang": "de", "segments": [{"id": "1", "text": text}]}


def ask(address: str, text: str, *, token: str | None = None) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else TOKEN
    return httpx.post(address + TRANSLATIONS, json=body(text), headers=headers, timeout=PATIENCE)


def test_two_hundred_askers_at_two_machines_cost_one_call(running: Machines, model: FakeLLM):
    model.scenario = Scenario(chunk_delay=0.02)
    asked = json.dumps(body("We study attention in large language models. " * 5))
    headers = TOKEN | {"Content-Type": "application/json"}
    with ExitStack() as stack:
        # All are sent before the first is read.
        connections = [
            stack.enter_context(
                closing(HTTPConnection(urlsplit(running.address).netloc, timeout=PATIENCE))
            )
            for _ in range(ASKERS)
        ]
        for connection in connections:
            connection.request("POST", TRANSLATIONS, asked, headers)
        answers = [connection.getresponse() for connection in connections]
        texts = [json.loads(answer.read())["translations"][0] for answer in answers]
    assert {answer.headers["Served-By"] for answer in answers} == running.names
    assert all(text["verified"] for text in texts)
    assert len({text["text"] for text in texts}) == 1
    assert len(model.requests) == 1


def test_both_keep_one_pace_at_arxiv(running: Machines, arxiv: FakeArxiv):
    def look_up(id: str) -> str:
        found = httpx.get(f"{running.address}/api/v1/papers/{id}", timeout=PATIENCE)
        assert found.status_code == 200, found.text
        return found.headers["Served-By"]

    with ThreadPoolExecutor(2) as pool:
        served = set(pool.map(look_up, IDS))
    assert served == running.names
    assert arxiv.busiest == 1
    times = [request.at for request in arxiv.requests]
    assert len(times) >= 2
    assert all(later - earlier > 2.9 for earlier, later in pairwise(times))


def test_a_machine_that_stops_is_missed_by_nobody(
    running: Machines,
):
    """It refuses at once, so that nginx asks the other, whatever the request."""
    leaving, staying = running.servers
    assert ask(running.address, "We study farewells.").status_code == 200
    leaving.process.send_signal(signal.SIGTERM)
    answers: list[httpx.Response] = []
    while leaving.process.poll() is None or len(answers) < 20:
        answers.append(httpx.get(running.address + "/healthz", timeout=PATIENCE))
        answers.append(ask(running.address, "We study farewells."))
    assert {answer.status_code for answer in answers} == {200}
    assert answers[-1].headers["Served-By"].endswith(urlsplit(staying.address).netloc)


def test_both_spend_from_one_budget_and_count_one_rate_limit(model: FakeLLM, tmp_path: Path):
    settings = {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "fake-model"}
    limits = {"DAILY_TOKEN_BUDGET": "1", "RATE_LIMIT": "6/hour"}
    with machines(tmp_path, **settings, **limits) as both:
        spent = ask(both.servers[0].address, KNOWN)
        assert spent.json()["translations"][0]["verified"]
        for machine in both.servers:
            refused = ask(machine.address, "We study what nobody may spend any more.")
            assert refused.status_code == 429
            assert refused.json()["type"].endswith("budget-exhausted")
            assert ask(machine.address, KNOWN).status_code == 200
            status = httpx.get(machine.address + "/api/v1/status", timeout=PATIENCE).json()
            assert status["budget"]["used"] > 1
            assert status["budget"]["left"] == 0
        # Whoever tries tokens is counted, whichever machine they come to.
        guesses = [ask(both.address, KNOWN, token=f"guess-{n}") for n in range(10)]
        assert [guess.status_code for guess in guesses] == [401] * 6 + [429] * 4
        assert {guess.headers["Served-By"] for guess in guesses[6:]} == both.names
        with closing(redis.Redis.from_url(both.redis_url)) as counters:
            assert sorted(int(counters.get(key) or 0) for key in counters.scan_iter()) == [1, 10]
