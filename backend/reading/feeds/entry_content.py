"""What an entry holds: both texts as HTML with MathML, and plain text for readers that show no HTML.

Everything in it is escaped or is our own MathML (see `texts.html`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import Protocol

from ...api.serializing import html_of
from ...languages import Language
from ...papers.records import Paper, PaperTranslation
from ...texts import placeholders
from .feed_words import FeedWords

Shown = tuple[Paper, PaperTranslation | None, str]
"""A paper, its translation where there is one, and the address of our page about it."""


class NamedLink(Protocol):
    """A link with the words to show for it."""

    @property
    def href(self) -> str: ...
    @property
    def title(self) -> str: ...


@lru_cache(maxsize=2_000)
def readable(text: str) -> str:
    """A title or abstract as plain text: accents and quotation marks decoded, formulas as TeX."""
    protected = placeholders.protect(placeholders.escape(text))
    return placeholders.to_plain(placeholders.restore(protected, protected.text))


def summary(paper: Paper, translation: PaperTranslation | None, words: FeedWords) -> str:
    """The abstract as plain text, after a sentence where the translation is not verified."""
    if translation is None:
        return readable(paper.abstract)
    told = translation.abstract or ""
    return told if translation.verified else f"{words.unverified}\n\n{told}"


def of_paper(
    paper: Paper,
    translation: PaperTranslation | None,
    language: Language,
    words: FeedWords,
    *,
    links: Sequence[NamedLink],
) -> str:
    """The HTML of a paper's entry: the translation, then the original, then where to read on."""
    original = f"<p>{html_of(paper.abstract)}</p>"
    parts = []
    if translation is None:
        parts.append(_block("div", original, "en", "ltr"))
    else:
        if not translation.verified:
            parts.append(_note(words, words.unverified))
        told = f"<p>{translation.abstract_html}</p>"
        parts.append(_block("div", told, language.tag, language.dir))
        parts.append(_block("h4", _text(words.original), words.tag, "ltr"))
        title = f"<p><strong>{html_of(paper.title)}</strong></p>"
        parts.append(_block("div", title + original, "en", "ltr"))
    shown = " · ".join(f'<a href="{_text(link.href)}">{_text(link.title)}</a>' for link in links)
    return "".join([*parts, f"<p>{shown}</p>"])


def of_digest(papers: Sequence[Shown], language: Language, words: FeedWords) -> str:
    """The HTML of a day's entry: each paper's title with a link, the original title, and one abstract."""
    untranslated = sum(1 for _, translation, _ in papers if translation is None)
    parts = []
    if untranslated and untranslated < len(papers):
        parts.append(_note(words, words.untranslated.format(count=untranslated)))
    for paper, translation, page in papers:
        title, abstract = html_of(paper.title), html_of(paper.abstract)
        original = _block("p", title, "en", "ltr") if translation else ""
        tag, direction = ("en", "ltr") if translation is None else (language.tag, language.dir)
        if translation:
            title, abstract = translation.title_html, translation.abstract_html or ""
        linked = f'<a href="{_text(page)}">{title}</a>'
        parts.append(_block("h3", linked, tag, direction))
        parts.append(original)
        if translation and not translation.verified:
            parts.append(_note(words, words.unverified))
        parts.append(_block("p", abstract, tag, direction))
    return "".join(parts)


def _note(words: FeedWords, sentence: str) -> str:
    return _block("p", f"<em>{_text(sentence)}</em>", words.tag, "ltr")


def _block(element: str, html: str, tag: str, direction: str) -> str:
    return f'<{element} lang="{tag}" dir="{direction}">{html}</{element}>'


def _text(text: str) -> str:
    return escape(text)
