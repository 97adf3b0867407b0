"""The real backend as a process of its own, started the way the Procfile starts it."""

from __future__ import annotations

import http.client
import os
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

from backend.config import Config
from tests.browser.logged_process import LoggedProcess, ProcessFailed

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9"
"""An address where nobody answers (the discard port)."""


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _command() -> list[str]:
    """The Procfile's web process, run by the Python of the tests."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    (web,) = (line.partition(":")[2] for line in lines if line.startswith("web:"))
    program, *options = shlex.split(web)
    assert program == "python", web
    return [sys.executable, *options]


class Backend:
    """One server on a port of its own; a context manager that starts and stops it.

    Args:
        folder: where database and log go.
        settings: environment variables. By default no language model is configured and the
            upstreams are out of reach, so that the sample edition is served.
    """

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._settings = {
            # Set to nothing, so that the .env of whoever runs the tests says nothing either.
            **dict.fromkeys(Config.variables(), ""),
            "PORT": str(self.port),
            "DATABASE_URL": f"sqlite:///{folder / 'paperglot.sqlite3'}",
            "HF_ENDPOINT": NOWHERE,
            "ARXIV_API_URL": NOWHERE,
            "RATE_LIMIT": "100000/minute",
            **settings,
        }
        self.database_url = self._settings["DATABASE_URL"]
        self._process: LoggedProcess | None = None

    def __enter__(self) -> Backend:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Starts it, on the same port and database as before, and waits until it answers.

        Raises:
            ProcessFailed: it does not.
        """
        self._process = LoggedProcess(
            _command(), log=self._folder / "backend.log", env=self._environment(), cwd=ROOT
        )
        deadline = time.monotonic() + 30
        while not self._answers():
            if not self._process.running or time.monotonic() > deadline:
                self._process.kill()
                raise ProcessFailed(f"the backend does not answer:\n{self.tail()}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Ends it as a deploy does."""
        if self._process:
            self._process.stop()

    def kill(self) -> None:
        """Ends it in the middle of a word, as a crash does."""
        if self._process:
            self._process.kill()

    def run(self, *command: str) -> None:
        """Runs one of its commands, as in `flask --app backend …`, with the settings it has itself.

        Raises:
            ProcessFailed: the command fails.
        """
        ended = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "backend", *command],
            env=self._environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode:
            raise ProcessFailed(ended.stdout + ended.stderr)

    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self._folder), **self._settings}

    def tail(self) -> str:
        """The end of its log."""
        return self._process.tail() if self._process else ""

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
