"""What the fake language model says to a request, before it is put on the wire."""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.llm_damage import chance, spoil
from tests.fakes.llm_scenario import Scenario
from tests.fakes.pseudo_translation import language_of, terms, terms_given, translate

_SEGMENT = re.compile(r'<seg id="([^"]*)">(.*?)</seg>', re.DOTALL)
_THOUGHT = 'The user wants a translation. <seg id="1">not this</seg> Let me think it over. ' * 4


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer: its text, what was thought before it, how it ended, and what was spoilt."""

    content: str
    reasoning: str = ""
    finish_reason: str = "stop"
    language: str = ""
    segments: tuple[tuple[str, str], ...] = ()
    damaged: dict[str, str] = field(default_factory=dict)
    usage: dict[str, int] = field(default_factory=dict)


class Author:
    """Writes answers and remembers how often it has seen each segment."""

    def __init__(self) -> None:
        self._attempts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def answer(self, body: dict[str, Any], scenario: Scenario) -> Answer:
        """The answer to a chat completion request's JSON body."""
        messages: list[dict[str, Any]] = body.get("messages") or []
        instructions = "\n".join(_text(m) for m in messages if m.get("role") != "user")
        question = next((_text(m) for m in reversed(messages) if m.get("role") == "user"), "")
        language = language_of(instructions)
        segments = tuple(_SEGMENT.findall(question))
        damaged: dict[str, str] = {}
        lines = []
        for name, source in segments:
            given = terms_given(instructions) if scenario.uses_terms else {}
            text, damage = self._segment(source, language, scenario, given)
            if damage:
                damaged[name] = damage
            if text:
                number = f"{name}9" if scenario.wrong_ids else name
                lines.append(f'<seg id="{number}">{text}</seg>')
        content = "\n".join(lines) if segments else translate(question, language)
        if "term = translation" in instructions:
            content = terms(question, language)
        if scenario.content is not None:
            content = scenario.content
        content, reasoning = _dress(content, scenario.dressing)
        finish = scenario.finish_reason
        if scenario.stop_at is not None:
            content = content[: int(len(content) * scenario.stop_at)]
        limit = body.get("max_completion_tokens") or body.get("max_tokens")
        if limit and tokens(content) > limit and "endless" not in scenario.wire:
            content, finish = content[: int(len(content) * limit / tokens(content))], "length"
        prompt = sum(tokens(_text(m)) + 4 for m in messages)
        completion = tokens(content) + tokens(reasoning)
        return Answer(
            content=content,
            reasoning=reasoning,
            finish_reason=finish,
            language=language,
            segments=segments,
            damaged=damaged,
            usage={
                "prompt_tokens": prompt,
                "completion_tokens": completion,
                "total_tokens": prompt + completion,
            },
        )

    def _segment(
        self, source: str, language: str, scenario: Scenario, given: dict[str, str]
    ) -> tuple[str, str]:
        with self._lock:
            self._attempts[language, source] += 1
            attempt = self._attempts[language, source]
        faithful = scenario.known.get(source) or translate(source, language, given)
        if not scenario.damage:
            return faithful, ""
        if scenario.damage_attempts is not None and attempt > scenario.damage_attempts:
            return faithful, ""
        if chance(scenario.seed, source, attempt) >= scenario.damage_probability:
            return faithful, ""
        name, text = spoil(
            scenario.damage, source, faithful, pick=chance("pick", scenario.seed, source, attempt)
        )
        return text, name


def tokens(text: str) -> int:
    """About as many tokens as a model would count: 4 ASCII characters each, or 1.4 others."""
    ascii_characters = len(text.encode("ascii", "ignore"))
    return round(ascii_characters / 4 + (len(text) - ascii_characters) * 0.7)


def _text(message: dict[str, Any]) -> str:
    """A message's words; content may be a string or a list of parts."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)


def _dress(content: str, dressing: tuple[str, ...]) -> tuple[str, str]:
    reasoning = ""
    if "fence" in dressing:
        content = f"```xml\n{content}\n```"
    if "preamble" in dressing:
        content = f"Sure, here is the translation you asked for:\n\n{content}"
    if "epilogue" in dressing:
        content += "\n\nLet me know if you want me to change anything!"
    if "think" in dressing:
        content = f"<think>\n{_THOUGHT}\n</think>\n\n{content}"
    if "unclosed-think" in dressing:
        content = f"<think>\n{_THOUGHT}"
    if "reasoning" in dressing or "reasoning-only" in dressing:
        reasoning = _THOUGHT
    if "reasoning-only" in dressing:
        content = ""
    return content, reasoning
