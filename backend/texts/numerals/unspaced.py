"""Numerals in Chinese, Japanese, Korean and Thai, whose words no spaces part: 一百二十三, 두 가지."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from .composing import Piece, compose
from .number import Form, Number
from .tables import WordList, table

_MYRIAD: Final = Decimal(10_000)
# Units of measure and words that begin like a magnitude: 3千克, 5.2百分点, 10兆字节, 3만족.
_NO_MAGNITUDE: Final = re.compile(
    "百分|千[克米瓦赫卡伏焦帕牛]|千秒差|千电子|千字节|兆字节|兆赫|兆瓦|兆位"
)
# What is counted stands behind a numeral that is certainly one.
_COUNTER: Final = re.compile(
    "[ ]?(?:个|個|种|種|项|項|类|類|款|层|層|步|阶|階|维|維|篇|条|條|倍|つ|件|段|組|组|台|次元|"
    "가지|개|명|단계|배|종|차원|편|차례|쌍|층|번|건|곳|장|대)"
)
_UNIT: Final = re.compile(
    "[ ]?[次张張块塊位名人年月日天周枚本回度番目桁級级元点點分期步차단번중년월위층배족]"
)
_TENTHS: Final = re.compile("割|成(?![员員功果分本为為熟就立像长長])")  # 九成 is 90 %
_SEVERAL: Final = "数數几幾何上近成수몇多"
_NATIVE_KOREAN: Final = 3  # from three on, a native numeral before a counter is no other word
_IN_A_WORD: Final = re.compile("[가-힣0-9]")  # 10세대, 출세
_GENERATION: Final = "세대"


@dataclass(frozen=True)
class _Lexicon:
    """A language's numeral words as patterns."""

    cardinals: dict[str, Decimal]
    magnitudes: dict[str, Decimal]
    piece: re.Pattern[str]
    run: re.Pattern[str]
    magnitude: re.Pattern[str]
    loose: re.Pattern[str] | None
    vague: re.Pattern[str] | None
    number: re.Pattern[str]


@cache
def _lexicon(language: str) -> _Lexicon:
    found = table(language)
    cardinals = {word: values[0] for word, values in found.cardinals.words.items()}
    magnitudes = {word: values[0] for word, values in found.magnitudes.words.items()}
    any_magnitude, any_piece = _either(magnitudes), _either({**cardinals, **magnitudes})
    gap = "[ \xa0]?" if language == "ko" else ""  # 4만 4천
    return _Lexicon(
        cardinals=cardinals,
        magnitudes=magnitudes,
        piece=re.compile(any_piece),
        run=re.compile(f"(?:{any_piece})+"),
        magnitude=re.compile(rf"[ \xa0]?[多余餘여]?({any_magnitude})"),
        loose=_pattern(found.loose),
        vague=_pattern(found.vague),
        # 1億2000万, 1억 2천만 and, without a last magnitude, 1万2000, 120만 4,587
        number=re.compile(
            rf"{gap}([0-9]+(?:[.,][0-9]+)*|{_either(cardinals)})(?=({any_magnitude}))"
            rf"|{gap}([0-9]{{1,3}},[0-9]{{3}}|[0-9]{{3,4}})(?![0-9.,])"
        ),
    )


def _either(words: dict[str, Decimal]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True)) or r"(?!)"


def _pattern(listed: WordList) -> re.Pattern[str] | None:
    if not listed.words:
        return None
    return re.compile(_either({word: values[0] for word, values in listed.words.items()}))


def magnitude(text: str, end: int, first: Decimal, language: str) -> tuple[Decimal, int]:
    """What a number in digits is worth with the magnitudes behind it: 1億2000万, 3천만.

    Returns:
        The worth and where it ends; the number itself when no magnitude follows.
    """
    lexicon = _lexicon(language)
    pieces = [Piece(first)]
    while True:
        found = lexicon.magnitude.match(text, end)
        if found and not _NO_MAGNITUDE.match(text, found.start(1)):
            pieces.append(Piece(lexicon.magnitudes[found[1]], magnitude=True))
            end = found.end()
            continue
        if len(pieces) == 1:
            return first, end
        following = lexicon.number.match(text, end)
        if not following or not _goes_on(pieces, following, lexicon):
            return compose(pieces, largest_within=_MYRIAD), end
        digits = (following[1] or following[3]).replace(",", "")
        known = lexicon.cardinals.get(digits)
        pieces.append(Piece(Decimal(digits) if known is None else known))
        end = following.end()


def _goes_on(pieces: list[Piece], following: re.Match[str], lexicon: _Lexicon) -> bool:
    """A numeral goes on with smaller magnitudes only: 1억 2천만, but not 5만 3억."""
    if following[2] is None:
        return Decimal(following[3].replace(",", "")) < pieces[-1].value
    last = max(piece.value for piece in pieces if piece.magnitude)
    return lexicon.magnitudes[following[2]] < last


def scan(text: str, language: str) -> Iterator[Number]:
    """The numerals of a text in the order they stand, then what may stand for one."""
    lexicon = _lexicon(language)
    known = table(language)
    for match in lexicon.run.finditer(text):
        yield from _numerals(text, match, lexicon, language)
    if lexicon.vague:
        for match in lexicon.vague.finditer(text):
            yield _number(match, known.vague.words[match[0]], form="vague")
    if lexicon.loose:
        for match in lexicon.loose.finditer(text):
            values = known.loose.words[match[0]]
            counted = language == "ko" and bool(_COUNTER.match(text, match.end()))
            within = _IN_A_WORD.match(text, match.start() - 1) if match.start() else None
            other = within or text.startswith(_GENERATION, match.start())
            exact = counted and values[0] >= _NATIVE_KOREAN and not other
            yield _number(match, values, exact=exact, loose=not counted)


def _number(
    match: re.Match[str],
    values: tuple[Decimal, ...],
    *,
    form: Form = "word",
    exact: bool = False,
    loose: bool = False,
) -> Number:
    start, end = match.span()
    return Number(match[0], start, end, form, values, exact=exact, loose=loose)


def _numerals(
    text: str, match: re.Match[str], lexicon: _Lexicon, language: str
) -> Iterator[Number]:
    words = lexicon.piece.findall(match[0])
    pieces = [
        Piece(lexicon.cardinals[word])
        if word in lexicon.cardinals
        else Piece(lexicon.magnitudes[word], magnitude=True)
        for word in words
    ]
    start, end = match.span()
    units = [piece.value for piece in pieces if not piece.magnitude]
    before = text[start - 1 : start]
    if before and before in _SEVERAL and pieces[0].magnitude:  # 数百万, 수천
        worth = compose(pieces, largest_within=_MYRIAD)
        yield Number(match[0], start, end, "vague", (worth,), exact=False)
        return
    counted = bool(_COUNTER.match(text, end)) and not (before and before in _SEVERAL)
    if len(units) == len(pieces):  # 二〇二三, and 三四 for three or four
        value = Decimal("".join(str(unit) for unit in units)) if len(units) > 1 else units[0]
        exact = counted and len(units) == 1 and value > 2
        everyday = language == "ko" or units == [1]
        loose = (
            everyday and not counted and not _UNIT.match(text, end) and before not in ("第", "之")
        )
        tenths = [unit * 10 for unit in units if _TENTHS.match(text, end)]
        values = (value, *units[1:], units[0], *tenths)
        yield _number(match, values, exact=exact, loose=loose)
        return
    value = compose(pieces, largest_within=_MYRIAD)
    exact = counted and value > 2 and not _names_none(match[0])
    yield Number(match[0], start, end, "word", (value,), tuple(units), exact=exact)


def _names_none(numeral: str) -> bool:
    """A lone 百, 万 or 조 is as often a word's first half as a number: 万能, 조건."""
    return len(numeral) == 1 and numeral in "百千万萬億亿兆백천만억조"
