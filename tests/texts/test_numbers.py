from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.texts import numbers
from backend.texts.numbers import Number


def first(text: str, language: str) -> Number:
    """The number stated most firmly: digits before words, and cardinals before the rest."""
    found = numbers.find(text, language=language)
    assert found, text
    return min(found, key=lambda n: (n.form not in ("digits", "name"), not n.exact, n.loose))


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        # one quantity in many hands
        ("13-billion-parameter model", "en", "13e9"),
        ("thirteen billion parameters", "en", "13e9"),
        ("a 13B model", "en", "13e9"),
        ("130亿参数", "zh-Hans", "13e9"),
        ("130 億參數", "zh-Hant", "13e9"),
        ("一百三十亿参数", "zh-Hans", "13e9"),
        ("130億パラメータ", "ja", "13e9"),
        ("130억 개의 매개변수", "ko", "13e9"),
        ("13 000 millones de parámetros", "es", "13e9"),
        ("13.000 millones", "es", "13e9"),
        ("13 mil millones", "es", "13e9"),
        ("trece mil millones", "es", "13e9"),
        ("13 milliards de paramètres", "fr", "13e9"),
        ("13 Md", "fr", "13e9"),
        ("treize milliards", "fr", "13e9"),
        ("13 Milliarden Parameter", "de", "13e9"),
        ("13 Mrd. Parameter", "de", "13e9"),
        ("13 bilhões de parâmetros", "pt-BR", "13e9"),
        ("13 mil milhões", "pt-PT", "13e9"),
        ("13 miliardi", "it", "13e9"),
        ("13 млрд параметров", "ru", "13e9"),
        ("13 мільярдів", "uk", "13e9"),
        ("13 tỷ tham số", "vi", "13e9"),
        ("13 miliar parameter", "id", "13e9"),
        ("13 milyar parametre", "tr", "13e9"),
        ("13 مليار معلمة", "ar", "13e9"),
        ("۱۳ میلیارد پارامتر", "fa", "13e9"),
        ("13 מיליארד פרמטרים", "he", "13e9"),
        ("13 अरब पैरामीटर", "hi", "13e9"),
        ("1.3 หมื่นล้านพารามิเตอร์", "th", "13e9"),
        ("13 miliardów", "pl", "13e9"),
        ("13 miljard", "nl", "13e9"),
        ("13 miljarder", "sv", "13e9"),
        ("13 δισεκατομμύρια", "el", "13e9"),
        # suffixes
        ("44K", "en", "44e3"),
        ("4.4万", "zh-Hans", "44e3"),
        ("4만 4천 명", "ko", "44e3"),
        ("44 Tsd.", "de", "44e3"),
        ("1.5T tokens", "en", "1.5e12"),
        ("1万2000件", "ja", "12e3"),
        ("1億2000万", "ja", "120e6"),
        ("1천만", "ko", "10e6"),
        ("2000多万", "zh-Hans", "20e6"),
        # separators
        ("1,234.5", "en", "1234.5"),
        ("1.234,5", "de", "1234.5"),
        ("1 234,5", "fr", "1234.5"),
        ("1\u202f234,5", "fr", "1234.5"),
        ("1’234.5", "de", "1234.5"),
        ("1.234.567", "it", "1234567"),
        ("1,23,456", "hi", "123456"),
        ("0,5", "es", "0.5"),
        ("0.5", "es", "0.5"),
        ("p = .95", "en", "0.95"),
        ("13.5", "de", "13.5"),
        # native digits
        ("١٬٢٣٤٫٥", "ar", "1234.5"),
        ("१२ कार्य", "hi", "12"),
        ("๑๒", "th", "12"),
        ("１２", "ja", "12"),
        # powers
        ("10^6", "en", "1e6"),
        ("10⁻³", "en", "1e-3"),
        ("1e-5", "en", "1e-5"),
        ("3.5×10^5", "zh-Hans", "350000"),
        ("3,5 · 10⁵", "de", "350000"),
        # words
        ("two hundred and fifty", "en", "250"),
        ("seventy-five", "en", "75"),
        ("half a dozen, i.e. six", "en", "6"),
        ("fünfundzwanzig", "de", "25"),
        ("dreihundertzwölf", "de", "312"),
        ("treinta y cinco", "es", "35"),
        ("quatre-vingt-dix-sept", "fr", "97"),
        ("vingt et un", "fr", "21"),
        ("一百二十三个", "zh-Hans", "123"),
        ("二〇二三年", "zh-Hans", "2023"),
        ("세 가지", "ko", "3"),
        ("пʼять", "uk", "5"),
        ("XXIe siècle", "fr", "21"),
        ("del XXI", "es", "21"),
        ("vijfentwintig", "nl", "25"),
    ],
)
def test_a_number_is_its_value(text: str, language: str, value: str) -> None:
    assert Decimal(value) in first(text, language).values


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("GPT-4 is", "gpt4"),
        ("GPT‑4o", "gpt4o"),
        ("CIFAR-10", "cifar10"),
        ("x86", "x86"),
        ("v2.1", "v2.1"),
        ("Qwen2.5-Math", "qwen2.5"),
        ("ResNet-50-based", "resnet50"),
        ("pass@1", "pass1"),
        ("two A100s", "a100"),
        ("2WikiMultihopQA", "2wikimultihopqa"),
        ("CO₂", "co2"),
    ],
)
def test_digits_of_an_identifier_are_its_name(text: str, name: str) -> None:
    found = [number for number in numbers.find(text, language="en") if number.form == "name"]
    assert [number.name for number in found] == [name]


@pytest.mark.parametrize(
    "text", ["3D", "8-bit", "10x faster", "the 2nd", "16GB", "top-1", "3-fold"]
)
def test_units_and_small_words_make_no_name(text: str) -> None:
    assert first(text, "en").form == "digits"


def test_a_name_with_a_magnitude_is_also_its_number() -> None:
    assert Decimal("13e9") in first("LLaMA-13B", "en").values


@pytest.mark.parametrize(
    ("text", "language", "percent"),
    [
        ("50%", "en", True),
        ("50 %", "fr", True),
        ("50 Prozent", "de", True),
        ("50퍼센트", "ko", True),
        ("百分之50", "zh-Hans", True),
        ("%50", "tr", True),
        ("٪۵۰", "fa", True),
        ("50", "en", False),
        ("50 tasks", "en", False),
    ],
)
def test_percent_is_seen(text: str, language: str, percent: bool) -> None:
    assert first(text, language).percent is percent


def test_a_range_shares_its_unit() -> None:
    low, high = numbers.find("5.2-11.8%", language="en")
    assert (low.percent, high.percent) == (None, True)
    low, high = (n for n in numbers.find("3 to 5 million", language="en") if n.form == "digits")
    assert Decimal("3e6") in low.values
    assert high.values == (Decimal("5e6"),)
    value, margin = (n for n in numbers.find("(6.5 ± 0.7) billion", language="en") if n.exact)
    assert Decimal("6.5e9") in value.values
    assert Decimal("0.7e9") in margin.values


@pytest.mark.parametrize(
    ("text", "language", "negative"),
    [
        ("a value of -0.5", "en", True),
        ("a value of −0.5", "en", True),
        ("[-1, 1]", "en", True),
        ("minus 0,5", "de", None),
        ("负0.5", "zh-Hans", None),
        ("マイナス0.5", "ja", None),
        ("au moins 5", "fr", None),
        ("为-0.5", "zh-Hans", None),
        ("3.1 +/- 0.5", "en", False),
        ("layer-5", "en", False),
        ("0.5", "en", False),
    ],
)
def test_a_sign_is_no_dash(text: str, language: str, negative: bool | None) -> None:
    assert numbers.find(text, language=language)[-1 if "+/-" in text else 0].negative is negative


def test_the_second_number_of_a_range_is_not_negative() -> None:
    assert [n.negative for n in numbers.find("in 2009-2021 and 5-10", language="en")] == [False] * 4


def test_placeholders_are_no_numbers() -> None:
    text = "<x1/> and <g2>three</g2> of &lt;x10/&gt; with <g13>14</g13>%"
    found = numbers.find(text, language="en")
    assert [(n.text, n.percent) for n in found if n.form == "digits"] == [("14", True)]
    assert [n.values for n in found if n.exact and n.form == "word"] == [(Decimal(3),)]


def test_a_version_is_no_quantity() -> None:
    (number,) = numbers.find("1.2.3", language="en")
    assert number.values == ()
    assert number.parts == tuple(map(Decimal, (1, 2, 3)))


def test_a_fraction_is_one_number_with_two_pieces() -> None:
    (number,) = numbers.find("3/4", language="en")
    assert number.values == (Decimal("0.75"),)
    assert number.parts == (Decimal(3), Decimal(4))
    assert len(numbers.find("06/06/2023", language="en")) == 3


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("millions of users", "en", "1e6"),
        ("hundreds of thousands of users", "en", "1e5"),
        ("数百万用户", "zh-Hans", "1e6"),
        ("数十億人", "ja", "1e9"),
        ("수백만 명", "ko", "1e6"),
        ("decenas de miles", "es", "1e4"),
        ("des centaines de millions", "fr", "1e8"),
        ("Hunderttausende", "de", "1e5"),
    ],
)
def test_an_order_of_magnitude_is_vague(text: str, language: str, value: str) -> None:
    vague = [n for n in numbers.find(text, language=language) if n.form == "vague"]
    assert [n.values for n in vague] == [(Decimal(value),)]
    assert not vague[0].exact


@pytest.mark.parametrize(
    "text",
    ["one of the first", "both halves", "zero-shot", "twenty-first century", "three quarters"],
)
def test_idioms_are_not_demanded(text: str) -> None:
    assert not any(number.exact for number in numbers.find(text, language="en"))


def test_a_language_without_a_table_compares_digits() -> None:
    found = numbers.find("tri modeli, 12,5 in 1.000", language="xx")
    assert [n.form for n in found] == ["digits"] * 2
    assert Decimal(1000) in found[1].values
    assert not numbers.knows_words("xx")


@settings(max_examples=300, deadline=None)
@given(
    st.text(max_size=120)
    | st.text(alphabet="0123456789.,/-−^eE×KMB %()万億억만천 lab’", max_size=60),
    st.sampled_from(["en", "zh-Hans", "ja", "ko", "de", "es", "fr", "th", "ar", "xx"]),
)
def test_any_text_has_numbers_or_none(text: str, language: str) -> None:
    for number in numbers.find(text, language=language):
        assert all(value.is_finite() and value >= 0 for value in (*number.values, *number.parts))
        assert number.start <= number.end


@given(st.integers(min_value=0, max_value=10**12))
def test_an_integer_is_found_however_it_is_grouped(value: int) -> None:
    for language, mark in (("en", ","), ("de", "."), ("fr", "\u202f"), ("es", " "), ("de", "’")):
        written = f"{value:,}".replace(",", mark)
        assert Decimal(value) in first(f"({written})", language).values
