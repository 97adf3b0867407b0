"""The whole app over fake upstreams, with a real translation memory that tests put translations into."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend import create_app, languages, services
from backend.config import Config
from backend.services import Services
from backend.texts import placeholders
from backend.translation.lookup import key_of
from backend.translation.records import Translation
from tests.fakes.llm import FakeLLM
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed
from tests.papers.wiring import PapersSide, TurnableClock

from .atom_rules import ATOM


def kind(id: str) -> str:
    """A word that tells a paper from others: digits alike would leave their protected texts alike."""
    return "".join(chr(ord("a") + int(digit)) for digit in id if digit.isdigit())


def sheep(id: str) -> str:
    """arXiv's entry about an invented paper whose texts no other has."""
    return entry(
        id,
        title=f"On {kind(id)} sheep",
        abstract=f"We count {kind(id)} sheep, $2.0\\times$ faster.",
    )


class FeedSite:
    """A server with lists of invented papers and translations, read as a feed reader reads it."""

    def __init__(
        self,
        ours: Services,
        side: PapersSide,
        clock: TurnableClock,
        huggingface: FakeHuggingFace,
        arxiv: FakeArxiv,
    ) -> None:
        self.services, self.side, self.clock = ours, side, clock
        self.huggingface, self.arxiv = huggingface, arxiv
        self.client: FlaskClient = create_app(services_=ours).test_client()

    def poll(self, day: str, items: list[dict[str, Any]]) -> None:
        """Have the upstream list these, and poll the day."""
        self.huggingface.lists[day] = items
        self.side.editions.fetch(date.fromisoformat(day))

    def papers(self, day: str, count: int, **changes: Any) -> list[str]:
        """Have a day list so many papers that arXiv knows; returns their identifiers."""
        ids = [f"2603.{int(day[-2:]) * 1000 + n:05}" for n in range(1, count + 1)]
        self.arxiv.entries |= {id: sheep(id) for id in ids}
        self.poll(day, [listed(id, upvotes=n, **changes) for n, id in enumerate(ids)])
        return ids

    def translate(
        self,
        id: str,
        lang: str = "de",
        *,
        title: str | None = None,
        abstract: str | None = None,
        verified: bool = True,
        parts: tuple[str, ...] = ("title", "abstract"),
    ) -> None:
        """Keep translations of a paper's texts in the memory, as the translator does."""
        paper = self.services.papers.get(id)
        told = {
            "title": title or f"Von {kind(id)} Schafen",
            "abstract": abstract or f"Wir zählen {kind(id)} Schafe, <x1/> schneller.",
        }
        for part in parts:
            protected = placeholders.protect(placeholders.escape(getattr(paper, part)))
            key = key_of(protected, languages.find(lang), model=self.services.translator.model_name)
            issues = () if verified else ("numbers",)
            self.services.translator.memory.store(
                key, lang, Translation(told[part], verified, issues, "fake-model")
            )

    def get(self, address: str, **headers: str) -> TestResponse:
        return self.client.get(
            address, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    def atom(self, address: str) -> Any:
        """The feed as feedparser reads it, which must have nothing to complain of."""
        response = self.get(address)
        assert response.status_code == 200, response.text
        read = feedparser.parse(
            response.data, response_headers={"content-type": response.headers["Content-Type"]}
        )
        assert not read.bozo, read.get("bozo_exception")
        return read

    def atom_entries(self, address: str) -> dict[str, bytes]:
        """The bytes of each entry of an Atom feed, by its id."""
        elements = list(ET.fromstring(self.get(address).data).iter(f"{ATOM}entry"))
        found = {str(each.findtext(f"{ATOM}id")): ET.tostring(each) for each in elements}
        assert len(found) == len(elements), "an id is that of two entries"
        return found

    def json_items(self, address: str) -> dict[str, Any]:
        """The items of a JSON feed, by their ids."""
        items = json.loads(self.get(address).data)["items"]
        return {item["id"]: item for item in items}


@pytest.fixture
def site(
    by_hand: PapersSide,
    clock: TurnableClock,
    settings: dict[str, Any],
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    fake_llm: FakeLLM,
) -> Iterator[FeedSite]:
    """The app with a model that nothing here may ask."""
    built = services.build(Config(**settings))
    ours = dataclasses.replace(
        built, editions=by_hand.editions, papers=by_hand.papers, sample=by_hand.sample
    )
    yield FeedSite(ours, by_hand, clock, huggingface, arxiv)
    built.close()
    assert fake_llm.requests == [], "a GET asked the model"
