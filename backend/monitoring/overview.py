"""What the owner's page shows, gathered from the history, the budget and the memory."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from ..spending.reservations import token_usage
from ..translation.memory import translation_memory
from .history import Event, History
from .monitor import ERROR, WRONG_TOKEN

HOURS = 24
DAYS = 14
_HOUR = 3600
_MOST_ISSUES = 20_000
"""Unverified translations whose issues are counted, the newest ones."""


@dataclass(frozen=True)
class DayCost:
    """Tokens of one UTC day, and money where prices are known."""

    day: date
    tokens: int
    money: float | None


@dataclass(frozen=True)
class LanguageShare:
    """What is kept of one language, and how its translations of the last days turned out.

    Args:
        kept, unverified: translations in the memory.
        days: the share that was verified on each of the last `DAYS` days, oldest first; None without any.
    """

    language: str
    kept: int
    unverified: int
    days: Sequence[float | None]


@dataclass(frozen=True)
class Overview:
    """Everything; lists of hours and days begin with the oldest and end with the present one."""

    costs: Sequence[DayCost]
    requests: Sequence[float]
    server_errors: Sequence[float]
    texts: Sequence[float]
    remembered: Sequence[float]
    first_words: Sequence[float | None]
    languages: Sequence[LanguageShare]
    issues: Sequence[tuple[str, int]]
    errors: Sequence[Event]
    wrong_tokens: Sequence[Event]
    wrong_tokens_today: int


def overview(
    engine: sa.Engine, history: History, *, prices: tuple[float, float] | None
) -> Overview:
    """Gather it.

    Args:
        prices: money per million prompt and completion tokens.
    """
    hours = history.counts(DAYS * 24)
    now = datetime.fromtimestamp(history.now, UTC)
    this_hour = int(history.now // _HOUR)
    last = [hours.get(hour, {}) for hour in range(this_hour - HOURS + 1, this_hour + 1)]

    def series(name: str) -> list[float]:
        return [counts.get(name, 0.0) for counts in last]

    days = [now.date() - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    waits = zip(series("first-words"), series("first-words.seconds"), strict=True)
    today = [counts for hour, counts in hours.items() if _day(hour) == now.date()]
    return Overview(
        costs=_costs(engine, days, prices),
        requests=series("requests"),
        server_errors=series("server-errors"),
        texts=series("texts"),
        remembered=series("texts.remembered"),
        first_words=[seconds / count if count else None for count, seconds in waits],
        languages=_languages(engine, hours, days),
        issues=_issues(engine),
        errors=history.events(ERROR),
        wrong_tokens=history.events(WRONG_TOKEN),
        wrong_tokens_today=int(sum(counts.get("wrong-tokens", 0) for counts in today)),
    )


def _day(hour: int) -> date:
    return datetime.fromtimestamp(hour * _HOUR, UTC).date()


def _costs(
    engine: sa.Engine, days: Sequence[date], prices: tuple[float, float] | None
) -> list[DayCost]:
    table = token_usage
    with engine.connect() as connection:
        rows = connection.execute(sa.select(table).where(table.c.day >= days[0])).all()
    used = {row.day: (row.prompt_tokens, row.completion_tokens) for row in rows}
    return [_cost(day, used.get(day, (0, 0)), prices) for day in days]


def _cost(day: date, used: tuple[int, int], prices: tuple[float, float] | None) -> DayCost:
    money = sum(u * p for u, p in zip(used, prices, strict=True)) / 1_000_000 if prices else None
    return DayCost(day, sum(used), money)


def _languages(
    engine: sa.Engine, hours: dict[int, dict[str, float]], days: Sequence[date]
) -> list[LanguageShare]:
    table = translation_memory
    query = sa.select(
        table.c.lang,
        sa.func.count().label("kept"),
        sa.func.sum(sa.case((table.c.verified, 0), else_=1)).label("unverified"),
    ).group_by(table.c.lang)
    with engine.connect() as connection:
        rows = {row.lang: (row.kept, int(row.unverified)) for row in connection.execute(query)}
    outcomes: dict[str, dict[date, Counter[str]]] = {}
    for hour, counts in hours.items():
        for name, amount in counts.items():
            outcome, separator, language = name.partition(".")
            if separator and outcome in ("verified", "unverified"):
                by_day = outcomes.setdefault(language, {}).setdefault(_day(hour), Counter())
                by_day[outcome] += int(amount)
    shares = [
        LanguageShare(
            language,
            *rows.get(language, (0, 0)),
            days=[_share(outcomes.get(language, {}).get(day)) for day in days],
        )
        for language in {*rows, *outcomes}
    ]
    return sorted(shares, key=lambda share: (-share.unverified, -share.kept, share.language))


def _share(counts: Counter[str] | None) -> float | None:
    total = counts.total() if counts else 0
    return counts["verified"] / total if counts and total else None


def _issues(engine: sa.Engine) -> list[tuple[str, int]]:
    table = translation_memory
    newest = (
        sa.select(table.c.issues)
        .where(~table.c.verified)
        .order_by(table.c.stored_at.desc())
        .limit(_MOST_ISSUES)
    )
    found: Counter[str] = Counter()
    with engine.connect() as connection:
        for issues in connection.execute(newest).scalars():
            found.update(json.loads(issues))
    return found.most_common()
