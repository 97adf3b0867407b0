/** The popup's first lines on an arXiv page: that page's switch, and its translated title. */

import { browser } from '../browser.js';
import { direction } from '../languages.js';
import { text } from '../localize.js';
import { TO_PAGE } from '../messages.js';

/** @typedef {import('../messages.js').PageState} PageState */

const ARXIV = { origins: ['https://arxiv.org/*'] };

/** @param {string} selector @returns {HTMLElement} */
const part = (selector) => /** @type {HTMLElement} */ (document.querySelector(selector));

/** Finds out whether the tab behind the popup is one of ours, and shows what can be done with it. */
export async function showPageSection() {
  const section = part('[data-section="page"]');
  const box = /** @type {HTMLInputElement} */ (part('[data-action="toggle-page"]'));
  part('[data-page-label]').textContent = text('popupTranslatePage');
  if (!(await browser.permissions.contains(ARXIV))) {
    const grant = part('[data-action="grant-arxiv"]');
    grant.hidden = false;
    grant.addEventListener('click', async () => {
      if (await browser.permissions.request(ARXIV)) note('popupReloadPage');
    });
    note('problemArxivAccessMissing');
    part('.switch').hidden = true;
    section.hidden = false;
    return;
  }
  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  if (tab?.id === undefined) return;
  const { id } = tab;
  /** @param {string} type @returns {Promise<PageState | null>} */
  const ask = async (type) => {
    try {
      return await browser.tabs.sendMessage(id, { type });
    } catch {
      return null; // no content script there
    }
  };
  /** @param {PageState} state */
  const show = ({ on, title, lang }) => {
    section.hidden = false;
    box.checked = on;
    const line = part('[data-page-title]');
    line.hidden = !title;
    line.textContent = title;
    line.lang = lang;
    line.dir = direction(lang);
  };
  const state = await ask(TO_PAGE.state);
  if (state) {
    show(state);
    box.addEventListener('change', async () => {
      const now = await ask(TO_PAGE.toggle);
      if (now) show(now);
    });
  } else if (/^https:\/\/arxiv\.org\/(?:abs|list|catchup|search|a)\b/.test(tab.url ?? '')) {
    // Opened before the extension was there.
    section.hidden = false;
    part('.switch').hidden = true;
    note('popupReloadPage');
  }
}

/** @param {string} key */
function note(key) {
  const line = part('[data-page-note]');
  line.hidden = false;
  part('[data-page-note] > span').textContent = text(key);
}
