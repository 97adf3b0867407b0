"""A day's list and a paper as Markdown: the translation first, then the original, TeX as `$…$`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from ...languages import Language
from ...papers.identifiers import ArxivId
from ...papers.records import Edition, Paper, PaperTranslation
from .escaping import inline

_STATES = {
    "final": "The list is final.",
    "filling": "The list still fills.",
    "empty": "There are no papers.",
    "sample": "This is a sample, shown until a list is stored.",
}
_SAMPLE = "sample"
_SOURCES = {"huggingface": "Hugging Face's daily papers", "sample": "a sample edition"}


def day(edition: Edition, known: Mapping[str, PaperTranslation], language: Language | None) -> str:
    """A day's list.

    Args:
        known: what is translated, by paper id.
        language: of the translations; None where the originals alone were asked for.
    """
    blocks = [
        f"# Papers of {edition.date}" + (f" in {language.name}" if language else ""),
        " ".join(_day_in_words(edition, known, language)),
    ]
    for number, paper in enumerate(edition.papers, 1):
        blocks += _paper(paper, known.get(paper.id), language, f"## {number}. ", "### ")
    return _joined(blocks)


def paper(shown: Paper, translation: PaperTranslation | None, language: Language | None) -> str:
    """One paper."""
    return _joined(_paper(shown, translation, language, "# ", "## "))


def _joined(blocks: Iterable[str]) -> str:
    return "\n\n".join(block for block in blocks if block) + "\n"


def _day_in_words(
    edition: Edition, known: Mapping[str, PaperTranslation], language: Language | None
) -> Iterator[str]:
    count = len(edition.papers)
    yield f"From {_SOURCES.get(edition.source, inline(edition.source))}: {_counted(count, 'paper')}."
    yield _STATES[edition.state]
    if language and count:
        found = [known[paper.id] for paper in edition.papers if paper.id in known]
        verified = sum(each.verified for each in found)
        yield f"{verified} of {count} verified in {language.name}."
        if unverified := len(found) - verified:
            yield f"{unverified} translated, but not verified."
        if missing := count - len(found):
            yield f"{missing} not translated yet."
    if edition.stale:
        yield "There may be a newer list; its source could not be asked."
    if edition.note:
        yield inline(edition.note)


def _paper(
    shown: Paper,
    translation: PaperTranslation | None,
    language: Language | None,
    heading: str,
    subheading: str,
) -> Iterator[str]:
    title, original = inline(shown.title), translation is None
    yield heading + (inline(translation.title) if translation else title)
    if translation and translation.title != shown.title:
        yield f"Original title: {title}"
    yield "Authors: " + ", ".join(map(inline, shown.authors)) if shown.authors else ""
    yield _facts(shown)
    if language:
        yield from _translated(translation, language, subheading)
    # What is in the reader's language already stands there once.
    if original or not translation or translation.abstract != shown.abstract:
        yield f"{subheading}Original abstract"
        yield inline(shown.abstract)


def _translated(
    translation: PaperTranslation | None, language: Language, subheading: str
) -> Iterator[str]:
    if translation is None:
        yield f"Not translated into {language.name} yet."
        return
    by = f"Translated by {inline(translation.origin)}. " if translation.origin != _SAMPLE else ""
    state = (
        "Verified: formulas, numbers and sentences are those of the original."
        if translation.verified
        else "Not verified: a check found a difference. Compare it with the original below."
    )
    yield f"{subheading}Abstract in {language.name}"
    yield by + state
    yield (
        inline(translation.abstract)
        if translation.abstract
        else "The abstract is not translated yet."
    )


def _facts(paper: Paper) -> str:
    """Where it is, its day, categories and votes in one line. Addresses are ours or were checked."""
    identifier = ArxivId.parse(paper.id)
    links = {
        "abstract": identifier.abs_url,
        "PDF": identifier.pdf_url,
        "HTML": identifier.html_url,
        "code": paper.code_url,
        "project": paper.project_url,
    }
    facts = [
        f"arXiv:{paper.id}",
        f"{paper.published.date()}" if paper.published else "",
        ", ".join(map(inline, paper.categories)),
        _counted(paper.upvotes, "vote") if paper.upvotes else "",
        ", ".join(_link(name, address) for name, address in links.items() if address),
        inline(paper.arxiv_comment) if paper.arxiv_comment else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def _link(name: str, address: str) -> str:
    """A link; an address with brackets needs a fence."""
    return f"[{name}](<{address}>)" if re.search(r"[()]", address) else f"[{name}]({address})"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
