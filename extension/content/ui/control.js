/**
 * The one small round control at the corner of arXiv's pages: what the translation is doing, and a menu.
 */

import { direction } from '../../languages.js';
import { interfaceLanguage, text } from '../../localize.js';
import { explain } from '../../problems.js';
import { DISPLAYS, WHENS } from '../../settings.js';
import { colorScheme } from './color-scheme.js';
import { grouped } from './grouped.js';
import { injected } from '../view/injected.js';

/** @typedef {import('../schedule/page-translator.js').Summary} Summary */
/** @typedef {import('../../settings.js').Display} Display */
/** @typedef {import('../../settings.js').When} When */

/**
 * @typedef {object} Actions
 * @property {() => void} toggle
 * @property {() => void} retry
 * @property {(display: Display) => void} display
 * @property {(when: When) => void} when
 * @property {() => void} options
 * @property {() => void} open the menu is about to open
 * @property {() => void} [aloud] reads the page aloud, where that can be done
 */

/**
 * @typedef {object} View what the control shows
 * @property {boolean} on
 * @property {Summary} summary
 * @property {Display} display
 * @property {When} when
 * @property {string} address the backend's
 */

/** Scrolling by less than so many pixels is no reading on. */
const MIN_SCROLL = 12;
const SVG = 'http://www.w3.org/2000/svg';

/** The mark: two sheets, one before the other. @returns {SVGElement} */
function mark() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  for (const d of ['M3 2.5h7.5v4M3 2.5v11h3.5', 'M8.5 7h8.5v10.5H8.5zM10.6 10h4.3M12.75 10v5M10.8 15l4-3.4']) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

export class Control {
  #root = injected('div', 'control');
  #button = injected('button', 'control-button');
  #menu = injected('div', 'menu');
  #status = injected('p', 'menu-status');
  #retry = injected('button', 'menu-item');
  #toggle = injected('button', 'menu-item');
  #aloud = injected('button', 'menu-item', text('controlReadAloud'));
  /** @type {Map<string, HTMLInputElement>} */
  #radios = new Map();

  /**
   * @param {Actions} actions
   * @param {HTMLElement[]} items of the menu that only this kind of page has
   * @param {AbortSignal} signal takes it away
   */
  constructor(actions, items, signal) {
    const lang = interfaceLanguage();
    this.#root.lang = lang;
    this.#root.dir = direction(lang);
    this.#root.translate = false;

    this.#button.setAttribute('type', 'button');
    this.#button.setAttribute('aria-haspopup', 'dialog');
    this.#button.setAttribute('aria-expanded', 'false');
    this.#menu.addEventListener('beforetoggle', (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === 'open') actions.open();
    });
    this.#menu.addEventListener('toggle', (event) => {
      this.#button.setAttribute('aria-expanded', String(/** @type {ToggleEvent} */ (event).newState === 'open'));
    });
    this.#button.append(mark());
    this.#menu.popover = 'auto';
    this.#menu.setAttribute('role', 'dialog');
    this.#menu.setAttribute('aria-label', text('controlMenuLabel'));
    /** @type {HTMLButtonElement} */ (this.#button).popoverTargetElement = this.#menu;
    this.#status.setAttribute('role', 'status');

    const settings = injected('button', 'menu-item', text('controlOptions'));
    this.#retry.textContent = text('controlRetryAll');
    for (const [item, action] of /** @type {[HTMLElement, () => void][]} */ ([
      [this.#toggle, actions.toggle], [this.#retry, actions.retry], [settings, actions.options],
      [this.#aloud, () => actions.aloud?.()],
    ])) {
      item.setAttribute('type', 'button');
      item.addEventListener('click', () => {
        this.#menu.hidePopover();
        action();
      });
    }
    this.#menu.append(
      this.#status, ...items, this.#retry, this.#toggle, ...(actions.aloud ? [this.#aloud] : []),
      this.#choice('display', text('controlDisplay'), DISPLAYS, actions.display),
      this.#choice('when', text('controlWhen'), WHENS, actions.when),
      settings,
    );
    this.#root.append(this.#button, this.#menu);
    document.body.append(this.#root);
    // Called right after a layout, when asking for a colour does not cost one.
    const drawn = new ResizeObserver(() => {
      this.#root.dataset.colorScheme = colorScheme();
    });
    drawn.observe(this.#button);
    drawn.observe(this.#menu);
    let from = scrollY;
    addEventListener('scroll', () => {
      if (Math.abs(scrollY - from) < MIN_SCROLL) return;
      this.#root.toggleAttribute('data-aside', scrollY > from);
      from = scrollY;
    }, { passive: true, signal });
    signal.addEventListener('abort', () => {
      drawn.disconnect();
      this.#root.remove();
    });
  }

  /**
   * @template {string} T
   * @param {string} name
   * @param {string} label
   * @param {readonly T[]} values
   * @param {(value: T) => void} onChange
   */
  #choice(name, label, values, onChange) {
    const group = injected('fieldset', 'menu-group');
    group.append(injected('legend', 'menu-label', label));
    for (const value of values) {
      const row = injected('label', 'menu-choice');
      const radio = /** @type {HTMLInputElement} */ (injected('input', 'menu-radio'));
      radio.type = 'radio';
      radio.name = `paperglot-${name}`;
      radio.value = value;
      radio.addEventListener('change', () => onChange(value));
      this.#radios.set(`${name}:${value}`, radio);
      row.append(radio, ` ${text(`${name}${value[0].toUpperCase()}${value.slice(1)}`)}`);
      group.append(row);
    }
    return group;
  }

  /** @param {View} view */
  update({ on, summary, display, when, address }) {
    const state = on ? summary.state : 'idle';
    const words = this.#words(state, summary, address);
    this.#root.dataset.state = state;
    this.#button.setAttribute('aria-label', text('controlLabel', words));
    this.#button.title = words;
    if (this.#status.textContent !== words) this.#status.textContent = words;
    this.#retry.hidden = !(on && summary.failed);
    this.#aloud.hidden = !on;
    this.#toggle.textContent = text(on ? 'controlTurnOff' : 'controlTurnOn');
    for (const [key, value] of [['display', display], ['when', when]]) {
      const radio = this.#radios.get(`${key}:${value}`);
      if (radio) radio.checked = true;
    }
  }

  /**
   * @param {Summary['state']} state
   * @param {Summary} summary
   * @param {string} address
   */
  #words(state, { problem, hold, tokens }, address) {
    const trouble = state === 'problem' ? problem : hold;
    if (trouble) {
      const { key, values } = explain(trouble, { address });
      return text(key, ...values);
    }
    if (state === 'done') return tokens ? text('controlDoneTokens', grouped(tokens)) : text('controlDone');
    return text(state === 'working' ? 'controlWorking' : 'controlIdle');
  }
}
