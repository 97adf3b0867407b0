/** The small bar of a paper that is read aloud: back, pause, on, stop. */

import { direction } from '../../languages.js';
import { interfaceLanguage, text } from '../../localize.js';
import { injected } from '../view/injected.js';
import { colorScheme } from './color-scheme.js';

export class Player {
  #root = injected('div', 'player');
  #words = injected('span', 'player-words');
  #toggle;
  #steps;

  /** @param {{ previous: () => void, toggle: () => void, next: () => void, stop: () => void }} actions */
  constructor({ previous, toggle, next, stop }) {
    this.#root.lang = interfaceLanguage();
    this.#root.dir = direction(this.#root.lang);
    this.#root.translate = false;
    this.#root.dataset.colorScheme = colorScheme();
    this.#root.setAttribute('role', 'group');
    this.#root.setAttribute('aria-label', text('aloudLabel'));
    this.#words.setAttribute('role', 'status');
    this.#toggle = button('⏸', text('aloudPause'), toggle);
    this.#steps = [button('⏮', text('aloudPrevious'), previous), this.#toggle, button('⏭', text('aloudNext'), next)];
    this.#root.append(this.#words, ...this.#steps, button('⏹', text('aloudStop'), stop));
    document.body.append(this.#root);
  }

  /** @param {{ paused: boolean }} state */
  show({ paused }) {
    name(this.#toggle, paused ? '▶' : '⏸', text(paused ? 'aloudContinue' : 'aloudPause'));
  }

  /** @param {string} words why nothing is read */
  refuse(words) {
    for (const step of this.#steps) step.remove();
    this.#words.textContent = words;
  }

  remove() {
    this.#root.remove();
  }
}

/** @param {string} sign @param {string} label @param {() => void} onClick */
function button(sign, label, onClick) {
  const element = injected('button', 'player-button');
  element.setAttribute('type', 'button');
  element.addEventListener('click', onClick);
  name(element, sign, label);
  return element;
}

/** @param {HTMLElement} element @param {string} sign @param {string} label */
function name(element, sign, label) {
  element.textContent = `${sign}\uFE0E`; // as text, not as a coloured picture
  element.title = label;
  element.setAttribute('aria-label', label);
}
