"""Settings: whatever is stored or imported, every value is of the right kind."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.driver import Browser
from tests.extension.conftest import Module

MODULE = "settings.js"

WRONGS: list[object] = [None, 7, -1, True, "", "x", [], ["x"], {}, {"a": 1}]


def _defaults(module: Module) -> dict[str, Any]:
    return dict(module.run("({ DEFAULTS }) => DEFAULTS"))


def _sane(module: Module, stored: object) -> dict[str, Any]:
    return dict(module.run("({ sane }, stored) => sane(stored)", stored))


@pytest.mark.parametrize("wrong", WRONGS, ids=repr)
def test_a_wrong_value_becomes_the_default(module: Module, wrong: object) -> None:
    """In any setting, and in place of all of them."""
    defaults = _defaults(module)
    kinds = {name: type(value) for name, value in defaults.items()}
    if not isinstance(wrong, dict):
        assert _sane(module, wrong) == defaults
    for name in defaults:
        sane = _sane(module, {"control": False, name: wrong})
        assert {key: type(value) for key, value in sane.items()} == kinds, name
        taken = {
            "accessToken": isinstance(wrong, str),
            "targetLanguage": isinstance(wrong, str),
            "list": isinstance(wrong, str),
            "backendUrl": wrong == "x",
            "control": isinstance(wrong, bool),
            "badge": isinstance(wrong, bool),
            "shortCells": isinstance(wrong, bool),
        }
        if not taken.get(name):
            assert sane[name] == defaults[name], name
        if name != "control":
            assert sane["control"] is False
    for page in defaults["pages"]:
        sane = _sane(module, {"pages": {page: wrong, "html": "never"}})
        expected = {**defaults["pages"], "html": "never"}
        assert sane["pages"] == (
            expected if page != "html" else defaults["pages"] | {"html": "never"}
        )


def test_what_is_chosen_stays(module: Module) -> None:
    chosen = {
        "version": 1,
        "backendUrl": "https://example.org/paperglot",
        "accessToken": "open-sesame",
        "targetLanguage": "ja",
        "list": "arxiv:cs.CL",
        "display": "side",
        "pages": {"abs": "demand", "list": "never", "search": "always", "html": "always"},
        "control": False,
        "badge": False,
        "shortCells": True,
        "glossary": [{"source": "token", "target": "トークン"}],
    }
    assert _sane(module, chosen) == chosen


@pytest.mark.parametrize("version", [0, -3, 2, 99, 1.5, "one", None])
def test_settings_of_any_version_are_read(module: Module, version: object) -> None:
    """Of a later one what this one knows."""
    sane = _sane(module, {"version": version, "display": "side", "later": {"a": 1}})
    assert sane == {**_defaults(module), "display": "side"}


def test_nothing_is_longer_than_it_can_be(module: Module) -> None:
    long = {"accessToken": "x" * 4_097, "targetLanguage": "x" * 36}
    assert _sane(module, long) == _defaults(module)
    spaced = _sane(module, {"accessToken": " x ", "targetLanguage": "de "})
    assert (spaced["accessToken"], spaced["targetLanguage"]) == ("x", "de")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ([{"source": " token ", "target": " 词元 "}], [["token", "词元"]]),
        ([{"source": "Token", "target": "甲"}, {"source": "token", "target": "乙"}], [["token", "乙"]]),
        ([None, 7, "x", [], {}, {"source": "a"}, {"source": 1, "target": "b"}], []),
        ([{"source": " ", "target": "x"}, {"source": "x", "target": ""}], []),
        ([{"source": "x" * 300, "target": "y" * 300}], [["x" * 200, "y" * 200]]),
        ([{"source": f"{n}", "target": "x"} for n in range(300)], [[f"{n}", "x"] for n in range(200)]),
        ([{"source": "a", "target": "b", "more": 1}], [["a", "b"]]),
    ],
    ids=["spaces", "twice", "wrong", "empty", "long", "many", "more"],
)  # fmt: skip
def test_terms_are_those_a_request_can_carry(
    module: Module, given: list[object], kept: list[list[str]]
) -> None:
    glossary = _sane(module, {"glossary": given})["glossary"]
    assert glossary == [{"source": source, "target": target} for source, target in kept]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("localhost:8000", "http://localhost:8000"),
        (" https://example.org/paperglot/ ", "https://example.org/paperglot"),
        ("HTTP://Example.ORG", "http://example.org"),
        ("192.0.2.1:8000/", "http://192.0.2.1:8000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
        ("https://example.org/a?b=c#d", "https://example.org/a"),
        ("https://example.org.", "https://example.org."),
        ("my_server", "http://my_server"),
        ("", None),
        ("   ", None),
        ("not an address", None),
        ("http://", None),
        ("http://a b", None),
        ("ftp://127.0.0.1", None),
        ("javascript://example.org/%0a1", None),
        ("file:///etc/hosts", None),
        ("https://someone:secret@example.org", None),
        ("http://example..org", None),
        ("http://exa<mple.org", None),
    ],
)
def test_an_address_is_kept_as_we_use_it(module: Module, typed: str, address: str | None) -> None:
    assert module.run("({ normalizeAddress }, text) => normalizeAddress(text)", typed) == address


def test_changes_in_quick_succession_are_all_kept(module: Module, browser: Browser) -> None:
    """Each waits for the one before it, down to the page types; others stay as they are."""
    saved = module.run(
        """({ save }) => Promise.all([
          save({ display: 'side' }), save({ pages: { abs: 'never' } }), save({ pages: { list: 'never' } }),
          save({ control: false }), save({ display: 'upside-down' }),
        ])"""
    )
    defaults = _defaults(module)
    kept = {**defaults, "control": False}
    kept["pages"] = {**defaults["pages"], "abs": "never", "list": "never"}
    assert saved[-1] == browser.stored("settings") == kept
    assert module.run("({ load }) => load()") == kept


def test_a_reset_leaves_the_defaults_and_nothing_about_papers(
    module: Module, browser: Browser
) -> None:
    browser.store({"settings": {"version": 1, "display": "side"}, "marks": {"read": {}}})
    assert module.run("({ reset }) => reset()") == _defaults(module)
    assert browser.stored("settings") is None
    assert browser.stored("marks") is None


def test_whoever_watches_is_told_until_they_stop(module: Module, browser: Browser) -> None:
    """Of settings, wherever they were changed, and of nothing else."""
    module.run(
        """({ watch }) => {
          globalThis.told = [];
          globalThis.watching = new AbortController();
          watch(({ display }) => globalThis.told.push(display), globalThis.watching.signal);
        }"""
    )
    page = browser.extension_page
    browser.store({"marks": {"read": {"a": 1}}})
    browser.store({"settings": {"display": "side"}})
    page.wait_for("globalThis.told.length === 1")
    browser.store({"settings": {"display": "upside-down"}})
    page.wait_for("globalThis.told.length === 2")
    page.evaluate("globalThis.watching.abort()")
    found = module.run(
        """({ watch, save }) => new Promise((resolve) => {
          const stop = new AbortController();
          watch(() => { stop.abort(); resolve(globalThis.told); }, stop.signal);
          void save({ display: 'replace' });
        })"""
    )
    assert found == ["side", "below"]
