"""`flask --app backend backup` and `restore`: while servers write, and whatever a file turns out to be."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from click.testing import Result

from backend import backups, create_app, database, services
from backend.config import Config
from backend.spending.budget import TokenBudget
from backend.translation.memory import TranslationMemory, memory_key
from backend.translation.records import Translation
from tests.fakes.llm import FakeLLM
from tests.serving import NOWHERE, ROOT, server

Command = Callable[..., Result]


@pytest.fixture
def live(database_url: str) -> Path:
    """The database's file."""
    return Path(sa.make_url(database_url).database or "")


@pytest.fixture
def command(settings: dict[str, Any]) -> Command:
    """Our commands on this database, or on another one."""

    def invoke(*arguments: object, **changes: object) -> Result:
        built = services.build(Config(**(settings | changes)))
        app = create_app(services_=built)
        with app.app_context():
            return app.test_cli_runner().invoke(args=[str(each) for each in arguments])

    return invoke


def keep(url: str, *texts: str) -> None:
    """Have these texts translated, in the memory."""
    engine = database.connect(url)
    memory = TranslationMemory(engine)
    for text in texts:
        key = memory_key(text, lang="de", model="fake-model", glossary="")
        memory.store(key, "de", Translation(f"„{text}“", True, (), "fake-model"), source=text)
    engine.dispose()


def fill(file: Path, rows: int) -> None:
    """Have so many long translations in a memory."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(
            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?)"
            " INSERT INTO translation_memory"
            " (key, lang, model, text, verified, issues, attempts, stored_at, source)"
            " SELECT n, 'de', 'm', hex(randomblob(2000)), 1, '[]', 1, 1.0, 'text ' || n FROM c",
            [rows],
        )
        connection.commit()


def kept(file: Path) -> set[str]:
    """The texts whose translations a database holds; it is whole."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {row[0] for row in connection.execute("SELECT source FROM translation_memory")}


def test_what_is_backed_up_comes_back(
    command: Command, database_url: str, live: Path, tmp_path: Path
):
    keep(database_url, "one", "two")
    copy = tmp_path / "copy.sqlite3"
    done = command("backup", copy)
    assert done.exit_code == 0, done.output
    assert str(copy) in done.output
    assert [each.name for each in tmp_path.glob("copy*")] == ["copy.sqlite3"], "one file is all"
    keep(database_url, "three")
    done = command("restore", copy)
    assert done.exit_code == 0, done.output
    assert kept(live) == {"one", "two"}
    before = live.with_name(live.name + ".before-restore")
    assert str(before) in done.output
    assert kept(before) == {"one", "two", "three"}
    assert kept(copy) == {"one", "two"}, "what was read is as it was"
    assert not list(tmp_path.glob("*.restoring*")) + list(tmp_path.glob("*.part*"))


def test_a_later_backup_takes_the_place_of_an_earlier_one(
    command: Command, database_url: str, tmp_path: Path
):
    copy = tmp_path / "copy.sqlite3"
    for text in ("one", "two"):
        keep(database_url, text)
        assert command("backup", copy).exit_code == 0
    assert kept(copy) == {"one", "two"}


def test_restored_where_there_is_no_database_yet(
    command: Command, database_url: str, tmp_path: Path
):
    keep(database_url, "one")
    command("backup", tmp_path / "copy")
    new = tmp_path / "another" / "machine.sqlite3"
    done = command("restore", tmp_path / "copy", database_url=f"sqlite:///{new}")
    assert done.exit_code == 0, done.output
    assert kept(new) == {"one"}
    assert "What was there" not in done.output


def test_a_backup_of_an_earlier_release_is_upgraded(
    command: Command, database_url: str, live: Path, tmp_path: Path
):
    old = tmp_path / "old.sqlite3"
    database.upgrade(f"sqlite:///{old}", revision="0008")
    with closing(sqlite3.connect(old)) as connection:
        connection.execute(
            "INSERT INTO translation_memory (key, lang, model, text, verified, issues, attempts, stored_at)"
            " VALUES ('k', 'de', 'm', 't', 1, '[]', 1, 1.0)"
        )
        connection.commit()
    done = command("restore", old)
    assert done.exit_code == 0, done.output
    assert kept(live) == {None}
    assert command("memory", "export", "--lang", "de", tmp_path / "x.tmx").exit_code == 0


def test_tokens_spent_stay_counted_and_revisions_only_grow(
    command: Command, database_url: str, tmp_path: Path
):
    keep(database_url, "one")
    command("backup", tmp_path / "copy")
    engine = database.connect(database_url)
    budget, memory = TokenBudget(engine, limit=1000), TranslationMemory(engine)
    budget.settle(budget.reserve(10), prompt_tokens=300, completion_tokens=500)
    keep(database_url, "two", "three")
    before = memory.revision("de")
    assert command("restore", tmp_path / "copy").exit_code == 0
    assert budget.today().tokens == 800
    assert TranslationMemory(engine).revision("de") > before
    budget.close()
    engine.dispose()


def _text(file: Path) -> None:
    file.write_text("Notes about papers.\n")


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _foreign(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version (version_num); CREATE TABLE notes (n)"
        )


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def _stripped(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE leases")


def _cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _overwritten(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(3 * 4096)
        opened.write(b"\xff" * 8 * 4096)


def _headless(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.seek(16)
        opened.write(b"\x00" * 84)


def _gone(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_text, "is no backup"),
        (_empty, "is no backup"),
        (_foreign, "is no backup"),
        (_newer, "newer Paperglot"),
        (_stripped, "lacks tables, such as leases"),
        (_cut, "damaged"),
        (_overwritten, "damaged"),
        (_headless, "damaged"),
        (_gone, "There is no file"),
    ],
)
def test_what_is_no_whole_backup_changes_nothing(
    command: Command, live: Path, tmp_path: Path, spoil: Callable[[Path], None], words: str
):
    fill(live, 300)
    copy = tmp_path / "copy"
    assert command("backup", copy).exit_code == 0
    if spoil is _foreign:
        copy.unlink()
    spoil(copy)
    before = kept(live)
    done = command("restore", copy)
    assert done.exit_code == 1, done.output
    assert words in done.output
    assert "Traceback" not in done.output
    assert done.output.count("\n") == 1, "one line"
    assert kept(live) == before
    assert not list(tmp_path.glob("*.restoring*"))


def test_the_database_itself_and_other_files_are_not_written_over(
    command: Command, database_url: str, live: Path, tmp_path: Path
):
    keep(database_url, "one")
    notes = tmp_path / "notes.txt"
    _text(notes)
    link = tmp_path / "link"
    link.symlink_to(live)
    for what in ("backup", "restore"):
        for file in (live, link):
            done = command(what, file)
            assert (done.exit_code, "the database itself" in done.output) == (1, True)
    done = command("backup", notes)
    assert (done.exit_code, "nothing was written over it" in done.output) == (1, True)
    assert notes.read_text() == "Notes about papers.\n"
    done = command("backup", tmp_path / "nowhere" / "copy")
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert kept(live) == {"one"}


@pytest.mark.parametrize("spoil", [_cut, _overwritten, _headless, _text])
def test_a_damaged_database_is_set_aside(
    command: Command, live: Path, tmp_path: Path, spoil: Callable[[Path], None]
):
    fill(live, 300)
    copy = tmp_path / "copy"
    assert command("backup", copy).exit_code == 0
    wanted = kept(live)
    with closing(sqlite3.connect(live)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    spoil(live)
    bytes_before = live.read_bytes()
    done = command("restore", copy)
    assert done.exit_code == 0, done.output
    assert "Restart the server" in done.output
    assert kept(live) == wanted
    [aside] = tmp_path.glob("*.damaged-1")
    assert aside.read_bytes() == bytes_before


def test_a_restore_that_is_killed_leaves_one_whole_database(
    database_url: str, live: Path, tmp_path: Path
):
    """Whenever that happens: what was there, or what came, and a second try succeeds."""
    copy = tmp_path / "copy"
    keep(database_url, "old")
    fill(live, 2_000)  # so large that it takes a while
    backups.back_up(database_url, copy)
    code = (
        "import sys; from pathlib import Path; import backend; from backend import backups;"
        "sys.stdout.write('.'); sys.stdout.flush(); backups.restore(sys.argv[1], Path(sys.argv[2]))"
    )
    old = kept(live)
    ended = []
    for delay in (0.05, 0.25):
        keep(database_url, "new")
        with subprocess.Popen(
            [sys.executable, "-c", code, database_url, str(copy)], cwd=ROOT, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout
            assert process.stdout.read(1) == b"."
            threading.Event().wait(delay)  # wherever it is by now
            process.send_signal(signal.SIGKILL)
            ended.append(process.wait(30))
        assert kept(live) in (old, old | {"new"})
    assert -signal.SIGKILL in ended
    assert backups.restore(database_url, copy).before
    assert kept(live) == old


@pytest.fixture
def running(database_url: str, fake_llm: FakeLLM) -> Iterator[Callable[[str], dict[str, Any]]]:
    """A real server; asks it for one text's translation."""
    settings = {
        "OPENAI_BASE_URL": fake_llm.base_url,
        "OPENAI_MODEL": "fake-model",
        "HF_ENDPOINT": NOWHERE,
        "RATE_LIMIT": "1000/second",
        "WEB_CONCURRENCY": "2",
    }
    with server(database_url, settings) as started, httpx.Client(timeout=30) as client:

        def translate(text: str) -> dict[str, Any]:
            asked = {"lang": "de", "segments": [{"id": "1", "text": text}]}
            response = client.post(f"{started.address}/api/v1/translations", json=asked)
            assert response.status_code == 200, response.text
            [row] = response.json()["translations"]
            assert row["verified"], row
            return dict(row)

        yield translate


def test_backed_up_while_a_server_writes(
    running: Callable[[str], dict[str, Any]], command: Command, tmp_path: Path
):
    """Each copy is whole, has what was kept before it began, and holds nobody up."""
    stop, translated = threading.Event(), []

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            text = f"We study attention in models of {number} layers."
            running(text)
            translated.append(text)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for round_ in range(4):
            before = list(translated)
            done = command("backup", tmp_path / f"copy-{round_}")
            assert done.exit_code == 0, done.output
            assert set(before) <= kept(tmp_path / f"copy-{round_}")
            while writer.is_alive() and len(translated) == len(before):
                stop.wait(0.01)
    finally:
        stop.set()
        writer.join(30)
    assert len(translated) >= 4


def test_a_running_server_shows_what_was_restored(
    running: Callable[[str], dict[str, Any]],
    command: Command,
    fake_llm: FakeLLM,
    live: Path,
    tmp_path: Path,
):
    """And goes on writing to it: a file that was moved would leave the server with the one that was."""
    first, second = "We study sparse attention.", "We study linear attention."
    assert not running(first)["cached"]
    assert command("backup", tmp_path / "copy").exit_code == 0
    assert not running(second)["cached"]
    assert running(second)["cached"]
    done = command("restore", tmp_path / "copy")
    assert done.exit_code == 0, done.output
    asked = len(fake_llm.requests)
    until = (
        time.monotonic() + 5
    )  # a process may rely on the revision that it knows, for half a second
    while running(second)["cached"]:
        assert time.monotonic() < until, "it was forgotten by the restore"
    assert running(first)["cached"]
    assert len(fake_llm.requests) == asked + 1
    assert kept(live) == {first, second}


def test_postgresql_is_left_to_its_own_programs(command: Command, tmp_path: Path):
    for what in ("backup", "restore"):
        done = command(
            what, tmp_path / "copy", database_url="postgresql+psycopg://nobody@127.0.0.1:9/none"
        )
        assert (done.exit_code, "pg_dump" in done.output) == (1, True), done.output


def _program(name: str) -> str | None:
    """One of PostgreSQL's programs, of the newest version that is installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name)


@pytest.mark.sql
def test_what_readme_says_of_postgresql(database_kind: str, database_url: str, tmp_path: Path):
    if database_kind == "sqlite":
        return  # the tests above
    programs = {name: _program(name) for name in ("pg_dump", "pg_restore")}
    if None in programs.values():
        pytest.skip("PostgreSQL's client programs are not installed")
    readme = (ROOT / "README.md").read_text("utf-8")
    commands = [line for line in readme.splitlines() if line.startswith(tuple(programs))]
    assert len(commands) == 2
    url = database_url.replace("postgresql+psycopg://", "postgresql://")

    def run(line: str) -> None:
        name, rest = line.split(" ", 1)
        environment = {"DATABASE_URL": url, "PATH": os.environ["PATH"]}
        subprocess.run(
            ["sh", "-ec", f"{programs[name]} {rest}"], cwd=tmp_path, env=environment, check=True
        )

    keep(database_url, "one")
    run(commands[0])
    keep(database_url, "two")
    run(commands[1])
    database.upgrade(database_url)
    engine = database.connect(database_url)
    with engine.connect() as connection:
        sources = connection.scalars(sa.text("SELECT source FROM translation_memory")).all()
    engine.dispose()
    assert sources == ["one"]
