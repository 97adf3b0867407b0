"""Entries keep their ids when the server moves or is reached by another name."""

from __future__ import annotations

import threading

import pytest

from backend.reading.feeds.entry_names import HostName, dns_name

pytestmark = pytest.mark.sql

DAY = "2026-03-04"


def test_the_first_host_stays(engine):
    assert HostName(engine).get("papers.example:8000") == "papers.example"
    assert HostName(engine).get("other.example") == "papers.example"
    assert HostName(engine, public=["third.example"]).get("x") == "papers.example"


def test_a_public_name_goes_before_the_one_asked_for(engine):
    names = HostName(engine, public=["localhost", "127.0.0.1", "*", "Lab_1", "papers.example"])
    assert names.get("127.0.0.1:8000") == "papers.example"


def test_many_first_readers_get_one_host(engine):
    found: list[str] = []
    readers = [
        threading.Thread(target=lambda n=n: found.append(HostName(engine).get(f"h{n}.example")))
        for n in range(8)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Papers.Example:443", "papers.example"),
        ("papers.example.", "papers.example"),
        ("127.0.0.1:8000", "127.0.0.1"),
        ("[::1]:8000", "localhost"),
        ("", "localhost"),
        ('x"><script>', "localhost"),
        ("a,2020:b", "localhost"),
        ("a." * 200 + "example", "localhost"),
    ],
)
def test_a_name_is_one_that_a_tag_may_hold(host, name):
    assert dns_name(host) == name


def test_behind_a_proxy_addresses_are_the_readers(make_client):
    client = make_client(trusted_proxies=1, access_tokens=("token",))
    headers = {"Host": "papers.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9"}
    feed = client.get("/de/feed.json", headers=headers).get_json(force=True)
    assert feed["feed_url"] == "https://papers.example/de/feed.json"
    assert feed["items"][0]["id"].startswith("tag:papers.example,2026:")
    assert feed["items"][0]["url"].startswith("https://papers.example/de/papers/")


def test_a_server_that_moved_keeps_its_ids_and_links_to_where_it_is(site):
    for id in site.papers("2026-03-02", 2):
        site.translate(id)
    ids = set(site.atom_entries("/de/feed.atom"))
    digests = set(site.atom_entries("/de/feed.atom?digest=1"))
    moved = {
        "base_url": "http://127.0.0.1:8000",
        "headers": {"If-None-Match": site.get("/de/feed.atom").headers["ETag"]},
    }
    response = site.client.get("/de/feed.json", **moved)
    assert response.status_code == 200
    items = response.get_json(force=True)["items"]
    assert {item["id"] for item in items} == ids
    assert all(item["url"].startswith("http://127.0.0.1:8000/de/papers/") for item in items)
    again = site.client.get("/de/feed.json?digest=1", **moved).get_json(force=True)
    assert {item["id"] for item in again["items"]} == digests
    assert site.client.get("/de/feed.atom", **moved).status_code == 200
