"""A request counts as whole exactly when gunicorn's parser can read it without waiting for more."""

from __future__ import annotations

from itertools import pairwise

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import NoMoreData, ParseException
from gunicorn.http.parser import RequestParser
from hypothesis import given
from hypothesis import strategies as st

from backend.server.request_framing import MAX_HEAD_BYTES, RequestFraming

CONFIG = Config()
MAX_BODY = 2_000
GET = b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /x HTTP/1.1\r\nHost: a\r\n"


def read(received: bytes) -> tuple[bytes, bytes]:
    """What gunicorn reads: the body as the app gets it, and what is left for the next request.

    Raises:
        NoMoreData, StopIteration: it would have waited.
        ParseException: it refuses.
    """
    parser = RequestParser(CONFIG, iter([received]), ("127.0.0.1", 1))
    request = next(parser)
    body = request.body.read(MAX_BODY)
    parser.finish_body()
    return body, parser.unreader.take_buffered()


def framed(pieces: list[bytes]) -> tuple[RequestFraming, int]:
    """The framing after these pieces, and how many of them it took until it had enough."""
    framing = RequestFraming(MAX_BODY)
    for number, piece in enumerate(pieces, 1):
        framing.feed(piece)
        if framing.readable:
            return framing, number
    return framing, len(pieces)


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """These bytes in pieces."""
    edges = [0, *sorted({place % len(data) for place in places} - {0}), len(data)]
    return [data[start:end] for start, end in pairwise(edges)]


def chunks(*sizes: int, extension: bytes = b"", trailer: bytes = b"") -> bytes:
    return (
        b"".join(b"%x%s\r\n%s\r\n" % (size, extension, b"y" * size) for size in sizes)
        + b"0\r\n"
        + trailer
        + b"\r\n"
    )


CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
WHOLE = [
    GET,
    b"\r\n" + GET,
    b"GET /x HTTP/1.0\r\n\r\n",
    POST + b"Content-Length: 0\r\n\r\n",
    POST + b"content-LENGTH:12 \r\n\r\nhello\r\n\r\nabc",
    POST + b"Content-Length: 2000\r\n\r\n" + b"\n" * 2000,
    POST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    CHUNKED + chunks(),
    CHUNKED + chunks(5, 300, 1),
    CHUNKED + chunks(1, 1, extension=b";a=b"),
    CHUNKED + chunks(16, trailer=b"X: y\r\nZ: w\r\n"),
    POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n" + chunks(3),
]
REFUSED = [
    b"GET /\r\n\r\n",
    b"GET / HTTP/1.1\nHost: a\n\n",
    b"\n",
    b"\r\n\r\n" + GET,
    POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\n",
    POST + b"Content-Length: +3\r\n\r\n",
    POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
    POST + b"Transfer-Encoding: chunked, gzip\r\n\r\n",
    POST + b"Transfer-Encoding: wonderful\r\n\r\n",
    CHUNKED + b"xyz\r\n",
    CHUNKED + b"3\r\nabcd\r\n",
    CHUNKED + b"3;" + b"e" * 20_000,
    CHUNKED + b"0\r\nX: y\n",
    POST + b"Content-Length : 9\r\n\r\n",
    POST + b"Expect: wonders\r\nContent-Length: 2\r\n\r\n..",
]


@given(st.sampled_from(WHOLE), st.lists(st.integers(0, 3000)), st.sampled_from([b"", GET[:9], GET]))
def test_it_is_whole_with_its_last_byte_and_not_before(
    request_: bytes, places: list[int], following: bytes
):
    *early, last = cut(request_, places)
    framing, taken = framed([*early, last + following])
    assert taken == len(early) + 1
    assert framing.readable
    assert not framing.overlong
    _, rest = read(bytes(framing.received))
    assert rest == following


@given(st.sampled_from(WHOLE), st.integers(1, 3000))
def test_a_part_of_a_request_is_waited_for(request_: bytes, length: int):
    part = request_[: length % len(request_)]
    framing, _ = framed([part])
    assert not framing.readable


@pytest.mark.parametrize("request_", REFUSED)
def test_what_will_be_refused_waits_for_nothing(request_: bytes):
    framing, _ = framed([request_])
    assert framing.readable
    with pytest.raises(ParseException) as refused:
        read(request_)
    assert not isinstance(refused.value, NoMoreData)


@given(
    st.sampled_from([GET, POST, CHUNKED, POST + b"Content-Length: "]),
    st.lists(
        st.sampled_from(
            [b"\r\n", b"\n", b"\r", b"5", b"0", b"a", b";", b": ", b"Transfer-Encoding: chunked"]
        )
    ),
    st.lists(st.integers(0, 3000)),
)
def test_whatever_comes_the_parser_never_waits_for_what_was_called_readable(
    start: bytes, more: list[bytes], places: list[int]
):
    framing, _ = framed(cut(start + b"".join(more), places))
    if not framing.readable or framing.head_too_large or framing.body_too_large:
        return
    try:
        read(bytes(framing.received))
    except NoMoreData:
        pytest.fail("it would have waited")
    except ParseException:
        pass


@pytest.mark.parametrize(
    "beginning",
    [
        POST + b"Content-Length: 2001\r\n\r\n",
        POST + b"Content-Length: 99999999999999999999999\r\n\r\n",
        CHUNKED + b"fffffff\r\n" + b"y" * 7_000,
        CHUNKED + b"3e8\r\n" + b"y" * 1000 + b"\r\nfffff\r\n" + b"y" * 6000,
    ],
)
def test_a_body_over_the_limit_is_not_waited_for(beginning: bytes):
    """The app says so, and reads no further than the limit."""
    framing, _ = framed([beginning])
    assert framing.readable
    assert framing.overlong
    if beginning.startswith(CHUNKED):
        parser = RequestParser(CONFIG, iter([beginning]), ("127.0.0.1", 1))
        assert next(parser).body.read(MAX_BODY) == b"y" * MAX_BODY


@pytest.mark.parametrize(
    ("pieces", "what"),
    [
        ([POST + b"X: " + b"y" * MAX_HEAD_BYTES], "head_too_large"),
        ([b"y" * 1000] * 66, "head_too_large"),
        ([CHUNKED, b"1\r\nx\r\n" * 700], "body_too_large"),
        ([CHUNKED + b"0\r\nX: ", b"y" * 9000], "body_too_large"),
        ([CHUNKED + b"f" * 40 + b"\r\n"], "body_too_large"),
    ],
)
def test_what_has_no_end_in_sight_is_refused_by_the_server(pieces: list[bytes], what: str):
    framing, _ = framed(pieces)
    assert framing.readable
    assert getattr(framing, what)


def test_a_body_that_waits_for_a_word_is_told_apart():
    asking = POST + b"Expect: 100-Continue\r\nContent-Length: 3\r\n\r\n"
    assert framed([asking])[0].awaits_continue
    assert not framed([asking + b"abc"])[0].awaits_continue
    assert not framed([asking.replace(b"3", b"3000")])[0].awaits_continue
