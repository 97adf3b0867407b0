"""A sentence that the source does not have is noticed, and a short one in the middle that is missing.

A long sentence cut in two is a translation.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import languages
from backend.alignment import sentence_markers
from backend.verification.verify import Verdict, check

from ..measured import MEASURED
from .test_left_out import TRANSLATIONS, without
from .test_left_out import joined as joined_without_marks
from .test_neighbour_languages import ENGLISH
from .test_rates import Record

TABLE = Path(__file__).with_name("added_sentences.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in TABLE[2:]]
SOURCE = dict(zip("_ab_cd__", TABLE[1].split("\t"), strict=True))


def joined(tag: str, pieces: list[str]) -> str:
    return "".join(pieces) if tag == "zh-Hant" else joined_without_marks(tag, pieces)


def verdict(tag: str, sentences: str, pieces: list[str]) -> Verdict:
    """Of a translation of some sentences of the table: a, b, c and d."""
    source = " ".join(SOURCE[each] for each in sentences)
    return check(source, joined(tag, pieces), language=languages.find(tag))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_long_sentences_cut_in_two_are_verified(row: list[str]) -> None:
    tag, a, b, b_cut, c, d, d_cut, _ = row
    for sentences, pieces in [
        ("abcd", [a, b, c, d]),
        ("abcd", [a, b_cut, c, d]),
        ("abcd", [a, b, c, d_cut]),
        ("abcd", [a, b_cut, c, d_cut]),
        ("b", [b_cut]),
        ("d", [d_cut]),
        ("bc", [b_cut, c]),
        ("cd", [c, d_cut]),
    ]:
        found = verdict(tag, sentences, pieces)
        assert found.verified, (pieces, found.issues)


def test_an_invented_sentence_is_noticed(record_property: Record) -> None:
    missed, asked = [], 0
    for tag, a, b, b_cut, c, d, _, invented in ROWS:
        for sentences, pieces in [
            ("abcd", [a, b, c, d, invented]),
            ("abcd", [a, b, invented, c, d]),
            ("abcd", [a, b_cut, c, d, invented]),
            ("a", [a, invented]),
            ("b", [b, invented]),
            ("c", [c, invented]),
            ("ab", [a, b, invented]),
            ("abd", [a, b, c, d]),
        ]:
            asked += 1
            if verdict(tag, sentences, pieces).verified:
                missed.append((tag, sentences, pieces))
    record_property(MEASURED, f"invented sentences missed: {len(missed)} of {asked}")
    assert len(missed) <= 0.1 * asked, missed


def test_any_of_five_sentences_more_is_noticed() -> None:
    for tag, pieces in TRANSLATIONS.items():
        for n in range(1, 6):
            source = " ".join(ENGLISH[each - 1] for each in without(n))
            found = check(source, joined(tag, pieces), language=languages.find(tag))
            assert not found.verified, (tag, n)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_short_sentence_in_the_middle_is_missed(row: list[str]) -> None:
    """Where sentence marks came back, its own too or not, and where none did."""
    tag, a, b, _, c, d, _, _ = row
    source = " ".join(SOURCE[each] for each in "abcd")
    marked = [a, f"<s2/>{b}", f"<s3/>{c}", f"<s4/>{d}"]
    for pieces, whole in [
        (marked, True),
        ([*marked[:2], marked[3]], False),
        ([*marked[:2], "<s3/>", marked[3]], False),
        ([a, b, c, d], True),
        ([a, b, d], False),
    ]:
        answer = joined(tag, pieces)
        found = check(
            source,
            sentence_markers.remove(answer),
            language=languages.find(tag),
            groups=sentence_markers.align(source, answer),
        )
        assert found.verified == whole, (pieces, found.issues)


SMALL = "The sample was small. The test was short. The effect was large."
BATS = "Bats sleep by day. They hunt at night. Moths hear them."
POND = "The pond froze. The frogs slept. Spring came late."


@pytest.mark.parametrize(
    ("source", "tag", "translation", "cut"),
    [
        (SMALL, "ko", "표본은 작고 시험은 짧았다. 효과는 컸다.", "표본은 작았다. 효과는 컸다."),
        (
            BATS,
            "ko",
            "박쥐는 낮에 자고 밤에 사냥한다. 나방은 그 소리를 듣는다.",
            "나방은 그 소리를 듣는다.",
        ),
        (
            POND,
            "ko",
            "연못이 얼고 개구리들은 잠들었다. 봄은 늦게 왔다.",
            "연못이 얼었다. 봄은 늦게 왔다.",
        ),
        (POND, "ja", "池は凍り、カエルは眠った。春は遅く来た。", "池は凍った。春は遅く来た。"),
        (POND, "tr", "Gölet dondu ve kurbağalar uyudu. Bahar geç geldi.", "Gölet dondu."),
    ],
)
def test_three_short_sentences_may_be_two(
    source: str, tag: str, translation: str, cut: str
) -> None:
    language = languages.find(tag)
    assert check(source, translation, language=language).verified
    assert not check(source, cut, language=language).verified
