"""A list fills, translations arrive, votes change: entries are added, and none is written again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from backend.papers.tables import papers
from backend.translation.memory import translation_memory
from tests.fakes.upstreams import listed
from tests.papers.test_store import metadata
from tests.papers.wiring import utc

from .conftest import FeedSite, sheep

pytestmark = pytest.mark.sql

DAY = "2026-03-04"
OLD = utc("2026-01-02 03:04")
IDS = [f"2603.{n:05}" for n in range(1, 32)]


class Subscriber:
    """Reads feeds again and again and remembers each entry as it was first seen."""

    def __init__(self, site: FeedSite, *addresses: str) -> None:
        self.site, self.addresses = site, addresses
        self.seen: dict[str, dict[str, object]] = {address: {} for address in addresses}

    def look(self) -> list[int]:
        """How many entries each feed has had so far; none of those still there may have changed."""
        for address in self.addresses:
            atom = "feed.atom" in address
            now = self.site.atom_entries(address) if atom else self.site.json_items(address)
            known = self.seen[address]
            assert not known.keys() - now.keys(), "an entry is gone"
            for id, written in now.items():
                assert known.setdefault(id, written) == written, "an entry was written again"
        return [len(self.seen[address]) for address in self.addresses]


def test_a_filling_day_adds_entries_and_rewrites_none(site: FeedSite):
    site.arxiv.entries |= {id: sheep(id) for id in IDS}
    reader = Subscriber(site, "/de/feed.atom", "/de/feed.json", "/en/feed.atom", "/en/feed.json")
    assert site.services.engine.dialect.name in ("sqlite", "postgresql")

    def poll(count: int, votes: int) -> None:
        site.clock.advance(minutes=20)
        ids = IDS[:count]
        site.poll(DAY, [listed(id, upvotes=votes * (n % 7)) for n, id in enumerate(ids)])

    poll(1, 1)
    assert reader.look() == [0, 0, 1, 1]
    site.translate(IDS[0], parts=("title",))
    assert reader.look() == [0, 0, 1, 1], "a title alone is no entry yet"
    site.translate(IDS[0], parts=("abstract",))
    assert reader.look() == [1, 1, 1, 1]
    poll(5, 3)
    assert reader.look() == [1, 1, 5, 5]
    for id in IDS[1:4]:
        site.translate(id, verified=id != IDS[2])
    assert reader.look() == [4, 4, 5, 5]
    poll(31, 2)
    assert reader.look() == [4, 4, 31, 31]
    for done in (10, 20, 31):
        for id in IDS[4:done]:
            site.translate(id)
        assert reader.look() == [done, done, 31, 31]
    poll(31, 9)
    assert reader.look() == [31] * 4
    site.clock.now = utc("2026-03-05 06:30")
    poll(31, 11)
    assert site.get(f"/api/v1/daily/{DAY}").get_json()["state"] == "final"
    assert reader.look() == [31] * 4


def test_votes_leave_the_bytes_and_the_tag_as_they_are(site: FeedSite):
    ids = site.papers(DAY, 3)
    for id in ids:
        site.translate(id)
    before = {
        address: site.get(address).headers["ETag"] for address in ("/de/feed.atom", "/en/feed.json")
    }
    site.clock.advance(minutes=20)
    site.poll(DAY, [listed(id, upvotes=90 - n, comments=7) for n, id in enumerate(ids)])
    first = site.get(f"/api/v1/daily/{DAY}").get_json()["papers"][0]
    assert (first["id"], first["upvotes"]) == (ids[0], 90)
    for address, tag in before.items():
        assert site.get(address, If_None_Match=tag).status_code == 304


def test_a_text_that_stands_in_for_arxivs_waits_until_the_day_is_final(site: FeedSite):
    """It would be replaced, and its entry written again."""
    site.poll(DAY, [listed(IDS[0])])
    assert site.atom_entries("/en/feed.atom") == {}
    site.clock.now = utc("2026-03-05 06:30")
    site.poll(DAY, [listed(IDS[0])])
    assert list(site.atom_entries("/en/feed.atom")) == [f"tag:localhost,2026:{IDS[0]}/en"]


def test_only_another_text_is_an_update(site: FeedSite):
    """An unverified translation that comes back better has changed, and so has an original that is."""
    (id,) = site.papers(DAY, 1)
    site.translate(id, verified=False)
    with site.services.engine.begin() as connection:  # as if all that were half a year ago
        connection.execute(sa.update(translation_memory).values(changed_at=OLD.timestamp()))
        connection.execute(sa.update(papers).values(text_changed_at=sa.literal(OLD.timestamp())))
    site.side.store.revisions.forget("papers")

    def updated(lang: str) -> list[str]:
        return [item["date_modified"] for item in site.json_items(f"/{lang}/feed.json").values()]

    old = OLD.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (updated("de"), updated("en")) == ([old], [old])
    site.translate(id, verified=False)
    assert updated("de") == [old], "asked for again in vain"
    site.translate(id, verified=True)
    assert updated("de") > [old]
    assert updated("en") == [old]
    (item,) = site.json_items("/de/feed.json").values()
    assert item["id"] == f"tag:localhost,2026:{id}/de"
    site.side.store.keep_metadata({id: metadata(1)})
    assert updated("en") > [old]
    assert updated("de") == [], "its translation was of another text"


def test_a_paper_that_is_listed_again_keeps_its_first_day(site: FeedSite):
    ids = site.papers("2026-03-02", 2)
    before = site.atom_entries("/en/feed.atom")
    site.clock.advance(days=1, hours=1)
    site.poll("2026-03-03", [listed(ids[0], upvotes=5)])
    assert len(site.get("/api/v1/daily/2026-03-03").get_json()["papers"]) == 1
    assert site.atom_entries("/en/feed.atom") == before


def test_digests_come_when_a_day_is_final_and_whole(site: FeedSite):
    def days(address: str) -> list[str]:
        return [name.rpartition("daily/")[2] for name in site.atom_entries(address)]

    old, new = site.papers("2026-03-02", 3), site.papers("2026-03-03", 3)
    site.papers(DAY, 3)
    assert days("/en/feed.atom?digest=1") == [
        "2026-03-03/en?digest=1",
        "2026-03-02/en?digest=1",
    ], "today's list still fills"
    assert days("/de/feed.atom?digest=1") == []
    site.translate(old[0])
    for id in new[:2]:
        site.translate(id)
    assert days("/de/feed.atom?digest=1") == ["2026-03-02/de?digest=1"]
    site.translate(new[2], verified=False)
    assert days("/de/feed.atom?digest=1")[0] == "2026-03-03/de?digest=1"
    whole, partly = site.json_items("/de/feed.json?digest=1").values()
    assert whole["title"] == "Artikel vom 2026-03-03 (3)"
    assert whole["url"] == "http://localhost/de/2026-03-03"
    assert whole["_paperglot"] == {
        "date": "2026-03-03",
        "arxiv_ids": [new[2], new[1], new[0]],
        "verified": False,
    }
    assert "Noch nicht übersetzt: 2." in partly["content_html"]
    checked = site.json_items("/de/feed.json?digest=1&verified=1")
    first = checked["tag:localhost,2026:daily/2026-03-03/de?verified=1&digest=1"]
    assert first["_paperglot"]["arxiv_ids"] == [new[1], new[0]]
