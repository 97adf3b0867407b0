"""The reader of Server-Sent Events, from bytes to events or to a refusal."""

from __future__ import annotations

import pytest

from tests.extension.conftest import Module

MODULE = "background/event-stream.js"

# Calls `read(pieces)` reads a stream of these pieces, strings or bytes, to its end.
READ = """async ({ readEvents, StreamError }, given) => {
  const read = async (pieces) => {
    const events = [];
    let activity = 0;
    const stream = new ReadableStream({
      start(controller) {
        const encoder = new TextEncoder();
        for (const piece of pieces) {
          controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : Uint8Array.from(piece));
        }
        controller.close();
      },
    });
    for await (const { event, data } of readEvents(stream, () => { activity += 1; })) {
      events.push([event, data]);
    }
    return { events, activity };
  };
  return (%s)(given);
}"""
# Reads what `next(n)` gives for n = 0, 1, … without end, and tells how that ended.
ENDLESS = """async ({ readEvents, StreamError }, most) => {
  const next = %s;
  let asked = 0, cancelled = false, events = 0, refused = false;
  const encoder = new TextEncoder();
  const stream = new ReadableStream({
    pull(controller) { controller.enqueue(encoder.encode(next(asked++))); },
    cancel() { cancelled = true; },
  });
  try {
    for await (const event of readEvents(stream, () => {})) {
      events += 1;
      if (events === most) break;
    }
  } catch (error) {
    refused = error instanceof StreamError;
  }
  for (let turn = 0; turn < 1000 && !cancelled; turn += 1) await null;
  return { events, refused, cancelled };
}"""


def _read(module: Module, *pieces: str | bytes) -> list[list[str]]:
    given = [piece if isinstance(piece, str) else list(piece) for piece in pieces]
    events: list[list[str]] = module.run(READ % "async (all) => (await read(all)).events", given)
    return events


@pytest.mark.parametrize(
    ("text", "events"),
    [
        ("event: done\ndata: {}\n\n", [["done", "{}"]]),
        ("data: a\n\ndata: b\n\n", [["message", "a"], ["message", "b"]]),
        ("data: one\ndata: two\ndata\n\n", [["message", "one\ntwo\n"]]),
        ("data:tight\n\ndata:  one left\n\n", [["message", "tight"], ["message", " one left"]]),
        (": a comment\n\n: another\ndata: a\n\n", [["message", "a"]]),
        ("event: delta\n\ndata: a\n\n", [["message", "a"]]),
        ("id: 7\nretry: 9\nwhat: ever\ndata: a\n\n", [["message", "a"]]),
        ("data: a: b: c\n\n", [["message", "a: b: c"]]),
        ("\ufeffdata: a\n\n", [["message", "a"]]),
        ("data: a\n\n\n\n\ndata: b\n\n", [["message", "a"], ["message", "b"]]),
        ("data: whole\n\ndata: cut of", [["message", "whole"]]),
        ("", []),
    ],
    ids=[
        *("named", "unnamed", "lines", "spaces", "comments", "no-data", "other-fields", "colons"),
        *("mark", "blank", "cut-off", "empty"),
    ],
)
def test_a_stream_is_read_as_the_standard_says(
    module: Module, text: str, events: list[list[str]]
) -> None:
    assert _read(module, text) == events


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_wherever_the_network_cuts_the_events_are_the_same(module: Module, newline: str) -> None:
    """In two at every byte, in the middle of a letter too; and byte by byte."""
    text = "event: delta\ndata: 词元 é 🐑\n\n: still here\n\ndata: one\ndata: two\n\n"
    content = list(text.replace("\n", newline).encode())
    found = module.run(
        READ
        % """async (bytes) => {
          const all = [await read(bytes.map((byte) => [byte]))];
          for (let cut = 0; cut <= bytes.length; cut += 1) {
            all.push(await read([bytes.slice(0, cut), bytes.slice(cut)]));
          }
          return [...new Set(all.map(({ events }) => JSON.stringify(events)))].map(JSON.parse);
        }""",
        content,
    )
    assert found == [[["delta", "词元 é 🐑"], ["message", "one\ntwo"]]]


def test_what_is_no_utf_8_is_replaced(module: Module) -> None:
    assert _read(module, b"data: \xff\xfe a\n\n") == [["message", "\ufffd\ufffd a"]]


def test_comments_are_signs_of_life(module: Module) -> None:
    pieces = [": 1\n\n", ": 2\n\n", "data: a\n\n"]
    assert module.run(READ % "read", pieces) == {"events": [["message", "a"]], "activity": 3}


@pytest.mark.parametrize(
    "next",
    [
        "() => 'event: delta\\ndata: ' + 'x'.repeat(1000) + '\\n\\n'",
        "() => ': nothing but comments\\n\\n'.repeat(100)",
        "(n) => n ? 'x'.repeat(65536) : 'event: segment\\ndata: '",
        "() => 'data: x\\n'.repeat(1000)",
        "() => 'x'.repeat(65536)",
    ],
    ids=["events", "comments", "line", "lines", "no-stream"],
)
def test_what_does_not_end_is_refused_and_closed(module: Module, next: str) -> None:
    found = module.run(ENDLESS % next, 1_000_000)
    assert (found["refused"], found["cancelled"]) == (True, True)


def test_a_caller_who_has_enough_closes_the_stream(module: Module) -> None:
    assert module.run(ENDLESS % "(n) => `data: ${n}\\n\\n`", 3) == {
        "events": 3,
        "refused": False,
        "cancelled": True,
    }
