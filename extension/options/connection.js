/** The server's address and token, the permission an address needs, and the connection test. */

import { askBackground } from '../ask-background.js';
import { browser } from '../browser.js';
import { text } from '../localize.js';
import { TO_BACKGROUND } from '../messages.js';
import { explain } from '../problems.js';
import { normalizeAddress } from '../settings.js';

/** @typedef {import('../messages.js').Problem} Problem */

const ARXIV = { origins: ['https://arxiv.org/*'] };

/** Sentences of the connection test that say more than the same problem's says in a page. */
const SENTENCES = new Map([
  ['wrong-address', 'testWrongAddress'],
  ['backend-unreachable', 'testNotRunning'],
  ['backend-silent', 'testSilent'],
  ['not-paperglot', 'testNotPaperglot'],
  ['token-missing', 'testTokenMissing'],
  ['unauthorized', 'testTokenWrong'],
  ['no-token-set', 'testNoTokenSet'],
  ['translator-not-configured', 'testNoModel'],
  ['arxiv-access-missing', 'problemArxivAccessMissing'],
  ['permission-refused', 'testPermissionRefused'],
]);

/**
 * The permission that an address needs: just its own origin. Ports cannot be part of it.
 *
 * @param {string} address
 */
function permissionFor(address) {
  const { protocol, hostname } = new URL(address);
  return { origins: [`${protocol}//${hostname}/*`] };
}

/**
 * @typedef {object} Outcome
 * @property {'good' | 'limited' | 'bad'} light
 * @property {string} sentence
 * @property {boolean} grantArxiv whether the reader can mend it by granting access to arxiv.org
 * @property {string} usage today's tokens in words, or ''
 */

/** @typedef {{ backendUrl: string, accessToken: string }} Connection as entered, saved or not */

/**
 * Tests what is entered. Must be called in a click: it may ask for a permission.
 *
 * @param {Connection} connection
 * @returns {Promise<Outcome>}
 */
export async function test(connection) {
  const address = normalizeAddress(connection.backendUrl);
  if (!address) return outcome({ light: 'bad', problem: { type: 'wrong-address' } }, connection.backendUrl);
  // Nothing may be awaited before this: Firefox takes only requests made directly in a click.
  const permission = permissionFor(address);
  const granted = await browser.permissions.request(permission).catch(() => browser.permissions.contains(permission));
  if (!granted) return outcome({ light: 'bad', problem: { type: 'permission-refused' } }, address);
  return look(connection);
}

/**
 * The same without asking the reader for anything.
 *
 * @param {Connection} connection
 * @returns {Promise<Outcome>}
 */
export async function look(connection) {
  const { value, problem } = await askBackground({ type: TO_BACKGROUND.testConnection, connection });
  return outcome(value ?? { light: 'bad', problem }, normalizeAddress(connection.backendUrl) ?? '');
}

/**
 * @param {{ light: Outcome['light'], problem?: Problem, model?: string, tokens?: { used: number, left: number | null } }} diagnosis
 * @param {string} address
 * @returns {Outcome}
 */
function outcome({ light, problem, model, tokens }, address) {
  let sentence;
  if (!problem) {
    sentence = text('testGood', model || '?');
  } else if (SENTENCES.has(problem.type)) {
    sentence = text(/** @type {string} */ (SENTENCES.get(problem.type)), address);
  } else {
    const { key, values } = explain(problem, { address });
    sentence = text(key, ...values);
  }
  const used = tokens?.used.toLocaleString() ?? '0';
  const usage = !tokens ? ''
    : tokens.left === null ? text('optionsUsage', used) : text('optionsUsageLeft', used, tokens.left.toLocaleString());
  return { light, sentence, usage, grantArxiv: problem?.type === 'arxiv-access-missing' };
}

/** Asks for access to arxiv.org; must be called in a click. @returns {Promise<boolean>} */
export function grantArxiv() {
  return browser.permissions.request(ARXIV);
}
