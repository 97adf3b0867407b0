/** The view of saved papers: a list of titles, each leading to our page of the paper in the page's language. */

import { remove, savedPapers } from './saved-papers.js';

/** Fills the page's list; called again after each removal. */
export function showSaved() {
  const list = /** @type {HTMLElement} */ (document.querySelector('[data-saved-list]'));
  const note = /** @type {HTMLElement} */ (document.querySelector('[data-saved-note]'));
  const saved = savedPapers();
  note.textContent = (saved.length ? note.dataset.some : note.dataset.none) ?? '';
  list.replaceChildren(...saved.map((paper) => item(paper, list.dataset.remove ?? '')));
}

/**
 * @param {import('./saved-papers.js').SavedPaper} paper
 * @param {string} word on the button that removes it
 */
function item({ id, title, lang, original }, word) {
  const element = document.createElement('li');
  const heading = document.createElement('p');
  const link = document.createElement('a');
  // Beside this page; a static copy's files have a suffix.
  link.href = `papers/${id.split('/').map(encodeURIComponent).join('/')}${document.body.dataset.suffix ?? ''}`;
  link.textContent = title || id;
  link.lang = lang;
  link.dir = 'auto';
  heading.append(link);
  element.append(heading);
  if (original) {
    const below = document.createElement('p');
    below.className = 'original-title';
    below.lang = 'en';
    below.dir = 'ltr';
    below.textContent = original;
    element.append(below);
  }
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'quiet';
  button.textContent = word;
  button.setAttribute('aria-label', `${word}: ${title || id}`);
  button.addEventListener('click', () => {
    remove(id);
    showSaved();
  });
  element.append(button);
  return element;
}
