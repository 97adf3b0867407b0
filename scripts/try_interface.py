"""Have Schemathesis try every operation of /openapi.json against the real server; outside CI.

    .venv/bin/python scripts/try_interface.py            # some minutes; ends with 1 when it found anything
    .venv/bin/python scripts/try_interface.py -n 20 --include-path /api/v1/search

The server is the one that `make run` starts, over fakes of its model and its upstreams. Schemathesis comes
through `uvx`, in the version named here, into a folder of its own: it would more than double what the tests
install. What stands after the script's name goes to `st run`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.fakes.llm import FakeLLM
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed
from tests.serving import server

VERSION = "4.32.5"
TOKEN = "a-token-of-this-script-alone"
EXAMPLES = ("2306.02707", "2401.01234", "hep-th/9901001")
"""Papers that the description names."""

CONFIG = """
# 503 is said where an upstream or the database is away, which is no fault of the server.
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "503"]

# The tool's own list, and 413 for what is over a limit.
[checks.negative_data_rejection]
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, 503]

# What becomes of parameters that nobody describes is said only where they are refused: of search and feeds.
[generation]
allow-extra-parameters = false

# Most identifiers of no paper would cost three seconds each: arXiv's pace is kept here too.
[dictionaries.papers]
values = ["2306.02707", "2401.01234v2", "hep-th/9901001"]

[parameters]
id = { dictionary = "papers", probability = 0.9 }

# It names the routes that failed: what stands in them for a paper is none.
[[operations]]
include-operation-id = "owner"
phases.stateful.enabled = false

# What JSON Schema cannot say: placeholders that nest, ids that differ, words that are words, one parameter
# that needs another.
[[operations]]
include-operation-id = [
  "translate", "translatePapers", "correctSegment", "correctPaper",
  "drawPaperTerms", "changePaperTerm", "takeBackPaperTerm", "search", "atomFeed", "jsonFeed", "unapi",
]
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", 400, 401, 403, 404, 409, 413, 429, 503]
"""


def days() -> list[date]:
    """The last week."""
    today = datetime.now(UTC).date()
    return [today - timedelta(days=n) for n in range(7)]


def papers(day: date) -> list[str]:
    """Identifiers of a day's papers."""
    return [f"{day:%y%m}.{day.day:02}{number:03}" for number in range(8)]


def command() -> list[str]:
    """How Schemathesis is called here."""
    if named := os.environ.get("SCHEMATHESIS"):
        return [named]
    return [str(Path(sys.executable).parent / "uvx"), "--from", f"schemathesis=={VERSION}", "st"]


def main(arguments: list[str]) -> int:
    lists = {str(day): [listed(id, upvotes=9) for id in papers(day)] for day in days()}
    known = [id for day in days() for id in papers(day)]
    with (
        tempfile.TemporaryDirectory() as folder,
        FakeLLM() as llm,
        FakeHuggingFace(lists) as huggingface,
        FakeArxiv({id: entry(id) for id in (*known, *EXAMPLES)}) as arxiv,
        server(
            f"sqlite:///{folder}/tried.sqlite3",
            {
                "ACCESS_TOKEN": TOKEN,
                "ALLOWED_HOSTS": "127.0.0.1",
                "OPENAI_BASE_URL": llm.base_url,
                "OPENAI_MODEL": "fake-model",
                "HF_ENDPOINT": huggingface.url,
                "ARXIV_API_URL": arxiv.api_url,
                "RATE_LIMIT": "100000/minute",
                "PRICE_IN": "0.25",
                "PRICE_OUT": "2",
            },
        ) as running,
    ):
        config = Path(folder) / "schemathesis.toml"
        config.write_text(CONFIG)
        done = subprocess.run(
            [
                *command(),
                "--config-file",
                str(config),
                "run",
                f"{running.address}/openapi.json",
                "--header",
                f"Authorization:Bearer {TOKEN}",
                "--checks",
                "all",
                "--continue-on-failure",
                "--generation-database",
                "none",
                *arguments,
            ],
            cwd=folder,
        )
        errors = [line for line in running.log.splitlines() if "unexpected" in line]
        if errors:
            sys.stdout.write("faults in the server's log:\n" + "\n".join(errors[:20]) + "\n")
        return done.returncode or bool(errors)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
