"""Requests to a provider beside chat completions: one at a time, repeated where that may help."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from .chat_answer import unreadable
from .openai_client import connect
from .provider_faults import Fault, from_status, unreachable

if TYPE_CHECKING:
    import openai

T = TypeVar("T")

ATTEMPTS = 3
_MAX_PAUSE = 30.0
_CONNECT_SECONDS = 5.0
_NONE_THERE = frozenset({404, 405, 501})


class ProviderCalls:
    """The client library's client for one thread, which waits for each answer.

    Args:
        first_pause: seconds before a request is repeated for the first time.
    """

    def __init__(self, *, base_url: str, api_key: str | None, first_pause: float) -> None:
        self._base_url = base_url
        self._api_key = api_key
        self._first_pause = first_pause
        self._runner = asyncio.Runner()
        self._client: openai.AsyncOpenAI | None = None

    def close(self) -> None:
        """End connections."""
        if self._client is not None:
            self._runner.run(self._client.close())
        self._runner.close()

    def call(
        self,
        ask: Callable[[openai.AsyncOpenAI], Awaitable[T]],
        *,
        missing: type[Exception] | None,
        attempts: int = ATTEMPTS,
    ) -> T | None:
        """Ask, again after a fault that may pass.

        Args:
            missing: raised when there is no such thing; None: then the answer is None.

        Raises:
            Fault: there was no answer.
        """
        for attempt in range(attempts):
            try:
                return self._runner.run(self._once(ask))
            except Fault as fault:
                if fault.status in _NONE_THERE:
                    if missing is None:
                        return None
                    raise missing from None
                if not fault.retried or attempt == attempts - 1:
                    raise
                self.pause(attempt, fault)
        raise AssertionError("unreachable")

    def pause(self, attempt: int, fault: Fault) -> None:
        """Wait before a request is repeated, for as long as the provider wants where it says so."""
        pause = self._first_pause * 4**attempt if fault.wait is None else fault.wait
        self._runner.run(asyncio.sleep(min(pause, _MAX_PAUSE)))

    async def _once(self, ask: Callable[[openai.AsyncOpenAI], Awaitable[T]]) -> T:
        import httpx2
        import openai

        if self._client is None:
            self._client = connect(
                api_key=self._api_key,
                base_url=self._base_url,
                connect_seconds=_CONNECT_SECONDS,
                connections=2,
            )
        try:
            return await ask(self._client)
        except openai.APIStatusError as error:
            said = error.response
            raise from_status(error.status_code, said.headers, said.text) from None
        except (openai.APIConnectionError, httpx2.RequestError, httpx2.StreamError) as error:
            raise unreachable(error) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError):
            raise unreadable() from None  # a web page, or other JSON
