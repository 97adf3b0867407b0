"""`flask --app backend prefetch`: translate editions ahead of their readers."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime
from types import FrameType
from typing import TYPE_CHECKING

import click

from . import database_start, languages, services
from .batch_prefetch import HALF, BatchPrefetch, Part
from .config import Config
from .errors import PaperglotError
from .languages import Language
from .translated_papers.prefetching import Estimate, Prefetching, Progress, cost

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar


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
@click.option("--batch", is_flag=True, help="At half price, within a day, where the provider does.")
@click.option("--no-wait", is_flag=True, help="With --batch: come back for it with another run.")
def prefetch(
    lang: tuple[Language, ...],
    day: datetime | None,
    days: int,
    lists: tuple[str, ...],
    dry_run: bool,
    batch: bool,
    no_wait: bool,
) -> None:
    """Fetch editions and translate them ahead of the readers.

    May be stopped and started again, with --batch also on another machine that shares the database: what was
    translated is kept. The exit code is 0 when everything is translated, or with --no-wait on its way, 1 when
    something is missing, 130 or 143 when it was stopped.
    """
    ours = services.current()
    if no_wait and not batch:
        raise click.UsageError("--no-wait goes with --batch.")
    database_start.prepare(ours.config)
    translator = Prefetching(ours.editions, ours.paper_translations)
    work = _Prefetch(translator, ours.config, share=HALF if batch else 1.0)
    if batch and not dry_run and ours.model:
        work.batches = BatchPrefetch(ours, translator, say=click.echo, miss=work.miss)
        work.wait = not no_wait
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
        if work.batches:
            work.batches.close()
        ours.close()
    if not work.whole:
        sys.exit(1)


class _Stopped(KeyboardInterrupt):
    """Ctrl+C, or the host's request to end: nothing below is to take it for a fault of its own.

    Of this class because asyncio takes any other exception in a socket's write for the connection's fault.
    """

    def __init__(self, number: int) -> None:
        self.number = number


def _stop(number: int, _frame: FrameType | None) -> None:
    raise _Stopped(number)


class _Prefetch:
    """One run of the command: works, says what happened, and knows whether anything is missing.

    Args:
        share: of the price that is paid, where it is estimated.
    """

    batches: BatchPrefetch | None = None
    wait = True

    def __init__(self, work: Prefetching, config: Config, *, share: float = 1.0) -> None:
        self._work = work
        self._config = config
        self._share = share
        self._found: list[Part] = []
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
            self.miss(error.detail)
            return
        try:
            for name in names:
                if len(names) > 1:
                    click.echo(name)
                for each in self._days(name, day, days):
                    self._day(name, each, langs, dry_run=dry_run)
            if self.batches:
                for part in self.batches.run(self._found, wait=self.wait):
                    self._with_problems_said(part, self._translate)
        finally:
            if self._parts > 1:
                self._say_sum(dry_run=dry_run)

    def _days(self, name: str, day: date | None, days: int) -> Sequence[date]:
        try:
            return self._work.days(name, day, days)
        except PaperglotError as error:
            self.miss(error.detail)
            return []

    def _day(self, name: str, day: date, langs: tuple[Language, ...], *, dry_run: bool) -> None:
        try:
            edition = self._work.edition(name, day)
        except PaperglotError as error:
            self.miss(f"{day}  {error.detail}")
            return
        if not edition.papers:
            click.echo(f"{day}  {edition.note or 'no papers'}")
            return
        for language in langs:
            label = f"{day}  {language.tag:<8} {len(edition.papers):>3} papers"
            part = Part(label, edition, language)
            if self.batches:
                self._found.append(part)
            else:
                self._with_problems_said(part, self._estimate_one if dry_run else self._translate)

    def _with_problems_said(self, part: Part, work: Callable[[Part], None]) -> None:
        try:
            work(part)
        except PaperglotError as error:
            self.miss(f"{part.label}  {error.detail}")

    def _estimate_one(self, part: Part) -> None:
        self._say_estimate(part.label, self._work.estimate(part.edition, part.language))

    def _translate(self, part: Part) -> None:
        edition, language, label = part.edition, part.language, part.label
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
        expected = cost(self._config, estimate.tokens_in, estimate.tokens_out, share=self._share)
        half = " at half price" if self._share == HALF else ""
        click.echo(f"{label}  {estimate.missing} texts to translate, about {expected}{half}")

    def _say_sum(self, *, dry_run: bool) -> None:
        if dry_run:
            self._say_estimate("in all", self._estimate)
        else:
            self._say("in all", self._sum)

    def _spent(self, progress: Progress) -> str:
        usage = progress.usage
        return cost(self._config, usage.prompt_tokens, usage.completion_tokens)

    def miss(self, words: str) -> None:
        """Say what went wrong; then not everything is translated."""
        click.echo(words, err=True)
        self.whole = False
