"""A fraction in words is the same one in the translation, in every language that the table has."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import languages
from backend.verification.verify import check

TABLE = Path(__file__).with_name("fractions.tsv").read_text(encoding="utf-8").splitlines()
ENGLISH, *ROWS = [line.split("\t")[1:] for line in TABLE[1:]]
TAGS = [line.split("\t")[0] for line in TABLE[2:]]


def issues(source: str, translation: str, tag: str) -> set[str]:
    found = check(source, translation, language=languages.find(tag))
    return {issue.name for issue in found.issues}


@pytest.mark.parametrize(("tag", "row"), [*zip(TAGS, ROWS, strict=True)], ids=TAGS)
def test_a_fraction_is_kept_and_no_other(tag: str, row: list[str]) -> None:
    for stated in range(1, 7):
        for said in range(1, 7):
            if "-" not in (row[stated], row[said]):
                source = ENGLISH[0].format(ENGLISH[stated])
                found = issues(source, row[0].format(row[said]), tag)
                assert found == (set() if stated == said else {"number"}), (ENGLISH[stated], said)


@pytest.mark.parametrize(
    ("source", "tag", "translation", "damaged"),
    [
        (
            "Costs fell by two thirds.",
            "es",
            "Los costes se redujeron a un tercio.",
            "Los costes se redujeron a un cuarto de lo previsto.",
        ),
        (
            "A third method fills two thirds of the gap.",
            "it",
            "Un terzo metodo colma due terzi del divario.",
            "Un terzo metodo colma tre quarti del divario.",
        ),
        (
            "Three in four patients recovered within half a year.",
            "de",
            "Drei Viertel der Patienten erholten sich binnen sechs Monaten.",
            "Zwei Drittel der Patienten erholten sich binnen sechs Monaten.",
        ),
        (
            "Sales in the third quarter were half of those in May.",
            "fr",
            "Au troisième trimestre, les ventes étaient deux fois moindres qu’en mai.",
            "Au troisième trimestre, les ventes étaient les deux tiers de celles de mai.",
        ),
        ("Two thirds agreed.", "pt-BR", "2/3 concordaram.", "3/4 concordaram."),
        ("Three quarters agreed.", "ru", "Согласились 75 %.", "Согласились две трети."),
        ("Four fifths of it is ice.", "ko", "그 5분의 4는 얼음이다.", "그 4분의 3은 얼음이다."),
        (
            "Half of the dozen pumps failed.",
            "zh-Hans",
            "六台水泵发生了故障。",
            "七台水泵发生了故障。",
        ),
        ("Half of our dozen pumps failed.", "vi", "6 máy bơm đã hỏng.", "7 máy bơm đã hỏng."),
        (
            "Half the dozen pumps failed.",
            "es",
            "La mitad de las doce bombas falló.",
            "La mitad de las trece bombas falló.",
        ),
        (
            "Half of the days were dry.",
            "de",
            "An 50 % der Tage war es trocken.",
            "An 40 % der Tage war es trocken.",
        ),
        ("One in five has it.", "ja", "5人に1人がそれを持つ。", "6人に1人がそれを持つ。"),
    ],
)
def test_what_else_may_say_it(source: str, tag: str, translation: str, damaged: str) -> None:
    assert not issues(source, translation, tag)
    assert issues(source, damaged, tag)
