/** Search in a static copy: in the index beside the pages (`backend/reading/copied_search.py`), of which little is loaded. */

import { inTitle, mark, meeting, parse, tokensOf } from './search-query.js';
import { crc32, Cutter } from './search-tokens.js';

/** @typedef {import('./search-query.js').Term} Term */
/** @typedef {{ title: string, abstract: string, verified?: boolean }} Texts our own HTML */
/** @typedef {{ id: string, day: string, authors: string[], code: boolean, texts: Record<string, Texts> }} CopiedPaper */

const AT_ONCE = 10;
const SHOWN_AUTHORS = 5;
const MATHML = 'http://www.w3.org/1998/Math/MathML';
const IN_TEXTS = ['a', 'bdi', 'br', 'em', 'span', 'strong', 'sub', 'sup'];
const CHINESE = /[\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{323af}]/u;

/** Looks for what the address asks for. @param {HTMLFormElement} form */
export async function searchCopy(form) {
  const wanted = new URLSearchParams(location.search);
  for (const [name, value] of wanted) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = field.value === value;
    else if (field instanceof HTMLInputElement) field.value = value;
  }
  const text = (wanted.get('q') ?? '').trim();
  if (!text && !wanted.get('has_code') && !wanted.get('verified')) return;
  const state = /** @type {HTMLElement} */ (document.querySelector('[data-search-state]'));
  try {
    await show(form, text, wanted, state);
  } catch {
    state.textContent = state.dataset.failed ?? '';
  }
}

/**
 * @param {HTMLFormElement} form
 * @param {string} text
 * @param {URLSearchParams} wanted
 * @param {HTMLElement} state where the sentence about it stands
 */
async function show(form, text, wanted, state) {
  const index = new Index(new URL(form.dataset.index ?? '', document.baseURI));
  const cutter = await index.cutter(CHINESE.test(text));
  const terms = parse(text, cutter);
  if (text && !terms.length) {
    state.textContent = state.dataset.noWord ?? '';
    return;
  }
  const lang = document.body.dataset.language ?? 'en';
  const filters = [wanted.get('has_code') ? [':code'] : [], wanted.get('verified') ? [`:ok=${lang.toLowerCase()}`] : []].flat();
  const numbers = await index.find(terms, filters, wanted.get('order') === 'date');
  state.textContent = numbers.length
    ? (state.dataset.found ?? '').replace('{count}', numbers.length.toLocaleString(document.documentElement.lang))
    : state.dataset.none ?? '';
  const list = /** @type {HTMLElement} */ (document.querySelector('[data-search-results]'));
  const more = /** @type {HTMLElement} */ (document.querySelector('[data-search-more]'));
  let start = 0;
  /** @type {Promise<HTMLElement | undefined>} the papers before these */
  let turn = Promise.resolve(undefined);
  const next = () => {
    const page = numbers.slice(start, start + AT_ONCE);
    start += AT_ONCE; // now: the button may be pressed again before these are there
    const before = turn;
    turn = (async () => {
      const papers = await Promise.all(page.map((number) => index.paper(number)));
      const items = papers.map((paper) => item(paper, lang, terms, cutter, { form, state }));
      await before;
      list.append(...items);
      more.hidden = start >= numbers.length;
      return items[0];
    })();
    return turn;
  };
  more.querySelector('button')?.addEventListener('click', () => {
    next().then((first) => first?.querySelector('a')?.focus(), () => {
      state.textContent = state.dataset.failed ?? '';
    });
  });
  await next();
}

/** The files of the index, each loaded once and only when it is needed. */
class Index {
  #address;
  /** @type {Map<string, Promise<any>>} */
  #files = new Map();

  /** @param {URL} address of `index.json` */
  constructor(address) {
    this.#address = address;
  }

  /** @param {string} name @returns {Promise<any>} */
  #file(name) {
    const known = this.#files.get(name) ?? fetch(new URL(name, this.#address)).then((answer) => {
      if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
      return answer.json();
    });
    this.#files.set(name, known);
    return known;
  }

  /** @param {boolean} chinese whether both ways of writing Chinese are to find each other */
  async cutter(chinese) {
    const [{ rules }, pairs] = await Promise.all([this.#file('index.json'), chinese ? this.#file('chinese.json') : '']);
    return new Cutter(rules, pairs);
  }

  /** @param {number} number @returns {Promise<CopiedPaper>} */
  paper(number) {
    return this.#file(`papers/${number}.json`);
  }

  /**
   * The papers that hold every term, in the server's order: those first whose titles hold all of them, then those
   * whose titles hold some; of these the newest.
   *
   * @param {Term[]} terms
   * @param {string[]} filters tokens that a paper must hold
   * @param {boolean} byDate
   * @returns {Promise<number[]>}
   */
  async find(terms, filters, byDate) {
    const { papers, shards } = await this.#file('index.json');
    const titled = terms.map((term) => inTitle(term.apart));
    const wanted = { all: [...terms.map((term) => term.anywhere), ...filters] };
    /** @type {Map<string, Set<number>>} */
    const holders = new Map();
    const tokens = new Set([wanted, ...titled].flatMap(tokensOf));
    await Promise.all([...tokens].map(async (token) => {
      const shard = await this.#file(`tokens/${crc32(token) % shards}.json`);
      let number = 0;
      const steps = Object.hasOwn(shard, token) ? shard[token] : [];
      holders.set(token, new Set(steps.map((/** @type {number} */ step) => (number += step))));
    }));
    /** @param {string} token */
    const of = (token) => /** @type {Set<number>} */ (holders.get(token));
    const every = Array.from({ length: papers }, (_, number) => number);
    const found = wanted.all.length ? [...meeting(wanted, of)].sort((a, b) => a - b) : every;
    if (byDate || !titled.length) return found;
    const inTitles = titled.map((term) => meeting(term, of));
    /** @param {number} number @returns {number} 0 for all in the title, 1 for some, 2 for none */
    const tier = (number) => {
      const count = inTitles.filter((holding) => holding.has(number)).length;
      return count === titled.length ? 0 : Number(!count) + 1;
    };
    return found.map((number) => ({ number, tier: tier(number) })).sort((a, b) => a.tier - b.tier || a.number - b.number)
      .map(({ number }) => number);
  }
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {...(Node | string)} inside
 */
function made(tag, className, ...inside) {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...inside);
  return element;
}

/**
 * One paper as lists show it, the words marked, where they stand in another language too.
 *
 * @param {CopiedPaper} paper
 * @param {string} lang the page's
 * @param {Term[]} terms
 * @param {Cutter} cutter
 * @param {{ form: HTMLFormElement, state: HTMLElement }} page
 */
function item({ id, day, authors, texts }, lang, terms, cutter, { form, state }) {
  /** @type {Record<string, [endonym: string, dir: string]>} */
  const languages = JSON.parse(form.dataset.languages ?? '{}');
  /** @param {HTMLElement} element @param {string} tag */
  const speak = (element, tag) => Object.assign(element, { lang: tag, dir: languages[tag]?.[1] ?? 'ltr' });
  const readable = Object.keys(texts).sort((a, b) => Number(b === lang) - Number(a === lang) || Number(b === 'en') - Number(a === 'en'));
  const parts = readable.map((tag) => {
    const [title, abstract] = [texts[tag].title, texts[tag].abstract].map((html) => speak(textsOf(html), tag));
    const found = new Set([...mark(title, terms, cutter), ...mark(abstract, terms, cutter)]);
    return { tag, title, abstract, count: found.size };
  });
  const [shown] = parts;
  const names = made('span', 'authors', authors.slice(0, SHOWN_AUTHORS).join(', '));
  names.dir = 'auto';
  mark(names, terms, cutter);
  const article = made('article', 'paper');
  article.dataset.paperId = id;
  const link = made('a', '', ...shown.title.childNodes);
  link.href = `papers/${id.split('/').map(encodeURIComponent).join('/')}${document.body.dataset.suffix ?? ''}`;
  const time = made('time', '', day);
  time.dateTime = day;
  article.append(speak(made('h2', 'title', link), shown.tag));
  const { verified } = texts[shown.tag];
  const meta = made('p', 'meta', names, ' ', time, ' ');
  if (verified) {
    const check = made('span', 'check', '✓');
    check.setAttribute('role', 'img');
    check.setAttribute('aria-label', state.dataset.verified ?? '');
    check.title = state.dataset.verified ?? '';
    meta.append(check);
  }
  const original = parts.find(({ tag }) => tag === 'en');
  if (original && original !== shown) article.append(speak(made('p', 'original-title', ...original.title.childNodes), 'en'));
  article.append(meta, made('div', 'texts', speak(made('p', 'abstract', ...shown.abstract.childNodes), shown.tag)));
  if (verified === false) article.append(made('p', 'doubt', state.dataset.unverified ?? ''));
  // The language in which most of the words stand, where that is not the one shown.
  const best = parts.reduce((one, other) => (other.count > one.count ? other : one));
  if (best !== shown && !article.querySelector('.original-title mark')) {
    const passage = speak(made('bdi', '', ...(best.title.querySelector('mark') ? best.title : best.abstract).childNodes), best.tag);
    const label = (state.dataset.in ?? '').replace('{language}', languages[best.tag]?.[0] ?? best.tag);
    article.append(made('p', 'found-in', `${label}: `, passage));
  }
  return made('li', '', article);
}

/** @param {string} html our own, of a file beside the page @returns {HTMLElement} its texts and formulas, nothing else */
function textsOf(html) {
  const parsed = new DOMParser().parseFromString(html, 'text/html').body;
  for (const element of parsed.querySelectorAll('*')) {
    if (element.namespaceURI !== MATHML && !IN_TEXTS.includes(element.localName)) element.remove();
    for (const name of element.getAttributeNames()) if (/^(?:on|style$)/i.test(name)) element.removeAttribute(name);
  }
  return made('span', '', ...parsed.childNodes);
}
