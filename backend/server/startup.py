"""What happens once when the server starts: settings are read, the owner is told what works."""

from __future__ import annotations

import gc
import os
import resource
import sys
from pathlib import Path

from dotenv import load_dotenv

from ..config import OPENAI_URL, Config
from ..errors import ConfigError

ROOT = Path(__file__).parents[2]
EXTENSION = ROOT / "extension"

MAX_CONNECTIONS = 4096
_FILES = 500
"""For the database, the model and the upstreams."""
_LEAST_CONNECTIONS = 600
"""Somewhat more than a process has threads."""
_YOUNG_OBJECTS = 10_000
"""New objects between two looks of the garbage collector; few of ours are ever in cycles."""


def read_settings() -> Config:
    """The settings from the environment and, below it, `.env`; a wrong one stops the start with one line."""
    load_dotenv(ROOT / ".env")
    try:
        return Config.from_env()
    except ConfigError as error:
        sys.exit(f"paperglot: {error}")


def serve() -> None:
    """Run gunicorn with `gunicorn.conf.py`. The settings are read first, as gunicorn trips over some."""
    read_settings()
    if not os.environ.get("WEB_CONCURRENCY", "").strip():
        os.environ.pop("WEB_CONCURRENCY", None)
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv[1:] = ["--config", str(ROOT / "gunicorn.conf.py")]
    WSGIApplication("%(prog)s").run()


def room_for_connections() -> int:
    """How many connections a process can have, beside its files: as many as the system lets it, up to 4096."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + _FILES
    files = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    return max(_LEAST_CONNECTIONS, files - _FILES)


def settle() -> None:
    """Once a worker has loaded what it needs: keep Python's garbage collector away from it.

    Some 150,000 objects of the libraries stay for as long as the process does. Going through them again and
    again took more than half of a busy worker's time, and every reader waited meanwhile.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG_OBJECTS, 10, 10)


def announce(config: Config, host: str, port: int) -> None:
    """Print the address, what is configured and what is not, and how to load the extension."""
    sys.stderr.write("\n".join(_announcement(config, host, port)) + "\n")
    sys.stderr.flush()


def _announcement(config: Config, host: str, port: int) -> list[str]:
    shown = f"[{host}]" if ":" in host else host
    lines = ["", f"Paperglot answers at http://{shown}:{port}", ""]
    if config.translator_configured:
        lines.append(f"  model      {config.model} at {config.openai_base_url or OPENAI_URL}")
    else:
        lines += [
            "  model      none: lists are shown, nothing new is translated",
            "             set OPENAI_API_KEY, or OPENAI_BASE_URL and OPENAI_MODEL, in .env",
        ]
    lines += [
        f"  database   {_database(config)}",
        f"  lists      {', '.join(source.name for source in config.sources)}",
        f"  token      {'needed to translate' if config.access_tokens else 'none'}",
    ]
    if (config.listens_beyond_loopback or config.trusted_proxies) and not config.access_tokens:
        lines.append(
            "             other machines can reach this server: set ACCESS_TOKEN to translate"
        )
    lines.append(
        f"  budget     {config.daily_token_budget:,} tokens a day"
        if config.daily_token_budget
        else "  budget     no limit (DAILY_TOKEN_BUDGET)"
    )
    if EXTENSION.is_dir():
        lines += [
            "",
            "The extension is in " + str(EXTENSION),
            "  Chrome, Edge   chrome://extensions, Developer mode, Load unpacked, that folder",
            "  Firefox        about:debugging#/runtime/this-firefox, Load Temporary Add-on, its manifest.json",
        ]
    return [*lines, "", "Ctrl+C stops the server.", ""]


def _database(config: Config) -> str:
    if config.database_url.startswith("sqlite"):
        return "SQLite"
    each, processes = config.connections_of_a_process, config.web_concurrency
    return (
        f"PostgreSQL, at most {each * processes} connections ({processes} x {each}),"
        f" {each} more for a command (DATABASE_CONNECTIONS)"
    )
