/** What a page asks the server for: what a reader may do, translations as they are written, a corrected wording. */

const TOKEN = 'paperglot.token';
const MAX_PENDING = 1024 * 1024; // characters of one event

/** @typedef {{ type: string, detail: string }} Problem an RFC 9457 problem; `detail` is only ever shown as text */
/** @typedef {{ name: string, data: any }} StreamEvent */

/** What the server did not do; `detail` says why. */
export class ServerError extends Error {
  /** @param {Problem} problem */
  constructor({ type, detail }) {
    super(detail);
    this.type = type;
  }
}

/** @returns {string} the access token that was entered in this tab, or '' */
export function token() {
  try {
    return sessionStorage.getItem(TOKEN) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} entered */
export function keepToken(entered) {
  try {
    if (entered) sessionStorage.setItem(TOKEN, entered);
    else sessionStorage.removeItem(TOKEN);
  } catch {
    // Refused by the browser: the token has to be entered on each page.
  }
}

/**
 * @typedef {object} Permission
 * @property {boolean} configured whether the server has a model
 * @property {boolean} allowed whether this reader may ask it
 * @property {boolean} token whether an access token would help
 * @property {string} reason in words, in English
 */

/** @returns {Promise<Permission>} */
export async function permission() {
  const { translator, token: needed } = await (await ask('/api/v1/status')).json();
  return {
    configured: translator?.configured === true,
    allowed: translator?.allowed === true,
    token: needed?.required === true,
    reason: String(translator?.reason ?? ''),
  };
}

/**
 * @param {string[]} ids of papers
 * @param {string} lang
 * @param {AbortSignal} signal
 * @param {boolean} [retry] ask for another translation of what is translated
 * @returns {AsyncGenerator<StreamEvent>} `queue`, `delta`, `restart`, `segment`, `problem`, …, `done`
 */
export async function* translations(ids, lang, signal, retry = false) {
  const body = JSON.stringify({ lang, ids, ...(retry ? { retry } : {}) });
  const answer = await ask('/api/v1/papers/translations', { method: 'POST', body, signal, accept: 'text/event-stream' });
  if (!answer.body) return;
  const decoder = new TextDecoder();
  const reader = answer.body.getReader();
  let pending = '';
  for (;;) {
    const { value, done } = await reader.read();
    pending += decoder.decode(value, { stream: !done });
    const blocks = pending.split('\n\n');
    pending = blocks.pop() ?? '';
    if (pending.length > MAX_PENDING) throw new ServerError({ type: 'bad-answer', detail: '' });
    for (const block of blocks) {
      const name = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (name && data) yield { name, data: JSON.parse(data) };
    }
    if (done) return;
  }
}

/**
 * @param {string} id of a paper
 * @param {{ lang: string, title?: string, abstract?: string }} wording the parts that changed
 * @returns {Promise<{ kept: boolean, verified: boolean }[]>} what became of each
 */
export async function correct(id, wording) {
  const address = `/api/v1/papers/${id.split('/').map(encodeURIComponent).join('/')}/translation`;
  return Object.values(await (await ask(address, { method: 'PUT', body: JSON.stringify(wording) })).json());
}

/**
 * @param {string} address
 * @param {{ method?: string, body?: string, signal?: AbortSignal, accept?: string }} [options]
 * @returns {Promise<Response>} throws ServerError for what the server refuses
 */
async function ask(address, { method = 'GET', body, signal, accept = 'application/json' } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: accept };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (token()) headers.Authorization = `Bearer ${token()}`;
  const answer = await fetch(address, { method, body, signal, headers, cache: 'no-store' });
  if (answer.ok) return answer;
  const problem = await answer.json().catch(() => ({}));
  throw new ServerError({ type: String(problem.type ?? '').split('/').pop() ?? '', detail: String(problem.detail ?? answer.statusText) });
}
