"""A program that runs beside the tests, its output in a file where a failing test can show it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path


class ProcessFailed(RuntimeError):
    """The program ended, or never said what was waited for; the text carries the end of its log."""


class LoggedProcess:
    """One child process in a group of its own, so that ending it ends what it started.

    Args:
        command: the program and its arguments.
        log: where its output goes; grows over restarts.
        env: its whole environment.
        cwd: its working folder.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str],
        cwd: Path | None = None,
    ) -> None:
        self.log = log
        self._name = " ".join(command)[:120]
        with log.open("ab") as output:
            self._begin = output.tell()
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=cwd,
                start_new_session=True,
            )

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def output(self) -> str:
        """All that this process has written so far."""
        with self.log.open("rb") as log:
            log.seek(self._begin)
            return log.read().decode("utf-8", "replace")

    def tail(self, *, lines: int = 40) -> str:
        """The last lines of the output."""
        return "\n".join(self.output().splitlines()[-lines:])

    def wait_for_output(self, pattern: str, *, seconds: float) -> re.Match[str]:
        """Waits for the pattern in the output.

        Raises:
            ProcessFailed: the process ended first, or the time is over.
        """
        deadline = time.monotonic() + seconds
        while True:
            running = self.running
            if match := re.search(pattern, self.output()):
                return match
            if not running or time.monotonic() > deadline:
                state = "is silent" if running else f"ended with {self._process.returncode}"
                raise ProcessFailed(f"{self._name} {state}, no {pattern!r} in:\n{self.tail()}")
            time.sleep(0.02)

    def stop(self, *, seconds: float = 10.0) -> None:
        """Asks the process to end, then ends it and whatever is left of its group."""
        self._signal(signal.SIGTERM)
        self.wait(seconds=seconds)

    def kill(self) -> None:
        """Ends the whole group at once, as a crash or a pulled plug would."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def wait(self, *, seconds: float) -> None:
        """Waits for an end that was asked for; past the time, kills."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self.kill()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return
