/**
 * One translation in the page: a single element beside its original. It shows what it is told to and has
 * no state of its own (see `document/block-states.js`). Before it is asked for it is only reserved space.
 *
 * Style sheets may rely on `data-paperglot="translation"`, `lang`, `dir` and `data-state`; everything
 * else that is put into the page carries `data-paperglot` with another value.
 */

import { direction } from '../../languages.js';
import { interfaceLanguage } from '../../localize.js';
import { forgetTranslation, noteTranslation } from './bitexts.js';
import { injected } from './injected.js';
import { Original } from './original.js';
import { limitFor, Writer } from './placeholder-writer.js';
import { releaseUnusedSpace, cancelRelease } from './space-release.js';
import { writeWhole } from './whole-translation.js';

/** @typedef {import('../document/segmenter.js').Segment} Segment */
/** @typedef {import('./placeholder-writer.js').Fill} Fill */
/** @typedef {import('./whole-translation.js').Verdict} Verdict */
/** @typedef {import('../document/typesetting.js').Metrics} Metrics */
/** @typedef {import('../../settings.js').Display} Display */
/** @typedef {'waiting' | 'streaming' | 'done' | 'unverified' | 'failed'} Shown what `data-state` says */

/** @param {string} words of ours, in a translation's place @returns {HTMLElement} */
function sentence(words) {
  const said = injected('span', 'failure', words);
  said.setAttribute('role', 'status');
  said.lang = interfaceLanguage();
  said.dir = 'auto';
  return said;
}

/** @typedef {{ sentence: string, detail?: string, action: string, onAction: () => void }} FailureNotice */

export class TranslationView {
  element;
  parts = [this];
  #source;
  #original;
  #heading;
  /** @type {Writer | null} */
  #writer = null;
  /** @type {HTMLElement | null} stands after side-by-side columns, which float */
  #clear = null;
  /** @type {Display} */
  #display = 'below';
  #place;
  #fill;
  /** @type {(() => void) | null} while a whole translation is shown */
  #drawAgain = null;

  /**
   * Reserves space where the translation will be.
   *
   * @param {Element} original
   * @param {{ lang: string, place: 'after' | 'inside', kind: string, metrics: Metrics, display: Display,
   *   skip?: string, fill?: Fill }} options
   */
  constructor(original, { lang, place, kind, metrics, display, skip = '', fill }) {
    this.#heading = /^h[1-6]$/.exec(original.localName)?.[0].slice(1);
    this.#fill = fill;
    this.#place = place;
    this.#source = original;
    const inline = place === 'inside' || original.parentElement?.matches('p, span');
    this.element = injected(inline ? 'span' : 'div', 'reserved');
    this.#original = new Original(original, this.element, skip);
    this.element.lang = lang;
    this.element.dir = direction(lang);
    this.element.translate = false;
    this.element.dataset.kind = kind;
    for (const [property, value] of Object.entries(metrics.style)) this.element.style.setProperty(property, value);
    this.reserve([metrics.reserve]);
    if (place === 'inside') original.append(this.element);
    else original.after(this.element);
    this.show(display);
  }

  /** @param {readonly number[]} pixels of height that the translation is expected to need */
  reserve([pixels]) {
    this.element.style.setProperty('--paperglot-reserve', `${pixels}px`);
  }

  /** Three soft lines, in place of whatever stood here. */
  wait() {
    this.#writer = this.#drawAgain = null;
    forgetTranslation(this.#source);
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
    const value = this.#display === 'side' && this.#place === 'after' ? 'beside' : this.#display === 'replace' && whole ? 'replaced' : null;
    this.#original.put(value);
    if (value === 'replaced') this.element.tabIndex = 0;
    else this.element.removeAttribute('tabindex');
    if (!this.#heading) return;
    // What it replaces is in the page's outline no more.
    if (value === 'replaced') this.element.setAttribute('role', 'heading');
    else this.element.removeAttribute('role');
    this.element.ariaLevel = value === 'replaced' ? this.#heading : null;
  }

  /**
   * @param {string} piece
   * @param {Segment} segment what its placeholders stand for
   */
  stream(piece, { originals, before, text }) {
    if (!this.#writer) {
      this.element.replaceChildren();
      this.#writer = new Writer(this.element, originals, { fill: this.#fill, limit: limitFor(text) });
      this.#writer.write(before);
      this.#shows('streaming');
    }
    this.#writer.write(piece);
  }

  /**
   * The whole translation.
   *
   * @param {string} translated
   * @param {Segment} segment what its placeholders stand for
   * @param {Verdict} verdict
   */
  done(translated, segment, verdict) {
    this.#drawAgain = () => this.done(translated, segment, verdict);
    this.#writer = null;
    const written = writeWhole(this.element, translated, segment, verdict, this.#fill);
    noteTranslation({ original: this.#source, element: this.element, written }, segment, verdict.sourceSentences);
    this.#shows(verdict.verified ? 'done' : 'unverified');
    releaseUnusedSpace(this.element);
  }

  /** A text that stands within this one has its translation now. */
  drawAgain() {
    this.#drawAgain?.();
  }

  /**
   * One sentence and what the reader can do, or nothing when another block says it already.
   *
   * @param {FailureNotice | null} notice
   */
  failed(notice) {
    this.#writer = this.#drawAgain = null;
    forgetTranslation(this.#source);
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
    forgetTranslation(this.#source);
    cancelRelease(this.element);
    this.#original.put(null);
    this.#clear?.remove();
    this.element.remove();
  }
}
