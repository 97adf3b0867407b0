"""The owner's page before its script has asked for anything: no secret in it, words in eight languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from string import Formatter
from typing import get_args

import pytest
from flask.testing import FlaskClient

from backend.llm import provider_faults
from backend.reading.catalogue import TAGS
from backend.reading.owner.owner_page import words
from backend.verification.issues import IssueName

OTHERS = [tag for tag in TAGS if tag != "en"]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("tag", OTHERS)
def test_every_language_says_the_same_in_its_own_words(tag: str):
    english, other = words("en"), words(tag)
    assert list(other) == list(english)
    for key, text in english.items():
        assert places(other[key]) == places(text), key
        assert other[key].strip(), key
        named = key in (
            "seconds",
            "tokens",
        )  # a sign of physics; a word that some languages took over
        assert " " not in text or other[key] != text or named, key


def test_everything_that_can_be_named_has_words():
    """States that the llm and papers packages tell of, and every check's name."""
    states = {
        "ok",
        "unknown",
        "none",
        "failing",
        "loading",
        "unreachable",
        *provider_faults._NAMES.values(),
    }
    states |= {"refused", "asks-to-wait", "unavailable"}
    known = words("en")
    assert {key.removeprefix("state_") for key in known if key.startswith("state_")} == states
    checks = {key.removeprefix("issue_") for key in known if key.startswith("issue_")}
    assert checks == set(get_args(IssueName))


def test_the_page_holds_no_number_and_no_secret(make_client: Callable[..., FlaskClient]):
    client = make_client(access_tokens=("correct-horse-battery",), openai_api_key="sk-secret")
    page = client.get("/owner", headers={"Accept-Language": "zh-TW, ja"})
    assert page.status_code == 200
    assert page.content_type == "text/html; charset=utf-8"
    assert "correct-horse" not in page.text
    assert "sk-secret" not in page.text
    assert "fake-model" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert 'name="robots" content="noindex"' in make_client(indexing=True).get("/owner").text
    assert "Accept-Language" in str(page.headers.getlist("Vary"))
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", page.text)
    assert not re.search(r"\sstyle=|\son[a-z]+=", page.text)


@pytest.mark.parametrize(
    ("accepted", "query", "lang"),
    [
        ("zh-TW, ja", "", "zh-Hant"),
        ("pt-BR, fr;q=0.5", "", "en"),
        ("ja", "?lang=de", "de"),
        ("ja", "?lang=ar", "en"),
        ("ja", "?lang=<script>", "ja"),
    ],
)
def test_the_page_is_in_a_language_of_the_browser(
    client: FlaskClient, accepted: str, query: str, lang: str
):
    page = client.get(f"/owner{query}", headers={"Accept-Language": accepted})
    assert f'<html lang="{lang}" dir="ltr">' in page.text
    assert words(lang)["cost_today"] in page.text.replace("&#39;", "'")
