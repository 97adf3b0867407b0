"""Speakers edit the numeral tables: a slip should name itself here."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from backend import languages
from backend.texts import numbers
from backend.texts.numerals import tables

TABLES = Path(tables.__file__).parent


def test_each_language_has_a_table() -> None:
    served = {language.tag.split("-")[0] for language in languages.ALL}
    assert served == {path.stem for path in TABLES.glob("*.toml")}


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.toml")), ids=lambda path: path.stem)
def test_a_table_is_sound(path: Path) -> None:
    entry = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {
        "decimal",
        "spaces",
        "complete",
        "complete_to",
        "unspaced",
        "glued",
        "and",
        "counted",
        "percent",
    }
    known |= {"minus", "below_zero", "prefixes", "percent_before", "magnitude_first", "unit_first"}
    known |= {"and_half", "half_before", "half_behind", "counted_too", "of", "definite", "dual"}
    sections = {"magnitudes", "cardinals", "loose", "vague", "fractions", "units"}
    assert entry.keys() <= known | sections
    for section in sections & entry.keys():
        for value, listed in entry[section].items():
            assert Decimal(value) >= 0
            words = listed.split()
            assert len(words) == len(set(words)), f"{section} {value} repeats a word"
            assert all(word in ("May", "V", "X") or word == word.lower() for word in words)
            assert all(re.fullmatch(r"[^\s*]+\*?", word) for word in words)
    numerals = {Decimal(value) for value in (*entry["cardinals"], *entry["loose"])}
    assert numerals >= set(map(Decimal, range(10)))
    assert tables.table(path.stem).cardinals.words or tables.table(path.stem).cardinals.stems


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.toml")), ids=lambda path: path.stem)
def test_each_cardinal_of_a_table_is_found_in_prose(path: Path) -> None:
    entry = tomllib.loads(path.read_text(encoding="utf-8"))
    for value, listed in entry["cardinals"].items():
        for word in listed.split():
            if word.endswith("*"):
                continue
            found = numbers.find(f" {word} ", language=path.stem)
            worth = {v for n in found for v in (*n.values, *n.parts)}
            assert Decimal(value) in worth, word
