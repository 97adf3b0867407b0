"""Single words left in English all over a translation are found; a few technical terms are let be."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import languages
from backend.terminology.glossary import Term
from backend.verification.verify import check

_ROWS = Path(__file__).with_name("half_translated.tsv").read_text(encoding="utf-8").splitlines()[1:]
_TITLES = Path(__file__).with_name("half_titles.tsv").read_text(encoding="utf-8").splitlines()[1:]
LEFT = dict(row.split("\t") for row in _ROWS)
SOURCE = LEFT.pop("en")
"""Translations of it in which three words or more were left as they are."""

FEW = {
    "de": "Wir schlagen ein effizientes Framework vor, um große Netze auf verrauschten Daten zu"
    " trainieren, und zeigen, dass die Genauigkeit (accuracy) stark vom sampling abhängt.",
    "fr": "Nous proposons un framework efficace pour entraîner de grands réseaux sur des données"
    " bruitées (noisy) et montrons que la précision dépend fortement de la stratégie de sampling.",
    "it": "Proponiamo un framework efficiente per addestrare grandi reti su dati rumorosi e"
    " mostriamo che l'accuracy dipende fortemente dalla strategia di sampling.",
    "zh-Hans": "我们提出了一个在噪声数据上训练大型网络的高效framework，并表明其准确率（accuracy）"
    "强烈依赖于sampling策略，而这一策略此前普遍被忽视。",
    "ru": "Мы предлагаем эффективный framework для обучения больших сетей на зашумлённых данных и"
    " показываем, что точность (accuracy) сильно зависит от стратегии sampling.",
}


@pytest.mark.parametrize("tag", LEFT)
def test_words_left_standing_are_a_script_issue(tag: str) -> None:
    verdict = check(SOURCE, LEFT[tag], language=languages.find(tag))
    assert {issue.name for issue in verdict.issues} == {"script"}


@pytest.mark.parametrize("tag", FEW)
def test_loans_and_words_in_brackets_may_stay(tag: str) -> None:
    verdict = check(SOURCE, FEW[tag], language=languages.find(tag))
    assert "script" not in {issue.name for issue in verdict.issues}


@pytest.mark.parametrize(
    ("source", "translation", "tag", "kind"),
    [
        (
            "DELTA: Dense Efficient Long-range 3D Tracking for any video",
            "DELTA: 稀疏高效长-range 3D跟踪 for any video",
            "zh-Hans",
            "title",
        ),
        (
            "DELTA: Dense Efficient Long-range 3D Tracking for any video",
            "DELTA: для any video плотное long-range отслеживание for 3D",
            "ru",
            "title",
        ),
        (
            "We study the enhancement of pairing due to a residual antiferromagnetism in underdoped"
            " cuprates.",
            "Estudiamos el aumento del pairing debido a un residual antiferromagnetism en cupratos"
            " underdoped.",
            "es",
            "prose",
        ),
    ],
)
def test_real_answers_of_a_small_model(source: str, translation: str, tag: str, kind: str) -> None:
    verdict = check(source, translation, language=languages.find(tag), kind=kind)  # type: ignore[arg-type] # read from a table
    assert {issue.name for issue in verdict.issues} == {"script"}


def test_one_sentence_is_enough_of_a_long_text() -> None:
    faithful = FEW["de"]
    text = " ".join([faithful] * 3 + [LEFT["de"]])
    source = " ".join([SOURCE] * 4)
    verdict = check(source, text, language=languages.find("de"))
    assert "script" in {issue.name for issue in verdict.issues}


def test_a_term_of_the_glossary_may_be_english() -> None:
    terms = [
        Term(word, word) for word in ("noisy", "accuracy", "strategy", "strongly", "efficient")
    ]
    verdict = check(SOURCE, LEFT["de"], language=languages.find("de"), terms=terms)
    assert "script" not in {issue.name for issue in verdict.issues}


@pytest.mark.parametrize(
    ("translation", "tag"),
    [
        (
            "Er erschien 1920 im Journal of the Royal Society of Arts, und das war für die Zeit"
            " nicht ungewöhnlich.",
            "de",
        ),
        (
            "Il a paru en 1920 dans le Journal of the Royal Society of Arts, ce qui n'était pas"
            " inhabituel à l'époque.",
            "fr",
        ),
        ("该文于1920年发表在Journal of the Royal Society of Arts上，这在当时并不罕见。", "zh-Hans"),
    ],
)
def test_names_may_stay(translation: str, tag: str) -> None:
    source = "It appeared in the Journal of the Royal Society of Arts in 1920, not unusual then."
    assert check(source, translation, language=languages.find(tag)).verified


@pytest.mark.parametrize(
    ("tag", "source", "faithful", "damaged"),
    [row.split("\t") for row in _TITLES],
)
def test_half_a_title_left_in_english_is_no_translation(
    tag: str, source: str, faithful: str, damaged: str
) -> None:
    language = languages.find(tag)
    kept = check(source, faithful, language=language, kind="title").issues
    assert "script" not in {issue.name for issue in kept}
    left = check(source, damaged, language=language, kind="title").issues
    assert {"script", "echo"} & {issue.name for issue in left}


@pytest.mark.parametrize(
    ("tag", "sentence"),
    [
        ("de", "Wir lesen „Reading Minds with 12 Electrodes“ noch einmal."),
        ("ja", "『Reading Minds with 12 Electrodes』を読み直す。"),
        ("zh-Hans", "我们重读《Reading Minds with 12 Electrodes》。"),
        ("ru", "Мы перечитываем «Reading Minds with 12 Electrodes»."),
    ],
)
def test_a_title_in_quotation_marks_may_stay(tag: str, sentence: str) -> None:
    source = "We reread “Reading Minds with 12 Electrodes”."
    assert check(source, sentence, language=languages.find(tag)).verified


def test_a_term_of_the_glossary_may_be_several_words() -> None:
    source = "Ten Years of Teaching at the Right Level"
    kept, language = "Teaching at the Right Level 十年", languages.find("zh-Hans")
    term = Term("Teaching at the Right Level", "Teaching at the Right Level")
    assert "script" in {i.name for i in check(source, kept, language=language).issues}
    assert "script" not in {
        i.name for i in check(source, kept, language=language, terms=[term]).issues
    }


@pytest.mark.parametrize("tag", ["zh-Hans", "ja", "ru", "ar"])
def test_letters_in_a_row_are_no_words(tag: str) -> None:
    source = "Let a, b, c, d, e and f be groups A, B and C."
    kept = {
        "zh-Hans": "设a, b, c, d, e, f为群A, B, C。",
        "ja": "a, b, c, d, e, fを群A, B, Cとする。",
        "ru": "Пусть a, b, c, d, e и f — группы A, B и C.",
        "ar": "لتكن a, b, c, d, e و f زمرًا A, B و C.",
    }[tag]
    assert "script" not in {
        i.name for i in check(source, kept, language=languages.find(tag)).issues
    }
