"""A backend with a filled day for tests of the reading pages."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.browser.backend_process import Backend
from tests.fakes.llm import MODEL, FakeLLM
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace
from tests.reading.a_day import DAY, abstracts, fill, hostile

HOSTILE_DAY = "2026-03-02"


@contextmanager
def filled_backend(
    folder: Path, llm: FakeLLM, shared: Path | None, languages: Sequence[str], papers: int = 31
) -> Iterator[Backend]:
    """A backend with a day of papers, translated, and a hostile day, while the block runs."""
    with FakeHuggingFace() as huggingface, FakeArxiv() as arxiv:
        ids = fill(
            huggingface,
            arxiv,
            abstracts(shared, papers),
            githubRepo="https://github.com/example/code",
        )
        settings = {
            "HF_ENDPOINT": huggingface.url,
            "ARXIV_API_URL": arxiv.api_url,
            "OPENAI_BASE_URL": llm.base_url,
            "OPENAI_MODEL": MODEL,
        }
        with Backend(folder, **settings) as backend:
            get(backend, f"/api/v1/daily/{DAY}")
            for lang in languages:
                translate(backend, lang, ids)
            hostile(huggingface, arxiv, HOSTILE_DAY)
            get(backend, f"/api/v1/daily/{HOSTILE_DAY}")
            yield backend


def get(backend: Backend, path: str) -> bytes:
    """What the backend answers at an address."""
    with urllib.request.urlopen(backend.url + path, timeout=60) as answer:
        content: bytes = answer.read()
    return content


def translate(backend: Backend, lang: str, ids: Sequence[str]) -> None:
    """Have papers translated and kept."""
    body = json.dumps({"lang": lang, "ids": list(ids)}).encode()
    request = urllib.request.Request(
        backend.url + "/api/v1/papers/translations", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=120) as answer:
        answer.read()
