"""Papers and translations for search, as many as are wanted: invented, seeded, about as long as real ones.

Words follow Zipf's law, as those of languages do: a few stand everywhere, most are rare. Used by tests and by
`benchmarks/search.py`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

_SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe qi ro su ta ve wi xo zu an el in or un st tr pl"
_KNOWN = [
    *("model", "reasoning", "attention", "sparse", "language", "large", "GPT-4", "C++", "3.5x"),
    *("training", "data", "of", "the", "and", "for", "with", "we", "is", "in", "on", "benchmark"),
    *("transformer", "diffusion", "pre-training", "state-of-the-art", "Llama3"),
]
_KNOWN_CHINESE = ["模型", "推理", "语言", "注意力", "训练", "数据", "的", "我们", "方法", "大规模"]
_FAMILY = [
    *("Chen", "He", "Müller", "Nowak", "Sato", "Kim", "Łukasz", "García", "Nguyễn"),
    *("Ivanova", "Okafor", "Singh"),
]
_GIVEN = ["Ada", "Kaiming", "Yann", "Léa", "Hiro", "Minh", "Olga", "Chidi", "Anna", "Omar"]
CATEGORIES = ("cs.CL", "cs.LG", "cs.CV", "cs.AI", "cs.PL", "stat.ML")
FIRST_DAY = date(2019, 1, 1)


@dataclass(frozen=True)
class InventedPaper:
    """A paper with its translations into Chinese and German, in protected form."""

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    day: date
    has_code: bool
    chinese: tuple[str, str]
    german: tuple[str, str]

    @property
    def size(self) -> int:
        """Bytes of all texts in UTF-8."""
        texts = (self.title, self.abstract, *self.authors, *self.chinese, *self.german)
        return sum(len(text.encode()) for text in texts)


class InventedLibrary:
    """Invents papers; the same for the same seed."""

    def __init__(self, *, seed: int = 1, words: int = 40_000, days: int = 2_500) -> None:
        self._random = random.Random(seed)
        syllables = _SYLLABLES.split()
        made = {
            "".join(self._random.choices(syllables, k=self._random.randint(2, 4)))
            for _ in range(words)
        }
        self.words = [*_KNOWN, *sorted(made)]
        self.german = [
            word + self._random.choice(("en", "ung", "keit", "ß")) for word in self.words
        ]
        signs = [chr(code) for code in range(0x4E00, 0x4E00 + 2_500)]
        self.chinese = [
            *_KNOWN_CHINESE,
            *("".join(self._random.choices(signs, k=2)) for _ in range(words // 3)),
        ]
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self._days = days

    def papers(self, count: int) -> Iterator[InventedPaper]:
        """So many papers, spread over the days."""
        for number in range(count):
            day = FIRST_DAY + timedelta(days=self._random.randrange(self._days))
            yield InventedPaper(
                id=f"{day:%y%m}.{number % 100_000:05}",
                title=self._english(9).capitalize(),
                abstract=". ".join(self._english(22).capitalize() for _ in range(8)) + ".",
                authors=tuple(self._name() for _ in range(self._random.randint(1, 6))),
                categories=tuple(self._random.sample(CATEGORIES, k=self._random.randint(1, 2))),
                day=day,
                has_code=self._random.random() < 0.3,
                chinese=(self._joined(7), "。".join(self._joined(34) for _ in range(8)) + "。"),
                german=(self._pick(self.german, 9), self._pick(self.german, 180) + "."),
            )

    def _english(self, count: int) -> str:
        return self._pick(self.words, count)

    def _pick(self, words: list[str], count: int) -> str:
        weights = self._weights[: len(words)]
        return " ".join(self._random.choices(words, cum_weights=weights, k=count))

    def _joined(self, count: int) -> str:
        weights = self._weights[: len(self.chinese)]
        return "".join(self._random.choices(self.chinese, cum_weights=weights, k=count))

    def _name(self) -> str:
        return f"{self._random.choice(_GIVEN)} {self._random.choice(_FAMILY)}"
