"""A refusal in place of the last sentence, and a translator's note behind it, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend import languages
from backend.verification.verify import check

from .test_left_out import joined

TABLE = Path(__file__).with_name("refusals_and_notes.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in TABLE[1:]]
ENGLISH = "The lake was clear forty years ago."
MORE = "We measured its colour every week."


def issues(tag: str, source: str, *pieces: str) -> set[str]:
    answer = joined(tag, [*pieces])
    return {issue.name for issue in check(source, answer, language=languages.find(tag)).issues}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_refusal_for_the_last_sentence(row: list[str]) -> None:
    tag, sentence, refusal, _ = row
    assert "refusal" in issues(tag, f"{ENGLISH} {MORE}", sentence, refusal)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_refusal_of_the_source_is_translated(row: list[str]) -> None:
    tag, sentence, refusal, _ = row
    source = (
        f"{ENGLISH} Unfortunately, the model said it was sorry and could not answer the question."
    )
    assert "refusal" not in issues(tag, source, sentence, refusal)
    assert not issues(tag, ENGLISH, sentence)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_translators_note(row: list[str]) -> None:
    """Of any text, and of one that speaks of translation itself."""
    tag, sentence, _, note = row
    assert "refusal" in issues(tag, ENGLISH, sentence, note)
    assert "refusal" in issues(tag, f"{ENGLISH} Machine translation did well.", sentence, note)
