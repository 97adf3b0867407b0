"""What asking a model cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Usage:
    """Tokens and requests, of one question or of many together.

    Args:
        prompt_tokens: tokens that were sent, as the server counts them.
        completion_tokens: tokens that it wrote.
        requests: how often a server was asked.
        estimated: some of the tokens were estimated, as a server did not say.
    """

    prompt_tokens: int = 0
    completion_tokens: int = 0
    requests: int = 0
    estimated: bool = False

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.requests + other.requests,
            self.estimated or other.estimated,
        )
