"""The panel of a paper's terms: whichever answer comes first, it shows the terms as they are."""

from __future__ import annotations

import pytest

from tests.extension.conftest import Module

MODULE = "content/ui/terms-panel.js"

# A panel whose questions are answered when a test says so, with the terms as they were when asked.
PANEL = """async ({ TermsPanel }, asks, answers) => {
  const known = [];
  const waiting = [];
  const asked = [];
  const ask = (what, change) => {
    change?.();
    asked.push(what);
    const value = { terms: [...known], drawn: asked.includes('draw'), tokens: 0 };
    return new Promise((resolve) => { waiting.push(() => resolve({ value })); });
  };
  const call = (source, target) => known.splice(0, known.length, { source, target, origin: 'reader' });
  const closing = new AbortController();
  new TermsPanel({
    paper: {
      show: () => ask('show'), draw: () => ask('draw'),
      change: (source, target) => ask('change', () => call(source, target)),
    },
    scope: { places: () => [], price: () => ({ paragraphs: 0, tokens: 0 }), renew: () => 0 },
    signal: closing.signal,
  }, { lang: 'de', glossary: [], address: '', returnTo: null });
  const panel = document.querySelector('[data-paperglot=terms]');
  const settled = () => new Promise((resolve) => { setTimeout(resolve); });
  for (const target of asks) {
    if (target === 'draw') {
      panel.querySelector(':scope > [data-paperglot=terms-button]').click();
      continue;
    }
    const [sourceField, targetField] = panel.querySelectorAll('[data-paperglot=terms-add] input');
    sourceField.value = 'tide lattice';
    targetField.value = target;
    targetField.dispatchEvent(new Event('input', { bubbles: true }));
    targetField.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  }
  for (const number of answers) {
    waiting[number]();
    await settled();
  }
  const shown = [...panel.querySelectorAll('li input')].map(({ value }) => value);
  const said = panel.querySelector('[data-paperglot=terms-status]').textContent;
  closing.abort();
  return { asked, shown, said };
}"""


@pytest.mark.parametrize(
    ("asks", "answers", "asked"),
    [
        (["Gitter"], [0, 1], ["show", "change"]),
        (["Gitter"], [1, 0, 2], ["show", "change", "show"]),
        (["Gitter", "Netz"], [0, 2, 1, 3], ["show", "change", "change", "show"]),
        (["draw", "Gitter"], [0, 2, 1, 3], ["show", "draw", "change", "show"]),
    ],
)
def test_an_answer_overtaken_by_a_later_one_is_asked_for_anew(
    module: Module, asks: list[str], answers: list[int], asked: list[str]
) -> None:
    """What was known when the panel opened does not take away the term that a reader has just named."""
    result = module.run(PANEL, asks, answers)
    assert result["asked"] == asked
    assert result["shown"] == [asks[-1]]
    assert "…" not in result["said"]  # nothing is said to be under way
