"""The folder in which the processes of one server put their counters together (prometheus-client's files).

Made at the start, for one server; gone when it ends. A process that died leaves its files: its gauges are
removed, its counters added to those of all that died before it, so that the folder does not grow.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shutil
import struct
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

log = logging.getLogger(__name__)

PREFIX = "paperglot-metrics-"

_LIVE = ".live"
"""Locked for as long as a process of the server lives; a folder whose file is not locked is left over."""
_READING = ".reading"
"""Locked by whoever reads the counters, or moves those of the dead."""
_KINDS = ("counter", "histogram")
_GONE = "gone"
"""Stands in the place of a process id in the files of those that died."""
_RESERVED = {"counter": 192, "histogram": 256, "gauge_livesum": 64}
"""KiB a process's files begin with: a file that grew later could not, on a full disk, and kills its process."""
_PATIENCE = 1.0


class MetricsFolder:
    """One server's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._live: IO[bytes] | None = None
        self._late: set[int] = set()
        self._lock = threading.Lock()

    @classmethod
    def make(cls, parent: Path) -> MetricsFolder:
        """A new folder, for the first process of a server; what servers that were killed left is removed.

        Raises:
            OSError: nothing can be written there.
        """
        _sweep(parent)
        folder = cls(Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent)))
        (folder.path / _READING).touch()
        unnamed = (
            folder.path / f"{_LIVE}-to-be"
        )  # another server that starts must not find it before it is locked
        folder._live = unnamed.open("wb")
        fcntl.flock(folder._live, fcntl.LOCK_EX)  # its copies in the workers hold it too
        unnamed.rename(folder.path / _LIVE)
        return folder

    def reserve(self, pid: int) -> None:
        """Make the files of a process whole before it begins.

        Raises:
            OSError: there is no room for them.
        """
        for kind, kibibytes in _RESERVED.items():
            new = self.path / f"{kind}_{pid}.new"  # by a name that nobody reads, until it is whole
            new.write_bytes(bytes(kibibytes * 1024))
            new.replace(self.path / f"{kind}_{pid}.db")

    def forget(self, pid: int) -> None:
        """Remove the files of a process."""
        for file in self.path.glob(f"*_{pid}.*"):
            file.unlink(missing_ok=True)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """The files stay as they are while the block runs, but for the counts of the living."""
        with (self.path / _READING).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    def retire(self, pid: int) -> None:
        """A process has died: what it counted is added to what those before it did."""
        for file in self.path.glob(f"gauge_live*_{pid}.db"):
            file.unlink(missing_ok=True)
        with self._lock, (self.path / _READING).open("rb") as lock:
            self._late.add(pid)
            if not _locked(lock):
                return  # a reader that hangs: with the next one, then
            for late in sorted(self._late):
                self._add(late)
            self._late.clear()

    def remove(self) -> None:
        """The server has ended."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._live:
            self._live.close()

    def _add(self, pid: int) -> None:
        from prometheus_client.mmap_dict import MmapedDict

        for kind in _KINDS:
            dead, gone = self.path / f"{kind}_{pid}.db", self.path / f"{kind}_{_GONE}.db"
            if not dead.exists():
                continue
            new = self.path / f"{kind}_{_GONE}.new"
            if gone.exists():
                shutil.copyfile(gone, new)
            else:
                new.unlink(missing_ok=True)
            sums = MmapedDict(str(new))  # type: ignore[no-untyped-call] # the library's own
            with contextlib.closing(sums):
                try:
                    for key, value, *_ in MmapedDict.read_all_values_from_file(str(dead)):  # type: ignore[no-untyped-call] # the same
                        before, _ = sums.read_value(key)  # type: ignore[no-untyped-call] # the same
                        sums.write_value(key, before + value, 0.0)  # type: ignore[no-untyped-call] # the same
                except (RuntimeError, ValueError, struct.error):
                    log.warning(
                        "a process died while it wrote its counters; the rest of them is lost"
                    )
            new.replace(gone)
            dead.unlink()


def parent_folder() -> Path:
    """Where the folder is made: in memory where there is such a place, so that counting waits for no disk."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())


def _locked(file: IO[bytes]) -> bool:
    """Whether we have it alone; a reader is waited for, but not for long."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > until:
                return False
            time.sleep(0.01)  # flock has no time limit of its own
        else:
            return True


def _sweep(parent: Path) -> None:
    """Remove folders whose server was killed."""
    for path in parent.glob(f"{PREFIX}*"):
        try:
            if path.is_symlink() or path.stat().st_uid != os.getuid():
                continue
            with (path / _LIVE).open("rb") as live:
                fcntl.flock(live, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # in use, being made, or not ours
        shutil.rmtree(path, ignore_errors=True)
