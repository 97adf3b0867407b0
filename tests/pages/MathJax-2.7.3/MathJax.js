/**
 * Typesets a page as arXiv's MathJax (2.7.3, HTML-CSS output) does: not the look of the formulas, but
 * every change to the document that a content script meets.
 *
 * - Only text directly inside elements whose own class begins with "mathjax" is looked at.
 * - A formula becomes span.MathJax_Preview, the typeset span.MathJax or div.MathJax_Display, and a
 *   script of type math/tex that holds the TeX.
 * - It happens in steps: first every formula becomes a preview with its script; then, one after the
 *   other, a span.MathJax_Processing stands beside it and becomes the typeset formula.
 */
'use strict';

(() => {
  const inline = String.raw`\$((?:\\[\s\S]|[^$\\])+)\$`;
  const display = String.raw`\$\$([\s\S]+?)\$\$|\\\[([\s\S]+?)\\\]|(\\begin\{(\w+\*?)\}[\s\S]*?\\end\{\4\})`;
  const onSearch = location.pathname.startsWith('/search') ? String.raw`|\\\(([\s\S]+?)\\\)` : '';
  const FORMULA = new RegExp(`\\\\\\$|${display}|${inline}${onSearch}`, 'g');

  let elements = 0;
  let spans = 0;

  /** @param {string} name @param {Record<string, string>} attributes @param {...(Node | string)} children */
  function make(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  /** Replaces one text node's formulas by previews and scripts. @param {Text} text */
  function preview(text) {
    const pieces = [];
    let end = 0;
    for (const found of text.data.matchAll(FORMULA)) {
      pieces.push(text.data.slice(end, found.index));
      end = found.index + found[0].length;
      if (found[0] === '\\$') {
        pieces.push(make('span', {}, '$'));
        continue;
      }
      const tex = found[1] ?? found[2] ?? found[3] ?? found[5] ?? found[6];
      const type = found[5] ?? found[6] ? 'math/tex' : 'math/tex; mode=display';
      elements += 1;
      pieces.push(
        make('span', { class: 'MathJax_Preview' }, tex),
        make('script', { type, id: `MathJax-Element-${elements}` }, tex),
      );
    }
    if (!end) return;
    pieces.push(text.data.slice(end));
    text.replaceWith(...pieces.filter((piece) => piece !== ''));
  }

  /** Typesets the formula of one script. @param {HTMLScriptElement} script */
  function* typesetOne(script) {
    const before = /** @type {HTMLElement} */ (script.previousElementSibling);
    before.replaceChildren();
    before.style.display = 'none';
    const letters = script.text.split(/(\\[a-z]+|\s+|.)/i).filter((piece) => piece.trim());
    const row = make('span', { class: 'mrow', id: `MathJax-Span-${(spans += 1)}` });
    for (const letter of letters) {
      const id = `MathJax-Span-${(spans += 1)}`;
      row.append(make('span', { class: 'mi', id, style: 'font-family: MathJax_Math-italic;' }, letter));
    }
    const frame = { class: 'MathJax MathJax_Processing', id: `${script.id}-Frame`, tabindex: '0', style: '' };
    const formula = make('span', frame);
    const isDisplay = script.type.endsWith('display');
    const block = { class: 'MathJax_Display', style: 'text-align: center;' };
    script.before(isDisplay ? make('div', block, formula) : formula);
    yield;
    formula.append(make('nobr', {}, make('span', { class: 'math', id: `MathJax-Span-${(spans += 1)}` }, row)));
    formula.className = 'MathJax';
  }

  function* scripts() {
    for (const element of [...document.querySelectorAll('[class]')]) {
      if (!/(^|\s)mathjax/.test(element.className)) continue;
      for (const child of [...element.childNodes]) {
        if (child instanceof Text) preview(child);
      }
    }
    yield;
    for (const script of document.querySelectorAll('script[type^="math/tex"]')) {
      if (script.previousElementSibling?.className === 'MathJax_Preview') {
        yield* typesetOne(/** @type {HTMLScriptElement} */ (script));
        yield;
      }
    }
  }

  function begin() {
    if (document.getElementById('MathJax_Message')) return;
    document.head.append(make('style', {}, '.MathJax .mi { font-style: italic }'));
    document.body.append(make('div', { id: 'MathJax_Message', style: 'display: none;' }));
  }

  /** Typesets everything at once. */
  globalThis.typeset = () => {
    begin();
    for (const _ of scripts());
  };

  /** Typesets one formula after the other, so many milliseconds apart. @param {number} pause */
  globalThis.typesetSlowly = async (pause) => {
    begin();
    for (const _ of scripts()) await new Promise((resolve) => setTimeout(resolve, pause));
  };
})();
