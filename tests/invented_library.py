"""Papers and translations for search, as many as are wanted: invented, seeded, about as long as real ones.

Words follow Zipf's law, as those of languages do: a few stand everywhere, most are rare. Used by tests and by
`benchmarks/search.py`.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

import sqlalchemy as sa

from backend import database
from backend.papers.tables import edition_papers, editions, papers
from backend.translated_papers import search_documents
from backend.translated_papers.search_documents import Original
from backend.translation.memory import translation_memory

MODEL = "invented"
"""Whose translations they are."""
_AT_ONCE = 1_000

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


def store(engine: sa.Engine, invented: Iterator[InventedPaper]) -> int:
    """Store papers and translations; returns the bytes of their texts."""
    size, fetched = 0, datetime.now(UTC)
    days: set[object] = set()
    while part := list(itertools.islice(invented, _AT_ONCE)):
        size += sum(paper.size for paper in part)
        new_days = {paper.day for paper in part} - days
        days |= new_days
        with database.writing(engine) as connection:
            connection.execute(
                sa.insert(papers),
                [
                    {
                        "id": paper.id,
                        "title": paper.title,
                        "abstract": paper.abstract,
                        "text_source": "arxiv",
                        "authors": paper.authors,
                        "published": fetched,
                        "categories": paper.categories,
                        "upvotes": 0,
                        "comments": 0,
                        "keywords": (),
                        "code_url": "https://example.org/code" if paper.has_code else None,
                    }
                    for paper in part
                ],
            )
            if new_days:
                rows = [
                    {"list": "huggingface", "day": day, "fetched_at": fetched, "failures": 0}
                    for day in new_days
                ]
                connection.execute(sa.insert(editions), rows)
            listed = [
                {"list": "huggingface", "day": paper.day, "paper_id": paper.id, "position": 0}
                for paper in part
            ]
            connection.execute(sa.insert(edition_papers), listed)
            connection.execute(sa.insert(translation_memory), list(_translations(part)))
    return size


def _translations(part: Sequence[InventedPaper]) -> Iterator[dict[str, object]]:
    seen: set[str] = set()
    for paper in part:
        original = Original(paper.title, paper.abstract, paper.authors)
        for lang, texts in (("zh-Hans", paper.chinese), ("de", paper.german)):
            keys = search_documents.keys(original, lang, model=MODEL)
            for key, text in zip(keys, texts, strict=True):
                if key not in seen:
                    seen.add(key)
                    yield {
                        "key": key,
                        "lang": lang,
                        "model": MODEL,
                        "text": text,
                        "verified": True,
                        "issues": "[]",
                        "attempts": 1,
                        "stored_at": 0.0,
                    }
