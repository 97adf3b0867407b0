"""The pages' own words: the same keys and placeholders in every language, dates as each writes them."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest

from backend import languages
from backend.reading.catalogue import TAGS, beside, catalogue

READING = Path(__file__).parents[2] / "backend" / "reading"
OTHERS = [tag for tag in TAGS if tag != "en"]
# May read the same in several languages.
NAMES = {
    "link_abs",
    "link_pdf",
    "link_html",
    "link_huggingface",
    "link_code",
    "thousands",
    "between_sentences",
}


def places(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_every_file_is_a_language():
    assert {path.stem for path in (READING / "catalogues").iterdir()} == set(TAGS)


@pytest.mark.parametrize("tag", OTHERS)
def test_every_language_says_the_same(tag: str):
    english, other = catalogue("en").texts, catalogue(tag).texts
    assert list(other) == list(english)
    for key, words in english.items():
        if isinstance(words, list):
            assert len(other[key]) == len(words), key
        elif key not in ("day", "short_day", "month"):
            assert places(other[key]) == places(words), key
            assert key in NAMES or other[key].strip(), key


@pytest.mark.parametrize("tag", OTHERS)
def test_every_language_is_translated(tag: str):
    """A sentence that stands as in English was forgotten."""
    english, other = catalogue("en").texts, catalogue(tag).texts
    same = [
        key
        for key, words in english.items()
        if isinstance(words, str)
        and " " in words.strip()
        and other[key] == words
        and key not in NAMES
    ]
    assert [key for key in same if not re.fullmatch(r"[{} \w]*", english[key])] == []


def test_every_word_is_used():
    """And every word that a template or a module asks for is there."""
    sources = "".join(
        path.read_text("utf-8")
        for path in [*READING.rglob("*.py"), *READING.glob("templates/*.html")]
    )
    keys = set(tomllib.loads((READING / "catalogues/en.toml").read_text("utf-8")))
    made = {key for key in keys if key.startswith(("link_", "error_"))}
    unused = [
        key
        for key in sorted(keys - made)
        if f'"{key}"' not in sources and f"'{key}'" not in sources
    ]
    assert unused == []
    asked = set(re.findall(r"\bt(?:ext)?\(\s*['\"](\w+)['\"]\s*[,)]", sources))
    assert asked - keys == set()


@pytest.mark.parametrize(
    ("tag", "day", "moment"),
    [
        ("en", "Tuesday, 6 June 2023", "6 June 2023, 04:05 UTC"),
        ("de", "Dienstag, 6. Juni 2023", "6. Juni 2023, 04:05 UTC"),
        ("fr", "Mardi 6 juin 2023", "6 juin 2023, 04:05 UTC"),
        ("es", "Martes, 6 de junio de 2023", "6 de junio de 2023, 04:05 UTC"),
        ("ja", "2023年6月6日（火）", "2023年6月6日, 04:05 UTC"),
        ("ko", "2023년 6월 6일 화요일", "2023년 6월 6일, 04:05 UTC"),
        ("zh-Hans", "2023年6月6日 星期二", "2023年6月6日, 04:05 UTC"),
        ("zh-Hant", "2023年6月6日 星期二", "2023年6月6日, 04:05 UTC"),
    ],
)
def test_dates(tag: str, day: str, moment: str):
    words = catalogue(tag)
    assert words.day(date(2023, 6, 6)) == day
    assert words.moment(datetime(2023, 6, 6, 4, 5, tzinfo=UTC)) == moment


def test_a_page_speaks_its_readers_language_or_english():
    assert [beside(languages.find(tag)).language.tag for tag in ("ja", "ar", "en", "de")] == [
        "ja",
        "en",
        "en",
        "de",
    ]
    assert beside(languages.find("ar")).name_of(languages.find("ar")) == "Arabic"
    assert beside(languages.find("es")).name_of(languages.find("es")) == "español"


def test_numbers():
    assert [catalogue(tag).number(12345) for tag in ("en", "de", "fr")] == [
        "12,345",
        "12.345",
        "12\u202f345",
    ]
