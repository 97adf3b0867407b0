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
