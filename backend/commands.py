"""`flask --app backend …`: upgrade the database, prefetch translations, forget some."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from types import FrameType
from typing import TYPE_CHECKING

import click
from flask import Flask

from . import database_start, languages, services
from .config import Config
from .errors import PaperglotError
from .languages import Language
from .memory_commands import memory
from .papers.records import Edition
from .translated_papers.prefetching import Estimate, Prefetching, Progress, cost

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


def install(app: Flask) -> None:
    """Add our commands to `flask --app backend`."""
    app.cli.add_command(upgrade)
    app.cli.add_command(prefetch)
    app.cli.add_command(forget)
    app.cli.add_command(memory)


@click.command("upgrade")
def upgrade() -> None:
    """Bring the database's tables to the newest revision, and the search index up to date."""
    ours = services.current()
    if remark := database_start.remark(ours.config):
        click.echo(remark, err=True)
    database_start.prepare(ours.config)
    try:
        ours.search_indexer.catch_up()
    finally:
        ours.close()


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
@click.option("--list", "lists", multiple=True, metavar="NAME", help="A list of SOURCES; else all.")
@click.option("--dry-run", is_flag=True, help="Only say what it would cost.")
def prefetch(
    lang: tuple[Language, ...],
    day: datetime | None,
    days: int,
    lists: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Fetch editions and translate them ahead of the readers.

    May be stopped and started again: what was translated is kept. The exit code is 0 when everything is
    translated, 1 when something is missing, 130 or 143 when it was stopped.
    """
    ours = services.current()
    database_start.prepare(ours.config)
    work = _Prefetch(Prefetching(ours.editions, ours.paper_translations), ours.config)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        work.run(lists, day.date() if day else None, days, lang, dry_run=dry_run)
    except _Stopped as stopped:
        click.echo(
            "Stopped. What is translated is kept; the same command goes on from there.", err=True
        )
        sys.exit(128 + stopped.number)
    finally:
        ours.close()
    if not work.whole:
        sys.exit(1)


@click.command("forget")
@click.option("--paper", metavar="ID", help="Of this paper's title and abstract, by its arXiv id.")
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

    Of several options all must hold. What was translated with a reader's own glossary is not found by --paper:
    it is kept under keys that need that glossary; --lang, --before and --origin find it.
    """
    ours = services.current()
    if not (paper or lang or before or origin):
        raise click.UsageError("Say what to forget: --paper, --lang, --before or --origin.")
    database_start.prepare(ours.config)
    try:
        keys = None
        if paper:
            found = ours.papers.many([paper])[paper]
            if isinstance(found, PaperglotError):
                raise click.ClickException(found.detail)
            keys = ours.paper_translations.keys_of(found)
        counts = ours.translator.memory.forget(
            keys=keys,
            langs=[language.tag for language in lang] if lang else None,
            before=before.replace(tzinfo=UTC) if before else None,
            model=origin,
            dry_run=dry_run,
        )
        if not dry_run:
            ours.search_indexer.catch_up()
    except PaperglotError as error:
        raise click.ClickException(error.detail) from None
    finally:
        ours.close()
    for tag, number in counts.items():
        click.echo(f"{tag:<8} {number}")
    click.echo(f"{sum(counts.values())} translations {'would be' if dry_run else 'are'} forgotten")


class _Stopped(BaseException):
    """Ctrl+C, or the host's request to end: nothing below is to take it for a fault of its own."""

    def __init__(self, number: int) -> None:
        self.number = number


def _stop(number: int, _frame: FrameType | None) -> None:
    raise _Stopped(number)


class _Prefetch:
    """One run of the command: works, says what happened, and knows whether anything is missing."""

    def __init__(self, work: Prefetching, config: Config) -> None:
        self._work = work
        self._config = config
        self._sum, self._estimate, self._parts = Progress(0), Estimate(), 0
        self.whole = True

    def run(
        self,
        lists: Sequence[str],
        day: date | None,
        days: int,
        langs: tuple[Language, ...],
        *,
        dry_run: bool,
    ) -> None:
        """Prefetch the days of the lists, each in all languages; a paper on two lists is paid for once."""
        try:
            names = self._work.lists(lists)
        except PaperglotError as error:
            self._miss(error.detail)
            return
        try:
            for name in names:
                if len(names) > 1:
                    click.echo(name)
                for each in self._days(name, day, days):
                    self._day(name, each, langs, dry_run=dry_run)
        finally:
            if self._parts > 1:
                self._say_sum(dry_run=dry_run)

    def _days(self, name: str, day: date | None, days: int) -> Sequence[date]:
        try:
            return self._work.days(name, day, days)
        except PaperglotError as error:
            self._miss(error.detail)
            return []

    def _day(self, name: str, day: date, langs: tuple[Language, ...], *, dry_run: bool) -> None:
        try:
            edition = self._work.edition(name, day)
        except PaperglotError as error:
            self._miss(f"{day}  {error.detail}")
            return
        if not edition.papers:
            click.echo(f"{day}  {edition.note or 'no papers'}")
            return
        for language in langs:
            label = f"{day}  {language.tag:<8} {len(edition.papers):>3} papers"
            try:
                if dry_run:
                    self._say_estimate(label, self._work.estimate(edition, language))
                else:
                    self._translate(edition, language, label)
            except PaperglotError as error:
                self._miss(f"{label}  {error.detail}")

    def _translate(self, edition: Edition, language: Language, label: str) -> None:
        progress, shown = Progress(2 * len(edition.papers)), 0
        try:
            bar: ProgressBar[Progress] = click.progressbar(
                length=progress.total,
                label=label,
                hidden=not sys.stdout.isatty(),
                item_show_func=lambda step: self._spent(step) if step else None,
            )
            with bar:
                for progress in self._work.translate(edition, language):
                    bar.update(progress.done + progress.failed - shown, progress)
                    shown = progress.done + progress.failed
        finally:  # also when it is stopped
            self._sum += progress
            self._parts += 1
            self._say(label, progress)

    def _say(self, label: str, progress: Progress) -> None:
        words = [
            f"{progress.done} texts, {progress.cached} of them known before",
            self._spent(progress),
        ]
        if progress.unverified:
            words.append(f"{progress.unverified} unverified")
        if progress.failed:
            reason = progress.problem.detail if progress.problem else ""
            words.append(f"{progress.failed} failed: {reason}")
            self.whole = False
        click.echo(f"{label}  " + "; ".join(words), err=bool(progress.failed))

    def _say_estimate(self, label: str, estimate: Estimate) -> None:
        self._estimate += estimate
        self._parts += 1
        expected = cost(self._config, estimate.tokens_in, estimate.tokens_out)
        click.echo(f"{label}  {estimate.missing} texts to translate, about {expected}")

    def _say_sum(self, *, dry_run: bool) -> None:
        if dry_run:
            self._say_estimate("in all", self._estimate)
        else:
            self._say("in all", self._sum)

    def _spent(self, progress: Progress) -> str:
        usage = progress.usage
        return cost(self._config, usage.prompt_tokens, usage.completion_tokens)

    def _miss(self, words: str) -> None:
        click.echo(words, err=True)
        self.whole = False
