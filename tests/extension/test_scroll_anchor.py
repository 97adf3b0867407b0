"""What the reader looks at stays: which texts are offered to the browser as an anchor, and none left marked."""

from __future__ import annotations

from typing import Any

from tests.extension.conftest import Module

MODULE = "content/view/scroll-anchor.js"

# The observer stands in for the browser's, which is silent in a tab that nobody looks at: it says at the moment
# `when` that the text begins above the window's upper edge.
RUN = """async ({ ScrollAnchor }, when) => {
  const { IntersectionObserver: real } = globalThis;
  const callbacks = [];
  globalThis.IntersectionObserver = class {
    constructor(callback) { callbacks.push(callback); }
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  const text = document.createElement('p');
  document.body.append(text);
  const ended = new AbortController();
  const anchor = new ScrollAnchor(ended.signal);
  const isMarked = () => text.hasAttribute('data-paperglot-passed');
  const tell = () => { for (const each of callbacks) each([{ target: text, isIntersecting: true }]); };
  try {
    anchor.watch(text);
    if (when !== 'after the end') tell();
    const before = isMarked();
    ended.abort();
    const left = isMarked();
    tell();
    anchor.watch(text);
    anchor.learns(text, new DOMRect(0, -20, 100, 60));
    dispatchEvent(new Event('resize'));
    tell();
    return [before, left, isMarked(), callbacks.length];
  } finally {
    ended.abort();
    text.remove();
    globalThis.IntersectionObserver = real;
  }
}"""


def marked(module: Module, when: str) -> Any:
    """Whether the text is marked: while it is watched, at the end, after what came later; observers made."""
    return module.run(RUN, when)


def test_a_text_that_begins_above_the_edge_is_no_anchor(module: Module) -> None:
    assert marked(module, "while it is watched") == [True, False, False, 1]


def test_what_is_said_or_asked_after_the_end_is_not_heeded(module: Module) -> None:
    assert marked(module, "after the end") == [False, False, False, 1]
