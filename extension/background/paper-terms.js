/** A paper's own terms: asked of the backend, of whose answer only what is expected is passed on. */

import { load } from '../settings.js';
import { BackendClient, BackendError } from './backend-client.js';

/** @typedef {import('../messages.js').PaperTerm} PaperTerm */
/** @typedef {import('../messages.js').PaperTermsAnswer} PaperTermsAnswer */
/** @typedef {import('../messages.js').TermsQuestion} TermsQuestion */

/** More than a paper has: forty that were drawn, the built-in ones, and what readers changed. */
const MAX_TERMS = 400;
const MAX_CHARACTERS = 200;
const ORIGINS = ['reader', 'termbase', 'model'];

/**
 * Shows a paper's terms; draws or changes some before, when the question says so.
 *
 * @param {TermsQuestion} question
 * @returns {Promise<PaperTermsAnswer>}
 */
export async function askForTerms({ id, lang, draw, change, takeBack }) {
  const client = new BackendClient(await load());
  const [name, language] = [String(id), String(lang)];
  if (draw) return toTerms(await client.paperTerms(name, language, { method: 'POST', body: draw }));
  if (change) return toTerms(await client.paperTerms(name, language, { method: 'PUT', body: change }));
  if (takeBack) return toTerms(await client.paperTerms(name, language, { method: 'DELETE', body: takeBack }));
  return toTerms(await client.paperTerms(name, language));
}

/** @param {any} answer @returns {PaperTermsAnswer} */
function toTerms(answer) {
  if (!Array.isArray(answer?.terms)) throw new BackendError({ type: 'bad-answer' });
  const tokens = answer.price?.tokens;
  return {
    terms: answer.terms.filter(isTerm).slice(0, MAX_TERMS)
      .map((/** @type {PaperTerm} */ { source, target, origin }) => ({ source, target, origin })),
    drawn: answer.drawn === true,
    tokens: Number.isFinite(tokens) && tokens > 0 ? tokens : 0,
  };
}

/** @param {any} term */
function isTerm(term) {
  return ORIGINS.includes(term?.origin) && [term.source, term.target].every((words) =>
    typeof words === 'string' && words.length > 0 && words.length <= MAX_CHARACTERS);
}
