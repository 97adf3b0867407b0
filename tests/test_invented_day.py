"""The day that the pictures show: translations that a server verifies, and papers that nobody wrote."""

from __future__ import annotations

import pytest

from backend import languages
from backend.verification.verify import check
from scripts import invented_day


@pytest.mark.parametrize("tag", invented_day.LANGUAGES)
def test_every_translation_is_verified_but_one(tag: str) -> None:
    language, sources = languages.find(tag), invented_day.sources()
    translations = invented_day.translations(tag)
    refused = {
        source: verdict.issues
        for source, translation in translations.items()
        if not (verdict := check(source, translation, language=language)).verified
    }
    assert list(refused) == [sources[invented_day.UNVERIFIED]["abstract"]], refused
    assert {parts["title"] for parts in sources.values()} <= set(translations)


def test_no_identifier_was_ever_given_to_a_paper() -> None:
    """arXiv numbers each month's papers in order; none has had half as many as 90,000."""
    assert all(paper["id"].partition(".")[2] >= "90000" for paper in invented_day.papers())
