"""A reader's own wording over HTTP: checked, kept for all, taken back by `forget`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend import services
from backend.lists.edition_store import EditionStore
from backend.papers.records import DailyList, Paper
from backend.translation.records import READER
from tests.fakes.llm import FakeLLM
from tests.problem import assert_problem

from .test_translations import body

URL = "/api/v1/translations"
TEXT = "We study sparse attention with $O(n \\log n)$ cost in 13 language models <x1/>."
GOOD = (
    "Wir untersuchen dünnbesetzte Attention mit $O(n \\log n)$ Aufwand in 13 Sprachmodellen <x1/>."
)


def put(client: FlaskClient, translation: str, text: str = TEXT, **more: Any) -> dict[str, Any]:
    sent = {"lang": "de", "text": text, "translation": translation, **more}
    answer = client.put(URL, json=sent)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()["translation"]
    return found


def shown(client: FlaskClient, text: str = TEXT, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = client.post(URL, json=body(text, lang="de", **more)).get_json()[
        "translations"
    ][0]
    return found


@pytest.mark.sql
def test_all_readers_get_a_readers_wording(
    make_client: Callable[..., FlaskClient], fake_llm: FakeLLM
):
    shown(make_client())
    assert put(make_client(), GOOD) == {"kept": True, "verified": True, "issues": []}
    for client in (make_client(), make_client()):
        assert shown(client)["text"] == GOOD
        assert shown(client, retry=True)["text"] == GOOD
    assert len(fake_llm.requests) == 1


def test_a_wording_needs_no_translation_before_it(client: FlaskClient, fake_llm: FakeLLM):
    assert put(client, GOOD)["kept"]
    renumbered = shown(client, TEXT.replace("<x1/>", "<x9/>"))
    assert renumbered["text"] == GOOD.replace("<x1/>", "<x9/>")
    assert fake_llm.requests == []


def test_placeholders_and_formulas_may_change_places(client: FlaskClient):
    text = "The rate $a$ exceeds <x4/> for <g2>all</g2> $b$ values."
    wording = "Für <g2>alle</g2> Werte von $b$ ist die Rate $a$ größer als <x4/>."
    assert put(client, wording, text)["verified"]
    assert shown(client, text)["text"] == wording


@pytest.mark.parametrize(
    ("wording", "issue"),
    [
        (GOOD.replace("13", "31"), "number"),
        (GOOD.replace(" <x1/>", ""), "placeholder"),
        (GOOD.replace("\\log n", "n"), "placeholder"),
        (TEXT, "echo"),
    ],
)
def test_a_damaged_wording_never_replaces_a_verified_translation(
    client: FlaskClient, wording: str, issue: str
):
    before = shown(client)
    answer = put(client, wording)
    assert not answer["kept"]
    assert not answer["verified"]
    assert issue in answer["issues"]
    assert shown(client)["text"] == before["text"]


def test_another_readers_wording_replaces_the_first(client: FlaskClient):
    put(client, GOOD)
    other = GOOD.replace("untersuchen", "erforschen")
    assert put(client, other)["kept"]
    assert shown(client)["text"] == other


def test_forget_takes_a_wording_back(client: FlaskClient, fake_llm: FakeLLM):
    put(client, GOOD)
    assert services.of(client.application).translator.memory.forget(model=READER) == {"de": 1}
    assert shown(client)["text"] != GOOD
    assert len(fake_llm.requests) == 1


def test_a_wording_counts_where_the_papers_terms_apply(client: FlaskClient, fake_llm: FakeLLM):
    """A paper's terms are part of the key under which its readers look."""
    paper = {"id": "2401.01234v2"}
    put_terms = client.put(
        "/api/v1/papers/2401.01234v2/terms",
        json={"lang": "de", "source": "sparse attention", "target": "spärliche Attention"},
    )
    assert put_terms.status_code == 200
    wording = GOOD.replace("dünnbesetzte", "spärliche")
    assert put(client, wording, paper=paper)["kept"]
    assert shown(client, paper=paper)["text"] == wording
    assert fake_llm.requests == []


PAPER = Paper(
    id="2603.00001",
    title="Bounds on $x^2$ for Sparse Graphs",
    abstract="We bound $x^2$ by 13. It is <b> tight.",
    text_source="arxiv",
)


@pytest.fixture
def paper(client: FlaskClient) -> Paper:
    from datetime import UTC, date, datetime

    now = datetime.now(UTC)
    store = EditionStore(services.of(client.application).engine)
    store.keep_list(date(2026, 3, 3), DailyList(papers=(PAPER,)), at=now, next_poll_at=None)
    return PAPER


def test_a_papers_title_and_abstract_as_plain_text(client: FlaskClient, paper: Paper):
    address = f"/api/v1/papers/{paper.id}"
    title = "Schranken für $x^2$ auf dünnen Graphen"
    abstract = "Wir beschränken $x^2$ durch 13. Das ist <b> scharf."
    answer = client.put(
        f"{address}/translation", json={"lang": "de", "title": title, "abstract": abstract}
    ).get_json()
    assert answer["title"] == answer["abstract"] == {"kept": True, "verified": True, "issues": []}
    translation = client.get(f"{address}?lang=de").get_json()["translation"]
    assert (translation["title"], translation["abstract"]) == (title, abstract)
    assert (translation["origin"], translation["verified"]) == (READER, True)
    assert "&lt;b&gt;" in translation["abstract_html"]


@pytest.mark.parametrize(
    ("sent", "status", "kind"),
    [
        ({"lang": "de", "text": TEXT, "translation": " "}, 400, "invalid-request"),
        ({"lang": "de", "text": "$x$", "translation": "$x$"}, 400, "invalid-request"),
        ({"lang": "de", "text": TEXT, "translation": "<g1>offen"}, 400, "invalid-request"),
        ({"lang": "de", "text": TEXT, "translation": "a" * 8_001}, 413, "payload-too-large"),
        ({"lang": "xx", "text": TEXT, "translation": GOOD}, 400, "unsupported-language"),
        ({"lang": "de", "text": TEXT}, 400, "invalid-request"),
    ],
)
def test_what_cannot_be_a_correction_is_refused(
    client: FlaskClient, sent: dict[str, Any], status: int, kind: str
):
    assert_problem(client.put(URL, json=sent), status, kind)


def test_a_paper_correction_says_what_it_lacks(client: FlaskClient, paper: Paper):
    address = f"/api/v1/papers/{paper.id}/translation"
    assert_problem(client.put(address, json={"lang": "de"}), 400, "invalid-request")


def test_a_token_is_needed_where_the_server_has_one(make_client: Callable[..., FlaskClient]):
    client = make_client(access_tokens=("correct-horse-battery",))
    sent = {"lang": "de", "text": TEXT, "translation": GOOD}
    assert_problem(client.put(URL, json=sent), 401, "unauthorized")
    authorized = {"Authorization": "Bearer correct-horse-battery"}
    assert client.put(URL, json=sent, headers=authorized).status_code == 200
