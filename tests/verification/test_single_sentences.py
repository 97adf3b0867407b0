"""One sentence is enough to tell another language of its script; names and quotations do not count."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import languages
from backend.errors import UnsupportedLanguage
from backend.languages import Language
from backend.verification.verify import check

from ..measured import MEASURED
from .test_rates import Record

TABLE = Path(__file__).with_name("single_sentences.tsv").read_text(encoding="utf-8").splitlines()
SENTENCES = dict(line.split("\t", 1) for line in TABLE[1:])
ENGLISH = SENTENCES.pop("en")
SCRIPTS = {"az": "Latn", "mr": "Deva"}
"""Of languages that we do not translate into, though models answer in them."""


def known(tag: str) -> Language | None:
    try:
        return languages.find(tag)
    except UnsupportedLanguage:
        return None


def script(tag: str) -> str:
    language = known(tag)
    return language.scripts[0] if language else SCRIPTS[tag]


TARGETS = [tag for tag in SENTENCES if known(tag)]


def issues(source: str, translation: str, tag: str) -> set[str]:
    return {i.name for i in check(source, translation, language=languages.find(tag)).issues}


@pytest.mark.parametrize("tag", TARGETS)
def test_a_sentence_in_another_language_is_no_translation(
    tag: str, record_property: Record
) -> None:
    assert not issues(ENGLISH, SENTENCES[tag], tag)
    others = [other for other in SENTENCES if other != tag and script(other) == script(tag)]
    missed = [o for o in others if "script" not in issues(ENGLISH, SENTENCES[o], tag)]
    record_property(
        MEASURED, f"single sentences in another language for {tag}: {len(missed)} of {len(others)}"
    )
    assert not missed


QUOTING = [
    ("The book “La peste” is by Albert Camus.", "es", "El libro «La peste» es de Albert Camus."),
    (
        'The song "Ne me quitte pas" by Jacques Brel is sad.',
        "it",
        "La canzone «Ne me quitte pas» di Jacques Brel è triste.",
    ),
    (
        "Jörg Müller and Søren Ægidius work at Universität Zürich.",
        "pl",
        "Jörg Müller i Søren Ægidius pracują na Universität Zürich.",
    ),
    (
        'The poem "Der Erlkönig" by Goethe has 32 lines.',
        "tr",
        "Goethe'nin “Der Erlkönig” şiiri 32 dizeden oluşur.",
    ),
    (
        'The journal "Вестник МГУ" published the map.',
        "uk",
        "Журнал «Вестник МГУ» опублікував цю карту.",
    ),
]


@pytest.mark.parametrize(("source", "tag", "translation"), QUOTING)
def test_names_and_quotations_are_let_be(source: str, tag: str, translation: str) -> None:
    assert "script" not in issues(source, translation, tag)
