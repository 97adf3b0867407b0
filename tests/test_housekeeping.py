"""What has ended goes by itself; what a model wrote that is gone goes when its owner says so, and no other."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa

from backend import create_app, database, languages, services
from backend.api.rate_counters import rate_counters
from backend.config import Config
from backend.database import epoch_now
from backend.housekeeping import LEASE, Housekeeper, sweep
from backend.leases import Leases, leases
from backend.memory_keeping import drop_unused, note_uses
from backend.provider_batches.batch_store import batched_texts, provider_batches
from backend.texts.placeholders import Protected
from backend.translation.lookup import key_of
from backend.translation.memory import TranslationMemory, translation_memory
from backend.translation.records import READER, Translation

pytestmark = pytest.mark.sql

HOUR, DAY = 3600.0, 24 * 3600.0


def put(engine: sa.Engine, table: sa.Table, **row: Any) -> None:
    with database.writing(engine) as connection:
        connection.execute(sa.insert(table).values(**row))


def names(engine: sa.Engine, column: sa.Column[str]) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(sa.select(column)))


def lease(engine: sa.Engine, name: str, *, ended: float, rests: float = 0.0) -> None:
    row = {"name": name, "holder": "dead"}
    put(engine, leases, **row, expires_at=epoch_now() - ended, not_before=epoch_now() + rests)


@pytest.fixture
def ended(engine: sa.Engine) -> sa.Engine:
    """A database with rows that ended long ago, a moment ago, and not yet."""
    lease(engine, "long ago", ended=2 * HOUR, rests=-2 * HOUR)
    lease(engine, "a moment ago", ended=60, rests=-2 * HOUR)
    lease(engine, "rests", ended=2 * HOUR, rests=600)
    lease(engine, "held", ended=-5)
    for key, age in (("old", 2 * HOUR), ("new", -60.0)):
        put(engine, rate_counters, key=key, count=1, expires_at=epoch_now() - age)
    for id_, age in (("1", 2 * HOUR), ("2", -DAY)):
        row = {
            "id": id_,
            "model": "m",
            "server": "s",
            "answered": False,
            "day": sa.func.current_date(),
        }
        row |= {"prompt_tokens": 0, "completion_tokens": 0, "created_at": 1.0}
        put(engine, provider_batches, **row, expires_at=epoch_now() - age)
        text = {"request": 1, "position": 1, "lang": "de", "source": "t"}
        put(engine, batched_texts, key=f"text {id_}", batch_id=id_, **text)
    return engine


def test_only_what_has_ended_goes(ended: sa.Engine):
    counted = {"leases": 1, "rate_counters": 1, "provider_batches": 1}
    assert sweep(ended, dry_run=True) == counted
    assert len(names(ended, leases.c.name)) == 4, "a dry run only counts"
    assert sweep(ended) == counted
    assert names(ended, leases.c.name) == {"a moment ago", "rests", "held"}
    assert names(ended, rate_counters.c.key) == {"new"}
    assert names(ended, provider_batches.c.id) == {"2"}
    assert names(ended, batched_texts.c.key) == {"text 2"}, "its texts go with a batch"
    assert sweep(ended) == dict.fromkeys(counted, 0)


def test_one_process_of_all_sweeps_by_itself(ended: sa.Engine):
    """The others are told by its lease, which rests until it is due again."""
    done = [threading.Event(), threading.Event()]
    all_leases = [Leases(ended), Leases(ended)]
    keepers = [
        Housekeeper(ended, each, also=event.set, seconds=HOUR)
        for each, event in zip(all_leases, done, strict=True)
    ]
    keepers[0].start()
    until = threading.Event()
    for _ in range(500):
        if "long ago" not in names(ended, leases.c.name) and all_leases[0].pause(LEASE):
            break
        until.wait(0.02)
    assert names(ended, rate_counters.c.key) == {"new"}
    put(ended, rate_counters, key="old", count=1, expires_at=epoch_now() - 2 * HOUR)
    keepers[1].start()
    assert done[1].wait(10)
    for keeper, each in zip(keepers, all_leases, strict=True):
        keeper.close()
        each.close()
    assert names(ended, rate_counters.c.key) == {"new", "old"}, "once an hour is enough"
    assert all_leases[0].pause(LEASE) > HOUR - 60


def keep(
    engine: sa.Engine,
    source: str,
    *,
    model: str,
    key_model: str = "",
    age: float,
    used: float | None = None,
) -> str:
    """Keep a translation of so many days ago; returns its key."""
    german = languages.find("de")
    key = key_of(Protected(source, {}), german, model=key_model or model)
    memory = TranslationMemory(engine)
    memory.store(key, "de", Translation(f"„{source}“", True, (), model), source=source)
    change = sa.update(translation_memory).where(translation_memory.c.key == key)
    values: dict[str, Any] = {"stored_at": epoch_now() - age * DAY}
    if used is not None:
        values["used_at"] = epoch_now() - used * DAY
    with database.writing(engine) as connection:
        connection.execute(change.values(**values))
    return key


@pytest.fixture
def memory(engine: sa.Engine) -> TranslationMemory:
    """Of the configured model, of an earlier one, of a reader and of a file, old and used lately."""
    keep(engine, "ours, old", model="fake-model", age=200)
    keep(engine, "theirs, old", model="old-model", age=200)
    keep(engine, "theirs, old, used", model="old-model", age=200, used=10)
    keep(engine, "theirs, used long ago", model="older-model", age=300, used=100)
    keep(engine, "theirs, new", model="old-model", age=5)
    keep(engine, "a reader's", model=READER, key_model="old-model", age=200)
    keep(engine, "a file's", model="Translator 3000", key_model="fake-model", age=200)
    return TranslationMemory(engine)


GONE = {"theirs, old", "theirs, used long ago"}


def test_only_unused_translations_of_other_models_go(engine: sa.Engine, memory: TranslationMemory):
    all_ = names(engine, translation_memory.c.source)
    options: dict[str, Any] = {"model": "fake-model", "days": 90}
    counts = {"old-model": 1, "older-model": 1}
    assert drop_unused(engine, memory, **options, dry_run=True) == counts
    assert names(engine, translation_memory.c.source) == all_
    revision = memory.revision("de")
    assert drop_unused(engine, memory, **options) == counts
    assert names(engine, translation_memory.c.source) == all_ - GONE
    assert memory.revision("de") > revision, "what was built of them is built anew"
    assert drop_unused(engine, memory, model="old-model", days=90).keys() == {
        "fake-model",
        "Translator 3000",
    }


def sweep_command(settings: dict[str, Any], *options: str, **changes: Any) -> str:
    built = services.build(Config(**(settings | changes)))
    app = create_app(services_=built)
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["sweep", *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command(
    engine: sa.Engine, ended: sa.Engine, memory: TranslationMemory, settings: dict[str, Any]
):
    before = names(engine, translation_memory.c.source)
    said = sweep_command(settings, "--dry-run", memory_keep=90)
    assert "leases               1 ended, would be removed" in said
    assert "translations         1 by old-model, would be removed" in said
    assert "translations         2 unused for 90 days, would be removed" in said
    assert names(engine, translation_memory.c.source) == before
    assert "all are kept (MEMORY_KEEP)" in sweep_command(settings)
    bare = {"openai_base_url": None, "openai_api_key": None, "openai_model": None}
    assert "no model is configured" in sweep_command(settings, memory_keep=90, **bare)
    assert names(engine, translation_memory.c.source) == before
    assert "2 unused for 90 days, removed" in sweep_command(settings, memory_keep=90)
    assert names(engine, translation_memory.c.source) == before - GONE


def used_at(engine: sa.Engine, key: str) -> float | None:
    column = translation_memory.c.used_at
    with engine.connect() as connection:
        return connection.execute(
            sa.select(epoch_now() - column).where(translation_memory.c.key == key)
        ).scalar_one()


def test_a_use_is_noted_once_a_day(engine: sa.Engine):
    old = keep(engine, "old", model="m", age=5)
    today = keep(engine, "of today", model="m", age=0.1)
    noted = keep(engine, "noted", model="m", age=50, used=0.5)
    unread = keep(engine, "unread", model="m", age=5)
    memory = TranslationMemory(engine)
    memory.look_up([old, today, noted])
    note_uses(engine, memory)
    ages = {key: used_at(engine, key) for key in (old, today, noted, unread)}
    assert ages[old] == pytest.approx(0, abs=30)
    assert ages[noted] == pytest.approx(DAY / 2, abs=30)
    assert (ages[today], ages[unread]) == (None, None)
    with database.writing(engine) as connection:
        connection.execute(sa.update(translation_memory).values(used_at=epoch_now() - 3 * DAY))
    memory.look_up([old])
    note_uses(engine, memory)
    assert used_at(engine, old) == pytest.approx(0, abs=30), (
        "also what this process has in its cache"
    )


def test_what_readers_got_was_used(engine: sa.Engine, settings: dict[str, Any]):
    """Noted at the latest when the server ends."""
    built = services.build(Config(**settings))
    client = create_app(services_=built).test_client()
    built.housekeeper.start()
    text = "We study attention in models."
    key = keep(engine, text, model="fake-model", age=5)
    body = {"lang": "de", "segments": [{"id": "1", "text": text}]}
    [row] = client.post("/api/v1/translations", json=body).get_json()["translations"]
    assert row["cached"]
    built.close()
    assert used_at(engine, key) == pytest.approx(0, abs=30)
