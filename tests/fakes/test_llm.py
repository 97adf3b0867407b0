"""The fake language model speaks the protocol: the official client library understands it."""

from __future__ import annotations

import json
import subprocess
import sys

import httpx
import openai
import pytest

from backend import languages
from backend.verification.verify import check
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_damage import DAMAGES
from tests.fakes.llm_scenario import Scenario
from tests.fakes.pseudo_translation import SCRIPTS, language_of, translate

SOURCE = (
    "We train a 13 billion model (<x1/>) on <g2>open data</g2>, 44.5% better than GPT-4."
    " <s2/>It answers most of the questions that readers of our papers would ask their authors."
    " <s3/>However, nobody knows whether it will still do so when all of the data are exhausted."
)
MESSAGES = [
    {"role": "system", "content": "Translate to Japanese (ja)."},
    {"role": "user", "content": f'<seg id="1">{SOURCE}</seg>\n<seg id="2">A title</seg>'},
]


@pytest.fixture
def fake():
    with FakeLLM() as server:
        yield server


@pytest.fixture
def client(fake):
    with openai.OpenAI(base_url=fake.base_url, api_key="key", max_retries=0) as client:
        yield client


def ask(fake: FakeLLM, **extra):
    body = {"model": "fake-model", "messages": MESSAGES} | extra
    return httpx.post(f"{fake.base_url}/chat/completions", json=body, timeout=10)


def content(fake: FakeLLM) -> str:
    return ask(fake).json()["choices"][0]["message"]["content"]


def test_streams_a_translation_with_usage(fake, client):
    chunks = list(
        client.chat.completions.create(
            model="fake-model",
            messages=MESSAGES,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text.startswith('<seg id="1">我々')
    assert text.endswith("</seg>")
    assert all(
        part in text for part in ("<s2/>", "<x1/>", "<g2>", "</g2>", "130億", "44.5%", "GPT-4")
    )
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage
    assert chunks[-1].usage.completion_tokens > 20
    assert fake.requests[0].segments == (("1", SOURCE), ("2", "A title"))


def test_answers_without_a_stream_and_lists_its_model(client):
    answer = client.chat.completions.create(model="fake-model", messages=MESSAGES)
    assert '<seg id="2">' in (answer.choices[0].message.content or "")
    assert [model.id for model in client.models.list()] == ["fake-model"]


def test_every_language_is_written_in_its_own_letters_and_the_same_every_time():
    for tag in SCRIPTS:
        translated = translate(SOURCE, tag)
        assert translated == translate(SOURCE, tag) != SOURCE
        assert all(part in translated for part in ("<x1/>", "<g2>", "</g2>", "44.5%", "GPT-4"))
    assert language_of("into Chinese (Traditional) (zh-Hant), not (de)") == "zh-Hant"


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_changes_what_the_segment_says(fake, name):
    whole = content(fake)
    source = SOURCE
    fake.scenario = Scenario(damage=(name,))
    assert content(fake) != whole
    assert fake.requests[-1].damaged["1"] == name
    assert fake.requests[-1].segments[0][1] == source


def test_damage_strikes_the_named_share_and_a_repair_falls_differently(fake):
    fake.scenario = Scenario(damage=("echo",), damage_probability=0.3)
    segments = "".join(f'<seg id="{n}">Sentence {n} of a paper.</seg>' for n in range(400))
    for _ in range(2):
        ask(fake, messages=[{"role": "user", "content": segments}])
    first, second = (set(asked.damaged) for asked in fake.requests)
    assert 80 < len(first) < 160
    assert len(first & second) < len(first) / 2


def test_damage_can_be_kept_to_first_attempts(fake):
    fake.scenario = Scenario(damage=("refuse",), damage_attempts=1)
    first, title = translate(SOURCE, "ja"), translate("A title", "ja")
    whole = f'<seg id="1">{first}</seg>\n<seg id="2">{title}</seg>'
    assert content(fake) != whole
    assert content(fake) == whole


def test_says_what_it_knows_and_invents_the_rest(fake):
    fake.scenario = Scenario(known={"A title": "ある題名"})
    invented = translate(SOURCE, "ja")
    assert content(fake) == f'<seg id="1">{invented}</seg>\n<seg id="2">ある題名</seg>'


def test_limits_the_answer_to_the_tokens_asked_for(fake):
    choice = ask(fake, max_tokens=10).json()["choices"][0]
    assert choice["finish_reason"] == "length"
    assert len(choice["message"]["content"]) < 40


def test_notices_when_the_client_leaves(fake):
    fake.next(Scenario(hang="tokens"))
    body = {"model": "m", "messages": MESSAGES, "stream": True}
    with httpx.stream("POST", f"{fake.base_url}/chat/completions", json=body) as response:
        lines = response.iter_lines()
        next(lines)
        assert fake.requests[0].outcome == "running"
    fake.wait_until(lambda: fake.requests[0].outcome == "left")


def test_refuses_a_wrong_key():
    with FakeLLM(api_key="right") as fake:
        assert ask(fake).status_code == 401


def test_runs_as_a_process_of_its_own():
    command = [sys.executable, "-m", "tests.fakes.llm", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        root = process.stdout.readline().strip().removesuffix("/v1")
        try:
            scenario = {"next": [{"status": 429, "retry_after": "7"}]}
            httpx.post(f"{root}/_scenario", json=scenario)
            body = {"model": "m", "messages": MESSAGES}
            refused = httpx.post(f"{root}/v1/chat/completions", json=body)
            assert (refused.status_code, refused.headers["retry-after"]) == (429, "7")
            assert httpx.post(f"{root}/v1/chat/completions", content=json.dumps(body)).is_success
            asked = httpx.get(f"{root}/_requests").json()
            assert asked["count"] == 2
            assert asked["requests"][0]["outcome"] == "refused"
        finally:
            process.terminate()


@pytest.mark.parametrize("tag", ["zh-Hans", "zh-Hant", "ja", "ko", "es", "fr", "de", "pt-BR", "ar"])
def test_the_checks_take_it_for_a_faithful_translation(tag):
    source = (
        "We train LLaMA-2, a 13-billion-parameter model, on 1.4 trillion tokens: it is fourteen "
        "percentage points, or 44.5%, better than GPT-4 at <x1/> in three of <g2>five tasks</g2> "
        "(pass@1, at -0.3 to 2,000 K), as 10 percent of our users say."
    )
    verdict = check(source, translate(source, tag), language=languages.find(tag))
    assert verdict.verified, verdict.issues
