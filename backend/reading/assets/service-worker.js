/**
 * Pages that were read, and the last days, without a network. The network is always asked first; a kept page says so
 * in words, with the time at which it was kept. `/` leads to the language the reader chose.
 */

/**
 * The parts of ServiceWorkerGlobalScope used here: its types and a page's exclude each other.
 *
 * @typedef {Event & { waitUntil(promise: Promise<unknown>): void }} Lasting
 * @typedef {Lasting & { request: Request, respondWith(response: Promise<Response>): void }} Fetching
 * @typedef {Lasting & { data: { type: string, pages: string[], files: string[] } }} Telling
 */

const worker = /** @type {EventTarget & { skipWaiting(): Promise<void>, clients: { claim(): Promise<void> } }} */ (
  /** @type {unknown} */ (globalThis)
);

const PAGES = 'paperglot-pages';
const FILES = 'paperglot-files';
const CHOICE = 'paperglot-choice';
const MOST_PAGES = 60;
const MOST_FILES = 40;
const KEPT_AT = 'x-kept-at';
const PATIENCE = 10_000; // ms for a network that is there but does not answer, where a page is kept
const READABLE = /^\/[A-Za-z-]+\/(?:latest|\d{4}-\d{2}-\d{2}|days|saved|papers\/.+)$/;

worker.addEventListener('install', (event) => {
  /** @type {Lasting} */ (event).waitUntil(worker.skipWaiting());
});

worker.addEventListener('activate', (event) => {
  /** @type {Lasting} */ (event).waitUntil(worker.clients.claim());
});

worker.addEventListener('message', (event) => {
  const { data: { type, pages, files } } = /** @type {Telling} */ (event);
  if (type === 'keep') /** @type {Lasting} */ (event).waitUntil(keep(pages, files));
});

worker.addEventListener('fetch', (event) => {
  const fetching = /** @type {Fetching} */ (event);
  const { request } = fetching;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== location.origin) return;
  if (pathname.startsWith('/assets/')) fetching.respondWith(file(request));
  else if (request.mode !== 'navigate') return;
  else if (pathname === '/') fetching.respondWith(home(request));
  else if (READABLE.test(pathname)) fetching.respondWith(page(request, fetching));
});

/** @param {Request} request @returns {Promise<Response>} the newest list in the chosen language */
async function home(request) {
  const chosen = await (await caches.open(CHOICE)).match('/choice-of-language');
  if (chosen) return Response.redirect(`/${encodeURIComponent(await chosen.text())}/latest`, 303);
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(PAGES)).keys();
    const list = kept.map(({ url }) => new URL(url).pathname).findLast((path) => path.endsWith('/latest'));
    if (list) return Response.redirect(list, 303);
    throw error;
  }
}

/** @param {Request} request @returns {Promise<Response>} a file; its address names its content */
async function file(request) {
  const cache = await caches.open(FILES);
  const known = await cache.match(request);
  if (known) return known;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    await forget(cache, MOST_FILES);
  }
  return answer;
}

/**
 * @param {Request} request
 * @param {Lasting} event
 * @returns {Promise<Response>} from the network; what is kept where that fails
 */
async function page(request, event) {
  const kept = await (await caches.open(PAGES)).match(request.url.split('#')[0], { ignoreVary: true });
  try {
    const answer = await (kept ? inTime(fetch(request)) : fetch(request));
    if (answer.ok && answer.type === 'basic') event.waitUntil(put(new URL(request.url).pathname, answer.clone()));
    // A proxy whose server is away, or the server without its database.
    return kept && answer.status >= 502 ? toldAsKept(kept) : answer;
  } catch (error) {
    if (kept) return toldAsKept(kept);
    throw error;
  }
}

/** @param {Promise<Response>} answer */
function inTime(answer) {
  return Promise.race([answer, new Promise((_, reject) => {
    setTimeout(() => reject(new Error('the server is silent')), PATIENCE);
  })]);
}

/**
 * A kept page with the sentence that says so. The server wrote that sentence, hidden, in the page's own language.
 *
 * @param {Response} kept
 */
async function toldAsKept(kept) {
  const at = kept.headers.get(KEPT_AT) ?? '';
  const html = await kept.text();
  const language = /<html lang="([A-Za-z-]+)"/.exec(html)?.[1] ?? 'en';
  const words = new Date(at).toLocaleString(language, { dateStyle: 'long', timeStyle: 'short' });
  const told = html.replace(/(<p class="kept" id="kept" role="status") hidden/, '$1')
    .replace('<span id="kept-at"></span>', `<time id="kept-at" datetime="${at}">${words}</time>`);
  return new Response(told, { headers: kept.headers });
}

/**
 * Keeps pages and the files they load; one that is kept already is not asked for again here.
 *
 * @param {string[]} pages
 * @param {string[]} files
 */
async function keep(pages, files) {
  const [pageCache, fileCache] = [await caches.open(PAGES), await caches.open(FILES)];
  for (const path of files) if (!await fileCache.match(path)) await file(new Request(path));
  for (const path of pages) {
    if (!READABLE.test(path) || await pageCache.match(path, { ignoreVary: true })) continue;
    const answer = await fetch(path);
    if (answer.ok && !answer.redirected) await put(path, answer);
  }
}

/**
 * @param {string} path
 * @param {Response} answer
 */
async function put(path, answer) {
  const headers = new Headers(answer.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  headers.delete('content-encoding');
  headers.delete('content-length');
  const cache = await caches.open(PAGES);
  await cache.delete(path, { ignoreVary: true }); // so that it is the newest again
  await cache.put(path, new Response(await answer.blob(), { headers }));
  await forget(cache, MOST_PAGES);
}

/**
 * @param {Cache} cache
 * @param {number} most entries; older ones go
 */
async function forget(cache, most) {
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - most)).map((key) => cache.delete(key)));
}
