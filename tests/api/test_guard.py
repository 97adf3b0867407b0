"""Who may ask: no refusal below ever reaches the model."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.fakes.llm import FakeLLM
from tests.problem import assert_problem

CHROME = "chrome-extension://" + "abcdefghijklmnop" * 2
FIREFOX = "moz-extension://11111111-2222-4333-8444-555555555555"
BODY = {"lang": "de", "segments": [{"id": "1", "text": "We study attention in language models."}]}
URL = "/api/v1/translations"

MakeClient = Callable[..., FlaskClient]


def test_a_foreign_host_gets_nothing(client: FlaskClient, fake_llm: FakeLLM):
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example:8000"):
        assert_problem(client.post(URL, json=BODY, headers={"Host": host}), 403, "forbidden-origin")
        assert_problem(
            client.get("/api/v1/languages", headers={"Host": host}), 403, "forbidden-origin"
        )
    assert fake_llm.requests == []


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_loopback_names_are_accepted(client: FlaskClient, host: str):
    assert client.get("/api/v1/languages", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://localhost:9999",
        "chrome-extension://short",
        CHROME + ".evil.example",
        "moz-extension://evil",
        "https://[",
    ],
)
def test_a_page_of_another_origin_gets_nothing(client: FlaskClient, fake_llm: FakeLLM, origin: str):
    response = client.post(URL, json=BODY, headers={"Origin": origin})
    assert_problem(response, 403, "forbidden-origin")
    assert "Access-Control-Allow-Origin" not in response.headers
    assert fake_llm.requests == []


@pytest.mark.parametrize("origin", [CHROME, FIREFOX, "http://localhost"])
def test_the_extension_and_our_own_pages_are_let_in(client: FlaskClient, origin: str):
    assert client.post(URL, json=BODY, headers={"Origin": origin}).status_code == 200


def test_the_extension_may_read_the_answer(client: FlaskClient):
    asked = {
        "Origin": CHROME,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    preflight = client.options(URL, headers=asked)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == CHROME
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower()
    assert "authorization" in allowed
    assert "content-type" in allowed
    response = client.get("/api/v1/languages", headers={"Origin": CHROME})
    exposed = response.headers["Access-Control-Expose-Headers"]
    assert "ETag" in exposed
    assert "Retry-After" in exposed
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_an_origin_the_owner_allows_is_let_in(make_client: MakeClient):
    client = make_client(allowed_origins=("https://lab.example",))
    response = client.post(URL, json=BODY, headers={"Origin": "https://lab.example"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "https://lab.example"


@pytest.mark.parametrize(
    "header",
    [None, "Bearer wrong", "Bearer ", "Basic czNjcmV0", "s3cret", "Bearer s3cret2", "Bearer é"],
)
def test_a_missing_or_wrong_token_costs_nothing(
    make_client: MakeClient, fake_llm: FakeLLM, header: str | None
):
    client = make_client(access_tokens=("s3cret", "other"))
    headers = {"Authorization": header} if header else {}
    for url, body in ((URL, BODY), ("/api/v1/papers/translations", {"lang": "de", "ids": []})):
        response = client.post(url, json=body, headers=headers)
        assert_problem(response, 401, "unauthorized")
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert fake_llm.requests == []


def test_each_of_several_tokens_opens(make_client: MakeClient):
    client = make_client(access_tokens=("s3cret", "other"))
    for token in ("s3cret", "other"):
        headers = {"Authorization": f"Bearer {token}", "Host": "lab.example"}
        assert client.post(URL, json=BODY, headers=headers).status_code == 200


def test_lists_need_no_token(make_client: MakeClient):
    client = make_client(access_tokens=("s3cret",))
    assert client.get("/api/v1/daily/latest").status_code == 200


def test_beyond_loopback_without_a_token_nothing_is_translated(
    make_client: MakeClient, fake_llm: FakeLLM
):
    reachable = make_client(bind="0.0.0.0")
    named = make_client(allowed_hosts=("lab.example",))
    for client, host in ((reachable, "localhost"), (named, "lab.example")):
        response = client.post(URL, json=BODY, headers={"Host": host})
        assert "ACCESS_TOKEN" in assert_problem(response, 401, "unauthorized")["detail"]
        assert client.get("/api/v1/daily/latest", headers={"Host": host}).status_code == 200
    assert fake_llm.requests == []


PROXIED = (
    "Forwarded: for=203.0.113.7",
    "X-Forwarded-For: 203.0.113.7",
    "X-Forwarded-For:",
    "X-Forwarded-Host: paperglot.example",
    "X-Forwarded-Proto: https",
    "X-Forwarded: 1",
    "X-Original-Forwarded-For: 203.0.113.7",
    "X-Real-IP: 203.0.113.7",
    "X-Remote-Addr: 203.0.113.7",
    "X-Client-IP: 203.0.113.7",
    "X-ClientIP: 203.0.113.7",
    "X-Cluster-Client-IP: 203.0.113.7",
    "X-Envoy-External-Address: 203.0.113.7",
    "X-ProxyUser-IP: 203.0.113.7",
    "X-Amzn-Trace-Id: Root=1-67",
    "X-Amz-Cf-Id: x",
    "X-ARR-SSL: x",
    "X-Azure-FDID: x",
    "X-Cloud-Trace-Context: x",
    "X-Appengine-User-IP: 203.0.113.7",
    "X-Vercel-Id: x",
    "X-NF-Request-ID: x",
    "True-Client-IP: 203.0.113.7",
    "Fastly-Client-IP: 203.0.113.7",
    "Fastly-FF: x",
    "Fly-Client-IP: 203.0.113.7",
    "DO-Connecting-IP: 203.0.113.7",
    "Incap-Client-IP: 203.0.113.7",
    "CloudFront-Viewer-Address: 203.0.113.7:46532",
    "Tailscale-User-Login: someone",
    "CF-Connecting-IP: 203.0.113.7",
    "CF-Ray: 230b030023ae2822-SJC",
    "CDN-Loop: cloudflare",
    "Via: 1.1 example",
)


def test_behind_a_proxy_without_a_token_nothing_is_translated(
    client: FlaskClient, fake_llm: FakeLLM
):
    """A plain reverse proxy on this machine makes a stranger's request look like the owner's."""
    for header in PROXIED:
        name, _, value = header.partition(":")
        headers = {"Host": "127.0.0.1:8000", name: value.strip()}
        refused = client.post(URL, json=BODY, headers=headers)
        assert refused.status_code == 401, header
        detail = assert_problem(refused, 401, "unauthorized")["detail"]
        assert "proxy" in detail
        assert "ACCESS_TOKEN" in detail
        translator = client.get("/api/v1/status", headers=headers).get_json()["translator"]
        assert (translator["allowed"], translator["reason"]) == (False, detail)
        assert client.get("/api/v1/daily/latest", headers=headers).status_code == 200
    assert fake_llm.requests == []


def test_over_http_1_0_without_a_token_nothing_is_translated(
    make_client: MakeClient, fake_llm: FakeLLM
):
    """nginx speaks it to the server behind it, unless told otherwise; no browser does."""
    old = {"SERVER_PROTOCOL": "HTTP/1.0"}
    client = make_client()
    refused = client.post(URL, json=BODY, environ_overrides=old)
    assert "proxy" in assert_problem(refused, 401, "unauthorized")["detail"]
    status = client.get("/api/v1/status", environ_overrides=old).get_json()
    assert status["translator"]["allowed"] is False
    assert client.get("/api/v1/daily/latest", environ_overrides=old).status_code == 200
    assert fake_llm.requests == []
    shared = make_client(access_tokens=("s3cret",))
    headers = {"Authorization": "Bearer s3cret", "X-Forwarded-For": "203.0.113.7", "Via": "x"}
    answer = shared.post(URL, json=BODY, headers=headers, environ_overrides=old)
    assert answer.status_code == 200, "with a token a proxy is welcome"


def test_with_trusted_proxies_and_no_token_nothing_is_translated(
    make_client: MakeClient, fake_llm: FakeLLM
):
    client = make_client(trusted_proxies=1)
    refused = client.post(URL, json=BODY)
    assert "proxy" in assert_problem(refused, 401, "unauthorized")["detail"]
    assert client.get("/api/v1/daily/latest").status_code == 200
    assert fake_llm.requests == []


def test_what_browsers_send_is_no_sign_of_a_proxy(client: FlaskClient):
    headers = {
        "Accept-Language": "de",
        "Cache-Control": "no-cache",
        "DNT": "1",
        "Origin": CHROME,
        "Pragma": "no-cache",
        "Priority": "u=1, i",
        "Referer": "https://arxiv.org/",
        "Sec-CH-UA-Platform": "Linux",
        "Sec-Fetch-Site": "none",
        "TE": "trailers",
        "User-Agent": "Mozilla/5.0",
        "X-Client-Version": "1",
        "X-Requested-With": "XMLHttpRequest",
    }
    assert client.post(URL, json=BODY, headers=headers).status_code == 200


def other_text(number: int) -> dict[str, object]:
    """A request for a text of its own, which nobody has asked for."""
    return {
        "lang": "de",
        "segments": [{"id": "1", "text": f"We study {number} ways of attention."}],
    }


@pytest.mark.sql
def test_too_many_requests_are_refused_before_the_model_is_asked(
    make_client: MakeClient, fake_llm: FakeLLM
):
    client = make_client(rate_limit="3/hour")
    for number in range(3):
        assert client.post(URL, json=other_text(number)).status_code == 200
    response = client.post(URL, json=other_text(3))
    problem = assert_problem(response, 429, "rate-limited")
    assert 0 < problem["retry_after"] <= 3601  # the library adds the second that has begun
    assert len(fake_llm.requests) == 3
    assert client.get("/api/v1/languages").status_code == 200, "only translations are counted"


def test_what_the_memory_answers_is_not_counted(make_client: MakeClient, fake_llm: FakeLLM):
    client = make_client(rate_limit="1/hour")
    for _ in range(5):
        assert client.post(URL, json=BODY).status_code == 200
    assert client.post(URL, json=other_text(1)).status_code == 429
    assert client.post(URL, json=BODY).status_code == 200, "costs nothing, so it is answered"
    segments = [*BODY["segments"], {"id": "2", "text": "A text that must be asked for."}]
    assert client.post(URL, json=BODY | {"segments": segments}).status_code == 429
    assert len(fake_llm.requests) == 1


@pytest.mark.sql
def test_all_processes_count_together(make_client: MakeClient):
    one, other = make_client(rate_limit="2/hour"), make_client(rate_limit="2/hour")
    assert one.post(URL, json=other_text(1)).status_code == 200
    assert other.post(URL, json=other_text(2)).status_code == 200
    assert one.post(URL, json=other_text(3)).status_code == 429


def test_every_limit_of_several_holds(make_client: MakeClient):
    client = make_client(rate_limit="100/second;2/day")
    answers = [client.post(URL, json=other_text(number)).status_code for number in range(3)]
    assert answers == [200, 200, 429]


def test_without_its_redis_each_process_counts_by_itself(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
):
    client = make_client(rate_limit="2/hour", redis_url="redis://127.0.0.1:9")
    answers = [client.post(URL, json=other_text(number)).status_code for number in range(3)]
    assert answers == [200, 200, 429]
    assert [record.message for record in caplog.records].count(
        "Redis does not answer; requests are counted in each process for a while"
    ) == 1


def test_readers_are_told_apart_by_token_and_address(make_client: MakeClient):
    client = make_client(rate_limit="1/hour", trusted_proxies=1, access_tokens=("class", "guest"))
    number = 0
    for token in ("class", "guest"):
        for address in ("203.0.113.1", "203.0.113.2"):
            headers = {
                "X-Forwarded-For": f"198.51.100.{address[-1]}, {address}",
                "Authorization": f"Bearer {token}",
            }
            for status in (200, 429):
                number += 1
                response = client.post(URL, json=other_text(number), headers=headers)
                assert response.status_code == status


def test_whoever_tries_tokens_is_slowed_down(make_client: MakeClient):
    client = make_client(rate_limit="3/hour", access_tokens=("s3cret",))
    tried = [{"Authorization": f"Bearer {number}"} for number in range(4)]
    answers = [client.post(URL, json=BODY, headers=headers).status_code for headers in tried]
    assert answers == [401, 401, 401, 429]
    good = {"Authorization": "Bearer s3cret"}
    assert client.post(URL, json=BODY, headers=good).status_code == 200, "counted by itself"


METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND")


def test_wrong_tokens_are_counted_on_every_route_and_method(make_client: MakeClient):
    """Whatever answers differently to a good one could be used to find it."""
    client = make_client(rate_limit="1/hour", access_tokens=("s3cret",))
    rules = {re.sub("<[^>]*>", "x", rule.rule) for rule in client.application.url_map.iter_rules()}
    asked = [(path, "GET") for path in sorted(rules | {"/no/such"})]
    asked += [("/api/v1/status", method) for method in METHODS]
    uncounted = []
    for number, (path, method) in enumerate(asked):
        environ = {"REMOTE_ADDR": f"198.51.100.{number}"}
        answers = [
            client.open(
                path,
                method=method,
                headers={"Authorization": f"Bearer guess-{n}"},
                environ_overrides=environ,
            ).status_code
            for n in range(2)
        ]
        if answers[0] == 429 or answers[1] != 429:
            uncounted.append((path, method, answers))
    assert uncounted == []


def test_guesses_of_one_network_are_counted_together(make_client: MakeClient):
    """A household has 2^64 addresses of IPv6; an address of IPv4 may be written as one of IPv6."""
    client = make_client(rate_limit="2/hour", access_tokens=("s3cret",))

    def guess(address: str) -> int:
        headers, environ = {"Authorization": "Bearer guess"}, {"REMOTE_ADDR": address}
        answer = client.get("/api/v1/status", headers=headers, environ_overrides=environ)
        return answer.status_code

    assert [guess(f"2001:db8:0:1::{n}") for n in range(1, 4)] == [200, 200, 429]
    assert [guess(a) for a in ("2001:db8:0:2::1", "2001:db8:0:2:f::1")] == [200, 200]
    assert [guess(a) for a in ("203.0.113.9", "::ffff:203.0.113.9", "203.0.113.9")] == [
        200,
        200,
        429,
    ]


def test_a_token_of_something_else_is_no_guess(make_client: MakeClient):
    """A proxy's own password, or one left in the extension, where this server has no token."""
    guarded = make_client(rate_limit="1/hour", access_tokens=("s3cret",))
    without = make_client(rate_limit="1/hour")
    for client, header in ((guarded, "Basic dTpw"), (without, "Bearer of-another-server")):
        answers = [
            client.get("/api/v1/languages", headers={"Authorization": header}).status_code
            for _ in range(4)
        ]
        assert answers == [200] * 4


def test_a_trusted_proxy_does_not_say_who_the_server_is(make_client: MakeClient):
    client = make_client(trusted_proxies=1)
    spoofed = {"X-Forwarded-Host": "localhost", "Host": "evil.example"}
    assert client.post(URL, json=BODY, headers=spoofed).status_code == 403


def test_a_form_cannot_translate(client: FlaskClient, fake_llm: FakeLLM):
    """What a foreign page could send without asking first."""
    response = client.post(URL, data='{"lang":"de","segments":[]}', content_type="text/plain")
    assert_problem(response, 400, "invalid-request")
    assert fake_llm.requests == []


@pytest.mark.sql
@pytest.mark.parametrize(
    ("limit", "soonest", "latest"),
    [("1/second", 1, 2), ("1/minute", 30, 61), ("1/day", 80000, 86401)],
)
def test_a_refusal_says_when_the_window_ends(
    make_client: MakeClient, limit: str, soonest: int, latest: int
):
    client = make_client(rate_limit=limit)
    refused = next(
        response
        for number in range(50)
        if (response := client.post(URL, json=other_text(number))).status_code == 429
    )
    assert soonest <= int(refused.headers["Retry-After"]) <= latest
    assert refused.get_json(force=True)["retry_after"] == int(refused.headers["Retry-After"])
