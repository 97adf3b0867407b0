"""Every parser of bytes that others wrote: no exception but its own, and never long, whatever they are."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import httpx
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend import arxiv_categories, languages
from backend.api.conditional_responses import _encoding
from backend.contributions import tmx
from backend.errors import InvalidRequest, UnsupportedLanguage, UpstreamUnavailable
from backend.lists import picks
from backend.llm import provider_faults
from backend.llm.chat_answer import ChatAnswer
from backend.llm.provider_faults import Fault
from backend.papers import atom
from backend.papers.huggingface import HuggingFaceClient
from backend.papers.identifiers import ArxivId, page_name
from backend.reading.feeds.feed_query import FeedQuery
from backend.reading.negotiation import preferred
from backend.sources.source import UnknownSource, parse_all
from backend.texts import placeholders, search_query
from backend.translated_papers.search import _cursor
from backend.translation.answer_parser import AnswerParser
from backend.translation.term_drawing.term_answer import Excerpt, read_terms
from tests.fakes.upstreams import _feed, entry, listed
from tests.foreign_bytes import WORST, documents, json_documents

Parser = Callable[[bytes], object]
CPU_SECONDS = 3.0
"""For the largest input that can come; most take milliseconds."""


def text(data: bytes) -> str:
    """As a header or a parameter comes to us."""
    return data.decode("utf-8", "replace")


def of_text(parse: Callable[[str], object]) -> Parser:
    """A parser of text as one of bytes."""
    return lambda data: parse(text(data))


def huggingface(data: bytes) -> object:
    answer = httpx.Response(200, content=data, headers={"ETag": "x"})
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as client:
        return HuggingFaceClient(client, endpoint="http://upstream.example").daily(date(2026, 3, 4))


def streamed(data: bytes) -> None:
    """Cut at odd places, as networks do."""
    answer = ChatAnswer(prompt_tokens=5, max_output_tokens=100)
    for start in range(0, len(data), 4093):
        answer.feed(data[start : start + 4093])
    answer.end()
    assert answer.usage.prompt_tokens < 2**31


def at_once(data: bytes) -> None:
    answer = ChatAnswer(prompt_tokens=5, max_output_tokens=100)
    answer.document(data)
    assert answer.usage.prompt_tokens < 2**31


def segments(data: bytes) -> None:
    parser = AnswerParser(3)
    words = text(data)
    for start in range(0, len(words), 4093):
        parser.feed(words[start : start + 4093])
    parser.close(whole=True)


def cursor(written: str) -> object:
    return _cursor(written, 3)


def terms(data: bytes) -> None:
    excerpt = Excerpt("Attention in models", "An abstract.", "Attention, again.")
    read_terms(text(data), excerpt, languages.find("de"))


CHUNK = (
    b'data: {"choices":[{"delta":{"content":"<seg id=\\"1\\">Wort"},"finish_reason":null}],'
    b'"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\ndata: [DONE]\n\n'
)
ANSWER = CHUNK[6 : CHUNK.index(b"\n")].replace(b"delta", b"message")
FEED = _feed(entry("2306.02707") + entry("hep-th/9901001")).encode()
TMX = (
    b'<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header srclang="en"/><body>'
    b'<tu><tuv xml:lang="en"><seg>A <ph x="1"/> b <bpt i="1" x="2"/>c<ept i="1"/></seg></tuv><tuv xml:lang="de"'
    b' changedate="20260101T000000Z"><prop type="x-origin">m</prop><seg>Ein <ph/></seg></tuv></tu></body></tmx>'
)
ODD = TMX.replace(b"?>", b" encoding='no-such'?>", 1)

# Its parser; the exceptions that it may raise; documents as they should be; the most that can come, in bytes.
PARSERS: dict[str, tuple[Parser, tuple[type[Exception], ...], tuple[bytes, ...], int]] = {
    "arXiv's Atom": (atom.parse, (atom.NotAFeed,), (FEED,), 1 << 16),
    "a model's stream": (streamed, (Fault,), (CHUNK, CHUNK * 3), 1 << 16),
    "a model's document": (at_once, (Fault,), (ANSWER,), 1 << 16),
    "a model's segments": (segments, (), (b'x<seg id="1">Ein Wort</seg> <seg id=2>&amp;</seg>',), 1 << 16),
    "a model's terms": (terms, (), (b"attention = Aufmerksamkeit\n1. model -> Modell",), 1 << 16),
    "an error of a model's server": (
        lambda data: provider_faults.from_status(429, {"Retry-After": text(data)}, text(data)),
        (),
        (b'{"error":{"message":"\\"retryDelay\\": \\"3s\\""}}', b"Thu, 01 Jan 2026 00:00:00 GMT", b"7"),
        1 << 16,
    ),
    "TMX": (lambda data: list(tmx.read(io.BytesIO(data))), (InvalidRequest,), (TMX, ODD), 1 << 16),
    "the owner's picks": (picks.parse, (), (b"# 2026-03-04\n2306.02707 a note\nx\n",), 1 << 16),
    "Accept-Language": (of_text(preferred), (), (b"zh-TW,zh;q=0.8,*;q=0.1",), 8190),
    "Accept-Encoding": (of_text(_encoding), (), (b"gzip;q=1.0, br, *;q=0",), 8190),
    "a language's tag": (of_text(languages.find), (UnsupportedLanguage,), (b"zh-Hans-CN",), 8190),
    "a search": (of_text(search_query.parse), (InvalidRequest,), (b'"a b" GPT-4 C++',), 8190),
    "a search's cursor": (of_text(cursor), (InvalidRequest,), (b"1_2026-03-03_2306.02707",), 8190),
    "a feed's parameters": (of_text(FeedQuery.parse), (InvalidRequest,), (b"q=a%20b&digest=1",), 4096),
    "a category": (of_text(arxiv_categories.check), (InvalidRequest,), (b"cs.CL",), 8190),
    "an identifier": (of_text(ArxivId.parse), (InvalidRequest,), (b"arxiv.org/abs/2306.02707v1",), 8190),
    "a page's name": (of_text(page_name), (InvalidRequest,), (b"hep-th/9901001",), 8190),
    "a segment": (of_text(placeholders.protect), (InvalidRequest,), (b"<g1>b <x2/></g1> $x$ &lt;",), 8000),
    "SOURCES": (of_text(parse_all), (UnknownSource,), (b"huggingface,arxiv:cs.CL,file:/a",), 8190),
}  # fmt: skip


@pytest.mark.parametrize("name", PARSERS)
@given(data=st.data())
def test_raises_nothing_but_its_own_error(name: str, data: st.DataObject):
    parse, errors, seeds, _ = PARSERS[name]
    with suppress(*errors):
        parse(data.draw(documents(*seeds)))


HUGGINGFACE = [listed("2306.02707", upvotes=3, githubRepo="https://a.example/b", ai_keywords=["a"])]


@given(json_documents(HUGGINGFACE))
def test_whatever_hugging_face_sends_is_a_list_or_no_answer(data: bytes):
    with suppress(UpstreamUnavailable):
        found: Any = huggingface(data)
        for paper in found.papers:
            assert paper.title
            assert not re.search("[\x00-\x1f\ud800-\udfff]", repr(paper))


@given(json_documents({"choices": [{"delta": {"content": "a"}}], "usage": {"prompt_tokens": 3}}))
def test_whatever_a_model_puts_into_an_event_is_text_or_a_fault(data: bytes):
    with suppress(Fault):
        streamed(b"data: " + data.replace(b"\n", b" ") + b"\n\ndata: [DONE]\n\n")
    with suppress(Fault):
        at_once(data)


@pytest.mark.parametrize("name", PARSERS)
def test_takes_no_longer_for_the_worst_there_is(name: str):
    """Of each ending, half of it before the document and half behind, as much as can come."""
    parse, errors, seeds, most = PARSERS[name]
    slow = {}
    for worst in WORST:
        for data in (
            worst * (most // len(worst)),
            seeds[0][:-3] + worst * (most // len(worst) // 2),
        ):
            began = time.thread_time()
            with suppress(*errors):
                parse(data)
            if (seconds := time.thread_time() - began) > CPU_SECONDS:
                slow[worst] = seconds
    assert slow == {}


def test_hugging_face_takes_no_longer_for_the_worst_there_is():
    for worst in WORST:
        began = time.thread_time()
        with suppress(UpstreamUnavailable):
            huggingface(worst * ((1 << 16) // len(worst)))
        assert time.thread_time() - began < CPU_SECONDS, worst


# Bodies of requests

GLOSSARY = [{"source": "attention", "target": "Aufmerksamkeit"}]
SEGMENTS = {
    "lang": "de",
    "segments": [
        {"id": "1", "text": "We study <x1/>.", "parts": False},
        {"id": "2", "text": "Two."},
    ],
    "context": {"title": "A", "section": "B", "abstract": "C"},
    "paper": {"id": "2306.02707", "title": "A", "section": "B"},
    "glossary": GLOSSARY,
    "retry": False,
    "sentences": True,
}
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/api/v1/translations"): SEGMENTS,
    ("POST", "/api/v1/papers/translations"): {"lang": "ja", "ids": ["2306.02707"], "glossary": GLOSSARY},
    ("PUT", "/api/v1/translations"): {"lang": "de", "text": "We study.", "translation": "Wir forschen."},
    ("PUT", "/api/v1/papers/2306.02707/translation"): {"lang": "de", "title": "Titel", "abstract": "Text."},
    ("POST", "/api/v1/papers/2306.02707/terms"): {"lang": "de", "title": "A", "abstract": "B", "text": "C"},
    ("PUT", "/api/v1/papers/2306.02707/terms"): {"lang": "de", "source": "model", "target": "Modell"},
    ("DELETE", "/api/v1/papers/2306.02707/terms"): {"lang": "de", "source": "model"},
}  # fmt: skip


@pytest.mark.parametrize(("method", "path"), BODIES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_body_is_a_fault_of_the_server(
    client: FlaskClient,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    data: st.DataObject,
):
    body = data.draw(json_documents(BODIES[method, path]))
    answer = client.open(path, method=method, data=body, content_type="application/json")
    assert answer.status_code in {200, 400, 401, 404, 413, 429, 503}, answer.text
    if answer.status_code != 200:
        assert answer.mimetype == "application/problem+json"
    assert "unexpected" not in caplog.text


@pytest.mark.parametrize(("method", "path"), BODIES)
def test_no_body_takes_long(client: FlaskClient, method: str, path: str):
    head = b'{"lang":"de","text":"'
    for worst in WORST:
        for body in (
            worst * ((255 << 10) // len(worst)),
            head + worst * ((250 << 10) // len(worst)),
        ):
            began = time.thread_time()
            answer = client.open(path, method=method, data=body, content_type="application/json")
            assert time.thread_time() - began < CPU_SECONDS, worst
            assert answer.status_code in {400, 413}
