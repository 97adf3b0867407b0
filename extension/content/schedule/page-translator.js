/**
 * One page being read in translation, from on to off: finds the blocks, has those near the screen asked
 * for, shows what comes. Aborting its signal leaves the page as it was.
 */

import { become, isAsked, isTranslated } from '../document/block-states.js';
import { Blocks } from '../document/blocks.js';
import { BackgroundPort } from './background-port.js';
import { Failures } from './failures.js';
import { IdleReservation } from './idle-reservation.js';
import { RequestQueue } from './request-queue.js';
import { Translations } from './translations.js';
import { TranslationView } from '../view/translation-view.js';
import { Viewport } from './viewport.js';
import { WholePaper } from './whole-paper.js';

/** @typedef {import('../../messages.js').PortEvent} PortEvent */
/** @typedef {import('../../messages.js').Problem} Problem */
/** @typedef {import('../../settings.js').Settings} Settings */
/** @typedef {import('../document/blocks.js').Block} Block */
/** @typedef {import('../document/blocks.js').Progress} Progress */
/** @typedef {import('../document/segmenter.js').Segment} Segment */
/** @typedef {import('./whole-paper.js').WholeProgress} WholeProgress */
/** @typedef {Progress & { hold: Problem | null, tokens: number, whole: WholeProgress | null }} Summary with what the backend asks to wait for */
/** @typedef {import('../pages/page-rules.js').PageRule} PageRule */
/** @typedef {{ paper: import('./paper-terms.js').PaperTerms, scope: import('./term-scope.js').TermScope, signal: AbortSignal }} Terms a paper's terms, what they mean in its page, and until when it is translated */
/** @typedef {import('./viewport.js').Boxes} Boxes */

/** A hidden tab draws no frames that could be waited for. */
const FIRST_SCREEN_MS = 300;

export class PageTranslator {
  #page;
  #settings;
  #lang;
  #signal;
  #onChange;
  #onDoubt;
  #port;
  #translations;
  #blocks;
  #requests;
  #failures;
  #idle;
  #viewport;
  /** @type {WholePaper | null} on pages that hold one */
  #whole = null;
  /** @type {Promise<Terms> | null} */
  #terms = null;
  /** @type {Problem | null} why nothing is asked now */
  #hold = null;
  #tokens = 0;
  #reserved = /** @type {PromiseWithResolvers<void>} */ (Promise.withResolvers());
  /** Fulfilled once space is reserved for the translations of the first screen. */
  firstScreenReserved = this.#reserved.promise;

  /**
   * @param {PageRule} page
   * @param {Settings} settings
   * @param {string} lang
   * @param {{ signal: AbortSignal, onChange: (summary: Summary) => void, openOptions: () => void,
   *   onDoubt: (mark: HTMLElement, issues: string[], retry: () => void) => void }} options
   */
  constructor(page, settings, lang, { signal, onChange, onDoubt, openOptions }) {
    this.#page = page;
    this.#settings = settings;
    this.#lang = lang;
    this.#signal = signal;
    this.#onChange = onChange;
    this.#onDoubt = onDoubt;
    this.#port = new BackgroundPort((event) => this.#receive(event), signal);
    this.#port.wake();
    this.#translations = new Translations(lang, settings.display, { afterFrame: () => this.#report(), signal });
    this.#failures = new Failures(settings.backendUrl, {
      retry: () => this.retryFailed(), openOptions, signal,
    });
    this.#idle = new IdleReservation((boxes) => this.#reserve(boxes), signal);
    this.#viewport = new Viewport({
      onSoon: (boxes) => this.#reserve(boxes),
      onFar: (boxes) => this.#idle.add(boxes),
      onNear: (boxes) => {
        this.#reserve(boxes); // where the reader jumped instead of scrolling
        this.#translations.come(this.#blocks.of([...boxes.keys()]));
        this.#requests.come([...boxes.keys()]);
      },
      onLeft: (elements) => {
        this.#translations.leave(this.#blocks.of(elements));
        this.#requests.leave(elements);
      },
    }, { ahead: page.ahead, signal });
    this.#blocks = new Blocks({ ...page, blocks: page.blocksFor?.({ lang, shortCells: settings.shortCells }) ?? page.blocks }, {
      onFound: (originals) => this.#viewport.watch(originals),
      onChanged: (blocks) => this.#requests.renew(blocks),
      onLost: (blocks) => this.#lose(blocks),
      signal,
    });
    this.#requests = new RequestQueue(lang, {
      blocks: this.#blocks, translations: this.#translations, port: this.#port, page, signal,
      onReadOn: () => void this.#beginTerms(),
      onKnown: (id, text) => this.#answer({ type: 'segment', id, text, verified: true, cached: true, issues: [] }),
    });
    if (page.paper) {
      this.#whole = new WholePaper({
        blocks: this.#blocks, requests: this.#requests, reserve: (boxes) => this.#reserve(boxes),
      });
    }
    if (document.readyState !== 'loading') this.#awaitFirstScreen();
    else document.addEventListener('DOMContentLoaded', () => this.#awaitFirstScreen(), { signal });
    addEventListener('online', () => this.retryFailed(), { signal });
    signal.addEventListener('abort', () => this.#reserved.resolve());
  }

  /** @param {Settings} settings as they are now; the language is this translator's own */
  adopt(settings) {
    const { display, backendUrl, accessToken } = this.#settings;
    this.#settings = settings;
    if (settings.display !== display) this.#translations.show(settings.display);
    if (settings.backendUrl === backendUrl && settings.accessToken === accessToken) return;
    this.#failures.address = settings.backendUrl;
    this.retryFailed();
  }

  /** Asks again for everything that failed. */
  retryFailed() {
    this.#failures.forget();
    const failed = [...this.#blocks].filter(({ state }) => state === 'failed');
    for (const block of failed) this.#translations.draw(block, (view) => view.wait());
    this.#requests.ask(failed);
  }

  /** Asks for everything, behind what the reader comes to. */
  translateWhole() {
    void this.#beginTerms();
    this.#whole?.start();
    this.#translations.touch();
  }

  stopWhole() {
    this.#whole?.stop();
    this.#translations.touch();
  }

  /** @returns {Promise<Terms>} the terms of the page's paper */
  terms() {
    this.#terms ??= this.#loadTerms();
    return this.#terms;
  }

  async #loadTerms() {
    const [{ PaperTerms }, { TermScope }] = await Promise.all([import('./paper-terms.js'), import('./term-scope.js')]);
    const scope = new TermScope({ blocks: this.#blocks, requests: this.#requests });
    return { paper: new PaperTerms(this.#lang), scope, signal: this.#signal };
  }

  /** The paper is read beyond its beginning. */
  async #beginTerms() {
    if (this.#whole) (await this.terms()).paper.begin();
  }

  /** @returns {Promise<string[]>} all texts of the page, once it is known; empty when it was turned off before */
  async texts() {
    const { textsOf } = await import('./page-texts.js');
    return textsOf(this.#blocks, this.#signal);
  }

  /** @returns {Promise<string>} the translated title of an abstract page as one line; '' before there is one */
  async title() {
    const title = [...this.#blocks].find(({ rule }) => rule.kind === 'title');
    const view = this.#page.type === 'abs' && title && isTranslated(title) ? this.#translations.of(title) : null;
    if (!(view instanceof TranslationView)) return '';
    const { plainText } = await import('../document/plain-text.js');
    return plainText(view.element);
  }

  /** @param {Boxes} boxes of elements whose translations will be needed */
  #reserve(boxes) {
    const found = this.#blocks.of([...boxes.keys()]).filter(({ state }) => state === 'found');
    this.#translations.reserve(found, boxes, (late) => {
      this.#translations.come(late);
      this.#requests.reserved(late);
    });
    this.#viewport.reserved(found.flatMap(({ observed }) => observed));
    if (this.#whole?.isOn) this.#translations.touch();
  }

  /** The page is parsed; two frames later the observers have spoken of everything that is near. */
  #awaitFirstScreen() {
    const resolve = () => {
      this.#translations.fit(); // MathJax may have been at work meanwhile
      this.#reserved.resolve();
    };
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)));
    setTimeout(resolve, FIRST_SCREEN_MS);
  }

  /** @param {Block[]} blocks that the page took away */
  #lose(blocks) {
    this.#viewport.forget(blocks.flatMap(({ observed }) => observed));
    this.#requests.forget(blocks);
    for (const block of blocks) this.#translations.remove(block); // the page may have left it behind
    if (blocks.some(({ state }) => state === 'failed')) this.#failures.move();
    this.#translations.touch();
  }

  /** @param {PortEvent} event */
  #receive(event) {
    if (event.type === 'usage') this.#tokens += event.tokens;
    else if (event.type === 'hold') this.#hold = event.problem ?? (this.#hold?.type === 'queued' ? null : this.#hold);
    else if (event.type === 'cancelled') this.#requests.cancelled(event.ids);
    else this.#answer(event);
    this.#translations.touch();
  }

  /** @param {Extract<PortEvent, { id: string }>} event */
  #answer(event) {
    const block = this.#blocks.byId(event.id);
    if (!block || !isAsked(block)) return; // too late: answered, or another question has been asked since
    const segment = /** @type {Segment} */ (block.segment);
    if (event.type === 'restart') {
      if (block.state === 'asked' || !become(block, 'asked')) return;
      this.#translations.draw(block, (view) => view.wait());
    } else if (event.type === 'failed') {
      if (!become(block, 'failed')) return;
      block.problem = event.problem;
      this.#failures.add(event.problem);
    } else if (event.type === 'delta') {
      this.#hold = null;
      if (block.state !== 'streaming' && !become(block, 'streaming')) return;
      this.#translations.draw(block, (view) => view.stream(event.text, segment));
    } else {
      const { text, verified, issues, sourceSentences } = event;
      this.#hold = null;
      if (verified && isSame(text, block)) { // in the reader's language already: once is enough
        if (become(block, 'empty')) this.#translations.remove(block);
        return;
      }
      if (!become(block, verified ? 'done' : 'unverified')) return;
      this.#translations.draw(block, (view) => view.done(text, segment, {
        verified, sourceSentences,
        onDoubt: (mark) => this.#onDoubt(mark, issues, () => this.#requests.askAnew(block)),
      }));
    }
  }

  /** Once a frame has shown what came. */
  #report() {
    this.#whole?.go();
    this.#failures.show(this.#blocks, this.#translations);
    const summary = this.#blocks.summary();
    if (!summary.working) this.#hold = null;
    this.#translations.explainWaiting(this.#blocks, this.#hold && this.#failures.words(this.#hold));
    this.#onChange({ ...summary, hold: this.#hold, tokens: this.#tokens, whole: this.#whole?.progress ?? null });
  }
}

const MARK = /<s\d{1,4}\/>/g;
/** Words from which on a text that came back as it was is no name. */
const WORDS = 4;

/** @param {string} translated @param {Block} block @returns {boolean} whether it says what stands there */
function isSame(translated, { segment, rule }) {
  translated = translated.replace(MARK, '');
  if (translated !== segment?.text || !translated.trim()) return false;
  // A name in a cell is not worth a second line.
  return rule.kind === 'cell' || [...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(translated)]
      .filter(({ isWordLike }) => isWordLike).length >= WORDS;
}
