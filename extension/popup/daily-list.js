/**
 * Draws the day's papers.
 *
 * Each is an `li[data-paper-id]`; its `button.title[aria-expanded]` unfolds the abstract. `data-read`,
 * `data-saved` and `data-open` say how it stands; `data-translation` is done, unverified or none.
 */

import { direction } from '../languages.js';
import { text } from '../localize.js';
import { bibtex } from './bibtex.js';
import { has, set } from './marks.js';
import { fill } from './safe-html.js';

/** @typedef {import('../editions.js').Edition} Edition */
/** @typedef {import('../editions.js').Paper} Paper */

/** More than a popup shows; the rest follows, so many a frame. */
const AT_ONCE = 10;
const SHOWN_AUTHORS = 3;
const LINKS = /** @type {const} */ ([
  ['abs', 'popupLinkAbs'], ['html', 'popupLinkHtml'], ['pdf', 'popupLinkPdf'], ['code', 'popupLinkCode'],
  ['project', 'popupLinkProject'], ['huggingface', 'popupLinkDiscussion'],
]);

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} className
 * @param {string} [words]
 * @returns {HTMLElementTagNameMap[T]}
 */
function element(tag, className, words) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (words !== undefined) made.textContent = words;
  return made;
}

/**
 * @param {HTMLElement} node
 * @param {string} lang
 */
function speak(node, lang) {
  node.lang = lang;
  node.dir = direction(lang);
}

export class DailyList {
  #root;
  #lang = '';
  /** @type {Map<string, { item: HTMLLIElement, paper: Paper, drawn: string }>} */
  #items = new Map();
  #drawing = 0;
  #filter = '';

  /** @param {HTMLElement} root the list element */
  constructor(root) {
    this.#root = root;
  }

  /**
   * Draws an edition. Papers that are drawn as they are stay untouched, unfolded ones too.
   *
   * @param {Edition} edition
   */
  show({ papers, lang }) {
    this.#lang = lang;
    const drawing = (this.#drawing += 1);
    const before = this.#items;
    this.#items = new Map();
    /** @param {Paper[]} some */
    const draw = (some) => some.map((paper) => {
      const drawn = JSON.stringify([lang, paper]);
      const known = before.get(paper.id);
      const entry = known?.drawn === drawn ? known : { item: this.#draw(paper, known?.item), paper, drawn };
      this.#items.set(paper.id, entry);
      entry.item.hidden = !this.#matches(paper);
      return entry.item;
    });
    this.#root.replaceChildren(...draw(papers.slice(0, AT_ONCE)));
    const rest = (/** @type {number} */ from) => {
      if (drawing !== this.#drawing || from >= papers.length) return;
      this.#root.append(...draw(papers.slice(from, from + AT_ONCE)));
      requestAnimationFrame(() => rest(from + AT_ONCE));
    };
    requestAnimationFrame(() => rest(AT_ONCE));
  }

  /** Takes everything away. */
  clear() {
    this.#drawing += 1;
    this.#items.clear();
    this.#root.replaceChildren();
  }

  /**
   * @param {string} words
   * @returns {number} how many papers match
   */
  filter(words) {
    this.#filter = words.trim().toLocaleLowerCase();
    let shown = 0;
    for (const { item, paper } of this.#items.values()) {
      item.hidden = !this.#matches(paper);
      if (!item.hidden) shown += 1;
    }
    return shown;
  }

  /** @param {Paper} paper */
  #matches({ id, title, authors, translation, categories }) {
    if (!this.#filter) return true;
    const all = [id, title, translation?.title ?? '', ...authors, ...categories].join('\n').toLocaleLowerCase();
    return this.#filter.split(/\s+/).every((word) => all.includes(word));
  }

  /** @param {Element | null} inside @returns {Paper | undefined} */
  paperAt(inside) {
    const item = inside?.closest('[data-paper-id]');
    return item ? this.#items.get(item.getAttribute('data-paper-id') ?? '')?.paper : undefined;
  }

  /** @returns {HTMLElement[]} the titles one can walk through */
  get titles() {
    return [...this.#root.querySelectorAll('li:not([hidden]) .title')].map((one) => /** @type {HTMLElement} */ (one));
  }

  /**
   * Shows a title that has just been translated, before the whole list is fetched again.
   *
   * @param {string} id
   * @param {string} title
   */
  retitle(id, title) {
    const item = this.#items.get(id)?.item;
    const words = item?.querySelector('.title > span');
    if (!item || !words) return;
    words.textContent = title;
    speak(/** @type {HTMLElement} */ (item.querySelector('.title')), this.#lang);
    const original = item.querySelector('.original');
    if (original) /** @type {HTMLElement} */ (original).hidden = false;
  }

  /** @param {Paper} paper @param {boolean} on */
  async save(paper, on) {
    await set('saved', paper.id, on);
    const item = this.#items.get(paper.id)?.item;
    item?.toggleAttribute('data-saved', on);
    const button = item?.querySelector('[data-action="save"]');
    if (button) button.textContent = text(on ? 'popupUnsave' : 'popupSave');
  }

  /**
   * @param {Paper} paper
   * @param {HTMLLIElement} [known] drawn before; stays unfolded
   * @returns {HTMLLIElement}
   */
  #draw(paper, known) {
    const { id, translation, authors } = paper;
    const item = element('li', 'paper');
    item.dataset.paperId = id;
    item.dataset.translation = translation ? (translation.verified ? 'done' : 'unverified') : 'none';
    item.toggleAttribute('data-read', has('read', id));
    item.toggleAttribute('data-saved', has('saved', id));

    const heading = element('h2', 'paper-heading');
    const title = element('button', 'title');
    title.type = 'button';
    title.setAttribute('aria-expanded', 'false');
    const words = element('span', '');
    if (translation) fill(words, translation.titleHtml, translation.title);
    else fill(words, paper.titleHtml, paper.title);
    speak(title, translation ? this.#lang : 'en');
    title.append(words);
    heading.append(title);

    const original = element('p', 'original');
    fill(original, paper.titleHtml, paper.title);
    speak(original, 'en');
    original.hidden = !translation;

    const meta = element('p', 'meta');
    const names = element('span', 'authors', authorLine(authors));
    names.title = authors.slice(0, 40).join(', ');
    meta.append(names);
    if (paper.upvotes) {
      const votes = element('span', 'votes', paper.upvotes.toLocaleString());
      votes.setAttribute('aria-label', text('popupVotes', paper.upvotes.toLocaleString()));
      votes.setAttribute('role', 'img');
      meta.append(votes);
    }
    if (paper.comments) meta.append(element('span', '', text('popupComments', paper.comments.toLocaleString())));
    if (paper.links.code) meta.append(element('span', '', text('popupHasCode')));

    item.append(heading, original, meta);
    title.addEventListener('click', () => this.#unfold(paper, item, title));
    if (known?.hasAttribute('data-open')) this.#unfold(paper, item, title);
    return item;
  }

  /**
   * @param {Paper} paper
   * @param {HTMLLIElement} item
   * @param {HTMLElement} title
   */
  #unfold(paper, item, title) {
    const open = item.toggleAttribute('data-open');
    title.setAttribute('aria-expanded', String(open));
    if (!open) {
      item.querySelector('.unfolded')?.remove();
      return;
    }
    void set('read', paper.id, true);
    const unfolded = element('div', 'unfolded');
    const { translation } = paper;
    if (translation?.abstract) {
      const translated = element('p', 'abstract');
      fill(translated, translation.abstractHtml, translation.abstract);
      speak(translated, this.#lang);
      unfolded.append(translated);
      if (!translation.verified) unfolded.append(element('p', 'doubt', text('popupUnverified')));
    }
    if (paper.abstract) {
      const original = element('p', `abstract${translation?.abstract ? ' abstract--original' : ''}`);
      fill(original, paper.abstractHtml, paper.abstract);
      speak(original, 'en');
      unfolded.append(original);
    }
    unfolded.append(this.#links(paper));
    item.append(unfolded);
  }

  /** @param {Paper} paper */
  #links(paper) {
    const row = element('p', 'links');
    for (const [name, key] of LINKS) {
      if (!paper.links[name]) continue;
      const link = element('a', '', text(key));
      link.href = paper.links[name];
      link.target = '_blank';
      link.rel = 'noreferrer';
      link.dataset.link = name;
      row.append(link);
    }
    const save = element('button', 'quiet', text(has('saved', paper.id) ? 'popupUnsave' : 'popupSave'));
    save.type = 'button';
    save.dataset.action = 'save';
    save.addEventListener('click', () => void this.save(paper, !has('saved', paper.id)));
    const cite = element('button', 'quiet', text('popupBibtex'));
    cite.type = 'button';
    cite.dataset.action = 'bibtex';
    cite.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(bibtex(paper));
        cite.textContent = text('popupBibtexCopied');
      } catch {
        cite.textContent = text('popupBibtexFailed');
      }
    });
    row.append(save, cite);
    return row;
  }
}

/** @param {string[]} authors */
function authorLine(authors) {
  const shown = authors.slice(0, SHOWN_AUTHORS).join(', ');
  const more = authors.length - SHOWN_AUTHORS;
  return more > 0 ? text('popupAuthorsMore', shown, more.toLocaleString()) : shown;
}
