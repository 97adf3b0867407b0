"""What is copied out of a translation: words, and formulas as TeX."""

from __future__ import annotations

import pytest

from tests.extension.conftest import Module

MODULE = "content/ui/copying.js"

# `copied(from, to)` is what a copy from one node to the end of another puts into the clipboard, text and
# mark-up, both empty where the browser's own copy is left alone.
COPY = """async ({ copyFormulasAsTex }, display) => {
  const { segment } = await import('/content/document/segmenter.js');
  const { TranslationView } = await import('/content/view/translation-view.js');
  const { latexmlMarkup } = await import('/content/pages/latexml-markup.js');
  const math = (tex, display) => `<math alttext="${tex}" display="${display}"><semantics><mi>x</mi>`
    + `<annotation encoding="application/x-tex">${tex}</annotation></semantics></math>`;
  const note = '<span class="ltx_note">1<span class="ltx_note_outer">Hidden.</span></span>';
  const place = document.createElement('article');
  place.innerHTML = `<p>We show ${math('x^2', 'inline')} here${note}.</p><p>Other words.</p>`;
  document.body.append(place);
  const [original, other] = place.querySelectorAll('p');
  const found = segment(original, { markup: latexmlMarkup });
  const view = new TranslationView(original, {
    lang: 'de', place: 'after', kind: 'paragraph', display, metrics: { style: {}, reserve: 0 } });
  view.wait();
  view.done('<s1/>Wir zeigen <x1/>\\nhier<x2/>.', found, { verified: false, onDoubt() {} });
  const controller = new AbortController();
  copyFormulasAsTex(controller.signal);
  const copied = (from, to) => {
    const range = new Range();
    range.setStartBefore(from);
    range.setEndAfter(to);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    const given = { bubbles: true, cancelable: true, clipboardData: new DataTransfer() };
    const event = new ClipboardEvent('copy', given);
    document.body.dispatchEvent(event);
    const { clipboardData } = event; // Firefox makes one of its own
    return [clipboardData.getData('text/plain'), clipboardData.getData('text/html')];
  };
  try {
    return (%s)({ copied, original, other, translation: view.element });
  } finally {
    controller.abort();
    getSelection().removeAllRanges();
    place.remove();
  }
}"""


@pytest.mark.parametrize(
    ("display", "words"),
    [
        ("below", "We show $x^2$ here1.\nWir zeigen $x^2$ hier1.\nOther words."),
        ("replace", "Wir zeigen $x^2$ hier1.\nOther words."),
    ],
)
def test_formulas_are_copied_as_tex(module: Module, display: str, words: str) -> None:
    """And nothing that is not seen: no original under its translation, no note, no annotation."""
    text, html = module.run(
        COPY % "({ copied, original, other }) => copied(original, other)", display
    )
    assert text == words
    assert "<math" in html
    assert "paperglot" not in html
    assert "Hidden" not in html


def test_a_part_of_a_translation_is_copied_so_too(module: Module) -> None:
    text, _ = module.run(
        COPY
        % """({ copied, translation }) => copied(translation.querySelector('bdi'), translation.lastChild)""",
        "below",
    )
    assert text == "$x^2$ hier1."


def test_what_is_the_pages_own_is_copied_as_always(module: Module) -> None:
    copied = module.run(
        COPY
        % "({ copied, original, other }) => [copied(original, original), copied(other, other)]",
        "below",
    )
    assert copied == [["", ""], ["", ""]]
