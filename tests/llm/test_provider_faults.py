"""What a provider says is turned into a sentence, a wait and a decision."""

from __future__ import annotations

import pytest

from backend.llm.provider_faults import from_error_event, from_status, retry_after


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({}, "", None),
        ({"retry-after": "7"}, "", 7.0),
        ({"retry-after": "0.5"}, "", 0.5),
        ({"retry-after": "-3"}, "", None),
        ({"retry-after": "nan"}, "", None),
        ({"retry-after": "soon"}, "", None),
        ({"retry-after": "9", "retry-after-ms": "250"}, "", 0.25),
        (
            {
                "retry-after": "Wed, 21 Oct 2026 07:28:30 GMT",
                "date": "Wed, 21 Oct 2026 07:28:00 GMT",
            },
            "",
            30.0,
        ),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, "", 0.0),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT", "date": "x"}, "", 0.0),
        ({}, '[{"error": {"details": [{"retryDelay": "34s"}]}}]', 34.0),
    ],
)
def test_reads_how_long_to_wait(headers: dict[str, str], body: str, seconds: float | None):
    assert retry_after(headers, body) == seconds


@pytest.mark.parametrize(
    ("status", "body", "retried", "trips_breaker", "rate_limited"),
    [
        (400, "", False, False, False),
        (401, "", False, False, False),
        (402, "", False, False, False),
        (403, "", False, False, False),
        (404, "", False, False, False),
        (408, "", True, True, False),
        (429, "", True, False, True),
        (429, '{"error": {"code": "insufficient_quota"}}', False, False, False),
        (500, "", True, True, False),
        (503, "", True, True, False),
        (529, "", True, True, False),
        (599, "", True, True, False),
    ],
)
def test_decides_by_status(
    status: int, body: str, retried: bool, trips_breaker: bool, rate_limited: bool
):
    fault = from_status(status, {}, body)
    assert (fault.retried, fault.trips_breaker, fault.rate_limited) == (
        retried,
        trips_breaker,
        rate_limited,
    )


def test_a_text_that_is_too_long_is_named():
    body = '{"error": {"code": "context_length_exceeded", "message": "maximum context length"}}'
    assert "too long" in from_status(400, {}, body).detail


@pytest.mark.parametrize(
    ("error", "words", "retried"),
    [
        ({"code": 429}, "asks to wait", True),
        ({"code": "402"}, "no credit", False),
        ({"code": "insufficient_quota", "message": "x"}, "no credit", False),
        ({"type": "rate_limit_error"}, "asks to wait", True),
        ({"code": "RESOURCE_EXHAUSTED"}, "asks to wait", True),
        ({"code": "invalid_api_key"}, "refused the key", False),
        ({"type": "authentication_error"}, "refused the key", False),
        ({"type": "permission_error"}, "does not let this key", False),
        ({"code": "model_not_found"}, "no such model", False),
        ({"status": 502}, "HTTP 502", True),
        ({"code": "server_error"}, "in the middle", True),
        ({"message": "prompt is too long"}, "too long", False),
        ("something", "of its own", True),
        (None, "of its own", True),
    ],
)
def test_understands_an_error_inside_a_stream(error: object, words: str, retried: bool):
    fault = from_error_event(error)
    assert words in fault.detail
    assert fault.retried == retried


def test_the_reader_is_told_whole_seconds():
    assert from_status(429, {"retry-after": "0.2"}, "").for_reader().retry_after == 1
    assert from_status(429, {"retry-after": "7.1"}, "").for_reader().retry_after == 8
    assert from_status(500, {}, "").for_reader().retry_after is None
