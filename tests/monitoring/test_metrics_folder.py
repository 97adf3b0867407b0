"""The folder of one server's metrics: what dead processes leave is added up, what killed servers leave goes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.parser import text_string_to_metric_families

from backend.monitoring.metrics_folder import MetricsFolder
from tests.serving import ROOT

ONE_PROCESS = """
import os, sys
from pathlib import Path
from backend.monitoring.metrics import Metrics
from backend.monitoring.metrics_folder import MetricsFolder

folder = MetricsFolder(Path(sys.argv[1]))
folder.reserve(os.getpid())
os.environ["PROMETHEUS_MULTIPROC_DIR"] = sys.argv[1]
metrics = Metrics(folder)
for _ in range(3):
    metrics.request_served("/x", "GET", 200, 0.004)
metrics.sample("model_running", 2)
print(os.getpid())
"""


def count_and_die(folder: MetricsFolder) -> int:
    """The number of a process that counted three requests and two questions."""
    asked = subprocess.run(
        [sys.executable, "-c", ONE_PROCESS, str(folder.path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(asked.stdout)


def samples(folder: MetricsFolder) -> dict[str, float]:
    """The sums of all series by name."""
    registry = CollectorRegistry()
    with folder.reading():
        MultiProcessCollector(registry, path=str(folder.path))
        text = generate_latest(registry).decode()
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0.0) + sample.value
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[MetricsFolder]:
    folder = MetricsFolder.make(tmp_path)
    yield folder
    folder.remove()


def test_what_the_dead_counted_stays_and_what_they_held_does_not(folder: MetricsFolder):
    dead = [count_and_die(folder) for _ in range(3)]
    before = samples(folder)
    assert before["paperglot_http_requests_total"] == 9
    assert before["paperglot_model_running"] == 6
    files = set(folder.path.glob("*.db"))
    for pid in dead:
        folder.retire(pid)
    after = samples(folder)
    assert "paperglot_model_running" not in after
    gone = {"paperglot_model_running", "paperglot_model_waiting", "paperglot_texts_awaited"}
    assert after == {name: value for name, value in before.items() if name not in gone}
    left = set(folder.path.glob("*.db"))
    assert len(left) == 2, "however many have died"
    assert len(files) == 9


def test_a_file_cut_in_the_middle_loses_no_other(folder: MetricsFolder):
    whole, cut = count_and_die(folder), count_and_die(folder)
    file = folder.path / f"counter_{cut}.db"
    file.write_bytes(b"\xff\xff\x00\x00" + file.read_bytes()[4:40])
    for pid in (whole, cut):
        folder.retire(pid)
    assert samples(folder)["paperglot_http_requests_total"] == 3


def test_folders_of_killed_servers_are_removed_and_others_left(tmp_path: Path):
    killed = (
        "import os, sys; from pathlib import Path;"
        "from backend.monitoring.metrics_folder import MetricsFolder;"
        "print(MetricsFolder.make(Path(sys.argv[1])).path, flush=True); os.kill(os.getpid(), 9)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", killed, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    left = Path(ran.stdout.strip())
    assert left.is_dir()
    living, second = MetricsFolder.make(tmp_path), MetricsFolder.make(tmp_path)
    assert not left.exists()
    assert living.path.is_dir()
    second.remove()
    assert sorted(tmp_path.iterdir()) == [living.path]
    living.remove()


def test_without_room_nothing_is_begun(folder: MetricsFolder):
    folder.remove()
    with pytest.raises(OSError, match="No such file"):
        folder.reserve(1)
    with pytest.raises(OSError, match="No such file"):
        MetricsFolder.make(folder.path)
