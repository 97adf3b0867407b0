/**
 * What the background does, as a list: every event it listens to and who answers it.
 *
 * Listeners are registered at the top level, because both browsers stop this page when it is idle and
 * start it again for the next event.
 */

import { browser } from '../browser.js';
import { TO_BACKGROUND, TO_PAGE, TRANSLATION_PORT } from '../messages.js';
import { load, watch } from '../settings.js';
import { BackendClient, BackendError } from './backend-client.js';
import { markSeen, onBadgeAlarm, scheduleBadge } from './badge.js';
import { testConnection, toStatus } from './connection-test.js';
import { correctPaper } from './corrections.js';
import { fetchEdition, fetchLists } from './daily.js';
import { createMenus, onMenuClicked, tellPage } from './menus.js';
import { askForTerms } from './paper-terms.js';
import { searchPapers } from './search.js';
import { SessionCache } from './session-cache.js';
import { TranslationScheduler } from './translation-scheduler.js';

const cache = new SessionCache();
const scheduler = new TranslationScheduler(cache);

/** @type {Record<string, (message: any) => Promise<unknown>>} */
const ANSWERS = {
  [TO_BACKGROUND.edition]: ({ day }) => fetchEdition(String(day)),
  [TO_BACKGROUND.lists]: fetchLists,
  [TO_BACKGROUND.search]: searchPapers,
  [TO_BACKGROUND.status]: async () => toStatus(await new BackendClient(await load()).status()),
  [TO_BACKGROUND.model]: async () => toStatus(await new BackendClient(await load()).status())?.model,
  [TO_BACKGROUND.testConnection]: ({ connection }) => testConnection(connection),
  [TO_BACKGROUND.openOptions]: () => browser.runtime.openOptionsPage(),
  [TO_BACKGROUND.seen]: ({ ids }) => markSeen(ids),
  [TO_BACKGROUND.paperTerms]: askForTerms,
  [TO_BACKGROUND.correctPaper]: correctPaper,
};

/** What a content script may ask: it shares its process with the page and is trusted with less than our own pages. */
const FOR_PAGES = new Set([TO_BACKGROUND.openOptions, TO_BACKGROUND.model, TO_BACKGROUND.paperTerms]);

browser.runtime.onInstalled.addListener(({ reason }) => {
  void createMenus();
  void scheduleBadge();
  if (reason === 'install') void browser.runtime.openOptionsPage();
});

browser.runtime.onStartup.addListener(() => {
  void createMenus();
  void scheduleBadge();
});

browser.runtime.onConnect.addListener((port) => {
  if (port.name === TRANSLATION_PORT) scheduler.connect(port);
});

browser.runtime.onMessage.addListener((message, sender, respond) => {
  const answer = ANSWERS[message?.type];
  const allowed = sender.url?.startsWith(browser.runtime.getURL('')) || FOR_PAGES.has(message?.type);
  if (!answer || sender.id !== browser.runtime.id || !allowed) return false;
  answer(message).then(
    (value) => respond({ value: value ?? null }),
    (error) => respond({ problem: error instanceof BackendError ? error.problem : { type: 'unknown' } }),
  );
  return true; // answered later
});

// Firefox for Android has neither menus nor commands.
browser.contextMenus?.onClicked.addListener(onMenuClicked);

browser.commands?.onCommand.addListener(async (command, tab) => {
  const tabId = tab?.id ?? (await browser.tabs.query({ active: true, currentWindow: true }))[0]?.id;
  if (tabId === undefined) return;
  if (command === 'toggle-translation') await tellPage(tabId, { type: TO_PAGE.toggle });
  if (command === 'cycle-display') await tellPage(tabId, { type: TO_PAGE.cycleDisplay });
});

browser.alarms.onAlarm.addListener(onBadgeAlarm);

watch(() => {
  void scheduleBadge();
  scheduler.release();
});
