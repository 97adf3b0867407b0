"""A worked example in each language, for a model that got a text wrong: what to do, and not what was wrong.

Small models translate whatever they are told. An example gives them nothing to say but itself, and that is
recognised.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..languages import Language
from ..texts.placeholder_tags import TAG

_NO_LETTER = re.compile(r"[\W\d_]+")


@dataclass(frozen=True)
class Example:
    """A sentence in protected form and its translation."""

    source: str
    translation: str

    def is_repeated_in(self, answer: str) -> bool:
        """Whether an answer says the example again instead of translating."""
        return _letters(self.translation) in _letters(answer)


@cache
def example(language: Language) -> Example:
    """The example for a language; every language of ours has one."""
    data = tomllib.loads(Path(__file__).with_name("examples.toml").read_text(encoding="utf-8"))
    return Example(data["source"], data["translations"][language.tag])


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", TAG.sub("", text).lower())
