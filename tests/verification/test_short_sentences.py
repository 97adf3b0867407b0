"""A short sentence left out at the beginning or the end is missed, without sentence marks; joined is whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import languages
from backend.verification.verify import Verdict, check

from .test_left_out import joined

TABLE = Path(__file__).with_name("short_sentences.tsv").read_text(encoding="utf-8").splitlines()
ENGLISH, *TRANSLATIONS = [line.split("\t") for line in TABLE[1:]]
SOURCE = " ".join(ENGLISH[1:5])


def verdict(tag: str, pieces: list[str], source: str = SOURCE) -> Verdict:
    return check(source, joined(tag, pieces), language=languages.find(tag))


@pytest.mark.parametrize("row", TRANSLATIONS, ids=lambda row: row[0])
def test_the_whole_is_verified(row: list[str]) -> None:
    tag, first, second, third, fourth, both = row
    for pieces in ([first, second, third, fourth], [first, second, both]):
        assert verdict(tag, pieces).verified, verdict(tag, pieces).issues


@pytest.mark.parametrize("row", TRANSLATIONS, ids=lambda row: row[0])
def test_a_short_sentence_is_missed(row: list[str]) -> None:
    tag, first, second, third, fourth, both = row
    assert not verdict(tag, [second, third, fourth]).verified
    assert not verdict(tag, [second, both]).verified
    assert not verdict(tag, [first, second, third]).verified


WHOLE = [
    # What two sentences say alike is said once when they are joined.
    (
        "Hens in pen A ate the new feed. Hens in pen B ate the old feed.",
        "hi",
        "बाड़े A की मुर्गियों ने नया चारा खाया और बाड़े B की मुर्गियों ने पुराना।",
    ),
    (
        "The robot lost. It did, however, win two rounds that required patience.",
        "tr",
        "Robot kaybetti, ancak sabır gerektiren iki turu kazandı.",
    ),
    # A unit's capital is no initial.
    (
        "The cells died above 45 degrees Celsius. Those of cod survived.",
        "de",
        "Oberhalb von 45 °C starben die Zellen. Die des Kabeljaus überlebten.",
    ),
    (
        "We followed 30 mice for 10 generations. Of those, 6 were blind.",
        "ko",
        "우리는 생쥐 30마리를 10세대 동안 추적하였다. 그중 6마리는 눈이 멀었다.",
    ),
]
CRABS = "Do crabs feel pain? We shocked 40 crabs at low voltage."
CUT = [
    (WHOLE[0][0], "hi", "बाड़े A की मुर्गियों ने नया चारा खाया।"),
    (WHOLE[1][0], "tr", "Ancak robot, sabır gerektiren iki turu kazandı."),
    (WHOLE[2][0], "de", "Oberhalb von 45 °C starben die Zellen."),
    (WHOLE[3][0], "ko", "우리는 생쥐 30마리를 10세대 동안 추적하였다."),
    # A small number in words, or a question, that is nowhere.
    ("We tested 90 men. Nine left early.", "pt-BR", "Testamos 90 homens."),
    ("We tested 90 men. Nine left early.", "uk", "Ми обстежили 90 чоловіків."),
    (CRABS, "ja", "40匹のカニに低電圧の刺激を与えた。"),
    (CRABS, "fr", "Nous avons soumis 40 crabes à une faible tension."),
]


@pytest.mark.parametrize(("source", "tag", "translation"), WHOLE)
def test_faithful_ones_are_verified(source: str, tag: str, translation: str) -> None:
    assert verdict(tag, [translation], source).verified


@pytest.mark.parametrize(("source", "tag", "translation"), CUT)
def test_cut_ones_are_not(source: str, tag: str, translation: str) -> None:
    assert not verdict(tag, [translation], source).verified
