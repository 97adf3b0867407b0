/** The owner's page: asks for the numbers, with the token where one is needed, and again while somebody looks. */

import { part, show, text, time } from './owner-view.js';
import { keepToken, token } from './server.js';

const AGAIN_MS = 30_000;

const state = part(document, '[data-state]');
const notice = part(document, '[data-notice]');
const form = /** @type {HTMLFormElement} */ (part(document, '[data-token]'));
const overview = part(document, '[data-overview]');
const forget = part(document, '[data-forget]');
let timer = 0;
let shownAt = '';

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('token'));
  keepToken(field.value.trim());
  field.value = '';
  void refresh();
});

forget.addEventListener('click', () => {
  keepToken('');
  location.reload();
});

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh();
});

void refresh();

async function refresh() {
  clearTimeout(timer);
  const sent = token();
  /** @type {Response | null} */
  const answer = await fetch('/api/v1/owner', {
    headers: { Accept: 'application/json', ...(sent ? { Authorization: `Bearer ${sent}` } : {}) },
    cache: 'no-store',
  }).catch(() => null);
  if (answer?.status === 401) {
    await askForToken(sent);
    return;
  }
  const seen = answer?.ok ? await answer.json().catch(() => null) : null;
  if (seen) {
    shownAt = time(seen.now);
    form.hidden = true;
    forget.hidden = !sent;
    overview.hidden = false;
    show(seen);
    notice.hidden = !seen.model.key_refused;
    notice.textContent = seen.model.key_refused ? text('key_refused') : '';
    say(text('as_of', { time: shownAt, version: seen.version }));
  } else say(shownAt ? text('offline', { time: shownAt }) : text('offline_first'));
  if (document.visibilityState === 'visible') timer = window.setTimeout(() => void refresh(), AGAIN_MS);
}

/** @param {string} wrong what was sent and is none of the server's tokens; '' when nothing was */
async function askForToken(wrong) {
  const status = await fetch('/api/v1/status', { cache: 'no-store' }).then((answer) => answer.json()).catch(() => null);
  if (token() === wrong) keepToken('');
  overview.hidden = true;
  notice.hidden = true;
  const helps = status?.token?.required !== false;
  form.hidden = !helps;
  say(text(!helps ? 'no_token' : wrong ? 'token_wrong' : 'token_needed'));
}

/** @param {string} words said by screen readers too, so only when they are new */
function say(words) {
  if (state.textContent !== words) state.textContent = words;
}
