"""What the extension costs a page's main thread, read from a trace of Chromium's."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.browser.connection import Json
from tests.browser.driver import Page

_TASK = "ThreadControllerImpl::RunTask"
_MAIN = "CrRendererMain"


@dataclass
class Task:
    """One task of a page's main thread, in milliseconds of its CPU time: others keep the machine busy."""

    cpu: float
    begin: int
    end: int
    parts: list[Json] = field(default_factory=list)

    def script(self, base: str) -> float:
        """How long scripts from under this address ran in it."""
        ours = [each for each in self.parts if base in json.dumps(each.get("args", {}))]
        outer: list[Json] = []
        for each in sorted(ours, key=lambda part: (part["ts"], -part["dur"])):
            if not outer or each["ts"] >= outer[-1]["ts"] + outer[-1]["dur"]:
                outer.append(each)
        return sum(each.get("tdur", 0) for each in outer) / 1000

    def continued(self) -> float:
        """How long scripts went on in it after something they had waited for, without collecting garbage."""
        names = {"RunMicrotasks": 1, "MinorGC": -1, "MajorGC": -1}
        return sum(names.get(each["name"], 0) * each.get("tdur", 0) for each in self.parts) / 1000

    def __str__(self) -> str:
        parts = sorted(self.parts, key=lambda part: -part.get("tdur", 0))[:5]
        shares = ", ".join(f"{part['name']} {part.get('tdur', 0) / 1000:.1f}" for part in parts)
        return f"{self.cpu:.1f} ms ({shares})"


_WORK = """(() => {
  const times = [];
  for (let round = 0; round < 9; round += 1) {
    const begin = performance.now();
    const counts = new Map();
    for (let each = 0; each < 120000; each += 1) {
      const key = `p${each % 977}`;
      counts.set(key, (counts.get(key) ?? 0) + key.length);
    }
    times.push(performance.now() - begin);
  }
  return Math.min(...times);
})()"""
_WORK_MS = 7.5


def slowness(page: Page) -> float:
    """How many times longer this machine takes for the same work than where our limits were set; at least 1."""
    return max(1.0, float(page.evaluate(_WORK)) / _WORK_MS)


def tasks(events: list[Json]) -> list[Task]:
    """Every task of every page's main thread that was traced."""
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event.get("name") == "thread_name" and event["args"]["name"] == _MAIN
    }
    return [task for main in mains for task in _of_thread(events, main)]


def _of_thread(events: list[Json], main: tuple[int, int]) -> Iterator[Task]:
    spans = [
        event for event in events if event.get("ph") == "X" and (event["pid"], event["tid"]) == main
    ]
    found = sorted(
        (
            Task(event.get("tdur", 0) / 1000, event["ts"], event["ts"] + event["dur"])
            for event in spans
            if event["name"] == _TASK
        ),
        key=lambda task: task.begin,
    )
    begins = [task.begin for task in found]
    for event in spans:
        index = bisect_right(begins, event["ts"]) - 1
        if event["name"] != _TASK and index >= 0 and event["ts"] < found[index].end:
            found[index].parts.append(event)
    yield from found
