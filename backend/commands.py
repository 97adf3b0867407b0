"""`flask --app backend …`: database upgrade and prefetch."""

from __future__ import annotations

import click
from flask import Flask

from . import database, services


def install(app: Flask) -> None:
    """Add our commands to `flask --app backend`."""
    app.cli.add_command(upgrade)


@click.command("upgrade")
def upgrade() -> None:
    """Bring the database's tables to the newest revision."""
    database.upgrade(services.current().config.database_url)
