"""Any two texts get a verdict, and soon: what a model answers is untrusted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend import languages
from backend.languages import Language
from backend.verification.verify import check
from tests.measured import assert_cpu_seconds

_TEXT = st.text(max_size=200) | st.text(
    alphabet="<>xg/0123456789 .,;:-−%()&lt;amp'’“”abcДж三百万一亿세억万^eE×\n\xa0", max_size=200
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_TEXT, _TEXT, st.sampled_from(languages.ALL), st.sampled_from(["title", "prose"]))
def test_any_two_texts_get_a_verdict(
    source: str, translation: str, language: Language, kind: str
) -> None:
    verdict = check(source, translation, language=language, kind=kind)  # type: ignore[arg-type]
    assert verdict.verified == (not {issue.name for issue in verdict.issues} - {"term"})


_LONG: dict[str, Callable[[int], str]] = {
    "digits": lambda n: "7" * n,
    "commas": lambda n: ("1," * n)[:n],
    "points": lambda n: ("1.234." * n)[:n],
    "spaced": lambda n: ("123 456 " * n)[:n],
    "hyphens": lambda n: ("twenty-" * n)[:n],
    "dashes": lambda n: "-" * n,
    "spaces": lambda n: " " * n,
    "brackets": lambda n: "(" * n,
    "tags": lambda n: ("<x1/>" * n)[:n],
    "powers": lambda n: ("9^9" * n)[:n],
    "magnitudes": lambda n: ("百万" * n)[:n],
    "koreans": lambda n: ("1만 " * n)[:n],
    "numerals": lambda n: ("million " * n)[:n],
    "glued": lambda n: ("fünfund" * n)[:n],
    "letters": lambda n: "a" * n,
    "capitals": lambda n: ("A-" * n)[:n],
    "sentences": lambda n: ("A b. " * n)[:n],
    "quotes": lambda n: ('"the of and ' * n)[:n],
    "notes": lambda n: ("note: " * n)[:n],
    "halves": lambda n: ("2½ and a half million " * n)[:n],
    "labels": lambda n: ("(precision: a b. " * n)[:n],
    "roman": lambda n: ("III期 phase 3 " * n)[:n],
    "remains": lambda n: ("[x1] <x</g>&lt;g2 " * n)[:n],
    "names": lambda n: ("Ada B. Cee, " * n)[:n],
}


@pytest.mark.parametrize("tag", ["zh-Hans", "ko", "de", "es", "th"])
@pytest.mark.parametrize("shape", _LONG)
def test_time_grows_with_the_length_and_no_faster(shape: str, tag: str) -> None:
    """8,000 characters of anything take milliseconds, not seconds."""
    language = languages.find(tag)
    check("A word.", "Ein Wort.", language=language)  # loads the language's tables, once
    text = _LONG[shape](8_000)
    plain = "We train a model on 12 tasks and find that it works. " * 150
    for source, translation in ((text, text + "!"), (plain, text), (text, plain)):
        assert_cpu_seconds(0.75, partial(check, source, translation, language=language))
