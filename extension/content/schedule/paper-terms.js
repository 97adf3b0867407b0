/** A paper's own terms, which the backend keeps for all its readers: seen, drawn, changed. */

import { askBackground } from '../../ask-background.js';
import { TO_BACKGROUND } from '../../messages.js';
import { identifier } from '../pages/paper-context.js';
import { excerpt } from './paper-excerpt.js';

/** @typedef {import('../../messages.js').PaperTermsAnswer} PaperTermsAnswer */
/** @typedef {import('../../messages.js').Problem} Problem */
/** @typedef {{ value: PaperTermsAnswer, problem?: undefined } | { value?: undefined, problem: Problem }} Answer */

export class PaperTerms {
  #lang;
  #isBegun = false;

  /** @param {string} lang */
  constructor(lang) {
    this.#lang = lang;
  }

  /** @returns {Promise<Answer>} what is known; costs nothing */
  show() {
    return this.#ask({});
  }

  /** @returns {Promise<Answer>} after a model has named them from the paper's beginning, if none has before */
  draw() {
    this.#isBegun = true;
    return this.#ask({ draw: excerpt() });
  }

  /** The paper is read beyond its beginning: from now on its terms are to be the same everywhere. Once. */
  begin() {
    if (!this.#isBegun) void this.draw();
  }

  /** @param {string} source @param {string} target @returns {Promise<Answer>} */
  change(source, target) {
    return this.#ask({ change: { source, target } });
  }

  /** @param {string} source a term that is to be called again as it was drawn @returns {Promise<Answer>} */
  takeBack(source) {
    return this.#ask({ takeBack: { source } });
  }

  /** @param {Partial<import('../../messages.js').TermsQuestion>} question @returns {Promise<Answer>} */
  async #ask(question) {
    return askBackground({ type: TO_BACKGROUND.paperTerms, id: identifier(), lang: this.#lang, ...question });
  }
}
