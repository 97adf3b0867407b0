"""`flask --app backend export`: the newest days as plain files, for any static host."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask import Flask
from flask.cli import ScriptInfo, pass_script_info, with_appcontext

from .. import database, languages, services
from ..errors import PaperglotError
from ..services import Services
from . import static_copy
from .feeds.entry_names import HostName
from .static_copy import Plan

ORIGIN = "http://localhost:41869"
"""What the pages take for the server's address while they are copied; a port that no text is likely to name."""


@click.command("export")
@click.option(
    "--lang", required=True, help="Tags separated by commas, such as ja,de; the first is home."
)
@click.option("--days", default=30, type=click.IntRange(1, 366), help="How many days, going back.")
@click.option(
    "--base-url", help="Where the copy will be, as in https://me.example/papers: for feeds."
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
@pass_script_info
def export(script: ScriptInfo, lang: str, days: int, base_url: str | None, folder: Path) -> None:
    """Write pages and feeds to FOLDER. Asks neither a model nor, for what is stored, anybody else."""
    ours = services.current()
    database.upgrade(ours.config.database_url)
    app = script.load_app()  # the one whose context this is
    number = 0
    try:
        plan = _plan(ours, lang, days)
        if base_url:  # entries are named by the first host that readers knew, and that is not ours
            HostName(ours.engine, public=ours.config.allowed_hosts).get(urlsplit(base_url).netloc)
        for path, content in static_copy.files(
            plan, _fetcher(app), origin=ORIGIN, base=base_url.rstrip("/") if base_url else None
        ):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            number += 1
    except PaperglotError as error:
        raise click.ClickException(error.detail) from None
    finally:
        ours.close()
    click.echo(f"{number} files of {len(plan.days)} days are in {folder}")
    if not base_url:
        click.echo("For feeds, give --base-url: they name whole addresses.")


def _plan(ours: Services, lang: str, days: int) -> Plan:
    found = tuple(languages.find(tag.strip()) for tag in lang.split(","))
    lines, _ = ours.editions.archive(before=None, limit=min(days, 100))
    latest = ours.editions.latest()
    dates: list[date] = [line.date for line in lines] or [latest.date]
    editions = [latest, *(ours.editions.on(day) for day in dates)]
    papers = dict.fromkeys(paper.id for edition in editions for paper in edition.papers)
    return Plan(found, tuple(day.isoformat() for day in dates), tuple(papers))


def _fetcher(app: Flask) -> static_copy.Fetch:
    client = app.test_client()

    def fetch(address: str) -> bytes:
        response = client.get(address, base_url=ORIGIN)
        if response.status_code != 200:
            raise click.ClickException(f"{address} answered {response.status}.")
        body: bytes = response.data
        return body

    return fetch
