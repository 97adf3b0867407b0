/** The context menu on arXiv's pages. */

import { browser } from '../browser.js';
import { text } from '../localize.js';
import { TO_PAGE } from '../messages.js';

/** Where the content script runs; the same patterns as in the manifest. */
const PAGES = browser.runtime.getManifest().content_scripts?.[0].matches;
const PAGE_ITEM = 'translate-page';
const SELECTION_ITEM = 'translate-selection';

/** Creates the entries, where there are menus; they stay until the next call. */
export async function createMenus() {
  if (!browser.contextMenus) return;
  await browser.contextMenus.removeAll();
  browser.contextMenus.create({
    id: PAGE_ITEM, title: text('menuTogglePage'), contexts: ['page'], documentUrlPatterns: PAGES,
  });
  browser.contextMenus.create({
    id: SELECTION_ITEM, title: text('menuTranslateSelection'), contexts: ['selection'], documentUrlPatterns: PAGES,
  });
}

/**
 * Passes a click on to the page it was made in.
 *
 * @param {chrome.contextMenus.OnClickData} info
 * @param {chrome.tabs.Tab} [tab]
 */
export function onMenuClicked(info, tab) {
  const type = info.menuItemId === SELECTION_ITEM ? TO_PAGE.translateSelection : TO_PAGE.toggle;
  if (tab?.id !== undefined) void tellPage(tab.id, { type });
}

/**
 * A message to a tab's content script; tabs without one are left alone.
 *
 * @param {number} tabId
 * @param {{ type: string }} message
 */
export async function tellPage(tabId, message) {
  try {
    await browser.tabs.sendMessage(tabId, message);
  } catch {
    // no page of arXiv's in that tab, or one from before the extension was installed
  }
}
