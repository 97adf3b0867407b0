"""Which of the pages that wait for translations is asked for first."""

from __future__ import annotations

from tests.extension.conftest import Module

MODULE = "background/translation-scheduler.js"

# Tabs with Ports of their own, and a backend that is asked and never answers.
RUN = """async ({ TranslationScheduler }, steps) => {
  const { fetch } = globalThis;
  const asked = [];
  globalThis.fetch = (address, { body, signal }) => {
    asked.push(JSON.parse(body).segments.map(({ id }) => id));
    return new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  };
  const scheduler = new TranslationScheduler({ find: async () => new Map(), store: async () => {} });
  const ports = new Map();
  const portOf = (tab) => {
    if (ports.has(tab)) return ports.get(tab);
    const port = { postMessage: () => {} };
    for (const [name, event] of [['receive', 'onMessage'], ['leave', 'onDisconnect']]) {
      port[event] = { addListener: (listener) => { port[name] = listener; } };
    }
    ports.set(tab, port);
    scheduler.connect(port);
    return port;
  };
  try {
    for (const { tab, ids, later, hasten } of steps) {
      portOf(tab).receive(hasten ? { type: 'hasten', ids } : {
        type: 'translate', lang: 'de',
        segments: ids.map((id) => ({ id, text: 'x'.repeat(9_000), ...(later ? { later } : {}) })),
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return asked;
  } finally {
    for (const port of ports.values()) port.leave();
    globalThis.fetch = fetch;
  }
}"""


def _step(tab: int, *ids: str, later: bool = False, hasten: bool = False) -> dict[str, object]:
    return {"tab": tab, "ids": ids, "later": later, "hasten": hasten}


def test_whole_papers_share_one_stream_whatever_the_number_of_tabs(module: Module) -> None:
    """Two are free for what readers come to."""
    steps = [_step(tab, f"paper{tab}", f"more{tab}", later=True) for tab in range(3)]
    assert module.run(RUN, steps) == [["paper0"]]
    assert module.run(RUN, [*steps, _step(0, "near"), _step(1, "here")]) == [
        ["paper0"],
        ["near"],
        ["here"],
    ]


def test_what_the_reader_comes_to_waits_for_a_whole_paper_no_longer(module: Module) -> None:
    steps = [_step(0, "paper", "soon", "more", later=True), _step(0, "soon", hasten=True)]
    assert module.run(RUN, steps) == [["paper"], ["soon"]]
