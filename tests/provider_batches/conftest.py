"""An edition of long abstracts, so that a language takes several requests, and what was paid for."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.fakes.llm import FakeLLM
from tests.fakes.upstreams import FakeArxiv, entry
from tests.test_commands import (  # noqa: F401 # fixtures
    IDS,
    WORDS,
    arxiv,
    environment,
    huggingface,
)

TEXTS = 2 * len(IDS)


@pytest.fixture(autouse=True)
def long_abstracts(arxiv: FakeArxiv) -> None:  # noqa: F811
    for number, (id, word) in enumerate(zip(IDS, WORDS, strict=True), 2):
        sentences = (
            f"We study {word.lower()} attention with {number * 100 + n} heads and find it useful."
            for n in range(50)
        )
        arxiv.entries[id] = entry(id, title=f"{word} Attention", abstract=" ".join(sentences))


def paid(fake: FakeLLM) -> Counter[tuple[str, str]]:
    """How often each text was answered, in a batch or alone."""
    alone = Counter((asked.language, text) for asked in fake.requests for _, text in asked.segments)
    return fake.batches.answered + alone
