"""The search index of a static copy: plain JSON files, so small that a phone loads little for a search.

`search/index.json` names the number of papers and shards and holds the rules by which texts are cut. A shard
`search/tokens/N.json` has, for the tokens whose CRC-32 ends in its number, the numbers of the papers that hold
them; a paper's number is its place among all, newest first, and `search/papers/N.json` is what is shown of it.
A browser loads the index, one shard for each token of a query, and the ten papers it shows.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import msgspec

from ..languages import Language
from ..papers.records import Paper, PaperTranslation
from ..texts import search_rules
from ..texts.html import to_html
from ..translated_papers import search_documents as documents
from ..translated_papers.search_documents import Facts, Kept, Original
from .negotiation import ORIGINALS

FOLDER = "search"
SHARD_BYTES = 16_000
"""About so large a shard is: as many are made as that takes."""
MOST_SHARDS = 4_096


@dataclass(frozen=True)
class CopiedPaper:
    """A paper of a copy.

    Args:
        day: of the first of the copy's lists that it stands on.
        translations: into the copy's languages, by tag.
    """

    paper: Paper
    day: date
    translations: Mapping[str, PaperTranslation]


def files(
    papers: Iterable[CopiedPaper], languages: Sequence[Language]
) -> Iterator[tuple[str, bytes]]:
    """The index's files: path and content."""
    ordered = sorted(papers, key=lambda each: (each.day, each.paper.id), reverse=True)
    postings: dict[str, list[int]] = {}
    for number, each in enumerate(ordered):
        for token in sorted(_tokens(each)):
            postings.setdefault(token, []).append(number)
        yield f"{FOLDER}/papers/{number}.json", _json(_shown(each, languages))
    lines = {token: _differences(numbers) for token, numbers in sorted(postings.items())}
    shards = _shards(sum(len(_json({token: line})) - 1 for token, line in lines.items()))
    parts: list[dict[str, list[int]]] = [{} for _ in range(shards)]
    for token, line in lines.items():
        parts[zlib.crc32(token.encode()) % shards][token] = line
    for number, part in enumerate(parts):
        yield f"{FOLDER}/tokens/{number}.json", _json(part)
    index = {"papers": len(ordered), "shards": shards, "rules": search_rules.rules()}
    yield f"{FOLDER}/index.json", _json(index)
    yield f"{FOLDER}/chinese.json", _json(search_rules.chinese())


def _tokens(each: CopiedPaper) -> set[str]:
    paper = each.paper
    original = Original(paper.title, paper.abstract, paper.authors)
    translations: dict[str, tuple[Kept | None, Kept | None]] = {
        tag: (_kept(known.title, known), _kept(known.abstract, known))
        for tag, known in each.translations.items()
    }
    facts = Facts(each.day, paper.categories, bool(paper.code_url))
    asked = {documents.CODE, *map(documents.verified_token, translations)}
    return documents.text_tokens(original, translations) | (
        documents.attributes(original, translations, facts) & asked
    )


def _kept(text: str | None, known: PaperTranslation) -> Kept | None:
    return Kept(documents.protected(text).text, known.verified) if text else None


def _shown(each: CopiedPaper, languages: Sequence[Language]) -> dict[str, object]:
    """What is shown of a paper: its texts as our own HTML, by language."""
    paper = each.paper
    known = {
        language.tag: {
            "title": translation.title_html,
            "abstract": translation.abstract_html or "",
            "verified": translation.verified,
        }
        for language in languages
        if (translation := each.translations.get(language.tag))
    }
    original = {"title": to_html(paper.title), "abstract": to_html(paper.abstract)}
    return {
        "id": paper.id,
        "day": each.day.isoformat(),
        "authors": paper.authors,
        "code": bool(paper.code_url),
        "texts": {ORIGINALS.tag: original} | known,
    }


def _differences(numbers: Sequence[int]) -> list[int]:
    """Rising numbers as the first and the steps between them: shorter to write."""
    return [
        numbers[0],
        *(after - before for before, after in pairwise(numbers)),
    ]


def _shards(size: int) -> int:
    wanted = 1
    while wanted < MOST_SHARDS and size / wanted > SHARD_BYTES:
        wanted *= 2
    return wanted


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)
