/** Has the service worker keep this page and the last days, to be read without a network. */

const DAYS = 4;
const LIST = /^\/[A-Za-z-]+\/(?:latest|\d{4}-\d{2}-\d{2})$/;

export async function keepForLater() {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/sw.js');
    const { active } = await navigator.serviceWorker.ready;
    if (!document.getElementById('kept')?.hidden) return; // a kept page is kept
    const files = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
      .filter((path) => path.startsWith('/assets/'));
    active?.postMessage({ type: 'keep', pages: [location.pathname, ...await days()], files });
  } catch {
    // A private window, or a browser that was told not to: the page is read all the same.
  }
}

/** @returns {Promise<string[]>} the stored days before this one, if this is a list and data are not to be spared */
async function days() {
  const connection = /** @type {{ saveData?: boolean } | undefined} */ (Reflect.get(navigator, 'connection'));
  if (!LIST.test(location.pathname) || connection?.saveData) return [];
  const answer = await fetch(`/api/v1/daily?limit=${DAYS}`);
  if (!answer.ok) return [];
  const { editions } = await answer.json();
  return editions.map((/** @type {{ date: string }} */ { date }) => `/${document.body.dataset.language}/${date}`);
}
