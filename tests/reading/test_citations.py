"""Citations: names and titles that are hard, read back by libraries that others wrote."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import rispy  # type: ignore[import-untyped] # ships no types
from pybtex.database import BibliographyData, Entry, parse_string  # type: ignore[import-untyped] # ships no types

from backend.papers.records import Paper
from backend.reading.citations import bibtex, csl, names, page_metadata, ris
from backend.reading.citations.record import Citation, citation, citations
from tests.papers.wiring import translated

PAPER = Paper(
    id="2306.02707v2",
    title="On $x_1$ in Poincar\\'e's space",
    abstract="We study $\\alpha < \\beta$ & more.",
    text_source="arxiv",
    authors=("Ada O'Brien", "The ATLAS Collaboration"),
    published=datetime(2023, 6, 5, tzinfo=UTC),
    categories=("cs.CL", "cs.LG"),
    keywords=("sheep", "goats; kids"),
)
TRANSLATION = replace(
    translated(""), lang="zh-Hans", title="论 $x_1$", abstract="我们研究 $\\alpha < \\beta$。"
)

# Name: family with its particle, given, suffix; None for what is no person.
NAMES: dict[str, tuple[str, str, str] | None] = {
    "Conan O'Brien": ("O'Brien", "Conan", ""),
    "Johannes Diderik van der Waals": ("van der Waals", "Johannes Diderik", ""),
    "Ludwig van Beethoven": ("van Beethoven", "Ludwig", ""),
    "van der Waals": ("van der Waals", "", ""),
    "Charles-Jean de la Vallée Poussin": ("de la Vallée Poussin", "Charles-Jean", ""),
    "Wei Zhang": ("Zhang", "Wei", ""),
    "张伟": ("张伟", "", ""),
    "Martin Luther King, Jr.": ("King", "Martin Luther", "Jr."),
    "Robert Downey Jr": ("Downey", "Robert", "Jr"),
    "Adlai Stevenson III": ("Stevenson", "Adlai", "III"),
    "J. R. R. Tolkien": ("Tolkien", "J. R. R.", ""),
    "Plato": ("Plato", "", ""),
    "bell hooks": ("hooks", "bell", ""),
    "Nguyễn Thị Thảo": ("Thảo", "Nguyễn Thị", ""),
    "Łukasz Kaiser": ("Kaiser", "Łukasz", ""),
    "The ATLAS Collaboration": None,
    "Gemini Team, Google": None,
    "Institute of Physics and Astronomy": None,
}


def _bib(*records: Citation) -> BibliographyData:
    return parse_string(bibtex.write(records), "bibtex")


def _entry(record: Citation) -> Entry:
    [entry] = _bib(record).entries.values()
    return entry


def _ris(*records: Citation) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = rispy.loads(ris.write(records))
    return read


@pytest.mark.parametrize(("name", "parts"), NAMES.items())
def test_a_name_is_the_same_in_every_format(name: str, parts: tuple[str, str, str] | None):
    """As BibTeX's own rules read it, and as RIS and CSL say it in words."""
    record = citation(replace(PAPER, authors=(name, "Ada Example")))
    first, second = _entry(record).persons["author"]
    [in_csl, _] = json.loads(csl.write([record]))[0]["author"]
    [in_ris] = _ris(record)
    assert [str(second), in_ris["authors"][1]] == ["Example, Ada"] * 2
    if parts is None:
        assert str(first) == f"{{{name}}}"
        assert in_csl == {"literal": name}
        assert in_ris["authors"][0] == name.replace(",", ";")
        return
    family, given, suffix = parts
    read = [" ".join(part) for part in (first.prelast_names, first.last_names)]
    accents_undone = first.rich_last_names and " ".join(str(n) for n in first.rich_last_names)
    assert f"{read[0]} {accents_undone}".strip() == family.replace("Thảo", "Thao")
    assert [" ".join(first.lineage_names)] == [suffix]
    assert in_csl.get("suffix", "") == suffix
    assert f"{in_csl.get('non-dropping-particle', '')} {in_csl['family']}".strip() == family
    assert in_csl.get("given", "") == given
    assert in_ris["authors"][0] == ", ".join(filter(None, parts))


def test_an_entry_read_back():
    entry = _entry(citation(PAPER, TRANSLATION))
    assert (entry.type, entry.key) == ("misc", "obrien2023poincar")
    fields = dict(entry.fields)
    assert fields == {
        "title": "{On $x_1$ in Poincar\\'e's space}",
        "year": "2023",
        "eprint": "2306.02707v2",
        "archivePrefix": "arXiv",
        "primaryClass": "cs.CL",
        "doi": "10.48550/arXiv.2306.02707",
        "url": "https://arxiv.org/abs/2306.02707v2",
        "abstract": r"We study $\alpha < \beta$ \& more.",
        "keywords": "cs.CL, cs.LG",
        "translatedtitle": "论 $x_1$",
        "translatedabstract": r"我们研究 $\alpha < \beta$。",
    }


def test_ris_read_back():
    [read] = _ris(citation(PAPER, TRANSLATION))
    assert read == {
        "type_of_reference": "RPRT",
        "id": "obrien2023poincar",
        "title": "On $x_1$ in Poincaré's space",
        "authors": ["O'Brien, Ada", "The ATLAS Collaboration"],
        "year": "2023",
        "date": "2023/06/05/",
        "publisher": "arXiv",
        "issn": "arXiv:2306.02707v2",
        "type_of_work": "Preprint",
        "doi": "10.48550/arXiv.2306.02707",
        "urls": ["https://arxiv.org/abs/2306.02707v2"],
        "language": "en",
        "keywords": ["cs.CL", "cs.LG", "sheep", "goats, kids"],
        "abstract": "We study $\\alpha < \\beta$ & more.",
        "translated_title": "论 $x_1$",
        "research_notes": "Chinese (Simplified) (zh-Hans), verified: "
        "论 $x_1$: 我们研究 $\\alpha < \\beta$。",
    }


# The members of an item and of a name, and the types, in csl-data.json of CSL 1.0.2
# (https://github.com/citation-style-language/schema), as far as we write them.
_CSL_TEXTS = {
    *("id", "genre", "title", "publisher", "number", "DOI", "URL", "language", "keyword"),
    "abstract",
}
_CSL_NAME = {"family", "given", "non-dropping-particle", "suffix", "literal"}


def _assert_csl(item: dict[str, Any]) -> None:
    assert item["type"] == "article"
    assert item.keys() <= _CSL_TEXTS | {"type", "author", "issued", "custom"}
    assert all(isinstance(item[name], str) for name in _CSL_TEXTS & item.keys())
    assert all(name and name.keys() <= _CSL_NAME for name in item.get("author", []))
    assert item["issued"].keys() == {"date-parts"}
    [parts] = item["issued"]["date-parts"]
    assert 1 <= len(parts) <= 3
    assert all(isinstance(part, int) for part in parts)


def test_csl_read_back():
    [item] = json.loads(csl.write([citation(PAPER, TRANSLATION)]))
    _assert_csl(item)
    assert item["title"] == "On $x_1$ in Poincaré's space"
    assert item["number"] == "arXiv:2306.02707v2"
    assert item["issued"] == {"date-parts": [[2023, 6, 5]]}
    assert item["custom"] == {
        "translated-language": "zh-Hans",
        "translated-title": "论 $x_1$",
        "translated-abstract": "我们研究 $\\alpha < \\beta$。",
        "translated-verified": True,
        "translated-by": "a-model",
    }


HOSTILE = (
    "x}, note = {printed",
    "x\r\nER  - \r\nTY  - BOOK\r\nTI  - another",
    "x\u2028AU  - Nobody\x85AB  - none\x0b\x0cER  - ",
    "@misc{other, title = {another}}",
    'x", "type": "book',
    "a and b and c",
    "{{{{",
    "}}}}",
    "\\",
    "% comment\n",
    "\\input{/etc/passwd} \\write18{ls}",
    "<script>alert(1)</script>",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_field_or_a_record(text: str):
    paper = replace(
        PAPER, title=text, abstract=text, authors=(text, "Ada Example"), keywords=(text,)
    )
    record = citation(paper, replace(TRANSLATION, title=text, abstract=text))
    entry = _entry(record)
    assert {*map(str.lower, entry.fields)} <= {
        *("title", "year", "eprint", "archiveprefix", "primaryclass", "doi", "url", "abstract"),
        *("keywords", "translatedtitle", "translatedabstract"),
    }
    assert [str(each) for each in entry.persons["author"]][-1] == "Example, Ada"
    assert len(entry.persons["author"]) <= 2
    assert r"\input" not in bibtex.write([record])
    [read] = _ris(record)
    assert read["type_of_reference"] == "RPRT"
    assert len(read["authors"]) == 2
    assert "<s" not in read["research_notes"]
    [item] = json.loads(csl.write([record]))
    _assert_csl(item)
    assert dict(page_metadata.meta(paper))["citation_doi"] == "10.48550/arXiv.2306.02707"


def test_a_list_has_each_key_once():
    papers = [replace(PAPER, id=id) for id in ("2306.00001", "2306.00002", "hep-th/9901001")]
    records = citations([*papers, replace(PAPER, id="2306.00003", title="Lamps")], {})
    assert [record.key for record in records] == [
        "obrien2023poincar230600001",
        "obrien2023poincar230600002",
        "obrien2023poincarhepth9901001",
        "obrien2023lamps",
    ]
    assert len(_bib(*records).entries) == len(_ris(*records)) == 4


@pytest.mark.parametrize(
    ("id", "date"),
    [("2306.02707", (2023, 6)), ("hep-th/9901001v1", (1999, 1)), ("math/0501001", (2005, 1))],
)
def test_an_identifier_tells_year_and_month(id: str, date: tuple[int, ...]):
    assert citation(replace(PAPER, id=id, published=None)).date == date


def test_what_a_page_tells_reference_managers():
    """The original title, one author a line, nothing of the translation."""
    assert page_metadata.meta(PAPER) == [
        ("citation_title", "On $x_1$ in Poincaré's space"),
        ("citation_author", "O'Brien, Ada"),
        ("citation_author", "The ATLAS Collaboration"),
        ("citation_date", "2023/06/05"),
        ("citation_online_date", "2023/06/05"),
        ("citation_publisher", "arXiv"),
        ("citation_arxiv_id", "2306.02707v2"),
        ("citation_doi", "10.48550/arXiv.2306.02707"),
        ("citation_language", "en"),
        ("citation_pdf_url", "https://arxiv.org/pdf/2306.02707v2"),
        ("citation_public_url", "https://arxiv.org/abs/2306.02707v2"),
        ("citation_abstract", "We study $\\alpha < \\beta$ & more."),
        ("citation_keywords", "cs.CL"),
        ("citation_keywords", "cs.LG"),
        ("citation_keywords", "sheep"),
        ("citation_keywords", "goats; kids"),
        ("z:itemType", "preprint"),
    ]


def test_group_words_alone_make_no_group():
    assert not names.parse("Grace Groupe").is_group
