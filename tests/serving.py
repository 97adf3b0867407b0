"""The whole backend for tests: an app over fakes, or the real server as a process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from backend.config import Config

ROOT = Path(__file__).parent.parent
NOWHERE = "http://127.0.0.1:9"
"""An address where nothing answers: the discard port."""

_ADDRESS = re.compile(r"Paperglot answers at (http://\S+)")


class ServerProcess:
    """A running server: its address and what it has printed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.address = ""
        self._lines: list[str] = []
        self._known = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        with self.process.stderr as stderr:
            for line in stderr:
                self._lines.append(line)
                if found := _ADDRESS.search(line):
                    self.address = found[1]
                    self._known.set()
        self._known.set()

    @property
    def log(self) -> str:
        """Everything printed so far."""
        return "".join(self._lines)

    def wait(self, seconds: float = 120) -> None:
        """Wait until the server answers; fails with its log when it ended instead."""
        self._known.wait(seconds)
        assert self.address, f"the server did not start:\n{self.log}"

    def join(self) -> None:
        """Wait for the last word of a server that was ended."""
        self._reader.join(30)

    def stop(self) -> int:
        """End the server as Ctrl+C does."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@contextmanager
def server(
    database_url: str,
    settings: Mapping[str, str] | None = None,
    *,
    cwd: Path = ROOT,
    command: Sequence[str] = ("-m", "backend"),
) -> Iterator[ServerProcess]:
    """The real server, as the Procfile starts it, on a free port.

    Upstreams are nowhere unless `settings` says otherwise.
    """
    environment = {
        **dict.fromkeys(Config.variables(), ""),  # so that nobody's .env plays a part
        "PATH": os.environ["PATH"],
        "HOME": os.environ.get("HOME", "/"),
        "PORT": "0",
        "DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgresql://"),
        "HF_ENDPOINT": NOWHERE,
        "ARXIV_API_URL": NOWHERE,
        **(settings or {}),
    }
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=cwd,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    running = ServerProcess(process)
    try:
        running.wait()
        yield running
    except BaseException:
        sys.stdout.write(
            f"the server's log:\n{running.log}\n"
        )  # pytest shows it beside the failure
        raise
    finally:
        if process.poll() is None:
            running.stop()
        running.join()
