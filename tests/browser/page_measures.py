"""What a piece of a page holds beside its words: formulas, links, emphasis."""

from __future__ import annotations

from typing import Any

from tests.browser.driver import View

# The TeX that arXiv's MathJax would typeset; a lone or escaped dollar is none.
_SCRIPT = r"""(() => {
  const TEX = new RegExp([
    /\\\$/, /\$\$[\s\S]+?\$\$/, /\\\[[\s\S]+?\\\]/, /\\begin\{(\w+\*?)\}[\s\S]*?\\end\{\1\}/,
    /\$(?:\\[\s\S]|[^$\\])+\$/,
  ].map(each => each.source).join('|'), 'g');
  const NOT_TEXT = 'script, style, .MathJax_Preview, .descriptor, .abstract-short > a, .abstract-full > a';
  const squeezed = (text) => text.replace(/\s+/g, '');

  // In a translation not everything between two dollars is a formula (\$5 has become $5): there, what
  // counts is how often each formula of the original stands.
  const raw = (text, known) => known
    ? known.flatMap(tex => Array(squeezed(text).split(tex).length - 1).fill(tex))
    : [...text.matchAll(TEX)].map(([tex]) => squeezed(tex)).filter(tex => tex !== '\\$');

  const contents = (root, known) => {
    const formulas = [], links = [], emphases = [];
    let text = '';
    const walk = (node) => {
      if (node instanceof Text) text += node.data;
      if (!(node instanceof Element) || node.matches(NOT_TEXT)) return;
      if (node !== root && node.matches('[data-paperglot]:not([data-paperglot-words])')) return;
      if (node.matches('.MathJax, .MathJax_Display, math')) {
        formulas.push(squeezed(node.textContent));
        text += ' ';
        return;
      }
      if (node.matches('a[href]')) links.push(node.href);
      if (node.matches('em, strong, b, i, sub, sup')) emphases.push(node.localName);
      node.childNodes.forEach(walk);
    };
    walk(root);
    const isTypeset = root.querySelector('.MathJax') !== null; // then a dollar in words is just that
    const inWords = isTypeset ? [] : raw(text, known);
    formulas.push(...inWords);
    return {
      formulas: formulas.sort(), links: links.sort(), emphases: emphases.sort(), text: text.trim(), inWords,
    };
  };

  const original = (translation) => {
    const before = translation.previousElementSibling;
    return translation.parentElement.closest('td.comments') ?? before;
  };

  return [...document.querySelectorAll('[data-paperglot="translation"]')].map((translation) => {
    const before = contents(original(translation));
    return {
      state: translation.dataset.state,
      lang: translation.lang,
      dir: translation.dir,
      original: before,
      translation: contents(translation, [...new Set(before.inWords)]),
    };
  });
})()"""

_DOUBLED_IDS = """[...document.querySelectorAll('[id]')]
  .filter(node => node.closest('[data-paperglot]')
    && document.querySelectorAll(`#${CSS.escape(node.id)}`).length > 1)
  .map(node => node.id)"""


def translations(page: View) -> list[dict[str, Any]]:
    """Each translation in the page beside its original, in the order of the page.

    Each has `state`, `lang`, `dir`, and `original` and `translation` with what they hold: `formulas`
    (typeset ones as the letters one sees, others as TeX), `links`, `emphases` and `text`.
    """
    found: list[dict[str, Any]] = page.evaluate(_SCRIPT)
    return found


def wait_until_translated(page: View, *, count: int, seconds: float = 15.0) -> list[dict[str, Any]]:
    """Waits for so many translations that are done, and none that are anything else."""
    page.wait_for(
        f"""(all => all.length === {count} && all.every(each => each.dataset.state === 'done'))(
          [...document.querySelectorAll('[data-paperglot="translation"]')])""",
        seconds=seconds,
    )
    return translations(page)


def assert_faithful(pairs: list[dict[str, Any]]) -> None:
    """Each translation holds its original's formulas, links and emphases, and other words."""
    for pair in pairs:
        for kind in ("formulas", "links", "emphases"):
            assert pair["translation"][kind] == pair["original"][kind], kind
        assert pair["translation"]["text"] != pair["original"]["text"]


def doubled_ids(page: View) -> list[str]:
    """Ids inside what the extension put into the page that stand elsewhere too."""
    found: list[str] = page.evaluate(_DOUBLED_IDS)
    return found


_BROKEN_WORDS = """(selector => {
  const broken = [];
  let lines = 0;
  for (const element of document.querySelectorAll(selector)) {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const tops = new Set();
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const { 0: word, index } of node.data.matchAll(/[가-힣]+/g)) {
        const range = new Range();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const parts = new Set([...range.getClientRects()].map(rect => Math.round(rect.top)));
        for (const top of parts) tops.add(top);
        if (parts.size > 1) broken.push(word);
      }
    }
    lines = Math.max(lines, tops.size);
  }
  return { broken, lines };
})"""


def assert_korean_words_are_whole(page: View, selector: str) -> None:
    """No word of a Korean text goes on in the next line; some text has a next line."""
    found = page.evaluate(f"{_BROKEN_WORDS}({selector!r})")
    assert found["lines"] > 1
    assert found["broken"] == []
