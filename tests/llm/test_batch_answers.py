"""The lines of a batch's answers: what a provider writes, and whatever else stands there."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from backend.llm.batch_answers import BatchAnswer, read_line
from backend.llm.usage import Usage


def line(**members: object) -> bytes:
    return json.dumps({"id": "r", "custom_id": "3", "error": None} | members).encode()


def completion(content: object, **members: object) -> dict[str, object]:
    choice = {"index": 0, "message": {"content": content}, "finish_reason": "stop"}
    body = {"object": "chat.completion", "choices": [choice], **members}
    return {"status_code": 200, "request_id": "q", "body": body}


def test_an_answer_with_its_usage():
    usage = {"prompt_tokens": 7, "completion_tokens": 5, "total_tokens": 12}
    answer = read_line(line(response=completion("<think>so</think>Ja", usage=usage)))
    assert answer == BatchAnswer("3", "Ja", "stop", Usage(7, 5))


def test_what_was_refused_or_never_begun_costs_nothing():
    expired = read_line(line(response=None, error={"code": "batch_expired", "message": "Late."}))
    body = {"error": {"message": "no such parameter", "param": "temperature"}}
    refused = read_line(line(response={"status_code": 400, "body": body}))
    for answer in (expired, refused):
        assert answer
        assert answer.fault
        assert (answer.text, answer.usage) == ("", Usage())
    assert refused
    assert refused.fault
    assert refused.fault.status == 400
    assert "temperature" in refused.fault.body


def test_a_page_in_place_of_an_answer_is_a_fault():
    bodies: tuple[object, ...] = ("<html>", [], None, 7)
    for body in bodies:
        answer = read_line(line(response={"status_code": 200, "body": body}))
        assert answer
        assert answer.fault or not answer.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.binary(max_size=200))
def test_no_bytes_are_an_error(data: bytes):
    assert read_line(data) is None or data


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "custom_id": json_values,
            "error": json_values,
            "response": json_values
            | st.fixed_dictionaries(
                {},
                optional={
                    "status_code": json_values | st.just(200),
                    "body": json_values
                    | st.fixed_dictionaries({"choices": json_values, "usage": json_values}),
                },
            ),
        },
    )
)
def test_no_document_is_an_error(document: dict[str, object]):
    answer = read_line(json.dumps(document).encode())
    assert answer is None or answer.id == document["custom_id"]
