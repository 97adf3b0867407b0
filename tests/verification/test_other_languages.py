"""The tables of sentence pairs in the languages that have none of their own."""

from __future__ import annotations

from pathlib import Path

from .test_rates import Pair, names

PAIRS = Path(__file__).with_name("sentence_pairs")


def pairs(name: str) -> list[Pair]:
    lines = (PAIRS / f"{name}.others.tsv").read_text(encoding="utf-8").splitlines()
    columns = lines[0].split("\t")
    rows = [dict(zip(columns, line.split("\t"), strict=True)) for line in lines[1:]]
    return [Pair(**row) for row in rows]  # type: ignore[arg-type] # read from a table


def test_correct_pairs_of_other_languages_are_verified() -> None:
    correct = pairs("correct")
    refused = [pair for pair in correct if not pair.verdict().verified]
    assert len({pair.tag for pair in correct}) >= 30
    assert not refused, "\n".join(f"{p.tag}: {p.translation} {p.verdict().issues}" for p in refused)


def test_damaged_pairs_of_other_languages_are_caught_by_their_name() -> None:
    damaged = pairs("damaged")
    misnamed = [pair for pair in damaged if not names(pair.verdict()) & {*pair.issue.split("|")}]
    assert len(damaged) >= 80
    assert not misnamed, "\n".join(f"{p.tag}, {p.damage}: {p.translation}" for p in misnamed)
