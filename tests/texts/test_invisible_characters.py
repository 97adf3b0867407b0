"""Characters that nobody sees do not reach a reader."""

from __future__ import annotations

import pytest

from backend.texts.invisible_characters import without_unseen


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x1b",
        "\x9b",
        "\u200b",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\ue000",
        "\ud800",
        "\U000e0041",
    ],
)
def test_the_unseen_is_left_out(character: str) -> None:
    assert without_unseen(f"Wir{character} zeigen") == "Wir zeigen"


@pytest.mark.parametrize(
    "text", ["می‌خواهیم", "क्‍ष", "GPT-4\u200f.", "a\tb\nc", "x\xa0%", "e\u0301", "🙂\ufe0f", "𠮷"]
)
def test_what_a_script_needs_stays(text: str) -> None:
    assert without_unseen(text) == text


def test_a_line_separator_is_a_line_break() -> None:
    assert without_unseen("a\u2028b") == "a\nb"
