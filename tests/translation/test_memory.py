"""The translation memory keeps what is good, and asks anew for what is not."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend import database
from backend.database import epoch_now, writing
from backend.translation.memory import TranslationMemory, memory_key, translation_memory
from backend.translation.records import Translation
from tests.conditions import wait_until

pytestmark = pytest.mark.sql

KEY = memory_key("We study <x1/>.", lang="de", model="m", glossary="")
GOOD = Translation("Wir untersuchen <x1/>.", True, (), "m")
BAD = Translation("Wir untersuchen.", False, ("placeholder",), "m")


def fresh(engine: sa.Engine) -> TranslationMemory:
    """A memory as another process sees it: nothing cached."""
    return TranslationMemory(engine)


def test_what_is_stored_is_found_by_every_process(engine: sa.Engine):
    fresh(engine).store(KEY, "de", GOOD)
    assert fresh(engine).look_up([KEY, "0" * 64])[KEY].translation == GOOD
    assert list(fresh(engine).look_up(["0" * 64])) == []


def test_the_key_tells_text_language_model_and_glossary_apart():
    keys = {
        KEY,
        memory_key("We study <x2/>.", lang="de", model="m", glossary=""),
        memory_key("We study <x1/>.", lang="fr", model="m", glossary=""),
        memory_key("We study <x1/>.", lang="de", model="n", glossary=""),
        memory_key("We study <x1/>.", lang="de", model="m", glossary="g"),
    }
    assert len(keys) == 5


def test_an_unverified_attempt_never_replaces_a_verified_one(engine: sa.Engine):
    memory = fresh(engine)
    memory.store(KEY, "de", GOOD)
    memory.store(KEY, "de", BAD)
    assert fresh(engine).look_up([KEY])[KEY].translation == GOOD
    assert memory.look_up([KEY])[KEY].translation == GOOD


def test_a_verified_one_replaces_an_unverified_one(engine: sa.Engine):
    memory = fresh(engine)
    memory.store(KEY, "de", BAD)
    memory.store(KEY, "de", GOOD)
    assert memory.look_up([KEY])[KEY].translation == GOOD


ADVICE = Translation("Wir prüfen <x1/>.", True, ("term",), "m")
BETTER = Translation("Wir erforschen <x1/>.", True, (), "m")
WORSE = Translation("We.", False, ("placeholder", "untranslated"), "m")


@pytest.mark.parametrize(
    ("kept", "new", "best"),
    [
        (GOOD, BAD, GOOD),
        (BAD, GOOD, GOOD),
        (GOOD, BETTER, BETTER),  # equals: the reader did not like the old one
        (ADVICE, GOOD, GOOD),
        (GOOD, ADVICE, GOOD),
        (BAD, WORSE, BAD),
        (WORSE, BAD, BAD),
        (ADVICE, BAD, ADVICE),
    ],
)
def test_a_worse_answer_never_replaces_a_better(
    engine: sa.Engine, kept: Translation, new: Translation, best: Translation
):
    memory = fresh(engine)
    assert memory.store(KEY, "de", kept) == kept
    assert memory.store(KEY, "de", new) == best
    for reader in (memory, fresh(engine)):
        found = reader.look_up([KEY], fresh=True)[KEY]
        assert (found.translation, found.attempts) == (best, 2)


def test_what_is_replaced_or_forgotten_leaves_every_process(engine: sa.Engine):
    memory, other = fresh(engine), fresh(engine)
    memory.store(KEY, "de", GOOD)
    assert other.look_up([KEY])[KEY].translation == GOOD
    memory.store(KEY, "de", BETTER)
    wait_until(lambda: other.look_up([KEY])[KEY].translation == BETTER)
    assert memory.forget(langs=["de"]) == {"de": 1}
    assert memory.look_up([KEY]) == {}
    wait_until(lambda: not other.look_up([KEY]))


def test_what_is_forgotten_meets_every_condition(engine: sa.Engine):
    memory = fresh(engine)
    keys = {
        (lang, model): memory_key("A.", lang=lang, model=model, glossary="")
        for lang in ("de", "fr")
        for model in ("m", "n")
    }
    for (lang, model), key in keys.items():
        memory.store(key, lang, Translation("A.", True, (), model))
    assert memory.models() == ["m", "n"]
    before = memory.revision("de")
    past, future = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
    assert memory.forget(before=past) == {}
    assert memory.forget(before=future, dry_run=True) == {"de": 2, "fr": 2}
    assert len(fresh(engine).look_up(keys.values())) == 4
    assert memory.revision("de") == before
    assert memory.forget(langs=["de", "ja"], model="n") == {"de": 1}
    assert memory.revision("de") > before
    assert memory.forget(keys=[keys["de", "m"], keys["fr", "m"]], langs=["fr"]) == {"fr": 1}
    assert fresh(engine).look_up(keys.values()).keys() == {keys["de", "m"], keys["fr", "n"]}
    assert memory.forget(before=future) == {"de": 1, "fr": 1}


def test_an_unverified_one_is_asked_anew_on_retry_or_after_a_day_three_times(engine: sa.Engine):
    memory = fresh(engine)
    memory.store(KEY, "de", BAD)
    found = memory.look_up([KEY])[KEY]
    assert found.serves(retry=False)
    assert not found.serves(retry=True)
    with writing(engine) as connection:
        connection.execute(sa.update(translation_memory).values(stored_at=epoch_now() - 90_000))
    assert not memory.look_up([KEY])[KEY].serves(retry=False)
    memory.store(KEY, "de", BAD)
    memory.store(KEY, "de", BAD)
    found = memory.look_up([KEY])[KEY]
    assert found.attempts == 3
    assert found.serves(retry=True)


def test_the_revision_grows_with_each_translation_of_its_language(engine: sa.Engine):
    memory = fresh(engine)
    before = memory.revision("de"), memory.revision("fr")
    memory.store(KEY, "de", GOOD)
    assert fresh(engine).revision("de") > before[0]
    assert fresh(engine).revision("fr") == before[1]


def test_a_text_larger_than_the_cache_is_kept_in_the_database(engine: sa.Engine):
    memory = TranslationMemory(engine, cache_bytes=1000)
    memory.store(KEY, "de", Translation("x" * 5000, True, (), "m"))
    assert len(memory.look_up([KEY])[KEY].translation.text) == 5000


def test_remarks_on_the_task_are_forgotten_once(tmp_path: Path):
    """What a release before kept as verified goes with the migration; titles about translating stay."""
    url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
    database.upgrade(url, revision="0003")
    engine = database.connect(url)
    rows = {
        "a": ("de", "Die Text wurde nicht übersetzt; schreiben Sie es in Deutsch."),
        "b": ("es", "El texto no fue traducido; escriba en español."),
        "c": ("de", "Neuronale maschinelle Übersetzung mit Aufmerksamkeit"),
        "d": ("zh-Hans", "论循环群的完全子集"),
        "e": ("xx", "El texto no fue traducido; escriba en español."),
    }
    with engine.begin() as connection:
        for key, (lang, text) in rows.items():
            connection.execute(
                sa.insert(translation_memory).values(
                    key=key, lang=lang, text=text, model="m", verified=True, issues="[]",
                    attempts=1, stored_at=0.0,
                )
            )  # fmt: skip
    database.upgrade(url)
    with engine.connect() as connection:
        kept = connection.execute(sa.select(translation_memory.c.key)).scalars().all()
        grown = connection.execute(sa.text("SELECT name FROM revisions ORDER BY name")).scalars()
        assert sorted(kept) == ["c", "d", "e"]
        assert grown.all() == ["translations de", "translations es"]
    engine.dispose()


def test_when_a_translation_last_changed_is_kept(engine: sa.Engine):
    """Asking again in vain is no change; other words are one, and so is another verdict."""
    memory = fresh(engine)

    def changed() -> float | None:
        return fresh(engine).look_up([KEY])[KEY].translation.changed_at

    def age() -> None:
        with engine.begin() as connection:
            connection.execute(sa.update(translation_memory).values(changed_at=1.0, stored_at=2.0))

    first = memory.store(KEY, "de", BAD).changed_at
    assert first is not None
    assert changed() == first
    age()
    for same in (BAD, WORSE):
        memory.store(KEY, "de", same)
        assert changed() == 1.0
    memory.store(KEY, "de", dataclasses.replace(BAD, text="Wir suchen."))
    assert changed() != 1.0
    age()
    memory.store(KEY, "de", dataclasses.replace(BAD, text="Wir suchen.", verified=True))
    assert changed() != 1.0


def test_the_languages_that_something_is_kept_in(engine: sa.Engine):
    memory = fresh(engine)
    assert memory.languages() == set()
    memory.store(KEY, "de", GOOD)
    memory.store("1" * 64, "zh-Hans", BAD)
    memory.store(KEY, "de", BETTER)
    assert memory.languages() == {"de", "zh-Hans"}
