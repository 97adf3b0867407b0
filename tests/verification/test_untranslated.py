"""What a model left as it was, or said twice, is noticed by the source's own words."""

from __future__ import annotations

import pytest

from backend import languages

from .test_verify import issues


@pytest.mark.parametrize(
    ("source", "translation", "tag"),
    [
        (
            "In a sense of the word it is.",
            "Em certo sentido it is in a sense of the word.",
            "pt-BR",
        ),
        (
            "We train the first two models and then compare the results.",
            "Addestriamo i primi due modelli and then compare the results.",
            "it",
        ),
        (
            "We train the first two models and then compare the results.",
            "İlk iki modeli eğitiyoruz, the first two models and then karşılaştırıyoruz.",
            "tr",
        ),
    ],
)
def test_what_is_left_in_english_is_noticed(source: str, translation: str, tag: str) -> None:
    assert "script" in issues(source, translation, languages.find(tag))


@pytest.mark.parametrize("times", [1, 2, 5, 40])
def test_a_source_that_repeats_itself_may_be_repeated(times: int) -> None:
    source = "We study attention in large language models. " * times
    faithful = "Wir untersuchen Aufmerksamkeit in großen Sprachmodellen. " * times
    assert not issues(source, faithful, languages.find("de"))
    assert not issues(source, "我们研究大型语言模型中的注意力。" * times, languages.find("zh-Hans"))


@pytest.mark.parametrize(
    ("source", "translation"),
    [
        (
            "A study of scaling laws",
            "Eine Studie zu Skalierungsgesetzen Eine Studie zu Skalierungsgesetzen",
        ),
        ("We study <x1/>. It works well.", "Wir untersuchen <x1/>. Es klappt gut. Es klappt gut."),
    ],
)
def test_what_is_said_twice_is_noticed(source: str, translation: str) -> None:
    assert "length" in issues(source, translation, languages.find("de"))
