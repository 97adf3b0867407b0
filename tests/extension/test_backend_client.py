"""The client of the backend's API: of a server that means harm nothing comes through but text."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.buffering_proxy import BufferingProxy
from tests.browser.hostile_backend import DONE, MARKUP, HostileBackend, Segment, event, whole
from tests.extension.conftest import Module
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.serving import server

MODULE = "background/backend-client.js"

# What a stream gives, counted by kind, and how it ends.
TRANSLATE = """async ({ BackendClient }, backendUrl, segments) => {
  const client = new BackendClient({ backendUrl, accessToken: '' });
  const found = { events: [], count: 0, problem: null };
  try {
    for await (const event of client.translate({ lang: 'de', segments }, new AbortController().signal)) {
      found.count += 1;
      if (found.count <= 50) found.events.push(event);
    }
  } catch (error) {
    found.problem = error.problem ?? String(error);
  }
  return found;
}"""
ASK = """async ({ BackendClient }, backendUrl, path) => {
  const client = new BackendClient({ backendUrl, accessToken: '' });
  try {
    return { value: await (path ? client.edition(path, 'de') : client.status()) };
  } catch (error) {
    return { problem: error.problem ?? String(error) };
  }
}"""
SEGMENTS = [{"id": "1", "text": "Words"}, {"id": "2", "text": "More words"}]


def _translated(
    module: Module, stream: Callable[[list[Segment]], Iterator[bytes]]
) -> dict[str, Any]:
    with HostileBackend(stream=stream) as hostile:
        found: dict[str, Any] = module.run(TRANSLATE, hostile.url, SEGMENTS)
        return found


def _endless_segments(segments: list[Segment]) -> Iterator[bytes]:
    while True:
        yield whole({"id": "nobody"}, "甲") * 100


def _endless_comments(segments: list[Segment]) -> Iterator[bytes]:
    while True:
        yield b": nothing yet\n\n" * 1000


def _huge_line(segments: list[Segment]) -> Iterator[bytes]:
    yield b"event: segment\ndata: "
    yield from itertools.repeat(b"x" * 65536)


def _not_json(segments: list[Segment]) -> Iterator[bytes]:
    yield b"event: segment\ndata: {not json\n\n"


@pytest.mark.parametrize("stream", [_endless_segments, _endless_comments, _huge_line])
def test_a_stream_without_an_end_is_a_bad_answer_and_left(
    module: Module, stream: Callable[[list[Segment]], Iterator[bytes]]
) -> None:
    with HostileBackend(stream=stream) as hostile:
        found = module.run(TRANSLATE, hostile.url, SEGMENTS)
        assert found["problem"] == {"type": "bad-answer"}
        assert hostile.left.wait(10)


def test_a_stream_that_is_no_json_is_a_bad_answer(module: Module) -> None:
    assert _translated(module, _not_json)["problem"] == {"type": "bad-answer"}


def test_fields_of_the_wrong_kind_are_no_events(module: Module) -> None:
    """None of them ends the stream either, but `done` does."""
    wrongs: tuple[object, ...] = (None, 1, [], "text", {"id": 1}, {"id": "1", "text": {"a": 1}})

    def stream(segments: list[Segment]) -> Iterator[bytes]:
        for wrong in wrongs:
            yield event("segment", wrong) + event("delta", wrong) + event("of-tomorrow", wrong)
        yield event(
            "segment",
            {"id": "1", "text": MARKUP, "verified": "yes", "cached": 1, "issues": [MARKUP, 7]},
        )
        yield event("failed", {"id": "2", "problem": {"type": MARKUP, "detail": "x" * 999}})
        yield event("done", {"usage": MARKUP, "translated": -1, "cached": None, "failed": 2})
        yield whole(segments[0], "after the end")

    found = _translated(module, stream)
    assert found["problem"] is None
    segment, failed, done = found["events"]
    assert segment == {
        "event": "segment",
        "id": "1",
        "text": MARKUP,
        "verified": False,
        "cached": False,
        "issues": [],
    }
    assert failed == {
        "event": "failed",
        "id": "2",
        "problem": {"type": "unknown", "detail": "x" * 300},
    }
    assert done == {"event": "done", "tokens": 0, "translated": 0, "cached": 0, "failed": 2}


def test_a_stream_that_breaks_off_just_ends(module: Module) -> None:
    found = _translated(module, lambda segments: iter([whole(segments[0], "词")]))
    assert [each["event"] for each in found["events"]] == ["segment"]
    assert found["problem"] is None


def test_what_was_translated_comes_through(module: Module) -> None:
    found = _translated(module, lambda segments: iter([whole(segments[1], "词"), DONE]))
    assert [each["event"] for each in found["events"]] == ["segment", "done"]
    assert found["events"][0]["text"] == "词"


def test_an_answer_has_a_largest_size(module: Module) -> None:
    with HostileBackend(edition={"note": "x" * 9_000_000}) as hostile:
        assert module.run(ASK, hostile.url, "latest") == {"problem": {"type": "bad-answer"}}
        hostile.edition = {"note": "x" * 1_000_000}
        assert len(module.run(ASK, hostile.url, "latest")["value"]["note"]) == 1_000_000


def test_nobody_there_is_said(module: Module) -> None:
    assert module.run(ASK, "http://127.0.0.1:9", "") == {"problem": {"type": "backend-unreachable"}}


# Two translations, one after the other, through a proxy that is looked into after half a second.
TRANSLATE_TWICE = """async ({ BackendClient }, backendUrl, texts) => {
  const client = new BackendClient({ backendUrl, accessToken: '' }, { gatheringMs: 500 });
  const found = [];
  for (const text of texts) {
    const request = { lang: 'de', segments: [{ id: '1', text }] };
    for await (const event of client.translate(request, new AbortController().signal)) found.push(event);
  }
  return found;
}"""


def test_behind_a_proxy_that_gathers_streams_whole_answers_are_asked_for(
    module: Module, tmp_path: Path
) -> None:
    texts = ["We study attention in large language models. " * 5, "We study sparse attention."]
    with (
        FakeLLM(Scenario(chunk_delay=0.1)) as model,
        server(
            f"sqlite:///{tmp_path / 'x.sqlite3'}",
            {"OPENAI_BASE_URL": model.base_url, "OPENAI_MODEL": "fake-model"},
        ) as backend,
        BufferingProxy(backend.address) as proxy,
    ):
        found = module.run(TRANSLATE_TWICE, proxy.url, texts)
        assert proxy.accepted == ["text/event-stream", "application/json", "application/json"]
    assert [each["event"] for each in found] == ["segment", "done"] * 2
    assert found[0]["verified"]
    assert {key: found[3][key] for key in ("translated", "cached", "failed")} == {
        "translated": 1,
        "cached": 0,
        "failed": 0,
    }
    assert found[3]["tokens"] > 0
    assert len(model.requests) == 2, "the work of the stream was not lost"


def test_a_stream_that_pauses_is_not_taken_for_gathered(module: Module) -> None:
    def stream(segments: list[Segment]) -> Iterator[bytes]:
        yield b": here\n\n"
        time.sleep(1)  # longer than the half second, shorter than the grace after it
        yield whole(segments[0], "词") + DONE

    with HostileBackend(stream=stream) as hostile:
        found = module.run(TRANSLATE_TWICE, hostile.url, ["Words."])
    assert [each["event"] for each in found] == ["segment", "done"]
