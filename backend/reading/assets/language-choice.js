/** A reader's choice of language: a link of the language menu makes it, `/` follows it. Kept in this browser only. */

import { read, write } from './browser-storage.js';

/** Cache that the service worker reads the choice from: it has no localStorage. */
const CACHE = 'paperglot-choice';
const KEY = '/choice-of-language';

/** Remembers the language whose link in a menu is followed. */
export function keepChoice() {
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('.language-list a[hreflang]') : null;
    const language = link?.getAttribute('hreflang');
    if (!language) return;
    write('language', language);
    if ('caches' in window) void caches.open(CACHE).then((cache) => cache.put(KEY, new Response(language)));
  });
}

/**
 * Goes to the chosen language when `/` led here by the browser's own languages. Where a service worker answers
 * `/`, it has done so already.
 */
export function followChoice() {
  const [navigation] = performance.getEntriesByType('navigation');
  const redirects = navigation instanceof PerformanceNavigationTiming ? navigation.redirectCount : 0;
  const chosen = read('language');
  const { language } = document.body.dataset;
  if (redirects && typeof chosen === 'string' && chosen !== language && location.pathname === `/${language}/latest`) {
    location.replace(`/${encodeURIComponent(chosen)}/latest`);
  }
}
