"""What a model says of its task is refused in every language; a text about translating is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import languages
from backend.languages import ALL
from backend.verification.self_reference import is_remark
from backend.verification.verify import check

_ROWS = Path(__file__).with_name("remarks.tsv").read_text(encoding="utf-8").splitlines()[1:]
REMARKS = dict(row.split("\t") for row in _ROWS)
"""The text was not translated; write it in … (the language)."""

TITLE = "On complete subsets of the cyclic group"


def names(source: str, translation: str, tag: str) -> set[str]:
    return {i.name for i in check(source, translation, language=languages.find(tag)).issues}


def test_there_is_a_remark_in_every_language() -> None:
    assert {language.tag for language in ALL} - REMARKS.keys() == {"pt-PT", "en"}


@pytest.mark.parametrize("tag", REMARKS)
def test_a_remark_on_translating_is_a_refusal(tag: str) -> None:
    assert "refusal" in names(TITLE, REMARKS[tag], tag)
    assert is_remark(REMARKS[tag], languages.find(tag))


@pytest.mark.parametrize(
    ("tag", "answer"),
    [
        ("de", "Die Antwort wurde abgelehnt, weil etwas nicht stimmt."),
        ("de", "Der Platzhalter steht nicht im Text."),
        ("es", "La respuesta anterior fue rechazada por completo."),
        ("ru", "Предыдущий ответ был отклонён."),
        ("zh-Hans", "之前的回答被拒绝。"),
        ("fr", "Écrivez-le en français, avec tous les mots."),
        ("ja", "日本語で書いてください"),
    ],
)
def test_other_words_of_ours_are_a_refusal(tag: str, answer: str) -> None:
    assert "refusal" in names(TITLE, answer, tag)


@pytest.mark.parametrize(
    ("source", "tag", "translation"),
    [
        ("Machine Translation into German", "de", "Maschinelle Übersetzung ins Deutsche"),
        ("A corpus of spoken Spanish", "es", "Un corpus de español hablado"),
        (
            "The answers were rejected by users.",
            "de",
            "Die Antworten wurden von Nutzern abgelehnt.",
        ),
        ("This results in a lower cost.", "fr", "Cela se traduit par un coût plus faible."),
        ("This results in a lower cost.", "es", "Esto se traduce en un menor coste."),
        (
            "The pump brings the atom to the upper state.",
            "ru",
            "Накачка переводит атом в верхнее состояние.",
        ),
        ("A compiler for tensors", "de", "Ein Übersetzer für Tensoren"),
        ("Chinese Word Segmentation", "zh-Hans", "中文分词"),
        ("Placeholders in templates", "de", "Platzhalter in Vorlagen"),
    ],
)
def test_a_source_about_it_is_translated(source: str, tag: str, translation: str) -> None:
    assert "refusal" not in names(source, translation, tag)
