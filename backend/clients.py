"""For whom a thread works: of what all want no stranger gets more than a share.

A stranger is a client without the right to translate; it is known by its address. The API says for whom a
request is (`work_for`), and what is scarce further down (upstreams, the database) asks (`stranger`), without
either knowing the other. Threads that serve everybody work for nobody.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .errors import RateLimited

_stranger: ContextVar[str | None] = ContextVar("stranger", default=None)


def of_address(remote: str | None) -> str:
    """The client that an address stands for: a network of IPv6, as a household has one, else the address."""
    try:
        address = ipaddress.ip_address((remote or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def work_for(stranger: str | None) -> None:
    """From now on this thread works for a stranger, or for somebody whose share is not counted."""
    _stranger.set(stranger)


def stranger() -> str | None:
    """For which stranger this thread works, if it does for one."""
    return _stranger.get()


class Shares:
    """How many of something each stranger has now.

    Args:
        each: how many one may have.
        refusal: the sentence for who wants more.
    """

    def __init__(self, each: int, refusal: str) -> None:
        self._each = each
        self._refusal = refusal
        self._lock = threading.Lock()
        self._taken: Counter[str] = Counter()

    def take(self, seconds: int) -> str | None:
        """Take one for the client of this thread; returns what `give_back` wants.

        Args:
            seconds: after which it is worth asking again.

        Raises:
            RateLimited: this stranger has its share.
        """
        client = stranger()
        if client is None:
            return None
        with self._lock:
            if self._taken[client] >= self._each:
                raise RateLimited(self._refusal, retry_after=seconds)
            self._taken[client] += 1
        return client

    def give_back(self, client: str | None) -> None:
        """Give back one that was taken, on whatever thread."""
        if client is None:
            return
        with self._lock:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]

    @contextmanager
    def one(self, seconds: int) -> Iterator[None]:
        """Have one while the block lasts, as with `take`."""
        taken = self.take(seconds)
        try:
            yield
        finally:
            self.give_back(taken)
