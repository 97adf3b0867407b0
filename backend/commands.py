"""`flask --app backend …`: upgrade the database, prefetch translations."""

from __future__ import annotations

import sys
from datetime import date, datetime

import click
from flask import Flask

from . import database, services
from .errors import PaperglotError
from .papers.records import Edition
from .prefetching import Prefetching, Progress, cost
from .translation import languages
from .translation.languages import Language


def install(app: Flask) -> None:
    """Add our commands to `flask --app backend`."""
    app.cli.add_command(upgrade)
    app.cli.add_command(prefetch)


@click.command("upgrade")
def upgrade() -> None:
    """Bring the database's tables to the newest revision."""
    database.upgrade(services.current().config.database_url)


class Languages(click.ParamType[tuple[Language, ...]]):
    """Language tags separated by commas."""

    name = "tags"

    def convert(
        self,
        value: str | tuple[Language, ...],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[Language, ...]:
        if isinstance(value, tuple):
            return value
        try:
            return tuple(languages.find(tag.strip()) for tag in value.split(","))
        except PaperglotError as error:
            self.fail(error.detail, param, ctx)


@click.command("prefetch")
@click.option("--lang", required=True, type=Languages(), help="Tags, such as zh-Hans,ja.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="A day; else the newest.")
@click.option("--days", default=1, type=click.IntRange(1, 366), help="How many days, going back.")
@click.option("--dry-run", is_flag=True, help="Only say what it would cost.")
def prefetch(lang: tuple[Language, ...], day: datetime | None, days: int, dry_run: bool) -> None:
    """Fetch editions and translate them ahead of the readers.

    May be stopped and started again: what was translated is kept. The exit code is 0 when everything is
    translated, 1 when something is missing.
    """
    ours = services.current()
    database.upgrade(ours.config.database_url)
    work = Prefetching(ours.editions, ours.paper_translations)
    whole = True
    try:
        wanted = work.days(day.date() if day else None, days)
        for each in wanted:
            whole &= _prefetch_day(work, each, lang, dry_run=dry_run)
    finally:
        ours.close()
    if not whole:
        sys.exit(1)


def _prefetch_day(
    work: Prefetching, day: date, lang: tuple[Language, ...], *, dry_run: bool
) -> bool:
    """One day in all languages; says what happened. False when something is missing."""
    config = services.current().config
    try:
        edition = work.edition(day)
    except PaperglotError as error:
        click.echo(f"{day}  {error.detail}", err=True)
        return False
    if edition.state == "sample":
        click.echo("No edition is stored and the upstream does not answer.", err=True)
        return False
    if not edition.papers:
        click.echo(f"{day}  {edition.note or 'no papers'}")
        return True
    whole = True
    for language in lang:
        label = f"{day}  {language.tag:<8} {len(edition.papers):>3} papers"
        try:
            if dry_run:
                estimate = work.estimate(edition, language)
                expected = cost(config, estimate.tokens_in, estimate.tokens_out)
                click.echo(f"{label}  {estimate.missing} texts to translate, about {expected}")
            else:
                whole &= _translate(work, edition, language, label)
        except PaperglotError as error:
            click.echo(f"{label}  {error.detail}", err=True)
            whole = False
    return whole


def _translate(work: Prefetching, edition: Edition, language: Language, label: str) -> bool:
    progress, shown = Progress(2 * len(edition.papers)), 0
    with click.progressbar(length=progress.total, label=label) as bar:
        for progress in work.translate(edition, language):
            bar.update(progress.done + progress.failed - shown)
            shown = progress.done + progress.failed
    usage = progress.usage
    spent = cost(services.current().config, usage.prompt_tokens, usage.completion_tokens)
    words = [f"{progress.done} texts, {progress.cached} of them known before", spent]
    if progress.unverified:
        words.append(f"{progress.unverified} unverified")
    if progress.failed:
        words.append(
            f"{progress.failed} failed: {progress.problem.detail if progress.problem else ''}"
        )
    click.echo(f"{label}  " + "; ".join(words), err=bool(progress.failed))
    return not progress.failed
