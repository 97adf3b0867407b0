"""How often the checks are wrong, measured on sentence pairs and on the sample edition."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from backend import languages
from backend.papers.sample import SampleEdition
from backend.texts import placeholders
from backend.verification.verify import Kind, Verdict, check

from ..measured import MEASURED

PAIRS = Path(__file__).with_name("sentence_pairs")
LANGUAGES = ("zh-Hans", "ja", "ko", "es", "fr", "de")
"""Those of the sample edition."""
ALL_LANGUAGES = (*LANGUAGES, "ar", "hi", "ru")

Record = Callable[[str, object], None]


@dataclass(frozen=True)
class Pair:
    tag: str
    kind: Kind
    source: str
    translation: str
    issue: str = ""
    damage: str = ""

    def verdict(self, translation: str | None = None) -> Verdict:
        text = self.translation if translation is None else translation
        language = languages.find(self.tag)
        return check(self.source, text, language=language, kind=self.kind)


def pairs(name: str) -> list[Pair]:
    """The pairs of a table, in all its languages."""
    found = []
    for tag in ALL_LANGUAGES:
        lines = (PAIRS / f"{name}.{tag}.tsv").read_text(encoding="utf-8").splitlines()
        columns = lines[0].split("\t")
        for line in lines[1:]:
            row = dict(zip(columns, line.split("\t"), strict=True))
            found.append(Pair(tag=tag, **row))  # type: ignore[arg-type]
    return found


def names(verdict: Verdict) -> set[str]:
    return {issue.name for issue in verdict.issues}


def test_correct_pairs_are_hardly_ever_refused(record_property: Record) -> None:
    correct = pairs("correct")
    refused = [
        f"{pair.tag}: {pair.translation} {pair.verdict().issues}"
        for pair in correct
        if not pair.verdict().verified
    ]
    record_property(MEASURED, f"correct sentence pairs refused: {len(refused)} of {len(correct)}")
    assert len(correct) >= 880
    assert len(refused) <= 0.01 * len(correct), "\n".join(refused)


def test_damaged_pairs_are_all_caught_by_their_name(record_property: Record) -> None:
    damaged = pairs("damaged")
    missed = [pair for pair in damaged if pair.verdict().verified]
    misnamed = [pair for pair in damaged if not names(pair.verdict()) & {*pair.issue.split("|")}]
    record_property(
        MEASURED,
        f"damaged sentence pairs missed: {len(missed)} of {len(damaged)},"
        f" named otherwise: {len(misnamed) - len(missed)}",
    )
    assert len(damaged) >= 690
    assert not misnamed, "\n".join(f"{p.tag}, {p.damage}: {p.translation}" for p in misnamed)


def test_the_tables_cover_every_language_and_kind_of_damage() -> None:
    for table in ("correct", "damaged"):
        found = pairs(table)
        assert all(sum(pair.tag == tag for pair in found) >= 50 for tag in ALL_LANGUAGES)
        assert len({(pair.tag, pair.translation) for pair in found}) == len(found)
    blocking = {"placeholder", "nesting", "number", "script", "echo", "refusal", "truncated"}
    for tag in LANGUAGES:
        expected = {p.issue.split("|")[0] for p in pairs("damaged") if p.tag == tag}
        assert blocking | {"length"} <= expected


def _digits(text: str) -> Iterator[re.Match[str]]:
    for match in re.finditer("[0-9]", text):
        if not re.search("</?[xg][0-9]*$", text[: match.start()]):
            yield match


def test_any_other_digit_is_noticed(record_property: Record) -> None:
    """Each digit of each correct pair is changed in turn; what hides is a digit the source has in words."""
    changed = missed = 0
    for pair in pairs("correct"):
        text = pair.translation
        for match in _digits(text):
            for step in (1, 3, 5):
                other = str((int(match[0]) + step) % 10)
                changed += 1
                missed += pair.verdict(text[: match.start()] + other + text[match.end() :]).verified
    record_property(MEASURED, f"changed digits missed: {missed} of {changed}")
    assert changed > 2_000
    assert missed <= 0.005 * changed


def test_any_lost_placeholder_is_noticed() -> None:
    tag = re.compile(r"<x[0-9]+/>|</?g[0-9]+>")
    for pair in pairs("correct"):
        for match in tag.finditer(pair.translation):
            text = pair.translation[: match.start()] + pair.translation[match.end() :]
            assert names(pair.verdict(text)) & {"placeholder", "nesting"}


def _sample_pairs() -> list[Pair]:
    sample = SampleEdition()
    found = []
    for tag in LANGUAGES:
        for identifier, ours in sample.translations(tag).items():
            paper = sample.papers()[identifier]
            assert paper.abstract
            assert ours.abstract
            found.append(Pair(tag, "title", _protected(paper.title), _protected(ours.title)))
            found.append(Pair(tag, "prose", _protected(paper.abstract), _protected(ours.abstract)))
    return found


def _protected(plain: str) -> str:
    return placeholders.protect(placeholders.escape(plain)).text


def test_the_sample_edition_passes(record_property: Record) -> None:
    sample = _sample_pairs()
    refused = [pair for pair in sample if not pair.verdict().verified]
    record_property(MEASURED, f"sample translations refused: {len(refused)} of {len(sample)}")
    assert len(sample) >= 14 * 2 * len(LANGUAGES)
    assert len(refused) <= 0.02 * len(sample), "\n".join(
        f"{pair.tag}: {pair.translation} {pair.verdict().issues}" for pair in refused
    )


def test_long_sentences_cannot_be_left_out(record_property: Record) -> None:
    """Each sentence of each sample abstract is left out in turn; a fifth of the abstract is long."""
    left_out = missed = 0
    for pair in _sample_pairs():
        if pair.kind == "title":
            continue
        pieces = re.findall(r"[^。.!?]+(?:[.](?=\S)[^。.!?]+)*[。.!?]+\s*", pair.translation)
        for index, piece in enumerate(pieces):
            if len(piece) < 0.2 * len(pair.translation):
                continue
            left_out += 1
            missed += pair.verdict("".join(pieces[:index] + pieces[index + 1 :]).strip()).verified
    record_property(MEASURED, f"long sentences left out and missed: {missed} of {left_out}")
    assert left_out > 150
    assert missed <= 0.05 * left_out


def test_a_check_costs_little(record_property: Record) -> None:
    """Processor time for a sample abstract, and for 8,000 characters of them."""
    for tag in ("zh-Hans", "de"):
        sample = [pair for pair in _sample_pairs() if pair.tag == tag and pair.kind == "prose"]
        source = " ".join(pair.source for pair in sample)[:8_000]
        whole = Pair(tag, "prose", source, " ".join(pair.translation for pair in sample)[:8_000])
        one = min(_seconds(sample[0]) for _ in range(5))
        all_of_them = min(_seconds(whole) for _ in range(5))
        record_property(
            MEASURED,
            f"a check into {tag}: {one * 1e3:.1f} ms for {len(sample[0].source)} characters,"
            f" {all_of_them * 1e3:.1f} ms for {len(source):,}",
        )
        assert one < 0.02
        assert all_of_them < 0.1


def _seconds(pair: Pair) -> float:
    started = time.process_time()
    pair.verdict()
    return time.process_time() - started
