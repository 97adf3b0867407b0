"""What a paper is found by: the words of its texts in all languages, and tokens of what filters ask for.

Pure. A document is a set of tokens:

- the words, runs and neighbours of title, abstract, authors and of each translation that is shown;
- `^` and a token: what stands in a title, in whatever language;
- `:all`; `:y2026` `:m202603` `:d20260303`, the day; `:c=cs.cl`, a category; `:code`; `:in=ja`, translated into
  Japanese; `:ok=ja`, and verified.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from .. import languages
from ..texts import placeholders, search_tokens
from ..texts.placeholders import Protected
from ..texts.search_expressions import Any, Expression
from ..translation.lookup import key_of, needs_no_translation

EVERY = ":all"
CODE = ":code"


@dataclass(frozen=True)
class Original:
    """The texts of a paper in which it is written; two with equal texts are found alike."""

    title: str
    abstract: str
    authors: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """A translation as the memory keeps it."""

    text: str
    verified: bool


@dataclass(frozen=True)
class Facts:
    """What filters ask of a paper."""

    day: date
    categories: Sequence[str]
    has_code: bool


def keys(original: Original, lang: str, *, model: str) -> tuple[str, str]:
    """The memory's keys of title and abstract in a language."""
    language = languages.find(lang)
    title, abstract = (
        key_of(protected(text), language, model=model)
        for text in (original.title, original.abstract)
    )
    return title, abstract


def fingerprint(lang: str, *, model: str) -> str:
    """Changes when the same texts would have other keys in the memory, or other tokens here."""
    key = key_of(protected("A fingerprint."), languages.find(lang), model=model)
    return f"{_VERSION}:{key[:32]}"


_VERSION = 1
"""Grows when texts are cut otherwise, so that all are indexed anew."""


def text_tokens(
    original: Original, translations: Mapping[str, tuple[Kept | None, Kept | None]]
) -> set[str]:
    """The tokens of a paper's texts.

    Args:
        translations: of title and abstract, by language.
    """
    found = search_tokens.tokens(search_tokens.BREAK.join(original.authors))
    found |= _of_title(protected(original.title).text)
    found |= search_tokens.tokens(search_tokens.readable(protected(original.abstract).text))
    for lang in shown(original, translations):
        titled, told = translations[lang]
        if titled:
            found |= _of_title(titled.text)
        if told:
            found |= search_tokens.tokens(search_tokens.readable(told.text))
    return found


def attributes(
    original: Original,
    translations: Mapping[str, tuple[Kept | None, Kept | None]],
    facts: Facts,
) -> set[str]:
    """The tokens that filters ask for."""
    found = of_every_day(facts.day) | {category_token(each) for each in facts.categories}
    if facts.has_code:
        found.add(CODE)
    for lang in shown(original, translations):
        found.add(translated_token(lang))
        if all(kept is None or kept.verified for kept in translations[lang]):
            found.add(verified_token(lang))
    return found


def shown(
    original: Original, translations: Mapping[str, tuple[Kept | None, Kept | None]]
) -> list[str]:
    """The languages whose translations readers are shown: those that have a title."""
    return [
        lang
        for lang, (title, abstract) in translations.items()
        if title or (abstract and _needs_none(original.title, lang))
    ]


def category_token(category: str) -> str:
    """The token of an arXiv category."""
    return f":c={category.lower()}"


def translated_token(lang: str) -> str:
    """The token of papers with a translation into a language."""
    return f":in={lang.lower()}"


def translated_into(attributes: Iterable[str]) -> list[str]:
    """The languages that these tokens name, in the order of our list."""
    found = set(attributes)
    return [each.tag for each in languages.ALL if translated_token(each.tag) in found]


def verified_token(lang: str) -> str:
    """The token of papers with a verified one."""
    return f":ok={lang.lower()}"


def days_of(day: date) -> tuple[str, str, str]:
    """The tokens of a day: its year, its month and itself."""
    return f":y{day:%Y}", f":m{day:%Y%m}", f":d{day:%Y%m%d}"


def of_every_day(day: date) -> set[str]:
    """The attributes that every paper of a day has."""
    return {EVERY, *days_of(day)}


def within(first: date, last: date) -> Expression:
    """That a paper's day is one of these, both ends included: whole years and months where they fit."""
    tokens: list[str] = []
    day = first
    while day <= last:
        year, month, single = days_of(day)
        year_end, month_end = date(day.year, 12, 31), _month_end(day)
        if day.day == 1 and day.month == 1 and year_end <= last:
            tokens.append(year)
            day = year_end
        elif day.day == 1 and month_end <= last:
            tokens.append(month)
            day = month_end
        else:
            tokens.append(single)
        day += timedelta(days=1)
    return Any(tuple(tokens))


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


IN_TITLE = "^"
"""What the tokens begin with that stand in a title."""


def _of_title(protected_text: str) -> set[str]:
    found = search_tokens.tokens(search_tokens.readable(protected_text))
    return found | {IN_TITLE + token for token in found if not token.startswith("~")}


def _needs_none(text: str, lang: str) -> bool:
    return needs_no_translation(protected(text).text, languages.find(lang))


@lru_cache(maxsize=1_024)
def protected(text: str) -> Protected:
    """A text of the API as the memory and the index take it."""
    return placeholders.protect(placeholders.escape(text))
