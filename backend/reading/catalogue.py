"""The pages' own words in eight languages, and dates as each writes them.

`catalogues/TAG.toml` holds one language: `{name}` is what the page puts in. The wording needs no plural forms
("Papers: 3").
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any

from .. import languages
from ..languages import Language

TAGS = ("en", "zh-Hans", "zh-Hant", "ja", "ko", "es", "fr", "de")


@dataclass(frozen=True)
class Catalogue:
    """The words of one language.

    Args:
        language: the one they are in.
        texts: by key; `months` and `weekdays` (Monday first) are lists of names.
    """

    language: Language
    texts: dict[str, Any]

    def text(self, key: str, **values: object) -> str:
        """The words of a key, with what belongs into them.

        Raises:
            KeyError: no such key, or a value that its words need is missing.
        """
        words: str = self.texts[key]
        return words.format(**values)

    def number(self, value: int) -> str:
        """A whole number with the language's own separators of thousands."""
        separator: str = self.texts["thousands"]
        return f"{value:,}".replace(",", separator)

    def day(self, day: date) -> str:
        """A day with its weekday, as in a heading."""
        return self._date("day", day)

    def short_day(self, day: date) -> str:
        """A day without its weekday."""
        return self._date("short_day", day)

    def month(self, day: date) -> str:
        """The month and year of a day, for a heading."""
        return self._date("month", day)

    def moment(self, moment: datetime) -> str:
        """A time of a day in UTC, to the minute."""
        moment = moment.astimezone(UTC)
        return f"{self.short_day(moment.date())}, {moment:%H:%M} UTC"

    def name_of(self, language: Language) -> str:
        """A language's name within a sentence of these words: its own, or the English one."""
        return str(self.texts["language"]) if language == self.language else language.name

    def _date(self, key: str, day: date) -> str:
        month, weekday = self.texts["months"][day.month - 1], self.texts["weekdays"][day.weekday()]
        return self.text(key, year=day.year, month=month, day=day.day, weekday=weekday)


@cache
def catalogue(tag: str) -> Catalogue:
    """The words in one of `TAGS`."""
    text = (resources.files(__package__) / "catalogues" / f"{tag}.toml").read_text("utf-8")
    return Catalogue(languages.find(tag), tomllib.loads(text))


def beside(language: Language) -> Catalogue:
    """The words for a page whose papers are in a language: that one's own, else English."""
    return catalogue(language.tag if language.tag in TAGS else "en")
