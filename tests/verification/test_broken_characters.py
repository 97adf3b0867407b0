"""A character that a server cut in two is an issue, and no letter of a translation."""

from __future__ import annotations

import pytest

from backend import languages
from backend.verification.verify import check

SOURCE = "We compare two methods for sparse graphs and show that both of them converge."
FAITHFUL = {
    "de": "Wir vergleichen zwei Verfahren für dünne Graphen und zeigen, dass beide konvergieren.",
    "fr": "Nous comparons deux méthodes pour les graphes creux et montrons qu'elles convergent.",
    "zh-Hans": "我们比较了两种用于稀疏图的方法，并证明两者都收敛。",
    "ja": "疎なグラフのための二つの手法を比較し、どちらも収束することを示す。",
    "ru": "Мы сравниваем два метода для разреженных графов и показываем, что оба сходятся.",
}


@pytest.mark.parametrize("tag", FAITHFUL)
@pytest.mark.parametrize(
    "broken", ["\ufffd", "\ue123", "\U000f0001", "\u0378", "\ufffc", "Ã©", "â€™"]
)
def test_broken_characters_are_an_issue(tag: str, broken: str) -> None:
    text, language = FAITHFUL[tag], languages.find(tag)
    assert check(SOURCE, text, language=language).verified
    middle = len(text) // 2
    verdict = check(SOURCE, text[:middle] + broken + text[middle + 1 :], language=language)
    assert "script" in {issue.name for issue in verdict.issues}


@pytest.mark.parametrize("own", ["\ufffd", "\ue123"])
def test_what_the_source_has_may_stay(own: str) -> None:
    verdict = check(f"{SOURCE} {own}", f"{FAITHFUL['de']} {own}", language=languages.find("de"))
    assert verdict.verified


def test_rare_and_new_characters_are_whole() -> None:
    text = FAITHFUL["zh-Hans"].replace("稀疏", "稀疏𠮷\U00031350")
    assert check(SOURCE, text, language=languages.find("zh-Hans")).verified
