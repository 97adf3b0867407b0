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

  const GLYPHS = {
    '\\kappa': 'κ', '\\varepsilon': 'ε', '\\alpha': 'α', '\\approx': ' ≈ ', '\\beta': 'β', '\\ell': 'ℓ', '\\lambda': 'λ', '\\le': ' ≤ ', '\\ge': ' ≥ ',
    '\\log': 'log\u2009', '\\times': '×', '\\tfrac12': '½', '\\\\': '\u2003', '&': '', '<': ' < ', '>': ' > ', '=': ' = ', '-': ' − ',
  };

  /**
   * A formula's letters with what is raised or lowered: enough for a screenshot. Unknown macros show as they are.
   *
   * @param {string} tex
   */
  function drawn(tex) {
    /** @type {{ letter: string, shift: string }[]} */
    const letters = [];
    let shift = '';
    let depth = 0;
    const source = tex.replace(/\\(?:begin|end)\{\w+\*?\}/g, '');
    for (const [piece] of source.matchAll(/\\tfrac12|\\[a-z]+|\\\\|[^\s]/gi)) {
      if (piece === '{') depth += 1;
      else if (piece === '}') depth -= 1;
      else if (piece === '^' || piece === '_') shift = piece;
      else letters.push({ letter: GLYPHS[piece] ?? piece, shift });
      if (!depth && piece !== '^' && piece !== '_') shift = '';
    }
    return letters;
  }

  /** Typesets the formula of one script. @param {HTMLScriptElement} script */
  function* typesetOne(script) {
    const before = /** @type {HTMLElement} */ (script.previousElementSibling);
    before.replaceChildren();
    before.style.display = 'none';
    const row = make('span', { class: 'mrow', id: `MathJax-Span-${(spans += 1)}` });
    for (const { letter, shift } of drawn(script.text)) {
      const id = `MathJax-Span-${(spans += 1)}`;
      const upright = /^[a-z]{2,}|[^a-z\u0370-\u03ff]/i.test(letter) ? ' font-style: normal;' : '';
      const raised = shift ? ` font-size: 70%; position: relative; top: ${shift === '^' ? '-0.45em' : '0.3em'};` : '';
      const style = `font-family: MathJax_Math-italic;${upright}${raised}`;
      row.append(make('span', { class: 'mi', id, style }, letter));
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
    document.head.append(make('style', {}, '.MathJax .mi { font-family: "Latin Modern Math", "Times New Roman", serif !important; font-style: italic }'));
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
