"""Whatever an upstream sends becomes a clean value or none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.papers import sanitizing

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  A title\n  over two lines ", "A title over two lines"),
        ("tab\there\r\nthere", "tab here there"),
        ("nul\x00 and half \ud83d a pair", "nul and half a pair"),
        ("no\u00a0break\u2028line", "no break line"),
        ("Poincaré 証明 😀", "Poincaré 証明 😀"),
        (None, ""),
        (7, ""),
        (["x"], ""),
    ],
)
def test_text_becomes_one_clean_line(value, text):
    assert sanitizing.line(value) == text


def test_text_is_cut_at_its_longest():
    assert sanitizing.line("x" * 10_000_000, 5) == "xxxxx"


@given(JSON)
def test_any_value_becomes_something_that_can_be_kept(value):
    """Everything that comes out can be encoded as UTF-8 and stored by PostgreSQL."""
    text = sanitizing.line(value, 50)
    assert len(text) <= 50
    assert "\x00" not in text
    assert "\n" not in text
    text.encode()
    for item in sanitizing.lines(value, most=3):
        assert item
        item.encode()
    assert 0 <= sanitizing.count(value) < 2**31
    assert sanitizing.moment(value) is None
    assert sanitizing.web_address(value) is None


def test_lists_lose_what_is_empty_or_doubled():
    assert sanitizing.lines(["a", "", None, "b", "a", {"c": 1}], most=5) == ("a", "b")
    assert sanitizing.lines([str(n) for n in range(10)], most=2) == ("0", "1")
    assert sanitizing.lines("abc", most=5) == ()


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), (-3, 0), (10**30, 2**31 - 1), (True, 0), (2.5, 0), ("3", 0), (None, 0)],
)
def test_counts_are_whole_and_fit_the_database(value, number):
    assert sanitizing.count(value) == number


@pytest.mark.parametrize(
    ("value", "time"),
    [
        ("2026-08-20T10:20:30.999Z", datetime(2026, 8, 20, 10, 20, 30, tzinfo=UTC)),
        ("2026-08-20T10:20:30+02:00", datetime(2026, 8, 20, 8, 20, 30, tzinfo=UTC)),
        ("2026-08-20", datetime(2026, 8, 20, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("", None),
        (1724150000, None),
    ],
)
def test_times_are_utc_in_whole_seconds(value, time):
    assert sanitizing.moment(value) == time


@pytest.mark.parametrize(
    "address", ["https://example.org/a?b=c#d", "http://example.org", "https://пример.example/ü"]
)
def test_web_addresses_stay(address):
    assert sanitizing.web_address(f" {address}\n") == address


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "example.org",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org/\x00",
        'https://example.org/"onclick="x',
        "https://example.org/a b",
        "https://[::1",
        "https://example.org/" + "x" * 3_000,
        None,
        7,
    ],
)
def test_other_addresses_go(address):
    assert sanitizing.web_address(address) is None
