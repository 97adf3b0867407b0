/** What a reading page gains with JavaScript: keys, saved papers, a kept choice of language, days to read offline. */

import { listen } from './keyboard.js';
import { followChoice, keepChoice } from './language-choice.js';
import { keepForLater } from './keeping.js';
import { showButtons } from './saved-papers.js';

followChoice();
keepChoice();
showButtons();
listen();
void keepForLater();

if (document.querySelector('[data-saved-list]')) {
  const { showSaved } = await import('./saved-view.js');
  showSaved();
}

for (const form of document.querySelectorAll('form[data-translate]')) {
  const { offerTranslation } = await import('./translating.js');
  void offerTranslation(/** @type {HTMLFormElement} */ (form));
}

const copied = document.querySelector('[data-copied-search]');
if (copied instanceof HTMLFormElement) {
  const { searchCopy } = await import('./copied-search.js');
  void searchCopy(copied);
}

const correction = document.querySelector('#correction');
if (correction instanceof HTMLDialogElement) {
  const { offerCorrection } = await import('./correcting.js');
  void offerCorrection(correction);
}
