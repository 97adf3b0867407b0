"""The forms in which servers write the parts of an answer."""

from __future__ import annotations

import json

import pytest

from backend.llm.chat_answer import ChatAnswer, estimated_tokens
from backend.llm.provider_faults import Fault
from backend.llm.usage import Usage


def answer() -> ChatAnswer:
    return ChatAnswer(prompt_tokens=5, max_output_tokens=100)


def event(data: object) -> bytes:
    return b"data: " + json.dumps(data).encode() + b"\n\n"


def choice(**fields: object) -> dict[str, object]:
    return {"choices": [{"index": 0, **fields}]}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (choice(delta={"content": "a"}), "a"),
        (choice(delta={"content": [{"type": "text", "text": "a"}, {"type": "x"}]}), "a"),
        (choice(delta={"content": None, "role": "assistant"}), ""),
        (choice(delta={"content": {"odd": 1}}), ""),
        (choice(message={"content": "a"}), "a"),
        (choice(delta=None), ""),
        (choice(delta={"reasoning_content": "thought"}), ""),
        (choice(delta={"reasoning": "thought", "content": ""}), ""),
        ({"choices": []}, ""),
        ({"choices": None, "usage": None, "error": None}, ""),
        ({"id": 3, "created": 1.5, "object": "chat.completion.chunk"}, ""),
    ],
)
def test_reads_the_text_of_a_chunk(data: object, text: str):
    assert answer().feed(event(data)) == text


def raw(content: str, more: str = "") -> bytes:
    """A chunk whose JSON is written here, with the content's escapes as they stand."""
    return f'data: {{"choices": [{{"index": 0, "delta": {{"content": "{content}"}}{more}}}]}}\n\n'.encode()


@pytest.mark.parametrize(
    ("chunks", "text"),
    [
        ([raw("a", ', "logprobs": NaN'), raw("b", ', "x": [Infinity, -Infinity]')], "ab"),
        ([raw("a \\ud83d"), raw("\\ude00 b")], "a 😀 b"),
        ([raw("\\ud83d"), raw("\\ude00\\ud83d"), raw("\\ude80")], "😀🚀"),
        ([raw("a\\ud83d"), raw(""), raw("\\ude00")], "a😀"),
        ([raw("a\\ud83d"), raw("b")], "a\ufffdb"),
        ([raw("\\ude00b")], "\ufffdb"),
        ([raw("文").replace("文".encode(), "文".encode()[:2])], "\ufffd"),
    ],
)
def test_a_careless_chunk_does_not_spoil_the_answer(chunks: list[bytes], text: str):
    careless = answer()
    assert "".join(map(careless.feed, chunks)) == text
    assert careless.feed(event(choice(delta={"content": " end"}))) == " end"


def test_a_chunk_of_reasoning_may_end_in_half_a_character():
    careless = answer()
    half = b'data: {"choices": [{"delta": {"reasoning_content": "\\ud83d"}}]}\n\n'
    assert careless.feed(half) == ""
    assert careless.feed(event(choice(delta={"content": "a"}))) == "a"
    assert careless.usage.estimated


def test_half_a_character_at_the_end_is_not_lost():
    careless = answer()
    assert careless.feed(raw("a\\ud83d")) == "a"
    assert careless.rest() == "\ufffd"


def test_a_whole_document_may_hold_nan():
    document = b'{"choices": [{"message": {"content": "a"}, "logprobs": NaN}]}'
    assert answer().document(document) == "a"


@pytest.mark.parametrize(
    "data",
    [
        {"error": {"message": "x", "code": 500}},
        {"error": "x"},
        {"object": "error", "message": "x", "code": 400},
        {"choices": "none"},
        [],
        "text",
    ],
)
def test_an_error_or_nonsense_is_a_fault(data: object):
    with pytest.raises(Fault):
        answer().feed(event(data))


@pytest.mark.parametrize("whole", [b'{"hello": 1}', b'{"choices": []}', b"<!doctype html>"])
def test_a_document_of_something_else_is_no_answer(whole: bytes):
    with pytest.raises(Fault) as fault:
        answer().document(whole)
    assert fault.value.foreign


@pytest.mark.parametrize(
    "wrong", [event({"error": "x"}), b"<!doctype html>\n", b"data: " + b"x" * (1 << 20)]
)
def test_words_that_come_together_with_a_fault_are_read_before_it(wrong: bytes):
    read = answer()
    assert read.feed(event(choice(delta={"content": "a"})) + wrong) == "a"
    assert read.fault


def test_what_follows_the_end_is_no_fault():
    read = answer()
    assert read.feed(event(choice(delta={"content": "a"})) + b"data: [DONE]\n\n<p>") == "a"
    assert read.fault is None


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
        {"prompt_tokens": 7, "completion_tokens": 3, "prompt_tokens_details": {"cached": 1}},
    ],
)
def test_reads_the_cost(usage: dict[str, object]):
    read = answer()
    read.feed(event({"choices": [], "usage": usage}))
    assert read.usage == Usage(7, 3)


@pytest.mark.parametrize(
    "usage",
    [{}, {"prompt_tokens": 0, "completion_tokens": 0}, {"prompt_tokens": "7"}, {"total": 1}],
)
def test_estimates_a_cost_that_cannot_be_read(usage: dict[str, object]):
    read = answer()
    read.feed(event(choice(delta={"content": "twelve chars"})))
    read.feed(event({"choices": [], "usage": usage}))
    assert read.usage == Usage(5, 3, estimated=True)


def test_thoughts_cost_too():
    read = answer()
    read.feed(event(choice(delta={"reasoning_content": "x" * 40})))
    assert read.usage.completion_tokens == 10


@pytest.mark.parametrize("field", ["content", "reasoning_content"])
def test_is_cut_far_beyond_its_limit(field: str):
    read = answer()
    for _ in range(1000):
        read.feed(event(choice(delta={field: "x" * 1000})))
    assert read.complete
    assert read.finish_reason == "length"


def test_nothing_counts_after_the_end():
    read = answer()
    assert read.feed(b"data: [DONE]\n\n" + event(choice(delta={"content": "late"}))) == ""
    assert read.complete


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [("", 0, 0), ("Attention is all you need.", 5, 10), ("注意力就是你所需要的一切", 8, 12)],
)
def test_estimates_tokens(text: str, least: int, most: int):
    assert least <= estimated_tokens(text) <= most


def test_an_answer_nested_deeper_than_anybody_reads_is_a_fault():
    with pytest.raises(Fault):
        answer().document(b'{"usage":' + b"[" * 100_000)
    with pytest.raises(Fault):
        answer().feed(b"data: " + b'{"error":' * 50_000 + b"\n\n")


def test_a_count_that_no_database_holds_is_cut():
    ours = answer()
    ours.document(
        b'{"choices":[{"message":{"content":"a"},"finish_reason":"stop"}],'
        b'"usage":{"prompt_tokens":' + b"9" * 400 + b',"completion_tokens":2}}'
    )
    assert ours.usage.prompt_tokens == 10**9
