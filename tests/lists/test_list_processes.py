"""Several processes with several lists on one database: each list is fetched once, at arXiv's pace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.upstreams import entry, listed

pytestmark = pytest.mark.sql

ONE_PROCESS = """
import json, sys
from datetime import date
from backend import services
from backend.config import Config

url, hf_endpoint, arxiv_api_url, sources, day = sys.argv[1:]
ours = services.build(Config.from_env({
    "DATABASE_URL": url.replace("+psycopg", ""), "HF_ENDPOINT": hf_endpoint, "ARXIV_API_URL": arxiv_api_url,
    "SOURCES": sources,
}))
found = {}
for each in ours.editions.lists():
    if each.source == "file":
        edition = ours.editions.fetch_latest(each.name)
    else:
        edition = ours.editions.fetch(date.fromisoformat(day), each.name)
    found[each.name] = [paper.id for paper in edition.papers]
print(json.dumps(found))
ours.close()
"""


def test_two_processes_fetch_each_list_once(database_url, huggingface, arxiv, tmp_path: Path):
    day = (datetime.now(UTC) - timedelta(days=20)).date()
    known = [f"2603.{n:05}" for n in range(1, 13)]
    arxiv.entries |= {
        id: entry(
            id,
            categories=("cs.CL",) if n < 4 else ("math.AG",),
            published=f"{day}T10:{n:02}:00Z",
        )
        for n, id in enumerate(known)
    }
    huggingface.lists = {str(day): [listed(id, upvotes=1) for id in known[:2]]}
    huggingface.delay = arxiv.delay = 0.3
    file = tmp_path / "picks.txt"
    file.write_text(f"{known[11]}\n{known[0]}\n")
    os.utime(file, (1e9, 1e9))
    sources = f"huggingface,arxiv:cs.CL,arxiv:math.AG,file:{file}"
    arguments = [database_url, huggingface.url, arxiv.api_url, sources, str(day)]
    processes = [
        subprocess.Popen([sys.executable, "-c", ONE_PROCESS, *arguments], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    outputs = [json.loads(process.communicate(timeout=110)[0]) for process in processes]
    for output in outputs:
        assert output == {
            "huggingface": known[:2],
            "arxiv:cs.CL": known[:4],
            "arxiv:math.AG": known[4:],
            "file:picks": [known[11], known[0]],
        }
    assert huggingface.dates() == [str(day)]
    assert sorted(arxiv.searched()) == [
        ("cs.CL", f"{day:%Y%m%d}", 0),
        ("math.AG", f"{day:%Y%m%d}", 0),
    ]
    assert arxiv.closest() >= 3
    assert arxiv.busiest == 1
