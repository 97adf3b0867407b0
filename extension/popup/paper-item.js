/**
 * One paper of the list: an `li[data-paper-id]`; its `button.title[aria-expanded]` unfolds the abstract.
 * `data-read`, `data-saved` and `data-open` say how it stands; `data-translation` is done, unverified or none.
 */

import { direction } from '../languages.js';
import { text } from '../localize.js';
import { has, set } from './reading-state.js';
import { fill } from './safe-html.js';

/** @typedef {import('../editions.js').Paper} Paper */

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

/**
 * @param {Paper} paper
 * @param {boolean} open whether its abstract is unfolded
 * @returns {HTMLLIElement}
 */
export function drawPaper(paper, open) {
  const { id, translation } = paper;
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
  if (translation?.title) fill(words, translation.titleHtml, translation.title);
  else fill(words, paper.titleHtml, paper.title);
  speak(title, translation?.title ? translation.lang : 'en');
  title.append(words);
  heading.append(title);

  const original = element('p', 'original');
  fill(original, paper.titleHtml, paper.title);
  speak(original, 'en');
  original.hidden = !translation?.title || translation.title === paper.title;

  item.append(heading, original, metaLine(paper));
  if (paper.ownerNote) {
    const note = element('p', 'owner-note', paper.ownerNote);
    note.dir = 'auto';
    item.append(note);
  }
  title.addEventListener('click', () => unfold(paper, item, title));
  if (open) unfold(paper, item, title);
  return item;
}

/** @param {Paper} paper @returns {HTMLElement} authors, primary category, votes, comments, code, whether verified */
function metaLine({ authors, categories: [category], upvotes, comments, links: { code }, translation }) {
  const line = element('p', 'meta');
  const names = element('span', 'authors', authorLine(authors));
  names.title = authors.slice(0, 40).join(', ');
  line.append(names);
  if (category) line.append(element('span', 'category', category));
  if (upvotes) line.append(sign('votes', upvotes.toLocaleString(), text('popupVotes', upvotes.toLocaleString())));
  if (comments) line.append(element('span', 'comments', text('popupComments', comments.toLocaleString())));
  if (code) line.append(element('span', '', text('popupHasCode')));
  if (translation) {
    const { verified } = translation;
    line.append(sign('check', verified ? '✓' : '*', text(verified ? 'popupVerified' : 'popupNotVerified')));
  }
  return line;
}

/**
 * @param {string} className
 * @param {string} shown
 * @param {string} words what it means
 */
function sign(className, shown, words) {
  const made = element('span', className, shown);
  made.setAttribute('role', 'img');
  made.setAttribute('aria-label', words);
  made.title = words;
  return made;
}

/**
 * @param {HTMLElement} item
 * @param {Paper} paper
 * @param {boolean} on
 */
export async function save(item, paper, on) {
  item.toggleAttribute('data-saved', on);
  const button = item.querySelector('[data-action="save"]');
  if (button) {
    button.textContent = text(on ? 'popupUnsave' : 'popupSave');
    button.setAttribute('aria-pressed', String(on));
  }
  await set('saved', paper.id, on);
  const { removePaper, storePaper } = await import('./saved-papers.js');
  await (on ? storePaper(paper) : removePaper(paper.id));
}

/**
 * @param {Paper} paper
 * @param {HTMLLIElement} item
 * @param {HTMLElement} title
 */
function unfold(paper, item, title) {
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
    speak(translated, translation.lang);
    unfolded.append(translated);
    if (!translation.verified) unfolded.append(doubt());
  }
  // What is in the reader's language already stands there once.
  if (paper.abstract && paper.abstract !== translation?.abstract) {
    const original = element('p', `abstract${translation?.abstract ? ' abstract--original' : ''}`);
    fill(original, paper.abstractHtml, paper.abstract);
    speak(original, 'en');
    unfolded.append(original);
  }
  unfolded.append(links(paper, item));
  item.append(unfolded);
}

/** @returns {HTMLElement} that the translation is not verified, and a button that asks for another */
function doubt() {
  const line = element('p', 'doubt', `${text('popupUnverified')} `);
  const again = element('button', 'quiet', text('popupAskAgain'));
  again.type = 'button';
  again.dataset.action = 'ask-again';
  line.append(again);
  return line;
}

/**
 * @param {Paper} paper
 * @param {HTMLElement} item
 */
function links(paper, item) {
  const row = element('p', 'links');
  for (const [name, key] of LINKS) {
    if (!paper.links[name]) continue;
    const link = element('a', '', text(key));
    link.href = paper.links[name];
    link.target = '_blank';
    link.rel = 'noreferrer';
    link.dataset.link = name;
    row.append(link);
    if (name === 'html') offerReading(paper, row);
  }
  const saved = has('saved', paper.id);
  const saveButton = element('button', 'quiet', text(saved ? 'popupUnsave' : 'popupSave'));
  saveButton.type = 'button';
  saveButton.dataset.action = 'save';
  saveButton.setAttribute('aria-pressed', String(saved));
  saveButton.addEventListener('click', () => void save(item, paper, !has('saved', paper.id)));
  const cite = element('button', 'quiet', text('popupBibtex'));
  cite.type = 'button';
  cite.dataset.action = 'bibtex';
  cite.addEventListener('click', async () => {
    try {
      const { bibtex } = await import('./bibtex.js');
      await navigator.clipboard.writeText(bibtex(paper));
      cite.textContent = text('popupBibtexCopied');
    } catch {
      cite.textContent = text('popupBibtexFailed');
    }
  });
  row.append(saveButton, cite);
  if (paper.translation?.title) row.append(correctButton());
  return row;
}

/** @returns {HTMLElement} opens a form in which the reader rewrites the translation */
function correctButton() {
  const button = element('button', 'quiet', text('popupCorrect'));
  button.type = 'button';
  button.dataset.action = 'correct';
  button.setAttribute('aria-haspopup', 'dialog');
  return button;
}

/** @type {((paper: Paper) => HTMLAnchorElement | null) | null} once the list stands */
let readingLink = null;
/** @type {{ paper: Paper, row: HTMLElement }[]} opened before that */
const early = [];
/**
 * Fetches what is needed to offer a paper's full text: a link that came late would move what one presses.
 *
 * @param {() => import('../settings.js').Settings} settings as they are
 */
export async function prepareReading(settings) {
  const { readIn } = await import('./read-in.js');
  readingLink = (paper) => readIn(paper, settings());
  for (const { paper, row } of early.splice(0)) offerReading(paper, row);
}

/**
 * @param {Paper} paper
 * @param {HTMLElement} row of links
 */
function offerReading(paper, row) {
  if (!readingLink) early.push({ paper, row });
  row.append(readingLink?.(paper) ?? '');
}

/** @param {string[]} authors */
function authorLine(authors) {
  const shown = authors.slice(0, SHOWN_AUTHORS).join(', ');
  const more = authors.length - SHOWN_AUTHORS;
  return more > 0 ? text('popupAuthorsMore', shown, more.toLocaleString()) : shown;
}
