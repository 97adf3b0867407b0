"""Search over HTTP: what is found and shown, filters, order, pages, freshness, faults."""

from __future__ import annotations

import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend import database, services
from backend.api import search as search_view
from backend.papers.sample import SampleEdition
from tests.problem import assert_problem
from tests.searchable import Shelf, ids

pytestmark = pytest.mark.sql

SHELF = ("2603.00001", "2603.00002", "2603.00003")


@pytest.fixture
def shelf(engine: sa.Engine) -> Shelf:
    """Three papers, two of them translated."""
    shelf = Shelf(engine)
    shelf.put(
        SHELF[0],
        "Sparse attention for GPT-4",
        "Reasoning costs $O(n^2)$ & we are 3.5x faster. Poincar\\'e said <b>.",
        authors=("Kaiming He", "Łukasz Nowak"),
        code_url="https://github.com/example/x",
    )
    shelf.put(
        SHELF[1],
        "Compilers in C++",
        "We use sparse attention too.",
        categories=("cs.PL", "cs.LG"),
        day=date(2026, 3, 2),
    )
    shelf.put(SHELF[2], "Attention is sparse", "Nothing else.", day=None)
    shelf.translate(SHELF[0], "zh-Hans", "GPT-4 的稀疏注意力", "语言模型的推理花费 <x1/>。")
    shelf.translate(SHELF[1], "ja", "C++ のコンパイラ", "言語モデル", verified=False)
    return shelf


def settle(client: FlaskClient) -> None:
    """Have everything stored indexed, however busy the machine is; a search alone waits half a second."""
    services.of(client.application).search_indexer.catch_up()


@pytest.fixture
def find(shelf: Shelf, client: FlaskClient) -> Callable[..., dict[str, Any]]:
    """Searches; keyword arguments are parameters, `since` being `from`."""

    def search(q: str = "", **parameters: Any) -> dict[str, Any]:
        if "since" in parameters:
            parameters["from"] = parameters.pop("since")
        settle(client)
        response = client.get("/api/v1/search", query_string={"q": q, **parameters})
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.get_json()
        assert answer["total"] >= len(answer["papers"])
        return answer

    return search


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("模型", [0]),
        ("推理", [0]),
        ("語言模型", [0]),
        ("稀疏注意力", [0]),
        ("gpt-4", [0]),
        ("GPT", [0]),
        ("c++", [1]),
        ("3.5x", [0]),
        ("Kaiming", [0]),
        ('"kaiming he"', [0]),
        ("lukasz", [0]),
        ("poincare", [0]),
        ("sparse attention", [0, 2, 1]),
        ('"sparse attention"', [0, 1]),
        ("C++ sparse", [1]),
        ("Kaiming 推理", [0]),
        ("コンパイラ", [1]),
        ("nowhere", []),
        ("math", []),
    ],
)
def test_words_and_phrases_find(find, query: str, found: list[int]):
    assert ids(find(query)) == [SHELF[n] for n in found]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, [0, 1, 2]),
        ({"category": "cs.PL"}, [1]),
        ({"category": "CS.lg"}, [1]),
        ({"since": "2026-03-02"}, [0, 1]),
        ({"until": "x"}, None),
        ({"since": "2026-03-02", "to": "2026-03-02"}, [1]),
        ({"to": "2026-03-01"}, [2]),
        ({"has_code": "1"}, [0]),
        ({"has_code": "0"}, [1, 2]),
        ({"lang": "zh-Hans", "verified": "1"}, [0]),
        ({"lang": "ja", "verified": "1"}, []),
        ({"lang": "ja", "verified": "0"}, [0, 1, 2]),
        ({"q": "sparse", "order": "date"}, [0, 1, 2]),
    ],
)
def test_filters(find, client: FlaskClient, filters: dict[str, str], found: list[int] | None):
    if found is None:
        response = client.get("/api/v1/search", query_string=filters)
        assert_problem(response, 400, "invalid-request")
        return
    assert ids(find(**filters)) == [SHELF[n] for n in found]


def test_an_answer_says_where_the_words_stood(find):
    (paper,) = find("推理 gpt-4", lang="zh-CN")["papers"]
    assert paper["date"] == "2026-03-03"
    assert paper["translation"]["lang"] == "zh-Hans"
    matched = paper["matched"]
    assert matched["lang"] == "zh-Hans"
    assert matched["title_html"] == "<mark>GPT-4</mark> 的稀疏注意力"
    assert "模型的<mark>推理</mark>花费" in matched["abstract_html"]
    assert "<math" in matched["abstract_html"]
    (other,) = find("推理", lang="ja")["papers"]
    assert (other["translation"], other["matched"]["lang"]) == (None, "zh-Hans")
    (original,) = find('"sparse attention" he faster', lang="ja")["papers"]
    assert original["matched"]["lang"] == "en"
    assert original["matched"]["title_html"] == "<mark>Sparse attention</mark> for GPT-4"
    assert (
        "3.5x <mark>faster</mark>. Poincaré said &lt;b&gt;" in original["matched"]["abstract_html"]
    )
    assert original["matched"]["authors_html"] == ["Kaiming <mark>He</mark>", "Łukasz Nowak"]


def test_what_is_not_translated_is_counted_and_priced(make_client, shelf):
    client = make_client(price_in=1.0, price_out=2.0)
    settle(client)
    answer = client.get("/api/v1/search?q=nowhere&lang=zh-Hans").get_json()
    assert answer["untranslated"]["papers"] == 2
    assert answer["untranslated"]["tokens"] > 40
    assert 0 < answer["untranslated"]["price"] < 0.001
    narrow = client.get("/api/v1/search?q=x&lang=zh-Hans&from=2026-03-03").get_json()
    assert narrow["untranslated"] == {"papers": 0, "tokens": 0, "price": 0}
    assert client.get("/api/v1/search?q=x").get_json()["untranslated"] is None


def test_pages_follow_each_other(find):
    whole = find("sparse")
    assert len(ids(whole)) == whole["total"] == 3
    for order in ("relevance", "date"):
        seen, before = [], ""
        for _ in range(4):
            page = find("sparse", order=order, limit=1, before=before)
            assert page["total"] == 3
            seen += ids(page)
            before = page["next"]
            if before is None:
                break
        assert seen == ids(find("sparse", order=order))


def test_what_is_written_is_found_and_what_is_gone_is_not(find, shelf: Shelf):
    assert ids(find("Geometrie")) == []
    shelf.put("2603.00009", "Geometry")
    assert ids(find("Geometry")) == ["2603.00009"]
    shelf.translate("2603.00009", "de", "Geometrie", "Zusammenfassung")
    assert ids(find("Geometrie")) == ["2603.00009"]
    shelf.translate("2603.00009", "de", "Erdmessung")
    assert ids(find("Geometrie")) == []
    assert ids(find("Erdmessung Zusammenfassung")) == ["2603.00009"]
    shelf.put("2603.00009", "Topology")
    assert ids(find("Geometry")) == ids(find("Erdmessung")) == []
    assert ids(find("Topology Ada")) == ["2603.00009"]
    shelf.memory.forget(langs=["zh-Hans"])
    assert ids(find("推理")) == []
    assert ids(find("モデル")) == [SHELF[1]]
    assert ids(find("reasoning")) == [SHELF[0]]


def test_the_command_forgets_in_the_index_too(shelf: Shelf, client: FlaskClient, engine: sa.Engine):
    settle(client)
    assert client.get("/api/v1/search?q=推理").get_json()["total"] == 1
    with client.application.app_context():
        run = client.application.test_cli_runner()
        assert run.invoke(args=["forget", "--paper", SHELF[0]]).exit_code == 0
    assert not services.of(client.application).search_indexer.is_behind()
    if engine.dialect.name == "sqlite":
        sql = "SELECT rowid FROM search_words WHERE search_words MATCH '\"推理\"'"
    else:
        sql = "SELECT number FROM search_words WHERE tokens @@ '推理'"
    with engine.connect() as connection:
        assert connection.execute(sa.text(sql)).all() == []


@pytest.mark.parametrize(
    ("parameters", "hint"),
    [
        ("q=x&categry=cs.CL", "Did you mean `category`"),
        ("q=x&category=cs.CLL", "such as cs.CL"),
        ("q=x&category=nonsense", "such as cs.CL"),
        ("q=x&lang=klingon", ""),
        ("q=x&from=2026-02-30", "`from`"),
        ("q=x&to=yesterday", "`to`"),
        ("q=x&from=2026-03-03&to=2026-03-02", "`from` is a day after `to`"),
        ("q=x&has_code=maybe", "`has_code` is 1 or 0"),
        ("q=x&verified=1", "`verified` needs `lang`"),
        ("q=x&order=newest", "`order`"),
        ("q=x&limit=0", "`limit`"),
        ("q=x&limit=1000", "`limit`"),
        ("q=x&before=yesterday", "`before`"),
        ("q=x&before=9_2026-03-03_x", "`before`"),
        ("q=x&q=y", "2 times"),
        ("q=%21%21", "no word"),
        ("q=" + "x" * 400, "300 characters"),
    ],
)
def test_a_wrong_parameter_says_what_to_change(client: FlaskClient, parameters: str, hint: str):
    response = client.get(f"/api/v1/search?{parameters}")
    assert hint in response.get_json(force=True)["detail"]
    kind = "unsupported-language" if "klingon" in parameters else "invalid-request"
    assert_problem(response, 400, kind)


@pytest.mark.parametrize(
    "query",
    [
        'a" OR tokens:x', "don't", "O(n^2)", "a/b", "NEAR(a b)", "* ^ :", "a AND NOT b", "{x} -y",
        "'; DROP TABLE papers; --", "\\", "'", "a:* & !b | <-> c", "\x00", "\ud7ff\ufffe", "%", ":all",
        "^sparse", "～ＧＰＴ", "x" * 300, "模" * 300, '"', '""" """', "“", "$\\alpha$", "<mark>",
    ],
)  # fmt: skip
def test_hostile_queries_are_words(client: FlaskClient, shelf: Shelf, query: str):
    settle(client)
    response = client.get("/api/v1/search", query_string={"q": query})
    assert response.status_code in (200, 400), response.text
    assert client.get("/api/v1/search?q=sparse").get_json()["total"] == 3


def test_any_query_is_answered(client: FlaskClient, shelf: Shelf):
    texts = st.text(max_size=40) | st.text(alphabet="ab \"'+-#.*()^:&|!<>模型", max_size=40)

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(texts, texts)
    def check(query: str, before: str):
        response = client.get("/api/v1/search", query_string={"q": query, "before": before})
        assert response.status_code in (200, 400), response.text

    check()


def test_a_search_that_takes_too_long_is_ended(client: FlaskClient, engine: sa.Engine):
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    )
    with engine.connect() as connection:
        with pytest.raises(database.QueryTooSlow), database.time_limit(connection, 0.3):
            connection.exec_driver_sql(endless)
        connection.rollback()
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1


def test_one_address_has_one_search_in_flight(client: FlaskClient, shelf: Shelf):
    app = client.application
    settle(client)
    with app.app_context():
        flights = search_view._in_flight()
    answers: list[int] = []

    def ask() -> None:
        answers.append(app.test_client().get("/api/v1/search?q=sparse").status_code)

    with flights.of("127.0.0.1"):
        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        elsewhere = app.test_client().get(
            "/api/v1/search?q=sparse", environ_base={"REMOTE_ADDR": "10.0.0.9"}
        )
    assert answers == [429] * 6
    assert elsewhere.status_code == 200
    response = client.get("/api/v1/search?q=sparse")
    assert response.status_code == 200
    again = client.get(
        "/api/v1/search?q=sparse", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_new_server_searches_its_sample(client: FlaskClient):
    answer = client.get("/api/v1/search?q=attention&lang=ja").get_json()
    assert answer["total"] > 0
    assert {paper["text_source"] for paper in answer["papers"]} == {"sample"}
    assert answer["papers"][0]["translation"]["origin"] == "sample"
    assert client.get("/api/v1/search?q=模型&lang=ja").get_json()["total"] > 0


@pytest.mark.parametrize("lang", ["ar", "it"])
def test_a_sample_translated_here_is_found_in_that_language(
    client: FlaskClient, engine: sa.Engine, lang: str
):
    """Languages that the sample itself has no translations for."""
    before = client.get(f"/api/v1/search?q=model&lang={lang}").get_json()
    paper = SampleEdition().edition().papers[0]
    Shelf(engine).keep(paper, lang, "Quillano xarvi", "Mirdo.", verified=False)
    answer = client.get(f"/api/v1/search?q=quillano&lang={lang}").get_json()
    assert ids(answer) == [paper.id]
    assert answer["papers"][0]["translation"]["title"] == "Quillano xarvi"
    assert answer["untranslated"]["papers"] == before["untranslated"]["papers"] - 1
    assert ids(client.get(f"/api/v1/search?q=mirdo&verified=true&lang={lang}").get_json()) == []


def test_browsers_are_told_of_the_search(client: FlaskClient):
    response = client.get("/opensearch.xml", headers={"Accept-Language": "xx, zh-TW;q=0.8"})
    assert response.mimetype == "application/opensearchdescription+xml"
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = ET.fromstring(response.data)
    links = {url.get("type"): url.get("template") for url in root.findall(f"{space}Url")}
    assert links["text/html"] == "http://localhost/zh-Hant/search?q={searchTerms}"
    assert links["application/json"] == "http://localhost/api/v1/search?q={searchTerms}"
