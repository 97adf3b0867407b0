"""The embedded sample edition: complete, readable, and translated without losing anything."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend.papers.identifiers import ArxivId

FOLDER = Path(__file__).parents[2] / "backend" / "papers" / "sample_edition"
LANGUAGES = ("zh-Hans", "ja", "ko", "es", "fr", "de")
FIELDS = ("title", "abstract")

FIRST_AUTHORS = {
    "2306.02707": "Subhabrata Mukherjee",
    "2306.01116": "Guilherme Penedo",
    "2306.01567": "Lei Ke",
    "2306.02561": "Dongfu Jiang",
    "2306.03082": "Lichang Chen",
    "2306.01693": "Zeqiu Wu",
    "2306.01684": "Alexey Kurakin",
    "2306.03024": "Laura Cabello",
    "2306.01694": "Katherine M. Collins",
    "2306.01242": "Zhizheng Zhang",
    "2306.01736": "Xiuye Gu",
    "2306.01337": "Yiran Wu",
    "2306.01160": "Matteo Pagliardini",
    "2306.01061": "Wang-Chiew Tan",
}

NUMBER_WORDS = {"one": "1", "single": "1", "two": "2", "three": "3", "third": "3"}
"""Numerals that some languages write in digits where English spells them."""

NBSP = "\N{NO-BREAK SPACE}"
NARROW = "\N{NARROW NO-BREAK SPACE}"

# Numbers that each language writes with another magnitude or separator: as they stand in the
# abstract, and what a reader of each language expects to see.
REWRITTEN_NUMBERS = {
    "2306.02707": {
        "13 billion": {
            "zh-Hans": "130 亿",
            "ja": "130億",
            "ko": "130억",
            "es": f"13{NBSP}000 millones",
            "fr": "13 milliards",
            "de": "13 Milliarden",
        },
    },
    "2306.01116": {
        "five trillion": {
            "zh-Hans": "5 万亿",
            "ja": "5兆",
            "ko": "5조",
            "es": "cinco billones",
            "fr": "cinq mille milliards",
            "de": "fünf Billionen",
        },
        "600 billion": {
            "zh-Hans": "6000 亿",
            "ja": "6000億",
            "ko": "6,000억",
            "es": f"600{NBSP}000 millones",
            "fr": "600 milliards",
            "de": "600 Milliarden",
        },
        "1.3 billion": {
            "zh-Hans": "13 亿",
            "ja": "13億",
            "ko": "13억",
            "es": "1300 millones",
            "fr": "1,3 milliard",
            "de": "1,3 Milliarden",
        },
        "7.5 billion": {
            "zh-Hans": "75 亿",
            "ja": "75億",
            "ko": "75억",
            "es": "7500 millones",
            "fr": "7,5 milliards",
            "de": "7,5 Milliarden",
        },
    },
    "2306.01567": {
        "44K": {
            "zh-Hans": "4.4 万",
            "ja": "44,000",
            "ko": "44,000",
            "es": f"44{NBSP}000",
            "fr": f"44{NARROW}000",
            "de": "44.000",
        },
    },
}


def load(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


EDITION: dict[str, Any] = load("edition")
PAPERS: dict[str, dict[str, Any]] = {paper["id"]: paper for paper in EDITION["papers"]}
TRANSLATIONS: dict[str, dict[str, dict[str, str]]] = {
    lang: load(lang)["papers"] for lang in LANGUAGES
}
EVERY_TRANSLATED_FIELD = [
    pytest.param(lang, paper_id, field, id=f"{lang}-{paper_id}-{field}")
    for lang in LANGUAGES
    for paper_id in FIRST_AUTHORS
    for field in FIELDS
]


def formulas(text: str) -> Counter[str]:
    """The `$…$` of a text; a translation may name them in another order."""
    return Counter(re.findall(r"\$[^$]+\$", text))


def without_formulas(text: str) -> str:
    return re.sub(r"\$[^$]+\$", " ", text)


def digit_runs(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", without_formulas(text)))


def names(text: str) -> set[str]:
    """Words with two capitals or more, without a plural s: ChatGPT, LLM for LLMs, MixInstruct."""
    words = re.findall(r"[A-Za-z]+", without_formulas(text))
    capitals = [word for word in words if sum(letter.isupper() for letter in word) > 1]
    return {re.sub(r"(?<=[A-Z])s$", "", word) for word in capitals}


def test_is_the_day_and_its_fourteen_papers():
    assert date.fromisoformat(EDITION["date"]) == date(2023, 6, 6)
    assert {paper["id"]: paper["authors"][0] for paper in EDITION["papers"]} == FIRST_AUTHORS
    assert all(str(ArxivId.parse(paper_id)) == paper_id for paper_id in PAPERS)


def test_titles_and_authors_are_the_recorded_ones(shared):
    """A recorded author list may be cut off; its last entry then says so in parentheses."""
    recorded = [
        {"id": paper_id, "title": PAPERS[paper_id]["title"], "authors": [author]}
        for paper_id, author in FIRST_AUTHORS.items()
    ]
    if shared:
        source = shared / "upstream" / "sample-edition-papers.json"
        recorded = json.loads(source.read_text(encoding="utf-8"))
    for paper in recorded:
        ours = PAPERS[paper["id"]]
        known = [author for author in paper["authors"] if not author.startswith("(")]
        assert ours["title"] == paper["title"]
        assert ours["authors"][: len(known)] == known
    assert len(PAPERS["2306.01694"]["authors"]) == 14


def test_the_note_says_that_the_abstracts_are_summaries():
    assert "summaries" in EDITION["note"]
    assert EDITION["note"].endswith(".")


@pytest.mark.parametrize("paper_id", FIRST_AUTHORS)
def test_abstracts_have_sixty_to_ninety_words(paper_id):
    assert 60 <= len(PAPERS[paper_id]["abstract"].split()) <= 90


@pytest.mark.parametrize("paper_id", FIRST_AUTHORS)
def test_keywords_categories_and_authors_are_filled_in(paper_id):
    paper = PAPERS[paper_id]
    assert 3 <= len(paper["keywords"]) <= 5
    assert paper["categories"]
    assert all(re.fullmatch(r"(cs|stat)\.[A-Z]{2}", category) for category in paper["categories"])
    assert all(re.fullmatch(r"[^\s(),]+( [^\s(),]+)+", author) for author in paper["authors"])


def test_papers_without_votes_stand_by_identifier():
    assert list(PAPERS) == sorted(PAPERS)


def test_no_votes_are_invented():
    invented = {"upvotes", "comments"}
    assert not any(invented & paper.keys() for paper in EDITION["papers"])


def test_some_abstracts_have_formulas():
    with_formulas = [paper for paper in EDITION["papers"] if formulas(paper["abstract"])]
    assert len(with_formulas) >= 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_has_every_paper_whole(lang):
    assert load(lang)["lang"] == lang
    assert TRANSLATIONS[lang].keys() == PAPERS.keys()
    assert all(tuple(translation) == FIELDS for translation in TRANSLATIONS[lang].values())


@pytest.mark.parametrize(("lang", "paper_id", "field"), EVERY_TRANSLATED_FIELD)
def test_a_translation_keeps_formulas_and_names(lang, paper_id, field):
    source, translation = PAPERS[paper_id][field], TRANSLATIONS[lang][paper_id][field]
    assert formulas(translation) == formulas(source)
    assert names(source) - names(translation) == set()


@pytest.mark.parametrize(("lang", "paper_id", "field"), EVERY_TRANSLATED_FIELD)
def test_a_translation_keeps_numbers(lang, paper_id, field):
    source, translation = PAPERS[paper_id][field], TRANSLATIONS[lang][paper_id][field]
    if field == "abstract":
        for number, written in REWRITTEN_NUMBERS.get(paper_id, {}).items():
            assert source.count(number) == 1
            assert translation.count(written[lang]) >= 1
            source = source.replace(number, "", 1)
            translation = translation.replace(written[lang], "", 1)
    expected, found = digit_runs(source), digit_runs(translation)
    assert not expected - found
    spelled = {NUMBER_WORDS[word] for word in re.findall(r"\w+", source) if word in NUMBER_WORDS}
    assert (found - expected).keys() <= spelled


@pytest.mark.parametrize(("lang", "paper_id", "field"), EVERY_TRANSLATED_FIELD)
def test_a_translation_is_in_its_language(lang, paper_id, field):
    source, translation = PAPERS[paper_id][field], TRANSLATIONS[lang][paper_id][field]
    assert translation != source
    if lang in ("zh-Hans", "ja", "ko"):
        assert not without_formulas(translation).isascii()
        script = {"zh-Hans": "[一-鿿]", "ja": "[ぁ-ヿ]", "ko": "[가-힣]"}[lang]
        assert re.search(script, translation)
    if field == "abstract":
        ending = {"zh-Hans": "。", "ja": "。"}.get(lang, ".")
        assert translation.endswith(ending)


@pytest.mark.parametrize("lang", ["en", *LANGUAGES])
def test_texts_are_one_line_without_stray_spaces(lang):
    papers = PAPERS if lang == "en" else TRANSLATIONS[lang]
    for paper in papers.values():
        for field in FIELDS:
            text = paper[field]
            assert text == text.strip()
            assert not re.search(r"\s{2}|[\t\n\r]", text)
            assert not re.search(r"[(（] | [)）,.，。、]", text)


@pytest.mark.parametrize("lang", ["zh-Hans", "ja"])
def test_chinese_and_japanese_use_their_own_punctuation(lang):
    for paper in TRANSLATIONS[lang].values():
        for field in FIELDS:
            assert not re.search(
                r"[^\x00-\x7f]\s*[.,;:()?!]|[,;:()?!]\s*[^\x00-\x7f]", paper[field]
            )


def test_french_has_its_spaces_before_colon_and_semicolon():
    for paper in TRANSLATIONS["fr"].values():
        for field in FIELDS:
            text = without_formulas(paper[field])
            assert not re.search(rf"[^{NBSP}]:|[^{NARROW}];|'", text)


@pytest.mark.parametrize("name", ["edition", *LANGUAGES])
def test_files_are_readable_as_they_are(name):
    """Two spaces of indent and the languages' own letters, so that a reviewer can read a diff."""
    written = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert written == json.dumps(json.loads(written), ensure_ascii=False, indent=2) + "\n"
