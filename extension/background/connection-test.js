/** Answers the question behind "Test the connection": what stands between the reader and a translation. */

import { browser } from '../browser.js';
import { normalizeAddress } from '../settings.js';
import { BackendClient, BackendError } from './backend-client.js';

/** @typedef {import('../messages.js').Problem} Problem */

/**
 * @typedef {object} Diagnosis
 * @property {'good' | 'limited' | 'bad'} light good: everything works; limited: lists only, or not on arXiv
 * @property {Problem} [problem]
 * @property {string} [model]
 * @property {string} [version]
 * @property {{ used: number, left: number | null }} [tokens] today's
 */

/**
 * @param {{ backendUrl: string, accessToken: string }} connection as entered, saved or not
 * @returns {Promise<Diagnosis>}
 */
export async function testConnection({ backendUrl, accessToken }) {
  const address = normalizeAddress(backendUrl);
  if (!address) return { light: 'bad', problem: { type: 'wrong-address' } };
  let status;
  try {
    status = toStatus(await new BackendClient({ backendUrl: address, accessToken }).status());
  } catch (error) {
    const problem = error instanceof BackendError ? error.problem : { type: 'backend-unreachable' };
    // Whatever answers 404 or HTML to the status question is a server, but not ours.
    if (problem.type === 'not-found' || problem.type === 'bad-answer') problem.type = 'not-paperglot';
    return { light: 'bad', problem };
  }
  if (!status) return { light: 'bad', problem: { type: 'not-paperglot' } };
  const { version, model, tokens } = status;
  if (status.tokenNeeded && !status.tokenGood) {
    return { light: 'bad', version, problem: { type: accessToken ? 'unauthorized' : 'token-missing' } };
  }
  if (!status.tokenNeeded && !status.allowed) return { light: 'limited', version, problem: { type: 'no-token-set' } };
  if (!status.configured) {
    return { light: 'limited', version, problem: { type: 'translator-not-configured' } };
  }
  if (!(await browser.permissions.contains({ origins: ['https://arxiv.org/*'] }))) {
    return { light: 'limited', version, model, tokens, problem: { type: 'arxiv-access-missing' } };
  }
  return { light: 'good', version, model, tokens };
}

/**
 * @param {any} answer of `/api/v1/status`
 */
export function toStatus(answer) {
  if (typeof answer?.version !== 'string' || typeof answer.translator?.configured !== 'boolean') return null;
  const { translator, token = {}, budget = {} } = answer;
  /** @param {unknown} value */
  const number = (value) => (typeof value === 'number' ? value : null);
  return {
    version: answer.version.slice(0, 40),
    configured: translator.configured,
    allowed: translator.allowed !== false,
    model: typeof translator.model === 'string' ? translator.model.slice(0, 100) : '',
    tokenNeeded: token?.required === true,
    tokenGood: token?.valid === true,
    tokens: { used: number(budget?.used) ?? 0, left: number(budget?.left) },
  };
}
