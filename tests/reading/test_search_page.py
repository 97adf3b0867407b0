"""The search page: what is found, in which language, without JavaScript and without a model."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.fakes.llm import FakeLLM

# The sample edition is searched while nothing else is stored.


def test_the_field_stands_alone_until_something_is_asked(reader: FlaskClient):
    html = reader.get("/ja/search").text
    assert 'type="search"' in html
    assert 'class="paper"' not in html
    assert "noindex" in html


def test_words_are_marked_where_they_stand(reader: FlaskClient, fake_llm: FakeLLM):
    html = reader.get("/ja/search?q=モデル").text
    assert re.search(r'class="title" lang="ja"[^>]*><a [^>]*>[^<]*<mark>モデル</mark>', html) or (
        "<mark>モデル</mark>" in html
    )
    english = reader.get("/ja/search?q=attention").text
    assert "<mark>" in english
    assert fake_llm.requests == []


def test_what_stands_in_a_third_language_is_said(reader: FlaskClient):
    html = reader.get("/ja/search?q=模型").text
    assert 'class="found-in"' in html
    assert "简体中文" in html


def test_a_query_is_text(reader: FlaskClient):
    hostile = '"><script>alert(1)</script>'
    html = reader.get("/de/search", query_string={"q": hostile}).text
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize("query", ["q=x&order=newest", "q=x&catgory=cs.CL", "q=x&limit=9999"])
def test_a_wrong_filter_is_a_page_that_says_so(reader: FlaskClient, query: str):
    answer = reader.get(f"/de/search?{query}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"


def test_pages_of_results_follow_each_other(reader: FlaskClient):
    first = reader.get("/en/search?order=date&has_code=0&limit=5").text
    more = re.search(r'rel="next" href="(/en/search\?[^"]+)"', first)
    assert more
    second = reader.get(more[1].replace("&amp;", "&")).text
    ids = [set(re.findall(r'data-paper-id="([^"]+)"', page)) for page in (first, second)]
    assert ids[0]
    assert ids[1]
    assert not ids[0] & ids[1]


def test_browsers_learn_of_the_search(reader: FlaskClient):
    html = reader.get("/ja/latest").text
    address = re.search(r'rel="search"[^>]*href="([^"]+)"', html)
    assert address
    described = reader.get(address[1]).text
    template = re.search(r'type="text/html" template="([^"]+)"', described)
    assert template
    path = "/" + template[1].split("/", 3)[3].replace("{searchTerms}", "attention")
    assert "<mark>" in reader.get(path).text
