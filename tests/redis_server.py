"""A Redis of a test's own."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis

needs_redis = pytest.mark.skipif(not shutil.which("redis-server"), reason="Redis is not installed")


@contextmanager
def redis_server(folder: Path) -> Iterator[str]:
    """Redis on a free port, keeping nothing; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with (
        (folder / "redis.log").open("w") as log,
        subprocess.Popen([*command, "--appendonly", "no"], stdout=log, cwd=folder) as process,
    ):
        address = f"redis://127.0.0.1:{port}/0"
        client = redis.Redis.from_url(address)
        try:
            answered = False
            while not answered:
                assert process.poll() is None, (folder / "redis.log").read_text()
                with contextlib.suppress(redis.ConnectionError):
                    answered = client.ping()
            yield address
        finally:
            client.close()
            process.terminate()
            process.wait(10)
