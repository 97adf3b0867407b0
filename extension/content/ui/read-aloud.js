/**
 * Reads a paper aloud in its translation's language, sentence by sentence, with a voice of this device.
 * The sentence that is spoken is marked as one that is pointed at.
 */

import { find } from '../../languages.js';
import { text } from '../../localize.js';
import { Player } from './player.js';
import { bringIntoView, markedSentence, markSentence, unmarkSentence } from './sentence-highlight.js';
import { isTyping, nextSentence, pendingBetween } from './sentence-steps.js';
import { spokenSentence } from './spoken-sentence.js';
import { voiceFor } from './voices.js';

/** @typedef {import('./sentence-steps.js').Sentence} Sentence */

/** A translation that is on its way is looked for again and again, and for so long. */
const LOOK_MS = 300;
const PATIENCE_MS = 60_000;

/**
 * @typedef {object} Speech what the browser speaks with
 * @property {SpeechSynthesis} synthesis
 * @property {typeof SpeechSynthesisUtterance} Utterance
 */

/** @returns {Speech | null} null where the browser has none */
function browserSpeech() {
  const { speechSynthesis: synthesis, SpeechSynthesisUtterance: Utterance } = /** @type {Partial<typeof globalThis>} */ (globalThis);
  return synthesis && Utterance ? { synthesis, Utterance } : null;
}

export class ReadAloud {
  #speech;
  #player;
  #gone = new AbortController();
  /** @type {SpeechSynthesisVoice | null} */
  #voice = null;
  /** @type {Sentence | null} */
  #sentence = null;
  /** @type {SpeechSynthesisUtterance | null} what is being said: what an earlier one reports is of no interest */
  #utterance = null;
  #paused = false;

  /**
   * @param {AbortSignal} signal ends it
   * @param {Speech | null} [speech]
   */
  constructor(signal, speech = browserSpeech()) {
    this.#speech = speech;
    this.#player = new Player({
      previous: () => this.#step(-1), toggle: () => this.toggle(), next: () => this.#step(1), stop: () => this.stop(),
    });
    const until = { signal: this.#gone.signal };
    signal.addEventListener('abort', () => this.stop(), until);
    addEventListener('pagehide', () => this.stop(), until);
    document.addEventListener('keydown', (event) => this.#key(event), { ...until, capture: true });
  }

  /** Whether it was stopped, for good. */
  get isOver() {
    return this.#gone.signal.aborted;
  }

  /** From the marked sentence on, or from the first that is seen. */
  async start() {
    const first = markedSentence() ?? nextSentence(null, 1);
    if (!this.#speech) this.#player.refuse(text('aloudUnsupported'));
    else if (!first) this.#player.refuse(text('aloudNothing'));
    else {
      const lang = langOf(first);
      this.#voice = await voiceFor(this.#speech.synthesis, lang);
      if (this.isOver) return;
      if (this.#voice) this.#read(first);
      else this.#player.refuse(text('aloudNoVoice', find(lang)?.endonym ?? lang));
    }
  }

  /** Pauses, or goes on from the beginning of the sentence: not every voice can stop within one. */
  toggle() {
    if (!this.#sentence) return;
    this.#paused = !this.#paused;
    this.#player.show({ paused: this.#paused });
    if (this.#paused) this.#silence();
    else this.#read(this.#sentence);
  }

  stop() {
    if (this.isOver) return;
    this.#gone.abort();
    this.#silence();
    if (this.#sentence) unmarkSentence();
    this.#player.remove();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey || isTyping(event)) return;
    const action = { '.': () => this.#step(1), ',': () => this.#step(-1), Escape: () => this.stop() }[key];
    if (!action) return;
    event.stopImmediatePropagation(); // the sentence goes along by itself
    action();
  }

  #silence() {
    this.#utterance = null;
    this.#speech?.synthesis.cancel();
  }

  /** @param {1 | -1} direction */
  #step(direction) {
    const next = this.#sentence && nextSentence(this.#sentence, direction);
    if (next && this.#paused) this.#show(next);
    else if (next) this.#read(next);
  }

  /** @param {Sentence} sentence */
  #show(sentence) {
    this.#sentence = sentence;
    markSentence(sentence.map, sentence.index, { keep: true });
    bringIntoView(sentence.map, sentence.index);
  }

  /** @param {Sentence} sentence */
  #read(sentence) {
    this.#silence();
    this.#show(sentence);
    const words = spokenSentence(sentence.map, sentence.index, langOf(sentence));
    if (!words || !this.#speech) {
      void this.#advance(sentence);
      return;
    }
    const utterance = new this.#speech.Utterance(words);
    Object.assign(utterance, { voice: this.#voice, lang: this.#voice?.lang ?? langOf(sentence) });
    utterance.onend = () => {
      if (this.#utterance === utterance) void this.#advance(sentence);
    };
    utterance.onerror = () => {
      if (this.#utterance === utterance) this.stop();
    };
    this.#utterance = utterance;
    this.#speech.synthesis.speak(utterance);
  }

  /**
   * To the next sentence, once it is translated.
   *
   * @param {Sentence} sentence that was read
   */
  async #advance(sentence) {
    this.#utterance = null;
    const isCurrent = () => !this.isOver && !this.#paused && this.#sentence === sentence;
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      const pending = pendingBetween(sentence, nextSentence(sentence, 1));
      if (!pending) break;
      pending.scrollIntoView({ block: 'nearest' }); // what is near is asked for
      await new Promise((resolve) => { setTimeout(resolve, LOOK_MS); });
      if (!isCurrent()) return;
    }
    const next = nextSentence(sentence, 1);
    if (!isCurrent()) return;
    if (next) this.#read(next);
    else this.stop();
  }
}

/** @param {Sentence} sentence @returns {string} */
const langOf = ({ map }) => map.bitext.parts[0].element.lang;
