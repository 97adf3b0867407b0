"""POST /api/v1/translations over HTTP: both forms of answer, and every malformed request."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.problem import assert_problem

URL = "/api/v1/translations"
TEXT = "We study sparse attention with $O(n \\log n)$ cost in 13 language models <x1/>."
SSE = {"Accept": "text/event-stream"}


def events(response: Any) -> list[tuple[str, Any]]:
    """The Server-Sent Events of an answer, comments left out."""
    found = []
    for block in response.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line[1:])
        if "event" in lines:
            found.append((lines["event"], json.loads(lines["data"])))
    return found


def body(*texts: str, lang: str = "zh-Hans", **more: Any) -> dict[str, Any]:
    segments = [{"id": f"s{n}", "text": text} for n, text in enumerate(texts, 1)]
    return {"lang": lang, "segments": segments, **more}


def test_translates_and_keeps_every_placeholder(client: FlaskClient, fake_llm: FakeLLM):
    response = client.post(URL, json=body(TEXT, "A title"))
    assert response.status_code == 200
    first, second = response.get_json()["translations"]
    assert (first["id"], second["id"]) == ("s1", "s2")
    assert first["verified"]
    assert not first["cached"]
    assert "$O(n \\log n)$" in first["text"]
    assert "<x1/>" in first["text"]
    assert "13" in first["text"]
    usage = response.get_json()["usage"]
    assert usage["requests"] == len(fake_llm.requests) == 1
    assert usage["completion_tokens"] > 0


@pytest.mark.sql
def test_the_second_time_comes_from_memory(
    make_client: Callable[..., FlaskClient], fake_llm: FakeLLM
):
    first = make_client().post(URL, json=body(TEXT)).get_json()
    for client in (make_client(), make_client()):
        again = client.post(URL, json=body(TEXT)).get_json()
        assert again["translations"][0] == first["translations"][0] | {"cached": True}
        assert again["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "requests": 0}
    assert len(fake_llm.requests) == 1


def test_streams_deltas_then_whole_segments_then_the_sum(client: FlaskClient, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(chunk_delay=0.02)
    client.post(URL, json=body("Known already from before."))
    text = "We study attention. " * 10
    response = client.post(URL, json=body("Known already from before.", text), headers=SSE)
    assert response.mimetype == "text/event-stream"
    got = events(response)
    assert next(name for name, _ in got) == "segment", "known segments come first"
    assert got[0][1]["cached"]
    deltas = "".join(data["text"] for name, data in got if name == "delta")
    whole = next(data for name, data in got if name == "segment" and data["id"] == "s2")
    assert len(deltas) > 20
    assert whole["text"].startswith(deltas)
    name, done = got[-1]
    assert name == "done"
    assert (done["translated"], done["cached"], done["failed"]) == (2, 1, 0)
    assert done["usage"]["requests"] == 1


def test_the_same_text_twice_in_a_request_costs_once(client: FlaskClient, fake_llm: FakeLLM):
    response = client.post(URL, json=body(TEXT, TEXT.replace("<x1/>", "<x7/>")))
    one, two = response.get_json()["translations"]
    assert two["text"] == one["text"].replace("<x1/>", "<x7/>")
    assert len(fake_llm.requests[0].segments) == 1


def test_an_abstract_costs_once_whether_as_tex_or_typeset(client: FlaskClient, fake_llm: FakeLLM):
    """From arXiv's API, from its page before MathJax ran, and after it: formulas as placeholders."""
    raw = '  Gr\\"obner bases of $\\mathbb{Z}[x]$ see\n\\cite{a}; code: https://example.org/code.'
    page = "Gröbner bases of $\\mathbb{Z}[x]$ see \\cite{a}; code: <x1/>."
    typeset = "Gröbner bases of <x1/> see \\cite{a}; code: <x2/>."
    answers = [client.post(URL, json=body(text)).get_json() for text in (raw, page, typeset)]
    assert len(fake_llm.requests) == 1
    texts = [answer["translations"][0]["text"] for answer in answers]
    assert "$\\mathbb{Z}[x]$" in texts[0]
    assert "https://example.org/code" in texts[0]
    assert texts[1] == texts[0].replace("https://example.org/code", "<x1/>")
    assert "<x1/>" in texts[2]
    assert "<x2/>" in texts[2]


def test_text_without_words_needs_no_model(client: FlaskClient, fake_llm: FakeLLM):
    for text in ("<x1/>", "$x^2$", "3.5 %", ""):
        result = client.post(URL, json=body(text)).get_json()["translations"][0]
        assert result["text"] == text
        assert result["verified"]
    assert fake_llm.requests == []


def test_a_refusing_provider_is_told_plainly(client: FlaskClient, fake_llm: FakeLLM):
    fake_llm.scenario = Scenario(status=401)
    response = client.post(URL, json=body(TEXT))
    problem = response.get_json()["translations"][0]["problem"]
    assert problem["type"].endswith("translator-unavailable")
    assert "OPENAI_API_KEY" in problem["detail"]
    fake_llm.scenario = Scenario()
    assert client.post(URL, json=body(TEXT)).get_json()["translations"][0]["verified"]


def test_without_a_model_it_says_what_to_set(make_client: Callable[..., FlaskClient]):
    client = make_client(openai_base_url=None, openai_api_key=None)
    problem = assert_problem(client.post(URL, json=body(TEXT)), 503, "translator-not-configured")
    for variable in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "OPENAI_MODEL"):
        assert variable in problem["detail"]


@pytest.mark.sql
def test_past_the_budget_only_what_is_known_is_answered(
    make_client: Callable[..., FlaskClient], fake_llm: FakeLLM
):
    client = make_client(daily_token_budget=1)
    known = client.post(URL, json=body("Known before the budget ended."))
    assert known.get_json()["translations"][0]["verified"]
    assert_problem(client.post(URL, json=body(TEXT)), 429, "budget-exhausted")
    both = client.post(URL, json=body("Known before the budget ended.", TEXT)).get_json()
    assert both["translations"][0]["cached"]
    assert both["translations"][1]["problem"]["type"].endswith("budget-exhausted")
    assert len(fake_llm.requests) == 1


def test_the_glossary_is_part_of_what_is_asked(client: FlaskClient, fake_llm: FakeLLM):
    terms = [{"source": "sparse attention", "target": "稀疏注意"}]
    client.post(URL, json=body(TEXT, glossary=terms))
    assert "sparse attention = 稀疏注意" in fake_llm.requests[0].body["messages"][0]["content"]
    assert not client.post(URL, json=body(TEXT)).get_json()["translations"][0]["cached"]
    more = [*terms, {"source": "diffusion", "target": "扩散"}]
    again = client.post(URL, json=body(TEXT, glossary=more)).get_json()
    assert again["translations"][0]["cached"], "a term that does not occur changes nothing"


def test_a_papers_title_and_section_are_its_context(client: FlaskClient, fake_llm: FakeLLM):
    paper = {"id": "2401.01234v2", "title": "Sparse Things", "section": "3 Method"}
    client.post(URL, json=body(TEXT, paper=paper))
    client.post(URL, json=body("Another text.", paper=paper, context={"abstract": "On gaps."}))
    first, second = (asked.body["messages"][0]["content"] for asked in fake_llm.requests)
    assert "(title): Sparse Things" in first
    assert "(section): 3 Method" in first
    assert "Sparse Things" not in second, "a context that is given is the context"
    assert "On gaps." in second


MALFORMED: list[tuple[Any, int, str]] = [
    (b"{", 400, "invalid-request"),
    (b"\xff\xfe", 400, "invalid-request"),
    (b"[" * 50_000, 400, "invalid-request"),
    (b'{"lang":"de","segments":[{"id":"1","text":"\\ud800"}]}', 400, "invalid-request"),
    (b'{"lang":"de","segments":[{"id":"1","text":"a\\u0000b"}]}', 400, "invalid-request"),
    ([], 400, "invalid-request"),
    ("text", 400, "invalid-request"),
    (None, 400, "invalid-request"),
    ({}, 400, "invalid-request"),
    ({"lang": "de"}, 400, "invalid-request"),
    ({"lang": 5, "segments": []}, 400, "invalid-request"),
    ({"lang": "de", "segments": {}}, 400, "invalid-request"),
    ({"lang": "de", "segments": ["text"]}, 400, "invalid-request"),
    ({"lang": "de", "segments": [{"id": 1, "text": "x"}]}, 400, "invalid-request"),
    ({"lang": "de", "segments": [{"id": "", "text": "x"}]}, 400, "invalid-request"),
    ({"lang": "de", "segments": [{"id": "1"}]}, 400, "invalid-request"),
    ({"lang": "de", "segments": [{"id": "1", "text": None}]}, 400, "invalid-request"),
    (body("a", "b") | {"segments": [{"id": "1", "text": "a"}] * 2}, 400, "invalid-request"),
    (body("<g1>open"), 400, "invalid-request"),
    (body("close</g1>"), 400, "invalid-request"),
    (body("a", glossary=[{"source": "x"}]), 400, "invalid-request"),
    (body("a", glossary=[{"source": "x", "target": "</seg>"}]), 400, "invalid-request"),
    (body("a", glossary=[{"source": " ", "target": "y"}]), 400, "invalid-request"),
    (body("a", glossary=[{"source": "x", "target": "y"}] * 201), 400, "invalid-request"),
    (body("a", context=["title"]), 400, "invalid-request"),
    (body("a", paper="2401.01234v2"), 400, "invalid-request"),
    (body("a", paper={"title": "no id"}), 400, "invalid-request"),
    (body("a", paper={"id": "2401.01234v2 or so"}), 400, "invalid-request"),
    (body("a", paper={"id": "x" * 10_000}), 400, "invalid-request"),
    (body("a", paper={"id": "2401.01234", "section": 3}), 400, "invalid-request"),
    (body("a", retry="yes"), 400, "invalid-request"),
    (body("a", lang="tlh"), 400, "unsupported-language"),
    (body("a", lang=""), 400, "unsupported-language"),
    (body("a", lang="x" * 10_000), 400, "unsupported-language"),
    (body("a", lang="../../etc"), 400, "unsupported-language"),
    (body(*["a"] * 65), 413, "payload-too-large"),
    (body("a" * 8001), 413, "payload-too-large"),
    (body(*["a" * 7000] * 40), 413, "payload-too-large"),
]


@pytest.mark.parametrize(("sent", "status", "kind"), MALFORMED)
def test_a_malformed_request_is_refused_with_a_sentence(
    client: FlaskClient, fake_llm: FakeLLM, sent: Any, status: int, kind: str
):
    data = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    response = client.post(URL, data=data, content_type="application/json")
    problem = assert_problem(response, status, kind)
    assert len(problem["detail"]) < 400, "what was sent is not echoed at length"
    assert fake_llm.requests == []


def test_no_segments_is_an_empty_answer(client: FlaskClient):
    assert client.post(URL, json=body()).get_json()["translations"] == []


@pytest.mark.parametrize(
    ("sent", "status", "kind"),
    [
        ({"lang": "de", "ids": "2306.02707"}, 400, "invalid-request"),
        ({"lang": "de", "ids": ["../../x"]}, 400, "invalid-request"),
        ({"lang": "de", "ids": [1]}, 400, "invalid-request"),
        ({"lang": "de", "ids": ["2306.02707"] * 101}, 413, "payload-too-large"),
        ({"lang": "xx", "ids": []}, 400, "unsupported-language"),
    ],
)
def test_a_malformed_request_for_papers_is_refused(
    client: FlaskClient, sent: Any, status: int, kind: str
):
    assert_problem(client.post("/api/v1/papers/translations", json=sent), status, kind)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api/v1/", "/api/v2/daily", "/%00", "/api/v1/daily/"]
)
def test_unknown_addresses_are_problems_too(client: FlaskClient, path: str):
    assert_problem(client.get(path), 404, "not-found")


def test_a_wrong_method_names_the_right_one(client: FlaskClient):
    response = client.get(URL)
    assert_problem(response, 405, "invalid-request")
    assert response.headers["Allow"] == "POST, PUT"


def test_languages_are_listed(client: FlaskClient):
    listed = client.get("/api/v1/languages").get_json()["languages"]
    chinese = next(language for language in listed if language["tag"] == "zh-Hans")
    assert chinese["endonym"] == "简体中文"
    assert next(language for language in listed if language["tag"] == "ar")["dir"] == "rtl"
