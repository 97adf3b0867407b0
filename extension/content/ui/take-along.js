/** Saves a translated paper as a file: what the reader sees of it now, alone or with the original. */

import { askBackground } from '../../ask-background.js';
import { interfaceLanguage, text } from '../../localize.js';
import { TO_BACKGROUND } from '../../messages.js';
import { identifier, paperTitle } from '../pages/paper-context.js';
import { injected } from '../view/injected.js';

/** @typedef {'html' | 'epub' | 'md'} Format */

const TYPES = /** @type {Record<Format, string>} */ ({ html: 'text/html', epub: 'application/epub+zip', md: 'text/markdown' });
const LABELS = /** @type {Record<Format, string>} */ ({ html: 'takeHtml', epub: 'takeEpub', md: 'takeMarkdown' });
const MAX_IMAGE_BYTES = 8 * 1024 * 1024;

/** The part of the control's menu on a paper's page. */
export class TakeAlong {
  element = injected('fieldset', 'menu-group');
  #original = /** @type {HTMLInputElement} */ (injected('input', 'menu-radio'));
  #working = injected('p', 'menu-progress');
  #said = injected('span', 'take-said');
  #percent = injected('span', 'take-percent');
  #stop = injected('button', 'menu-item', text('takeStop'));
  /** @type {AbortController | null} of the file that is being made */
  #running = null;
  #lang;

  /** @param {() => string} lang of the translation */
  constructor(lang) {
    this.#lang = lang;
    this.#original.type = 'checkbox';
    const row = injected('label', 'menu-choice');
    row.append(this.#original, ` ${text('takeOriginal')}`);
    // The percentage stands outside of what a screen reader is told whenever it changes.
    this.#said.setAttribute('role', 'status');
    this.#working.append(this.#said, this.#percent);
    this.#stop.setAttribute('type', 'button');
    this.#stop.addEventListener('click', () => this.#running?.abort());
    this.#say('');
    this.element.append(injected('legend', 'menu-label', text('takeAlong')), ...this.#buttons(), row, this.#working, this.#stop);
  }

  /** @param {boolean} on whether the page is read in translation */
  update(on) {
    this.element.hidden = !on;
  }

  /** @returns {HTMLElement[]} */
  #buttons() {
    return /** @type {Format[]} */ (['html', 'epub', 'md']).map((format) => {
      const button = injected('button', 'menu-item', text(LABELS[format]));
      button.setAttribute('type', 'button');
      button.dataset.format = format;
      button.addEventListener('click', () => void this.#save(format, button));
      return button;
    });
  }

  /**
   * @param {Format} format
   * @param {HTMLElement} button that was pressed
   */
  async #save(format, button) {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#say('takeWorking');
    const lang = this.#lang();
    const percent = new Intl.NumberFormat(interfaceLanguage(), { style: 'percent' });
    const listener = {
      signal: running.signal,
      report: (/** @type {number} */ done) => { this.#percent.textContent = ` ${percent.format(done)}`; },
    };
    let key = '';
    try {
      const bytes = await fileOf(format, this.#original.checked ? 'bilingual' : 'translated', lang, listener);
      running.signal.throwIfAborted();
      download(new Blob([bytes], { type: TYPES[format] }), `${nameOf()}.${lang}.${format}`);
    } catch (error) {
      key = /** @type {Error} */ (error).name === 'PageChangedError' ? 'takeChanged' : 'takeFailed';
    }
    if (this.#running !== running) return;
    this.#running = null;
    if (document.activeElement === this.#stop) button.focus();
    this.#say(running.signal.aborted ? '' : key);
  }

  /** @param {string} key of a sentence, or "" */
  #say(key) {
    this.#said.textContent = key && text(key);
    this.#percent.textContent = '';
    this.#working.hidden = !key;
    this.#stop.hidden = !this.#running;
  }
}

/**
 * @param {Format} format
 * @param {'translated' | 'bilingual'} mode
 * @param {string} lang
 * @param {{ signal: AbortSignal, report: (done: number) => void }} listener
 * @returns {Promise<BlobPart>}
 */
async function fileOf(format, mode, lang, listener) {
  const article = document.querySelector('article.ltx_document');
  if (!article) throw new Error('no paper');
  const [{ exportDocument }, { Pace }, { value: model }] = await Promise.all([
    import('../export/document.js'), import('../export/pace.js'), askBackground({ type: TO_BACKGROUND.model }),
  ]);
  const pace = new Pace(listener);
  const [, id, version] = /** @type {RegExpExecArray} */ (/^(.*?)(v\d+)?$/.exec(identifier()));
  const tree = await exportDocument(article, {
    mode, lang, words: text, fetchImage, pace,
    model: model ?? '', date: new Date().toISOString().slice(0, 10),
    source: { id, version: version ?? '', title: paperTitle(), url: location.href.replace(/#.*/s, ''), licence: licence() },
  });
  if (format === 'epub') return /** @type {Uint8Array<ArrayBuffer>} */ (await (await import('../export/epub.js')).toEpub(tree, pace));
  if (format === 'html') return (await import('../export/html.js')).toHtml(tree, pace);
  return (await import('../export/markdown.js')).toMarkdown(tree, pace);
}

/**
 * Pictures of the page's own site; they are there already.
 *
 * @param {string} url
 * @returns {Promise<{ bytes: Uint8Array, type: string } | null>}
 */
async function fetchImage(url) {
  if (new URL(url).origin !== location.origin) return null;
  const response = await fetch(url, { cache: 'force-cache' });
  if (!response.ok) return null;
  const bytes = new Uint8Array(await response.arrayBuffer());
  const [type] = (response.headers.get('Content-Type') ?? '').split(';');
  return bytes.length <= MAX_IMAGE_BYTES ? { bytes, type: type.trim() } : null;
}

/** @returns {string} as the page says it */
function licence() {
  const words = document.querySelector('#license-tr')?.textContent ?? '';
  return words.replace(/\s+/g, ' ').replace(/^\s*License:\s*/i, '').trim();
}

/** @returns {string} of the file, without its language and kind */
function nameOf() {
  return `arXiv-${identifier().replaceAll('/', '-')}`;
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function download(blob, name) {
  const link = /** @type {HTMLAnchorElement} */ (injected('a', 'download'));
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.hidden = true;
  document.documentElement.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
