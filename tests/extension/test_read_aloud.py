"""Papers read aloud: each sentence in turn, by a voice of this device, marked while it is spoken."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension.conftest import Module

MODULE = "content/ui/read-aloud.js"

# A page of two paragraphs and their translations, and a voice that says nothing but keeps what it is given.
# `speech.said` are the texts, `speech.finish()` ends the one that is being said.
SCENE = """async ({ ReadAloud }, voices, steps) => {
  const { segment } = await import('/content/document/segmenter.js');
  const { TranslationView } = await import('/content/view/translation-view.js');
  const { latexmlMarkup } = await import('/content/pages/latexml-markup.js');
  const math = '<math alttext="x+y"><mrow><mi>x</mi><mo>+</mo><mi>y</mi></mrow></math>';
  const place = document.createElement('article');
  const cite = '<cite class="ltx_cite">Gale 1998</cite>';
  place.innerHTML = `<p>We show that ${math} holds. It is ${cite} known.</p><p>It ends.</p>`;
  document.body.append(place);
  const originals = [...place.querySelectorAll('p')];
  const answers = [
    ['<s1/>Wir zeigen, dass <x1/> gilt. <s2/>Es ist <x2/> bekannt.', [0, 'We show that <x1/> holds. '.length]],
    ['<s1/>Es endet.', [0]],
  ];
  const views = originals.map((original, index) => {
    const view = new TranslationView(original, {
      lang: 'de', place: 'after', kind: 'paragraph', display: 'below', metrics: { style: {}, reserve: 0 } });
    const found = segment(original, { markup: latexmlMarkup });
    const [text, sourceSentences] = answers[index];
    view.wait();
    view.done(text, found, { verified: true, onDoubt() {}, sourceSentences });
    return view;
  });
  const controller = new AbortController();
  const speech = new class extends EventTarget {
    said = [];
    current = null;
    getVoices() { return voices; }
    speak(utterance) { this.said.push(utterance.text); this.current = utterance; }
    cancel() { const { current } = this; this.current = null; current?.onerror?.(new Event('error')); }
    finish() { const { current } = this; this.current = null; current?.onend?.(new Event('end')); }
  }();
  class Utterance { constructor(text) { this.text = text; } }
  const reader = new ReadAloud(controller.signal, voices && { synthesis: speech, Utterance });
  const marked = () => [...CSS.highlights.get('paperglot-sentence') ?? []].map(String).join('|');
  const press = (key) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  const player = () => document.querySelector('[data-paperglot="player"]');
  try {
    await reader.start();
    return await (%s)({ reader, speech, marked, press, player, views, originals, controller });
  } finally {
    controller.abort();
    place.remove();
  }
}"""
GERMAN = {"lang": "de-DE", "localService": True, "default": False}


def _run(module: Module, steps: str, voices: Any = (GERMAN,)) -> Any:
    return module.run(SCENE % steps, voices, None)


def test_sentence_by_sentence_to_the_end(module: Module) -> None:
    """Without citations, a formula by its name; marked with its counterpart while it is spoken."""
    said, marks, over, left = _run(
        module,
        """({ reader, speech, marked, player }) => {
          const marks = [];
          for (let step = 0; step < 3; step += 1) {
            marks.push(marked());
            speech.finish();
          }
          return [speech.said, marks, reader.isOver, [marked(), player()]];
        }""",
    )
    assert said == ["Wir zeigen, dass Formel gilt.", "Es ist bekannt.", "Es endet."]
    assert marks == [
        "We show that|holds.|Wir zeigen, dass|gilt.",
        "It is|Gale 1998|known.|Es ist|Gale 1998|bekannt.",
        "It ends.|Es endet.",
    ]
    assert over
    assert left == ["", None]


def test_on_and_back_and_a_pause(module: Module) -> None:
    """After a pause it goes on from the beginning of the sentence; Escape stops it."""
    said, paused, over = _run(
        module,
        """({ reader, speech, press, player }) => {
          press('.');
          press(',');
          const [back, pause, on] = player().querySelectorAll('button');
          on.click();
          pause.click();
          const paused = speech.current;
          back.click();
          back.click();
          press('.');
          pause.click();
          press('Escape');
          return [speech.said, paused, reader.isOver && speech.current === null];
        }""",
    )
    one, two = "Wir zeigen, dass Formel gilt.", "Es ist bekannt."
    assert said == [one, two, one, two, two]
    assert paused is None
    assert over


@pytest.mark.parametrize(
    ("voices", "said"),
    [
        ([], "Deutsch"),
        ([{**GERMAN, "localService": False}], "Deutsch"),
        ([{**GERMAN, "lang": "en-US"}, {**GERMAN, "lang": "fr-FR"}], "Deutsch"),
        (None, "cannot read aloud"),
    ],
    ids=["none", "in the network", "of other languages", "no speech"],
)
def test_without_a_voice_of_this_device_it_says_so(module: Module, voices: Any, said: str) -> None:
    words, spoken = _run(
        module, "({ speech, player }) => [player().textContent, speech.said]", voices
    )
    assert said in words
    assert spoken == []


@pytest.mark.parametrize(
    ("lang", "voices", "chosen"),
    [
        ("zh-Hans", ["zh-TW", "zh_CN"], "zh_CN"),
        ("zh-Hant", ["zh-CN", "zh-HK"], "zh-HK"),
        ("zh-Hant", ["zh-CN"], None),
        ("pt-BR", ["pt-PT", "pt-BR"], "pt-BR"),
        ("pt-BR", ["pt-PT"], "pt-PT"),
        ("de", ["en-US", "de-AT"], "de-AT"),
        ("es", ["est-EE"], None),
    ],
)
def test_a_voice_speaks_the_language(
    module: Module, lang: str, voices: list[str], chosen: str | None
) -> None:
    found = module.run(
        """async (_, lang, voices) => {
          const { voiceFor } = await import('/content/ui/voices.js');
          const speech = Object.assign(new EventTarget(), { getVoices: () => voices });
          return (await voiceFor(speech, lang))?.lang ?? null;
        }""",
        lang,
        [{**GERMAN, "lang": each} for each in voices],
    )
    assert found == chosen


@pytest.mark.parametrize(
    ("mathml", "words"),
    [
        ("<mi>x</mi>", "x"),
        ("<mi>A</mi>", "capital A"),
        ("<mi>α</mi><mo>≤</mo><mn>0.5</mn>", "alpha is at most 0.5"),
        ("<mi>Γ</mi>", "capital gamma"),
        ("<msup><mi>x</mi><mn>2</mn></msup><mo>+</mo><mi>y</mi>", "x squared plus y"),
        ("<msup><mi>e</mi><mrow><mo>−</mo><mi>k</mi><mi>t</mi></mrow></msup>", "e to the minus k t end power"),
        ("<msub><mi>x</mi><mi>i</mi></msub><mo>∈</mo><mi>ℝ</mi>", "x sub i in the reals"),
        ("<mfrac><mn>1</mn><mi>n</mi></mfrac>", "1 over n"),
        ("<mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac>", "n choose k"),
        ("<msqrt><mi>n</mi></msqrt>", "the square root of n"),
        ("<mroot><mi>n</mi><mn>3</mn></mroot>", "the root of order 3 of n"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>a</mi>",
            "the sum from i equals 1 to n of a",
        ),
        ("<mover><mi>θ</mi><mo>^</mo></mover>", "theta hat"),
        ("<mi>log</mi><mo>\u2061</mo><mi>n</mi>", "log of n"),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>5</mn></mtd></mtr></mtable>",
            "row 1: 1, 0; row 2: 5",
        ),
        ("<semantics><mi>k</mi><annotation encoding='application/x-tex'>k</annotation></semantics>", "k"),
    ],
)  # fmt: skip
def test_formulas_are_said_by_rules_in_english(module: Module, mathml: str, words: str) -> None:
    say = """async (_, mathml) => {
      const { speakFormula } = await import('/content/ui/formula-speech.js');
      const math = new DOMParser().parseFromString(`<math>${mathml}</math>`, 'text/html').querySelector('math');
      return speakFormula(math);
    }"""
    assert module.run(say, mathml) == words


def test_every_language_has_its_word_for_a_formula(module: Module) -> None:
    missing = module.run(
        """async () => {
          const { FORMULA_WORDS } = await import('/content/ui/formula-words.js');
          const { LANGUAGES } = await import('/languages.js');
          return LANGUAGES.map(({ tag }) => tag).filter((tag) => !FORMULA_WORDS[tag]);
        }"""
    )
    assert missing == []


@pytest.mark.parametrize(("lang", "said"), [("de", "k"), ("zh-Hans", "k"), ("en", "k")])
def test_a_single_letter_is_said_in_any_language(module: Module, lang: str, said: str) -> None:
    say = """async (_, lang) => {
      const { formulaWords } = await import('/content/ui/spoken-sentence.js');
      const page = new DOMParser().parseFromString('<math alttext="k"><mi>k</mi></math>', 'text/html');
      return formulaWords(page.querySelector('math'), lang);
    }"""
    assert module.run(say, lang) == said
