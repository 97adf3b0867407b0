"""arXiv's metadata, over a real socket; and the Atom parser on what should never come."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from backend.errors import UpstreamUnavailable
from backend.papers import atom
from backend.papers.arxiv import ArxivClient, MalformedIdentifier
from tests.fakes.upstreams import GARBAGE, HTML, SERVER_ERROR, Reply, entry

ATOM = 'xmlns="http://www.w3.org/2005/Atom"'


@pytest.fixture
def source(http_client, arxiv):
    return ArxivClient(http_client, api_url=arxiv.api_url)


def test_reads_title_abstract_authors_categories_and_comment(source, arxiv):
    arxiv.entries["2603.00001"] = entry(
        "2603.00001", version=2, title="Over\n  two lines", abstract="  First &\nsecond $a<b$."
    )
    metadata = source.metadata(["2603.00001"])["2603.00001"]
    assert metadata.id == "2603.00001"
    assert metadata.version == 2
    assert metadata.title == "Over two lines"
    assert metadata.abstract == "First & second $a<b$."
    assert metadata.authors == ("Ada Example", "Émile Exemple")
    assert metadata.categories == ("cs.CL", "cs.LG")  # the primary one first
    assert metadata.comment == "12 pages, 3 figures"
    assert metadata.published == datetime(2026, 2, 28, 9, tzinfo=UTC)


def test_asks_for_many_papers_in_one_request(source, arxiv):
    ids = [f"2603.{n:05}" for n in range(1, 32)]
    arxiv.entries |= {id: entry(id) for id in ids}
    assert list(source.metadata(ids)) == ids
    (request,) = arxiv.requests
    assert request.params["max_results"] == "31"
    assert request.headers["Accept"] == "application/atom+xml"
    assert request.headers["User-Agent"].startswith("Paperglot/")


def test_unknown_papers_are_left_out(source, arxiv):
    arxiv.entries["2603.00001"] = entry("2603.00001")
    assert list(source.metadata(["2603.00002", "2603.00001"])) == ["2603.00001"]
    assert source.metadata(["2603.00002"]) == {}


def test_versions_and_old_identifiers_are_found_under_what_was_asked(source, arxiv):
    arxiv.entries["hep-th/9901001"] = entry("hep-th/9901001", version=3)
    ids = ["hep-th/9901001", "hep-th/9901001v3", "hep-th/9901001v1"]
    assert list(source.metadata(ids)) == ids[:2]


def test_one_malformed_identifier_is_named(source, arxiv):
    arxiv.malformed.add("2603.00002")
    arxiv.entries["2603.00001"] = entry("2603.00001")
    with pytest.raises(MalformedIdentifier) as refused:
        source.metadata(["2603.00001", "2603.00002"])
    assert refused.value.id == "2603.00002"


@pytest.mark.parametrize(
    "fault",
    [
        SERVER_ERROR,
        HTML,
        GARBAGE,
        Reply(503, b"", {"Retry-After": "30"}),
        Reply(400, b"Bad Request"),
        Reply(body=b""),
        Reply(body=b"Rate exceeded."),
        Reply(body=f"<rss {ATOM}/>".encode()),
        Reply(body=f"<feed {ATOM}><entry>".encode()),
        Reply(body=f"<?xml version='1.0' encoding='no-such'?><feed {ATOM}/>".encode()),
    ],
)
def test_anything_but_a_feed_is_unavailable(source, arxiv, fault):
    arxiv.fault = fault
    with pytest.raises(UpstreamUnavailable, match=r"^arXiv .*\.$"):
        source.metadata(["2603.00001"])


def test_recorded_answers_are_read(recorded):
    """Entries carry what they say; an error is an error; no entry is no error."""
    paths = sorted(recorded.glob("arxiv/*.xml"))
    assert len(paths) >= 5
    for path in paths:
        text = path.read_text("utf-8")
        feed = atom.parse(path.read_bytes())
        assert (feed.error is not None) == (path.stem == "id_abc")
        entries = 0 if feed.error else len(re.findall(r"<entry>", text))
        assert len(feed.entries) == entries, path.name
        for found in feed.entries:
            assert f"/abs/{found.id}v{found.version}<" in text
            assert found.title
            assert found.abstract
            assert found.authors
            assert found.categories
            assert found.published
            assert "\n" not in found.title + found.abstract


BILLION_LAUGHS = f"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "ha">{
    "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
}]><feed {ATOM}><entry><title>&i;</title></entry></feed>"""


@pytest.mark.parametrize(
    "document",
    [
        BILLION_LAUGHS,
        f'<!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed {ATOM}>&x;</feed>',
        f'<!DOCTYPE feed SYSTEM "http://127.0.0.1:9/x.dtd"><feed {ATOM}/>',
        f"<!DOCTYPE feed><feed {ATOM}/>",
    ],
)
def test_no_document_type_is_let_in(document):
    """Entities are refused before any of them is declared, so nothing can grow or be read."""
    with pytest.raises(atom.NotAFeed):
        atom.parse(document.encode())


def test_deep_nesting_is_read_or_refused(source):
    deep = f"<feed {ATOM}>" + "<a>" * 100_000 + "</a>" * 100_000 + "</feed>"
    assert atom.parse(deep.encode()).entries == ()


def test_an_entry_without_title_or_abstract_is_no_true_text():
    blank = entry("2603.00001").replace(
        "The true abstract of 2603.00001, $2.0\\times$ shorter.", " "
    )
    feed = f'<feed {ATOM} xmlns:arxiv="http://arxiv.org/schemas/atom">{blank}</feed>'
    assert atom.parse(feed.encode()).entries == ()
