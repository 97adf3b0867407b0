/** Puts what the server said about itself into the owner's page: as text, in the page's own words. */

import { sparkline } from './sparkline.js';

/** @typedef {{ name: string | null, state: string, since?: string, answered_at: string | null, key_refused?: boolean }} Service */
/** @typedef {{ at: string, name?: string, place: string }} Happening */
/**
 * The answer of /api/v1/owner.
 *
 * @typedef {object} Overview
 * @property {string} version
 * @property {string} now
 * @property {{ limit: number | null, used: number, left: number | null }} budget
 * @property {Service} model
 * @property {Service[]} upstreams
 * @property {{ date: string, tokens: number, cost: number | null }[]} days
 * @property {{ requests: number[], server_errors: number[], texts: number[], remembered: number[], first_word_seconds: (number | null)[] }} hours
 * @property {{ tag: string, name: string, dir: string, kept: number, unverified: number, verified_share: (number | null)[] }[]} languages
 * @property {{ name: string, count: number }[]} issues
 * @property {Happening[]} errors
 * @property {{ today: number, latest: Happening[] }} wrong_tokens
 */

const language = document.documentElement.lang;
/** @type {Record<string, string>} */
const words = JSON.parse(document.querySelector('#words')?.textContent ?? '{}');

/**
 * @param {string} key
 * @param {Record<string, string>} [values]
 */
export function text(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}

/** @param {string} moment */
export function time(moment) {
  return new Date(moment).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** @param {Overview} seen */
export function show(seen) {
  showTiles(seen);
  rows('services', [
    service({ ...seen.model, state: seen.model.name === null ? 'none' : seen.model.state }, text('model'), seen.model.name),
    ...seen.upstreams.map((each) => service(each, each.name ?? '')),
  ]);
  rows('languages', seen.languages.map((each) => [
    named(each.name, each.tag, each.dir),
    number(each.kept),
    each.unverified ? `${number(each.unverified)} (${percent(each.unverified / each.kept)})` : number(0),
    trend(text('share'), each.verified_share, percent, { low: 0, high: 1 }),
  ]));
  rows('issues', seen.issues.map((each) => [text(`issue_${each.name}`), number(each.count)]));
  rows('errors', seen.errors.map((each) => [time(each.at), code(each.name ?? ''), code(each.place)]));
  const wrong = seen.wrong_tokens;
  rows('wrong-tokens', wrong.latest.map((each) => [time(each.at), code(each.place)]), text('today', { count: number(wrong.today) }));
}

/** @param {Overview} seen */
function showTiles({ days, hours, budget }) {
  const today = days[days.length - 1];
  const isPriced = today.cost !== null;
  const money = (/** @type {number} */ value) => value.toLocaleString(language, { maximumSignificantDigits: 3 });
  const tokens = text('tokens', { count: number(today.tokens) });
  tile('cost', isPriced ? money(today.cost ?? 0) : tokens, isPriced ? tokens : text('no_prices'),
    trend(`${text('cost_today')}, ${text('days')}`, days.map((day) => (isPriced ? day.cost : day.tokens)), isPriced ? money : number));
  if (budget.limit === null || budget.left === null) tile('budget', text('no_limit'), text('no_budget'), '');
  else tile('budget', number(budget.left), text('budget_of', { count: number(budget.limit) }), meter(budget.left, budget.limit));
  tile('requests', number(sum(hours.requests)), text('failed', { count: number(sum(hours.server_errors)) }),
    trend(`${text('requests')}, ${text('hours')}`, hours.requests, number));
  const waits = hours.first_word_seconds;
  const seconds = (/** @type {number} */ value) => text('seconds', { count: value.toLocaleString(language, { maximumFractionDigits: 1 }) });
  const wait = waits.findLast((value) => value !== null);
  tile('first-word', typeof wait === 'number' ? seconds(wait) : text('nothing'), text('hours'),
    trend(`${text('first_word')}, ${text('hours')}`, waits, seconds));
  const asked = sum(hours.texts);
  tile('memory', asked ? percent(sum(hours.remembered) / asked) : text('nothing'), text('hours'),
    trend(`${text('memory')}, ${text('hours')}`, hours.texts.map((all, index) => (all ? hours.remembered[index] / all : null)), percent, { low: 0, high: 1 }));
}

/**
 * @param {string} name
 * @param {string} figure
 * @param {string} aside
 * @param {Node | string} below
 */
function tile(name, figure, aside, below) {
  const place = part(document, `[data-tile="${name}"]`);
  part(place, '[data-figure]').textContent = figure;
  part(place, '[data-aside]').textContent = aside;
  part(place, '[data-trend]').replaceChildren(below);
}

/**
 * @param {string} name
 * @param {(Node | string)[][]} lines the cells of each row; the first names it
 * @param {string} [aside]
 */
function rows(name, lines, aside = '') {
  const place = part(document, `[data-rows="${name}"]`);
  part(place, 'table').hidden = !lines.length;
  part(place, '[data-none]').hidden = lines.length > 0;
  part(place, '[data-aside]').hidden = !aside;
  part(place, '[data-aside]').textContent = aside;
  part(place, 'tbody').replaceChildren(...lines.map((cells) => {
    const row = document.createElement('tr');
    row.append(...cells.map((cell, index) => {
      const made = document.createElement(index ? 'td' : 'th');
      if (!index) made.setAttribute('scope', 'row');
      made.append(cell);
      return made;
    }));
    return row;
  }));
}

/**
 * @param {Service} seen
 * @param {string} name
 * @param {string | null} [aside]
 */
function service(seen, name, aside) {
  const title = document.createElement('span');
  title.append(name);
  if (aside) title.append(' ', code(aside));
  const state = document.createElement('span');
  state.className = 'service-state';
  state.dataset.state = seen.state === 'ok' ? 'good' : ['unknown', 'none'].includes(seen.state) ? 'unknown' : 'bad';
  state.textContent = text(`state_${seen.state}`);
  const since = seen.since ?? seen.answered_at;
  return [title, state, since ? time(since) : ''];
}

/**
 * @param {string} what
 * @param {(number | null)[]} values
 * @param {(value: number) => string} written
 * @param {{ low?: number, high?: number }} [range]
 * @returns {Node | string}
 */
function trend(what, values, written, range) {
  const known = values.filter((value) => value !== null);
  const [low, high, last] = [Math.min(...known), Math.max(...known), known[known.length - 1] ?? 0].map(written);
  return sparkline(values, text('trend', { what, low, high, last }), range) ?? '';
}

/**
 * @param {number} left
 * @param {number} limit
 */
function meter(left, limit) {
  const made = document.createElement('meter');
  Object.assign(made, { min: 0, max: limit, low: limit / 10, optimum: limit, value: left });
  made.setAttribute('aria-label', text('budget_left'));
  return made;
}

/**
 * @param {string} name
 * @param {string} lang
 * @param {string} dir
 */
function named(name, lang, dir) {
  const made = document.createElement('bdi');
  Object.assign(made, { textContent: name, lang, dir });
  return made;
}

/** @param {string} name one of the server's own names, in Latin letters */
function code(name) {
  const made = document.createElement('code');
  Object.assign(made, { textContent: name, lang: 'en', dir: 'ltr' });
  return made;
}

/** @param {number} value */
function number(value) {
  return Math.round(value).toLocaleString(language);
}

/** @param {number} share */
function percent(share) {
  return share.toLocaleString(language, { style: 'percent', maximumFractionDigits: 1 });
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * @param {ParentNode} place
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function part(place, selector) {
  return /** @type {HTMLElement} */ (place.querySelector(selector));
}
