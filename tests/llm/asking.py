"""A question for the fake model server, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

from backend.errors import TranslatorUnavailable
from backend.llm.model import ModelStream
from backend.llm.openai_model import OpenAIModel
from tests.fakes.llm_answer import Author
from tests.fakes.llm_scenario import Scenario

MESSAGES = [
    {"role": "system", "content": "Translate into Japanese (ja)."},
    {
        "role": "user",
        "content": '<seg id="1">We prove that <x1/> holds for 13 billion tokens.</seg>\n'
        '<seg id="2">A title about attention</seg>',
    },
]
TEXT = Author().answer({"messages": MESSAGES}, Scenario()).content
"""The fake's whole and faithful answer."""


@dataclass(frozen=True)
class Heard:
    """An answer read to its end."""

    text: str
    pieces: int
    error: TranslatorUnavailable | None
    stream: ModelStream


def hear(stream: ModelStream) -> Heard:
    """Read an answer; a fault at its end is kept beside the text."""
    pieces = []
    try:
        for piece in stream:
            pieces.append(piece)
    except TranslatorUnavailable as error:
        return Heard("".join(pieces), len(pieces), error, stream)
    return Heard("".join(pieces), len(pieces), None, stream)


def ask(model: OpenAIModel, *, retry_timeout: float = 5.0, max_output_tokens: int = 2000) -> Heard:
    """Ask for a translation of MESSAGES and read the answer."""
    return hear(
        model.stream(MESSAGES, max_output_tokens=max_output_tokens, retry_timeout=retry_timeout)
    )
