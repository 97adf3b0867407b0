"""Several servers with one PostgreSQL and one Redis behind nginx, on this machine, and what each part uses.

PAPERGLOT_TEST_POSTGRES names the PostgreSQL server; nginx and redis-server are installed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from benchmarks.list_bytes import upstreams
from tests.conftest import POSTGRES, postgres_database
from tests.redis_server import redis_server
from tests.server.proxies import free_port, nginx
from tests.serving import ROOT, ServerProcess, server

SCENARIO = {"first_token_delay": 0.3, "chunk_delay": 0.02, "chunk_chars": 12}
QUOTAS = Path("/sys/fs/cgroup/cpu")


@dataclass(frozen=True)
class Machines:
    """The servers and the address of the proxy before them."""

    address: str
    servers: tuple[ServerProcess, ...]
    model_pid: int

    def workers(self) -> list[int]:
        """The processes that serve."""
        return [child for each in self.servers for child in children(each.process.pid)]

    def used(self) -> dict[str, float]:
        """CPU seconds that each part has used so far."""
        parts = {"servers": self.workers(), "model": [self.model_pid]}
        parts |= {
            "PostgreSQL": named("postgres"),
            "nginx": named("nginx"),
            "Redis": named("redis-server"),
        }
        return {part: sum(map(cpu_seconds, pids)) for part, pids in parts.items()}


def children(pid: int) -> list[int]:
    """A process's children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def named(name: str) -> list[int]:
    """All processes of a program; others' too, so nobody else should use it meanwhile."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (folder / "comm").read_text().strip() == name:
                found.append(int(folder.name))
    return found


def cpu_seconds(pid: int) -> float:
    """CPU used by a process so far (proc(5)); nothing when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """MiB of memory that a process has (proc(5))."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) // 1024 if found else 0


@contextmanager
def model() -> Iterator[tuple[str, int]]:
    """A fake model in a process of its own: its address and process."""
    command = [sys.executable, "-m", "tests.fakes.llm", "--scenario", json.dumps(SCENARIO)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


@contextmanager
def share_of_a_processor(number: int, share: float, pids: list[int]) -> Iterator[None]:
    """These processes get this share of one processor together: a small machine (cgroup v1; needs root)."""
    group = QUOTAS / f"paperglot-{os.getpid()}-{number}"
    group.mkdir()
    try:
        (group / "cpu.cfs_period_us").write_text("100000")
        (group / "cpu.cfs_quota_us").write_text(str(round(share * 100_000)))
        for pid in pids:
            (group / "cgroup.procs").write_text(str(pid))
        yield
    finally:
        for pid in (group / "cgroup.procs").read_text().split():
            with suppress(OSError):
                (QUOTAS / "cgroup.procs").write_text(pid)
        with suppress(OSError):
            group.rmdir()


@contextmanager
def machines(count: int, *, processes: int = 1, share: float | None = None) -> Iterator[Machines]:
    """So many servers, each pinned to one processor; with a stored list of 31 papers.

    Args:
        processes: of each server.
        share: of a processor that each server gets, instead of all that it can have.
    """
    if not POSTGRES:
        sys.exit("PAPERGLOT_TEST_POSTGRES has to name a PostgreSQL server")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        base_url, model_pid = stack.enter_context(model())
        settings = {
            "OPENAI_BASE_URL": base_url,
            "OPENAI_MODEL": "fake-model",
            "ACCESS_TOKEN": "a-token-for-benchmarks",
            "TRUSTED_PROXIES": "1",
            "RATE_LIMIT": "1000000/minute",
            "WEB_CONCURRENCY": str(processes),
            "REDIS_URL": stack.enter_context(redis_server(folder)),
            **stack.enter_context(upstreams()),
        }
        url = stack.enter_context(postgres_database())
        servers = []
        for number in range(count):
            each = stack.enter_context(server(url, settings | {"BIND": f"127.0.0.{number + 2}"}))
            pids = [each.process.pid, *children(each.process.pid)]
            for pid in pids:
                for thread in Path(f"/proc/{pid}/task").iterdir():
                    os.sched_setaffinity(int(thread.name), {number % (os.cpu_count() or 1)})
            if share:
                stack.enter_context(share_of_a_processor(number, share, pids))
            servers.append(each)
        port = free_port()
        behind = "".join(f" server {urlsplit(each.address).netloc};" for each in servers)
        proxy = nginx(
            folder,
            f"upstream machines {{ least_conn;{behind} keepalive 64; }}",
            f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://machines; proxy_buffering off;"
            ' proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host;'
            " proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } }",
            port=port,
        )
        address = stack.enter_context(proxy)
        for each in servers:
            until = time.monotonic() + 60
            while (
                httpx.get(each.address + "/api/v1/daily/latest", timeout=60).json()["source"]
                == "sample"
            ):
                assert time.monotonic() < until, "the list does not come"
                time.sleep(0.5)
        yield Machines(address, tuple(servers), model_pid)
