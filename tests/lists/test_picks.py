"""The owner's file as it is read: lines of every kind, hostile ones too."""

from __future__ import annotations

from datetime import date

import pytest

from backend.lists import picks


def read(text: str) -> list[tuple[str, str | None, date | None]]:
    return [(pick.id, pick.note, pick.day) for pick in picks.parse(text.encode()).picks]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("2306.02707", ("2306.02707", None)),
        ("  2306.02707v2  ", ("2306.02707v2", None)),
        ("2306.02707 what we read", ("2306.02707", "what we read")),
        ("2306.02707\twhat we read", ("2306.02707", "what we read")),
        ("2306.02707 # what we read", ("2306.02707", "what we read")),
        ("2306.02707#what we read", ("2306.02707", "what we read")),
        ("arXiv: 2306.02707 x", ("2306.02707", "x")),
        ("https://arxiv.org/abs/2306.02707v1 x", ("2306.02707v1", "x")),
        ("hep-th/9901001", ("hep-th/9901001", None)),
        ("\ufeff2306.02707\u200b", ("2306.02707", None)),
        ("2306.02707 <b>bold</b> & more", ("2306.02707", "<b>bold</b> & more")),
        ("2306.02707 tur\u202ened\x00\x1b[31m", ("2306.02707", "turned [31m")),
    ],
)
def test_a_line_is_an_identifier_and_a_note(line: str, expected: tuple[str, str | None]):
    assert read(line) == [(*expected, None)]


def test_headings_are_dates_and_other_comments_say_nothing():
    text = "2306.00001\r\n# for Monday\n\n# 2026-03-04\n2306.00002\n2026-03-05:\n2306.00003\n2306.00003\n"
    assert read(text) == [
        ("2306.00001", None, None),
        ("2306.00002", None, date(2026, 3, 4)),
        ("2306.00003", None, date(2026, 3, 5)),
    ]


def test_bad_lines_are_named_by_number_and_cost_nobody_else():
    lines = ["2306.00001", "no paper", "<script>alert(1)</script>", "2026-02-30", "2306.00002"]
    found = picks.parse("\n".join(lines).encode())
    assert [pick.id for pick in found.picks] == ["2306.00001", "2306.00002"]
    assert found.bad_lines == (2, 3, 4)
    assert found.note() == "Lines 2, 3, 4 of the owner's file hold no arXiv identifier."
    assert picks.parse(b"oops").note() == "Line 1 of the owner's file holds no arXiv identifier."
    assert picks.parse(b"2306.00001").note() is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        bytes(range(256)) * 50,
        b"\xff\xfe2\x003\x000\x006\x00",
        b"a" * 3_000_000,
        b"\n" * 100_000,
        b"2306.00001 " + b"x" * 500_000,
        b"../../etc/passwd\n; DROP TABLE papers\n",
    ],
    ids=["empty", "bytes", "UTF-16", "one long line", "many lines", "a long note", "injection"],
)
def test_whatever_stands_in_it_nothing_breaks(body: bytes):
    found = picks.parse(body)
    assert all(len(pick.note or "") <= picks.MAX_NOTE for pick in found.picks)
    assert len(found.note() or "") < 300


def test_a_file_of_too_many_papers_is_cut_and_says_so():
    body = "\n".join(f"2306.{n:05}" for n in range(10_000, 10_000 + picks.MAX_PICKS + 5))
    found = picks.parse(body.encode())
    assert len(found.picks) == picks.MAX_PICKS
    assert found.note() == "The owner's file is too long: its first 2,000 papers are shown."
