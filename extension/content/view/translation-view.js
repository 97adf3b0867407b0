/**
 * One translation in the page: a single element beside its original. It shows what it is told to and has
 * no state of its own (see `document/block-states.js`). Before it is asked for it is only reserved space.
 *
 * Style sheets may rely on `data-paperglot="translation"`, `lang`, `dir` and `data-state`; everything
 * else that is put into the page carries `data-paperglot` with another value.
 */

import { direction } from '../../languages.js';
import { interfaceLanguage, text } from '../../localize.js';
import { Writer } from './placeholder-writer.js';
import { releaseUnusedSpace, cancelRelease } from './space-release.js';

/** @typedef {import('../document/segmenter.js').Segment['originals']} Originals */
/** @typedef {import('../document/typesetting.js').Metrics} Metrics */
/** @typedef {import('../../settings.js').Display} Display */
/** @typedef {'waiting' | 'streaming' | 'done' | 'unverified' | 'failed'} Shown what `data-state` says */

/**
 * @param {string} tag
 * @param {string} role value of `data-paperglot`
 * @param {string} [words]
 * @returns {HTMLElement}
 */
export function injected(tag, role, words) {
  const element = document.createElement(tag);
  element.dataset.paperglot = role;
  if (words !== undefined) element.textContent = words;
  return element;
}

/** @param {string} words of ours, in a translation's place @returns {HTMLElement} */
function sentence(words) {
  const said = injected('span', 'failure', words);
  said.setAttribute('role', 'status');
  said.lang = interfaceLanguage();
  said.dir = 'auto';
  return said;
}

export class TranslationView {
  element;
  #original;
  /** @type {Writer | null} */
  #writer = null;
  /** Whether the original carries an attribute of ours. */
  #marked = false;
  /** @type {HTMLElement | null} stands after side-by-side columns, which float */
  #clear = null;
  /** @type {Display} */
  #display = 'below';
  #place;

  /**
   * Reserves space where the translation will be.
   *
   * @param {Element} original
   * @param {{ lang: string, place: 'after' | 'inside', kind: string, metrics: Metrics, display: Display }} options
   */
  constructor(original, { lang, place, kind, metrics, display }) {
    this.#original = original;
    this.#place = place;
    const inline = place === 'inside' || original.parentElement?.matches('p, span');
    this.element = injected(inline ? 'span' : 'div', 'reserved');
    this.element.lang = lang;
    this.element.dir = direction(lang);
    this.element.translate = false;
    this.element.dataset.kind = kind;
    for (const [property, value] of Object.entries(metrics.style)) this.element.style.setProperty(property, value);
    this.reserve(metrics.reserve);
    if (place === 'inside') original.append(this.element);
    else original.after(this.element);
    this.show(display);
  }

  /** @param {number} pixels of height that the translation is expected to need */
  reserve(pixels) {
    this.element.style.setProperty('--paperglot-reserve', `${pixels}px`);
  }

  /** Three soft lines, in place of whatever stood here. */
  wait() {
    this.#writer = null;
    const lines = injected('span', 'lines');
    lines.setAttribute('aria-hidden', 'true');
    lines.append(...[1, 2, 3].map(() => injected('span', 'line')));
    this.element.replaceChildren(lines);
    this.element.dataset.paperglot = 'translation';
    this.element.setAttribute('aria-busy', 'true');
    this.#shows('waiting');
  }

  /** @returns {boolean} whether the lines are there, or what was said in their place */
  get isWaiting() {
    return this.element.dataset.state === 'waiting';
  }

  /**
   * A sentence in place of the lines, while they have to wait for longer.
   *
   * @param {string | null} words null for the lines
   */
  say(words) {
    const said = this.element.querySelector('[data-paperglot="failure"]');
    if (words === (said?.textContent ?? null)) return;
    if (words === null) this.wait();
    else this.element.replaceChildren(sentence(words));
  }

  /** Only space again: the reader went away before anyone worked on it. */
  vacate() {
    this.element.replaceChildren();
    this.element.dataset.paperglot = 'reserved';
    delete this.element.dataset.state;
    this.element.removeAttribute('aria-busy');
  }

  /** @param {Shown} state */
  #shows(state) {
    this.element.dataset.state = state;
    if (state !== 'waiting' && state !== 'streaming') this.element.removeAttribute('aria-busy');
    this.#hideOriginal();
  }

  /**
   * The way of reading.
   *
   * @param {Display} display
   */
  show(display) {
    this.#display = display;
    this.element.dataset.display = display;
    if (display === 'side' && this.#place === 'after' && !this.#clear) {
      this.#clear = injected('span', 'clear');
      this.element.after(this.#clear);
    } else if (display !== 'side') {
      this.#clear?.remove();
      this.#clear = null;
    }
    this.#hideOriginal();
  }

  /** The original steps aside only for a translation that is whole. */
  #hideOriginal() {
    const whole = this.element.matches('[data-state="done"], [data-state="unverified"]');
    const value = this.#display === 'side' ? 'beside' : this.#display === 'replace' && whole ? 'replaced' : null;
    if (value) this.#original.setAttribute('data-paperglot', value);
    else if (this.#marked) this.#original.removeAttribute('data-paperglot');
    this.#marked = value !== null;
    if (value === 'replaced') this.element.tabIndex = 0;
    else this.element.removeAttribute('tabindex');
  }

  /**
   * @param {string} piece
   * @param {Originals} originals what its placeholders stand for
   */
  stream(piece, originals) {
    if (!this.#writer) {
      this.element.replaceChildren();
      this.#writer = new Writer(this.element, originals);
      this.#shows('streaming');
    }
    this.#writer.write(piece);
  }

  /**
   * The whole translation.
   *
   * @param {string} translated
   * @param {Originals} originals what its placeholders stand for
   * @param {{ verified: boolean, onDoubt: (mark: HTMLElement) => void }} options
   */
  done(translated, originals, { verified, onDoubt }) {
    const whole = document.createDocumentFragment();
    const writer = new Writer(whole, originals);
    writer.write(translated);
    writer.end();
    this.element.replaceChildren(whole);
    this.#writer = null;
    if (!verified) this.#doubt(onDoubt);
    this.#shows(verified ? 'done' : 'unverified');
    releaseUnusedSpace(this.element);
  }

  /** @param {(mark: HTMLElement) => void} onDoubt */
  #doubt(onDoubt) {
    const words = document.createTreeWalker(this.element, NodeFilter.SHOW_TEXT).nextNode();
    if (words instanceof Text) {
      const [first] = new Intl.Segmenter(this.element.lang, { granularity: 'word' }).segment(words.data.trimStart());
      const start = words.data.length - words.data.trimStart().length;
      const word = words.splitText(start);
      word.splitText(first?.segment.length ?? 0);
      const underline = injected('span', 'doubt');
      word.replaceWith(underline);
      underline.append(word);
    }
    const mark = injected('button', 'mark', '*');
    mark.setAttribute('type', 'button');
    mark.setAttribute('aria-label', text('pageUnverifiedLabel'));
    mark.addEventListener('click', () => onDoubt(mark));
    this.element.append(mark);
  }

  /**
   * One sentence and what the reader can do, or nothing when another block says it already.
   *
   * @param {{ sentence: string, detail?: string, action: string, onAction: () => void } | null} notice
   */
  failed(notice) {
    this.#writer = null;
    this.element.replaceChildren();
    if (notice) {
      const said = sentence(notice.sentence);
      this.element.append(said);
      if (notice.detail) {
        const detail = injected('span', 'detail', notice.detail);
        detail.lang = 'en';
        detail.dir = 'auto';
        said.append(' ', detail);
      }
      if (notice.action) {
        const button = injected('button', 'retry', notice.action);
        button.setAttribute('type', 'button');
        button.addEventListener('click', notice.onAction);
        said.append(' ', button);
      }
    }
    this.#shows('failed');
  }

  /** Leaves the page as it was. */
  remove() {
    cancelRelease(this.element);
    if (this.#marked) this.#original.removeAttribute('data-paperglot');
    this.#clear?.remove();
    this.element.remove();
  }
}
