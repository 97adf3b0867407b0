"""An edition with the worst in every field, in every form that programs and people read."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
import rispy  # type: ignore[import-untyped] # ships no types
from flask.testing import FlaskClient
from pybtex.database import parse_string  # type: ignore[import-untyped] # ships no types

from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed

TODAY = datetime.now(UTC).date()
ID = f"{TODAY:%y%m}.00666"
WORST = {
    "markup": "</title><script>harm()</script><img src=x onerror=harm()>]]>&lt;b&gt;&#0;",
    "controls": "a\x00b\x07c\x1bd\x7fe\x85f\ufffe\uffff\u2028g\r\nTY  - EVIL\r\nER  - ",
    "directions": "\u202e\u2066evil\u2069\u202c \u200f\u200b\ufeffend",
    "halves": "\ud800 half \udc00 of a pair",
    "citations": "} , evil = {x} % \\input{/etc/passwd} \\write18{x} $ # @book{x,\n@comment{ \"q\"",
    "markdown": "](javascript:harm()) ![x](http://evil.example/x) <script> `` ` ``` # h\n---\n| a |",
    "huge": "x" * 300_000,
    "marks": "a\u0301" + "\u0301" * 5_000,
    "tex": "$" * 400 + "\\frac{" * 40 + "\\begin{align}" * 50,
}  # fmt: skip
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LANGS = ("en", "de")


def poisoned(poison: str) -> dict[str, object]:
    """An item of Hugging Face's list with the poison wherever a text may stand."""
    item = listed(ID, title=poison, summary=poison, ai_summary=poison, ai_keywords=[poison, None])
    item["paper"] |= {
        "authors": [{"name": poison, "hidden": None}, {"name": None}, None, {"name": "Ada"}],
        "githubRepo": f"https://evil.example/{poison}",
        "projectPage": poison,
        "publishedAt": poison,
        "upvotes": poison,
        "organization": None,
    }
    return item | {"numComments": poison, "submittedBy": poison, "thumbnail": poison}


@pytest.fixture(params=WORST, ids=str)
def edition(
    request: pytest.FixtureRequest,
    reader: FlaskClient,
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
) -> FlaskClient:
    poison = WORST[request.param]
    huggingface.lists = {
        str(TODAY): [poisoned(poison), *(listed(f"{ID[:-1]}{n}") for n in range(5))]
    }
    told = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", poison)
    arxiv.entries[ID] = entry(
        ID, title=told, abstract=told, authors=(told,), categories=(told[:90],)
    )
    assert reader.get(f"/api/v1/daily/{TODAY}").status_code == 200
    reader.post("/api/v1/papers/translations", json={"lang": "de", "ids": [ID]})
    return reader


class Elements(HTMLParser):
    """Finds what no page of ours has: scripts with words in them, handlers, foreign pictures and addresses."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.odd: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            scheme = (value or "").strip().lower().partition(":")[0]
            if name.startswith("on") or (name in {"href", "src"} and scheme == "javascript"):
                self.odd.append(f"{tag} {name}")
        if tag == "img" or (tag == "script" and "src" not in dict(attrs)):
            self.odd.append(tag)


def read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code in {200, 300}, (address, answer.status_code)
    text = answer.data.decode("utf-8")
    assert not FORBIDDEN.search(text), address
    return text


def test_every_form_of_a_hostile_edition_can_be_read(edition: FlaskClient):
    for lang in LANGS:
        for address in (f"/{lang}/{TODAY}", f"/{lang}/papers/{ID}", f"/{lang}/days"):
            page = read(edition, address)
            assert Elements(page).odd == []
        for address in (f"/{lang}/{TODAY}.md", f"/{lang}/papers/{ID}.md"):
            assert not re.search(r"(?<!\\)<script", read(edition, address), re.IGNORECASE)
        for query in ("", "?digest=1", "?verified=1", "?q=end"):
            root = ET.fromstring(read(edition, f"/{lang}/feed.atom{query}"))
            assert root.tag.endswith("feed")
            assert json.loads(read(edition, f"/{lang}/feed.json{query}"))["version"]
    for about in (f"daily/{TODAY}", f"papers/{ID}"):
        for lang in ("", "lang=de"):
            assert json.loads(read(edition, f"/api/v1/{about}?{lang}"))
            cited = json.loads(read(edition, f"/api/v1/{about}.json?style=csl&{lang}"))
            entries = parse_string(read(edition, f"/api/v1/{about}.bib?{lang}"), "bibtex").entries
            records = rispy.loads(read(edition, f"/api/v1/{about}.ris?{lang}"))
            assert len(cited) == len(entries) == len(records) == (1 if "papers" in about else 6)
            assert all(record["type_of_reference"] != "EVIL" for record in records)
    ET.fromstring(read(edition, f"/unapi?id={ID}"))
    assert json.loads(read(edition, "/api/v1/search?q=half&lang=de"))["papers"] is not None
