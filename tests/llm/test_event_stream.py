"""An event stream is read the same wherever the network cuts it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.llm.event_stream import EventStream, NotAnEventStream

EVENTS = [(b"", b'{"a": 1}'), (b"error", b"two\nlines"), (b"", "文".encode()), (b"", b"[DONE]")]
WRITTEN = (
    b"\xef\xbb\xbf: hello\r\n\r\n\r\n"
    b'data: {"a": 1}\r\n\r\n'
    b"event: error\ndata: two\ndata:lines\nid: 7\nretry: 10\n\n\n"
    b"event: nothing\n\n"
    b"data: \xe6\x96\x87\n\n: comment\n"
    b"data: [DONE]\n"
)


@given(st.lists(st.integers(0, len(WRITTEN)), max_size=20))
def test_reads_the_same_events_from_any_pieces(cuts: list[int]):
    stream = EventStream()
    events = []
    for start, end in pairwise([0, *sorted(cuts), len(WRITTEN)]):
        events += stream.feed(WRITTEN[start:end])
    assert events + stream.end() == EVENTS


@pytest.mark.parametrize("text", [b"<!doctype html>\n", b'{"error": "x"}\n', b"[1]\n"])
def test_says_what_is_no_event_stream(text: bytes):
    with pytest.raises(NotAnEventStream):
        EventStream().feed(text)


@pytest.mark.parametrize("piece", [b"data: " + b"x" * 50, b"data: " + b"x" * 20 + b"\n"])
def test_an_event_without_an_end_is_not_gathered_for_ever(piece: bytes):
    stream = EventStream(longest=1000)

    def feed_for_ever() -> None:
        while True:
            stream.feed(piece)

    with pytest.raises(NotAnEventStream):
        feed_for_ever()


@given(st.binary(max_size=300))
def test_any_bytes_are_events_or_no_event_stream(received: bytes):
    stream = EventStream()
    try:
        stream.feed(received)
        stream.end()
    except NotAnEventStream:
        return
