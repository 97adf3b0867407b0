"""Whose turn it is to ask the model server: as many at once as it may be asked, the rest in order.

Belongs to one event loop: its methods are called from that loop's thread only, and need no lock.
"""

from __future__ import annotations

import asyncio
import bisect
from dataclasses import dataclass, field

from .model import Turn

_TELL_SECONDS = 0.5


@dataclass(order=True)
class _Waiting:
    order: int
    number: int
    turn: Turn = field(compare=False)
    ready: asyncio.Future[None] = field(compare=False)
    told: int = field(default=0, compare=False)


class Turns:
    """So many questions at once. Those that wait are served by their order, then as they came.

    Args:
        limit: questions that may be under way.
    """

    def __init__(self, limit: int) -> None:
        self._loop = asyncio.get_running_loop()
        self._free = limit
        self._waiting: list[_Waiting] = []
        self._came = 0
        self._telling: asyncio.TimerHandle | None = None
        self._told_at = 0.0

    def __len__(self) -> int:
        """Questions that wait."""
        return len(self._waiting)

    async def take(self, turn: Turn) -> None:
        """Wait for a turn; `give_back` follows. Meanwhile the places are told, half a second apart at least.

        Raises:
            TimeoutError: the patience has ended before.
        """
        if self._free:
            self._free -= 1
            return
        self._came += 1
        waiting = _Waiting(turn.order, self._came, turn, self._loop.create_future())
        bisect.insort(self._waiting, waiting)
        self._tell_soon()
        try:
            async with asyncio.timeout(turn.patience):
                await waiting.ready
        except BaseException:
            if waiting.ready.done() and not waiting.ready.cancelled():
                self.give_back()  # the turn came in the same moment
            elif waiting in self._waiting:
                self._waiting.remove(waiting)
                self._tell_soon()
            raise

    def give_back(self) -> None:
        """A question is over: it is the next one's turn."""
        while self._waiting:
            following = self._waiting.pop(0)
            if following.ready.done():
                continue  # about to leave
            following.ready.set_result(None)
            if following.told:
                _tell(following, 0)
            self._tell_soon()
            return
        self._free += 1

    def _tell_soon(self) -> None:
        if self._telling is None and self._waiting:
            self._telling = self._loop.call_at(self._told_at + _TELL_SECONDS, self._tell_all)

    def _tell_all(self) -> None:
        self._telling = None
        self._told_at = self._loop.time()
        for place, waiting in enumerate(self._waiting, 1):
            if waiting.told != place:
                _tell(waiting, place)


def _tell(waiting: _Waiting, place: int) -> None:
    waiting.told = place
    if waiting.turn.on_place:
        waiting.turn.on_place(place)
