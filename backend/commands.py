"""`flask --app backend …`: upgrade the database, back it up, restore it, sweep it, forget translations."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

import click
from flask import Flask

from . import backups, database, housekeeping, memory_keeping, services
from .errors import BackupFailed, PaperglotError
from .languages import Language
from .memory_commands import memory
from .papers.identifiers import ArxivId
from .prefetch_command import Languages, prefetch
from .services import Services
from .translation.memory import REPLACED


def install(app: Flask) -> None:
    """Add our commands to `flask --app backend`."""
    app.cli.add_command(upgrade)
    app.cli.add_command(backup)
    app.cli.add_command(restore)
    app.cli.add_command(prefetch)
    app.cli.add_command(sweep)
    app.cli.add_command(forget)
    app.cli.add_command(memory)


@click.command("upgrade")
def upgrade() -> None:
    """Bring the database's tables to the newest revision, and the search index up to date."""
    ours = services.current()
    database.upgrade(ours.config.database_url)
    try:
        ours.search_indexer.catch_up()
    finally:
        ours.close()


@click.command("backup")
@click.argument("file", metavar="PATH", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write a copy of the SQLite database to PATH, while servers use it."""
    with _ending(services.current()) as ours:
        size = backups.back_up(ours.config.database_url, file)
    click.echo(f"{size / 1_000_000:.1f} MB are in {file}")


@click.command("restore")
@click.argument("file", metavar="PATH", type=click.Path(dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Make the backup at PATH the SQLite database, also while servers use it.

    What is there now is kept beside it until the next restore.
    """
    with _ending(services.current()) as ours:
        done = backups.restore(ours.config.database_url, file, grown=[REPLACED])
    click.echo(f"Restored from {file}.")
    if done.damaged:
        click.echo(
            f"The database that was there is damaged; it is in {done.before}. Restart the server."
        )
    elif done.before:
        click.echo(f"What was there is in {done.before}.")


@contextlib.contextmanager
def _ending(ours: Services) -> Iterator[Services]:
    """Close everything at the end; a fault is one line."""
    try:
        yield ours
    except PaperglotError as error:
        raise click.ClickException(error.detail) from None
    except BackupFailed as error:
        raise click.ClickException(str(error)) from None
    finally:
        ours.close()


@click.command("sweep")
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
def sweep(dry_run: bool) -> None:
    """Remove rows that have ended, and translations of models that are configured no more.

    The latter when nobody used them for the days that MEMORY_KEEP says; it keeps all unless it is set. What has
    ended the server removes by itself, too.
    """
    would = "would be removed" if dry_run else "removed"
    ours = services.current()
    database.upgrade(ours.config.database_url)
    with _ending(ours):
        memory, days = ours.translator.memory, ours.config.memory_keep
        for table, number in housekeeping.sweep(ours.engine, dry_run=dry_run).items():
            click.echo(f"{table:<20} {number} ended, {would}")
        if days is None:
            click.echo("translations         all are kept (MEMORY_KEEP)")
        elif not ours.model:
            click.echo("translations         all are kept: no model is configured")
        else:
            model = ours.model.name
            dropped = memory_keeping.drop_unused(
                ours.engine, memory, model=model, days=days, dry_run=dry_run
            )
            for name, number in sorted(dropped.items()):
                click.echo(f"translations         {number} by {name}, {would}")
            click.echo(f"translations         {dropped.total()} unused for {days} days, {would}")
        if not dry_run:
            ours.search_indexer.catch_up()


@click.command("forget")
@click.option(
    "--paper",
    metavar="ID",
    help="Of this paper: title, abstract and its own terms, by its arXiv id.",
)
@click.option("--lang", type=Languages(), help="In these languages, such as zh-Hans,ja.")
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]), help="Kept before this UTC day.")
@click.option("--origin", metavar="NAME", help="Written by this model.")
@click.option("--dry-run", is_flag=True, help="Only say what would be forgotten.")
def forget(
    paper: str | None,
    lang: tuple[Language, ...] | None,
    before: datetime | None,
    origin: str | None,
    dry_run: bool,
) -> None:
    """Drop translations from the memory, so that the next reader's are made anew.

    Of several options all must hold. --paper also drops the paper's own terms, of all its versions where none
    is named, and what readers changed of them. What was translated with a reader's own glossary is not found by
    --paper: it is kept under keys that need that glossary; --lang, --before and --origin find it.
    """
    ours = services.current()
    if not (paper or lang or before or origin):
        raise click.UsageError("Say what to forget: --paper, --lang, --before or --origin.")
    database.upgrade(ours.config.database_url)
    narrowed: _Narrowed = {
        "langs": [language.tag for language in lang] if lang else None,
        "before": before.replace(tzinfo=UTC) if before else None,
        "model": origin,
        "dry_run": dry_run,
    }
    try:
        keys, terms = None, 0
        if paper:
            with_terms = _with_terms(ours, paper)
            found = ours.papers.many([paper])[paper]
            if not isinstance(found, PaperglotError):
                keys = ours.paper_translations.keys_of(found)
            elif with_terms:
                keys = set()  # its text is not stored here, and nobody can give it
            else:
                raise click.ClickException(found.detail)
            terms = ours.paper_terms.forget(with_terms, **narrowed)
        counts = ours.translator.memory.forget(keys=keys, **narrowed)
        if not dry_run:
            ours.search_indexer.catch_up()
    except PaperglotError as error:
        raise click.ClickException(error.detail) from None
    finally:
        ours.close()
    for tag, number in counts.items():
        click.echo(f"{tag:<8} {number}")
    what = f"{sum(counts.values())} translations" + (f" and {terms} terms" if terms else "")
    click.echo(f"{what} {'would be' if dry_run else 'are'} forgotten")


class _Narrowed(TypedDict):
    """What narrows that which is forgotten, of translations and terms alike."""

    langs: list[str] | None
    before: datetime | None
    model: str | None
    dry_run: bool


def _with_terms(ours: Services, paper: str) -> set[str]:
    """Under which identifiers terms of a paper are kept: of the version that is named, else of all."""
    wanted = ArxivId.parse(paper)
    found = set()
    for name in ours.paper_terms.papers():
        with contextlib.suppress(PaperglotError):
            kept = ArxivId.parse(name)
            if kept.base == wanted.base and wanted.version in (None, kept.version):
                found.add(name)
    return found
