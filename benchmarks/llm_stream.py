"""What the model client adds to a stream: CPU for each token, and time to the first words.

Runs the fake model server in a process of its own, asks it with many streams at once, first directly
over plain sockets, then through `OpenAIModel`, and prints both and their difference:

    python -m benchmarks.llm_stream --streams 50 --tokens 200 --rate 50
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

from backend.llm.openai_model import OpenAIModel

_CHARACTERS = 4
_INSTRUCTIONS = "Translate the segments into French (fr). Keep every tag. " * 12


@dataclass(frozen=True)
class Asked:
    """One stream: seconds to its first and last words, and its tokens."""

    first: float
    last: float
    tokens: int


@dataclass(frozen=True)
class Measured:
    """Many streams at once, and the CPU seconds of this process for all of them."""

    asked: list[Asked]
    cpu: float

    @property
    def columns(self) -> tuple[float, float, float, float]:
        """Milliseconds to the first words (median, slowest) and the last; microseconds a token."""
        first = [each.first * 1000 for each in self.asked]
        last = [each.last * 1000 for each in self.asked]
        tokens = sum(each.tokens for each in self.asked)
        return (
            statistics.median(first),
            max(first),
            statistics.median(last),
            self.cpu / tokens * 1e6,
        )


def messages(number: int, tokens: int) -> list[dict[str, str]]:
    """A question whose answer has about so many tokens."""
    words = " ".join(f"word{number}{chr(97 + n % 26)}" for n in range(tokens * _CHARACTERS // 9))
    return [
        {"role": "system", "content": _INSTRUCTIONS},
        {"role": "user", "content": f'<seg id="1">{words}</seg>'},
    ]


def ask_directly(base_url: str, question: list[dict[str, str]]) -> Asked:
    """Ask over a plain connection and read the stream line by line."""
    address = urlsplit(base_url)
    assert address.hostname
    connection = HTTPConnection(address.hostname, address.port or 80)
    body = json.dumps({"model": "m", "messages": question, "stream": True})
    begun = time.perf_counter()
    connection.request("POST", f"{address.path}/chat/completions", body)
    response = connection.getresponse()
    first, count = 0.0, 0
    while line := response.readline():
        if b'"content":"' in line and b'"content":""' not in line:
            first = first or time.perf_counter() - begun
            count += 1
    last = time.perf_counter() - begun
    connection.close()
    return Asked(first, last, count)


def ask_through(model: OpenAIModel, question: list[dict[str, str]]) -> Asked:
    """Ask through the client."""
    begun = time.perf_counter()
    stream = model.stream(question, max_output_tokens=100_000, retry_timeout=10)
    first, characters = 0.0, 0
    for piece in stream:
        first = first or time.perf_counter() - begun
        characters += len(piece)
    return Asked(first, time.perf_counter() - begun, characters // _CHARACTERS)


def measure(
    ask: Callable[[list[dict[str, str]]], Asked],
    *,
    streams: int,
    tokens: int,
    over: float,
) -> Measured:
    """Ask so many questions on as many threads, begun evenly over some seconds."""
    results: list[Asked] = []
    questions = [messages(number, tokens) for number in range(streams)]
    threads = [
        threading.Thread(target=lambda question=question: results.append(ask(question)))
        for question in questions
    ]
    begun = time.process_time()
    for thread in threads:
        thread.start()
        time.sleep(over / streams)
    for thread in threads:
        thread.join()
    cpu = time.process_time() - begun
    return Measured(results, cpu)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--streams", type=int, default=50)
    parser.add_argument("--tokens", type=int, default=200, help="in each answer, about")
    parser.add_argument("--rate", type=float, default=50, help="tokens a second in each stream")
    parser.add_argument("--over", type=float, default=1.0, help="seconds over which streams begin")
    options = parser.parse_args()
    scenario = {
        "chunk_delay": 1 / options.rate,
        "chunk_chars": _CHARACTERS,
        "first_token_delay": 0.2,
    }
    command = [sys.executable, "-m", "tests.fakes.llm", "--scenario", json.dumps(scenario)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        base_url = server.stdout.readline().strip()
        model = OpenAIModel(model="m", base_url=base_url, slots=max(64, options.streams))
        try:
            ask_through(model, messages(0, 1))
            load = {"streams": options.streams, "tokens": options.tokens, "over": options.over}
            direct = measure(lambda question: ask_directly(base_url, question), **load)
            client = measure(lambda question: ask_through(model, question), **load)
        finally:
            model.close()
            server.terminate()
    out = sys.stdout
    out.write(
        f"{options.streams} streams of {direct.asked[0].tokens} tokens at {options.rate:g} a second, "
    )
    out.write(f"begun over {options.over:g} s\n")
    out.write("          first words: median    slowest     last words    CPU a token\n")
    added = tuple(ours - bare for ours, bare in zip(client.columns, direct.columns, strict=True))
    for name, columns in (
        ("directly", direct.columns),
        ("client", client.columns),
        ("added", added),
    ):
        median, slowest, last, cpu = columns
        out.write(
            f"{name:<10}{median:>17.1f} ms{slowest:>8.1f} ms{last:>12.1f} ms{cpu:>12.1f} µs\n"
        )


if __name__ == "__main__":
    main()
