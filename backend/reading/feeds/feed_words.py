"""The words of the feeds themselves, in the interface's languages; `words.toml` has them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ...languages import Language


@dataclass(frozen=True)
class FeedWords:
    """The words in one language; what stands in braces is put in.

    Args:
        tag: the language they are in, which need not be the feed's.
        title: of a feed.
        subtitle: of a feed with translations.
        subtitle_original: of the feed with the originals alone.
        digest: marks the title of a feed with one entry a day.
        verified_only: marks the title of a feed without unverified translations.
        digest_title: of a day's entry; `{date}`, `{count}`.
        unverified: what to say before a translation that did not pass every check.
        untranslated: what to say in a day's entry of papers without a translation; `{count}`.
        original: the heading over an original.
        code: names the link to a paper's source code.
    """

    tag: str
    title: str
    subtitle: str
    subtitle_original: str
    digest: str
    verified_only: str
    digest_title: str
    unverified: str
    untranslated: str
    original: str
    code: str

    @classmethod
    def of(cls, language: Language) -> FeedWords:
        """The words for a feed in a language: its own where we have them, else English."""
        tag = language.tag if language.tag in tables() else "en"
        return cls(tag=tag, **tables()[tag])


@cache
def tables() -> dict[str, dict[str, str]]:
    """All words by language tag."""
    text = resources.files(__package__).joinpath("words.toml").read_text("utf-8")
    return tomllib.loads(text)
