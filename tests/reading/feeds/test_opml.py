"""All feeds as an outline that a feed reader reads in."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from backend import languages


def _outlines(document: bytes) -> list[dict[str, str]]:
    root = ET.fromstring(document)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == "Paperglot"
    (folder,) = root.findall("body/outline")
    assert folder.get("text") == "Paperglot"
    return [dict(outline.attrib) for outline in folder]


def test_every_language_is_named_in_itself_those_with_translations_first(site):
    response = site.get("/feeds.opml")
    assert response.headers["Content-Type"] == "text/x-opml; charset=utf-8"
    found = _outlines(response.data)
    assert {each["language"]: each["text"] for each in found} == {
        language.tag: language.endonym for language in languages.ALL
    }
    assert found[0]["language"] == "en", "it always has the originals"
    (id,) = site.papers("2026-03-04", 1)
    for tag in ("he", "ar"):
        site.translate(id, tag)
    found = _outlines(site.get("/feeds.opml").data)
    assert [each["language"] for each in found[:4]] == ["ar", "he", "en", "zh-Hans"]
    for each in found:
        assert each["type"] == "rss"
        assert each["htmlUrl"] == f"http://localhost/{each['language']}/latest"
        assert site.get(each["xmlUrl"].removeprefix("http://localhost")).status_code == 200
