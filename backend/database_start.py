"""The database made ready for this version, or one line that says why it cannot be used."""

from __future__ import annotations

import sys

import sqlalchemy as sa

from . import database
from .config import Config, default_database_url, on_a_dyno


def prepare(config: Config) -> None:
    """Upgrade the tables; a database that cannot be used ends the program with one line."""
    try:
        database.upgrade(config.database_url)
    except (sa.exc.SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()
        sys.exit(
            f"paperglot: DATABASE_URL: the database cannot be used: {reason[0] if reason else ''}"
        )
    except database.NewerDatabase:
        sys.exit(
            "paperglot: DATABASE_URL: the database was made by a newer Paperglot; update this one"
        )


def remark(config: Config) -> str | None:
    """What the owner should know of where the database is, in one line."""
    if on_a_dyno() and config.database_url == default_database_url():
        return (
            "paperglot: DATABASE_URL is not set: a dyno's disk is emptied at every restart, and all "
            "translations with it; add Heroku Postgres"
        )
    return None
