"""A fake language model: an OpenAI-compatible server on a real socket, here or in its own process.

In a test:

    with FakeLLM() as fake:
        model = OpenAIModel(base_url=fake.base_url, model="fake-model", api_key="key")
        fake.next(Scenario(status=500))             # the following request
        fake.scenario = Scenario(chunk_delay=0.01)  # every other one
        ...
        fake.wait_until(lambda: fake.requests[0].outcome == "left")

For several server processes: `python -m tests.fakes.llm --port 0` prints its base URL.
`GET /_requests` counts what was asked and lists it, `POST /_scenario` takes
{"scenario": {...}, "next": [{...}]}, `POST /_reset` forgets everything. Files and batches are in
`fake.batches`, see `llm_batches`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.fakes.llm_answer import Answer, Author
from tests.fakes.llm_batches import FakeBatches
from tests.fakes.llm_damage import chance
from tests.fakes.llm_http import Connection, HttpRequest
from tests.fakes.llm_scenario import Scenario
from tests.fakes.llm_stream import refuse, refuse_parameter, stream, whole_answer

MODEL = "fake-model"
_ERRORS = {401: "Incorrect API key provided.", 404: "Not found."}


@dataclass(kw_only=True)
class Asked:
    """One chat completion request as it arrived, and what became of it.

    outcome: "running", "finished", "refused" (an HTTP error), "broken" (by the scenario) or "left"
    (by the client).
    """

    number: int
    body: dict[str, Any]
    headers: dict[str, str]
    arrived: float
    outcome: str = "running"
    ended: float | None = None
    language: str = ""
    segments: tuple[tuple[str, str], ...] = ()
    damaged: dict[str, str] = field(default_factory=dict)


class FakeLLM:
    """The server; a context manager that runs it on a thread of its own.

    Args:
        host, port: where to listen; port 0 takes a free one.
        api_key: when set, any other key gets 401.
    """

    def __init__(
        self,
        scenario: Scenario | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        api_key: str | None = None,
    ) -> None:
        self.scenario = scenario or Scenario()
        self.requests: list[Asked] = []
        self.base_url = ""
        self.connections: set[Connection] = set()
        self.connections_made = 0
        self._api_key = api_key
        self._address = (host, port)
        self._queue: deque[Scenario] = deque()
        self._author = Author()
        self.batches = FakeBatches(self._author)
        self._changed = threading.Condition()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> FakeLLM:
        self._thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)
        self._thread.start()
        self.wait_until(lambda: bool(self.base_url))
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop
        assert self._stop
        assert self._thread
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=10)

    def next(self, *scenarios: Scenario) -> None:
        """Sets the scenarios of the following requests, before `scenario` applies again."""
        self._queue.extend(scenarios)

    def wait_until(self, condition: Callable[[], bool], *, timeout: float = 10.0) -> None:
        """Waits until the condition holds; it is looked at whenever a request arrives or ends.

        Raises:
            TimeoutError: it still does not hold.
        """
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                raise TimeoutError("the fake language model did not get there")

    def reset(self) -> None:
        """Forgets requests, attempts and scenarios."""
        self.requests, self.scenario, self._author = [], Scenario(), Author()
        self.batches = FakeBatches(self._author)
        self._queue.clear()

    async def serve(self, *, announce: Callable[[str], None] | None = None) -> None:
        """Serves until stopped."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        host, port = self._address
        server = await self._loop.create_server(self._connection, host, port, backlog=1024)
        address = server.sockets[0].getsockname()
        with self._changed:
            self.base_url = f"http://{address[0]}:{address[1]}/v1"
            self._changed.notify_all()
        if announce:
            announce(self.base_url)
        await self._stop.wait()
        server.close()
        for connection in list(self.connections):
            connection.reset()
        await asyncio.sleep(0)

    def _connection(self) -> Connection:
        self.connections_made += 1
        return Connection(self._handle, self.connections)

    async def _handle(self, request: HttpRequest, connection: Connection) -> None:
        path = request.path.partition("?")[0]
        match request.method, path:
            case "POST", "/v1/chat/completions":
                await self._complete(request, connection)
            case "GET", "/v1/models":
                model = {"id": MODEL, "object": "model", "created": 1, "owned_by": "tests"}
                await connection.whole(200, _json({"object": "list", "data": [model]}))
            case "GET", "/_requests":
                asked = [asdict(entry) for entry in self.requests]
                await connection.whole(200, _json({"count": len(asked), "requests": asked}))
            case "POST", "/_scenario":
                data = json.loads(request.body)
                if "scenario" in data:
                    self.scenario = Scenario.from_json(data["scenario"])
                self.next(*(Scenario.from_json(each) for each in data.get("next", ())))
                await connection.whole(200, b"{}")
            case "POST", "/_reset":
                self.reset()
                await connection.whole(200, b"{}")
            case _:
                if not await self.batches.handle(request, connection):
                    await connection.whole(404, _error(404))

    async def _complete(self, request: HttpRequest, connection: Connection) -> None:
        body = json.loads(request.body)
        asked = Asked(
            number=len(self.requests) + 1,
            body=body,
            headers=request.headers,
            arrived=time.monotonic(),
        )
        scenario = self._queue.popleft() if self._queue else self.scenario
        if chance("request", scenario.seed, asked.number) >= scenario.probability:
            scenario = Scenario()
        with self._changed:
            self.requests.append(asked)
            self._changed.notify_all()
        try:
            asked.outcome = await self._respond(asked, scenario, connection)
        except (asyncio.CancelledError, ConnectionResetError):
            asked.outcome = "left"
            raise
        finally:
            asked.ended = time.monotonic()
            with self._changed:
                self._changed.notify_all()

    async def _respond(self, asked: Asked, scenario: Scenario, connection: Connection) -> str:
        """Answers one request; returns its outcome."""
        body = asked.body
        if self._api_key and asked.headers.get("authorization") != f"Bearer {self._api_key}":
            await connection.whole(401, _error(401))
            return "refused"
        if scenario.hang == "headers":
            await asyncio.Event().wait()
        if scenario.headers_delay:
            await asyncio.sleep(scenario.headers_delay)
        if scenario.status != 200:
            await refuse(connection, scenario)
            return "refused"
        for name in body:
            known = scenario.known_parameters
            if name in scenario.refused_parameters or (known is not None and name not in known):
                await refuse_parameter(connection, scenario, name)
                return "refused"
        answer = self._author.answer(body, scenario)
        asked.language, asked.segments = answer.language, answer.segments
        asked.damaged = answer.damaged
        await self._send(body, scenario, connection, answer)
        return "finished" if connection.is_open else "broken"

    async def _send(
        self, body: dict[str, Any], scenario: Scenario, connection: Connection, answer: Answer
    ) -> None:
        model = body.get("model", MODEL)
        if not body.get("stream") or "document" in scenario.wire:
            await whole_answer(connection, scenario, answer, model)
            return
        include_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        await stream(connection, scenario, answer, model=model, include_usage=include_usage)


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _error(status: int) -> bytes:
    error = {"message": _ERRORS[status], "type": "invalid_request_error", "code": None}
    return _json({"error": error})


def main() -> None:
    """Runs the fake until it is interrupted."""
    parser = argparse.ArgumentParser(description="A fake OpenAI-compatible language model.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--api-key")
    parser.add_argument("--scenario", type=json.loads, default={}, help="JSON fields")
    options = parser.parse_args()
    fake = FakeLLM(
        Scenario.from_json(options.scenario),
        host=options.host,
        port=options.port,
        api_key=options.api_key,
    )

    def announce(base_url: str) -> None:
        sys.stdout.write(f"{base_url}\n")
        sys.stdout.flush()

    try:
        asyncio.run(fake.serve(announce=announce))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
