"""Texts as the questions of a batch, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ..languages import Language
from ..llm.model_batches import Question
from ..terminology.glossary import occurring
from ..texts.invisible_characters import without_marks
from ..translation.answer_parser import AnswerParser
from ..translation.batching import batches
from ..translation.lookup import kind_of
from ..translation.prompt import build_messages
from ..translation.records import Context
from ..translation.single_flight import Assignment, Flight

_CHARACTERS_PER_TOKEN = 3
_CHARACTERS_PER_ANSWERED_TOKEN = 2
"""Of the source, for a token of its translation into any language."""


def packed(assignments: Sequence[Assignment]) -> Iterator[list[Assignment]]:
    """Texts in requests as readers' are, each of one language and without context."""
    by_language = sorted(assignments, key=lambda each: each.language.tag)
    for _, group in groupby(by_language, key=lambda each: each.language.tag):
        for flights in batches([Flight(each) for each in group]):
            yield [flight.assignment for flight in flights]


def question(number: int, request: Sequence[Assignment]) -> Question:
    """The question for some texts of one language."""
    terms = {term.source: term for each in request for term in each.terms}
    messages = build_messages(
        [each.text for each in request], language=request[0].language, terms=list(terms.values())
    )
    prose = sum(len(each.text) for each in request)
    return Question(str(number), messages, prose + 400)


def expected_tokens(asked: Question, request: Sequence[Assignment]) -> tuple[int, int]:
    """About how many tokens a question and its answer are, rather too many than too few."""
    prompt = sum(len(str(message["content"])) for message in asked.messages)
    prose = sum(len(each.text) for each in request)
    return -(-prompt // _CHARACTERS_PER_TOKEN), -(-prose // _CHARACTERS_PER_ANSWERED_TOKEN)


def assignment(key: str, source: str, language: Language) -> Assignment:
    """A text of a paper's list again, from its protected form: what shapes it needs no list."""
    terms = occurring(source, language=language.tag)
    return Assignment(key, source, kind_of(source), language, Context(), terms)


def answers(text: str, count: int) -> tuple[dict[int, str], set[int]]:
    """The answers by their places, from 1, and which of them the end of the text ended."""
    parser, found = AnswerParser(count), dict[int, str]()
    ended: set[int] = set()
    last: set[int] = set()
    for at_the_end, pieces in (
        (False, parser.feed(without_marks(text))),
        (True, parser.close(whole=True)),
    ):
        for piece in pieces:
            found[piece.number] = found.get(piece.number, "") + piece.text
            if piece.ended:
                ended.add(piece.number)
                if at_the_end:
                    last.add(piece.number)
    return {number: answer for number, answer in found.items() if number in ended}, last
