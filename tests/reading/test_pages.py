"""The pages of lists and papers: what they say, how they are sent, what is wrong in words."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from flask.testing import FlaskClient

from backend import languages, services
from tests.broken_database import broken
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario
from tests.fakes.upstreams import SERVER_ERROR, FakeArxiv, FakeHuggingFace, entry, listed
from tests.reading.a_day import DAY, Elements, abstracts, fill, hostile

Translate = Callable[[str, Sequence[str]], None]
SAMPLE_LANGUAGES = ["zh-Hans", "ja", "ko", "es", "fr", "de"]
EXPECTED = {
    *(
        "html",
        "label",
        "textarea",
        "small",
        "input",
        "head",
        "meta",
        "title",
        "style",
        "link",
        "script",
        "body",
        "a",
        "header",
        "nav",
        "details",
        "summary",
    ),
    *(
        "abbr",
        "span",
        "ul",
        "li",
        "p",
        "time",
        "main",
        "div",
        "h1",
        "ol",
        "article",
        "h2",
        "button",
        "footer",
        "dialog",
    ),
    *("dl", "dt", "dd", "kbd", "form"),
}
FORMULAS = {
    *(
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "msub",
        "msup",
        "msubsup",
        "mfrac",
        "msqrt",
        "mtext",
        "mspace",
        "mover",
    ),
    *(
        "munder",
        "munderover",
        "mroot",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "semantics",
        "annotation",
        "mpadded",
    ),
    *("bdi", "sub", "sup", "em", "strong", "br", "merror", "mphantom"),
}


def hash_of(style: str) -> str:
    """What a policy calls a style sheet."""
    return "sha256-" + b64encode(sha256(style.encode()).digest()).decode()


def state(html: str) -> str:
    found = re.search(r'<p class="state"[^>]*>(.*?)</p>', html, re.DOTALL)
    assert found
    return found[1].strip()


@pytest.mark.parametrize("lang", SAMPLE_LANGUAGES)
def test_a_newcomer_sees_the_sample_in_their_language(
    client: FlaskClient, fake_llm: FakeLLM, lang: str
):
    response = client.get("/", headers={"Accept-Language": lang}, follow_redirects=True)
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    page = Elements(response.text)
    assert page.all("html") == [{"lang": lang}]
    titles = [each for each in page.all("h2") if each.get("class") == "title"]
    assert [each["lang"] for each in titles] == [lang] * 14
    assert len([each for each in page.all("p") if each.get("class") == "original-title"]) >= 13
    assert "14" in state(response.text)
    assert fake_llm.requests == []


def test_the_state_comes_in_words(
    reader: FlaskClient,
    translate: Translate,
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    fake_llm: FakeLLM,
):
    ids = fill(huggingface, arxiv, abstracts(None, 4))
    assert state(reader.get(f"/de/{DAY}").text).startswith(
        "Hier ist noch keine Übersetzung ins Deutsche"
    )
    assert (
        state(reader.get(f"/en/{DAY}").text)
        == "Papers: 4, in the original language. The list is complete."
    )
    translate("de", ids[:2])
    fake_llm.scenario = Scenario(damage=("digits",))
    translate("de", ids[2:3])
    told = state(reader.get(f"/de/{DAY}").text)
    assert told == (
        "2 von 4 mit geprüfter Übersetzung ins Deutsche. Mit Abweichungen vom Original: 1. "
        "Noch nicht übersetzt: 1. Die Liste ist vollständig."
    )
    page = reader.get(f"/de/{DAY}").text
    assert page.count('class="check"') == 2
    assert page.count('class="doubt"') == 1
    fake_llm.scenario = Scenario()
    translate("ja", ids)
    assert (
        state(reader.get(f"/ja/{DAY}").text)
        == "4件すべてに、確認済みの日本語訳があります。一覧は確定しています。"
    )


def test_a_list_that_cannot_be_asked_for_says_so(
    web: FlaskClient, huggingface: FakeHuggingFace, clock
):
    huggingface.lists["2026-03-04"] = [listed("2603.00001", upvotes=3)]
    assert "The list still grows; as of 4 March 2026, 12:00 UTC." in web.get("/en/2026-03-04").text
    huggingface.fault = SERVER_ERROR
    clock.advance(hours=4)
    assert (
        "Hugging Face does not answer at the moment; this is the list as of 4 March 2026, 12:00 UTC."
        in web.get("/en/2026-03-04").text
    )


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-02-28", "It was a weekend"),
        ("2026-01-19", "It was a holiday"),
        ("2026-03-04", "No papers yet"),
        ("2026-03-02", "There is no list of this day."),
        ("2020-01-01", "There is no list this early"),
    ],
)
def test_an_empty_day_says_why(web: FlaskClient, day: str, words: str):
    response = web.get(f"/en/{day}")
    assert response.status_code == 200
    assert words in response.text


def test_days_lead_to_their_neighbours_and_the_archive(
    web: FlaskClient, huggingface: FakeHuggingFace
):
    for day in ("2026-03-02", "2026-03-03"):
        huggingface.lists[day] = [listed("2603.00001")]
        assert web.get(f"/ja/{day}").status_code == 200
    page = Elements(web.get("/ja/2026-03-03").text)
    steps = {
        each["rel"]: each["href"] for each in page.all("a") if each.get("rel") in ("prev", "next")
    }
    assert steps == {"prev": "/ja/2026-03-02", "next": "/ja/2026-03-04"}
    archive = Elements(web.get("/ja/days").text)
    days = [
        each["href"]
        for each in archive.all("a")
        if re.fullmatch(r"/ja/2026-\d\d-\d\d", each.get("href") or "")
    ]
    assert days == ["/ja/2026-03-03", "/ja/2026-03-02"]


def test_links_of_a_list(reader: FlaskClient, huggingface: FakeHuggingFace, arxiv: FakeArxiv):
    fill(
        huggingface,
        arxiv,
        abstracts(None, 1),
        githubRepo="https://github.com/example/x",
        projectPage="http://example.org/",
    )
    page = Elements(reader.get(f"/ja/{DAY}").text)
    links = {each["data-link"]: each for each in page.all("a") if "data-link" in each}
    assert {kind: each["href"] for kind, each in links.items()} == {
        "abs": "https://arxiv.org/abs/2603.00001",
        "pdf": "https://arxiv.org/pdf/2603.00001",
        "html": "https://arxiv.org/html/2603.00001",
        "code": "https://github.com/example/x",
        "project": "http://example.org/",
        "huggingface": "https://huggingface.co/papers/2603.00001",
    }
    assert {each["rel"] for each in links.values()} == {"noopener noreferrer"}
    alternates = {each["hreflang"]: each["href"] for each in page.all("link") if "hreflang" in each}
    assert set(alternates) == {language.tag for language in languages.ALL} | {"x-default"}
    assert alternates["zh-Hant"] == f"http://localhost/zh-Hant/{DAY}"
    menu = [each for each in page.all("a") if "hreflang" in each]
    assert [each["href"] for each in menu] == [
        f"/{language.tag}/{DAY}" for language in languages.ALL
    ]
    canonical = [each["href"] for each in page.all("link") if each.get("rel") == "canonical"]
    assert canonical == [f"http://localhost/ja/{DAY}"]
    feeds = {each["type"]: each["href"] for each in page.all("link") if each.get("type") in FEEDS}
    assert feeds == FEEDS


FEEDS = {"application/atom+xml": "/ja/feed.atom", "application/feed+json": "/ja/feed.json"}


def test_a_paper_of_its_own(
    reader: FlaskClient, translate: Translate, huggingface: FakeHuggingFace, arxiv: FakeArxiv
):
    arxiv.entries["hep-th/9901001"] = entry(
        "hep-th/9901001", title="On $E=mc^2$", abstract="It is $n$."
    )
    response = reader.get("/de/papers/hep-th/9901001")
    assert response.status_code == 200
    assert '<h1 class="title" lang="en" dir="ltr">On <math' in response.text
    assert "12 pages, 3 figures" in response.text
    translate("de", ["hep-th/9901001"])
    after = reader.get("/de/papers/hep-th/9901001").text
    assert '<h1 class="title" lang="de" dir="ltr">' in after
    assert "Übersetzt von fake-model." in after
    moved = reader.get("/de/papers/https://arxiv.org/abs/hep-th/9901001")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/de/papers/hep-th/9901001")


def test_right_to_left(
    reader: FlaskClient, translate: Translate, huggingface: FakeHuggingFace, arxiv: FakeArxiv
):
    translate("ar", fill(huggingface, arxiv, abstracts(None, 2)))
    page = Elements(reader.get(f"/ar/{DAY}").text)
    assert page.all("html") == [{"lang": "ar", "dir": "rtl"}]
    titles = [
        (each["lang"], each["dir"]) for each in page.all("h2") if each.get("class") == "title"
    ]
    assert titles == [("ar", "rtl")] * 2
    originals = [each for each in page.all("p") if "original-title" in (each.get("class") or "")]
    assert {(each["lang"], each["dir"]) for each in originals} == {("en", "ltr")}


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/xx/latest", 404, "This language is not among ours"),
        ("/not a language/latest", 404, "This language is not among ours"),
        ("/en/2023-02-30", 400, "A day is written like 2023-06-06"),
        ("/en/yesterday", 400, "A day is written like 2023-06-06"),
        ("/en/2999-01-01", 404, "There is nothing here"),
        ("/en/papers/12", 400, "A paper&#39;s address ends with its arXiv identifier"),
        ("/en/papers/2603.99999", 404, "arXiv has no paper 2603.99999."),
        ("/en/days?before=soon", 400, "This address needs a change"),
        ("/en/a/b/c", 404, "There is nothing here"),
        ("/ja/2023-02-30", 400, "アドレスを直す必要があります"),
    ],
)
def test_what_is_wrong_is_a_page(reader: FlaskClient, address: str, status: int, words: str):
    response = reader.get(address, headers={"Accept": "text/html,*/*"})
    assert response.status_code == status
    assert f'<p class="code">{status}</p>' in response.text
    assert response.content_type == "text/html; charset=utf-8"
    assert words in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert re.search(r'<a href="/\w+/latest"', response.text)


def test_an_upstream_that_is_away_is_a_page(web: FlaskClient, huggingface: FakeHuggingFace):
    huggingface.fault = SERVER_ERROR
    response = web.get("/de/2026-02-03")
    assert response.status_code == 503
    assert "Die Quelle antwortet nicht" in response.text
    assert int(response.headers["Retry-After"]) > 0


def test_a_database_that_is_away_is_a_page(reader: FlaskClient):
    with broken(services.of(reader.application).engine, ""):
        response = reader.get("/ja/days")
    assert response.status_code == 503
    assert response.content_type == "text/html; charset=utf-8"
    assert "うまくいきませんでした" in response.text
    assert "The database" in response.text


@pytest.mark.parametrize(
    "address", ["/api/v1/nothing", "/api/v1/daily/never", "/api/v1", "/nothing/at/all"]
)
def test_programs_get_problems(reader: FlaskClient, address: str):
    accept = "text/html" if address.startswith("/api") else "application/json"
    response = reader.get(address, headers={"Accept": accept})
    assert response.status_code in (400, 404)
    assert response.content_type == "application/problem+json"


@pytest.mark.parametrize("address", ["/zh-tw", "/zh-Hant/"])
def test_a_language_alone_means_its_newest_list(reader: FlaskClient, address: str):
    response = reader.get(address, headers={"Accept": "text/html"})
    assert (response.status_code, response.headers["Location"]) == (308, "/zh-Hant/latest")
    assert reader.get("/xx", headers={"Accept": "text/html"}).status_code == 404


def test_only_expected_hosts(reader: FlaskClient):
    assert reader.get("/ja/latest", headers={"Host": "evil.example"}).status_code == 403
    assert reader.get("/", headers={"Host": "evil.example"}).status_code == 403


def test_bytes_are_built_once_and_asked_about(
    reader: FlaskClient, huggingface: FakeHuggingFace, arxiv: FakeArxiv
):
    fill(huggingface, arxiv, abstracts(None, 3))
    for address in (f"/ja/{DAY}", "/ja/latest", "/ja/papers/2603.00001", "/ja/days", "/ja/saved"):
        first = reader.get(address, headers={"Accept-Encoding": "br"})
        assert (first.status_code, first.headers["Content-Encoding"]) == (200, "br"), address
        assert first.headers["Cache-Control"] == "no-cache"
        assert "Accept-Encoding" in first.headers.getlist("Vary")
        tag = first.headers["ETag"]
        again = reader.get(address, headers={"Accept-Encoding": "br", "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b""), address
        assert "Content-Security-Policy" in again.headers


def test_a_translation_changes_the_page(
    reader: FlaskClient, translate: Translate, huggingface: FakeHuggingFace, arxiv: FakeArxiv
):
    ids = fill(huggingface, arxiv, abstracts(None, 2))
    tag = reader.get(f"/ja/{DAY}").headers["ETag"]
    translate("ja", ids[:1])
    assert reader.get(f"/ja/{DAY}", headers={"If-None-Match": tag}).status_code == 200


def test_policy_of_every_page(reader: FlaskClient):
    for address in ("/en/latest", "/en/saved", "/en/days", "/xx/latest", "/"):
        response = reader.get(address)
        headers = response.headers
        policy = re.sub(
            r"style-src '(sha256-\S+)'", r"style-src \1", headers["Content-Security-Policy"]
        )
        hashed = re.search(r"style-src (\S+);", policy)
        assert hashed
        assert policy == (
            f"default-src 'none'; style-src {hashed[1]}; script-src 'self'; img-src 'self'; "
            "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
            "frame-ancestors 'none'"
        )
        if styles := re.findall(r"<style>(.*?)</style>", response.text, re.DOTALL):
            assert [hash_of(style) for style in styles] == [hashed[1]]
        else:
            assert address == "/"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in headers


@pytest.mark.parametrize("lang", ["en", "ja", "ar"])
def test_a_hostile_edition_adds_nothing(
    make_reader: Callable[..., FlaskClient],
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    fake_llm: FakeLLM,
    lang: str,
):
    """In every field of upstreams, in the model's name and in its translation."""
    reader = make_reader(openai_model='"><script>globalThis.harmed = 1</script>')
    id = hostile(huggingface, arxiv)
    assert reader.get(f"/{lang}/{DAY}").status_code == 200
    reader.post("/api/v1/papers/translations", json={"lang": lang, "ids": [id]})
    for address in (f"/{lang}/{DAY}", f"/{lang}/latest", f"/{lang}/papers/{id}"):
        html = reader.get(address).text
        page = Elements(html)
        assert {name for name, _ in page.found} <= EXPECTED | FORMULAS
        assert page.all("script") == [{"type": "module", "src": page.all("script")[0]["src"]}]
        forms = page.all("form")
        assert all(each.get("method") == "dialog" or "data-translate" in each for each in forms)
        assert len(page.all("dialog")) == sum("data-translate" not in each for each in forms) <= 2
        assert len(page.all("main")) == 1
        for _, attributes in page.found:
            assert not [
                name for name in attributes if name.startswith("on") or name in ("style", "srcdoc")
            ]
            for name in ("href", "src", "action", "formaction"):
                assert re.match(r"https?://|/[\w?]|#main$|/$", attributes.get(name) or "/"), (
                    attributes
                )
        outside = {
            re.sub(r"^https?://([^/]+).*", r"\1", each["href"] or "")
            for each in page.all("a")
            if (each["href"] or "").startswith("http")
        }
        assert outside == {"arxiv.org", "huggingface.co"}
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", html)
        assert "globalThis.harmed" in page.text  # it is there, as words


def test_budget_of_a_list(
    reader: FlaskClient,
    translate: Translate,
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    shared,
    record_property,
):
    """31 papers with both texts are at most 60 kB, gzipped."""
    ids = fill(huggingface, arxiv, abstracts(shared, 31))
    for lang in ("zh-Hans", "ar"):
        assert reader.get(f"/{lang}/{DAY}").status_code == 200
        translate(lang, ids)
        response = reader.get(f"/{lang}/{DAY}", headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        record_property(
            "measured", f"list page of 31 papers in {lang}: {len(response.data):,} bytes gzipped"
        )
        assert len(response.data) <= 60_000


def test_a_page_is_sent_nearly_as_often_as_the_json(
    reader: FlaskClient, huggingface: FakeHuggingFace, arxiv: FakeArxiv, record_property
):
    """At least 0.8 of the JSON list's requests a second, measured one after the other in one run."""
    fill(huggingface, arxiv, abstracts(None, 31))

    def rate(address: str) -> float:
        started = time.process_time()
        for _ in range(200):
            reader.get(address, headers={"Accept-Encoding": "gzip"})
        return 200 / (time.process_time() - started)

    addresses = (f"/api/v1/daily/{DAY}?lang=ja", f"/ja/{DAY}")
    for address in addresses:
        reader.get(address, headers={"Accept-Encoding": "gzip"})
    rates = [[rate(address) for address in addresses] for _ in range(5)]
    shares = sorted(page / document for document, page in rates)
    record_property(
        "measured", f"pages a second, of the JSON list's: {shares[2]:.2f} (median of 5)"
    )
    assert shares[2] >= 0.8
