/**
 * The content script: decides whether this page is read in translation, and passes the reader's wishes
 * on to the translator.
 *
 * Only what is needed until the page may be painted is imported at the top: each further file delays that.
 */

import { browser } from '../browser.js';
import { target } from '../languages.js';
import { text } from '../localize.js';
import { TO_BACKGROUND, TO_PAGE } from '../messages.js';
import { DISPLAYS, load, save, watch } from '../settings.js';
import { pageFor } from './pages/page.js';
import { PageTranslator } from './schedule/page-translator.js';
import { cleanUp } from './view/cleanup.js';
import { injected } from './view/injected.js';
// What the modules above import in their turn: named here it is fetched at once, not one level after another.
import '../problems.js';
import './document/block-states.js';
import './document/blocks.js';
import './document/frame.js';
import './document/mathjax.js';
import './document/segmenter.js';
import './document/typesetting.js';
import './document/walk.js';
import './pages/arxiv-markup.js';
import './pages/page-rules.js';
import './schedule/background-port.js';
import './schedule/failures.js';
import './schedule/idle-reservation.js';
import './schedule/long-segments.js';
import './schedule/reading-order.js';
import './schedule/request-queue.js';
import './schedule/text-pieces.js';
import './schedule/translations.js';
import './schedule/viewport.js';
import './schedule/whole-paper.js';
import './view/bitexts.js';
import './view/frame-queue.js';
import './view/injected.js';
import './view/inner-view.js';
import './view/original.js';
import './view/parts-view.js';
import './view/placeholder-writer.js';
import './view/scroll-anchor.js';
import './view/sentence-split.js';
import './view/space-release.js';
import './view/translation-view.js';
import './view/whole-translation.js';

/** @typedef {import('../settings.js').Settings} Settings */
/** @typedef {import('../messages.js').PageState} PageState */
/** @typedef {import('./schedule/page-translator.js').Summary} Summary */

/** @type {Summary} */
const IDLE = { state: 'idle', working: 0, failed: 0, problem: null, hold: null, tokens: 0, whole: null };

/** @type {Summary} */
const LANGUAGE_NOT_CHOSEN = { ...IDLE, hold: { type: 'language-not-chosen' } };

/** @type {Pick<Summary, 'state' | 'problem'>} */
const PAPER_INCOMPLETE = { state: 'problem', problem: { type: 'paper-incomplete' } };

/** A page that is parsed for longer is painted without waiting for us; see view/translation-view.css. */
const MAX_UNPAINTED_MS = 1_000;

/** What a reader meets who sees the page already; loaded as soon as they do, because later it might be gone. */
async function loadInterface() {
  const [{ Control }, { doubtAbout, openNotice }, { translateSelection }, { PaperItems }, { ReadLink }, original, along] = await Promise.all([
    import('./ui/control.js'), import('./ui/notice.js'), import('./ui/selection.js'), import('./ui/paper-items.js'),
    import('./ui/read-link.js'), import('./view/show-original.js'), import('./ui/reading-along.js'),
  ]);
  return { Control, doubtAbout, openNotice, translateSelection, PaperItems, ReadLink, ...original, ...along };
}

/** @typedef {Awaited<ReturnType<typeof loadInterface>>} Interface */

/** One page, for as long as it is open. */
class Page {
  #rule;
  #settings;
  /** @type {{ translator: PageTranslator, controller: AbortController, lang: string } | null} */
  #reading = null;
  /** @type {{ control: InstanceType<Interface['Control']>, controller: AbortController } | null} */
  #control = null;
  /** @type {Interface | null} once it is there */
  #interface = null;
  /** @type {InstanceType<Interface['PaperItems']> | null} on a paper's page */
  #paper = null;
  /** @type {InstanceType<Interface['ReadLink']> | null} on an abstract's page */
  #readLink = null;
  #summary = IDLE;
  /** Whoever turned the page back at the control finds it there; otherwise nothing of ours is left. */
  #stays = false;

  /**
   * @param {import('./pages/page-rules.js').PageRule} rule
   * @param {Settings} settings
   * @param {boolean} wanted whether the reader came here to read it in translation
   */
  constructor(rule, settings, wanted) {
    this.#rule = rule;
    this.#settings = settings;
    const { type } = rule;
    if ((settings.pages[type] === 'always' || wanted) && target(settings)) this.#turnOn();
  }

  /** The page can be seen: now comes what its reader may want. */
  async complete() {
    this.#interface = await loadInterface();
    if (this.#rule.type === 'html') {
      this.#paper = new this.#interface.PaperItems({
        lang: () => this.#lang,
        translator: () => this.#reading?.translator ?? null,
        turnOn: () => {
          if (!this.#reading && this.#settings.pages.html !== 'never' && this.#lang) this.#turnOn();
        },
      });
      void this.#paper.resume();
    } else if (this.#rule.type === 'abs') {
      this.#readLink = new this.#interface.ReadLink();
    }
    this.#listen();
    this.#show();
  }

  /** @returns {Promise<void>} fulfilled once the page may be painted */
  get paintable() {
    return this.#reading?.translator.firstScreenReserved ?? Promise.resolve();
  }

  get #lang() {
    return target(this.#settings);
  }

  /** @param {{ stay?: boolean }} [how] whether the control stays to turn it on again */
  toggle({ stay = false } = {}) {
    if (this.#reading) {
      this.#turnOff(stay);
      this.#paper?.forget();
    } else if (this.#lang) this.#turnOn();
    else void openOptions();
  }

  #turnOn() {
    const controller = new AbortController();
    const { signal } = controller;
    const translator = new PageTranslator(this.#rule, this.#settings, this.#lang, {
      signal,
      onChange: (summary) => {
        this.#summary = summary;
        this.#show();
      },
      onDoubt: (mark, issues, retry) => this.#explainDoubt(mark, issues, retry, signal),
      openOptions,
    });
    this.#reading = { translator, controller, lang: this.#lang };
    this.#listen();
    this.#show();
  }

  /** Original and translation change places at the reader's pointer and key. */
  #listen() {
    if (!this.#reading) return;
    const { signal } = this.#reading.controller;
    this.#interface?.readAlong(signal, { aloud: this.#isPaper });
    this.#interface?.showOriginalOnPointer(signal);
    this.#interface?.showOriginalOnKey(signal);
  }

  get #isPaper() {
    return this.#rule.type === 'html';
  }

  #readAloud() {
    if (this.#reading) void this.#interface?.readAloud(this.#reading.controller.signal);
  }

  /** @param {boolean} stay */
  #turnOff(stay) {
    this.#reading?.controller.abort();
    this.#reading = null;
    this.#summary = IDLE;
    this.#stays = stay;
    this.#show();
  }

  /** Brings the control up to date; it stands wherever there is something to see or to start. */
  #show() {
    const when = this.#settings.pages[this.#rule.type];
    const offered = when !== 'never' && (when === 'demand' || this.#stays || !this.#lang);
    const wanted = this.#settings.control && (this.#reading !== null || offered);
    if (!wanted || !document.body) {
      this.#control?.controller.abort();
      this.#control = null;
      if (wanted) document.addEventListener('DOMContentLoaded', () => this.#show(), { once: true });
      return;
    }
    if (!this.#interface) return;
    if (!this.#control) {
      const { Control } = this.#interface;
      const controller = new AbortController();
      const { type } = this.#rule;
      this.#control = {
        controller,
        control: new Control({
          toggle: () => this.toggle({ stay: true }),
          retry: () => this.retryFailed(),
          display: (display) => void save({ display }),
          when: (choice) => void save({ pages: { [type]: choice } }),
          options: openOptions,
          open: () => this.#readLink?.open(this.#lang, this.#settings.pages.html !== 'never'),
          ...(this.#isPaper ? { aloud: () => this.#readAloud() } : {}),
        }, (this.#paper ?? this.#readLink)?.elements ?? [], controller.signal),
      };
    }
    const { display, backendUrl: address } = this.#settings;
    const on = this.#reading !== null;
    const known = on && this.#paper?.isIncomplete ? { ...this.#summary, ...PAPER_INCOMPLETE } : this.#summary;
    const summary = this.#lang ? known : LANGUAGE_NOT_CHOSEN;
    this.#paper?.update(on, summary, this.#settings);
    this.#control.control.update({ on, summary, display, when, address });
  }

  cycleDisplay() {
    const next = DISPLAYS[(DISPLAYS.indexOf(this.#settings.display) + 1) % DISPLAYS.length];
    void save({ display: next });
  }

  retryFailed() {
    this.#reading?.translator.retryFailed();
  }

  translateSelection() {
    if (this.#lang) this.#interface?.translateSelection(this.#settings, this.#lang, new AbortController().signal);
    else void openOptions();
  }

  /** @param {Settings} settings as they are now */
  adopt(settings) {
    const before = this.#settings;
    this.#settings = settings;
    const { type } = this.#rule;
    const reading = this.#reading;
    if (before.pages[type] !== settings.pages[type]) {
      if (settings.pages[type] === 'never' && reading) this.#turnOff(false);
      else if (settings.pages[type] === 'always' && !reading && this.#lang) this.#turnOn();
    } else if (reading && (reading.lang !== this.#lang || (this.#isPaper && before.shortCells !== settings.shortCells))) {
      this.#turnOff(Boolean(this.#lang)); // the menu may be open
      if (this.#lang) this.#turnOn();
      void this.#paper?.resume();
    } else if (!reading && !target(before) && this.#lang && settings.pages[type] === 'always') {
      this.#turnOn();
    }
    this.#reading?.translator.adopt(settings);
    this.#show();
  }

  /** @returns {Promise<PageState>} */
  async state() {
    const title = await this.#reading?.translator.title() ?? '';
    return {
      page: this.#rule.type, on: this.#reading !== null, state: this.#summary.state, title, lang: this.#lang,
    };
  }

  /**
   * @param {HTMLElement} mark
   * @param {string[]} issues
   * @param {() => void} retry
   * @param {AbortSignal} signal
   */
  #explainDoubt(mark, issues, retry, signal) {
    if (!this.#interface) return;
    const { doubtAbout, openNotice } = this.#interface;
    const { card, close } = openNotice(mark.getBoundingClientRect(), text('pageUnverifiedLabel'), signal);
    const button = injected('button', 'retry', text('pageAskAgain'));
    button.addEventListener('click', () => {
      close();
      retry();
    });
    card.append(injected('span', 'notice-text', doubtAbout(issues)), ' ', button);
  }
}

async function openOptions() {
  const { askBackground } = await import('../ask-background.js');
  void askBackground({ type: TO_BACKGROUND.openOptions });
}

/** @param {import('../settings.js').PageType} type @returns {Promise<boolean>} whether a link of ours led to this paper */
async function isWantedHere(type) {
  if (type !== 'html') return false;
  const [{ isToRead }, { identifier }] = await Promise.all([import('../paper-wishes.js'), import('./pages/paper-context.js')]);
  return isToRead(identifier());
}

const rule = await pageFor(location.pathname);
if (rule) {
  cleanUp();
  const page = new Page(rule, ...await Promise.all([load(), isWantedHere(rule.type)]));
  watch((settings) => page.adopt(settings));

  /** @type {Record<string, () => void>} */
  const wishes = {
    [TO_PAGE.toggle]: () => page.toggle(),
    [TO_PAGE.cycleDisplay]: () => page.cycleDisplay(),
    [TO_PAGE.translateSelection]: () => page.translateSelection(),
    [TO_PAGE.retryFailed]: () => page.retryFailed(),
    [TO_PAGE.state]: () => {},
  };
  browser.runtime.onMessage.addListener((message, _sender, respond) => {
    wishes[message?.type]?.();
    void page.state().then(respond);
    return true; // answered later
  });
  const late = new Promise((resolve) => setTimeout(resolve, MAX_UNPAINTED_MS));
  void Promise.race([page.paintable, late]).then(() => page.complete());
  await page.paintable;
}
