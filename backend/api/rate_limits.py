"""How often one client may make this server work: `RATE_LIMIT`, counted for all its processes together."""

from __future__ import annotations

import logging
import math
import time
from typing import Any

import sqlalchemy as sa
from limits import RateLimitItem, parse_many
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from ..config import Config
from ..errors import RateLimited
from ..outages import means_away
from .rate_counters import SqlStorage

log = logging.getLogger(__name__)

REDIS_RETRY_SECONDS = 30.0
"""How long each process counts by itself once Redis did not answer."""

DATABASE_RETRY_SECONDS = 5.0
"""The same once the database could not take a count: what is known is served though the disk be full."""


class RateLimits:
    """Counts in the database, or in Redis when there is one. Safe to use from many threads."""

    def __init__(self, config: Config, engine: sa.Engine) -> None:
        self._limits = sorted(parse_many(config.rate_limit))
        self._fallback = FixedWindowRateLimiter(MemoryStorage())
        self._fallback_until = 0.0
        self._limiter = FixedWindowRateLimiter(
            _redis(config.redis_url) if config.redis_url else SqlStorage(engine=engine)
        )

    def count(self, client: str) -> None:
        """Count one request.

        Raises:
            RateLimited: one too many; it says when the window ends.
        """
        for limit in self._limits:
            seconds = self._count(limit, client)
            if seconds is not None:
                raise RateLimited(
                    "Too many requests came from here (RATE_LIMIT). Wait a moment.",
                    retry_after=max(1, math.ceil(seconds)),
                )

    def _count(self, limit: RateLimitItem, client: str) -> float | None:
        """Seconds until this limit's window ends when the request was one too many."""
        if time.monotonic() < self._fallback_until:
            return _hit(self._fallback, limit, client)
        try:
            return _hit(self._limiter, limit, client)
        except StorageError:  # Redis only
            log.warning("Redis does not answer; requests are counted in each process for a while")
            self._fallback_until = time.monotonic() + REDIS_RETRY_SECONDS
        except sa.exc.SQLAlchemyError as error:
            if not means_away(error):
                raise
            self._fallback_until = time.monotonic() + DATABASE_RETRY_SECONDS
        return _hit(self._fallback, limit, client)


def _hit(limiter: FixedWindowRateLimiter, limit: RateLimitItem, client: str) -> float | None:
    if limiter.hit(limit, client):
        return None
    return limiter.get_window_stats(limit, client).reset_time - time.time()


def _redis(url: str) -> Any:
    # Hosted Redis (Heroku's) speaks TLS with a certificate it signed itself.
    options = {"ssl_cert_reqs": "none"} if url.startswith("rediss") else {}
    return storage_from_string(url, wrap_exceptions=True, **options)
