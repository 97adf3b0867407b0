"""The languages we translate into, and how a reader's language tag finds one of them.

Tags are BCP 47 (RFC 5646): language, then script, region and the rest, matched without case.
Names and endonyms follow CLDR. A region decides only where the written language differs by it
(Chinese and Portuguese); elsewhere `es-MX` is `es`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from .errors import UnsupportedLanguage

Direction = Literal["ltr", "rtl"]


@dataclass(frozen=True)
class Language:
    """A target language.

    Attributes:
        tag: BCP 47, in its canonical case.
        name: in English.
        endonym: in the language itself, for menus.
        dir: writing direction, as HTML's `dir`.
        scripts: ISO 15924 codes of the letters its prose is written in.
    """

    tag: str
    name: str
    endonym: str
    dir: Direction
    scripts: tuple[str, ...]


def _latin(tag: str, name: str, endonym: str) -> Language:
    return Language(tag, name, endonym, "ltr", ("Latn",))


def _cyrillic(tag: str, name: str, endonym: str) -> Language:
    return Language(tag, name, endonym, "ltr", ("Cyrl",))


# The sample edition's languages first, then by how many of our readers they serve.
ALL: Final[tuple[Language, ...]] = (
    Language("zh-Hans", "Chinese (Simplified)", "简体中文", "ltr", ("Hans",)),
    Language("zh-Hant", "Chinese (Traditional)", "繁體中文", "ltr", ("Hant",)),
    Language("ja", "Japanese", "日本語", "ltr", ("Hira", "Kana", "Hani")),
    Language("ko", "Korean", "한국어", "ltr", ("Hang",)),
    _latin("es", "Spanish", "Español"),
    _latin("fr", "French", "Français"),
    _latin("de", "German", "Deutsch"),
    _latin("pt-BR", "Portuguese (Brazil)", "Português (Brasil)"),
    _latin("pt-PT", "Portuguese (Portugal)", "Português (Portugal)"),
    _cyrillic("ru", "Russian", "Русский"),
    _latin("it", "Italian", "Italiano"),
    _latin("vi", "Vietnamese", "Tiếng Việt"),
    _latin("id", "Indonesian", "Bahasa Indonesia"),
    _latin("tr", "Turkish", "Türkçe"),
    Language("ar", "Arabic", "العربية", "rtl", ("Arab",)),
    Language("he", "Hebrew", "עברית", "rtl", ("Hebr",)),
    Language("fa", "Persian", "فارسی", "rtl", ("Arab",)),
    Language("hi", "Hindi", "हिन्दी", "ltr", ("Deva",)),
    Language("th", "Thai", "ไทย", "ltr", ("Thai",)),
    _cyrillic("uk", "Ukrainian", "Українська"),
    _latin("pl", "Polish", "Polski"),
    _latin("nl", "Dutch", "Nederlands"),
    _latin("sv", "Swedish", "Svenska"),
    _latin("da", "Danish", "Dansk"),
    _latin("nb", "Norwegian Bokmål", "Norsk bokmål"),
    _latin("fi", "Finnish", "Suomi"),
    _latin("cs", "Czech", "Čeština"),
    _latin("sk", "Slovak", "Slovenčina"),
    _latin("sl", "Slovenian", "Slovenščina"),
    _latin("hr", "Croatian", "Hrvatski"),
    _cyrillic("sr", "Serbian", "Српски"),
    _cyrillic("bg", "Bulgarian", "Български"),
    _latin("ro", "Romanian", "Română"),
    _latin("hu", "Hungarian", "Magyar"),
    Language("el", "Greek", "Ελληνικά", "ltr", ("Grek",)),
    _latin("ca", "Catalan", "Català"),
    _latin("lt", "Lithuanian", "Lietuvių"),
    _latin("lv", "Latvian", "Latviešu"),
    _latin("et", "Estonian", "Eesti"),
    _latin("ms", "Malay", "Bahasa Melayu"),
    _latin("fil", "Filipino", "Filipino"),
    Language("bn", "Bengali", "বাংলা", "ltr", ("Beng",)),
    Language("ta", "Tamil", "தமிழ்", "ltr", ("Taml",)),
    Language("te", "Telugu", "తెలుగు", "ltr", ("Telu",)),
    Language("ur", "Urdu", "اردو", "rtl", ("Arab",)),
    _latin("sw", "Swahili", "Kiswahili"),
    _cyrillic("kk", "Kazakh", "Қазақша"),
    _latin("en", "English", "English"),
)

_BY_TAG: Final = {language.tag.lower(): language for language in ALL}

# Language subtags that mean one of ours: withdrawn codes, macrolanguages, a language by its
# longer code (IANA language subtag registry).
_SAME_LANGUAGE: Final = {
    "cmn": "zh",
    "in": "id",
    "iw": "he",
    "no": "nb",
    "tl": "fil",
    "zlm": "ms",
    "zsm": "ms",
    "pes": "fa",
    "arb": "ar",
    "ekk": "et",
    "lvs": "lv",
    "swh": "sw",
}

# Where Chinese is written in traditional characters.
_TRADITIONAL_REGIONS: Final = frozenset({"tw", "hk", "mo"})

# ISO 15924 codes that a tag may name beside those in Language.scripts.
_OTHER_SCRIPT_NAMES: Final = {"ja": {"jpan"}, "ko": {"kore"}}

# The well-formed part of a tag that we look at; extensions and private use are let be.
_TAG: Final = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:-(?P<extended>[a-z]{3}))?"
    r"(?:-(?P<script>[a-z]{4}))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(?:-[a-z0-9](?:-[a-z0-9]{1,8})+)*"
)

# RFC 5646, section 4.4.1: buffers of 35 characters hold any sensible tag.
_MAX_TAG: Final = 35


@lru_cache(maxsize=1024)
def find(tag: str) -> Language:
    """The language a BCP 47 tag asks for.

    Raises:
        UnsupportedLanguage: the tag is not one, or no language of ours serves it.
    """
    plain = tag.strip().replace("_", "-").lower() if len(tag) <= _MAX_TAG else ""
    match = _TAG.fullmatch(plain)
    if match is None:
        raise UnsupportedLanguage(
            "The language must be a BCP 47 tag such as zh-Hans or pt-BR;"
            " /api/v1/languages lists the ones to choose from."
        )
    found = _served(match["language"], match["extended"], match["script"], match["region"])
    if found is None:
        raise UnsupportedLanguage(
            f"The language {plain} is not among those this server translates into;"
            " /api/v1/languages lists them."
        )
    return found


def _served(
    language: str, extended: str | None, script: str | None, region: str | None
) -> Language | None:
    """Our language for the subtags of a tag, all in lower case."""
    if extended is not None:  # RFC 5646, section 2.2.2: zh-cmn is cmn, zh-yue is yue
        language = extended
    language = _SAME_LANGUAGE.get(language, language)
    if language == "zh":
        if script is None:
            script = "hant" if region in _TRADITIONAL_REGIONS else "hans"
        return _BY_TAG.get(f"zh-{script}")
    if language == "pt":  # CLDR: every Portuguese but Brazil's follows Portugal's
        found = _BY_TAG["pt-br" if region in (None, "br") else "pt-pt"]
    elif language in _BY_TAG:
        found = _BY_TAG[language]
    else:
        return None
    names = {name.lower() for name in found.scripts} | _OTHER_SCRIPT_NAMES.get(found.tag, set())
    return found if script is None or script in names else None
