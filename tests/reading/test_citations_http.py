"""Citations over HTTP: addresses, content types, caching, unAPI. None of it asks a model."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest
import rispy  # type: ignore[import-untyped] # ships no types
from flask.testing import FlaskClient
from pybtex.database import parse_string  # type: ignore[import-untyped] # ships no types

from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed
from tests.papers.wiring import RememberedTranslations, translated
from tests.problem import assert_problem

TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json?style=csl": "application/vnd.citationstyles.csl+json",
}


@pytest.fixture
def day(
    web: FlaskClient,
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    translations: RememberedTranslations,
) -> FlaskClient:
    """A client of a server with one day of two papers, of which one is translated into German."""
    huggingface.lists = {
        "2026-03-03": [listed("2603.00001", upvotes=3), listed("2603.00002", upvotes=5)]
    }
    arxiv.entries["2603.00001"] = entry("2603.00001", title="Sheep", abstract="Of $n<2$ sheep.")
    arxiv.entries["2603.00002"] = entry("2603.00002", title="Goats", abstract="Of goats.")
    arxiv.entries["hep-th/9901001"] = entry(
        "hep-th/9901001", title="Strings", abstract="Of strings."
    )
    translations.kept["de", "Sheep"] = translated("Schafe")
    web.get("/api/v1/daily/2026-03-03")
    return web


@pytest.mark.parametrize("suffix", TYPES)
@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("papers/2603.00001", "2603.00001"),
        ("papers/2603.00001v1", "2603.00001v1"),
        ("papers/hep-th/9901001", "hep-th-9901001"),
        ("papers/hep-th/9901001v1", "hep-th-9901001v1"),
        ("daily/2026-03-03", "paperglot-2026-03-03"),
        ("daily/latest", None),
    ],
)
def test_each_address_answers_in_each_format(
    day: FlaskClient, address: str, file: str | None, suffix: str
):
    response = day.get(f"/api/v1/{address}.{suffix}")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == TYPES[suffix]
    named = re.fullmatch(
        r'attachment; filename="([\w.-]+)"', response.headers["Content-Disposition"]
    )
    assert named
    if file:
        assert named[1] == f"{file}.{suffix.partition('?')[0]}"
    again = day.get(
        f"/api/v1/{address}.{suffix}", headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304
    packed = day.get(f"/api/v1/{address}.{suffix}", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"


def test_a_day_holds_every_paper_in_the_lists_order(day: FlaskClient):
    address = "/api/v1/daily/2026-03-03"
    entries = parse_string(day.get(f"{address}.bib?lang=de").text, "bibtex").entries
    records = rispy.loads(day.get(f"{address}.ris?lang=de").text)
    items = json.loads(day.get(f"{address}.json?style=csl&lang=de").text)
    ids = ["2603.00002", "2603.00001"]
    assert [each.fields["eprint"] for each in entries.values()] == ids
    assert [each["issn"] for each in records] == [f"arXiv:{id}" for id in ids]
    assert [each["number"] for each in items] == [f"arXiv:{id}" for id in ids]
    goats, sheep = entries.values()
    assert "translatedtitle" not in goats.fields
    assert sheep.fields["translatedtitle"] == "Schafe auf Deutsch"
    assert "translated_title" not in records[0]
    assert records[1]["translated_title"] == "Schafe auf Deutsch"
    assert records[1]["research_notes"] == (
        "German (de), verified: Schafe auf Deutsch: Kurz gesagt."
    )
    assert "custom" not in items[0]
    assert items[1]["custom"]["translated-title"] == "Schafe auf Deutsch"


def test_without_a_language_there_is_no_translation(day: FlaskClient):
    for suffix in TYPES:
        assert "Schafe" not in day.get(f"/api/v1/daily/2026-03-03.{suffix}").text
        assert "Schafe" not in day.get(f"/api/v1/papers/2603.00001.{suffix}").text


def test_a_new_translation_is_a_new_answer(day: FlaskClient, translations: RememberedTranslations):
    address = "/api/v1/papers/2603.00002.bib?lang=de"
    before = day.get(address)
    assert before.headers["Cache-Control"] == "no-cache"
    translations.kept["de", "Goats"] = translated("Ziegen")
    after = day.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Ziegen auf Deutsch" in after.text
    assert after.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize(
    ("address", "status", "type"),
    [
        ("papers/nonsense.bib", 400, "invalid-request"),
        ("papers/2603.99999.ris", 404, "not-found"),
        ("papers/2603.00001.json", 400, "invalid-request"),
        ("papers/2603.00001.json?style=bibtex", 400, "invalid-request"),
        ("papers/2603.00001.endnote", 400, "invalid-request"),
        ("daily/2026-02-30.bib", 400, "invalid-request"),
        ("daily/tomorrow.ris", 400, "invalid-request"),
        ("daily/2026-03-03.json", 400, "invalid-request"),
    ],
)
def test_a_bad_address_is_told_what_to_change(
    day: FlaskClient, address: str, status: int, type: str
):
    assert_problem(day.get(f"/api/v1/{address}"), status, type)


def test_an_unknown_language_is_named_as_such(client: FlaskClient):
    for suffix in TYPES:
        response = client.get(
            f"/api/v1/daily/latest.{suffix}{'&' if '?' in suffix else '?'}lang=xx"
        )
        assert_problem(response, 400, "unsupported-language")


def test_unapi_lists_its_formats(day: FlaskClient):
    response = day.get("/unapi")
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    formats = ElementTree.fromstring(response.data)
    assert formats.attrib == {}
    listed = {each.get("name"): each.get("type") for each in formats}
    assert listed == {
        "bibtex": "application/x-bibtex",
        "ris": "application/x-research-info-systems",
        "csl": "application/vnd.citationstyles.csl+json",
    }
    response = day.get("/unapi?id=2603.00001/de")
    assert (response.status_code, response.mimetype) == (300, "application/xml")
    named = ElementTree.fromstring(response.data)
    assert named.get("id") == "2603.00001/de"
    assert {each.get("name") for each in named} == listed.keys()


def test_unapi_gives_a_paper_with_its_translation(day: FlaskClient):
    """The language stands in the identifier, as Zotero joins it to an address that has no query."""
    response = day.get("/unapi?id=2603.00001/de&format=ris")
    assert (response.status_code, response.headers["Content-Type"]) == (200, TYPES["ris"])
    [record] = rispy.loads(response.text)
    assert (record["title"], record["translated_title"]) == ("Sheep", "Schafe auf Deutsch")
    assert "Schafe" not in day.get("/unapi?id=2603.00001&format=ris").text
    old = day.get("/unapi?id=hep-th/9901001v1/de&format=bibtex")
    assert "eprint = {hep-th/9901001v1}" in old.text
    assert "eprint = {hep-th/9901001}" in day.get("/unapi?id=hep-th/9901001&format=bibtex").text
    assert json.loads(day.get("/unapi?id=arXiv:2603.00001/zh-TW&format=csl").text)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("id=nonsense", 404),
        ("id=nonsense&format=ris", 404),
        ("id=2603.00001/xx&format=ris", 404),
        ("id=2603.99999&format=ris", 404),
        ("id=2603.00001&format=marc", 406),
        ("format=ris", 400),
        ("id=<b>%00", 404),
    ],
)
def test_unapi_refuses_as_its_specification_says(day: FlaskClient, query: str, status: int):
    response = day.get(f"/unapi?{query}")
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"


def _metadata(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<meta name="((?:citation_|z:)\w+)" content="([^"]*)">', html)


def test_a_papers_page_tells_reference_managers_of_the_original(day: FlaskClient):
    html = day.get("/de/papers/2603.00001").text
    told = _metadata(html)
    assert told[:3] == [
        ("citation_title", "Sheep"),
        ("citation_author", "Example, Ada"),
        ("citation_author", "Exemple, Émile"),
    ]
    assert ("citation_abstract", "Of $n&lt;2$ sheep.") in told
    assert told[-1] == ("z:itemType", "preprint")
    assert "Schafe" not in str(told)


@pytest.mark.parametrize(
    ("address", "ids"),
    [
        ("/de/2026-03-03", ["2603.00002/de", "2603.00001/de"]),
        ("/de/papers/2603.00001v1", ["2603.00001v1/de"]),
        ("/en/papers/hep-th/9901001", ["hep-th/9901001/en"]),
    ],
)
def test_what_a_page_names_is_had_by_unapi(day: FlaskClient, address: str, ids: list[str]):
    """As Zotero does it: the server's address, `?id=` and the identifier as it stands (unAPI.js)."""
    html = day.get(address).text
    [server] = re.findall(
        r'<link rel="unapi-server" type="application/xml" title="unAPI" href="(.+?)">', html
    )
    named = re.findall(r'<abbr class="unapi-id" title="(.+?)" hidden></abbr>', html)
    assert named == ids
    assert "citation_title" not in html or len(ids) == 1
    for id in named:
        [record] = rispy.loads(day.get(f"{server}?id={id}&format=ris").text)
        assert record["issn"] == f"arXiv:{id.rpartition('/')[0]}"
