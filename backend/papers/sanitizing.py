"""Values from upstreams made safe to keep: any JSON or XML value in, a clean one or nothing out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

# Control characters, lone surrogates (JSON can carry them, UTF-8 and PostgreSQL cannot) and
# non-characters.
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_NOT_IN_ADDRESS = re.compile(r"[\s<>\"'`\\{}|^]")

MAX_TITLE = 2_000
MAX_TEXT = 20_000
MAX_NAME = 300
MAX_ADDRESS = 2_000
_MAX_COUNT = 2**31 - 1


def line(value: object, longest: int = MAX_TEXT) -> str:
    """Text as one line: runs of white space become one space, at most `longest` characters."""
    if not isinstance(value, str):
        return ""
    # Cut before the work as well: a text of megabytes must not cost megabytes of work.
    return " ".join(_NOT_TEXT.sub(" ", value[: 4 * longest]).split())[:longest].rstrip()


def lines(value: object, *, most: int, longest: int = MAX_NAME) -> tuple[str, ...]:
    """A list of texts, empty ones left out, each once, at most `most`."""
    if not isinstance(value, list):
        return ()
    cleaned = (line(item, longest) for item in value[: 4 * most])
    return tuple(dict.fromkeys(text for text in cleaned if text))[:most]


def count(value: object) -> int:
    """A number of things, never negative; 0 for anything else."""
    if not isinstance(value, int) or isinstance(value, bool):
        return 0
    return min(max(value, 0), _MAX_COUNT)


def moment(value: object) -> datetime | None:
    """An ISO 8601 time in UTC, whole seconds."""
    if not isinstance(value, str):
        return None
    try:
        read = datetime.fromisoformat(value.strip())
        read = read if read.tzinfo else read.replace(tzinfo=UTC)
        return read.astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        return None


def web_address(value: object) -> str | None:
    """An http or https address that may stand in a link; None for anything else (a script)."""
    if not isinstance(value, str) or len(value) > MAX_ADDRESS:
        return None
    address = value.strip()
    if _NOT_IN_ADDRESS.search(address) or _NOT_TEXT.search(address):
        return None
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return None
    return address if usable else None
