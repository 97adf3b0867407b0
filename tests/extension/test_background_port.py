"""The page's end of the Port to the background: it notices when nobody is at the other."""

from __future__ import annotations

from tests.extension.conftest import Module

MODULE = "content/schedule/background-port.js"

# A first Port of which the other end says nothing, or only answers to pings; then Ports that answer everything.
RUN = """async ({ BackgroundPort }, answersPings) => {
  const api = globalThis.browser ?? globalThis.chrome;
  const { connect } = api.runtime;
  const opened = [];
  api.runtime.connect = () => {
    const number = opened.length;
    const asked = [];
    opened.push(asked);
    let listener;
    return {
      onMessage: { addListener: (given) => { listener = given; } },
      onDisconnect: { addListener: () => {} },
      disconnect: () => {},
      postMessage: (message) => {
        if (message.type === 'translate') asked.push(...message.segments.map(({ id }) => id));
        const answers = { ping: number || answersPings, translate: number };
        if (!answers[message.type]) return;
        const said = message.type === 'ping' ? [{ type: 'pong' }] : message.segments.map(({ id }) =>
          ({ type: 'segment', id, text: 'Netze.', verified: true, cached: false, issues: [] }));
        for (const event of said) setTimeout(() => listener(event));
      },
    };
  };
  const ended = new AbortController();
  const told = [];
  const tell = (event) => told.push(`${event.type} ${event.id}`);
  const isOver = () => told.filter((event) => event.startsWith('segment')).length === 2;
  const port = new BackgroundPort(tell, ended.signal, { pingMs: 30 });
  try {
    const segments = ['a', 'b'].map((id) => ({ id, text: 'Nets.' }));
    port.translate({ type: 'translate', lang: 'de', segments });
    const until = performance.now() + (answersPings ? 500 : 5_000);
    while (performance.now() < until && !isOver()) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return { opened, told };
  } finally {
    ended.abort();
    api.runtime.connect = connect;
  }
}"""


def test_a_dead_end_is_left_and_everything_asked_again(module: Module) -> None:
    """A browser that ended the background need not say so, above all when the machine slept meanwhile."""
    assert module.run(RUN, False) == {
        "opened": [["a", "b"], ["a", "b"]],
        "told": ["restart a", "restart b", "segment a", "segment b"],
    }


def test_an_end_that_answers_is_waited_for(module: Module) -> None:
    """A model may think for minutes: only silence to a ping is a dead end."""
    assert module.run(RUN, True) == {"opened": [["a", "b"]], "told": []}
