"""The feeds' own words: every key in every language, truly translated, and English for the rest."""

from __future__ import annotations

import dataclasses
import re

from backend import languages
from backend.reading.feeds.feed_words import FeedWords, tables

KEYS = {field.name for field in dataclasses.fields(FeedWords)} - {"tag"}
SAME = {("fr", "original"), ("es", "original"), ("de", "original"), ("fr", "code"), ("de", "code")}


def test_every_language_has_every_key():
    assert set(tables()) == {"en", "zh-Hans", "zh-Hant", "ja", "ko", "es", "fr", "de"}
    for tag, words in tables().items():
        assert set(words) == KEYS, tag
        for key, text in words.items():
            assert text.strip() == text != "", (tag, key)
            placeholders = re.findall(r"\{\w+\}", tables()["en"][key])
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(placeholders), (tag, key)
            if tag != "en" and (tag, key) not in SAME:
                assert text != tables()["en"][key], (tag, key)


def test_every_language_has_words():
    for language in languages.ALL:
        words = FeedWords.of(language)
        assert words.tag == (language.tag if language.tag in tables() else "en")
