"""Several processes on one database, as two servers and a prefetch would be."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

from tests.fakes.upstreams import entry
from tests.papers.test_editions import day_list

pytestmark = pytest.mark.sql

ONE_PROCESS = """
import json, sys
from datetime import date
from backend import services
from backend.config import Config

url, hf_endpoint, arxiv_api_url, *asked = sys.argv[1:]
config = Config(database_url=url, hf_endpoint=hf_endpoint, arxiv_api_url=arxiv_api_url)
ours = services.build(config)
edition = ours.editions.fetch(date(2026, 3, 3))
papers = ours.papers.many(asked)
print(json.dumps({
    "listed": [[paper.id, paper.text_source] for paper in edition.papers],
    "asked": [getattr(paper, "detail", None) or paper.title for paper in papers.values()],
}))
"""


def test_three_processes_at_once_ask_politely_and_nothing_twice(database_url, huggingface, arxiv):
    """All want one day and overlapping papers that nobody has stored; all get them."""
    huggingface.lists = {"2026-03-03": day_list(31)}
    huggingface.delay = arxiv.delay = 0.3
    known = [f"2603.{n:05}" for n in range(1, 40)]
    arxiv.entries |= {id: entry(id) for id in known}
    wanted = [known[31:36], known[31:36], [known[35], "hep-th/9901001"]]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ONE_PROCESS, database_url, huggingface.url, arxiv.api_url, *ids],
            stdout=subprocess.PIPE,
        )
        for ids in wanted
    ]
    outputs = [json.loads(process.communicate(timeout=90)[0]) for process in processes]
    for ids, output in zip(wanted, outputs, strict=True):
        assert output["listed"] == [[id, "arxiv"] for id in reversed(known[:31])]
        shown = [
            f"Paper {id} at arXiv" if id in known else f"arXiv has no paper {id}." for id in ids
        ]
        assert output["asked"] == shown
    assert huggingface.dates() == ["2026-03-03"]
    asked = Counter(id for ids in arxiv.asked() for id in ids)
    assert set(asked.values()) == {1}
    assert arxiv.closest() >= 3
    assert arxiv.busiest == 1
