"""A copy of a SQLite database while servers use it, and such a copy in its place again.

Both go through SQLite's own online backup: what is copied is one moment's state, and what is restored becomes
the database in one transaction, beside servers that read and write. Until that transaction ends the present
database is whole; if it does not end, it stays.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from . import database
from .errors import BackupFailed
from .revisions import revisions

_HEADER = b"SQLite format 3\x00"
_BUSY_SECONDS = 30.0
_AHEAD = 1_000
"""By how much revisions grow: more than servers may count while one database takes the other's place."""
_WHAT_IS_NO_BACKUP = "is no backup of Paperglot's database"


@dataclass(frozen=True)
class Restored:
    """What became of the database that was there before.

    Args:
        before: a copy of it, or the file itself where it was damaged; None where there was none.
        damaged: it could not be read: servers that have it open must be started anew.
    """

    before: Path | None
    damaged: bool = False


def back_up(url: str, file: Path) -> int:
    """Write a copy of the database to a file, in place of an earlier one; returns its bytes.

    Raises:
        BackupFailed: saying why; what was at the file's place is still there.
    """
    live = _database_file(url)
    if not live.is_file():
        raise BackupFailed(f"There is no database yet at {live}.")
    _refuse_the_database_itself(live, file)
    if file.exists() and not _has_header(file):
        raise BackupFailed(
            f"{file} is there already and is no database: nothing was written over it."
        )
    unfinished = file.with_name(file.name + ".part")
    with _said(file), _removed(unfinished):
        _copy(live, unfinished)
        _check(unfinished)
        size = unfinished.stat().st_size
        _put(unfinished, file)
    return size


def restore(url: str, file: Path, *, grown: Collection[str] = ()) -> Restored:
    """Make a backup the database. The present one is kept beside it.

    A backup of an earlier release is brought to this one's tables first. What was spent today stays counted.

    Args:
        grown: revisions that a restore is a change of, whether or not there was one before.

    Raises:
        BackupFailed: the file is no whole backup, or cannot be put in place; the present database stays.
    """
    live = _database_file(url)
    _refuse_the_database_itself(live, file)
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}.")
    if not _has_header(file):
        raise BackupFailed(f"{file} {_WHAT_IS_NO_BACKUP}.")
    live.parent.mkdir(parents=True, exist_ok=True)
    new = live.with_name(live.name + ".restoring")
    with _said(file), _removed(new):
        _copy(file, new)
        _check(new)
        _bring_up_to_date(new, file)
        if not live.exists():
            _put(new, live)
            return Restored(None)
        before = live.with_name(live.name + ".before-restore")
        if not _keep(live, before):
            return Restored(_set_aside(live, new), damaged=True)
        _take_over(live, new, grown)
        _replace(live, new)
    return Restored(before)


def _database_file(url: str) -> Path:
    if not url.startswith("sqlite"):
        raise BackupFailed(
            "This database is PostgreSQL: pg_dump and pg_restore do that; README's part on backups says how."
        )
    return Path(sa.make_url(url).database or "")


def _refuse_the_database_itself(live: Path, file: Path) -> None:
    if file.resolve() in {
        live.resolve().with_name(live.name + end) for end in ("", "-wal", "-shm")
    }:
        raise BackupFailed(f"{file} is the database itself. Name another file.")


def _has_header(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_HEADER)) == _HEADER
    except OSError as error:
        raise BackupFailed(f"{file} cannot be read: {error.strerror}.") from None


@contextmanager
def _said(file: Path) -> Iterator[None]:
    """Faults of files and of SQLite in one sentence."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise BackupFailed(f"{file}: {error}.") from None
    except sqlite3.DatabaseError:
        raise BackupFailed(f"{file} is damaged: nothing was changed.") from None
    except OSError as error:
        raise BackupFailed(f"{error.filename or file}: {error.strerror}.") from None


@contextmanager
def _removed(file: Path) -> Iterator[Path]:
    """A file to work on, gone with all that SQLite puts beside it when the block ends, and before it begins."""
    beside = [file.with_name(file.name + end) for end in ("", "-wal", "-shm", "-journal", ".lock")]
    for each in beside:
        each.unlink(missing_ok=True)
    try:
        yield file
    finally:
        for each in beside:
            with suppress(OSError):
                each.unlink(missing_ok=True)


def _open(file: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None))


def _open_to_read(file: Path) -> closing[sqlite3.Connection]:
    """Also from a folder where nothing can be written, in which SQLite reads no file that has a log."""
    beside = any(file.with_name(file.name + end).exists() for end in ("-wal", "-shm"))
    may_write = os.access(file.parent, os.W_OK) and os.access(file, os.W_OK)
    options = "mode=rw" if may_write else "mode=ro" if beside else "mode=ro&immutable=1"
    uri = f"{file.resolve().as_uri()}?{options}"
    return closing(sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None))


def _copy(source: Path, target: Path) -> None:
    """One moment's state of a database as one file. In one step: writers beside it would begin several anew."""
    with _open_to_read(source) as read, _open(target) as written:
        os.chmod(target, source.stat().st_mode & 0o777)
        read.backup(written)
        written.execute("PRAGMA journal_mode = DELETE").fetchall()


def _check(file: Path) -> None:
    with _open(file) as connection:
        said = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if said != ("ok",):
        raise BackupFailed(f"{file.name} is damaged: nothing was changed.")


def _bring_up_to_date(new: Path, file: Path) -> None:
    """Upgrade a copy to this release's tables.

    Raises:
        BackupFailed: it is another program's database, or a newer release's.
    """
    with _open(new) as connection:
        try:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        except sqlite3.OperationalError:
            found = []
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if len(found) != 1 or not {"papers", "translation_memory"} <= names:
        raise BackupFailed(f"{file} {_WHAT_IS_NO_BACKUP}.")
    if found[0][0] not in database.revisions():
        raise BackupFailed(f"{file} was made by a newer Paperglot; update this one first.")
    try:
        database.upgrade(f"sqlite:///{new}")
    except sa.exc.SQLAlchemyError:
        raise BackupFailed(f"{file} has not the tables that its release had.") from None
    with _open(new) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    if missing := database.metadata.tables.keys() - names:
        raise BackupFailed(f"{file} lacks tables, such as {min(missing)}.")


def _keep(live: Path, before: Path) -> bool:
    """Copy the present database beside itself; False where it is damaged."""
    try:
        with _removed(before.with_name(before.name + ".part")) as unfinished:
            _copy(live, unfinished)
            _check(unfinished)
            _put(unfinished, before)
    except sqlite3.OperationalError:
        raise  # locked, full, not to be written: not damaged
    except (sqlite3.DatabaseError, BackupFailed):
        return False
    return True


def _take_over(live: Path, new: Path, grown: Collection[str]) -> None:
    """What holds whatever is restored: tokens spent, and revisions that only grow, as servers rely on them."""
    try:
        database.upgrade(f"sqlite:///{live}")
    except database.NewerDatabase:
        raise BackupFailed(
            f"{live} was made by a newer Paperglot; update this one first."
        ) from None
    with _open(new) as connection:
        connection.execute("ATTACH DATABASE ? AS present", [str(live)])
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT OR REPLACE INTO token_usage SELECT * FROM present.token_usage")
        name, number = revisions.c.name.name, revisions.c.revision.name
        connection.execute(
            f"INSERT INTO {revisions.name} ({name}, {number}) SELECT {name}, {number}"
            f" FROM present.{revisions.name} WHERE true"
            f" ON CONFLICT ({name}) DO UPDATE SET {number} = max({number}, excluded.{number})"
        )
        connection.executemany(
            f"INSERT OR IGNORE INTO {revisions.name} ({name}, {number}) VALUES (?, 0)",
            [(each,) for each in grown],
        )
        connection.execute(f"UPDATE {revisions.name} SET {number} = {number} + {_AHEAD}")
        connection.execute("COMMIT")
        connection.execute("DETACH DATABASE present")


def _replace(live: Path, new: Path) -> None:
    """Write a copy over the database, in one transaction of it."""
    with _open(live) as target, _open(new) as source:
        (size,) = target.execute("PRAGMA page_size").fetchone()
        if source.execute("PRAGMA page_size").fetchone() != (size,):
            source.execute(f"PRAGMA page_size = {size}")
            source.execute("VACUUM")
        source.backup(target)
        with suppress(sqlite3.OperationalError):  # a reader may hold the log: it shrinks later
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _set_aside(live: Path, new: Path) -> Path:
    """Put a copy in the place of a database that cannot be read, which is kept under another name."""
    number = 1
    while (damaged := live.with_name(f"{live.name}.damaged-{number}")).exists():
        number += 1
    for end in ("-wal", "-shm", ""):
        beside = live.with_name(live.name + end)
        if beside.exists():
            beside.replace(damaged.with_name(damaged.name + end))
    _put(new, live)
    return damaged


def _put(file: Path, place: Path) -> None:
    """Give a finished file its name, so that a machine that stops has it whole or not at all."""
    with file.open("rb") as finished:
        os.fsync(finished.fileno())
    file.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
